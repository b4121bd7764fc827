"""A deployment record is read precisely or refused with the line to mend."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml

from docs import generate_formats
from flows.findings import ConsultationError
from flows.loader import load as load_consultation
from rounds.deployment import load, load_referrals, thawed
from rounds.gate import Interface, Opening, gaps
from storage.conditions import Conditions
from storage.referrals import SUPPORT, Service, offered, packed, unpacked
from storage.rounds import ControlRow, RoundRow
from tests.rounds.records import SERVICES, entry, record, said

EXAMPLE = Path(__file__).parents[2] / "examples" / "deployment.yaml"


def written(**other: object) -> bytes:
    """A file that says this."""
    return yaml.safe_dump(said(**other), allow_unicode=True, sort_keys=False).encode()


def refusal(data: bytes) -> ConsultationError:
    """The refusal of a file."""
    with pytest.raises(ConsultationError) as refused:
        load(data, "record.yaml")
    return refused.value


def test_a_record_is_read_as_it_was_written() -> None:
    """What stands in the file stands in the record, and its frozen form gives it back without the referrals.

    Proves: O1
    """
    read = load(written(), "record.yaml")

    assert read == record()
    assert thawed(read.frozen) == read.model_copy(update={"referrals": ()})
    assert (read.hostile, read.draft_minutes) == (5, 1_440)
    assert load(written(open_links=False, draft_hours=0.5), "record.yaml").hostile == 0


@pytest.mark.parametrize(
    ("other", "code", "path"),
    [
        ({"purpos": "x"}, "extra-forbidden", "purpos"),
        ({"risk_assessment": {"date": "yesterday"}}, "date-from-datetime-parsing", "risk_assessment.date"),
        ({"retention_months": 0}, "greater-than-equal", "retention_months"),
        ({"draft_hours": 0.4}, "greater-than-equal", "draft_hours"),
        ({"draft_hours": 25}, "less-than-equal", "draft_hours"),
        ({"time_zone": "Mars/Olympus"}, "time-zone", "time_zone"),
        ({"time_zone": "../secrets"}, "time-zone", "time_zone"),
        ({"quiet_hours": {"from": "25:00", "to": "07:00"}}, "time-parsing", "quiet_hours.from"),
        ({"exceptions": {"Q9": "because"}}, "string-too-short", "exceptions.Q9"),
        ({"exceptions": {"Q2": "a reason that is long enough"}}, "enum", "exceptions.Q2"),
        ({"planned_tables": [["a", "b", "c"]]}, "too-long", "planned_tables[0]"),
        ({"referrals": [entry("magic")]}, "enum", "referrals[0].service"),
        ({"referrals": [entry("health", how={"en": "Ring"})]}, "language-missing", "referrals[0].how"),
        ({"referrals": [entry("health", languages=[])]}, "too-short", "referrals[0].languages"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_place(other: dict[str, object], code: str, path: str) -> None:
    """Each slip is named by its code, its path and its line, with a remedy.

    Proves: O1
    """
    (finding,) = refusal(written(**other)).findings

    assert (finding.code, finding.path) == (code, path)
    assert finding.line > 0
    assert finding.remedy
    assert "Look at docs" not in finding.remedy


@pytest.mark.parametrize("data", [b"", b"[]", b"just words", b"\xff", b"a: &x 1"])
def test_other_files_are_refused_in_words(data: bytes) -> None:
    """A file that is something else is refused, and never breaks the reader."""
    assert str(refusal(data))


def test_a_list_is_taken_from_either_file() -> None:
    """A list of referrals comes out of a file of its own or out of a whole record; an empty one is refused."""
    alone = {"format": "sauti-referrals", "version": 1, "referrals": [entry("health")]}

    assert load_referrals(yaml.safe_dump(alone).encode(), "list.yaml") == record(referrals=[entry("health")]).referrals
    assert load_referrals(written(), "record.yaml") == record().referrals
    for wrong in ({**alone, "referrals": []}, {**alone, "referrals": [entry("health", name={"en": "x"})]}):
        with pytest.raises(ConsultationError):
            load_referrals(yaml.safe_dump(wrong).encode(), "list.yaml")


def test_a_list_survives_being_stored() -> None:
    """What is packed for the database comes back the same."""
    assert unpacked(packed(record().referrals)) == record().referrals


def test_the_bot_reads_its_part_of_a_record() -> None:
    """Storage finds what the bot keeps to in the frozen record, and quiet hours go over midnight where people are.

    Proves: P7
    """
    kept = Conditions.model_validate_json(record(existence_public=True).frozen)

    assert kept.existence_public
    assert kept.complaint["ar"].endswith("ع")
    # Nairobi is three hours ahead of UTC: its quiet hours, 21:00 to 07:00, begin at 18:00 UTC.
    hours = {hour: kept.quiet(datetime(2026, 11, 21, hour, 30, tzinfo=UTC)) for hour in (3, 4, 12, 17, 18, 23)}
    assert hours == {3: True, 4: False, 12: False, 17: False, 18: True, 23: True}


def test_one_person_is_offered_what_is_near_and_hers() -> None:
    """Of the list she sees her language, her region before what is everywhere, and neither complaint nor child lines.

    Proves: P6
    """
    everywhere = [entry(service) for service in SERVICES]
    near = entry("health", region="north", name={"en": "Near", "ar": "Near"})
    other = entry("health", region="south", languages=["en"])
    listed = record(referrals=[*everywhere, near, other]).referrals

    shown = offered(listed, "ar", "north")
    assert [one.service for one in shown] == [Service.HEALTH, *SUPPORT]
    assert [one.name for one in shown][:2] == ["Near", "House of health ع"]
    assert len(offered(listed, "en", None)) == 6
    assert [one.service for one in offered(listed, "en", None, (Service.CHILD,))] == [Service.CHILD]
    assert offered(listed, "fr", "north") == ()


def test_the_example_holds_and_fits_its_consultation() -> None:
    """The example has no fault, holds under the published schema, and lacks nothing for the example consultation.

    Proves: O1, W6
    """
    read = load(EXAMPLE.read_bytes(), EXAMPLE.name)
    asked = load_consultation((EXAMPLE.parent / "protection.yaml").read_bytes(), "protection.yaml")
    row = RoundRow(
        id=bytes(16), code="AAAAAAAA", rehearsal=True, consultation=asked, consultation_hash=asked.fingerprint,
        public_key=bytes(32), key_id=bytes(8), shares=3, threshold=2, capacity=9, control=ControlRow(),
        deployment=read.frozen, referrals=read.referrals,
    )  # fmt: skip
    spoken = frozenset(asked.languages)
    today = datetime(2026, 11, 21, tzinfo=UTC).date()

    assert gaps(row, Opening(True, "http://127.0.0.1:1", Interface(spoken, spoken, spoken), today)) == ()
    schema = json.loads(generate_formats.schemas()["sauti-deployment.schema.json"])
    jsonschema.validate(json.loads(read.model_dump_json(by_alias=True, exclude_none=True)), schema)
    for wrong in ({"format": "sauti-deployment", "version": 1, "purpos": "x"}, {"version": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
