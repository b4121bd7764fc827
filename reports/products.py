"""Which documents there are: for each, its parts in order, its annex, and how long it may be.

All of them are made of the same parts over the same tables, so that no product can say what another may not.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from unicodedata import category

from reports import texts
from reports.document import Document, Limit, phrases
from reports.errors import DocumentRefused
from reports.narrative import Process, ProductName


class Part(StrEnum):
    """A part of a product."""

    OPENING = "opening"
    FOREWORD = "foreword"
    DID = "did"
    SAID = "said"
    TABLES = "tables"
    FACTORS = "factors"
    ASKS = "asks"
    ABSENT = "absent"
    CARE = "care"
    THANKS = "thanks"
    NEXT = "next"
    GROUPS = "groups"
    METHOD = "method"
    WHO = "who"
    READING = "reading"
    ORIGIN = "origin"


NO_LIMIT = Limit()


@dataclass(frozen=True, slots=True)
class Plan:
    """One product."""

    name: ProductName
    subtitle: texts.Message
    parts: tuple[Part, ...]
    annex: tuple[Part, ...] = ()
    limit: Limit = NO_LIMIT
    joint_limit: Limit | None = None
    numbered: bool = False
    briefing: bool = True
    """Goes to others than those who were asked, and therefore after what goes to them (R9)."""
    most_figures: int = 2
    """Tables in the body where the narrative names none."""


METHOD = (Part.METHOD, Part.WHO, Part.READING, Part.ORIGIN)
PBC_WORDS, PBC_PAGES = 900, 2
"""Practice of civil society briefers before the Peacebuilding Commission: a note of two pages."""
UPR_WORDS, UPR_JOINT_WORDS = 2_815, 5_630
"""OHCHR, information and guidelines for stakeholders' written submissions; notes and annexes are not counted."""

PLANS = {
    plan.name: plan
    for plan in (
        Plan(
            ProductName.PBC, texts.BRIEFING,
            (Part.OPENING, Part.DID, Part.SAID, Part.ASKS, Part.ABSENT, Part.CARE), (Part.GROUPS, *METHOD),
            Limit(PBC_WORDS, PBC_PAGES),
        ),
        Plan(
            ProductName.REFORM, texts.REFORM_NOTE,
            (Part.OPENING, Part.FOREWORD, Part.DID, Part.SAID, Part.ASKS, Part.ABSENT, Part.CARE), METHOD,
            Limit(PBC_WORDS, PBC_PAGES),
        ),
        Plan(
            ProductName.UPR, texts.SUBMISSION,
            (Part.OPENING, Part.FOREWORD, Part.DID, Part.SAID, Part.ASKS, Part.ABSENT, Part.CARE), METHOD,
            Limit(UPR_WORDS), Limit(UPR_JOINT_WORDS), numbered=True, most_figures=4,
        ),
        Plan(
            ProductName.WARNING, texts.WARNING_NOTE,
            (Part.OPENING, Part.FOREWORD, Part.DID, Part.SAID, Part.FACTORS, Part.ASKS, Part.ABSENT, Part.CARE), METHOD,
            most_figures=0,
        ),
        Plan(
            ProductName.COMMUNITY, texts.FEEDBACK,
            (Part.THANKS, Part.SAID, Part.NEXT, Part.ABSENT), METHOD, briefing=False, most_figures=0,
        ),
        Plan(
            ProductName.DATA, texts.DATA, (Part.OPENING, Part.DID, Part.CARE, Part.TABLES, Part.ABSENT), METHOD,
            briefing=False,
        ),
    )
}  # fmt: skip
"""Every product but the plain summary, which `reports.assemble` makes."""

PROCESSES = {
    Process.UN80: (texts.UN80, texts.UN80_WHY),
    Process.PEACEBUILDING_REVIEW: (texts.PEACEBUILDING_REVIEW, texts.PEACEBUILDING_REVIEW_WHY),
    Process.HUMANITARIAN_RESET: (texts.HUMANITARIAN_RESET, texts.HUMANITARIAN_RESET_WHY),
    Process.PEACE_OPERATIONS: (texts.PEACE_OPERATIONS, texts.PEACE_OPERATIONS_WHY),
}
"""Reform process → its name, and what participants speak to in it."""

LETTERS_A_WORD = {"zh": 1.5, "my": 2.3}
"""Languages that do not part words by spaces → letters with which they say what English says with a word. Measured over
our own catalogues, which say the same in each language; a test measures it again."""


def word_count(document: Document) -> int:
    """Words before the annex, titles and tables included, as a word processor counts them.

    Where words are not parted, as many as a text in English of this length would have.
    """
    said = (document.title.text, document.subtitle, *phrases(document.sections))
    letters = LETTERS_A_WORD.get(document.language)
    parts = (part for text in said for part in text.split())
    return ceil(sum(_words(part, letters) for part in parts) if letters else sum(1 for _ in parts))


def _words(part: str, letters_a_word: float) -> float:
    """How many words stand between two spaces, where more than one may."""
    letters = sum(category(sign) == "Lo" for sign in part)
    return letters / letters_a_word if letters else 1


def check_length(document: Document) -> None:
    """Raises DocumentRefused where a document has more words than it may; pages are the typesetter's to count."""
    most = document.limit.words
    words = word_count(document)
    if most is not None and words > most:
        remedy = f"{words} words stand before the annex and {most} may; shorten the narrative or name fewer figures"
        raise DocumentRefused("too-many-words", remedy)
