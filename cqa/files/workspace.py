"""The workspace on disk: where it begins, what may be named how, and who is in people.csv."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem, WrongUse
from cqa.files.yaml_tree import read_tree
from cqa.sampling.pairing import Person
from cqa.settings import Settings, read_settings

SETTINGS_FILE = "cqa.yaml"
PEOPLE_FILE = "people.csv"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
_PEOPLE_COLUMNS = ("person", "name", "role", "unit", "manager", "conflicts")


def checked_name(name: str, what: str) -> str:
    """A name of a sample or person as typed. Raises WrongUse when it could not be a file name on every system."""
    if _NAME.fullmatch(name) and not name.endswith(".") and name.split(".", maxsplit=1)[0].casefold() not in _DEVICES:
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


def find_workspace(start: Path) -> Workspace:
    """The workspace of the nearest folder upwards from `start` that holds cqa.yaml. Raises BadInput when none does."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return open_workspace(folder)
    raise BadInput(Problem("P001", f"There is no {SETTINGS_FILE} here or in any folder above.",
                           "Go to your workspace, or start one with: cqa init", str(start)))


def open_workspace(root: Path) -> Workspace:
    """The workspace at `root`. Raises BadInput with the problems of cqa.yaml and people.csv."""
    path = root / SETTINGS_FILE
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    # A file of comments alone is as good as an empty one, which is allowed.
    empty = all(not line.strip() or line.lstrip().startswith("#") for line in lines)
    settings = read_settings(None if empty else read_tree(path)[0], str(path))
    return Workspace(root, settings, _read_people(root / PEOPLE_FILE))


def _read_people(path: Path) -> tuple[Person, ...]:
    if not path.is_file():
        return ()
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True, restkey="+", restval=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(Problem("P006", f"people.csv cannot be read: {error}.", "Save it again as CSV in UTF-8.",
                               str(path))) from error
    problems = [
        Problem("P006", f"Unknown column '{name}'.", f"Known: {', '.join(_PEOPLE_COLUMNS)}.", str(path), 1)
        for name in (rows[0] if rows else ()) if name not in _PEOPLE_COLUMNS
    ]
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        name = (row.get("person") or "").strip()
        if "+" in row:
            problems.append(Problem("P006", "The row has more fields than the header.",
                                    "Put a field with a comma in it in quotes.", str(path), line))
        if not _NAME.fullmatch(name) or name.casefold() in seen:
            problems.append(Problem("P006", f"The person '{name}' is blank, doubled or not a name that can be used.",
                                    "Use letters, digits, dots, hyphens and underscores.", str(path), line))
        seen[name.casefold()] = line
    if problems:
        raise BadInput(problems)
    return tuple(_person({key: value.strip() for key, value in row.items()}) for row in rows)


def _person(row: dict[str, str]) -> Person:
    conflicts = tuple(part.strip() for part in row.get("conflicts", "").split(";") if part.strip())
    return Person(row["person"], row.get("role", ""), row.get("unit", ""), row.get("manager", ""), conflicts)
