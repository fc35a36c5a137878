"""`cqa practise`: marks invented cases and tells the worked answer after each mark; nothing is written anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cqa.commands.front import clock, full_screen
from cqa.errors import BadInput, ExitCode, Problem, WrongUse
from cqa.files.practice import Course, Shelf, course_of, shelf_of
from cqa.files.shipped import shipped
from cqa.files.workspace import settings_above, workspace_folder
from cqa.keys import line_by_line, with_own
from cqa.marking.actions import Action
from cqa.marking.practice import Lesson, practice_state
from cqa.marking.session import Outcome, State, step
from cqa.rubric.practice import PracticeCase
from cqa.screen.plain_practice import PracticeSitting, practice_letters
from cqa.screen.printer import Printer, listed
from cqa.screen.typist import NoDrafts, Stop, Typist
from cqa.settings import Settings
from cqa.tree import did_you_mean
from cqa.world import World

STOPPED = "Stopped. This was practice: nothing is kept."


@dataclass(slots=True)
class Practice:
    """One run of `practise`, in memory alone: the state, the lessons by case, and the first mark of each question."""

    state: State
    lessons: dict[str, Lesson]
    world: World
    first: dict[str, dict[str, str]] = field(default_factory=dict)

    def act(self, action: Action) -> Outcome:
        """The outcome of an action. Raises Refused."""
        outcome = step(self.state, action, self.world.stamp())
        self.state = outcome.state
        return outcome

    def papers(self, case_id: str, number: int) -> Iterable[str]:
        """The case file, or one document of it."""
        lesson = self.lessons[case_id]
        return lesson.document(number) if number else lesson.papers()

    def after_mark(self, case_id: str, question_id: str) -> Iterable[str]:
        """The worked answer beside the mark that stands."""
        value = self.state.assessment(case_id).marks[question_id].value
        self.first.setdefault(case_id, {}).setdefault(question_id, value)
        return self.lessons[case_id].remark(question_id, value)

    def closing(self, case_id: str) -> Iterable[str]:
        """What the first marks of a case came to."""
        return self.lessons[case_id].summary(self.state, self.first.get(case_id))

    def so_far(self) -> Iterable[str]:
        """The closing of every case that is begun and not signed off."""
        return (line for case_id in self.first if not self.state.assessment(case_id).signed_at
                for line in self.closing(case_id))


def run(world: World, printer: Printer, case: str, rubric: str, plain: bool) -> int:
    """Practises one case, or every case of a rubric: the named one, else the first that has practice cases.

    Raises WrongUse for an unknown case and where the full screen that the settings ask for cannot be shown, BadInput
    for a rubric or practice file that cannot be used, and where there is nothing to practise.
    """
    courses = _courses(world, printer, rubric)
    course, cases = _chosen(courses, case)
    lessons = {one.case_id: Lesson(course.rubric, one) for one in cases}
    practice = Practice(practice_state(course.rubric, {one.case_id: one.facts for one in cases}), lessons, world)
    introduction = tuple(_introduction(course, cases, courses))
    settings = settings_above(world.folder)
    if full_screen(world, printer, settings, plain):
        return _full(world, printer, practice, settings, (*introduction, ""))
    for line in introduction:
        printer.paragraph(line)
    typist = Typist(world.stdin, world.stdout, NoDrafts(), world.now)
    front = PracticeSitting(practice.state, practice.act, clock(world), typist, practice_letters(settings.keys),
                            line_by_line(settings.keys), practice)
    try:
        front.run(cases[0].case_id)
    except (Stop, KeyboardInterrupt) as ended:
        front.tell(("", *practice.so_far(), STOPPED))
        return ExitCode.STOPPED if isinstance(ended, KeyboardInterrupt) else ExitCode.DONE
    return ExitCode.DONE


def _full(
    world: World, printer: Printer, practice: Practice, settings: Settings, introduction: tuple[str, ...]
) -> int:
    """Practises at the full screen; what the marks came to so far is said when the reviewer leaves."""
    from cqa.screen.console import Console  # noqa: PLC0415 - plain mode needs none of it
    from cqa.screen.desk import Desk  # noqa: PLC0415
    from cqa.screen.desk_hands import MARKING  # noqa: PLC0415

    desk = Desk(practice.state, practice.act, world.now, NoDrafts(), "practice", with_own(settings.keys), practice)
    first = next(iter(practice.lessons))
    desk.open(first)
    desk.read("PRACTICE", (*introduction, *practice.papers(first, 0)))
    Console(desk, MARKING).run()
    for line in (*practice.so_far(), STOPPED):
        printer.paragraph(line)
    return ExitCode.STOPPED if desk.stopped else ExitCode.DONE


def _courses(world: World, printer: Printer, rubric: str) -> Sequence[Course]:
    """What can be practised: the rubric named by its file or its id, else those of the workspace, else the shipped."""
    language = settings_above(world.folder).language
    workspace = workspace_folder(world.folder)
    if rubric and _is_file(world.folder / rubric):
        return (course_of(world.folder / rubric, language),)
    own = shelf_of(workspace / "rubrics", language) if workspace else Shelf((), {})
    if own.courses or own.broken:
        return _on(own, printer, rubric)
    if workspace:
        printer.paragraph("No rubric of this workspace has practice cases, so these are the ones that cqa came with.")
    return _on(shelf_of(shipped("rubrics"), language), printer, rubric)


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that the system does not take is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _on(shelf: Shelf, printer: Printer, rubric: str) -> Sequence[Course]:
    """The courses of a shelf, or the one that is named. Raises BadInput where that cannot be used, or nothing can."""
    for name, error in shelf.broken.items():
        if name.casefold() == rubric.casefold() or not shelf.courses:
            raise error
        printer.paragraph(f"The rubric {name} cannot be used as it is: cqa rubric check says why.")
    if not rubric:
        return shelf.courses
    named = tuple(course for course in shelf.courses if course.rubric.id.casefold() == rubric.casefold())
    if not named:
        raise BadInput(Problem("P010", f"There is no file '{rubric[:80]}', and no rubric of that id has practice "
                               "cases.", did_you_mean(rubric, tuple(course.rubric.id for course in shelf.courses))))
    return named


def _chosen(courses: Sequence[Course], case: str) -> tuple[Course, tuple[PracticeCase, ...]]:
    """The course to practise and its cases; with a case named, the first course that has it and that case alone."""
    if not courses:
        raise BadInput(Problem("P010", "No rubric has practice cases.", "Name one that has: --rubric FILE."))
    if not case:
        return courses[0], courses[0].cases()
    names: list[str] = []
    for course in courses:
        for one in course.cases():
            names.append(one.case_id)
            if one.case_id.casefold() == case.casefold():
                return course, (one,)
    raise WrongUse(Problem("P011", f"There is no practice case '{case[:80]}'.", did_you_mean(case, tuple(names))))


def _introduction(course: Course, cases: Sequence[PracticeCase], courses: Sequence[Course]) -> Iterable[str]:
    rubric = course.rubric
    names = listed([one.case_id for one in cases])
    yield f"Practice on {rubric.title} ({rubric.id} {rubric.version}): {names}."
    yield ("The cases are invented. Read the file, mark as you would a real case, and after each mark the worked "
           "answer is told.")
    others = [other.rubric.id for other in courses if other is not course]
    if others:
        yield f"There is practice for {listed(others)} too: cqa practise --rubric {others[0]}"
