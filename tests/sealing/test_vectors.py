import json
import re
from pathlib import Path
from typing import Any

import pytest

from privacy.keys import RoundPrivateKey
from privacy.opening import Opener
from storage.envelope.errors import ResponseRefused
from tests.sealing import referee

ROOT = Path(__file__).parents[2]
VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/sealed-response.json").read_text(encoding="utf-8"))
KEY = RoundPrivateKey(bytes.fromhex(VECTORS["public_key"]), bytes.fromhex(VECTORS["private_key"]))
ROUND = bytes.fromhex(VECTORS["round"])


def name(vector: dict[str, Any]) -> str:
    """What a vector shows."""
    return str(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["opens"], ids=name)
def test_frozen_responses_still_open(vector: dict[str, Any]) -> None:
    """Every response ever sealed in this format opens, with this reader and with the one made from the document."""
    blob = bytes.fromhex(vector["blob"])
    records = [bytes.fromhex(record) for record in vector["records"]]

    assert list(Opener(KEY, ROUND).open(blob).records) == records
    assert referee.read(blob, KEY.secret, ROUND) == records


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=name)
def test_frozen_refusals_are_still_refused(vector: dict[str, Any]) -> None:
    """Every kind of damage keeps its own error."""
    blob = bytes.fromhex(vector["blob"])

    with pytest.raises(ResponseRefused) as caught:
        Opener(KEY, ROUND).open(blob)

    assert (caught.value.code, caught.value.position) == (vector["code"], vector["position"])
    assert referee.read(blob, KEY.secret, ROUND) is None


def test_the_documents_example_is_the_first_vector() -> None:
    """The worked example in the format document is one that this reader opens, byte by byte."""
    text = (ROOT / "docs/formats/sealed-response.md").read_text(encoding="utf-8")
    example = text.split("## Worked example")[1].split("\n## ")[0]
    blob = "".join(re.findall(r"^ *\d+ \| ([0-9a-f ]+)", example, re.MULTILINE)).replace(" ", "")

    assert blob == VECTORS["opens"][0]["blob"]
    for known in ("private_key", "public_key", "key_id", "round"):
        assert VECTORS[known] in example
    for secret in ("first_stream_key", "first_stream_header"):
        assert VECTORS["opens"][0][secret] in example


def test_the_document_names_every_refusal() -> None:
    """A reader built from the document knows each error this one has."""
    text = (ROOT / "docs/formats/sealed-response.md").read_text(encoding="utf-8")

    for kind in ResponseRefused.__subclasses__():
        assert f"`{kind.code}`" in text, kind
