"""Consultations that people already have as XLSForm workbooks: read, mapped to our model, and accounted for.

Bytes go in, a tree of values comes out with the row and column of each, and a report in which every row and every
column of the form stands once if it was not taken over. Nothing here opens a file; whoever hands over a stranger's
bytes does it in a process of its own, with bounds of time and memory.
"""
