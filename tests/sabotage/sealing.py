"""Breakages of sealing, opening and custody: each lets one thing through that must never pass."""

import hashlib
import os
from collections.abc import Sequence

import pytest
from Crypto.Protocol.SecretSharing import Shamir

from privacy import keys, opening
from storage import sealing
from storage.envelope import ceremony, response
from storage.envelope.response import SealedAnswer, SealedResponse
from storage.sealing import Segment
from storage.streams import StreamCache
from tests.sabotage.registry import sabotage

SEALING = "tests/sealing/"
KEYS = "tests/keys/"


@sabotage("D1", caught_by=SEALING + "test_seizure.py::test_all_that_a_server_keeps_does_not_open_an_answer")
def boxes_stand_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment's key lies beside its answers instead of inside a sealed box."""
    monkeypatch.setattr(sealing, "crypto_box_seal", lambda secret, _key: secret + bytes(48))


@sabotage("D1", caught_by=SEALING + "test_streams.py::test_no_stream_state_is_ever_pushed_twice")
def streams_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chunk of a segment is sealed from the same state."""
    honest = Segment.push

    def standing(
        self: Segment, payload: bytes, *, more: bool = False, filler: bool = False, final: bool = False
    ) -> SealedAnswer:
        state = self._state
        assert state is not None
        before = bytes(state.statebuf)
        sealed = honest(self, payload, more=more, filler=filler, final=final)
        state.statebuf[0 : len(before)] = before  # type: ignore[index]  # a cffi array, which its stubs call bytes
        return sealed

    monkeypatch.setattr(Segment, "push", standing)


@sabotage("D1", caught_by=SEALING + "test_segment.py::test_a_segment_cannot_be_copied_or_written_anywhere")
def segments_can_be_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open stream can be written somewhere and read back, and so be used twice."""
    monkeypatch.setattr(Segment, "__reduce_ex__", lambda _self, _protocol: (bytes, ()))


@sabotage("D1", caught_by=SEALING + "test_refusals.py::test_a_cut_response_is_refused")
def any_chunk_may_be_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader no longer asks where FINAL stands."""
    monkeypatch.setattr(opening, "_check_tag", lambda _tag, _index, _last: None)


@sabotage("D3", caught_by=SEALING + "test_opening.py::test_every_response_of_a_round_has_one_size")
def responses_are_as_long_as_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response ends where its answers end."""
    honest = response.assemble

    def short(
        round_id: bytes, key: bytes, response_id: bytes, chunks: Sequence[SealedAnswer], _capacity: int
    ) -> SealedResponse:  # fmt: skip
        return honest(round_id, key, response_id, chunks, len(chunks))

    monkeypatch.setattr(response, "assemble", short)
    monkeypatch.setattr(sealing, "fill", lambda segment, _capacity: [segment.push(b"", filler=True, final=True)])


@sabotage("D4", caught_by=KEYS + "test_custody.py::test_every_choice_of_three_from_five_combines_and_no_pair_does")
def one_share_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every custodian gets the whole seed."""

    class Generous:
        combine = Shamir.combine

        @staticmethod
        def split(_threshold: int, shares: int, secret: bytes) -> list[tuple[int, bytes]]:
            return Shamir.split(1, shares, secret)

    monkeypatch.setattr(keys, "Shamir", Generous)


@sabotage("D4", caught_by=SEALING + "test_refusals.py::test_another_key_is_refused")
def key_ids_do_not_name_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """All keys have the same id, so a response no longer says which one opens it."""
    monkeypatch.setattr(response, "key_id", lambda _key: bytes(8))
    monkeypatch.setattr(keys, "key_id", lambda _key: bytes(8))


@sabotage("D6", caught_by=SEALING + "test_opening.py::test_an_opened_response_does_not_print_its_answers")
def opened_answers_print_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log line about an opened response shows what was said."""
    monkeypatch.setattr(opening.OpenedResponse, "__repr__", lambda self: repr(self.records))


@sabotage("O3", caught_by=KEYS + "test_drill.py::test_a_proof_is_good_for_one_challenge_of_one_round")
def proofs_fit_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof is a hash of the nonce alone."""
    monkeypatch.setattr(ceremony, "drill_proof", lambda nonce, _round: hashlib.blake2b(nonce, digest_size=32).digest())


@sabotage("S1", caught_by=SEALING + "test_streams.py::test_what_was_committed_always_opens")
def any_kept_stream_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restore or another worker's turn a stream goes on as if nothing had happened."""
    monkeypatch.setattr(StreamCache, "take", lambda self, name, *_draft: self._segments.pop(name, None))


@sabotage("S4", caught_by=SEALING + "test_segment.py::test_a_forked_child_cannot_use_its_parents_segments")
def forked_workers_share_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments do not know which process they belong to."""
    honest = Segment._check

    def anywhere(self: Segment, payload: bytes, *, more: bool, filler: bool, final: bool) -> None:
        self._process = os.getpid()
        honest(self, payload, more=more, filler=filler, final=final)

    monkeypatch.setattr(Segment, "_check", anywhere)
