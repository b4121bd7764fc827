"""A bundle becomes a candidate: the same on any number of processes, and nothing is dropped in silence."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model import Consultation, Purpose, canonical
from flows.records import Manifest, consent_hash, encode_manifest
from privacy.bundles import ranges, verify
from privacy.candidate import Candidate, candidate
from privacy.consent import NotUsable
from privacy.control import protect
from privacy.counting import Admission
from privacy.errors import LedgerRefused, NotACandidate, OtherKey
from privacy.ledger import read_ledger, remember_withdrawn
from privacy.planned import Plan
from privacy.rules import Rules
from privacy.tables import RawTable, SafeTable
from privacy.tabulate import BATCH, Job, count, count_range, tabulate
from privacy.tally import Layout, Tallier, Tally
from privacy.withholding import seed_of
from storage.envelope.errors import BadManifest
from tests.privacy import synthetic

ASKED = synthetic.consultation()
PLAN = (("region", "needs"), ("trust", "displaced"), ("age",))
PEOPLE = synthetic.people(40)


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def tally_of(people: Sequence[synthetic.Person], plan: Plan = PLAN) -> Tally:
    """People counted one after the other, here."""
    tallier, admission = Tallier(ASKED, plan), Admission(ASKED)
    for person in people:
        tallier.count(admission.countable(synthetic.countable(ASKED, person.records(ASKED))))
    return tallier.tally()


@given(st.lists(st.integers(0, 40), max_size=5), st.randoms(), st.booleans())
def test_a_tally_is_the_same_however_the_people_are_divided(
    cuts: list[int], order: random.Random, threaded: bool
) -> None:
    """Parts counted here or on threads, added in any order, make the tally of everybody at once. Proves: R1."""
    edges = sorted({0, 40, *cuts})
    chunks = [PEOPLE[low:high] for low, high in pairwise(edges)]
    with ThreadPoolExecutor(3) as threads:
        parts = list((threads.map if threaded else map)(tally_of, chunks))
    order.shuffle(parts)

    total = tally_of([])
    for part in parts:
        total = part + total

    assert total == tally_of(PEOPLE)


def test_workers_in_processes_find_what_one_process_finds(tmp_path: Path) -> None:
    """Two processes over many ranges, damaged responses among them, count like one process over one range."""
    made = synthetic.make_bundle(
        tmp_path, ASKED, [person.records(ASKED) for person in synthetic.people(BATCH + 60)], damaged=3
    )
    bundle = verify(made.path)
    job = Job(
        made.private_key, bundle.manifest.round, canonical(bundle.manifest.consultation), True, frozenset(), PLAN
    )  # fmt: skip
    steps: list[tuple[int, int]] = []

    together = count(bundle, job, lambda done, total: steps.append((done, total)), workers=2)

    alone = count_range(job, ranges(bundle, 1)[0])
    assert together == alone
    assert together.refused == {"altered": 3}
    assert Layout(ASKED).responses(together) == BATCH + 57
    assert steps[-1] == (BATCH + 60, BATCH + 60)


def test_a_bundle_becomes_a_candidate(tmp_path: Path) -> None:
    """Opened, counted and protected: what leaves holds rounded figures, the facts of its making, and no words."""
    made = synthetic.make_bundle(
        tmp_path, ASKED, [person.records(ASKED) for person in synthetic.people(120)], damaged=2
    )

    found = tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1).made.candidate

    assert found.respondents is not None
    assert found.respondents.count == 120
    assert found.method.refused == {"altered": 2}
    assert found.method.tombstones == 1
    assert found.method.ledger_head == read_ledger((tmp_path / "ledger.jsonl").read_bytes(), "protection").head
    assert {table.id for table in found.tables} == {question.id for question in found.subject.questions}
    assert b"CANARY" not in found.to_json()
    assert type(found).from_json(found.to_json()) == found


def test_another_file_is_not_taken_for_a_candidate() -> None:
    """A file that is no candidate is refused by the name of a field, without a word of its content."""
    with pytest.raises(NotACandidate, match="file") as refused:
        Candidate.from_json(b'["CANARY"]')
    assert "CANARY" not in str(refused.value)


def test_a_candidate_of_another_version_says_so() -> None:
    """What another version wrote is refused in clear words: it can be made again."""
    with pytest.raises(NotACandidate, match="run `sauti tabulate` again"):
        Candidate.from_json(b'{"format": "sauti-candidate", "version": 1}')


@pytest.mark.parametrize("number", [0, 1, 19])
def test_fewer_than_twenty_leave_without_a_single_figure(tmp_path: Path, number: int) -> None:
    """Below N = 20 a candidate holds no table and no total. Proves: R1."""
    people = [person.records(ASKED) for person in synthetic.people(max(number, 1))]
    made = synthetic.make_bundle(tmp_path, ASKED, people, damaged=0 if number else 1)

    found = tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1).made.candidate

    assert (found.respondents, found.tables, found.languages, found.repeats) == (None, (), None, None)


def test_who_did_not_allow_counting_is_not_counted(tmp_path: Path) -> None:
    """A response whose giver allowed other uses, but not counting, changes no figure and is reported. Proves: K4."""
    willing = synthetic.people(60)
    others = [
        synthetic.Person(person.answers, purposes=frozenset({Purpose.QUOTE, Purpose.PARAPHRASE}))
        for person in synthetic.people(40, seed=2)
    ]
    made = synthetic.make_bundle(tmp_path, ASKED, [person.records(ASKED) for person in (*willing, *others)])

    found = tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1).made.candidate

    assert found.method.refused == {"no-consent-to-count": 40}
    assert found.respondents is not None
    assert found.respondents.count == 60


def test_a_rehearsal_never_counts_in_a_live_round() -> None:
    """A rehearsal's response in a live bundle is refused, and the reverse."""
    records = synthetic.people(1)[0].records(ASKED)

    with pytest.raises(NotUsable, match="rehearsal-mixed"):
        synthetic.countable(ASKED, records, rehearsal=False)


def test_consent_to_other_words_is_no_consent() -> None:
    """Who was shown another edition's consent texts has not allowed this one to count her. Proves: K4."""
    person = synthetic.people(1)[0]
    plain = ASKED.model_dump(mode="json")
    plain["consent"]["count"]["en"] = "May we keep your answers?"
    before = Consultation.model_validate(plain)
    manifest = Manifest(
        ASKED.fingerprint, consent_hash(before, "en"), person.purposes, "en", rehearsal=True, repeat=False
    )  # fmt: skip
    records = [encode_manifest(manifest, ASKED), *person.records(ASKED)[1:]]

    with pytest.raises(NotUsable, match="other-consent"):
        synthetic.countable(ASKED, records)


@pytest.mark.parametrize("records", [[], [b""], [b"CANARY"]], ids=["no record", "an empty one", "words"])
def test_a_response_that_does_not_say_what_it_is_is_not_counted(records: list[bytes]) -> None:
    """A response that opens and does not begin with a manifest is refused by a code, without a word of it."""
    with pytest.raises(NotUsable, match="not-a-manifest"):
        synthetic.countable(ASKED, records)


def test_countable_answers_show_nothing_of_a_person() -> None:
    """The repr of somebody's countable answers has neither her answers nor her language."""
    person = synthetic.people(1)[0]

    countable = synthetic.countable(ASKED, person.records(ASKED))

    assert repr(countable) == "<Countable>"
    assert repr(Admission(ASKED).countable(countable)) == "<CountableAnswers>"


def test_another_rounds_key_counts_nothing(tmp_path: Path) -> None:
    """A key that the bundle is not sealed to is named before anything is opened."""
    made = synthetic.make_bundle(tmp_path, ASKED, [synthetic.people(1)[0].records(ASKED)])
    (tmp_path / "other").mkdir()
    other = synthetic.make_bundle(tmp_path / "other", ASKED, [synthetic.people(1)[0].records(ASKED)])

    with pytest.raises(OtherKey):
        tabulate(made.path, other.private_key, tmp_path / "ledger.jsonl", silent, workers=1)
    assert not (tmp_path / "ledger.jsonl").exists()


@pytest.mark.parametrize(
    "plan",
    [
        (("age", "nowhere"),), (("age",), ("nowhere",)), (("age", "own"),), (("age", "age"),), (("opinion_groups",),),
        (("opinion_groups", "vote"),),
    ],
    ids=["nowhere", "alone", "words", "itself", "groups of nothing", "too few statements"],
)  # fmt: skip
def test_tables_that_nobody_could_plan_count_nothing(tmp_path: Path, plan: Plan) -> None:
    """A bundle whose plan is not about what was asked is refused as a whole, well signed or not. Proves: O4."""
    people = [person.records(ASKED) for person in synthetic.people(20)]
    made = synthetic.make_bundle(tmp_path, ASKED, people, planned=tuple(map(tuple, plan)))

    with pytest.raises(BadManifest):
        tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1)
    assert not (tmp_path / "ledger.jsonl").exists()


def test_what_was_not_planned_stands_in_no_candidate(tmp_path: Path) -> None:
    """A candidate has the crosses of its round's plan and no other, whatever its people answered. Proves: O4, R1."""
    people = [person.records(ASKED) for person in synthetic.people(200)]
    (tmp_path / "bare").mkdir()
    found = [
        tabulate(made.path, made.private_key, made.path.with_name("ledger.jsonl"), silent, workers=1).made.candidate
        for made in (
            synthetic.make_bundle(tmp_path, ASKED, people, planned=(("region", "trust"), ("age",))),
            synthetic.make_bundle(tmp_path / "bare", ASKED, people),
        )
    ]

    assert [[cross.id for cross in each.crosses] for each in found] == [["region*trust"], []]


@pytest.mark.parametrize("frozen", ["unsaid", "nothing"])
def test_a_bundle_about_another_text_counts_nothing(tmp_path: Path, frozen: str) -> None:
    """What was asked must be a whole consultation, in the one spelling that participants' consent names. Proves: O4."""
    whole = ASKED.model_dump(mode="json")
    said = {"unsaid": {name: value for name, value in whole.items() if name != "edition"}, "nothing": {}}[frozen]
    people = [person.records(ASKED) for person in synthetic.people(20)]
    made = synthetic.make_bundle(tmp_path, ASKED, people, frozen=said)

    with pytest.raises(BadManifest):
        tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1)
    assert not (tmp_path / "ledger.jsonl").exists()


def test_lots_are_the_custodians(tmp_path: Path) -> None:
    """Which figures go is drawn from the round's private key and the bundle's root: again by those who can open it.

    Nobody can draw it from what is public: root, keys, round. Proves: R3.
    """
    made = synthetic.make_bundle(tmp_path, ASKED, [person.records(ASKED) for person in synthetic.people(40)])
    manifest = verify(made.path).manifest
    found = [tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1) for _ in "ab"]
    public = (made.private_key.public_key, manifest.key_id, manifest.server_key, manifest.round, manifest.root)

    assert found[0].seed == found[1].seed == seed_of(made.private_key.secret, manifest.root)
    assert found[0].made.candidate == found[1].made.candidate
    assert not any(found[0].seed == seed_of(each, manifest.root) for each in (*public, b"", bytes(32)))


def test_every_table_is_drawn_with_that_lot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting hands its own secret to the door, and of tables and crosses alike it decides which figures go.

    Proves: R3
    """
    planned = (("displaced", "first"),)
    people = [person.records(ASKED) for person in synthetic.people(200)]
    made = synthetic.make_bundle(tmp_path, ASKED, people, planned=planned)
    handed = []

    def watched(raw: RawTable, rules: Rules, seed: bytes) -> SafeTable:
        handed.append(seed)
        return protect(raw, rules, seed)

    monkeypatch.setattr("privacy.candidate.protect", watched)
    found = tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1)
    assert set(handed) == {found.seed}

    tally, manifest = tally_of(synthetic.people(200), planned), verify(made.path).manifest
    other = [
        candidate(tally, ASKED, manifest, ledger_head="0" * 64, seed=bytes([seed]) * 32).candidate for seed in range(6)
    ]

    assert len({each.table("first").model_dump_json() for each in other}) > 1
    assert len({each.cross("displaced*first").model_dump_json() for each in other}) > 1


def test_lots_stay_what_they_were() -> None:
    """A count done again years later hides the same figures: another root or another secret, other lots. Proves: R3."""
    secret, root = bytes(range(32)), bytes(range(32, 64))

    assert seed_of(secret, root).hex() == "e2164e92ff5a565b22c17a3a8abe47ae403f0c5845e1703cb8ff702dd6061879"
    assert len({seed_of(secret, root), seed_of(root, secret), seed_of(secret, bytes(32))}) == 3


def test_an_older_bundle_brings_nobody_back(tmp_path: Path) -> None:
    """What a newer bundle says was withdrawn is left out of an older one, unopened, for good and counted as such.

    Proves: W2
    """
    ledger = tmp_path / "ledger.jsonl"
    made = synthetic.make_bundle(tmp_path, ASKED, [person.records(ASKED) for person in synthetic.people(60)])
    older = tmp_path / "older.bundle"
    older.write_bytes(made.path.read_bytes())
    everybody = tabulate(older, made.private_key, ledger, silent, workers=1).made.candidate
    left = synthetic.withdraw(made, 10)

    newer = tabulate(made.path, made.private_key, ledger, silent, workers=1).made.candidate
    again = tabulate(older, made.private_key, ledger, silent, workers=1).made.candidate

    assert [each.respondents.count for each in (everybody, newer, again) if each.respondents] == [60, 50, 50]
    assert (everybody.method.refused, newer.method.refused, again.method.refused) == ({}, {}, {"withdrawn": 10})
    assert (again.languages, again.repeats) == (newer.languages, newer.repeats)
    assert [table.asked for table in again.tables] == [table.asked for table in newer.tables]
    assert everybody.method.ledger_head != newer.method.ledger_head == again.method.ledger_head
    assert all(each.hex() in ledger.read_text("utf-8") for each in left)


def test_withdrawals_of_another_round_leave_this_one_alone(tmp_path: Path) -> None:
    """A ledger serves every round of its consultation; each has withdrawals of its own, and grows by new ones only."""
    path, first, second = tmp_path / "ledger.jsonl", b"1" * 16, b"2" * 16
    remember_withdrawn(path, "protection", first, [b"a" * 16])

    assert remember_withdrawn(path, "protection", second, []).withdrawn(second) == frozenset()
    more = remember_withdrawn(path, "protection", first, [b"b" * 16, b"a" * 16])
    size = path.stat().st_size
    same = remember_withdrawn(path, "protection", first, [b"a" * 16])

    assert more == same
    assert more.withdrawn(first) == {b"a" * 16, b"b" * 16}
    assert (path.stat().st_size, read_ledger(path.read_bytes(), "protection").head) == (size, same.head)
    assert path.read_text("utf-8").count((b"a" * 16).hex()) == 1


@pytest.mark.parametrize("responses", [None, [], [7], ["CANARY"], "61" * 16])
def test_a_withdrawal_that_cannot_be_read_is_not_passed_over(tmp_path: Path, responses: object) -> None:
    """A line of withdrawals in another form stops the counting by its number; it is never taken for none.

    Proves: W2
    """
    path, round_id = tmp_path / "ledger.jsonl", b"1" * 16
    head = remember_withdrawn(path, "protection", round_id, ()).head
    line = {"entry": "withdrawn", "round": round_id.hex(), "responses": responses, "previous": head}
    path.write_bytes(path.read_bytes() + canonical(line) + b"\n")

    with pytest.raises(LedgerRefused, match=r"not-a-ledger \(line 2\)") as refused:
        remember_withdrawn(path, "protection", round_id, ())
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text[:-1], "cut"),
        (lambda text: text + b"nonsense\n", "not-a-ledger"),
        (lambda text: text + b'{"previous":"00"}\n', "broken-chain"),
        (lambda text: text.replace(b"protection", b"another"), "other-consultation"),
        (lambda text: text.replace(b"sauti-ledger", b"something"), "not-a-ledger"),
    ],
)
def test_a_changed_ledger_is_not_relied_on(tmp_path: Path, change: Callable[[bytes], bytes], code: str) -> None:
    """A ledger that was cut, continued by hand or made for another consultation is refused by name."""
    path = tmp_path / "ledger.jsonl"
    head = remember_withdrawn(path, "protection", bytes(16), ())
    assert remember_withdrawn(path, "protection", bytes(16), ()) == head

    path.write_bytes(change(path.read_bytes()))

    with pytest.raises(LedgerRefused, match=code):
        remember_withdrawn(path, "protection", bytes(16), ())
