"""Moderation line by line: what the full screen shows, one fact a line, for screen readers and pipes."""

from collections.abc import Iterator, Mapping

from cqa.keys import line_by_line
from cqa.marking.compared import Compared
from cqa.marking.moderation import CAUSES
from cqa.screen.boxes import Menu, Sheet, Writing
from cqa.screen.clean import one_line
from cqa.screen.moderation_deeds import choose
from cqa.screen.moderation_desk import ModerationDesk, moderation_keys
from cqa.screen.moderation_keys import press, show_help
from cqa.screen.moderation_page import view_of
from cqa.screen.moderation_words import (
    CAUSE_KEYS,
    answer_in_words,
    apart_in_words,
    noun,
    settled_lines,
    standing_in_words,
    waits_in_words,
)
from cqa.screen.plain_words import legend, options
from cqa.screen.rows import text_of
from cqa.screen.typist import Typist

_WIDTH = 100


def plain_keys(own: Mapping[str, str]) -> dict[str, str]:
    """Every deed with the letter that is typed for it; what has no letter cannot be done line by line."""
    letters = {**moderation_keys(own), **{deed: key for deed, key in line_by_line(own).items()
                                          if deed in ("back", "unanswered", "reason", "clear", "list", "cases", "help",
                                                      "stop", "sign_off", "guidance", "facts")}}
    return {deed: letter for deed, letter in letters.items() if len(letter) == 1}


class PlainModeration:
    """Moderation in plain mode: the same desk, said and asked for instead of drawn."""

    greeting = "Plain mode. Type ? and Enter for help. What is saved is on this computer's disk."

    def __init__(self, desk: ModerationDesk, typist: Typist) -> None:
        self.desk, self.typist = desk, typist
        self.say, self.ask = typist.say, typist.ask
        self.told: tuple[object, ...] = ()

    def run(self) -> None:
        """Goes on until the moderator stops."""
        self.say(self.greeting)
        while not self.desk.ended:
            self._turn()

    def _turn(self) -> None:
        desk = self.desk
        if desk.message:
            self.say(desk.message)
            desk.say("")
        if desk.not_saved:
            # What was typed stands in the terminal still; nothing more would be kept.
            desk.ended = True
        elif desk.writing:
            self._box(desk.writing)
        elif desk.sheet:
            self._sheet(desk.sheet)
        elif desk.menu:
            self._menu(desk.menu)
        elif desk.settled:
            self._settled()
        else:
            self._question(desk.one())

    def _box(self, box: Writing) -> None:
        if box.one_line:
            typed = self.ask(f"{box.title}: ")
            (self.desk.finish_box if typed else self.desk.leave_box)(typed or box.words)
            return
        self.say(f"{box.title}. End with an empty line.")
        if box.words:
            self.say(f"Until now: {one_line(box.words)}. An empty line alone keeps it.")
        words = self.typist.text(box.case_id, box.question_id, box.text, box.words)
        if words is None and not box.words:
            self.desk.leave_box("")
            return
        box.words = words if words is not None else box.words
        self.desk.finish_box(box.words)

    def _sheet(self, sheet: Sheet) -> None:
        for row in sheet.rows(_WIDTH):
            if told := text_of(row).strip():
                self.say(told)
        self.desk.sheet = None
        if sheet.then:
            sheet.then()

    def _menu(self, menu: Menu) -> None:
        self.say(f"{one_line(menu.title).rstrip('.')}.")
        for place in range(menu.count):
            self.say(" ".join(menu.line(place).split()))
        typed = self.ask("Number, or Enter to go back: " if menu.closes else "Number: ")
        if typed.isdecimal() and 1 <= int(typed[:6]) <= menu.count:
            self.desk.menu = None
            menu.chosen(int(typed) - 1)
        elif typed == self.desk.keys["stop"]:
            self.desk.ended = True
        elif typed == self.desk.keys["help"]:
            show_help(self.desk)
        elif menu.closes:
            self.desk.menu = None
        else:
            self.say(f"Type a number from 1 to {menu.count}, or {self.desk.keys['stop']} to stop.")

    def _settled(self) -> None:
        desk = self.desk
        if self._new("settled", desk.case_id):
            for line in settled_lines(desk.case, desk.state.moderation(desk.case_id)):
                if line:
                    self.say(line)
        typed = self.ask(f"Enter for the next case, {desk.keys['unsettle']} to open it again, {desk.keys['stop']} to "
                         "stop: ")
        press(desk, typed.casefold() or "enter")

    def _question(self, one: Compared | None) -> None:
        desk = self.desk
        if one is not None and desk.chosen:
            causes = ", ".join(f"{key} {CAUSES[cause].lower()}" for key, cause in CAUSE_KEYS.items())
            press(desk, self.ask(f"Why were the marks not this one? {causes}: ") or "escape")
            return
        if self._new(desk.case_id, desk.at, one, desk.every):
            for line in self._lines(one):
                self.say(line)
        typed = self.ask(f"{noun(desk.state.purpose).capitalize()}: " if one else "Now: ")
        if not typed:
            self.told = ()
        elif one is not None and typed.startswith(".") and not options(view_of(one)):
            choose(desk, one, typed[1:].strip())
        elif len(typed) > 1:
            desk.say(f"Type one digit or one letter. {desk.keys['help']} shows what each does.")
        else:
            press(desk, typed.casefold())

    def _new(self, *place: object) -> bool:
        """Whether what is before the moderator was not said yet."""
        new = place != self.told
        self.told = place
        return new

    def _lines(self, one: Compared | None) -> Iterator[str]:
        desk = self.desk
        if one is None:
            yield from desk.end_lines()
            return
        shown = desk.questions()
        ids = [each.question.id for each in shown]
        critical = " Critical." if one.question.critical else ""
        left = sum(map(desk.waits, shown))
        yield (f"Case {one_line(desk.case_id)}. Question {ids.index(desk.at) + 1} of {len(ids)}, "
               f"{one_line(one.section)}.{critical} {left} left.")
        yield f"{one.question.id}. {one.question.ask}"
        for answer in one.answers:
            yield f"{answer.letter}: {answer_in_words(one, answer)}."
            if answer.mark:
                yield f"{answer.letter}, reason: {one_line(answer.mark.reason) or 'none'}"
                yield f"{answer.letter}, evidence: {one_line(answer.mark.evidence) or 'none'}"
        yield f"{apart_in_words(one).capitalize()}. {waits_in_words(one)}".rstrip()
        yield f"{noun(desk.state.purpose).capitalize()}: {standing_in_words(one, desk.state)}."
        if one.agreed and one.agreed.reason:
            yield f"Reason: {one_line(one.agreed.reason)}"
        yield legend(view_of(one))

