"""`cqa assign` in all its forms: handing on, one more marker, calibration cases slipped in, a dip-sample."""

from dataclasses import dataclass

from cqa.commands.leaders import assign, calibrating, dip_sampling, dropping, further
from cqa.errors import Problem, WrongUse
from cqa.sampling.extra_turns import EXTRA_TURNS
from cqa.screen.printer import Printer
from cqa.world import World

_HANDING_ON = "handing on"
_OPTIONS = ("case", "all_of", "to", "turn", "trigger", "everyone", "seed", "dip", "drop")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed after `cqa assign`."""

    case: str
    all_of: str
    to: str
    turn: str
    trigger: str
    everyone: bool
    calibration: bool
    dip: str
    drop: str
    seed: str | None
    reason: str
    sample: str
    who: str

    @property
    def people(self) -> tuple[str, ...]:
        """The persons named with --to."""
        return tuple(filter(None, (name.strip() for name in self.to.split(","))))


def run(world: World, printer: Printer, typed: Typed) -> int:
    """Does what was asked for. Raises WrongUse where that is two things at once; else as the form in question."""
    _check(typed)
    common = {"reason": typed.reason, "sample": typed.sample, "who": typed.who}
    if typed.calibration:
        return calibrating.run(world, printer, calibrating.CalibrationOptions(**common))
    if typed.drop:
        return dropping.run(world, printer, dropping.DropOptions(typed.drop, typed.case, **common))
    if typed.dip:
        return dip_sampling.run(world, printer, dip_sampling.DipOptions(typed.dip, typed.people, typed.seed, **common))
    if typed.turn in EXTRA_TURNS:
        return further.run(world, printer, further.FurtherOptions(
            typed.case, typed.people, typed.everyone, typed.turn, typed.trigger, **common))
    return assign.run(world, printer, assign.AssignOptions(typed.case, typed.all_of, typed.to, typed.turn, **common))


def _check(typed: Typed) -> None:
    """Raises WrongUse with every option that does not belong to what was asked for."""
    form, belongs = _form(typed)
    wrong = [name for name in _OPTIONS if getattr(typed, name) and name not in belongs and form != f"--{name}"]
    if wrong:
        raise WrongUse(Problem("S018", f"{_option(name)} does not belong to {form}.", "Leave it out.")
                       for name in wrong)
    if form == _HANDING_ON and not typed.to:
        raise WrongUse(Problem("S018", "Say who is to mark from now on.", "Give --to PERSON."))


def _form(typed: Typed) -> tuple[str, tuple[str, ...]]:
    """What was asked for, and the options that belong to it."""
    if typed.calibration:
        return "--calibration", ()
    if typed.drop:
        return "--drop", ("case",)
    if typed.dip:
        return "--dip", ("to", "seed")
    if typed.turn in EXTRA_TURNS:
        return f"--turn {typed.turn}", ("case", "to", "turn", "trigger", "everyone")
    return _HANDING_ON, ("case", "all_of", "to", "turn")


def _option(name: str) -> str:
    return "A CASE" if name == "case" else f"--{name.replace('_', '-')}"
