"""Sets up .venv in the checkout: `bootstrap.py` to run xltool, `bootstrap.py --dev` to work on it.

Used by the Makefile and by the Windows launcher, so it needs nothing but a Python: no pip, no
venv package. What gets installed is exactly what requirements/*.txt lock, by hash. A second run
compares two fingerprints and returns.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

# This file must parse on Python 3.7 too, which could not be told otherwise that it is too old.
MINIMUM = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "xltool-setup.json"
LOCKS = {
    "runtime": ROOT / "requirements" / "runtime.txt",
    "dev": ROOT / "requirements" / "dev.txt",
}


class SetupError(Exception):
    """Set-up cannot go on; the text, Chinese then English, says what the reader can do."""


def main() -> int:
    """Bring .venv up to date; 0 when it is, 1 with a message when that is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--venv-only", action="store_true", help="an empty .venv with pip")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        # A redirected stream on Windows has the machine's code page, which may lack Chinese.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        create_venv()
        if not options.venv_only:
            install("dev" if options.dev else "runtime")
    except SetupError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    return 0


def create_venv() -> None:
    """Make .venv with pip, anew if it is broken, moved, or of another Python version."""
    if sys.version_info < MINIMUM:
        raise SetupError(
            "需要 Python {0}.{1} 以上，目前是 {2}。Linux 可指定：make PYTHON=python3.12 demo\n"
            "Python {0}.{1} or newer is needed, this is {2}. "
            "Choose one: make PYTHON=python3.12 demo".format(*MINIMUM, sys.version.split()[0])
        )
    stamp = read_stamp()
    if VENV_PYTHON.exists() and stamp.get("venv") == venv_fingerprint():
        return
    if not has_ensurepip():
        install_debian_venv()
    say("建立虛擬環境 .venv", "creating .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], "無法建立 .venv", "could not create .venv")
    write_stamp({"venv": venv_fingerprint()})


def install(level: str) -> None:
    """Install the locked packages of `level` and the checkout itself, unless already there."""
    stamp = read_stamp()
    lock = LOCKS[level]
    locked = {f"lock-{name}": digest(LOCKS[name].read_bytes()) for name in LOCKS}
    key = f"lock-{level}"
    if stamp.get(key) != locked[key]:
        say("安裝套件（第一次需要幾分鐘）", f"installing requirements/{lock.name}")
        pip("--require-hashes", "--requirement", str(lock))
        # dev.txt holds all of runtime.txt, at the same versions.
        stamp.update(locked if level == "dev" else {key: locked[key], "lock-dev": ""})
        write_stamp(stamp)
    project = project_fingerprint()
    if stamp.get("project") != project:
        say("安裝 xltool", "installing xltool itself")
        # The backend is among the locked packages, so nothing is fetched here.
        pip("--no-build-isolation", "--no-deps", "--editable", str(ROOT))
        stamp["project"] = project
        write_stamp(stamp)


def has_ensurepip() -> bool:
    """Whether this Python can make a virtual environment with pip; bare Debian's cannot."""
    probe = subprocess.run(
        [sys.executable, "-c", "import ensurepip, venv"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return probe.returncode == 0


def install_debian_venv() -> None:
    """Let Debian complete its own Python."""
    script = ROOT / "tools" / "debian-packages.sh"
    if os.name == "nt" or subprocess.run([str(script), "venv"], check=False).returncode != 0:
        raise SetupError(
            "這個 Python 缺少 venv 與 pip。請管理員執行：apt-get install python3-venv，"
            "或指定另一個 Python：make PYTHON=/路徑/python3 demo\n"
            "This Python lacks venv and pip. Have an administrator run: "
            "apt-get install python3-venv, or choose another: make PYTHON=/path/python3 demo"
        )


def pip(*arguments: str) -> None:
    """Run the environment's own pip install."""
    run(
        [
            str(VENV_PYTHON),
            *("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"),
            *arguments,
        ],
        "安裝失敗：請確認網路（機關內可能要設定 proxy）後再執行；上面的英文訊息可提供給資訊人員。",
        "installation failed: check the network (and proxy), then run again; see pip's words above",
    )


def run(command: list[str], chinese: str, english: str) -> None:
    """Run `command`; raise SetupError with the two texts when it fails."""
    # Root on Debian would otherwise be told not to use pip as root, though this is a venv.
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PYTHONUTF8": "1"}
    if subprocess.run(command, env=environment, check=False).returncode != 0:
        raise SetupError(f"{chinese}\n{english}")


def venv_fingerprint() -> str:
    """Changes when .venv would no longer work: another Python, or a moved checkout."""
    return digest(f"{sys.version_info[:2]} {sys.base_prefix} {VENV}".encode())


def project_fingerprint() -> str:
    """Changes when the editable install must be repeated; settings of linters do not count."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    counted = [settings["project"], settings["build-system"], settings["tool"]["hatch"]]
    return digest(json.dumps(counted, sort_keys=True).encode())


def digest(data: bytes) -> str:
    """Hex SHA-256, line ends ignored so that a Windows checkout has the same one."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def read_stamp() -> dict[str, str]:
    """What an earlier run finished; empty when nothing or unreadable."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict[str, str]) -> None:
    """Record what is finished."""
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def say(chinese: str, english: str) -> None:
    """One line of progress."""
    print(f"▸ {chinese}… ({english})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
