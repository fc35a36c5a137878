"""Everything a reviewer can run or open, searched for what others wrote of cases that they are still to mark.

Every text of the period holds a token that says whose it is and of which case, so that a leak names itself.
"""

import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.casework import Ran, Run

_TOKEN = re.compile(r"zq([a-z]+)_([sw]-[0-9]+)")
_LOOKING = "".join(f"{letter}\n" for letter in ("l", "d", "g", "i", "n", "b", "?", "a", "q"))
"""Letters of plain mode that only show, and leave at the end."""


SPRING, WINTER = ("--sample", "spring"), ("--sample", "winter")


def token(who: str, case_id: str) -> str:
    """What stands in every text that somebody writes of a case."""
    return f"zq{who}_{case_id}"


def tokens(text: str) -> set[tuple[str, str]]:
    """Whose texts of which cases are found in a text, whatever its letter case."""
    return set(_TOKEN.findall(text.casefold()))


def looked_up(run: Run, root: Path, who: str, owed: Collection[str], *, thorough: bool) -> Iterator[tuple[str, str]]:
    """What somebody gets to see of these samples as a whole, of which they are still to mark these cases: where, and
    everything that stands there. Not `thorough`: what says most, and not the same in other words."""
    listed = ("--json", "--all")
    commands = [("status", "--json"), ("moderate", *SPRING, *listed)]
    if any(case_id.startswith("w") for case_id in owed):
        commands += [("moderate", *WINTER, *listed), ("moderate", *WINTER, "--reference", *listed)]
    if thorough:
        commands += [("status",), ("history", "hal", "--json"), ("history", "jon", "--json"), ("history", "ida")]
        commands += [("moderate", *sample, "--panel", f"../{sample[1]}-panel.xlsx") for sample in (SPRING, WINTER)]
        yield "show", _all(run("show", "spring", "--json", folder=root))
    for words in commands:
        yield " ".join(words), _all(run(*words, "--as", who, folder=root))
    for panel in root.parent.glob("*-panel.xlsx"):
        yield from in_files(panel)
        panel.unlink()
    script = "".join(json.dumps({"case": case_id, **line}) + "\n" for case_id in sorted(owed)
                     for line in ({"question": "q9", "mark": "fully"}, {"do": "sign_off"}))
    yield "assess --script", _all(run("assess", *SPRING, "--as", who, "--script", "-", typed=script, folder=root))
    yield "names of files", "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    yield from in_files(root / "samples" / "spring" / "books" / f"{who}.xlsx")


def of_case(run: Run, root: Path, who: str, case_id: str, *, thorough: bool) -> Iterator[tuple[str, str]]:
    """What somebody gets to see of one case, in every sample that holds it."""
    commands = [("feedback", case_id, "--json"), ("moderate", case_id)]
    if thorough:
        commands += [("moderate", case_id, "--reference"), ("feedback", case_id)]
    for sample in (SPRING, WINTER) if thorough and case_id.startswith("w") else (SPRING,):
        for words in commands:
            yield " ".join((*words, *sample)), _all(run(*words, *sample, "--as", who, folder=root))
    at = (case_id, *SPRING, "--as", who)
    yield f"assess {case_id}", _all(run("assess", *at, "--plain", typed=_LOOKING, folder=root))
    if thorough:
        yield f"amend {case_id}", _all(run("amend", *at, "--reason", "x", folder=root))


def in_files(place: Path) -> Iterator[tuple[str, str]]:
    """A file, or every file below a folder, with whatever is packed into it."""
    for path in (sorted(place.rglob("*")) if place.is_dir() else (place,)):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.decode("utf-8", errors="replace")
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as packed:
                    for name in packed.namelist():
                        yield f"{path.name}: {name}", packed.read(name).decode("utf-8", errors="replace")


def _all(ran: Ran) -> str:
    """All that was said: a command that is refused says why, and none is one that cqa does not know."""
    assert ran.code in (0, 4), ran
    return ran.out + ran.err
