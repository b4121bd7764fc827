"""The folder of secrets: small files beside no database and in no backup.

    intake.secret        of the whole bot; made at first use
    salts/<round>        dies when the round has closed: from then on nobody can tell whose response is whose
    receipts/<round>     lives until the round is destroyed: receipts withdraw that long
    contacts/<round>     names chats beside the round's contact box, and dies with that
    boxless/<round>      an empty file: this round's contact box was destroyed, whatever a restored database says
    destroyed/<round>    an empty file: this round never gets a secret again, whatever a restored database says
    exported/<bundle>    an empty file: this bundle has left (`storage.register`), whatever a restored database says
    bundle.key           signs bundles
    tombstones           what was withdrawn, for databases that are restored (`storage.tombstones`)

Files appear whole or not at all, also where two processes start together. What is destroyed is overwritten first, and
so is gone from a tmpfs or a plain disk; a flash disk or a copying file system may keep old blocks, which is why the
folder belongs on a tmpfs.
"""

import contextlib
import os
import secrets
from pathlib import Path

from storage.errors import StorageRefused
from storage.tombstones import TombstoneFile

SECRET = 32
OF_ROUND = ("salts", "receipts", "contacts")
"""Kinds of secrets that a round has, in the order in which they are destroyed."""


class Secrets:
    """Secrets below `folder`, which is made if it is missing; only its owner may read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tombstones = TombstoneFile(folder / "tombstones")

    def used(self) -> bool:
        """Whether a server has worked with this folder, or what it had to forget was copied into it."""
        return any((self._folder / name).exists() for name in ("intake.secret", "tombstones", "destroyed"))

    def intake_secret(self) -> bytes:
        """32 bytes, made at first use."""
        return self._made("intake.secret")

    def bundle_key(self) -> bytes:
        """Seed of the Ed25519 key that signs bundles, 32 bytes, made at first use."""
        return self._made("bundle.key")

    def make_round(self, round_id: bytes) -> None:
        """Makes salt and receipt key of a round that opens; those it already has stay.

        Raises:
            StorageRefused: `round-destroyed`.
        """
        if self.destroyed(round_id):
            raise StorageRefused("round-destroyed")
        self._made(f"salts/{round_id.hex()}")
        self._made(f"receipts/{round_id.hex()}")

    def salt(self, round_id: bytes) -> bytes | None:
        """A round's intake salt, or None once it has been destroyed."""
        return self._read(f"salts/{round_id.hex()}")

    def receipt_key(self, round_id: bytes) -> bytes | None:
        """A round's receipt key, or None where the round never opened or was destroyed."""
        return self._read(f"receipts/{round_id.hex()}")

    def make_contact_key(self, round_id: bytes) -> None:
        """Makes the key of what is noted beside a round's contact box, unless there is one or the box is gone."""
        if not self.boxless(round_id):
            self._made(f"contacts/{round_id.hex()}")

    def contact_key(self, round_id: bytes) -> bytes | None:
        """That key, or None where the round has no contact box, or none any more."""
        return self._read(f"contacts/{round_id.hex()}")

    def boxless(self, round_id: bytes) -> bool:
        """Whether a round's contact box was destroyed for good."""
        return (self._folder / "boxless" / round_id.hex()).exists()

    def destroy_contact_key(self, round_id: bytes) -> None:
        """Overwrites and removes that key, then notes that the box is gone. Safe to repeat."""
        _shred(self._folder / "contacts" / round_id.hex())
        self._mark("boxless", round_id.hex())

    def note_export(self, name: str) -> None:
        """Notes that a bundle leaves; `storage.register` reads and writes the names."""
        self._mark("exported", name)

    def exports(self) -> frozenset[str]:
        """What was noted of bundles that have left."""
        folder = self._folder / "exported"
        return frozenset(mark.name for mark in folder.iterdir()) if folder.exists() else frozenset()

    def has_salt(self, round_id: bytes) -> bool:
        """Whether a round's salt is there; quick enough to ask before every batch of turns."""
        return (self._folder / "salts" / round_id.hex()).exists()

    def destroyed(self, round_id: bytes) -> bool:
        """Whether a round's secrets were destroyed for good."""
        return (self._folder / "destroyed" / round_id.hex()).exists()

    def destroy_salt(self, round_id: bytes) -> None:
        """Overwrites and removes a round's salt. Doing it again does nothing."""
        _shred(self._folder / "salts" / round_id.hex())

    def destroy_round(self, round_id: bytes) -> None:
        """Destroys everything secret of a round, the salt first, then notes that it is gone. Safe to repeat."""
        for kind in OF_ROUND:
            _shred(self._folder / kind / round_id.hex())
        self._mark("destroyed", round_id.hex())
        with contextlib.suppress(StorageRefused):
            # A damaged file of withdrawals is told to whoever reads it next; it must not stand in the way of this.
            self.tombstones.forget(round_id)

    def keeps(self, round_id: bytes) -> tuple[str, ...]:
        """Kinds of secrets that are still here of a round that was destroyed.

        Raises:
            StorageRefused: `not-gone`: this folder does not know that the round was destroyed.
        """
        if not self.destroyed(round_id):
            raise StorageRefused("not-gone")
        return tuple(kind for kind in OF_ROUND if (self._folder / kind / round_id.hex()).exists())

    def _mark(self, kind: str, name: str) -> None:
        mark = self._folder / kind / name
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.touch(mode=0o600)
        _sync_folder(mark.parent)

    def _read(self, name: str) -> bytes | None:
        try:
            secret = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        if len(secret) != SECRET:
            raise StorageRefused("bad-secret")
        return secret

    def _made(self, name: str) -> bytes:
        secret = self._read(name)
        if secret is None:
            self._make(self._folder / name)
            secret = self._read(name)
        if secret is None:
            raise StorageRefused("no-secret")
        return secret

    def _make(self, path: Path) -> None:
        """Puts 32 random bytes at `path`, whole or not at all; whoever comes second leaves the first one's."""
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(SECRET))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def __repr__(self) -> str:
        return "<Secrets>"


def _shred(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(SECRET))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
