"""What was said in a preview, as Markdown: to be sent round, printed, and argued about."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.preview import plain
from bot.preview.record import Happened
from flows.model import Consultation

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|~&])|^([-+=]|\d+(?=[.)]))")
"""What CommonMark would take for more than a sign, anywhere or where a line begins; a backslash makes it one."""


def written(consultation: Consultation, language: str | None, happened: Iterable[Happened]) -> str:
    """One conversation as Markdown. `language` is that of the person's phone, if it was set."""
    title = consultation.title[consultation.languages[0]]
    head = [f"# {_plain(title)}", f"{plain.KEPT} Nobody took part; every answer was invented."]
    languages = consultation.languages if language is None else (language,)
    head.append("; ".join(_plain(plain.named(consultation, one)) for one in languages))
    return "\n\n".join([*head, *(part for one in happened for part in _turn(one))]) + "\n"


def _turn(happened: Happened) -> Iterator[str]:
    yield f"**{_plain(plain.deed(happened))}**"
    around = " ".join(plain.around(happened))
    if around:
        yield f"*{_plain(around)}*"
    if happened.card is not None:
        said = [_plain(line) for line in plain.lines(happened.card.text)]
        yield "\n".join(f"> {line}  " if line else ">" for line in said)
        rows = "\n".join(f"- {_plain(row)}" for row in plain.buttons(happened))
        if rows:
            yield rows


def _plain(text: str) -> str:
    """A line as itself; a number that would begin a list keeps its point."""
    return _MARKUP.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return f"{sign}\\" if sign.isdecimal() else f"\\{sign}"
