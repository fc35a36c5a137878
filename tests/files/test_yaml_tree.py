"""YAML read as text with its places; what misleads is refused in plain words."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import BadInput, Problem
from cqa.files.yaml_tree import parse_tree, read_tree, written
from cqa.tree import Items, Node, Text, Tree

SHIPPED = Path(__file__).parents[2] / "rubrics"


def refused(data: bytes) -> Problem:
    with pytest.raises(BadInput) as caught:
        parse_tree(data, "r.yaml")
    return caught.value.problems[0]


def plain(node: Node) -> object:
    if isinstance(node, Tree):
        return {key.value: plain(value) for key, value in node}
    return [plain(value) for value in node.values] if isinstance(node, Items) else node.value


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "1:30", "010", "2026-03-01", "1_000", "1e3", "~", "0x1F"])
def test_every_scalar_is_the_text_that_stands_there(word: str) -> None:
    assert plain(parse_tree(f"a: {word}\n{word}: b\n".encode(), "f")) == {"a": word, word: "b"}


def test_nodes_know_their_line_and_column() -> None:
    tree = parse_tree(b"a:\n  b: [x, 'y']\n", "f")
    assert isinstance(tree, Tree)
    inner = tree.get("a")
    assert isinstance(inner, Tree)
    listed = inner.get("b")
    assert isinstance(listed, Items)
    assert listed.values[1] == Text("y", 2, 10, plain=False)


@pytest.mark.parametrize(("data", "code", "line"), [
    (b"a: 1\nb: 2\na: 3\n", "R005", 3),
    (b"a: &x 1\n", "R004", 1),
    (b"a: 1\nb: *x\n", "R004", 2),
    (b"a: !!python/object/apply:os.system [ls]\n", "R004", 1),
    (b"a: [!]\n", "R004", 1),
    (b"ask: On time: yes or no?\n", "R022", 1),
    (b"a: 1\nq: {ask: Is it so?}\n", "R022", 2),
    (b"a:\n\t- b\n", "R021", 2),
    (b"a: 1\n---\nb: 2\n", "R003", 2),
    (b"a: \x00\n", "R003", 1),
    (b"a: 1\nb: \x93quoted\x94\n", "R002", 2),
    ("a: 1".encode("utf-16"), "R002", 1),
    (b"", "R003", 1),
    (b"[" * 100_000, "R006", 1),
    (b"? [a]\n: b\n", "R003", 1),
])
def test_what_misleads_is_refused_with_its_line(data: bytes, code: str, line: int) -> None:
    found = refused(data)
    assert (found.code, found.line) == (code, line) and found.remedy


def test_a_file_too_large_or_with_too_many_parts_is_refused() -> None:
    assert refused(b"a: " + b"x" * 300_000).code == "R006"
    assert refused(b"[" + b"1," * 30_000 + b"]").code == "R006"


def test_a_missing_file_is_a_problem_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_tree(tmp_path / "gone.yaml")
    assert caught.value.problems[0].code == "R001"


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"), max_size=20)
KEYS = st.text("abcdefgh", min_size=1, max_size=5)


@given(st.dictionaries(KEYS, st.one_of(TEXTS, st.lists(TEXTS, max_size=3), st.dictionaries(KEYS, TEXTS, max_size=3)),
                       min_size=1, max_size=5))
def test_a_record_reads_back_as_it_was_written(record: dict[str, str | list[str] | dict[str, str]]) -> None:
    assert plain(parse_tree(written(record).encode(), "f")) == record


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_what_was_kept_reads_as_it_was_first_read(path: Path) -> None:
    data = path.read_bytes()
    assert parse_tree(data, "f", 40_000, kept=True) == parse_tree(data, "f", 40_000)


def test_what_was_kept_and_is_hurt_is_told_as_ever() -> None:
    for data in (b"a: [b", b"a: 1\na: 2\n", b"a: &x 1\n", b"a: \xff\n", b"- [" * 40):
        with pytest.raises(BadInput) as first:
            parse_tree(data, "f")
        with pytest.raises(BadInput) as again:
            parse_tree(data, "f", kept=True)
        assert again.value.problems == first.value.problems


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\ud83d\\ude00"])
def test_half_a_character_stands_in_nothing_that_people_wrote(escape: str) -> None:
    problem = refused(f'a: b\nc: "x{escape}"\n'.encode())
    assert (problem.code, problem.line) == ("R003", 2) and re.search("U\\+D[8F]", problem.message)
    assert plain(parse_tree(f'c: "x{escape}"\n'.encode(), "record", kept=True)) != {"c": "x"}
