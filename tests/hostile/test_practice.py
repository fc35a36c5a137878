"""Practice files that misbehave: each ends in problems with exit 3, or is shown with nothing hidden in it."""

from pathlib import Path

import pytest

from tests.casework import Run
from tests.practised import PRACTICE, changed, put_practice


def practised(run: Run, workspace: Path, data: bytes, typed: str = "q\n") -> tuple[int, str, str]:
    put_practice(workspace).write_bytes(data)
    ran = run("practise", "--rubric", "small.yaml", typed=typed, folder=workspace)
    assert "Traceback" not in ran.err
    return ran.code, ran.out, ran.err


@pytest.mark.parametrize(("data", "code"), [
    (b"", "R003"),
    (b"\x00\xff\xfe", "R00"),
    (b"PK\x03\x04 not yaml", "R003"),
    (b"cases: [", "R003"),
    (b"just a sentence\n", "R009"),
    (b"- 1\n- 2\n", "R009"),
    (PRACTICE.encode().replace(b"cqa-practice/1", b"cqa-practice/2"), "R009"),
    (PRACTICE.encode().replace(b"format: cqa-practice/1\n", b""), "R008"),
    (b"format: cqa-practice/1\nrubric: small\ncases: {a: b}\n", "R009"),
    (b"format: cqa-practice/1\nrubric: small\ncases: [a, b]\n", "R009"),
    (PRACTICE[:PRACTICE.index("    answers:")].encode() + b"    answers: [q1, q2]\n", "R009"),
    (PRACTICE[:PRACTICE.index("    answers:")].encode() + b"    answers: {q1: fully_met}\n", "R009"),
    (changed('    facts: {child: "yes"}', "    facts: [child, yes]").encode(), "R009"),
    (changed("        text: V is well.", "        text: [V, is, well]").encode(), "R009"),
    (changed("mark: fully_met", "mark: {a: b}").encode(), "R009"),
    (changed("case: note", "case: ../../etc/passwd").encode(), "R009"),
    (changed("case: note", "case: &x note").encode(), "R004"),
    (changed("V is well.", "V is \x1b[31mwell.").encode(), "R003"),
    (changed("V is well.", "V’s well.").encode("cp1252"), "R002"),
    (PRACTICE.encode() + b"    answers: {}\n", "R005"),
    (PRACTICE.encode() + b"x" * 300_000, "R006"),
    (changed("V is well.", "w" * 9_000).encode(), "R009"),
])
def test_a_file_that_cannot_be_meant_is_refused_with_its_place(
    run: Run, workspace: Path, data: bytes, code: str
) -> None:
    ended, out, err = practised(run, workspace, data)
    assert ended == 3 and code in err and "practice" in err and "small.yaml" in err and not out


def test_escapes_in_texts_are_shown_and_never_sent(run: Run, workspace: Path) -> None:
    text = changed("text: V is well.", r'text: "V \e[31mis\e]0;title\a \u202Ewell\r."').replace(
        "because: A promise to ask is not asking.", r'because: "not \x9b2J asking"').replace(
        "title: A note without a date", r'title: "A \u200bnote"')
    ended, out, err = practised(run, workspace, text.encode(), "1\n1\n1\nq\n")
    assert ended == 0, err
    assert "V <U+001B>[31mis<U+001B>]0;title<U+0007> <U+202E>well<U+000D>." in out
    assert "not <U+009B>2J asking" in out and "A <U+200B>note" in out
    assert all(letter == "\n" or letter.isprintable() for letter in out)


def test_markup_in_texts_is_text(run: Run, workspace: Path) -> None:
    text = changed("V is well.", "'[bold]V[/bold] {0} %s {self} is well.'")
    ended, out, _ = practised(run, workspace, text.encode())
    assert ended == 0 and "[bold]V[/bold] {0} %s {self} is well." in out


def test_a_folder_or_nothing_in_the_place_of_the_file_is_no_practice(run: Run, workspace: Path) -> None:
    (workspace / "practice" / "small.yaml").mkdir(parents=True)
    ran = run("practise", "--rubric", "small.yaml", folder=workspace)
    assert ran.code == 3 and "P010" in ran.err
    assert run("practise", "--rubric", "practice", folder=workspace).code == 3


@pytest.mark.parametrize("name", ["x" * 5_000, "..", "a\x00b", "\x1b[31m", "\ud800"])
def test_a_name_that_nothing_can_have_is_refused_and_shown_without_escapes(
    run: Run, workspace: Path, name: str
) -> None:
    for arguments, code in ((("--rubric", name), 3), ((name,), 2)):
        ran = run("practise", *arguments, folder=workspace)
        assert ran.code == code and ("P010" in ran.err or "P011" in ran.err), ran.err
        assert all(letter == "\n" or letter.isprintable() for letter in ran.err)
