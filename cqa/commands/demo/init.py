"""`cqa init`: starts a workspace."""

import shutil
from pathlib import Path

from cqa.errors import ExitCode, NotSaved, Problem, WrongUse
from cqa.files.shipped import shipped
from cqa.files.workspace import SETTINGS_FILE
from cqa.screen.printer import Printer
from cqa.world import World

SETTINGS_TEXT = """\
# Settings of this workspace. Every line is optional; take the '#' away to set one.
# A flag on the command line goes before what stands here.

# organisation: Northmoor Prosecution Service
# language: en-GB

# export:                      # what your case management system writes
#   case_id: case_id
#   handled_by: prosecutor_id  # the person whose work a case shows
#   collapse: same             # how several rows of one case join
#   columns: {}                # case fact: column, where the names differ

# draw:
#   by: unit                   # a sample of each unit
#   take: 20                   # cases of each
#   second: 0.2                # share of cases that two people mark

# replacement:                 # why a case may be replaced by the next reserve, and what is a finding instead
#   reasons: [not_applicable, out_of_scope, conflict_of_everyone]
#   findings: [file_missing, no_time]

# plan:                        # what is to be looked at in each period; cqa status shows it against what is done
#   per: handler               # cases of each handler, or by each reviewer
#   cases: 4
#   period: quarter            # month, quarter or year
#   second: 0.2                # share of a period's cases that is to be marked twice

# due:                         # in working days
#   mark: 20                   # from the draw to the sign-off
#   feedback: 10
#   holidays: England and Wales  # Scotland, Northern Ireland, none, or a list of dates such as 2026-12-25

# report:
#   margin: 5                  # points from which a reviewer is called severe or lenient
#   small: 5                   # under so many cases a share is printed as a count
#   names: shown               # hidden: reviewers and handlers have letters

# keys: {}                     # keys of your own in cqa assess, such as undo: z
# screen: auto                 # plain: line by line; full: the whole window

# calibration:                 # cases with a reference mark; off unless set
#   rate: 0.1                  # share of them among the cases to mark
#   tolerance: 1               # levels that a mark may lie from the reference; or for each question {D5: 0}
#   clearance: 0.8             # share of marks within that which clears a reviewer
"""

ATTRIBUTES_TEXT = """\
# Journals are sealed byte for byte: no program may change their line ends.
*.jsonl -text
"""

PEOPLE_TEXT = "person,name,role,unit,manager,conflicts\n"

README_TEXT = """\
This folder is a workspace of cqa, casework quality assessment.

cqa.yaml      settings
people.csv    who marks (role: reviewer), who manages whom, declared conflicts
rubrics/      what is asked; yours to change (practice/: invented cases with worked answers)
samples/      one folder for each sample, complete in itself
reports/      consistency reports, written by: cqa report

The order of work:

  cqa draw EXPORT.csv --sample march --id case_id --by unit --take 20 \\
      --rubric rubrics/prosecution.yaml --reviewers a-byrne,d-okafor
  cqa assess --sample march --as a-byrne
  cqa status
  cqa report march

Who has never marked a case practises first, and nothing of it is kept: cqa practise

Every command explains itself: cqa draw --help
"""


def run(world: World, printer: Printer, folder: str) -> int:
    """Starts a workspace in `folder` (an existing empty folder is fine).

    Raises WrongUse when the folder holds anything already, NotSaved when it cannot be written.
    """
    root = world.folder / folder
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WrongUse(Problem("P003", "The folder is not empty.", "Name a new folder: cqa init my-workspace",
                               str(root)))
    write_workspace(root)
    printer.line(f"A workspace was started in {root}.")
    printer.line(f"Next: put an export there, look at README.txt and {SETTINGS_FILE}, then: cqa draw --help")
    return ExitCode.DONE


def write_workspace(root: Path) -> None:
    """The files of a new workspace. Raises NotSaved when the disk refuses; then nothing of it is left."""
    new = not root.exists()
    try:
        for part in ("rubrics", "samples", "reports"):
            (root / part).mkdir(parents=True, exist_ok=True)
        for name, text in ((SETTINGS_FILE, SETTINGS_TEXT), ("people.csv", PEOPLE_TEXT), ("README.txt", README_TEXT),
                           (".gitattributes", ATTRIBUTES_TEXT)):
            (root / name).write_text(text, encoding="utf-8", newline="\n")
        for rubric in sorted(shipped("rubrics").rglob("*.*")):
            place = root / "rubrics" / rubric.relative_to(shipped("rubrics"))
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(rubric.read_bytes())
    except OSError as error:
        _take_back(root, new)
        raise NotSaved(Problem("P004", f"The folder cannot be written: {error.strerror}.",
                               "Nothing was kept. Choose another folder, or ask for permission.", str(root))) from error


def _take_back(root: Path, new: bool) -> None:
    """Removes what was written: the folder was new, or empty."""
    for path in root.iterdir() if root.is_dir() and not new else ():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    if new:
        shutil.rmtree(root, ignore_errors=True)
