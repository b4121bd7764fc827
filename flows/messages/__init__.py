"""What translators are given and what they bring back: units of text, PO files, and what is wrong with either.

A unit is one text in one language with all that whoever translates it has to know. Units come from a consultation or
from a catalogue of the interface, and both go the same way out and in. Bytes and values only: no file is opened here,
no workbook is read (`flows.xlsform` does that), and nothing that a translator writes is taken over by guessing.
"""
