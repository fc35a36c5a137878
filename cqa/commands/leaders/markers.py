"""Who may be named as a marker: the reviewers of a sample, and those of people.csv."""

from cqa.errors import Problem, WrongUse
from cqa.files.workspace import Workspace, checked_name
from cqa.sampling.plan import Sample
from cqa.tree import did_you_mean


def marker_named(workspace: Workspace, sample: Sample, name: str) -> str:
    """A marker's name as the sample has it, else as people.csv has it, else as typed.

    Raises WrongUse for what is no name, and where people.csv names reviewers, and they are none of them and none of the
    sample's.
    """
    checked_name(name, "person")
    listed = tuple(person.name for person in workspace.people if person.role.casefold() == "reviewer")
    known = (*sample.reviewers, *listed)
    found = next((one for one in known if one.casefold() == name.casefold()), None)
    if found is None and listed:
        raise WrongUse(Problem("S010", f"'{name}' is no reviewer of people.csv or of sample '{sample.name}'.",
                               f"{did_you_mean(name, known)} Or add them to people.csv."))
    return found or name
