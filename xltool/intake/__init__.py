"""What comes in: a returned file becomes a Submission and findings, whatever somebody sent.

The way of a file (`intake.one`): guard (what it is, whether it may be opened) → grid (sparse cells) →
gate (no text that cannot be kept) → withheld (what must not be kept) → identify (which form) → locate
(where each field stands) → content (values, records, photos) → checks (findings).
Nothing raises for bad input. What is imported here is light: files are read in processes of their own.
"""

from __future__ import annotations

from xltool.intake.apart import read_each, read_files
from xltool.intake.reading import Job, Reading

__all__ = ["Job", "Reading", "read_each", "read_files"]
