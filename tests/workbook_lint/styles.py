"""Fonts, fills and alignments as the cells in use have them, and how clearly one colour stands on another."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
BLACK, WHITE = "000000", "FFFFFF"
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink",
                "folHlink")
_INDEXED = (BLACK, WHITE, "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
"""The first eight of the palette, which 8 to 15 repeat; 64 is the window's text and 65 its ground."""


@dataclass(frozen=True, slots=True)
class Style:
    """What one cell style comes to. `ground` is the fill's colour; `colour` the font's."""

    font: str
    size: float
    italic: bool
    colour: str
    ground: str
    wraps: bool
    indent: int
    number_format: str
    named: str
    locked: bool = True


class Styles:
    """The style sheet of a workbook."""

    def __init__(self, tree: etree._Element, theme: etree._Element | None) -> None:
        self.tree, self.theme = tree, theme
        formats = {entry.get("numFmtId"): entry.get("formatCode", "")
                   for entry in tree.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")}
        fonts, fills = (list(tree.iterfind(f"{MAIN}{what}s/{MAIN}{what}")) for what in ("font", "fill"))
        names = {entry.get("xfId"): entry.get("name", "")
                 for entry in tree.iterfind(f"{MAIN}cellStyles/{MAIN}cellStyle")}
        self.all = [self._style(xf, fonts, fills, formats, names) for xf in tree.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]

    def _style(self, xf: etree._Element, fonts: list[etree._Element], fills: list[etree._Element],
               formats: dict[str | None, str], names: dict[str | None, str]) -> Style:
        font = fonts[int(xf.get("fontId", "0"))]
        alignment = xf.find(f"{MAIN}alignment")
        number = xf.get("numFmtId", "0")
        protection = xf.find(f"{MAIN}protection")
        return Style(
            font=_value(font, "name"), size=float(_value(font, "sz") or 11), italic=_is_on(font, "i"),
            colour=self.colour(font.find(f"{MAIN}color"), BLACK), ground=self.ground(fills[int(xf.get("fillId", "0"))]),
            wraps=alignment is not None and alignment.get("wrapText") in ("1", "true"),
            indent=0 if alignment is None else int(alignment.get("indent", "0")),
            number_format=formats.get(number, number), named=names.get(xf.get("xfId"), ""),
            locked=protection is None or protection.get("locked", "1") not in ("0", "false"))

    def ground(self, fill: etree._Element | None) -> str:
        """The colour of a fill; white where there is none."""
        pattern = None if fill is None else fill.find(f"{MAIN}patternFill")
        if pattern is None or pattern.get("patternType", "none" if pattern.find(f"{MAIN}bgColor") is None
                                          else "solid") != "solid":
            return WHITE
        # A solid fill of a cell lies in fgColor; that of a conditional format in bgColor.
        found = pattern.find(f"{MAIN}fgColor")
        return self.colour(pattern.find(f"{MAIN}bgColor") if found is None else found, WHITE)

    def colour(self, element: etree._Element | None, usual: str) -> str:
        """Six hex digits of a colour, be it given itself, by the theme, or by the palette; `usual` where there is none.
        """
        if element is None:
            return usual
        if element.get("rgb"):
            return element.get("rgb", usual)[-6:]
        if element.get("theme") is not None:
            return _tinted(self._of_theme(int(element.get("theme", "0")), usual), float(element.get("tint", "0")))
        place = int(element.get("indexed", "64"))
        return _INDEXED[place % 8] if place < 16 else BLACK if place == 64 else WHITE if place == 65 else usual

    def _of_theme(self, place: int, usual: str) -> str:
        found = None if self.theme is None or place >= len(_THEME_ORDER) else \
            self.theme.find(f".//{_DRAWING}clrScheme/{_DRAWING}{_THEME_ORDER[place]}")
        if found is None or not len(found):
            return usual
        return found[0].get("lastClr", "") or found[0].get("val", usual)

    def differences(self) -> Iterator[tuple[str, str | None]]:
        """Of each conditional style the fill and the font's colour; None where it leaves that as it is."""
        for dxf in self.tree.iterfind(f"{MAIN}dxfs/{MAIN}dxf"):
            font = dxf.find(f"{MAIN}font/{MAIN}color")
            yield self.ground(dxf.find(f"{MAIN}fill")), None if font is None else self.colour(font, BLACK)


def _value(font: etree._Element, name: str) -> str:
    found = font.find(f"{MAIN}{name}")
    return "" if found is None else found.get("val", "")


def _is_on(font: etree._Element, name: str) -> bool:
    found = font.find(f"{MAIN}{name}")
    return found is not None and found.get("val", "1") not in ("0", "false")


def _tinted(colour: str, tint: float) -> str:
    """A theme's colour made lighter (above 0) or darker, as the file format says."""
    parts = (int(colour[place:place + 2], 16) for place in (0, 2, 4))
    return "".join(f"{round(part * (1 + tint) if tint < 0 else part + (255 - part) * tint):02X}" for part in parts)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place:place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
