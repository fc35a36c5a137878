"""Journal lines whose seals hold and whose contents are absurd: whoever can write a journal can seal anything."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import strategies as st

from cqa.marking.chain import MAX_LINE, START, seal_of
from cqa.sampling.changes import REASSIGNED, REPLACED, RUBRIC_MOVED, WITHDRAWN
from tests.hostile.strings import CORE, STRINGS

Payload = Mapping[str, object]

SHORT = [text for text in STRINGS.values() if len(text) < 2_000]
TEXTS = st.sampled_from(SHORT) | st.text(st.characters(), max_size=12)
NUMBERS = st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30, 10**400, -(10**30)]) | st.integers()
ODD: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6)
TIMES = st.sampled_from([
    "2026-03-02T09:00:01.000Z", "2026-03-02T09:00:01", "", "now", "0001-01-01T00:00:00.000Z", "2026-03-02",
    "9999-12-31T23:59:59.999Z", "2026-03-02T09:00:01+23:59", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
MARKING = ("opened", "recovered", "answered", "cleared", "undone", "redone", "fact", "flagged", "signed_off",
           "reopened", "amended", "set_aside")
CHANGING = ("opened", "recovered", REPLACED, WITHDRAWN, REASSIGNED, RUBRIC_MOVED)
QUESTIONS = ("q1", "q2", "q3", "q9")
LEVELS = ("fully_met", "partly_met", "not_met", "cannot_tell", "does_not_apply")
NAMES = ("ann", "bob", "cat", "ANN", "nobody", "../../x", "nul", "a\x1b[2Jb", "", "x" * 300)


def _ids(writers: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds("{}:{}".format, st.sampled_from(writers), st.integers(0, 9))


def lines(cases: Sequence[str], kinds: Sequence[str]) -> st.SearchStrategy[dict[str, object]]:
    """One line: each field absent, as it should be, or anything at all."""
    ids = _ids(("ann.1", "bob.1", "ann.2"))
    case, question = st.sampled_from((*cases, "none", "")), st.sampled_from(QUESTIONS)
    usual: dict[str, st.SearchStrategy[object]] = {
        "at": TIMES, "kind": st.sampled_from(kinds), "case": case, "question": question,
        "mark": st.sampled_from(LEVELS) | TEXTS, "mark_reason": TEXTS, "evidence": TEXTS, "fact": st.just("child"),
        "value": st.sampled_from(["Y", "N", "yes", ""]), "flag": st.sampled_from(["on", "off"]), "urgent": TEXTS,
        "amendment": ids, "band": TEXTS, "signs": st.lists(ids, max_size=3).map(" ".join),
        "marks": st.integers(0, 3), "shown_ms": st.integers(-1, 10**6), "reason": TEXTS,
        "replaces": st.lists(ids, max_size=3), "after": st.lists(ids, max_size=3),
        "with": case, "stratum": st.sampled_from(["Unit 0", "Unit 1"]), "note": TEXTS,
        "reviewer": st.sampled_from(NAMES), "person": st.sampled_from(NAMES), "second": st.sampled_from(NAMES),
        "to": st.sampled_from(NAMES), "from": st.sampled_from(NAMES), "turn": st.sampled_from(["first", "second"]),
        "signed": st.lists(st.sampled_from(NAMES), max_size=2), "rule": TEXTS, "device": st.sampled_from(["1", "2"]),
        "rubric": st.sampled_from(["small", "../x"]), "version": st.sampled_from(["1.0", "2.0", "../../y"]),
        "from_version": st.just("1.0"), "sha256": TEXTS, "from_sha256": TEXTS, "rubric_sha256": TEXTS, "sample": TEXTS,
        "drawn_at": TIMES, "frame": TEXTS, "format": TEXTS, "account": TEXTS, "host": TEXTS, "cqa": TEXTS,
    }
    likely = {"at": usual["at"], "kind": usual["kind"], "case": usual["case"], "question": usual["question"]}
    rest = {key: value for key, value in usual.items() if key not in likely}
    return st.builds(
        lambda first, more, odd, extra: {**first, **more, **odd, **extra},
        st.fixed_dictionaries({}, optional=likely), st.fixed_dictionaries({}, optional=rest),
        st.dictionaries(st.sampled_from(sorted(usual)), ODD, max_size=2),
        st.dictionaries(TEXTS, ODD, max_size=1))


def sealed(payloads: Sequence[Payload], chained: bool = True) -> bytes:
    """The lines with seals that hold; the numbers too, unless a payload has its own."""
    prev, data = START, b""
    for seq, payload in enumerate(payloads, 1):
        line = {**payload, "seq": payload.get("seq", seq) if not chained else seq, "prev": prev}
        data += (made := sealed_text(json.dumps(line)))
        prev = made[-35:-3].decode() if len(made) > 40 else START
    return data


def sealed_text(text: str) -> bytes:
    """A line of any JSON object, as it is written there, with a seal that holds."""
    body = text.encode("utf-8", "surrogatepass")[:-1]
    line = body + b',"seal":"' + seal_of(body).encode() + b'"}\n'
    return line if len(line) <= MAX_LINE else b""


_START = f'"seq":1,"prev":"{START}"' + "}"
_LINES: Mapping[str, str] = {
    "deep": '{"case":' + "[" * 50_000 + "]" * 50_000 + "," + _START,
    "doubled keys": '{"kind":"answered","kind":"opened","case":"1","case":"2",' + _START,
    "no numbers": '{"kind":"answered","mark":NaN,"at":-Infinity,"shown_ms":1e999,' + _START,
    "a huge number": '{"kind":"answered","mark":' + "9" * 100_000 + "," + _START,
    "a huge seq": '{"kind":"answered","case":"1","seq":' + "9" * 4_000 + f',"prev":"{START}"' + "}",
    "a seq that is true": '{"kind":"answered","seq":true,"prev":null}',
    "half characters": '{"kind":"opened","reviewer":"\\ud800","device":"\\udfff",' + _START,
    "raw half characters": '{"kind":"opened","reviewer":"\ud800","device":"1",' + _START,
    "a prev that is none": '{"kind":"opened","seq":1,"prev":{"a":[1]}}',
    "nothing": "{" + _START,
}
BY_HAND: Mapping[str, bytes] = {
    **{name: sealed_text(text) for name, text in _LINES.items()},
    "every core string": sealed([
        {"kind": kind or text, "case": text, "at": text, "question": text, "reviewer": text, "person": text,
         "device": text, "sample": text, "reason": text, "to": text, "with": text}
        for text in (STRINGS[name][:5_000] for name in CORE) for kind in ("", "opened", *CHANGING[2:])]),
}
"""Journals that no encoder would make, or whose every text is hostile, and what is odd in each."""


def put(folder: Path, room: str, name: str, data: bytes) -> Path:
    """Writes a journal."""
    (folder / room).mkdir(exist_ok=True)
    path = folder / room / name
    path.write_bytes(data)
    return path
