"""What must not stand in prose: numbers that no table shows, number words beside words for people, and names (R6).

The lists beside this module are drafts until a native speaker has signed them. A language without a list is refused
digits and names all the same; that its number words were not looked at is said to whoever writes.
"""

from reports.prose.linter import LANGUAGES, Piece, lint

__all__ = ["LANGUAGES", "Piece", "lint"]
