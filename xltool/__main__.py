"""`python -m xltool`: the command line, for where the `xltool` command is not on the path."""

from xltool.faces.cli import main

raise SystemExit(main())
