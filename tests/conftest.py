"""What tests share: LibreOffice as a second, independent reader, and pages as pictures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from tests.support.effort import HANG
from xltool.wording import use

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOPPM = shutil.which("pdftoppm")
TYPE_IN = Path(__file__).parent.parent / "tools" / "type_in_libreoffice.py"
IN_CI = bool(os.environ.get("CI"))

# A busy machine is no finding, hence no limits of time; in CI the same commit gets the same examples.
hypothesis.settings.register_profile(
    "xltool",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=IN_CI,
)
hypothesis.settings.load_profile("xltool")

# The plan's fonts belong to Windows; here TW-Kai takes the place of 標楷體, so that lines break
# where they do there, instead of some sans serif.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {aliases}
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
ALIAS = (
    '<alias binding="same"><family>{name}</family>'
    "<accept><family>TW-Kai</family><family>AR PL UKai TW</family></accept></alias>"
)
KAI_NAMES = ("標楷體", "DFKai-SB", "BiauKai")


@dataclass(frozen=True)
class LibreOffice:
    """LibreOffice with a profile of its own, so that runs neither meet nor touch a person's.

    `home` holds the profile and the font settings, `out` receives what is converted.
    """

    program: str
    home: Path
    out: Path

    def convert(self, source: Path, to: str, out: Path | None = None) -> Path:
        """Open `source`, save it as `to` (an extension, or "ext:filter:options"), return the file.

        Raises AssertionError with LibreOffice's own words when no file comes out: its exit code
        is 0 even then.
        """
        extension = to.partition(":")[0]
        folder = out or self.out / source.suffix.lstrip(".") / extension
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{source.stem}.{extension}"
        target.unlink(missing_ok=True)
        done = self.run("--convert-to", to, "--outdir", str(folder), str(source))
        words = done.stdout + done.stderr
        assert target.exists(), f"LibreOffice made no {target.name} from {source}:\n{words}"
        return target

    def printed(self, source: Path) -> list[str]:
        """The words of every page that `source` prints on, in order."""
        pdf = source if source.suffix == ".pdf" else self.convert(source, "pdf")
        done = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"],  # noqa: S607
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.rstrip("\f").split("\f")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run LibreOffice without a window and wait for it to end."""
        return subprocess.run(
            [
                self.program,
                f"-env:UserInstallation={(self.home / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nologo"),
                *arguments,
            ],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=HANG,
            check=False,
        )

    def type_in(self, folder: Path, jobs: Sequence[Mapping[str, object]]) -> None:
        """Do jobs of tools/type_in_libreoffice.py, by a process of its own; `folder` holds the list.

        A job names `source`, `target` and `cells`; what else it may hold is none when not given.
        """
        listing = folder / "jobs.json"
        whole = [{"photos": [], "insert_above": [], **job} for job in jobs]
        listing.write_text(json.dumps(whole), encoding="utf-8")
        done = subprocess.run(
            ["/usr/bin/python3", str(TYPE_IN), str(listing)],
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def environment(self) -> dict[str, str]:
        """The environment of its processes: Kai fonts by their Windows names, UTF-8 file names."""
        # A POSIX locale would lose every file with a Chinese name.
        fonts = str(self.home / "fonts.conf")
        return {**os.environ, "LC_ALL": "C.UTF-8", "FONTCONFIG_FILE": fonts}


@pytest.fixture(autouse=True)
def _usual_words() -> Iterator[None]:
    """Each test begins in the words of the plan that is shipped, whatever another year called things."""
    yield
    use(None)


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice, ready to convert; using it marks the test `libreoffice`."""
    assert SOFFICE, "LibreOffice is not installed: tools/debian-packages.sh tests"
    home = tmp_path_factory.mktemp("libreoffice")
    aliases = "\n  ".join(ALIAS.format(name=name) for name in KAI_NAMES)
    fonts = FONTS_CONF.format(aliases=aliases, cache=home / "fontcache")
    (home / "fonts.conf").write_text(fonts, encoding="utf-8")
    return LibreOffice(SOFFICE, home, tmp_path_factory.mktemp("converted"))


@dataclass(frozen=True)
class Pages:
    """Turns a PDF into pictures."""

    out: Path

    def __call__(self, pdf: Path, dpi: int = 60) -> list[Path]:
        """One PNG per page, in order."""
        assert PDFTOPPM, "pdftoppm is not installed: tools/debian-packages.sh tests"
        folder = self.out / pdf.stem
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(
            [PDFTOPPM, "-png", "-r", str(dpi), str(pdf), str(folder / "page")], check=True
        )
        # pdftoppm pads the numbers to equal length: by name is by page.
        return sorted(folder.glob("page-*.png"))


@pytest.fixture(scope="session")
def pages(soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Call it with a PDF: the pages as PNG files."""
    return Pages(tmp_path_factory.mktemp("pages"))


@pytest.hookimpl(tryfirst=True)  # before -m "not libreoffice" is applied
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses LibreOffice, so that nobody can forget to."""
    for item in items:
        if "soffice" in getattr(item, "fixturenames", ()):
            item.add_marker("libreoffice")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without LibreOffice its tests are skipped at a desk, and fail in CI."""
    if not item.get_closest_marker("libreoffice") or (SOFFICE and PDFTOPPM):
        return
    reason = "LibreOffice or pdftoppm is missing: tools/debian-packages.sh tests"
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
