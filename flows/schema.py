"""The JSON Schema of a consultation file, for editors that complete and check while one types.

It is made from the model, so that it cannot promise more or less than the loader takes; what the linter looks at
besides (references, languages, people) cannot be said in a schema.
"""

from typing import Any

from flows.model import Consultation

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema as plain JSON values, the same on every run."""
    return {
        "$schema": DIALECT,
        **Consultation.model_json_schema(),
        "title": "Sauti consultation",
        "description": "A consultation as `sauti check` reads it, version 1.",
    }
