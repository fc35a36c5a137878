"""A product that is broken on purpose: the suite must notice each time, else its rows would show nothing."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cqa.errors import CqaError, NotSaved, Problem
from cqa.files.journal import Journal, RealOps, journal_lines
from cqa.marking.chain import Chain, Found, read_chain, read_rest
from cqa.marking.events import event_of
from tests.faults import checker, clocks, cuts_and_flips, damages, kills, nth_call, power_cuts, sequences, taken_away
from tests.faults import sittings as two
from tests.faults.result import Result, Row, Size, Tally

Run = Callable[[Size, Path], Result]


class AnySeal(str):
    """A seal that is like every other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


Faults = tuple[Found, ...]


def misread(faults: Callable[[Faults], Faults]) -> Callable[[], AbstractContextManager[object]]:
    """Openers and readers that take the faults of a chain for others."""
    def wrongly(read: Callable[..., Chain]) -> Callable[..., Chain]:
        return lambda *given: replace(chain := read(*given), faults=faults(chain.faults))

    @contextmanager
    def broken() -> Iterator[None]:
        with (patch("cqa.files.journal.read_chain", wrongly(read_chain)),
              patch("cqa.files.journal.read_rest", wrongly(read_rest))):
            yield
    return broken


def without(*kinds: str) -> Callable[[], AbstractContextManager[object]]:
    """A reading of a chain that is blind to some faults."""
    return misread(lambda faults: tuple(found for found in faults if found.fault not in kinds))


def torn_is_damaged(faults: Faults) -> Faults:
    """A reading of a chain that knows no torn tail."""
    return tuple(Found("damaged", found.line, found.offset, found.raw) for found in faults)


def silent(path: Path, _: Callable[[Problem], None], *more: Any) -> Iterator[Mapping[str, object]]:
    """A reader that tells of nothing."""
    return journal_lines(path, lambda _: None, *more)


def held_back() -> Callable[[RealOps, int, bytes], int]:
    """A write that keeps what it is given until there is enough of it, and says that it is written."""
    waiting: dict[int, bytes] = {}

    def write(_: RealOps, descriptor: int, data: bytes) -> int:
        waiting[descriptor] = waiting.get(descriptor, b"") + data
        if len(waiting[descriptor]) > 2_000:
            os.write(descriptor, waiting.pop(descriptor))
        return len(data)
    return write


def written_once(journal: Journal, descriptor: int, data: bytes) -> None:
    """A write that does not look how much was taken."""
    journal._ops.write(descriptor, data)


def forgiving(journal: Journal, line: bytes) -> None:
    """A write whose failure is not told."""
    try:
        journal._all(journal._descriptor, line)
        journal._ops.fsync(journal._descriptor)
    except OSError:
        return


def written_over(path: Path, data: bytes, ops: Any = None, **_: Any) -> Path:
    """A file that is written where it stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    if ops is None:
        path.write_bytes(data)
        return path
    descriptor = ops.open(path, flags, 0o600)
    try:
        ops.write(descriptor, data)
        ops.fsync(descriptor)
        ops.sync_folder(path.parent)
    except OSError as error:
        raise NotSaved(Problem("P004", "The file could not be written.")) from error
    finally:
        ops.close(descriptor)
    return path


def by_the_clock(fold: Any, event_id: str, case_id: str, told: Any, *_: object) -> None:
    """A fold in which of two events the later one counts, by their times."""
    event = event_of(*told)
    for other, (_case, before) in list(fold._standing.items()):
        one = event_of(*before)
        if (one.case_id, one.slot) == (event.case_id, event.slot):
            if one.at > event.at:
                return
            del fold._standing[other]
    fold._standing[event_id] = (case_id, told)


def shortest(copies: list[Any]) -> Any:
    """The copy of a journal that holds least."""
    return min(copies, key=lambda copy: len(copy.lines))


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is broken, how, and the rows (by name) that must notice, each by itself. `size` is that of the rows."""

    name: str
    broken: Callable[[], AbstractContextManager[object]]
    rows: Mapping[str, Run]
    size: Size = "smoke"


def patched(target: str, new: object) -> Callable[[], AbstractContextManager[object]]:
    """Something in the product replaced for a while."""
    return lambda: patch(target, new)


MUTANTS = (
    Mutant("every seal holds", patched("cqa.marking.chain.seal_of", lambda _: AnySeal("0" * 32)),
           {"3": cuts_and_flips.run_flips, "4": damages.run_table, "14 planted": checker.run_planted,
            "14 by hand": checker.run_by_hand}),
    Mutant("a broken chain is taken", without("unlinked"),
           {"9 unlocked": two.run_unlocked, "4": damages.run_table, "14 by hand": checker.run_by_hand}),
    Mutant("damage is taken", without("damaged", "rewritten"),
           {"3": cuts_and_flips.run_flips, "4": damages.run_table, "14 planted": checker.run_planted}),
    Mutant("a torn tail is taken for damage", misread(torn_is_damaged),
           {"1 journal": power_cuts.run_journal, "2": cuts_and_flips.run_cuts, "14 planted": checker.run_planted}),
    Mutant("readers tell of nothing", patched("cqa.files.journals.journal_lines", silent),
           {"14 by hand": checker.run_by_hand, "14 planted": checker.run_planted, "4": damages.run_table}),
    Mutant("files are not synced", nullcontext,
           {"1 journal": partial(power_cuts.run_journal, deaf="fsync"),
            "1 atomic": partial(power_cuts.run_atomic, deaf="fsync")}),
    Mutant("names are not synced", nullcontext,
           {"1 journal": partial(power_cuts.run_journal, deaf="sync_folder"),
            "1 atomic": partial(power_cuts.run_atomic, deaf="sync_folder")}),
    Mutant("short writes are not gone on with", patched("cqa.files.journal.Journal._all", written_once),
           {"1 journal": power_cuts.run_journal}),
    Mutant("files are written where they stand", patched("tests.faults.power_cuts.write_bytes", written_over),
           {"1 atomic": power_cuts.run_atomic}),
    Mutant("marks are acknowledged before they are written", patched("cqa.files.journal.RealOps.write", held_back()),
           {"5 process": kills.run_fork}),
    Mutant("a failing write is not told", patched("cqa.files.journal.Journal._write", forgiving),
           {"6 calls": nth_call.run_calls}),
    Mutant("a journal taken away is written on", patched("cqa.files.journal.RealOps.is_at", lambda *_: True),
           {"8 taken away": taken_away.run_taken_away}),
    Mutant("the lock is none", nullcontext, {"9 locked": partial(two.run_locked, ops=two.Unlocked())}),
    Mutant("the clock decides", patched("cqa.marking.fold.Fold.add", by_the_clock), {"10": clocks.run_clocks}),
    Mutant("the shortest copy is believed", patched("cqa.files.journals._believed", shortest),
           {"11": sequences.run_sequences}, "ci"),
    Mutant("a record's seal is not looked at", patched("cqa.files.sample_folder.is_sealed", lambda _: True),
           {"14 files": checker.run_files}),
)


def run_mutants(size: Size, folder: Path) -> Result:
    """Each of the broken products through the rows that must notice; unless in full, through the first of them."""
    tried = [(mutant, key) for mutant in MUTANTS
             for key in (mutant.rows if size == "full" else list(mutant.rows)[:1])]
    tally = Tally("rows on broken products", len(tried))
    for number, (mutant, key) in enumerate(tried):
        tally.tried += 1
        place = folder / f"{number}"
        place.mkdir()
        with mutant.broken():
            try:
                result = mutant.rows[key](mutant.size, place)
            except (AssertionError, ValueError, CqaError):
                tally.seen["stopped a row"] += 1
                continue
        if result.not_run:
            tally.seen["not run"] += 1
            continue
        tally.hold(any(result.never.values()), "not noticed", (mutant.name, key, result.told))
        tally.seen["noticed"] += any(result.never.values())
    return tally.result()


ROWS = (
    Row("14 mutants", "the product broken on purpose, in each of sixteen ways: the rows must find it", run_mutants),
)
