"""Which open segment may go on: stream states wait here between two messages of one person, in memory only.

The discipline that keeps a state from being pushed twice, whatever the database does:

1. `take` removes the state *before* the transaction pushes. Two tries of one transaction never see the same state.
2. The transaction commits the chunk together with (segment, tag, next index).
3. `put` returns the state *after* the commit. A commit that failed, or that nobody knows the end of, returns nothing.
4. `take` hands out a state only where the draft in the database names exactly this segment at exactly this index. A
   restored backup, another worker's segment or a lost commit does not match, and the state is dropped for good.

Everything that goes wrong therefore ends in a new segment: one sealed box more, nothing lost, nothing repeated.
"""

from collections import OrderedDict
from threading import Lock

from storage.sealing import Segment


class StreamCache:
    """Open segments by response id; at most `bound` of them, the one idle longest goes first.

    Safe to call from several threads: the writer takes, the event loop puts back.
    """

    def __init__(self, bound: int = 10_000) -> None:
        self._bound = bound
        self._segments: OrderedDict[bytes, Segment] = OrderedDict()
        self._lock = Lock()

    def take(self, response_id: bytes, segment: int, tag: bytes, index: int) -> Segment | None:
        """The segment that the draft names, if this process holds it there; it leaves the cache either way."""
        with self._lock:
            held = self._segments.pop(response_id, None)
        if held is None or (held.segment, held.tag, held.next_index) != (segment, tag, index):
            return None
        return held

    def put(self, segment: Segment) -> None:
        """Keeps a segment whose last chunk has been committed. A spent one is forgotten."""
        with self._lock:
            self._segments.pop(segment.response_id, None)
            if segment.alive:
                self._segments[segment.response_id] = segment
            while len(self._segments) > self._bound:
                self._segments.popitem(last=False)

    def drop(self, response_id: bytes) -> None:
        """Forgets the segment of a response that was sent, withdrawn or has expired."""
        with self._lock:
            self._segments.pop(response_id, None)

    def __len__(self) -> int:
        return len(self._segments)

    def __repr__(self) -> str:
        return "<StreamCache>"
