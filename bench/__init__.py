"""Peers: small bots as others write them, holding our dialogue, so that our figures stand beside something.

They follow what the documentation of their libraries teaches and are not tuned, neither up nor down. They run in an
environment of their own (`requirements/bench.txt`), store what invented people say in plaintext or not at all, and are
neither shipped nor imported by any room: nothing here may ever be pointed at a person.
"""
