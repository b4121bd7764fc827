"""Errors and logs speak of codes and positions, never of people or words (D6)."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import nodes, rooms

PERSONAL = frozenset(
    {
        "answer",
        "answers",
        "text",
        "words",
        "typed",
        "said",
        "username",
        "first_name",
        "last_name",
        "full_name",
        "user_id",
        "chat_id",
        "receipt",
        "pseudonym",
        "passphrase",
        "token",
        "secret",
        "payload",
        "plaintext",
        "record",
        "records",
    }
)
"""Names of values that hold a person, her words, or what opens them."""
REAL_PEOPLE = (*(room for room in rooms() if room != "bot"), "bot/participant")
"""The simulator's people are invented; what it says about them is its purpose."""
AUTHORS = ("flows/expressions.py", "flows/grammar.py", "flows/loader.py", "flows/linter.py")
"""These read what the authors of a consultation wrote, and have to show them which words are wrong."""
LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception", "msg", "log"}
LOG_NAMES = re.compile(r"^_?(log|logger|LOG|LOGGER)$")
EVENT = re.compile(r"^[a-z][a-z_]*$")
FIELDS = frozenset(
    {
        "attempt",
        "code",
        "count",
        "error",
        "kind",
        "method",
        "position",
        "reason",
        "retry_after",
        "seconds",
        "state",
        "status",
    }
)
"""What a log line may carry beside its event: never an id of a person, a chat, a message or a response."""


def names_in(node: ast.AST) -> set[str]:
    """Every variable and attribute name used below `node`."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} | {
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
    }


def told_in(raised: ast.Raise) -> Iterator[str]:
    """Personal names whose value would become part of the raised error's message."""
    for each in ast.walk(raised.exc) if raised.exc else ():
        if isinstance(each, ast.FormattedValue):
            yield from names_in(each.value) & PERSONAL
    if isinstance(raised.exc, ast.Call):
        arguments = [*raised.exc.args, *(keyword.value for keyword in raised.exc.keywords)]
        yield from ({each.id for each in arguments if isinstance(each, ast.Name)} & PERSONAL)


def spoken_in(call: ast.Call) -> Iterator[str]:
    """What is wrong with a log call: an event that is no fixed word, or a field that is not on the list."""
    event = call.args[0] if call.args else None
    if len(call.args) != 1 or not (isinstance(event, ast.Constant) and EVENT.match(str(event.value))):
        yield "the event is not one fixed word"
    yield from (f"field {keyword.arg}" for keyword in call.keywords if keyword.arg not in FIELDS)


def is_log_call(call: ast.Call) -> bool:
    """Whether this is `log.info(…)` or its kin."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in LOG_METHODS
        and isinstance(function.value, ast.Name)
        and bool(LOG_NAMES.match(function.value.id))
    )


def test_no_raised_error_holds_a_person_or_her_words() -> None:
    """No `raise` puts an answer, an id of a person or a secret into an error's message.

    Proves: D6
    """
    told = {
        where: found
        for where, node in nodes(ast.Raise, folders=REAL_PEOPLE)
        if not where.startswith(AUTHORS) and (found := sorted(told_in(node)))
    }

    assert told == {}


def test_no_error_class_takes_a_person_or_her_words() -> None:
    """No exception class has a field or parameter for an answer, an id of a person or a secret.

    Proves: D6
    """
    taking = {
        f"{where} {node.name}": found
        for where, node in nodes(ast.ClassDef, folders=REAL_PEOPLE)
        if any(name.endswith(("Error", "Exception")) for base in node.bases for name in names_in(base))
        and (
            found := {
                argument.arg for each in ast.walk(node) if isinstance(each, ast.arguments) for argument in each.args
            }
            & PERSONAL
        )
    }

    assert taking == {}


def test_log_lines_are_fixed_words_with_listed_fields() -> None:
    """Every log call names one fixed event and carries only fields from the list above.

    Proves: D6
    """
    spoken = {
        where: found
        for where, node in nodes(ast.Call, folders=REAL_PEOPLE)
        if is_log_call(node) and (found := list(spoken_in(node)))
    }

    assert spoken == {}


def test_what_is_forbidden_above_is_seen() -> None:
    """The three checks can fail: each finds the mistake it is there for."""
    telling = ast.parse('raise ValueError(f"bad {event.text}")').body[0]
    passing = ast.parse("raise StorageError(code, user_id)").body[0]
    logging = ast.parse('log.info(f"sent {count}", chat_id=7)').body[0]
    assert isinstance(telling, ast.Raise)
    assert isinstance(passing, ast.Raise)
    assert isinstance(logging, ast.Expr)
    assert isinstance(logging.value, ast.Call)

    assert list(told_in(telling)) == ["text"]
    assert list(told_in(passing)) == ["user_id"]
    assert is_log_call(logging.value)
    assert list(spoken_in(logging.value)) == ["the event is not one fixed word", "field chat_id"]
