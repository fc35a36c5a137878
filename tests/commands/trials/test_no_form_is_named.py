"""Nothing that a reviewer of a trial sees while marking names a form: no id, no title, no version."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cqa.commands.marking import assess
from cqa.commands.trials.serving import Served, served
from cqa.files.workspace import Workspace
from cqa.screen import console, desk_keys
from cqa.screen.desk import Desk
from cqa.screen.frame import page
from cqa.screen.page import Size
from cqa.screen.rows import text_of
from cqa.world import World
from tests.casework import Run
from tests.trialled import QUINCE, SECRETS, cases_in, designed, marked, order_of, scripted, who_begins

SIZES = (Size(80, 24), Size(100, 30), Size(132, 43))
_MARKED = ("1", "right", "2", "escape")
_LETTERS = "".join(f"{letter}\n" for letter in (
    "?", "l", "d", "g", "i", "a", "n", "b", "u", "r", "f", "f", "1", "?", "x", "2", "n", "b", "s", "l", "j 4", "j 5",
    "?", "d", "g", ".what was hard", "", "a 1", "q"))


class Watched:
    """Stands in the console's place: goes through every page of the desk, and keeps what is shown in every size."""

    seen: list[str] = []
    visited: set[str] = set()
    signs = True

    def __init__(self, desk: Desk, hands: object) -> None:
        self.desk = desk

    def run(self) -> None:
        """Looks at everything, marks every case, signs it off and goes on, until nothing follows."""
        desk = self.desk
        self.look("before")
        self.close()
        desk.show_cases()
        self.look("cases")
        for case_id in desk.state.cases:
            desk.open(case_id)
            if not desk.state.assessment(case_id).signed_at:
                self.case(case_id)
            if self.signs:
                self.signed(case_id)
        if self.signs:
            desk.go_on()
            self.look("what follows")
            self.press("enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            desk_keys.press(self.desk, key)
            self.look(f"after {key}")

    def look(self, what: str) -> None:
        desk = self.desk
        self.visited.add(what)
        boxes = [desk.writing.title, desk.writing.words] if desk.writing else []
        for size in SIZES:
            self.seen.append("\n".join([*boxes, *(text_of(row) for row in page(desk, size))]))

    def close(self) -> None:
        self.desk.sheet = self.desk.menu = self.desk.writing = None

    def case(self, case_id: str) -> None:
        desk = self.desk
        if desk.case.facts_wanted:
            self.press("n")
        for question in list(desk.case.questions):
            desk.go(question.id)
            for deed in ("help", "guidance", "list", "facts", "cases", "flag", "flag", "jump", "reason", "urgent"):
                self.press(desk.keys[deed])
                self.close()
            if question.scale:
                self.press("3")
                while desk.writing:
                    desk.finish_box("Words")
                    self.look("a text")
            else:
                self.press("enter")
                desk.finish_box("What was hard")
            self.press(desk.keys["undo"], desk.keys["redo"])
        self.press(desk.keys["sign_off"])
        if self.signs and desk.writing:
            desk.finish_box(case_id)
            self.look("signed")
        self.close()

    def signed(self, case_id: str) -> None:
        self.desk.open(case_id)
        self.look("the signed case")
        for key in (self.desk.keys["list"], "d", self.desk.keys["facts"], "o"):
            self.press(key)
            self.close()
        if not self.desk.state.assessment(case_id).signed_at:
            self.press(self.desk.keys["sign_off"])
            self.desk.finish_box(case_id)


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    """A workspace with a trial whose forms have names that stand nowhere else, and newer versions of both beside it."""
    designed(run, workspace, cases=8)
    (workspace / "rubrics" / "newer.yaml").write_text(QUINCE.replace('"8.47"', '"8.48"').replace(
        "Was it reasoned", "Was it reasoned well"), encoding="utf-8", newline="\n")
    return workspace


def told(texts: list[str]) -> set[str]:
    """Which of the names stand in the texts."""
    joined = "\n".join(texts).casefold()
    return {name for name in (*SECRETS, "8.48") if name.casefold() in joined}


def on_the_full_screen(run: Run, root: Path, who: str, patched: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Everything that is seen of a sitting at the full screen, and after it."""
    Watched.seen, Watched.visited = [], set()
    patched.setattr(console, "Console", Watched)
    patched.setattr(assess, "full_screen", lambda *_: True)
    ran = run(*words or ("assess",), "--as", who, folder=root)
    assert ran.code == 0, ran.err
    return [*Watched.seen, ran.out, ran.err]


def line_by_line(run: Run, root: Path, who: str) -> Iterator[str]:
    """What is said line by line of a first case, in a script and after each."""
    for words in ((), ("--sample", "pilot")):
        ran = run("assess", *words, "--as", who, "--plain", typed=_LETTERS, folder=root)
        yield from (ran.out, ran.err)
    ran, _ = scripted(run, root, who, {"case": "none"}, {"case": "x", "question": "q9", "mark": "y"},
                      {"case": cases_in(root / "samples", 1, who)[0], "question": "nothing", "mark": "fully_met"},
                      {"case": cases_in(root / "samples", 2, who)[0], "question": "nothing", "mark": "fully_met"})
    yield from (ran.out, ran.err)


@pytest.mark.parametrize("arm", [1, 2])
def test_no_page_of_the_full_screen_names_a_form(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch, arm: int
) -> None:
    who = who_begins(root / "samples", arm)
    seen = on_the_full_screen(run, root, who, monkeypatch)
    assert not told(seen)
    assert {"cases", "a text", "the signed case", "what follows", "after l", "after ?"} <= Watched.visited
    joined = "\n".join(seen)
    assert "Was it rightly decided" in joined and "Was it right\n" in joined.replace("  ", "\n"), "both forms were seen"
    assert "Enter goes on to your other cases" in joined and "From here on you mark with another form" in joined
    assert f"cqa assess --sample pilot --as {who}" in joined and "PILOT-" not in joined


@pytest.mark.parametrize("arm", [1, 2])
def test_no_line_of_plain_mode_or_of_a_script_names_a_form(run: Run, root: Path, arm: int) -> None:
    who = who_begins(root / "samples", arm)
    first = cases_in(root / "samples", arm, who)
    before = [*line_by_line(run, root, who)]
    marked(run, root, who, first)
    after = [*line_by_line(run, root, who)]
    assert not told([*before, *after])
    assert "trial_hardest" in "".join(after) and "Mark:" in "".join(after)


def test_no_refusal_or_amendment_names_a_form(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = who_begins(root / "samples", 1)
    first, second = (cases_in(root / "samples", arm, who) for arm in order_of(root / "samples", who))
    texts = []
    for words in (("assess", second[0]), ("assess", "--sample", "pilot-2"), ("assess", "nothing"),
                  ("assess", "--sample", "pilots"), ("amend", first[0], "--reason", "x")):
        ran = run(*words, "--as", who, "--plain", folder=root)
        assert ran.code in (2, 4), ran
        texts += [ran.out, ran.err]
    marked(run, root, who, first)
    Watched.signs = False
    try:
        texts += on_the_full_screen(run, root, who, monkeypatch, "amend", first[0], "--reason", "It came.")
    finally:
        Watched.signs = True
    assert not told(texts)


def test_a_newer_rubric_in_the_workspace_is_told_to_nobody(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 1)
    marked(run, root, who, cases_in(root / "samples", 1, who)[:1])
    texts = [*line_by_line(run, root, who)]
    assert not told(texts) and "stays on" not in "".join(texts)


def test_a_damaged_form_is_told_without_the_name_of_its_file(run: Run, root: Path) -> None:
    for file in (root / "samples").glob("pilot-*/rubrics/*.yaml"):
        file.write_bytes(file.read_bytes() + b"# more")
    ran = run("assess", "--as", "ann", "--plain", folder=root)
    assert ran.code == 7 and "not as it was recorded" in ran.err and not told([ran.out, ran.err])


def test_the_sweep_finds_a_header_that_would_name_the_form(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(world: World, workspace: Workspace, name: str, who: str, case_id: str = "") -> Served:
        found = served(world, workspace, name, who, case_id)
        return replace(found, called=str(found.folder.sample.plan.rubric))

    monkeypatch.setattr(assess, "served", leaking)
    seen = on_the_full_screen(run, root, who_begins(root / "samples", 1), monkeypatch)
    assert told(seen) >= {"zzparent", "zzvariant"}
