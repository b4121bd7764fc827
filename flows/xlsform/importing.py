"""From a workbook to the tree that the loader shapes into a consultation, and the report of all that it is not."""

import difflib
from typing import Any, NamedTuple

from flows.findings import Finding
from flows.plain_yaml import Tree
from flows.xlsform import front
from flows.xlsform.account import Account, Place
from flows.xlsform.book import Book, Sheet
from flows.xlsform.columns import Column, columns
from flows.xlsform.entries import At, Entry, entries, in_language, remark_on_rest, tree
from flows.xlsform.headers import TAKEN, default_language, settle, words_of
from flows.xlsform.kinds import Kind, asked_kind
from flows.xlsform.lists import Lists
from flows.xlsform.naming import Names, Spelling, carries_codes, renamed, spelled
from flows.xlsform.questions import QUESTIONS, Asking, usual
from flows.xlsform.spans import Span
from flows.xlsform.survey import Survey, left_out

FORM = ("survey", "choices", "settings", "consultation", "merges")


class Imported(NamedTuple):
    """A form as a tree of values, and what became of each of its rows and columns."""

    tree: Tree
    findings: tuple[Finding, ...]
    rows: dict[Place, bool]
    columns: dict[Place, bool]


class _Sheets(NamedTuple):
    """What stands in each sheet, once it is known what its columns mean."""

    entries: dict[str, list[Entry]]
    lists: dict[str, list[Entry]]
    """The same of each list in a file beside the form."""
    attributes: list[Column]
    """Columns of choices that filters look at."""
    languages: list[str]


def imported(book: Book, *, drop: bool = False) -> Imported:
    """The consultation in a form and the lists beside it.

    With `drop`, what cannot be asked is left out with a warning and not an error.
    """
    account = Account(book.file, drop)
    sheets = _looked_at(book, account)
    rows, files = sheets.entries["survey"], frozenset(sheets.lists)
    names, lists = Names(), Lists(account, {one.field: spelled(one.header, "a") for one in sheets.attributes})
    for entry in rows:
        if _name(entry) and _kind(entry, files).name in QUESTIONS | {"calculate"}:
            names.give(_name(entry))
    for entry in sheets.entries["choices"]:
        lists.add(entry)
    for file, choices in sheets.lists.items():
        for entry in choices:
            lists.add(entry, file)
    coded = frozenset(_name(entry) for entry in rows if lists.recoded(_kind(entry, files).list))
    calculated = {_name(entry): entry.peek("calculate") for entry in rows if _kind(entry).name == "calculate"}
    handed_on = _handed_on(calculated, coded)
    spelling = Spelling(
        names.new,
        frozenset(renamed(lists.known)),
        coded | handed_on,
        {one.header: spelled(one.header, "a") for one in sheets.attributes},
        frozenset(calculated) - handed_on,
        _bands(rows, lists),
    )
    survey = Survey(account, Asking(account, lists, sheets.languages, spelling, left_out(rows, files)), names, files)
    for entry in rows:
        survey.row(entry)
    survey.close()
    if not survey.sections:
        message = "There is no question here that can be asked."
        remedy = "Write them on the sheet 'survey', one in each row, with 'type' and 'name'."
        account.findings.append(account.error(_top(book, "survey"), "nothing-asked", message, remedy))
    items = {one["id"].value: one for one in front.every(survey.sections)}
    front.merges(sheets.entries["merges"], account, items, names.new)
    whole = {
        **_front(book, sheets, account),
        "sections": At(survey.sections, *_top(book, "survey")),
        "calculations": survey.calculations.made or None,
    }
    lists.close()
    account.close(book, FORM)
    return Imported(
        tree(At(whole, *_top(book, "consultation")), book.file), tuple(account.findings), account.rows, account.columns
    )


def _everywhere(title: At, languages: list[str]) -> At:
    """A title in one language for all: without the sheet that gives it in each, nobody is asked anything yet."""
    (only,) = title.value.values()
    return title._replace(value=dict.fromkeys(languages, only))


def _top(book: Book, name: str) -> tuple[str, int, int]:
    """The first cell of a sheet: where something is that stands in no single cell."""
    sheet = book.sheet(name)
    return sheet.name, sheet.header.number, 1


def _looked_at(book: Book, account: Account) -> _Sheets:
    """Settles every column, and every sheet that is not ours to read."""
    default = default_language(book.sheet("settings"))
    words = _filter_words(book)
    found: dict[str, tuple[Column, ...]] = {}
    for name in FORM:
        found[name] = columns(book.sheet(name), default)
        settle(book.sheet(name), found[name], account, words)
    _extra(book, account)
    languages = sorted(
        in_language(_taken(book.sheet("survey"), found["survey"], account)), key=lambda language: language != default
    )
    only = languages[0] if len(languages) == 1 else default
    beside = {sheet.name: columns(sheet, only, "list") for sheet in book.lists}
    for sheet in book.lists:
        settle(sheet, beside[sheet.name], account, words, "list")
    offered = ((book.sheet("choices"), found["choices"]), *((sheet, beside[sheet.name]) for sheet in book.lists))
    return _Sheets(
        {name: entries(book.sheet(name), found[name], account) for name in FORM},
        {sheet.name: entries(sheet, beside[sheet.name], account) for sheet in book.lists},
        [one for sheet, every in offered for one in _taken(sheet, every, account) if one.field not in TAKEN["choices"]],
        languages,
    )


def _taken(sheet: Sheet, every: tuple[Column, ...], account: Account) -> tuple[Column, ...]:
    return tuple(one for one in every if account.columns[sheet.name, one.number])


def _filter_words(book: Book) -> frozenset[str]:
    """All words that stand in rules about choices: names of attributes are among them."""
    sheet = book.sheet("survey")
    filters = [one.number for one in columns(sheet, "") if one.field == "choice_filter"]
    return words_of(row.cells.get(number, "") for row in sheet.rows for number in filters)


def _extra(book: Book, account: Account) -> None:
    """Says of each further sheet that it is not read."""
    for line in book.apart:
        message, remedy = "This line belongs to no sheet.", "Nothing has to be done, if no question stands there."
        account.findings.append(account.remark(("", line, 1), "line-not-read", message, remedy))
    for sheet in book.sheets:
        if sheet is book.sheet(sheet.name.strip().lower()) and sheet.name.strip().lower() in FORM:
            continue
        place = (sheet.name, sheet.header.number, 1)
        if sheet.name.strip().lower() in FORM:
            message, remedy = "A sheet of this name stands further up already.", "Put its rows there."
            account.findings.append(account.error(place, "twice", message, remedy))
            continue
        near = difflib.get_close_matches(sheet.name.lower(), FORM, n=1, cutoff=0.7)
        remedy = f"Did you mean '{near[0]}'?" if near else "Nothing has to be done, if no question stands there."
        account.findings.append(
            account.remark(place, "sheet-not-read", "This sheet is no part of a consultation.", remedy)
        )


def _bands(rows: list[Entry], lists: Lists) -> dict[str, tuple[Span, ...]]:
    """Questions that are asked for a number, with the bands of which one is kept."""
    numbers = [entry for entry in rows if _kind(entry).name == "integer"]
    spans = {_name(one): lists.spans(one.peek("bands")) if one.peek("bands") else usual(one) for one in numbers}
    return {name: found for name, found in spans.items() if found}


def _name(entry: Entry) -> str:
    return entry.peek("name")


def _kind(entry: Entry, files: frozenset[str] = frozenset()) -> Kind:
    return asked_kind(entry.peek("type"), files)


def _handed_on(calculated: dict[str, str], coded: frozenset[str]) -> frozenset[str]:
    """Calculations whose value is a code that is called otherwise here, also through another calculation."""
    found: frozenset[str] = frozenset()
    for _ in calculated:
        more = frozenset(name for name, text in calculated.items() if carries_codes(text, coded | found))
        if more == found:
            break
        found = more
    return found


def _front(book: Book, sheets: _Sheets, account: Account) -> dict[str, Any]:
    """Everything before the first section."""
    said = front.Front(account, sheets.languages)
    for entry in sheets.entries["consultation"]:
        said.row(entry)
    said.close()
    first, *others = sheets.entries["settings"] or [Entry("settings", 1, {})]
    set_ = front.settings(first, account, (sheets.languages or [""])[0], book.file)
    _ = first.get("default_language")
    if first.cells:
        account.take_row(first.sheet, first.number)
        remark_on_rest(first, account, "settings")
    for entry in others:
        finding = account.error(
            (entry.sheet, entry.number, 1), "twice", "There is one row of settings.", "Keep the first."
        )
        account.leave_row(entry.sheet, entry.number, finding)
    if "title" not in said.texts and set_["title"] is not None:
        said.texts["title"] = set_["title"] if said.begun else _everywhere(set_["title"], sheets.languages)
    regions = said.regions or None
    return {
        "format": "sauti-consultation",
        "version": 1,
        **said.said(),
        "id": set_["id"],
        "edition": set_["edition"],
        "languages": At(sheets.languages, *_top(book, "survey")),
        "reviews": said.reviewed(),
        "consent": said.consent(),
        "audio": said.aloud(),
        "regions": regions,
        "why_longer": said.why_longer,
    }
