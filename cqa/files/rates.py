"""The last round's failure rates by stratum, from a CSV file of two columns."""

import csv
from fractions import Fraction
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.facts import share


def read_rates(path: Path) -> dict[str, Fraction]:
    """Stratum to failure rate, a share such as 0.15 or 15%. Raises BadInput with every line that cannot be used."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(Problem("C001", f"The rates cannot be read: {getattr(error, 'strerror', None) or error}.",
                               "Name a CSV file with the columns stratum and rate.", str(path))) from error
    problems, rates = [], {}
    for line, row in enumerate(rows[1:], start=2):
        try:
            stratum, rate = (field.strip() for field in row)
            rates[stratum] = share(rate)
        except (ValueError, ArithmeticError):
            problems.append(Problem("C020", "The line is not a stratum and a share such as 0.15.",
                                    "Mend it, or take it out.", str(path), line))
    if not rates and not problems:
        problems.append(Problem("C020", "The file names the rate of no stratum.", "Name a CSV file with the columns "
                                "stratum and rate, and a line for each stratum.", str(path)))
    if problems:
        raise BadInput(problems)
    return rates
