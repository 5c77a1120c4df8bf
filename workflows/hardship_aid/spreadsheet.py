"""A form of boxes and tables as one sheet of an .xlsx file, to be printed on A4."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

COLUMNS, WIDTH = 8, 15
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
#: What makes a spreadsheet take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Spreadsheet:
    """One sheet that grows downwards; everything in it is text.

    Numbers of eighteen digits would lose their last ones as numbers, and a text that
    begins like a formula would be one: so every cell is a text and shown as one.
    """

    def __init__(self, title: str) -> None:
        self._book = Workbook()
        sheet = self._book.active
        assert isinstance(sheet, Worksheet)
        self._sheet, sheet.title = sheet, title
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for number in range(1, COLUMNS + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTH

    def headline(self, text: str) -> None:
        """Add the title over the whole width."""
        self._line([text], Font(size=16, bold=True), spans=[COLUMNS])
        cell = self._sheet.cell(self._sheet.max_row, 1)
        cell.alignment = Alignment(horizontal="center")

    def heading(self, text: str) -> None:
        """Add the heading of a part."""
        self._line([text], Font(bold=True), spans=[COLUMNS])

    def pairs(self, pairs: Sequence[tuple[str, Any]]) -> None:
        """Add fields, two in a row; each value is three columns wide."""
        for place in range(0, len(pairs), 2):
            row = [part for pair in pairs[place : place + 2] for part in pair]
            self._line(row, None, spans=[1, 3] * (len(row) // 2))

    def table(
        self,
        heading: str,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Mapping[str, Any]],
        *,
        otherwise: str = "",
    ) -> None:
        """Add a table: its columns' labels and names; a sentence when it has no rows."""
        self.heading(heading)
        self._line([label for label, _name in columns], Font(bold=True))
        lines = [[row.get(name) for _label, name in columns] for row in rows]
        for line in lines:
            self._line(line, None)
        if not lines:
            self._line([otherwise], None, spans=[COLUMNS])

    def content(self) -> bytes:
        """Return the file."""
        written = BytesIO()
        self._book.save(written)
        return written.getvalue()

    def _line(
        self, values: Sequence[Any], font: Font | None, *, spans: Sequence[int] = ()
    ) -> None:
        row = self._sheet.max_row + (self._sheet.cell(1, 1).value is not None)
        column = 1
        for place, value in enumerate(values):
            span = spans[place] if place < len(spans) else 1
            cell = self._sheet.cell(row, column)
            cell.value, cell.number_format = plain(value), "@"
            cell.border = _BOX
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if font is not None:
                cell.font = font
            if span > 1:
                end = column + span - 1
                self._sheet.merge_cells(None, row, column, row, end)
            column += span


def plain(value: Any) -> str:
    """Return a value as a text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
