"""The bands that cases get under each form: how often, how steadily, and which cases change band."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cqa.consistency.cells import share_cell
from cqa.consistency.intervals import wilson
from cqa.consistency.readings import COUNTS_ONLY
from cqa.consistency.trials.case_means import Contrast, contrast
from cqa.consistency.trials.data import Assessed, FormData, TrialData, by_case
from cqa.consistency.trials.notes import counted_note, note
from cqa.facts import how_many
from cqa.table import Column, Row, Table

NO_BAND = "no band"
MARKERS = 2
"""So many mark a case under each form."""
Change = Literal["changes", "in part", "the same"]
CHANGE_RULE = ("A case changes band where no marker under one form gave a band that a marker under the other gave; in "
               "part where the markers of a form are split and one band is common.")


@dataclass(frozen=True, slots=True)
class FormBands:
    """One form: assessments by band, in the order in which its rubric lists the bands; cases that two have signed off,
    and those of them to which both gave one band."""

    form: str
    assessments: Mapping[str, int]
    twice: int
    alike: int
    alike_by_band: Mapping[str, int]

    @property
    def limits(self) -> tuple[float, float] | None:
        """Wilson's 95% interval of the share that is alike; None of few cases."""
        return wilson(self.alike, self.twice) if self.twice >= COUNTS_ONLY else None

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        low, high = self.limits or (None, None)
        return {"form": self.form, "assessments": dict(self.assessments), "cases": self.twice, "alike": self.alike,
                "low": low, "high": high}


@dataclass(frozen=True, slots=True)
class Side:
    """What the markers of one case gave under one form, in the order of their turns; scores run from 0 to 100, None
    where nothing was scored."""

    bands: tuple[str, ...]
    scores: tuple[float | None, ...]
    critical: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"bands": list(self.bands), "scores": list(self.scores), "critical_failed": list(self.critical)}


@dataclass(frozen=True, slots=True)
class Move:
    """One case that two have signed off under each form."""

    case_id: str
    parent: Side
    variant: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Under the parent, then under the variant."""
        return self.parent, self.variant

    @property
    def change(self) -> Change:
        """Whether it changes band, by `CHANGE_RULE`."""
        old, new = set(self.parent.bands), set(self.variant.bands)
        return "changes" if not old & new else "the same" if old == new else "in part"

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"case_id": self.case_id, "parent": self.parent.as_json(), "variant": self.variant.as_json(),
                "change": self.change}


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands by form, and in a crossover every case with its bands under both. `why` no case is followed, or no change
    is counted because the forms' bands are not `alike` by any name. `alone` are bands that one form alone has: a case
    that gets one changes band, whatever the other form says. `together` is the share of cases whose two markers gave
    one band, by form and apart. `waiting` counts the cases of a crossover that not all
    four have signed off."""

    forms: tuple[FormBands, FormBands]
    moves: tuple[Move, ...]
    waiting: int
    alike: bool
    together: Contrast
    why: str = ""
    alone: tuple[str, ...] = ()

    def count(self, change: Change) -> int | None:
        """How many cases change band, in part, or not; None where that is not counted."""
        return sum(move.change == change for move in self.moves) if self.alike else None

    @property
    def listed(self) -> tuple[Move, ...]:
        """The cases that change band, then those that do so in part; every case where changes are not counted."""
        changed = tuple(move for change in ("changes", "in part") for move in self.moves if move.change == change)
        return changed if self.alike else self.moves

    def as_json(self) -> dict[str, object]:
        """Under stable names; cases whose band is the same are counted, not listed."""
        return {"forms": [one.as_json() for one in self.forms], "changes": self.count("changes"),
                "in_part": self.count("in part"), "the_same": self.count("the same"), "waiting": self.waiting,
                "moves": [{**move.as_json(), **({} if self.alike else {"change": None})} for move in self.listed],
                "together": self.together.as_json(), "why": self.why, "of_one_form": list(self.alone)}


def bands_of(data: TrialData) -> Bands:
    """Bands from signed assessments alone."""
    forms = (_form(data.parent), _form(data.variant))
    both = [[_both_alike(form)] for form in data.forms]
    together = contrast(*both, most=1, paired=data.trial.design == "crossover")
    if why := _not_followed(data):
        return Bands(forms, (), 0, False, together, why)
    old, new = by_case(data.parent.signed), by_case(data.variant.signed)
    asked = [case for case in data.cases[data.parent.form] if case in data.cases[data.variant.form]]
    done = [case for case in asked if min(len(old.get(case, ())), len(new.get(case, ()))) >= MARKERS]
    moves = tuple(Move(case, _side(old[case]), _side(new[case])) for case in done)
    alike = bool(set(data.parent.bands) & set(data.variant.bands))
    return Bands(forms, moves, len(asked) - len(done), alike, together, "" if alike else _UNLIKE, _alone(data))


def _both_alike(form: FormData) -> dict[str, float]:
    """For each case that two have signed off, 1 where both gave one band, else 0; none where the form has no bands."""
    return {case: float(len({one.band for one in listed}) == 1) for case, listed in by_case(form.signed).items()
            if form.bands and len(listed) >= MARKERS}


def _not_followed(data: TrialData) -> str:
    """Why no case is followed from one form to the other."""
    if data.trial.design != "crossover":
        return "No case is followed: in a parallel trial no case is marked under both forms."
    if not all(form.bands for form in data.forms):
        return "No case is followed: a form has no bands."
    return ""


_UNLIKE = "The forms have no band of one name, so bands do not compare and no change is counted: every case is listed."


def _alone(data: TrialData) -> tuple[str, ...]:
    """The bands that one form alone has, with the form."""
    parent, variant = (set(form.bands) for form in data.forms)
    return tuple(f"{band} ({form.form})" for form, other in ((data.parent, variant), (data.variant, parent))
                 for band in form.bands if band not in other)


def _form(form: FormData) -> FormBands:
    given = Counter(one.band or NO_BAND for one in form.signed)
    twice = [listed for listed in by_case(form.signed).values() if len(listed) >= MARKERS]
    alike = Counter(listed[0].band or NO_BAND for listed in twice if len({one.band for one in listed}) == 1)
    names = dict.fromkeys((*form.bands, *given))
    return FormBands(form.form, {name: given[name] for name in names} if form.bands else {}, len(twice),
                     alike.total(), dict(alike))


def _side(listed: Sequence[Assessed]) -> Side:
    ordered = sorted(listed, key=lambda one: one.turn)
    return Side(tuple(one.band or NO_BAND for one in ordered),
                tuple(None if one.score is None else 100 * one.score for one in ordered),
                tuple(dict.fromkeys(name for one in ordered for name in one.critical_failed)))


def bands_tables(data: TrialData, found: Bands) -> tuple[Table, ...]:
    """How often each band was given, whether two markers gave the same, and every case that changes band."""
    return _counts_table(data, found), _alike_table(data, found), _moves_table(data, found)


def _counts_table(data: TrialData, found: Bands) -> Table:
    columns = (Column("Form", "text", 12), Column("Band", "text", 30), Column("Assessments", "number", 13),
               Column("Share of the form's", "percent", 12), Column("Cases where both markers gave it", "number", 16))
    rows: list[Row] = []
    for one in found.forms:
        total = sum(one.assessments.values())
        rows += [(one.form, band, count, share_cell(count, total, COUNTS_ONLY), one.alike_by_band.get(band, 0))
                 for band, count in one.assessments.items()]
    return Table("Bands", "How often each band was given, by form", counted_note(
        data, "Bands stand in the order in which the rubric tries them."), columns, tuple(rows))


def _alike_table(data: TrialData, found: Bands) -> Table:
    columns = (Column("Form", "text", 12), Column("Cases signed off by both markers", "number", 14),
               Column("Same band from both", "number", 11), Column("Share", "percent", 10),
               Column("Low", "percent", 9), Column("High", "percent", 9))
    rows = tuple((one.form, one.twice, one.alike, share_cell(one.alike, one.twice, COUNTS_ONLY),
                  *(one.limits or ("-", "-"))) for one in found.forms if one.assessments)
    return Table("Bands of two", "Do the two markers of a case give the same band?", counted_note(
        data, "Low and high: 95% interval. Bands agree easily where nearly all cases get one band."), columns, rows)


def _moves_table(data: TrialData, found: Bands) -> Table:
    columns = (Column("Case", "id", 14), Column("Change", "text", 12), Column("Bands, parent", "text", 22),
               Column("Bands, variant", "text", 22), Column("Scores, parent", "text", 12),
               Column("Scores, variant", "text", 12), Column("Critical questions failed, parent", "text", 18),
               Column("Critical questions failed, variant", "text", 18))
    rows = tuple((move.case_id, move.change if found.alike else "not compared",
                  *(" / ".join(side.bands) for side in move.sides),
                  *(" / ".join(map(_score, side.scores)) for side in move.sides),
                  *(", ".join(side.critical) or "none" for side in move.sides))
                 for move in found.listed)
    counted = (f"{CHANGE_RULE} Of {how_many(len(found.moves), 'case')} {found.count('changes')} change, "
               f"{found.count('in part')} do in part, {found.count('the same')} do not.")
    alone = f"Of one form alone, so that to get it is to change: {', '.join(found.alone)}."
    waiting = f"Not yet signed off by all: {how_many(found.waiting, 'case')}."
    return Table("Band moves", "Cases that change band from one form to the other", note(
        found.why or counted, *((alone,) if found.alike and found.alone else ()),
        *((waiting,) if found.waiting else ()), "First marker / second. Scores 0 to 100."),
        columns, rows)


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.0f}"
