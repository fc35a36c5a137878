"""The ticket rule is what anyone can compute with a tool that is already there."""

import hashlib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import WrongUse
from cqa.sampling.runs import Runs
from cqa.sampling.ticket import checked_seed, normal_id, ticket, tickets


def test_a_ticket_is_the_published_one() -> None:
    assert ticket("73129048561093847562", "06AB1234523") == \
        "e8811f613bd0c11a1559bfe2b80050a7b37443e39a7946c8a6f2b3df98e0b040"


def test_a_purpose_suffixes_the_seed() -> None:
    assert ticket("1", "a", "assign") == hashlib.sha256(b"1/assign|a").hexdigest()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on this system")
def test_the_frame_digest_is_what_sort_and_sha256sum_print() -> None:
    ids = ["06E12345", "00123", "b", "a", "\u00e9", "a", "Z"]
    lines = "".join(f"{one}\n" for one in ids).encode()
    piped = subprocess.run("LC_ALL=C sort -u | sha256sum", shell=True, input=lines, capture_output=True, check=True)
    runs = Runs()
    runs.add(ids, ["0"] * len(ids))
    assert runs.digest({"0"})[0] == piped.stdout.split()[0].decode()


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs"))), max_size=20))
def test_many_tickets_at_once_are_the_same_tickets(ids: list[str]) -> None:
    assert [one.hex() for one in tickets("123", ids)] == [ticket("123", one) for one in ids]


@given(st.text())
def test_normalising_an_id_twice_changes_nothing_more(text: str) -> None:
    assert normal_id(normal_id(text)) == normal_id(text)


@pytest.mark.parametrize("raw", [" 00123", "00123\u00a0", "\ufeff00123\x00", "00123\t"])
def test_outer_space_and_invisible_marks_are_no_part_of_an_id(raw: str) -> None:
    assert normal_id(raw) == "00123"


def test_two_spellings_of_one_letter_are_one_id() -> None:
    assert normal_id("Zoe\u0308") == normal_id("Zo\u00eb")


@pytest.mark.parametrize("seed", ["", "a|b", "caf\u00e9", "line\nfeed", " 123", "\x1b[31m"])
def test_a_seed_that_cannot_be_read_aloud_is_refused(seed: str) -> None:
    with pytest.raises(WrongUse):
        checked_seed(seed)


def test_a_seed_is_text_and_keeps_its_leading_zeros() -> None:
    assert checked_seed("00012") == "00012"
