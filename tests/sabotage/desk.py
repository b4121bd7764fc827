"""Breakages of the desk: each lets out, counts or leaves unsaid what must not be."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from nacl.bindings import crypto_scalarmult_base

from flows import records
from flows.model import Consultation, Purpose
from flows.records import Manifest
from privacy import (
    annex,
    candidate,
    consent,
    control,
    counting,
    crossing,
    frames,
    intervals,
    ledger,
    overlapping,
    planned,
    raw,
    schemes,
    tabulate,
    tally,
    telling,
    withholding,
)
from privacy.rules import Rules
from privacy.tables import Shown, Small
from reports import plan, texts
from tests.sabotage.registry import sabotage

CONTROL = "tests/privacy/test_control.py::"
INTERVALS = "tests/privacy/test_intervals.py::"
RAW = "tests/privacy/test_raw.py::"
TABULATE = "tests/privacy/test_tabulate.py::"
CONSENT = "tests/privacy/test_consent.py::"
COUNTING = "tests/privacy/test_counting.py::"
CROSS = "tests/privacy/test_cross_control.py::"
CROSSING = "tests/privacy/test_crossing.py::"
BY_GROUP = "tests/privacy/test_by_group.py::"
ANNEX = "tests/privacy/test_annex.py::"
SUMMARY = "tests/reports/test_summary.py::"
BOUNDARIES = "tests/privacy/test_boundaries.py::"
STREAMED = "tests/privacy/test_streamed.py::"


@sabotage("R1", caught_by=CONTROL + "test_below_the_threshold_every_count_looks_the_same")
def zeros_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell in which nobody stands says so."""
    judged = control._Desk._judged
    monkeypatch.setattr(
        control._Desk, "_judged", lambda desk, code, count: judged(desk, code, count) if count else Shown(count=0)
    )


@sabotage("R1", caught_by=CONTROL + "test_the_threshold_is_t_plus_s")
def accomplices_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threshold is t alone."""
    monkeypatch.setattr(Rules, "threshold", lambda rules, _sensitivity: rules.t)


@sabotage("R1", caught_by=CONTROL + "test_no_round_can_ask_for_less_than_the_floor")
def a_bundle_sets_its_own_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever threshold a bundle names is believed."""
    monkeypatch.setattr(Rules, "of_round", classmethod(lambda cls, t, s: cls(t=t, s=s)))


@sabotage("R1", caught_by=CONTROL + "test_figures_are_shown_to_the_nearest_five")
def figures_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are shown as they were counted."""
    monkeypatch.setattr(Rules, "rounded", lambda _rules, count: count)


@sabotage("R1", caught_by=CONTROL + "test_a_small_or_harmfully_unanimous_group_is_withheld_whole")
def harmful_agreement_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """That all of a group were harmed is shown like an opinion."""
    monkeypatch.setattr(control._Desk, "group_agrees", lambda _desk: False)


@sabotage("R1", caught_by=CONTROL + "test_attack_complement_of_a_choice")
def rests_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice is judged by those who picked it and not by those who did not."""

    def judged(desk: control._Desk, _code: str, count: int) -> Shown | Small:
        below = desk.limits.threshold
        return Small(below=below) if count < below else desk._shown(count)

    monkeypatch.setattr(control._Desk, "_judged", judged)


@sabotage("R1", caught_by=CONTROL + "test_shares_are_given_from_fifty_people_on")
def shares_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Percentages are given for groups of any size."""
    monkeypatch.setattr(control._Desk, "_shown", lambda _desk, count: Shown(count=count, percent=60))


@sabotage("R1", caught_by=INTERVALS + "test_the_closed_form_finds_what_the_referee_finds")
def the_reader_has_no_friends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval check forgets that a reader may know some of the answers."""
    in_doubt = intervals.Limits.leaves_doubt
    monkeypatch.setattr(
        intervals.Limits, "leaves_doubt", lambda limits, low, high, known: known > 0 or in_doubt(limits, low, high, 0)
    )


@sabotage("R1", caught_by=RAW + "test_a_question_for_some_is_about_a_cell_of_another")
def tables_do_not_know_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question put to some is treated as if it had been put to everybody."""
    monkeypatch.setattr(raw, "links", lambda asked: (None,) * len(asked.items))


@sabotage("R1", caught_by=TABULATE + "test_fewer_than_twenty_leave_without_a_single_figure")
def nineteen_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of people get tables."""
    monkeypatch.setattr(Rules, "of_round", classmethod(lambda cls, t, s: cls(t=t, s=s, min_numbers=0)))


@sabotage("R1", caught_by=SUMMARY + "test_under_twenty_people_a_summary_has_no_figure")
def few_people_get_the_full_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """The narrative form is forgotten: display rules and figures' places stand on the page."""
    monkeypatch.setattr(plan, "NARRATIVE", (*plan.NARRATIVE, plan.SummaryPart.READING))


@sabotage("R1", caught_by=COUNTING + "test_one_response_counts_once_in_a_cell")
def anything_sealed_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forger's answer may name a choice as often as there is room for."""
    monkeypatch.setattr(records, "_fits", lambda _question, _answer: True)


@sabotage("R1", caught_by=COUNTING + "test_the_tally_of_many_is_the_slow_readers")
def everybody_is_asked_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting by lookup forgets the skip rules."""
    monkeypatch.setattr(counting.Admission, "_not_asked", lambda _admission, _answers: frozenset())


@sabotage("K4", caught_by=TABULATE + "test_who_did_not_allow_counting_is_not_counted")
def consent_is_taken_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any purpose that was allowed is taken to allow counting."""
    decode = records.decode_manifest

    def generous(data: bytes, asked: Consultation) -> Manifest:
        manifest = decode(data, asked)
        return replace(manifest, purposes=manifest.purposes | {Purpose.COUNT})

    monkeypatch.setattr(consent, "decode_manifest", generous)


@sabotage("K4", caught_by=CONSENT + "test_nobody_makes_one_by_hand")
def anybody_makes_answers_countable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for a permission can be made without asking for consent."""
    monkeypatch.setattr(consent.ConsentChecked, "__init__", lambda _self, *_given: None)


@sabotage("K4", caught_by=CONSENT + "test_who_was_shown_other_words_has_allowed_nothing")
def any_wording_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words that a person was shown when she consented are not compared."""
    decode, expected = records.decode_manifest, records.consent_hash
    monkeypatch.setattr(
        consent,
        "decode_manifest",
        lambda data, asked: replace((one := decode(data, asked)), consent=expected(asked, one.language)),
    )


@sabotage("K4", caught_by=CONSENT + "test_a_quote_has_thirty_words_at_most")
def quotes_are_as_long_as_they_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole stories are quoted."""
    monkeypatch.setattr(consent, "QUOTE_WORDS", 1_000)


@sabotage("K3", caught_by=CONSENT + "test_each_use_needs_its_own_yes")
def one_yes_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever allowed anything besides counting has allowed everything."""
    decode = records.decode_manifest

    def generous(data: bytes, asked: Consultation) -> Manifest:
        manifest = decode(data, asked)
        return replace(manifest, purposes=frozenset(Purpose) if len(manifest.purposes) > 1 else manifest.purposes)

    monkeypatch.setattr(consent, "decode_manifest", generous)


@sabotage("K3", caught_by=CONSENT + "test_one_response_never_widens_another")
def what_was_once_allowed_stays_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Purposes are remembered from one response to the next."""
    read = consent.Consents._read

    def widened(consents: consent.Consents, record: bytes, needed: Mapping[Purpose, str]) -> Manifest:
        before = [one.purposes for one in consents._manifests.values()]
        manifest = read(consents, record, needed)
        return replace(manifest, purposes=manifest.purposes.union(*before))

    monkeypatch.setattr(consent.Consents, "_read", widened)


@sabotage("W2", caught_by=TABULATE + "test_an_older_bundle_brings_nobody_back")
def the_desk_forgets_who_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle is counted by its own tombstones alone."""
    monkeypatch.setattr(ledger.Ledger, "withdrawn", lambda _ledger, _round: frozenset())


@sabotage("W2", caught_by=TABULATE + "test_an_older_bundle_brings_nobody_back")
def who_left_is_opened_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawals are known, and the counting does not look at them."""
    monkeypatch.setattr(tabulate, "_standing", lambda _withdrawn, blobs, _tallier: iter(blobs))


@sabotage("R3", caught_by=TABULATE + "test_lots_are_the_custodians")
def lots_are_drawn_from_what_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which figures go can be foreseen by whoever has the round's public key."""
    seed_of = withholding.seed_of
    monkeypatch.setattr(tabulate, "seed_of", lambda secret, root: seed_of(crypto_scalarmult_base(secret), root))


@sabotage("R3", caught_by=TABULATE + "test_every_table_is_drawn_with_that_lot")
def counting_draws_another_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The custodians' secret is kept, and the door is handed a lot that everybody knows."""
    made = candidate.candidate
    monkeypatch.setattr(tabulate, "candidate", lambda *given, **named: made(*given, **{**named, "seed": bytes(32)}))


@sabotage("R3", caught_by=TABULATE + "test_every_table_is_drawn_with_that_lot")
def crosses_are_drawn_in_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables hang on the secret, and crosses on nothing."""
    protect = control.protect_crosses
    monkeypatch.setattr(candidate, "protect_crosses", lambda raw, rules, _seed: protect(raw, rules, bytes(32)))


@sabotage("O4", caught_by=TABULATE + "test_tables_that_nobody_could_plan_count_nothing")
def any_plan_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a plan is about what was asked is found out while counting, if at all."""
    monkeypatch.setattr(tabulate, "Layout", lambda _asked, _plan: None)


@sabotage("O4", caught_by=TABULATE + "test_what_was_not_planned_stands_in_no_candidate")
def more_is_crossed_than_was_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that nobody planned is counted with those that were."""
    crossed = planned.crossings
    monkeypatch.setattr(tally, "crossings", lambda asked, plan: crossed(asked, [*plan, ["region", "age"]]))


@sabotage("O4", caught_by=TABULATE + "test_a_bundle_about_another_text_counts_nothing")
def a_text_may_leave_things_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash that participants consented to is not compared with what is counted."""
    monkeypatch.setattr(tabulate, "_asked", lambda manifest: Consultation.model_validate(manifest.consultation))


@sabotage("R7", caught_by=SUMMARY + "test_every_document_says_what_it_is_and_is_not")
def limits_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A summary does not say whom it does not represent."""
    monkeypatch.setattr(plan, "FULL", tuple(part for part in plan.FULL if part is not plan.SummaryPart.LIMITS))


@sabotage("R7", caught_by=SUMMARY + "test_no_small_number_stands_anywhere")
def a_refused_count_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many responses did not open stands on the page."""
    say = texts.REFUSED
    monkeypatch.setattr(texts, "REFUSED", lambda words: f"{say(words)} (2)")


@sabotage("R1", caught_by=CROSSING + "test_flows_find_the_same_extremes_as_trying_everything")
def margins_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross is judged as if nobody had the tables of its two questions."""
    arcs = crossing.Side.arcs
    monkeypatch.setattr(
        crossing.Side,
        "arcs",
        lambda side, displays, people: (
            (key, replace(arc, low=0, high=people) if key[0].startswith("own") else arc)
            for key, arc in arcs(side, displays, people)
        ),
    )


@sabotage("R1", caught_by=BY_GROUP + "test_a_small_rest_of_a_choice_is_hidden_in_its_group")
def rests_within_a_group_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a cross, a choice is judged by those who picked it and not by those who did not."""
    monkeypatch.setattr(overlapping.Overlap, "rest", lambda _cross, _row, _column: None)


@sabotage("R1", caught_by=CROSS + "test_a_cross_needs_a_hundred_people_and_thirty_for_each_cell")
def crosses_of_a_handful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross may have as many cells as it likes."""
    monkeypatch.setattr(frames.Frame, "inner", 1)


@sabotage("R1", caught_by=CROSS + "test_a_round_shows_three_crosses_at_most")
def crosses_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round shows whatever was planned."""
    monkeypatch.setattr(control, "MOST_CROSSES", 100)


@sabotage("R1", caught_by=CROSS + "test_a_group_that_agrees_on_harm_takes_the_whole_cross_away[question]")
def harmful_agreement_of_a_group_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """That all of a group were harmed is shown in a cross."""
    monkeypatch.setattr(frames.Frame, "agrees", lambda _frame, _rules: False)


@sabotage("R1", caught_by=CROSS + "test_who_was_not_asked_has_a_row_or_column_of_her_own")
def the_form_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that the form keeps empty are taken for figures."""
    monkeypatch.setattr(raw, "_impossible", lambda *_given: frozenset())


@sabotage("R1", caught_by=CROSS + "test_what_one_network_does_not_say_waits_for_the_audit[both for some]")
def entwined_questions_are_crossed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions that only some were asked are crossed as if everybody had been."""
    cross = raw._cross
    monkeypatch.setattr(raw, "_cross", lambda *given: replace(cross(*given), tangled=False, impossible=frozenset()))


@sabotage("R1", caught_by=CROSS + "test_a_mean_comes_from_displayed_figures_only")
def means_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of a scale is worked out from the counts."""

    def exact(scheme: schemes.Scheme, _displays: object, _rules: Rules) -> float:
        counts = list(enumerate(scheme.table.counts[:-1], 1))
        return sum(point * count for point, count in counts) / max(1, sum(count for _, count in counts))

    monkeypatch.setattr(control, "mean_of", exact)


@sabotage("R1", caught_by=COUNTING + "test_what_a_worker_hands_back_does_not_grow_with_people")
def rows_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tallier remembers who gave which answer for as long as it lives."""
    monkeypatch.setattr(tally, "FOLD", 1_000_000_000)


@sabotage("R1", caught_by=ANNEX + "test_every_table_that_fits_an_annex_leaves_small_counts_open")
def an_annex_hides_small_counts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """In exact figures nothing is withheld for the sake of what is."""
    monkeypatch.setattr(annex.ExactGrid, "exposed", lambda _grid, _displays: iter(()))


@sabotage("R3", caught_by=ANNEX + "test_which_of_two_like_figures_goes_cannot_be_foreseen")
def everybody_can_run_it_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which figure is given up follows from the figures alone."""
    monkeypatch.setattr(withholding.Lots, "__call__", lambda _lots, key: "\0".join(key).encode())
    monkeypatch.setattr(withholding.Lots, "weighed", lambda _lots, _key, count: float(count))


@sabotage("R3", caught_by=CROSS + "test_categories_are_brought_together_before_anything_is_withheld")
def nothing_is_ever_brought_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Categories stay as the form has them, whatever that costs."""
    monkeypatch.setattr(schemes, "_known_apart", lambda _raw, _members: True)


@sabotage("R1", caught_by=CROSS + "test_a_group_that_another_table_knows_is_never_mixed_with_others")
def known_groups_are_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group whose exact size another table tells is merged with others."""
    monkeypatch.setattr(schemes, "_known_apart", lambda _raw, _members: False)


@sabotage("O4", caught_by=CROSS + "test_planned_crosses_leave_with_the_candidate")
def plans_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bundle says was planned is not made."""
    monkeypatch.setattr(candidate, "raw_crosses", lambda *_given: ())


@sabotage("O4", caught_by="tests/privacy/test_counting.py::test_answers_meet_only_where_it_was_planned")
def everything_is_crossed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that nobody planned to look at together are."""
    plan = planned.crossings
    monkeypatch.setattr(
        tally, "crossings", lambda asked, given: plan(asked, [*given, ["region", "vote"]] if given else given)
    )


@sabotage("R1", caught_by=BOUNDARIES + "test_a_hundred_people_are_the_first_with_a_cross")
def thirty_a_cell_is_all_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross of three cells is made of ninety people."""
    monkeypatch.setattr(Rules, "of_round", classmethod(lambda cls, t, s: cls(t=t, s=s, crosses_from=0)))


@sabotage("R1", caught_by=BOUNDARIES + "test_a_mean_is_of_fifty_displayed_people_at_least")
def a_mean_is_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means are told of groups of any size."""
    mean = telling.mean_of
    monkeypatch.setattr(
        control, "mean_of", lambda scheme, shown, rules: mean(scheme, shown, replace(rules, percent_from=0))
    )


@sabotage("R1", caught_by=BOUNDARIES + "test_a_round_is_told_under_what_it_recorded")
def every_round_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a round recorded of its hostile responses is not read."""
    monkeypatch.setattr(Rules, "of_round", classmethod(lambda cls, *_said: cls()))


@sabotage("R1", caught_by=BOUNDARIES + "test_every_kind_of_question_passes_the_same_door")
def fourteen_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count at one below the threshold is shown."""
    judged = control._Desk._judged
    monkeypatch.setattr(
        control._Desk,
        "_judged",
        lambda desk, code, count: judged(desk, code, count + (count == desk.limits.threshold - 1)),
    )


@sabotage("R1", caught_by=BOUNDARIES + "test_no_table_is_of_three_questions")
def a_third_question_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a table of three questions the first two are crossed."""
    crossed = planned.crossings
    monkeypatch.setattr(tally, "crossings", lambda asked, plan: crossed(asked, [names[:2] for names in plan]))


@sabotage("R1", caught_by=STREAMED + "test_a_worker_holds_no_more_of_many_than_of_few")
def a_part_is_opened_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker opens all that it was given before it counts the first."""
    monkeypatch.setattr(tabulate, "TOGETHER", 1_000_000)


@sabotage("R1", caught_by=BOUNDARIES + "test_a_share_is_of_displayed_figures_only")
def shares_are_of_the_exact_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A share is worked out from how many were asked, and so tells it."""
    plain = control._Desk._shown

    def shown(desk: control._Desk, count: int) -> Shown:
        return plain(desk, count).model_copy(
            update={"percent": telling.share(desk.limits.rules.rounded(count), desk.raw.asked)}
        )

    monkeypatch.setattr(control._Desk, "_shown", shown)
