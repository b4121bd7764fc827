"""Q8 and Q9: nobody can be found by what she said about herself, and nothing is asked that the chat cannot carry."""

from bisect import bisect_right
from collections.abc import Iterator

from flows.checks.walk import Flaw, options, questions
from flows.model import Band, Consultation, DisaggregationRole, Number, Question, Sensitivity, ShortText
from flows.shadow import shadow
from flows.wordlists import known, wordlist

MAX_VARIABLES = 6
ADULT = 18
SCHEME = (18, 25, 35, 50, 65)
"""First years of the age scheme; a band is at least as wide as the band of the scheme in which it begins."""


def variables(consultation: Consultation) -> Iterator[Flaw]:
    """Six variables at most: together, more would point at single people."""
    seen: set[DisaggregationRole] = set()
    for path, item in questions(consultation):
        if item.disaggregation is None or item.disaggregation in seen:
            continue
        seen.add(item.disaggregation)
        if len(seen) > MAX_VARIABLES:
            message = f"More than {MAX_VARIABLES} variables: together they would point at single people."
            yield Flaw((*path, "disaggregation"), message, "Leave out what no decision depends on.")


def adults(consultation: Consultation) -> Iterator[Flaw]:
    """No age band reaches below 18: children are not consulted here, and not counted."""
    for path, item in questions(consultation):
        if isinstance(item, Number) and item.disaggregation is DisaggregationRole.AGE and item.bands[0].low < ADULT:
            message = "This age band reaches below 18. Children are not asked here."
            yield Flaw((*path, "bands", 0, "low"), message, "Begin the first band at 18.")


def bands(consultation: Consultation) -> Iterator[Flaw]:
    """No age band is narrower than the scheme's 18-24, 25-34, 35-49, 50-64 and 65 or over."""
    for path, item in questions(consultation):
        if not isinstance(item, Number) or item.disaggregation is not DisaggregationRole.AGE:
            continue
        for number, band in enumerate(item.bands):
            if _narrow(band):
                message = "This age band is narrower than 18-24, 25-34, 35-49, 50-64, 65 or over."
                yield Flaw((*path, "bands", number), message, "Make it wider: narrow bands point at single people.")


def places(consultation: Consultation) -> Iterator[Flaw]:
    """No place finer than the first administrative level."""
    for path, item in questions(consultation):
        if item.disaggregation is not DisaggregationRole.PLACE:
            continue
        below = [((*path, "text"), item.text), *(((*path, *at, "text"), option.text) for at, option in options(item))]
        for where, text in below:
            for language, words in text.root.items():
                if _holds(words, language, "finer"):
                    message = "This names places finer than the first administrative level: it points at few people."
                    yield Flaw((*where, language), message, "Offer regions of the first level only.")


def identity_in_words(consultation: Consultation) -> Iterator[Flaw]:
    """Ethnicity, tribe or religion is never asked in free words: it alone can be deadly, and words cannot be banded."""
    for path, item in questions(consultation):
        if not isinstance(item, ShortText):
            continue
        asks = any(_holds(words, language, "group") for language, words in item.text.root.items())
        if asks or item.sensitivity is Sensitivity.IDENTITY or item.disaggregation is DisaggregationRole.GROUP:
            message = f"'{item.id}' asks in free words who somebody is: ethnicity, tribe or religion."
            yield Flaw((*path, "text"), message, "Leave it out, or offer broad groups that the community agreed to.")


def exposed(consultation: Consultation) -> Iterator[Flaw]:
    """Own experience, group and armed actors are not asked where Telegram can read it (Q9)."""
    for path, item in questions(consultation):
        if item.exposed:
            message = f"'{item.id}' asks for own experience, group or armed actors, and Telegram can read this chat."
            remedy = "Leave it out, or let the deployment record give the reason under `exceptions: {Q9: …}`."
            yield Flaw((*path, _tag(item)), message, remedy)


def _tag(item: Question) -> str:
    return "sensitivity" if item.sensitivity is not Sensitivity.OPINION else "disaggregation"


def _narrow(band: Band) -> bool:
    place = bisect_right(SCHEME, band.low) - 1
    if place < 0:
        return False
    if place == len(SCHEME) - 1:
        return band.high is not None or band.low > SCHEME[-1]
    return band.high is not None and band.high - band.low + 1 < SCHEME[place + 1] - SCHEME[place]


def _holds(text: str, language: str, kind: str) -> bool:
    listed = known(language)
    return listed is not None and wordlist(listed).patterns[kind].holds(shadow(text))
