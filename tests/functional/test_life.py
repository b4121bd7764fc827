"""A round's life by the real commands: checked, scheduled, and told what happened at the desk."""

from pathlib import Path

import pytest

from privacy.candidate import Candidate
from privacy.ledger import read_ledger
from privacy.signing import sign
from tests.functional.conftest import Desk
from tests.privacy import released
from tests.privacy.released import AUTHOR

pytestmark = pytest.mark.xdist_group("commands")
FAR = ("2099-12-01T09:00", "2099-12-08T18:00")


def test_a_round_is_checked_and_scheduled(desk: Desk, rounds: dict[str, str]) -> None:
    """With the custodians' proof a round is checked once; then its times can be planned, shown and forgotten."""
    name = rounds["drafted"]
    assert desk.run("round", "schedule", name, "--opens", FAR[0]).exit_code == 1
    checked = desk.json("round", "check", name, "--drill", desk.prove(name))
    again = desk.run("round", "check", name)
    planned = desk.json("round", "schedule", name, "--opens", FAR[0], "--closes", FAR[1])
    seen = desk.json("round", "status", name)
    cleared = desk.json("round", "schedule", name, "--clear")

    assert (checked["state"], again.exit_code) == ("checked", 1)
    assert "wrong-state" in again.stderr
    assert (planned["state"], planned["opens"]) == ("scheduled", f"{FAR[0]}+00:00")
    assert (seen["opens"], seen["closes"]) == (planned["opens"], planned["closes"])
    assert (cleared["state"], cleared["opens"], cleared["closes"]) == ("checked", None, None)
    assert desk.json("round", "open", name)["state"] == "open"
    assert (desk / "secrets" / "salts" / name).exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "nothing-planned"),
        (("--opens", "soon"), "not-a-time"),
        (("--opens", "2001-12-01T09:00"), "time-past"),
        (("--opens", FAR[0], "--clear"), "--clear goes alone"),
    ],
)
def test_a_time_that_cannot_be_planned_is_told(
    desk: Desk, rounds: dict[str, str], words: tuple[str, ...], code: str
) -> None:
    """Exit 2 with what to write instead; the round stays as it was."""
    result = desk.run("round", "schedule", rounds["open"], *words)

    assert result.exit_code == 2
    assert code in result.stderr
    assert desk.json("round", "status", rounds["open"])["closes"] is None


def of_round(desk: Desk, name: str) -> Candidate:
    """A certified candidate that says it is of this round and its key."""
    sample, ledger = released.sample()
    (desk / "ledger.jsonl").write_bytes(ledger)
    public = desk / "keys" / "round.public.json"
    key = public.read_text("utf-8").partition('"key_id": "')[2][:16]
    method = sample.method.model_copy(update={"key_id": key})
    moved = sample.model_copy(update={"round": name, "rehearsal": True, "method": method, "certificate": None})
    assert sample.certificate is not None
    unsigned = sample.certificate.model_copy(update={"candidate": moved.content})
    return moved.model_copy(update={"certificate": sign(AUTHOR, unsigned)})


def written(path: Path, data: bytes) -> Path:
    """The file."""
    path.write_bytes(data)
    return path


def test_the_server_is_told_with_signatures(desk: Desk, rounds: dict[str, str]) -> None:
    """A candidate with its certificate makes a closed round *analysed*, a release that the ledger holds *released*.

    Proves: R5
    """
    name = rounds["closed"]
    candidate = of_round(desk, name)
    told = written(desk / "candidate.json", candidate.to_json())
    assert desk.json("round", "analysed", name, told)["state"] == "analysed"

    release = released.published(desk / "ledger.jsonl", candidate)
    out = written(desk / "release.json", release.to_json())
    assert desk.json("round", "released", name, out, "--ledger", desk / "ledger.jsonl")["state"] == "released"
    assert read_ledger((desk / "ledger.jsonl").read_bytes(), candidate.subject.id).releases == (release,)
    assert desk.run("round", "analysed", name, told).exit_code == 1
    assert desk.json("round", "released", name, out, "--ledger", desk / "ledger.jsonl")["state"] == "released"


def test_nobodys_word_is_taken_for_it(desk: Desk, rounds: dict[str, str]) -> None:
    """Unsigned, changed, of another round, or missing in the ledger: refused, and the round stays closed.

    Proves: R5
    """
    name = rounds["closed"]
    candidate = of_round(desk, name)
    ledger = desk / "ledger.jsonl"
    before = ledger.read_bytes()
    draft = candidate.model_copy(update={"certificate": None})
    changed = candidate.model_copy(update={"respondents": None})
    foreign = of_round(desk, rounds["open"])
    for wrong, code in ((draft, "no-certificate"), (changed, "other-content"), (foreign, "other-round")):
        result = desk.run("round", "analysed", name, written(desk / "wrong.json", wrong.to_json()))
        assert (result.exit_code, code in result.stderr) == (1, True), result.output

    release = released.published(ledger, candidate)
    out = written(desk / "release.json", release.to_json())
    unknown = desk.run("round", "released", name, out, "--ledger", written(desk / "old.jsonl", before))
    first, _ = release.votes
    alone = release.model_copy(update={"votes": (first, first)})
    forged = desk.run("round", "released", name, written(desk / "f.json", alone.to_json()), "--ledger", ledger)

    assert (unknown.exit_code, forged.exit_code) == (1, 1)
    assert "not-in-ledger" in unknown.stderr
    assert "broken-record" in forged.stderr
    assert desk.json("round", "status", name)["state"] == "closed"
    assert desk.run("round", "released", rounds["open"], out, "--ledger", ledger).exit_code == 1
