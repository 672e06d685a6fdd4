"""Write the empty set-up file: a sheet to each kind of row, an example that is ignored, and a page of explanation."""

import os
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from linli.kernel.roles import LABELS, Role
from linli.site.setup.sheets import EXAMPLE, MARK, README, SHEETS, Sheet

NOT_OF_STAFF = frozenset({Role.RESIDENT, Role.PARTY_MEMBER, Role.GROUP_OWNER})
RULES = (
    "邻里 · 开通用表",
    "",
    "1. 每个工作表第 1 行是表头，请不要改；带 * 的列必须填。第 2 行是示例，“备注”写着“示例”的行不会导入。",
    "2. 不要合并单元格，每一行都要填完整。整张表用不到，可以空着。",
    "3. 编码、电话请按文本填写（本表已设好），免得 Excel 改掉后几位。",
    "4. 填好后运行：linli init --from 本文件.xlsx --links 链接.xlsx",
    "   有填错的，会一次全部列出来（哪个表、第几行、为什么），什么都不会写进去；改好再运行一次就行。",
    "5. 同一个文件再导入一次，不会重复；在后面接着填，只加新的。已经有的内容以系统里的为准，请在工作台修改。",
    "6. 这个文件里有姓名和手机号，用完请妥善保管或删除。",
)
HEAD = PatternFill("solid", fgColor="E8F0EA")
GREY = Font(color="808080", italic=True)


def write(path: Path) -> None:
    """Write the template, readable by its owner only once it is filled in. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        workbook().save(handle)


def workbook() -> Workbook:
    """The template as a workbook."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _readme(first)
    for sheet in SHEETS:
        _sheet(book.create_sheet(sheet.name), sheet)
    return book


def _readme(page: Worksheet) -> None:
    page.title = README
    for line in RULES:
        page.append([line])
    page["A1"].font = Font(bold=True, size=14)
    page.append([])
    for sheet in SHEETS:
        page.append([f"【{sheet.name}】{sheet.meaning}"])
        page.cell(page.max_row, 1).font = Font(bold=True)
        for column in sheet.columns:
            star = "（必填）" if column.required else ""
            page.append([f"    {column.heading}{star}" + (f"：{column.meaning}" if column.meaning else "")])
    page.append([])
    page.append(
        ["岗位名称：" + "、".join(label for role, label in LABELS.items() if role not in NOT_OF_STAFF)]
    )
    page.column_dimensions["A"].width = 110
    for row in page.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _sheet(page: Worksheet, sheet: Sheet) -> None:
    page.append([MARK, *(c.heading + ("*" if c.required else "") for c in sheet.columns)])
    page.append([EXAMPLE, *(c.example for c in sheet.columns)])
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    for cell in page[2]:
        cell.font = GREY
    page.freeze_panes = "A2"
    for number in range(1, len(sheet.columns) + 2):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 18
        # Text, so that a code keeps all its digits and a telephone its leading zero.
        page.column_dimensions[letter].number_format = "@"
        for row in range(2, 202):
            page.cell(row, number).number_format = "@"
