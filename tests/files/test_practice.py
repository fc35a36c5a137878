"""Which rubrics of a folder can be practised."""

import re
from pathlib import Path

import pytest

from cqa.errors import BadInput
from cqa.files.practice import course_of, shelf_of
from cqa.files.shipped import shipped
from tests.casework import RUBRIC
from tests.practised import PRACTICE, changed, put_practice


def put_rubric(folder: Path, name: str, status: str = "trial", rubric_id: str = "") -> None:
    text = RUBRIC.replace("id: small", f"id: {rubric_id or name}", 1).replace("status: trial", f"status: {status}")
    # A live rubric says what each level means.
    text = re.sub(r"ask: (Was [a-z ]+)", r"ask: \1, levels: {fully_met: all, partly_met: some, not_met: none}", text)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
    put_practice(folder, PRACTICE.replace("rubric: small", f"rubric: {rubric_id or name}"),
                 f"{rubric_id or name}.yaml")


def test_the_shipped_ones_begin_with_the_live_one() -> None:
    shelf = shelf_of(shipped("rubrics"), "en-GB")
    assert shelf.courses[0].rubric.id == "prosecution" and not shelf.broken
    assert len(shelf.courses) == 3 and all(course.cases() for course in shelf.courses)


def test_live_ones_come_first_then_trials_and_drafts_and_retired_ones_never(tmp_path: Path) -> None:
    for name, status in (("a", "draft"), ("b", "retired"), ("c", "trial"), ("d", "live"), ("e", "trial")):
        put_rubric(tmp_path, name, status)
    assert [course.rubric.id for course in shelf_of(tmp_path, "").courses] == ["d", "c", "e", "a"]


def test_the_practice_goes_by_the_rubrics_id_whatever_its_file_is_called(tmp_path: Path) -> None:
    put_rubric(tmp_path, "my-rubric", rubric_id="small")
    (course,) = shelf_of(tmp_path, "").courses
    assert course.file == tmp_path / "practice" / "small.yaml" and course.cases()[0].case_id == "note"


def test_what_is_no_rubric_or_has_no_practice_is_passed_over(tmp_path: Path) -> None:
    put_rubric(tmp_path, "small")
    (tmp_path / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "bare.yaml").write_text(RUBRIC.replace("id: small", "id: bare", 1), encoding="utf-8")
    shelf = shelf_of(tmp_path, "")
    assert [course.rubric.id for course in shelf.courses] == ["small"] and not shelf.broken
    assert shelf_of(tmp_path / "nowhere", "").courses == ()


def test_a_broken_rubric_that_has_practice_is_kept_with_what_is_wrong(tmp_path: Path) -> None:
    put_rubric(tmp_path, "small")
    (tmp_path / "small.yaml").write_text("format: cqa-rubric/1\n", encoding="utf-8")
    shelf = shelf_of(tmp_path, "")
    assert not shelf.courses and {problem.code for problem in shelf.broken["small"].problems} == {"R008"}


def test_a_rubric_without_practice_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(RUBRIC, encoding="utf-8")
    with pytest.raises(BadInput, match=r"P010 .*practice/small\.yaml is not beside it"):
        course_of(tmp_path / "small.yaml", "")


def test_every_problem_of_a_practice_file_is_raised_with_the_file(tmp_path: Path) -> None:
    put_rubric(tmp_path, "small")
    put_practice(tmp_path, changed("mark: not_met", "mark: no").replace("also: not_met", "also: never"))
    with pytest.raises(BadInput) as refused:
        course_of(tmp_path / "small.yaml", "").cases()
    assert [(problem.code, Path(problem.where).name) for problem in refused.value.problems] == [
        ("R013", "small.yaml"), ("R013", "small.yaml")]
