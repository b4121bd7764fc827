"""Every format that leaves a process has a schema, a page, and frozen bytes that fit them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from docs.generate_formats import schemas
from tests.architecture.house import ROOT

VECTORS = ROOT / "tests/vectors"
PAGES = ROOT / "docs/formats"
WRITTEN_BY_PEOPLE = {"sauti-deployment", "sauti-referrals", "sauti-results"}
"""Read by nobody in a year: staff write them anew for each round, and the loader says what is wrong with them."""
FROZEN = {
    "sauti-round-public": "keys/round.public.json", "sauti-notification-public": "keys/notification.public.json",
    "sauti-share": "keys/share-1.json", "sauti-challenge": "keys/challenge.json",
    "sauti-drill-proof": "keys/proof.json", "sauti-bundle": "bundle/bundle.sealed",
    "sauti-candidate": "release/candidate.json", "sauti-certificate": "release/candidate.json",
    "sauti-sealed-vote": "release/sealed.votes", "sauti-vote": "release/candidate.json.votes",
    "sauti-release": "release/release.json", "sauti-signing-key": "release/author.signing.json",
    "sauti-feedback": "release/feedback.json", "sauti-ledger": "release/ledger.jsonl",
    "sauti-findings": "findings.json", "sauti-translations": "translations.json",
    "sauti-health": "health.json", "sauti-share-destroyed": "destruction/share-1.destroyed.json",
    "sauti-trend": "trend.json",
    "sauti-bundle-destroyed": "destruction/bundle.destroyed.json",
    "sauti-destruction-proof": "destruction/proof.json",
    "sauti-work-log": "work-log.json",
}  # fmt: skip
"""Format → frozen file with it, or with it inside."""


def said(path: Path, name: str) -> list[Any]:
    """The objects of this format in a frozen file."""
    text = path.read_bytes()
    if name == "sauti-ledger":
        return [json.loads(line) for line in text.splitlines()]
    lines = {".json": [text], ".sealed": text.splitlines()[:1]}.get(path.suffix, text.splitlines())
    found = [json.loads(line) for line in lines]
    found += [each["certificate"] for each in found if isinstance(each.get("certificate"), dict)]
    return [each for each in found if each.get("format") == name]


@pytest.mark.parametrize("name", sorted({file.removesuffix(".schema.json") for file in schemas()} - WRITTEN_BY_PEOPLE))
def test_a_format_has_frozen_bytes_that_fit_its_schema(name: str) -> None:
    """Each format that a program writes for another has a frozen file, which fits the schema and no other shape."""
    judge = Draft202012Validator(json.loads((PAGES / f"{name}.schema.json").read_text("utf-8")))
    frozen = said(VECTORS / FROZEN[name], name)

    assert frozen
    for each in frozen:
        judge.validate(each)
        assert not judge.is_valid({**each, "more": 1})


def test_each_schema_is_named_on_a_page() -> None:
    """A reader of the pages finds every schema."""
    pages = "".join(path.read_text("utf-8") for path in PAGES.glob("*.md"))

    assert [file for file in schemas() if f"({file})" not in pages] == []
