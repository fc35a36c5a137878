"""What every part of a rubric's file is read with: plain names, prose in one language or several, lists."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cqa.rubric.model import NEEDS
from cqa.tree import Items, Node, Reader, Tree, did_you_mean

MOST_LETTERS = 8_000
"""So long may one text be, as in a journal."""
_CODE = re.compile(r"R[0-9]{3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text of the file that people read: whose it is (a question's id, or empty), which field, and where it stands.

    `texts` holds it by language; the language is empty where the file names none.
    """

    question: str
    field: str
    texts: Mapping[str, str]
    line: int
    column: int

    @property
    def english(self) -> str:
        """The text in English, or the only one without a language; empty where there is neither."""
        return next((text for language, text in self.texts.items() if not language or base(language) == "en"), "")


def base(language: str) -> str:
    """`en` of `en-GB`."""
    return language.split("-", maxsplit=1)[0].casefold()


def chosen(texts: Mapping[str, str], wanted: str) -> str:
    """The text in the wanted language, else in the same language of another country, else English, else the first."""
    ranked = sorted(texts, key=lambda language: (
        language.casefold() != wanted.casefold(), base(language) != base(wanted), base(language) != "en"))
    return texts[ranked[0]] if ranked else ""


@dataclass(slots=True)
class RubricReader(Reader):
    """A reader that also keeps every prose text with its place. `language` is the one to be shown."""

    language: str = ""
    prosed: list[Prose] = field(default_factory=list)
    question: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that some text names, in the order of the file."""
        return tuple(dict.fromkeys(name for one in self.prosed for name in one.texts if name))

    def named(self, node: Node | None, what: str) -> str:
        """An id or version: letters, digits, dots, hyphens and underscores, as it becomes part of a file name."""
        value = self.text(node, what)
        if node is not None and not (value.isascii() and value and value[0].isalnum() and len(value) <= 64
                                     and all(letter.isalnum() or letter in "._-" for letter in value)):
            self.malformed(node, f"The {what} '{value[:40]}' has other signs than letters, digits, '.', '_' "
                           "and '-'.", "Write a short plain name.")
        return value

    def prose(self, node: Node | None, what: str) -> str:
        """A text, or the one of several languages that is to be shown."""
        if node is None:
            return ""
        if isinstance(node, Tree) and node.pairs:
            texts = {}
            for key, value in node:
                if not _LANGUAGE.fullmatch(key.value):
                    self.malformed(key, f"'{key.value[:40]}' under {what} is no language.",
                                   "Put the text in quotes, or name its languages, such as en and cy.")
                texts[key.value] = self.text(value, what)
        else:
            texts = {"": self.text(node, what)}
        if any(len(text) > MOST_LETTERS for text in texts.values()):
            self.malformed(node, f"The text of {what} has more than {MOST_LETTERS:,} characters.", "Shorten it.")
        self.prosed.append(Prose(self.question, what, texts, node.line, node.column))
        return chosen(texts, self.language)

    def proses(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A text or a list of texts, each in one language or several."""
        listed: Iterable[Node] = node.values if isinstance(node, Items) else [node] if node is not None else []
        return tuple(self.prose(item, what) for item in listed)

    def unique(self, node: Node, value: str, seen: dict[str, int], what: str) -> None:
        """Keeps a problem when the value stood before, ignoring case, and says where."""
        if (first := seen.get(value.casefold())) is not None:
            self.wrong("R010", node, f"The {what} '{value}' stands twice, first in line {first}.",
                       "Give one of them another.")
        seen.setdefault(value.casefold(), node.line)

    def listed(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The entries of a list; nothing where it is absent or something else."""
        if node is not None and not isinstance(node, Items):
            self.malformed(node, f"'{what}' must be a list.", "Begin each entry with '- '.")
        return node.values if isinstance(node, Items) else ()

    def needs(self, node: Node | None) -> tuple[str, ...]:
        """The texts that a mark owes, in their usual order."""
        wanted = self.texts(node, "needs")
        for need in wanted:
            if need not in NEEDS and node is not None:
                self.malformed(node, f"'{need}' cannot be needed.", did_you_mean(need, NEEDS))
        return tuple(need for need in NEEDS if need in wanted)

    def allowed(self, node: Node | None) -> Mapping[str, str]:
        """Warnings that are meant to stand: code to reason."""
        told = {}
        for key, value in self.mapping(node, "allow"):
            if not _CODE.fullmatch(key.value):
                self.malformed(key, f"'{key.value[:40]}' is no code of a warning.", "Write 'R043: the reason'.")
            told[key.value] = self.text(value, key.value)
            if not told[key.value]:
                self.malformed(key, f"{key.value} is allowed without a reason.", "Say why it may stand.")
        return told
