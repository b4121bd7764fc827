import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings

from docs.generate_schema import TARGET, text
from flows.model import Consultation
from flows.schema import DIALECT, schema
from tests.flows.strategies import consultations

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_published_schema_is_the_model_s() -> None:
    """The file that editors load says what the loader takes; `python -m docs.generate_schema` writes it anew."""
    assert TARGET.read_text(encoding="utf-8") == text()


def test_the_schema_is_one() -> None:
    """The schema itself is valid under the dialect it names."""
    assert schema()["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", ["smallest", "protection"])
def test_examples_hold_under_the_schema(name: str) -> None:
    """An editor finds nothing to complain about in the examples."""
    document = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))

    jsonschema.validate(document, schema())


@settings(max_examples=25)
@given(consultations())
def test_every_sound_consultation_holds_under_the_schema(consultation: Consultation) -> None:
    """The schema refuses nothing that the loader takes."""
    jsonschema.validate(json.loads(consultation.model_dump_json(exclude_none=True)), schema())


def test_an_unknown_field_and_a_wrong_kind_are_seen_while_typing() -> None:
    """The schema refuses what the loader refuses."""
    document = yaml.safe_load((EXAMPLES / "smallest.yaml").read_text(encoding="utf-8"))
    document["sections"][0]["items"][0]["kind"] = "essay"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())
