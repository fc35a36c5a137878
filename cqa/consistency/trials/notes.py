"""What the sheets of a trial's report say alike."""

from textwrap import fill

from cqa.consistency.trials.data import TrialData
from cqa.facts import how_many

_LINE = 130
"""So many characters of a note fit above a sheet on a landscape page."""


def note(*sentences: str) -> str:
    """Sentences as the note of a sheet, in lines that fit a landscape page."""
    return fill(" ".join(sentences), _LINE, break_long_words=False, break_on_hyphens=False)


def counted_note(data: TrialData, *sentences: str) -> str:
    """The same, and in a line of its own that only signed assessments count, and how many are still open."""
    still = f"; {how_many(data.open, 'assessment')} still open." if data.open else ": all of them are."
    return f"{note(*sentences)}\nCounted are the assessments that are signed off{still}"


def whose_note(data: TrialData) -> str:
    """Whether the forms are compared on the same cases and by the same people, who weigh alike."""
    cases = ("The same cases under both forms; each weighs the same, however many marked it."
             if data.trial.design == "crossover" else "Other cases under each form: they may differ too.")
    people = " Not everybody used both forms: a difference may be that of the people." if data.balance.nested else ""
    return f"{cases}{people}"
