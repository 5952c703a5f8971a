"""xltool: one year of the plan 「提升服務效能」, from blank form to Annex 3.

Workbooks go out to every unit, come back filled in, are checked cell by cell and merged;
the plan's rules then yield the tracker, the reward roster and the Word document of Annex 3.
The command line is `xltool` (module :mod:`xltool.faces.cli`); `docs/architecture.md` shows the rooms.
"""

__version__ = "0.1.0"
