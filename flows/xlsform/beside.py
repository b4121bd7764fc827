"""Lists of choices in files of their own, which lie beside the form: CSV, one choice a row, below a row of headers.

Which files a form needs is told first, so that whoever reads it can bring their bytes; nothing here opens a file.
"""

from collections.abc import Mapping

from flows.findings import ConsultationError, Finding
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.columns import columns, fields_of
from flows.xlsform.kinds import kind_of
from flows.xlsform.parameters import headers_named
from flows.xlsform.reading import listed

MOST = 20
"""Files that are brought for one form."""


def wanted(book: Book) -> tuple[str, ...]:
    """The files that questions take their choices from, as the form calls them, in its order."""
    return tuple(_named(book))[:MOST]


def with_lists(book: Book, files: Mapping[str, bytes]) -> tuple[Book, tuple[Finding, ...]]:
    """The form with those of its lists that could be read, and why the others could not."""
    named, read, refused = _named(book), list[Sheet](), list[Finding]()
    for name in (one for one in wanted(book) if one in files):
        try:
            read.append(_renamed(listed(files[name], book.file, name), named[name]))
        except ConsultationError as error:
            refused += error.findings
    return book._replace(lists=tuple(read)), tuple(refused)


def _named(book: Book) -> dict[str, str]:
    """File → what the first question that uses it says of its headers."""
    survey, found = book.sheet("survey"), dict[str, str]()
    every = columns(survey, "")
    for cells in (fields_of(row, every) for row in survey.rows):
        kind = kind_of(cells.get(("type", None), (0, ""))[1])
        if kind.file and kind.list.lower().endswith(".csv"):
            found.setdefault(kind.list, cells.get(("parameters", None), (0, ""))[1])
    return found


def _renamed(sheet: Sheet, parameters: str) -> Sheet:
    """The list with the headers that a question's parameters call `value` and `label` called as ours are."""
    ours = headers_named(parameters)
    cells = {number: ours.get(header.lower(), header) for number, header in sheet.header.cells.items()}
    return sheet._replace(header=Row(sheet.header.number, cells))
