"""Makes tests/vectors/bundle and contact-box.json anew: `python -m tests.sealing.make_bundle_vectors`.

Only when their format changes: sealed boxes are random, and the committed files are what every later reader must take.
"""

import json
from pathlib import Path

from flows.model import Purpose
from flows.records import Manifest, consent_hash, encode_manifest
from storage.envelope import contact
from storage.sealing import seal
from tests.privacy import synthetic
from tests.sealing.support import KEY, ROUND, small, write_bundle

FOLDER = Path(__file__).parents[1] / "vectors"
WARNING = "Keys of tests. Never use them for a round."
RECORDS = [b"manifest", b"x" * 200, b"\x00\x01\x07"]
CHAT = -1_001_234_567_890


def entries() -> list[dict[str, object]]:
    """One entry of a chat that allowed messages, and one of nobody."""
    asked, made = synthetic.consultation(), []
    for chat, purposes in ((CHAT, frozenset({Purpose.RESULTS})), (contact.NOBODY, frozenset[Purpose]())):
        manifest = Manifest(
            asked.fingerprint, consent_hash(asked, "ar"), purposes, "ar", rehearsal=True, repeat=False
        )  # fmt: skip
        permission = encode_manifest(manifest, asked)
        sealed = seal(KEY.public_key, contact.pack(ROUND, chat, permission))
        made.append({"chat": chat, "permission": permission.hex(), "sealed": sealed.hex()})
    return made


def main() -> None:
    """Writes the files."""
    folder = FOLDER / "bundle"
    folder.mkdir(parents=True, exist_ok=True)
    blobs = [small(bytes([number]) * 16) for number in (1, 2, 3)]
    for name, changed in (("bundle", {"planned_tables": (("region",), ("region", "needs"))}), ("without-plan", {})):
        write_bundle(folder / f"{name}.sealed", blobs, tombstones=(b"\xaa" * 16, b"\xbb" * 16), **changed)
    said = {
        "format": "sauti-test-vectors", "version": 1, "warning": WARNING, "private_key": KEY.secret.hex(),
        "round": ROUND.hex(),
    }  # fmt: skip
    opens = {**said, "records": [each.hex() for each in RECORDS], "ids": [bytes([n] * 16).hex() for n in (1, 2, 3)]}
    (folder / "expected.json").write_text(json.dumps(opens, indent=1) + "\n", encoding="utf-8")
    box = {**said, "entries": entries()}
    (FOLDER / "contact-box.json").write_text(json.dumps(box, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
