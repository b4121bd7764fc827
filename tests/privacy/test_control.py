"""The one door: thresholds, display, and the attacks that work on naive output and fail on ours."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy.control import protect
from privacy.planned import MOST_CROSSES
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Most, Picks, RawTable, Refusal, SafeCell, SafeTable, Shape, Shown, Small, Withheld
from tests.privacy import referee

SEED = bytes(32)
OPEN = Rules.of_round(10, 5)
CODES = Rules.of_round(10, 0)


def table(
    counts: tuple[int, ...], sensitivity: Sensitivity = Sensitivity.OPINION, *, left_out: int | None = None
) -> RawTable:  # fmt: skip
    """A single question; the last count is of those who gave no answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    asked = sum(counts)
    return RawTable(
        "q", Shape.PARTITION, sensitivity, codes, counts, asked, answered=asked - counts[-1], left_out=left_out
    )  # fmt: skip


def choices(counts: tuple[int, ...], answered: int, silent: int = 0) -> RawTable:
    """A multiple question of whose choices anybody may pick any number."""
    codes = (*(f"c{place}" for place in range(len(counts))), NO_ANSWER)
    picks = Picks(1, len(counts), frozenset())
    return RawTable(
        "q", Shape.CHOICES, Sensitivity.OPINION, codes, (*counts, silent), answered + silent, answered, picks=picks
    )  # fmt: skip


def cells(safe: SafeTable) -> list[SafeCell]:
    """What the rows of a table show."""
    return [row.cell for row in safe.rows]


@pytest.mark.parametrize(("count", "shown"), [(15, 15), (17, 15), (18, 20), (22, 20), (23, 25), (100, 100)])
def test_figures_are_shown_to_the_nearest_five(count: int, shown: int) -> None:
    """A count of T or more is shown as the nearest multiple of five. Proves: R1."""
    assert cells(protect(table((count, 60, 60, 40)), OPEN, SEED))[0] == Shown(count=shown, percent=_share(shown, count))


def _share(shown: int, count: int) -> int:
    whole = OPEN.rounded(count + 160)
    return int(100 * shown / whole + 0.5)


@pytest.mark.parametrize("count", range(15))
def test_below_the_threshold_every_count_looks_the_same(count: int) -> None:
    """From nobody to T - 1 a cell says *fewer than T* and nothing else. Proves: R1."""
    assert cells(protect(table((count, 60, 60, 40)), OPEN, SEED))[0] == Small(below=15)


@pytest.mark.parametrize(
    ("sensitivity", "rules", "threshold"),
    [
        (Sensitivity.OPINION, OPEN, 15),
        (Sensitivity.OPINION, CODES, 10),
        (Sensitivity.IDENTITY, OPEN, 15),
        (Sensitivity.EXPERIENCE, OPEN, 25),
        (Sensitivity.CHILDREN, CODES, 20),
        (Sensitivity.ARMED_ACTOR, OPEN, 25),
    ],
)
def test_the_threshold_is_t_plus_s(sensitivity: Sensitivity, rules: Rules, threshold: int) -> None:
    """T is 10, or 20 for harmful questions, plus what one hostile party may control. Proves: R1."""
    below = protect(table((threshold - 1, 90, 90, 90), sensitivity), rules, SEED)
    at = protect(table((threshold, 90, 90, 90), sensitivity), rules, SEED)

    assert cells(below)[0] == Small(below=threshold)
    assert isinstance(cells(at)[0], Shown)


def test_no_round_can_ask_for_less_than_the_floor() -> None:
    """A threshold of one is ten all the same, and a stricter one is doubled where an answer can harm. Proves: R1."""
    assert Rules.of_round(1, 0) == CODES
    assert Rules.of_round(15, 3) == Rules(t=15, t_sensitive=30, s=3)


def test_the_numbers_are_the_promised_ones() -> None:
    """What R1 names is what every round begins with: nobody makes a threshold smaller in passing. Proves: R1."""
    assert Rules() == Rules(
        t=10, t_sensitive=20, t_closed=5, s=5, base=5, min_numbers=20, percent_from=50, crosses_from=100,
        people_a_cell=30, width=4,
    )  # fmt: skip
    assert Rules().least_group == 25
    assert MOST_CROSSES == 3


@pytest.mark.parametrize(
    "raw",
    [
        table((7, 7, 0)),
        table((14, 0, 90)),
        table((80, 70, 5), left_out=14),
        table((80, 70, 5), left_out=0),
        table((110, 8, 3), Sensitivity.EXPERIENCE),
        table((110, 8, 3), Sensitivity.IDENTITY),
    ],
    ids=["few asked", "few answered", "few left out", "nobody left out", "agree on harm", "agree on identity"],
)
def test_a_small_or_harmfully_unanimous_group_is_withheld_whole(raw: RawTable) -> None:
    """Too few in the group, or nearly all of one harmful answer: no row at all, and one word for both. Proves: R1."""
    assert protect(raw, OPEN, SEED) == SafeTable(id="q", refusal=Refusal.PROTECTED)


def test_unanimous_opinions_may_be_told() -> None:
    """That nearly everybody wants accountability harms nobody and is shown."""
    shown = [cells(protect(table(counts), OPEN, SEED)) for counts in ((118, 4, 4), (100, 13, 13), (100, 16, 10))]

    assert shown[0] == [Most(least=105), Small(below=15), Small(below=15)]
    assert shown[1] == [Most(least=90), Small(below=15), Small(below=15)]
    assert shown[2][0] == Shown(count=100, percent=80)


@pytest.mark.parametrize(("people", "percent"), [(47, None), (48, 60)], ids=["shown as 45", "shown as 50"])
def test_shares_are_given_from_fifty_people_on(people: int, percent: int | None) -> None:
    """Percentages come from rounded figures, and only where 50 are shown as asked. Proves: R1."""
    shown = cells(protect(table((30, people - 30, 0)), CODES, SEED))[0]

    assert shown == Shown(count=30, percent=percent)


def test_tangled_questions_are_withheld_and_say_so() -> None:
    """Where tables could be combined in ways nobody has checked, none is shown."""
    raw = table((60, 60, 0))
    tangled = RawTable(
        raw.id, raw.shape, raw.sensitivity, raw.codes, raw.counts, raw.asked, raw.answered, tangled=True
    )  # fmt: skip

    assert protect(tangled, OPEN, SEED).refusal is Refusal.TANGLED


def test_attack_printed_small_cell() -> None:
    """A1: printed as counted, three people stand there; ours says fewer than fifteen. Proves: R1."""
    counts = (60, 50, 3)

    assert 3 in counts
    assert cells(protect(table(counts), OPEN, SEED))[-1] == Small(below=15)


def test_attack_total_minus_the_rest() -> None:
    """A2 and ACRO's 11, 11, 5: with exact figures the third is 5; ours leaves five values or more. Proves: R1."""
    counts = (11, 11, 5)
    naive_total = 27
    assert naive_total - 11 - 11 == 5

    safe = protect(_everybody(counts), CODES, SEED)

    _assert_in_doubt(safe, counts, CODES)


def test_attack_exact_shown_cells_are_refused_by_the_interval_check() -> None:
    """Without rounding, 11, 11, 5 leaves one possible value: the door withholds a second figure. Proves: R1."""
    exact = Rules(s=0, base=1)

    safe = protect(_everybody((11, 11, 5)), exact, SEED)

    assert Withheld() in cells(safe)
    _assert_in_doubt(safe, (11, 11, 5), exact)


def test_attack_complement_of_a_choice() -> None:
    """A5: of 100 who answered 97 picked a choice, so three did not; ours says 65 or more. Proves: R1."""
    safe = protect(choices((97, 60, 40), answered=100), OPEN, SEED)

    assert 100 - 97 == 3
    assert cells(safe)[0] == Most(least=65)
    assert isinstance(cells(safe)[1], Shown)


def test_attack_total_minus_the_rest_where_one_choice_each_is_allowed() -> None:
    """A form that takes one choice a person makes 27 - 11 - 11 a subtraction again: the door withholds. Proves: R1."""
    exact = Rules(s=0, base=1)
    raw = replace(choices((11, 11, 5), answered=27, silent=12), picks=Picks(1, 1, frozenset()))
    people = [frozenset({code}) for code, count in zip(raw.codes, (11, 11, 5), strict=False) for _ in range(count)]
    people += [frozenset()] * 12
    naive: list[SafeCell] = [Shown(count=11), Shown(count=11), Small(below=10), Shown(count=12)]
    assert not _choices_in_doubt(raw, naive, people, exact)

    safe = cells(protect(raw, exact, SEED))

    assert safe.count(Withheld()) == 1
    assert _choices_in_doubt(raw, safe, people, exact)


def test_attack_follow_up_question() -> None:
    """Where those who picked a choice were asked more, their exact number helps nobody further. Proves: R1."""
    raw = replace(choices((32, 43), answered=75), picks=Picks(1, 1, frozenset()))
    followed = replace(raw, known_groups=(frozenset({"c0"}),))
    people = [frozenset({"c0"})] * 32 + [frozenset({"c1"})] * 43
    naive = cells(protect(raw, OPEN, SEED))
    assert _choices_in_doubt(raw, naive, people, OPEN)
    assert not _choices_in_doubt(raw, naive, people, OPEN, known=32)

    safe = cells(protect(followed, OPEN, SEED))

    assert _choices_in_doubt(raw, safe, people, OPEN, known=32)


def test_attack_choice_that_few_could_pick() -> None:
    """25 on the page is 23 exactly if only 23 were offered the choice; then another figure is withheld. Proves: R1."""
    counts, able = (13, 19, 23), 23
    offered = replace(_everybody(counts), left_out=able)
    naive = cells(protect(offered, OPEN, SEED))
    assert Shown(count=25, percent=45) in naive
    assert not _in_doubt_below(naive, counts, able)

    safe = cells(protect(replace(offered, ceiling=("c", able)), OPEN, SEED))

    assert Withheld() in safe
    assert _in_doubt_below(safe, counts, able)


def test_attack_share_times_total() -> None:
    """A6: an exact share times the total gives the count back; ours gives back the rounded figure. Proves: R1."""
    counts = (63, 41, 22, 0)
    naive = round(100 * counts[0] / sum(counts), 1)
    assert round(naive * sum(counts) / 100) == 63

    cell = cells(protect(table(counts), OPEN, SEED))[0]

    assert isinstance(cell, Shown)
    assert cell.percent is not None
    assert (cell.count, cell.percent) == (65, 52)
    assert {round(cell.percent * whole / 100) for whole in range(123, 128)} >= {64, 65}


def test_attack_everybody_said_the_same() -> None:
    """A9: a zero beside a harmful question says that nobody stands there; ours shows nothing of it. Proves: R1."""
    naive = (80, 0)
    assert 0 in naive

    assert protect(table((80, 0, 0), Sensitivity.EXPERIENCE), OPEN, SEED).rows == ()


def test_attack_rounding_boundary() -> None:
    """A12: one more person turns 10 into 15 where 12 is shown; with s = 5 neither is shown. Proves: R1."""
    assert (CODES.rounded(12), CODES.rounded(13)) == (10, 15)

    before, after = (cells(protect(table((count, 60, 60, 40)), OPEN, SEED))[0] for count in (12, 13))

    assert before == after == Small(below=15)


@given(st.lists(st.integers(0, 60), min_size=3, max_size=6), st.sampled_from((OPEN, CODES)))
def test_no_shown_figure_is_small_or_exact(counts: list[int], rules: Rules) -> None:
    """Whatever was counted, a shown figure stands for T people or more and is a multiple of five. Proves: R1."""
    safe = protect(table(tuple(counts)), rules, SEED)

    for count, cell in zip(counts, cells(safe), strict=False):
        if isinstance(cell, Shown):
            assert count >= rules.threshold(Sensitivity.OPINION)
            assert cell.count % 5 == 0
            assert abs(cell.count - count) <= 2


@given(st.permutations(range(4)), st.tuples(*[st.integers(0, 60)] * 4))
def test_the_order_and_names_of_rows_change_nothing(order: list[int], counts: tuple[int, int, int, int]) -> None:
    """A table with its rows in another order shows the same in each of them."""
    codes = ("north", "south", "east", "west")
    straight = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, sum(counts), sum(counts))
    mixed = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, tuple(codes[place] for place in order),
        tuple(counts[place] for place in order), sum(counts), sum(counts),
    )  # fmt: skip

    one, other = protect(straight, OPEN, SEED), protect(mixed, OPEN, SEED)

    assert {row.code: row.cell for row in one.rows} == {row.code: row.cell for row in other.rows}


@given(st.tuples(*[st.integers(0, 18)] * 3), st.integers(0, 2))
def test_showing_less_never_tells_more(counts: tuple[int, int, int], hidden: int) -> None:
    """To withhold one more figure leaves every reader at least the values she had to reckon with."""
    rules = Rules(t=6, s=0)
    threshold = rules.threshold(Sensitivity.OPINION)
    more: list[SafeCell] = [
        Small(below=threshold) if count < threshold else Shown(count=rules.rounded(count)) for count in counts
    ]
    less = [
        Withheld() if place == hidden and isinstance(cell, Shown) else cell for place, cell in enumerate(more)
    ]  # fmt: skip

    seen = [set(referee.partitions(displays, [sum(counts)], threshold, rules)) for displays in (more, less)]

    assert seen[0] <= seen[1]


def test_nothing_that_was_counted_shows_in_a_traceback() -> None:
    """The repr of a raw table names the question and no count."""
    assert repr(table((123, 77, 0))) == "<RawTable q>"


def _everybody(counts: tuple[int, ...]) -> RawTable:
    codes = tuple("abc")
    return RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, sum(counts), sum(counts))


def _assert_in_doubt(safe: SafeTable, counts: tuple[int, ...], rules: Rules) -> None:
    threshold = rules.threshold(Sensitivity.OPINION)
    worlds = list(referee.partitions(cells(safe), [sum(counts)], threshold, rules)) if safe.rows else []
    if safe.rows:
        assert referee.small_cells_in_doubt(worlds, counts, cells(safe), threshold, rules) == []


def _choices_in_doubt(
    raw: RawTable, displays: list[SafeCell], people: list[referee.Person], rules: Rules, known: int | None = None
) -> bool:
    """Whether the referee leaves everything in doubt, for a reader who may know the first choice's exact count."""
    threshold = rules.threshold(raw.sensitivity)
    picks = raw.picks or Picks(1, len(raw.codes) - 1, frozenset())
    worlds = [
        world
        for world in referee.choice_worlds(
            raw.codes, displays, raw.asked, picks.exclusive, picks.most, threshold, rules
        )
        if known in (None, world[0])
    ]  # fmt: skip
    return referee.choices_in_doubt(worlds, people, raw.codes, displays, threshold, rules)


def _in_doubt_below(displays: list[SafeCell], counts: tuple[int, ...], ceiling: int) -> bool:
    """Whether the referee leaves small cells in doubt, for a reader who knows how many could pick the last choice."""
    threshold = OPEN.threshold(Sensitivity.OPINION)
    worlds = [
        world for world in referee.partitions(displays, [sum(counts)], threshold, OPEN) if world[-1] <= ceiling
    ]  # fmt: skip
    return referee.small_cells_in_doubt(worlds, counts, displays, threshold, OPEN) == []
