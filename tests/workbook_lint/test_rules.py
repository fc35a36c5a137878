"""Each rule sees the workbook that breaks it, and no other rule does; a good workbook breaks none."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cqa.book import Book
from cqa.chart import StackedBars
from cqa.files.workbook import write_book
from cqa.table import Column, Table
from tests.workbook_lint import RULES, lint
from tests.workbook_lint.setting import lines_in, width_of, words_of
from tests.workbook_lint.styles import contrast

Parts = dict[str, bytes]
COVER, CONTENTS, NOTES, CHART, RESULTS = (f"xl/worksheets/sheet{number}.xml" for number in range(1, 6))
BOOK, STYLES, CORE = "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"
TABLE, OTHER_TABLE, DRAWING, DRAWN = "xl/tables/table3.xml", "xl/tables/table1.xml", "xl/drawings/drawing1.xml", \
    "xl/charts/chart1.xml"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    columns = (Column("Question", "id"), Column("Reason", "long"), Column("Met", "percent"), Column("Not", "percent"))
    rows = tuple((f"q{number}", "the letter explains why at some length " * 4, number / 30, 1 - number / 30)
                 for number in range(30))
    table = Table("Results", "Results by question", "One row for each question.", columns, rows)
    chart = StackedBars("Picture", "How often", "Each bar is a question.", "Results", "Question", ("Met", "Not"))
    book = Book("A report", "Northmoor", "en-GB", (("Sample", "march"), ("Cases", "12")), ("One note.",), (table,),
                (chart,))
    path = write_book(tmp_path_factory.mktemp("good") / "book.xlsx", book, datetime(2026, 3, 2, tzinfo=UTC))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def breaches(parts: Parts) -> dict[int, list[str]]:
    """The rules that are broken, each with what was found."""
    found: dict[int, list[str]] = {}
    for finding in lint(packed(parts)):
        found.setdefault(finding.rule, []).append(str(finding))
    return found


def sub(part: str, old: str, new: str, count: int = 1) -> Callable[[Parts], None]:
    """A break: what matches `old` in a part becomes `new`; it has to be there."""
    def breaking(parts: Parts) -> None:
        text, made = re.subn(old, new, parts[part].decode(), count=count)
        assert made, old
        parts[part] = text.encode()
    return breaking


def both(*breaks: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def breaking(parts: Parts) -> None:
        for one in breaks:
            one(parts)
    return breaking


def added(part: str, data: bytes) -> Callable[[Parts], None]:
    return lambda parts: parts.__setitem__(part, data)


def second_table(parts: Parts) -> None:
    parts["xl/tables/table9.xml"] = parts[TABLE].replace(b'"Table_Results"', b'"Table_Again"')
    sub("xl/worksheets/_rels/sheet5.xml.rels", "</Relationships>",
        f'<Relationship Id="rId77" Type="{RELATIONS}/table" Target="/xl/tables/table9.xml"/></Relationships>')(parts)


def renamed(old: str, new: str) -> Callable[[Parts], None]:
    """A sheet under another name, with every link to it."""
    def breaking(parts: Parts) -> None:
        for name, part in parts.items():
            if name == BOOK or name.startswith("xl/worksheets/sheet"):
                parts[name] = part.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode()).replace(
                    f"'{old}'!".encode(), f"'{new}'!".encode())
    return breaking


def no_table_on_the_cover(parts: Parts) -> None:
    del parts["xl/worksheets/_rels/sheet1.xml.rels"]


def style_of(parts: Parts, cell: str) -> str:
    found = re.search(rf'<c r="{cell}" s="(\d+)"', parts[RESULTS].decode())
    assert found
    return found[1]


def titled_like_a_sentence(parts: Parts) -> None:
    sub(RESULTS, r'<c r="A1" s="\d+"', f'<c r="A1" s="{style_of(parts, "A2")}"')(parts)


def header_style(old: str, new: str) -> Callable[[Parts], None]:
    """A break of the cell style that the header cell A4 has."""
    def breaking(parts: Parts) -> None:
        before, _, rest = parts[STYLES].decode().partition("<cellXfs")
        styles = re.findall(r"<xf .*?(?:/>|</xf>)", rest.split("</cellXfs>")[0], re.DOTALL)
        wanted = styles[int(style_of(parts, "A4"))]
        assert re.search(old, wanted)
        parts[STYLES] = (before + "<cellXfs" + rest.replace(wanted, re.sub(old, new, wanted))).encode()
    return breaking


def condition(rule: str, where: str = "C5:D34", dxf: str = "") -> Callable[[Parts], None]:
    return both(sub(RESULTS, "<hyperlinks>", f'<conditionalFormatting sqref="{where}">{rule}</conditionalFormatting>'
                                             "<hyperlinks>"),
                sub(STYLES, "<tableStyles", f'<dxfs count="1"><dxf>{dxf}</dxf></dxfs><tableStyles'))


DARK = '<fill><patternFill><bgColor rgb="FF222222"/></patternFill></fill>'
PALE = '<fill><patternFill><bgColor rgb="FFF7B79B"/></patternFill></fill>'
BY_STYLE = '<cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"/>'
SCALE = ('<cfRule type="colorScale" priority="1"><colorScale><cfvo type="min"/><cfvo type="max"/>'
         '<color rgb="FF{}"/><color rgb="FF8FC1EC"/></colorScale></cfRule>')
PANE = '<pane ySplit="{}" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>'

BREAKS: dict[str, Callable[[Parts], None]] = {
    "1": sub(CORE, "<dc:title[^>]*>.*?</dc:title>", f"<dc:title {DC}> </dc:title>"),
    "1 gone": sub(CORE, "<dc:title[^>]*>.*?</dc:title>", ""),
    "2": sub(CORE, "en-GB", "en-US"),
    "2 gone": sub(CORE, "<dc:language[^>]*>.*?</dc:language>", ""),
    "3": sub(CORE, "<dc:creator[^>]*>.*?</dc:creator>", f"<dc:creator {DC}>openpyxl</dc:creator>"),
    "4 contents": renamed("Contents", "Listing"),
    "4 cover": renamed("Cover", "Beginning"),
    "5": renamed("Picture", "Sheet7"),
    "5 long": renamed("Picture", "p" * 32),
    "5 illegal": renamed("Picture", "Pic:ture"),
    "5 history": renamed("Picture", "History"),
    "5 twice": renamed("Picture", "NOTES"),
    "5 outer space": renamed("Picture", "Picture "),
    "6": sub(BOOK, '(name="Notes" sheetId="3") state="visible"', r'\1 state="hidden"'),
    "6 very": sub(BOOK, '(name="Notes" sheetId="3") state="visible"', r'\1 state="veryHidden"'),
    "7": titled_like_a_sentence,
    "7 empty": sub(NOTES, '<c r="A1".*?</c>', ""),
    "8": sub(NOTES, "<sheetData>.*</sheetData>", "<sheetData/>"),
    "9": sub(NOTES, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'),
    "10": second_table,
    "11": no_table_on_the_cover,
    "11 beside": sub(RESULTS, r'(<row r="5".*?)</row>', r'\1<c r="F5" s="4" t="inlineStr"><is><t>x</t></is></c></row>'),
    "12": sub(TABLE, r'headerRowCount="1"', 'headerRowCount="0"'),
    "13": sub(TABLE, 'name="Reason"', 'name="Why"'),
    "13 twice": both(sub(TABLE, 'name="Reason"', 'name="question"'), sub(RESULTS, "<t>Reason</t>", "<t>question</t>")),
    "13 number": both(sub(TABLE, 'name="Reason"', 'name="Column2"'), sub(RESULTS, "<t>Reason</t>", "<t>Column2</t>")),
    "13 broken": both(sub(TABLE, 'name="Reason"', 'name="The_x000A_why"'),
                      sub(RESULTS, "<t>Reason</t>", "<t>The_x000A_why</t>")),
    "13 long": both(sub(TABLE, 'name="Reason"', f'name="{"why " * 64}"'),
                    sub(RESULTS, "<t>Reason</t>", f"<t>{'why ' * 64}</t>"),
                    sub(RESULTS, r'<row r="4" ht="[\d.]+"', '<row r="4" ht="150"')),
    "14": sub(TABLE, "displayName=\"Table_Results\"", 'displayName="Table1"'),
    "14 twice": sub(TABLE, "displayName=\"Table_Results\"", 'displayName="table_cover"'),
    "15": sub(TABLE, "<tableColumns", '<autoFilter ref="A4:D34"/><tableColumns'),
    "15 sheet": sub(NOTES, "</sheetData>", '</sheetData><autoFilter ref="A3:A3"/>'),
    "16": both(sub(TABLE, 'ref="A4:D34"', 'ref="B4:D34"'), sub(TABLE, "<tableColumn [^>]*/>", "")),
    "17": sub(RESULTS, "</sheetData>", '<row r="36"><c r="A36" s="2"  t="inlineStr"><is><t>Source</t></is></c></row>'
                                       "</sheetData>"),
    "18 row": sub(RESULTS, r'(<row r="9"[^>]*>).*?</row>', r"\1</row>"),
    "18 column": sub(RESULTS, r'<c r="C(?:[5-9]|[12]\d|3\d)".*?</c>', "", 0),
    "19": sub(RESULTS, r'<c r="C9".*?</c>', ""),
    "19 blank": sub(RESULTS, r'(<c r="B9".*?<t[^>]*>).*?</t>', r"\1  </t>"),
    "20 row": sub(RESULTS, '<row r="9"', '<row r="9" hidden="1"'),
    "20 column": sub(NOTES, "<col ", '<col hidden="1" '),
    "21 serif": sub(STYLES, 'name val="Arial"', 'name val="Cambria"', 0),
    "21 italic": sub(STYLES, '<b val="1"/>', '<b val="1"/><i val="1"/>', 0),
    "21 small": sub(STYLES, 'sz val="12"', 'sz val="10"', 0),
    "22": header_style('wrapText="1"', 'wrapText="0"'),
    "23 column": sub(RESULTS, r'<col width="[\d.]+"', '<col width="6"'),
    "23 row": sub(RESULTS, r'<row r="9" ht="[\d.]+"', '<row r="9" ht="18"'),
    "23 no height": sub(RESULTS, r'<row r="9" ht="[\d.]+" customHeight="1"', '<row r="9"'),
    "23 number": sub(RESULTS, r'(<c r="C9"[^>]*><v>)[^<]*', r"\g<1>123456789012"),
    "24": sub(DRAWING, 'descr="[^"]*"', 'descr="Chart 1"'),
    "24 file": sub(DRAWING, 'descr="[^"]*"', 'descr="a-very-long-name-of-a-chart.png"'),
    "25": sub(NOTES, "</worksheet>", f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="rId9"/></worksheet>'),
    "25 box": sub(DRAWING, "(</?)([a-z]*:?)graphicFrame([ >])", r"\1\2sp\3", 0),
    "26": sub(DRAWN, r'(<\w*:?delete) val="0"', r'\1 val="1"'),
    "26 default": sub(DRAWN, r'<\w*:?delete val="0"\s*/>', ""),
    "27": sub(CONTENTS, "location=\"'Notes'!A1\"", "location=\"'Gone'!A1\""),
    "27 words": sub(CONTENTS, "(<c r=\"A3\".*?<t>)[^<]*", r"\1https://example.org/notes"),
    "28": sub(BOOK, 'activeTab="0"', 'activeTab="2"'),
    "28 cell": sub(NOTES, 'activeCell="A1"', 'activeCell="C7"'),
    "28 selected": sub(NOTES, "<sheetView ", '<sheetView tabSelected="1" '),
    "29": added("xl/vbaProject.bin", b"macro"),
    "29 outside": sub("xl/_rels/workbook.xml.rels", "</Relationships>",
                      f'<Relationship Id="rId88" Type="{RELATIONS}/hyperlink" Target="http://example.org" '
                      'TargetMode="External"/></Relationships>'),
    "30": sub(COVER, r"(<sheetView [^>]*>)", r"\1" + PANE.format(3)),
    "30 elsewhere": sub(RESULTS, r'ySplit="4"', 'ySplit="2"'),
    "31 paper": sub(NOTES, 'paperSize="9"', 'paperSize="1"'),
    "31 width": sub(NOTES, 'fitToPage="1"', 'fitToPage="0"'),
    "31 titles": sub(BOOK, r'<definedName name="_xlnm.Print_Titles" localSheetId="3".*?</definedName>', ""),
    "32": sub(STYLES, 'rgb="0012436D"', 'rgb="00999999"'),
    "32 theme": sub(STYLES, '<color rgb="0012436D"/>', '<color theme="0"/>'),
    "32 ground": both(sub(STYLES, "</fills>", '<fill><patternFill patternType="solid"><fgColor rgb="FF333333"/>'
                                              "</patternFill></fill></fills>"),
                      header_style('fillId="0"', 'fillId="2"')),
    "32 condition": condition(BY_STYLE, dxf=DARK),
    "32 scale": condition(SCALE.format("333333")),
    "32 empty": condition(BY_STYLE, "C5:E6", PALE),
    "33": sub(RESULTS, r'(<c r="C9"[^>]*>)<v>', r"\1<f>1+1</f><v>"),
    "33 error": sub(RESULTS, r'(<c r="C9"[^>]*)><v>[^<]*', r'\1 t="e"><v>#N/A'),
    "33 name": sub(BOOK, "<definedNames>", '<definedNames><definedName name="Rate">Results!$C$5</definedName>'),
}


def test_a_good_workbook_breaks_none_also_with_colours_that_can_be_read(good: Parts) -> None:
    assert breaches(dict(good)) == {}
    for pale in (condition(BY_STYLE, dxf=PALE), condition(SCALE.format("F7B79B"))):
        parts = dict(good)
        pale(parts)
        assert breaches(parts) == {}


@pytest.mark.parametrize("name", BREAKS)
def test_a_breach_is_seen_by_its_rule_alone(good: Parts, name: str) -> None:
    parts = dict(good)
    BREAKS[name](parts)
    assert breaches(parts).keys() == {int(name.split(maxsplit=1)[0])}, breaches(parts)


def test_there_are_33_rules_each_told_by_its_number_and_each_with_a_breach() -> None:
    assert [int((rule.__doc__ or "").split(".")[0]) for rule in RULES] == list(range(1, 34))
    assert {int(name.split()[0]) for name in BREAKS} == set(range(1, 34))


def test_a_finding_names_sheet_and_cell(good: Parts) -> None:
    parts = dict(good)
    BREAKS["19"](parts)
    assert [(finding.rule, finding.sheet, finding.cell) for finding in lint(packed(parts))] == [(19, "Results", "C9")]


def test_a_workbook_in_another_language_is_held_to_that_one(good: Parts) -> None:
    assert {finding.rule for finding in lint(packed(good), language="cy")} == {2}


def test_shared_texts_are_read_as_those_in_cells_are(good: Parts) -> None:
    parts = dict(good)
    sub(RESULTS, r'(<c r="B9"[^>]*) t="inlineStr"><is>.*?</is>', r'\1 t="s"><v>0</v>')(parts)
    parts["xl/sharedStrings.xml"] = (b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                                     b"<si><r><t>by the </t></r><r><t>letter</t></r></si></sst>")
    assert breaches(parts) == {}
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"letter", b"letter " * 200)
    assert breaches(parts).keys() == {23}


def test_contrast_is_the_published_one() -> None:
    """Black on white is 21 by definition; the others are the house palette's as measured for the guidance."""
    measured = {("000000", "FFFFFF"): 21.0, ("000000", "F7B79B"): 12.2, ("000000", "8FC1EC"): 11.0,
                ("FFFFFF", "12436D"): 10.3, ("FFFFFF", "801650"): 9.8, ("FFFFFF", "28A197"): 3.2}
    assert {pair: contrast(*pair) for pair in measured} == pytest.approx(measured, abs=0.06)


def test_words_and_lines_are_measured_as_arial_sets_them() -> None:
    assert width_of("0" * 10) == 10 and width_of("iiiii") < 2.1 < 7 < width_of("WWWWW")
    assert [lines_in(text, 10) for text in ("", "0" * 10, "0" * 11, "0000 000 000", "a\n\nb")] == [1, 1, 2, 2, 3]
    assert words_of('(see) cannot-tell q12 4f2a x_y http://a.b "quite," o\'clock') == [
        "(see)", "cannot-", "tell", '"quite,"', "o'clock"]


def test_it_runs_as_a_program(good: Parts, tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    parts = dict(good)
    BREAKS["19"](parts)
    for name, held in (("good", good), ("bad", parts)):
        (tmp_path / f"{name}.xlsx").write_bytes(packed(held))
    ran = subprocess.run([sys.executable, "-m", "tests.workbook_lint", str(tmp_path / "good.xlsx"),
                          str(tmp_path / "bad.xlsx")], cwd=Path(__file__).parents[2], capture_output=True, text=True,
                         encoding="utf-8")
    assert ran.returncode == 1 and ran.stdout.count("rule 19: Results!C9: the cell is empty") == 1
    assert "good.xlsx" not in ran.stdout
