"""Folders and files that refuse, or are something else: met by a person without rights, and never a hang."""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.bed import Bed, made, some_marks
from tests.faults.kills import NEEDS_FORK, in_a_child
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

NOBODY = 65534
SECONDS = 30
"""So long a command may take before it is said to hang; it takes some hundredths."""
READERS = (("verify", "march"), ("status", "march"), ("export", "march"))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in the way: how it is put there, which place is then named, and how each command may end.

    `assess` are the exit codes of a sitting, `readers` those of commands that read; each names the place where it ends
    with another code than 0.
    """

    name: str
    put: Callable[[Bed], None]
    where: Callable[[Bed], Path]
    assess: tuple[int, ...] = (5, 7)
    readers: tuple[int, ...] = (1, 7)


def mode(place: Callable[[Bed], Path], bits: int) -> Callable[[Bed], None]:
    """Takes rights away."""
    return lambda bed: place(bed).chmod(bits)


def instead(place: Callable[[Bed], Path], put: Callable[[Path], object]) -> Callable[[Bed], None]:
    """Puts something else where a file was."""
    def change(bed: Bed) -> None:
        path = place(bed)
        path.unlink(missing_ok=True)
        put(path)
    return change


def listen(path: Path) -> None:
    """A socket that nobody answers at. Its path must be short."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def marks_closed(bed: Bed) -> None:
    """A folder of marks without a journal, in which none may be made."""
    bed.journal().unlink()
    bed.marks.chmod(0o555)


def marks_a_file(bed: Bed) -> None:
    """A file in the place of the folder of marks."""
    shutil.rmtree(bed.marks)
    bed.marks.touch()


def of_bob(bed: Bed) -> Path:
    """A journal that is somebody else's, by its name."""
    return bed.marks / "bob.2.jsonl"


def of_changes(bed: Bed) -> Path:
    """A journal of changes."""
    bed.sample.joinpath("changes").mkdir(exist_ok=True)
    return bed.sample / "changes" / "lea.1.jsonl"


OTHERS: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),  # noqa: PLW0108 - not every system has it
    "a socket": listen,
    "a link to nothing": lambda path: path.symlink_to(path.with_name("gone")),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a device without end": lambda path: path.symlink_to("/dev/zero"),
    "a link to a terminal": lambda path: path.symlink_to("/dev/tty"),
}
RECORDED = ("sample.yaml", "plan.yaml", "cases.csv", "assignments.csv", "rubrics/small-1.0.yaml")


def _obstacles() -> Iterator[Obstacle]:
    yield Obstacle("marks may not be written", mode(lambda bed: bed.marks, 0o555), lambda bed: bed.marks,
                   (0,), (0,))
    yield Obstacle("marks may not be written, and there is no journal",
                   marks_closed, lambda bed: bed.marks,
                   (5,), (0,))
    yield Obstacle("the journal may not be written", mode(Bed.journal, 0o400), Bed.journal, (5,), (0,))
    yield Obstacle("the journal may not be read", mode(Bed.journal, 0o000), Bed.journal, (5,), (7,))
    yield Obstacle("marks may not be read", mode(lambda bed: bed.marks, 0o000), lambda bed: bed.marks, (5, 7), (7,))
    yield Obstacle("the device's memory may not be written", mode(lambda bed: bed.home, 0o500), lambda bed: bed.home,
                   (0, 5), (0,))
    yield Obstacle("marks is a file", marks_a_file, lambda bed: bed.marks, (5, 7), (7,))
    for name, put in OTHERS.items():
        yield Obstacle(f"the journal is {name}", instead(Bed.journal, put), lambda bed: next(bed.marks.iterdir()))
        yield Obstacle(f"another's journal is {name}", instead(of_bob, put), of_bob, (0,), (7,))
        yield Obstacle(f"a journal of changes is {name}", instead(of_changes, put), of_changes, (7,), (7,))
        for file in RECORDED:
            # A device may be opened and ends at once; then it is the wrong bytes that are found.
            yield Obstacle(f"{file} is {name}", instead(lambda bed, file=file: bed.sample / file, put),  # type: ignore[misc]
                           lambda bed, file=file: bed.sample / file, (7,), (1, 7))  # type: ignore[misc]
        yield Obstacle(f"frame.csv is {name}", instead(lambda bed: bed.sample / "frame.csv", put),
                       lambda bed: bed.sample / "frame.csv", (0, 7), (0, 1, 7))
    for file in RECORDED:
        yield Obstacle(f"{file} may not be read", mode(lambda bed, file=file: bed.sample / file, 0),  # type: ignore[misc]
                       lambda bed, file=file: bed.sample / file, (7,), (1, 7))  # type: ignore[misc]


OBSTACLES = tuple(_obstacles()) if sys.platform != "win32" else ()


@contextmanager
def open_folder(folder: Path) -> Iterator[Path]:
    """A folder that the person without rights may reach, and owns."""
    with tempfile.TemporaryDirectory(dir="/tmp" if Path("/tmp").is_dir() else folder) as place:
        yield Path(place)


def run_obstacles(size: Size, folder: Path) -> Result:
    """A sitting and every reader, each in a process without rights, in front of each obstacle."""
    if sys.platform == "win32":
        return could_not_run("obstacles", NEEDS_FORK)
    obstacles = OBSTACLES[:: sized(size, 12, 4, 1)]
    tally = Tally("obstacles", len(obstacles))
    with open_folder(folder) as place:
        bed = made(place / "bed", 3)
        # Run once while everything is well, so that the child finds every module loaded.
        for command in READERS:
            bed.run(*command, "--json", folder=bed.workspace)
        shutil.copytree(place / "bed", folder / "well")
        for obstacle in obstacles:
            tally.tried += 1
            _meet(tally, bed, obstacle, place)
            shutil.rmtree(place / "bed")
            shutil.copytree(folder / "well", place / "bed")
    return tally.result()


def _rights_back(folder: Path) -> None:
    for place in (folder, *folder.rglob("*")):
        if place.is_dir() and not place.is_symlink():
            place.chmod(0o700)


def _meet(tally: Tally, bed: Bed, obstacle: Obstacle, place: Path) -> None:
    before = bed.journal().read_bytes()
    typed = "".join(json.dumps(line) + "\n" for line in some_marks(bed.cases(), 5)[3:])
    obstacle.put(bed)
    where = obstacle.where(bed)
    if os.geteuid() == 0:
        for path in (place, *place.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    commands = [("assess", "--sample", "march", "--as", "ann", "--script", "-"),
                *((*command, "--json") for command in READERS)]
    for command in commands:
        allowed = obstacle.assess if command[0] == "assess" else obstacle.readers
        code, told = _as_nobody(bed, command, typed)
        case = (obstacle.name, command[0], code, told[-300:])
        tally.hold(code != -signal.SIGALRM, "hangs", case)
        tally.hold(code in allowed or code == -signal.SIGALRM, "wrong end", case)
        tally.hold(code == 0 or where.name in told, "not named", case)
        tally.hold("Traceback" not in told and "P007" not in told, "faults in cqa", case)
    _rights_back(place)
    for path in bed.marks.glob("ann.*.jsonl") if bed.marks.is_dir() else ():
        tally.hold(path.is_symlink() or not path.is_file() or path.read_bytes().startswith(before),
                   "acknowledged lost", obstacle.name)


def _as_nobody(bed: Bed, command: tuple[str, ...], typed: str) -> tuple[int, str]:
    """Exit code and everything said by a command of a person without rights; -SIGALRM when it hangs."""
    def work(pipe: int) -> None:
        signal.alarm(SECONDS)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        ran = bed.run(*command, typed=typed, folder=bed.workspace)
        with os.fdopen(pipe, "w", encoding="utf-8") as stream:
            json.dump([ran.code, ran.out + ran.err], stream)

    child, reader = in_a_child(work)
    with os.fdopen(reader, encoding="utf-8") as stream:
        told = stream.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        return status, told
    code, words = json.loads(told)
    return code, words


ROWS = (
    Row("8 obstacles", "no permission, unreadable folders, and folders, pipes, sockets, links and devices in the place "
        "of journals and recorded files, met by a sitting and by readers without rights", run_obstacles),
)
