"""What the full screen of a real terminal shows of colours, of questions in words, and of hostile texts."""

from pathlib import Path

import pytest

from tests.casework import SEED, Run, csv_text
from tests.journeys.screen_at import DOWN, ENTER, ESCAPE, Reviewer
from tests.journeys.test_full_screen import BOTH_SIZES, CHILD

# Terminals without colour.


@pytest.mark.parametrize("environment", [
    {"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "linux"}, {"TERM": "xterm-mono"}],
    ids=lambda environment: "=".join(*environment.items()))
def test_no_colour_is_ever_asked_of_a_terminal(ann: Reviewer, environment: dict[str, str]) -> None:
    with ann.sits(CHILD, environment=environment) as at:
        at.wait("question 1/2", "1 FULLY MET", "Mark 1 2 3 8")
        at.press("2", until=("Reason for q1", "> 2 PARTLY MET"))
        at.press("So", ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
    assert {1, 7} <= at.styles and not at.colours
    assert ann.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=So"]


# Questions in words, and case facts of every type.

WORDS = """\
format: cqa-rubric/1
id: words
version: "1.0"
title: In words
status: trial
case_facts:
  child: {type: flag, label: Child victim}
  heard: {type: date, label: First hearing}
  goods: {type: number, label: Value of the goods}
  plea: {type: text, label: Plea}
scales:
  met: {levels: {yes_it_is: {key: "1", label: "Yes", points: 1}, no_it_is_not: {key: "2", label: "No", points: 0}}}
sections:
  - id: a
    title: Decision
    questions:
      - {id: t1, type: text, ask: What was left open, ask_when: {case: {child: true}}}
      - {id: d1, type: date, ask: When was the letter sent, ask_when: {case: {heard: {after: "2026-01-01"}}}}
      - {id: n1, type: number, ask: How late was it, ask_when: {case: {goods: {at_least: 10}}}, required: false}
      - {id: c1, type: choice, ask: How good was it over all, choices: [strong, sound, weak], forbid: [sound],
         ask_when: {case: {plea: guilty}}}
"""


def drawn(run: Run, workspace: Path, rubric: str, rows: list[list[str]]) -> Path:
    """A sample called march of all the rows, for ann alone."""
    (workspace / "own.yaml").write_text(rubric, encoding="utf-8", newline="\n")
    (workspace / "own.csv").write_text(csv_text(rows), encoding="utf-8", newline="\n")
    ran = run("draw", "own.csv", "--sample", "march", "--id", "case_id", "--take", f"{len(rows) - 1}", "--seed", SEED,
              "--rubric", "own.yaml", "--reviewers", "ann", "--reserves", "0", folder=workspace)
    assert ran.code == 0, ran.err
    return workspace / "samples" / "march"


@BOTH_SIZES
def test_questions_in_words_and_case_facts_of_every_type(
    run: Run, workspace: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    rows = [["case_id", "child", "heard", "goods", "plea"], ["K1", "", "", "", ""]]
    ann = Reviewer(drawn(run, workspace, WORDS, rows), tmp_path / "home")
    with ann.sits(size=size) as at:
        at.wait("Begin with case 1: Enter")
        at.press(ENTER, until=("CASE FACT", "The export does not say: Child victim.", "Y yes, N no"))
        at.press("1", until="1 does nothing here")
        at.press("y", until=("Child victim: yes.", "The export does not say: First hearing."))
        at.press(ENTER, until="First hearing: a date such as 2026-03-31")
        at.press("3 May", ENTER, until=("That cannot be the case fact 'First hearing': a date is written 2026-03-31.",))
        at.press("\x15", "2026-05-03", ENTER, until="The export does not say: Value of the goods.")
        at.press(ENTER, until="Value of the goods: a number such as 12.5")
        at.press("12.50", ENTER, until="The export does not say: Plea.")
        at.press(ENTER, until="Plea: in words")
        at.press("guilty", ENTER, until=("question 1/4", "t1 What was left open", "Enter answer, in your own words"))
        at.press("5", until="5 does nothing here")
        at.press(ENTER, until="Your answer to t1")
        at.press("The reply", ENTER, "of the defence.", ESCAPE, until=("question 2/4", "a date such as 2026-03-31"))
        at.press(ENTER, until="Your answer to d1")
        at.press("2026-02-30", ENTER, until="The answer to 'd1' must be a date such as 2026-03-31.")
        at.press("\x7f", "\x7f", "28", ENTER, until=("question 3/4", "n1 How late was it", "may be left open"))
        at.press(ENTER, until="Your answer to n1")
        at.press(ENTER, until=("question 4/4", "1 STRONG", "2 WEAK"))
        at.press("\x1b[D", until="question 3/4")
        at.press(ENTER, until="Your answer to n1")
        at.press("2.5", ENTER, until="question 4/4")
        at.press("2", until="END OF THE CASE")
        at.press("i", until=("CASE 1 OF 1, K1", "Child victim: yes (yours)", "Plea: guilty (yours)"))
        at.press(DOWN, until="> First hearing: 2026-05-03")
        at.press(ENTER, until="First hearing: a date such as 2026-03-31")
        at.press("\x15", "2025-05-03", ENTER, until=("First hearing: 2025-05-03.", "END OF THE CASE"))
        at.press("\x1b[D", until="question 3/3")
        at.press("s", until="Type the case number, K1, to sign off")
        at.press("K1", ENTER, until="SIGNED OFF")
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == [
        "K1 fact child Y", "K1 fact heard 2026-05-03", "K1 fact goods 12.50", "K1 fact plea guilty",
        "K1 t1 The reply\nof the defence.", "K1 d1 2026-02-28", "K1 n1 2.5", "K1 c1 weak", "K1 fact heard 2025-05-03",
        "K1 signed_off"]


# Hostile texts.

TITLE_SET, CLEARED, TURNED = "\x1b]0;owned\x07", "\x1b[2J\x1b[31m", "\u202e"
LONG, WIDE = "Donaudampfschiff" * 20, "\u5224\u65ad" * 80
HOSTILE = f"""\
format: cqa-rubric/1
id: hostile
version: "1.0"
title: {WIDE}
status: trial
case_facts:
  note: {{type: text, label: "{WIDE}"}}
  other: {{type: text, label: Other}}
scales:
  met:
    levels:
      fully_met: {{key: "1", label: "{WIDE}", points: 1}}
      not_met: {{key: "2", label: {LONG}, points: 0, needs: [reason]}}
sections:
  - id: a
    title: {LONG}
    questions:
      - id: q1
        ask: "{WIDE} {LONG}"
        look_for: "{LONG} {WIDE}"
        guidance: "{WIDE} {LONG}"
        levels: {{fully_met: "{LONG} {WIDE}", not_met: "{WIDE}"}}
      - id: q2
        ask: Was it right
"""


@BOTH_SIZES
def test_nothing_of_a_hostile_export_or_rubric_reaches_the_terminal_as_it_is(
    run: Run, workspace: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    note, other = f"{TITLE_SET}{CLEARED}{TURNED}txt.exe", f"{WIDE}{LONG}"
    ann = Reviewer(drawn(run, workspace, HOSTILE, [["case_id", "note", "other"], [f"9{WIDE}", note, other]]),
                   tmp_path / "home")
    with ann.sits(size=size) as at:
        at.wait("your cases: 1")
        at.press(ENTER, until=(" 1/2 ", "Your mark: none yet"))
        for key, seen in (("i", "THE CASE"), ("g", "GUIDANCE"), ("l", "THE QUESTIONS OF CASE"), ("a", "your cases: 1")):
            at.press(key, until=seen)
            check_frame(at.screen.display, size)
            if key == "i":
                at.wait("<U+001B>]0;owned<U+0007>", "<U+202E>txt.exe")
            at.press("x", until="Your mark: none yet")
        check_frame(at.screen.display, size)
        at.press("2", until="Reason for q1")
        at.paste(f"{WIDE}\r{note}", until="txt.exe")
        check_frame(at.screen.display, size)
        at.press(ESCAPE, until=(" 2/2 ", "Your mark: none yet"))
        at.press("\x1b[D", until=(" 1/2 ", f"Reason: {WIDE[:6]}"))
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
    for harm in (b"]0;owned\x07", b"\x1b[2J\x1b[31m", TURNED.encode()):
        assert harm not in at.raw
    assert [line.get("mark_reason") for line in ann.lines()] == ["", f"{WIDE}\n{note}"]


def check_frame(rows: list[str], size: tuple[int, int]) -> None:
    """The page stands as it was drawn: nothing has run over the right edge and pushed a row out of its place."""
    assert len(rows) == size[1] and set(rows[1].strip()) == {"-"}
    assert rows[0].rstrip().endswith(" 0 min"), rows[0]
