"""What the sheets of a trial's report say alike."""

from cqa.consistency.trials.data import TrialData
from cqa.facts import how_many


def counted_note(data: TrialData) -> str:
    """Which assessments count, and how many are still open."""
    if not data.open:
        return "Counted are the assessments that are signed off: all of them are."
    return f"Counted are the assessments that are signed off; {how_many(data.open, 'assessment')} still open."


def whose_note(data: TrialData) -> str:
    """Whether the forms are compared on the same cases and by the same people, who weigh alike."""
    cases = ("The same cases under both forms; each weighs the same, however many marked it."
             if data.trial.design == "crossover" else "Other cases under each form: they may differ too.")
    people = " Not everybody used both forms: a difference may be that of the people." if data.balance.nested else ""
    return f"{cases}{people}"
