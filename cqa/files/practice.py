"""Practice files: found beside the rubrics of a folder, and read against the rubric they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.rubrics import MOST_FILES, read_rubric
from cqa.files.yaml_tree import read_tree
from cqa.rubric.model import Rubric
from cqa.rubric.practice import PracticeCase, read_practice

PRACTICE = "practice"
"""The folder beside a rubric in which its practice cases lie, under its id."""
_FIRST = ("live", "trial", "draft")


@dataclass(frozen=True, slots=True)
class Course:
    """A rubric that can be practised: its texts in `language`, and the file of its practice cases."""

    rubric: Rubric
    file: Path
    language: str

    def cases(self) -> tuple[PracticeCase, ...]:
        """The practice cases. Raises BadInput with every problem of the file."""
        cases, problems = self.checked()
        if problems:
            raise BadInput(problems)
        return cases

    def checked(self) -> tuple[tuple[PracticeCase, ...], tuple[Problem, ...]]:
        """The practice cases, and where they do not fit the rubric. Raises BadInput for what is no YAML."""
        return read_practice(read_tree(self.file)[0], self.rubric, str(self.file), self.language)


def practice_file(path: Path, rubric: Rubric) -> Path:
    """Where the practice cases of the rubric in the file `path` are kept; they need not be there."""
    return path.parent / PRACTICE / f"{rubric.id}.yaml"


def course_of(path: Path, language: str) -> Course:
    """The practice beside a rubric's file. Raises BadInput for the rubric, and where there is no practice file."""
    rubric = read_rubric(path, language).rubric
    file = practice_file(path, rubric)
    if not file.is_file():
        raise BadInput(Problem("P010", f"The rubric '{rubric.id}' has no practice cases: {PRACTICE}/{file.name} is not "
                               "beside it.", "Name another rubric, or write some: the shipped ones show how.",
                               str(path)))
    return Course(rubric, file, language)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be practised in a folder, and the rubrics that would be there if they could be read: id to why not."""

    courses: tuple[Course, ...]
    broken: Mapping[str, BadInput]


def shelf_of(folder: Path, language: str) -> Shelf:
    """Every rubric of a folder that has practice cases: live ones first, then by name; a retired one never.

    A file that is no rubric is passed over, unless a practice file goes by its name: then it counts as broken.
    """
    practised = {path.stem.casefold() for path in (folder / PRACTICE).glob("*.yaml")}
    found: dict[str, Course] = {}
    broken: dict[str, BadInput] = {}
    for path in sorted(folder.glob("*.yaml"))[:MOST_FILES] if practised else ():
        try:
            course = course_of(path, language)
        except BadInput as error:
            if path.stem.casefold() in practised:
                broken[path.stem] = error
            continue
        if course.rubric.status in _FIRST:
            found.setdefault(course.rubric.id.casefold(), course)
    ordered = sorted(found.values(), key=lambda course: _FIRST.index(course.rubric.status))
    return Shelf(tuple(ordered), {name: error for name, error in broken.items() if name.casefold() not in found})
