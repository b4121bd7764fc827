"""A messenger's bot server on this machine, with synthetic people: for demos, tests, fuzzing and load.

Here live a strict HTTP Bot API, the world it answers from, a chat page and a control API to move the people. What must
never live here: an address outside this machine, a real person, or anything of our own bot (the simulator knows only
the public protocol; if it knew us, it would forgive us). Every call a bot makes is checked as strictly as Telegram
documents it, because a double that forgives hides the fault until a survivor meets it.
"""
