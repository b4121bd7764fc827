"""How an XLSForm expression is read: elementpath's XPath 1.0 grammar, narrowed to what ODK forms need.

The parser knows only the listed operators and functions; length, words and nesting are bounded before it begins;
names and functions are checked first, because a person can be helped with "did you mean" and not with a grammar.
"""

import difflib
import re
from collections.abc import Collection
from typing import Any

from elementpath import ElementPathError, XPath1Parser
from elementpath.tdop import Parser

from flows.functions import FUNCTIONS, NOT_HERE
from flows.odk import BINARY

MAX_LENGTH = 500
MAX_WORDS = 120
MAX_NESTING = 12

_WORD = re.compile(
    r"""
      (?P<text>'[^']*'|"[^"]*")
    | (?P<reference>\$\{(?P<name>[^}]*)\})
    | (?P<call>(?:jr:)?[^\W\d][\w.\-]*(?=\s*\())
    | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<other>[\w.]+|\S)
    """,
    re.VERBOSE,
)
_SYMBOLS = frozenset(
    {"(start)", "(end)", "(invalid)", "(unknown)", "(name)", "(string)", "(integer)", "(decimal)", "(float)"}
    | {"$", ".", "(", ")", ",", "and", "or", *BINARY}
)
_OPERATOR_WORDS = frozenset({"and", "or", "div", "mod"})


class ExpressionError(ValueError):
    """An expression that is not taken: which rule, where (characters from 0), in plain words, and how to mend it."""

    def __init__(self, code: str, position: int, message: str, remedy: str) -> None:
        super().__init__(code, position)
        self.code = code
        self.position = position
        self.message = message
        self.remedy = remedy


class _OdkParser(XPath1Parser):
    """XPath 1.0's grammar without paths, axes and all functions but ODK's listed ones."""

    symbol_table = {symbol: token for symbol, token in XPath1Parser.symbol_table.items() if symbol in _SYMBOLS}  # noqa: RUF012 - elementpath's own way of declaring a language
    reached = 0
    """How far reading has come: elementpath forgets it when it raises."""

    def advance(self, *symbols: str, message: str | None = None) -> Any:  # noqa: ANN401 - elementpath's token type
        """Reads one token on. Raises SyntaxError."""
        try:
            return super().advance(*symbols, message=message)
        finally:
            ended = self.next_token.symbol == "(end)"
            self.reached = len(self.source) if ended else self.next_token.span[0]


def _plain(name: str) -> str:
    """A function's name as the grammar knows it: of the same length, and without the colon of a namespace."""
    return name.replace(":", "-")


for _name, _line in FUNCTIONS.items():
    _OdkParser.function(_plain(_name), nargs=_line.least if _line.least == _line.most else (_line.least, _line.most))


def read(text: str, names: Collection[str]) -> Any:  # noqa: ANN401 - elementpath's tokens differ by symbol, not by type
    """The root token of `text`, in which `${name}` may be any of `names` and stands as the variable `_name`.

    Raises:
        ExpressionError: too long or deep, not an expression, or a name or function that is not known.
    """
    masked = _mask(text, names)
    parser = _OdkParser()
    try:
        return Parser.parse(parser, masked)  # not XPath1Parser.parse: that would evaluate what it has read
    except (SyntaxError, ElementPathError, ValueError, OverflowError):
        raise unreadable(text, parser.reached) from None


def _mask(text: str, names: Collection[str]) -> str:
    """`${name}` as an XPath variable of the same length, so that positions stay true; bounds and names checked."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            "too-long", MAX_LENGTH, f"The expression is longer than {MAX_LENGTH} characters.", "Split the question."
        )
    masked, depth = list(text), 0
    for words, word in enumerate(_WORD.finditer(text), start=1):
        depth += (word.lastgroup == "open") - (word.lastgroup == "close")
        if depth > MAX_NESTING or words > MAX_WORDS:
            raise ExpressionError(
                "too-deep",
                word.start(),
                f"More than {MAX_NESTING} brackets inside each other, or more than {MAX_WORDS} words.",
                "Write the rule more simply, or split the question.",
            )
        if word["call"] is not None:
            _check_function(word["call"], word.start())
            masked[word.start() : word.end()] = _plain(word["call"])
        elif word["reference"] is not None:
            _check_name(word["name"], names, word.start())
            masked[word.start() : word.end()] = f"$_{word['name']} "
        elif word.group() == "$":
            raise unreadable(text, word.start())
    return "".join(masked)


def _check_function(name: str, position: int) -> None:
    if name in FUNCTIONS or name in _OPERATOR_WORDS:
        return
    known = "Known functions: " + ", ".join(sorted(FUNCTIONS)) + "."
    remedy = NOT_HERE.get(name) or _suggestion(name, FUNCTIONS, known)
    raise ExpressionError("unknown-function", position, f"There is no function '{name}' here.", remedy)


def _check_name(name: str, names: Collection[str], position: int) -> None:
    if name not in names:
        raise ExpressionError(
            "unknown-name",
            position,
            f"'${{{name}}}' names no question that can be referred to here.",
            _suggestion(name, names, "Refer to an earlier question with choices, bands, a scale or a vote by its id."),
        )


def _suggestion(word: str, known: Collection[str], otherwise: str) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else otherwise


def unreadable(text: str, position: int) -> ExpressionError:
    """The error for text that is no expression from `position` on."""
    if position >= len(text.rstrip()) or not text.strip():
        message = "The expression ends too early."
    else:
        message = f"The expression cannot be read from character {position + 1} on."
    remedy = (
        "Write it as in XLSForm, for example: ${question} = 'choice', or selected(${question}, 'choice') and not(…). "
        "Texts stand in quotes, brackets come in pairs."
    )
    return ExpressionError("syntax", position, message, remedy)
