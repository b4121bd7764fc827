"""From the bytes of a file or the tree of a workbook to a sound consultation, or to findings on how to mend it."""

from typing import NamedTuple, get_args

from flows import model, plain_yaml, shape
from flows.findings import ConsultationError, Finding, Places, Severity
from flows.linter import NONE, Exceptions, lint
from flows.model import Consultation, Question
from flows.plain_yaml import Tree
from flows.prompts import Fetch, nothing

_KINDS = tuple(str(get_args(kind.model_fields["kind"].annotation)[0]) for kind in (*get_args(Question), model.Note))
_WORDS: shape.Words = {
    "union_tag_invalid": ("There is no such kind of question.", "Write one of: " + ", ".join(_KINDS) + "."),
    "union_tag_not_found": ("'kind' is missing here.", "Add 'kind:' with one of: " + ", ".join(_KINDS) + "."),
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
    return shaped(plain_yaml.read(data, name))


def shaped(tree: Tree) -> Source:
    """The consultation in a tree of values, wherever it was read from; not linted.

    Raises:
        ConsultationError: not of the shape of a consultation.
    """
    return Source(shape.shaped(Consultation, tree, _WORDS), tree.places)


def judged(
    tree: Tree, reported: tuple[Finding, ...], *, exceptions: Exceptions = NONE, fetch: Fetch = nothing
) -> tuple[Finding, ...]:
    """What was reported while a tree was made, and all errors and warnings about it; in the order of the file."""
    try:
        found = lint(*shaped(tree), exceptions=exceptions, fetch=fetch)
    except ConsultationError as error:
        found = error.findings
    return tuple(sorted((*reported, *found), key=lambda one: (one.sheet != "survey", one.sheet, one.line, one.column)))


def refused(found: tuple[Finding, ...]) -> None:
    """Raises ConsultationError with the errors among these, if there are any."""
    errors = tuple(one for one in found if one.severity is Severity.ERROR)
    if errors:
        raise ConsultationError(errors)


def load(data: bytes, name: str, *, exceptions: Exceptions = NONE, fetch: Fetch = nothing) -> Consultation:
    """The sound consultation in `data`; warnings do not keep it back. `exceptions` and `fetch` as for the linter.

    Raises:
        ConsultationError: with every error that was found.
    """
    source = read(data, name)
    refused(lint(*source, exceptions=exceptions, fetch=fetch))
    return source.consultation


def findings(
    data: bytes, name: str, *, exceptions: Exceptions = NONE, fetch: Fetch = nothing
) -> tuple[Finding, ...]:  # fmt: skip
    """All errors and warnings about a file; empty for a file without fault. Never raises."""
    try:
        return lint(*read(data, name), exceptions=exceptions, fetch=fetch)
    except ConsultationError as error:
        return error.findings
