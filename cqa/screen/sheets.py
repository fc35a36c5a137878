"""What is read over a question: help, case facts, guidance, the case's questions, what is signed, what came of it."""

from collections.abc import Callable, Container, Iterable, Mapping

from cqa.keys import named
from cqa.marking.session import State
from cqa.marking.spent import Spent
from cqa.marking.view import CaseView, QuestionView, mark_in_words, state_in_words, view_question
from cqa.screen.clean import one_line
from cqa.screen.plain_words import fact_lines, level_lines, sign_off_lines, time_in_words
from cqa.screen.rows import Row, plain, wrapped

_HELP = (
    ("A digit marks the question and goes on. Where a reason or a place in the file is due ([+reason +evidence] behind "
     "the answer), a box opens: type, and end with Esc. The mark is kept before the box opens.", ()),
    ("", (("back", "the question before"), ("next", "the question after"), ("first", "the first question"),
          ("unanswered", "the next one without a mark, or that owes a text"),
          ("jump", "to a question by its number"))),
    ("", (("reason", "write or change the reason"), ("evidence", "write or change the place in the file"),
          ("clear", "take the mark away"),
          ("undo", "undo, one change after the other (a mark and each of its texts is one), back to the start of this "
                   "sitting"),
          ("redo", "do again what was undone"))),
    ("", (("facts", "the case's facts, and to answer those that the export leaves blank"),
          ("guidance", "what to look for and guidance, in full"), ("list", "the questions of this case"),
          ("cases", "all your cases"), ("papers", "the papers of the practice case"))),
    ("", (("flag", "flag the case, to come back to it; or take the flag off"),
          ("urgent", "something that cannot wait (a custody limit, somebody's safety): your words stand in cqa status "
                     "from then on; an empty box takes them back"),
          ("sign_off", "sign off: says what stands, and asks for the case number"),
          ("stop", "stop; everything is kept, and the next cqa assess goes on here"), ("help", "this page"))),
    ("In a box: Enter begins a new line, Esc or Ctrl-S keeps the text, Ctrl-R brings back what you wrote before, "
     "Ctrl-Z undoes, Ctrl-C leaves the box and keeps the text as a draft.", ()),
    ("[!] critical: one of its answers fails the whole case. A + before a question's name in the list: it owes a text. "
     "Questions whose condition the case does not meet are not asked, and are not numbered.", ()),
    ("\"saved 14:02:51\" means: on this computer's disk at that time. A paste into the marks is refused, and so is a "
     "key held down.", ()),
)


def prose(texts: Iterable[str]) -> Callable[[int], list[Row]]:
    """Paragraphs as rows of any width, a blank row between them."""
    kept = tuple(texts)

    def rows(width: int) -> list[Row]:
        found = [row for text in kept for row in (*(plain(f" {line}") for line in wrapped(text, width - 2)), plain())]
        return found[:-1]
    return rows


Help = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Paragraphs, each with deeds and what they do."""


def help_rows(keys: Mapping[str, str], parts: Help = _HELP) -> Callable[[int], list[Row]]:
    """What every key does."""
    def rows(width: int) -> list[Row]:
        found: list[Row] = []
        for text, deeds in parts:
            found += [plain(f" {line}") for line in wrapped(text, width - 2) if text]
            for deed, does in deeds:
                if deed in keys:
                    first, *rest = wrapped(does, width - 12)
                    found += [plain(f" {named(keys[deed]):>8}  {first}"), *(plain(" " * 11 + line) for line in rest)]
            found.append(plain())
        return found[:-1]
    return rows


def fact_rows(case: CaseView) -> Callable[[int], list[Row]]:
    """Every case fact that may be shown."""
    return prose_lines((f"Case {case.number} of {case.of}, {one_line(case.case_id)}.", "", *fact_lines(case)))


def guidance_rows(view: QuestionView) -> Callable[[int], list[Row]]:
    """Everything the rubric says to the reviewer about a question."""
    question = view.question
    law = f"Law: {question.legal_basis}" if question.legal_basis else ""
    examples = (f"An example of {level.label}: {text}" for level, _ in view.answers
                for text in question.examples.get(level.id, ()))
    told = (f"{question.id}. {question.ask}", *level_lines(view), question.guidance, law, *examples)
    return prose(filter(None, told))


def prose_lines(lines: Iterable[str]) -> Callable[[int], list[Row]]:
    """Lines as rows, without blank rows between them."""
    kept = tuple(lines)
    return lambda width: [plain(f" {part}") for line in kept for part in wrapped(line, width - 2)]


def mark_rows(view: QuestionView) -> Callable[[int], list[Row]]:
    """A question with its mark and the whole of its texts, to be read."""
    mark = view.mark
    told = one_line(mark_in_words(view.question, mark.value)) if mark else "no mark"
    texts = (f"Reason: {mark.reason}" if mark and mark.reason else "",
             f"Evidence: {mark.evidence}" if mark and mark.evidence else "")
    return prose((f"{view.question.id}. {view.question.ask}", f"Your mark: {told}.", *filter(None, texts)))


def question_line(
    state: State, case: CaseView, number: int, unfinished: Container[tuple[str, str]] = ()
) -> str:
    """A question of the case (from 0) in the list: its number, its mark, what is due, and whether a text of it was
    begun and not ended: `unfinished` holds pairs of case and question."""
    question = case.questions[number]
    view = view_question(state, case, question.id)
    told = one_line(mark_in_words(question, view.mark.value)) if view.mark else "-"
    due = f", {' and '.join(view.due)} due" if view.due else ""
    due += ", unfinished text" if (case.case_id, question.id) in unfinished else ""
    critical = " [!]" if question.critical else ""
    return f"{number + 1:>3}  {question.id + critical:<9} {told + due:<24} {one_line(question.ask)}"


def case_line(state: State, case_id: str) -> str:
    """A case in the list of cases: its place, its number, how far it is."""
    assessment = state.assessment(case_id)
    number = list(state.cases).index(case_id) + 1
    extra = (", flagged" if assessment.flagged else "") + (", URGENT" if assessment.urgent else "")
    amended = ", being amended" if assessment.amending else ""
    return f"{number:>4}  {one_line(case_id):<24} {state_in_words(state, case_id)}{amended}{extra}"


def cases_title(state: State, sample: str) -> str:
    """How many cases there are and how many are done."""
    signed = sum(bool(state.assessment(case_id).signed_at) for case_id in state.cases)
    return f"{sample.upper()}   your cases: {len(state.cases)}, signed off: {signed}"


def signing_rows(case: CaseView, spent: Spent, owed: Iterable[str]) -> Callable[[int], list[Row]]:
    """What a reviewer is about to sign, or what still stands in the way."""
    missing = [f"  - {part}" for part in owed]
    told = ["Not yet. What is still owed:", *missing] if missing else list(sign_off_lines(case))
    return prose_lines((*told, "", f"Time on this case: {time_in_words(spent)}."))


def signed_rows(state: State, case: CaseView, keys: tuple[str, ...]) -> Callable[[int], list[Row]]:
    """What came of a signed case, and what can still be done with it."""
    result = case.standing.result(state.rubric)
    score = f"{float(result.score):.0%} of the points" if result.score is not None else "nothing to score"
    assessment = state.assessment(case.case_id)
    disputed = f"You dispute the band: {assessment.band_dispute}" if assessment.band_dispute else ""
    spent = state.spent.get(case.case_id, Spent())
    return prose_lines(("", f"Band: {result.band or 'none'}.   Score: {score}.", "",
                        f"Time on this case: {time_in_words(spent)}.", *filter(None, (disputed,)), "", *keys))
