"""A file with results is read precisely or refused with the line to mend, and published only when its time has come."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from sqlalchemy import update

from docs import generate_formats
from flows.findings import ConsultationError
from flows.loader import load as load_consultation
from rounds import service
from rounds.life import WrongState
from rounds.results import DATED, ROOM, Changes, load
from storage import destroying
from storage.database import writing
from storage.errors import StorageRefused
from storage.results import Results, packed, unpacked
from storage.rounds import RoundState
from storage.tables import rounds
from tests.storage.world import World

EXAMPLE = Path(__file__).parents[2] / "examples" / "results.yaml"
LANGUAGES = ("en", "ar")
TODAY = date(2026, 11, 21)


def entry(day: str, en: str = "It was read out.") -> dict[str, Any]:
    """One thing that happened."""
    return {"date": day, "text": {"en": en, "ar": "قُرئ."}}


def said(**other: object) -> dict[str, Any]:
    """What stands in the file."""
    whole = {
        "format": "sauti-results",
        "version": 1,
        "summary": {"en": "Thank you. In short: more roads.", "ar": "شكرًا. باختصار: طرق أكثر."},
        "happened": [entry("2026-11-01"), entry("2026-11-20", "A road was begun.")],
    }
    return whole | other


def read(**other: object) -> Results:
    """The file, loaded."""
    data = yaml.safe_dump(said(**other), allow_unicode=True, sort_keys=False).encode()
    return load(data, "results.yaml", LANGUAGES, TODAY)


def test_results_are_read_newest_first_and_kept_as_they_are() -> None:
    """What stands in the file comes back, the newest entry first; what is stored gives it back word for word.

    Proves: W4
    """
    found = read()

    assert found.summary["ar"] == "شكرًا. باختصار: طرق أكثر."
    assert [one.date.isoformat() for one in found.happened] == ["2026-11-20", "2026-11-01"]
    assert unpacked(packed(found)) == found
    assert read(happened=[]).happened == ()
    with pytest.raises(ValueError, match="summary"):
        unpacked(b"{}")


@pytest.mark.parametrize(
    ("other", "code", "path"),
    [
        ({"summry": {}}, "extra-forbidden", "summry"),
        ({"summary": None}, "dict-type", "summary"),
        ({"summary": {"en": "Thank you."}}, "language-missing", "summary"),
        ({"happened": [{"date": "2026-11-01", "text": {"en": "x"}}]}, "language-missing", "happened[0].text"),
        ({"happened": [entry("soon")]}, "date-from-datetime-parsing", "happened[0].date"),
        ({"happened": [entry("2026-11-23")]}, "date-ahead", "happened[0].date"),
        ({"summary": {"en": "About the massacre", "ar": "ش"}}, "first-lines", "summary.en"),
        ({"happened": [entry("2026-11-01", "For survivors")]}, "first-lines", "happened[0].text.en"),
        ({"summary": {"en": "x\u202ey", "ar": "ش"}}, "invisible-character", "summary.en"),
        ({"summary": {"en": "🌱" * (ROOM // 2) + "x", "ar": "ش"}}, "too-long", "summary.en"),
        ({"happened": [entry("2026-11-01", "x" * (ROOM - DATED + 1))]}, "too-long", "happened"),
        ({"happened": [entry("2026-11-01", "x" * 1_700) for _ in "123"]}, "too-long", "happened"),
    ],
)
def test_each_fault_is_refused_at_its_place(other: dict[str, object], code: str, path: str) -> None:
    """Every fault has a code and the place to mend; nothing is stored of such a file.

    Proves: W4, Q6
    """
    with pytest.raises(ConsultationError) as refused:
        read(**other)

    assert (code, path) in [(one.code, one.path) for one in refused.value.findings]
    assert all(one.line > 0 and one.remedy for one in refused.value.findings)


def test_what_just_fits_is_taken() -> None:
    """Bounds are what they say: the longest texts, the day that has begun elsewhere, a word behind the 60th sign."""
    late = "Thank you for your time. " + "In short, more roads. " * 3 + "A massacre was named."
    fits = read(
        summary={"en": late, "ar": "ش" * ROOM},
        happened=[entry("2026-11-22", "x" * (ROOM - DATED))],
    )

    assert fits.summary["en"] == late


def test_the_example_is_whole_and_has_the_form_of_its_schema() -> None:
    """examples/results.yaml belongs to examples/protection.yaml, and the schema takes it and refuses what is not one.

    Proves: W4
    """
    asked = load_consultation((EXAMPLE.parent / "protection.yaml").read_bytes(), "protection.yaml")
    found = load(EXAMPLE.read_bytes(), EXAMPLE.name, asked.languages, TODAY)
    schema = json.loads(generate_formats.schemas()["sauti-results.schema.json"])
    whole = json.loads(packed(found)) | {"format": "sauti-results", "version": 1}

    assert len(found.happened) == 1
    jsonschema.validate(whole, schema)
    for wrong in (whole | {"extra": 1}, {"format": "sauti-results", "version": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_a_round_that_is_still_answered_tells_nothing(world: World) -> None:
    """A live round has to be closed first; a rehearsal may publish while it runs, and no round before it opens.

    Proves: W4
    """
    rehearsal, live, drafted = world.open_round(), world.open_round(rehearsal=False), world.drafted()
    service.publish(world.rounds, rehearsal, read())
    for row in (live, world.move(live, RoundState.PAUSED), drafted):
        with pytest.raises(WrongState, match="cannot take `results`"):
            service.publish(world.rounds, row, read())
    service.publish(world.rounds, world.close(live), read())

    assert world.rounds.get(rehearsal.id).results == world.rounds.get(live.id).results == read()
    assert world.rounds.get(drafted.id).results is None


def test_a_newer_file_replaces_the_older_and_says_what_is_different(world: World) -> None:
    """Of a renewed file, other languages of the summary and new and missing entries are told.

    Proves: W4
    """
    row = world.close(world.open_round())
    first = service.publish(world.rounds, row, read(happened=[]))
    row = world.rounds.get(row.id)
    second = service.publish(world.rounds, row, read())
    row = world.rounds.get(row.id)
    third = service.publish(
        world.rounds,
        row,
        read(summary={"en": "Thank you.", "ar": said()["summary"]["ar"]}, happened=[entry("2026-11-01")]),
    )

    assert first == Changes(("en", "ar"), 0, 0, first=True)
    assert second == Changes((), 2, 0)
    assert third == Changes(("en",), 0, 1)
    assert world.rounds.get(row.id).terms == row.terms


def test_results_go_with_the_round(world: World) -> None:
    """Destroying a round destroys what was published of it here; damaged results make the round unreadable, not empty.

    Proves: W4, D5
    """
    row = world.close(world.open_round())
    service.publish(world.rounds, row, read())
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))
    other = world.open_round()
    with writing(world.engine) as connection:
        connection.execute(update(rounds).values(results=b"{"))

    assert world.rounds.destroyed(row.code) is not None
    with pytest.raises(StorageRefused, match="no-such-round"):
        world.rounds.get(row.id)
    with pytest.raises(StorageRefused, match="round-changed"):
        world.rounds.get(other.id)
