"""Times the writing of workbooks against openpyxl alone, and takes the memory of each: whole processes, in turn.

    python benchmarks/workbook_speed.py [--rounds N]

`typical`: 35 questions by 40 cases with reasons, 12,900 styled cells in two tables and a chart. The peer writes the
same cells in the same styles, with row heights, and checks nothing. `large`: 100,000 rows of 10 columns, half of them
text, made one by one. The peer is openpyxl's write-only mode, without a style. What cqa writes it also makes legal,
wraps, reads back and compares; the peers do nothing of that.
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cqa.book import Book
from cqa.chart import StackedBars
from cqa.table import Cell, Column, Made, Table

MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)
ROWS = 100_000
_WORDS = ("the review was late", "letter sent on 3 May", "nothing recorded in the log", "decision right & reasoned",
          "see page 14, entry of 4 May", "disclosure schedule <incomplete>")
_LEVELS = ("Fully met", "Partly met", "Not met", "Cannot tell")


def typical() -> Book:
    """Marks of 40 cases by 35 questions, and the shares of each level."""
    rng = random.Random(3)
    marks = tuple((f"{case:07}", f"Q{question}", rng.choice(_LEVELS), rng.choice((0, 1, 2)), rng.choice(_WORDS),
                   rng.choice(_WORDS), "2026-03-02 09:14", rng.random(), "yes")
                  for case in range(40) for question in range(35))
    shares = tuple((f"Q{question}", *(rng.random() for _ in _LEVELS)) for question in range(35))
    return Book("Typical", "Northmoor", "en-GB", (("Sample", "march"),), ("One note.",), (
        Table("Marks", "Marks", "A note.", (
            Column("Case", "id"), Column("Question", "id"), Column("Mark"), Column("Points", "number"),
            Column("Reason", "long"), Column("Evidence", "long"), Column("Marked"), Column("Share", "percent"),
            Column("Signed")), marks),
        Table("Levels", "Levels", "A note.",
              (Column("Question", "id"), *(Column(level, "percent") for level in _LEVELS)), shares)),
        (StackedBars("Chart", "How often", "Each bar is a question.", "Levels", "Question", _LEVELS),))


def large_rows() -> Iterator[tuple[Cell, ...]]:
    """100,000 rows of 5 texts and 5 figures."""
    rng = random.Random(4)
    for number in range(ROWS):
        yield (f"{number:07}", _LEVELS[number % 4], _WORDS[number % 6], "2026-03-02 09:14", "a-byrne", number,
               number % 7, rng.random(), rng.random(), number / 3)


def large() -> Book:
    """One table of a million cells, never all in memory."""
    columns = tuple(Column(f"Column {number}", "text" if number < 5 else "decimal") for number in range(10))
    return Book("Large", "Northmoor", "en-GB", (("Sample", "march"),), ("One note.",),
                (Table("Marks", "Marks", "A note.", columns, Made(ROWS, large_rows)),))


def by_cqa(path: Path, book: Book) -> None:
    """The book as cqa writes it."""
    from cqa.files.workbook import write_book  # noqa: PLC0415 - each process loads what it times
    write_book(path, book, MADE_AT)


def bare_styled(path: Path, book: Book) -> None:
    """The same cells in the same styles, by openpyxl alone."""
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell.cell import Cell as SheetCell  # noqa: PLC0415
    from openpyxl.worksheet.table import Table as SheetTable  # noqa: PLC0415

    from cqa.files.chart_style import Cells  # noqa: PLC0415
    from cqa.files.charts import native  # noqa: PLC0415
    from cqa.files.workbook_styles import FORMATS, add_styles  # noqa: PLC0415
    workbook = Workbook()
    add_styles(workbook)
    for table in book.tables:
        sheet = workbook.create_sheet(table.name)
        for number, row in enumerate(((column.name for column in table.columns), *table.rows), start=4):
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                cell = sheet.cell(number, place, value)
                assert isinstance(cell, SheetCell)
                if isinstance(value, str):
                    cell.style = "cqa header" if number == 4 else "cqa text"
                    cell.quotePrefix = True
                else:
                    cell.style = f"cqa {column.kind if column.kind in FORMATS else 'number'}"
            sheet.row_dimensions[number].height = 18.6
        sheet.add_table(SheetTable(displayName=f"Table_{table.name}", ref=f"A4:{cell.coordinate}"))
    for chart in book.charts:
        table = next(table for table in book.tables if table.name == chart.table)
        workbook.create_sheet(chart.name).add_chart(
            native(chart, table, Cells(table, workbook[table.name], 4), None), "A5")
    workbook.save(path)


def bare_write_only(path: Path, book: Book) -> None:
    """The same rows by openpyxl's write-only mode, without styles."""
    from openpyxl import Workbook  # noqa: PLC0415
    workbook = Workbook(write_only=True)
    for table in book.tables:
        sheet = workbook.create_sheet(table.name)
        sheet.append([column.name for column in table.columns])
        for row in table.rows:
            sheet.append(row)
    workbook.save(path)


CASES = {"typical": (typical, by_cqa, bare_styled), "large": (large, by_cqa, bare_write_only)}


def one(case: str, whose: str) -> None:
    """In a process of its own: prints the seconds of the work alone, and the peak memory of the whole in MB."""
    make, ours, peer = CASES[case]
    book, work = make(), ours if whose == "cqa" else peer
    import openpyxl  # noqa: F401, PLC0415 - its loading is nobody's work
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        work(Path(folder) / "book.xlsx", book)
        print(time.perf_counter() - start, peak())


def peak() -> float:
    """The most memory this process has held, in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main() -> None:
    """Prints medians, the ratio within each round, and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2)
    chosen = parser.parse_args()
    if chosen.one:
        one(*chosen.one)
        return
    for case in CASES:
        found: dict[str, list[tuple[float, float]]] = {"cqa": [], "peer": []}
        for _ in range(chosen.rounds * (4 if case == "typical" else 1)):
            for whose, figures in found.items():
                told = subprocess.run([sys.executable, __file__, "--one", case, whose], capture_output=True, text=True,
                                      check=True).stdout.split()
                figures.append((float(told[0]), float(told[1])))
        ratio = statistics.median(ours[0] / peer[0] for ours, peer in zip(*found.values(), strict=True))
        for whose, figures in found.items():
            print(f"{case:8} {whose:5} {statistics.median(time for time, _ in figures):6.2f} s "
                  f"{max(memory for _, memory in figures):5.0f} MB")
        print(f"{case:8} ratio {ratio:5.2f}")


if __name__ == "__main__":
    main()
