"""`cqa rubric new`: a small rubric that works, to be changed line by line."""

from pathlib import Path

from cqa.commands.rubrics.rubric_schema import schema_bytes
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.files.atomic import write_bytes
from cqa.files.rubrics import rubric_of
from cqa.files.workspace import checked_name
from cqa.rubric.template import SCHEMA_FILE, new_rubric
from cqa.screen.printer import Printer
from cqa.whole import is_whole
from cqa.world import World


def run(world: World, printer: Printer, file: str | None, rubric_id: str, title: str) -> int:
    """Writes a new rubric to `file`, or to ID.yaml in the folder `rubrics` (here, where there is none).

    Raises WrongUse for an id that cannot be one, an empty title and a file that is there already, NotSaved for the
    disk.
    """
    checked_name(rubric_id, "rubric")
    if not title.strip() or not is_whole(title):
        raise WrongUse(Problem("S018", "--title is empty, or holds half a character.",
                               "Say in a few words what the rubric is about."))
    path = world.folder / (file or _usual(world.folder, rubric_id))
    data = new_rubric(rubric_id, title).encode()
    rubric_of(data, str(path))
    if path.exists():
        raise WrongUse(Problem("R060", "The file is there already.", "Name another file: nothing was overwritten.",
                               str(path)))
    printer.line(f"Written to {write_bytes(path, data)}")
    schema = path.with_name(SCHEMA_FILE)
    if not schema.exists():
        write_bytes(schema, schema_bytes())
        printer.line(f"Beside it, for editors that complete as one types: {schema}")
    printer.line("Next: change it, and after each change run: cqa rubric check FILE")
    return ExitCode.DONE


def _usual(folder: Path, rubric_id: str) -> Path:
    place = Path("rubrics") if (folder / "rubrics").is_dir() else Path()
    return place / f"{rubric_id}.yaml"
