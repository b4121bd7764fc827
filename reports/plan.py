"""Which parts a summary has, decided from what the candidate allows and from nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from privacy.candidate import AskedQuestion, Candidate


class Part(StrEnum):
    """A part of a summary, in words of the candidate."""

    ABOUT = "about"
    QUESTIONS_ONLY = "questions_only"
    SAID = "said"
    OWN_WORDS = "own_words"
    WHO = "who"
    LIMITS = "limits"
    READING = "reading"
    METHOD = "method"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Plan:
    """Parts in order, and which questions are told in figures or in their givers' words."""

    parts: tuple[Part, ...]
    figures: tuple[AskedQuestion, ...]
    words: tuple[AskedQuestion, ...]


FULL = (Part.ABOUT, Part.SAID, Part.OWN_WORDS, Part.WHO, Part.LIMITS, Part.READING, Part.METHOD, Part.ORIGIN)
NARRATIVE = (Part.ABOUT, Part.QUESTIONS_ONLY, Part.LIMITS, Part.METHOD, Part.ORIGIN)
"""Where too few answered: no part in which a figure could stand."""


def plan_of(candidate: Candidate) -> Plan:
    """The plan of a candidate's summary."""
    asked = candidate.subject.questions
    figures = tuple(question for question in asked if question.kind != "text")
    words = tuple(question for question in asked if question.kind == "text")
    parts = NARRATIVE if candidate.respondents is None else FULL
    return Plan(tuple(part for part in parts if words or part is not Part.OWN_WORDS), figures, words)
