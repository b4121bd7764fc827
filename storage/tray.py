"""Where work lies until its thread takes it: put in one by one from event loops, taken out together.

A thread that is called for every single piece begins with the first, while the loop goes on with the others: both want
the interpreter's lock at the same time, and what came together is done in many small lots. So an event loop calls once,
at the end of the pass in which it has put something in.
"""

import asyncio
from collections import deque
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Tray(Generic[T]):
    """Anybody may put something in and call; one thread takes."""

    def __init__(self) -> None:
        self._pieces: deque[T] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._calling: asyncio.AbstractEventLoop | None = None
        """The loop whose pass ends with a call that is not made yet."""
        self._closed = False

    def __len__(self) -> int:
        return len(self._pieces)

    def put(self, piece: T) -> None:
        """Lays it down. Whoever does so calls."""
        self._pieces.append(piece)

    def call(self) -> None:
        """Calls the thread; from any thread."""
        self._bell.put(None)

    def call_soon(self) -> None:
        """Calls it when this pass of the running event loop is over, once for all that it has put in."""
        loop = asyncio.get_running_loop()
        # Another thread's loop in between costs one call too many. A loop that ends before it has called leaves
        # nobody who waits, and its pieces go with the next call.
        if self._calling is not loop:
            self._calling = loop
            loop.call_soon(self._call)

    def _call(self) -> None:
        self._calling = None
        self.call()

    def take(self, most: int) -> list[T]:
        """What lies there, at most so much, in the order of coming; waits for it. Nothing at the end of all."""
        while not self._pieces and not self._closed:
            self._bell.get()
        return [self._pieces.popleft() for _ in range(min(most, len(self._pieces)))]

    def close(self) -> None:
        """Nothing more is put in; `take` goes on until all is taken."""
        self._closed = True
        self.call()
