"""Native charts of the table beside them, one function a kind."""

from openpyxl.chart import BarChart, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import NumericAxis
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from cqa.chart import DOWN, NUMBER, UP, Chart, Funnel, Intervals, OverTime, StackedBars, unbroken_runs
from cqa.files.chart_style import (
    AXIS,
    DONE_OR_NOT,
    ON_DARK,
    PALE,
    PALETTE,
    Cells,
    axis,
    framed,
    labels,
    line,
    name_label,
    named,
    no_line,
    numbers,
    pointed,
    reaches,
    scale,
    shares_scale,
    sizes_at,
    steps,
    words,
)
from cqa.table import Table

_CM_PER_BAR, _CM_AROUND, _LOW_CM = 0.75, 5, 12
_SHARES_WORTH_A_LABEL = '[>=0.07]0%;;""'
_COUNTS_WORTH_A_LABEL = '[>0]0;;""'
_FORMATS = {"percent": "0%", "decimal": "0", "number": "0"}


def native(chart: Chart, table: Table, cells: Cells, limits: tuple[Table, Cells] | None) -> ChartBase:
    """The chart, drawn from the table of what is plotted as it stands at `cells`; a funnel's lines from `limits`.
    Raises ValueError for a funnel without them."""
    match chart:
        case StackedBars():
            return _stacked(chart, table, cells)
        case Intervals():
            return _intervals(chart, table, cells)
        case OverTime():
            return _over_time(chart, table, cells)
        case Funnel():
            if limits is None:
                raise ValueError(f"'{chart.name}' has no limits")
            return _funnel(chart, table, cells, *limits)


def _stacked(chart: StackedBars, table: Table, cells: Cells) -> ChartBase:
    """Horizontal bars, first row on top."""
    bars = _bars(chart.title, table, legend=True)
    bars.grouping, bars.overlap = "stacked" if chart.counts else "percentStacked", 100
    label = _COUNTS_WORTH_A_LABEL if chart.counts else _SHARES_WORTH_A_LABEL
    for place, band in enumerate(chart.bands):
        series = _series(cells, band, chart.categories, place)
        colours = DONE_OR_NOT if chart.counts else PALETTE
        colour = colours[place % len(colours)]
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line = LineProperties(solidFill="FFFFFF")
        series.dLbls = labels(label, "FFFFFF" if colour in ON_DARK else "000000")
        bars.series.append(series)
    axis(bars.x_axis, chart.categories)
    axis(bars.y_axis, chart.axis, "0" if chart.counts else "0%")
    totals = [sum(float(value) for value in row[1:] if not isinstance(value, str)) for row in table.rows]
    scale(bars.y_axis, *(steps(totals, whole=True) if chart.counts else (0.0, 1.0, 0.2)))
    return bars


def _intervals(chart: Intervals, table: Table, cells: Cells) -> ChartBase:
    """Horizontal bars from 0 with their intervals, in the table's order from the top."""
    bars = _bars(chart.title, table, legend=False)
    bars.grouping = "clustered"
    kind = table.columns[-5].kind
    series = _series(cells, chart.value, chart.categories)
    series.graphicalProperties = GraphicalProperties(solidFill=PALE)
    series.invertIfNegative = False
    series.errBars = reaches(cells.column(DOWN), cells.column(UP), None)
    bars.series.append(series)
    axis(bars.x_axis, chart.categories)
    # Bars that go below 0 would run through their names.
    bars.x_axis.tickLblPos = "low"
    axis(bars.y_axis, chart.axis, _FORMATS[kind])
    ends = [float(value) for row in table.rows for value in row[-5:-2] if not isinstance(value, str)]
    scale(bars.y_axis, *((0.0, 1.0, 0.2) if kind == "percent" else steps(ends)))
    return bars


def _over_time(chart: OverTime, table: Table, cells: Cells) -> ChartBase:
    """Points with intervals at 1, 2, 3 ...; a line only between neighbours that may be compared."""
    along = NumericAxis(axId=10, crossAx=100)
    made = _scatter(chart.title, along, legend=True)
    places = [column.name for column in table.columns]
    for number, (_, first, last) in enumerate(unbroken_runs(row[places.index(chart.unbroken)] for row in table.rows)):
        colour = PALETTE[number % len(PALETTE)]
        series = XYSeries(idx=number, order=number, tx=named(cells.cell(chart.unbroken, first)))
        series.xVal = sizes_at(cells.column(NUMBER, first, last))
        series.yVal = numbers(cells.column(chart.value, first, last))
        series.smooth = False
        pointed(series, colour)
        series.graphicalProperties = line(colour, 28_575)
        series.errBars = reaches(cells.column(DOWN, first, last), cells.column(UP, first, last), "y")
        made.series.append(series)
    axis(along, f"{NUMBER} of the {chart.categories.lower()}, in the order drawn", "0")
    scale(along, 0, len(table.rows) + 1, 1)
    along.majorGridlines = None
    axis(made.y_axis, chart.axis, "0%")
    ends = [float(row[place]) for row in table.rows for place in range(len(row) - 5, len(row) - 2)
            if not isinstance(row[place], str)]
    scale(made.y_axis, *shares_scale(ends))
    return made


def _funnel(chart: Funnel, table: Table, cells: Cells, lines: Table, line_cells: Cells) -> ChartBase:
    """Named points among a middle and its limits."""
    along = NumericAxis(axId=10, crossAx=100)
    made = _scatter(chart.title, along, legend=False)
    size, *drawn = (column.name for column in lines.columns)
    for place, name in enumerate(drawn):
        series = XYSeries(idx=place, order=place, tx=named(line_cells.header(name)))
        series.xVal, series.yVal = sizes_at(line_cells.column(size)), numbers(line_cells.column(name))
        series.smooth = False
        series.marker = Marker(symbol="none")
        series.graphicalProperties = line(AXIS if place == 0 else PALETTE[0], 19_050,
                                          None if place == 0 else "dash" if place <= 2 else "sysDot")
        made.series.append(series)
    middle = float(next(iter(lines.rows))[1])
    for row, figures_of in enumerate(table.rows):
        place = len(drawn) + row
        series = XYSeries(idx=place, order=place, tx=named(cells.cell(chart.categories, row)))
        series.xVal, series.yVal = sizes_at(cells.cell(chart.size, row)), numbers(cells.cell(chart.value, row))
        series.smooth = False
        pointed(series, PALETTE[2], 9)
        series.graphicalProperties = no_line()
        # Away from the middle, where lines lie closest; beside its point a name would lie on the line near it.
        series.dLbls = name_label("t" if float(figures_of[2]) >= middle else "b")
        made.series.append(series)
    axis(along, chart.size_axis, "0")
    sizes = [float(size) for size in (*(row[0] for row in lines.rows), *(row[1] for row in table.rows))
             if not isinstance(size, str)]
    scale(along, *steps(sizes))
    along.majorGridlines = None
    axis(made.y_axis, chart.axis, "0%")
    figures = [float(value) for rows in ((row[1:] for row in lines.rows), (row[2:] for row in table.rows))
               for row in rows for value in row if not isinstance(value, str)]
    scale(made.y_axis, *shares_scale(figures))
    return made


def _bars(title: str, table: Table, *, legend: bool) -> BarChart:
    bars = BarChart()
    bars.type, bars.gapWidth, bars.varyColors = "bar", 40, False
    framed(bars, title, legend=legend, height_cm=max(_LOW_CM, _CM_AROUND + _CM_PER_BAR * len(table.rows)))
    bars.x_axis.scaling.orientation = "maxMin"
    # Turned upside down, the axis of figures would stand on top.
    bars.y_axis.crosses, bars.y_axis.tickLblPos = "max", "nextTo"
    return bars


def _series(cells: Cells, name: str, categories: str, place: int = 0) -> Series:
    """A series of bars: one column of the table, named by its header."""
    return Series(idx=place, order=place, tx=named(cells.header(name)), cat=words(cells.column(categories)),
                  val=numbers(cells.column(name)))


def _scatter(title: str, along: NumericAxis, *, legend: bool) -> ScatterChart:
    made = ScatterChart()
    made.style, made.scatterStyle, made.varyColors = None, "lineMarker", False
    made.x_axis = along
    framed(made, title, legend=legend, height_cm=15)
    return made
