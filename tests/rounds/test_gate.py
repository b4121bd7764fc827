"""Why a round may not open: every reason, and none that is invented."""

from dataclasses import replace

import pytest

from flows.model import Consultation
from rounds.gate import Interface, gaps, is_loopback
from storage.rounds import ControlRow, RoundRow
from tests.storage.asked import CONSULTATION

HERE, TELEGRAM = "http://127.0.0.1:8081", "https://api.telegram.org"
READY = RoundRow(
    id=bytes(16), code="AAAAAAAA", rehearsal=False, consultation=CONSULTATION,
    consultation_hash=CONSULTATION.fingerprint, public_key=bytes(32), key_id=bytes(8), shares=3, threshold=2,
    capacity=9, control=ControlRow(),
)  # fmt: skip


def changed(**values: object) -> Consultation:
    """The consultation with other values."""
    return Consultation.model_validate(CONSULTATION.model_dump(mode="json") | values)


SIGNED = Interface(frozenset({"en", "ar"}), frozenset({"en", "ar"}))


def codes(row: RoundRow, *, proved: bool = True, url: str = TELEGRAM, interface: Interface = SIGNED) -> set[str]:
    """Codes of all gaps."""
    found = gaps(row, proved=proved, bot_api_url=url, interface=interface)
    assert all(gap.remedy.endswith(".") for gap in found)
    return {gap.code for gap in found}


def test_a_complete_live_round_opens() -> None:
    """With everything in place there is no gap."""
    assert codes(READY) == set()


def test_the_bots_own_words_are_signed_too() -> None:
    """A live round waits for a native speaker of the bot's own words; no round opens where it has none. Proves: Q7."""
    draft, silent = Interface(SIGNED.spoken, frozenset({"en"})), Interface(frozenset({"en"}), frozenset({"en"}))
    rehearsal = replace(READY, rehearsal=True)

    assert codes(READY, interface=draft) == {"interface-not-reviewed-ar"}
    assert codes(rehearsal, url=HERE, interface=draft) == set()
    assert codes(rehearsal, url=HERE, interface=silent) == {"no-interface-ar"}


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


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost/bot", "http://[::1]:80", "http://127.9.8.7", "http://u@LOCALHOST:9"]
)
def test_this_machine_is_told_from_the_host(url: str) -> None:
    """Loopback addresses and `localhost` are this machine, with whatever port, path or user."""
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.telegram.org",
        "http://localhost.example.org",
        "http://127.0.0.1.nip.io",
        "http://user@10.0.0.1",
        "http://127.0.0.1@example.org",
        "",
        "http://[",
        "127.0.0.1",
    ],
)
def test_nothing_else_is_this_machine(url: str) -> None:
    """A name that only looks like loopback is another machine."""
    assert not is_loopback(url)
