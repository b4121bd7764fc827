"""Declared numbers of a conversation, each with a name and a reason."""

NUMBER_DIGITS = 9
"""Digits that a typed number may have: no count of people, years or children is longer, and nothing can overflow."""

SCALE_ROW = 6
"""Points of a scale that stand side by side: a thumb still finds each on a narrow screen."""

WORD_LENGTH = 40
"""Characters that a command word may have: no catalogue spells one longer."""
