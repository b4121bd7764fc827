"""Why a round may not open: every reason, and none that is invented."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.model import Consultation
from flows.review import Signature, signed
from flows.statements import GROUPS
from rounds import invented
from rounds.deployment import Deployment
from rounds.gate import Interface, Opening, cautions, gaps
from storage.rounds import ControlRow, RoundRow
from tests.rounds.records import SERVICES, TODAY, entry, record
from tests.storage.asked import CONSULTATION

HERE, TELEGRAM = "http://127.0.0.1:8081", "https://api.telegram.org"
READY = RoundRow(
    id=bytes(16), code="AAAAAAAA", rehearsal=False, consultation=CONSULTATION,
    consultation_hash=CONSULTATION.fingerprint, public_key=bytes(32), key_id=bytes(8), shares=3, threshold=2,
    capacity=9, control=ControlRow(), deployment=record().frozen, referrals=record().referrals,
    notification_key=bytes(32),
)  # fmt: skip


def under(deployment: Deployment, row: RoundRow = READY) -> RoundRow:
    """The round with another deployment record."""
    return replace(row, deployment=deployment.frozen, referrals=deployment.referrals)


def changed(**values: object) -> Consultation:
    """The consultation with other values."""
    return Consultation.model_validate(CONSULTATION.model_dump(mode="json") | values)


def read_again(consultation: Consultation) -> Consultation:
    """The same consultation, signed in both languages as it stands now."""
    reviews = {
        language: signed(consultation, Signature(language, "A. Reader", "2026-11-02")).model_dump(mode="json")
        for language in ("en", "ar")
    }
    return Consultation.model_validate(consultation.model_dump(mode="json") | {"reviews": reviews})


BOTH = frozenset({"en", "ar"})
SIGNED = Interface(BOTH, BOTH, BOTH)


def codes(
    row: RoundRow,
    *,
    proved: bool = True,
    url: str = TELEGRAM,
    interface: Interface = SIGNED,
    today: date = TODAY,
) -> set[str]:
    """Codes of all gaps."""
    found = gaps(row, Opening(proved, url, interface, today))
    assert len({gap.code for gap in found}) == len(found)
    assert all(gap.remedy.endswith(".") for gap in found)
    return {gap.code for gap in found}


def test_a_complete_live_round_opens() -> None:
    """With everything in place there is no gap."""
    assert codes(READY) == set()


def test_the_bots_own_words_are_signed_too() -> None:
    """A live round waits for a native speaker of the bot's own words; no round opens where it has none. Proves: Q7."""
    english = frozenset({"en"})
    draft, silent = replace(SIGNED, signed=english), replace(SIGNED, spoken=english, signed=english)
    rehearsal = replace(READY, rehearsal=True)

    assert codes(READY, interface=draft) == {"interface-not-reviewed-ar"}
    assert codes(rehearsal, url=HERE, interface=draft) == set()
    assert codes(rehearsal, url=HERE, interface=silent) == {"no-interface-ar"}


def test_a_round_opens_only_in_languages_that_documents_know() -> None:
    """Nothing could be released: whoever answered in another language could never read what came of it. Proves: R9."""
    unwritten = replace(SIGNED, told=frozenset({"en"}))

    assert codes(READY, interface=unwritten) == {"no-documents-ar"}
    assert codes(replace(READY, rehearsal=True), url=HERE, interface=unwritten) == {"no-documents-ar"}


def test_a_rehearsal_stays_on_this_machine() -> None:
    """A rehearsal has a gap unless the Bot API's address is loopback; a live round may speak to anyone."""
    rehearsal = replace(READY, rehearsal=True)

    assert codes(rehearsal, url=HERE) == set()
    assert codes(rehearsal, url=TELEGRAM) == {"rehearsal-outside"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (replace(READY, threshold=1), "one-custodian"),
        (replace(READY, shares=2), "no-spare-share"),
        (replace(READY, consultation=changed(reviews={})), "not-reviewed-ar"),
        (
            replace(
                READY, consultation=changed(reviews={"en": {"reviewed": True}, "ar": {"reviewed": False, "by": "B"}})
            ),
            "not-reviewed-en",
        ),
    ],
)
def test_every_gap_of_a_live_round_is_named(row: RoundRow, code: str) -> None:
    """One custodian, no spare share, an unread language or one read by nobody named keeps a live round shut.

    Proves: O3
    """
    assert code in codes(row)


def test_a_text_that_changed_after_it_was_signed_keeps_a_live_round_shut() -> None:
    """One letter of one language, and a review that was only written down, are unread; a rehearsal does not ask.

    Proves: Q7, O1
    """
    tree = CONSULTATION.model_dump(mode="json")
    tree["sections"][0]["items"][0]["text"]["ar"] += "."
    letter = Consultation.model_validate(tree)
    by_hand = changed(
        reviews={
            name: review.model_dump(mode="json") | {"texts": None} for name, review in CONSULTATION.reviews.items()
        }
    )

    assert codes(replace(READY, consultation=letter)) == {"not-reviewed-ar"}
    assert codes(replace(READY, consultation=by_hand)) == {"not-reviewed-ar", "not-reviewed-en"}
    assert codes(replace(READY, consultation=read_again(letter))) == set()
    assert codes(replace(READY, consultation=letter, rehearsal=True), url=HERE) == set()


def test_whoever_asks_to_write_needs_a_box() -> None:
    """A live round that asks whether it may tell of results needs the box's key; a rehearsal is told that it lacks it.

    Proves: O1, W5
    """
    boxless = replace(READY, notification_key=None)
    rehearsal = replace(boxless, rehearsal=True)

    assert codes(boxless) == {"no-notification-key"}
    assert codes(replace(boxless, opened_week="2026-W40")) == set()
    assert codes(rehearsal, url=HERE) == set()
    assert [one.code for one in cautions(rehearsal)] == ["no-notification-key"]


def test_an_unproved_key_keeps_every_round_shut() -> None:
    """Without the proof of the key neither a live round nor a rehearsal opens.

    Proves: O3
    """
    assert codes(READY, proved=False) == {"key-not-proved"}
    assert codes(replace(READY, rehearsal=True), proved=False, url=HERE) == {"key-not-proved"}


def test_what_the_linter_refuses_does_not_open() -> None:
    """An error of the linter is a gap, for a rehearsal too."""
    broken = CONSULTATION.model_dump(mode="json")
    broken["sections"][0]["items"][0]["relevant"] = "${nowhere} = 1"
    row = replace(READY, consultation=Consultation.model_validate(broken), rehearsal=True)

    assert any(code.startswith("lint-") for code in codes(row, url=HERE))


def test_no_option_lowers_the_thresholds_of_open_links() -> None:
    """A round that reckons with fewer hostile responses than its record does not open, a rehearsal neither.

    Proves: R1, O4
    """
    for rehearsal in (False, True):
        row = replace(READY, control=ControlRow(s=4), rehearsal=rehearsal)
        assert "hostile-too-few" in codes(row, url=HERE)
        assert "hostile-too-few" not in codes(replace(row, control=ControlRow(s=5)), url=HERE)


REGIONS = [{"id": name, "text": {"en": name, "ar": name}} for name in ("north", "south")]


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        ("purpose", "no-purpose"),
        ("process", "no-process"),
        ("recipients", "no-recipients"),
        ("risk_assessment", "no-risk-assessment"),
        ("retention_months", "no-retention"),
        ("custodians", "no-custodians"),
        ("community_reviewer", "no-community-reviewer"),
        ("time_zone", "no-time-zone"),
    ],
)
def test_each_gap_of_the_record_refuses_opening_by_its_name(left_out: str, code: str) -> None:
    """A record that lacks one thing keeps a live round shut, and exactly that thing is named.

    Proves: O1
    """
    assert codes(under(record(**{left_out: None}))) == {code}


def test_persons_stand_behind_a_live_round() -> None:
    """Who assessed the risk, who read each language, and a custodian for each share: a live round names them all.

    Proves: O1
    """
    nobody = record(
        risk_assessment={"date": "2026-11-01"},
        languages={"en": {"reviewed_by": "A. Reader"}, "ar": {"date": "2026-11-03"}},
        custodians=["One", "Two"],
    )

    assert codes(under(nobody)) == {"no-risk-assessor", "no-reader-en", "no-reader-ar", "no-custodians"}


def test_without_a_record_no_round_opens() -> None:
    """Neither a live round nor a rehearsal opens without a deployment record.

    Proves: O1
    """
    bare = replace(READY, deployment=None, referrals=())

    assert codes(bare) == {"no-deployment"}
    assert codes(replace(bare, rehearsal=True), url=HERE) == {"no-deployment"}


@pytest.mark.parametrize("service", SERVICES)
def test_each_kind_of_help_is_named_in_every_language(service: str) -> None:
    """Help that is missing altogether, or for the readers of one language, keeps any round shut.

    Proves: O2
    """
    others = [entry(one) for one in SERVICES if one != service]
    missing, partial = (
        under(record(referrals=others)),
        under(record(referrals=[*others, entry(service, languages=["en"])])),
    )

    assert codes(missing) == {f"no-help-{service}-en", f"no-help-{service}-ar"}
    assert codes(partial) == {f"no-help-{service}-ar"}
    assert codes(replace(partial, rehearsal=True), url=HERE) == {f"no-help-{service}-ar"}


def test_each_kind_of_help_is_named_in_every_region() -> None:
    """Where regions are offered, each has help of every kind, its own or one that serves everywhere.

    Proves: O2
    """
    asked = read_again(changed(regions=REGIONS))
    row = replace(READY, consultation=asked, consultation_hash=asked.fingerprint)
    north = [entry("legal", region="north"), *(entry(one) for one in SERVICES if one != "legal")]

    assert codes(row) == set()
    assert codes(under(record(referrals=north), row)) == {"no-help-legal-en-south", "no-help-legal-ar-south"}
    assert codes(under(record(referrals=[*north, entry("legal", region="south")]), row)) == set()
    assert "unknown-region-7" in codes(under(record(referrals=[*north, entry("legal", region="west")]), row))


def test_a_list_that_fits_no_card_is_named() -> None:
    """Entries that together are longer than one card keep any round shut, in the language in which they are.

    Proves: O2
    """
    wordy = [entry(one, how={"en": "x" * 800, "ar": "Ring"}) for one in SERVICES]

    assert codes(under(record(referrals=wordy))) == {"help-too-long-en"}


@pytest.mark.parametrize("age", [31, 400, -1])
def test_help_that_nobody_tried_within_30_days_keeps_a_live_round_shut(age: int) -> None:
    """An entry tried 31 days ago, or in the future, or never, refuses opening; 30 days are still good.

    Proves: O2
    """
    old = [entry(one) for one in SERVICES[1:]] + [entry("health", verified_on=str(TODAY - timedelta(days=age)))]
    row = under(record(referrals=old))

    assert codes(row) == {"referral-stale-6"}
    assert codes(replace(row, rehearsal=True), url=HERE) == set()
    assert row.stale_referrals(TODAY) == 1
    assert codes(READY, today=TODAY + timedelta(days=30)) == set()
    assert codes(READY, today=TODAY + timedelta(days=31)) == {f"referral-stale-{place}" for place in range(1, 7)}
    untried = [entry(one, verified_on=None, verified_by=None) for one in SERVICES]
    assert len(codes(under(record(referrals=untried)))) == 12


@pytest.mark.parametrize("language", ["en", "ar"])
def test_people_can_complain_outside_in_every_language(language: str) -> None:
    """A language without a route for complaints keeps any round shut.

    Proves: W6
    """
    other = {"en": "ar", "ar": "en"}[language]
    row = under(record(complaint={other: "Ring +000 111"}))

    assert codes(row) == {f"no-complaint-{language}"}
    assert codes(replace(row, rehearsal=True), url=HERE) == {f"no-complaint-{language}"}


def test_one_custodian_needs_a_written_reason() -> None:
    """With the reason in the record one custodian may open alone, and this is said aloud.

    Proves: O3
    """
    alone = replace(READY, threshold=1)
    reason = under(record(exceptions={"O3": "There is nobody else whom the people would trust."}), alone)

    assert codes(alone) == {"one-custodian"}
    assert codes(reason) == set()
    assert [one.code for one in cautions(reason)] == ["one-custodian-by-exception"]


def test_a_question_on_own_experience_needs_a_written_reason() -> None:
    """What the linter refuses while only the chat can be used opens with the reason in the record, and only that.

    Proves: Q9
    """
    asked = CONSULTATION.model_dump(mode="json")
    asked["sections"][0]["items"][0]["sensitivity"] = "experience"
    own = Consultation.model_validate(asked)
    row = replace(READY, consultation=own, consultation_hash=own.fingerprint)
    reason = {"Q9": "The community asked for this question itself."}
    refused = codes(row)

    assert len(refused) == 1
    assert next(iter(refused)).startswith("lint-")
    assert codes(under(record(exceptions=reason), row)) == set()
    assert codes(under(record(exceptions={"Q8": reason["Q9"]}), row)) == refused


def test_earlier_consultations_are_recorded_or_asked_for() -> None:
    """A record that says nothing of earlier consultations brings a caution and opens; an empty list says: none.

    Proves: O5
    """
    silent = under(record(earlier_consultations=None))

    assert codes(silent) == set()
    assert [one.code for one in cautions(silent)] == ["earlier-not-recorded"]
    assert cautions(READY) == ()


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ([["nowhere"]], "planned-table-1"),
        ([["place"], ["place", "place"]], "planned-table-2"),
        ([["change"]], "planned-table-1"),
        ([["place", "other"]] * 4, "too-many-tables"),
    ],
)
def test_planned_tables_are_made_of_what_is_asked(tables: list[list[str]], code: str) -> None:
    """A table of an unknown question, of one twice, of words, or one too many of two variables, is named.

    Proves: O4
    """
    assert code in codes(under(record(planned_tables=tables)))


def test_three_tables_of_two_questions_may_be_planned() -> None:
    """Three crosses stand in a plan; a fourth is one too many. Proves: R1, O4."""
    plans = [[["place", "other"]] * 3, [["place", "other"]] * 4, [["place", "other"]] * 2 + [[GROUPS, "other"]] * 2]
    found = [codes(under(record(planned_tables=plan))) for plan in plans]

    assert ["too-many-tables" in each for each in found] == [False, True, True]


def test_codes_for_one_person_let_a_round_count_nobody_as_hostile() -> None:
    """Where each invitation lets one person in, s is 0 by the record, and the gate takes a round that says so.

    Proves: R1, F4
    """
    single = record(open_links=False)
    alone = replace(under(single), control=ControlRow(s=single.hostile))

    assert single.hostile == 0
    assert codes(alone) == set()
    assert codes(replace(under(record()), control=ControlRow(s=0))) == {"hostile-too-few"}


def test_a_rehearsal_skips_names_and_ages_only() -> None:
    """The record that a rehearsal invents opens it, lacks exactly names and trials, and never opens a live round."""
    made = under(invented.record(CONSULTATION))
    live = codes(made)

    assert codes(replace(made, rehearsal=True), url=HERE) == set()
    assert {code.rstrip("-0123456789") for code in live} == {
        "no-custodians", "no-risk-assessor", "no-community-reviewer", "no-reader-en", "no-reader-ar",
        "no-time-zone", "referral-stale", "referral-unverified",
    }  # fmt: skip
