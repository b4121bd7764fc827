"""*Destroyed* is said when enough have signed, and never on forged, mixed or replayed statements (D5)."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model import canonical
from privacy.destroyed import bundle_destroyed, share_destroyed
from privacy.destruction import Proof, Registered, Remains, Statement, judge, prove, verify
from privacy.errors import DestructionRefused
from privacy.signing import SigningFile, holds, signing_key
from storage.envelope.ceremony import Custody
from storage.signing import server_key, sign
from tests.destruction.make_vectors import FOLDER, custodians, proof, public

WEEK, EARLIER, LATER = "2026-W48", "2026-W40", "2026-W49"
SERVER = bytes(range(100, 132))


def person(number: int) -> SigningFile:
    """Somebody's signing key."""
    return signing_key(bytes([number]) * 32)


HOLDER, STRANGER = person(90), person(91)


@dataclass(frozen=True)
class Key:
    """One key of a round, and its custodians."""

    id: bytes
    holders: tuple[SigningFile, ...]
    threshold: int

    @property
    def custody(self) -> Custody:
        keys = tuple(one.key for one in self.holders)
        return Custody(key_id=self.id, shares=len(keys), threshold=self.threshold, custodians=keys)

    def gone(self, number: int, week: str = WEEK) -> Statement:
        return share_destroyed(self.id, number, week, self.holders[number - 1])

    def enough(self) -> list[Statement]:
        return [self.gone(number) for number in range(1, len(self.holders) - self.threshold + 2)]


def key(first: int, shares: int = 3, threshold: int = 2) -> Key:
    """A key whose custodians are persons `first`, `first` + 1 and so on."""
    return Key(bytes([first]) * 8, tuple(person(first + place) for place in range(shares)), threshold)


ANSWERS, CHATS, OTHER = key(1), key(11), key(21)
NAMED = Registered(bundle="aa" * 32, holder=HOLDER.key.hex(), week=WEEK)
UNNAMED = Registered(bundle="bb" * 32, holder=None, week=WEEK)


def remains(*keys: Key, exported: tuple[Registered, ...] = (NAMED, UNNAMED)) -> Remains:
    """What a server still knows of a round."""
    return Remains(round="00" * 16, week=WEEK, custody=tuple(one.custody for one in keys), exported=exported)


ROUND = remains(ANSWERS, CHATS)
GONE = [
    *ANSWERS.enough(), *CHATS.enough(), bundle_destroyed(b"\xaa" * 32, WEEK, HOLDER, erased=True),
    bundle_destroyed(b"\xbb" * 32, WEEK, ANSWERS.holders[2], erased=False),
]  # fmt: skip


def code(remaining: Remains, statements: list[Statement], week: str = WEEK) -> str:
    """Why it may not be called destroyed; nothing where it may."""
    try:
        judge(remaining, statements, week)
    except DestructionRefused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("shares", [1, 2, 3, 5])
def test_so_many_that_the_others_open_nothing(shares: int) -> None:
    """Of every choice of custodians, exactly those that leave fewer than the threshold are enough.

    Proves: D5, D4
    """
    for threshold in range(1, shares + 1):
        held = key(30, shares, threshold)
        for count in range(shares + 1):
            for chosen in combinations(range(1, shares + 1), count):
                left = shares - count
                told = code(remains(held, exported=()), [held.gone(number) for number in chosen])
                assert told == ("" if left < threshold else "shares-left")


def test_all_of_it_is_needed() -> None:
    """With any one statement of those that are just enough missing, the round is not destroyed.

    Proves: D5
    """
    assert code(ROUND, GONE) == ""
    for missing in range(len(GONE)):
        some = GONE[:missing] + GONE[missing + 1 :]
        assert code(ROUND, some) in {"shares-left", "bundles-left"}
        assert code(ROUND, some + some) in {"shares-left", "bundles-left"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (OTHER.gone(1), "other-round"),
        (share_destroyed(ANSWERS.id, 3, WEEK, ANSWERS.holders[0]), "not-a-custodian"),
        (share_destroyed(ANSWERS.id, 1, WEEK, CHATS.holders[0]), "not-a-custodian"),
        (share_destroyed(ANSWERS.id, 9, WEEK, STRANGER), "not-a-custodian"),
        (share_destroyed(ANSWERS.id, 3, LATER, ANSWERS.holders[2]), "clock"),
        (bundle_destroyed(b"\xcc" * 32, WEEK, HOLDER, erased=True), "other-round"),
        (bundle_destroyed(b"\xbb" * 32, WEEK, HOLDER, erased=True), "not-its-holder"),
        (bundle_destroyed(b"\xaa" * 32, WEEK, ANSWERS.holders[0], erased=True), "not-its-holder"),
        (bundle_destroyed(b"\xaa" * 32, EARLIER, HOLDER, erased=True), "too-early"),
        (bundle_destroyed(b"\xaa" * 32, LATER, HOLDER, erased=True), "clock"),
    ],
)
def test_what_does_not_belong_is_refused_by_its_place(said: Statement, why: str) -> None:
    """A statement of another round, person, number or week counts for nothing and is named by its place.

    Proves: D5
    """
    with pytest.raises(DestructionRefused) as refused:
        judge(ROUND, [*GONE, said], WEEK)

    assert (refused.value.code, refused.value.where) == (why, ("statement 7 of those given",))
    assert said.key not in str(refused.value)


def _forged(said: Statement, other: Statement, field: str) -> Statement:
    return said.model_copy(update={field: getattr(other, field)})


@given(data=st.data())
def test_no_mixture_of_true_statements_counts_for_more(data: st.DataObject) -> None:
    """Fields of one true statement put into another make one that is refused, unless nothing was changed by it.

    Proves: D5
    """
    every = [*GONE, ANSWERS.gone(3), CHATS.gone(3), ANSWERS.gone(1, EARLIER), OTHER.gone(2)]
    said, other = (data.draw(st.sampled_from(every)) for _ in range(2))
    field = data.draw(st.sampled_from([name for name in type(said).model_fields if name in type(other).model_fields]))
    mixed = _forged(said, other, field)

    assert mixed == said or not holds(mixed)
    assert mixed == said or code(ROUND, [*GONE, mixed]) == "bad-signature"


@given(given_=st.lists(st.sampled_from([*GONE, *GONE, ANSWERS.gone(3), CHATS.gone(3)]), max_size=12))
def test_order_and_repetition_change_nothing(given_: list[Statement]) -> None:
    """Whether it is destroyed depends on who has signed, and neither on how often nor in which order.

    Proves: D5
    """
    once = sorted(set(given_), key=repr)

    assert code(ROUND, given_) == code(ROUND, once) == code(ROUND, given_[::-1])


def signed(remaining: Remains = ROUND) -> Proof:
    """The proof that a server writes."""
    unsigned = prove(remaining, ["rounds"], GONE + GONE, week=WEEK, server_key=server_key(SERVER))
    made = unsigned.with_signature(sign(SERVER, unsigned.signed))
    assert isinstance(made, Proof)
    return made


def test_a_proof_is_judged_again_without_the_server() -> None:
    """The file alone is enough, and with the public files nobody can put other custodians in their place.

    Proves: D5
    """
    read = Proof.model_validate_json(canonical(signed().model_dump(mode="json")))
    verify(read, [ANSWERS.custody, CHATS.custody])

    assert (len(read.shares), len(read.bundles)) == (4, 2)
    with pytest.raises(DestructionRefused, match="other-custodians"):
        verify(read, [ANSWERS.custody, OTHER.custody])


@pytest.mark.parametrize(
    "changed",
    [
        {"week": LATER}, {"empty": ("rounds", "drafts")}, {"checksum": "00" * 32}, {"shares": signed().shares[1:]},
        {"bundles": ()}, {"remains": remains(ANSWERS)}, {"key": STRANGER.key.hex()},
    ],
)  # fmt: skip
def test_a_changed_proof_is_none(changed: dict[str, Any]) -> None:
    """Whatever is changed in a proof, it does not hold; nor where a server signs for what was not shown to it.

    Proves: D5
    """
    forged = signed().model_copy(update=changed)
    with pytest.raises(DestructionRefused, match="bad-signature"):
        verify(forged)
    again = forged.model_copy(update={"key": server_key(SERVER).hex()})
    lying = again.with_signature(sign(SERVER, again.signed))
    assert isinstance(lying, Proof)
    if {"checksum", "shares", "bundles", "remains"} & set(changed):
        with pytest.raises(DestructionRefused):
            verify(lying)


def test_the_frozen_proof_holds_for_ever() -> None:
    """The frozen proof is made again byte by byte, and verifies against the frozen public file.

    Proves: D5
    """
    held = custodians()
    frozen = (FOLDER / "proof.json").read_bytes()
    verify(Proof.model_validate_json(frozen), [public(held).custody()])

    assert canonical(proof(held).model_dump(mode="json")) + b"\n" == frozen
