"""Who is who: the first invented people of every round, one in each language, some of whom do what others rarely do.

Their names are their own, so that whoever watches finds them in the list of the chat page.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """What somebody is there to show."""

    HIDES = "hides everything at the first question"
    UNDER_AGE = "says that she is not of age"
    WITHDRAWS = "sends, and takes it back"
    SUPPORT = "asks for support, and goes on"
    READER = "has each card read out"
    SENDS = "answers and sends"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the cast."""

    name: str
    language: str
    way: Way


CAST: Final = (
    Part("ሰላም", "am", Way.HIDES),
    Part("Zawadi", "sw", Way.UNDER_AGE),
    Part("Rosario", "es", Way.WITHDRAWS),
    Part("شکیبا", "prs", Way.SUPPORT),
    Part("Odile", "fr", Way.READER),
    Part("Grace", "en", Way.SENDS),
    Part("سلمى", "ar", Way.SENDS),
    Part("Надежда", "ru", Way.SENDS),
    Part("明月", "zh", Way.SENDS),
    Part("Соломія", "uk", Way.SENDS),
    Part("သီတာ", "my", Way.SENDS),
    Part("هێڤی", "ckb", Way.SENDS),
)
