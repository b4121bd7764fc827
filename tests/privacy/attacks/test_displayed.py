"""A candidate that displays something otherwise than by the rules it names: what is not rounded is not taken for it.

Its author signs for all of it, and for an audit over the very same figures. Nobody needs a count to refuse it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from privacy.audit.run import fingerprint
from privacy.candidate import Candidate
from privacy.certificate import digest
from privacy.displayed import check_displayed
from privacy.errors import ReleaseRefused
from privacy.gate import Author, certify, check, check_certificate, published
from privacy.release import Snapshot
from privacy.signing import sign
from privacy.tables import Head, Most, Places, Row, SafeCross, SafeTable, Shown, Small
from tests.privacy.released import AUTHOR, sample

FEW, MANY = Small(below=15), Shown(count=60, percent=50)
HALVES = (Head(code="north", total=MANY), Head(code="south", total=MANY))
CROSS = SafeCross(
    id="region*displaced", by="region", question="displaced", asked=Shown(count=120), rows=HALVES,
    columns=(Head(code="yes", total=MANY), Head(code="no", total=MANY)),
    cells=((Shown(count=30, percent=50), Shown(count=30, percent=50)), (Shown(count=35, percent=58), FEW)),
)  # fmt: skip
"""Displayed as it should be, whatever the audit thinks of it."""


def candidate() -> Candidate:
    """The sample: 120 people, `s` = 5."""
    return sample()[0]


def table(name: str, **fields: Any) -> Candidate:  # noqa: ANN401 - any field of a table
    """The sample with other words in one table."""
    tables = tuple(
        each.model_copy(update=fields) if each.id == name else each for each in candidate().tables
    )  # fmt: skip
    return candidate().model_copy(update={"tables": tables})


def region(cell: Shown | Small | Most) -> Candidate:
    """The sample with another display for one region."""
    first, *others = candidate().table("region").rows
    return table("region", rows=(first.model_copy(update={"cell": cell}), *others))


def trust(mean: float | None, *counts: int) -> Candidate:
    """The sample with a scale of which every point is shown."""
    rows = [
        Row(code=str(point), cell=Shown(count=count, percent=(200 * count + 120) // 240))
        for point, count in enumerate(counts, 1)
    ]
    return table("trust", rows=tuple(rows), mean=mean)


def crossed(**fields: Any) -> Candidate:  # noqa: ANN401 - any field of a cross
    """The sample with a cross."""
    return candidate().model_copy(update={"crosses": (CROSS.model_copy(update=fields),)})


def form(**fields: Any) -> Candidate:  # noqa: ANN401 - any field of what the form tells of a question
    """The sample with another first question."""
    first, *others = candidate().form
    return candidate().model_copy(update={"form": (first.model_copy(update=fields), *others)})


def placed(points: int, *counts: int) -> Candidate:
    """The sample with one option of a ranking told by place."""
    return table("first", places=(Places(code="early", counts=counts, points=points),))


RIGHT: dict[str, Candidate] = {
    "the sample": candidate(),
    "a cross": crossed(),
    "a cross without shares": crossed(
        rows=tuple(Head(code=head.code, total=FEW) for head in HALVES), cells=((Shown(count=30), FEW),) * 2
    ),
    "a mean": trust(2.7, 30, 30, 20, 25, 15),
    "places": placed(75, 30, 15),
}
WRONG: dict[str, Candidate] = {
    "an exact count": region(Shown(count=71, percent=59)),
    "a share of an exact count": region(Shown(count=70, percent=59)),
    "no share": region(Shown(count=70)),
    "a small count": region(Shown(count=10, percent=8)),
    "more than everybody": region(Shown(count=10**30, percent=(2 * 10**32 + 120) // 240)),
    "fewer than another number": region(Small(below=8)),
    "an odd bound": region(Most(least=71)),
    "a small bound": region(Most(least=10)),
    "exactly how many were asked": table("region", asked=Shown(count=121)),
    "how many were asked of what is withheld": table("region", rows=()),
    "an exact mean": trust(2.71, 30, 30, 20, 25, 15),
    "no number for a mean": trust(float("nan"), 30, 30, 20, 25, 15),
    "a mean of what has no points": table("region", mean=1.4),
    "an exact place": placed(77, 31, 15),
    "other points": placed(76, 30, 15),
    "a threshold of its own": form(threshold=3),
    "exactly how many took part": candidate().model_copy(update={"respondents": Shown(count=121)}),
    "too few for figures": candidate().model_copy(update={"respondents": Shown(count=15)}),
    "more people than there are": candidate().model_copy(update={"respondents": Shown(count=10**30)}),
    "figures of nobody": candidate().model_copy(update={"respondents": None}),
    "an exact cell": crossed(cells=((Shown(count=31, percent=52), FEW), (FEW, FEW))),
    "a share of something else": crossed(cells=((Shown(count=30, percent=25), FEW), (FEW, FEW))),
    "an exact total": crossed(rows=(Head(code="north", total=Shown(count=61)), HALVES[1])),
    "a mean beside a row": crossed(rows=(HALVES[0].model_copy(update={"mean": 1.5}), HALVES[1])),
    "a line too few": crossed(cells=CROSS.cells[:1]),
    "a cell too many": crossed(cells=((FEW, FEW, FEW), (FEW, FEW))),
    "totals of what is withheld": crossed(cells=()),
    "a cross of fifty people": crossed(asked=Shown(count=50)),
}  # fmt: skip


def signed(given: Candidate) -> Candidate:
    """What its author signs for: this content, and an audit over these very figures."""
    certificate = check_certificate(candidate())
    audited = digest(None)
    if given.respondents is not None:
        audited = fingerprint(published(given, (), Snapshot(certificate.people)))
    said = certificate.model_copy(update={"candidate": given.content, "audited": audited})
    return given.model_copy(update={"certificate": sign(AUTHOR, said)})


@pytest.mark.parametrize("given", RIGHT.values(), ids=RIGHT)
def test_what_is_displayed_by_the_rules_is_left_to_the_audit(given: Candidate) -> None:
    """Nothing is refused that a desk displays as it has to. Proves: R1."""
    check_displayed(given)


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_what_is_displayed_otherwise_is_refused(given: Candidate) -> None:
    """Whatever a desk displays otherwise is refused without an audit, at the desk and at the gate. Proves: R1, R2."""
    with pytest.raises(ReleaseRefused, match="other-display"):
        check_displayed(given)


GATES: dict[str, Callable[[Candidate], object]] = {
    "desk": lambda given: certify(given, (), Snapshot(120), Author("who counts", AUTHOR)),
    "gate": lambda given: check(signed(given), candidate().method.ledger_head, ()),
}


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
@pytest.mark.parametrize("name", ["an exact count", "figures of nobody", "a threshold of its own"])
def test_a_signature_over_exact_figures_does_not_pass(name: str, gate: Callable[[Candidate], object]) -> None:
    """Exact figures look like rounded ones to an audit, and those of a round without figures see none.

    Proves: R1, R2
    """
    with pytest.raises(ReleaseRefused, match="other-display"):
        gate(WRONG[name])


def test_what_the_form_does_not_know_is_not_judged() -> None:
    """A table of no question is refused, and not with a traceback. Proves: R2."""
    unknown = SafeTable(id="weather", asked=Shown(count=120))

    with pytest.raises(ReleaseRefused, match=r"not-audited \(weather\)"):
        check_displayed(candidate().model_copy(update={"tables": (unknown,)}))


def test_how_many_people_an_audit_reckons_with_is_what_is_displayed() -> None:
    """Who signs for more people than took part would give every hidden number more room. Proves: R2."""
    more = check_certificate(candidate()).model_copy(update={"people": 160})

    with pytest.raises(ReleaseRefused, match="other-people"):
        check(
            candidate().model_copy(update={"certificate": sign(AUTHOR, more)}), candidate().method.ledger_head, ()
        )  # fmt: skip
