"""Every rule of the linter: an example that fails, with file, line and remedy, and a near one that passes."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import CODES, Problem
from cqa.files.yaml_tree import parse
from cqa.rubric.build import build_rubric
from cqa.rubric.checking import Checked, Marked, Places
from cqa.rubric.model import Rubric
from cqa.rubric.rules import lint
from cqa.tree import Tree

GOOD = """\
format: cqa-rubric/1
id: small-b
version: "0.2"
title: A small rubric
status: trial
use_for: {stage: [charge, review]}
variant_of: {id: small, version: "1.0"}
dropped: [P3]
case_facts:
  child: {type: flag, label: Child victim}
  stage: {type: text, label: "Stage (charge or review)"}
  age: {type: number, label: Age of the case in days}
  charged: {type: date, label: Date of charge}
  defendant_name: {type: text, label: Defendant, show: never}
scales:
  met:
    levels:
      full: {key: "1", label: Fully met, points: 2}
      part: {key: "2", label: Partly met, points: 1, needs: [reason]}
      none: {key: "3", label: Not met, points: 0, needs: [reason, evidence]}
    outside:
      cannot_tell: {key: "8", label: Cannot tell, needs: [reason]}
      does_not_apply: {key: "9", label: Does not apply}
sections:
  - id: one
    title: The decision
    questions:
      - id: A1
        ask: "Does the review name the evidence for each offence?"
        look_for: "The review: a finding for each offence."
        forbid: [does_not_apply]
        critical: {fails_on: [none]}
        tags: [legal]
        corresponds_to: {kind: same, questions: [P1], levels: {full: yes-, part: yes-, none: no-}}
        levels:
          full: "Every offence has a finding."
          part: "One offence has no finding."
          none: "No offence has a finding."
      - id: A2
        ask: "Was the letter sent within 5 days of the decision?"
        look_for: "The date on the letter."
        ask_when: {A1: [full, part]}
        corresponds_to: none
        levels:
          full: "It was sent within 5 days."
          part: "It was sent within 10 days."
          none: "It was sent later, or never."
  - id: two
    title: The child
    ask_when: {case: {child: true}}
    questions:
      - id: A3
        ask: "Does the plan say how the child is heard?"
        look_for: "The plan for the hearing."
        ask_when: {A2: [full]}
        forbid: [does_not_apply]
        corresponds_to: {kind: theme, questions: [P2]}
        levels:
          full: "A measure is chosen, with its reason."
          part: "A measure is chosen."
          none: "Nothing is said."
rules:
  - id: letter
    when: {A2: [none]}
    forbid: {A1: [full]}
    say: "A letter that was not sent names no evidence."
result:
  bands:
    - {band: Fail, when: {critical_failed: true}}
    - {band: Fine, when: {score_at_least: 70}}
    - {band: Poor, otherwise: true}
"""
PARENT = """\
format: cqa-rubric/1
id: small
version: "1.0"
title: Parent
scales:
  two:
    levels: {yes-: {key: "1", points: 1}, no-: {key: "2", points: 0}}
    outside: {cannot_tell: {key: "8"}}
sections:
  - id: p
    questions:
      - {id: P1, ask: One}
      - {id: P2, ask: Two}
      - {id: P3, ask: Three}
"""


def built(text: str) -> Rubric:
    tree = parse(text.encode(), "parent.yaml").tree
    assert tree is not None
    rubric = build_rubric(tree, "parent.yaml").rubric
    assert rubric is not None
    return rubric


def checked(text: str, marked: Marked | None = None, parent: str | None = PARENT) -> tuple[Problem, ...]:
    """Everything that is found in a rubric, in a file called r.yaml."""
    parsed = parse(text.encode(), "r.yaml")
    if parsed.tree is None:
        return parsed.problems
    made = build_rubric(parsed.tree, "r.yaml")
    root = parsed.tree
    assert isinstance(root, Tree)
    return lint(Checked("r.yaml", made.draft, Places(root), made.prose, made.rubric is not None,
                        built(parent) if parent else None, marked), (*parsed.problems, *made.problems))


def changed(*edits: tuple[str, str]) -> str:
    text = GOOD
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, marker: str) -> int:
    return text[:text.index(marker)].count("\n") + 1


def codes(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


ASK = 'ask: "Does the review name the evidence for each offence?"'
FULL = 'full: "Every offence has a finding."'
E, W = "error", "warning"
# code, severity, what fails, the line it is told at (by a text in it), words of its remedy, and a near text that passes
CASES = [
    ("R007", E, [("    title: The child", "    titel: The child")], "titel:", "title", [("The child", "The children")]),
    ("R010", E, [("id: A3", "id: A1")], "id: A1\n        ask: \"Does the plan", "another", [("id: A3", "id: A4")]),
    ("R010", E, [('key: "2"', 'key: "1"')], "part: {key", "another", [('key: "2"', 'key: "4"')]),
    ("R010", E, [("label: Partly met", "label: Fully met")], "part: {key", "another",
     [("label: Partly met", "label: Half met")]),
    ("R010", E, [("id: two", "id: one")], "id: one\n    title: The child", "another", [("id: two", "id: three")]),
    ("R011", E, [("ask_when: {A2: [full]}", "ask_when: {A8: [full]}")], "ask_when: {A8", "Known: A1",
     [("ask_when: {A2: [full]}", "ask_when: {answered: A2}")]),
    ("R011", E, [("child: true}}", "chidl: true}}")], "chidl: true", "child", [("child: true}}", "child: false}}")]),
    ("R012", E, [("ask_when: {A1: [full, part]}", "ask_when: {A3: [full]}")], "ask_when: {A3", "look back",
     [("ask_when: {A1: [full, part]}", "ask_when: {A1: [full]}")]),
    ("R012", E, [("ask_when: {A2: [full]}", "ask_when: {A3: [full]}")], "ask_when: {A3", "itself",
     [("ask_when: {A2: [full]}", "ask_when: {A2: [part]}")]),
    ("R013", E, [("ask_when: {A2: [full]}", "ask_when: {A2: [ful]}")], "ask_when: {A2: [ful]", "full",
     [("ask_when: {A2: [full]}", "ask_when: {A2: [full, part]}")]),
    ("R013", E, [("fails_on: [none]", "fails_on: [nothing]")], "fails_on", "none",
     [("fails_on: [none]", "fails_on: [none, part]")]),
    ("R014", E, [("status: trial", "status: live"), (f"          {FULL}\n", "")], "- id: A1", "descriptor",
     [("status: trial", "status: live")]),
    ("R015", E, [("points: 2}", "points: 0}"), ("points: 0, needs: [reason, e", "points: 2, needs: [reason, e")],
     "full: {key", "best level first", [("points: 2}", "points: 5}")]),
    ("R009", E, [("tags: [legal]", "weight: 0")], "weight: 0", "Take the line out", [("tags: [legal]", "weight: 0.5")]),
    ("R016", E, [("score_at_least: 70}}", "score_at_least: 70}}\n    - {band: Great, when: {score_at_least: 90}}")],
     "band: Great", "narrower",
     [("    - {band: Fine", "    - {band: Great, when: {score_at_least: 90}}\n    - {band: Fine")]),
    ("R016", E, [("when: {critical_failed: true}", "when: {not: {all: [{score_at_least: 50}, {score_at_least: 40}, "
                                                   "{critical_failed: true}]}}"),
                 ("{score_at_least: 70}", "{score_at_least: 30}")], "band: Poor", "narrower", []),
    ("R017", E, [("ask_when: {A2: [full]}", "ask_when: {case: {child: false}}")], "ask_when: {case: {child: false", "",
     [("ask_when: {A2: [full]}", "ask_when: {case: {stage: charge}}")]),
    ("R018", E, [("ask_when: {A2: [full]}", "ask_when: {all: [{any: [{not: {A2: [full]}}]}]}")], "ask_when: {all",
     "Split", [("ask_when: {A2: [full]}", "ask_when: {any: [{not: {A2: [full]}}]}")]),
    ("R019", E, [("corresponds_to: none", 'corresponds_to: none\n        retired: "0.2"')], "- id: A2", "another",
     []),
    ("R026", E, [("ask_when: {A1: [full, part]}", "ask_when: {A3: [full]}")], "ask_when: {A3", "condition", []),
    ("R027", W, [("ask_when: {A2: [full]}", "ask_when: {A2: [full, part, none, cannot_tell, does_not_apply]}"),
                 ("        ask_when: {A1: [full, part]}\n", "")], "ask_when: {A2", "fewer levels",
     [("ask_when: {A2: [full]}", "ask_when: {A2: [full, part, none, cannot_tell]}")]),
    ("R028", E, [("ask_when: {A2: [full]}", "ask_when: {all: [{A2: [full]}, {A2: [part]}]}")], "ask_when: {all",
     "Correct it", [("ask_when: {A2: [full]}", "ask_when: {any: [{A2: [full]}, {A2: [part]}]}")]),
    ("R028", E, [("{case: {child: true}}", "{case: {age: {at_least: 10, at_most: 9}}}")], "ask_when: {case: {age",
     "Correct it", [("{case: {child: true}}", "{case: {age: {at_least: 9, at_most: 9}}}")]),
    ("R028", E, [("{case: {child: true}}", "{case: {charged: {after: 2026-03-01, before: 2026-03-02}}}")],
     "ask_when: {case: {charged", "Correct it",
     [("{case: {child: true}}", "{case: {charged: {after: 2026-03-01, before: 2026-03-03}}}")]),
    ("R028", W, [("when: {A2: [none]}\n    forbid: {A1: [full]}", "when: {A2: [none]}\n    forbid: {A1: [none]}")],
     "forbid: {A1: [none]}", "take it out", []),
    ("R030", W, [("        forbid: [does_not_apply]\n        corr", "        corr")], "- id: two", "forbid: [",
     [("forbid: [does_not_apply]\n        corr", "forbid: [does_not_apply, cannot_tell]\n        corr")]),
    ("R031", E, [("forbid: [does_not_apply]\n        corr",
                  "forbid: [full, part, none, cannot_tell, does_not_apply]\n        corr")],
     "forbid: [full, part, none", "Leave one", []),
    ("R031", E, [("forbid: {A1: [full]}", "forbid: {A1: [full, part, none, cannot_tell]}")], "forbid: {A1: [full, p",
     "Leave one", [("forbid: {A1: [full]}", "forbid: {A1: [full, part, none]}")]),
    ("R032", W, [('part: "One offence has no finding."', 'part: "every offence has a finding"')], 'part: "every',
     "difference", []),
    ("R033", W, [(FULL, 'full: "The findings are fully clear."'),
                 ('part: "One offence has no finding."', 'part: "The findings are partly clear."')], 'part: "The',
     "can be seen", [(FULL, 'full: "The findings are clear."')]),
    ("R037", W, [(ASK, 'ask: "Was the letter sent and was it clear?"')], "ask: \"Was the letter sent and", "Ask one",
     [(ASK, 'ask: "Were the victim and the witnesses told?"')]),
    ("R037", W, [(ASK, 'ask: "Was the file checked? By whom?"')], "ask: \"Was the file", "Ask one",
     [(ASK, 'ask: "Does the note say who decided what, when and why?"')]),
    ("R038", W, [(FULL, 'full: "The findings are adequate."')], 'full: "The findings', "can be seen",
     [(FULL, 'full: "A reasonable prosecutor would decide so."')]),
    ("R039", W, [(ASK, 'ask: "Was the evidence not named?"')], 'ask: "Was the evidence not', "level says",
     [(ASK, 'ask: "Was the plea of not guilty met with a review?"')]),
    ("R039", W, [(ASK, 'ask: "Would you agree that the evidence is named?"')], "agree", "plainly", []),
    ("R040", W, [("within 5 days of the decision", "in time"), ("The date on the letter", "The letter"),
                 ("It was sent within 5 days.", "It was fast."), ("It was sent within 10 days.", "It was slow."),
                 ("It was sent later, or never.", "It was very slow.")],
     'ask: "Was the letter sent in time', "Name the",
     [("within 5 days of the decision", "in time")]),
    ("R041", W, [("Does the review name", f"Does the {'very ' * 25}long review name")], "ask: \"Does the very",
     "Shorten", [("Does the review name", f"Does the {'very ' * 15}long review name")]),
    ("R042", W, [("The review: a finding", "The MG3: the CTL for")], "look_for: \"The MG3", "Write it out",
     [("The review: a finding", "The custody time limit (CTL) for")]),
    ("R043", W, [('        look_for: "The plan for the hearing."\n', "")], "- id: A3", "look_for", []),
    ("R044", W, [("needs: [reason, evidence]", "needs: [reason]")], "none: {key", "evidence",
     [("needs: [reason, evidence]", "needs: [evidence]")]),
    ("R045", E, [("questions: [P2]", "questions: [P8]")], "questions: [P8]", "P2",
     [("questions: [P2]", "questions: [P2, P1]")]),
    ("R045", E, [("none: no-}", "none: nay-}")], "nay-", "no-", []),
    ("R045", E, [("dropped: [P3]", "dropped: [P3, P9]")], "dropped: [P3, P9]", "P3", []),
    ("R046", W, [("dropped: [P3]", "dropped: []")], "dropped: []", "dropped", []),
    ("R046", W, [("dropped: [P3]", "dropped: [P3, P1]")], "dropped: [P3, P1]", "Take it out", []),
    ("R046", W, [("        corresponds_to: none\n", "")], "- id: A2", "none", []),
    ("R047", W, [("full: yes-, part: yes-, none: no-", "full: no-, part: yes-, none: no-")],
     "corresponds_to: {kind: same", "in their order",
     [("full: yes-, part: yes-, none: no-", "full: yes-, part: no-, none: no-")]),
    ("R047", W, [("none: no-}", "none: cannot_tell}")], "corresponds_to: {kind: same", "in their order", []),
    ("R048", W, [('version: "1.0"}', 'version: "0.9"}')], "variant_of", "right file", []),
    ("R049", E, [('variant_of: {id: small, version: "1.0"}\n', "")], "corresponds_to: {kind: same", "variant_of", []),
    ("R050", E, [("The plan for the hearing.", "The plan for {defendant}.")], "The plan for {d", "Take it out",
     [("The plan for the hearing.", "The plan for the defendant.")]),
    ("R051", W, [("The plan for the hearing.", "The plan of Mr Smith.")], "Mr Smith", "make it up",
     [("The plan for the hearing.", "The plan of the officer.")]),
    ("R051", W, [("The plan for the hearing.", "File 01AB1234567.")], "01AB", "make it up",
     [("The plan for the hearing.", "Form 123, page 5.")]),
    ("R051", W, [("The plan for the hearing.", "The child born on 3/4/2015.")], "born", "make it up",
     [("The plan for the hearing.", "The hearing on 3/4/2026.")]),
    ("R052", W, [("title: A small rubric", "title: {en: Small, cy: Bach}")], "title: The decision", "cy: ...", []),
    ("R053", W, [("status: trial", "status: trial\nallow: {R043: because}")], "{R043: because}", "Take the line out",
     []),
    ("R054", E, [("status: trial", "status: trial\nallow: {R049: because}"),
                 ('variant_of: {id: small, version: "1.0"}\n', "")], "{R049: because}", "Correct", []),
    ("R056", W, [(", levels: {full: yes-, part: yes-, none: no-}", "")], "corresponds_to: {kind: same", "Map each",
     [("kind: same, questions: [P1], levels: {full: yes-, part: yes-, none: no-}", "kind: related, questions: [P1]")]),
    ("R057", W, [("sections:\n", "  spare: {levels: {a: {key: \"1\"}}}\nsections:\n")], "spare:", "Take it out", []),
    ("R059", W, [('key: "2"', "key: q")], "part: {key", "digits", [('key: "2"', "key: '4'")]),
    ("R023", W, [("title: The decision", "title: The decision about #4")], "title: The decision", "quotation marks",
     [("title: The decision", "title: The decision.  # a note")]),
    ("R024", W, [("show: never}", "show: never}\n  on: {type: flag}")], "on: {type", "quotation marks",
     [("show: never}", "show: never}\n  \"on\": {type: flag}")]),
    ("R025", W, [("The plan for the hearing", "The plan \u202efor the hearing")], "\u202e", "afresh", []),
]


def test_the_good_rubric_has_nothing_to_be_said_of_it() -> None:
    assert checked(GOOD) == ()


@pytest.mark.parametrize(("code", "severity", "edits", "marker", "remedy", "near"), CASES,
                         ids=[f"{case[0]}-{place}" for place, case in enumerate(CASES)])
def test_each_rule_fails_with_file_line_and_remedy_and_passes_what_is_near(
    code: str, severity: str, edits: list[tuple[str, str]], marker: str, remedy: str, near: list[tuple[str, str]]
) -> None:
    text = changed(*edits)
    found = [problem for problem in checked(text) if problem.code == code]
    wanted = line_of(text, marker)
    assert (wanted, severity) in {(problem.line, problem.severity) for problem in found}, checked(text)
    problem = next(problem for problem in found if problem.line == wanted)
    assert problem.where == "r.yaml" and problem.column and problem.message
    assert remedy in problem.remedy + problem.message
    assert code not in codes(checked(changed(*near)))


def test_every_code_of_the_linter_has_an_example() -> None:
    elsewhere = {"R029", "R034", "R035", "R036", "R055", "R021", "R022", "R008"}
    assert {code for code in CODES if re.fullmatch(r"R0[2-5]\d", code)} - {case[0] for case in CASES} - elsewhere <= {
        "R020"}


def test_a_circle_names_every_question_in_it() -> None:
    text = changed(("ask_when: {A1: [full, part]}", "ask_when: {A3: [full]}"))
    found = next(problem for problem in checked(text) if problem.code == "R026")
    assert found.message.startswith("A2, A3 wait for each other")


def test_a_condition_over_too_much_is_said_and_not_guessed() -> None:
    facts = "".join(f"  f{place}: {{type: flag, label: F}}\n" for place in range(16))
    gate = ", ".join(f"{{case: {{f{place}: true}}}}" for place in range(16))
    text = changed(("scales:\n", f"{facts}scales:\n"), ("ask_when: {A2: [full]}", f"ask_when: {{any: [{gate}]}}"))
    found = next(problem for problem in checked(text) if problem.code == "R029")
    assert found.line == line_of(text, "ask_when: {any") and "not checked" in found.message and "fewer" in found.remedy


@pytest.mark.parametrize(("counts", "code"), [
    ({"full": 19, "part": 1, "none": 0}, "R034"), ({"full": 19, "none": 1}, "R035"),
    ({"full": 10, "part": 5, "none": 5, "cannot_tell": 3}, "R036"),
])
def test_the_use_of_levels_is_read_from_marks(counts: dict[str, int], code: str) -> None:
    found = [problem for problem in checked(GOOD, Marked({"A1": counts}, ("march",))) if problem.code == code]
    assert found and found[0].line == line_of(GOOD, "- id: A1") and "A1" in found[0].message and found[0].remedy


def test_few_marks_and_evenly_used_levels_say_nothing() -> None:
    assert checked(GOOD, Marked({"A1": {"full": 19}}, ("march",))) == ()
    assert checked(GOOD, Marked({"A1": {"full": 10, "part": 5, "none": 5, "cannot_tell": 2}}, ("march",))) == ()


def test_an_acknowledged_warning_stays_in_sight_with_its_reason() -> None:
    cut = ('        look_for: "The plan for the hearing."\n', "")
    for allowing in (("status: trial", "status: trial\nallow: {R043: known to all}"),
                     ("- id: two\n", "- id: two\n    allow: {R043: known to all}\n"),
                     ("- id: A3\n", "- id: A3\n        allow: {R043: known to all}\n")):
        found = checked(changed(cut, allowing))
        assert [(problem.code, problem.acknowledged) for problem in found] == [("R043", "known to all")]
        assert found[0].as_json()["acknowledged"] == "known to all"


def test_an_allowance_elsewhere_does_not_reach_a_question() -> None:
    text = changed(('        look_for: "The plan for the hearing."\n', ""),
                   ("- id: A2\n", "- id: A2\n        allow: {R043: no}\n"))
    assert {(problem.code, problem.acknowledged) for problem in checked(text)} == {("R043", ""), ("R053", ""),
                                                                                    ("R024", "")}


def test_a_variant_whose_parent_is_not_there_is_a_warning() -> None:
    found = [problem for problem in checked(GOOD, parent=None) if problem.code == "R048"]
    assert len(found) == 1 and found[0].line == line_of(GOOD, "variant_of") and "beside" in found[0].remedy


@given(st.integers(0, 100), st.integers(0, 100))
def test_of_two_bands_by_score_the_second_is_reached_only_below_the_first(first: int, second: int) -> None:
    text = GOOD.replace("{score_at_least: 70}}", f"{{score_at_least: {first}}}}}\n    - {{band: Next, when: "
                        f"{{score_at_least: {second}}}}}")
    unreached = [problem for problem in checked(text) if problem.code == "R016" and "'Next'" in problem.message]
    assert bool(unreached) == (second >= first)


def test_a_question_that_is_whole_only_in_parts_is_still_checked_for_its_words() -> None:
    text = changed((ASK, 'ask: "Was it sent and was it clear?"'), ("ask_when: {A2: [full]}", "ask_when: {A2: [ful]}"))
    assert {"R013", "R037"} <= codes(checked(text))


def test_the_model_holds_the_whole_language() -> None:
    rubric = built(GOOD.replace("tags: [legal]", "tags: [legal]\n        legal_basis: [The Code, 4.6]\n        "
                                "examples: {full: [As in the first case.], none: Nothing}\n        notes: May."))
    question = rubric.by_id["A1"]
    assert rubric.variant_of is not None and (rubric.variant_of.id, rubric.dropped) == ("small", ("P3",))
    assert question.corresponds_to is not None and question.corresponds_to.compared
    assert question.corresponds_to.levels["part"] == "yes-" and question.legal_basis == "The Code; 4.6"
    assert question.examples == {"full": ("As in the first case.",), "none": ("Nothing",)} and question.notes
    assert rubric.by_id["A3"].own_gate != rubric.by_id["A3"].gate and rubric.sections[1].gate != rubric.sections[0].gate
    assert replace(rubric, id="x").id == "x"


@pytest.mark.parametrize(("language", "title"), [("en-GB", "Small"), ("cy", "Bach"), ("cy-GB", "Bach"), ("fr", "Small"),
                                                 ("", "Small")])
def test_the_language_that_is_wanted_is_shown_and_english_where_it_is_missing(language: str, title: str) -> None:
    tree = parse(GOOD.replace("title: A small rubric", "title: {cy: Bach, en: Small}").encode(), "r.yaml").tree
    assert tree is not None
    rubric = build_rubric(tree, "r.yaml", language).draft
    assert rubric.title == title and rubric.languages == ("cy", "en") and rubric.sections[0].title == "The decision"


ASKED = 'ask: "Was the letter sent within 5 days of the decision?"'


@pytest.mark.parametrize(("ask", "code"), [
    ("Is the letter and/or the note dated?", "R037"), ("Does the note give the day as well as the hour?", "R037"),
    ("Was there no letter on the file?", "R039"), ("Did Sarah Jones get the letter?", "R051"),
    ("Did J. Bloggs get the letter?", "R051"), ("Is letter 0123/26 on the file?", "R051"),
])
def test_more_words_that_are_worth_a_second_look(ask: str, code: str) -> None:
    found = checked(changed((ASKED, f'ask: "{ask}"')))
    assert [(one.code, one.line) for one in found if one.code in ("R037", "R039", "R051")] == [
        (code, line_of(GOOD, ASKED))]


@pytest.mark.parametrize("ask", [
    "Was good character put in evidence?", "Was a good-character direction asked for?", "Does the REVIEW give the day?",
    "Does the review answer R v Galbraith [1981] as its law?",
])
def test_law_and_words_in_capitals_are_nobodys_and_no_abbreviations(ask: str) -> None:
    found = checked(changed((ASKED, f'ask: "{ask}"')))
    assert not {one.code for one in found} & {"R038", "R042", "R051"}


BANDS = """    - {band: Fail, when: {critical_failed: true}}
    - {band: Fine, when: {score_at_least: 70}}
    - {band: Poor, otherwise: true}
"""


@pytest.mark.parametrize(("code", "old", "new", "at"), [
    ("R067", "    - {band: Fail, when: {critical_failed: true}}\n", "", "critical: {fails_on"),
    ("R068", "fails_on: [none]", "fails_on: [none, full]", "critical: {fails_on"),
    ("R069", "    - {band: Poor, otherwise: true}\n", "", "{band: Fine"),
])
def test_what_marks_come_to_in_vain_is_said(code: str, old: str, new: str, at: str) -> None:
    assert BANDS in GOOD and code not in codes(checked(GOOD))
    text = changed((old, new))
    found = [problem for problem in checked(text) if problem.code == code]
    assert [(one.line, one.severity) for one in found] == [(line_of(text, at), "warning")] and found[0].remedy


@pytest.mark.parametrize(("old", "new", "code", "told"), [
    (ASKED, "ask:", "R009", "asks nothing"),
    ("score_at_least: 70", "score_at_least: 0.7", "R009", "Write 70 for 70 per cent"),
    ("ask_when: {A2: [full]}", "ask_when: {child: true}", "R011", "'child' is a case fact: write case: {child: true}"),
    ("{score_at_least: 70}", "{score_atleast: 70}", "R011", "Did you mean score_at_least?"),
    (ASKED, "ask: Is #1 there?", "R023", "in quotation marks"),
])
def test_a_beginners_slip_is_told_with_what_to_write(old: str, new: str, code: str, told: str) -> None:
    text = changed((old, new))
    read = parse(text.encode(), "r.yaml")
    assert read.tree is not None
    problems = (*read.problems, *build_rubric(read.tree, "r.yaml", "").problems)
    assert [one for one in problems if one.code == code and told in f"{one.message} {one.remedy}"], problems
