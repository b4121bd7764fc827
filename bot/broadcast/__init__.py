"""The broadcaster: one process that tells those who asked for it that there are results, and ends.

Here lives how fast it may write, in what order, and what it does when the line breaks. A private key, a way to open an
entry, a chat that nobody consented to, and words of its own choosing must never be here: it is handed people who may be
written to, and has one neutral line for all of them.
"""
