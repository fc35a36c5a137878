"""What an evidence pack says of itself: how anybody can check it, with and without cqa, and what it cannot show."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill

from cqa import __version__
from cqa.errors import Problem
from cqa.facts import how_many
from cqa.sampling.plan import Sample
from cqa.screen.clean import one_line

CHAIN_CHECK = """\
import hashlib, json, pathlib, sys
seal, number = "0" * 32, 0
*lines, rest = pathlib.Path(sys.argv[1]).read_bytes().split(b"\\n")
for number, line in enumerate(lines, start=1):
    if line[-43:] != b',"seal":"%s"}' % hashlib.sha256(line[:-43]).hexdigest()[:32].encode():
        sys.exit(f"line {number}: its seal does not hold")
    if (json.loads(line)["prev"], json.loads(line)["seq"]) != (seal, number):
        sys.exit(f"line {number}: a line before it is missing, doubled or moved")
    seal = line[-34:-2].decode()
print(number, "lines hold; the last seal is", seal, f"({len(rest)} bytes unfinished)" if rest else "")
"""
"""Ten lines that check a journal and need nothing of cqa."""

_TEXT = """\
EVIDENCE PACK OF SAMPLE {sample}

Drawn {drawn_at}, packed by cqa {version}.
{state}
WHAT IS IN IT

  ANCHOR.txt              where every journal ended when this was packed
  SHA256SUMS              the SHA-256 of every file but itself
  samples/{name}/
    plan.yaml             what was to be drawn, fixed before the seed was known
    sample.yaml           the seed, the frame, and the SHA-256 of each list
    cases.csv             every drawn case with its ticket
    assignments.csv       who was to mark which case
    frame.csv             every case that could have been drawn (where it was
                          not too large)
    rubrics/              what was asked, byte for byte
    marks/                the reviewers' journals: every mark and every change
    changes/              the leaders' journals, where a case was replaced,
                          withdrawn or handed on, or the rubric moved
    books/                each reviewer's marks as a workbook
  reports/                the consistency report, and the evidence: all that the
                          record says as tables, from the draw to every line of
                          every journal, with what is missing from it

The journals are the record. The workbooks are pictures of them, made when this
was packed. A file that ends in .torn-NUMBER is what a power cut left of a line
that had never been acknowledged.

1. IS EVERY FILE THE ONE THAT WAS PACKED?

In the folder of this file, on Linux (macOS: shasum -a 256 -c SHA256SUMS):

  sha256sum -c SHA256SUMS

In PowerShell; it prints nothing when all is well:

{powershell_sums}

Ask whoever gave you the pack for its own SHA-256, by another way than the pack
came: a sum inside the pack proves nothing to somebody who thinks that the whole
of it was made up.

2. WAS A CASE DRAWN BY CHANCE?

Every case has a ticket: the SHA-256 of the seed, a bar and the case id. In each
stratum the smallest tickets were taken (where cases were weighted: the smallest
ticket divided by weight). The ticket of one case, to be compared with cases.csv:

{ticket}
Where a commitment was published before the seed was known, it has to be the
SHA-256 of plan.yaml:

  {commitment}

3. WAS A JOURNAL CHANGED?

Each line of a journal ends in a seal, the first 32 digits of the SHA-256 of all
before it in that line, and names the seal of the line before. Put the lines
between the rules into a file, check.py:

----8<----
{check}---->8----

and run it on each journal, with any Python 3 and nothing of cqa:

  python check.py samples/{name}/marks/FILE.jsonl

4. WHAT IS THE ANCHOR FOR?

Seals and chain show accidents and careless edits. They do not stop somebody who
writes a whole journal anew, or cuts off its end. ANCHOR.txt names of each
journal the number of its last line and the seal of that line. Keep it where
nobody of the office can write. Against an anchor that was kept so, and is older
than a change, every change to what it covers shows.

5. ALL AT ONCE, WITH CQA

  cqa verify

in the folder of this file derives the draw and who marks what again from the
frame's list, and checks every journal.{withheld_verify}

  cqa verify --anchor FILE

also holds the journals against an anchor: an ANCHOR.txt, a workbook or a pack
that was handed over earlier.

WHAT THE PACK CANNOT SHOW

{always}{limits}"""
ALWAYS = (
    "Who sat at the keyboard. Reviewers are named, not authenticated; each sitting records the account of the computer "
    "it was on.",
    "When a mark was given. The times are those of the reviewers' computers.",
    "What was changed before the oldest anchor that somebody else has kept.",
    "That the export, of which the frame is a list, held every case there was. sample.yaml has its SHA-256; the export "
    "itself is not in the pack.",
    "Journals that had not been brought together when this was packed.",
)
"""What no pack can show, in sentences that follow on 'It cannot show'."""
_SUMS = """\
  Get-Content SHA256SUMS | ForEach-Object { $sum, $name = $_ -split '  ', 2
    if ((Get-FileHash -LiteralPath $name -Algorithm SHA256).Hash -ne $sum) { "CHANGED: $name" } }"""


@dataclass(frozen=True, slots=True)
class PackState:
    """What is to be said of one pack: columns left out, hidden columns by which it was drawn, how many facts that are
    never shown reviewers answered themselves, files left out for their names, and damage of journals."""

    withheld: tuple[str, ...]
    drawn_by: tuple[str, ...]
    answered: int
    unnamed: tuple[str, ...]
    damage: tuple[Problem, ...]


def verify_text(sample: Sample, folder: str, commitment: str, state: PackState) -> str:
    """VERIFY.txt, in the words of somebody who never saw cqa. `folder` is the sample's folder in the pack."""
    withheld = (" It warns that columns of\ncases.csv were left out." if state.withheld else "")
    return _TEXT.format(
        sample=sample.name, name=folder, drawn_at=sample.drawn_at, version=__version__,
        state="".join(f"\n{line}\n" for line in _damage_said(state.damage)), powershell_sums=_SUMS,
        ticket=_ticket(sample), commitment=commitment, check=CHAIN_CHECK, withheld_verify=withheld,
        always="".join(f"{fill(f'- {line}', 80, subsequent_indent='  ')}\n" for line in ALWAYS),
        limits="".join(f"- {line}\n" for line in limits(state)))


def limits(state: PackState) -> Iterator[str]:
    """What this very pack leaves out, or holds though it should not, in sentences."""
    if state.withheld:
        yield (f"Case facts that the rubric never shows: {_joined(state.withheld)} of\n  cases.csv. withheld.yaml "
               "has the SHA-256 of the file with and without them.")
    if state.drawn_by:
        yield (f"It holds values of {_joined(state.drawn_by)}, which the rubric never shows:\n  the sample was drawn "
               "by them, and they name its strata or conditions.")
    if state.answered:
        yield (f"The journals hold {how_many(state.answered, 'answer')} of reviewers to case facts that the\n  rubric "
               "never shows and the export did not hold. A journal cannot be cut.")
    if state.unnamed:
        yield ("Left out, because it is a link or no file, or because no zip can hold its name:\n  "
               f"{_joined(state.unnamed)}.")


def _joined(names: Sequence[str]) -> str:
    """Names out of users' files, each on one line and without a sign that cannot be seen."""
    return ", ".join(map(one_line, names))


def _damage_said(damage: Sequence[Problem]) -> Iterator[str]:
    if damage:
        yield ("DAMAGED: the seals of these journals did not hold when this was packed. They\nare in the pack as they "
               "were found, and the workbooks leave out what could not\nbe read:")
        for problem in damage:
            name = problem.where.replace("\\", "/").rsplit("/", 1)[-1]
            line = f", line {problem.line}" if problem.line else ""
            yield f"  {one_line(name)}{line}: {problem.code} {problem.message}"


def _ticket(sample: Sample) -> str:
    """How the ticket of the first drawn case is made whose id can be typed, for two shells."""
    told = next((text for case in sample.cases if (text := f"{sample.seed}|{case.case_id}").isprintable()), "")
    if not told:
        return "  (no case was drawn whose id can be typed)\n"
    quoted = "'" + told.replace("'", "''") + "'"
    return (f"  printf '%s' {shlex.quote(told)} | sha256sum\n\nIn PowerShell:\n\n"
            f"  $b = [Text.Encoding]::UTF8.GetBytes({quoted})\n"
            "  -join ([Security.Cryptography.SHA256]::Create().ComputeHash($b) | % { $_.ToString('x2') })\n")
