"""總控台.xlsm as other programs read it: openpyxl, olevba, an Open XML validator, LibreOffice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import olefile
import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.support.effort import HANG
from xltool.faces import buttons as console
from xltool.outputs.console import vba
from xltool.outputs.console import workbook as console_book
from xltool.store.workspace import INBOX

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # oletools calls pyparsing by old names
    from oletools.mraptor import MacroRaptor
    from oletools.olevba import VBA_Parser, decompress_stream

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

PYTHON = Path(sys.executable)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("年度") / "114"


@pytest.fixture(scope="module")
def path(folder: Path) -> Path:
    folder.mkdir()
    path = folder / console_book.FILE_NAME
    console_book.build(path, year=114, interpreter=PYTHON, year_folder=folder)
    return path


@pytest.fixture(scope="module")
def modules(path: Path) -> dict[str, str]:
    """Source of each VBA module, as olevba reads it."""
    parser = VBA_Parser(str(path))
    sources = {Path(name).stem: code for _, _, name, code in parser.extract_all_macros()}
    parser.close()
    return sources


# --- the workbook


def test_two_builds_give_the_same_bytes(path: Path, folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsm"
    console_book.build(again, year=114, interpreter=PYTHON, year_folder=folder)
    assert again.read_bytes() == path.read_bytes()


def test_the_sheet_says_the_year_the_folder_and_three_steps(path: Path, folder: Path) -> None:
    sheet = openpyxl.load_workbook(path, keep_vba=True)[console_book.SHEET]
    text = [str(cell.value) for row in sheet.iter_rows(1, 7) for cell in row if cell.value]
    assert text[0] == "114 年度提升服務效能　總控台"
    assert str(folder) in text
    steps = [line for line in text if re.match(r"[123]　", line)]
    assert [step[0] for step in steps] == ["1", "2", "3"]
    assert f"「{INBOX}」" in steps[0]


def test_the_heading_of_the_results_stays_in_sight_and_repeats_in_print(path: Path) -> None:
    sheet = openpyxl.load_workbook(path, keep_vba=True)[console_book.SHEET]
    heading = console_book.FIRST_RESULT_ROW - 1
    assert [cell.value for cell in sheet[heading]] == [name for name, _ in console_book.COLUMNS]
    assert sheet.freeze_panes == f"A{console_book.FIRST_RESULT_ROW}"
    assert sheet.print_title_rows == f"${heading}:${heading}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_result_cells_are_text_and_wrap(path: Path) -> None:
    sheet = openpyxl.load_workbook(path, keep_vba=True)[console_book.SHEET]
    for column in "BCDEFG":
        assert sheet.column_dimensions[column].number_format == "@"
        assert sheet.column_dimensions[column].alignment.wrap_text


def test_settings_of_xlwings_leave_nothing_to_the_machine(path: Path) -> None:
    sheet = openpyxl.load_workbook(path, keep_vba=True)["xlwings.conf"]
    settings = {str(key): value for key, value in sheet.iter_rows(values_only=True)}
    assert sheet.sheet_state == "hidden"
    assert settings["INTERPRETER_WIN"] == str(PYTHON)
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert settings["USE UDF SERVER"] == "False"
    # VBA reads the keys downwards until the first blank one, in upper case.
    assert "None" not in settings
    assert all(key == key.upper() for key in settings)


def test_settings_name_every_key_that_run_python_asks_for_on_windows(
    path: Path, modules: dict[str, str]
) -> None:
    code = modules["xlwings"]
    parts = [code[code.index(f"Function {name}(") :] for name in ("RunPython", "ExecuteWindows")]
    asked: set[str] = set()
    for part in parts:
        asked |= set(re.findall(r'GetConfig\("([^"]+)"', part[: part.index("End Function")]))
    sheet = openpyxl.load_workbook(path, keep_vba=True)["xlwings.conf"]
    given = {str(row[0].value) for row in sheet.iter_rows()}
    # Left out on purpose: what is for Mac, legacy, or has no bearing on a local interpreter.
    harmless = {"INTERPRETER_MAC", "INTERPRETER", "LICENSE_KEY", "TEMP DIR"}
    addresses = {key for key in asked if key.startswith(("ONEDRIVE", "SHAREPOINT"))}
    assert asked - harmless - addresses <= given


@pytest.mark.parametrize(
    ("interpreter", "year_folder"),
    [(Path("python.exe"), Path("/year/114")), (PYTHON, Path("114"))],
    ids=["interpreter", "folder"],
)
def test_a_relative_path_is_refused(interpreter: Path, year_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an absolute path"):
        console_book.build(
            tmp_path / "x.xlsm", year=114, interpreter=interpreter, year_folder=year_folder
        )


def test_paths_of_windows_stand_as_they_are(tmp_path: Path) -> None:
    python, folder = r"C:\工具\.venv\Scripts\python.exe", r"\\server\share\114"
    path = tmp_path / "x.xlsm"
    console_book.build(path, year=114, interpreter=Path(python), year_folder=Path(folder))
    book = openpyxl.load_workbook(path, keep_vba=True)
    assert book["xlwings.conf"]["B1"].value == python
    assert book[console_book.SHEET]["C2"].value == folder
    assert PureWindowsPath(python).is_absolute()


# --- buttons, macros and Python fit together


def _buttons(path: Path) -> list[tuple[str, str]]:
    """(macro, caption) of each button in the package's drawing."""
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("xl/drawings/vmlDrawing1.vml"))
    excel, v = "{urn:schemas-microsoft-com:office:excel}", "{urn:schemas-microsoft-com:vml}"
    return [
        (shape.findtext(f".//{excel}FmlaMacro", ""), "".join(text.itertext()))
        for shape in root.iter(f"{v}shape")
        if (text := shape.find(f"{v}textbox")) is not None
    ]


def test_the_buttons_of_the_milestone_are_there_with_their_captions(path: Path) -> None:
    captions = [caption.strip() for _, caption in _buttons(path)]
    assert captions == ["檢核回收檔", "合併總表", "敘獎名冊", "附件3", "全部執行", "繳交狀態"]


def test_each_button_has_its_macro_and_each_macro_its_function(
    path: Path, modules: dict[str, str]
) -> None:
    subs = re.findall(r'Public Sub (\w+)\(\)\s+Press "(\w+)"\s+End Sub', modules["ConsoleButtons"])
    assert [macro for macro, _ in _buttons(path)] == [f"[0]!{name}" for name, _ in subs]
    assert [function for _, function in subs] == [b.function for b in console_book.BUTTONS]
    assert all(callable(getattr(console, function)) for _, function in subs)


def test_every_name_that_the_macros_use_is_defined_in_the_workbook(
    path: Path, modules: dict[str, str]
) -> None:
    used = set(re.findall(r'CellNamed\("(\w+)"\)', modules["ConsoleButtons"]))
    assert used == {
        console_book.STATUS,
        console_book.RUNNING,
        console_book.NOT_STARTED,
        console_book.NO_PYTHON,
    }
    assert used <= set(openpyxl.load_workbook(path, keep_vba=True).defined_names)


def test_every_procedure_that_the_macros_call_exists(modules: dict[str, str]) -> None:
    for name in ("RunPython", "GetConfig", "FileExists"):
        assert name in modules["ConsoleButtons"]
        assert re.search(rf"^(Public )?Function {name}\(", modules["xlwings"], re.MULTILINE)


# --- the VBA project


def test_code_names_of_the_workbook_and_its_sheets_are_those_of_the_modules(
    path: Path, modules: dict[str, str]
) -> None:
    with zipfile.ZipFile(path) as package:
        book = package.read("xl/workbook.xml").decode()
        sheets = [
            package.read(name).decode()
            for name in sorted(package.namelist())
            if name.startswith("xl/worksheets/sheet")
        ]
    names = [re.findall(r'codeName="(\w+)"', part) for part in (book, *sheets)]
    assert names == [["ThisWorkbook"], ["Sheet1"], ["Sheet2"], ["Sheet3"]]
    assert set(modules) == {name for [name] in names} | {"ConsoleButtons", "xlwings"}


def test_the_module_of_xlwings_is_whole_with_its_licence(modules: dict[str, str]) -> None:
    import xlwings

    shipped = Path(xlwings.__file__).with_name("xlwings.bas").read_text(encoding="ascii")
    assert modules["xlwings"].split() == shipped.split()
    assert "BSD 3-clause license" in modules["xlwings"]
    assert "Redistributions in binary form must reproduce" in modules["xlwings"]


def test_nothing_runs_by_itself_when_the_workbook_opens(modules: dict[str, str]) -> None:
    for code in modules.values():
        raptor = MacroRaptor(code)
        raptor.scan()
        assert not raptor.autoexec
        assert not raptor.suspicious


def test_the_source_of_every_module_is_ascii(modules: dict[str, str]) -> None:
    assert all(code.isascii() for code in modules.values())


def test_openpyxl_keeps_the_macros_through_a_save(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsm"
    openpyxl.load_workbook(path, keep_vba=True).save(copy)
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(copy) as two:
        assert one.read("xl/vbaProject.bin") == two.read("xl/vbaProject.bin")


def test_a_validator_of_open_xml_finds_no_fault(path: Path) -> None:
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


def test_libreoffice_opens_it_and_prints_one_landscape_page(
    path: Path, soffice: LibreOffice, pages: Any
) -> None:
    pdf = soffice.convert(path, "pdf")
    [page] = pages(pdf)
    width, height = (int.from_bytes(page.read_bytes()[at : at + 4], "big") for at in (16, 20))
    assert width > height


# Stands in for xlwings' own module, which asks Windows for things that LibreOffice has not; only
# FileExists is LibreOffice's own.
STAND_IN = """
Public Function GetConfig(ByVal Key As String) As Variant
    GetConfig = ThisWorkbook.Sheets("xlwings.conf").Range("B1").Value
End Function
Public Function RunPython(PythonCommand As String)
    {answer}
End Function
"""
ANSWER = 'ThisWorkbook.Names("console_status").RefersToRange.Value = PythonCommand'


def test_a_button_pressed_in_libreoffice_calls_its_function_or_says_why_python_did_not_answer(
    tmp_path: Path, soffice: LibreOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    cases = {"answers": (PYTHON, ANSWER), "silent": (PYTHON, ""), "missing": (gone, ANSWER)}
    books = []
    for name, (interpreter, answer) in cases.items():
        source = STAND_IN.format(answer=answer)
        monkeypatch.setattr(console_book, "_xlwings_source", lambda source=source: source)
        books.append(tmp_path / f"{name}.xlsm")
        console_book.build(books[-1], year=114, interpreter=interpreter, year_folder=tmp_path)
    script = Path(__file__).parents[3] / "tests" / "support" / "press_buttons.py"
    done = subprocess.run(
        [_python_with_uno(), str(script), soffice.program, str(tmp_path / "profile"), *books],
        env=soffice.environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers, silent, missing = json.loads(done.stdout)
    assert answers == {
        button.caption: f"import xltool.faces.buttons; xltool.faces.buttons.{button.function}()"
        for button in console_book.BUTTONS
    }
    assert set(silent.values()) == {console_book._NOT_STARTED}
    assert set(missing.values()) == {console_book._NO_PYTHON}


def _python_with_uno() -> str:
    """The system's Python, for which Debian packages uno; the test is skipped without."""
    for program in ("/usr/bin/python3", shutil.which("python3") or sys.executable):
        found = subprocess.run([program, "-c", "import uno"], capture_output=True, check=False)
        if found.returncode == 0:
            return program
    pytest.skip("no Python with uno: tools/debian-packages.sh tests")


# --- the writer of VBA projects


def test_the_project_is_a_sound_compound_file(path: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        binary = package.read("xl/vbaProject.bin")
    with olefile.OleFileIO(binary, raise_defects=olefile.DEFECT_UNSURE) as compound:
        assert compound.parsing_issues == []
        assert compound.exists("PROJECT")
        assert compound.exists("VBA/dir")
        assert compound.openstream("VBA/_VBA_PROJECT").read()[:4] == b"\xcc\x61\xff\xff"
        listed = compound.openstream("PROJECT").read().decode("cp1252")
    assert "Module=ConsoleButtons\r\n" in listed
    assert "Document=ThisWorkbook/&H00000000\r\n" in listed


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 20, 60])
def test_a_project_of_any_number_of_modules_is_read_back(count: int, tmp_path: Path) -> None:
    names = [f"M{'x' * (n % 7)}{n}" for n in range(count)]
    code = "".join(f"' line {n}\r\n" for n in range(400))
    binary = vba.project([vba.Module(name, vba.Kind.STANDARD, code) for name in names])
    with olefile.OleFileIO(binary, raise_defects=olefile.DEFECT_UNSURE) as compound:
        for name in names:
            stored = decompress_stream(bytearray(compound.openstream(f"VBA/{name}").read()))
            assert stored.decode() == f'Attribute VB_Name = "{name}"\r\n{code}'


@pytest.mark.parametrize("count", [*range(1, 16), 40])
def test_siblings_form_a_lawful_red_black_tree(count: int) -> None:
    binary = vba.project([vba.Module(f"Mod{n}", vba.Kind.STANDARD) for n in range(count)])
    with olefile.OleFileIO(binary) as compound:
        entries = compound.direntries
        storage = next(entry for entry in entries if entry and entry.name == "VBA")

        def heights(sid: int, parent_red: bool) -> set[int]:
            """Numbers of black nodes on the ways down; a red node has no red child."""
            if sid == olefile.NOSTREAM:
                return {0}
            entry = entries[sid]
            red = entry.color == 0
            assert not (red and parent_red)
            below = heights(entry.sid_left, red) | heights(entry.sid_right, red)
            return {height + (not red) for height in below}

        assert len(heights(storage.sid_child, False)) == 1


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4095, 4096, 4097, 8192, 9000])
@pytest.mark.parametrize("pattern", [b"a", b"abcabcabd", b"Dim s As String\r\n"])
def test_what_is_compressed_is_read_back(length: int, pattern: bytes) -> None:
    data = (pattern * length)[:length]
    assert decompress_stream(bytearray(vba.compress(data))) == data


def test_what_cannot_be_compressed_is_stored() -> None:
    import random

    data = random.Random(1).randbytes(4096)
    packed = vba.compress(data)
    assert len(packed) == 1 + 2 + 4096
    assert decompress_stream(bytearray(packed)) == data


def _reveal(text: str) -> bytes:
    """The data in a CMG, DPB or GC value (MS-OVBA 2.4.3.3)."""
    enc = bytes.fromhex(text)
    before = enc[0] ^ enc[2]
    plain = []
    for at in range(3, len(enc)):
        before = enc[at] ^ ((enc[at - 2] + before) & 0xFF)
        plain.append(before)
    rest = bytes(plain[(enc[0] & 6) // 2 :])
    assert int.from_bytes(rest[:4], "little") == len(rest) - 4
    return rest[4:]


def test_the_project_is_visible_and_has_no_password() -> None:
    # A value that xlwings ships proves the reader; then ours are read with it.
    assert _reveal("8D8FA61394EF95EF9510") == b"\xff"
    binary = vba.project([vba.Module("ThisWorkbook", vba.Kind.WORKBOOK)])
    with olefile.OleFileIO(binary) as compound:
        text = compound.openstream("PROJECT").read().decode("cp1252")
    values = dict(re.findall(r'^(CMG|DPB|GC)="(\w+)"', text, re.MULTILINE))
    assert {key: _reveal(value) for key, value in values.items()} == {
        "CMG": bytes(4),
        "DPB": b"\x00",
        "GC": b"\xff",
    }


def test_two_modules_of_one_name_are_refused_whatever_their_case() -> None:
    twins = [vba.Module("Sheet1", vba.Kind.WORKSHEET), vba.Module("SHEET1", vba.Kind.STANDARD)]
    with pytest.raises(ValueError, match="share a name"):
        vba.project(twins)


def test_chinese_in_vba_source_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        vba.project([vba.Module("M", vba.Kind.STANDARD, 'MsgBox "完成"')])
