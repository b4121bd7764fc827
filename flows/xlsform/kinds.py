"""The column `type`: what a row is, and what a consultation does not ask, with the reason and what to do instead."""

import re
from collections.abc import Collection
from typing import NamedTuple

from pyxform import aliases, constants

OTHER = {
    "en": "Other",
    "fr": "Autre",
    "es": "Otro",
    "ar": "غير ذلك",
    "ru": "Другое",
    "zh": "其他",
    "uk": "Інше",
    "my": "အခြား",
    "sw": "Nyingine",
    "am": "ሌላ",
    "ckb": "هی تر",
    "prs": "دیگر",
}
"""The choice that `or_other` adds; drafts, like all texts until a native speaker has read them."""


class Kind(NamedTuple):
    """A type as written, and its parts."""

    name: str
    list: str = ""
    or_other: bool = False
    file: bool = False
    """Whether the list is a file beside the form."""


class Reason(NamedTuple):
    """Why something is not asked, and what to do instead."""

    message: str
    remedy: str


_ALONE = "Leave it out."
_SEEN = Reason(
    "Pictures, voices and films show who somebody is, and carry place and time in them.",
    "Ask in words, or offer choices.",
)
_PLACE = Reason("An exact place leads to somebody.", "Offer regions to choose from, at the first level only.")
_TIME = Reason("An exact date or time leads to somebody.", "Offer wide spans to choose from, or leave the date out.")
_DEVICE = Reason("Nothing is noted about phone, person or time of an answer: it would lead to somebody.", _ALONE)
_OUTSIDE = Reason(
    "Choices are taken from 'choices', or from a list as CSV that lies beside the form; this one is neither.",
    "Put the file there, with the columns 'name' and 'label', or write its choices on 'choices'.",
)
_DATA = Reason("Nothing is looked up in other files while somebody answers.", "Leave it out, or ask what is needed.")
_REPEAT = Reason(
    "A chat cannot go round the same questions again for each member of a group.",
    "Ask once, about all of them together.",
)

_TABLE = Reason("A table of questions does not fit on a card.", "Ask each row of it as a question of its own.")
_SCORE = Reason(
    "Kobo's table of ratings does not fit on a card.",
    "Ask each row of it as a question of its own: select_one with the list of the ratings.",
)
_ORDER = Reason("Kobo's own way of ranking is not read.", "Ask it in one row: 'rank' and the list of what is ranked.")

UNSUPPORTED: dict[str, Reason] = {
    **dict.fromkeys(
        ("photo", "image", "audio", "video", "file", "draw", "signature", "annotate", "background-audio"), _SEEN
    ),
    **dict.fromkeys(
        ("geopoint", "location", "geotrace", "geoshape", "start-geopoint", "osm", "background-geopoint"), _PLACE
    ),
    **dict.fromkeys(("date", "time", "datetime"), _TIME),
    **dict.fromkeys(
        (
            "today",
            "start",
            "end",
            "deviceid",
            "phonenumber",
            "username",
            "email",
            "subscriberid",
            "simserial",
            "audit",
            "imei",
        ),
        _DEVICE,
    ),
    **dict.fromkeys(("xml-external", "csv-external"), _DATA),
    "select_external": _OUTSIDE,
    **dict.fromkeys(("begin_repeat", "end_repeat", "begin_loop", "end_loop"), _REPEAT),
    **dict.fromkeys(("begin_kobomatrix", "end_kobomatrix"), _TABLE),
    **dict.fromkeys(("begin_score", "score__row", "end_score"), _SCORE),
    **dict.fromkeys(("begin_rank", "rank__level", "end_rank"), _ORDER),
    "barcode": Reason("A scanned code names one thing or person.", _ALONE),
    "decimal": Reason("An exact figure leads to somebody; here numbers are kept as bands.", "Use 'integer'."),
    "hidden": Reason("What a person cannot see is not kept about her.", "Use 'calculate' for a rule, or leave it out."),
    "cascading_select": Reason(
        "This old way of choosing step by step is not read.", "Use select_one with choice_filter."
    ),
}

_MEANS = {
    constants.SELECT_ONE: "select_one",
    constants.SELECT_ALL_THAT_APPLY: "select_multiple",
    constants.SELECT_ONE_EXTERNAL: "select_external",
    constants.RANK: "rank",
}
_SAME = {
    "int": "integer",
    "string": "text",
    "trigger": "acknowledge",
    "begin_lgroup": "begin_repeat",
    "end_lgroup": "end_repeat",
    "begin_looped_group": "begin_repeat",
    "end_looped_group": "end_repeat",
    "calculation": "calculate",
    "begin": "begin_group",
    "gps": "geopoint",
    "picture": "photo",
    "date_time": "datetime",
    "device_id": "deviceid",
    "sim_id": "simserial",
    "subscriber_id": "subscriberid",
    "start_time": "start",
    "end_time": "end",
    "phone_number": "phonenumber",
}
_LISTS = sorted(aliases.select, key=len, reverse=True)
_OLD = re.compile(r"^(q|add|get) |^uri:| prompt$")
_OR_OTHER = re.compile(r"\s+(or_other|or specify other)$", re.IGNORECASE)
ASKED = (
    "select_one LIST",
    "select_multiple LIST",
    "rank LIST",
    "range",
    "integer",
    "text",
    "note",
    "acknowledge",
    "calculate",
    "begin_group",
    "end_group",
)


def asked_kind(text: str, files: Collection[str]) -> Kind:
    """The same, where a list in a file can be asked only if that file is among `files`."""
    kind = kind_of(text)
    return kind._replace(name="select_external") if kind.file and kind.list not in files else kind


def kind_of(text: str) -> Kind:
    """What a cell of the column `type` means. An unknown type keeps its name."""
    written = " ".join(text.split())
    lower = written.lower()
    for alias in _LISTS:
        if lower == alias or lower.startswith(f"{alias} "):
            rest = written[len(alias) :]
            or_other = _OR_OTHER.search(rest) is not None
            return Kind(
                _MEANS[aliases.select[alias]],
                _OR_OTHER.sub("", rest).strip(),
                or_other,
                alias in aliases.select_from_file,
            )
    first = lower.split(" ")[0]
    if first in {"osm", "cascading_select", "xml-external", "csv-external", "begin_kobomatrix"}:
        name = first
    else:
        name = _OLD.sub("", lower).replace(" ", "_")
    return Kind(_SAME.get(name, name))
