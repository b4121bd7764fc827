"""Writes docs/formats/consultation.schema.json from the model: `python -m docs.generate_schema`."""

import json
from pathlib import Path

from flows.schema import schema

TARGET = Path(__file__).parent / "formats" / "consultation.schema.json"


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
