"""The linter's rules: each a small function from a consultation to flaws, gathered in the table of flows.linter.

Rules about people belong here as much as rules about references: a consultation that demands an answer is as broken
as one that cannot be walked through. Nothing here reads files or knows lines; a flaw names its place by path.
"""
