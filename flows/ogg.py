"""Whether bytes are one voice recording that a messenger can play: OGG pages (RFC 3533) of mono Opus (RFC 7845).

Telegram makes a voice message of OGG with Opus only; anything else becomes a file with a name and a title. So a
recording is read page by page before it is taken, and whatever is not a plain one is refused with the reason. Nothing
is decoded: an Opus packet that sounds wrong is for ears to find.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_BYTES: Final = 1_000_000
"""A voice message above one megabyte is shown as a file (core.telegram.org/bots/api#sending-files)."""
MAX_SECONDS: Final = 120.0
"""Two minutes: longer than anybody should have to listen in a place where she may be overheard."""
_RATE: Final = 48_000
"""Positions in an Opus stream count 48,000 a second, whatever it was recorded at."""
_PAGE: Final = struct.Struct("<4sBBqIIIB")
_FIRST, _LAST, _CONTINUED = 2, 4, 1
_HEAD: Final = struct.Struct("<8sBBHIhB")
_TAGS: Final = b"OpusTags"
_QUIET_TAGS: Final = (b"encoder", b"encoder_options")
"""Comments that recorders write by themselves and that name a program only."""
_NONE_ENDS: Final = -1
_POLYNOMIAL: Final = 0x04C11DB7


class OggError(ValueError):
    """Not such a recording; `code` is a key of `WHY`. Carries nothing of the bytes."""

    def __init__(self, code: str) -> None:
        super().__init__(" ".join(WHY[code]))
        self.code = code


WHY: Final[dict[str, tuple[str, str]]] = {
    "empty": ("The file is empty.", "Record it again."),
    "too-large": (f"The file has more than {MAX_BYTES:,} bytes.", "Record it at a lower bitrate: 24 kbit/s is enough."),
    "too-long": (f"The recording lasts longer than {MAX_SECONDS:.0f} seconds.", "Read it faster, or shorten the text."),
    "not-ogg": ("This is not an OGG file.", "Save it as OGG with Opus; docs/audio.md says how."),
    "damaged": ("The file is damaged, or cut off.", "Copy it again, or record it again."),
    "not-opus": (
        "There is something other than Opus in this OGG file.",
        "Save it as OGG with Opus; see docs/audio.md.",
    ),
    "not-mono": ("The recording has more than one channel.", "Save it in mono."),
    "tagged": (
        "The file carries a title, a name or other words beside the sound.",
        "Save it without metadata; docs/audio.md says how.",
    ),
    "silent": ("There is no sound in the file.", "Record it again."),
}
"""Code → what is wrong, and how to mend it."""


class Recording(NamedTuple):
    """What is known of a sound recording."""

    size: int
    seconds: float


class _Page(NamedTuple):
    kind: int
    position: int
    stream: int
    number: int
    whole: int
    """Packets that end on this page."""
    open: bool
    """Whether the last packet goes on on the next page."""
    body: bytes


def read(data: bytes) -> Recording:
    """The recording in `data`. Raises OggError for anything that is not a short, plain, mono Opus recording."""
    if not data:
        raise OggError("empty")
    if len(data) > MAX_BYTES:
        raise OggError("too-large")
    pages = list(_pages(data))
    _one_stream(pages)
    if len(pages) < 3:  # noqa: PLR2004 - who it is, what is written on it, and sound
        raise OggError("silent")
    skipped = _head(pages[0])
    sound = _after_tags(pages)
    seconds = (_end(sound) - skipped) / _RATE
    if seconds <= 0:
        raise OggError("silent")
    if seconds > MAX_SECONDS:
        raise OggError("too-long")
    return Recording(len(data), seconds)


def _pages(data: bytes) -> Iterator[_Page]:
    """Every page, each with a sum that is right, and nothing between or after them."""
    at = 0
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise OggError("damaged" if at else "not-ogg")
        if len(data) < at + _PAGE.size:
            raise OggError("damaged")
        _, version, kind, position, stream, number, said, count = _PAGE.unpack_from(data, at)
        start = at + _PAGE.size + count
        laces = data[at + _PAGE.size : start]
        end = start + sum(laces)
        if version or len(laces) < count or end > len(data):
            raise OggError("damaged")
        if said != _sum(data[at : at + 22] + bytes(4) + data[at + 26 : end]):
            raise OggError("damaged")
        ends = sum(lace < 255 for lace in laces)  # noqa: PLR2004 - RFC 3533: 255 says that the packet goes on
        yield _Page(kind, position, stream, number, ends, bool(laces) and laces[-1] == 255, data[start:end])  # noqa: PLR2004 - as above
        at = end


def _one_stream(pages: list[_Page]) -> None:
    """Pages of one stream, in order, from its first to its last."""
    last = len(pages) - 1
    for place, page in enumerate(pages):
        goes_on = place > 0 and pages[place - 1].open
        if page.stream != pages[0].stream or page.number != place:
            raise OggError("damaged")
        if bool(page.kind & _FIRST) != (place == 0) or bool(page.kind & _LAST) != (place == last):
            raise OggError("damaged")
        if bool(page.kind & _CONTINUED) != goes_on:
            raise OggError("damaged")
    if pages[last].open:
        raise OggError("damaged")


def _head(page: _Page) -> int:
    """Samples to skip at the start, from the packet that says what it is."""
    if not page.body.startswith(b"OpusHead"):
        raise OggError("not-opus")
    if len(page.body) < _HEAD.size or page.whole != 1:
        raise OggError("damaged")
    _, version, channels, skipped, _, _, family = _HEAD.unpack_from(page.body)
    if version >> 4:
        raise OggError("not-opus")
    if channels != 1 or family != 0:
        raise OggError("not-mono")
    return int(skipped)


def _after_tags(pages: list[_Page]) -> list[_Page]:
    """The pages with sound, once the packet with words has been read and says nothing of anybody."""
    words = b""
    for place, page in enumerate(pages[1:], 1):
        words += page.body
        if page.whole:
            if page.whole > 1 or page.open or page.position != 0:
                raise OggError("damaged")
            _tags(words)
            return pages[place + 1 :]
    raise OggError("damaged")


def _tags(words: bytes) -> None:
    if not words.startswith(_TAGS):
        raise OggError("not-opus")
    try:
        _, at = _string(words, len(_TAGS))
        count, at = _number(words, at), at + 4
        for _ in range(count):
            comment, at = _string(words, at)
            if comment.partition(b"=")[0].lower() not in _QUIET_TAGS:
                raise OggError("tagged")
    except struct.error:
        raise OggError("damaged") from None
    if any(words[at:]):  # padding may be zeros; a picture or a name would not be
        raise OggError("tagged")


def _number(words: bytes, at: int) -> int:
    (number,) = struct.unpack_from("<I", words, at)
    return int(number)


def _string(words: bytes, at: int) -> tuple[bytes, int]:
    """A text with its length before it, and where it ends."""
    end = at + 4 + _number(words, at)
    if end > len(words):
        raise OggError("damaged")
    return words[at + 4 : end], end


def _end(sound: list[_Page]) -> int:
    """The position at which the sound ends; positions only grow."""
    last = 0
    for page in sound:
        if page.position == _NONE_ENDS and not page.whole:
            continue
        if page.position < last:
            raise OggError("damaged")
        last = page.position
    return last


def _table() -> tuple[int, ...]:
    made = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        made.append(value & 0xFFFFFFFF)
    return tuple(made)


_TABLE: Final = _table()


def _sum(page: bytes) -> int:
    """The page's checksum: a CRC of 32 bits that starts from zero and is not turned round (RFC 3533, section 6)."""
    table, value = _TABLE, 0
    for byte in page:
        value = (value << 8 & 0xFFFFFF00) ^ table[value >> 24 ^ byte]
    return value
