"""Writes the JSON Schemas of our files from the models that read them: `python -m docs.generate_formats`."""

import json
import sys
from pathlib import Path
from typing import Any

from docs import in_step
from flows.findings_file import FindingsFile
from flows.messages.standing import TranslationsFile
from privacy.candidate import Candidate
from privacy.certificate import Certificate, SealedVote, Vote
from privacy.destroyed import BundleDestroyed, ShareDestroyed
from privacy.destruction import Proof
from privacy.key_files import ShareFile
from privacy.ledger import RELEASE, WITHDRAWN
from privacy.release import Release
from privacy.signing import SigningFile
from privacy.trends import Trend
from reports.feedback import FeedbackRecord
from rounds.deployment import Deployment, ReferralList
from rounds.health_file import HealthFile
from rounds.results import ResultsFile
from storage.envelope.bundle import Manifest
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, NotificationFile, PublicFile
from storage.work_log_file import WorkLogFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent / "formats"
FILES = (
    PublicFile,
    NotificationFile,
    ShareFile,
    ChallengeFile,
    DrillProofFile,
    Manifest,
    Candidate,
    Certificate,
    SealedVote,
    Vote,
    Release,
    SigningFile,
    ShareDestroyed,
    Trend,
    BundleDestroyed,
    Proof,
    FeedbackRecord,
    Deployment,
    ReferralList,
    ResultsFile,
    FindingsFile,
    TranslationsFile,
    HealthFile,
    WorkLogFile,
)


def schemas() -> dict[str, str]:
    """File name and text of each schema, named after the format it describes."""
    made = {}
    for model in FILES:
        schema = model.model_json_schema()
        name = schema["properties"]["format"]["const"]
        said = {"$schema": DIALECT, **schema, "title": name}
        made[f"{name}.schema.json"] = _text(said)
    made["sauti-ledger.schema.json"] = _text(ledger_line())
    return made


def ledger_line() -> dict[str, Any]:
    """The schema of one line of a ledger: the first, or one of a kind that the reader knows."""
    release = Release.model_json_schema()
    fields, hashed = release["properties"], {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    definitions, said = release["$defs"], {name: fields[name] for name in ("number", "candidate", "votes")}
    ids = {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
    first = {"format": {"const": "sauti-ledger"}, "version": {"const": 1}, "consultation": fields["consultation"]}
    kinds = {WITHDRAWN: {"round": {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "responses": ids}, RELEASE: said}
    lines = [first, *({"entry": {"const": kind}, **known} for kind, known in kinds.items())]
    return {
        "$schema": DIALECT, "title": "sauti-ledger", "description": "One line of a release ledger.",
        "$defs": definitions, "oneOf": [_closed({**line, "previous": hashed}) for line in lines],
    }  # fmt: skip


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False
    }  # fmt: skip


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(max(in_step.keep(FOLDER / file, text, "the models") for file, text in schemas().items()))
