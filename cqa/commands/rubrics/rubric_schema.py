"""`cqa rubric schema`: the JSON Schema by which editors complete and check a rubric while it is typed."""

import json

from cqa.errors import ExitCode
from cqa.files.atomic import write_bytes
from cqa.rubric.schema import rubric_schema
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, out: str | None) -> int:
    """Writes the schema to `out`, or to standard output. Raises NotSaved."""
    if out is None:
        printer.line(schema_bytes().decode().rstrip("\n"))
        return ExitCode.DONE
    printer.line(f"Written to {write_bytes(world.folder / out, schema_bytes())}")
    return ExitCode.DONE


def schema_bytes() -> bytes:
    """The schema as a file holds it: ASCII, so that no editor misreads it."""
    return (json.dumps(rubric_schema(), indent=1) + "\n").encode()
