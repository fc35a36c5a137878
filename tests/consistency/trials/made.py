"""Trials made for tests: two small forms, the levels they have in common, and assessments written in one line each."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cqa.consistency.marks import QuestionScale
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed, FormData, TrialData
from cqa.rubric.matched import BELOW, BEST, Matched, Unmatched
from cqa.sampling.crossover import balance_of
from cqa.sampling.pairing import TURNS, Assignment
from cqa.sampling.trial import ARMS, Design, Form, Trial, Verdict, orders

SEED = "a trial made for tests"
THREE = {"not_met": "Not met", "partly_met": "Partly met", "fully_met": "Fully met"}
FOUR = {"poor": "Poor", "weak": "Weak", "sound": "Sound", "excellent": "Excellent"}
OUTSIDE = {"cannot_tell": "Cannot tell", "does_not_apply": "Does not apply"}
REVIEWERS = ("ann", "bob", "cy", "dee")
BANDS = ("Meets", "Below")
RULE = Verdict("ac2", Fraction(1, 20))


def scale_of(rubric: str, question: str, levels: Mapping[str, str] = THREE) -> QuestionScale:
    """A question with levels worst first, one point a step, and the two answers off the scale."""
    return QuestionScale(rubric, "1.0", question, "Section", f"Ask {question}?", tuple(levels), tuple(OUTSIDE),
                         {**levels, **OUTSIDE}, {level: float(place) for place, level in enumerate(levels)}, ())


PARENT_SCALES = tuple(scale_of("long", name) for name in ("q1", "q2", "p3", "p4", "p5"))
VARIANT_SCALES = (scale_of("short", "q1"), scale_of("short", "s2", FOUR), scale_of("short", "s3"),
                  scale_of("short", "s4"))
_TOP = {"not_met": BELOW, "partly_met": BELOW, "fully_met": BEST}
LEVEL_FOR_LEVEL = Matched("q1", ("q1",), tuple(THREE), {level: level for level in THREE},
                          {level: level for level in THREE}, "Nothing that a mark means has changed.")
AT_THE_TOP = Matched("s2", ("q2",), (BELOW, BEST), _TOP,
                     {"poor": BELOW, "weak": BELOW, "sound": BEST, "excellent": BEST},
                     "With q2: only the split at their best level means the same.")
LOWER_OF = Matched("s3", ("p3", "p4"), tuple(THREE), {level: level for level in THREE},
                   {level: level for level in THREE}, "Level for level with the lower of p3, p4.")
MATCHED = (LEVEL_FOR_LEVEL, AT_THE_TOP, LOWER_OF)
UNMATCHED = (Unmatched(VARIANT, "s4", "Ask s4?", "It is new: nothing like it is asked there."),
             Unmatched(PARENT, "p5", "Ask p5?", "The other form does not ask it."))


def marked(
    form: str, case_id: str, reviewer: str, marks: Mapping[str, str], *, turn: str = "first", signed: bool = True,
    score: float | None = None, band: str = "", critical_failed: tuple[str, ...] = (), minutes: float | None = None,
    words: int = 0, said: Mapping[str, str] | None = None,
) -> Assessed:
    """One assessment of a trial, signed off unless it is said not to be."""
    return Assessed(form, case_id, reviewer, turn, marks, signed, score, band, critical_failed, minutes, words,
                    said or {})


def trial_data(
    assessed: Iterable[Assessed], design: Design = "crossover", *, bands: tuple[tuple[str, ...], ...] = (BANDS, BANDS),
    matched: tuple[Matched, ...] = MATCHED, unmatched: tuple[Unmatched, ...] = UNMATCHED,
    only: Mapping[str, int] | None = None,
    withdrawn: tuple[str, ...] = (), scales: tuple[tuple[QuestionScale, ...], ...] = (PARENT_SCALES, VARIANT_SCALES),
) -> TrialData:
    """A trial of these assessments; the parent is arm 1. Cases and assignments are those that somebody assessed."""
    given = tuple(assessed)
    forms = {name: tuple(one for one in given if one.form == name) for name in (PARENT, VARIANT)}
    cases = {name: tuple(dict.fromkeys(one.case_id for one in listed)) for name, listed in forms.items()}
    trial = Trial("pilot", design, 1, (Form("long", "1.0", "a" * 64), Form("short", "1.0", "b" * 64)), 1, RULE,
                  only or {}, "Power was said before.")
    people = tuple(dict.fromkeys((*REVIEWERS, *(one.reviewer for one in given))))
    assignments = {arm: tuple(Assignment(one.case_id, one.reviewer, one.turn) for one in forms[name]
                              if one.turn in TURNS) for arm, name in zip(ARMS, forms, strict=True)}
    balance = balance_of(assignments, {arm: cases[name] for arm, name in zip(ARMS, forms, strict=True)}, people,
                         orders(people, SEED, trial.only))
    return TrialData(
        trial, SEED,
        FormData(PARENT, 1, "long", "1.0", "a" * 64, "The long form", scales[0], bands[0], forms[PARENT]),
        FormData(VARIANT, 2, "short", "1.0", "b" * 64, "The short form", scales[1], bands[1], forms[VARIANT]),
        matched, unmatched, cases, balance, withdrawn)
