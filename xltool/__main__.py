"""`python -m xltool`: the command line, for where the `xltool` command is not on the path."""

from xltool.cli import main

raise SystemExit(main())
