"""Settings: what is wrong is said with its line."""

from fractions import Fraction

import pytest

from cqa.errors import BadInput
from cqa.files.yaml_tree import parse_tree
from cqa.settings import Settings, read_settings


def settings(text: str) -> Settings:
    return read_settings(parse_tree(text.encode(), "cqa.yaml"), "cqa.yaml")


@pytest.mark.parametrize(("line", "said"), [
    ("margin: -1", "a number of points"), ("margin: 101", "a number of points"), ("margin: some", "a number of points"),
    ("names: secret", "report.names cannot be 'secret'"), ("small: -2", "a whole number")])
def test_a_wrong_value_of_a_known_key_is_a_problem_with_its_line(line: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        settings(f"language: en-GB\nreport:\n  {line}\n")
    problem = refused.value.problems[0]
    assert (problem.code, problem.where, problem.line) == ("P002", "cqa.yaml", 3) and said in problem.message


def test_known_keys_are_read() -> None:
    found = settings("report: {margin: 2.5, small: 10, names: hidden}\n")
    assert (found.margin, found.small, found.names) == (Fraction(5, 2), 10, "hidden")


def test_keys_may_be_put_elsewhere_and_what_cannot_be_is_told_with_its_line() -> None:
    assert settings("keys:\n  undo: Z\n  flag: f2\n  jump: off\n").keys == {"undo": "z", "flag": "f2", "jump": "off"}
    with pytest.raises(BadInput) as caught:
        settings("keys:\n  undo: 7\n  stop: off\n  flag: n\n  wink: k\n  redo: shift\n")
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (5, "Unknown key 'wink' in keys."), (2, "keys.undo is '7', which is no key for this."),
        (3, "keys.stop cannot be off."), (6, "keys.redo is 'shift', which is no key for this."),
        (2, "'n' is the key of both unanswered and flag.")]


@pytest.mark.parametrize("language", ["=1+1", "en_GB", "\\e[2J", "e", "en-", "english-language-of-the-inspectorate"])
def test_a_language_is_a_tag_and_nothing_else(language: str) -> None:
    assert settings('language: "cy"\n').language == "cy" and settings("language: en-GB-oed\n").language == "en-GB-oed"
    with pytest.raises(BadInput) as caught:
        settings(f'organisation: "x"\nlanguage: "{language}"\n')
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("P002", 2)]
