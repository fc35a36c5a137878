"""Every version of the rubric that governs or governed a sample, and who took it live on what grounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cqa.commands.records import SampleRecord
from cqa.errors import CqaError, Problem
from cqa.facts import second_of
from cqa.files.approvals import Approved, Signed, approved_versions
from cqa.files.sample_rubrics import read_rubrics
from cqa.files.workspace import Workspace
from cqa.rubric.model import Rubric
from cqa.sampling.plan import RubricRef
from cqa.table import Cell, Column, Table

_PLACES = ("rubrics", ".")
"""Where in a workspace a rubric and its approvals may lie."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The rubrics of a sample by the SHA-256 of their bytes, the approvals of these very bytes, and records of
    approvals that cannot be read."""

    rubrics: Mapping[str, Rubric]
    approved: Mapping[str, Approved]
    problems: tuple[Problem, ...]

    @property
    def gaps(self) -> Iterator[Problem]:
        """What cannot be read, and a warning for each live version of which no approval is recorded."""
        yield from self.problems
        for sha256, rubric in self.rubrics.items():
            if rubric.status == "live" and sha256 not in self.approved:
                yield Problem("W012", f"Of {rubric.id} {rubric.version}, which is live, no approval of these bytes is "
                              "recorded in the workspace.", "cqa rubric approve records who took a rubric live.",
                              f"{rubric.id}-{rubric.version}.yaml", severity="warning")


def versions_of(workspace: Workspace, record: SampleRecord) -> Versions:
    """The versions of a sample's rubric; none where it was drawn without. Raises Damaged as `read_rubrics`."""
    if record.rubric is None:
        return Versions({}, {}, ())
    rubrics = read_rubrics(record.folder, record.settled, workspace.settings.language).versions.rubrics
    approved: dict[str, Approved] = {}
    problems: list[Problem] = []
    for place in _PLACES:
        try:
            found = approved_versions(workspace.root / place / "any.yaml", record.rubric.id)
        except CqaError as error:
            problems.extend(error.problems)
            continue
        approved.update({one.file.sha256: one for one in found if one.file.sha256 in rubrics})
    return Versions(rubrics, approved, tuple(problems))


def versions_table(record: SampleRecord, versions: Versions) -> Table:
    """Each version: what it is, since when it governs the sample, who moved it there, and who approved it."""
    columns = (Column("Rubric", "id", 13), Column("Version", "text", 9), Column("Status", "text", 8),
               Column("SHA-256", "text", 23), Column("Governs since (UTC)", "text", 13),
               Column("How it came", "long", 18), Column("Signed off under it", "number", 10),
               Column("Approved by", "long", 18), Column("What check and try said", "long", 22))
    rows = tuple(_row(record, versions, *told) for told in _told(record))
    return Table("Rubric versions", "What was asked, and who took it live", "The bytes of each version are in the "
                 "pack, under rubrics. Approvals are those recorded beside the rubrics of the workspace.",
                 columns, rows)


def _told(record: SampleRecord) -> Iterator[tuple[RubricRef, str, str]]:
    """Each version with when it came to govern the sample, and how."""
    settled = record.settled
    if settled.drawn.plan.rubric:
        yield settled.drawn.plan.rubric, second_of(settled.drawn.drawn_at), "the draw"
    for one in settled.moves:
        yield one.to, second_of(one.at), f"moved by {one.leader} ({one.id}): {one.reason}"
    for one in settled.moves_apart:
        yield one.to, "does not", f"moved by {one.leader} ({one.id}), and another leader's move counts"


def _row(record: SampleRecord, versions: Versions, ref: RubricRef, since: str, how: str) -> tuple[Cell, ...]:
    rubric, approved = versions.rubrics.get(ref.sha256), versions.approved.get(ref.sha256)
    signed = sum(one.signed and one.rubric.version == ref.version for one in record.everyone)
    return (ref.id, ref.version or "none", rubric.status if rubric else "not here", ref.sha256, since, how, signed,
            "\n".join(map(_by, approved.signed)) if approved else "nobody on record",
            "\n".join(map(_grounds, approved.signed)) if approved else "nothing on record")


def _by(one: Signed) -> str:
    return f"{one.person} (account {one.account}), {second_of(one.at)} UTC"


def _grounds(one: Signed) -> str:
    told = (", ".join(f"{what} {came}" for what, came in grounds.items()) for grounds in (one.check, one.tried))
    check, tried = (text or "nothing" for text in told)
    return f"Check: {check}. Try: {tried}."
