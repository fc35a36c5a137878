"""Prints what the workbooks named on the command line break; exit 1 when there is anything."""

import sys
from pathlib import Path

from tests.workbook_lint import lint

found = [(name, finding) for name in sys.argv[1:] for finding in lint(Path(name).read_bytes())]
for name, finding in found:
    print(f"{name}: {finding}".encode("ascii", "backslashreplace").decode())
sys.exit(1 if found else 0)
