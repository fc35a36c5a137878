"""What this device remembers in the user's own folder: its random id, and who last marked here."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import NotSaved, Problem
from cqa.world import World

_FILE = "device.json"
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Device:
    """This device: a random id made once, and the reviewer it remembers (empty at first)."""

    id: str
    reviewer: str


def this_device(world: World) -> Device:
    """The device's id and memory; made and kept at the first call. Raises NotSaved when it cannot be kept."""
    path = world.home / _FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Device(str(kept["device"]), str(kept.get("reviewer", "")))
    except (OSError, ValueError, KeyError, TypeError):
        device = Device(f"{int(world.random_digits(20)):x}"[:_DIGITS].rjust(_DIGITS, "0"), "")
        _keep(world.home, device)
        return device


def remember_reviewer(world: World, device: Device, reviewer: str) -> None:
    """Keeps who marks on this device, so that next time nobody has to say it."""
    if device.reviewer != reviewer:
        _keep(world.home, Device(device.id, reviewer))


def _keep(home: Path, device: Device) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = home / f"{_FILE}.{os.getpid()}.tmp"
        part.write_text(json.dumps({"device": device.id, "reviewer": device.reviewer}), encoding="utf-8", newline="\n")
        part.replace(home / _FILE)
    except OSError as error:
        raise NotSaved(Problem("P004", f"This device's memory cannot be written: {error.strerror}.",
                               "Set CQA_HOME to a folder of yours that can be written.", str(home))) from error
