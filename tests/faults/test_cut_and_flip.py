"""A journal cut at every byte, and with every bit flipped: nothing acknowledged is lost unseen."""

from cqa.marking.chain import START, encode, read_chain


def journal(count: int) -> bytes:
    data, prev = b"", START
    for seq in range(1, count + 1):
        line = encode({"kind": "answered", "case": f"00{seq}", "mark": "not_met", "mark_reason": "\u00e9 \u2013"}, seq,
                      prev)
        data, prev = data + line, line[-35:-3].decode()
    return data


def test_a_file_cut_anywhere_keeps_every_whole_line_and_is_never_called_damaged() -> None:
    whole = journal(60)
    ends = [place for place, byte in enumerate(whole) if byte == 10]
    for cut in range(len(whole)):
        chain = read_chain(whole[:cut])
        # A line is whole once its closing bracket is there, even if its line end is not.
        assert len(chain.lines) == sum(end <= cut for end in ends), cut
        assert not chain.damaged, cut


def test_every_flipped_bit_is_seen_and_costs_no_other_line() -> None:
    whole = journal(12)
    lines = read_chain(whole).lines
    for place in range(len(whole)):
        number = whole.count(b"\n", 0, place)
        for bit in range(8):
            data = bytearray(whole)
            data[place] ^= 1 << bit
            chain = read_chain(bytes(data))
            assert chain.faults or chain.newline_hurt, (place, bit)
            kept = {line.seal for line in chain.lines}
            others = {line.seal for index, line in enumerate(lines) if index != number or whole[place] == 10}
            assert others <= kept, (place, bit)
