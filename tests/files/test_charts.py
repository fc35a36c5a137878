"""Native charts: what each program needs to draw them as meant is in the XML, and they point at the right cells."""

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from cqa.book import Book
from cqa.chart import Chart, Funnel, Intervals, OverTime, StackedBars
from cqa.files.chart_style import shares_scale, steps
from cqa.files.workbook import write_book
from cqa.table import Column, Table
from tests.workbook_lint import lint

NS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
SHARES = tuple(Column(name, "percent") for name in ("Share", "Low", "High"))
LEVELS = Table("Levels", "L", "n", (Column("Question", "id"), Column("Met", "percent"), Column("Not", "percent")),
               (("q1", 0.25, 0.75), ("q2", 0.5, 0.5)))
SEVERITY = Table("Severity", "S", "n",
                 (Column("Reviewer"), Column("Points", "decimal"), Column("Low", "decimal"), Column("High", "decimal")),
                 (("ann", -12.0, -21.5, -2.0), ("=1+1", 3.0, 1.0, 9.0), ("cat", "-", "-", "-")))
TREND = Table("Trend", "T", "n", (Column("What"), Column("Sample", "id"), Column("Version", "id"), *SHARES),
              (("all", "a", "1.0", 0.5, 0.4, 0.6), ("all", "b", "1.0", 0.6, 0.5, 0.7),
               ("all", "c", "2.0", 0.7, 0.6, 0.9)))
UNITS = Table("Units", "U", "n", (Column("Unit"), Column("Size", "number"), Column("Share", "percent")),
              (("North", 40, 0.5), ("South & East", 60, 0.75)))
LIMITS = Table("Limits", "L", "n", (Column("Size", "decimal"), *(Column(name, "percent") for name in (
    "All", "95% low", "95% high"))), ((20.0, 0.6, 0.4, 0.8), (70.0, 0.6, 0.5, 0.7)))
CHARTS: tuple[Chart, ...] = (
    StackedBars("Bars", "How often", "Each bar is a question.", "Levels", "Question", ("Met", "Not")),
    Intervals("Whiskers", "How severe", "Right of 0 is more severe.", "Severity", "Reviewer", "Points", "Low", "High",
              "Points of 100", highest_first=True),
    Funnel("Funnel", "Units", "Dashed lines hold 95%.", "Units", "Unit", "Size", "Share", "Limits", "Share", "Size"),
    OverTime("Line", "Over time", "The line breaks at 2.0.", "Trend", "Sample", "Version", "Share", "Low", "High",
             "Share", ("What", "all")),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    book = Book("R", "Northmoor", "en-GB", (("a", "b"),), ("n",), (LEVELS, SEVERITY, UNITS, LIMITS, TREND), CHARTS)
    path = tmp_path_factory.mktemp("charts") / "book.xlsx"
    return write_book(path, book, datetime(2026, 3, 2, tzinfo=UTC)).read_bytes()


def charts(data: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {chart.name: etree.fromstring(archive.read(f"xl/charts/chart{number}.xml"))
                for number, chart in enumerate(CHARTS, start=1)}


def values(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(one) for one in found]


def said(data: bytes, where: str) -> list[object]:
    """The values of the cells that a chart refers to."""
    sheet, cells = re.fullmatch(r"'?(.+?)'?!(.+)", where.replace("$", "")).groups()  # type: ignore[union-attr]
    left, top, right, bottom = range_boundaries(cells)
    rows = load_workbook(io.BytesIO(data))[sheet].iter_rows(top, bottom, left, right, values_only=True)
    return [value for row in rows for value in row]


def test_every_kind_keeps_the_rules_and_no_formula_stands_beside_it(data: bytes) -> None:
    assert lint(data) == []


def test_axes_are_kept_and_titled_corners_square_and_lines_straight(data: bytes) -> None:
    for root in charts(data).values():
        axes = [*root.iterfind(".//c:catAx", NS), *root.iterfind(".//c:valAx", NS)]
        assert len(axes) == 2
        for axis in axes:
            assert values(axis, "c:delete/@val") == ["0"] and values(axis, "c:title//*[local-name()='t']/text()")
            assert values(axis, "c:title/c:overlay/@val") == ["0"]
        assert values(root, "c:roundedCorners/@val") == ["0"]
        assert values(root, "c:chart/c:title/c:overlay/@val") == ["0"]
        assert set(values(root, "//c:ser/c:smooth/@val")) <= {"0"}
        assert root.find(".//c:cat/c:numRef", NS) is None


def test_intervals_are_written_plus_before_minus_and_reach_where_they_should(data: bytes) -> None:
    drawn = charts(data)
    bars = drawn["Whiskers"].find(".//c:errBars", NS)
    assert bars is not None
    order = [etree.QName(child).localname for child in bars]
    assert order.index("plus") < order.index("minus") and "errDir" not in order
    up, down = (said(data, values(bars, f"c:{side}//c:f/text()")[0]) for side in ("plus", "minus"))
    assert (up, down) == ([6.0, 10.0], [2.0, 9.5])
    assert said(data, values(drawn["Whiskers"], "//c:cat//c:f/text()")[0]) == ["=1+1", "ann"]
    low, high = (float(values(drawn["Whiskers"], f"//c:valAx/c:scaling/c:{end}/@val")[0]) for end in ("min", "max"))
    assert low <= -21.5 and high >= 9.0
    assert values(drawn["Line"], "//c:errBars/c:errDir/@val") == ["y", "y"]


def test_a_line_is_broken_where_the_versions_differ(data: bytes) -> None:
    line = charts(data)["Line"]
    assert [said(data, where) for where in values(line, "//c:ser/c:yVal//c:f/text()")] == [[0.5, 0.6], [0.7]]
    assert [said(data, where) for where in values(line, "//c:ser/c:xVal//c:f/text()")] == [[1, 2], [3]]
    assert [said(data, where) for where in values(line, "//c:ser/c:tx//c:f/text()")] == [["1.0"], ["2.0"]]


def test_a_funnel_has_its_lines_without_points_and_its_points_without_lines_and_with_names(data: bytes) -> None:
    series = charts(data)["Funnel"].findall(".//c:ser", NS)
    assert [said(data, where) for one in series for where in values(one, "c:yVal//c:f/text()")] == [
        [0.6, 0.6], [0.4, 0.5], [0.8, 0.7], [0.5], [0.75]]
    assert [values(one, "c:marker/c:symbol/@val") for one in series] == [["none"]] * 3 + [["circle"]] * 2
    assert [values(one, "c:dLbls/c:showSerName/@val") for one in series] == [[]] * 3 + [["1"]] * 2
    assert [said(data, values(one, "c:tx//c:f/text()")[0]) for one in series[3:]] == [["North"], ["South & East"]]
    assert all(values(one, "c:spPr//*[local-name()='noFill']") for one in series[3:])


def test_each_picture_has_words_and_stands_before_the_tables(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = [text for number in range(1, 5) for text in values(
            etree.fromstring(archive.read(f"xl/drawings/drawing{number}.xml")), "//*[local-name()='cNvPr']/@descr")]
    assert texts == [f"{chart.title}. {chart.sentence} The figures are on the sheet {chart.table}." for chart in CHARTS]
    names = load_workbook(io.BytesIO(data)).sheetnames
    assert names == ["Cover", "Contents", "Notes", *(chart.name for chart in CHARTS), "Levels", "Severity", "Units",
                     "Limits", "Trend"]


def test_a_chart_without_a_figure_is_not_made(tmp_path: Path) -> None:
    empty = Table("Levels", "L", "n", LEVELS.columns, (("q1", "1 of 2", "1 of 2"),))
    book = Book("R", "", "en-GB", (("a", "b"),), ("n",), (empty,), CHARTS[:1])
    found = write_book(tmp_path / "b.xlsx", book, datetime(2026, 3, 2, tzinfo=UTC)).read_bytes()
    assert "Bars" not in load_workbook(io.BytesIO(found)).sheetnames and lint(found) == []


def test_limits_are_round_hold_the_figures_and_step_whole_for_counts() -> None:
    assert steps([-21.5, 9.0]) == (-25, 10, 5)
    assert steps([30.0]) == (0, 30, 5) and steps([20.0], whole=True) == (0, 20, 5) and steps([3], whole=True)[2] == 1
    assert shares_scale([0.55, 0.83]) == pytest.approx((0.5, 0.9, 0.1)) and shares_scale([0.0, 1.0]) == (0, 1, 0.2)
    low, high, _ = shares_scale([0.97, 1.0])
    assert low <= 0.97 and high == 1.0
