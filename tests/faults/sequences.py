"""Any order of marks, changes, kills, tears and copies, drawn by hypothesis and held against a plain dictionary."""

import itertools
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from cqa.commands.marking.sitting import Sitting, open_sitting
from cqa.commands.records import exit_of, mark_rows, read_record
from cqa.errors import Damaged
from cqa.files.journal import Journal, read_journal
from cqa.files.sample_folder import SampleFolder, read_sample
from cqa.marking.actions import Action, Amend, Clear, Flag, Redo, Reopen, SetFact, SetMark, SignOff, Undo
from cqa.marking.refusals import Refused
from tests.faults.bed import LEVELS, Bed, made
from tests.faults.model import QUESTIONS, Model
from tests.faults.power_cuts import stamp
from tests.faults.result import Result, Row, Size, Tally, sized

STEPS = 25

class Folder(RuleBasedStateMachine):
    """One reviewer, two or three cases, and everything that can happen to the folder between two marks."""

    template: Bed
    drawn: SampleFolder
    place: Path
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.place, ignore_errors=True)
        folder, world = self.template.home.parent, self.template.world
        shutil.copytree(folder, self.place)
        self.bed = Bed(replace(world, home=self.place / "home"),
                       self.place / self.template.sample.relative_to(folder))
        self.folder = replace(self.drawn, path=self.bed.sample)
        facts = _children(self.bed)
        self.cases = self.bed.cases()[:3]
        self.model = Model({case: facts[case] for case in self.cases})
        self.sitting: Sitting | None = None
        self.stack = ExitStack()
        self.count = itertools.count()
        self.tally.tried += 1

    def _open(self) -> Sitting:
        if self.sitting is None:
            self.sitting = self.stack.enter_context(open_sitting(self.bed.world, self.folder, "ann"))
        return self.sitting

    def _close(self) -> None:
        self.stack.close()
        self.sitting = None
        self.model.trail.clear()
        self.model.undone.clear()

    def _act(self, action: Action, allowed: bool) -> bool:
        """Does it; whether it was allowed must be as the model says, and what stands then is looked at."""
        case = action.case_id
        allowed = allowed and case not in self.model.withdrawn
        try:
            self._open().act(action)
        except Refused as refused:
            assert not allowed, (action, refused.code)
            return False
        assert allowed, action
        self.tally.seen["acknowledged"] += 1
        return True

    def _stands(self, case: str) -> None:
        if self.sitting is not None and case not in self.model.withdrawn:
            assessment, slots = self.sitting.state.assessment(case), self.model.slots[case]
            assert assessment.values == {question: slots[question] for question in QUESTIONS if slots.get(question)}
            assert assessment.flagged == (slots.get("flag") == "on")
            assert bool(assessment.signed_at) == self.model.closed(case)

    pick = st.integers(0, 2)

    @rule(which=pick, question=st.sampled_from(QUESTIONS), level=st.sampled_from(LEVELS))
    def mark(self, which: int, question: str, level: str) -> None:
        """A mark with both its texts, which are new each time."""
        case, slots = self.cases[which], self.model.slots[self.cases[which]]
        text = f"text {next(self.count)}"
        allowed = not self.model.closed(case) and self.model.asked(case, question, slots)
        if self._act(SetMark(case, question, level, text, text), allowed):
            self.model.set(case, question, level)
        self._stands(case)

    @rule(which=pick)
    def whole_case(self, which: int) -> None:
        """Everything that is owed, so that sign-offs are met often."""
        for question in QUESTIONS:
            if self.model.asked(self.cases[which], question, self.model.slots[self.cases[which]]):
                self.mark(which, question, "partly_met")
        if not self.model.child[self.cases[which]]:
            self.fact(which, "N")

    @rule(which=pick, question=st.sampled_from(QUESTIONS))
    def clear(self, which: int, question: str) -> None:
        """A mark taken away."""
        case = self.cases[which]
        there = bool(self.model.slots[case].get(question))
        if self._act(Clear(case, question), there and not self.model.closed(case)):
            self.model.set(case, question, None)
        self._stands(case)

    @rule(which=pick, value=st.sampled_from(("Y", "N")))
    def fact(self, which: int, value: str) -> None:
        """A case fact that the export left blank."""
        case = self.cases[which]
        allowed = not self.model.closed(case) and not self.model.child[case]
        if self._act(SetFact(case, "child", value), allowed) and self.model.slots[case].get("child") != value:
            self.model.set(case, "child", value)
        self._stands(case)

    @rule(which=pick)
    def flag(self, which: int) -> None:
        """The flag set, or taken off."""
        case = self.cases[which]
        if self._act(Flag(case), not self.model.closed(case)):
            self.model.set(case, "flag", "off" if self.model.slots[case].get("flag") == "on" else "on")
        self._stands(case)

    @rule(which=pick)
    def undo(self, which: int) -> None:
        """The last change taken back."""
        case = self.cases[which]
        if self._act(Undo(case), not self.model.closed(case) and bool(self.model.trail.get(case))):
            self.model.undo(case)
        self._stands(case)

    @rule(which=pick)
    def redo(self, which: int) -> None:
        """What was taken back, again."""
        case = self.cases[which]
        if self._act(Redo(case), not self.model.closed(case) and bool(self.model.undone.get(case))):
            self.model.redo(case)
        self._stands(case)

    @rule(which=pick)
    def sign_off(self, which: int) -> None:
        """A sign-off: what stands is what counts from now on."""
        case = self.cases[which]
        if self._act(SignOff(case), not self.model.closed(case) and self.model.finished(case)):
            self.model.signed[case] = dict(self.model.slots[case])
            self.model.amending.discard(case)
            self.model.settle(case)
            self.tally.seen["sign-offs"] += 1
        self._stands(case)

    @rule(which=pick)
    def take_back(self, which: int) -> None:
        """A young sign-off taken back."""
        case = self.cases[which]
        if self._act(Reopen(case), self.model.closed(case)):
            del self.model.signed[case]
            self.model.settle(case)
        self._stands(case)

    @rule(which=pick)
    def amend(self, which: int) -> None:
        """An amendment begun: what was signed counts until it is signed again."""
        case = self.cases[which]
        if self._act(Amend(case, "found later"), self.model.closed(case)):
            self.model.amending.add(case)
            self.model.settle(case)
        self._stands(case)

    @rule(what=st.sampled_from(("end", "kill", "kill", "tear", "tear", "copy", "conflict", "damage", "withdraw")),
          number=st.integers(0, 999))
    def between(self, what: str, number: int) -> None:
        """Something happens to the folder between two sittings."""
        if what == "withdraw":
            self._withdraw(self.cases[number % 3])
        elif what == "kill":
            self._kill()
        else:
            self._close()
            path = next(self.bed.marks.glob("ann.*.jsonl"), None)
            if path is not None and what != "end" and (what == "tear" or not read_journal(path).problems):
                deeds = {"tear": self._tear, "copy": self._copy, "conflict": self._part, "damage": self._flip}
                deeds[what](path, number)
        self._read()

    def _withdraw(self, case: str) -> None:
        """A leader withdraws a case; one is always left."""
        self._close()
        if len(self.model.withdrawn) == 2:
            return
        ran = self.bed.run("withdraw", case, "--sample", "march", "--as", "lea", "--reason", "lost",
                           folder=self.bed.workspace)
        assert (ran.code == 0) == (case not in self.model.withdrawn), ran
        self.model.withdrawn.add(case)

    def _kill(self) -> None:
        """The sitting cut off: nothing of what it does at its end is done."""
        kept = {path: path.read_bytes() for path in self._files()}
        self._close()
        for path in self._files():
            path.unlink()
        for path, data in kept.items():
            path.write_bytes(data)
        self.tally.seen["kills"] += 1

    def _files(self) -> list[Path]:
        return [path for place in (self.bed.marks, self.bed.home) for path in place.glob("*") if path.is_file()]

    def _tear(self, path: Path, number: int) -> None:
        """A torn tail, or the last line end gone: neither holds anything acknowledged."""
        data = path.read_bytes()
        junk = (b"{", b'{"at":"2026', bytes(90), b"\xff" * 9, None)[number % 5]
        path.write_bytes(data[:-1] if junk is None and data.endswith(b"\n") else data + (junk or b"x"))
        self.tally.seen["tears"] += 1

    def _copy(self, path: Path, number: int) -> None:
        """A copy of the journal's beginning, or of all of it, as sync clients leave them: it is ignored."""
        lines = path.read_bytes().splitlines(keepends=True)
        some = b"".join(lines[:1 + number % len(lines)])
        path.with_name(f"ann-PC ({next(self.count)}).jsonl").write_bytes(some)
        self.tally.seen["copies"] += 1

    def _part(self, path: Path, number: int) -> None:
        """A copy that goes on where the journal ends, or parts from it: nothing is added until it is gone."""
        before = path.read_bytes()
        lines = before.splitlines(keepends=True)
        copy = path.with_name("conflict.jsonl")
        copy.write_bytes(b"".join(lines[:max(1, len(lines) - number % 3)]))
        with Journal.open(copy, stamp) as journal:
            journal.append({"at": stamp(), "kind": "cleared", "case": self.cases[0], "question": "q1"})
        self._refused("J006")
        assert path.read_bytes() == before
        copy.unlink()
        self.tally.seen["conflicts"] += 1

    def _flip(self, path: Path, number: int) -> None:
        """A flipped bit anywhere but in the last line end: refused until the journal is restored from a copy."""
        data = path.read_bytes()
        hurt = bytearray(data)
        hurt[number * (len(data) - 2) // 999] ^= 1 << number % 8
        path.write_bytes(hurt)
        self._refused("J002")
        path.write_bytes(data)
        self.tally.seen["flips"] += 1

    def _refused(self, code: str) -> None:
        try:
            self._open()
        except Damaged as refusal:
            assert code in {problem.code for problem in refusal.problems}, refusal
            return
        raise AssertionError(f"a journal was opened that is {code}")

    def _read(self) -> None:
        record = read_record(self.folder)
        assert exit_of([record]) == 0, record.problems
        rows = {(row.case_id, row.question): row.mark for row in mark_rows([record])}
        assert rows == self.model.counting(), (rows, self.model.counting())

    def teardown(self) -> None:
        """Whatever happened: what stands at the end is what the model says."""
        self._close()
        self._read()


def _children(bed: Bed) -> dict[str, str]:
    header, *rows = (line.split(",") for line in (bed.sample / "cases.csv").read_text(encoding="utf-8").splitlines())
    return {row[0]: row[header.index("child")] for row in rows}


def run_sequences(size: Size, folder: Path) -> Result:
    """So many sequences of up to 25 deeds."""
    bed, tally = made(folder / "bed"), Tally("sequences", sized(size, 3, 12, 1_000))
    machine: type[Folder] = type("Drawn", (Folder,), {
        "template": bed, "drawn": read_sample(bed.sample), "place": folder / "drawn", "tally": tally})
    try:
        run_state_machine_as_test(machine, settings=settings(
            max_examples=tally.wanted, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate], print_blob=False))
    except AssertionError as error:
        tally.hold(False, "another mark stands, or a deed is wrongly allowed or refused", error)
    tally.never.setdefault("another mark stands, or a deed is wrongly allowed or refused", 0)
    return tally.result()


ROWS = (
    Row("11", "any order of marks, changes, facts, undo and redo, sign-off, taking back, amendment, withdrawal, kills, "
        "tears, copies, conflict copies, flips and new sittings, against a plain dictionary", run_sequences),
)
