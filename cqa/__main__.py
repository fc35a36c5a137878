"""`python -m cqa` and the `cqa` script."""

import gc
import sys

FEW_COLLECTIONS = 50_000
"""Starting up makes tens of thousands of objects that all stay: looking for garbage among them after every 700, as
Python would, costs a tenth of the start."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(FEW_COLLECTIONS, 20, 20)
    from cqa.cli import run  # noqa: PLC0415 - so that importing this module costs nothing

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
