"""Columns that a rubric never shows are found under every name, and what of the draw stands on them is told."""

from dataclasses import replace

from cqa.sampling.frame import Columns
from cqa.sampling.plan import Plan
from cqa.sampling.withholding import drawn_by, withheld_columns, without
from tests.sampling.test_settling import sample

FACTS = (("child", "Child victim"), ("also", "child_victim"), ("note", "Notes"), ("kept", "kept"))


def plan(**columns: tuple[str, ...]) -> Plan:
    return replace(sample().plan, columns=Columns("case_id", facts=FACTS, **columns))  # type: ignore[arg-type]


def test_a_hidden_fact_takes_every_column_of_its_source_with_it() -> None:
    assert withheld_columns(plan(), [("child", "Child victim")]) == ("child", "also")
    assert withheld_columns(plan(), [("note", "somewhere else")]) == ("note",), "as it was drawn, not as it reads now"
    assert withheld_columns(plan(), [("new", "KEPT")]) == ("kept",), "a later version hides what --keep kept"
    assert withheld_columns(plan(), [("new", "absent")]) == withheld_columns(plan(), []) == ()


def test_handlers_and_what_was_drawn_by_are_told() -> None:
    hidden = [("child", "Child victim")]
    assert withheld_columns(plan(handled_by=("child victim",)), hidden) == ("handler", "child", "also")
    by = plan(by=("unit", "Child_Victim"), where=("childvictim",))
    assert drawn_by(by, hidden) == ("Child_Victim", "childvictim")
    assert drawn_by(plan(by=("unit",)), hidden) == ()


def test_a_case_without_columns_reads_as_blank() -> None:
    case = replace(sample().cases[0], handlers=("h",), facts={"child": "Y", "kept": "k"})
    assert without(case, ("handler", "child")) == replace(case, handlers=(), facts={"child": "", "kept": "k"})
    assert without(case, ()) == case
