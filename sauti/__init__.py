"""The command line: composes processes out of the rooms, imports lazily, decides nothing.

Every command reads its arguments and settings here, calls one room and prints what came back; rules live in the
rooms. Nothing heavy is imported before a command needs it, so that `sauti --help` is quick and a process never
holds a library, or a secret, that its work does not need.
"""
