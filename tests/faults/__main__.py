"""The fault suite in full: `python -m tests.faults` from a checkout, with the `test` extra. Prints a Markdown table."""

import argparse
import os
import platform
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.faults.result import Result, Size, all_of
from tests.faults.suite import ROWS, Ended, chosen, longest_first, table, table_row, working_folder


def run_row(key: str, size: Size) -> Ended:
    """One row in a folder of its own, in whatever process."""
    row = next(row for row in ROWS if row.key == key)
    with working_folder() as folder:
        begun, used = time.monotonic(), _processor()
        try:
            result = row.run(size, folder)
        except Exception as error:  # a row that broke off must not take the others with it
            result = Result(0, "broken off", never={"rows broken off": 1}, examples=(traceback.format_exc(),))
            print(f"{key}: {error!r}", file=sys.stderr, flush=True)
        return Ended(row, result, time.monotonic() - begun, _processor() - used)


def _processor() -> float:
    """Seconds of the processor that this process and those it waited for have used."""
    return sum(os.times()[:4])


def main() -> int:
    """Runs the rows asked for. 1 when one of them has not held, or could not be finished."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rows", default="", help="numbers such as 1,2,5; all unless given")
    parser.add_argument("--size", choices=("ci", "full"), default="full")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="rows at a time")
    asked = parser.parse_args()
    try:
        rows = chosen(asked.rows)
    except ValueError as error:
        parser.error(str(error))
    ended = []
    with ProcessPoolExecutor(max_workers=max(1, asked.jobs)) as pool:
        for done in as_completed([pool.submit(run_row, row.key, asked.size) for row in longest_first(rows)]):
            one = done.result()
            ended.append(one)
            print(table_row(one), file=sys.stderr, flush=True)
            for example in one.result.examples:
                print(f"  {example}", file=sys.stderr, flush=True)
    print(table(ended))
    print(f"\nPython {platform.python_version()}, {platform.system()} {platform.release()}, size {asked.size}, "
          f"{asked.jobs} rows at a time, {sum(one.processor for one in ended):.0f} s of CPU in all.")
    return 0 if all_of(one.result for one in ended) else 1


if __name__ == "__main__":
    sys.exit(main())
