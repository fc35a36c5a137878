"""Ids in sorted runs: the digest that `sort -u | sha256sum` prints, doubled ids, and the list in order."""

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.runs import RUN, Runs


def runs_of(ids: list[str]) -> Runs:
    runs = Runs()
    for start in range(0, len(ids), 1000):
        part = ids[start: start + 1000]
        runs.add(part, [str(len(one)) for one in part])
    return runs


def digest(ids: list[str]) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(set(ids))).encode()).hexdigest()


IDS = st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=5), max_size=60)


@given(IDS)
def test_what_comes_out_is_what_went_in_sorted_with_its_tags(ids: list[str]) -> None:
    listed = [(one, tag) for names, tags in runs_of(ids).sorted() for one, tag in zip(names, tags, strict=True)]
    assert listed == sorted((one, str(len(one))) for one in ids)


@given(IDS)
def test_doubled_ids_are_those_that_fold_to_one(ids: list[str]) -> None:
    often = Counter(one.casefold() for one in ids)
    assert set(runs_of(ids).doubled()) == {one for one, count in often.items() if count > 1}


def test_the_digest_over_many_runs_is_that_of_the_sorted_ids() -> None:
    ids = [f"{number * 7919 % (5 * RUN):06d}" for number in range(5 * RUN)]
    for ordered in (ids, sorted(ids), sorted(ids, reverse=True)):
        assert runs_of(ordered).digest({"6"}) == (digest(ids), False)


def test_only_ids_whose_tags_count_are_in_the_digest() -> None:
    assert runs_of(["a", "bb", "c"]).digest({"1"}) == (digest(["a", "c"]), False)


def test_an_id_that_occurs_twice_is_noticed_across_runs() -> None:
    ids = [f"{number:06d}" for number in range(3 * RUN)]
    assert runs_of([*ids, ids[0]]).digest({"6"}) == (digest(ids), True)
    assert list(runs_of([*ids, ids[0]]).doubled()) == [ids[0]]
