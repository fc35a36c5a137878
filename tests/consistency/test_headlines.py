"""Headlines: sentences from the figures, with their uncertainty, and never more than the figures bear."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cqa.consistency.completion import Completion
from cqa.consistency.headlines import abs_range, headlines
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.report import ConsistencyReport, consistency_report

LEVELS = ("not_met", "partly_met", "fully_met")


def scale(question: str, fails_on: tuple[str, ...] = ()) -> QuestionScale:
    return QuestionScale("r", "1", question, "Theme", f"Was {question} done in time?", LEVELS, ("cannot_tell",),
                         {level: level.replace("_", " ") for level in (*LEVELS, "cannot_tell")},
                         {"not_met": 0, "partly_met": 1, "fully_met": 2}, fails_on)


def pairs(question: str, marks: Sequence[tuple[str, str]]) -> list[MarkRow]:
    return [MarkRow("s", f"c{case}", "all", "h", reviewer, turn, "r", "1", question, mark, float(LEVELS.index(mark)),
                    "", "", True, "2026-03-02")
            for case, pair in enumerate(marks)
            for reviewer, turn, mark in zip(("ann", "bob"), ("first", "second"), pair, strict=True)]


def report(rows: Sequence[MarkRow], scales: Sequence[QuestionScale], coverage: Mapping[str, int] | None = None,
           completion: Sequence[Completion] = ()) -> ConsistencyReport:
    said = {"drawn": 40, "assessed": 40, "second_due": 40, "second_marked": 40, **(coverage or {})}
    return consistency_report(rows, scales, ["ann", "bob"], ["s"], [("r", "1", "x")], said, 5, 5, completion=completion)


def said(made: ConsistencyReport) -> dict[str, str]:
    return {one.about: one.says for one in headlines(made)}


ALIKE = [("fully_met", "fully_met")] * 36 + [("not_met", "not_met")] * 4
HALF = [("fully_met", "partly_met")] * 20 + [("fully_met", "fully_met")] * 20
MASKED = [("fully_met", "fully_met")] * 34 + [("fully_met", "not_met")] * 5 + [("not_met", "not_met")]


def test_the_least_consistent_question_is_named_with_its_counts_and_interval() -> None:
    told = said(report([*pairs("q1", ALIKE), *pairs("q2", HALF)], [scale("q1"), scale("q2")]))
    assert told["Least consistently marked"].startswith(
        "q2 (Was q2 done in time?): two reviewers gave the same mark in 20 of 40 pairs, 50% (35% to 65%). Then q1 100%."
    )
    assert "overlap" not in told["Least consistently marked"]


def test_questions_that_cannot_be_told_apart_are_said_not_to_be() -> None:
    other = [("fully_met", "partly_met")] * 17 + [("fully_met", "fully_met")] * 23
    told = said(report([*pairs("q1", other), *pairs("q2", HALF)], [scale("q1"), scale("q2")]))
    assert "The intervals of 1 other question overlap with it" in told["Least consistently marked"]


def test_agreement_at_the_top_alone_is_not_taken_for_agreement() -> None:
    told = said(report([*pairs("q1", MASKED), *pairs("q2", ALIKE)], [scale("q1"), scale("q2")]))
    # 5 pairs divided and 1 agreed below the top: 2 of 7 marks below the top are met by one; 7 are too few to say.
    assert "Where agreement hides a difference" not in told
    twice = [*MASKED, *MASKED]
    told = said(report([*pairs("q1", twice), *pairs("q2", ALIKE)], [scale("q1"), scale("q2")]))
    assert told["Where agreement hides a difference"].startswith(
        "q1 (Was q1 done in time?): reviewers agree in 9 of 10 cases, but when one marks below the top the other does "
        "so in only 3 of 10 cases (14 marks below)")


def test_what_is_owed_is_said_by_name_most_first() -> None:
    completion = [Completion("ann", 10, 10, 0, 4, 3), Completion("bob", 10, 7, 2, 4, 4),
                  Completion("cat", 9, 8, 0, 0, 0)]
    told = said(report(pairs("q1", ALIKE), [scale("q1")], completion=completion))
    assert told["What has not been done"] == ("Still owed: 4 to be signed off by the first marker (bob 3, cat 1) and "
                                              "1 second mark to be signed off (ann 1). Sheet Completion.")
    assert "the 4 cases not signed off are like the others" in told["What may not be relied on"]
    done = said(report(pairs("q1", ALIKE), [scale("q1")], completion=[Completion("ann", 10, 10, 0, 4, 4)]))
    assert done["What has not been done"].startswith("Nothing: ")
    unfed = said(report(pairs("q1", ALIKE), [scale("q1")], {"feedback_due": 3, "feedback_given": 2, "overdue": 1},
                        [Completion("ann", 10, 10, 0, 4, 4)]))
    assert unfed["What has not been done"] == ("Still owed: feedback on 1 case. Overdue: 1. Sheets Completion and "
                                               "Coverage.")


def test_a_severe_reviewer_is_told_with_points_interval_and_side() -> None:
    divided = [("not_met", "fully_met")] * 15 + [("fully_met", "fully_met")] * 15 + [("not_met", "not_met")] * 10
    told = said(report(pairs("q1", divided), [scale("q1")]))["Who is severe or lenient"]
    assert told.startswith("Most severe: ann, whose marks are ") and "lower than the panel's" in told
    assert "Most lenient: bob" in told and "higher than the panel's" in told and "not error" in told


def test_nobody_is_called_severe_where_nothing_differs() -> None:
    told = said(report(pairs("q1", [*ALIKE, ("fully_met", "partly_met"), ("partly_met", "fully_met")]), [scale("q1")]))
    assert "no difference that the data can bear" in told["Who is severe or lenient"]
    assert "beyond chance" not in told["Who is severe or lenient"]


def test_too_few_pairs_are_no_finding_but_a_limit() -> None:
    told = said(report(pairs("q1", ALIKE[:10]), [scale("q1")]))
    assert "Least consistently marked" not in told
    assert told["What may not be relied on"].startswith("Agreement on any single question: none has 20 pairs")
    nothing = said(report([], [scale("q1")], {"assessed": 0}))
    assert nothing["What may not be relied on"].startswith("Anything yet") and "Agreement as a whole" not in nothing


def test_a_share_without_an_interval_is_no_headline() -> None:
    made = report(pairs("q1", ALIKE), [scale("q1")])
    bare = replace(made.results[0], share=replace(made.results[0].share, low=None, high=None))
    told = said(replace(made, results=(bare,)))
    assert "What the casework shows" in said(made) and "What the casework shows" not in told
    assert "Shares for 1 question with too few cases" in told["What may not be relied on"]


def test_failures_of_whole_cases_are_counted_by_mark_and_case() -> None:
    rows = pairs("q1", ALIKE)
    told = said(report(rows, [scale("q1", fails_on=("not_met",))]))
    assert told["What fails whole cases"].startswith("8 marks on 4 cases that fail the whole case.")
    unsigned = [replace(row, signed=False) for row in rows]
    assert "What fails whole cases" not in said(report(unsigned, [scale("q1", fails_on=("not_met",))]))


def test_an_interval_of_a_difference_is_said_by_size() -> None:
    assert (abs_range(-14.6, -10.0), abs_range(2, 5), abs_range(-1, 3), abs_range(None, 3)) == (
        "10.0 to 14.6", "2.0 to 5.0", "-1.0 to 3.0", "not given")
