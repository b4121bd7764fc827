"""Keys for tests: cheap passphrases, and share files that a dishonest custodian could write."""

from functools import cache

from privacy.key_files import INTERACTIVE, ShareFile
from privacy.keys import NewKeys, lock_share, new_keys

WORDS = ("river stone lamp", "salt market road", "drum letter rain")


@cache
def two_of_three() -> NewKeys:
    """One key of three custodians, two of whom can unlock it; its passphrases are WORDS."""
    return new_keys(3, 2, WORDS, cost=INTERACTIVE)


def forged(position: int, share: bytes) -> ShareFile:
    """The file of a custodian who knows their passphrase and puts other bytes where the share was."""
    keys = two_of_three()
    honest = keys.shares[position]
    return lock_share(keys.public, honest.number, share, honest.locked_key, WORDS[position], INTERACTIVE).file
