"""Copies of one journal beside the one that is here: what each is, and that no line of ours is ever given up."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.chain import START, encode, read_chain
from cqa.marking.events import JOURNAL_FORMAT
from cqa.marking.joining import claims_of, judged, parting, raw_lines, seals_of


def told(ours: str, *copies: str) -> list[tuple[str, int]]:
    """Each letter stands for a seal."""
    return [(verdict.what, verdict.line) for verdict in judged(ours, copies)]


@pytest.mark.parametrize(("ours", "copies", "wanted"), [
    ("", ["abc"], [("new", 0)]),
    ("ab", ["abc"], [("longer", 0)]),
    ("abc", ["abc"], [("known", 0)]),
    ("abc", ["ab"], [("shorter", 0)]),
    ("abc", ["abd"], [("forked", 3)]),
    ("a", ["ab", "abc"], [("shorter", 0), ("longer", 0)]),
    ("a", ["abc", "abc"], [("longer", 0), ("known", 0)]),
    ("a", ["abc", "abd"], [("forked", 3), ("forked", 3)]),
    ("a", ["ab", "abc", "abd"], [("longer", 0), ("forked", 3), ("forked", 3)]),
    ("ab", ["abc", "xb", "a"], [("longer", 0), ("forked", 1), ("shorter", 0)]),
    ("", ["ab", "ac"], [("forked", 2), ("forked", 2)]),
])
def test_each_copy_is_what_it_is(ours: str, copies: list[str], wanted: list[tuple[str, int]]) -> None:
    assert told(ours, *copies) == wanted


TREES = st.lists(st.text("ab", max_size=6), max_size=6)


@given(st.text("ab", max_size=6), TREES)
def test_what_is_taken_goes_on_where_ours_ends_and_parts_from_nothing_that_does(ours: str, copies: list[str]) -> None:
    verdicts = judged(ours, copies)
    taken = [copy for copy, verdict in zip(copies, verdicts, strict=True) if verdict.what in ("new", "longer")]
    assert len(taken) <= 1 and all(copy.startswith(ours) and len(copy) > len(ours) for copy in taken)
    after = max([ours, *taken], key=len)
    for copy, verdict in zip(copies, verdicts, strict=True):
        if verdict.what == "forked":
            assert any(parting(copy, other) == verdict.line for other in (ours, *copies))
        else:
            assert after.startswith(copy), "every line of a copy that is not said to part is here afterwards"


@given(st.text("ab", max_size=6), TREES)
def test_once_joined_everything_that_was_taken_is_known(ours: str, copies: list[str]) -> None:
    verdicts = judged(ours, copies)
    after = next((copy for copy, verdict in zip(copies, verdicts, strict=True) if verdict.what in ("new", "longer")),
                 ours)
    again = [verdict.what for verdict in judged(after, copies)]
    assert not {"new", "longer"} & set(again)


def lines_of(*payloads: dict[str, object]) -> list[bytes]:
    lines: list[bytes] = []
    for number, payload in enumerate(payloads, start=1):
        lines.append(encode(payload, number, lines[-1][-35:-3].decode() if lines else START))
    return lines


@pytest.mark.parametrize("tail", [b"", b'{"at":"2026', b"\0\0\0"])
def test_the_bytes_of_sealed_lines_are_those_of_the_file(tail: bytes) -> None:
    lines = lines_of({"kind": "a", "text": "x\ny"}, {"kind": "b"}, {"kind": "c"})
    data = b"".join(lines) + tail
    chain = read_chain(data)
    assert raw_lines(data, chain) == tuple(lines) and len(seals_of(chain)) == 3
    hurt = b"".join(lines)[:-1]
    assert raw_lines(hurt, read_chain(hurt)) == tuple(lines), "a hurt last line feed is made good"
    assert raw_lines(tail, read_chain(tail)) == ()


def opened(**changed: str) -> dict[str, object]:
    return {"kind": "opened", "format": JOURNAL_FORMAT, "sample": "march", "drawn_at": "then", "frame": "f",
            "rubric_sha256": "1", "reviewer": "Ann", "device": "0", **changed}


def claimed(*payloads: dict[str, object]) -> Sequence[object]:
    return claims_of(payloads)


def test_a_journal_claims_one_owner_and_ground_under_every_rubric_it_was_opened_with() -> None:
    claim, = claims_of([opened(), {"kind": "answered", "reviewer": "bob"}, opened(rubric_sha256="2", reviewer="ann")])
    assert (claim.reviewer, claim.device, claim.ground) == ("ann", "0", ("march", "then", "f"))
    assert claim.rubrics == {"1", "2"}
    assert len(claimed(opened(), opened(device="1"))) == len(claimed(opened(), opened(sample="april"))) == 2
    assert claimed({"kind": "recovered"}, opened(format="cqa-changes/1")) == ()
