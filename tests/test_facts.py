"""What a number is, wherever one is typed or exported: nothing that could fail late or never end."""

from fractions import Fraction

import pytest

from cqa.facts import is_number, number, share, whole_number
from cqa.rubric.gates import fact_is_known

BAD = ("1/0", "1/3", "1e9999999", "1e3", "nan", "inf", "", "-", ".5", "5.", "1_000", "1,5", "9" * 19, "1." + "1" * 19,
       "\u0661", "0x10", "--1")


@pytest.mark.parametrize(("text", "value"), [
    ("-12.5", Fraction(-25, 2)), ("0", Fraction(0)), (" +7 ", Fraction(7)), ("9" * 18, Fraction(10**18 - 1)),
])
def test_a_plain_decimal_is_a_number(text: str, value: Fraction) -> None:
    assert number(text) == value and is_number(text) and fact_is_known("number", text)


@pytest.mark.parametrize("text", BAD)
def test_nothing_else_is(text: str) -> None:
    with pytest.raises(ValueError):
        number(text)
    assert not is_number(text) and not fact_is_known("number", text)
    with pytest.raises(ValueError):
        share(text)


@pytest.mark.parametrize("text", ["-1", "1.0", "1e3", "9" * 10, "", "\u0661", "1_0"])
def test_a_whole_number_is_digits_alone(text: str) -> None:
    with pytest.raises(ValueError):
        whole_number(text)
    assert whole_number(" 007 ") == 7
