"""`sauti clock`: opens and closes rounds at their time, where no staff bot does.

It has the database and no secret: whoever takes it over can open and close rounds, and read nothing. Any number may
run, beside any number of staff bots; one leads, and what two do at once happens once (`rounds.scheduling`).
"""

import asyncio
import json
import logging
import signal
import sys
from typing import TYPE_CHECKING

from sauti.office import now
from sauti.speaking import say, told

if TYPE_CHECKING:
    from rounds.scheduling import Moved
    from rounds.settings import ClockSettings
    from storage.errors import StorageError


def clock() -> None:
    """Open and close rounds at the times planned with `sauti round schedule`. Runs until it is ended."""
    from rounds.settings import ClockSettings

    with told():
        asyncio.run(_run(ClockSettings.read()))


async def _run(settings: "ClockSettings") -> None:
    from rounds.clock import Clock
    from rounds.scheduling import Scheduling
    from storage.database import connect
    from storage.leading import Place, seat
    from storage.migrations import migrate
    from storage.rounds import RoundStore

    logging.disable(logging.CRITICAL)  # what there is to say, we say ourselves, a JSON line each
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = connect(settings.database_url.get_secret_value())
    try:
        migrate(engine)
        # The name is looked up at each call: a test puts another clock there.
        work = Scheduling(RoundStore(engine), settings.bot_api_url, lambda: now(), _tell, _broken)  # noqa: PLW0108 - above
        sys.stdout.write(json.dumps({"ready": True, "url": settings.bot_api_url}) + "\n")
        sys.stdout.flush()
        await Clock(seat(engine, Place.ROUNDS), [work.job]).run(stop)
    finally:
        engine.dispose()


def _tell(moved: "Moved") -> None:
    """One JSON line: codes and numbers, nothing of anybody."""
    act = "kept-shut" if moved.gaps else moved.act.value
    line = {"event": f"round-{act}", "code": moved.round_id.hex()[:8], "seconds": moved.late}
    say(json.dumps(line | ({"gaps": [gap.code for gap in moved.gaps]} if moved.gaps else {})))


def _broken(error: "StorageError") -> None:
    say(json.dumps({"event": "scheduling-failed", "code": error.code}))
