"""Waiting for something to change without asking again and again."""

import asyncio
from collections.abc import Callable


async def change(watchers: list[Callable[[], object]], ends: float) -> bool:
    """Wait until a watcher list is woken; return False when the loop's time `ends` came first."""
    loop = asyncio.get_running_loop()
    if loop.time() >= ends:
        return False
    woken: asyncio.Future[bool] = loop.create_future()

    def wake(changed: bool = True) -> None:  # noqa: FBT001, FBT002 - called by watchers without and by the timer with it
        if not woken.done():
            woken.set_result(changed)

    watchers.append(wake)
    timer = loop.call_at(ends, wake, False)  # noqa: FBT003 - call_at passes by position
    try:
        return await woken
    finally:
        timer.cancel()
        if wake in watchers:
            watchers.remove(wake)
