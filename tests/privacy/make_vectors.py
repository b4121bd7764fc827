"""Makes the files in tests/vectors/release anew: `python -m tests.privacy.make_vectors`.

Boxes and nonces are random, so a second run gives other bytes. Run it only when a format changes; the committed files
are what every later reader must still take.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.model import Consultation
from privacy.candidate import Candidate
from privacy.certificate import digest
from privacy.gate import check_certificate
from privacy.ledger import read_ledger, remember_withdrawn
from privacy.tabulate import tabulate
from privacy.votes import Voting
from reports.feedback import recorded
from tests.privacy import synthetic
from tests.privacy.released import AUTHOR, FIRST, SECOND, certified, published, silent, voted

FOLDER = Path(__file__).parents[1] / "vectors" / "release"
ASKED_OF_ALL = ("region", "trust", "harm")
TAKEN_BACK = b"taken back later"
PAGES = {"ar": b"<p>\xd8\xb4\xd9\x83\xd8\xb1\xd8\xa7</p>", "en": b"<p>Thank you</p>"}


def asked() -> Consultation:
    """Three questions of the invented consultation, so that a person can read the files."""
    said = synthetic.consultation().model_dump(mode="json")
    section = said["sections"][0]
    section["items"] = [item for item in section["items"] if item["id"] in ASKED_OF_ALL]
    return Consultation.model_validate(said)


def _records(consultation: Consultation) -> Sequence[list[bytes]]:
    people = synthetic.people(120, seed=1)
    return [
        replace(one, answers={name: one.answers[name] for name in ASKED_OF_ALL}).records(consultation) for one in people
    ]


def files() -> dict[str, bytes]:
    """Name and bytes of each file."""
    consultation = asked()
    with TemporaryDirectory() as name:
        folder = Path(name)
        ledger = folder / "ledger.jsonl"
        made = synthetic.make_bundle(folder, consultation, _records(consultation))
        candidate = certified(tabulate(made.path, made.private_key, ledger, silent, workers=1))
        voting = voted(candidate)
        release = published(ledger, candidate)
        remember_withdrawn(ledger, consultation.id, bytes.fromhex(candidate.round), [TAKEN_BACK])
        text = ledger.read_bytes()
    return {
        "author.signing.json": AUTHOR.to_json(), "one.signing.json": FIRST.to_json(),
        "two.signing.json": SECOND.to_json(), "candidate.json": candidate.to_json(),
        "candidate.json.votes": voting.to_lines(), "sealed.votes": Voting(voting.sealed[:1]).to_lines(),
        "release.json": release.to_json(), "ledger.jsonl": text,
        "feedback.json": recorded(candidate, PAGES).model_dump_json(indent=2).encode() + b"\n",
        "expected.json": json.dumps(_expected(candidate, voting, text), indent=1).encode() + b"\n",
    }  # fmt: skip


def _expected(candidate: Candidate, voting: Voting, text: bytes) -> dict[str, object]:
    ledger = read_ledger(text, candidate.subject.id)
    return {
        "format": "sauti-test-vectors", "version": 1, "warning": "Keys of tests. Never sign with them.",
        "content": candidate.content, "certificate": digest(check_certificate(candidate).model_dump(mode="json")),
        "votes": [vote.sealed for vote in voting.opened], "head": ledger.head, "round": candidate.round,
        "withdrawn": sorted(each.hex() for each in ledger.withdrawn(bytes.fromhex(candidate.round))),
    }  # fmt: skip


def main() -> None:
    """Writes the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
