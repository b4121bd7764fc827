"""The measurement of opening measures what it says: nothing here looks at a clock."""

import pytest

from flows.records import decode_answer
from privacy.opening import Opener
from privacy.tabulate import count_responses
from sauti.benching import twenty, yardsticks
from sauti.benching.opening import LEAST, Miscounted, Plan, Round, _all_counted, run
from sauti.benching.opening_tables import markdown
from storage.envelope import response

SMALL = Plan(rounds=1, sample=20, sizes=(30, 60), turns=1)


@pytest.mark.parametrize("segments", [1, 2, 3])
def test_the_measured_responses_hold_twenty_answers(segments: int) -> None:
    """Every response opens, in as many segments as the table says, to a manifest and twenty different answers."""
    made = Round()
    opener = Opener(made.key, made.sealer.round_id)

    for blob in made.responses(5, LEAST, segments):
        _, *answers = opener.open(blob).records
        assert len(response.segment_starts(blob, LEAST)) == segments
        assert [decode_answer(answer, made.asked).position for answer in answers] == list(range(twenty.ANSWERS))


def test_the_bare_calls_are_made_on_every_byte() -> None:
    """The yardstick decrypts each chunk of each response: one altered byte anywhere ends it."""
    from nacl.exceptions import CryptoError

    made = Round()
    blob = next(made.responses(1, LEAST, 3))

    yardsticks.bare_calls([blob], made.key)()

    for at in (start + place for start in range(64, len(blob), 256) for place in (3, 255)):
        with pytest.raises(CryptoError):
            yardsticks.bare_calls([blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]], made.key)()


def test_a_measurement_tells_both_tables() -> None:
    """Four kinds of responses beside their yardsticks, two files with one worker and with two; all were counted."""
    found = run(SMALL, lambda _words: None)

    told = markdown(found)
    assert [(one.chunks, one.segments) for one in found.beside] == [(22, 1), (22, 2), (22, 3), (56, 1)]
    assert [(one.responses, one.workers) for one in found.whole] == [(30, 1), (30, 2), (60, 1), (60, 2)]
    assert told.count("\n| ") == 4 + 4 + 2 * 2
    assert min(one.peak_mib.low for one in found.whole) > 1


def test_a_measurement_that_loses_a_response_is_none() -> None:
    """A figure of a loop that refuses what it should count is not told."""
    made = Round()
    blobs = [bytes(64), *made.responses(2, LEAST, 1)]

    with pytest.raises(Miscounted):
        _all_counted(count_responses(made.job, blobs), 3)
