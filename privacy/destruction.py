"""When a round may be called *destroyed*, and the proof of it (D5).

Of each of its keys, so many custodians must have signed that their shares are gone that those which may be left open
nothing; and of each bundle that ever left, its holder must have signed that it is gone. Pure: the server says what
remained with it, people say what is gone, and anybody can judge both again from the proof alone, without any of them.
`docs/formats/destruction.md` is the specification.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from flows.model import Frozen
from privacy.certificate import UNSIGNED, Hash, Signed, Week, digest
from privacy.destroyed import BundleDestroyed, ShareDestroyed
from privacy.errors import DestructionRefused
from privacy.signing import holds
from storage.envelope.ceremony import Custody

Statement = ShareDestroyed | BundleDestroyed


class Registered(Frozen):
    """One bundle of the server's register."""

    bundle: Hash
    holder: Hash | None
    """Public signing key; None where the custodians answer for it."""
    week: Week
    """In which it left, for the last time."""


class Remains(Frozen):
    """All that the server still knows of a round, but for the code by which people found it."""

    round: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    week: Week
    """In which it destroyed what it held."""
    custody: Annotated[tuple[Custody, ...], Field(min_length=1)]
    exported: tuple[Registered, ...]

    @property
    def checksum(self) -> str:
        """SHA-256 over it."""
        return digest(self.model_dump(mode="json"))


class Proof(Signed):
    """That a round is destroyed: what, when, what remained, and who says so. `key` is the server's."""

    format: Literal["sauti-destruction-proof"]
    version: Literal[1]
    week: Week
    """In which the last of it was shown to be gone."""
    empty: Annotated[tuple[str, ...], Field(min_length=1)]
    """Where the server has looked for the round, and found nothing: tables, and kinds of secrets."""
    remains: Remains
    checksum: Hash
    """Of what remained: the same on the server, as long as nothing of the round comes back."""
    shares: tuple[ShareDestroyed, ...]
    bundles: tuple[BundleDestroyed, ...]


def prove(
    remains: Remains, empty: Sequence[str], statements: Sequence[Statement], *, week: str, server_key: bytes
) -> Proof:  # fmt: skip
    """The proof, still to be signed with the server's key; each statement in it once.

    Raises DestructionRefused: a statement that does not belong here, with its place among those given, or what lacks.
    """
    judge(remains, statements, week)
    shares = {(one.key_id, one.number): one for one in statements if isinstance(one, ShareDestroyed)}
    bundles = {(one.bundle, one.key): one for one in statements if isinstance(one, BundleDestroyed)}
    return Proof(
        format="sauti-destruction-proof", version=1, key=server_key.hex(), signature=UNSIGNED, week=week,
        empty=tuple(empty), remains=remains, checksum=remains.checksum,
        shares=tuple(shares[one] for one in sorted(shares)), bundles=tuple(bundles[one] for one in sorted(bundles)),
    )  # fmt: skip


def verify(proof: Proof, custody: Iterable[Custody] = ()) -> None:
    """Judges a proof again, with nothing but itself and what was known of the keys from the beginning.

    Args:
        proof: the proof.
        custody: of the round's public files, as whoever verifies has kept them. Without them the proof is believed
            about who the custodians were.

    Raises DestructionRefused.
    """
    if not holds(proof) or proof.checksum != proof.remains.checksum:
        raise DestructionRefused("bad-signature")
    if any(known not in proof.remains.custody for known in custody):
        raise DestructionRefused("other-custodians")
    judge(proof.remains, (*proof.shares, *proof.bundles), proof.week)


def judge(remains: Remains, statements: Sequence[Statement], week: str) -> None:
    """Whether these statements are enough, and all of them about this round. Raises DestructionRefused."""
    for place, said in enumerate(statements, 1):
        code = _fault(remains, said, week)
        if code is not None:
            raise DestructionRefused(code, (f"statement {place} of those given",))
    _check_shares(remains, statements)
    _check_bundles(remains, statements)


def _fault(remains: Remains, said: Statement, week: str) -> str | None:
    if not holds(said):
        return "bad-signature"
    if said.week > week:
        return "clock"
    return _share_fault(remains, said) if isinstance(said, ShareDestroyed) else _bundle_fault(remains, said)


def _share_fault(remains: Remains, said: ShareDestroyed) -> str | None:
    of = next((one for one in remains.custody if one.key_id.hex() == said.key_id), None)
    if of is None:
        return "other-round"
    named = said.number <= of.shares and of.custodians[said.number - 1].hex() == said.key
    return None if named else "not-a-custodian"


def _bundle_fault(remains: Remains, said: BundleDestroyed) -> str | None:
    about = [one for one in remains.exported if one.bundle == said.bundle]
    if not about:
        return "other-round"
    mine = [one for one in about if said.key in _answering(remains, one)]
    if not mine:
        return "not-its-holder"
    # Whoever has taken it again since has to say it again.
    return "too-early" if any(said.week < one.week for one in mine) else None


def _answering(remains: Remains, export: Registered) -> tuple[str, ...]:
    """Keys of those who can sign that this bundle is gone."""
    if export.holder is not None:
        return (export.holder,)
    return tuple(key.hex() for of in remains.custody for key in of.custodians)


def _check_shares(remains: Remains, statements: Sequence[Statement]) -> None:
    gone = {(said.key_id, said.number) for said in statements if isinstance(said, ShareDestroyed)}
    lacking = [
        f"key {of.key_id.hex()}: {signed} of {of.needed}"
        for of in remains.custody
        if (signed := sum((of.key_id.hex(), number) in gone for number in range(1, of.shares + 1))) < of.needed
    ]
    if lacking:
        raise DestructionRefused("shares-left", tuple(lacking))


def _check_bundles(remains: Remains, statements: Sequence[Statement]) -> None:
    gone = {(said.bundle, said.key) for said in statements if isinstance(said, BundleDestroyed)}
    left = [
        f"{one.bundle} with {one.holder or 'the custodians'}"
        for one in remains.exported
        if not any((one.bundle, key) in gone for key in _answering(remains, one))
    ]
    if left:
        raise DestructionRefused("bundles-left", tuple(left))
