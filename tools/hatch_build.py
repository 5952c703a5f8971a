"""Build hook: put what lies outside the package, and is needed at run time, into the wheel.

An editable install gets nothing: there `xltool.store.workspace` finds the folders in the checkout, and
a copy in site-packages would only grow stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RESOURCES = {
    "templates": "xltool/_resources/templates",
    "workbooks/sample-114": "xltool/_resources/sample-114",
}


class ResourcesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folders of `RESOURCES` that exist to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; `version` is standard or editable."""
        if version == "editable":
            return
        for folder, target in RESOURCES.items():
            if (Path(self.root) / folder).is_dir():
                build_data["force_include"][folder] = target
