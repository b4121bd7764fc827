"""Two things to subtract from each other, let through by a door that was broken by hand: the last audit still refuses.

Every wall before it stands or falls by itself elsewhere; here one is taken away, and what comes out is judged as a
candidate that somebody wants to sign for.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows.answers import Answer, Banded, Chosen, Rated
from privacy import control, succession
from privacy.audit.run import Finding
from privacy.audit.targets import Reason
from privacy.errors import Unsafe
from privacy.gate import Author, certify, findings
from privacy.tabulate import Tabulated, tabulate
from tests.privacy import synthetic
from tests.privacy.released import ASKED, AUTHOR, certified, published, silent

NOBODY = Author("who counts", AUTHOR)


def counted(folder: Path, people: Sequence[synthetic.Person], *planned: tuple[str, str]) -> Tabulated:
    """A round of these people, counted."""
    made = synthetic.make_bundle(folder, ASKED, [each.records(ASKED) for each in people], planned=planned)
    return tabulate(made.path, made.private_key, folder / "ledger.jsonl", silent, workers=1)


def found_in(made: Tabulated) -> tuple[Finding, ...]:
    """What the desk finds before anybody signs."""
    found = findings(made.again(()).candidate, made.releases, made.known)
    assert found is not None
    return found


def displaced(number: int, others: int) -> list[synthetic.Person]:
    """People who left their homes and were asked whether they would return; and others who were not asked that."""
    answers: list[dict[str, Answer]] = [
        {"displaced": Chosen(("yes",)), "returned": Chosen((("yes", "no")[place % 2],))} for place in range(number)
    ]
    return [synthetic.Person(each) for each in answers + [{"displaced": Chosen(("no",))}] * others]


def test_everybody_less_those_behind_a_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question put to all but four, beside one put to all, is refused though the door lets it by. Proves: R2."""
    made = counted(tmp_path, displaced(196, 4))
    assert found_in(made) == ()

    monkeypatch.setattr(control._Desk, "group_is_small", lambda _desk: False)

    assert {each.table for each in found_in(made)} & {"returned", "displaced"}


def uneven(number: int) -> list[synthetic.Person]:
    """People of whom few live in one region, are old, or trust: in crosses of these many cells are small."""
    dice = random.Random(4)
    return [
        synthetic.Person({
            "region": Chosen((dice.choices(("north", "south", "east"), (6, 5, 2))[0],)),
            "age": Banded(dice.choices(("young", "middle", "old"), (6, 5, 2))[0]),
            "trust": Rated(dice.choices((1, 2, 3, 4, 5), (6, 5, 4, 2, 1))[0]),
        })
        for _ in range(number)
    ]  # fmt: skip


def test_one_answer_by_two_disaggregations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust by region and by age, in which nothing is withheld but what is small, gives cells away. Proves: R2."""
    made = counted(tmp_path, uneven(450), ("region", "trust"), ("age", "trust"))
    assert found_in(made) == ()

    monkeypatch.setattr(control, "settled", lambda _judge, primary, _lots: primary)

    assert {each.table for each in found_in(made)} & {"region*trust", "age*trust"}


def test_a_second_release_after_three_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ledger's rule about the whole is taken away, each figure is still named that few joined.

    Where that is taken away as well, the audit names the difference of what both releases tell. Proves: R2, R4
    """
    people = [each.records(ASKED) for each in synthetic.people(300, seed=1)]
    made = synthetic.make_bundle(tmp_path, ASKED, people)
    ledger = tmp_path / "ledger.jsonl"
    published(ledger, certified(tabulate(made.path, made.private_key, ledger, silent, workers=1)))
    later = synthetic.go_on(made, ASKED, [each.records(ASKED) for each in synthetic.people(3, seed=2)])
    again = tabulate(later, made.private_key, ledger, silent, workers=1, earlier=(made.path,))
    monkeypatch.setattr(succession, "joined", lambda *_given: 0)

    with pytest.raises(Unsafe, match="joined"):
        certify(again.made.candidate, again.releases, again.known, NOBODY)

    monkeypatch.setattr("privacy.gate.moved", lambda *_given: ())
    monkeypatch.setattr("privacy.gate.with_rule", lambda everything: everything)
    assert Reason.JOINED in {each.reason for each in found_in(again)}
