"""The staff bot: what whoever runs a round can see and do from a phone, with a token and a process of its own.

It moves rounds through their life (`rounds.moving`), which takes the database and no secret. Answers, drafts, mailbag,
boxes, keys and the engine are out of its reach, by imports and by the grants of its database role. To whoever is not
linked it says nothing at all, and what it says to staff would tell a stranger who finds the phone next to nothing.
"""
