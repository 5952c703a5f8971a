"""總控台.xlsm: the workbook whose buttons call the steps.

Declares the buttons once: captions, macros and the functions of `xltool.faces.buttons` that they call.
The VBA project is written by `vba.project` and holds our few lines and xlwings' own module, so that
`RunPython` works without the xlwings add-in.
"""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from xltool.outputs.console import vba
from xltool.outputs.style import A4, Colour, Looks, new_book
from xltool.store.workspace import INBOX, RESULTS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FILE_NAME = "總控台.xlsm"
SHEET = "總控台"
LOG_NAME = "總控台.log"
"""Text file for the details of a fault, among the year's records (else in the temporary folder)."""

# Defined names: what VBA and xltool.faces.buttons address, so that no cell is named twice.
STATUS = "console_status"
LAST_RUN = "console_last_run"
FOLDER = "console_folder"
HOME = "console_home"
RUNNING = "console_running"
NOT_STARTED = "console_not_started"
NO_PYTHON = "console_no_python"
FINDINGS = "console_findings"

RESULT_ROWS = 2000
"""How many rows of results the sheet takes; a longer list ends in a line that says so."""

COLUMNS = (
    ("項次", 6),
    ("類別", 8),
    ("檔案", 28),
    ("工作表", 15),
    ("儲存格", 9),
    ("內容", 46),
    ("處理方式", 36),
)
"""Heading and width (in characters) of each result column."""


@dataclass(frozen=True)
class Button:
    """A button: its caption, the function of `xltool.faces.buttons` behind it, and what it does."""

    caption: str
    function: str
    does: str

    @property
    def macro(self) -> str:
        """Name of the VBA macro, like PressRunAll for run_all."""
        return "Press" + self.function.title().replace("_", "")


BUTTONS = (
    Button("檢核回收檔", "check", "讀取收件匣的回收檔，列出要修正的地方"),
    Button("合併總表", "merge", "將收件匣併入收件紀錄，更新總表"),
    Button("敘獎名冊", "rewards", "計算敘獎並產生名冊"),
    Button("附件3", "annex3", "產生附件3 Word 文件"),
    Button("全部執行", "run_all", "檢核、合併、敘獎、附件3 依序全部執行"),
    Button("繳交狀態", "status", "各單位各階段的繳交情形與剩餘天數"),
)

_STEPS = (
    f"1　把各單位回傳的檔案原樣放進年度資料夾的「{INBOX}」（不必改檔名），按「檢核回收檔」。",
    "2　下方列出「錯誤」者請退單位更正，收到更正檔一樣放進去，再按一次。要看誰還沒交，按「繳交狀態」。",
    f"3　按「全部執行」產出總表、敘獎名冊與附件3，放在「{RESULTS}」；也可逐項按。請先關閉已開啟的成果檔。",
)
_RUNNING = "執行中，請稍候；完成前請不要編輯此活頁簿。"
_NOT_STARTED = (
    "Python 沒有回報結果。請確認本檔檔名沒有「=」，再於命令列執行 xltool console 重新產生本檔後再試；"
    f"仍不行請將 %TEMP% 資料夾的「{LOG_NAME}」（若有）交給維護人員。"
)
_NO_PYTHON = "找不到 Python 執行環境。請在這台電腦的命令列執行 xltool console 重新產生本檔。"

_ROW_FOLDER, _ROW_STEPS, _ROW_BUTTONS, _ROW_STATUS, _ROW_HEAD = 1, 2, 5, 6, 7
FIRST_RESULT_ROW = _ROW_HEAD + 2
"""Number (from 1) of the first row of results on the sheet."""
_LAST = len(COLUMNS) - 1

_KINDS = {
    "錯誤": Colour.FAULT,
    "提醒": Colour.OPEN,
    "摘要": Colour.DONE,
    "產出": Colour.LABEL,
}
_BUTTON_WIDTH, _BUTTON_GAP = 158, 14
_CHARACTER_PIXELS, _PADDING_PIXELS = 7, 5  # Excel's column width in pixels, for Calibri 11

_MACROS = """Option Explicit
' Buttons of the console. Every message that a person reads stands in a cell: this source is ASCII.

{subs}Private Sub Press(ByVal FunctionName As String)
    Dim Status As Range
    Set Status = CellNamed("{STATUS}")
    On Error Resume Next ' ShowAllData complains when nothing is filtered
    Status.Worksheet.ShowAllData
    On Error GoTo 0
    If Not FileExists(GetConfig("INTERPRETER_WIN")) Then
        Status.Value = CellNamed("{NO_PYTHON}").Value
        Exit Sub
    End If
    Status.Value = CellNamed("{RUNNING}").Value
    DoEvents
    RunPython "import xltool.faces.buttons; xltool.faces.buttons." & FunctionName & "()"
    If Status.Value = CellNamed("{RUNNING}").Value Then
        Status.Value = CellNamed("{NOT_STARTED}").Value
    End If
End Sub

Private Function CellNamed(ByVal Label As String) As Range
    Set CellNamed = ThisWorkbook.Names(Label).RefersToRange
End Function
"""


def build(path: Path, *, year: int, interpreter: Path, year_folder: Path) -> None:
    """Write the console of ROC year `year` to `path` (an .xlsm).

    `interpreter` is the python.exe of the private environment, absolute, and `year_folder` the
    year's folder; both are written as they stand on this machine, so a console is built on the PC
    that uses it. Equal arguments give equal bytes.

    Raises ValueError for a path that is not absolute, and ModuleNotFoundError when xlwings is not
    installed.
    """
    for given in (interpreter, year_folder):
        if not (given.is_absolute() or PureWindowsPath(given).is_absolute()):
            message = f"not an absolute path: {given}"
            raise ValueError(message)
    with new_book(path, f"{year} 年度提升服務效能 總控台", year) as book:
        book.set_size(24000, 14000)
        sheets = [
            _console_sheet(book, year, year_folder),
            _settings_sheet(book, interpreter),
            _messages_sheet(book, year_folder),
        ]
        modules = [vba.Module("ThisWorkbook", vba.Kind.WORKBOOK)]
        book.set_vba_name("ThisWorkbook")
        for number, sheet in enumerate(sheets, start=1):
            sheet.set_vba_name(f"Sheet{number}")
            modules.append(vba.Module(f"Sheet{number}", vba.Kind.WORKSHEET))
        modules += [
            vba.Module("ConsoleButtons", vba.Kind.STANDARD, macros()),
            vba.Module("xlwings", vba.Kind.STANDARD, _xlwings_source()),
        ]
        book.add_vba_project(io.BytesIO(vba.project(modules)), is_stream=True)


def macros() -> str:
    """VBA source of our own module: one public macro for each button."""
    subs = "".join(
        f'Public Sub {button.macro}()\n    Press "{button.function}"\nEnd Sub\n\n'
        for button in BUTTONS
    )
    return _MACROS.format(
        subs=subs, STATUS=STATUS, NO_PYTHON=NO_PYTHON, RUNNING=RUNNING, NOT_STARTED=NOT_STARTED
    )


def _xlwings_source() -> str:
    """xlwings' own VBA module (BSD-3, notice kept) as shipped with the installed version.

    Read from the package, not copied into this project, so that it always fits the Python side. The
    package is located, never imported: that takes most of a second.
    """
    spec = importlib.util.find_spec("xlwings")
    if spec is None or spec.origin is None:
        message = "xlwings is not installed"
        raise ModuleNotFoundError(message, name="xlwings")
    source = Path(spec.origin).with_name("xlwings.bas").read_text(encoding="ascii")
    attribute, _, code = source.partition("\n")
    if attribute.strip() != 'Attribute VB_Name = "xlwings"':
        message = f"unexpected first line of xlwings.bas: {attribute!r}"
        raise ValueError(message)
    return code


def _console_sheet(book: Workbook, year: int, folder: Path) -> Worksheet:
    sheet = book.add_worksheet(SHEET)
    look = Looks(book, valign="vcenter", text_wrap=True)
    # '@' keeps whatever a unit typed text: '=1+1' stays '=1+1' when Excel is handed it.
    text = look(num_format="@", valign="top")
    number = look(valign="top", align="center")
    title = look(font_size=18, bold=True, font_color=Colour.HEAD)
    label = look(bold=True, bg_color=Colour.LABEL, border=1)
    value = look(num_format="@", border=1, indent=1)
    state = look(num_format="@", border=1, indent=1, bold=True)
    step = look()
    head = look(bold=True, bg_color=Colour.HEAD, font_color=Colour.WHITE, border=1)
    for column, (_, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width, text if column else number)

    _across(sheet, 0, 0, _LAST, f"{year} 年度提升服務效能　總控台", title, 32)
    _across(sheet, _ROW_FOLDER, 0, 1, "年度資料夾", label, 34)
    _across(sheet, _ROW_FOLDER, 2, _LAST, str(folder), value)
    for offset, line in enumerate(_STEPS):
        _across(sheet, _ROW_STEPS + offset, 0, _LAST, line, step, 20)
    _buttons(sheet)
    _across(sheet, _ROW_STATUS, 0, 1, "執行結果", label, 48)
    _across(sheet, _ROW_STATUS, 2, _LAST - 1, "尚未執行", state)
    sheet.write_string(_ROW_STATUS, _LAST, "上次執行：（無）", value)
    sheet.set_row(_ROW_HEAD, 22)
    for column, (heading, _) in enumerate(COLUMNS):
        sheet.write_string(_ROW_HEAD, column, heading, head)

    last_row = _ROW_HEAD + RESULT_ROWS
    _name(book, FOLDER, SHEET, _ROW_FOLDER, 2)
    _name(book, STATUS, SHEET, _ROW_STATUS, 2)
    _name(book, LAST_RUN, SHEET, _ROW_STATUS, _LAST)
    book.define_name(
        FINDINGS, f"='{SHEET}'!$A${FIRST_RESULT_ROW}:${chr(65 + _LAST)}${last_row + 1}"
    )
    _paint(book, sheet, last_row)
    sheet.autofilter(_ROW_HEAD, 0, last_row, _LAST)
    sheet.freeze_panes(_ROW_HEAD + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_ROW_HEAD)
    sheet.set_footer("&C第 &P 頁，共 &N 頁")
    sheet.set_selection(_ROW_STATUS, 2, _ROW_STATUS, 2)
    sheet.activate()
    return sheet


def _across(
    sheet: Worksheet,
    row: int,
    first: int,
    last: int,
    text: str,
    style: Format,
    height: float | None = None,
) -> None:
    """One text over merged cells of a row; `height` in points."""
    sheet.merge_range(row, first, row, last, "", style)
    sheet.write_string(row, first, text, style)
    if height is not None:
        sheet.set_row(row, height)


def _name(book: Workbook, name: str, sheet: str, row: int, column: int) -> None:
    book.define_name(name, f"='{sheet}'!${chr(65 + column)}${row + 1}")


def _buttons(sheet: Worksheet) -> None:
    """The buttons in one row, placed by pixels from the left edge of the sheet."""
    sheet.set_row(_ROW_BUTTONS, 42)
    starts = [0]
    for _, width in COLUMNS:
        starts.append(starts[-1] + width * _CHARACTER_PIXELS + _PADDING_PIXELS)
    for number, button in enumerate(BUTTONS):
        left = 4 + number * (_BUTTON_WIDTH + _BUTTON_GAP)
        column = max(c for c, start in enumerate(starts) if start <= left)
        sheet.insert_button(
            _ROW_BUTTONS,
            column,
            {
                "macro": button.macro,
                "caption": button.caption,
                "description": f"{button.caption}：{button.does}",
                "width": _BUTTON_WIDTH,
                "height": 40,
                "x_offset": left - starts[column],
                "y_offset": 8,
            },
        )


def _paint(book: Workbook, sheet: Worksheet, last_row: int) -> None:
    """Rules of looks for the results: words carry the meaning, colour only repeats it."""
    first = FIRST_RESULT_ROW
    line = book.add_format({"bottom": 1, "bottom_color": Colour.EDGE})
    for kind, colour in _KINDS.items():
        look = book.add_format({"bg_color": colour, "bold": True})
        rule = {"type": "formula", "criteria": f'=$B{first}="{kind}"', "format": look}
        sheet.conditional_format(first - 1, 1, last_row, 1, rule)
    rule = {"type": "formula", "criteria": f'=$B{first}<>""', "format": line}
    sheet.conditional_format(first - 1, 0, last_row, _LAST, rule)


def _settings_sheet(book: Workbook, interpreter: Path) -> Worksheet:
    """xlwings' settings. All that RunPython asks for stands here, so that no setting left on the PC
    (xlwings.conf of the user or of the folder) can steer the console.
    """
    sheet = book.add_worksheet("xlwings.conf")
    settings = (
        ("INTERPRETER_WIN", str(interpreter)),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "false"),
        ("PYTHONPATH", ""),
        ("USE UDF SERVER", "False"),
        ("SHOW CONSOLE", "False"),
        ("CONDA PATH", ""),
        ("CONDA ENV", ""),
    )
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    for row, (key, setting) in enumerate(settings):
        sheet.write_string(row, 0, key, text)
        if setting:
            sheet.write_string(row, 1, setting, text)
    sheet.hide()
    return sheet


def _messages_sheet(book: Workbook, folder: Path) -> Worksheet:
    """What VBA shows, and the year's folder: kept in cells, since VBA source has no Chinese."""
    name = "_console"
    sheet = book.add_worksheet(name)
    rows = (
        (HOME, str(folder)),
        (RUNNING, _RUNNING),
        (NOT_STARTED, _NOT_STARTED),
        (NO_PYTHON, _NO_PYTHON),
    )
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    for row, (key, setting) in enumerate(rows):
        sheet.write_string(row, 0, key, text)
        sheet.write_string(row, 1, setting, text)
        _name(book, key, name, row, 1)
    sheet.hide()
    return sheet
