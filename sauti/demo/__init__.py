"""The whole story on one machine, with invented people: every step is the real command in its own process.

What must never live here is a short cut: no room is called in-process to do what a command does, so that what the
demo shows is what a coalition would run. Keys, passphrases and the database are made at start in a temporary
folder and go with it.
"""
