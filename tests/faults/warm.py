"""Imported last by the process that children are forked from: what stands there by now is never garbage.

A bot looks through all its objects once when it starts (bot.participant.app). A child need not look through those that
it shares with its parent, which would copy every page of them and take most of its start.
"""

import gc

gc.collect()
gc.freeze()
