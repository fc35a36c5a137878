"""A large export gone through in parts, each by a process of its own, with what one process alone would find."""

import os
import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from cqa.errors import BadInput
from cqa.files.exports import ExportFiles
from cqa.files.row_check import Tally
from cqa.sampling.frame import Collapse, Export
from cqa.sampling.survey import Survey, gather

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MOST_PARTS = 4
_Gathered = tuple[Survey, Tally]
_UNSENDABLE = (pickle.PicklingError, AttributeError, TypeError)


def gather_in_parts(into: Survey, export: Export, collapse: Collapse) -> None:
    """Adds all cases to the survey; in parts where the export is worth it and its rows need not be joined.

    Whatever is wrong with a part, the whole is then read again from the beginning, so that every problem is named with
    its line as ever. Raises BadInput as `gather` does.
    """
    parts = export.parts(_processors()) if isinstance(export, ExportFiles) and not collapse.allowed else []
    if len(parts) > 1 and isinstance(export, ExportFiles) and _gathered(into, export, parts, collapse):
        return
    gather(into, export, collapse)


def _processors() -> int:
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_PARTS, free)


def _gathered(into: Survey, export: ExportFiles, parts: list[ExportFiles], collapse: Collapse) -> bool:
    """Whether the parts could be gathered without a problem; if not, the survey is as it was."""
    surveys = [into.part(number) for number in range(len(parts))]
    workers: list[_Worker] = []
    try:
        for survey, part in zip(surveys[1:], parts[1:], strict=True):
            workers.append(_Worker(survey, part, collapse))
        # Only now, for a process is best copied while it has no second thread.
        export.files[0].hashing()
        done = [_part(surveys[0], parts[0], collapse), *(worker.result() for worker in workers)]
    except (BadInput, OSError, *_UNSENDABLE):
        return False
    finally:
        for worker in workers:
            worker.stop()
    for survey, _ in done:
        into.join(survey)
    export.read_in_parts([tally for _, tally in done])
    return True


def _part(survey: Survey, part: ExportFiles, collapse: Collapse) -> _Gathered:
    gather(survey, part, collapse)
    survey.sort()
    return survey, part.files[0].tally


class _Worker:
    """A process that gathers one part. It ends with this one: what nobody will read, it does not wait to tell."""

    def __init__(self, survey: Survey, part: ExportFiles, collapse: Collapse) -> None:
        from multiprocessing import get_context  # noqa: PLC0415 - only large exports pay for it

        # A copy of this process begins at once; where that is not safe or not known, a new one takes 0.2 s.
        context = get_context("fork") if sys.platform == "linux" else get_context("spawn")
        self._told, telling = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(self._told, telling, survey, part, collapse), daemon=True)
        self._process.start()
        telling.close()

    def result(self) -> _Gathered:
        """What was gathered. Raises OSError when the part has a problem, or the process is no more."""
        try:
            count = self._told.recv()
            pieces = [self._told.recv_bytes() for _ in range(count)]
            done: _Gathered | None = pickle.loads(self._told.recv_bytes(), buffers=pieces)  # noqa: S301 - our own
        except EOFError as error:
            raise OSError(str(error)) from error
        if done is None:
            raise OSError
        return done

    def stop(self) -> None:
        """Ends the process, whatever it is doing."""
        self._told.close()
        self._process.terminate()
        self._process.join()


def _work(told: "Connection", telling: "Connection", survey: Survey, part: ExportFiles, collapse: Collapse) -> None:
    import signal  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both, and the other one ends this one
    told.close()  # so that nobody is left who could read once the other process is no more
    done: _Gathered | None = None
    with suppress(BadInput, OSError):
        done = _part(survey, part, collapse)
    with suppress(OSError):
        try:
            _tell(telling, done)
        except _UNSENDABLE:
            _tell(telling, None)


def _tell(telling: "Connection", done: _Gathered | None) -> None:
    """Sends what was gathered, its large pieces one by one, so that they are never held twice."""
    pieces: list[pickle.PickleBuffer] = []
    whole = pickle.dumps(done, protocol=5, buffer_callback=pieces.append)
    telling.send(len(pieces))
    for piece in pieces:
        telling.send_bytes(piece)
    telling.send_bytes(whole)
