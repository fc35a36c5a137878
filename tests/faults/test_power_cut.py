"""Power lost after any call, with any prefix of what was not yet synced kept: nothing acknowledged is lost."""

from dataclasses import dataclass, field
from pathlib import Path

from cqa.files.journal import Journal, RealOps
from cqa.marking.chain import read_chain


@dataclass
class Disk(RealOps):
    """One file as a disk sees it: what is synced, what is only pending. Every call leaves a snapshot."""

    synced: bytes = b""
    pending: bytes = b""
    states: list[tuple[bytes, bytes, int]] = field(default_factory=list)
    acknowledged: int = 0

    def noted(self) -> None:
        self.states.append((self.synced, self.pending, self.acknowledged))

    def open(self, path: Path, flags: int, mode: int) -> int:
        return 3

    def read(self, descriptor: int) -> bytes:
        return self.synced + self.pending

    def write(self, descriptor: int, data: bytes) -> int:
        taken = max(1, len(data) // 3)
        self.pending += data[:taken]
        self.noted()
        return taken

    def fsync(self, descriptor: int) -> None:
        self.noted()
        self.synced, self.pending = self.synced + self.pending, b""
        self.noted()

    def truncate(self, descriptor: int, length: int) -> None:
        self.synced, self.pending = (self.synced + self.pending)[:length], b""
        self.noted()

    def sync_folder(self, folder: Path) -> None:
        self.noted()

    def lock(self, descriptor: int) -> None:
        self.noted()

    def close(self, descriptor: int) -> None:
        self.noted()


def stamp() -> str:
    return "2026-03-02T09:00:00.000Z"


def test_every_state_a_power_cut_can_leave_opens_and_holds_what_was_acknowledged(tmp_path: Path) -> None:
    disk = Disk()
    with Journal.open(tmp_path / "a.1.jsonl", stamp, disk) as journal:
        for number in range(25):
            disk.acknowledged = journal.append({"kind": "answered", "n": number})
            disk.noted()
    tried = 0
    for synced, pending, acknowledged in disk.states:
        tails = {pending[:length] for length in range(len(pending) + 1)} | {b"\0" * len(pending)}
        for tail in tails:
            chain = read_chain(synced + tail)
            assert not chain.damaged and len(chain.lines) >= acknowledged
            tried += 1
    assert tried > 5_000


def test_a_journal_reopened_after_a_cut_goes_on_without_a_break(tmp_path: Path) -> None:
    disk = Disk()
    with Journal.open(tmp_path / "a.1.jsonl", stamp, disk) as journal:
        for number in range(6):
            journal.append({"kind": "answered", "n": number})
    for synced, pending, _ in disk.states[::5]:
        for length in range(0, len(pending) + 1, 7):
            again = Disk(synced=synced + pending[:length])
            with Journal.open(tmp_path / "b.1.jsonl", stamp, again) as journal:
                journal.append({"kind": "answered", "n": "after"})
            whole = read_chain(again.synced)
            assert not whole.faults and whole.lines[-1].payload["n"] == "after"
