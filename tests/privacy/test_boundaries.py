"""Every number that is promised, tried on both of its sides: one person fewer, and one person more."""

from functools import reduce
from operator import add
from pathlib import Path

import pytest

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Skipped, Stance, Voted
from flows.model import Sensitivity
from privacy.bundles import verify
from privacy.candidate import Candidate, candidate
from privacy.control import protect, protect_cross
from privacy.planned import Unplannable
from privacy.raw import raw_tables
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Limit, Most, RawTable, Refusal, SafeTable, Shape, Shown, Small
from privacy.tally import Layout, Tally
from storage.envelope.bundle import Control
from tests.privacy import synthetic
from tests.privacy.test_annex import exact
from tests.privacy.test_control import CODES, OPEN, SEED, cells, choices, table
from tests.privacy.test_crossing import crossed
from tests.privacy.test_tabulate import ASKED, PLAN, tally_of

NARROW = ((15, 15, 15, 10), (12, 11, 11, 11))
"""A hundred people; three inner cells, for which thirty people each would be ninety."""


def told(tally: Tally, folder: Path, control: Control | None = None) -> Candidate:
    """The candidate of a tally under PLAN, in a round that recorded `control`."""
    made = synthetic.make_bundle(folder, ASKED, [synthetic.people(1)[0].records(ASKED)], planned=PLAN)
    manifest = verify(made.path).manifest
    manifest = manifest.model_copy(update={"control": control or manifest.control})
    return candidate(tally, ASKED, manifest, ledger_head="0" * 64, seed=SEED).candidate


def scale(*counts: int) -> RawTable:
    """A scale of so many points that everybody answered."""
    codes = (*map(str, range(1, len(counts) + 1)), NO_ANSWER)
    people = sum(counts)
    return RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, codes, (*counts, 0), people, people, points=True
    )  # fmt: skip


KINDS: dict[str, tuple[str, str, tuple[Answer, Answer, Answer]]] = {
    "one choice": ("region", "east", (Chosen(("east",)), Chosen(("north",)), Chosen(("south",)))),
    "several choices": ("needs", "aid", (Chosen(("aid",)), Chosen(("early",)), Chosen(("courts",)))),
    "a scale": ("trust", "5", (Rated(5), Rated(1), Rated(2))),
    "first of a ranking": (
        "first", "aid", (Ranked(("aid", "early")), Ranked(("early", "courts")), Ranked(("courts", "early"))),
    ),
    "a number in bands": ("age", "old", (Banded("old"), Banded("young"), Banded("middle"))),
    "a vote": ("vote", "disagree", (Voted(Stance.DISAGREE), Voted(Stance.AGREE), Voted(Stance.PASS))),
}  # fmt: skip
"""Question, code, and the answers of few, of many and of as many others."""


def answered(kind: str, few: int) -> SafeTable:
    """The table of a question to which `few` people gave one answer, as it comes of what they sealed."""
    name, _, (rare, often, other) = KINDS[kind]
    answers = [rare] * few + [often] * 62 + [other] * 62 + [Skipped()] * 40
    tally = tally_of([synthetic.Person({name: answer}) for answer in answers])
    (raw,) = (each for each in raw_tables(tally, ASKED, OPEN, PLAN) if each.id == name)
    return protect(raw, OPEN, SEED)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_passes_the_same_door(kind: str) -> None:
    """Of whatever kind a question is, an answer of fourteen is small and one of fifteen is told. Proves: R1."""
    code = KINDS[kind][1]
    found = [
        next(row.cell for row in answered(kind, few).rows if row.code == code) for few in (14, 15)
    ]  # fmt: skip

    assert found[0] == Small(below=15)
    assert isinstance(found[1], Shown)
    assert found[1].count == 15


@pytest.mark.parametrize(("people", "enough"), [(10, False), (19, False), (20, True)])
def test_twenty_people_are_the_first_of_whom_a_figure_is_told(tmp_path: Path, people: int, enough: bool) -> None:
    """With nineteen a round has words only; the twentieth brings its total and its tables. Proves: R1."""
    found = told(tally_of(synthetic.people(people)), tmp_path)

    assert found.respondents == (Shown(count=20) if enough else None)
    assert bool(found.tables) is bool(found.form) is enough
    assert [cross.refusal for cross in found.crosses] == ([Limit.FEW] * 2 if enough else [])


def test_a_round_of_a_million_is_told_like_any_other(tmp_path: Path) -> None:
    """Counts add up to a million people, and each figure lies within two of its count, as for a hundred. Proves: R1."""
    thousand = tally_of(synthetic.people(1_000))
    tally = reduce(add, [thousand] * 999, tally_of(synthetic.people(1_000, seed=2)))
    counted = {each.id: each for each in raw_tables(tally, ASKED, OPEN, PLAN)}

    found = told(tally, tmp_path)

    assert found.respondents == Shown(count=1_000_000)
    shown = 0
    for each in found.tables:
        raw = counted[each.id]
        for row in each.rows:
            if isinstance(row.cell, Shown):
                shown += 1
                count = raw.counts[raw.codes.index(row.code)]
                assert row.cell.count % 5 == 0
                assert abs(row.cell.count - count) <= 2
    assert shown > 30
    assert all(cross.cells for cross in found.crosses)


def test_a_round_is_told_under_what_it_recorded(tmp_path: Path) -> None:
    """A round whose codes are single-use counts nobody as hostile; what it recorded decides each table. Proves: R1."""
    tally = tally_of(synthetic.people(200))

    found = [told(tally, tmp_path, Control(t=10, s=s)) for s in (0, 5)]

    assert [each.rules.threshold for each in found] == [10, 15]
    assert [each.rules.threshold_sensitive for each in found] == [20, 25]
    for each, below in zip(found, (10, 15), strict=True):
        small = {row.cell.below for table in each.tables for row in table.rows if isinstance(row.cell, Small)}
        assert small <= {below, below + 10}
        assert below in small


@pytest.mark.parametrize(("one_less", "refusal"), [(1, Limit.FEW), (0, None)], ids=["99", "100"])
def test_a_hundred_people_are_the_first_with_a_cross(one_less: int, refusal: Limit | None) -> None:
    """Three cells would be enough for ninety; below a hundred there is no cross of any size. Proves: R1."""
    (first, *others), *rows = NARROW

    found = protect_cross(crossed(((first - one_less, *others), *rows)), Rules.of_round(10, 0), SEED)

    assert found.refusal == refusal
    assert bool(found.cells) is (refusal is None)


@pytest.mark.parametrize(("people", "told_by_place"), [(359, False), (360, True)])
def test_a_ranking_by_place_needs_thirty_people_for_each_figure(people: int, told_by_place: bool) -> None:
    """Four choices in three places are twelve figures: 360 people, and not one fewer. Proves: R1."""
    places = ((70, 50, 40), (50, 60, 45), (45, 40, 60), (35, 30, 30))
    plain = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c", "d", NO_ANSWER), (70, 50, 45, 35, people - 200),
        people, 200, places=places,
    )  # fmt: skip

    found = protect(plain, CODES, SEED)

    assert bool(found.places) is told_by_place
    assert isinstance(found.rows[0].cell, Shown)


@pytest.mark.parametrize(("place", "told_by_place"), [(9, False), (10, True)])
def test_no_place_of_a_ranking_holds_fewer_than_a_table_shows(place: int, told_by_place: bool) -> None:
    """Ten people who put a choice third are told, nine take all places away. Proves: R1."""
    places = ((70, 50, 40), (50, 60, 45), (45, 40, 60), (35, 30, place))
    plain = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c", "d", NO_ANSWER), (70, 50, 45, 35, 200),
        400, 200, places=places,
    )  # fmt: skip

    assert bool(protect(plain, CODES, SEED).places) is told_by_place


def test_a_mean_is_of_fifty_displayed_people_at_least() -> None:
    """Three points of fifteen have no mean though each of them is shown; with twenty in one of them there is one.

    Proves: R1
    """
    few, enough = (protect(scale(*counts), CODES, SEED) for counts in ((15, 15, 15), (20, 15, 15)))

    assert [row.cell for row in few.rows[:3]] == [Shown(count=15)] * 3
    assert (few.mean, enough.mean) == (None, 1.9)


@pytest.mark.parametrize("people", range(50, 56))
def test_a_share_is_of_displayed_figures_only(people: int) -> None:
    """Neither the count nor the whole behind a share can be had from it: it is the displayed by the displayed.

    Proves: R1
    """
    safe = protect(table((32, people - 32, 0)), CODES, SEED)

    assert safe.asked is not None
    for cell in cells(safe)[:2]:
        assert isinstance(cell, Shown)
        assert cell.percent == int(100 * cell.count / safe.asked.count + 0.5)


@pytest.mark.parametrize(("row", "percent"), [(47, None), (48, 40)], ids=["shown as 45", "shown as 50"])
def test_shares_of_a_group_hang_on_its_displayed_size(row: int, percent: int | None) -> None:
    """Whether a group has shares says no more of its size than the size that stands beside them. Proves: R1."""
    world = ((63, 41, 20), (row - 26, 13, 13), (20, 30, 20))

    first = protect_cross(crossed(world), CODES, SEED).cells[1][0]

    assert first == Shown(count=20, percent=percent)


@pytest.mark.parametrize(("rest", "exact_count"), [(14, False), (15, True)])
def test_a_choice_is_told_where_fifteen_did_not_make_it(rest: int, exact_count: bool) -> None:
    """The complement has the threshold of the count: who did not pick a choice is as many, or it is not told.

    Proves: R1
    """
    found = cells(protect(choices((100 - rest, 60, 40), answered=100, silent=40), OPEN, SEED))[0]

    assert isinstance(found, Shown) is exact_count
    assert isinstance(found, Most) is not exact_count


@pytest.mark.parametrize(
    ("below", "at"),
    [
        (table((7, 7, 0)), table((8, 7, 0))),
        (table((14, 60)), table((15, 60))),
        (table((80, 70, 40), left_out=14), table((80, 70, 40), left_out=15)),
        (table((100, 24, 40), Sensitivity.EXPERIENCE), table((100, 25, 40), Sensitivity.EXPERIENCE)),
        (table((100, 24, 40), Sensitivity.ARMED_ACTOR), table((100, 25, 40), Sensitivity.ARMED_ACTOR)),
        (table((100, 14, 40), Sensitivity.IDENTITY), table((100, 15, 40), Sensitivity.IDENTITY)),
    ],
    ids=["asked", "answered", "left out", "agree on harm", "agree on armed actors", "agree on identity"],
)
def test_a_group_is_withheld_whole_below_its_threshold_and_not_at_it(below: RawTable, at: RawTable) -> None:
    """One person fewer and nothing is told of a group; with her, some of it is. Proves: R1."""
    assert protect(below, OPEN, SEED) == SafeTable(id="q", refusal=Refusal.PROTECTED)
    assert protect(at, OPEN, SEED).rows


@pytest.mark.parametrize(("s", "least"), [(0, 5), (5, 10)])
def test_exact_figures_begin_at_five_and_those_who_may_be_hostile(s: int, least: int) -> None:
    """A closed annex hides counts below t of its own plus s. Proves: R1."""
    grid = exact(((least - 1, 40), (least, 40)), "AB", "mf", Rules(s=s))

    found = grid.primary()

    assert found["cell", "A", "m"] == Small(below=least)
    assert found["cell", "B", "m"] == Shown(count=least)


@pytest.mark.parametrize("names", [("region", "trust", "age"), ("region", "trust", "age", "vote")])
def test_no_table_is_of_three_questions(names: tuple[str, ...]) -> None:
    """A plan that crosses three questions has no cell anywhere: it is refused by its place. Proves: R1."""
    with pytest.raises(Unplannable) as refusal:
        Layout(ASKED, [["region", "trust"], names])
    assert refusal.value.number == 2
