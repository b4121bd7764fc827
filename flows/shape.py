"""From the tree of a file to a frozen value, or to findings in plain words, each with place, reason and remedy.

Whatever people write for us by hand (a consultation, a deployment record) is read through here, so that a slip is told
in the same words everywhere.
"""

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from flows.findings import ConsultationError, Finding, Path, Severity
from flows.plain_yaml import Tree

Form = TypeVar("Form", bound=BaseModel)
Words = Mapping[str, tuple[str, str]]
"""Message and remedy for each of pydantic's kinds of error."""

_TEXT_PER_LANGUAGE = "Give the text in each language, for example  en: …  and below it  fr: …"
_WORDS: Words = {
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
    "date_parsing": ("This is no date.", "Write year, month and day, for example 2026-01-31."),
    "date_from_datetime_parsing": ("This is no date.", "Write year, month and day, for example 2026-01-31."),
    "date_type": ("This is no date.", "Write year, month and day, for example 2026-01-31."),
    "float_type": ("A number is wanted here.", "Write digits only, without quotes."),
    "float_parsing": ("A number is wanted here.", "Write digits only, without quotes."),
    "time_parsing": ("This is no time of day.", 'Write hours and minutes in quotes, for example "21:30".'),
    "too_long": ("There are too many entries here.", "Give at most {max_length}."),
    "tuple_type": ("A list is wanted here.", "Begin each entry on its own line with '- '."),
    "too_short": ("There are too few entries here.", "Give at least {min_length}."),
    "dict_type": ("Names with values are wanted here.", _TEXT_PER_LANGUAGE),
    "model_type": ("Names with values are wanted here.", "Write  name: value  lines, indented below this one."),
    "model_attributes_type": ("Names with values are wanted here.", "Write  name: value  lines below this one."),
    "greater_than_equal": ("This number is too small.", "Write {ge} or more."),
    "less_than_equal": ("This number is too large.", "Write {le} or less."),
}


def shaped(form: type[Form], tree: Tree, special: Words | None = None) -> Form:
    """The value of this form in `tree`; `special` says more about kinds of error that only this form can have.

    Raises:
        ConsultationError: not of the form, with every reason.
    """
    try:
        return form.model_validate(tree.value)
    except ValidationError as error:
        raise ConsultationError(tuple(_translations(error, tree, form, special or {}))) from None


def _translations(
    error: ValidationError, tree: Tree, form: type[BaseModel], special: Words
) -> Iterator[Finding]:  # fmt: skip
    """What pydantic found, less what only follows from it: a list counts as too short when its entries are wrong."""
    if not isinstance(tree.value, dict):
        name = str(get_args(form.model_fields["format"].annotation)[0])
        called = name.removeprefix("sauti-")
        message, remedy = f"This file holds no {called}.", f"Begin with 'format: {name}'; see examples/."
        yield tree.places.finding(Severity.ERROR, f"no-{called}", (), message, remedy)
        return
    errors = error.errors(include_url=False, include_input=False)
    inner = {one["loc"][:length] for one in errors for length in range(len(one["loc"]))}
    for one in errors:
        if one["type"] != "too_short" or one["loc"] not in inner:
            yield _translated(one, tree, form, special)


@cache
def _fields(form: type[BaseModel]) -> tuple[str, ...]:
    """Every field name that may stand anywhere in such a file."""
    schema = form.model_json_schema()
    parts = (schema, *schema.get("$defs", {}).values())
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))


def _translated(error: Any, tree: Tree, form: type[BaseModel], special: Words) -> Finding:  # noqa: ANN401 - pydantic's ErrorDetails is a loose mapping
    """A pydantic error in plain words, at its place in the file."""
    kind: str = error["type"]
    path = _path(error["loc"], tree.value, missing=kind == "missing")
    field = str(path[-1]) if path else "the file"
    message, remedy = {**_WORDS, **special}.get(
        kind, ("This cannot be used here.", "Look at docs/formats for what may stand here.")
    )
    values = {"field": field, **error.get("ctx", {})}
    if kind == "string_type":
        message, remedy = _not_text(path, tree)
    elif kind == "extra_forbidden" and (near := difflib.get_close_matches(field, _fields(form), n=1)):
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
