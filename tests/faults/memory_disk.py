"""A disk in memory: files with what of each is synced and what is only pending, and calls that can be made to fail."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cqa.files.journal import RealOps

State = dict[str, tuple[bytes, bytes]]
"""Each file's name to what is synced and what is pending."""


@dataclass
class Disk(RealOps):
    """Files as a disk sees them. Every call leaves a snapshot; the call number `fails_at`, from 1, fails, and with
    `for_good` all after it."""

    files: State = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    fails_at: int = 0
    for_good: bool = False
    calls: int = 0
    named: dict[int, str] = field(default_factory=dict)

    def called(self) -> None:
        """Keeps the state; raises OSError where this call is to fail."""
        self.calls += 1
        self.states.append(dict(self.files))
        if self.calls == self.fails_at or (self.for_good and 0 < self.fails_at < self.calls):
            raise OSError(28, "No space left on device")

    def open(self, path: Path, flags: int, mode: int) -> int:
        self.called()
        if flags & os.O_EXCL and path.name in self.files:
            raise FileExistsError(path)
        if path.name not in self.files or flags & os.O_TRUNC:
            self.files[path.name] = (b"", b"")
        descriptor = 100 + len(self.named)
        self.named[descriptor] = path.name
        return descriptor

    def read(self, descriptor: int) -> bytes:
        self.called()
        return b"".join(self.files[self.named[descriptor]])

    def write(self, descriptor: int, data: bytes) -> int:
        taken = max(1, len(data) // 3)
        synced, pending = self.files[self.named[descriptor]]
        self.files[self.named[descriptor]] = synced, pending + data[:taken]
        self.called()
        return taken

    def fsync(self, descriptor: int) -> None:
        self.called()
        synced, pending = self.files[self.named[descriptor]]
        self.files[self.named[descriptor]] = synced + pending, b""

    def truncate(self, descriptor: int, length: int) -> None:
        self.called()
        self.files[self.named[descriptor]] = b"".join(self.files[self.named[descriptor]])[:length], b""

    def sync_folder(self, folder: Path) -> None:
        self.called()

    def lock(self, descriptor: int) -> None:
        self.called()

    def close(self, descriptor: int) -> None:
        self.states.append(dict(self.files))


def after_a_cut(state: State, each: Callable[[str, bytes], None]) -> int:
    """Calls `each` with the name and bytes of every file as a power cut in that state may leave it: any prefix of what
    was pending, or zeros in its place. Gives how many there were."""
    tried = 0
    for name, (synced, pending) in state.items():
        for tail in {pending[:length] for length in range(len(pending) + 1)} | {b"\0" * len(pending)}:
            each(name, synced + tail)
            tried += 1
    return tried
