"""Where work waits for its thread: nothing gets lost or changes its order, and one pass of a loop is one lot."""

import asyncio
from queue import SimpleQueue
from threading import Thread

from storage.tray import Tray


def taking(tray: Tray[int], most: int, lots: SimpleQueue[list[int]]) -> Thread:
    """A thread that takes until the tray is closed and empty."""

    def run() -> None:
        while lot := tray.take(most):
            lots.put(lot)

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


async def test_one_pass_of_a_loop_is_one_lot() -> None:
    """What a hundred tasks put in while the loop goes round once is taken together, though the thread waits for it."""
    tray, lots = Tray[int](), SimpleQueue[list[int]]()
    thread = taking(tray, 1_000, lots)

    async def put(piece: int) -> None:
        tray.put(piece)
        tray.call_soon()
        await asyncio.sleep(0)

    await asyncio.gather(*(put(piece) for piece in range(100)))
    first = await asyncio.to_thread(lots.get, timeout=10)
    tray.close()
    thread.join(10)

    assert (first, lots.qsize()) == ([*range(100)], 0)


async def test_every_pass_calls_again() -> None:
    """A loop that has called once calls for what it puts in later, too."""
    tray, lots = Tray[int](), SimpleQueue[list[int]]()
    thread = taking(tray, 1_000, lots)
    taken = []
    for piece in range(3):
        tray.put(piece)
        tray.call_soon()
        taken.append(await asyncio.to_thread(lots.get, timeout=10))
    tray.close()
    thread.join(10)

    assert taken == [[0], [1], [2]]


def test_a_lot_has_an_upper_end() -> None:
    """More than one lot holds comes in several, in order, and what lies there when it is closed is taken."""
    tray, lots = Tray[int](), SimpleQueue[list[int]]()
    for piece in range(10):
        tray.put(piece)
    assert len(tray) == 10
    tray.close()
    taking(tray, 4, lots).join(10)

    assert [lots.get(), lots.get(), lots.get()] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_loop_that_ends_before_it_has_called_stops_nobody() -> None:
    """The next loop's call takes what it has left."""
    tray, lots = Tray[int](), SimpleQueue[list[int]]()
    thread = taking(tray, 1_000, lots)

    async def put(piece: int) -> None:
        tray.put(piece)
        tray.call_soon()

    broken = asyncio.new_event_loop()
    broken.call_soon(lambda: broken.create_task(put(1)))
    broken.call_soon(broken.stop)
    broken.run_forever()
    broken.run_until_complete(put(2))
    broken.close()
    asyncio.run(put(3))
    tray.close()
    thread.join(10)

    assert [piece for _ in range(lots.qsize()) for piece in lots.get()] == [1, 2, 3]
