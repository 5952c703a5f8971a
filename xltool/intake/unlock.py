"""What Excel opens unasked: a workbook that is encrypted, with the password that Excel itself knows.

Excel encrypts an .xls whose structure is protected, and tries this password before it asks for one
([MS-OFFCRYPTO] 2.4.2.3, [MS-XLS] 2.2.10). So nobody ever set a password that could be taken away.
"""

from __future__ import annotations

import io
import logging

from xltool.patterns import pattern

_EXCELS_OWN = "VelvetSweatshop"
_SPINS = pattern(rb'spinCount\s*=\s*["\'](\d{1,20})["\']')
_MOST_SPINS = 1_000_000  # Excel writes 100,000; more is there to keep a reader busy

_log = logging.getLogger(__name__)


def unlocked(data: bytes, encryption: bytes = b"") -> bytes | None:
    """The workbook behind Excel's own password, None where it has another one.

    `encryption` is the stream that tells how an .xlsx is encrypted.
    """
    if b"<!" in encryption or any(int(n) > _MOST_SPINS for n in _SPINS.findall(encryption)):
        return None
    import msoffcrypto  # type: ignore[import-untyped]

    opened = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        if encryption:
            file.load_key(password=_EXCELS_OWN, verify_password=True)
        else:
            file.load_key(password=_EXCELS_OWN)
        file.decrypt(opened)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - of another password, or of none that it knows: whatever it raises
        _log.info("not opened by Excel's own password", exc_info=True)
        return None
    return opened.getvalue()
