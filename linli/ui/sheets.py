"""A list as xlsx, the one way in which any list leaves the desk: whose eyes and when stand on every sheet and in its footer, no text
becomes a formula. Who may take it out, and the record of it, are the caller's action."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_A_SHEET = 2000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: `columns` are (title, width in characters); more than ROWS_A_SHEET rows go on on further sheets."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[object]]


def book(sheets: Iterable[Sheet], head: Sequence[str]) -> bytes:
    """The workbook. `head`: the lines above every table, the first of them the mark of who took it out and when."""
    found = Workbook(write_only=True)
    bold = Font(bold=True)
    for sheet in sheets:
        parts = range(0, max(len(sheet.rows), 1), ROWS_A_SHEET)
        for n, start in enumerate(parts, 1):
            _write(found.create_sheet(f"{sheet.title}{n}" if len(parts) > 1 else sheet.title), sheet, start, head, bold)
    out = BytesIO()
    found.save(out)
    return out.getvalue()


def _write(page, sheet: Sheet, start: int, head: Sequence[str], bold: Font) -> None:  # type: ignore[no-untyped-def]
    for n, (_, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(n)].width = width
    page.freeze_panes = f"A{len(head) + 2}"
    page.oddFooter.center.text = head[0].replace("&", "&&")
    page.print_title_rows = f"1:{len(head) + 1}"
    for line in head:
        page.append([plain(line)])
    titles = []
    for text, _ in sheet.columns:
        cell = WriteOnlyCell(page, value=text)
        cell.font = bold
        titles.append(cell)
    page.append(titles)
    for row in sheet.rows[start : start + ROWS_A_SHEET]:
        page.append([plain(v) for v in row])


def plain(value: object) -> object:
    """No text becomes a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value


def answer(name: str, data: bytes) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(data, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
