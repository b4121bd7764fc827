"""A round released again, as a whole: who came and who left between its releases, and what that forbids."""

from dataclasses import replace
from typing import Any

import pytest

from flows.model import Sensitivity
from privacy.audit.figures import Stay
from privacy.candidate import Candidate
from privacy.certificate import Certificate
from privacy.errors import ReleaseRefused
from privacy.gate import check_certificate
from privacy.release import Release
from privacy.schemes import Schemes
from privacy.signing import sign
from privacy.succession import check_succession, joined, left, patterns, people_of, rows
from privacy.tables import Head, RawCross, RawTable, SafeCross, Shape, Shown
from tests.privacy.released import AUTHOR, as_release, sample


def candidate(**fields: Any) -> Candidate:  # noqa: ANN401 - any field of a candidate
    """The sample, of 120 people with T = 15, in which something may be changed."""
    return sample()[0].model_copy(update=fields)


def snapshot(*, taken_open: bool) -> Candidate:
    """The sample, as if the round were open still, or closed."""
    return candidate(method=candidate().method.model_copy(update={"snapshot": taken_open, "bundle_root": "ab" * 32}))


def earlier(number: int = 1, since: tuple[int, ...] = ()) -> Release:
    """A release of the sample whose certificate tells of these people."""
    told = check_certificate(candidate()).model_copy(update={"since": since, "people": sum(since) or 120})
    return as_release(candidate(certificate=sign(AUTHOR, told)), number)


def test_patterns_follow_from_the_rows_of_certificates() -> None:
    """Who stood when is told by how many of each release are still there, without anybody's id."""
    sizes = patterns(((100,), (80, 60), (70, 50, 30)))

    assert sizes == {
        Stay(0, 0): (20, 20), Stay(0, 1): (10, 10), Stay(1, 1): (10, 10),
        Stay(0, 2): (70, 70), Stay(1, 2): (50, 50), Stay(2, 2): (30, 30),
    }  # fmt: skip
    assert (joined(sizes, 0, 2), joined(sizes, 1, 2), joined(sizes, 0, 1)) == (80, 30, 60)
    assert (left(sizes, 0, 2), left(sizes, 1, 2), left(sizes, 0, 1)) == (30, 20, 20)
    assert patterns(((0,),)) == {Stay(0, 0): (0, 0)}


@pytest.mark.parametrize(
    ("now", "code"),
    [((120,), "earlier-bundle"), ((130, 0), "other-people"), ((100, 30), None)],
    ids=["not told", "more than there were", "twenty left"],
)
def test_a_row_speaks_of_every_release_and_contradicts_none(now: tuple[int, ...], code: str | None) -> None:
    """A certificate that leaves a release out, or has more of its people than it had, is refused. Proves: R4."""
    if code is None:
        assert rows((earlier(),), now) == ((120,), now)
        return
    with pytest.raises(ReleaseRefused, match=code):
        rows((earlier(),), now)
    assert people_of(check_certificate(earlier(since=(90, 30)).candidate)) == (90, 30)


@pytest.mark.parametrize(
    ("since", "taken_open", "code"),
    [
        ((120, 0), True, None),
        ((120, 14), False, "few-joined"),
        ((120, 15), False, None),
        ((120, 15), True, "few-new"),
        ((120, 49), True, "few-new"),
        ((120, 50), True, None),
        ((119, 80), False, "few-left"),
        ((106, 80), False, "few-left"),
        ((105, 80), False, None),
    ],
)
def test_none_or_many_come_and_go(since: tuple[int, ...], *, taken_open: bool, code: str | None) -> None:
    """Between two releases none or at least T came, none or at least T left, and to an open round came fifty.

    Proves: R4, D3
    """
    if code is None:
        assert check_succession(snapshot(taken_open=taken_open), (earlier(),), since)
        return
    with pytest.raises(ReleaseRefused, match=rf"{code} \(release 1\)"):
        check_succession(snapshot(taken_open=taken_open), (earlier(),), since)


def test_every_earlier_release_counts() -> None:
    """Seven who left with the second release and eight with the third are many for the first, few for the second."""
    line = (earlier(), earlier(2, (113, 60)))

    with pytest.raises(ReleaseRefused, match=r"few-left \(release 1\)"):
        check_succession(snapshot(taken_open=False), line, (113, 60, 60))
    with pytest.raises(ReleaseRefused, match=r"few-left \(release 2\)"):
        check_succession(snapshot(taken_open=False), line, (105, 60, 60))


def test_a_round_keeps_form_key_and_thresholds() -> None:
    """A second release of another form, key, server or other thresholds is not one of this round. Proves: R4."""
    given = candidate()
    for other in (
        {"subject": given.subject.model_copy(update={"hash": "ab" * 32})},
        {"method": given.method.model_copy(update={"key_id": "ab" * 8})},
        {"method": given.method.model_copy(update={"server_key": "ab" * 32})},
        {"rules": given.rules.model_copy(update={"threshold": 20})},
    ):
        with pytest.raises(ReleaseRefused, match=r"other-round \(release 1\)"):
            check_succession(candidate(**other), (earlier(),), (120, 60))


def crossed(*names: str) -> dict[str, tuple[SafeCross, ...]]:
    """Crosses that show something."""
    by, question = "region", "trust"
    one = SafeCross(id="x", by=by, question=question, cells=((),))
    return {"crosses": tuple(one.model_copy(update={"id": name}) for name in names)}


def test_the_crosses_of_a_round_are_three_in_all_its_releases() -> None:
    """A fourth pair of questions is refused, in whichever release it comes. Proves: R1, R4."""
    before = earlier()
    two = before.model_copy(update={"candidate": before.candidate.model_copy(update=crossed("a", "b"))})

    assert check_succession(candidate(**crossed("b", "c")), (two,), (120, 60))
    with pytest.raises(ReleaseRefused, match="too-many-tables"):
        check_succession(candidate(**crossed("c", "d")), (two,), (120, 60))


def test_tables_by_opinion_group_count_among_the_three() -> None:
    """Two crosses and two tables by group are four, whatever their kind. Proves: R1, R4."""
    both = crossed("a", "b")["crosses"]
    groups = tuple(
        SafeCross(id=f"opinion_groups*{name}", by="opinion_groups", question=name, cells=((),)) for name in "vw"
    )

    assert check_succession(candidate(crosses=(*both, groups[0])), (), (120,))
    with pytest.raises(ReleaseRefused, match="too-many-tables"):
        check_succession(candidate(crosses=(*both, *groups)), (), (120,))


def test_opinion_groups_are_published_once() -> None:
    """Groups that were found among other people are others: the second release leaves them out."""
    before = earlier()
    groups = {"crosses": (SafeCross(id="g*vote", by="opinion_groups", question="vote", cells=((),)),)}
    with_groups = before.model_copy(update={"candidate": before.candidate.model_copy(update=groups)})
    again = snapshot(taken_open=False).model_copy(update=groups)

    assert check_succession(candidate(**groups), (with_groups,), (120, 0))
    with pytest.raises(ReleaseRefused, match=r"other-groups \(g\*vote\)"):
        check_succession(again, (with_groups,), (120, 60))


def test_a_cross_keeps_the_categories_it_was_published_in() -> None:
    """A cross begins with as many merges as it had; one that was not published, or withheld, begins with none."""
    codes = ("a", "b", "c")
    side = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, (40, 40, 40), 120, 120)
    raw = RawCross("q*r", side, replace(side, id="r", merged=1), codes, codes, ((40,) * 3,) * 3, 360)
    heads = tuple(Head(code=code, total=Shown(count=60)) for code in ("a", "bc"))
    shown = SafeCross(id="q*r", by="q", question="r", rows=heads, columns=heads, cells=((Shown(count=30),) * 2,) * 2)

    merged = [
        Schemes([([], [each])]).kept_cross(raw).merged for each in (shown, shown.model_copy(update={"cells": ()}))
    ]

    assert merged == [1, 0]
    assert Schemes([]).kept(side).merged == 0


def test_a_certificate_of_a_first_release_is_written_as_before() -> None:
    """What was signed before a round could be released again still holds, byte for byte."""
    certificate = check_certificate(candidate())

    assert "since" not in certificate.model_dump(mode="json")
    assert b"since" not in certificate.signed
    more = certificate.model_copy(update={"since": (120, 50)})
    assert Certificate.model_validate_json(more.model_dump_json()) == more
