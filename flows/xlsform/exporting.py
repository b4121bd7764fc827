"""From a consultation to the workbook that Kobo and ODK can run, and that comes back here as the same consultation.

XLSForm has no word for much of what a consultation says: consent, content notes, merges, who has read a language. It
stands in columns and sheets that Kobo leaves alone. A number goes out as its bands: nobody there shall be asked for the
exact figure that is not kept here.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import zip_longest
from operator import getitem
from typing import Any

from flows.aloud import Aloud, Audio
from flows.model import (
    PURPOSES,
    Choice,
    Consultation,
    Item,
    Mergeable,
    Multiple,
    Note,
    Number,
    Ranking,
    Scale,
    Section,
    Sensitivity,
    ShortText,
    Texts,
)
from flows.texts import texts
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.front import HEARD, REVIEW
from flows.xlsform.headers import TAKEN
from flows.xlsform.languages import named
from flows.xlsform.lists import STANCES, VOTE

Cells = dict[str, str]
"""One row, by header."""

Stances = Mapping[str, Mapping[str, str]]
"""Language → stance → the words for it: a vote is put in the bot's own words, and another program needs them."""

_DEFAULT_LENGTH = ShortText.model_fields["max_length"].default
_NAME = "form.xlsx"
"""What findings call the workbook until somebody saves it under a name."""


def exported(consultation: Consultation, stances: Stances) -> Book:
    """The workbook of a consultation, without texts in languages that it does not offer."""
    consultation = _offered(consultation)
    return Book(
        _NAME,
        (
            _sheet("survey", _survey(consultation), consultation.languages),
            _sheet("choices", _choices(consultation, stances)),
            _sheet("settings", [_settings(consultation)]),
            _sheet("consultation", _front(consultation)),
            _sheet("merges", _merges(consultation.items)),
        ),
    )


def _offered(consultation: Consultation) -> Consultation:
    """A column with a language in its head offers it: what nobody is to read has no column."""
    tree: Any = consultation.model_dump(mode="json")
    for path, text in texts(consultation):
        for stray in set(text) - set(consultation.languages):
            del reduce(getitem, path, tree)[stray]
    return Consultation.model_validate(tree)


def _said(field: str, texts: Texts | Audio | None) -> Cells:
    """A text, in the column of each language."""
    return {f"{field}::{named(tag)}": words for tag, words in texts.root.items()} if texts is not None else {}


def _filled(cells: Mapping[str, object]) -> Cells:
    """The cells in which something stands."""
    return {
        name: str(value) for name, value in cells.items() if value is not None and value is not False and value != ""
    }


def _sheet(name: str, rows: Iterable[Cells], languages: tuple[str, ...] = ()) -> Sheet:
    """The rows below one header. Labels stand in the order of `languages`: reading takes their order from there."""
    kept = list(rows)
    found = dict.fromkeys(one for row in kept for one in row)
    labels = iter([label for tag in languages if (label := f"label::{named(tag)}") in found])
    ordered = [next(labels, header) if header.startswith("label::") else header for header in found]
    headers = {header: number for number, header in enumerate(ordered, start=1)}
    return Sheet(
        name,
        Row(1, {number: header for header, number in headers.items()}),
        tuple(
            Row(number, {headers[name]: text for name, text in row.items()}) for number, row in enumerate(kept, start=2)
        ),
    )


def _survey(consultation: Consultation) -> Iterator[Cells]:
    for section in consultation.sections:
        yield from _section(section)
    for one in consultation.calculations:
        yield {
            "type": "calculate",
            "name": one.id,
            "calculation": one.calculate,
            **_filled({"relevant": one.relevant}),
        }


def _section(section: Section) -> Iterator[Cells]:
    yield {
        "type": "begin_group",
        "name": section.id,
        **_said("label", section.title),
        **_filled({"relevant": section.relevant}),
        **_said("content_note", section.content_note),
        **_said("content_note_audio", section.content_note_audio),
    }
    for item in section.items:
        yield _note(item) if isinstance(item, Note) else _question(item)
    yield {"type": "end_group"}


def _note(item: Note) -> Cells:
    said = {**_said("label", item.text), **_said("media::audio", item.audio)}
    return {"type": "note", "name": item.id, **said, **_filled({"relevant": item.relevant})}


def _question(item: Item) -> Cells:
    if isinstance(item, Note):
        raise TypeError("a note asks nothing")
    return {
        "type": _type(item),
        "name": item.id,
        **_said("label", item.text),
        **_said("hint", item.hint),
        **_said("media::audio", item.audio),
        **_filled(
            {
                "relevant": item.relevant,
                "sensitivity": None if item.sensitivity is Sensitivity.OPINION else item.sensitivity,
                "heavy": "yes" if item.heavy else None,
                "theme": item.theme,
                "risk_factor": item.risk_factor,
                "disaggregation": item.disaggregation,
            }
        ),
        **_of_kind(item),
        **_rule(item),
    }


def _type(item: Item) -> str:
    kinds = {
        "single": f"select_one {item.id}_list",
        "multiple": f"select_multiple {item.id}_list",
        "ranking": f"rank {item.id}_list",
        "number": f"select_one {item.id}_list",
        "vote": f"select_one {VOTE}",
        "scale": "range",
        "text": "text",
    }
    return kinds[item.kind]


def _of_kind(item: Item) -> Cells:
    """What only one kind of question has."""
    if isinstance(item, Scale):
        steps = f"start={item.low} end={item.high} step=1"
        return {"parameters": steps, **_said("low_text", item.low_text), **_said("high_text", item.high_text)}
    if isinstance(item, Number):
        return {"bands": f"{item.id}_list"}
    if isinstance(item, Ranking):
        return {"top": str(item.top)}
    if isinstance(item, ShortText):
        return {} if item.max_length == _DEFAULT_LENGTH else {"max_length": str(item.max_length)}
    return _filled({"choice_filter": getattr(item, "choice_filter", None)})


def _rule(item: Item) -> Cells:
    """The constraint; how many choices may be picked is one, where nothing else is."""
    rule: str | None = getattr(item, "constraint", None)
    message = _said("constraint_message", getattr(item, "constraint_message", None))
    if isinstance(item, Number):
        return {**_filled({"typed_constraint": rule}), **message}
    if not isinstance(item, Multiple):
        return {**_filled({"constraint": rule}), **message}
    most = None if item.max is None else item.max
    least = item.min if item.min > 1 else None
    if rule is not None:
        return {"constraint": rule, **_filled({"min": least, "max": most}), **message}
    parts = [
        f"count-selected(.) {sign} {number}" for sign, number in ((">=", least), ("<=", most)) if number is not None
    ]
    return _filled({"constraint": " and ".join(parts)})


def _choices(consultation: Consultation, stances: Stances) -> Iterator[Cells]:
    if any(item.kind == "vote" for item in consultation.items):
        for stance in STANCES:
            words = {tag: stances.get(tag, {}).get(stance, stance) for tag in consultation.languages}
            yield {"list_name": VOTE, "name": stance, **_said("label", Texts(words))}
    for item in consultation.items:
        for choice in getattr(item, "choices", ()):
            yield _choice(item.id, choice)
        for band in getattr(item, "bands", ()):
            ends = _filled({"low": band.low, "high": band.high})
            yield {"list_name": f"{item.id}_list", "name": band.id, **_said("label", band.text), **ends}


def _choice(question: str, choice: Choice) -> Cells:
    attributes = {name: value for name, value in choice.attributes.items() if name not in TAKEN["choices"]}
    exclusive = {"exclusive": "yes"} if choice.exclusive else {}
    return {
        "list_name": f"{question}_list",
        "name": choice.id,
        **_said("label", choice.text),
        **exclusive,
        **attributes,
    }


def _settings(consultation: Consultation) -> Cells:
    first = consultation.languages[0]
    return {
        "form_title": consultation.title.root.get(first, consultation.id),
        "form_id": consultation.id,
        "version": str(consultation.edition),
        "default_language": named(first),
    }


def _front(consultation: Consultation) -> Iterator[Cells]:
    """Everything that is said before the first question."""
    first = f"label::{named(consultation.languages[0])}"
    for name in ("title", "asked_by", "process"):
        yield {"name": name, **_said("label", getattr(consultation, name))}
    yield from _consent(consultation)
    for region in consultation.regions:
        yield {"name": "region", "id": region.id, **_said("label", region.text)}
    if consultation.why_longer is not None:
        yield {"name": "why_longer", first: consultation.why_longer}
    yield from _reviews(consultation)


def _consent(consultation: Consultation) -> Iterator[Cells]:
    """The screens before consent, its questions, and what is heard of them and of the cards around."""
    aloud = consultation.audio or Aloud()
    for about, heard in zip_longest(consultation.consent.about, aloud.about):
        yield {"name": "about", **_said("label", about), **_said("media::audio", heard)}
    for purpose in PURPOSES:
        heard = getattr(aloud, purpose.value)
        yield {
            "name": purpose.value,
            **_said("label", consultation.consent.ask(purpose)),
            **_said("media::audio", heard),
        }
    for name in HEARD:
        told = getattr(aloud, name)
        for heard in told if isinstance(told, tuple) else (told,):
            if heard is not None:
                yield {"name": name, **_said("media::audio", heard)}


def _reviews(consultation: Consultation) -> Iterator[Cells]:
    reviews = consultation.reviews.items()
    for name, field in REVIEW.items():
        said = {f"label::{named(tag)}": getattr(review, field) for tag, review in reviews}
        marked = {
            header: {True: "yes", False: "no"}.get(value, value) for header, value in said.items() if value is not None
        }
        if marked:
            yield {"name": name, **marked}


def _merges(items: tuple[Item, ...]) -> Iterator[Cells]:
    for item in items:
        for merge in item.collapse if isinstance(item, Mergeable) else ():
            first, second = merge.of
            yield {
                "question": item.id,
                "name": merge.id,
                "first": first,
                "second": second,
                **_said("label", merge.text),
            }
