"""Files as a check found them: in order, faulty, unreadable, and with text that is up to no good."""

from __future__ import annotations

from tests.support.year import FINDINGS
from xltool.findings import finding
from xltool.model import Address
from xltool.outputs.checked import ACCEPTED, BLOCKED, UNREADABLE, CheckedFile

FILES = (
    CheckedFile("再生組.xlsx", "report", "05", 1, BLOCKED, FINDINGS[:1]),
    CheckedFile("電力組[red].xlsx", "report", "03", 1, ACCEPTED, FINDINGS[1:3]),
    CheckedFile("照片.xlsx", "", "", 0, UNREADABLE, (finding("F103", Address("照片.xlsx")),)),
)

HOSTILE = "<script>alert(1)</script>&=cmd|' /C calc'!A0"
NAME = "114_03_<b>填報表</b>.xlsx"
HOSTILE_FILES = (
    CheckedFile(
        *(NAME, "report", "03", 1, "blocked"),
        (
            finding("V301", Address(NAME, "業務 03-01", "B13"), field="未來精進方向"),
            finding("V301", Address(NAME, "業務 03-02", "B13"), field="未來精進方向"),
            finding("S207", Address(NAME, "業務 03-01", "H5"), HOSTILE),
        ),
    ),
    CheckedFile("04.xlsx", "report", "04", 1, "accepted", ()),
    CheckedFile("雜訊.xls", "", "", 0, "unreadable", (finding("F101", Address("雜訊.xls")),)),
)
OTHERS = (finding("P606", Address("年度設定.xlsx"), "輔導有功人員"),)
