"""Native charts, with the house's colours and the settings that other programs need to draw them as meant."""

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from cqa.files.cells import heading
from cqa.table import StackedBars, Table

PALETTE = ("12436D", "28A197", "801650", "F46A25", "3D3D3D", "A285D1")
_ON_DARK = ("12436D", "801650", "3D3D3D")
_GRID, _AXIS = "D9D9D9", "595959"
_MM_PER_BAR, _MM_AROUND, _WIDTH_CM = 7, 50, 27
_SHARES_WORTH_A_LABEL = '[>=0.07]0%;;""'


def stacked_bars(chart: StackedBars, table: Table, sheet: Worksheet, header_row: int) -> BarChart:
    """A horizontal 100% stacked bar chart of the table as it stands on `sheet`, one bar a row, first row on top."""
    names = [column.name for column in table.columns]
    first, last = header_row + 1, header_row + len(table.rows)
    bars = BarChart()
    bars.type, bars.grouping, bars.overlap, bars.gapWidth = "bar", "percentStacked", 100, 40
    bars.title = _title(chart.title)
    bars.roundedCorners = False
    bars.legend.position = "t"
    bars.legend.overlay = False
    bars.width = _WIDTH_CM
    bars.height = -(-(_MM_AROUND + _MM_PER_BAR * len(table.rows)) // 10)
    category = get_column_letter(names.index(chart.categories) + 1)
    labels = f"{quote_sheetname(sheet.title)}!${category}${first}:${category}${last}"
    for place, band in enumerate(chart.bands):
        column = names.index(band) + 1
        bars.add_data(Reference(sheet, min_col=column, min_row=header_row, max_row=last), titles_from_data=True)
        series = bars.series[-1]
        series.cat = AxDataSource(strRef=StrRef(f=labels))
        colour = PALETTE[place % len(PALETTE)]
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line = LineProperties(solidFill="FFFFFF")
        series.dLbls = _labels("FFFFFF" if colour in _ON_DARK else "000000")
    _axes(bars, chart.categories)
    return bars


def _labels(colour: str) -> DataLabelList:
    labels = DataLabelList(numFmt=_SHARES_WORTH_A_LABEL, showVal=True, showSerName=False, showCatName=False,
                           showPercent=False, showBubbleSize=False, showLegendKey=False,
                           showLeaderLines=False)
    labels.txPr = _text(900, colour)
    return labels


def _axes(bars: BarChart, category_title: str) -> None:
    """Axes are kept (their absence is the default that hides them), titled, and read from the top down."""
    categories, shares = bars.x_axis, bars.y_axis
    categories.delete = shares.delete = False
    categories.scaling.orientation = "maxMin"
    categories.title, shares.title = _title(category_title), _title("Share of answers")
    shares.crosses, shares.tickLblPos = "max", "nextTo"
    shares.number_format, shares.majorUnit = "0%", 0.2
    shares.scaling.min, shares.scaling.max = 0, 1
    shares.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    for axis in (categories, shares):
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=_AXIS))
        axis.txPr = _text(1000, "000000")


def _title(text: str) -> Title:
    """A title beside the plot, never over it."""
    title: Title = title_maker(heading(text))
    title.overlay = False
    return title


def _text(size: int, colour: str) -> RichText:
    properties = CharacterProperties(sz=size, solidFill=colour, latin=Font(typeface="Arial"))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])
