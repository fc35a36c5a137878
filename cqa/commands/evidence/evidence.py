"""The inspector's workbook: all that a sample's record says, as tables, and first what it cannot show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cqa.book import Book
from cqa.commands.evidence.checks import Check, draw_checks, journal_checks
from cqa.commands.evidence.evidence_gaps import Room, checks_table, every_gap, gaps_table, result_of
from cqa.commands.evidence.evidence_marks import marker_states, marks_table, reviewers_table, second_table
from cqa.commands.evidence.evidence_rubrics import Versions, versions_of, versions_table
from cqa.commands.evidence.pack_words import ALWAYS, PackState, limits
from cqa.commands.evidence.withholding import hidden_facts
from cqa.commands.records import SampleRecord
from cqa.commands.reports.after_marking import after_marking
from cqa.commands.reports.books import anchor_table, as_of
from cqa.consistency.after_marking import AfterMarking
from cqa.consistency.after_tables import after_tables
from cqa.errors import Problem, only_errors
from cqa.facts import how_many
from cqa.files.anchors import anchor_of
from cqa.files.journals import read_journals
from cqa.files.rooms import ROOMS
from cqa.files.sample_folder import SampleFolder
from cqa.files.workspace import Workspace
from cqa.marking.log import LogEntry, log_entries, reworked
from cqa.marking.log_tables import amendments_table, log_table
from cqa.sampling.record_tables import case_list, changes_table, population_table, strata_table
from cqa.table import Table

_SHOWS = ("How the cases were drawn, who was to mark each and who did, every mark that stands with the journal line it "
          "comes from, every line of every journal, whether the record holds together, and what is missing from it.")
_NOTES = (
    "The journals in the pack are the record; this workbook is a picture of them, made when the pack was made.",
    "A reference such as ann.7f3a91c2:41 names line 41 of the journal that ann wrote on the device 7f3a91c2: the file "
    "marks/ann.7f3a91c2.jsonl, or, where the room is changes, changes/ann.7f3a91c2.jsonl.",
    "A mark on a case that was replaced, withdrawn or handed on is in the log, and not among the marks that stand.",
    "Times are UTC, as the device told them; no device records its offset from UTC. Nothing is ordered by them.",
    "Case facts that the rubric never shows are in no sheet; where a reviewer answered one, the log says so without "
    "the answer.",
    "cqa keeps no record of training or practice, so none can be shown here.",
)
_ORDER = ("Start with Checks and Known gaps; then Population and sample says how it was drawn. To follow one mark, "
          "take its reference from Marks to the Log, and from there to that line of the journal itself.")
_ELSEWHERE = (
    Check("Export", "The frame and the draw follow from the export itself, which is not in the pack: cqa verify "
          "--export FILE.", (), done=False),
    Check("Anchor", "Nothing was changed up to an anchor that somebody else has kept: cqa verify --anchor FILE.", (),
          done=False),
)
"""What takes a file that is not of the sample."""
_HANDLING = "Names who gave which mark, and what they wrote: for the inspector alone. Do not pass it on."

@dataclass(frozen=True, slots=True)
class Evidence:
    """What the workbook is made of: the sample's folder as it was drawn, its record as it stands, the journals of each
    room, the versions of its rubric, the checks, what is known to be missing, and what came after the marks."""

    folder: SampleFolder
    record: SampleRecord
    rooms: Mapping[str, Room]
    versions: Versions
    checks: tuple[Check, ...]
    gaps: tuple[Problem, ...]
    after: AfterMarking


def evidence_book(
    workspace: Workspace, folder: SampleFolder, record: SampleRecord, commitment: str, state: PackState
) -> Book:
    """The evidence of one sample. `folder` holds it as drawn, `record` as it stands; `commitment` is the SHA-256 of
    plan.yaml, `state` what of it is not passed on. Raises Damaged for a rubric that is not as recorded."""
    found = _gathered(workspace, folder, record, state)
    hidden = frozenset((*(fact for fact, _ in hidden_facts(folder)), *state.withheld))
    entries = tuple(entry for room, journals in found.rooms.items() for entry in log_entries(room, journals, hidden))
    return Book(f"Evidence of sample {record.name}", workspace.settings.organisation, workspace.settings.language,
                tuple(_cover(found, state)), _NOTES, tuple(_tables(found, commitment, state, entries)))


def _gathered(workspace: Workspace, folder: SampleFolder, record: SampleRecord, state: PackState) -> Evidence:
    rooms = {room: read_journals(folder.path / room).lines for room in ROOMS}
    drawn, _ = draw_checks(folder)
    checks = (*drawn, *journal_checks(folder)[0], *_ELSEWHERE)
    versions = versions_of(workspace, record)
    gaps = every_gap(record, checks, rooms, (*versions.gaps, *_withheld(folder, state)))
    after = replace(after_marking((record,), workspace.settings.calibration), amendments=())
    return Evidence(folder, record, rooms, versions, checks, gaps, after)


def _withheld(folder: SampleFolder, state: PackState) -> Iterator[Problem]:
    """What the pack leaves out, or cannot show of this very sample."""
    for told in limits(state):
        yield Problem("W012", " ".join(told.split()), "VERIFY.txt says the same.", severity="warning")
    if not folder.listed:
        yield Problem("W012", "The frame has no list in the pack: it was too large for one.", "The draw can be made "
                      "again from the export: cqa verify --export FILE.", severity="warning")


def _tables(
    found: Evidence, commitment: str, state: PackState, entries: Sequence[LogEntry]
) -> Iterator[Table]:
    record, settled = found.record, found.record.settled
    yield checks_table(found.checks)
    yield gaps_table(found.gaps)
    yield population_table(settled, found.folder.committed, commitment)
    yield strata_table(settled)
    yield changes_table(settled)
    yield case_list(settled, state.withheld, marker_states(record))
    yield versions_table(record, found.versions)
    yield reviewers_table(record, found.rooms["marks"])
    yield second_table(record)
    yield from after_tables(found.after)
    yield marks_table(record)
    yield amendments_table(reworked(entries))
    yield log_table(entries)
    yield anchor_table(anchor_of(found.folder).lines)


def _cover(found: Evidence, state: PackState) -> Iterator[tuple[str, str]]:
    record, settled = found.record, found.record.settled
    firsts = [one for one in record.assessed if one.turn == "first"]
    yield "What this shows", _SHOWS
    yield "What it cannot show", "\n".join((*ALWAYS, *(" ".join(told.split()) for told in limits(state))))
    yield "Checks", _checks_said(found.checks)
    yield "Known gaps", _gaps_said(found.gaps)
    yield "Sample", record.name
    rubric = record.folder.sample.plan.rubric
    yield "Rubric", f"{rubric.id} {rubric.version}, SHA-256 {rubric.sha256}" if rubric else "none"
    yield "Drawn", (f"{sum(case.main for case in settled.drawn.cases):,} main cases of {settled.drawn.frame_cases:,} "
                    "that could have been drawn")
    yield "Signed off", f"{sum(one.signed for one in firsts):,} of {len(firsts):,} by the first marker"
    yield as_of((record,))
    yield "How to read this", _ORDER
    yield "Handling", _HANDLING


def _checks_said(checks: Sequence[Check]) -> str:
    failed = [one.name for one in checks if result_of(one) == "does not hold"]
    left = [one.name for one in checks if not one.done]
    told = [f"These do not hold: {', '.join(failed)}." if failed else "Every check that was made holds."]
    if left:
        told.append(f"Not made: {', '.join(left)}.")
    return f"{len(checks) - len(left)} were made. {' '.join(told)}"


def _gaps_said(gaps: Sequence[Problem]) -> str:
    errors = len(only_errors(gaps))
    damage = f", {errors} of them damage or breach" if errors else ""
    return f"{how_many(len(gaps), 'line')} on that sheet{damage}." if gaps else "None is known."
