"""From the bytes of a file to a consultation that is sound, or to findings that say how to mend it."""

from typing import NamedTuple, get_args

from flows import model, plain_yaml, shape
from flows.findings import ConsultationError, Finding, Places, Severity
from flows.linter import NONE, Exceptions, lint
from flows.model import Consultation, Question
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
    tree = plain_yaml.read(data, name)
    return Source(shape.shaped(Consultation, tree, _WORDS), tree.places)


def load(data: bytes, name: str, *, exceptions: Exceptions = NONE, fetch: Fetch = nothing) -> Consultation:
    """The sound consultation in `data`; warnings do not keep it back. `exceptions` and `fetch` as for the linter.

    Raises:
        ConsultationError: with every error that was found.
    """
    source = read(data, name)
    errors = tuple(one for one in lint(*source, exceptions=exceptions, fetch=fetch) if one.severity is Severity.ERROR)
    if errors:
        raise ConsultationError(errors)
    return source.consultation


def findings(
    data: bytes, name: str, *, exceptions: Exceptions = NONE, fetch: Fetch = nothing
) -> tuple[Finding, ...]:  # fmt: skip
    """All errors and warnings about a file; empty for a file without fault. Never raises."""
    try:
        return lint(*read(data, name), exceptions=exceptions, fetch=fetch)
    except ConsultationError as error:
        return error.findings
