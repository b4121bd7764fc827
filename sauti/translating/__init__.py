"""What can be translated, and where it is kept: a consultation's own file, or a catalogue of the interface.

Both are opened here for `sauti messages`, which treats them alike. Files are read and written here, whole or not at
all; what a text is, what is wrong with one and what a signature covers is decided in `flows` and `rounds`.
"""
