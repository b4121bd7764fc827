"""A round's whole life, from a phone: planned, open, answered, closed, counted, released, told and forgotten."""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.participant import texts
from bot.simulator.driver import Driver, Screen
from flows.events import Control
from locales.catalog import catalogue
from sauti.demo.people import answer_all
from sauti.demo.releasing import Office
from sauti.demo.story import Round, drill_round, key_options
from sauti.demo.story import set_stage as passphrases
from tests.architecture.house import ROOT
from tests.faults.life import PATIENCE, Desk, Facilitator, Steady, Time, until
from tests.faults.referee import TOLD
from tests.faults.servers import Server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
PEOPLE = 45
LANGUAGES = "en,fr,es,ar,ru,zh,uk,my,sw,am,ckb,prs"
STAFF_TOKEN = "7000000077:" + "w" * 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[str]:
    """A simulator of this test's own, whose clock it moves by months."""
    server = Server(("simulator", "--no-rate-limits"), {}, tmp_path / "telegram.out", tmp_path / "telegram.err")
    await server.start()
    yield server.url
    await server.kill()


class House:
    """Everything that runs: the office's folder, two bots, one Telegram."""

    def __init__(self, folder: Path, driver: Driver, url: str) -> None:
        passphrases(folder, ROOT / "examples" / "protection.yaml")
        self.desk = Desk(folder, ROOT / "examples" / "protection.yaml", url)
        self.driver, self.time = driver, Time(folder, driver)
        aside = {"TMPDIR": str(folder), "HOME": str(folder)}
        staff = {name: self.desk.desk[name] for name in ("SAUTI_DATABASE_URL", "SAUTI_BOT_API_URL")}
        staff |= aside | {"SAUTI_STAFF_BOT_TOKEN": STAFF_TOKEN}
        self.bot = Server(("bot",), self.desk.bot | aside, folder / "bot.out", folder / "bot.err")
        self.staff = Server(("staff-bot",), staff, folder / "staff.out", folder / "staff.err")

    async def start(self) -> None:
        """Both bots, each looking at the story's clock."""
        await self.bot.start(twist="days")
        await self.staff.start(twist="staff_days")

    async def die(self) -> None:
        """`kill -9` for both."""
        await self.bot.kill()
        await self.staff.kill()

    async def office(self, *words: str | Path) -> Any:  # noqa: ANN401 - any JSON
        """What a command of the office says."""
        return json.loads(await self.desk.run(*words, settings=self.desk.bot | self.desk.custodians))

    async def state(self, name: str) -> str:
        """Where the round is in its life."""
        return str((await self.office("round", "status", name))["state"])

    async def comes_to(self, name: str, state: str) -> None:
        """Waits for it."""

        async def there() -> bool:
            return await self.state(name) == state

        await until(there, 2 * PATIENCE)


async def planned(house: House) -> tuple[Round, Facilitator, int]:
    """At the desk, once: keys, proof, plan, and a facilitator's phone; the number of the participant bot."""
    numbers = [
        int((await house.driver.bot(token, username=name))["id"])
        for token, name in ((house.desk.bot["SAUTI_BOT_TOKEN"], "life_bot"), (STAFF_TOKEN, "life_office_bot"))
    ]
    await house.time.put(house.time.begins)
    round_, proof = await drill_round(house.desk)
    await house.office("round", "check", round_.code, "--drill", proof)
    opens, closes = (f"{house.time.begins + ahead:%Y-%m-%dT%H:00}" for ahead in (HOUR, 2 * DAY))
    await house.office("round", "schedule", round_.code, "--opens", opens, "--closes", closes)
    link = await house.office("staff", "link", "north-1", "--role", "facilitator")
    await house.start()
    person = await house.driver.person("Amina", bot=numbers[1])
    await person.say(link["code"])
    await person.wait("north-1", PATIENCE)
    factor = parse_qs(urlsplit(link["second_factor"]).query)["secret"][0]
    return round_, Facilitator(person, factor, house.time), numbers[0]


async def answered(house: House, round_: Round, phone: Facilitator, bot: int) -> None:
    """It opens though nobody lives then; people answer; it rests and goes on by phone; one is reminded and ends."""
    name = round_.id[:4]
    await phone.shows(f"{name}: planned")
    await house.die()
    await house.time.put(house.time.begins + HOUR + timedelta(minutes=5))
    await house.start()
    await phone.shows(f"{name}: running")
    crowd = await answer_all(house.driver, bot, round_.code, PEOPLE)
    late = Steady(await house.driver.person("Beth", bot=bot))
    await late.person.start(round_.code)
    await late.goes_on(Control.SKIP)
    await late.person.press(late.label(Control.PAUSE))
    await late.person.wait(late.label(Control.REMIND), PATIENCE)
    await late.person.press(late.label(Control.REMIND))
    await late.person.next_card(PATIENCE)
    await phone.does(name, "Rest")
    await phone.shows(f"{name}: resting")
    await house.time.put(house.time.shown + 2 * HOUR)
    await phone.does(name, "Start")
    await reminded(house, late, round_)
    TOLD.append(f"a round's life: {crowd.participants_sent} sent, {crowd.participants_withdrawn} of them withdrew")


async def reminded(house: House, late: Steady, round_: Round) -> None:
    """The next morning one silent line comes, though the bot was killed in between; she finishes."""
    line = catalogue("en", texts.DOMAIN).text(*texts.REMINDER)

    def lines(screen: Screen) -> int:
        return sum(one.from_bot and line in one.text for one in screen.messages)

    await house.bot.kill()
    await house.time.put(house.time.begins + DAY)
    await house.bot.start(twist="days")
    screen = await late.person.wait(lambda seen: lines(seen) > 0, PATIENCE)
    assert lines(screen) == 1
    await late.person.start(round_.code)
    await late.goes_on(Control.RECEIPT_KEPT)


async def released(house: House, round_: Round, phone: Facilitator) -> None:
    """It closes by plan; custodians, analyst and two reviewers sign; the server is told, and those who want to know."""
    name, desk, out = round_.id[:4], house.desk, house.desk.folder / "out"
    await house.die()
    await house.time.put(house.time.begins + 2 * DAY + HOUR)
    await house.start()
    await house.comes_to(round_.code, "closed")
    await until(lambda: settled(house, round_))
    out.mkdir()
    office = Office(desk, round_.keys)
    await desk.run("bundle", round_.code, "--out", round_.keys / "bundle", settings=desk.desk)
    assert await office.count(round_.keys / "bundle", key_options(round_.shares))
    await house.office("round", "analysed", round_.code, office.candidate)
    await phone.shows(f"{name}: ended, counted")
    await desk.run("render", office.candidate, "--product", "community", "--lang", LANGUAGES, "--out", out, settings={})
    await office.publish(out, out / "release.json")
    await house.office("round", "released", round_.code, out / "release.json", "--ledger", office.ledger)
    await house.office("round", "results", round_.code, ROOT / "examples" / "results.yaml")
    await phone.shows(f"{name}: ended, published")
    shares = [path.with_name(path.name.replace("share", "notification-share")) for path in round_.shares]
    told = await house.office("broadcast", round_.code, *key_options(shares))
    assert told["told"] >= 10


async def proved(house: House, round_: Round) -> None:
    """Two of three custodians of either key and who held the bundle sign that theirs is gone: only then *destroyed*."""
    custodians = sorted(round_.keys.glob("*share-*.json"))
    third = next(path for path in custodians if path.name == "share-3.json")
    signed = [round_.keys / "erased.json"]
    await house.office("erase", round_.keys / "bundle", "--signing-key", third, "--out", signed[0], "--yes")
    for share in custodians:
        if not share.name.endswith("3.json"):
            signed.append(round_.keys / f"{share.stem}.signed")
            await house.office("keys", "destroy", share, "--out", signed[-1], "--yes")
    proof = round_.keys / "destroyed.json"
    assert (await house.office("round", "destroyed", round_.code, *signed, "--out", proof))["state"] == "destroyed"
    told = await house.office("round", "proof", proof, "--public-key", round_.keys / "round.public.json")
    assert (told["round"], told["shares"], told["bundles"]) == (round_.id, 4, 1)


async def settled(house: House, round_: Round) -> bool:
    """Whether the leader has ended what was open: the salt is gone."""
    return not (house.desk.folder / "secrets" / "salts" / round_.id).exists()


async def test_a_round_lives_its_whole_life_from_a_phone(tmp_path: Path, telegram: str) -> None:
    """Planned once and signed for, a round opens, reminds, rests, closes, is told and forgotten, whoever is killed.

    Both bots run and die; time jumps over each of their duties; nobody is at the desk but to sign. After retention
    nothing of the round is left on the server but a line that names it, the phone's list is empty, and custodians'
    signatures end it in a proof that anybody can judge.

    Proves: S1, S4, D5
    """
    async with Driver(telegram) as driver:
        house = House(tmp_path, driver, telegram)
        try:
            round_, phone, bot = await planned(house)
            await answered(house, round_, phone, bot)
            await released(house, round_, phone)
            await house.die()
            await house.time.put(house.time.begins + 230 * DAY)
            await house.start()
            await house.comes_to(round_.code, "destruction-pending")
            await phone.shows("Your list is empty.")
            await proved(house, round_)
            done = await house.office("log", "show", "--format", "json")
            assert (await house.office("log", "verify"))["lines"] == len(done["lines"])
        finally:
            await house.die()
    forgotten(tmp_path, round_)


def forgotten(folder: Path, round_: Round) -> None:
    """Of the round its name alone is left, in database and folder of secrets, so that it never comes back."""
    kept = [path.parent.name for path in (folder / "secrets").rglob(f"{round_.id}*")]
    assert set(kept) == {"destroyed", "exported"}, "the bundle that left is still to be accounted for"
    with sqlite3.connect(folder / "sauti.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left = {name for name in tables if database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}  # noqa: S608 - names out of the database itself
        names = database.execute("SELECT hex(id) FROM destroyed").fetchall()
    assert names == [(round_.id.upper(),)]
    assert left <= {
        "alembic_version",
        "destroyed",
        "due",
        "exported",
        "watched",
        "staff",
        "staff_messages",
        "staff_sent",
        "work_log",
    }
