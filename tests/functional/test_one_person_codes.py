"""Single-use codes from the slip to the candidate: with `open_links: false` nobody can answer twice, so s is 0."""

import asyncio
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.simulator.driver import Driver, Seen
from bot.staff.papers import Typeset
from privacy.candidate import Candidate
from privacy.rules import T_FLOOR
from rounds.inviting import Batch
from sauti.demo.cast import Part, Way
from sauti.demo.people import Crowd, _Participant
from tests.architecture.house import ROOT
from tests.functional.conftest import Desk
from tests.functional.test_processes import serving
from tests.functional.test_records import RECORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("commands")]
PEOPLE = 40
GRACE = Part("Grace", "en", Way.SENDS)
CONSULTATION = ROOT / "examples" / "smallest.yaml"


@pytest.fixture
def slips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes on the slips that a command prints, as whoever draws them reads them."""
    codes: list[str] = []
    printed = Typeset.sheet

    def read(papers: Typeset, batch: Batch, language: str) -> object:
        codes.extend(batch.codes)
        return printed(papers, batch, language)

    monkeypatch.setattr(Typeset, "sheet", read)
    return codes


def record(desk: Desk) -> Path:
    """The example's deployment record, behind single-use codes; what it plans to cross is not asked here."""
    text = RECORD.read_text("utf-8").replace("open_links: true", "open_links: false")
    path = desk / "record.yaml"
    path.write_text(re.sub(r"planned_tables:\n(?:  .*\n)+", "planned_tables: []\n", text), "utf-8")
    return path


class Voter(_Participant):
    """Somebody who says of the one statement what she is here to say."""

    stance = "a"

    def _vote(self, _card: Seen) -> str:
        return self._stances[self.stance]


async def answer(url: str, codes: Sequence[str]) -> Crowd:
    """One person for each code; then somebody who has found a slip that was used."""
    crowd = Crowd()
    async with Driver(url) as driver:
        bot = await driver.only_bot()

        async def one(code: str, seed: int) -> None:
            dice = random.Random(seed)
            voter = Voter(driver, bot, code, dice, crowd, GRACE)
            voter.stance = "adp"[seed % 3]
            await voter.take_part()

        await asyncio.gather(*(one(code, seed) for seed, code in enumerate(codes)))
        await one(codes[0], PEOPLE)
    return crowd


def test_people_with_a_code_each_become_a_candidate_without_hostile_answers(desk: Desk, slips: list[str]) -> None:
    """Forty slips, forty-one who send, forty answers; each threshold is the floor itself, for nobody can answer twice.

    Fourteen at most say the same, and are shown; behind open links, with s = 5, they would not be. Those who gave no
    answer are fewer than ten, and are not shown here either.

    Proves: R1, F4
    """
    key = desk / "keys" / "round.public.json"
    made = desk.json("round", "new", CONSULTATION, "--public-key", key, "--deployment", record(desk), "--rehearsal")
    name = str(made["round"])
    desk.json("round", "open", name, "--drill", desk.prove(name))
    desk.json("invite", name, "--batch", str(PEOPLE), "--out", desk / "slips", bot_name="a_name_bot")
    with serving("simulator", "--port", "0", "--no-rate-limits") as (_, ready):
        settings = desk.environment | {"SAUTI_BOT_API_URL": ready["url"]}
        with serving("bot", **settings):
            crowd = asyncio.run(answer(ready["url"], slips))
    desk.json("round", "close", name)
    bundled = desk.json("bundle", name, "--out", desk / "sealed.bundle")
    shares = ("--key", desk.keys(1), "--key", desk.keys(2))
    desk.json("tabulate", desk / "sealed.bundle", *shares, "--ledger", desk / "l.jsonl", "--out", desk / "c.json")
    candidate = Candidate.from_json((desk / "c.json").read_bytes())

    assert (len(set(slips)), crowd.participants_sent, bundled["count"]) == (PEOPLE, PEOPLE + 1, PEOPLE)
    assert (candidate.rules.threshold, candidate.rules.threshold_sensitive) == (T_FLOOR, 2 * T_FLOOR) == (10, 20)
    cells = [row.cell for table in candidate.tables for row in table.rows]
    shown = [cell.count for cell in cells if cell.display == "shown"]
    votes = [row.cell for row in candidate.table("worth").rows]
    assert [cell.display for cell in votes] == ["shown", "shown", "shown", "small"]
    assert min(shown) >= T_FLOOR
    assert any(cell.display == "small" for cell in cells)
