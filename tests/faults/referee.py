"""Judges a round: what Telegram saw confirmed against what custodians can open, one to one. Believes no bot."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.answers import Answer
from flows.records import Answered, Manifest, decode_answer, decode_manifest
from flows.replay import final_answers
from privacy import bundles
from privacy.opening import Opener
from tests.faults.asked import CONSULTATION
from tests.faults.people import Ending, Participant, tag_of
from tests.faults.stage import Stage


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """One response, read as the desk reads it."""

    manifest: Manifest
    answers: dict[int, Answer]
    given: Counter[int]
    """How often each question was answered."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened, for people who read test reports."""

    people: int
    sent: int
    updates: int
    deliveries: int
    confirmed: int
    responses: int
    kills: int

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


def opened(stage: Stage, bundle: Path) -> list[Opened]:
    """Every response of a bundle. Raises EnvelopeError for the first that does not open, or has another size."""
    read = bundles.verify(bundle)
    opener = Opener(stage.custody.private, stage.row.id)
    return [
        _read(opener.open(blob).records)
        for part in bundles.ranges(read, 1)
        for blob in bundles.read_range(part)
    ]  # fmt: skip


def _read(records: tuple[bytes, ...]) -> Opened:
    manifest = decode_manifest(records[0], CONSULTATION)
    answered: list[Answered] = [decode_answer(record, CONSULTATION) for record in records[1:]]
    given = Counter(record.position for record in answered)
    return Opened(manifest, dict(final_answers(CONSULTATION, answered)), given)


def judge(people: Iterable[Participant], responses: Iterable[Opened], confirmed: set[int]) -> list[str]:
    """Everything that is wrong, by code and count; empty where nothing is. Holds no word that was said."""
    everybody = {one.tag: one for one in people}
    wrong: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for response in responses:
        tag = tag_of(response.answers) or ""
        seen[tag] += 1
        wrong.update(_of_response(everybody.get(tag), response))
    for tag, one in everybody.items():
        wrong.update(_of_person(one, seen[tag], confirmed))
    return [f"{code}: {count}" for code, count in sorted(wrong.items())]


def _of_response(one: Participant | None, response: Opened) -> list[str]:
    if one is None:
        return ["nobody's response"]
    manifest = response.manifest
    facts = (manifest.purposes, manifest.language, manifest.rehearsal, manifest.repeat)
    found = []
    if facts != (one.wish.purposes, one.wish.language, True, False):
        found.append("consent differs")
    if response.answers != one.given:
        found.append("answers differ")
    if response.given != Counter(one.visits):
        found.append("an answer counted twice")
    return found


def _of_person(one: Participant, responses: int, confirmed: set[int]) -> list[str]:
    has_sent = one.receipt is not None or any(update in confirmed for update in one.send_updates)
    if one.ended is None:
        return ["never came to an end"]
    if one.ended is not Ending.SEND:
        return ["a response of somebody who withdrew or never sent"] * responses
    if not has_sent:
        return ["an end without a confirmed send"]
    return [] if responses == 1 else ["confirmed and lost"] if responses == 0 else ["counted twice"]


TOLD: list[str] = []
"""What the tests of this process have told since somebody last looked: figures for the end of the run."""


async def settle(stage: Stage, people: list[Participant], *, kills: int = 0) -> Figures:
    """Ends the bots, closes the round, opens everything and demands that all is as people saw it."""
    await stage.quiet()
    rows, counters = await stage.driver.updates(stage.bot), await stage.counters()
    await stage.stop_bots()
    confirmed = {row["update_id"] for row in rows if row["confirmed"] is not None}
    responses = opened(stage, stage.close())
    wrong = judge(people, responses, confirmed)
    wrong += [word for word in ("Traceback", "handler-failed") if word in stage.stderr]
    if wrong:
        raise AssertionError("; ".join(wrong))
    sent = sum(one.ended is Ending.SEND for one in people)
    figures = Figures(len(people), sent, len(rows), counters["delivered"], len(confirmed), len(responses), kills)
    TOLD.append(f"{figures}, mismatches 0")
    return figures
