"""From the text of cells to the bytes of a workbook."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from flows.xlsform.book import Book, Row

WIDTH = 32
"""How wide a column is shown: a question fits into three or four lines."""


def written(book: Book) -> bytes:
    """An .xlsx with these sheets. A text that looks like a formula stays a text."""
    workbook = Workbook(write_only=True)
    for sheet in book.sheets:
        page = workbook.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        page.sheet_format.defaultColWidth = WIDTH
        last = 0
        for row in (sheet.header, *sheet.rows):
            for _ in range(last + 1, row.number):
                page.append([])
            page.append([_cell(page, row, column) for column in range(1, max(row.cells, default=0) + 1)])
            last = row.number
    whole = BytesIO()
    workbook.save(whole)
    return whole.getvalue()


def _cell(page: WriteOnlyWorksheet, row: Row, column: int) -> Cell:
    cell = WriteOnlyCell(page, row.cells.get(column))
    if column in row.cells:
        cell.data_type = "s"
    return cell
