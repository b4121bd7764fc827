"""What a conversation is and what happens next in it: pure decisions, nothing else.

Here live the frozen model of a consultation, its loader and linter, and the step function
`(consultation, session, event, now) → (session, effects)`. Telegram, clocks, disks, databases and randomness
must never appear here: every rule that keeps a participant safe can then be tried on millions of invented
conversations, and the simulator, the preview and the live bot are provably the same conversation.
"""
