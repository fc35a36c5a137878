"""Feeds mutated rubrics to the loader and the checks: python tests/hostile/fuzz_rubric.py [COUNT] [SEED].

Whatever the bytes, each must end in under a second in problems with a known code, a line, a message and a remedy, or
in a rubric that can be asked and scored. Seeded, so that a finding can be had again: its bytes are printed.
"""

import random
import re
import sys
import time
from pathlib import Path

from cqa.errors import CODES, only_errors
from cqa.files.yaml_tree import parse
from cqa.rubric.build import build_rubric
from cqa.rubric.checking import Checked, Places
from cqa.rubric.gates import asked
from cqa.rubric.rules import lint
from cqa.rubric.scoring import result_of
from cqa.tree import Tree
from tests.casework import RUBRIC

SLOW = 1.0
TRAPS = (
    "&a ", "*a ", "!!python/object/apply:os.system ", "!x ", "<<: *a", "\t", "  ", "? ", ": ", " #", "#", "---\n",
    "...\n", "%YAML 1.2\n", "{", "}", "[", "]", "'", '"', "|\n", ">-\n", "no", "yes", "~", "null", "1:30", "010",
    "1e999", "-1", "9" * 40, "0/0", "\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "\ud800",
    "\"\\UFFFFFFFF\"", "\"\\ud800\"", "\"\\x1b[2J\"", "%YAML " + "9" * 5000 + "\n",
    "ask_when: ", "all: ", "any: ", "not: ", "case: ", "answered: ", "count: ", "q1", "q2", "q3", "fully_met",
    "retired: '1.0'", "forbid: [fully_met, partly_met, not_met, cannot_tell]", "allow: {R043: x}", "type: choice",
    "choices: [a, b]", "scale: x", "critical: {fails_on: [not_met]}", "{en: a, cy: b}", "{fr: }",
    "corresponds_to: none", "variant_of: {id: small, version: '1'}", "use_for: {case_type: x}", "weight: 0",
    "examples: {fully_met: [a]}", "when: {score_at_least: 200}",
    "otherwise: true", "show: never", "type: date", "type: number", "at_least: 3",
)
SHORT = """\
format: cqa-rubric/1
id: s
version: "1"
title: T
scales: {m: {levels: {a: {points: 1}, b: {points: 0}}}}
sections:
  - id: x
    questions:
      - {id: q1, ask: Is it}
      - {id: q2, ask: Is it, ask_when: {q1: [a]}}
"""
VARIANT = """\
format: cqa-rubric/1
id: v
version: "1"
title: {en: T, cy: U}
status: live
variant_of: {id: small, version: "1.0"}
dropped: [q2]
use_for: {stage: [charge]}
case_facts: {n: {type: number}, d: {type: date, show: never}}
scales:
  m:
    levels: {a: {key: "1"}, b: {key: "2"}}
    outside: {z: {key: "9"}}
sections:
  - id: x
    ask_when: {case: {n: {at_least: 3}, d: {before: 2026-03-01}}}
    questions:
      - id: q1
        ask: Is it
        levels: {a: Yes, b: No}
        corresponds_to: {kind: same, questions: [q1], levels: {a: fully_met}}
      - {id: t, type: text, ask: Why, required: false}
      - {id: c, type: choice, choices: [u, v], ask: Which, ask_when: {not: {answered: t}}}
result:
  bands:
    - {band: A, when: {any: [{score_at_least: 50}, {count: {levels: [a], at_least: 1}}]}}
    - {band: B, otherwise: true}
allow: {R043: because}
"""
SEEDS = (RUBRIC, SHORT, VARIANT, "a: [b, {c: d}]\ne: |\n  text\nf: >-\n  more\ng: 'x'\nh: \"y\"\n")


def mutated(rng: random.Random) -> bytes:
    """A rubric with one to six changes, seldom a harmless one."""
    text = rng.choice(SEEDS)
    changes, most = (_GENTLE, 3) if rng.random() < 0.6 else (_ROUGH, 6)
    for _ in range(rng.randint(1, most)):
        text = changes[rng.randrange(len(changes))](text, rng)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.05 and data:
        place = rng.randrange(len(data))
        data = data[:place] + bytes([rng.randrange(256)]) + data[place + 1:]
    if rng.random() < 0.02:
        data = text.encode(rng.choice(("utf-16", "utf-32", "cp1252")), "replace")
    return data


def _insert(text: str, rng: random.Random) -> str:
    place = rng.randint(0, len(text))
    return text[:place] + rng.choice(TRAPS) + text[place:]


def _cut(text: str, rng: random.Random) -> str:
    place = rng.randint(0, len(text))
    return text[:place] + text[place + rng.randint(1, 30):]


def _line_again(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return "\n".join(lines)


def _line_out(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def _indented(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    lines[place] = rng.choice(("", " ", "  ", "\t", "    ")) + lines[place].lstrip()
    return "\n".join(lines)


def _swapped(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _value(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    lines[place] = lines[place].split(":")[0] + ": " + rng.choice(TRAPS)
    return "\n".join(lines)


def _deep(text: str, rng: random.Random) -> str:
    return text + rng.choice(("[", "{a: ", "- ", "? ")) * rng.randint(1, 40)


_WORD = re.compile(r"[\w.-]+")


def _other_word(text: str, rng: random.Random) -> str:
    """One word of the file for another, of the file or a trap: what is still YAML and often still a rubric."""
    places = list(_WORD.finditer(text))
    if not places:
        return text
    place = rng.choice(places)
    other = rng.choice(places)[0] if rng.random() < 0.7 else rng.choice(_WORDS)
    return text[:place.start()] + other + text[place.end():]


def _part_again(text: str, rng: random.Random) -> str:
    """One part between brackets in place of another."""
    parts = list(re.finditer(r"[\[{][^\[\]{}]*[\]}]", text))
    if not parts:
        return text
    place = rng.choice(parts)
    return text[:place.start()] + rng.choice(parts)[0] + text[place.end():]


_WORDS = ("no", "0", "-1", "1.5", "200", "true", "yes", "none", "text", "choice", "number", "date", "flag", "never",
          "any", "all", "not", "case", "answered", "retired", "allow", "R043", "live", "weight", "otherwise", "\u00e9",
          "2026-02-30", "9" * 30, "x" * 300, "same", "theme", "lower_of", "''", "[]", "{}", "~")
_GENTLE = (_other_word, _other_word, _other_word, _part_again, _line_out, _line_again)
_ROUGH = (_insert, _insert, _insert, _cut, _line_again, _line_out, _indented, _swapped, _value, _value, _deep)


def check(data: bytes) -> str:
    """What is wrong with how the bytes were dealt with; empty where nothing is. Lets every exception through."""
    begun = time.perf_counter()
    parsed = parse(data, "fuzz.yaml")
    problems = parsed.problems
    if parsed.tree is None:
        if not only_errors(problems):
            return "no tree, and no error"
    else:
        built = build_rubric(parsed.tree, "fuzz.yaml")
        root = parsed.tree if isinstance(parsed.tree, Tree) else Tree((), 1, 1)
        whole = built.rubric is not None
        problems = lint(Checked("fuzz.yaml", built.draft, Places(root), built.prose, whole, built.draft),
                        (*problems, *built.problems))
        if built.rubric is not None:
            marks = {question.id: question.answers[0] for question in built.rubric.questions if question.answers}
            asked(built.rubric, marks, {})
            result_of(built.rubric, marks, {})
    for problem in problems:
        if problem.code not in CODES or not problem.line or not problem.message or problem.where != "fuzz.yaml":
            return f"a problem without code, line or message: {problem!r}"
    seconds = time.perf_counter() - begun
    return f"took {seconds:.2f} s" if seconds > SLOW else ""


def fuzz(count: int, seed: int) -> tuple[int, str]:
    """How many inputs were tried, and the first finding with its bytes; empty where there is none."""
    rng = random.Random(seed)
    for place in range(count):
        if place % 10_000 == 9_999:
            print(f"{place + 1} inputs, nothing found yet", file=sys.stderr, flush=True)
        data = mutated(rng)
        try:
            wrong = check(data)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            return place + 1, f"{wrong}\n{data!r}"
    return count, ""


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    wanted, first_seed = (*(int(word) for word in sys.argv[1:3]), *(10_000, 1)[len(sys.argv[1:3]):])
    tried, finding = fuzz(wanted, first_seed)
    print(f"{tried} inputs. {finding or 'Nothing found.'}")
    sys.exit(bool(finding))
