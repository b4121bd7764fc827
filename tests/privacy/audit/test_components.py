"""What components can tell of one another, and accomplices where there is no network."""

from itertools import combinations

import pytest

from privacy.audit import accomplices
from privacy.audit.figures import Figure, Stay, System, Variable, exact, people, small, withheld
from privacy.audit.run import Verdict, audit, bounds
from privacy.rules import Rules
from tests.privacy.audit.systems import NOW

ONCE = Stay(0, 0)
A, B = Variable("a", ("a0", "a1")), Variable("b", ("b0", "b1"))


def test_components_share_how_many_there_are() -> None:
    """Where the size is open, one question's exact figures fix it for another, of which one figure is withheld."""
    items = (
        Figure("a", "a0", people(a="a0"), NOW, exact(30), 10),
        Figure("a", "a1", people(a="a1"), NOW, exact(27), 10),
        Figure("b", "b0", people(b="b0"), NOW, exact(50), 10),
        Figure("b", "b1", people(b="b1"), NOW, small(10), 10),
    )
    asked = Figure("asked", "", people(b="b1"), NOW, withheld(), 10)

    assert bounds(System((A, B), {ONCE: (0, 90)}, items), asked) == (7, 7)
    assert bounds(System((A, B), {ONCE: (0, 90)}, items[1:]), asked) == (0, 9)


@pytest.mark.parametrize("every", [3_000, 0], ids=["all coalitions", "of one kind"])
@pytest.mark.parametrize(("s", "verdicts"), [(0, set()), (4, {Verdict.KNOWN})])
def test_accomplices_where_there_is_no_network(
    monkeypatch: pytest.MonkeyPatch, every: int, s: int, verdicts: set[Verdict]
) -> None:
    """Small pairs that overlap in a ring are in doubt for strangers, and not for who knows four of six people."""
    monkeypatch.setattr(accomplices, "EVERY", every)
    variable = Variable("v", ("0", "1", "2"))
    pairs = [frozenset(pair) for pair in combinations("012", 2)]
    items = tuple(Figure("t", "".join(sorted(pair)), people(v=pair), NOW, small(10), 10) for pair in pairs)

    found = audit(System((variable,), {ONCE: (6, 6)}, items, rules=Rules(t=10, s=s))).found

    assert {each.verdict for each in found} == verdicts
