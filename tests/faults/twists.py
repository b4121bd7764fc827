"""How a child process is bent before it starts: a clock that jumps, and rules broken on purpose for `make sabotage`."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

PATCH = pytest.MonkeyPatch()
"""Never undone: the child ends."""


def clock() -> None:
    """The bot's clock runs ahead by as many seconds as the file `clock` in its folder for temporary files says."""
    from bot.participant import app

    real, file = app.now, Path(os.environ["TMPDIR"]) / "clock"
    PATCH.setattr(app, "now", lambda: real() + timedelta(seconds=float(file.read_text())))


def hands() -> None:
    """The same for whoever keeps the time of rounds, and it looks twice a second."""
    from rounds import scheduling
    from sauti.office import now

    file = Path(os.environ["TMPDIR"]) / "clock"
    PATCH.setattr("sauti.timekeeping.now", lambda: now() + timedelta(seconds=float(file.read_text())))
    PATCH.setattr(scheduling, "EVERY", 0.5)


def updates_count_each_time() -> None:
    """An update that comes again is taken for a new one."""
    from storage.batch import Batch

    PATCH.setattr(Batch, "fresh", lambda *_given: True)


def says_yes_before_it_is_stored() -> None:
    """The webhook answers 200 at once and stores when it finds the time."""
    from bot.participant.gateway import Gateway

    handle, tasks = Gateway.handle, set[asyncio.Future[None]]()

    async def later(gateway: Gateway, raw: object) -> None:
        await asyncio.sleep(0.5)
        await handle(gateway, raw)

    async def at_once(gateway: Gateway, raw: object) -> None:
        tasks.add(asyncio.ensure_future(later(gateway, raw)))

    PATCH.setattr(Gateway, "handle", at_once)


def streams_go_on_unasked() -> None:
    """A stream state goes on where this process left it, whatever another one has stored since."""
    from storage.streams import StreamCache

    PATCH.setattr(StreamCache, "take", lambda cache, response_id, *_: cache._segments.pop(response_id, None))


def numbers_are_believed() -> None:
    """Whatever stands where a number belongs is taken for one."""
    from bot.participant import incoming

    PATCH.setattr(incoming, "_whole", lambda value: None if value is None else int(value))


def what_comes_in_is_logged() -> None:
    """A careful engineer writes every update to the log."""
    from bot.participant.gateway import Gateway

    handle = Gateway.handle

    async def told(gateway: Gateway, raw: object) -> None:
        print(raw, file=sys.stderr, flush=True)  # noqa: T201 - that is the breakage
        await handle(gateway, raw)

    PATCH.setattr(Gateway, "handle", told)


def drafts_rest_in_the_clear() -> None:
    """Drafts are padded and not encrypted."""
    from storage.intake_keys import Lock

    def close(_lock: Lock, plain: bytes, _context: bytes, *, size: int) -> bytes:
        return len(plain).to_bytes(4, "big") + plain.ljust(size, b"\x00")

    PATCH.setattr(Lock, "close", close)
    PATCH.setattr(Lock, "open", lambda _lock, body, _context: body[4 : 4 + int.from_bytes(body[:4], "big")])


def hurried() -> None:
    """As `clock`, and what the leader does each minute it does five times a second."""
    from bot.participant import reminding, sweeper

    clock()
    for module in (reminding, sweeper):
        PATCH.setattr(module, "EVERY", 0.2)


def days() -> None:
    """As `hurried`, and what the leader does each hour, each half-minute or each five it does twice a second."""
    from bot.participant import daily, settling, watching

    hurried()
    for module in (daily, settling, watching):
        PATCH.setattr(module, "EVERY", 0.5)


def staff_days() -> None:
    """The staff bot's clock runs ahead by what the file `clock` says, and it looks at everything twice a second."""
    from bot.staff import app, jobs
    from rounds import scheduling

    real, file = app.now, Path(os.environ["TMPDIR"]) / "clock"
    PATCH.setattr(app, "now", lambda: real() + timedelta(seconds=float(file.read_text())))
    PATCH.setattr(jobs, "NOW_AND_THEN", 0.5)
    PATCH.setattr(scheduling, "EVERY", 0.5)


def desk() -> None:
    """The same clock for commands, each of which has taken the name for itself."""
    import sauti.main  # noqa: F401 - it imports all of them
    from sauti import office

    real, file = office.now, Path(os.environ["TMPDIR"]) / "clock"
    for name, module in list(sys.modules.items()):
        if name.startswith("sauti.") and getattr(module, "now", None) is real:
            PATCH.setattr(module, "now", lambda: real() + timedelta(seconds=float(file.read_text())))
