"""Writes docs/formats/consultation.schema.json from the model: `python -m docs.generate_schema`."""

import json
import sys
from pathlib import Path

from docs import in_step
from flows.schema import schema

TARGET = Path(__file__).parent / "formats" / "consultation.schema.json"


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(in_step.keep(TARGET, text(), "flows/model.py"))
