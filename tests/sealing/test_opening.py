import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import records as flow_records
from privacy.opening import Opener
from storage.envelope import response
from storage.envelope.errors import Malformed, ResponseRefused
from tests.sealing import referee
from tests.sealing.support import KEY, ROUND, responses, seal, seal_whole


@given(responses())
def test_any_records_in_any_segments_open_to_the_same_records(
    made: tuple[list[bytes], int, frozenset[int]],
) -> None:
    """Whatever was said opens unchanged and in order, wherever restarts and evictions cut the stream. Proves: S4."""
    records, capacity, breaks = made

    blob = seal(records, capacity, breaks)

    assert Opener(KEY, ROUND).open(blob).records == tuple(records)
    assert referee.read(blob, KEY.secret, ROUND) == records


@given(responses(), st.data())
def test_every_response_of_a_round_has_one_size(
    made: tuple[list[bytes], int, frozenset[int]], data: st.DataObject
) -> None:
    """Size and number of chunks tell nothing of what or how much was said. Proves: D3."""
    records, capacity, breaks = made
    fewer = data.draw(st.integers(0, len(records)))

    sizes = {
        len(seal(records, capacity, breaks)),
        len(seal(records[:fewer], capacity)),
        len(seal_whole(records[:fewer], capacity)),
    }

    assert sizes == {64 + 256 * capacity}


@given(responses(), st.data())
def test_the_reader_agrees_with_the_referee_on_damaged_responses(
    made: tuple[list[bytes], int, frozenset[int]], data: st.DataObject
) -> None:
    """Whatever one reader accepts or refuses, the reader written from the format document does too."""
    records, capacity, breaks = made
    blob = bytearray(seal(records, capacity, breaks))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(blob)) | st.just(len(blob)))
    damaged = bytes(blob[:end])

    assert referee.read(damaged, KEY.secret, ROUND) == _records_or_none(damaged)


def _records_or_none(blob: bytes) -> list[bytes] | None:
    try:
        return list(Opener(KEY, ROUND).open(blob).records)
    except ResponseRefused:
        return None


@st.composite
def plaintexts(draw: st.DrawFn) -> list[bytes]:
    """The messages of a response, whose sealer mostly keeps the rules: at most two bytes anywhere are others."""
    records, capacity, breaks = draw(responses())
    pieces = [(piece, response.MORE * more) for record in records for piece, more in response.pieces(record)]
    pieces += [(b"", response.FILLER)] * (capacity - len(pieces))
    messages = [
        bytearray(response.message(index, flags, piece, opens=index == 0 or index in breaks))
        for index, (piece, flags) in enumerate(pieces)
    ]
    for _ in range(draw(st.integers(0, 2))):
        changed = draw(st.sampled_from(messages))
        changed[draw(st.integers(0, 5) | st.integers(0, len(changed) - 1))] = draw(
            st.integers(0, 3) | st.integers(0, 255)
        )
    return [bytes(message) for message in messages]


@given(plaintexts())
def test_messages_are_read_as_the_referee_reads_them(messages: list[bytes]) -> None:
    """Whatever a faulty sealer with the right key has sealed: the same records, or refused by both."""
    try:
        found: list[bytes] | None = list(response.read_records(messages, len(messages)))
    except Malformed:
        found = None

    assert found == referee.records(messages)


@pytest.mark.parametrize("begins", range(1, 6))
def test_a_segment_may_begin_with_a_filler(begins: int) -> None:
    """Losing the stream just before the end changes nothing: a filler beside a box is a filler."""
    blob = seal([b"one", b"x" * 200], 6, {begins})

    assert Opener(KEY, ROUND).open(blob).records == (b"one", b"x" * 200)


def test_a_view_opens_like_bytes() -> None:
    """A worker may hand in a view of its range of the file."""
    blob = seal([b"one"], 3)

    assert Opener(KEY, ROUND).open(memoryview(blob)) == Opener(KEY, ROUND).open(blob)


def test_an_opened_response_does_not_print_its_answers() -> None:
    """Neither a log line nor a traceback can show what was said. Proves: D6."""
    opener = Opener(KEY, ROUND)
    opened = opener.open(seal([b"canary words"], 3))

    assert "canary" not in f"{opened!r} {opened} {opener!r} {KEY!r}"
    assert KEY.secret.hex() not in f"{opener!r} {KEY!r}"
    assert repr(KEY.secret) not in repr(KEY)


def test_an_answer_takes_the_same_chunks_in_every_place() -> None:
    """The engine's count of pieces is the sealer's, beside a sealed box or not."""
    assert flow_records.PIECE == response.PIECE
    for size in (0, 1, 127, 128, 129, 256, 257, 1000):
        record = secrets.token_bytes(size)
        cut = list(response.pieces(record))

        assert len(cut) == flow_records.pieces(size)
        assert b"".join(piece for piece, _ in cut) == record
        assert [more for _, more in cut] == [True] * (len(cut) - 1) + [False]


def test_the_longest_piece_fills_the_chunk_beside_a_box() -> None:
    """PIECE is exactly what fits into the first chunk of a segment, so no byte of the format is wasted there."""
    plain = response.message(0, 0, b"x" * response.PIECE, opens=True)

    assert len(plain) == 4 + response.PIECE == response.BODY - response.BOX - 17


def test_more_than_256_segments_open() -> None:
    """A person whose every message lands on another worker is heard to the end: segment numbers wrap. Proves: S4."""
    capacity = 300

    blob = seal([b"a"] * 299, capacity, range(1, capacity))

    assert Opener(KEY, ROUND).open(blob).records == (b"a",) * 299
    assert referee.read(blob, KEY.secret, ROUND) == [b"a"] * 299
