"""A workspace in which every hostile string stands in every field of a case and of its marks, and what says it."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cqa.commands.marking.sitting import open_sitting
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.marking.actions import Amend, DisputeBand, SetMark, SignOff
from cqa.marking.refusals import Refused
from cqa.screen.desk import Desk
from cqa.screen.desk_keys import press
from cqa.screen.frame import page
from cqa.screen.page import Size
from cqa.screen.rows import text_of
from cqa.screen.typist import NoDrafts
from cqa.world import World
from tests.casework import RUBRIC, SEED, Ran, Run
from tests.hostile.strings import CORE, STRINGS, raw_in, strict_json

WORDS = RUBRIC.replace("    ask_when: {case: {child: true}}\n", "").replace(
    "- {id: q3, ask: Was the child heard}",
    "- {id: q3, ask: Was the child heard}\n      - {id: t1, ask: In words, type: text, required: false}")
"""The small rubric with a question in words, and no gate on a case fact."""
NO_EXPORT = ("X03", "X06", "X07")
"""NUL and half characters: an export with one of these is refused as a whole."""
NAMES = [name for name in STRINGS if name not in NO_EXPORT]
CASES = {name: f"{number:05d}" for number, name in enumerate(STRINGS)}
"""The case with a plain id on which each string is written."""


@dataclass
class Heard:
    """Runs commands, holds each to what no command may ever do, and keeps what went against it."""

    run: Run
    folder: Path
    faults: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str, typed: str = "", codes: Sequence[int] = (0,)) -> Ran:
        ran = self.run(*arguments, typed=typed, folder=self.folder)
        about = " ".join(one[:30] for one in arguments)
        if ran.code not in codes or "Traceback" in ran.err:
            self.faults.append(f"{about}: exit {ran.code} {ran.err[:300]}")
        for name, text in (("standard output", ran.out), ("standard error", ran.err)):
            self.see(f"{about}: {name}", text)
        if "--json" in arguments and ran.out:
            strict_json(ran.out)
            if ran.out.count("\n") != 1 or not ran.out.isascii():
                self.faults.append(f"{about}: JSON is more than one line, or not ASCII")
        return ran

    def see(self, about: str, text: str) -> None:
        """Something that is shown on a terminal."""
        if raw := raw_in(text):
            self.faults.append(f"{about} holds {sorted(map(hex, map(ord, raw)))[:5]}")


def usual(text: str) -> str:
    """A value of an export as cqa takes it: composed, without outer space and byte-order marks."""
    while (kept := unicodedata.normalize("NFC", text).strip().strip("\ufeff")) != text:
        text = kept
    return text


def ids() -> dict[str, str]:
    """The strings that can be case ids, each once: no control characters, not blank, not too long."""
    found: dict[str, str] = {}
    for name in NAMES:
        text = usual(STRINGS[name])
        if text and len(text) <= 255 and not any(unicodedata.category(letter) == "Cc" for letter in text) and \
                text.casefold() not in {one.casefold() for one in found.values()} and name not in ("N02",):
            found[name] = text
    return found


def put_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """An export as another program writes it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())


def made(run: Run, world: World) -> Heard:
    """The workspace: every string a handler, a kept value, and where it can be the case's id and stratum too."""
    assert run("init", "work").code == 0
    heard = Heard(run, world.folder / "work")
    (heard.folder / "words.yaml").write_text(WORDS, encoding="utf-8", newline="\n")
    kept = {name: "" if name in NO_EXPORT else text for name, text in STRINGS.items()}
    put_csv(heard.folder / "export.csv", [
        ["case_id", "unit", "handler", "Child victim", "kept"],
        *([CASES[name], f"U{number % 3}", kept[name], "Y", kept[name]] for number, name in enumerate(STRINGS)),
        *([case, case, kept[name], "N", kept[name]] for name, case in ids().items())])
    put_csv(heard.folder / "changes.csv", [["case_id", "unit"], *([f"w{number:03d}", "W"] for number in range(60))])
    draw = ("--id", "case_id", "--by", "unit", "--seed", SEED, "--rubric", "words.yaml", "--reviewers", "ann,bob")
    heard("draw", "export.csv", "--sample", "march", "--take", "200", "--second", "1.0", "--handled-by", "handler",
          "--keep", "kept", *draw)
    heard("draw", "changes.csv", "--sample", "april", "--take", "40", "--reserves", "20", *draw)
    return heard


def lines_of(name: str) -> list[dict[str, str]]:
    """What a script says of a string's case: every text of a mark, then the sign-off with a plain one."""
    case, text = CASES[name], STRINGS[name]
    return [
        {"case": case, "question": "q1", "mark": "partly_met", "reason": text, "evidence": text},
        {"case": case, "question": "q2", "mark": "partly_met", "reason": text},
        {"case": case, "question": "t1", "mark": text, "reason": text, "evidence": text},
        {"case": case, "urgent": text}, {"case": case, "fact": text, "value": text},
        {"case": text, "question": "q1", "mark": text}, {"case": case, "question": text, "mark": "fully_met"},
        {"case": case, "question": "q3", "mark": text}, {"case": case, "do": text}, {text: case},
        {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"}]


def script_of(names: Sequence[str]) -> str:
    """The lines of these strings, as escapes and, where UTF-8 has them, as they are; and each string as a line."""
    listed: list[str] = []
    for name in names:
        for line in lines_of(name):
            listed.append(json.dumps(line))
            if name not in ("X06", "X07"):
                listed.append(json.dumps(line, ensure_ascii=False))
        listed.append(STRINGS[name].replace("\n", " "))
    return "".join(f"{line}\n" for line in listed)


def mark(heard: Heard) -> dict[str, list[dict[str, object]]]:
    """Both reviewers mark every string's case by script. Gives the answers to each."""
    answers: dict[str, list[dict[str, object]]] = {}
    for who in ("ann", "bob"):
        ran = heard("assess", "--sample", "march", "--as", who, "--script", "-", typed=script_of(list(STRINGS)),
                    codes=(3,))
        answers[who] = [answer for line in ran.out.splitlines() if isinstance(answer := strict_json(line), dict)]
    return answers


def amend_and_dispute(heard: Heard, world: World) -> None:
    """Ann amends, signs again and disputes the band of each string's case in its words; marks the cases whose ids are
    strings."""
    here = replace(world, folder=heard.folder, stdout=io.StringIO(), stderr=io.StringIO())
    with open_sitting(here, open_sample(find_workspace(heard.folder), "march"), "ann") as sitting:
        for name, case in CASES.items():
            if not sitting.state.assessment(case).signed_at:
                continue
            for action in (DisputeBand(case, STRINGS[name]), Amend(case, STRINGS[name]), SignOff(case)):
                try:
                    sitting.act(action)
                except Refused as refused:
                    heard.see("a refusal", refused.why if name not in ("X06", "X07") else "")
        for case in sitting.state.cases:
            if case in ids().values():
                for question in ("q1", "q2", "q3"):
                    sitting.act(SetMark(case, question, "fully_met"))


def change(heard: Heard) -> None:
    """Leaders change cases of the sample april in the words of the core strings."""
    cases = json.loads(heard("show", "april", "--json").out)["cases"]
    mains = [case["case_id"] for case in cases if case["role"] == "main"]
    leader = ("--sample", "april", "--as", "lead")
    for number, name in enumerate(CORE):
        text, case = STRINGS[name], mains[number]
        heard("withdraw", mains[-1 - number], f"--reason={text}", *leader, codes=(0, 2))
        heard("assign", case, "--to", "cat", f"--reason={text}", *leader, codes=(0, 2))
        heard("replace", case, "--reason", "out_of_scope", f"--note={text}", *leader, codes=(0, 2))
        heard("amend", CASES[name], "--sample", "march", "--as", "bob", f"--reason={text}", "--script", "-",
              codes=(0, 2, 4))
        heard("replace", case, f"--reason={text}", *leader, codes=(2, 4))


def screens(heard: Heard, world: World) -> Iterator[str]:
    """Everything that the full screen shows of every case."""
    here = replace(world, folder=heard.folder, stdout=io.StringIO(), stderr=io.StringIO())
    with open_sitting(here, open_sample(find_workspace(heard.folder), "march"), "ann") as sitting:
        desk = Desk(sitting.state, sitting.act, here.now, NoDrafts(), "march")
        desk.show_cases()
        yield from (text_of(row) for row in page(desk, Size(80, 400)))
        for case in sitting.state.cases:
            desk.open(case)
            for key in ("i", "x", "l", "x", "c", "f", "f", "u"):
                press(desk, key)
                if desk.writing is not None:
                    yield desk.writing.title
                    desk.leave_box(desk.writing.words)
                yield from (text_of(row) for row in page(desk, Size(100, 40)))
