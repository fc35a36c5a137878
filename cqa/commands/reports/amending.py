"""The amendments of samples: which signed cases were opened again for a reason, and what was changed in them."""

from collections.abc import Callable, Iterable, Iterator

from cqa.commands.records import SampleRecord
from cqa.consistency.after_marking import Amendment
from cqa.files.journals import read_journals
from cqa.marking.log import log_entries, reworked
from cqa.rubric.scoring import level_of


def amendments(records: Iterable[SampleRecord], call: Callable[[str], str]) -> Iterator[Amendment]:
    """Every amendment, in the order of the journals; `call` says how people are called."""
    for record in records:
        names = {name.casefold(): name for name in record.folder.sample.reviewers}
        entries = log_entries("marks", read_journals(record.folder.marks).lines, frozenset())
        for one in reworked(entries):
            if one.opened.kind == "amended":
                marks = {entry.what: entry for entry in one.changed if record.rubric
                         and entry.what in record.rubric.by_id}
                yield Amendment(
                    record.name, one.opened.case_id, call(names.get(one.opened.who, one.opened.who)), one.opened.at,
                    one.opened.reason, tuple((question, _word(record, question, entry.old),
                                              _word(record, question, entry.new)) for question, entry in marks.items()),
                    one.signed.at if one.signed else "")


def _word(record: SampleRecord, question: str, value: str) -> str:
    """The level's label of a mark as the log tells it, without its texts."""
    mark = value.partition("\n")[0]
    level = level_of(record.rubric.by_id[question], mark) if record.rubric else None
    return level.label if level else mark
