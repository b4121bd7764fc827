from collections.abc import Callable
from itertools import combinations

import pytest
from Crypto.Protocol.SecretSharing import Shamir
from nacl.bindings import crypto_box_seal, crypto_box_seal_open
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from privacy import keys
from privacy.errors import (
    BadCustody,
    ForgedShare,
    KeyRefused,
    SameShareTwice,
    SharesDiffer,
    TooFewShares,
    WeakShare,
    WrongPassphrase,
)
from privacy.key_files import INTERACTIVE, MODERATE, SENSITIVE, Cost, ShareFile
from privacy.keys import LockedShare, NewKeys, combine, new_keys, unlock
from tests.keys.support import WORDS, forged, two_of_three


def test_any_two_of_three_custodians_unlock_and_all_three_do() -> None:
    """Whoever is missing, the others can open the round, in whatever order they arrive. Proves: D4."""
    made = two_of_three()
    box = crypto_box_seal(b"sealed to the round", made.public.public_key)

    for present in [(2, 0), (0, 1), (1, 2), (0, 1, 2)]:
        key = unlock([made.shares[at] for at in present], [WORDS[at] for at in present], cost=INTERACTIVE)

        assert key.key_id == made.public.key_id
        assert crypto_box_seal_open(box, key.public_key, key.secret) == b"sealed to the round"


def test_every_choice_of_three_from_five_combines_and_no_pair_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """All ten triples of five shares make the key; all ten pairs and every single share are refused. Proves: D4."""
    handed: list[tuple[int, bytes]] = []
    honest = keys.lock_share

    def watching(public: object, number: int, share: bytes, *rest: object) -> LockedShare:
        handed.append((number, share))
        return honest(public, number, share, *rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(keys, "lock_share", watching)
    monkeypatch.setattr(keys, "_stretch", lambda _words, _salt, _cost: bytes(32))
    made = new_keys(5, 3, ["five custodians"] * 5)

    for triple in combinations(handed, 3):
        assert combine(made.shares[0], triple).public_key == made.public.public_key
    for few in [*combinations(handed, 2), *combinations(handed, 1)]:
        with pytest.raises(ForgedShare):
            combine(made.shares[0], few)


def test_too_few_shares_are_refused_before_anyone_types() -> None:
    """One custodian of two learns at once that another is needed. Proves: D4."""
    with pytest.raises(TooFewShares):
        unlock(two_of_three().shares[:1], WORDS[:1], cost=INTERACTIVE)
    with pytest.raises(TooFewShares):
        unlock([], [], cost=INTERACTIVE)


@pytest.mark.parametrize("present", [(0, 1), (0, 1, 2)])
def test_a_forged_share_is_refused(present: tuple[int, ...]) -> None:
    """A custodian who exchanges their share spoils the key, and cannot make another of it. Proves: D4."""
    files = [forged(0, b"sixteen bytes...") if at == 0 else two_of_three().shares[at] for at in present]

    with pytest.raises(ForgedShare):
        unlock(files, [WORDS[at] for at in present], cost=INTERACTIVE)


def test_a_box_with_a_foreign_key_is_refused() -> None:
    """Custodians who agree on a box around another private key do not unlock this round's key with it."""
    made, seed = two_of_three(), bytes(16)
    wrapping = keys._wrapping_key(made.public.public_key, seed)
    planted = made.shares[0].model_copy(update={"locked_key": bytes(SecretBox(wrapping).encrypt(bytes(32)))})

    with pytest.raises(ForgedShare):
        combine(planted, Shamir.split(2, 3, seed)[:2])


@pytest.mark.parametrize("words", ["river stone lamp ", "River stone lamp", ""])
def test_a_wrong_passphrase_names_the_file_and_nothing_else(words: str) -> None:
    """The custodian at fault can try again, and the error repeats nothing of what was typed. Proves: D6."""
    made = two_of_three()

    with pytest.raises(WrongPassphrase) as caught:
        unlock([made.shares[1], made.shares[0]], [WORDS[1], words], cost=INTERACTIVE)

    assert caught.value.position == 1
    assert str(caught.value).startswith("wrong-passphrase (share file 2 of those given): ")
    assert "stone" not in repr(caught.value) + str(caught.value)


def test_a_passphrase_fits_from_any_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Composed and decomposed letters are the same passphrase."""
    stretched: list[bytes] = []

    def kdf(_size: int, text: bytes, *_rest: object, **_cost: object) -> bytes:
        stretched.append(text)
        return bytes(32)

    monkeypatch.setattr(argon2id, "kdf", kdf)

    keys._stretch("cafe\u0301", b"", MODERATE)
    keys._stretch("caf\u00e9", b"", MODERATE)

    assert stretched == ["caf\u00e9".encode()] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3}, {"salt": bytes(16)}, {"nonce": bytes(24)}, {"locked_share": bytes(32)},
        {"passes": 3}, {"memory": INTERACTIVE.memory + 1024},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_no_field_of_a_share_can_be_changed(change: dict[str, object]) -> None:
    """A share is bound to its number, its key and its cost, so that files cannot be recombined by a forger."""
    made = two_of_three()
    changed = made.shares[0].model_copy(update=change)
    beside = made.shares[1].model_copy(update={"passes": changed.passes, "memory": changed.memory})

    with pytest.raises(WrongPassphrase) as caught:
        unlock([changed, beside], WORDS[:2], cost=changed.cost)

    assert caught.value.position == 0


def _of(share: ShareFile, **change: object) -> ShareFile:
    return share.model_copy(update=change)


@pytest.mark.parametrize(
    ("spoil", "kind", "position"),
    [
        (lambda made: [made.shares[0], made.shares[0]], SameShareTwice, 1),
        (lambda made: [made.shares[0], _of(made.shares[1], public_key=bytes(32))], SharesDiffer, 1),
        (lambda made: [made.shares[0], _of(made.shares[1], threshold=1)], SharesDiffer, 1),
        (lambda made: [made.shares[0], _of(made.shares[1], shares=2)], SharesDiffer, 1),
        (lambda made: [made.shares[0], _of(made.shares[1], locked_key=bytes(72))], SharesDiffer, 1),
    ],
    ids=["twice", "key", "threshold", "shares", "box"],
)
def test_files_that_do_not_belong_together_are_named(
    spoil: Callable[[NewKeys], list[ShareFile]], kind: type[KeyRefused], position: int
) -> None:
    """A mix-up at the table is told before a passphrase is asked for, with the file that does not fit."""
    with pytest.raises(kind) as caught:
        unlock(spoil(two_of_three()), WORDS[:2], cost=INTERACTIVE)

    assert caught.value.position == position


def test_shares_weaker_than_moderate_are_refused_unless_named() -> None:
    """A share that is easy to guess does not pass unnoticed; naming another cost does not admit it either."""
    made = two_of_three()

    for accepted in (MODERATE, SENSITIVE, Cost(INTERACTIVE.passes, INTERACTIVE.memory + 1)):
        with pytest.raises(WeakShare) as caught:
            unlock(made.shares[:2], WORDS[:2], cost=accepted)
        assert caught.value.position == 0


def test_moderate_is_what_custodians_get() -> None:
    """The default wraps a share at libsodium's MODERATE level, and opens without being told. Proves: D4."""
    made = new_keys(1, 1, ["one custodian"])

    assert made.shares[0].cost == Cost(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE) == MODERATE
    assert unlock(made.shares, ["one custodian"]).key_id == made.public.key_id


@pytest.mark.parametrize(
    ("shares", "threshold", "words"),
    [(0, 0, []), (1, 2, ["a"]), (2, 0, ["a", "b"]), (17, 2, ["a"] * 17), (2, 2, ["a"]), (2, 2, ["a", ""])],
)
def test_custody_that_cannot_work_is_refused(shares: int, threshold: int, words: list[str]) -> None:
    """A key that nobody could unlock, or everybody, is not made."""
    with pytest.raises(BadCustody):
        new_keys(shares, threshold, words)
    with pytest.raises(BadCustody):
        unlock(two_of_three().shares[:2], WORDS)


def test_neither_keys_nor_shares_print_themselves() -> None:
    """A traceback with a key in it shows its public half only. Proves: D6."""
    made = two_of_three()
    key = unlock(made.shares[:2], WORDS[:2], cost=INTERACTIVE)

    assert repr(key.secret) not in repr(key)
    assert repr(made.shares[0]) == "<ShareFile>"
    assert "locked" not in repr(made)
