"""`cqa practise`: the same marking over invented cases, the worked answer after each mark, and nothing kept."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from cqa.commands.marking import practise
from cqa.files.practice import course_of
from cqa.files.shipped import shipped
from cqa.rubric.model import Rubric
from cqa.rubric.practice import PracticeCase
from cqa.screen.printer import Printer
from cqa.world import World
from tests.casework import Ran, Run
from tests.practised import PRACTICE, changed, put_practice

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "practise.txt"
CASES = ["prosecution", "prosecution-short", "complaints"]
LENIENT_SHORT = ("1", "1", "", "", "1", "s", "note")


@pytest.fixture
def small(workspace: Path) -> Path:
    """A workspace whose small rubric, at its top, has a practice case."""
    put_practice(workspace)
    return workspace


def practised(run: Run, folder: Path | None, *arguments: str, typed: tuple[str, ...]) -> Ran:
    return run("practise", *arguments, typed="".join(f"{line}\n" for line in typed), folder=folder)


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
            for path in sorted(folder.rglob("*"))}


def keys(rubric: Rubric, case: PracticeCase) -> list[str]:
    """What a reviewer types who gives every worked answer, with a reason and a place wherever they are owed."""
    typed = []
    for name, worked in case.answers.items():
        question = rubric.by_id[name]
        level = question.scale.level(worked.mark) if question.scale else None
        chosen = str(question.choices.index(worked.mark) + 1) if question.choices else f".{worked.mark}"
        typed.append(level.key if level else chosen)
        for text in (level.needs if level else ()):
            typed.extend([f"my {text}", ""])
    return [*typed, "s", case.case_id]


def test_a_short_case_reads_as_it_should(run: Run, small: Path) -> None:
    ran = practised(run, small, "--rubric", "small.yaml", "--plain",
                    typed=("?", "1", "1", "p 2", "3", "too late", "", "page 1", "", "s", "note"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_shipped_case_can_be_gone_through_and_its_worked_answers_are_all_equal(run: Run, name: str) -> None:
    course = course_of(shipped("rubrics") / f"{name}.yaml", "en-GB")
    typed = [key for case in course.cases() for key in keys(course.rubric, case)]
    ran = practised(run, None, "--rubric", name, typed=tuple(typed))
    assert ran.code == 0 and "That was every practice case of this run." in ran.out
    for case in course.cases():
        words = sum(not course.rubric.by_id[name].answers for name in case.answers)
        count = len(case.answers) - words
        told = " ".join(ran.out.split())
        assert (f"Case {case.case_id} beside the worked answers, {count} marks: the same {count}, defensible 0, higher "
                "0, lower 0.") in told
        assert ran.out.count("Yours is the same.") >= count


def test_a_lenient_reviewer_is_told_so_and_gets_no_score(run: Run, small: Path) -> None:
    ran = practised(run, small, "--rubric", "small.yaml", typed=("1", "1", "1", "s", "note"))
    out = " ".join(ran.out.split())
    assert "the same 1, defensible 0, higher 2, lower 0." in out and "Most of what differs is marked higher" in out
    assert "% of the points" not in out and "Fine" not in out and "saved" not in out.replace("was saved", "")


def test_marking_everything_at_the_best_level_is_met_with_the_traps_of_the_shipped_case(run: Run) -> None:
    ran = practised(run, None, "bus-station", typed=(*["1"] * 18, "s", "bus-station"))
    out = " ".join(ran.out.split())
    assert "18 marks: the same 11, defensible 0, higher 4, lower 0, one off the scale 3." in out
    assert "Most of what differs is marked higher" in out
    for question, right in (("CH2", "Partly met"), ("CH5", "Partly met"), ("VW3", "Partly met"), ("GR4", "Not met")):
        assert f"{question}: you marked Fully met; the worked answer is {right}." in out


def test_nothing_is_written_anywhere(run: Run, small: Path, world: World) -> None:
    around = world.folder.parent
    before = everything(around)
    assert practised(run, small, "--rubric", "small.yaml", typed=("1", "3", "half a reason")).code == 0
    assert practised(run, small, "--rubric", "small.yaml", "--plain", typed=LENIENT_SHORT).code == 0
    assert practised(run, None, typed=("1", "u", "r", "f", "q")).code == 0
    assert practised(run, small, "nowhere", typed=()).code == 2
    assert everything(around) == before and not world.home.exists()


def test_it_needs_no_workspace_and_names_the_other_rubrics(run: Run, world: World) -> None:
    ran = practised(run, None, typed=("q",))
    out = " ".join(ran.out.split())
    assert ran.code == 0 and "(prosecution 1.0): bus-station and market-hall." in out
    assert "There is practice for complaints and prosecution-short too: cqa practise --rubric complaints" in out
    assert "Stopped. This was practice: nothing is kept." in out and not list(world.folder.iterdir())


def test_a_case_may_be_named_alone_from_any_rubric_and_in_any_case(run: Run) -> None:
    ran = practised(run, None, "Blocked-Drain", typed=("q",))
    assert ran.code == 0 and "(complaints 0.1): blocked-drain." in " ".join(ran.out.split())
    assert "Case 1 of 1, blocked-drain." in ran.out and "bus-station" not in ran.out


def test_an_unknown_case_and_an_unknown_rubric_are_told_what_there_is(run: Run) -> None:
    case, rubric = practised(run, None, "bus-stop", typed=()), practised(run, None, "--rubric", "complain", typed=())
    assert case.code == 2 and "P011" in case.err and "bus-station" in case.err and not case.out
    assert rubric.code == 3 and "P010" in rubric.err and "Did you mean complaints" in rubric.err
    assert practised(run, None, "bus-station", "--rubric", "complaints", typed=()).code == 2


def test_in_a_workspace_its_own_rubrics_are_practised(run: Run, workspace: Path) -> None:
    (workspace / "rubrics" / "practice" / "prosecution.yaml").unlink()
    ran = practised(run, workspace / "samples", typed=("q",))
    assert ran.code == 0 and "(complaints 0.1): blocked-drain." in " ".join(ran.out.split())
    assert "There is practice for prosecution-short too" in ran.out and "prosecution 1.0" not in ran.out


def test_a_workspace_from_before_there_was_practice_gets_the_shipped_cases_and_is_told(
    run: Run, workspace: Path
) -> None:
    for path in (workspace / "rubrics" / "practice").iterdir():
        path.unlink()
    ran = practised(run, workspace, typed=("q",))
    assert ran.code == 0 and "No rubric of this workspace has practice cases" in ran.out and "bus-station" in ran.out


def test_a_rubric_that_is_being_edited_does_not_stop_practice_on_the_others(run: Run, workspace: Path) -> None:
    (workspace / "rubrics" / "complaints.yaml").write_text("format: cqa-rubric/1\nid: [\n", encoding="utf-8")
    ran = practised(run, workspace, typed=("q",))
    assert ran.code == 0 and "The rubric complaints cannot be used as it is" in ran.out and "bus-station" in ran.out
    named = practised(run, workspace, "--rubric", "complaints", typed=())
    assert named.code == 3 and "complaints.yaml:" in named.err


def test_a_rubric_named_by_its_file_needs_practice_cases_beside_it(run: Run, workspace: Path) -> None:
    ran = practised(run, workspace, "--rubric", "small.yaml", typed=())
    assert ran.code == 3 and "P010" in ran.err and "practice/small.yaml" in ran.err


def test_worked_answers_that_no_longer_fit_the_rubric_are_told_before_anything_is_asked(
    run: Run, small: Path
) -> None:
    put_practice(small, changed("mark: not_met", "mark: never").replace('{child: "yes"}', "{child: maybe}"))
    ran = practised(run, small, "--rubric", "small.yaml", typed=())
    assert ran.code == 3 and "R013" in ran.err and "R008" in ran.err and "small.yaml:6:" in ran.err and not ran.out


def test_a_mark_that_is_changed_after_the_worked_answer_counts_as_it_was_first(run: Run, small: Path) -> None:
    ran = practised(run, small, "--rubric", "small.yaml", typed=(
        "3", "r", "", "e", "", "b", "1", "2", "r", "", "1", "u", "3", "r", "", "e", "", "s", "note"))
    out = " ".join(ran.out.split())
    assert "What counts here is your first mark" in out and "q1: you marked Not met" in out, out


def test_what_was_marked_so_far_is_summed_up_when_the_reviewer_stops(run: Run, small: Path) -> None:
    ran = practised(run, small, "--rubric", "small.yaml", typed=("1", "1", "q"))
    assert "2 marks: the same 1, defensible 0, higher 1, lower 0." in " ".join(ran.out.split())


def test_ctrl_c_stops_with_130_and_without_a_claim_that_something_is_kept(small: Path, world: World) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            raise KeyboardInterrupt

    inside = replace(world, folder=small, stdin=Interrupted())
    assert practise.run(inside, Printer(inside), "", "small.yaml", plain=True) == 130
    assert "Stopped. This was practice: nothing is kept." in inside.stdout.getvalue()  # type: ignore[attr-defined]


def test_the_texts_that_a_mark_owes_come_before_the_worked_answer(run: Run, small: Path) -> None:
    out = practised(run, small, "--rubric", "small.yaml", typed=("3", "because", "", "page 1", "", "q")).out
    assert out.index("Evidence needed") < out.index("Evidence noted.") < out.index("The worked answer: Fully met.")


def test_practice_for_a_case_of_two_goes_on_to_the_second(run: Run, small: Path) -> None:
    second = PRACTICE[PRACTICE.index("  - case"):].replace("case: note", "case: letter")
    put_practice(small, PRACTICE + second)
    ran = practised(run, small, "--rubric", "small.yaml", typed=("1", "1", "1", "s", "note", "q"))
    assert "Case 1 of 2, note." in ran.out and "Case 2 of 2, letter." in ran.out
