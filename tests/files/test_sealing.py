"""A record's seal holds for the bytes that were written, and for no others."""

from hypothesis import given
from hypothesis import strategies as st

from cqa.files.sealing import is_sealed, sealed
from cqa.files.yaml_tree import parse_tree
from cqa.tree import Text, Tree

RECORDS = st.dictionaries(st.text("abc_", min_size=1, max_size=4), st.one_of(
    st.integers(), st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Cf"]),
                                      max_size=8)), min_size=1, max_size=4)


@given(RECORDS)
def test_what_is_sealed_holds_and_reads_back(record: dict[str, int | str | None]) -> None:
    data = sealed(record).encode()
    assert is_sealed(data)
    tree = parse_tree(data, "record", kept=True)
    assert isinstance(tree, Tree) and [key.value for key, _ in tree] == [*record, "seal"]
    texts = {key.value: node.value for key, node in tree if isinstance(node, Text)}
    assert all(texts[key] == value for key, value in record.items() if isinstance(value, str) and key != "seal")


def test_no_changed_byte_and_no_cut_passes() -> None:
    data = sealed({"sample": "march", "seed": "1|2: 3"}).encode()
    for place in range(len(data)):
        for flip in range(8):
            assert not is_sealed(data[:place] + bytes([data[place] ^ 1 << flip]) + data[place + 1:])
        assert not is_sealed(data[:place])
    assert not is_sealed(data + b"\n") and not is_sealed(b"")
