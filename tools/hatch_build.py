"""Build hook: put what lies outside the package, and is needed at run time, into the wheel, and what a shell
needs to complete the commands.

An editable install gets nothing: there `xltool.store.workspace` finds the folders in the checkout, and
a copy in site-packages would only grow stale.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RESOURCES = {
    "templates": "xltool/_resources/templates",
    "workbooks/sample-114": "xltool/_resources/sample-114",
}


COMPLETIONS = "xltool/_resources/completion"
SHARED = {
    "xltool.bash": "share/bash-completion/completions/xltool",
    "_xltool": "share/zsh/site-packages/_xltool",
}
"""Where these shells look by themselves."""


class ResourcesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folders of `RESOURCES` that exist to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; `version` is standard or editable."""
        if version == "editable":
            return
        for folder, target in RESOURCES.items():
            if (Path(self.root) / folder).is_dir():
                build_data["force_include"][folder] = target
        self._made = tempfile.TemporaryDirectory()
        for path in self._completions(Path(self._made.name)):
            build_data["force_include"][str(path)] = f"{COMPLETIONS}/{path.name}"
            if path.name in SHARED:
                build_data["shared_data"][str(path)] = SHARED[path.name]

    def _completions(self, folder: Path) -> list[Path]:
        """What shells need to complete the commands as they are now."""
        sys.path.insert(0, self.root)
        try:
            from tools.make_completions import make

            return make(folder)
        finally:
            sys.path.remove(self.root)
