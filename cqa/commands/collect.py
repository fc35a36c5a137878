"""`cqa collect`: brings reviewers' journals back, each joined with the one that is here, and says what each was."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cqa.commands.here import acting, workspace_here
from cqa.commands.receipts import TAKEN, Receipt, exit_of, not_taken, tell
from cqa.errors import BadInput, CqaError, Damaged, InUse, NotSaved, Problem, only_errors
from cqa.files.changes import CHANGES_FORMAT, as_it_stands
from cqa.files.incoming import Incoming, journals_in
from cqa.files.joining import join, place_of
from cqa.files.journal import Reading, read_journal
from cqa.files.journals import Owner
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.retiring import retired_names
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.marking.chain import Chain, read_chain
from cqa.marking.joining import Claim, Verdict, claims_of, judged, raw_lines, seals_of
from cqa.screen.printer import Printer
from cqa.world import World

_DEVICE = re.compile(r"[0-9a-z-]{1,64}(\.\d{1,3})?")
_NAMED = re.compile(rb'"kind":"(opened|recovered)"')
_MEANING = {
    "damaged": "The line was damaged or changed: its seal does not hold.",
    "unlinked": "A line before this one is missing, doubled or moved.",
    "rewritten": "Another program changed the line ends.",
}


@dataclass(frozen=True, slots=True)
class _Home:
    """A sample of this workspace: its folder, who marks in it (in lower case, to the name), and every rubric it had."""

    folder: SampleFolder
    reviewers: Mapping[str, str]
    rubrics: frozenset[str]


Homes = dict[tuple[str, str, str], _Home]
"""Every sample of the workspace by its ground."""


@dataclass(frozen=True, slots=True)
class _Journal:
    """A whole journal that belongs here: where it goes, its lines, and its receipt so far."""

    home: _Home
    claim: Claim
    chain: Chain
    lines: tuple[bytes, ...] = field(repr=False)
    receipt: Receipt = field(repr=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """Sample, reviewer and device: what makes two files copies of one journal."""
        return self.home.folder.path.name, self.claim.reviewer, self.claim.device

    @property
    def owner(self) -> Owner:
        """Reviewer and device."""
        return self.claim.reviewer, self.claim.device


def run(world: World, printer: Printer, folders: Sequence[str], who: str) -> int:
    """Looks at every journal, then joins those that can be joined; what can be taken is taken also where another one
    cannot.

    Raises BadInput, before anything is written, for a place that cannot be looked into or holds no journal of marks;
    Forbidden in a take. Ends with exit 5 where the disk refused, 7 for damage and forks, 6 for a journal in use.
    """
    workspace = workspace_here(world, printer)
    homes, broken = _homes(workspace)
    found = journals_in([world.folder / folder for folder in folders])
    receipts, journals = _examined(found, homes, retired_names(workspace.root))
    if not receipts and not journals:
        raise BadInput(Problem("J022", "There is no journal of marks there.", "Name the folder that was brought back, "
                               "as cqa take made it, or a folder with *.jsonl files.", ", ".join(folders)))
    with printer.progress("Collecting", len(journals)) as steps:
        for group in _copies(journals):
            receipts.extend(_joined(group))
            steps.advance(len(group))
    problems = [*broken, *(problem for one in receipts for problem in one.problems)]
    tell(world, printer, receipts, problems, acting(world, who))
    return exit_of(problems)


def _homes(workspace: Workspace) -> tuple[Homes, list[Problem]]:
    """Every sample of the workspace by its ground, and what is wrong with those that cannot be read. Raises Forbidden
    where one is a take."""
    homes: Homes = {}
    problems: list[Problem] = []
    for name in workspace.sample_names():
        try:
            folder = open_sample(workspace, name)
        except Damaged as error:
            problems.extend(error.problems)
            continue
        refuse_take(folder)
        refuse_packed(folder)
        settled = as_it_stands(folder).settled
        drawn = settled.drawn.plan
        people = (*(one.giver for one in settled.hand_ons), *settled.sample.reviewers, *drawn.reviewers)
        rubrics = (drawn.rubric, *(one.to for one in (*settled.moves, *settled.moves_apart)))
        homes[folder.sample.name, folder.sample.drawn_at, folder.sample.frame_digest] = _Home(
            folder, {name.casefold(): name for name in people}, frozenset(one.sha256 for one in rubrics if one))
    return homes, problems


def _examined(
    found: Sequence[Incoming], homes: Homes, retired: Collection[str]
) -> tuple[list[Receipt], list[_Journal]]:
    """The journals that belong here, and receipts of what is not taken. Leaders' journals are passed over."""
    receipts: list[Receipt] = []
    journals: list[_Journal] = []
    for one in found:
        chain = read_chain(one.data)
        if any(line.payload.get("format") == CHANGES_FORMAT for line in chain.lines):
            continue
        judged_so = _belonging(one, chain, homes, retired)
        if isinstance(judged_so, Receipt):
            receipts.append(judged_so)
        else:
            journals.append(judged_so)
    return receipts, journals


def _belonging(one: Incoming, chain: Chain, homes: Homes, retired: Collection[str]) -> _Journal | Receipt:
    """The journal with the sample it belongs to, or in a receipt why it is not taken."""
    receipt = Receipt(one.where, "", lines=len(chain.lines), seal=chain.lines[-1].seal if chain.lines else "")
    claims = claims_of(line.payload for line in chain.lines)
    if claims:
        receipt = replace(receipt, reviewer=claims[0].reviewer, device=claims[0].device, sample=claims[0].sample)
    if one.trouble:
        return not_taken(receipt, "damaged", "J021", f"{one.trouble[0].upper()}{one.trouble[1:]}.")
    if chain.damaged and (chain.lines or _NAMED.search(one.data)):
        return replace(receipt, what="damaged", problems=tuple(_faults(one, chain)))
    if not claims:
        return not_taken(receipt, "no journal", "J020", "This is no journal of marks, or nothing was marked in it.",
                          True)
    if len(claims) > 1:
        return not_taken(receipt, "damaged", "J021", "Its sittings are of several people, devices or samples.")
    home = homes.get(claims[0].ground)
    if why := _no_home(claims[0], home, homes, retired):
        return not_taken(receipt, "not ours", "J020", why, True)
    if home is None:
        raise KeyError(claims[0].ground)
    torn = (Problem("J023", f"The last line was never finished: its {len(one.data) - chain.end} bytes were left out. "
                    "Nothing acknowledged was in it.", "", one.where, len(chain.lines) + 1, severity="warning"),)
    return _Journal(home, claims[0], chain, raw_lines(one.data, chain),
                    replace(receipt, reviewer=home.reviewers[claims[0].reviewer], problems=torn if chain.torn else ()))


def _faults(one: Incoming, chain: Chain) -> Iterator[Problem]:
    for found in chain.faults:
        if found.fault != "torn":
            yield Problem("J021", f"{_MEANING[found.fault]} Nothing of this journal was taken.", "Ask for it once "
                          "more, as a zip: some mail programs change what they carry.", one.where, found.line)


def _no_home(claim: Claim, home: _Home | None, homes: Homes, retired: Collection[str]) -> str:
    """In words why the journal belongs to nothing here; empty when it does."""
    if home is None:
        if claim.sample.casefold() in retired:
            return f"Sample '{claim.sample}' was retired: nothing is added to it."
        again = " drawn at another time or from another frame" if any(
            sample.casefold() == claim.sample.casefold() for sample, *_ in homes) else ""
        return f"It is of a sample '{claim.sample[:64]}'{again} that is not in this workspace."
    if claim.reviewer not in home.reviewers:
        return f"'{claim.reviewer[:64]}' does not mark in sample '{claim.sample}'."
    if not _DEVICE.fullmatch(claim.device):
        return f"'{claim.device[:64]}' is no device of cqa's."
    if not claim.rubrics <= home.rubrics:
        return (f"It was marked under a rubric that sample '{claim.sample}' never had, as far as is known here; a "
                "leader's journal of changes may be missing.")
    return ""


def _copies(journals: Sequence[_Journal]) -> Iterator[list[_Journal]]:
    """The journals in groups of copies of one journal, by sample, reviewer and device."""
    for key in sorted({one.key for one in journals}):
        yield [one for one in journals if one.key == key]


def _joined(copies: Sequence[_Journal]) -> list[Receipt]:
    """Joins the copies of one journal with the one that is here, and says of each what it was."""
    first = copies[0]
    place = place_of(first.home.folder.marks, first.owner)
    if place is None:
        return [not_taken(one.receipt, "in the way", "J007", "In its place here is a file of somebody else's.")
                for one in copies]
    reading = read_journal(place) if place.exists() else Reading((), ())
    if damage := only_errors(reading.problems):
        return [_damaged_here(one, damage) for one in copies]
    ours = tuple(str(line.get("seal")) for line in reading.lines)
    verdicts = judged(ours, [seals_of(one.chain) for one in copies])
    after = max((len(one.lines) for one, verdict in zip(copies, verdicts, strict=True) if verdict.what in TAKEN),
                default=len(ours))
    receipts = []
    for one, verdict in zip(copies, verdicts, strict=True):
        told = replace(one.receipt, before=len(ours), after=after)
        receipts.append(_taken(one, place, told) if verdict.what in TAKEN else _beside(told, verdict, place))
    return receipts


def _damaged_here(one: _Journal, damage: Sequence[Problem]) -> Receipt:
    """The receipt of a journal that is whole, while the one that is here is not: then it may be what restores it."""
    return replace(one.receipt, what="damaged here", problems=(*one.receipt.problems, *(
        replace(problem, remedy=f"What was brought is whole, with {len(one.lines)} lines. Keep the file that is here "
                "elsewhere, and collect again: then all of them are taken.") for problem in damage)))


def _taken(one: _Journal, place: Path, receipt: Receipt) -> Receipt:
    """The receipt of a journal that is longer than ours, once its lines are on the disk; it says so where they could
    not be put there."""
    refused: dict[type[CqaError], str] = {InUse: "in use", NotSaved: "not saved", Damaged: "damaged here"}
    try:
        joined = join(place, one.lines)
    except (InUse, NotSaved, Damaged) as error:
        return replace(receipt, what=refused[type(error)], after=receipt.before,
                       problems=(*receipt.problems, *error.problems))
    told = replace(receipt, before=joined.before, after=joined.after)
    return _beside(told, joined.verdict, place)


def _beside(receipt: Receipt, verdict: Verdict, place: Path) -> Receipt:
    """The receipt of what a copy is beside the journal that is here."""
    told = replace(receipt, what=verdict.what)
    if verdict.what != "forked":
        return told
    fork = Problem("J006", f"This journal and {place.name}, or another copy of it that was brought, are of one "
                   f"reviewer and device, and part ways at line {verdict.line}. Nothing was taken.", "Keep both, and "
                   "ask the reviewer which one holds their marks.", receipt.where, verdict.line)
    return replace(told, after=receipt.before, problems=(*told.problems, fork))
