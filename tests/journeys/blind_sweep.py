"""Everything a reviewer can run or open, searched for what others wrote of cases that they are still to mark.

Every text of the period holds a token that says whose it is and of which case, so that a leak names itself.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.casework import Ran, Run

_TOKEN = re.compile(r"zq([a-z]+)_([sw]-[0-9]+)")
_LOOKING = "".join(f"{letter}\n" for letter in ("l", "d", "g", "i", "n", "b", "?", "a", "q"))
"""Letters of plain mode that only show, and leave at the end."""


def token(who: str, case_id: str) -> str:
    """What stands in every text that somebody writes of a case."""
    return f"zq{who}_{case_id}"


def tokens(text: str) -> set[tuple[str, str]]:
    """Whose texts of which cases are found in a text, whatever its letter case."""
    return set(_TOKEN.findall(text.casefold()))


def outputs(run: Run, root: Path, who: str, owed: set[str]) -> Iterator[tuple[str, str]]:
    """What somebody gets to see who is still to mark these cases: where, and everything that stands there."""
    for words in (("status",), ("status", "--json"), ("status", "--mine"),
                  *(("moderate", "--sample", sample, *more) for sample in ("winter", "spring")
                    for more in (("--json", "--all"), ("--reference",), ("--reference", "--json", "--all")))):
        yield " ".join(words), _all(run(*words, "--as", who, folder=root))
    for case_id in sorted(owed):
        for sample in ("spring", "winter") if case_id.startswith("w") else ("spring",):
            at = ("--sample", sample, "--as", who)
            for words in (("feedback", case_id, *at), ("feedback", case_id, *at, "--json"), ("moderate", case_id, *at),
                          ("moderate", case_id, *at, "--reference")):
                yield " ".join(words), _all(run(*words, folder=root))
        yield f"assess {case_id}", _all(run("assess", case_id, *at_spring(who), "--plain", typed=_LOOKING, folder=root))
        yield f"amend {case_id}", _all(run("amend", case_id, *at_spring(who), "--reason", "x", folder=root))
    script = "".join(json.dumps({"case": case_id, **line}) + "\n" for case_id in sorted(owed)
                     for line in ({"question": "q9", "mark": "fully"}, {"do": "sign_off"}))
    yield "assess --script", _all(run("assess", *at_spring(who), "--script", "-", typed=script, folder=root))
    yield "names of files", "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    yield from in_files(root / "samples" / "spring" / "books" / f"{who}.xlsx")


def at_spring(who: str) -> tuple[str, ...]:
    """The options that say which sample, and who."""
    return "--sample", "spring", "--as", who


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
    return ran.out + ran.err
