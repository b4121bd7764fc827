"""The mouths of Sauti: what speaks with people on a messenger.

Here live the participant gateway and a local stand-in for the messenger's server. What must never live here: rules of
a consultation (they are pure and live in flows), SQL, or any private key; a mouth that could open an answer would be
worth stealing.
"""
