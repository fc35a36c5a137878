"""What can go wrong: findings about the user's files, which are values, and refusals, which stop the command."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum, unique
from typing import ClassVar, Literal

Severity = Literal["error", "warning"]


@unique
class ExitCode(IntEnum):
    """What the command reports to whoever called it."""

    DONE = 0
    ANSWER_IS_NO = 1
    WRONG_USE = 2
    BAD_INPUT = 3
    FORBIDDEN = 4
    NOT_SAVED = 5
    IN_USE = 6
    DAMAGED = 7
    FAULT = 70
    STOPPED = 130


EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.ANSWER_IS_NO: "done, and the answer is no: a check found something",
    ExitCode.WRONG_USE: "wrong use, or an unknown or taken name of a sample, case or reviewer",
    ExitCode.BAD_INPUT: "input cannot be used: file missing, empty, unreadable, or with the problems printed",
    ExitCode.FORBIDDEN: "a rule of the scheme forbids it",
    ExitCode.NOT_SAVED: "could not save: says what is safe and what is not",
    ExitCode.IN_USE: "in use by another sitting",
    ExitCode.DAMAGED: "records are damaged or forked, or the rubric, export or journal is not the one recorded",
    ExitCode.FAULT: "a fault in cqa: a log file is named, with no case data in it",
    ExitCode.STOPPED: "stopped with Ctrl-C: every acknowledged mark is kept",
}

# Every code of a problem or a refusal, with what it stands for. A code is never used again for something else.
CODES: dict[str, str] = {
    "C001": "the export is missing or cannot be read",
    "C002": "the export is empty",
    "C003": "the export's bytes fit no encoding",
    "C004": "the export lacks a column",
    "C005": "a row has more or fewer fields than the header",
    "C006": "a quotation mark is opened and never closed, or closed in the wrong place",
    "C007": "a row has no case id",
    "C008": "two rows have one case id",
    "C009": "two case ids differ only in case or outer space",
    "C010": "a column name occurs twice",
    "C011": "rows of one case differ in a column that must be the same",
    "C012": "a collapse rule names no known column or rule",
    "C013": "the export holds a character that no case data should hold",
    "C014": "the rows between two quotation marks run together",
    "C015": "a date column can be read in two ways",
    "C016": "dates in a column are of several forms, or are no dates",
    "C017": "the files of one export have different columns",
    "C018": "two strata would have one name",
    "C019": "a spreadsheet has ruined an id",
    "C020": "a condition or weight of the plan cannot be used",
    "C021": "the export is a workbook that cannot be read",
    "C022": "what was left out of an export, or changed in reading it",
    "C023": "a cell of a workbook holds no value that is certain",
    "C030": "a rating lacks its case, reviewer or question",
    "C031": "one reviewer has two marks on one case and question",
    "C032": "a mark is not on the scale",
    "C033": "what was taken for granted of a scale",
    "C034": "names that may be one",
    "C035": "marks cannot be taken as levels, or as numbers",
    "C036": "there are few pairs of marks, or none",
    "C037": "a table with a column for every reviewer lacks their names",
    "R001": "the rubric is missing or cannot be read",
    "R002": "the file is not UTF-8",
    "R003": "the YAML cannot be parsed",
    "R004": "an anchor, alias or tag is used",
    "R005": "a key stands twice",
    "R006": "the file is too large or too deep",
    "R007": "a key is unknown",
    "R008": "a key is missing",
    "R009": "a value has the wrong form",
    "R010": "an id, key or label stands twice",
    "R011": "a condition names something unknown",
    "R012": "a condition names itself or a later question",
    "R013": "a level is not on the scale",
    "R014": "a descriptor is missing",
    "R015": "points are not in the order of the levels",
    "R016": "a band can never be reached",
    "R017": "a question cannot be reached",
    "R018": "a condition is nested too deep",
    "R019": "a retired or draft part is used",
    "R020": "two samples hold one rubric version with different contents",
    "R021": "a tab indents a line",
    "R022": "a text has to stand in quotation marks",
    "R023": "a text seems to be cut off by a comment",
    "R024": "a word that other programs take for something else",
    "R025": "a text holds a character that cannot be seen",
    "R026": "questions wait for each other in a circle",
    "R027": "a condition always holds",
    "R028": "a condition never holds",
    "R029": "a condition depends on too much to be checked",
    "R030": "a section may come to nothing",
    "R031": "no answer is left to a question",
    "R032": "two levels say the same",
    "R033": "two levels differ only by a word of degree",
    "R034": "a level was never used",
    "R035": "a level was nearly always used",
    "R036": "a question could often not be answered",
    "R037": "a question seems to ask two things",
    "R038": "a vague word",
    "R039": "a question is negative or leads to an answer",
    "R040": "a question about time names no time",
    "R041": "a question is too long",
    "R042": "an abbreviation is not explained",
    "R043": "a question does not say what to look for",
    "R044": "the lowest level owes no place in the file",
    "R045": "a variant names what its parent does not have",
    "R046": "a variant says nothing of a question, or two things",
    "R047": "the levels of a variant are mapped out of order",
    "R048": "the parent of a variant was not found",
    "R049": "a correspondence without a parent",
    "R050": "a text shows a case fact that is never to be shown",
    "R051": "a text seems to name a person or a case",
    "R052": "a text lacks a language",
    "R053": "a warning is allowed that is not there",
    "R054": "an error is allowed",
    "R055": "a rubric is used on cases that it is not for",
    "R056": "levels that are to be compared are not mapped",
    "R057": "a scale that no question uses",
    "R059": "a level's key is a letter",
    "R060": "a rubric would be overwritten",
    "R061": "a live rubric was changed without a new version",
    "R062": "the step of a rubric's version is smaller than its changes ask for",
    "R063": "a golden case came out otherwise than expected",
    "R064": "a live rubric was never approved, or is not as it was approved",
    "R065": "the rubric cannot be approved",
    "R066": "the record of approvals is damaged",
    "R067": "a critical question changes no band",
    "R068": "a critical question fails at its best level",
    "R069": "a case may get no band",
    "R070": "a practice case asks a question that has no worked answer",
    "R071": "a worked answer stands where nothing is asked",
    "R072": "worked answers contradict each other",
    "R073": "a worked answer quotes what the file does not say",
    "R080": "earlier marks cannot be re-scored under the rubric",
    "S001": "no such sample",
    "S002": "the sample's name is taken",
    "S003": "the name cannot be used",
    "S004": "the sample's files are not as they were written",
    "S005": "the draw cannot be derived again",
    "S006": "the assignment cannot be derived again",
    "S007": "the export is not the one recorded",
    "S008": "the frame is not the one recorded",
    "S009": "unknown case",
    "S010": "unknown reviewer, or no assignment for them",
    "S011": "a stratum holds fewer cases than wanted",
    "S012": "second marks leave reviewers unconnected",
    "S013": "a seed was used before",
    "S014": "nobody is free to mark a case",
    "S015": "the seed cannot be used",
    "S016": "the sample has no rubric",
    "S017": "no second marks were drawn",
    "S018": "an option's value cannot be used",
    "S019": "the minimums of an allocation are more than its total",
    "S020": "the plan is fixed",
    "S021": "the export is not the one that was committed to",
    "S022": "there is no reserve left, or the case cannot be replaced",
    "S023": "the reason is no reason to replace a case",
    "S024": "strata have names that may mean the same",
    "S025": "a case is so heavy that it is all but certain to be drawn",
    "S026": "marks of a case that was replaced count nowhere",
    "S027": "a stratum with cases to draw from gives none",
    "S028": "an allocation has no failure rate of a stratum",
    "S029": "the case cannot be withdrawn",
    "S030": "the case cannot be handed on",
    "S031": "marks of a case that was withdrawn or handed on count nowhere",
    "S032": "cases were withdrawn after they had been signed off",
    "S033": "the sample cannot be moved to that version of its rubric",
    "S034": "the sample's rubric is not the workspace's, or was moved",
    "S035": "the sample is a take, for marking only",
    "S036": "columns that are never shown were left out when the sample was packed",
    "S037": "the sample is retired, or is to be",
    "S038": "the record of a retired sample is not as it was written, or its retirement was cut off",
    "S040": "two outputs would be one file",
    "S070": "somebody cannot mark the case as well",
    "S071": "a calibration case cannot be brought in",
    "S072": "a dip-sample cannot be drawn",
    "S073": "reviewers are not cleared on calibration cases",
    "S080": "a trial cannot be designed so",
    "S081": "too few are free to mark a case of a trial",
    "S082": "somebody marks a case under both forms of a trial",
    "S083": "the cases of a trial are spread unevenly",
    "S084": "common cases do not connect the reviewers of a trial",
    "S085": "a trial's two samples do not belong together",
    "S086": "a trial is marked in another order",
    "S087": "somebody marks by one form of a trial alone",
    "S041": "Parquet needs pyarrow",
    "S050": "nobody is of that unit",
    "S051": "cases that the plan counts for nobody",
    "J001": "a torn last line, never acknowledged",
    "J002": "a damaged line",
    "J003": "a line is missing, doubled or moved",
    "J004": "a journal cannot be written",
    "J005": "the journal is in use",
    "J006": "two journals of one device part ways",
    "J007": "the journal belongs to another sample or rubric",
    "J008": "another program changed the line ends",
    "J009": "two marks stand for one question",
    "J010": "a line of the script is not JSON",
    "J011": "the journal is shorter than this device remembers",
    "J012": "a sign-off names events that are not here",
    "J013": "the case is signed off already",
    "J014": "the case is not signed off",
    "J016": "a journal is not as an anchor says",
    "J017": "a file holds no anchor, or one of another sample",
    "J018": "journals of marks can be read by others",
    "J020": "a journal that was brought back belongs to no sample or reviewer here",
    "J021": "a journal that was brought back is damaged, or cannot be read",
    "J022": "nothing that can be collected was found",
    "J023": "of a journal that was brought back the last line was never finished",
    "J028": "a text of a journal holds half a character",
    "J030": "nobody moderates a case that they marked themselves",
    "J031": "a case is moderated only when everyone who marks it has signed it off",
    "J032": "a case without a second marker holds nothing to compare",
    "J033": "the case is not marked in the sample any more",
    "J034": "a case was amended after it was settled",
    "S060": "whoever is still to mark a case is shown nothing of it",
    "S061": "nobody moderates their own work",
    "S063": "a case was moderated by somebody who marks it",
    "J040": "a case is not signed off by everyone who marks it, so there is no feedback on it yet",
    "J041": "feedback on one's own case, or a decision on one's own marks",
    "J042": "a case that whoever asks is still to mark",
    "J043": "what is recorded of feedback cannot have happened in that order",
    "J044": "feedback was not written, or not given, yet",
    "J045": "the marks were changed since the sheet of feedback, or the moderation, was made",
    "J046": "there is no reply to decide on, or a reply is to a question that is not on the sheet",
    "J047": "there is no such action, or it cannot be looked for there",
    "J048": "whose work a case shows is not known",
    "J049": "the markers of a case that is fed back on differ, and moderation has not settled it",
    "W001": "the workbook cannot be written",
    "W010": "the clock of a device went back between two lines of a journal",
    "W011": "cases are not signed off, or a reviewer has no journal here",
    "W012": "something that the evidence of a sample would need is not in it",
    "W020": "a reply cannot be read",
    "W021": "a reply is to another sheet of feedback",
    "W022": "a cell of a sheet of feedback was changed",
    "W023": "an answer of a reply is not complete",
    "W026": "a sheet of feedback is written anew over replies that nobody decided on",
    "W027": "feedback was given with the marks alone",
    "P001": "no workspace here",
    "P002": "a setting has the wrong form",
    "P003": "the folder is not empty",
    "P004": "a file cannot be written",
    "P005": "nobody is named",
    "P006": "people.csv cannot be used",
    "P007": "a fault in cqa",
    "P008": "the full screen cannot be shown",
    "P010": "there are no practice cases",
    "P011": "unknown practice case",
    "P012": "a record would be too large to be read again",
    "P013": "a path that no file can have",
    "P014": "a case id is too long",
    "P015": "letters.csv cannot be used",
    "P020": "the holidays of the settings lie in the past",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding about the user's files: where, what is wrong, and what to do. Lines and columns count from 1.

    `acknowledged` is the reason for which the file itself lets a warning stand.
    """

    code: str
    message: str
    remedy: str = ""
    where: str = ""
    line: int | None = None
    column: int | None = None
    severity: Severity = "error"
    acknowledged: str = ""

    def as_json(self) -> dict[str, object]:
        """The problem under the stable names of the JSON contract; `acknowledged` only where a reason is given."""
        told = asdict(self)
        return told if self.acknowledged else {key: value for key, value in told.items() if key != "acknowledged"}

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.where, self.line, self.column) if part not in ("", None))
        told = f"{self.code} {self.message} {self.remedy}".rstrip()
        return f"{place} {told}" if place else told

    def at(self, where: str, line: int | None = None) -> "Problem":
        """The same problem at a place."""
        return replace(self, where=where, line=line)


def only_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a command; warnings are left out."""
    return tuple(problem for problem in problems if problem.severity == "error")


SHOWN = 10
"""How many problems of one kind are listed before the rest are counted."""


@dataclass(slots=True)
class Findings:
    """Problems as they are found in a file of any length: the first ten of each code are kept, the rest counted."""

    kept: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Keeps the problem, or counts it."""
        self.counts[problem.code] = self.counts.get(problem.code, 0) + 1
        if self.counts[problem.code] <= SHOWN:
            self.kept.append(problem)

    def problems(self) -> list[Problem]:
        """The kept problems in their order; the last of a code that has more says how many more."""
        last = {problem.code: place for place, problem in enumerate(self.kept)}
        return [
            replace(problem, message=f"{problem.message} (And {self.counts[problem.code] - SHOWN} more of this kind.)")
            if last[problem.code] == place and self.counts[problem.code] > SHOWN else problem
            for place, problem in enumerate(self.kept)
        ]

    def stop(self) -> None:
        """Raises BadInput when anything was found."""
        if self.kept:
            raise BadInput(self.problems())


def shortened(problems: Iterable[Problem]) -> list[Problem]:
    """The first ten problems of each code in their order; the tenth says how many more there are."""
    findings = Findings()
    for problem in problems:
        findings.add(problem)
    return findings.problems()


class CqaError(Exception):
    """A refusal that stops the command. The class carries the exit code; the problems say why."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_INPUT

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class WrongUse(CqaError):
    """An option, or the name of a sample, case or reviewer, is unknown, taken or of the wrong form."""

    exit_code = ExitCode.WRONG_USE


class BadInput(CqaError):
    """A file cannot be used as it is; every problem found in it is carried."""

    exit_code = ExitCode.BAD_INPUT


class Forbidden(CqaError):
    """A rule of the scheme forbids what was asked."""

    exit_code = ExitCode.FORBIDDEN


class NotSaved(CqaError):
    """The disk refused; the message says what is safe and what is not."""

    exit_code = ExitCode.NOT_SAVED


class InUse(CqaError):
    """Another sitting holds the journal."""

    exit_code = ExitCode.IN_USE


class Damaged(CqaError):
    """A record is damaged, forked, or not the one that was recorded."""

    exit_code = ExitCode.DAMAGED
