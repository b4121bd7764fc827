"""The folder of secrets: private, whole or not at all, and destroyed when it should be."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.errors import StorageRefused
from storage.secrets import Secrets

ROUND = bytes(range(16))


def test_only_the_owner_reads_secrets(tmp_path: Path) -> None:
    """Folders are 0700 and files 0600, whatever the umask."""
    secrets = Secrets(tmp_path / "deep" / "secrets")
    secrets.intake_secret()
    secrets.bundle_key()
    secrets.make_round(ROUND)

    modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    name = ROUND.hex()
    assert {mode for path, mode in modes.items() if path.endswith(("secret", "key", name))} == {0o600}
    assert {modes[f"deep/secrets{folder}"] for folder in ("", "/salts", "/receipts")} == {0o700}
    assert sorted(path for path in modes if "." in path.rsplit("/", 1)[-1]) == [
        "deep/secrets/bundle.key", "deep/secrets/intake.secret"
    ]  # fmt: skip


def test_two_that_start_together_have_the_same_secret(tmp_path: Path) -> None:
    """Whoever comes second reads the first one's secret; nobody ever reads half of one."""
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: Secrets(tmp_path).intake_secret(), range(64)))

    assert len(made) == 1
    assert len(next(iter(made))) == 32


def test_a_destroyed_salt_is_gone_and_stays_gone(tmp_path: Path) -> None:
    """Destroying a salt overwrites and removes it; the receipt key stays; doing it again does nothing.

    Proves: D2
    """
    secrets = Secrets(tmp_path)
    secrets.make_round(ROUND)
    path = tmp_path / "salts" / ROUND.hex()
    same = path.parent / "same"
    same.hardlink_to(path)
    secrets.destroy_salt(ROUND)
    secrets.destroy_salt(ROUND)

    assert (secrets.salt(ROUND), path.exists()) == (None, False)
    assert same.read_bytes() == bytes(32)
    assert secrets.receipt_key(ROUND) is not None


def test_a_damaged_secret_is_refused(tmp_path: Path) -> None:
    """A file that lost bytes is not used, and not replaced either."""
    (tmp_path / "intake.secret").write_bytes(b"short")

    with pytest.raises(StorageRefused, match="bad-secret"):
        Secrets(tmp_path).intake_secret()
    assert (tmp_path / "intake.secret").read_bytes() == b"short"


def test_rounds_have_secrets_of_their_own(tmp_path: Path) -> None:
    """Two rounds share neither salt nor receipt key, and making a round again keeps what it has."""
    secrets = Secrets(tmp_path)
    secrets.make_round(ROUND)
    before = (secrets.salt(ROUND), secrets.receipt_key(ROUND))
    secrets.make_round(ROUND)
    secrets.make_round(bytes(16))

    assert (secrets.salt(ROUND), secrets.receipt_key(ROUND)) == before
    assert len({*before, secrets.salt(bytes(16)), secrets.receipt_key(bytes(16))}) == 4
    assert repr(secrets) == "<Secrets>"
