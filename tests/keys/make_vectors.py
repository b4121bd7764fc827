"""Makes the files in tests/vectors/keys anew: `python -m tests.keys.make_vectors`. Only when their format changes."""

import json
from pathlib import Path

from privacy.key_files import INTERACTIVE
from privacy.keys import drill, unlock
from storage.envelope.ceremony import NotificationFile
from storage.sealing import new_challenge
from tests.keys.support import WORDS, two_of_three

FOLDER = Path(__file__).parents[1] / "vectors" / "keys"
ROUND = bytes(range(16))


def main() -> None:
    """Writes the files."""
    keys = two_of_three()
    private = unlock(keys.shares[:2], WORDS[:2], cost=INTERACTIVE)
    challenge, proof = new_challenge(private.public_key, ROUND)
    answered = drill(challenge, private)
    files = {
        "round.public.json": keys.public, "notification.public.json": NotificationFile.of(keys.public),
        "challenge.json": challenge, "proof.json": answered,
        **{f"share-{share.number}.json": share for share in keys.shares},
    }  # fmt: skip
    expected = {
        "format": "sauti-test-vectors", "version": 1, "warning": "Keys of tests. Never use them for a round.",
        "private_key": private.secret.hex(), "passphrases": WORDS, "proof": proof.hex(),
    }  # fmt: skip
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        (FOLDER / name).write_bytes(file.to_json())
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
