"""Where the tests of faults play: a database, secrets, an open rehearsal, one bot of a simulator, bot processes.

The round is made and closed in this process, as the round commands do it; everything a person meets is a process of
its own, spoken to over HTTP.
"""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from flows.model import Consultation
from privacy import keys
from privacy.key_files import INTERACTIVE
from privacy.keys import RoundPrivateKey
from rounds import service
from storage.bundles import write_bundle
from storage.database import connect
from storage.envelope.ceremony import PublicFile
from storage.migrations import migrate
from storage.rounds import ControlRow, RoundRow, RoundStore
from storage.secrets import Secrets
from tests.faults.asked import CONSULTATION
from tests.faults.proxy import Proxy
from tests.faults.servers import Server

_NUMBERS = itertools.count(424_242)


@dataclass(frozen=True, slots=True)
class Custody:
    """A key pair with its ceremony done; the private half is what only the test has."""

    public: PublicFile
    private: RoundPrivateKey

    @classmethod
    def make(cls) -> "Custody":
        """Two of three custodians."""
        words = [secrets.token_urlsafe(8) for _ in range(3)]
        made = keys.new_keys(3, 2, words, cost=INTERACTIVE)
        return cls(made.public, keys.unlock(made.shares[:2], words[:2], cost=INTERACTIVE))


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)  # noqa: TID251 - tests with real processes live in real time


@dataclass(slots=True)
class Stage:
    """One bot with one round. `folder` holds everything the bot may write."""

    folder: Path
    driver: Driver
    url: str
    database: str
    custody: Custody
    row: RoundRow
    token: str
    webhook: tuple[str, str] | None = None
    """Address and secret; None polls."""
    bots: list[Server] = field(default_factory=list)

    @property
    def bot(self) -> int:
        """The bot's number."""
        return int(self.token.partition(":")[0])

    @property
    def settings(self) -> dict[str, str]:
        """A bot process's environment."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        settings = {
            "SAUTI_DATABASE_URL": self.database,
            "SAUTI_SECRETS_DIR": str(self.folder / "secrets"),
            "SAUTI_BOT_API_URL": self.url,
            "SAUTI_BOT_TOKEN": self.token,
            "TMPDIR": str(temporary),
            "HOME": str(temporary),
        }
        if self.webhook is not None:
            address, secret = self.webhook
            settings |= {"SAUTI_WEBHOOK_URL": address, "SAUTI_WEBHOOK_SECRET": secret}
            settings["SAUTI_WEBHOOK_LISTEN"] = "127.0.0.1:0"
        return settings

    def server(self) -> Server:
        """Another bot process of this stage, not yet started."""
        number = len(self.bots)
        made = Server(("bot",), self.settings, self.folder / f"out-{number}", self.folder / f"err-{number}")
        self.bots.append(made)
        return made

    @property
    def stderr(self) -> str:
        """Everything that the bots have said on stderr."""
        return "".join(bot.err.read_text(errors="replace") for bot in self.bots if bot.err.exists())

    async def counters(self) -> Json:
        """The simulator's counts of this bot's updates."""
        return await self.driver.call("GET", f"/sim/bots/{self.bot}/counters")

    async def confirmed(self) -> int:
        """How many updates the simulator has seen confirmed."""
        return int((await self.counters())["confirmed"])

    async def goes_on(self, more: int, within: float = 120.0) -> None:
        """Waits until `more` updates have been confirmed. Raises TimeoutError."""
        enough = await self.confirmed() + more
        async with asyncio.timeout(within):
            while await self.confirmed() < enough:  # noqa: ASYNC110 - as in `quiet`
                await asyncio.sleep(0.1)

    async def stands_still(self, seconds: float, within: float = 120.0) -> None:
        """Waits until nothing has been confirmed for so long. Raises TimeoutError."""
        async with asyncio.timeout(within):
            before = -1
            while before != (held := await self.confirmed()):
                before = held
                await asyncio.sleep(seconds)

    async def quiet(self, within: float = 120.0) -> None:
        """Waits until nothing is left to be confirmed. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (await self.counters())["pending"]:  # noqa: ASYNC110 - another process knows, and does not tell
                await asyncio.sleep(0.1)

    async def stop_bots(self) -> None:
        """Ends all bot processes as an operator would."""
        await asyncio.gather(*(bot.stop() for bot in self.bots))

    def close(self) -> Path:
        """Closes the round and writes its bundle; the bundle's path."""
        path = self.folder / "bundle"
        with _office(self.database, self.folder) as (store, held), path.open("wb") as out:
            service.close(store, held, store.get(self.row.id), now())
            write_bundle(store.engine, held, self.row.id, out, now=now())
        return path


@contextlib.contextmanager
def _office(database: str, folder: Path) -> Iterator[tuple[RoundStore, Secrets]]:
    engine = connect(database)
    try:
        yield RoundStore(engine), Secrets(folder / "secrets")
    finally:
        engine.dispose()


def open_round(database: str, folder: Path, custody: Custody, url: str, asked: Consultation) -> RoundRow:
    """A rehearsal, made, drilled and opened."""
    engine = connect(database)
    migrate(engine)
    engine.dispose()
    with _office(database, folder) as (store, held):
        row = service.new(store, asked, custody.public, rehearsal=True, control=ControlRow())
        proof = keys.drill(service.challenge(store, row), custody.private)
        return service.open_(store, held, store.get(row.id), proof=proof, bot_api_url=url, now=now())


@contextlib.asynccontextmanager
async def staged(
    folder: Path, database: str, custody: Custody, url: str, *, by_webhook: bool = False, token: str = "",
) -> AsyncIterator[tuple[Stage, Proxy]]:  # fmt: skip
    """A stage whose round is open and whose bots still have to be started; ends them afterwards.

    The proxy spreads webhook deliveries over the bots that are listed in it; polling bots leave it unused.
    """
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else runs yet
    row = await asyncio.to_thread(open_round, database, folder, custody, url, CONSULTATION)
    token = token or f"{next(_NUMBERS)}:{secrets.token_urlsafe(24)}"
    async with Driver(url) as driver, Proxy() as proxy:
        await driver.bot(token)
        hook = (f"{proxy.url}/hook", secrets.token_urlsafe(24)) if by_webhook else None
        stage = Stage(folder, driver, url, database, custody, row, token, hook)
        try:
            yield stage, proxy
        finally:
            for bot in stage.bots:
                await bot.kill()
