"""The release gate: what is audited, signed, voted on, and refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from privacy import gate
from privacy.audit.figures import System
from privacy.audit.programs import Program
from privacy.audit.run import Findings, audit, fingerprint
from privacy.candidate import Candidate
from privacy.certificate import digest
from privacy.errors import ReleaseRefused, Unsafe
from privacy.gate import Author, certify, check, check_certificate, check_releases, check_votes
from privacy.ledger import read_ledger
from privacy.release import Snapshot, check_order, rules_of
from privacy.signing import SigningFile, holds, new_signing_key, sign
from privacy.tables import Counts, Row, SafeTable, Shown, Small
from privacy.tabulate import Tabulated, tabulate
from privacy.votes import Voting, both, cast, read_voting, vote_on
from tests.privacy import synthetic
from tests.privacy.released import (
    ASKED,
    AUTHOR,
    FIRST,
    SECOND,
    WEEK,
    as_release,
    certified,
    counted,
    sample,
    silent,
    voted,
)

NOBODY = Author("who counts", AUTHOR)


def head() -> str:
    """Of the ledger beside which the sample was made."""
    return read_ledger(sample()[1], "protection").head


def candidate() -> Candidate:
    """The sample."""
    return sample()[0]


def changed(**fields: Any) -> Candidate:  # noqa: ANN401 - any field of a candidate
    """The sample, in which somebody has changed something."""
    return candidate().model_copy(update=fields)


def leaky() -> tuple[Candidate, Snapshot]:
    """One hidden cell beside two that are shown exactly enough: what is left of the total."""
    rows = (
        Row(code="north", cell=Shown(count=60, percent=50)),
        Row(code="south", cell=Shown(count=45, percent=38)),
        Row(code="east", cell=Small(below=15)),
    )
    given = candidate()
    form = tuple(
        facts.model_copy(update={"codes": ("north", "south", "east")}) for facts in given.form if facts.id == "region"
    )
    table = SafeTable(id="region", asked=Shown(count=120), rows=rows)
    about = {"tables": (table,), "form": form, "crosses": (), "languages": None, "repeats": None}
    return given.model_copy(update={**about, "certificate": None}), Snapshot(119)


def test_a_certificate_is_about_one_candidate_and_one_ledger() -> None:
    """What the desk signs names content, ledger, snapshot, tombstones, `s` and thresholds, and holds. Proves: R2."""
    given = candidate()
    certificate = check_certificate(given)

    assert holds(certificate)
    assert certificate.candidate == given.content
    assert (certificate.ledger_head, certificate.bundle_root) == (head(), given.method.bundle_root)
    assert (certificate.tombstones, certificate.s) == (given.method.tombstones, given.rules.s)
    assert check(given, head(), ()).safe


def test_an_unsafe_candidate_is_refused_by_its_cells() -> None:
    """What could be worked out is named by table and cell, never by its value, and nothing is signed. Proves: R2."""
    given, known = leaky()

    with pytest.raises(Unsafe, match="region") as refused:
        certify(given, (), known, NOBODY)

    assert "east" in str(refused.value)
    assert "14" not in str(refused.value)


def test_what_accomplices_could_work_out_is_refused_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate that is safe from whoever knows nobody, and not from `s` who took part, is not signed. Proves: R2."""
    given, known = changed(certificate=None), Snapshot(check_certificate(candidate()).people)
    bad, of = leaky()
    found = audit(gate.published(bad, (), of))

    def together(everything: System, **_how: Any) -> Findings:  # noqa: ANN401 - as it is called
        return found if everything.rules.s else audit(everything)

    assert check_certificate(certify(given, (), known, NOBODY)).s == 5
    monkeypatch.setattr(gate, "audit", together)
    with pytest.raises(Unsafe, match="region"):
        certify(given, (), known, NOBODY)


def test_time_that_runs_out_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that was not judged in its time is found, as if it could be worked out. Proves: R2."""
    from privacy.audit.errors import TimedOut

    def never(_program: Program, _mask: object) -> tuple[int, int]:
        raise TimedOut

    given, known = leaky()
    monkeypatch.setattr("privacy.audit.run.transport", lambda _block: None)
    monkeypatch.setattr(Program, "attained", never)

    with pytest.raises(Unsafe, match="undecided"):
        certify(given, (), known, NOBODY)


def test_without_an_author_it_is_a_draft() -> None:
    """What nobody signed for cannot be released, and the gate says so. Proves: R5."""
    draft = changed(certificate=None)

    with pytest.raises(ReleaseRefused, match="no-certificate"):
        check(draft, head(), ())


@pytest.mark.parametrize("where", ["tables", "respondents", "rehearsal"])
def test_a_changed_candidate_has_no_certificate(where: str) -> None:
    """A changed table, total or kind is another candidate than the one that was audited. Proves: R2, R4."""
    change: dict[str, object] = {"tables": (), "respondents": Shown(count=500), "rehearsal": False}

    with pytest.raises(ReleaseRefused, match="other-content"):
        check(changed(**{where: change[where]}), head(), ())


def test_a_certificate_that_somebody_else_wrote_is_none() -> None:
    """A certificate whose signature is not its key's, or about other figures, is refused. Proves: R2."""
    certificate = check_certificate(candidate())
    forged = certificate.model_copy(update={"s": 0})
    other = sign(AUTHOR, certificate.model_copy(update={"audited": "0" * 32}))

    with pytest.raises(ReleaseRefused, match="bad-signature"):
        check(changed(certificate=forged), head(), ())
    with pytest.raises(ReleaseRefused, match="other-audit"):
        check(changed(certificate=other), head(), ())


def test_the_gate_judges_figures_again() -> None:
    """A certificate signed over what was never audited does not pass: the gate computes as a reader. Proves: R2."""
    given, known = leaky()
    everything = gate.published(given, (), known)
    certificate = check_certificate(candidate()).model_copy(
        update={"candidate": given.content, "people": known.people, "audited": fingerprint(everything)}
    )
    bold = given.model_copy(update={"certificate": sign(AUTHOR, certificate)})

    with pytest.raises(Unsafe, match="region"):
        check(bold, head(), ())


def test_a_consultation_has_four_releases() -> None:
    """The fifth is refused, whichever round it is of. Proves: R4."""
    four = tuple(as_release(candidate(), number) for number in range(1, 5))

    with pytest.raises(ReleaseRefused, match="budget"):
        check_order(changed(round="ab" * 16), four)
    check_order(changed(round="ab" * 16), four[:3])


def test_a_question_keeps_its_categories() -> None:
    """Bands that were published once are not published shifted, also not of another round. Proves: R4."""
    given = changed(round="ab" * 16)
    age = given.table("age")
    rows = (Row(code="younger", cell=Shown(count=60), of=("young", "middle")), *age.rows[2:])
    other = given.model_copy(update={"tables": (SafeTable(id="age", asked=age.asked, rows=rows),)})

    check_order(given, (as_release(candidate()),))
    with pytest.raises(ReleaseRefused, match=r"other-scheme \(age\)"):
        check_order(other, (as_release(candidate()),))


def test_a_rehearsal_never_stands_beside_a_live_release() -> None:
    """One ledger holds one kind. Proves: R4."""
    with pytest.raises(ReleaseRefused, match="rehearsal-and-live"):
        check_order(changed(round="ab" * 16, rehearsal=False), (as_release(candidate()),))


@pytest.mark.parametrize("weaker", [{"threshold": 14}, {"threshold_sensitive": 24}, {"base": 1}, {"min_numbers": 5}])
def test_weaker_rules_do_not_pass(weaker: dict[str, int]) -> None:
    """A candidate of weaker rules than this program's is refused. Proves: R1."""
    lax = changed(rules=candidate().rules.model_copy(update=weaker))

    with pytest.raises(ReleaseRefused, match="lax-rules"):
        rules_of(lax)
    assert rules_of(candidate()).s == 5


def test_a_summary_without_figures_has_nothing_to_audit(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """Below twenty there is no figure; it is certified and checked all the same."""
    few: Tabulated = counted(tmp_path, 12)
    made = certified(few)

    assert check(made, few.made.candidate.method.ledger_head, ()).figures == 0
    assert check_certificate(made).people == 0


def test_whoever_counts_again_gets_the_same_content(tmp_path: Path) -> None:
    """Of one bundle, key and ledger another author makes the same content: a word that can be tried. Proves: R2."""
    made = synthetic.make_bundle(
        tmp_path, ASKED, [one.records(ASKED) for one in synthetic.people(60, 3)]
    )  # fmt: skip
    counts = [tabulate(made.path, made.private_key, tmp_path / "ledger.jsonl", silent, workers=1) for _ in range(2)]

    one, other = (certified(found, signer) for found, signer in zip(counts, (AUTHOR, FIRST), strict=True))

    assert one.content == other.content
    assert check_certificate(one).audited == check_certificate(other).audited
    assert check_certificate(one).key != check_certificate(other).key


def test_who_counted_does_not_vote() -> None:
    """Neither the author's key nor the author's name votes. Proves: R5."""
    for name, key in (("somebody", AUTHOR), ("who counts", FIRST)):
        vote = vote_on(candidate(), name, key, releases=True, nonce=bytes(32), week=WEEK)
        with pytest.raises(ReleaseRefused, match="author-votes"):
            cast(Voting(), candidate(), vote, key)


def test_two_votes_are_two_people() -> None:
    """The same key votes once, the same name is one person, and a third vote is one too many. Proves: R5."""
    given = candidate()
    again = vote_on(given, "another name", FIRST, releases=True, nonce=bytes([7]) * 32, week=WEEK)
    third = new_signing_key()
    more = vote_on(given, "third", third, releases=True, nonce=bytes([7]) * 32, week=WEEK)
    one = vote_on(given, "one", FIRST, releases=True, nonce=bytes(32), week=WEEK)
    namesake = vote_on(given, "one", SECOND, releases=True, nonce=bytes(32), week=WEEK, after=one.sealed)

    with pytest.raises(ReleaseRefused, match="voted-already"):
        cast(cast(Voting(), given, one, FIRST), given, again, FIRST)
    with pytest.raises(ReleaseRefused, match="both-in"):
        cast(voted(given), given, more, third)
    with pytest.raises(ReleaseRefused, match="one-name"):
        check_votes(given, (one, namesake))
    with pytest.raises(ReleaseRefused, match="not-voted"):
        check_votes(given, (one,))


def test_votes_are_sealed_until_both_are_in() -> None:
    """The first vote shows its key and a hash; only a second one opens both, and what opens is what was sealed.

    Proves: R5
    """
    given = candidate()
    first = vote_on(given, "one", FIRST, releases=False, nonce=bytes([1]) * 32, week=WEEK)
    other = vote_on(given, "one", FIRST, releases=True, nonce=bytes([1]) * 32, week=WEEK)
    second = vote_on(given, "two", SECOND, releases=True, nonce=bytes([2]) * 32, week=WEEK, after=first.sealed)

    alone = cast(Voting(), given, first, FIRST).with_open(first)
    two = cast(alone, given, second, SECOND)

    assert alone.opened == ()
    assert b"releases" not in alone.to_lines()
    assert b"one" not in alone.to_lines()
    assert two.opened == (second,)
    assert two.with_open(other) == two
    with pytest.raises(ReleaseRefused, match="vote-lost"):
        both(two)
    with pytest.raises(ReleaseRefused, match="not-voted"):
        both(alone)
    with pytest.raises(ReleaseRefused, match="voted-against"):
        check_votes(given, both(two.with_open(first)))


def test_votes_come_back_as_they_were_written() -> None:
    """A file of votes reads as it was written; a line that is no vote on this candidate refuses it. Proves: R5."""
    given, voting = candidate(), voted(candidate())
    lines = voting.to_lines()
    renamed = given.model_copy(update={"certificate": sign(AUTHOR, check_certificate(given).model_copy(
        update={"author": "another"}
    ))})  # fmt: skip

    assert read_voting(lines, given) == voting
    assert read_voting(b"", given) == Voting()
    for text, code in (
        (b"nonsense\n", "other-votes"),
        (b"[" * 200_000 + b"\n", "other-votes"),
        (lines.replace(b'"releases":true', b'"releases":false'), "bad-signature"),
        (lines.replace(given.content.encode(), b"0" * 64), "bad-signature"),
        (lines.splitlines()[0] + b"\n" + lines, "voted-already"),
        (lines.splitlines()[2] + b"\n", "other-votes"),
    ):
        with pytest.raises(ReleaseRefused, match=code):
            read_voting(text, given)
    with pytest.raises(ReleaseRefused, match="other-votes"):
        read_voting(b"".join(line + b"\n" for line in lines.splitlines()[2:]), renamed)


def test_a_sealed_vote_on_another_candidate_is_none() -> None:
    """What was signed for one candidate does not count for another. Proves: R5."""
    given = candidate()
    sealed = voted(given).sealed[0]
    elsewhere = sign(FIRST, sealed.model_copy(update={"candidate": "0" * 64}))

    with pytest.raises(ReleaseRefused, match="other-votes"):
        read_voting(Voting((elsewhere,)).to_lines(), given)


def test_every_release_of_a_ledger_is_verified() -> None:
    """A release whose votes, week, number or place in the chain is not what was signed is found. Proves: R4."""
    good = as_release(candidate())
    check_releases((good,))
    assert good.week == WEEK

    first, second = good.votes
    for bad in (
        good.model_copy(update={"number": 2}),
        good.model_copy(update={"previous": "0" * 64}),
        good.model_copy(update={"votes": (first, first)}),
        good.model_copy(update={"votes": (second, first)}),
        good.model_copy(update={"votes": (first, second.model_copy(update={"week": "2026-W49"}))}),
        good.model_copy(update={"votes": (first.model_copy(update={"week": "2026-W49"}), second)}),
        good.model_copy(update={"consultation": "another"}),
        good.model_copy(update={"candidate": changed(tables=())}),
        good.model_copy(update={"votes": (first, second.model_copy(update={"name": "another"}))}),
    ):
        with pytest.raises(ReleaseRefused, match="broken-record"):
            check_releases((bad,))


def test_a_signing_key_hides_its_seed() -> None:
    """Neither repr nor certificate holds what signs; a file whose halves differ is refused."""
    said = FIRST.model_dump_json()

    assert FIRST.seed.hex() not in repr(FIRST)
    assert SigningFile.model_validate_json(said) == FIRST
    with pytest.raises(ValueError, match="key"):
        SigningFile.model_validate_json(said.replace(FIRST.key.hex(), SECOND.key.hex()))
    assert not holds(check_certificate(candidate()).model_copy(update={"key": "f" * 64}))


def test_counts_do_not_change_what_was_audited() -> None:
    """The gate, which knows no counts, reads exactly the figures that the desk certified. Proves: R2."""
    given = candidate()
    known = Snapshot(check_certificate(given).people)

    assert fingerprint(gate.published(given, (), known)) == check_certificate(given).audited
    assert fingerprint(gate.published(given, (), replace(known, people=known.people + 1))) != digest(None)
    assert known.counts == Counts()
