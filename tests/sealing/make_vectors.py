"""Makes tests/vectors/sealed-response.json anew: `python -m tests.sealing.make_vectors`.

Sealed boxes are randomised, so a second run gives other bytes. Run it only when the format changes; the committed
file is what every later reader must still open.
"""

import json
from pathlib import Path

from nacl.bindings import crypto_box_seal_open

from privacy.opening import Opener
from storage.envelope.errors import ResponseRefused
from storage.sealing import Sealer
from tests.sealing.support import KEY, OTHER_ROUND, ROUND, relabelled, seal, with_chunks

FILE = Path(__file__).parents[1] / "vectors" / "sealed-response.json"

OPENS: tuple[tuple[str, list[bytes], int, set[int]], ...] = (
    ("smallest", [b"yes"], 2, set()),
    ("nothing said", [], 1, set()),
    ("empty record", [b""], 2, set()),
    ("one segment", [b"manifest", b"\x00\x01\x07", b"a" * 128], 5, set()),
    ("long record over a restart", ["صوت နှလုံး voice".encode() * 12], 6, {1, 3}),
    ("every chunk its own segment", [b"a", b"b", b"c"], 5, {1, 2, 3, 4}),
)


def opening(number: int, name: str, records: list[bytes], capacity: int, breaks: set[int]) -> dict[str, object]:
    """One vector that opens."""
    blob = seal(records, capacity, breaks, response_id=bytes([number]) * 16)
    box = crypto_box_seal_open(blob[67:171], KEY.public_key, KEY.secret)
    return {
        "name": name, "capacity": capacity, "segments_begin": sorted({0, *breaks}),
        "first_stream_key": box[:32].hex(), "first_stream_header": box[32:].hex(),
        "records": [record.hex() for record in records], "blob": blob.hex(),
    }  # fmt: skip


def refusing(name: str, blob: bytes) -> dict[str, object]:
    """One vector that is refused, and how this reader refuses it."""
    try:
        Opener(KEY, ROUND).open(blob)
    except ResponseRefused as error:
        return {"name": name, "code": error.code, "position": error.position, "blob": blob.hex()}
    raise AssertionError(name)


def refused() -> list[dict[str, object]]:
    """One vector for each refusal that a blob alone can cause."""
    blob = seal([b"one", b"two"], 4, {2}, response_id=b"\xee" * 16)
    return [
        refusing("not a response", b"x" + blob[1:]),
        refusing("unknown format", blob[:8] + b"\x02" + blob[9:]),
        refusing("another round", seal([b"one"], 2, sealer=Sealer(KEY.public_key, OTHER_ROUND))),
        refusing("another key", blob[:28] + bytes(8) + blob[36:]),
        refusing("cut, header unchanged", blob[:-256]),
        refusing("cut, header made to fit", with_chunks(blob, [0, 1, 2])),
        refusing("reordered", with_chunks(blob, [0, 2, 1, 3])),
        refusing("duplicated", with_chunks(blob, [0, 1, 1, 2, 3])),
        refusing("extended", blob + blob[-256:]),
        refusing("reordered and relabelled", relabelled(with_chunks(blob, [0, 2, 1, 3]))),
        refusing("one bit of the last chunk", blob[:-1] + bytes([blob[-1] ^ 1])),
    ]


def main() -> None:
    """Writes the file."""
    vectors = {
        "format": "sauti-test-vectors", "version": 1, "warning": "Keys of tests. Never use them for a round.",
        "private_key": KEY.secret.hex(), "public_key": KEY.public_key.hex(), "key_id": KEY.key_id.hex(),
        "round": ROUND.hex(), "opens": [opening(number, *case) for number, case in enumerate(OPENS)],
        "refused": refused(),
    }  # fmt: skip
    FILE.write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
