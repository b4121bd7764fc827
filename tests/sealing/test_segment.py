import copy
import os
import pickle
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from privacy.opening import Opener
from storage import sealing
from storage.envelope import response
from storage.sealing import Sealer, SealingError, Segment, fill
from tests.sealing.support import KEY, ROUND, SEALER


def test_a_segment_cannot_be_copied_or_written_anywhere() -> None:
    """Two copies of a stream state would seal two messages alike, so there is no way to make one. Proves: D1."""
    segment = SEALER.begin(bytes(16), 0, 0)

    for attempt in (copy.copy, copy.deepcopy, pickle.dumps, lambda it: pickle.dumps(it, 0), lambda it: [*vars(it)]):
        with pytest.raises(TypeError):
            attempt(segment)


def test_a_segment_does_not_print_itself() -> None:
    """Neither state nor response id of an open conversation can reach a log. Proves: D6."""
    assert repr(SEALER.begin(b"0123456789abcdef", 0, 0)) == "<Segment>"


def test_a_finished_segment_seals_nothing_more() -> None:
    """After the last chunk the stream is gone."""
    segment = SEALER.begin(bytes(16), 0, 0)
    segment.push(b"", filler=True, final=True)

    assert not segment.alive
    with pytest.raises(SealingError, match="segment-spent"):
        segment.push(b"one more")


@pytest.mark.parametrize(
    ("payload", "flags", "code"),
    [
        (b"x" * (response.PIECE + 1), {}, "payload-too-long"),
        (b"x", {"filler": True}, "not-a-filler"),
        (b"", {"filler": True, "more": True}, "not-a-filler"),
        (b"", {"final": True}, "not-a-filler"),
    ],
)
def test_a_push_that_fails_spends_the_segment(payload: bytes, flags: dict[str, bool], code: str) -> None:
    """A caller that made one mistake does not get to make another with the same stream."""
    segment = SEALER.begin(bytes(16), 0, 0)

    with pytest.raises(SealingError, match=code):
        segment.push(payload, **flags)
    with pytest.raises(SealingError, match="segment-spent"):
        segment.push(b"")


@pytest.mark.parametrize("act", [lambda one: one.push(b"a"), lambda one: one.fill(5)], ids=["push", "fill"])
@pytest.mark.parametrize("refusing", [False, True])
def test_a_failure_inside_libsodium_spends_the_segment(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Segment], object], refusing: bool
) -> None:
    """Where nobody knows whether the state has moved (libsodium refused, or was interrupted), it is not used again.

    Proves: S4
    """

    def push(*_given: object) -> int:
        if refusing:
            return -1
        raise KeyboardInterrupt

    segment = SEALER.begin(bytes(16), 0, 0)
    segment.push(b"a")
    with monkeypatch.context() as broken:
        broken.setattr(sealing, "lib", SimpleNamespace(crypto_secretstream_xchacha20poly1305_push=push))
        with pytest.raises(SealingError if refusing else KeyboardInterrupt):
            act(segment)

    with pytest.raises(SealingError, match="segment-spent"):
        act(segment)


@pytest.mark.parametrize("begins", [0, 1, 4])
def test_filling_seals_as_so_many_pushes_do(begins: int) -> None:
    """A response that is filled at once opens like one filled chunk by chunk, wherever its last segment begins.

    Proves: S4, D3
    """
    name, capacity = bytes(16), 9
    first = SEALER.begin(name, 0, 0)
    chunks = [first.push(b"answer"), *first.fill(begins)] if begins else []
    last = SEALER.begin(name, 1, begins) if begins else first
    chunks += [*last.fill(capacity - 1), last.push(b"", filler=True, final=True)]

    blob = response.assemble(ROUND, SEALER.key_id, name, chunks, capacity)

    assert Opener(KEY, ROUND).open(blob).records == ((b"answer",) if begins else ())
    assert last.next_index == capacity
    assert not last.alive


def test_filling_cannot_outgrow_a_response_nor_use_a_spent_segment() -> None:
    """What `push` refuses is refused to whoever fills, and an end that is reached already asks for nothing."""
    segment = SEALER.begin(bytes(16), 0, 0)
    segment.push(b"answer")
    assert segment.fill(1) == []
    with pytest.raises(SealingError, match="response-full"):
        segment.fill(response.MAX_CHUNKS + 1)
    with pytest.raises(SealingError, match="segment-spent"):
        segment.fill(2)


def test_a_forked_child_cannot_use_its_parents_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork copies every open state, so the copy refuses to work. Proves: S4."""
    segment = SEALER.begin(bytes(16), 0, 0)
    monkeypatch.setattr(os, "getpid", lambda: -1)

    with pytest.raises(SealingError, match="segment-forked"):
        segment.push(b"a")


def test_two_segments_share_nothing() -> None:
    """The same words at the same place are sealed under another key each time."""
    first, second = (SEALER.begin(bytes(16), 0, 0) for _ in range(2))

    assert first.tag != second.tag
    assert first.push(b"same") != second.push(b"same")


@pytest.mark.parametrize("key", [b"", b"x" * 31, bytes(32), b"\1" + bytes(31)])
def test_a_key_that_nobody_holds_is_refused(key: bytes) -> None:
    """A round cannot be given a key that is no key, or one whose boxes everybody could open; it says what to do."""
    with pytest.raises(SealingError, match="bad-public-key") as refused:
        Sealer(key, ROUND)
    assert "sauti keys new" in str(refused.value)


def test_ids_of_another_length_are_refused() -> None:
    """A wrong id would shift everything that a chunk is bound to."""
    with pytest.raises(SealingError, match="bad-round-id"):
        Sealer(KEY.public_key, b"short")
    with pytest.raises(SealingError, match="bad-response-id"):
        SEALER.begin(b"short", 0, 0)


def test_a_response_cannot_outgrow_its_capacity() -> None:
    """There is always room for the last chunk, or nothing is sealed."""
    segment = SEALER.begin(bytes(16), 0, 3)

    with pytest.raises(SealingError, match="response-full"):
        fill(segment, 3)
    with pytest.raises(SealingError, match="response-full"):
        SEALER.begin(bytes(16), 0, response.MAX_CHUNKS).push(b"a")


def test_a_new_segment_may_bring_nothing_but_the_end() -> None:
    """A worker that only receives *send* closes what another worker sealed. Proves: S4."""
    name = bytes(16)
    chunks = [SEALER.begin(name, 0, 0).push(b"answer"), *fill(SEALER.begin(name, 1, 1), 2)]

    blob = response.assemble(ROUND, SEALER.key_id, name, chunks, 2)

    assert Opener(KEY, ROUND).open(blob).records == (b"answer",)
