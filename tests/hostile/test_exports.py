"""Every kind of export that goes wrong in silence elsewhere: what `cqa draw` makes of it, and what it says."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.casework import SEED, Run

EXPORTS = Path(__file__).parent / "exports"
TOLD = re.compile(r"^(warning: )?(?:.*?:(\d+)(?::\d+)? )?(?:\S+ )?([A-Z]\d{3}) ", re.MULTILINE)
IDLE = {"S010", "S011", "S013", "S016"}
"""Warnings about reviewers, rubric, numbers and seed, which have nothing to do with the export."""

Said = tuple[str, int | None]
"""A problem's code and line."""
Cases = dict[str, tuple[str, ...]]
"""What each case came to: its stratum, and the value of the column that was kept."""


@dataclass(frozen=True)
class Behaviour:
    """What is to be seen of a draw from files, with further options."""

    files: tuple[str, ...]
    options: tuple[str, ...]
    code: int = 0
    cases: Cases | None = None
    read: str = ""
    said: tuple[Said, ...] = ()


def drawn(files: str, cases: Cases, read: str, *said: Said, keep: str = "handler", by: str = "unit",
          options: str = "") -> Behaviour:
    kept = ("--keep", keep) if keep else ()
    strata = ("--by", by) if by else ()
    return Behaviour(tuple(files.split()), (*strata, *kept, *options.split()), 0, cases, read, said)


def refused(files: str, *said: Said, code: int = 3, keep: str = "handler", by: str = "unit", options: str = ""
            ) -> Behaviour:
    kept = ("--keep", keep) if keep else ()
    strata = ("--by", by) if by else ()
    return Behaviour(tuple(files.split()), (*strata, *kept, *options.split()), code, said=said)


PLAIN: Cases = {"06AB1": ("Leeds", "ann"), "06AB2": ("York", "bob"), "06AB3": ("Leeds", "cat")}
TWO: Cases = {"06AB1": ("Leeds", "ann"), "06AB2": ("York", "bob")}
ACCENTS: Cases = {"06AB1": ("Leeds", "Renée – £5"), "06AB2": ("York", "“Bob”"), "06AB3": ("Leeds", "O’Neil")}
FOUR: Cases = {**PLAIN, "06AB4": ("York", "dan")}
COMMA = "utf-8, separated by comma: 3 rows, 0 blank"
COMMA_2 = "utf-8, separated by comma: 2 rows, 0 blank"
APRIL = "--where closed=2026-04-01..2026-05-31"
DEFENDANTS = "--collapse defendant=all,child=any"


def closed(*values: str) -> Cases:
    return {value.split()[0]: ("Leeds", " ".join(value.split()[1:])) for value in values}


TABLE = [
    # Encodings: byte-order mark, then strict UTF-8, then strict cp1252, said aloud.
    drawn("mark-one.csv", PLAIN, COMMA),
    drawn("mark-two.csv", PLAIN, COMMA),
    refused("mark-only.csv", ("C002", None)),
    drawn("utf-16-le-tab.csv", ACCENTS, "utf-16, separated by tab: 3 rows"),
    drawn("utf-16-be-tab.csv", ACCENTS, "utf-16, separated by tab: 3 rows"),
    refused("utf-16-le-no-mark.csv", ("C003", None)),
    drawn("utf-16-le-no-mark.csv", ACCENTS, "utf-16-le, separated by tab", options="--encoding utf-16-le"),
    refused("utf-16-le-no-mark.csv", ("C003", 1), options="--encoding utf-16"),
    refused("utf-16-be-no-mark.csv", ("C003", None)),
    drawn("utf-16-be-no-mark.csv", ACCENTS, "utf-16-be, separated by tab", options="--encoding utf-16-be"),
    refused("utf-16-cut.csv", ("C003", 4)),
    drawn("cp1252.csv", ACCENTS, "cp1252, separated by comma: 3 rows"),
    refused("cp1252.csv", ("C003", 2), options="--encoding utf-8"),
    drawn("utf-8.csv", ACCENTS, COMMA),
    drawn("cp1250.csv", {"06AB1": ("£ódŸ", "ann"), "06AB2": ("York", "bob")}, "cp1252, separated by comma"),
    drawn("cp1250.csv", {"06AB1": ("Łódź", "ann"), "06AB2": ("York", "bob")}, "cp1250, separated by comma",
          options="--encoding cp1250"),
    refused("utf-8.csv", ("C003", None), options="--encoding hex"),
    refused("utf-8.csv", ("C003", None), options="--encoding no-such"),
    refused("no-encoding.csv", ("C003", 3)),
    refused("no-encoding-cr.csv", ("C003", 3)),
    # Delimiters: told by the header, never sniffed.
    drawn("semicolon.csv", PLAIN, "utf-8, separated by semicolon: 3 rows"),
    drawn("tab.csv", PLAIN, "utf-8, separated by tab: 3 rows"),
    drawn("bar.csv", PLAIN, "utf-8, separated by bar: 3 rows"),
    drawn("sep-line.csv", PLAIN, "utf-8, separated by semicolon: 3 rows"),
    drawn("sep-line-mark.csv", PLAIN, "utf-8, separated by semicolon: 3 rows"),
    refused("sep-line-alone.csv", ("C004", None)),
    drawn("semicolon-with-commas.csv", {"06AB1": ("Leeds",), "06AB2": ("York",)},
          "utf-8, separated by semicolon: 2 rows", keep=""),
    drawn("one-column.csv", {"06AB1": ("all",), "06;AB2": ("all",), "06|AB 3": ("all",)}, COMMA, keep="", by=""),
    # The header: found by the columns that are asked for, within the first twenty rows.
    drawn("title-lines.csv", PLAIN, COMMA, ("C022", 1)),
    drawn("title-quoted-lines.csv", PLAIN, COMMA, ("C022", 1)),
    drawn("title-separator.csv", PLAIN, COMMA, ("C022", 1)),
    drawn("title-quote-open.csv", PLAIN, COMMA, ("C022", 1)),
    refused("header-too-deep.csv", ("C004", 1), ("C004", 1), ("C004", 1)),
    drawn("header-padding.csv", PLAIN, COMMA),
    drawn("header-doubled-unused.csv", TWO, COMMA_2),
    refused("header-doubled-unused.csv", ("C010", 1), keep="date"),
    refused("header-doubled-used.csv", ("C010", 1)),
    drawn("header-doubled-near.csv", TWO, COMMA_2),
    refused("header-doubled-near.csv", ("C010", 1), by="UNIT"),
    # Totals: dropped at the end only, and said.
    drawn("total.csv", PLAIN, COMMA, ("C022", 5)),
    drawn("total-ragged.csv", PLAIN, COMMA, ("C022", 5)),
    drawn("total-several.csv", PLAIN, "utf-8, separated by comma: 3 rows, 1 blank", ("C022", 5), ("C022", 6),
          ("C022", 8)),
    drawn("total-no-id.csv", PLAIN, COMMA, ("C022", 5)),
    drawn("total-among-words.csv", {"SMITH": ("Leeds", "ann"), "JONES": ("York", "bob"), "TOTAL": ("York", "cat")},
          COMMA),
    drawn("total-in-the-middle.csv", {**TWO, "Total": ("1", "")}, COMMA),
    refused("total-ragged-in-the-middle.csv", ("C005", 3)),
    refused("only-a-total.csv", ("C002", None)),
    # Widths: every row is held against the header.
    refused("row-short.csv", ("C005", 3)),
    refused("row-long.csv", ("C005", 3)),
    drawn("rows-longer-empty.csv", PLAIN, COMMA),
    refused("rows-longer-filled.csv", ("C005", 2), ("C005", 3), ("C005", 4)),
    refused("rows-many-short.csv", *(("C005", line) for line in range(2, 12))),
    refused("comma-in-a-name.csv", ("C005", 3)),
    refused("comma-in-every-name.csv", ("C005", 2), ("C005", 3)),
    # Quotation marks: what is in order is read, what swallows rows is refused.
    drawn("quotes-good.csv", {"06AB1": ("Leeds", 'said "no"\nand left'), "06AB2": ("York", "bob"),
                              "06AB3": ("Leeds", "a\r\nb,c")}, COMMA),
    refused("quote-never-closed.csv", ("C006", 3)),
    refused("quote-swallows-rows.csv", ("C014", 2)),
    refused("quote-swallows-one-row.csv", ("C014", 2)),
    refused("quote-swallows-cr.csv", ("C014", 2)),
    refused("quote-closed-early.csv", ("C006", 3)),
    drawn("quote-inside.csv", {"06AB1": ("Leeds", 'ann 6" tall'), "06AB2": ("York", "bob")}, COMMA_2),
    drawn("letter-with-commas.csv", {"06AB1": ("Leeds", "Dear Sir,\nthe 1st, and 3rd\nhearing, as listed"),
                                     "06AB2": ("York", "x")}, COMMA_2, keep="note"),
    # Signs that no case data should hold, blank lines, line ends.
    drawn("nul-at-the-end.csv", TWO, COMMA_2),
    refused("nul-inside.csv", ("C013", 2)),
    refused("control-in-id.csv", ("C013", 2)),
    drawn("blank-lines.csv", TWO, "utf-8, separated by comma: 2 rows, 3 blank"),
    drawn("ctrl-z-line.csv", PLAIN, "utf-8, separated by comma: 3 rows, 1 blank"),
    drawn("ctrl-z-joined.csv", PLAIN, COMMA),
    drawn("cr-only.csv", PLAIN, COMMA),
    drawn("crlf.csv", PLAIN, COMMA),
    # Values: text stays text; strata that may be one are named.
    drawn("strata-alike.csv", {"1A": ("Leeds", "a"), "2A": ("leeds", "a"), "3A": ("Leeds", "a"), "4A": ("7", "a"),
                               "5A": ("7.0", "a")}, "utf-8, separated by comma: 5 rows", ("S024", None),
          ("S024", None)),
    drawn("words-for-nothing.csv", {"06AB1": ("NA", "None"), "06AB2": ("null", "NA"), "06AB3": ("NaN", "null"),
                                    "06AB4": ("(blank)", "")}, "utf-8, separated by comma: 4 rows, 0 blank"),
    drawn("true-false.csv", {"06AB1": ("TRUE", "ann"), "06AB2": ("FALSE", "bob"), "06AB3": ("true", "cat")}, COMMA,
          ("S024", None)),
    # Ids: what a spreadsheet has done to them is undone or refused, never guessed.
    drawn("id-wrapped.csv", {"00123": ("Leeds", "ann"), "0123": ("York", "bob")}, COMMA_2),
    drawn("id-formula.csv", {'=HYPERLINK("http://x","06AB1")': ("Leeds", "ann"), "06AB2": ("York", "bob")}, COMMA_2),
    refused("id-ruined.csv", ("C019", 2), ("C019", 4)),
    refused("id-ruined-many.csv", *(("C019", line) for line in range(2, 12))),
    drawn("id-with-e.csv", {"06E12345": ("Leeds", "ann"), "12E00323": ("York", "bob")}, COMMA_2),
    drawn("id-23-digits.csv", {"12345678901234567890123": ("Leeds", "ann"),
                               "12345678901234567890124": ("York", "bob"), "12345678901234567": ("Leeds", "cat")},
          COMMA),
    drawn("id-leading-zeros.csv", {"00123": ("Leeds", "ann"), "0123": ("York", "bob"), "123": ("Leeds", "cat")},
          COMMA),
    drawn("id-late-letters.csv", {**{str(number): ("Leeds", "ann") for number in range(1, 9)},
                                  "06AB1": ("York", "bob")}, "utf-8, separated by comma: 9 rows"),
    refused("id-blank.csv", ("C007", 3)),
    refused("id-doubled.csv", ("C008", 4)),
    refused("id-doubled-many.csv", *(("C008", line) for line in range(14, 24))),
    refused("id-case.csv", ("C009", 3)),
    refused("id-space.csv", ("C009", 3)),
    refused("id-space.csv", ("C009", 3), ("C011", 2), ("C011", 2), options="--collapse same"),
    refused("id-nfc.csv", ("C009", 3)),
    # Dates: judged over all rows, and not read at all while they can be read in two ways.
    refused("dates-ambiguous.csv", ("C015", 2), keep="", options=APRIL),
    drawn("dates-ambiguous.csv", closed("06AB1 2026-04-03"), COMMA, keep="closed",
          options=f"{APRIL} --dates dd/mm/yyyy"),
    drawn("dates-ambiguous.csv", closed("06AB2 2026-05-06"), COMMA, keep="closed",
          options=f"{APRIL} --dates mm/dd/yyyy"),
    drawn("dates-clear.csv", closed("06AB1 2026-04-03", "06AB2 2026-04-25"), COMMA, keep="closed", options=APRIL),
    drawn("dates-clear-first.csv", closed("06AB1 2026-04-25", "06AB2 2026-04-03"), COMMA, keep="closed",
          options=APRIL),
    drawn("dates-american.csv", closed("06AB2 2026-04-25"), COMMA, keep="closed", options=APRIL),
    refused("dates-both-orders.csv", ("C016", 3), keep="", options=APRIL),
    refused("dates-both-orders.csv", ("C016", 3), keep="", options=f"{APRIL} --dates dd/mm/yyyy"),
    refused("dates-mixed.csv", ("C016", 3), keep="", options=APRIL),
    drawn("dates-mixed.csv", closed("06AB1 2026-04-03", "06AB2 2026-04-25"), COMMA, keep="closed",
          options=f"{APRIL} --dates yyyy-mm-dd,dd-mmm-yy"),
    refused("dates-serials.csv", ("C016", 2), keep="", options=APRIL),
    drawn("dates-serials.csv", closed("06AB1 2026-04-03", "06AB2 2026-04-25"), COMMA, keep="closed",
          options=f"{APRIL} --dates excel-serial"),
    refused("dates-serials-beside.csv", ("C016", 3), keep="", options=APRIL),
    drawn("dates-blank.csv", closed("06AB1 2026-04-03"), COMMA, keep="closed", options=APRIL),
    refused("dates-none.csv", ("C016", 2), keep="", options=APRIL),
    refused("dates-clear.csv", ("S018", None), code=2, keep="", options="--dates dd/mm"),
    # Rows of one case: they join by rules, or not at all.
    refused("defendants.csv", ("C008", 3), ("C008", 5), keep="defendant"),
    refused("defendants.csv", ("C011", 2), ("C011", 4), keep="defendant", options="--collapse same"),
    drawn("defendants.csv", {"06AB1": ("Leeds", "Ash; Birch"), "06AB2": ("York", "Cole; Dean")},
          "utf-8, separated by comma: 4 rows", keep="defendant", options=DEFENDANTS),
    drawn("defendants.csv", {"06AB1": ("Leeds", "Y"), "06AB2": ("York", "")}, "utf-8, separated by comma: 4 rows",
          keep="child", options=DEFENDANTS),
    drawn("defendants.csv", {"06AB1": ("Leeds", "N; Y"), "06AB2": ("York", "N")},
          "utf-8, separated by comma: 4 rows", keep="child", options="--collapse child=all"),
    drawn("defendants-alike.csv", {"06AB1": ("Leeds", "Ash"), "06AB2": ("York", "Cole")}, COMMA, keep="defendant",
          options="--collapse same"),
    refused("defendants-unclear.csv", ("C011", 2), keep="child", options=DEFENDANTS),
    refused("defendants.csv", ("C012", None), code=2, keep="", options="--collapse child=some"),
    refused("defendants.csv", ("C004", 1), keep="", options="--collapse childs=any"),
    # Several files are one export.
    drawn("part-one.csv part-two.csv", FOUR, COMMA_2),
    drawn("part-one.csv part-two-other-order.csv", FOUR, "utf-8, separated by semicolon: 2 rows"),
    refused("part-one.csv part-two-other-columns.csv", ("C017", 1)),
    refused("part-one.csv part-two-doubled.csv", ("C008", 2)),
    refused("part-one.csv part-one.csv", ("C008", 2), ("C008", 3)),
    drawn("part-one.csv part-two-doubled.csv", {**TWO, "06AB4": ("York", "dan")}, COMMA_2,
          options="--collapse same"),
    refused("part-one.csv no-encoding.csv gone.csv", ("C003", 3), ("C001", None)),
    drawn("packed.csv.gz", PLAIN, COMMA),
    refused("packed-cut.csv.gz", ("C001", None)),
    refused("packed-broken.csv.gz", ("C001", None)),
    refused("workbook.csv", ("C021", None)),
    # Nothing to draw from.
    refused("empty.csv", ("C002", None)),
    refused("white-space.csv", ("C002", None)),
    refused("header-only.csv", ("C002", None)),
    refused("only-blank-rows.csv", ("C002", None)),
    refused("no-such-column.csv", ("C004", 1)),
    refused("gone.csv", ("C001", None)),
    refused(".", ("C001", None)),
]


def told(text: str) -> list[Said]:
    """The code and line of every problem that was said, without those that have nothing to do with the export."""
    return [(code, int(line) if line else None) for _, line, code in TOLD.findall(text) if code not in IDLE]


def draw(run: Run, workspace: Path, name: str, behaviour: Behaviour, *more: str) -> tuple[int, str, str]:
    ran = run("draw", *(str(EXPORTS / file) for file in behaviour.files), "--sample", name, "--id", "case_id",
              "--take", "50", "--reserves", "0", "--seed", SEED, *behaviour.options, *more, folder=workspace)
    return ran.code, ran.out, ran.err


def named(behaviour: Behaviour) -> str:
    return " ".join((*behaviour.files, *(part for part in behaviour.options if part not in ("--by", "--keep"))))


@pytest.mark.parametrize("behaviour", [one for one in TABLE if one.code], ids=named)
def test_what_cannot_be_read_is_named_by_code_and_line_and_leaves_nothing(
    run: Run, workspace: Path, behaviour: Behaviour
) -> None:
    before = sorted(workspace.rglob("*"))
    code, out, err = draw(run, workspace, "s", behaviour, "--json")
    assert (code, told(err), out) == (behaviour.code, list(behaviour.said), ""), err
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize("behaviour", [one for one in TABLE if not one.code], ids=named)
def test_what_can_be_read_is_drawn_whole_and_how_it_was_read_is_said(
    run: Run, workspace: Path, behaviour: Behaviour
) -> None:
    code, out, err = draw(run, workspace, "one", behaviour, "--json")
    assert (code, told(err)) == (0, list(behaviour.said)), err
    cases = json.loads(out)["cases"]
    with (workspace / "samples" / "one" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    kept = {row[0]: (row[1], *row[8:]) for row in rows}
    assert kept == behaviour.cases
    assert {case["case_id"]: case["stratum"] for case in cases} == {name: one[0] for name, one in kept.items()}
    code, out, err = draw(run, workspace, "two", behaviour)
    assert (code, told(err)) == (0, list(behaviour.said))
    assert f"Read {behaviour.files[-1]} as {behaviour.read}" in out


def test_how_many_more_there_are_is_said_when_not_all_are_named(run: Run, workspace: Path) -> None:
    for name, more in (("rows-many-short.csv", 4), ("id-ruined-many.csv", 2), ("id-doubled-many.csv", 2)):
        assert f"And {more} more of this kind" in draw(run, workspace, "s", refused(name))[2]


def test_the_second_file_of_a_doubled_id_says_where_the_first_is(run: Run, workspace: Path) -> None:
    err = draw(run, workspace, "s", refused("part-one.csv part-two-doubled.csv"))[2]
    assert "part-two-doubled.csv:2" in err and "stands in line 3 of part-one.csv already" in err


def test_the_encoding_to_name_is_said_for_utf_16_without_its_mark(run: Run, workspace: Path) -> None:
    for end in ("le", "be"):
        assert f"--encoding utf-16-{end}" in draw(run, workspace, "s", refused(f"utf-16-{end}-no-mark.csv"))[2]


def test_a_field_of_two_million_letters_is_read_whole(run: Run, workspace: Path) -> None:
    note = "x" * 2_000_000
    (workspace / "long.csv").write_text(f'case_id,unit,note\n06AB1,Leeds,"{note}"\n06AB2,York,\n', encoding="utf-8")
    ran = run("draw", "long.csv", "--sample", "s", "--id", "case_id", "--take", "9", "--seed", SEED, "--keep", "note",
              folder=workspace)
    assert ran.code == 0 and note.encode() in (workspace / "samples" / "s" / "cases.csv").read_bytes()


def test_a_header_below_thousands_of_blank_lines_is_refused_in_words(run: Run, workspace: Path) -> None:
    (workspace / "deep.csv").write_text("\n" * 70_000 + "case_id\n1\n", encoding="utf-8")
    ran = run("draw", "deep.csv", "--sample", "s", "--id", "case_id", "--take", "9", "--seed", SEED, folder=workspace)
    assert (ran.code, told(ran.err)) == (3, [("C004", None)])


def test_every_file_is_tried_and_explained() -> None:
    there = {path.name for path in EXPORTS.iterdir()} - {"README.md"}
    readme = (EXPORTS / "README.md").read_text(encoding="utf-8")
    assert there == {name for one in TABLE for name in one.files} - {"gone.csv", "."}
    assert there == set(re.findall(r"^\| (\S+\.\S+) \|", readme, re.MULTILINE))
