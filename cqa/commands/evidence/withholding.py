"""Case facts that are never shown, by every version of a sample's rubric: what a pack leaves out, and may."""

from collections.abc import Iterator
from functools import partial

from cqa.errors import CqaError, Problem
from cqa.files.plain_file import read_file
from cqa.files.recorded import damaged_if_bad
from cqa.files.rubrics import rubric_of
from cqa.files.sample_folder import CASES, SampleFolder
from cqa.sampling.withholding import withheld_columns


def hidden_facts(folder: SampleFolder) -> tuple[tuple[str, str], ...]:
    """Id and column of every case fact that is never shown in any version of the rubric that the folder keeps. Raises
    Damaged when one of them cannot be read: it might hide something."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted((folder.path / "rubrics").glob("*.yaml")):
        rubric = damaged_if_bad(partial(rubric_of, read_file(path), str(path), kept=True)).rubric
        found.update(dict.fromkeys((fact.id, fact.column) for fact in rubric.facts if fact.hidden))
    return tuple(found)


def withheld_problems(folder: SampleFolder) -> Iterator[Problem]:
    """What `cqa verify` says of a sample of which columns were left out: a warning where a rubric hides all of them; an
    error where none does, for then somebody may have taken out what they did not want to be seen."""
    if not folder.withheld:
        return
    where = str(folder.path / CASES)
    try:
        allowed = withheld_columns(folder.sample.plan, hidden_facts(folder))
    except CqaError as error:
        yield from error.problems
        return
    if wrong := sorted(set(folder.withheld) - set(allowed)):
        yield Problem("S036", f"{', '.join(wrong)} of cases.csv were left out, and no rubric of the sample says that "
                      "they are never shown.", "Ask for a pack that holds them.", where)
    yield Problem("S036", f"{', '.join(folder.withheld)} of cases.csv were left out when the sample was packed, so it "
                  "is not the file that sample.yaml names; withheld.yaml has the SHA-256 of both.", "Cases, tickets "
                  "and order are derived again without it; case facts, handlers and bars only with --export.", where,
                  severity="warning")
