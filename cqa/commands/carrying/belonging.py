"""To which sample and reviewer of this workspace a journal belongs that was brought from elsewhere, by its content."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cqa.commands.carrying.receipts import Receipt, not_taken
from cqa.errors import Damaged, Problem
from cqa.files.changes import as_it_stands
from cqa.files.incoming import Incoming
from cqa.files.journals import FOLLOWS_SHA256, Owner
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.rooms import FORMATS
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.marking.chain import Chain, read_chain
from cqa.marking.joining import Claim, claims_of, raw_lines, seals_of

_DEVICE = re.compile(r"[0-9a-z-]{1,64}(\.\d{1,3})?")
_NAMED = re.compile(rb'"kind":"(opened|recovered)"')
_NOT_TAKEN = "Nothing of this journal was taken."
_GONE_ON = "Its reviewer has gone on beside it, so it is taken as it is."
_MEANING = {
    "damaged": "The line was damaged or changed: its seal does not hold.",
    "unlinked": "A line before this one is missing, doubled or moved.",
    "rewritten": "Another program changed the line ends.",
}


@dataclass(frozen=True, slots=True)
class Home:
    """A sample of this workspace: its folder, who marks in it (in lower case, to the name), and every rubric it had."""

    folder: SampleFolder
    reviewers: Mapping[str, str]
    rubrics: frozenset[str]


Homes = dict[tuple[str, str, str], Home]
"""Every sample of the workspace by its ground."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A journal that belongs here: where it goes, its lines, and its receipt so far."""

    home: Home
    claim: Claim
    seals: tuple[str, ...] = field(repr=False)
    lines: tuple[bytes, ...] = field(repr=False)
    receipt: Receipt = field(repr=False)
    damaged: bytes = field(default=b"", repr=False)
    """All bytes of a journal that is damaged, and that its reviewer went on beside; empty for a whole one."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Sample, reviewer and device: what makes two files copies of one journal."""
        return self.home.folder.path.name, self.claim.reviewer, self.claim.device

    @property
    def owner(self) -> Owner:
        """Reviewer and device."""
        return self.claim.reviewer, self.claim.device


def homes_of(workspace: Workspace) -> tuple[Homes, list[Problem]]:
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
        homes[folder.sample.name, folder.sample.drawn_at, folder.sample.frame_digest] = Home(
            folder, {name.casefold(): name for name in people}, frozenset(one.sha256 for one in rubrics if one))
    return homes, problems


def examined(
    found: Sequence[Incoming], homes: Homes, retired: Collection[str]
) -> tuple[list[Receipt], list[Brought]]:
    """The journals that belong here, and receipts of what is not taken. Leaders' journals are passed over."""
    receipts: list[Receipt] = []
    journals: list[Brought] = []
    followed: set[str] = set()
    for one in found:
        # What a line holds is looked at here and let go: of many large journals only bytes and seals are kept.
        chain = read_chain(one.data)
        if any(line.payload.get("format") in FORMATS.values() for line in chain.lines):
            continue
        if not chain.damaged:
            followed.update(str(line.payload[FOLLOWS_SHA256]) for line in chain.lines if FOLLOWS_SHA256 in line.payload)
        judged_so = _belonging(one, chain, homes, retired)
        if isinstance(judged_so, Receipt):
            receipts.append(judged_so)
        else:
            journals.append(judged_so)
    for place, journal in enumerate(journals):
        if journal.damaged and hashlib.sha256(journal.damaged).hexdigest() in followed:
            journals[place] = _followed(journal)
    receipts.extend(replace(one.receipt, what="damaged") for one in journals if _not_to_be_taken(one))
    return receipts, [one for one in journals if not _not_to_be_taken(one)]


def _belonging(one: Incoming, chain: Chain, homes: Homes, retired: Collection[str]) -> Brought | Receipt:
    """The journal with the sample it belongs to, or in a receipt why it is not taken."""
    receipt = Receipt(one.where, "", lines=len(chain.lines), seal=chain.lines[-1].seal if chain.lines else "")
    claims = claims_of(line.payload for line in chain.lines)
    if claims:
        receipt = replace(receipt, reviewer=claims[0].reviewer, device=claims[0].device, sample=claims[0].sample)
    if one.trouble:
        return not_taken(receipt, "damaged", "J021", f"{one.trouble[0].upper()}{one.trouble[1:]}.")
    if chain.damaged and not claims and (chain.lines or _NAMED.search(one.data)):
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
    receipt = replace(receipt, reviewer=home.reviewers[claims[0].reviewer])
    if chain.damaged:
        return Brought(home, claims[0], (), (), replace(receipt, problems=tuple(_faults(one, chain))), one.data)
    torn = (Problem("J023", f"The last line was never finished: its {len(one.data) - chain.end} bytes were left out. "
                    "Nothing acknowledged was in it.", "", one.where, len(chain.lines) + 1, severity="warning"),)
    return Brought(home, claims[0], seals_of(chain), raw_lines(one.data, chain),
                   replace(receipt, problems=torn if chain.torn else ()))


def _followed(journal: Brought) -> Brought:
    """A damaged journal, to be taken as it is, for another that was brought goes on beside just these bytes: its
    reviewer knows what is lost, and its other lines count."""
    known = tuple(replace(problem, message=problem.message.replace(_NOT_TAKEN, _GONE_ON), remedy="", severity="warning")
                  for problem in journal.receipt.problems)
    return replace(journal, receipt=replace(journal.receipt, problems=known))


def _not_to_be_taken(journal: Brought) -> bool:
    """Whether it is damaged, and its reviewer did not go on beside it."""
    return any(problem.severity == "error" for problem in journal.receipt.problems)


def _faults(one: Incoming, chain: Chain) -> Iterator[Problem]:
    for found in chain.faults:
        if found.fault != "torn":
            yield Problem("J021", f"{_MEANING[found.fault]} {_NOT_TAKEN}", "Ask for it once "
                          "more, as a zip: some mail programs change what they carry.", one.where, found.line)


def _no_home(claim: Claim, home: Home | None, homes: Homes, retired: Collection[str]) -> str:
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
