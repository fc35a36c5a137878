"""What a case has to do with its own draw is its id, its stratum and the seed; nothing else about an export matters."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.files.exports import open_export
from cqa.sampling.derive import derive
from cqa.sampling.frame import Collapse, Columns
from cqa.sampling.plan import Amount, Plan
from tests.casework import SEED

PLAN = Plan(sample="s", columns=Columns("case_id", by=("unit",), handled_by=("handler",)), keep=(),
            collapse=Collapse({}, None), amount=Amount(take=3, reserves=2), second=Fraction(1, 2),
            reviewers=("ann", "bob"), people=(), rubric=None)
WEIGHTED = replace(PLAN, columns=replace(PLAN.columns, weight="risk"))

Row = Mapping[str, str]
Drawn = Mapping[str, list[tuple[object, ...]]]
"""Of each stratum its drawn cases in the order of their ranks."""


@dataclass(frozen=True)
class Writing:
    """How an export is written down: everything that another system, or another day, may do differently."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    quoted: bool = False
    columns: tuple[str, ...] = ("case_id", "unit", "handler", "risk")

    def bytes(self, rows: Sequence[Row]) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.line_end,
                            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL)
        writer.writerow(self.columns)
        writer.writerows([row.get(column, "") for column in self.columns] for row in rows)
        return text.getvalue().encode(self.encoding)


# Ids as they are met, some of them like numbers, and with signs that cp1252 and UTF-8 write differently.
ids = st.from_regex(r"[0-9]{2}(?:E|AB|\u00c9|-)[0-9]{3,5}", fullmatch=True)
cases = st.fixed_dictionaries({
    "unit": st.sampled_from(["Leeds", "York", "Stoke\u2013on\u2013Trent", "Caf\u00e9, \u00a35", 'the "old" unit']),
    "handler": st.sampled_from(["h1", "h2", "Ren\u00e9e", ""]), "risk": st.sampled_from(["1", "2", "50"])})
exports = st.dictionaries(ids, cases, min_size=1, max_size=40).map(
    lambda told: [{"case_id": case_id, **case} for case_id, case in told.items()])
writings = st.builds(
    Writing, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]), line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoted=st.booleans(), columns=st.permutations(["case_id", "unit", "handler", "risk"]).map(tuple))
plans = st.sampled_from([PLAN, WEIGHTED])
tries = settings(max_examples=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def drawn(folder: Path, plan: Plan, rows: Sequence[Row], writing: Writing) -> Drawn:
    """The draw from an export that is written to a file and read back as any other."""
    path = folder / "export.csv"
    path.write_bytes(writing.bytes(rows))
    _, derived = derive(plan, open_export([path], plan.columns.names), {}, SEED)
    strata: dict[str, list[tuple[object, ...]]] = {stratum.name: [] for stratum in derived.strata}
    for case in sorted(derived.cases, key=lambda one: one.rank):
        strata[case.stratum].append((case.rank, case.case_id, case.ticket, case.role, case.weight, case.handlers))
    return strata


@given(rows=exports, plan=plans, chance=st.randoms(use_true_random=False))
@tries
def test_the_order_of_the_rows_changes_nothing(
    folder: Path, rows: list[Row], plan: Plan, chance: random.Random
) -> None:
    first = drawn(folder, plan, rows, Writing())
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert drawn(folder, plan, shuffled, Writing()) == first


@given(rows=exports, plan=plans, writing=writings)
@tries
def test_encoding_delimiter_line_ends_quotes_and_order_of_columns_change_nothing(
    folder: Path, rows: list[Row], plan: Plan, writing: Writing
) -> None:
    assert drawn(folder, plan, rows, writing) == drawn(folder, plan, rows, Writing())


@given(rows=exports, plan=plans, more=st.dictionaries(ids, st.sampled_from(["1", "9"]), max_size=30))
@tries
def test_rows_of_another_stratum_change_nothing(
    folder: Path, rows: list[Row], plan: Plan, more: dict[str, str]
) -> None:
    known = {row["case_id"] for row in rows}
    others = [{"case_id": case_id, "unit": "Hull", "handler": "h9", "risk": risk}
              for case_id, risk in more.items() if case_id not in known]
    after = drawn(folder, plan, [*others[::2], *rows, *others[1::2]], Writing())
    assert {name: cases for name, cases in after.items() if name != "Hull"} == drawn(folder, plan, rows, Writing())
    assert ("Hull" in after) == bool(others)


# Free text, with delimiters and quotation marks, but on one line: text that looks like rows is refused elsewhere.
unused = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)


@given(rows=exports, plan=plans, writing=writings, texts=st.lists(unused, min_size=1, max_size=5))
@tries
def test_columns_that_nothing_asks_for_change_nothing(
    folder: Path, rows: list[Row], plan: Plan, writing: Writing, texts: list[str]
) -> None:
    told = [{**row, "notes": texts[place % len(texts)], "court": "Leeds"} for place, row in enumerate(rows)]
    wider = replace(writing, encoding="utf-16" if writing.encoding == "utf-16" else "utf-8",
                    columns=("notes", *writing.columns, "court"))
    assert drawn(folder, plan, told, wider) == drawn(folder, plan, rows, Writing())


@given(rows=exports, take=st.integers(0, 8), more=st.integers(1, 5))
@tries
def test_a_larger_take_only_adds_to_the_smaller(folder: Path, rows: list[Row], take: int, more: int) -> None:
    def mains(wanted: int) -> dict[str, list[object]]:
        plan = replace(PLAN, amount=Amount(take=wanted, reserves=0))
        return {name: [case[1] for case in cases] for name, cases in drawn(folder, plan, rows, Writing()).items()}

    small, large = mains(take), mains(take + more)
    assert all(large[name][:len(cases)] == cases for name, cases in small.items())
