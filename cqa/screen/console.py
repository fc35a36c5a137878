"""The full screen on a terminal: prompt_toolkit draws the rows of the desk and hands it the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition, Filter
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from cqa.screen.boxes import Writing
from cqa.screen.clean import clean
from cqa.screen.page import Size
from cqa.screen.reading import BOX_ROWS, LINE_ROWS
from cqa.screen.rows import Row, columns, cut
from cqa.screen.surface import RECALLED, Surface

DRAFT_SECONDS = 2.0
"""How long typed words may be nowhere but on the screen."""
REDRAW_SECONDS = 20.0
"""How often the minutes are drawn anew."""
ESCAPE_SECONDS = 0.05
UNSEEN_SECONDS = 0.5
"""Nobody has seen yet that a box has opened: the digit that they go on pressing is no text."""
# Enter pressed before the screen stands comes through a terminal that still turns it into a line feed.
_NAMES = {"c-m": "enter", "c-j": "enter", "c-c": "ctrl-c", "c-i": "tab", "c-h": "backspace"}
_BOX_HINT = "Esc keeps it{}   Enter new line{}   Ctrl-C later"
_LINE_HINT = "Enter keeps it   Ctrl-C goes back"
_ASKING_HINT = "Enter goes on   Esc goes back"


W = TypeVar("W", bound=Surface)


@dataclass(frozen=True, slots=True)
class Hands(Generic[W]):
    """What is drawn of a full screen, and where its keys go: one that was pressed (with when, in milliseconds, and how
    many more wait), one while the window is too small, a whole paste."""

    page: Callable[[W, Size], list[Row]]
    take: Callable[[W, str, int, int], None]
    press_unseen: Callable[[W, str], None]
    pasted: Callable[[W], None]


class Console(Generic[W]):
    """The application around one full screen, at this process's terminal."""

    def __init__(self, desk: W, hands: Hands[W]) -> None:
        self.desk, self.hands = desk, hands
        self.box: Writing | None = None
        self.recalled = 0
        self.drafted_at = self.opened_at = 0.0
        self._waiting = False
        self.lines = Buffer(multiline=True, on_text_changed=self._typed)
        self.line = Buffer(multiline=False, on_text_changed=self._typed)
        self.application: Application[None] = Application(
            layout=self._layout(), key_bindings=self._bindings(), full_screen=True,
            refresh_interval=REDRAW_SECONDS, erase_when_done=True, enable_page_navigation_bindings=False,
            before_render=lambda _: self._follow())
        # An arrow key is Esc and more: waiting longer for the rest would make Esc itself slow.
        self.application.ttimeoutlen = ESCAPE_SECONDS
        self.application.timeoutlen = ESCAPE_SECONDS

    def run(self) -> None:
        """Marks until the reviewer leaves, or the disk refuses and they leave."""
        self.application.run(handle_sigint=False)

    # What is drawn.

    def _layout(self) -> Layout:
        def writing(one_line: bool) -> Condition:
            return Condition(lambda: self.desk.writing is not None and self.desk.writing.one_line == one_line)

        self.page_window = Window(FormattedTextControl(self._page, focusable=True, show_cursor=False),
                                  always_hide_cursor=Condition(lambda: self.desk.writing is None))
        boxes = [ConditionalContainer(HSplit([
            Window(FormattedTextControl(self._heading), height=1),
            Window(BufferControl(buffer, input_processors=[_Visible()]), height=height - 2, wrap_lines=True),
            Window(FormattedTextControl(self._hint), height=1)]), writing(one_line))
            for buffer, height, one_line in ((self.lines, BOX_ROWS, False), (self.line, LINE_ROWS, True))]
        return Layout(HSplit([self.page_window, *boxes]), focused_element=self.page_window)

    def _size(self) -> Size:
        size = self.application.output.get_size()
        return Size(size.columns, size.rows)

    def _page(self) -> StyleAndTextTuples:
        fragments: StyleAndTextTuples = []
        for row in self.hands.page(self.desk, self._size()):
            fragments += [*row, ("", "\n")]
        return fragments[:-1]

    def _heading(self) -> StyleAndTextTuples:
        width = self._size().width
        title = cut(self.desk.writing.title if self.desk.writing else "", width - 6)
        return [("bold", f"-- {title} " + "-" * max(0, width - columns(title) - 4))]

    def _hint(self) -> str:
        box = self.desk.writing
        if box is None or box.one_line:
            return f" {_LINE_HINT if box and box.text else _ASKING_HINT}"
        return " " + _BOX_HINT.format(" and goes on" if box.onwards else "",
                                      "   Ctrl-R earlier words" if box.text in RECALLED else "")

    def _follow(self) -> None:
        """Opens, fills and closes the box as the desk says, before anything is drawn."""
        box = self.desk.writing
        if box is not self.box:
            self.box, self.recalled = box, 0
            self.opened_at = self.desk.now().timestamp()
            if box is not None:
                buffer = self.line if box.one_line else self.lines
                buffer.reset()
                buffer.insert_text(box.words, fire_event=False)
                self.application.layout.focus(buffer)
            else:
                self.application.layout.focus(self.page_window)
        if self.desk.ended and not self.application.is_done:
            self.application.exit()

    # What is typed.

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        marking = Condition(lambda: self.desk.writing is None)
        writing = Condition(lambda: self.desk.writing is not None)
        one_line = Condition(lambda: self.desk.writing is not None and self.desk.writing.one_line)
        long = writing & ~one_line

        def on(keys: tuple[str, ...], when: Filter, deed: Callable[[KeyPressEvent], None]) -> None:
            for key in keys:
                bindings.add(key, filter=when, eager=True)(deed)

        bindings.add(Keys.Any, filter=marking, eager=True)(self._key)
        bindings.add(Keys.BracketedPaste, filter=marking, eager=True)(self._pasted)
        on(("escape",), writing, lambda _: self._escape())
        on(tuple("0123456789"), long & Condition(self._unseen), self._unseen_digit)
        on(("c-s",), writing, lambda _: self._finish())
        on(("c-m",), one_line, self._enter)
        on(("c-m",), long, lambda event: event.current_buffer.insert_text("\n"))
        on(("c-z",), writing, lambda event: event.current_buffer.undo())
        on(("c-y",), writing, lambda event: event.current_buffer.redo())
        on(("c-r",), long, lambda _: self._recall())
        on(("c-c",), writing, lambda _: self._leave())
        return bindings

    def _key(self, event: KeyPressEvent) -> None:
        if not self._size().enough:
            self.hands.press_unseen(self.desk, _name_of(event))
            self._follow()
            return
        key = _name_of(event)
        if key:
            waiting = len(event.app.key_processor.input_queue)
            self.hands.take(self.desk, key, self.desk.milliseconds(), waiting)
        self._follow()

    def _pasted(self, event: KeyPressEvent) -> None:
        self.hands.pasted(self.desk)

    @property
    def _buffer(self) -> Buffer:
        return self.line if self.box and self.box.one_line else self.lines

    def _unseen(self) -> bool:
        # Once something else was typed the box has been seen, and a digit of its text must not be lost.
        untouched = self.box is not None and self._buffer.text == self.box.words
        return untouched and self.desk.now().timestamp() - self.opened_at < UNSEEN_SECONDS

    def _unseen_digit(self, event: KeyPressEvent) -> None:
        # What comes in one piece with more is a paste, and meant for the box.
        if event.data == self.desk.pressed and not event.app.key_processor.input_queue:
            self.desk.say("A box has opened: nothing of that was taken as text or as a mark.")
        else:
            event.current_buffer.insert_text(event.data)

    def _escape(self) -> None:
        """Keeps words; where nothing is kept, as at the sign-off, whoever presses Esc wants to go back."""
        if self.box and self.box.text:
            self._finish()
        else:
            self._leave()

    def _enter(self, event: KeyPressEvent) -> None:
        """Ends a box of one line. Lines that were pasted with it are no marks on the page that comes back."""
        self._finish()
        if event.app.key_processor.input_queue:
            self.desk.pace.belongs_to_a_paste(self.desk.milliseconds())

    def _finish(self) -> None:
        self.desk.finish_box(self._buffer.text)
        self._follow()

    def _leave(self) -> None:
        self.desk.leave_box(self._buffer.text)
        self._follow()

    def _recall(self) -> None:
        """Puts what the reviewer wrote before into an empty box, further back each time."""
        words = self.desk.words_used_before()
        buffer = self.lines
        known = not buffer.text.strip() or buffer.text in words
        if not words or not known:
            self.desk.say("Ctrl-R brings back earlier words into an empty box." if words else
                          "You have written nothing yet that could be brought back.")
            return
        buffer.text = words[self.recalled % len(words)]
        buffer.cursor_position = len(buffer.text)
        self.recalled += 1

    def _typed(self, buffer: Buffer) -> None:
        """Keeps a draft of what is typed, at most every two seconds, and once more when the typing pauses."""
        if self.box is None or not self.box.text:
            return
        now = self.desk.now().timestamp()
        if now - self.drafted_at >= DRAFT_SECONDS:
            self._draft()
        elif not self._waiting:
            self._waiting = True
            self.application.create_background_task(self._draft_later())

    async def _draft_later(self) -> None:
        import asyncio  # noqa: PLC0415 - prompt_toolkit has loaded it

        await asyncio.sleep(DRAFT_SECONDS)
        self._waiting = False
        self._draft()

    def _draft(self) -> None:
        if self.box is not None and self.box is self.desk.writing:
            self.drafted_at = self.desk.now().timestamp()
            self.desk.draft(self.box, self._buffer.text)


@dataclass
class _Visible(Processor):
    """Shows characters that could hide text or turn its direction as question marks; what is kept stays as typed."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        shown: StyleAndTextTuples = [
            (fragment[0], "".join(letter if clean(letter) in (letter, " ") else "?" for letter in fragment[1]))
            for fragment in transformation_input.fragments]
        return Transformation(shown)


def _name_of(event: KeyPressEvent) -> str:
    """A key as the settings name it; empty for what is no key of its own."""
    key = str(getattr(event.key_sequence[0].key, "value", event.key_sequence[0].key))
    if len(key) == 1:
        return key.casefold()
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("<"):
        return ""
    return f"ctrl-{key[2:]}" if key.startswith("c-") and len(key) == 3 else key

