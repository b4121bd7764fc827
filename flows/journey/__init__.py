"""The rules that move a conversation: before consent, among the items, and what may lie over either.

Each is a function from a turn to a step; which one answers what stands in the engine's table and nowhere else. They
must stay total and pure, and none of them looks at the clock.
"""
