"""What stops a YAML file from being read, in plain words, and how the line is mended so that reading can go on."""

import re
from dataclasses import dataclass

from cqa.errors import Problem

_ENTRY = re.compile(r"^(?P<head>\s*(?:- )*[\w.()/-]+?:\s+|\s*- )(?P<value>[^\s'\"\[{|>#-].*?)\s*$")
"""A line with a value that stands in no quotation marks, brackets or block."""
_SIGNS = "]}&*!%@`?,:"
_SHOWN = 60

NOT_PRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What cannot stand in a text of one line: controls, lone surrogates, and the line ends that no editor counts."""
NOT_SEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufff9-\ufffb]")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that stopped the parser. `mended` is the line of number `line` with which reading can go on, None
    where it cannot; `faithful` says whether it still means what was written."""

    problem: Problem
    line: int
    mended: str | None = None
    faithful: bool = False


def trouble(
    lines: list[str], context: str, told: str, at: tuple[int, int], begun: int | None
) -> Trouble:
    """What the parser's message means for the person who wrote the line.

    `at` is line and column from 1, `begun` the line where the thing that is being read began.
    """
    line, column = min(at[0], max(len(lines), 1)), at[1]
    text = lines[line - 1] if lines else ""
    if _indented_by_tab(text):
        return Trouble(Problem("R021", "A tab stands in front of this line.", "Indent with spaces, never with tabs.",
                               line=line, column=column), line, text.replace("\t", "  "), True)
    if "end of stream" in told and "quoted" in context and begun:
        return Trouble(Problem("R003", "A quotation mark that is opened here is never closed.", "Close it at the end "
                               "of the text. A quotation mark inside the text is typed twice, or stands in the other "
                               "kind.", line=begun), line)
    if "flow" in context:
        return _in_flow(lines, line, column, told, begun or line)
    if "escape character" in told:
        return Trouble(Problem("R022", f"Inside double quotation marks a backslash has a meaning of its own: {told}.",
                               "Use single quotation marks, or type the backslash twice.", line=line, column=column),
                       line, text[:column - 2] + " " + text[column - 1:] if column > 1 else None)
    if (found := _ENTRY.match(text)) and _misleads(found["value"]):
        quoted = f'{found["head"]}"{_escaped(found["value"])}"'
        return Trouble(Problem("R022", _why(found["value"]), f"Write {_short(quoted.strip())}", line=line,
                               column=column), line, quoted, True)
    return Trouble(_elsewhere(text, context, told, line, column), line)


def _indented_by_tab(text: str) -> bool:
    return "\t" in text[:len(text) - len(text.lstrip())]


def _in_flow(lines: list[str], line: int, column: int, told: str, begun: int) -> Trouble:
    text = lines[line - 1]
    sign = text[column - 1:column]
    if sign in ("?", ":") and line == begun:
        remedy = "Put the text in quotation marks, or on a line of its own outside the brackets."
        return Trouble(Problem("R022", f"Between brackets a text with '{sign}' in it has to stand in quotation marks.",
                               remedy, line=line, column=column), line,
                       text[:column - 1] + " " + text[column:], True)
    return Trouble(Problem("R003", f"The bracket that is opened in line {begun} is not closed as it should be.",
                           "Close it on the same line, with a comma between its parts.", line=begun), line)


def _misleads(value: str) -> bool:
    return ": " in value or value.endswith(":") or value[0] in _SIGNS


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _why(value: str) -> str:
    if value[0] in _SIGNS:
        return f"A text that begins with '{value[0]}' has to stand in quotation marks."
    return "A text with a colon and a space in it has to stand in quotation marks."


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _elsewhere(text: str, context: str, told: str, line: int, column: int) -> Problem:
    if re.search(r"(['\"])[^'\"]*\1\s*[^\s#,\]}]", text) and "expected <block end>" in told:
        return Problem("R022", "Something stands after the closing quotation mark.", "Put the whole text between the "
                       "marks. A mark inside it is typed twice, or is of the other kind.", line=line, column=column)
    if "not allowed here" in told or "expected <block end>" in told or "could not find expected" in told:
        return Problem("R003", "This line does not fit the lines above it: it stands too far to the left or right, or "
                       "has no ': '.", "Indent lines that belong together by the same number of spaces, and write "
                       "each as 'word: value'.", line=line, column=column)
    reason = ": ".join(part for part in (context, told) if part)
    return Problem("R003", f"The YAML cannot be read here ({reason}).", "A text with '?', ':' or '#' in it goes in "
                   "quotation marks, or on a line of its own under '>-'.", line=line, column=column)
