"""Opinion groups on their way through the door: what is counted for them, what is shown, what sets them apart."""

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Answer, Declined, Skipped, Stance, Voted
from flows.model import Consultation, Sensitivity
from flows.statements import GROUPS, told_by_group
from privacy import opinions
from privacy.audit.reading import Printed, system
from privacy.bundles import verify
from privacy.candidate import candidate
from privacy.control import protect, protect_crosses
from privacy.form import facts_of
from privacy.groups import raw_groups
from privacy.planned import Unplannable, crossings, grouped
from privacy.raw import raw_tables
from privacy.representative import SIDES, consensus, typical
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Head, Limit, RawCross, RawTable, Refusal, SafeCross, Shape, Shown, Small, Withheld
from privacy.tally import SILENT, Tally
from tests.privacy import counting_referee, opinion_referee, synthetic
from tests.privacy.test_counting import tally_of

SEED = bytes(32)
RULES = Rules.of_round(10, 5)
NAMES = ("one", "two", "three", "four")
PLAN = [[GROUPS, "two"], ["four", GROUPS], ["region", "trust"]]
VIEWS = ("aaad", "ddaa", "adda")
WAYS = {"a": Stance.AGREE, "d": Stance.DISAGREE, "p": Stance.PASS}


def asked(**changed: dict[str, object]) -> Consultation:
    """The invented consultation with four statements in place of one."""
    plain = synthetic.consultation().model_dump(mode="json")
    items = plain["sections"][0]["items"]
    place = next(place for place, item in enumerate(items) if item["kind"] == "vote")
    items[place : place + 1] = [{**items[place], "id": name, **changed.get(name, {})} for name in NAMES]
    return Consultation.model_validate(plain)


ASKED = asked()


def records(number: int, form: Consultation = ASKED, seed: int = 1) -> list[list[bytes]]:
    """Invented people who think in three ways, now and then differ from their own, and now and then say nothing."""
    dice, found = random.Random(seed), []
    for person in synthetic.people(number, seed):
        view = dice.choices(VIEWS, (5, 3, 2))[0]
        said: dict[str, Answer] = {name: answer for name, answer in person.answers.items() if name != "vote"}
        for name, way in zip(NAMES, view, strict=True):
            kind = dice.random()
            said[name] = Voted(WAYS[way] if kind < 0.85 else dice.choice(tuple(Stance)))
            if kind > 0.97:
                said[name] = Skipped() if kind > 0.985 else Declined()
        found.append(replace(person, answers=said).records(form))
    return found


def counted(number: int, form: Consultation = ASKED) -> tuple[Tally, tuple[RawTable, ...], tuple[RawCross, ...]]:
    """The tally, raw tables and groups of some invented people."""
    tally = tally_of(records(number, form), form, PLAN)
    tables = raw_tables(tally, form, RULES, PLAN)
    return tally, tables, raw_groups(tally, form, PLAN, tables, RULES, SEED)


@pytest.mark.parametrize("cuts", [(0, 40), (0, 7, 40), (0, 13, 14, 40)])
def test_ballots_are_counted_as_one_reader_counts_them(cuts: tuple[int, ...]) -> None:
    """However people are parted, as many cast each ballot as one reader finds, one after the other. Proves: R1."""
    people = records(40)
    first, *others = [tally_of(people[start:end], ASKED, PLAN) for start, end in pairwise(cuts)]
    for other in others:
        first += other

    slow = counting_referee.counted(people, ASKED, rehearsal=True, plan=PLAN)
    assert first.ballots == counting_referee.ballots(people, ASKED)
    assert sum(first.ballots.values()) == 40
    assert first.cells == slow.cells


def test_votes_meet_only_where_groups_were_planned() -> None:
    """Without a plan for groups no tally knows who voted what together with what. Proves: O4."""
    assert tally_of(records(40), ASKED, [["region", "trust"]]).ballots == {}
    assert tally_of([], ASKED, PLAN).ballots == {}


@pytest.mark.parametrize(
    ("plan", "number"),
    [
        ([["region", "trust"], [GROUPS, "trust"]], 2),
        ([[GROUPS, "one", "two"]], 1),
        ([[GROUPS]], 1),
        ([[GROUPS, GROUPS]], 1),
        ([[GROUPS, "nowhere"]], 1),
        ([[GROUPS, "one"], ["region", "four"]], 1),
    ],
)
def test_groups_stand_beside_no_table_that_looks_at_a_statement(plan: list[list[str]], number: int) -> None:
    """A statement and nothing else stands beside the groups, and no statement in any other cross. Proves: R1, O4."""
    with pytest.raises(Unplannable) as refusal:
        grouped(ASKED, plan)
    assert refusal.value.number == number


def test_groups_need_statements_that_everybody_was_asked_about() -> None:
    """Three at least and seven at most; a statement put to some only is none of them. Proves: R1."""
    some = asked(one={"relevant": "${displaced} = 'yes'"})
    assert [some.items[place].id for place in grouped(some, PLAN)] == ["two", "four"]
    for form in (
        asked(one={"relevant": "${displaced} = 'yes'"}, three={"relevant": "${displaced} = 'yes'"}),
        synthetic.consultation(),
    ):
        with pytest.raises(Unplannable):
            grouped(form, PLAN[:1])


def test_a_question_of_that_name_keeps_it() -> None:
    """Where a form asks something under the name of the groups, its crosses are what they always were."""
    form = asked(one={"id": GROUPS})

    assert told_by_group(form, [[GROUPS, "two"]]) == ()
    assert [each.id for each in crossings(form, [[GROUPS, "two"]])] == [f"{GROUPS}*two"]


def test_groups_are_crosses_that_add_up() -> None:
    """Each statement's cross has the groups' sizes for rows and the statement's own table for columns. Proves: R1."""
    _, tables, crosses = counted(600)
    own = {table.id: table for table in tables}

    assert [cross.id for cross in crosses] == [f"{GROUPS}*two", f"{GROUPS}*four"]
    for cross in crosses:
        assert cross.by.codes == ("a", "b", "c", NO_ANSWER)
        assert tuple(map(sum, cross.counts)) == cross.by.counts
        assert tuple(map(sum, zip(*cross.counts, strict=True))) == own[cross.question.id].counts
        assert cross.people == 600
        assert min(cross.by.counts[:-1]) >= RULES.least_group


def test_what_is_shown_of_groups_passed_the_door() -> None:
    """Figures are multiples of five from the threshold on; what is small, or betrays it, is hidden. Proves: R1."""
    shown = protect_crosses(counted(600)[2], RULES, SEED)

    for cross in shown:
        assert cross.refusal is None
        cells = [cell for row in cross.cells for cell in row]
        assert all(cell.count % 5 == 0 and cell.count >= 15 for cell in cells if isinstance(cell, Shown))
        assert any(isinstance(cell, Small) for cell in cells)


def test_few_people_or_a_round_that_goes_on_have_no_groups() -> None:
    """Under a hundred, or without room for two groups, or while answers still come in: said so, and no figure."""
    tally, tables, few = counted(90)
    assert {cross.refusal for cross in protect_crosses(few, RULES, SEED)} == {Limit.FEW}

    _, _, crowded = counted(150)
    assert {cross.refusal for cross in protect_crosses(crowded, RULES, SEED)} == {Refusal.PROTECTED}

    still = raw_groups(tally, ASKED, PLAN, tables, RULES, None)
    assert {cross.by.codes for cross in still} == {(NO_ANSWER,)}
    assert raw_groups(tally_of([], ASKED), ASKED, (), tables, RULES, SEED) == ()


def test_where_groups_begin_is_a_secret_lot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of people who vote at random each secret makes other groups, and the same one the same groups again. Proves: R3.

    Of one beginning only, so that it matters where it lies.
    """
    monkeypatch.setattr(opinions, "RESTARTS", 1)
    dice = random.Random(1)
    people = [
        replace(person, answers={name: Voted(dice.choice(tuple(Stance))) for name in NAMES}).records(ASKED)
        for person in synthetic.people(600)
    ]
    planned = tuple((GROUPS, name) for name in NAMES[:2])
    manifest = verify(synthetic.make_bundle(tmp_path, ASKED, people[:1], planned=planned).path).manifest
    tally = tally_of(people, ASKED, planned)

    def divided(seed: int) -> tuple[tuple[int, ...], ...]:
        made = candidate(tally, ASKED, manifest, ledger_head="0" * 64, seed=bytes([seed]) * 32)
        return made.counts.crosses[f"{GROUPS}*two"].counts

    assert len({divided(seed) for seed in range(4)}) > 1
    assert divided(3) == divided(3)


def test_groups_take_their_share_of_three_crosses(tmp_path: Path) -> None:
    """Beside two crosses of questions one statement is told by group, and the next one is a table too many.

    Proves: R1
    """
    planned = (("region", "trust"), ("age", "trust"), (GROUPS, "one"), (GROUPS, "two"))
    people = records(800)
    manifest = verify(synthetic.make_bundle(tmp_path, ASKED, people[:1], planned=planned).path).manifest

    made = candidate(tally_of(people, ASKED, planned), ASKED, manifest, ledger_head="0" * 64, seed=SEED).candidate

    assert [cross.refusal is Limit.BUDGET for cross in made.crosses] == [False, False, False, True]
    assert made.crosses[2].cells


def test_groups_are_as_delicate_as_their_most_delicate_statement() -> None:
    """One harmful statement among them raises the threshold of all the groups' figures. Proves: R1."""
    _, _, crosses = counted(600, asked(three={"sensitivity": "experience"}))
    assert {cross.by.sensitivity for cross in crosses} == {Sensitivity.EXPERIENCE}

    _, _, crosses = counted(600, asked(three={"sensitivity": "identity"}))
    assert {cross.by.sensitivity for cross in crosses} == {Sensitivity.IDENTITY}


def test_the_audit_knows_the_groups_as_a_question_of_their_own() -> None:
    """Read for the audit, the groups are one variable that every statement's figures hang on. Proves: R2."""
    _, tables, crosses = counted(600)
    crosses = tuple(cross for cross in crosses if cross.question.id == "two")
    sides = [facts_of(each, RULES) for each in (*tables, *(cross.by for cross in crosses))]
    table = next(each for each in tables if each.id == "two")
    printed = Printed(sides, [protect(table, RULES, SEED)], protect_crosses(crosses, RULES, SEED))
    made = system([printed], {}, RULES)

    assert GROUPS in {variable.id for variable in made.variables}
    assert {name for item in made.items for name, _ in getattr(item, "population", ())} == {GROUPS, "two"}


def cross_of(name: str, rows: dict[str, tuple[int | None, int | None, int | None]]) -> SafeCross:
    """A displayed cross: for each group those for, against and in between; None where that is not shown."""
    return SafeCross(
        id=f"{GROUPS}*{name}", by=GROUPS, question=name, asked=Shown(count=600),
        rows=tuple(Head(code=code, total=Shown(count=100)) for code in (*rows, NO_ANSWER)),
        columns=tuple(Head(code=code, total=Shown(count=100)) for code in (*Stance, NO_ANSWER)),
        cells=tuple(
            (*(Small(below=15) if count is None else Shown(count=count) for count in counts), Small(below=15))
            for counts in (*rows.values(), (None, None, None))
        ),
    )  # fmt: skip


@given(st.lists(st.tuples(*[st.integers(0, 60).map(lambda count: 5 * count)] * 3), min_size=2, max_size=4))
def test_what_sets_a_group_apart_is_what_polis_says(rows: list[tuple[int, int, int]]) -> None:
    """For any displayed figures, the same statements with the same weights as plain arithmetic finds. Proves: R1."""
    found = typical([cross_of("one", dict(zip("abcd", rows, strict=False)))])

    for place, letter in enumerate("abcd"[: len(rows)]):
        others = [
            sum(column) for column in zip(*(row for other, row in enumerate(rows) if other != place), strict=True)
        ]
        slow = {
            side: opinion_referee.representative(rows[place], (others[0], others[1], others[2]), number)
            for number, side in enumerate(SIDES)
        }
        weights = {one.side: one.weight for one in found.get(letter, ())}
        assert weights == pytest.approx({side: weight for side, weight in slow.items() if weight is not None})


def test_where_a_figure_is_withheld_nothing_is_compared() -> None:
    """A withheld figure that may be any size, and its statement sets nobody apart and is no consensus. Proves: R1."""
    plain = cross_of("one", {"a": (200, 20, 20), "b": (20, 200, 20)})
    (first, *others), *rows = plain.cells
    withheld = plain.model_copy(update={"cells": ((first, Withheld(), *others[1:]), *rows)})

    assert typical([withheld]) == {}
    assert consensus(withheld) is None
    assert consensus(cross_of("one", {})) is None
    assert consensus(cross_of("one", {"a": (None, 20, 200), "b": (200, 20, 20)})) is None
    assert {group: [one.side for one in each] for group, each in typical([plain]).items()} == {
        "a": ["agree"], "b": ["disagree"],
    }  # fmt: skip
    shared = consensus(plain)
    assert shared is not None
    assert shared.exact
    assert shared.value == pytest.approx(201 / 242 * 21 / 242)


def test_consensus_is_no_less_than_what_is_said() -> None:
    """Where few disagree and how few is hidden, agreement is told as a lower limit: the least it can be. Proves: R1."""
    few = consensus(cross_of("one", {"a": (200, 20, None), "b": (150, None, None)}))

    assert few is not None
    assert not few.exact
    assert few.value == pytest.approx(201 / (200 + 20 + 14 + 2) * 151 / (150 + 14 + 14 + 2))
    for hidden in range(15):
        assert few.value <= 201 / (200 + 20 + hidden + 2) * 151 / (150 + 2 * hidden + 2) + 1e-12


@given(
    st.lists(st.tuples(*[st.none() | st.integers(3, 60).map(lambda count: 5 * count)] * 3), min_size=2, max_size=4),
    st.data(),
)
def test_what_is_said_beside_small_figures_holds_whatever_they_are(
    rows: list[tuple[int | None, int | None, int | None]], data: st.DataObject
) -> None:
    """Put any small number in place of each that is hidden: what was said is said still. Proves: R1."""
    found = typical([cross_of("one", dict(zip("abcd", rows, strict=False)))])
    true = [[data.draw(st.integers(0, 14)) if count is None else count for count in row] for row in rows]

    again = typical([cross_of("one", dict(zip("abcd", map(tuple, true), strict=False)))])  # type: ignore[arg-type]  # three each
    for letter, each in found.items():
        assert {one.side for one in each} <= {one.side for one in again.get(letter, ())}


def test_where_all_agree_nobody_is_set_apart() -> None:
    """Nobody votes otherwise in any group: there is nothing to compare with."""
    assert typical([cross_of("one", {"a": (200, 0, 0), "b": (100, 0, 0)})]) == {}


def test_votes_of_people_who_were_silent_are_kept_apart() -> None:
    """Whoever skipped a statement stands in its column of no answer, and with most of them in no group."""
    tally, _, crosses = counted(600)
    silent = sum(number for ballot, number in tally.ballots.items() if 2 * sum(v != SILENT for v in ballot) <= 4)

    assert crosses[0].by.counts[-1] == silent
    assert crosses[0].by.shape is Shape.PARTITION
