"""The tables of a sample's own record: as drawn, as leaders left it, and nothing that is withheld."""

from dataclasses import replace

from cqa.sampling.changes import HandOn, RubricMove, Withdrawal
from cqa.sampling.frame import Collapse, Columns
from cqa.sampling.plan import Amount, Committed, Register, RubricRef, Sample, Source
from cqa.sampling.record_tables import case_list, changes_table, population_table, strata_table
from cqa.sampling.settling import Settled, settle
from tests.sampling.test_settling import made, sample

AT = "2026-03-02T10:00:00.000Z"


def changed() -> Settled:
    """m2 is replaced by r1, n3 handed on from bob to cat, n2 withdrawn by one leader; another's withdrawal of it counts
    nowhere."""
    drawn = sample()
    one = replace(made(drawn, [], "m2", "lead.1", 1), at=AT, note="a trial")
    gone = Withdrawal("lead.1", 2, AT, "n2", "sealed", ("ann",), (one.id,))
    given = HandOn("lead.1", 3, AT, "n3", "first", "bob", "cat", "leave", (one.id, gone.id))
    again = Withdrawal("other.2", 1, AT, "n2", "lost", (), ())
    return settle(drawn, [one, gone, given, again])


def told(drawn: Sample, **of_the_plan: object) -> dict[str, list[str]]:
    """The rows of the population's table by what they tell."""
    plan = replace(drawn.plan, **of_the_plan)  # type: ignore[arg-type]
    settled = settle(replace(drawn, plan=plan), [])
    found: dict[str, list[str]] = {}
    for what, text in population_table(settled, Committed(plan, (), ("a.csv",), "", 0), "ab" * 32).rows:
        found.setdefault(str(what), []).append(str(text))
    return found


def test_strata_are_told_as_drawn_and_as_they_stand() -> None:
    table = strata_table(changed())
    assert [column.name for column in table.columns][1:] == ["Size", "Eligible", "Taken", "Shortfall", "Reserves",
                                                             "Replaced", "Withdrawn", "Main now"]
    assert table.rows == (("M", 20, 20, 3, 0, 3, 1, 0, 3), ("N", 20, 20, 3, 0, 3, 0, 1, 2))


def test_every_change_is_told_in_force_or_why_it_is_not() -> None:
    rows = tuple(changes_table(changed()).rows)
    assert [row[3:7] for row in rows] == [
        ("withdrawn", "n2", "left the sample", "lost"),
        ("replaced", "m2", "by r1, marked by ann", "out_of_scope: a trial"),
        ("handed on", "n3", "first marker: bob to cat", "leave"),
        ("withdrawn", "n2", "left the sample; signed off by ann", "sealed"),
    ]
    assert rows[1][:3] == ("lead.1:1", "lead", "2026-03-02 10:00:00")
    assert [str(row[7])[:3] for row in rows] == ["yes", "yes", "yes", "no:"]


def test_a_move_of_the_rubric_is_a_change_of_no_case() -> None:
    drawn = sample()
    drawn = replace(drawn, plan=replace(drawn.plan, rubric=RubricRef("r", "1.0", "aa")))
    move = RubricMove("lead.1", 1, AT, RubricRef("r", "1.0", "aa"), RubricRef("r", "1.1", "bb"), "clearer", ())
    row, = changes_table(settle(drawn, [move])).rows
    assert row[3:] == ("rubric moved", "-", "r: 1.0 to 1.1", "clearer", "yes")


def test_every_drawn_case_is_listed_as_drawn_and_now_and_a_withheld_handler_is_not() -> None:
    drawn = sample(handlers={"m1": ("h1", "h2")})
    states = {("m1", "first"): "ann: signed off", ("m1", "second"): "bob: begun"}
    rows = tuple(case_list(settle(drawn, []), (), states).rows)
    assert len(rows) == 12 and rows[0] == ("m1", "M", "1m1", 1, "main", "main", 20 / 3, "h1; h2", "ann: signed off",
                                           "bob: begun")
    hidden = case_list(settle(drawn, []), ("handler",), states)
    assert "Handler" not in {column.name for column in hidden.columns}
    assert "h1; h2" not in next(iter(hidden.rows))
    now = {str(row[0]): row[4:6] for row in case_list(changed(), (), {}).rows}
    assert (now["m2"], now["r1"], now["n2"]) == (("main", "replaced"), ("reserve", "main"), ("main", "withdrawn"))


def test_the_population_is_told_with_its_filters_exclusions_seed_and_rules() -> None:
    drawn = replace(sample(), excluded={"closed before 2020": 7, "blank unit": 1}, seed_source="dice", drawn_at=AT,
                    frame_digest="cd" * 32, sources=(Source("a.csv", 1200, "ef" * 32, 48, "utf-8", ","),))
    found = told(drawn, where=("unit=North", "opened=2025..2026"), register=Register(12, (("spring", AT),)),
                 collapse=Collapse({"plea": "all"}, "same"), columns=Columns("id", by=("unit",), handled_by=("who",),
                                                                            facts=(("plea", "Plea"), ("kept", "kept"))),
                 amount=Amount(take=3))
    assert found["Export"] == [f"a.csv: 48 rows, 1,200 bytes, utf-8, SHA-256 {'ef' * 32}"]
    assert found["Cases in the frame"] == ["40"] and found["Digest of the frame"] == ["cd" * 32]
    assert found["Left out of the frame"] == ["7 cases: closed before 2020", "1 case: blank unit"]
    assert found["Only cases with"] == ["unit=North", "opened=2025..2026"]
    assert found["Not again within"] == ["12 months of the samples spring"]
    assert found["Rows of one case were joined by"] == ["plea: all; every other column: same"]
    assert (found["Seed"], found["Where the seed came from"]) == (["seed"], ["dice"])
    assert found["Rule for ticket"] == ["cqa-ticket/1"] and found["Rule for second"] == ["cqa-second/1"]
    assert found["Commitment (SHA-256 of plan.yaml)"] == ["ab" * 32]
    assert found["Planned"] == ["before there was a seed"] and found["Drawn (UTC)"] == ["2026-03-02 10:00:00"]
    assert found["Facts kept of each case"] == ["plea (column Plea); kept"]
    assert found["Main cases drawn"] == ["6, and 6 reserves"] and found["Main cases now"] == ["6"]


def test_what_became_of_the_sample_is_counted() -> None:
    settled = changed()
    table = population_table(settled, Committed(settled.drawn.plan, (), (), "", 0), "")
    rows = {row[0]: row[1] for row in table.rows}
    assert [rows[what] for what in ("Main cases drawn", "Replaced", "Withdrawn", "Handed on", "Main cases now")] == [
        "6, and 6 reserves", "1", "1", "1", "5"]
    assert rows["Left out of the frame"] == "none" and rows["Planned"] == "in one step with the draw"
