"""`cqa size`: how many cases to look at, and what so many can and cannot show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from cqa.commands.drawing import size_words as words
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.sampling.size import HALF, Size, ToMeasure, ToShow, percent, size_to_measure, size_to_show
from cqa.screen.printer import Printer

CONFIDENCE = "95%"

# Fifteen decimals are more than anyone means, and keep every number short.
_SHARE = re.compile(r"(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})\s*(%?)", re.ASCII)
_COUNT = re.compile(r"\d{1,15}|\d{1,3}(?:,\d{3}){1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SizeOptions:
    """The options of `cqa size` as typed; None where not given."""

    tolerable: str | None = None
    margin: str | None = None
    confidence: str = CONFIDENCE
    allowed: str | None = None
    expected: str | None = None
    population: str | None = None


def run(printer: Printer, options: SizeOptions) -> int:
    """Says how many cases to look at. Raises WrongUse with every problem of the options."""
    asked = read_question(options)
    if isinstance(asked, ToShow):
        size = size_to_show(asked)
        told = words.to_show(size, asked)
    else:
        size = size_to_measure(asked)
        told = words.to_measure(size, asked)
    if printer.as_json:
        printer.json({"n": size.n, "allowed": size.allowed, "method": size.method})
    else:
        _tell(printer, size, told, asked.confidence)
    return ExitCode.DONE


def _tell(printer: Printer, size: Size, told: str, confidence: Fraction) -> None:
    printer.line(told)
    printer.line(f"How computed: {size.method}\n")
    printer.table(words.chances())
    printer.line(words.limits(confidence))


def read_question(options: SizeOptions) -> ToShow | ToMeasure:
    """What is asked, in exact numbers. Raises WrongUse with all that cannot be read or does not go together."""
    typed = _Typed()
    confidence = typed.share("--confidence", options.confidence)
    tolerable = typed.share("--tolerable", options.tolerable)
    margin = typed.share("--margin", options.margin)
    expected = typed.share("--expected", options.expected, zero=options.margin is None)
    allowed = typed.count("--allowed", options.allowed, 0) or 0
    population = typed.count("--population", options.population, 1)
    problems = [*typed.problems, *_contradictions(options), *_hopeless(tolerable, expected)]
    if problems:
        raise WrongUse(problems)
    if options.margin is None:
        return ToShow(tolerable, confidence, population, allowed, expected)
    return ToMeasure(margin, confidence, population, expected or HALF)


@dataclass(frozen=True, slots=True)
class _Typed:
    """Reads numbers from what was typed, exactly, and collects what cannot be read."""

    problems: list[Problem] = field(default_factory=list)

    def share(self, option: str, text: str | None, zero: bool = False) -> Fraction:
        """A share above 0 (with `zero`, or 0) and below 1, typed as 0.05, .05 or 5%; 0 if not given or not usable."""
        if text is None:
            return Fraction(0)
        found = _SHARE.fullmatch(text.strip())
        if not found:
            return self._no_share(option, text, "Write a share such as 0.05 or 5%.")
        value = Fraction(found[1]) / (100 if found[2] else 1)
        if 0 < value < 1 or (zero and value == 0):
            return value
        if 1 <= value < 100 and not found[2]:
            return self._no_share(option, text, f"If you mean {found[1]}%, write the % sign.")
        least = "0% or more" if zero else "above 0%"
        return self._no_share(option, text, f"It must be {least} and below 100%. Only looking at every case makes "
                              "certain.")

    def count(self, option: str, text: str | None, least: int) -> int | None:
        """A whole number, `least` or more, typed as 1000 or 1,000; None if not given or not usable."""
        if text is None:
            return None
        if _COUNT.fullmatch(text.strip()) and (value := int(text.replace(",", ""))) >= least:
            return value
        self.problems.append(_refused(option, text, f"Write a whole number, {least} or more."))
        return None

    def _no_share(self, option: str, text: str, remedy: str) -> Fraction:
        self.problems.append(_refused(option, text, remedy))
        return Fraction(0)


def _refused(option: str, text: str, remedy: str) -> Problem:
    return Problem("S018", f"{option} cannot be '{text}'.", remedy)


def _contradictions(options: SizeOptions) -> Iterator[Problem]:
    if options.tolerable is None and options.margin is None:
        yield Problem("S018", "Say what the sample is for.", "Add --tolerable 5% to show that fewer than 5% fail, or "
                      "--margin 5% to measure how many fail, to within 5 percentage points.")
    if options.tolerable is not None and options.margin is not None:
        yield Problem("S018", "--tolerable and --margin ask two different questions.", "Ask one after the other, and "
                      "look at the larger number of cases.")
    if options.allowed is not None and options.expected is not None:
        yield Problem("S018", "--allowed and --expected both say how many failures to allow.", "Give a number with "
                      "--allowed, or a share with --expected.")
    if options.allowed is not None and options.margin is not None:
        yield Problem("S018", "--allowed has no meaning with --margin, which measures how many fail.",
                      "Leave out --allowed, or ask with --tolerable.")


def _hopeless(tolerable: Fraction, expected: Fraction) -> Iterator[Problem]:
    if 0 < tolerable <= expected:
        yield Problem("S018", f"If {percent(expected)} are expected to fail, no sample can show that fewer than "
                      f"{percent(tolerable)} do.", "Tolerate more than you expect, or measure how many fail with "
                      "--margin.")
