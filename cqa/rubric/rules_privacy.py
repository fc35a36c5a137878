"""Checks that a rubric gives nobody away, and speaks every language that it speaks at all."""

import re
from collections.abc import Iterable, Iterator

from cqa.rubric.checking import Checked, Found

_FIRST_NAMES = (
    "Aisha|Alan|Alice|Amir|Andrew|Anna|Anne|Barbara|Brian|Chloe|Christopher|Daniel|David|Deborah|Dylan|Edward|"
    "Elizabeth|Emily|Emma|Fatima|Hannah|Helen|Ibrahim|Imran|Jack|James|Jane|Jennifer|Jessica|Joanne|John|Jonathan|"
    "Joseph|Karen|Kevin|Laura|Liam|Linda|Lisa|Margaret|Mary|Matthew|Michael|Michelle|Mohammed|Muhammad|Nicholas|"
    "Nicola|Oliver|Omar|Patricia|Paul|Peter|Philip|Priya|Rachel|Rebecca|Richard|Robert|Sarah|Simon|Sophie|Stephen|"
    "Steven|Susan|Thomas|Timothy|Tracey|William|Yusuf")
_PERSONAL = (
    ("a person's name", re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|DC|DS|DI|PC|Sgt|Judge|Justice)\.? [A-Z][a-z]+\b|\b[A-Z]\. ?[A-Z][a-z]{2,}\b|"
        rf"\b(?:{_FIRST_NAMES}) [A-Z][a-z'-]+\b")),
    # With the year of a report behind it, a case is law that anyone may cite.
    ("the name of a case", re.compile(r"\bR v\.? (?!SAMPLE)[A-Z][\w-]+\b(?![^.]{0,30}[\[(](?:19|20)\d\d[\])])")),
    ("an email address", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")),
    ("a reference number", re.compile(
        r"\b(?:\d{2}[A-Z]{2}\d{5,}|[A-Z]{1,3}\d{6,}|\d{7,}|\d{2,4}/\d{4,}/\d{2}|\d{3,6}/\d{2})\b")),
    ("a national insurance number", re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")),
    ("a date of birth", re.compile(r"\b(?:born|d\.?o\.?b\.?)\b.{0,20}\d|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|200\d)\b",
                                   re.I)),
    ("a telephone number", re.compile(r"\b(?:\+44 ?|0)\d{3,4} ?\d{3} ?\d{3,4}\b")),
)


def hidden_facts(checked: Checked) -> Iterator[Found]:
    """R050: a fact that is never to be shown stands in a text that is.

    A name of one plain word, such as 'defendant', is in every rubric's sentences: it counts only between brackets.
    """
    for fact in checked.rubric.facts:
        names = {name.casefold() for name in (fact.label, fact.column, fact.id)}
        for one in checked.prose if fact.hidden else ():
            said = " ".join(one.texts.values()).casefold()
            if one.field != "label" and any(_names(name, said) for name in names):
                yield Found("R050", one, f"The case fact '{fact.id}' is never to be shown, and this text names it.",
                            "Take it out of the text, or show the fact.", "error", one.question)


def _names(name: str, said: str) -> bool:
    word = re.escape(name)
    plainly = rf"|\b{word}\b" if re.search(r"[\s_\d]", name) else ""
    return re.search(rf"[{{\[<]\s*{word}\s*[}}\]>]{plainly}", said) is not None


def personal(checked: Checked) -> Iterator[Found]:
    """R051: a text that looks as if it named a person or a case."""
    for one in checked.prose:
        for what, pattern in _PERSONAL if one.field != "legal_basis" else ():
            match = next((found for text in one.texts.values() if (found := pattern.search(text))), None)
            if match:
                yield Found("R051", one, f"'{match[0]}' looks like {what}.", "A rubric goes to many people: make it "
                            "up, or take it out.", question=one.question)
                break


def languages(checked: Checked) -> Iterator[Found]:
    """R052: a text that lacks one of the languages that other texts have."""
    spoken = checked.rubric.languages
    for one in checked.prose if len(spoken) > 1 else ():
        missing = [name for name in spoken if not one.texts.get(name, "").strip()]
        if missing and any(text.strip() for text in one.texts.values()):
            about = f"'{one.field}' of '{one.question}'" if one.question else f"'{one.field}'"
            yield Found("R052", one, f"{about} stands in {_said(one.texts)} and not in {', '.join(missing)}.",
                        f"Write it as {{{', '.join(f'{name}: ...' for name in spoken)}}}.", question=one.question)


def _said(texts: Iterable[str]) -> str:
    return ", ".join(name for name in texts if name) or "one language"


RULES = (hidden_facts, personal, languages)
