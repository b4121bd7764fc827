"""From the bytes of a file to a consultation that is sound, or to findings that say how to mend it."""

import difflib
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from flows import model, plain_yaml
from flows.findings import ConsultationError, Finding, Path, Places, Severity
from flows.linter import lint
from flows.model import Consultation, Question
from flows.plain_yaml import Tree

_KINDS = tuple(str(get_args(kind.model_fields["kind"].annotation)[0]) for kind in (*get_args(Question), model.Note))
_FIELDS = sorted(
    {name for thing in vars(model).values() if isinstance(thing, type) and issubclass(thing, BaseModel)
     for name in thing.model_fields} - {"root"}
)  # fmt: skip
_TEXT_PER_LANGUAGE = "Give the text in each language, for example  en: …  and below it  fr: …"
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("'{field}' is missing here.", "Add '{field}:'."),
    "extra_forbidden": ("'{field}' is not known here.", "Remove it, or look at the spelling."),
    "string_pattern_mismatch": (
        "This has not the right form.",
        "Ids are lower-case letters, digits and _ and begin with a letter; languages are tags such as en, pt-BR, ar.",
    ),
    "string_too_short": ("This text is empty.", "Write something, or remove the line."),
    "string_too_long": ("This text is longer than {max_length} characters.", "Shorten it."),
    "int_type": ("A whole number is wanted here.", "Write digits only, without quotes."),
    "int_parsing": ("A whole number is wanted here.", "Write digits only, without quotes."),
    "int_from_float": ("A whole number is wanted here.", "Write it without a point."),
    "bool_type": ("This can only be true or false.", "Write true or false."),
    "bool_parsing": ("This can only be true or false.", "Write true or false."),
    "enum": ("This is none of the known words.", "Write one of: {expected}."),
    "literal_error": ("This is none of the known words.", "Write {expected}."),
    "union_tag_invalid": ("There is no such kind of question.", "Write one of: " + ", ".join(_KINDS) + "."),
    "union_tag_not_found": ("'kind' is missing here.", "Add 'kind:' with one of: " + ", ".join(_KINDS) + "."),
    "tuple_type": ("A list is wanted here.", "Begin each entry on its own line with '- '."),
    "too_short": ("There are too few entries here.", "Give at least {min_length}."),
    "dict_type": ("Names with values are wanted here.", _TEXT_PER_LANGUAGE),
    "model_type": ("Names with values are wanted here.", "Write  name: value  lines, indented below this one."),
    "model_attributes_type": ("Names with values are wanted here.", "Write  name: value  lines below this one."),
    "greater_than_equal": ("This number is too small.", "Write {ge} or more."),
    "less_than_equal": ("This number is too large.", "Write {le} or less."),
}


class Source(NamedTuple):
    """A consultation as read, and where each part of it stands in the file; not linted yet."""

    consultation: Consultation
    places: Places


def read(data: bytes, name: str) -> Source:
    """Reads a file into the model, without linting it. `name` is what findings call the file.

    Raises:
        ConsultationError: not safe and plain YAML, or not of the shape of a consultation.
    """
    tree = plain_yaml.read(data, name)
    try:
        return Source(Consultation.model_validate(tree.value), tree.places)
    except ValidationError as error:
        raise ConsultationError(_translations(error, tree)) from None


def load(data: bytes, name: str) -> Consultation:
    """The sound consultation in `data`; warnings do not keep it back.

    Raises:
        ConsultationError: with every error that was found.
    """
    source = read(data, name)
    errors = tuple(one for one in lint(*source) if one.severity is Severity.ERROR)
    if errors:
        raise ConsultationError(errors)
    return source.consultation


def findings(data: bytes, name: str) -> tuple[Finding, ...]:
    """All errors and warnings about a file; empty for a file without fault. Never raises."""
    try:
        return lint(*read(data, name))
    except ConsultationError as error:
        return error.findings


def _translations(error: ValidationError, tree: Tree) -> tuple[Finding, ...]:
    """What pydantic found, less what only follows from it: a list counts as too short when its entries are wrong."""
    if not isinstance(tree.value, dict):
        message, remedy = "This file holds no consultation.", "Begin with 'format: sauti-consultation'; see examples/."
        return (tree.places.finding(Severity.ERROR, "no-consultation", (), message, remedy),)
    errors = error.errors(include_url=False, include_input=False)
    inner = {one["loc"][:length] for one in errors for length in range(len(one["loc"]))}
    return tuple(_translated(one, tree) for one in errors if one["type"] != "too_short" or one["loc"] not in inner)


def _translated(error: Any, tree: Tree) -> Finding:  # noqa: ANN401 - pydantic's ErrorDetails is a loose mapping
    """A pydantic error in plain words, at its place in the file."""
    kind: str = error["type"]
    path = _path(error["loc"], tree.value, missing=kind == "missing")
    field = str(path[-1]) if path else "the file"
    message, remedy = _WORDS.get(kind, ("This cannot be used here.", "Look at docs/formats for what may stand here."))
    values = {"field": field, **error.get("ctx", {})}
    if kind == "string_type":
        message, remedy = _not_text(path, tree)
    elif kind == "extra_forbidden" and (near := difflib.get_close_matches(field, _FIELDS, n=1)):
        remedy = f"Did you mean '{near[0]}'?"
    code = {"string_type": "not-text"}.get(kind, kind.replace("_", "-"))
    return tree.places.finding(Severity.ERROR, code, path, _filled(message, values), _filled(remedy, values))


def _filled(template: str, values: dict[str, Any]) -> str:
    return template.format_map({key: str(value).replace("{", "(") for key, value in values.items()})


def _not_text(path: Path, tree: Tree) -> tuple[str, str]:
    spelling = tree.spellings.get(path)
    if spelling:
        return f"YAML reads {spelling} as a number or as true or false, not as a word.", f'Quote it: "{spelling}".'
    return "A text is wanted here.", "Write words; put them in quotes if in doubt."


def _path(loc: tuple[str | int, ...], value: Any, *, missing: bool) -> Path:  # noqa: ANN401 - what YAML held
    """The place in the file: pydantic's location without the names of union members that it puts between."""
    path: list[str | int] = []
    for part in loc:
        inside = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
        if part in inside:
            path.append(part)
            value = inside[part]
    if missing:
        path.append(loc[-1])
    return tuple(path)
