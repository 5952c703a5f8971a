"""A letter, a winmail.dat, a .zip within a letter: the workbook in it is read as if it came alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from tests.support.effort import at_most
from tests.support.letters import Files, eml, msg, rtf, winmail
from tests.support.packages import pack
from tests.support.returns import issued
from tests.support.sample import begin
from tests.support.unit_03 import enrolment
from tests.support.unit_03 import returned as in_the_inbox
from xltool.findings import Finding
from xltool.forms import ENROLMENT
from xltool.intake.bundle import opened
from xltool.intake.rtf import words_of_rtf
from xltool.plan import Limits
from xltool.steps.check import check
from xltool.store.workspace import Workspace

NAME = "執行成果填報表_電力組(修正版).xlsx"
WORKBOOK = pack({"[Content_Types].xml": "", "xl/workbook.xml": random.Random(1).randbytes(5000)})
LOGO = b"\x89PNG logo"


def held(folder: Path, name: str, data: bytes) -> list[tuple[str, bytes | str]]:
    """What a file of that name gives: names with bytes, or the code of a finding; itself as ""."""
    path = folder / name
    path.write_bytes(data)
    return [
        (one.at.file, one.code)
        if isinstance(one, Finding)
        else (one.name, "")
        if isinstance(one, Path)
        else one
        for one in opened(path, Limits())
    ]


LETTERS: dict[str, tuple[str, Callable[[Files], bytes]]] = {
    "an .eml": ("信.eml", eml),
    "an .eml without its ending": ("信", eml),
    "Outlook's .msg": ("信.msg", msg),
    "winmail.dat": ("winmail.dat", winmail),
    "winmail.dat with short names": ("winmail(1).dat", lambda f: winmail(f, long_names=False)),
    "a zip": ("信.zip", pack),
    "a zip in a letter": ("信.eml", lambda f: eml({"附件.zip": pack(f)})),
    "a letter in a zip": ("信.zip", lambda f: pack({"信.msg": msg(f)})),
    "a winmail.dat in a letter": ("信.eml", lambda f: eml({"winmail.dat": winmail(f)})),
    "a letter in a letter": ("信.eml", lambda f: eml({"原信.eml": eml(f)})),
    "a zip in winmail.dat in a letter": (
        "信.eml",
        lambda f: eml({"winmail.dat": winmail({"a.zip": pack(f)})}),
    ),
}


@pytest.mark.parametrize(("name", "made"), LETTERS.values(), ids=LETTERS)
def test_the_workbook_in_it_is_handed_on(
    name: str, made: Callable[[Files], bytes], tmp_path: Path
) -> None:
    ((inside, data),) = held(tmp_path, name, made({NAME: WORKBOOK}))
    assert inside.startswith(f"{name}／") and inside.endswith(f"／{NAME}")
    assert isinstance(data, bytes) and data[: len(WORKBOOK)] == WORKBOOK


def test_a_scan_beside_the_workbook_is_told_and_blocks_nothing(tmp_path: Path) -> None:
    given = {NAME: WORKBOOK, "核章.pdf": b"%PDF-1.7", "照片.jpg": b"\xff\xd8\xff"}
    told = dict(held(tmp_path, "信.eml", eml(given)))
    assert told["信.eml／核章.pdf"] == told["信.eml／照片.jpg"] == "F141"
    assert told[f"信.eml／{NAME}"] == WORKBOOK


CORRECTION = "03-02 的年度目標請改為 90%，謝謝。王小明 02-1234-5678"


@pytest.mark.parametrize("made", [eml, msg, winmail])
def test_what_the_letter_itself_says_is_told_and_not_quoted(
    made: Callable[..., bytes], tmp_path: Path
) -> None:
    path = tmp_path / ("信.msg" if made is msg else "信.eml" if made is eml else "winmail.dat")
    path.write_bytes(made({NAME: WORKBOOK}, said=CORRECTION))
    [found] = [one for one in opened(path, Limits()) if isinstance(one, Finding)]
    assert (found.code, found.value) == ("F144", str(len("".join(CORRECTION.split()))))
    assert "王小明" not in found.message


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("信.msg", partial(msg, page=f"<head><title>信</title></head><p>{CORRECTION}</p>")),
        ("信.msg", partial(msg, rich=rtf(CORRECTION))),
        ("winmail.dat", partial(winmail, rich=rtf(CORRECTION))),
        ("信.eml", partial(eml, subject=CORRECTION)),
        ("信.msg", partial(msg, subject=CORRECTION)),
        ("winmail.dat", partial(winmail, subject=CORRECTION)),
    ],
)
def test_so_is_what_it_says_in_its_subject_as_a_page_or_in_rich_text(
    name: str, made: Callable[..., bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(made({NAME: WORKBOOK}))
    [found] = [one for one in opened(path, Limits()) if isinstance(one, Finding)]
    assert (found.code, found.value) == ("F144", str(len("".join(CORRECTION.split()))))


def test_rich_text_is_unpacked_as_its_specification_shows() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
        "0af32068656c090020627705b06c647d0a800fa0"
    )
    assert words_of_rtf(packed) == "hello world"


@pytest.mark.parametrize(
    "subject",
    [
        *("RE: 檢送114年執行成果填報表", "【電力組】114年執行成果填報表_修正v2", ""),
        "函轉 電力發展及管理組 提升服務效能執行計畫 執行成果填報表(更正版)",
        "能源署字第1140012345號 檢送參與業務調查表1份,請查照",
        "Re: Fwd: 請填報114年執行成果填報表（電力發展及管理組），截止 114.12.10",
        "回覆: 提醒：114年提升服務效能尚有 2 項待辦（秘書室）",
    ],
)
def test_a_subject_that_names_what_is_sent_is_nothing_to_tell(subject: str, tmp_path: Path) -> None:
    told = held(tmp_path, "信.eml", eml({NAME: WORKBOOK}, subject=subject))
    assert [name for name, _ in told] == [f"信.eml／{NAME}"]


def test_a_letter_that_is_only_a_page_is_read_as_it_shows(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "unit@example.tw", "all@example.tw", "回傳"
    page = "<style>p {color: red}</style><p>目標&nbsp;改為 90</p>"
    letter.set_content(page, subtype="html")
    letter.add_attachment(WORKBOOK, maintype="application", subtype="zip", filename=NAME)
    told = dict(held(tmp_path, "信.eml", letter.as_bytes()))
    assert told["信.eml"] == "F144"


@pytest.mark.parametrize("page", ["<!-- " * 100_000, "<style" * 100_000, "<p" * 100_000])
def test_a_page_that_never_ends_holds_up_no_other_file(page: str, tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "unit@example.tw", "all@example.tw", "回傳"
    letter.set_content(page, subtype="html")
    letter.add_attachment(WORKBOOK, maintype="application", subtype="zip", filename=NAME)
    with at_most(20):
        told = dict(held(tmp_path, "信.eml", letter.as_bytes()))
    assert told[f"信.eml／{NAME}"] == WORKBOOK


@pytest.mark.parametrize(
    "said",
    [
        "承辦人您好，附上調查表，謝謝！",
        "附件為本組調查表，請查照。\n\n王小明 敬上\n02-2772-1370",
        "請見附件\n\n從我的 iPhone 傳送",
    ],
)
def test_courtesy_and_who_signed_are_nothing_to_tell(said: str, tmp_path: Path) -> None:
    assert [name for name, _ in held(tmp_path, "信.eml", eml({NAME: WORKBOOK}, said=said))] == [
        f"信.eml／{NAME}"
    ]


def test_a_logo_in_the_text_of_a_letter_is_nothing(tmp_path: Path) -> None:
    assert [name for name, _ in held(tmp_path, "信.eml", eml({NAME: WORKBOOK}, LOGO))] == [
        f"信.eml／{NAME}"
    ]


def test_a_letter_without_a_workbook_says_so(tmp_path: Path) -> None:
    assert held(tmp_path, "信.eml", eml({})) == [("信.eml", "F139")]
    assert held(tmp_path, "掃描.msg", msg({"核章.pdf": b"%PDF"})) == [("掃描.msg", "F139")]


def test_what_lies_too_deep_is_told(tmp_path: Path) -> None:
    deep = eml({"1.zip": pack({"2.zip": pack({"3.zip": pack({NAME: WORKBOOK})})})})
    assert held(tmp_path, "信.eml", deep) == [("信.eml／1.zip／2.zip／3.zip", "F142")]


NAMES = {
    "in bytes of Taiwan": 'filename="填報.xlsx"'.encode("cp950"),
    "in bytes of UTF-8": 'filename="填報.xlsx"'.encode(),
    "in encoded words": b'filename="=?big5?B?tvGz+A==?=.xlsx"',
    "in pieces": b"filename*0*=UTF-8''%E5%A1%AB; filename*1*=%E5%A0%B1.xlsx",
}


@pytest.mark.parametrize("spelled", NAMES.values(), ids=NAMES)
def test_a_name_is_read_however_it_was_sent(spelled: bytes, tmp_path: Path) -> None:
    letter = (
        b"From: a@example.tw\r\nTo: b@example.tw\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; " + spelled + b"\r\n\r\nUEs=\r\n"
    )
    assert held(tmp_path, "信.eml", letter) == [("信.eml／填報.xlsx", b"PK")]


def test_control_characters_of_a_name_go_no_further(tmp_path: Path) -> None:
    ((name, _),) = held(tmp_path, "a.msg", msg({"a\x1b[2J\ud842.xlsx": WORKBOOK}))
    assert name.isprintable()


@pytest.mark.parametrize("made", [eml, msg, winmail])
def test_a_broken_letter_is_a_finding_and_quickly(
    made: Callable[[Files], bytes], tmp_path: Path
) -> None:
    whole, dice = made({NAME: WORKBOOK}), random.Random(114)
    with at_most(60):
        for _ in range(60):
            data = bytearray(whole[: dice.randrange(50, len(whole))])
            for _ in range(20):
                data[dice.randrange(8, len(data))] = dice.randrange(256)
            for _, told in held(tmp_path, "信.msg" if made is msg else "信.x", bytes(data)):
                assert isinstance(told, bytes) or told in {"", "F102", "F139", "F141", "F144"}


def test_a_workbook_is_no_letter(tmp_path: Path) -> None:
    path = issued(tmp_path, "enrolment")
    assert held(tmp_path, path.name, path.read_bytes()) == [(path.name, "")]


# --- Through the year ---------------------------------------------------------------------------


def test_a_letter_in_the_inbox_is_read_and_put_aside_like_its_workbook(tmp_path: Path) -> None:
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    path = in_the_inbox(workspace, "03.xlsx", ENROLMENT, enrolment())
    letter = workspace.inbox / "回傳.eml"
    letter.write_bytes(eml({"03 填報表.xlsx": path.read_bytes(), "核章.pdf": b"%PDF-1.7"}))
    path.unlink()
    done = check(workspace)
    assert {r.file: r.status for r in done.readings}["回傳.eml／03 填報表.xlsx"] == "accepted"
    assert [one.code for one in done.findings] == ["F141"]
    assert not done.blocked
    letter.rename(workspace.root / "不採用" / "回傳.eml")
    assert check(workspace).readings == ()
