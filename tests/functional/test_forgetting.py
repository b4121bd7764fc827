"""The end of a round by the real commands: shares and bundles go, each signed for, and a proof is left."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.functional.conftest import Desk

pytestmark = pytest.mark.xdist_group("commands")


def test_a_share_goes_and_a_statement_stays(desk: Desk) -> None:
    """`keys destroy` leaves no byte of the share, also where it is a link, and a statement that names no person.

    Proves: D5
    """
    share, link, out = desk.keys(2), desk / "link.json", desk / "2.destroyed"
    link.symlink_to(share)
    second = desk / "same-disk.json"
    second.hardlink_to(share)
    told = desk.run("keys", "destroy", link, "--out", out, "--yes")
    said = json.loads(out.read_bytes())

    assert told.exit_code == 0, told.output
    assert not share.exists()
    assert set(second.read_bytes()) == {0}
    assert (said["format"], said["number"]) == ("sauti-share-destroyed", 2)
    assert said["key"] in told_keys(desk)
    assert json.loads(told.stdout)["key_id"] == said["key_id"]
    assert "passphrase" not in out.read_text("utf-8")


def told_keys(desk: Desk) -> list[str]:
    """The custodians' keys of the desk's public file, in hexadecimal."""
    from base64 import b64decode

    public = json.loads((desk / "keys" / "round.public.json").read_bytes())
    return [b64decode(key).hex() for key in public["custodians"]]


def test_nothing_goes_without_a_yes_a_passphrase_and_a_place(desk: Desk, tmp_path: Path) -> None:
    """Nobody there to say yes, wrong words, or no room for the statement: refused, and the share is what it was."""
    share, out = desk.keys(1), desk / "1.destroyed"
    before = share.read_bytes()
    wrong = tmp_path / "wrong"
    wrong.write_text("not these words\n", "utf-8")
    silent = desk.run("keys", "destroy", share, "--out", out)
    other = desk.run("keys", "destroy", share, "--out", out, "--yes", passphrase_file=str(wrong))
    nowhere = desk.run("keys", "destroy", share, "--out", desk / "no" / "folder", "--yes")
    taken = desk.run("keys", "destroy", share, "--out", desk.keys(3), "--yes")

    assert [each.exit_code for each in (silent, other, nowhere, taken)] == [2, 1, 2, 2]
    assert "say --yes" in silent.stderr
    assert "wrong-passphrase" in other.stderr
    assert share.read_bytes() == before
    assert not out.exists()


def test_a_statement_outlives_an_interruption(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the share was overwritten, nothing was signed; stopped after it, the statement is there."""
    share, out = desk.keys(1), desk / "1.destroyed"
    before = share.read_bytes()

    def stopped(*_given: object) -> None:
        raise OSError(5, "the disk is gone", str(share))

    with monkeypatch.context() as early:
        early.setattr("sauti.files._overwrite", stopped)
        assert desk.run("keys", "destroy", share, "--out", out, "--yes").exit_code == 2
    assert (share.read_bytes(), out.exists()) == (before, False)
    assert list(desk.folder.glob(".unfinished-*")) == []
    with monkeypatch.context() as late:
        late.setattr("pathlib.Path.unlink", stopped)
        assert desk.run("keys", "destroy", share, "--out", out, "--yes").exit_code == 2
    assert set(share.read_bytes()) == {0}
    assert json.loads(out.read_bytes())["number"] == 1


def registered(desk: Desk) -> list[str]:
    """What the folder of secrets notes of bundles that left."""
    return sorted(mark.name for mark in (desk / "secrets" / "exported").iterdir())


def test_a_bundle_is_written_down_with_whoever_takes_it(desk: Desk, rounds: dict[str, str]) -> None:
    """Each bundle stands in the register under its checksum, week and holder; the checksum is told with it.

    Proves: D5
    """
    key = desk.json("keys", "signing", "--out", desk / "holder.json")["key"]
    before = registered(desk)
    told = desk.json("bundle", rounds["closed"], "--out", desk / "held.bundle", "--holder", key)
    wrong = desk.run("bundle", rounds["closed"], "--out", desk / "other.bundle", "--holder", "somebody")
    line = (desk / "held.bundle").read_bytes().split(b"\n")[0] + b"\n"

    assert told["bundle"] == hashlib.sha256(line).hexdigest()
    assert len(before) == 1
    assert before[0].startswith(f"{rounds['closed']}-{told['bundle']}-none-")
    assert any(one.startswith(f"{rounds['closed']}-{told['bundle']}-{key}-") for one in registered(desk))
    assert (wrong.exit_code, len(registered(desk))) == (2, 2)
    assert not (desk / "other.bundle").exists()


def test_a_bundle_goes_and_its_holder_signs(desk: Desk, tmp_path: Path) -> None:
    """`erase` overwrites a bundle and nothing else, and signs with the holder's key or with a custodian's.

    Proves: D5
    """
    key = desk.json("keys", "signing", "--out", desk / "holder.json")["key"]
    bundle, copy = desk / "round.bundle", tmp_path / "same.disk"
    copy.hardlink_to(bundle)
    line = bundle.read_bytes().split(b"\n")[0] + b"\n"
    called = hashlib.sha256(line).hexdigest()
    other = desk.run("erase", desk.keys(1), "--signing-key", desk / "holder.json", "--out", desk / "o", "--yes")
    told = desk.json("erase", bundle, "--signing-key", desk / "holder.json", "--out", desk / "signed", "--yes")
    again = desk.json("erase", called, "--signing-key", desk.keys(2), "--out", desk / "again", "--yes")
    signed, custodian = (json.loads((desk / name).read_bytes()) for name in ("signed", "again"))

    assert (other.exit_code, desk.keys(1).exists(), (desk / "o").exists()) == (1, True, False)
    assert "not-a-bundle" in other.stderr
    assert not bundle.exists()
    assert set(copy.read_bytes()) == {0}
    assert (told["bundle"], told["erased"], again["erased"]) == (called, True, False)
    assert (signed["key"], custodian["key"]) == (key, told_keys(desk)[1])
    assert desk.run("erase", desk / "nowhere", "--signing-key", desk.keys(2), "--out", desk / "n").exit_code == 2


def test_a_round_ends_in_a_proof(desk: Desk, rounds: dict[str, str]) -> None:
    """Pending with one share too few, a bundle too many, or a secret that came back; then destroyed, and proved.

    Proves: D5
    """
    name, signed, out = rounds["closed"], [desk / f"{number}.signed" for number in (1, 2, 3)], desk / "proof.json"
    early = desk.run("round", "destroyed", name, desk.keys(1), "--out", out)
    desk.json("round", "destroy", name, "--now")
    status = desk.json("round", "status", name)
    desk.json("erase", desk / "round.bundle", "--signing-key", desk.keys(3), "--out", signed[2], "--yes")
    for number in (1, 2):
        desk.json("keys", "destroy", desk.keys(number), "--out", signed[number - 1], "--yes")
    few = desk.run("round", "destroyed", name, signed[0], signed[2], "--out", out)
    held = desk.run("round", "destroyed", name, signed[0], signed[1], "--out", out)
    back = desk / "secrets" / "receipts" / name
    back.write_bytes(bytes(32))
    left = desk.run("round", "destroyed", name, *signed, "--out", out)
    back.unlink()

    assert [each.exit_code for each in (early, few, held, left)] == [1, 1, 1, 1]
    for each, why in ((early, "wrong-state"), (few, "shares-left"), (held, "bundles-left"), (left, "not-gone")):
        assert why in each.stderr
    assert (status["state"], len(status["bundles"]), out.exists()) == ("destruction-pending", 1, False)
    assert desk.json("round", "destroyed", name, *signed, "--out", out)["state"] == "destroyed"
    assert desk.json("round", "status", name)["state"] == "destroyed"
    assert desk.json("round", "destroy", name, "--now")["state"] == "destroyed"
    desk.json("round", "destroyed", name, signed[0], "--out", desk / "again.json")
    assert (desk / "again.json").read_bytes() == out.read_bytes()
    told = desk.json("round", "proof", out, "--public-key", desk / "keys" / "round.public.json")
    other = desk.run("round", "proof", out, "--public-key", desk / "other" / "round.public.json")
    assert (told["round"], told["shares"], told["of"], told["bundles"]) == (name, 2, 3, 1)
    assert (other.exit_code, "other-custodians" in other.stderr) == (1, True)
