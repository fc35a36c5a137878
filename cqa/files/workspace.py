"""The workspace on disk: where it begins, what may be named how, and who is in people.csv."""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from cqa.errors import BadInput, Problem, WrongUse
from cqa.files.yaml_tree import read_tree
from cqa.sampling.pairing import Person
from cqa.settings import Settings, read_settings

SETTINGS_FILE = "cqa.yaml"
PEOPLE_FILE = "people.csv"
RETIRED = "retired"
"""The folder of a workspace that holds the records of retired samples."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
_PEOPLE_COLUMNS = ("person", "name", "role", "unit", "manager", "conflicts")


def is_name(name: str) -> bool:
    """Whether a sample or person may be called so: whether it could be a file's name on every system."""
    return bool(_NAME.fullmatch(name)) and not name.endswith(".") and name.partition(".")[0].casefold() not in _DEVICES


def checked_name(name: str, what: str) -> str:
    """A name of a sample or person as typed. Raises WrongUse when it could not be a file name on every system."""
    if is_name(name):
        return name
    raise WrongUse(Problem("S003", f"'{name[:80]}' cannot be the name of a {what}.",
                           "Use up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or "
                           "digit, and no device name such as NUL."))


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with cqa.yaml: its settings, its people, and the places of its parts."""

    root: Path
    settings: Settings
    people: tuple[Person, ...]

    @property
    def samples(self) -> Path:
        """Where the samples are kept."""
        return self.root / "samples"

    @property
    def reports(self) -> Path:
        """Where consistency reports are written."""
        return self.root / "reports"

    def sample_folder(self, name: str) -> Path:
        """The folder of a sample, by its name in lower case; it need not exist. Raises WrongUse for a bad name."""
        return self.samples / checked_name(name, "sample").casefold()

    def sample_names(self) -> tuple[str, ...]:
        """The folders under `samples` that hold a drawn sample."""
        return tuple(name for name in self.folder_names() if (self.samples / name / "sample.yaml").is_file())

    def folder_names(self) -> tuple[str, ...]:
        """Every folder under `samples`, also of samples that are planned, or damaged beyond reading."""
        try:
            return tuple(sorted(path.name for path in self.samples.iterdir()
                                if path.is_dir() and not path.name.startswith(".")))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise BadInput(_unreadable("P004", self.samples, error)) from error


def find_workspace(start: Path) -> Workspace:
    """The workspace of the nearest folder upwards from `start` that holds cqa.yaml. Raises BadInput when none does."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return open_workspace(folder)
    raise BadInput(Problem("P001", f"There is no {SETTINGS_FILE} here or in any folder above.",
                           "Go to your workspace, or start one with: cqa init", str(start)))


def workspace_folder(start: Path) -> Path | None:
    """The folder of the workspace that `start` is in; None outside of one."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS_FILE).is_file()), None)


def settings_above(start: Path) -> Settings:
    """The settings of the workspace that `start` is in, or the defaults outside of one. Raises BadInput as
    `find_workspace` does for cqa.yaml."""
    folder = workspace_folder(start)
    return _read_settings(folder / SETTINGS_FILE) if folder else Settings()


def open_workspace(root: Path) -> Workspace:
    """The workspace at `root`. Raises BadInput with the problems of cqa.yaml and people.csv."""
    return Workspace(root, _read_settings(root / SETTINGS_FILE), _read_people(root / PEOPLE_FILE))


def _read_settings(path: Path) -> Settings:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        # A file of comments alone is as good as an empty one, which is allowed.
        empty = all(not line.strip() or line.lstrip().startswith("#") for line in lines)
        root = None if empty else read_tree(path)[0]
    except OSError as error:
        raise BadInput(_unreadable("P002", path, error)) from error
    except BadInput as error:
        raise BadInput(replace(problem, code="P002") for problem in error.problems) from error
    return read_settings(root, str(path))


def _unreadable(code: str, path: Path, error: OSError) -> Problem:
    return Problem(code, f"The file cannot be read: {error.strerror}.", "Ask for permission to read it.", str(path))


def _read_people(path: Path) -> tuple[Person, ...]:
    """The people of people.csv; none where there is no such file. Raises BadInput with every line that is wrong."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(_unreadable("P006", path, error)) from error
    rows = _people_rows(path, data)
    header = [name.strip() for name in rows[0][1]] if rows else []
    remedy = f"Known, separated by commas: {', '.join(_PEOPLE_COLUMNS)}."
    problems = [Problem("P006", f"Unknown column '{name}'.", remedy, str(path), 1)
                for name in header if name not in _PEOPLE_COLUMNS]
    people: list[Person] = []
    seen: dict[str, int] = {}
    for line, fields in rows[1:] if not problems else ():
        row = dict(zip(header, (field.strip() for field in fields), strict=False))
        wrong = _wrong_person(row.get("person", ""), seen) if len(fields) == len(header) else (
            f"The row has {len(fields)} fields where the header has {len(header)}.",
            "Put a field with a comma in it in quotes.")
        if wrong:
            problems.append(Problem("P006", *wrong, str(path), line))
        seen.setdefault(row.get("person", "").casefold(), line)
        people.append(_person({"person": "", **row}))
    if problems:
        raise BadInput(problems)
    return tuple(people)


def _people_rows(path: Path, data: bytes) -> list[tuple[int, list[str]]]:
    """The rows with their lines, blank ones left out; UTF-8, else as a spreadsheet on Windows saves it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows, line = [], 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(Problem("P006", "A quotation mark in the row that begins here is not closed as it should be.",
                               "Mend it, and save the file as CSV.", str(path), line)) from error
    return rows


def _wrong_person(name: str, seen: dict[str, int]) -> tuple[str, str] | None:
    """What is wrong with a person's name, and what to do; None where nothing is."""
    if not name:
        return "The row names no person.", "Fill in the column 'person', or take the row out."
    if name.casefold() in seen:
        return f"The person '{name}' stands in line {seen[name.casefold()]} already.", "Keep one of the two rows."
    if not is_name(name):
        return (f"'{name[:80]}' cannot be the name of a person.",
                "Use letters, digits, dots, hyphens and underscores, and no device name such as NUL; the full name "
                "goes into the column 'name'.")
    return None


def _person(row: dict[str, str]) -> Person:
    conflicts = tuple(part.strip() for part in row.get("conflicts", "").split(";") if part.strip())
    return Person(row["person"], row.get("role", ""), row.get("unit", ""), row.get("manager", ""), conflicts)
