"""What guards a command: whatever stops it becomes a sentence and an exit code, and a fault of ours a line in a log."""

import errno
import sys
from collections.abc import Callable, Iterator

from cqa import __version__
from cqa.errors import CqaError, ExitCode, Problem
from cqa.screen.printer import Printer
from cqa.world import World

Command = Callable[[World, Printer], int]
DEBUG = "CQA_DEBUG"
"""The environment's variable that shows faults in full."""
_NO_PATH = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR)
_MOST_FRAMES = 40
"""So many frames of an exception are logged, from both ends: one that went round in circles has thousands."""


def guarded(world: World, printer: Printer, command: Command, name: str, refusal_as_json: bool) -> int:
    """The exit code of a command, called `name` in the log. Nothing that happens inside ends in a traceback.

    With `refusal_as_json`, input that cannot be used is told on standard output too, as a program reads it.
    """
    try:
        return int(command(world, printer))
    except CqaError as error:
        printer.problems(error.problems)
        if refusal_as_json and error.exit_code in (ExitCode.BAD_INPUT, ExitCode.DAMAGED):
            printer.json({"ok": False, "problems": [problem.as_json() for problem in error.problems]})
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped. Every acknowledged mark is kept; nothing else was changed.", file=world.stderr)
        return ExitCode.STOPPED
    except BrokenPipeError:
        # The reader of our output has gone; what was to be saved is saved. Standard output must not be flushed again.
        sys.stdout = None
        return ExitCode.DONE
    except PermissionError as error:
        return _refused_by_system(printer, error)
    except OSError as error:
        if error.errno in _NO_PATH and error.filename:
            return _no_path(printer, error)
        # The files of cqa are named in their errors, or refuse through NotSaved; what is left are the streams.
        return fault(world, printer, error, name) if error.filename else _unspoken(printer, error)
    except Exception as error:
        return fault(world, printer, error, name)


def _refused_by_system(printer: Printer, error: PermissionError) -> int:
    """A folder or file that the person may not open: no fault of cqa's."""
    printer.problems([Problem("P004", f"This may not be opened: {error.strerror}.", "Ask for permission to it. What "
                              "was acknowledged is saved.", str(error.filename or ""))])
    return ExitCode.NOT_SAVED


def _no_path(printer: Printer, error: OSError) -> int:
    """A path was named that nothing can have here."""
    printer.problems([Problem("P013", f"Nothing can be called so here: {error.strerror}.", "Name another file or "
                              "folder.", str(error.filename)[:200])])
    return ExitCode.BAD_INPUT


def _unspoken(printer: Printer, error: OSError) -> int:
    """Standard input or output failed. It must not be flushed again when Python ends."""
    sys.stdout = None
    printer.problems([Problem("P004", f"Standard input or output failed: {error.strerror or error}. What was "
                              "acknowledged is saved; what was to be said is lost.",
                              "Look where the output is sent, and run the command again.")])
    return ExitCode.NOT_SAVED


def fault(world: World, printer: Printer, error: Exception, name: str) -> int:
    """Logs where it happened, and neither message nor values, which could hold case data; tells where the log is.

    Only who asks for it, by `--debug` or CQA_DEBUG=1, is shown message and lines, on standard error.
    """
    from cqa.files.faults import LOG, log_fault  # noqa: PLC0415 - a start without a fault needs none of it

    entry = "\n".join((f"{world.stamp()} {_setting(name)}", *_chain(error), "", ""))
    try:
        log = log_fault(world.home, entry)
        told = (f"Please send the last lines of {log} to whoever looks after cqa; they hold no case data. To see more "
                f"on the screen: cqa --debug, then the command once more.")
    except OSError:
        told = (f"{world.home / LOG} could not be written: set CQA_HOME to a folder of yours, and do the same once "
                "more.")
    printer.problems([Problem("P007", f"A fault in cqa ({type(error).__name__}). What was acknowledged is saved.",
                              told)])
    if world.environment.get(DEBUG, "0") not in ("", "0"):
        _show(printer, error)
    return ExitCode.FAULT


def _setting(name: str) -> str:
    """Which cqa ran which command where; of the command line no argument, for these may name people and cases."""
    import platform  # noqa: PLC0415

    return (f"cqa {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}, "
            f"command {name}")


def _chain(error: BaseException) -> Iterator[str]:
    """The exception's type and frames, then those of what it came from: file, line and function, nothing more."""
    import traceback  # noqa: PLC0415

    seen: set[int] = set()
    known: BaseException | None = error
    while known is not None and id(known) not in seen:
        seen.add(id(known))
        yield f"{'because of ' if known is not error else ''}{type(known).__name__}"
        frames = [f"  {_file(frame.filename)}:{frame.lineno} {frame.name}"
                  for frame in traceback.StackSummary.extract(
                      traceback.walk_tb(known.__traceback__), lookup_lines=False)]
        half = _MOST_FRAMES // 2
        between = [f"  ({len(frames) - _MOST_FRAMES} more)"] if len(frames) > _MOST_FRAMES else []
        yield from frames if not between else (*frames[:half], *between, *frames[-half:])
        known = known.__cause__ or known.__context__


def _file(path: str) -> str:
    """The end of a file's path: the folders above may bear the name of a person."""
    return "/".join(path.replace("\\", "/").split("/")[-3:])


def _show(printer: Printer, error: Exception) -> None:
    import traceback  # noqa: PLC0415

    printer.aside("What follows is for whoever looks after cqa. It may hold case data: read it before you pass it on.")
    printer.aside("".join(traceback.format_exception(error)).rstrip())
