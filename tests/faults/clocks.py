"""Clocks that stand, run back, jump, or lie in other zones and ages: the order of marks never depends on them."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.faults.bed import Bed, made
from tests.faults.result import Result, Row, Size, Tally, sized

Clock = Callable[[], datetime]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ticking(start: datetime, step: timedelta) -> Clock:
    """A clock that moves by the step each time somebody looks at it."""
    ticks = itertools.count()
    return lambda: start + next(ticks) * step


def turning(*moments: datetime) -> Clock:
    """A clock that shows these moments in turn."""
    shown = itertools.cycle(moments)
    return lambda: next(shown)


def jumping(seed: int) -> Clock:
    """A clock that shows any moment of eight thousand years."""
    moments = random.Random(seed)
    return lambda: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=moments.randrange(8_000 * 365))


def autumn_in_london() -> Clock:
    """The hour that comes twice when summer time ends, once before the change and once after it, in turn."""
    try:
        zone = ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        before, after = timezone(timedelta(hours=1)), UTC
        return turning(datetime(2026, 10, 25, 1, 30, tzinfo=before), datetime(2026, 10, 25, 1, 30, tzinfo=after))
    return turning(datetime(2026, 10, 25, 1, 30, tzinfo=zone), datetime(2026, 10, 25, 1, 30, tzinfo=zone, fold=1))


CLOCKS: dict[str, Callable[[], Clock]] = {
    "an hour back at every look": lambda: ticking(START, timedelta(hours=-1)),
    "standing still": lambda: turning(START),
    "the year 1970": lambda: ticking(datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)),
    "the year 9999": lambda: turning(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    "the hour that comes twice": autumn_in_london,
    "zones on both sides of the date line": lambda: turning(
        START.astimezone(timezone(timedelta(hours=14))), START.astimezone(timezone(timedelta(hours=-12)))),
    "no zone": lambda: ticking(datetime(2026, 3, 29, 1, 30), timedelta(minutes=1)),  # noqa: DTZ001
    **{f"anywhere, {seed}": lambda seed=seed: jumping(seed) for seed in range(12)},  # type: ignore[misc]
}


def run_clocks(size: Size, folder: Path) -> Result:
    """The same deeds under each clock, sittings and leaders' changes: what is answered and what stands is the same."""
    clocks = dict(list(CLOCKS.items())[: sized(size, 1, 8, len(CLOCKS))])
    tally = Tally("clocks", len(clocks))
    told = dict(_deeds(made(folder / "well"), size == "full"))
    for name, clock in clocks.items():
        tally.tried += 1
        bed = made(folder / name.replace(" ", "-"))
        for what, found in _deeds(replace(bed, world=replace(bed.world, now=clock())), size == "full"):
            tally.hold(found == told[what], f"other {what}", (name, found, told[what]))
        ats = [line["at"] for line in map(json.loads, bed.journal().read_bytes().splitlines())]
        tally.seen["times out of order"] += sum(one > other for one, other in itertools.pairwise(ats))
    return tally.result()


def _deeds(bed: Bed, report: bool) -> Iterator[tuple[str, object]]:
    """What each step of three sittings, an amendment and a withdrawal comes to, times and exact warnings left out."""
    first, second, third = bed.cases()[:3]
    mark = {"question": "q1", "reason": "so", "evidence": "p 2"}
    sittings = [
        [{"case": first, **mark, "mark": "fully_met"}, {"case": first, **mark, "mark": "not_met"},
         {"case": first, "do": "undo"}, {"case": first, "do": "redo"}, {"case": second, **mark, "mark": "partly_met"},
         {"case": second, "question": "q1", "do": "clear"}, {"case": second, "do": "flag"}],
        [{"case": first, **mark, "mark": "partly_met"}, {"case": first, "fact": "child", "value": "N"},
         {"case": first, **mark, "question": "q2", "mark": "fully_met"},
         {"case": first, **mark, "question": "q3", "mark": "fully_met"}, {"case": first, "do": "sign_off"},
         {"case": first, **mark, "mark": "not_met"}, {"case": second, **mark, "mark": "not_met"},
         {"case": third, **mark, "mark": "fully_met"}],
        [{"case": second, **mark, "mark": "fully_met"}, {"case": second, "urgent": "custody"}],
    ]
    for number, lines in enumerate(sittings):
        ran = bed.script(lines)
        yield f"answers of sitting {number}", (ran.code, [
            (answer["saved"], answer.get("code")) for answer in map(json.loads, ran.out.splitlines())])
    amended = bed.run("amend", first, "--sample", "march", "--as", "ann", "--reason", "new", "--script", "-",
                      folder=bed.workspace)
    yield "end of an amendment", amended.code
    gone = bed.run("withdraw", third, "--sample", "march", "--as", "lea", "--reason", "lost", folder=bed.workspace)
    yield "end of a withdrawal", gone.code
    for command in ("export", "status"):
        ran = bed.run(command, "march", "--json", folder=bed.workspace)
        rows = [{key: value for key, value in row.items() if key not in ("at", "overdue")}
                for row in json.loads(ran.out)["rows"]]
        yield f"rows of {command}", (ran.code, rows)
    if report:
        yield "end of report", bed.run("report", "march", folder=bed.workspace).code
    code, problems = bed.verify()
    yield "end of verify", (code, [problem["code"] for problem in problems if problem["severity"] == "error"])


ROWS = (
    Row("10", "clocks that stand, run back, jump and lie in other zones, at 1970 and 9999: what stands is the same",
        run_clocks),
)
