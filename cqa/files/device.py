"""What this device remembers in the user's own folder: its random id, who last marked here, how journals ended."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import NotSaved, Problem
from cqa.files.journal import Lines
from cqa.files.workspace import is_name
from cqa.world import World

_FILE = "device.json"
_ENDS_FILE = "journals.json"
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Device:
    """This device: a random id made once, and the reviewer it remembers (empty at first)."""

    id: str
    reviewer: str


def this_device(world: World) -> Device:
    """The device's id and memory; made and kept at the first call. Raises NotSaved when it cannot be kept."""
    known = _known(world)
    if known is None:
        known = Device(world.random_id(), "")
        _keep(world.home, known)
    return known


def remembered_reviewer(world: World) -> str:
    """Who last marked on this device; empty where nobody did. Writes nothing."""
    known = _known(world)
    return known.reviewer if known else ""


def _known(world: World) -> Device | None:
    """What was kept; None where nothing was, or nothing that journals could be called by."""
    try:
        kept = json.loads((world.home / _FILE).read_text(encoding="utf-8"))
        name, reviewer = str(kept["device"]), str(kept.get("reviewer", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Device(name, reviewer if is_name(reviewer) else "") if _ID.fullmatch(name) else None


def remember_reviewer(world: World, device: Device, reviewer: str) -> None:
    """Keeps who marks on this device, so that next time nobody has to say it."""
    if device.reviewer != reviewer:
        _keep(world.home, Device(device.id, reviewer))


def shorter_than_remembered(world: World, journal: str, path: Path, lines: Lines) -> tuple[Problem, ...]:
    """A warning when the journal, known here as `journal`, is not as this device last left it: cut off or rewritten.

    A chain alone cannot tell: whole lines cut off the end leave a whole chain.
    """
    count, seal = _ends(world.home).get(journal, (0, ""))
    if count < 1 or (len(lines) >= count and lines[count - 1].get("seal") == seal):
        return ()
    told = (f"it has {len(lines)} lines, and this device wrote {count}" if len(lines) < count
            else f"its line {count} is not the one this device wrote")
    return (Problem("J011", f"The journal is not as this device left it: {told}.",
                    "Marks of yours may be missing: look for an older copy of the folder, and tell your team leader.",
                    str(path), min(len(lines), count) or None, severity="warning"),)


def remember_end(world: World, journal: str, count: int, seal: str) -> None:
    """Keeps how many lines a journal has and the seal of the last. It is an aid: failing to keep it costs nothing."""
    try:
        ends = {**_ends(world.home), journal: (count, seal)}
        _write(world.home, _ENDS_FILE, ends)
    except OSError:
        return


def _ends(home: Path) -> dict[str, tuple[int, str]]:
    try:
        kept = json.loads((home / _ENDS_FILE).read_text(encoding="utf-8"))
        return {str(name): (int(count), str(seal)) for name, (count, seal) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _keep(home: Path, device: Device) -> None:
    try:
        _write(home, _FILE, {"device": device.id, "reviewer": device.reviewer})
    except OSError as error:
        raise NotSaved(Problem("P004", f"This device's memory cannot be written: {error.strerror}.",
                               "Set CQA_HOME to a folder of yours that can be written.", str(home))) from error


def _write(home: Path, name: str, value: object) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = home / f"{name}.{os.getpid()}.tmp"
    part.write_text(json.dumps(value), encoding="utf-8", newline="\n")
    part.replace(home / name)
