"""`cqa pack`: one sample as evidence, for somebody who trusts nobody: a zip with all that is needed to check it."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cqa.book import Book
from cqa.commands.evidence.evidence import evidence_book
from cqa.commands.evidence.pack_words import PackState, limits, verify_text
from cqa.commands.evidence.withholding import hidden_facts
from cqa.commands.here import workspace_here
from cqa.commands.records import SampleRecord, exit_of, read_record
from cqa.commands.reports.books import reviewer_book
from cqa.commands.reports.report import file_name
from cqa.commands.reports.report_book import consistency_book
from cqa.errors import NotSaved, Problem, only_errors
from cqa.facts import how_many
from cqa.files.anchors import ANCHOR_FILE, anchor_of
from cqa.files.journals import read_journals
from cqa.files.packing import Packed, Source, may_be_named, write_pack
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.plain_file import read_file
from cqa.files.rooms import ROOMS
from cqa.files.sample_folder import ASSIGNMENTS, CASES, FRAME, PLAN, RECORD, SampleFolder, open_sample
from cqa.files.withheld import WITHHELD, cases_without, withheld_record
from cqa.files.workbook import write_book
from cqa.files.workspace import SETTINGS_FILE, Workspace
from cqa.sampling.withholding import drawn_by, withheld_columns
from cqa.screen.printer import Printer
from cqa.whole import made_whole
from cqa.world import World

_SETTINGS = "# This folder is a workspace of cqa, so that cqa verify works in it. Nothing is set.\n"
_KEPT = ("*.jsonl", "*.torn-*", "*.rewritten-*")
"""What is packed of a room of journals; drafts are nobody's evidence."""
Put = Callable[[str, Source], None]


def run(world: World, printer: Printer, name: str, out: str) -> int:
    """Packs a sample as it is now.

    Raises WrongUse for an unknown sample, Damaged when its files are not as written, Forbidden for a take, NotSaved for
    the disk. A damaged journal is packed as it is, and ends with exit 7.
    """
    workspace = workspace_here(world)
    folder = open_sample(workspace, name)
    refuse_take(folder)
    refuse_packed(folder)
    anchor = made_whole("".join(f"{line}\n" for line in anchor_of(folder).lines))
    files: dict[str, Source] = {ANCHOR_FILE: anchor.encode(), SETTINGS_FILE: _SETTINGS.encode()}
    record = read_record(folder, workspace.settings.language)
    inside = f"samples/{folder.path.name}"
    withheld = _put_record(folder, lambda place, source: files.__setitem__(f"{inside}/{place}", source))
    unnamed = _put_journals(folder, lambda place, source: files.__setitem__(f"{inside}/{place}", source))
    state = PackState(withheld, drawn_by(folder.sample.plan, hidden_facts(folder)),
                      _answered(folder) + _brought(record, folder), unnamed, only_errors(record.problems))
    commitment = _sha256(folder.path / PLAN)
    with printer.progress("Making workbooks", 2 + len(record.folder.sample.reviewers)) as steps:
        evidence = evidence_book(workspace, folder, record, commitment, state)
        files[f"reports/{folder.path.name}-evidence.xlsx"] = _rendered(record, evidence)
        steps.advance()
        for place, data in _workbooks(workspace, record, inside) if record.rubric else ():
            files[place] = data
            steps.advance()
    files["VERIFY.txt"] = made_whole(verify_text(folder.sample, folder.path.name, commitment, state)).encode()
    called = f"{folder.path.name}-evidence"
    packed = write_pack(world.folder / out if out else workspace.reports / f"{called}.zip", called, files)
    printer.problems(record.problems)
    _tell(printer, record, packed, state)
    return exit_of([record])


def _sha256(path: Path) -> str:
    return hashlib.sha256(read_file(path)).hexdigest()


def _put_record(folder: SampleFolder, put: Put) -> tuple[str, ...]:
    """What the draw wrote and the rubrics, without the facts that are never shown. Gives the columns left out."""
    withheld = withheld_columns(folder.sample.plan, hidden_facts(folder))
    cases = read_file(folder.path / CASES)
    for name in (PLAN, RECORD, ASSIGNMENTS):
        put(name, read_file(folder.path / name))
    if folder.listed:
        put(FRAME, folder.path / FRAME)
    packed = cases_without(cases, withheld) if withheld else cases
    put(CASES, packed)
    if withheld:
        put(WITHHELD, withheld_record(folder.sample.name, withheld, cases, packed))
    for path in sorted((folder.path / "rubrics").glob("*.yaml")):
        put(f"rubrics/{path.name}", read_file(path))
    return withheld


def _put_journals(folder: SampleFolder, put: Put) -> tuple[str, ...]:
    """Every journal as it is at this moment, and what was set aside of one. Gives the names of
    links, of what is no file, and of those that no zip can hold."""
    unnamed = []
    for room in ROOMS:
        for path in sorted(path for kept in _KEPT for path in (folder.path / room).glob(kept)):
            if path.is_symlink() or not path.is_file() or not may_be_named(path.name):
                unnamed.append(path.name)
            else:
                put(f"{room}/{path.name}", read_file(path))
    return tuple(unnamed)


def _workbooks(workspace: Workspace, record: SampleRecord, inside: str) -> Iterator[tuple[str, bytes]]:
    """The consistency report and each reviewer's book, made anew: places in the pack and bytes."""
    report = consistency_book(workspace, record)
    yield f"reports/{file_name([record])}-consistency.xlsx", _rendered(record, report)
    for reviewer in record.folder.sample.reviewers:
        book = reviewer_book(workspace, record, reviewer)
        yield f"{inside}/books/{reviewer.casefold()}.xlsx", _rendered(record, book)


def _rendered(record: SampleRecord, book: Book) -> bytes:
    try:
        with TemporaryDirectory() as folder:
            return read_file(write_book(Path(folder) / "book.xlsx", book, record.as_of))
    except OSError as error:
        raise NotSaved(Problem("W001", f"A workbook could not be made: {error.strerror or error}.", "Free the disk; "
                               "nothing was packed.")) from error


def _answered(folder: SampleFolder) -> int:
    """How many facts that are never shown reviewers answered themselves, because the export did not hold them."""
    ids = {fact for fact, _ in hidden_facts(folder)}
    return sum(str(line.get("fact")) in ids for lines in read_journals(folder.marks).lines.values() for line in lines)


def _brought(record: SampleRecord, folder: SampleFolder) -> int:
    """How many facts that are never shown stand in the changes, with calibration cases brought in."""
    ids = {fact for fact, _ in hidden_facts(folder)}
    return sum(fact in ids and bool(value) for one in record.settled.brought for fact, value in one.facts.items())


def _tell(printer: Printer, record: SampleRecord, packed: Packed, state: PackState) -> None:
    if printer.as_json:
        printer.json({"sample": record.name, "file": str(packed.path), "sha256": packed.sha256, "bytes": packed.bytes,
                      "files": packed.files, "withheld": list(state.withheld), "drawn_by": list(state.drawn_by),
                      "answered": state.answered, "left_out": list(state.unnamed),
                      "problems": [problem.as_json() for problem in record.problems]})
        return
    printer.line(f"{record.name} is packed in {packed.path}: {how_many(packed.files, 'file')}, "
                 f"{packed.bytes:,} bytes. It shows who gave which mark: hand it to the inspector alone.")
    for line in limits(state):
        printer.line(" ".join(line.split()))
    if state.damage:
        printer.line("Journals are damaged; they are in the pack as they are, and VERIFY.txt says so.")
    printer.line(f"Its SHA-256, to be told by another way than the pack goes:\n  {packed.sha256}")
