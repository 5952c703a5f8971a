"""Drafts that a mail program opens, with the workbook attached, and that nobody's text can bend."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from xltool.outputs.post.mail import address, write_draft

NAME = "114_03_電力發展及管理組_執行成果填報表.xlsx"


def draft(folder: Path, **words: str) -> EmailMessage:
    attached = folder / "a.xlsx"
    attached.write_bytes(b"PK\x03\x04 workbook")
    path = folder / "draft.eml"
    given = {
        "to": "unit03@agency.gov.tw",
        "subject": "請填報114年執行成果填報表",
        "body": "您好：\n",
    }
    write_draft(path, **{**given, **words}, attachments=[(NAME, attached)])
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_draft_is_not_yet_sent_and_says_to_whom_and_what(tmp_path: Path) -> None:
    message = draft(tmp_path)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "unit03@agency.gov.tw"
    assert message["Subject"] == "請填報114年執行成果填報表"
    assert message["Date"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["您好："]


def test_the_workbook_is_attached_under_its_chinese_name(tmp_path: Path) -> None:
    [attached] = draft(tmp_path).iter_attachments()
    assert attached.get_filename() == NAME
    assert attached.get_content() == b"PK\x03\x04 workbook"


def test_the_same_draft_has_the_same_bytes(tmp_path: Path) -> None:
    draft(tmp_path)
    first = (tmp_path / "draft.eml").read_bytes()
    draft(tmp_path)
    assert (tmp_path / "draft.eml").read_bytes() == first


def test_no_text_adds_a_header(tmp_path: Path) -> None:
    message = draft(tmp_path, subject="甲\r\nBcc: x@y.z", to="a@b.c\nBcc: x@y.z")
    assert message["Bcc"] is None


def test_a_unit_without_an_address_gets_a_draft_without_one(tmp_path: Path) -> None:
    assert draft(tmp_path, to="")["To"] is None


@pytest.mark.parametrize(
    "text", ['"@b.c', "<@b.c", "(@b.c", "壹@貳.tw", "a@b.c, x@y.z", "a@b.c\x00"]
)
def test_what_is_no_address_leaves_the_recipient_open(tmp_path: Path, text: str) -> None:
    assert address(text) == ""
    assert draft(tmp_path, to=text)["To"] is None


def test_an_address_may_stand_behind_a_name(tmp_path: Path) -> None:
    assert draft(tmp_path, to="王小明 <a.b-c@agency.gov.tw>")["To"] == "a.b-c@agency.gov.tw"


def test_a_control_character_in_a_title_does_not_reach_the_header(tmp_path: Path) -> None:
    assert draft(tmp_path, subject="甲\x00乙")["Subject"] == "甲乙"
