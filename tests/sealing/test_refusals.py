import pickle
from collections.abc import Callable

import pytest
from nacl.bindings import (
    crypto_box_seal,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)

from privacy.opening import Opener
from storage.envelope import errors, response
from storage.envelope.errors import (
    Altered,
    Cut,
    Duplicated,
    Extended,
    Malformed,
    NotAResponse,
    Reordered,
    ResponseRefused,
    SecondResponse,
    WrongFormat,
    WrongKey,
    WrongRound,
)
from storage.sealing import Sealer, SealingError
from tests.sealing.support import (
    KEY,
    OTHER_ROUND,
    ROUND,
    SEALER,
    key_of_tests,
    relabelled,
    seal,
    seal_whole,
    small,
    with_chunks,
)


def refusal(blob: bytes) -> ResponseRefused:
    """The error with which a fresh reader refuses `blob`."""
    with pytest.raises(ResponseRefused) as caught:
        Opener(KEY, ROUND).open(blob)
    return caught.value


def says(error: ResponseRefused) -> tuple[type[ResponseRefused], int | None]:
    """Kind and place of a refusal."""
    return type(error), error.position


def test_a_cut_response_is_refused() -> None:
    """A response without its end does not open, whether or not the header was made to fit. Proves: D1."""
    blob = small()

    assert says(refusal(blob[:-256])) == (Cut, 4)
    assert says(refusal(blob[:-1])) == (Cut, 4)
    assert says(refusal(with_chunks(blob, [0, 1, 2, 3]))) == (Cut, 4)
    assert says(refusal(with_chunks(blob, [0, 1, 3, 4]))) == (Cut, 2)
    assert says(refusal(with_chunks(blob, [1, 2, 3, 4]))) == (Cut, 0)


def test_a_reordered_response_is_refused() -> None:
    """Chunks in another order do not open, even with their labels rewritten."""
    blob = small()

    assert says(refusal(with_chunks(blob, [0, 1, 3, 2, 4]))) == (Reordered, 2)
    assert says(refusal(relabelled(with_chunks(blob, [0, 1, 2, 4, 3])))) == (Altered, 3)
    assert says(refusal(relabelled(with_chunks(blob, [2, 3, 0, 1, 4])))) == (Altered, 0)


def test_a_duplicated_chunk_is_refused() -> None:
    """The same chunk twice does not open, even with its label rewritten."""
    blob = small()

    assert says(refusal(with_chunks(blob, [0, 1, 1, 2, 3, 4]))) == (Duplicated, 2)
    assert says(refusal(with_chunks(blob, [0, 1, 1, 3, 4]))) == (Duplicated, 2)
    assert says(refusal(relabelled(with_chunks(blob, [0, 1, 1, 3, 4])))) == (Altered, 2)


def test_an_extended_response_is_refused() -> None:
    """Nothing may follow the last chunk, not even genuinely sealed chunks of the same response."""
    name = bytes(16)
    blob = small(name)
    more = SEALER.begin(name, 2, 5).push(b"an afterthought")
    longer = bytes(response.Header(6, ROUND, SEALER.key_id, name).pack()) + blob[64:] + more

    assert says(refusal(blob + more)) == (Extended, 5)
    assert says(refusal(blob + b"\0")) == (Extended, 5)
    assert says(refusal(longer)) == (Extended, 5)
    assert says(refusal(longer[:-1] + bytes([longer[-1] ^ 1]))) == (Extended, 5)


def test_a_response_moved_between_rounds_is_refused() -> None:
    """A response belongs to the round it was given in, also where a forger rewrites its header."""
    blob = small()
    elsewhere = seal([b"one"], 3, sealer=Sealer(KEY.public_key, OTHER_ROUND))
    moved = elsewhere[:12] + ROUND + elsewhere[28:]

    with pytest.raises(WrongRound):
        Opener(KEY, OTHER_ROUND).open(blob)
    assert says(refusal(moved)) == (Altered, 0)


def test_another_key_is_refused() -> None:
    """A key opens only what names it; a header rewritten to name it does not help. Proves: D4."""
    other = key_of_tests(b"another private key of tests....")
    blob = small()

    with pytest.raises(WrongKey):
        Opener(other, ROUND).open(blob)
    with pytest.raises(Altered):
        Opener(other, ROUND).open(blob[:28] + other.key_id + blob[36:])


def test_chunks_of_two_responses_do_not_mix() -> None:
    """A segment cannot be moved from one person's response into another's."""
    mine, yours = small(), small()

    assert says(refusal(mine[: 64 + 512] + yours[64 + 512 :])) == (Altered, 2)


def test_a_second_response_with_the_same_id_is_refused() -> None:
    """One response counts once; a broken one under its id does not keep it out."""
    name = bytes(16)
    opener = Opener(KEY, ROUND)
    with pytest.raises(Altered):
        opener.open(small(name)[:-1] + b"\0")

    opener.open(small(name))

    with pytest.raises(SecondResponse):
        opener.open(small(name))


def test_every_single_flipped_bit_is_refused_with_its_own_error() -> None:
    """No byte of a response is free: header, labels, boxes, messages and padding are all bound. Proves: D1."""
    blob = small()
    expected: list[tuple[range, type[ResponseRefused] | tuple[type[ResponseRefused], ...]]] = [
        (range(8), NotAResponse), (range(8, 10), WrongFormat), (range(10, 12), (Cut, Extended)),
        (range(12, 28), WrongRound), (range(28, 36), WrongKey), (range(36, 52), Altered),
        (range(52, 64), NotAResponse),
    ]  # fmt: skip
    for chunk in range(5):
        at = 64 + 256 * chunk
        expected += [(range(at, at + 1), Altered), (range(at + 1, at + 3), (Cut, Duplicated))]
        expected += [(range(at + 3, at + 256), Altered)]

    for places, kind in expected:
        for place in places:
            flipped = bytearray(blob)
            flipped[place] ^= 1 << place % 8
            assert isinstance(refusal(bytes(flipped)), kind), place


@pytest.mark.parametrize("blob", [b"", b"SAUTIRSP", b"x" * 64, response.Header(0, ROUND, SEALER.key_id, ROUND).pack()])
def test_something_else_is_not_a_response(blob: bytes) -> None:
    """Short, foreign and empty bytes are named as what they are."""
    assert isinstance(refusal(blob), NotAResponse)


def test_segment_numbers_must_count_up() -> None:
    """Segment numbers that begin elsewhere or jump are refused before any key is used."""
    name = bytes(16)
    chunks = [SEALER.begin(name, number, index).push(b"a") for index, number in enumerate((0, 1, 3))]
    late = SEALER.begin(name, 1, 0)

    with pytest.raises(Altered) as jumped:
        response.assemble(ROUND, SEALER.key_id, name, chunks, 3)
    with pytest.raises(Altered) as began:
        response.assemble(ROUND, SEALER.key_id, name, [late.push(b"a")], 1)

    assert (jumped.value.position, began.value.position) == (2, 0)


Message = tuple[bytes, int]


def _foreign(messages: list[Message]) -> bytes:
    """A response that is sealed correctly around any messages and tags, as only a faulty sealer would."""
    name, chunks = bytes(16), []
    state = crypto_secretstream_xchacha20poly1305_state()
    key = crypto_secretstream_xchacha20poly1305_keygen()
    box = crypto_box_seal(key + crypto_secretstream_xchacha20poly1305_init_push(state, key), KEY.public_key)
    for index, (plain, tag) in enumerate(messages):
        head = response.label(0, index)
        ad = response.context(ROUND, KEY.key_id, name) + head
        padded = plain.ljust(132 if index == 0 else 236, b"\0")
        chunks.append(
            head + (b"" if index else box) + crypto_secretstream_xchacha20poly1305_push(state, padded, ad, tag)
        )
    return response.Header(len(messages), ROUND, KEY.key_id, name).pack() + b"".join(chunks)


REKEY, FINAL = 2, 3
ANSWER = (b"\0\0\0\1a", REKEY)
END = (b"\0\1\2\0", FINAL)


def test_the_foreign_sealer_can_seal_properly() -> None:
    """The helper of the next test makes a response that opens where it keeps the rules."""
    assert Opener(KEY, ROUND).open(_foreign([ANSWER, END])).records == (b"a",)


@pytest.mark.parametrize(
    ("messages", "position"),
    [
        ([(b"\0\1\0\1a", REKEY), END], 0),
        ([(b"\0\0\4\1a", REKEY), END], 0),
        ([(b"\0\0\3\0", REKEY), END], 0),
        ([(b"\0\0\2\1a", REKEY), END], 0),
        ([(b"\0\0\0\1ab", REKEY), END], 0),
        ([ANSWER, (b"\0\1\0\x81" + b"a" * 129, REKEY), (b"\0\2\2\0", FINAL)], 1),
        ([(b"\0\0\0\1a", 0), END], 0),
        ([(b"\0\0\0\1a", 1), END], 0),
        ([ANSWER, (b"\0\1\2\0", 0)], 1),
        ([ANSWER, (b"\0\1\0\1b", FINAL)], 1),
        ([(b"\0\0\2\0", REKEY), (b"\0\1\0\1b", REKEY), (b"\0\2\2\0", FINAL)], 1),
        ([(b"\0\0\1\1a", REKEY), END], 1),
    ],
    ids=["sequence", "unknown-flag", "two-flags", "filler-with-content", "dirty-padding", "too-long", "plain-tag",
         "push-tag", "plain-tag-at-the-end", "answer-at-the-end", "answer-after-filler", "record-without-end"],
)  # fmt: skip
def test_a_sealer_that_breaks_the_rules_is_refused(messages: list[Message], position: int) -> None:
    """What is sealed to the right key but not by the format's rules is refused, never guessed at."""
    assert says(refusal(_foreign(messages))) == (Malformed, position)


@pytest.mark.parametrize("kind", [Cut, errors.Unsorted, errors.EnvelopeError])
def test_a_refusal_survives_the_way_from_a_worker(kind: Callable[[int], errors.EnvelopeError]) -> None:
    """A refusal keeps kind and place when a process pool sends it home, and says what to do."""
    error = kind(3)
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line before

    assert (type(copied), copied.position, str(copied)) == (type(error), 3, str(error))
    assert str(error).startswith(f"{error.code} at 3: ")
    assert error.remedy in str(error)


def test_a_response_too_long_for_its_round_is_not_assembled() -> None:
    """The writer's side refuses as well: nothing that could not be opened is ever stored."""
    name = bytes(16)
    segment = SEALER.begin(name, 0, 0)
    chunks = [segment.push(b"a"), segment.push(b"b"), segment.push(b"", filler=True, final=True)]

    with pytest.raises(Extended):
        response.assemble(ROUND, SEALER.key_id, name, chunks, 2)
    with pytest.raises(Cut):
        response.assemble(ROUND, SEALER.key_id, name, chunks, 4)
    with pytest.raises(SealingError, match="response-full"):
        seal_whole([b"a"] * 3, 3)
