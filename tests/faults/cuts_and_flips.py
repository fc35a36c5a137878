"""A journal cut off at every byte, and with every bit of every byte flipped, opened as a sitting opens it."""

from pathlib import Path

from cqa.errors import Damaged
from cqa.files.journal import Journal, read_journal
from cqa.marking.chain import START, encode
from tests.faults.disk import Unsynced
from tests.faults.power_cuts import NAME, stamp
from tests.faults.result import Result, Row, Size, Tally, sized

MARKS = ("fully_met", "partly_met", "not_met")


def sealed(count: int, word: str = "so") -> bytes:
    """A whole journal: a line that opens it, and marks whose texts hold letters one bit away from a line feed."""
    data, prev = b"", START
    for seq in range(1, count + 1):
        said: dict[str, object] = {"at": stamp(), "kind": "answered", "case": f"00{seq}", "question": "q1",
                                   "mark": MARKS[seq % 3], "mark_reason": f"{word} *J\u00e9\u2013", "evidence": ""}
        if seq == 1:
            said = {"at": stamp(), "kind": "opened", "reviewer": "ann", "device": "1"}
        line = encode(said, seq, prev)
        data, prev = data + line, line[-35:-3].decode("ascii")
    return data


def run_cuts(size: Size, folder: Path) -> Result:
    """Every cut: exactly the lines that are whole are kept, and it goes on from there."""
    whole = sealed(sized(size, 3, 8, 60))
    tally, path = Tally("cuts", len(whole)), folder / NAME
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        _opened_after_cut(tally, path, whole, cut)
        for beside in folder.glob("*.torn-*"):
            tally.seen["torn tails set aside"] += 1
            beside.unlink()
    return tally.result()


def _opened_after_cut(tally: Tally, path: Path, whole: bytes, cut: int) -> None:
    tally.tried += 1
    # A line is whole once its closing bracket is there, even if its line end is not.
    kept = whole[:cut + 1].count(b"\n")
    at_an_end = not cut or whole[cut - 1:cut] == b"\n"
    read = read_journal(path)
    tally.hold(len(read.lines) == kept, "wrongly read", cut)
    tally.hold(all(problem.severity == "warning" for problem in read.problems), "wrongly called damaged", cut)
    tally.hold(bool(read.problems) or at_an_end or whole[cut:cut + 1] == b"\n", "torn and not said", cut)
    try:
        with Journal.open(path, stamp, Unsynced()) as journal:
            tally.hold(len(journal.lines) == kept, "wrongly opened", cut)
            tally.hold((journal.recovered is None) == at_an_end, "mended and not said", cut)
            number = journal.append({"kind": "answered"})
    except Damaged as refusal:
        tally.hold(False, "refused to open", refusal)
        return
    tally.hold(number == kept + (1 if at_an_end else 2), "could not go on", cut)
    tally.seen["cuts between two lines"] += at_an_end


def run_flips(size: Size, folder: Path) -> Result:
    """Every flipped bit: refused with the line named and nothing changed, or mended and said; no other line is lost."""
    whole = sealed(sized(size, 2, 3, 60))
    tally, path = Tally("flipped bits", 8 * len(whole)), folder / NAME
    seals = [line["seal"] for line in _read(path, whole)]
    for place in range(len(whole)):
        for bit in range(8):
            hurt = bytearray(whole)
            hurt[place] ^= 1 << bit
            path.write_bytes(hurt)
            number = whole.count(b"\n", 0, place) + 1
            # A hurt line end is told by its line, or by the one that it runs into.
            named = (number, number + 1) if whole[place:place + 1] == b"\n" else (number,)
            _opened_after_flip(tally, path, bytes(hurt), named)
            if bit == place % 8:
                _others_kept(tally, path, seals, whole, place)
    return tally.result()


def _read(path: Path, data: bytes) -> tuple[dict[str, object], ...]:
    path.write_bytes(data)
    return tuple(dict(line) for line in read_journal(path).lines)


def _opened_after_flip(tally: Tally, path: Path, hurt: bytes, named: tuple[int, ...]) -> None:
    tally.tried += 1
    try:
        with Journal.open(path, stamp, Unsynced()) as journal:
            tally.hold(journal.recovered is not None, "undetected", (named, hurt[-40:]))
            tally.hold(len(journal.lines) == named[0], "lines lost", named)
            tally.hold(hurt.count(b"\n") == named[0] - 1, "wrongly opened", named)
            tally.seen["last line ends mended, the line kept"] += 1
    except Damaged as refusal:
        tally.hold(refusal.problems[0].line in named, "wrong line named", (named, refusal))
        tally.hold(path.read_bytes() == hurt, "changed though refused", named)
        tally.seen["refused with the line"] += 1


def _others_kept(tally: Tally, path: Path, seals: list[object], whole: bytes, place: int) -> None:
    """A reader still gives every line but the one that was hurt; a hurt line end costs none."""
    kept = {line["seal"] for line in read_journal(path).lines}
    hurt = -1 if whole[place:place + 1] == b"\n" else whole.count(b"\n", 0, place)
    missing = {number for number, seal in enumerate(seals) if seal not in kept}
    tally.hold(missing <= {hurt}, "lines lost", (place, missing))


ROWS = (
    Row("2", "a journal cut off at every byte, read and opened", run_cuts),
    Row("3", "every bit of every byte of a journal flipped, opened and read", run_flips),
)
