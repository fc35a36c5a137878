"""Every kind of damage to a journal, and what a reader, a sitting that opens it and `cqa verify` say of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Damaged
from cqa.files.journal import Journal, read_journal
from cqa.marking.chain import MAX_LINE
from tests.faults.bed import Bed, made
from tests.faults.disk import Unsynced
from tests.faults.power_cuts import stamp
from tests.faults.result import Result, Row, Size, Tally

MARKS = 5
LAST = MARKS + 1
"""The number of the journal's last line; its first is the one that opens it."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Lines = list[bytes]


@dataclass(frozen=True, slots=True)
class Damage:
    """A way to damage a journal of six lines, `change(its lines, another's lines)`.

    `code` and `line` of the first thing a reader finds (no code: nothing), and whether a sitting may go on after it.
    """

    name: str
    change: Callable[[Lines, Lines], bytes]
    code: str = "J002"
    line: int = 0
    opens: bool = False

    @property
    def exit_code(self) -> int:
        """How `cqa verify` ends: a torn tail, and what no chain can show, are no error."""
        return 0 if self.opens else 7


def joined(*parts: Lines | bytes) -> bytes:
    """Lines and bytes one after the other."""
    return b"".join(part if isinstance(part, bytes) else b"".join(part) for part in parts)


def edited(number: int, old: bytes, new: bytes) -> Callable[[Lines, Lines], bytes]:
    """One line (from 1) with one word changed."""
    def change(mine: Lines, _: Lines) -> bytes:
        assert old in mine[number - 1], (number, old)
        return joined(mine[:number - 1], mine[number - 1].replace(old, new, 1), mine[number:])
    return change


DAMAGES = (
    Damage("a tail of zeros", lambda mine, _: joined(mine, bytes(700)), "J001", LAST + 1, opens=True),
    Damage("a tail of 0xFF", lambda mine, _: joined(mine, b"\xff" * 300), "J001", LAST + 1, opens=True),
    Damage("a tail of junk", lambda mine, _: joined(mine, b'{"at":"2026-03-0'), "J001", LAST + 1, opens=True),
    Damage("half of the last line", lambda mine, _: joined(mine[:-1], mine[-1][:90]), "J001", LAST, opens=True),
    Damage("the last line zeroed", lambda mine, _: joined(mine[:-1], bytes(len(mine[-1]))), "J001", LAST, opens=True),
    Damage("the last line end missing", lambda mine, _: joined(mine)[:-1], "", opens=True),
    Damage("the last line end hurt", lambda mine, _: joined(mine)[:-1] + b"\x8a", "J001", LAST + 1, opens=True),
    Damage("a file of zeros", lambda mine, _: bytes(len(joined(mine))), "J001", 1, opens=True),
    Damage("emptied", lambda mine, _: b"", "", opens=True),
    Damage("the last whole line cut off", lambda mine, _: joined(mine[:-1]), "", opens=True),
    Damage("a tail of zeros longer than any line", lambda mine, _: joined(mine, bytes(MAX_LINE + 1)), line=LAST + 1),
    Damage("a long file of zeros", lambda mine, _: bytes(2 * MAX_LINE), line=1),
    Damage("junk that ends in a line feed", lambda mine, _: joined(mine, b"junk\n"), line=LAST + 1),
    Damage("zeros that end in a line feed", lambda mine, _: joined(mine, bytes(60), b"\n"), line=LAST + 1),
    Damage("a blank line at the end", lambda mine, _: joined(mine, b"\n"), line=LAST + 1),
    Damage("a blank line in the middle", lambda mine, _: joined(mine[:3], b"\n", mine[3:]), line=4),
    Damage("a blank line before the first", lambda mine, _: joined(b"\n", mine), line=1),
    Damage("a level changed", edited(3, b'"fully_met"', b'"not_met"'), line=3),
    Damage("a level of the last line changed", edited(LAST, b'"fully_met"', b'"not_met"'), line=LAST),
    Damage("a word of a reason changed", edited(4, b"turn", b"urn"), line=4),
    Damage("the time changed", edited(2, b'"at":"2026', b'"at":"2025'), line=2),
    Damage("the owner changed", edited(1, b'"reviewer":"ann"', b'"reviewer":"bob"'), line=1),
    Damage("the number of a line changed", edited(3, b'"seq":3', b'"seq":9'), line=3),
    Damage("a seal in capitals", lambda mine, _: joined(mine[:1], mine[1][:-35] + mine[1][-35:].upper(), mine[2:]),
           line=2),
    Damage("a line written anew with spaces", edited(2, b'":"', b'": "'), line=2),
    # What stands between two lines is told as a line of its own.
    Damage("a space after a line", edited(5, b"\n", b" \n"), line=6),
    Damage("a line end in the middle hurt", edited(2, b"\n", b"\x0b"), line=3),
    Damage("two lines joined", edited(2, b"\n", b""), line=3),
    Damage("zeros in the middle", lambda mine, _: joined(mine[:2], bytes(len(mine[2])), mine[3:]), line=3),
    Damage("a line dropped", lambda mine, _: joined(mine[:2], mine[3:]), "J003", 3),
    Damage("the first line dropped", lambda mine, _: joined(mine[1:]), "J003", 1),
    Damage("a line twice", lambda mine, _: joined(mine[:3], mine[2:]), "J003", 4),
    Damage("the last line twice", lambda mine, _: joined(mine, mine[-1]), "J003", LAST + 1),
    Damage("two lines swapped", lambda mine, _: joined(mine[:2], mine[3], mine[2], mine[4:]), "J003", 3),
    Damage("the whole file twice", lambda mine, _: joined(mine, mine), "J003", LAST + 1),
    Damage("another's line at the end", lambda mine, other: joined(mine, other[-1]), "J003", LAST + 1),
    Damage("another's line in the middle", lambda mine, other: joined(mine[:3], other[3], mine[3:]), "J003", 4),
    Damage("another's line in the place of one", lambda mine, other: joined(mine[:3], other[3], mine[4:]), "J003", 4),
    Damage("Windows line ends", lambda mine, _: joined(mine).replace(b"\n", b"\r\n"), "J008", 1),
    Damage("one Windows line end", edited(3, b"\n", b"\r\n"), "J008", 3),
    Damage("a byte-order mark", lambda mine, _: joined(BYTE_ORDER_MARK, mine), "J008", 1),
    Damage("a mark and Windows line ends", lambda mine, _: joined(BYTE_ORDER_MARK, mine).replace(b"\n", b"\r\n"),
           "J008", 1),
    Damage("line ends of an old Macintosh", lambda mine, _: joined(mine).replace(b"\n", b"\r"), line=2),
    Damage("UTF-16", lambda mine, _: joined(mine).decode().encode("utf-16"), line=1),
)


def run_table(size: Size, folder: Path) -> Result:
    """Each damage in the journal of a real sample: what is read, what is opened, and what `verify` and `assess` say."""
    bed = made(folder / "bed", MARKS, ("ann", "bob"))
    mine, other = (bed.journal(who).read_bytes().splitlines(keepends=True) for who in ("ann", "bob"))
    tally = Tally("kinds of damage", len(DAMAGES))
    for damage in DAMAGES:
        tally.tried += 1
        data = damage.change(mine, other)
        bed.journal().write_bytes(data)
        _verified(tally, bed, bed.journal(), damage)
        _next_sitting(tally, bed, damage)
        _read_and_opened(tally, bed.journal(), damage)
        bed.journal().write_bytes(joined(mine))
    tally.hold(bed.verify() == (0, []), "an untouched sample that does not agree")
    return tally.result()


def _read_and_opened(tally: Tally, path: Path, damage: Damage) -> None:
    data = path.read_bytes()
    read = read_journal(path)
    found = [(problem.code, problem.line) for problem in read.problems[:1]]
    tally.hold(found == ([(damage.code, damage.line)] if damage.code else []), "wrongly read", (damage.name, found))
    try:
        with Journal.open(path, stamp, Unsynced()) as journal:
            tally.hold(damage.opens, "opened", damage.name)
            tally.hold(len(journal.lines) == len(read.lines), "lines lost", damage.name)
            journal.append({"at": stamp(), "kind": "answered"})
        tally.hold(not read_journal(path).problems, "could not go on", damage.name)
        for beside in path.parent.glob("*.torn-*"):
            tally.hold(beside.read_bytes() in data, "torn bytes thrown away", damage.name)
            beside.unlink()
    except Damaged as refusal:
        tally.hold(not damage.opens, "refused to open", (damage.name, refusal))
        tally.hold(path.read_bytes() == data, "changed though refused", damage.name)


def _next_sitting(tally: Tally, bed: Bed, damage: Damage) -> None:
    """`cqa assess` goes on only where it may; whenever fewer lines are left than this device wrote, it says so."""
    path, memory = bed.journal(), bed.home / "journals.json"
    data, known = path.read_bytes(), memory.read_bytes()
    kept = len(read_journal(path).lines)
    ran = bed.script([])
    tally.hold(ran.code == (0 if damage.opens else 7), "wrong exit code of assess", (damage.name, ran))
    tally.hold(damage.opens or path.read_bytes() == data, "changed though refused", damage.name)
    if damage.opens:
        tally.hold(("J011" in ran.err) == (kept < LAST), "lines lost and not said", (damage.name, ran.err))
        tally.seen["said by the device that wrote them"] += kept < LAST
    path.write_bytes(data)
    memory.write_bytes(known)
    for beside in path.parent.glob("*.torn-*"):
        beside.unlink()


def _verified(tally: Tally, bed: Bed, path: Path, damage: Damage) -> None:
    """`cqa verify` ends as the damage calls for, and names its code, file and line."""
    code, problems = bed.verify()
    tally.hold(code == damage.exit_code, "wrong exit code of verify", (damage.name, code))
    named = [(problem["code"], problem["line"]) for problem in problems if problem["where"] == str(path)]
    tally.hold(not damage.code or (damage.code, damage.line) in named, "not named by verify", (damage.name, problems))
    tally.hold(bool(damage.code) or not problems, "said of what is whole", (damage.name, problems))
    severities = {problem["severity"] for problem in problems}
    tally.hold("error" in severities if not damage.opens else severities == ({"warning"} if damage.code else set()),
               "wrong severity", (damage.name, severities))
    tally.seen["found by verify" if damage.code else "that no chain can show"] += 1


ROWS = (
    Row("4", "each kind of damage: tails of zeros, 0xFF, junk; lines changed, doubled, swapped, dropped, another's; "
        "line ends and encodings changed", run_table),
)
