"""A question through rounds, for a document: which earlier rounds may stand beside this one, and how far back."""

from collections.abc import Sequence

from privacy.candidate import AskedQuestion, Candidate
from privacy.release import Release
from privacy.trends import FEWEST, Trend, Wave, same_scheme, trend, wave
from reports.errors import DocumentRefused


def earlier_rounds(candidate: Candidate, sources: Sequence[Candidate | Release]) -> tuple[Candidate, ...]:
    """Earlier rounds, the earliest first, that may stand beside this one.

    Raises DocumentRefused: `not-released` where one of them is a draft, whose figures nobody has let out; `other-kind`
    where rehearsal and live round would stand side by side; `not-earlier` where it is this round, one that ended later,
    or given twice.
    """
    rounds = [each.candidate for each in sources if isinstance(each, Release)]
    if len(rounds) < len(sources):
        raise DocumentRefused("not-released", "a trend is made of what was published: give --earlier release files")
    if any(each.rehearsal is not candidate.rehearsal for each in rounds):
        raise DocumentRefused("other-kind", "a rehearsal is compared with rehearsals, and a live round with live ones")
    later = any(each.method.until_week > candidate.method.until_week for each in rounds)
    if later or len({candidate.round, *(each.round for each in rounds)}) <= len(rounds):
        raise DocumentRefused("not-earlier", "give the release of each earlier round once, and none of this round")
    return tuple(sorted(rounds, key=lambda each: each.method.until_week))


def through(rounds: Sequence[Candidate], now: Candidate, question: AskedQuestion) -> Trend | None:
    """The question through earlier `rounds` and `now`; None where it was never told before as it is now.

    It goes back as far as it was asked in the same words and told in the same categories. A round that withheld it
    leaves a gap.
    """
    last = wave(now, question.id)
    waves: list[Wave] = []
    for each in reversed(rounds):
        if each.respondents is None or question not in each.subject.questions:
            break
        found = wave(each, question.id)
        if found.table.rows and not same_scheme(found.table, last.table):
            break
        waves.append(found)
    while waves and not waves[-1].table.rows:
        waves.pop()
    return trend((*reversed(waves), last)) if len(waves) + 1 >= FEWEST else None
