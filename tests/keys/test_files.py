import json
from typing import Any

import jsonschema
import pytest

from docs import generate_formats
from privacy.key_files import INTERACTIVE, ShareFile
from storage.envelope.ceremony import ChallengeFile, PublicFile
from storage.envelope.errors import NotAKeyFile
from storage.envelope.fields import FormatFile, read_file
from storage.sealing import new_challenge
from tests.keys.support import two_of_three

PUBLIC = two_of_three().public
SHARE = two_of_three().shares[0]
CHALLENGE = new_challenge(PUBLIC.public_key, bytes(16))[0]


@pytest.mark.parametrize("file", [PUBLIC, SHARE, CHALLENGE], ids=["public", "share", "challenge"])
def test_a_file_reads_back_as_it_was_written(file: FormatFile) -> None:
    """What a custodian carries home is what was made."""
    assert read_file(type(file), file.to_json()) == file


@pytest.mark.parametrize(
    ("file", "changed", "where"),
    [
        (PUBLIC, {"format": "sauti-share"}, "format"),
        (PUBLIC, {"version": 3}, "version"),
        (PUBLIC, {"version": 1}, "file"),
        (PUBLIC, {"custodians": []}, "file"),
        (PUBLIC, {"custodians": PUBLIC.model_dump(mode="json")["custodians"][:2]}, "file"),
        (PUBLIC, {"custodians": PUBLIC.model_dump(mode="json")["custodians"][:1] * 3}, "file"),
        (PUBLIC, {"custodians": ["AAAA"]}, "custodians.0"),
        (PUBLIC, {"key_id": "00" * 8}, "file"),
        (PUBLIC, {"key_id": PUBLIC.key_id.hex().upper()}, "key_id"),
        (PUBLIC, {"key_id": "00" * 9}, "key_id"),
        (PUBLIC, {"key_id": 7}, "key_id"),
        (PUBLIC, {"public_key": "not base64"}, "public_key"),
        (PUBLIC, {"public_key": "AAAA"}, "public_key"),
        (PUBLIC, {"public_key": PUBLIC.model_dump(mode="json")["public_key"][:-2] + "B="}, "public_key"),
        (PUBLIC, {"shares": 1}, "file"),
        (PUBLIC, {"shares": "3"}, "shares"),
        (PUBLIC, {"river": "stone lamp"}, "file"),
        (SHARE, {"number": 4}, "file"),
        (SHARE, {"key_id": "00" * 8}, "file"),
        (SHARE, {"passes": INTERACTIVE.passes - 1}, "passes"),
        (SHARE, {"passes": 1000}, "passes"),
        (SHARE, {"memory": INTERACTIVE.memory - 1}, "memory"),
        (SHARE, {"memory": 2**40}, "memory"),
        (CHALLENGE, {"sealed": ""}, "sealed"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_field(file: FormatFile, changed: dict[str, Any], where: str) -> None:
    """The error names the field and repeats nothing of what stands in it. Proves: D6."""
    text = json.dumps(file.model_dump(mode="json") | changed).encode()

    with pytest.raises(NotAKeyFile) as caught:
        read_file(type(file), text)

    assert caught.value.where == where
    assert str(caught.value) == f"not-a-key-file ({where}): {NotAKeyFile.remedy}"
    assert "river" not in str(caught.value)


@pytest.mark.parametrize("text", [b"", b"[]", b"\xff", b"{}"])
def test_anything_else_is_refused(text: bytes) -> None:
    """A picture or an empty file given by mistake gets the same clear answer."""
    with pytest.raises(NotAKeyFile):
        read_file(ShareFile, text)


def test_published_schemas_are_the_models() -> None:
    """The schemas in docs/formats are what the readers check, not what they once checked."""
    for name, text in generate_formats.schemas().items():
        assert (generate_formats.FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("file", [PUBLIC, SHARE, CHALLENGE], ids=["public", "share", "challenge"])
def test_files_pass_their_published_schema(file: FormatFile) -> None:
    """Another program can check our files with nothing but the schema, and the schema refuses unknown fields."""
    said = json.loads(file.to_json())
    schema = json.loads(generate_formats.schemas()[f"{said['format']}.schema.json"])

    jsonschema.validate(said, schema)
    for wrong in (said | {"extra": 1}, said | {"key_id": "x"}, {k: v for k, v in said.items() if k != "version"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_a_threshold_above_the_shares_is_refused() -> None:
    """A public file cannot promise custody that is impossible."""
    said = PUBLIC.model_dump(mode="json") | {"threshold": 4}

    with pytest.raises(NotAKeyFile):
        read_file(PublicFile, json.dumps(said).encode())
    assert ChallengeFile.model_fields["sealed"].is_required()
