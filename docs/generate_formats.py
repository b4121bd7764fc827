"""Writes the JSON Schemas of our files from the models that read them: `python -m docs.generate_formats`."""

import json
from pathlib import Path

from privacy.candidate import Candidate
from privacy.key_files import ShareFile
from rounds.deployment import Deployment, ReferralList
from rounds.results import ResultsFile
from storage.envelope.bundle import Manifest
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, NotificationFile, PublicFile

FOLDER = Path(__file__).parent / "formats"
FILES = (
    PublicFile,
    NotificationFile,
    ShareFile,
    ChallengeFile,
    DrillProofFile,
    Manifest,
    Candidate,
    Deployment,
    ReferralList,
    ResultsFile,
)


def schemas() -> dict[str, str]:
    """File name and text of each schema, named after the format it describes."""
    made = {}
    for model in FILES:
        schema = model.model_json_schema()
        name = schema["properties"]["format"]["const"]
        said = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": name}
        made[f"{name}.schema.json"] = json.dumps(said, indent=2, sort_keys=True) + "\n"
    return made


if __name__ == "__main__":
    for file, text in schemas().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
