"""What can be heard: real recordings only, whole in each language, after *safe now*, and frozen with the round."""

import hashlib
import json
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.make_tones import HERE
from flows import ogg
from flows.card import screen
from flows.events import Control
from flows.findings import ConsultationError
from flows.loader import findings, load
from flows.model import Consultation
from flows.ogg import OggError
from flows.prompts import names, prompt, taken
from flows.records import consent_hash
from flows.session import Session, State
from tests.flows.faults import Json, aloud, but, put, sound, words

TONE = (HERE / "tone-00.ogg").read_bytes()
OTHER = (HERE / "tone-01.ogg").read_bytes()
STEREO = Path(__file__).with_name("stereo.ogg").read_bytes()
_SEGMENTS = 27


def pages(data: bytes) -> list[bytes]:
    """The pages of a sound file."""
    made, at = [], 0
    while at < len(data):
        laces = data[at + _SEGMENTS : at + _SEGMENTS + data[at + 26]]
        end = at + _SEGMENTS + len(laces) + sum(laces)
        made.append(data[at:end])
        at = end
    return made


def signed(page: bytes) -> bytes:
    """A page with the sum that belongs to it."""
    bare = page[:22] + bytes(4) + page[26:]
    return bare[:22] + struct.pack("<I", ogg._sum(bare)) + bare[26:]


def tagged(comment: bytes) -> bytes:
    """The tone, with a comment in it."""
    head, _, *rest = pages(TONE)
    words_ = b"OpusTags" + struct.pack("<I", 1) + b"x" + struct.pack("<II", 1, len(comment)) + comment
    page = pages(TONE)[1][:26] + bytes([1, len(words_)]) + words_
    return b"".join((head, signed(page), *rest))


def lasting(seconds: float) -> bytes:
    """The tone, said to end after so many seconds."""
    *others, last = pages(TONE)
    return b"".join((*others, signed(last[:6] + struct.pack("<q", int(seconds * 48_000)) + last[14:])))


def silent() -> bytes:
    """A file that ends before its sound begins."""
    head, tags, *_, last = pages(TONE)
    return head + tags + signed(last[:6] + struct.pack("<q", 0) + last[14:18] + struct.pack("<I", 2) + last[22:])


def without_page(number: int) -> bytes:
    """The tone without one of its pages."""
    return b"".join(page for place, page in enumerate(pages(TONE)) if place != number)


def laced(size: int) -> bytes:
    """How RFC 3533 says how long a packet is that ends on its page."""
    return bytes([255] * (size // 255) + [size % 255])


def page(number: int, body: bytes, *, kind: int = 0, position: int = 0, laces: bytes | None = None) -> bytes:
    """One page; a whole packet, unless `laces` says otherwise."""
    given_ = laced(len(body)) if laces is None else laces
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, kind, position, 7, number, 0, len(given_))
    return signed(head + given_ + body)


CONTINUED, FIRST, LAST = 1, 2, 4
HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, 48_000, 0, 0)
NO_TAGS = b"OpusTags" + struct.pack("<II", 0, 0)
ONE = page(0, HEAD, kind=FIRST)
TWO = page(1, NO_TAGS)
END = page(2, b"sound", kind=LAST, position=48_000)
ODD = [
    ("silent", ONE + page(1, NO_TAGS, kind=LAST)),
    ("damaged", ONE + TWO + b"OggS"),
    ("damaged", ONE + page(1, NO_TAGS, kind=FIRST) + END),
    ("damaged", ONE + page(1, NO_TAGS, kind=CONTINUED) + END),
    ("damaged", ONE + TWO + page(2, bytes(255), kind=LAST, position=48_000, laces=b"\xff")),
    ("damaged", page(0, b"OpusHead", kind=FIRST) + TWO + END),
    ("not-opus", page(0, HEAD[:8] + b"\x10" + HEAD[9:], kind=FIRST) + TWO + END),
    ("damaged", ONE + page(1, NO_TAGS, position=1) + END),
    ("damaged", ONE + page(1, b"", laces=b"") + page(2, b"", kind=LAST, laces=b"")),
    ("not-opus", ONE + page(1, b"Speex   ") + END),
    ("damaged", ONE + page(1, b"OpusTags") + END),
    ("damaged", ONE + page(1, b"OpusTags" + struct.pack("<I", 9)) + END),
    ("tagged", ONE + page(1, NO_TAGS + b"\x00a name") + END),
    ("damaged", ONE + TWO + page(2, b"s", position=96_000) + page(3, b"s", kind=LAST, position=48_000)),
]
"""Files that follow RFC 3533 and RFC 7845 but for one thing each; read byte by byte, no encoder writes them."""


def tree_aloud() -> Json:
    """The sound consultation, with everything to be heard in French."""
    tree = sound()
    aloud("fr")(tree)
    return tree


def test_a_tone_is_a_recording() -> None:
    """What an encoder writes is taken, and its length is right."""
    size, seconds = ogg.read(TONE)
    assert size == len(TONE)
    assert seconds == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("not-ogg", b"RIFF" + bytes(100)),
        ("not-ogg", b"ID3" + TONE),
        ("damaged", TONE[:-1]),
        ("damaged", TONE + b"x"),
        ("damaged", TONE + TONE),
        ("damaged", without_page(1)),
        ("damaged", TONE[:-5] + bytes([TONE[-5] ^ 1]) + TONE[-4:]),
        ("not-mono", STEREO),
        ("not-opus", TONE[:0] + signed(pages(TONE)[0].replace(b"OpusHead", b"Speex   ")) + b"".join(pages(TONE)[1:])),
        ("tagged", tagged(b"TITLE=Who speaks here")),
        ("tagged", tagged(b"artist=somebody")),
        ("too-long", lasting(121)),
        ("too-large", TONE + bytes(ogg.MAX_BYTES)),
        ("silent", silent()),
        *ODD,
    ],
)
def test_whatever_is_not_a_plain_recording_is_refused_with_its_reason(code: str, data: bytes) -> None:
    """Not sound, damaged, too long, in stereo, or with somebody's name in it: refused before a round is made.

    Proves: Q7.
    """
    with pytest.raises(OggError) as refused:
        ogg.read(data)
    assert refused.value.code == code
    assert all(ogg.WHY[code])


@pytest.mark.parametrize("comment", [b"encoder=Lavf62.1", b"ENCODER_OPTIONS=--bitrate 24"])
def test_what_a_program_says_of_itself_may_stay(comment: bytes) -> None:
    """An encoder signs its work; that names nobody."""
    assert ogg.read(tagged(comment)).seconds > 0


@pytest.mark.parametrize(
    "data",
    [
        ONE + TWO + END,
        ONE + page(1, NO_TAGS + bytes(40)) + END,
        ONE
        + page(1, (NO_TAGS + bytes(300))[:255], laces=b"\xff")
        + page(2, (NO_TAGS + bytes(300))[255:], kind=CONTINUED)
        + page(3, b"sound", kind=LAST, position=48_000),
        ONE
        + TWO
        + page(2, bytes(255), position=-1, laces=b"\xff")
        + page(3, b"sound", kind=CONTINUED | LAST, position=48_000),
    ],
    ids=["plain", "padded", "words-on-two-pages", "sound-over-two-pages"],
)
def test_whatever_the_standards_allow_is_taken(data: bytes) -> None:
    """Packets may go on on the next page, and zeros may fill what follows the words."""
    assert ogg.read(data) == (len(data), 1.0)


@settings(max_examples=150)
@given(st.binary(max_size=600) | st.tuples(st.integers(0, len(TONE) - 1), st.integers(1, 255)))
def test_damage_is_noticed_wherever_it_is(garbage: bytes | tuple[int, int]) -> None:
    """Any other bytes, and the tone with any one byte changed, are refused and nothing else goes wrong."""
    if isinstance(garbage, tuple):
        place, change = garbage
        garbage = TONE[:place] + bytes([TONE[place] ^ change]) + TONE[place + 1 :]
    with pytest.raises(OggError):
        ogg.read(garbage)


def test_a_consultation_is_heard_whole_and_its_files_are_looked_into() -> None:
    """With every file there, it loads; where one is missing or none, its place is named. Proves: Q7."""
    data = json.dumps(tree_aloud()).encode()
    assert names(load(data, "x", fetch=lambda _: TONE)) == ("tone.ogg",)

    for broken, reason in ((None, "no such file"), (STEREO, "more than one channel")):
        found = [one for one in findings(data, "x", fetch={"tone.ogg": broken}.get) if one.code == "audio-file"]
        assert len(found) == 20
        assert all(reason in one.message for one in found)
        assert "audio.about[0].fr" in {one.path for one in found}


@pytest.mark.parametrize(
    "name", ["../up.ogg", "/etc/passwd", "a/../../b.ogg", "", ".hidden", "a\\b.ogg", "C:x.ogg", "a//b.ogg", "ä.ogg"]
)
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    """A name has plain steps only, from its own folder downwards."""
    tree = sound()
    put("view", "audio", {"fr": name})(tree)
    with pytest.raises(ConsultationError):
        load(json.dumps(tree).encode(), "x", fetch=lambda _: TONE)


def test_a_file_cannot_pretend_to_be_frozen() -> None:
    """An author names files; the name of what a round holds is made by making the round. Proves: Q7."""
    tree = sound()
    but(aloud("fr"), put("view", "audio", {"fr": "sha256:" + "0" * 64}))(tree)
    found = findings(json.dumps(tree).encode(), "x", fetch=lambda _: TONE)
    assert [(one.code, one.path) for one in found] == [("audio-file", "sections[1].items[4].audio.fr")]


def test_a_round_takes_recordings_by_what_they_hold() -> None:
    """No file's name goes along, equal recordings go once, and another voice is another consultation and consent.

    Proves: O4.
    """
    asked = Consultation.model_validate(tree_aloud())
    named_by_files = asked.fingerprint
    one, two = taken(asked, lambda _: TONE), taken(asked, lambda _: OTHER)

    assert one.recordings == {hashlib.sha256(TONE).digest(): TONE}
    assert b"tone.ogg" not in one.consultation.model_dump_json().encode()
    read_again = Consultation.model_validate_json(one.consultation.model_dump_json())
    assert one.consultation.fingerprint == read_again.fingerprint
    assert len({named_by_files, one.consultation.fingerprint, two.consultation.fingerprint}) == 3
    assert consent_hash(one.consultation, "fr") != consent_hash(two.consultation, "fr")
    assert consent_hash(one.consultation, "en") == consent_hash(two.consultation, "en")


def test_what_has_no_audio_is_hashed_as_it_ever_was() -> None:
    """A round from before there were recordings keeps the hash it was made with. Proves: O4."""
    asked = Consultation.model_validate(sound())
    written = asked.model_dump_json()
    assert "audio" not in written
    assert taken(asked, lambda _: TONE).consultation is asked
    assert asked.fingerprint.hex() == "002216cdfe2fd7712d1d5ad20d694f9c6be4b7efe2f8a20ea1c75a5344043592"


HEARD = (State.AGE, State.ABOUT, State.CHECK, State.CONSENT, State.CONTENT_NOTE, State.ASKING, State.REVIEW)


def noted() -> Consultation:
    """The sound consultation with a content note, everything of it to be heard in French."""
    tree = tree_aloud()
    tree["sections"][0] |= {"content_note": words("n"), "content_note_audio": {"fr": "n.ogg"}}
    return Consultation.model_validate(tree)


def test_nothing_can_be_heard_before_safe_now_is_answered() -> None:
    """No card before it offers listening, also not support over it, nor anything to whoever comes back.

    Proves: P1, P12.
    """
    asked = noted()
    for state in HEARD:
        assert prompt(asked, Session(state, "fr", spent=1)) is not None
        assert prompt(asked, Session(State.SUPPORT, "fr", spent=1, back_to=state)) is not None
        for before in (State.LANGUAGE, State.SAFE):
            assert prompt(asked, Session(before, "fr", spent=1, veiled=state)) is None
            assert prompt(asked, Session(State.SUPPORT, "fr", spent=1, back_to=before, veiled=state)) is None
    for state in (State.LANGUAGE, State.SAFE, State.PAUSED, State.STOPPING, State.HIDDEN, State.SENT):
        assert prompt(asked, Session(state, "fr")) is None
    for before in (State.LANGUAGE, State.SAFE):
        assert prompt(asked, Session(State.SUPPORT, "fr", back_to=before)) is None


def test_a_card_offers_listening_in_her_language_only() -> None:
    """The button is there where there is a recording in the language she reads, and nowhere else. Proves: P10."""
    asked = noted()
    for language, offered in (("fr", True), ("en", False)):
        shown = screen(asked, Session(State.AGE, language))
        assert (Control.LISTEN in {button.action for row in shown.rows for button in row}) is offered
