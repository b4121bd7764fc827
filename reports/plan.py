"""Which parts the plain summary has, decided from what the candidate allows; other documents: `reports.products`."""

from dataclasses import dataclass
from enum import StrEnum

from privacy.candidate import AskedQuestion, Candidate


class SummaryPart(StrEnum):
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
class SummaryPlan:
    """Parts in order, and which questions are told in figures or in their givers' words."""

    parts: tuple[SummaryPart, ...]
    figures: tuple[AskedQuestion, ...]
    words: tuple[AskedQuestion, ...]


FULL = (
    SummaryPart.ABOUT,
    SummaryPart.SAID,
    SummaryPart.OWN_WORDS,
    SummaryPart.WHO,
    SummaryPart.LIMITS,
    SummaryPart.READING,
    SummaryPart.METHOD,
    SummaryPart.ORIGIN,
)
NARRATIVE = (SummaryPart.ABOUT, SummaryPart.QUESTIONS_ONLY, SummaryPart.LIMITS, SummaryPart.METHOD, SummaryPart.ORIGIN)
"""Where too few answered: no part in which a figure could stand."""


def plan_of(candidate: Candidate) -> SummaryPlan:
    """The plan of a candidate's summary."""
    asked = candidate.subject.questions
    figures = tuple(question for question in asked if question.kind != "text")
    words = tuple(question for question in asked if question.kind == "text")
    parts = NARRATIVE if candidate.respondents is None else FULL
    return SummaryPlan(tuple(part for part in parts if words or part is not SummaryPart.OWN_WORDS), figures, words)
