from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.opening import Opener
from storage import sealing
from storage.envelope import response
from storage.envelope.response import SealedAnswer
from storage.sealing import Segment, fill
from storage.streams import StreamCache
from tests.sealing.support import KEY, ROUND, SEALER

RESPONSES = (b"first response..", b"second response.")


def begin(name: bytes = RESPONSES[0]) -> Segment:
    """A fresh segment with one chunk in it."""
    segment = SEALER.begin(name, 0, 0)
    segment.push(b"a")
    return segment


def take(cache: StreamCache, segment: Segment) -> Segment | None:
    """What the cache gives to a draft that names `segment` as it stands."""
    return cache.take(segment.response_id, segment.segment, segment.tag, segment.next_index)


def test_a_state_is_handed_out_once() -> None:
    """Taking removes, so that a second transaction can never see the state of the first."""
    cache, segment = StreamCache(), begin()
    cache.put(segment)

    assert take(cache, segment) is segment
    assert take(cache, segment) is None


@pytest.mark.parametrize("change", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_a_state_that_the_draft_does_not_name_is_dropped(change: tuple[int, int, int]) -> None:
    """After a restore or another worker's turn the state is gone, also for a draft that would fit later."""
    cache, segment = StreamCache(), begin()
    number, tag, index = change
    cache.put(segment)
    named = (segment.segment + number, bytes(8) if tag else segment.tag, segment.next_index - index)

    assert cache.take(segment.response_id, *named) is None
    assert take(cache, segment) is None


def test_memory_is_bounded_and_the_idlest_goes_first() -> None:
    """However many people write, the process holds so many states and no more."""
    cache = StreamCache(bound=2)
    first, second, third = (begin(bytes([number]) * 16) for number in range(3))
    for segment in (first, second, first, third):
        cache.put(segment)

    assert len(cache) == 2
    assert take(cache, second) is None
    assert take(cache, first) is first
    assert take(cache, third) is third


def test_a_spent_segment_is_not_kept() -> None:
    """What can seal nothing more takes no memory, and replaces what stood there."""
    cache, segment = StreamCache(), begin()
    cache.put(segment)
    fill(segment, 3)
    cache.put(segment)

    assert len(cache) == 0


def test_a_dropped_response_is_forgotten() -> None:
    """Sent, withdrawn and expired responses leave no state behind, and dropping twice harms nothing."""
    cache, segment = StreamCache(), begin()
    cache.put(segment)

    cache.drop(segment.response_id)
    cache.drop(segment.response_id)

    assert take(cache, segment) is None
    assert repr(cache) == "<StreamCache>"


class Outcome(StrEnum):
    """How a transaction ends, as the process that ran it sees it."""

    COMMITTED = "committed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Draft:
    """What the database knows of one response."""

    records: tuple[bytes, ...] = ()
    chunks: tuple[SealedAnswer, ...] = ()
    segment: int = -1
    tag: bytes = b""


@dataclass(frozen=True)
class Turn:
    """One message of one person, handled by one worker, its transaction tried until it ends as the last outcome."""

    worker: int
    response: int
    records: tuple[bytes, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Restore:
    """The database goes back to what it was `age` changes ago; the workers do not notice."""

    age: int


@dataclass(frozen=True)
class Restart:
    """A worker loses its memory."""

    worker: int


events = st.one_of(
    st.builds(
        Turn, st.integers(0, 1), st.integers(0, 1),
        st.lists(st.binary(max_size=200), min_size=1, max_size=3).map(tuple),
        st.lists(st.sampled_from(Outcome), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(Restore, st.integers(0, 4)),
    st.builds(Restart, st.integers(0, 1)),
)  # fmt: skip


class World:
    """Two workers with their caches, and the one database between them as the intake uses it."""

    def __init__(self) -> None:
        self.caches = [StreamCache(bound=1), StreamCache(bound=2)]
        self.history: list[dict[bytes, Draft]] = [{}]

    def happen(self, event: Turn | Restore | Restart) -> None:
        """Lets one event happen."""
        match event:
            case Turn():
                for outcome in event.outcomes:
                    self._transaction(event, outcome)
            case Restore(age):
                self.history.append(self.history[max(0, len(self.history) - 1 - age)])
            case Restart(worker):
                self.caches[worker] = StreamCache(bound=worker + 1)

    def _transaction(self, turn: Turn, outcome: Outcome) -> None:
        name, cache = RESPONSES[turn.response], self.caches[turn.worker]
        draft = self.history[-1].get(name, Draft())
        index = len(draft.chunks)
        segment = cache.take(name, draft.segment, draft.tag, index) or SEALER.begin(name, draft.segment + 1, index)
        new = [
            segment.push(piece, more=more)
            for record in turn.records
            for piece, more in response.pieces(record)
        ]  # fmt: skip
        if outcome is Outcome.FAILED:
            return
        saved = Draft(draft.records + turn.records, (*draft.chunks, *new), segment.segment, segment.tag)
        self.history.append({**self.history[-1], name: saved})
        if outcome is Outcome.COMMITTED:
            cache.put(segment)

    def check(self) -> None:
        """Every response in the database opens to what its committed transactions said."""
        for name, draft in self.history[-1].items():
            capacity = len(draft.chunks) + 1
            end = fill(SEALER.begin(name, draft.segment + 1, capacity - 1), capacity)
            blob = response.assemble(ROUND, SEALER.key_id, name, [*draft.chunks, *end], capacity)
            assert Opener(KEY, ROUND).open(blob).records == draft.records


@contextmanager
def watched() -> Iterator[list[bytes]]:
    """Every stream state from which anything is sealed, in order."""
    pushed: list[bytes] = []

    class Watched(Segment):
        __slots__ = ()

        def push(
            self, payload: bytes, *, more: bool = False, filler: bool = False, final: bool = False
        ) -> SealedAnswer:  # fmt: skip
            assert self._state is not None
            pushed.append(bytes(self._state.statebuf))
            return super().push(payload, more=more, filler=filler, final=final)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "Segment", Watched)
        yield pushed


@given(st.lists(events, min_size=1, max_size=12))
@settings(max_examples=150)
def test_no_stream_state_is_ever_pushed_twice(happened: list[Turn | Restore | Restart]) -> None:
    """Rollback, retry, restore, two workers, eviction, restart: no state seals two messages. Proves: D1, S1."""
    world = World()

    with watched() as pushed:
        for event in happened:
            world.happen(event)

    assert len(pushed) == len(set(pushed))


@given(st.lists(events, min_size=1, max_size=12))
@settings(max_examples=150)
def test_what_was_committed_always_opens(happened: list[Turn | Restore | Restart]) -> None:
    """Whatever happened to transactions and workers, the database holds a response that opens. Proves: S1, S4."""
    world = World()

    for event in happened:
        world.happen(event)
        world.check()
