"""A round's private key: made, shared among custodians, put together again, and proved.

One of the two homes of a private key. It is never written anywhere as such: `new_keys` locks it with a key derived
from a random seed, splits the seed k-of-n, locks each share under its holder's passphrase, and forgets all three.

Shamir's scheme of PyCryptodome shares 16 bytes and answers wrong or too few shares with a wrong secret, silently. The
gap is closed twice: the box around the private key does not open with a wrong seed, and what comes out of it must
belong to the public key. Its arithmetic is not constant time, and memory is not wiped by Python: split and combine on
a custodian's machine, offline, never on the server.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from Crypto.Protocol.SecretSharing import Shamir
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_keypair,
    crypto_box_seal_open,
    crypto_scalarmult_base,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.signing import VerifyKey

from privacy.errors import (
    BadCustody,
    ForgedShare,
    NotAChallenge,
    OtherKey,
    SameShareTwice,
    SharesDiffer,
    TooFewShares,
    WeakShare,
    WrongPassphrase,
)
from privacy.key_files import MODERATE, NONCE, SALT, SHARE, Cost, ShareFile, bound
from storage.envelope import ceremony
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, PublicFile
from storage.envelope.response import key_id


class NewKeys(NamedTuple):
    """The files of a new key: one for everybody, one for each custodian."""

    public: PublicFile
    shares: tuple[ShareFile, ...]


class LockedShare(NamedTuple):
    """A custodian's file, and the public half of the signing key that its passphrase makes."""

    file: ShareFile
    custodian: bytes


@dataclass(frozen=True, slots=True)
class RoundPrivateKey:
    """An unlocked private key. May travel to a worker process through its pipe, never to a file."""

    public_key: bytes
    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> bytes:
        """The 8 bytes that name this key."""
        return key_id(self.public_key)


def new_keys(shares: int, threshold: int, passphrases: Sequence[str], *, cost: Cost = MODERATE) -> NewKeys:
    """A fresh key of which any `threshold` of `shares` custodians can unlock the private half.

    Args:
        shares: custodians, 1 to 16.
        threshold: how many must come together.
        passphrases: one for each custodian, in the order of the share files.
        cost: how hard a passphrase is to guess from a stolen share file.

    Raises:
        BadCustody: numbers that do not fit together, or an empty passphrase.
    """
    if not 1 <= threshold <= shares <= ceremony.MAX_SHARES or len(passphrases) != shares or not all(passphrases):
        raise BadCustody
    public_key, secret = crypto_box_keypair()
    seed = secrets.token_bytes(SHARE)
    locked_key = bytes(SecretBox(_wrapping_key(public_key, seed)).encrypt(secret))
    bare = PublicFile(
        format="sauti-round-public", version=1, key_id=key_id(public_key), public_key=public_key,
        shares=shares, threshold=threshold,
    )  # fmt: skip
    split = Shamir.split(threshold, shares, seed)
    locked = [
        lock_share(bare, number, share, locked_key, passphrase, cost)
        for (number, share), passphrase in zip(split, passphrases, strict=True)
    ]
    named = {"version": 2, "custodians": tuple(each.custodian for each in locked)}
    return NewKeys(PublicFile(**bare.model_dump() | named), tuple(each.file for each in locked))


def lock_share(
    public: PublicFile, number: int, share: bytes, locked_key: bytes, passphrase: str, cost: Cost
) -> LockedShare:  # fmt: skip
    """One custodian's file: their share under their passphrase, bound to everything that stands around it."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    around = bound(public.public_key, (public.shares, public.threshold, number), cost, salt)
    stretched = _stretch(passphrase, salt, cost)
    file = ShareFile(
        format="sauti-share", version=1, key_id=public.key_id, public_key=public.public_key,
        shares=public.shares, threshold=public.threshold, number=number,
        passes=cost.passes, memory=cost.memory, salt=salt, nonce=nonce,
        locked_share=crypto_aead_xchacha20poly1305_ietf_encrypt(share, around, nonce, stretched),
        locked_key=locked_key,
    )  # fmt: skip
    return LockedShare(file, bytes(crypto_sign_seed_keypair(_signing_seed(file, stretched))[0]))


def custodian_seed(file: ShareFile, passphrase: str) -> bytes:
    """The seed (32 bytes) of the Ed25519 key with which this share's holder signs.

    It is made of the passphrase and the salt beside the share, and stands nowhere: it dies with the share's last copy.
    Custodians who come together can make the others' shares, because shares lie on one curve; these keys they cannot.

    Raises WrongPassphrase: the passphrase does not open the share either.
    """
    stretched = _stretch(passphrase, file.salt, file.cost)
    _open_with(0, file, stretched)
    return _signing_seed(file, stretched)


def unlock(
    shares: Sequence[ShareFile], passphrases: Sequence[str], *, cost: Cost = MODERATE
) -> RoundPrivateKey:  # fmt: skip
    """The private key that these custodians hold together.

    Args:
        shares: at least the threshold of them, of one key, in any order; every one given must fit.
        passphrases: one for each, in the same order.
        cost: the least that is accepted without doubt is MODERATE; name another to accept exactly that one too.

    Raises:
        BadCustody, SharesDiffer, SameShareTwice, TooFewShares, WeakShare: visible without a passphrase.
        WrongPassphrase: with the position of the share file.
        ForgedShare: all passphrases fit, but the shares do not make the key.
    """
    _check_together(shares, passphrases, cost)
    opened = [
        (file.number, _open_share(position, file, passphrase))
        for position, (file, passphrase) in enumerate(zip(shares, passphrases, strict=True))
    ]
    return combine(shares[0], opened)


def combine(file: ShareFile, opened: Sequence[tuple[int, bytes]]) -> RoundPrivateKey:
    """The private key locked in `file`, from opened shares. Raises ForgedShare where they do not make its key."""
    # More shares than the threshold lie on the same polynomial, so one that does not fit spoils the seed as well.
    seed = Shamir.combine(list(opened))
    try:
        secret = SecretBox(_wrapping_key(file.public_key, seed)).decrypt(file.locked_key)
    except CryptoError:
        raise ForgedShare from None
    if crypto_scalarmult_base(secret) != file.public_key:
        raise ForgedShare
    return RoundPrivateKey(file.public_key, bytes(secret))


def drill(challenge: ChallengeFile, private_key: RoundPrivateKey) -> DrillProofFile:
    """The proof that this key opens the round's challenge: a keyed hash of its nonce, never the nonce.

    Only a box of exactly a nonce's size is opened (`ChallengeFile` sees to that), and only its hash leaves: a server
    that hands over a participant's box as a challenge learns nothing from the answer.

    Raises:
        OtherKey: a challenge to another key.
        NotAChallenge: the box does not open.
    """
    if challenge.key_id != private_key.key_id:
        raise OtherKey
    try:
        nonce = crypto_box_seal_open(challenge.sealed, private_key.public_key, private_key.secret)
    except CryptoError:
        raise NotAChallenge from None
    return DrillProofFile(
        format="sauti-drill-proof", version=1, round=challenge.round, key_id=challenge.key_id,
        proof=ceremony.drill_proof(nonce, challenge.round),
    )  # fmt: skip


def signed_by(server_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the server's Ed25519 signature of `message`."""
    try:
        VerifyKey(server_key).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True


def _check_together(shares: Sequence[ShareFile], passphrases: Sequence[str], cost: Cost) -> None:
    """Refuses what can be seen to be wrong before anyone waits for a passphrase."""
    if not shares:
        raise TooFewShares
    if len(shares) != len(passphrases):
        raise BadCustody
    first, seen = _common(shares[0]), set[int]()
    for position, file in enumerate(shares):
        if _common(file) != first:
            raise SharesDiffer(position)
        if file.number in seen:
            raise SameShareTwice(position)
        if not file.cost.covers(MODERATE) and file.cost != cost:
            raise WeakShare(position)
        seen.add(file.number)
    if len(shares) < shares[0].threshold:
        raise TooFewShares


def _common(file: ShareFile) -> tuple[bytes, int, int, bytes]:
    return file.public_key, file.shares, file.threshold, file.locked_key


def _open_share(position: int, file: ShareFile, passphrase: str) -> bytes:
    return _open_with(position, file, _stretch(passphrase, file.salt, file.cost))


def _open_with(position: int, file: ShareFile, stretched: bytes) -> bytes:
    around = bound(file.public_key, (file.shares, file.threshold, file.number), file.cost, file.salt)
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(file.locked_share, around, file.nonce, stretched)
    except CryptoError:
        raise WrongPassphrase(position) from None


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # The same passphrase typed on another keyboard may be composed differently; NFC is one spelling for both.
    text = unicodedata.normalize("NFC", passphrase).encode()
    return bytes(argon2id.kdf(32, text, salt, opslimit=cost.passes, memlimit=cost.memory))


def _signing_seed(file: ShareFile, stretched: bytes) -> bytes:
    """Keyed BLAKE2b, with the share's number: custodians who take the same passphrase still sign apart."""
    around = file.public_key + bytes([file.number])
    return hashlib.blake2b(around, digest_size=32, key=stretched, person=b"sauti custodian").digest()


def _wrapping_key(public_key: bytes, seed: bytes) -> bytes:
    """The key around the private key: keyed BLAKE2b, which makes 32 bytes of the 16 that Shamir can share."""
    return hashlib.blake2b(public_key, digest_size=32, key=seed, person=b"sauti round key").digest()
