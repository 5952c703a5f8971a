"""E-mail drafts: files that Outlook, Thunderbird and Apple Mail open as a message not yet sent.

Nothing is sent. `X-Unsent: 1` makes Outlook open the file as a draft; the coordinator looks, and
presses send. Same input, same bytes: no date, and a boundary of its own.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from xltool.outputs.celltext import one_line
from xltool.patterns import pattern

_ADDRESS = pattern(r"(?:[^<>@]*<)?([\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+)>?", re.ASCII)


def address(text: str) -> str:
    """The one e-mail address in `text` (王小明 <name@agency.gov.tw> too), or "" where there is none.

    Stricter than the forms: `email` raises on some texts that the forms let pass.
    """
    found = _ADDRESS.fullmatch(text.strip())
    return found[1] if found else ""


def write_draft(
    path: Path, *, to: str, subject: str, body: str, attachments: Sequence[tuple[str, Path]] = ()
) -> None:
    """Write a draft to `path`, with files attached under the names given.

    `to` may be empty, or no address, and is then left out: the coordinator fills it in. Line breaks
    in `subject` become spaces, so that no text can add a header. Raises OSError when a file cannot
    be read or written.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if to := address(to):
        message["To"] = to
    message["Subject"] = one_line(subject)
    message.set_content(body, charset="utf-8", cte="base64")
    for name, file in attachments:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=name)
    if message.is_multipart():
        words = hashlib.sha256(f"{to}\n{subject}\n{body}".encode()).hexdigest()
        message.set_boundary(f"=_xltool_{words[:32]}")
    path.write_bytes(message.as_bytes())
