"""The command line: options, help, one call per command; the only place that catches what stops a command."""

import io
import sys
from collections.abc import Sequence
from dataclasses import replace as with_changes
from typing import Annotated, cast

import typer

from cqa import __version__
from cqa.cli import drawing, evidence, leaders, marking, reports, rubrics, trials  # noqa: F401 - each adds its commands
from cqa.cli.options import app
from cqa.errors import ExitCode
from cqa.guard import DEBUG, fault
from cqa.screen.printer import Printer
from cqa.world import World, real_world


def run(arguments: Sequence[str], world: World | None = None) -> int:
    """Runs one command line and gives its exit code; nothing that happens inside ends in a traceback."""
    here: World | None = world
    try:
        here = world or real_world()
        ended = app(list(arguments), prog_name="cqa", obj=here, standalone_mode=False)
    except _WRONG_USE as error:
        return _wrong_use(here, error)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else ExitCode.WRONG_USE
    except KeyboardInterrupt:
        return ExitCode.STOPPED
    except OSError:
        # Help or standard error could not be written: the exit code is all that is left to say.
        sys.stdout = None
        return ExitCode.NOT_SAVED
    except Exception as error:
        return fault(here, Printer(here), error, "(its command line)") if here else ExitCode.FAULT
    return ended if isinstance(ended, int) else ExitCode.DONE


_WRONG_USE = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""Every misuse of the command line that typer finds; it has a public name for one kind alone."""


def _wrong_use(world: World | None, error: typer.BadParameter) -> int:
    """Tells what was wrong with the command line. What was typed there may hold anything, so it is made visible."""
    told = io.StringIO()
    error.show(told)
    if world is not None and told.getvalue():
        Printer(world).aside(told.getvalue().rstrip("\n"))
    return error.exit_code


def _version(shown: bool) -> None:
    if shown:
        print(f"cqa {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]
    = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a fault of cqa in full, which may show case data; as "
                                        "CQA_DEBUG=1 does.")] = False,
) -> None:
    if debug:
        world: World = context.obj
        context.obj = with_changes(world, environment={**world.environment, DEBUG: "1"})
