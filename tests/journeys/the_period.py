"""One whole period under way: who gives which mark on which day, who is still to mark what, and what they can see."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.casework import Clock, running_in, world_at
from tests.journeys.blind_sweep import in_files, looked_up, of_case, token, tokens
from tests.journeys.hand_count import ANSWERS, Given
from tests.journeys.period_world import write_files


class Period:
    """One period under way: it runs command lines at days of its choice, and knows who is still to mark what.

    After every step what a reviewer can see is searched for others' texts of cases that they are still to mark:
    `leaks` holds what was found, `searched` how many outputs were.
    """

    def __init__(self, place: Path, given: Sequence[Given]) -> None:
        self.world = world_at(place)
        self.run = running_in(self.world)
        self.root = self.world.folder / "work"
        assert self.run("init", "work").code == 0
        write_files(self.root)
        self.given = given
        self.owed: dict[str, set[str]] = defaultdict(set)
        self.written: Counter[tuple[str, str]] = Counter()
        self.searched_for: dict[tuple[str, str], Counter[str]] = {}
        self.leaks: list[tuple[str, str, str]] = []
        self.searched: Counter[str] = Counter()
        self.kept: dict[str, Any] = {}
        self.takes = 0

    def on(self, day: str) -> None:
        """From now on it is nine in the morning of that day (UTC)."""
        assert isinstance(self.world.now, Clock)
        self.world.now.time = datetime.fromisoformat(f"{day}T09:00:00+00:00")

    def does(self, *words: str, code: int = 0, typed: str = "") -> str:
        """What one command line that ends with this code says on standard output."""
        ran = self.run(*words, typed=typed, folder=self.root)
        assert ran.code == code, (words, ran)
        return ran.out

    def told(self, *words: str) -> Any:
        """What one command line gives as JSON."""
        return json.loads(self.does(*words, "--json"))

    def draw(self, sample: str, seed: str, take: int, reviewers: str, second: str) -> None:
        """Draws a sample from the export of its name, and notes who is to mark what."""
        told = self.told("draw", f"{sample}.csv", "--sample", sample, "--id", "case_id", "--by", "unit", "--take",
                         str(take), "--seed", seed, "--rubric", "period.yaml", "--handled-by", "handler",
                         "--reviewers", reviewers, "--second", second)
        for case in told["cases"]:
            for who in (case["reviewer"], case["second_reviewer"]):
                if who and case["role"] == "main":
                    self.owed[who].add(case["case_id"])
        self.kept[sample] = told["cases"]

    def marks(self, day: str, sample: str = "spring") -> None:
        """Everyone gives the marks that the table has for that day."""
        self.on(day)
        todays = [one for one in self.given if one.day == day]
        for who in dict.fromkeys(one.who for one in todays):
            self._give([one for one in todays if one.who == who], "assess", "--sample", sample, "--as", who)

    def says_urgent(self, case_id: str, who: str) -> None:
        """Somebody raises an urgent concern on a case of theirs."""
        line: dict[str, object] = {"case": case_id, "urgent": f"{token(who, case_id)} cannot wait"}
        out = self.does("assess", "--sample", "spring", "--as", who, "--script", "-", typed=_typed([line]))
        assert json.loads(out)["saved"], out

    def hands(self, case_id: str, reserve: str, who: str) -> None:
        """Somebody marks a reserve from now on in place of a case."""
        self.owed[who].discard(case_id)
        self.owed[who].add(reserve)

    def amends(self, day: str, case_id: str, reason: str) -> None:
        """Somebody changes signed marks to those of the table, and signs again."""
        self.on(day)
        one, = (one for one in self.given if (one.day, one.case_id) == (day, case_id))
        self._give([one], "amend", case_id, "--sample", "spring", "--as", one.who, "--reason", reason)

    def _give(self, given: Sequence[Given], *words: str) -> None:
        lines: list[dict[str, object]] = []
        for one in given:
            text = token(one.who, one.case_id)
            lines += [{"case": one.case_id, "question": name, "mark": ANSWERS[letter], "reason": f"{text} says why",
                       "evidence": f"page 2, {text}"} for name, letter in one.marks.items()]
            lines += [{"case": one.case_id, "do": "sign_off"}] if one.signed else []
            self.written[one.who, one.case_id] += 1
        answers = [json.loads(line) for line in self.does(*words, "--script", "-", typed=_typed(lines)).splitlines()]
        assert all(answer["saved"] for answer in answers), answers
        for one in given:
            if one.signed:
                self.owed[one.who].discard(one.case_id)

    def moderates(self, case_id: str, *agreed: tuple[str, str, str], settle: bool = True, reference: bool = False,
                  **more: object) -> list[Any]:
        """Somebody agrees on marks, each as question, letter and cause, and settles the case."""
        who, sample = ("lena", "winter") if reference else ("max", "spring")
        lines: list[dict[str, object]] = [
            {"case": case_id, "question": question, "agreed": ANSWERS[letter], "reason": f"{token(who, case_id)} so",
             **({"cause": cause} if cause else {}), **more} for question, letter, cause in agreed]
        lines += [{"case": case_id, "do": "settle"}] if settle else []
        self.written[who, case_id] += 1
        out = self.does("moderate", "--sample", sample, "--as", who, *(("--reference",) if reference else ()),
                        "--script", "-", typed=_typed(lines))
        answers = [json.loads(line) for line in out.splitlines()]
        assert all(answer["saved"] for answer in answers), answers
        return answers

    def assigns(self, *words: str) -> Any:
        """Lena gives cases to people; who is to mark what is noted."""
        told = self.told("assign", *words, "--sample", "spring", "--as", "lena", "--reason", "as the scheme says")
        if "given" in told:
            for who, cases in told["given"].items():
                self.owed[who].update(cases)
        for one in (*told.get("cases", ()), *told.get("drawn", ())):
            self.owed[one.get("to", told.get("to"))].add(one["case"])
            if "from" in one:
                self.owed[one["from"]].discard(one["case"])
        return told

    def feeds_back(self, case_id: str, *words: str, code: int = 0) -> str:
        """One `cqa feedback` of lena's."""
        self.written["lena", case_id] += 1
        return self.does("feedback", case_id, "--sample", "spring", "--as", "lena", *words, code=code)

    def writes_sheet(self, case_id: str, *words: str) -> str:
        """Lena writes what was good of a case, and that nothing is to be done."""
        return self.feeds_back(case_id, "--strength", f"{token('lena', case_id)} was good.", "--none", "All is well.",
                               *words)

    def replies(self, case_id: str, **answers: tuple[str, str]) -> str:
        """The handler fills in the workbook that they got, and it is read back."""
        ticket = next(case["ticket"] for case in self.kept["spring"] if case["case_id"] == case_id)
        book = load_workbook(self.root / "samples" / "spring" / "books" / f"feedback-{ticket[:12]}.xlsx")
        rows = {cell.value: cell.row for cell in book["Your reply"]["A"]}
        for question, (answer, words) in answers.items():
            book["Your reply"][f"D{rows[question]}"] = answer
            book["Your reply"][f"E{rows[question]}"] = f"{words} {token('handler', case_id)}" if words else ""
        self.written["handler", case_id] += 1
        book.save(self.root / "reply.xlsx")
        return self.feeds_back(case_id, "--reply", "reply.xlsx")

    def search(self, step: str, *, files: bool = False) -> None:
        """Looks at everything that those who are still to mark a case can see, and at what they can see of the case
        itself where something was written of it since that was last looked at; with `files` also at their books, made
        anew, and at a folder of theirs to take away."""
        if files:
            self.does("report", "spring")
            told = self.run("verify", "--json", folder=self.root)
            assert not tokens(told.out + told.err), "verify is the same for everyone, and needs nobody's texts"
        for who, cases in self.owed.items():
            blind = {case_id: found for case_id in sorted(cases) if (found := self._of_others(case_id, who))}
            seen = list(looked_up(self.run, self.root, who, blind, thorough=files)) if blind else []
            for case_id, found in blind.items():
                if self.searched_for.get((who, case_id)) != found:
                    self.searched_for[who, case_id] = found
                    seen += of_case(self.run, self.root, who, case_id, thorough=files)
            if files and blind:
                self.takes += 1
                self.does("take", who, "--sample", "spring", "--to", f"../take-{self.takes}")
                seen += in_files(self.world.folder / f"take-{self.takes}")
            for where, text in seen:
                self.searched[step] += 1
                self.leaks += [(step, f"{who}: {where}", token(*found)) for found in sorted(tokens(text))
                               if found[1] in cases and found[0] != who]

    def _of_others(self, case_id: str, who: str) -> Counter[str]:
        """How often who else has written something of a case."""
        return Counter({other: times for (other, case), times in self.written.items() if case == case_id
                        and other != who})


def _typed(lines: Sequence[dict[str, object]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)
