"""What an assessment comes to under its rubric: which questions are asked, what stands, and what is still owed."""

from collections.abc import Mapping
from dataclasses import dataclass

from cqa.marking.replay import Assessment, Mark
from cqa.rubric.gates import asked, fact_is_known, facts_wanted
from cqa.rubric.model import NEEDS, Rubric, Rule
from cqa.rubric.scoring import Result, broken_rules, level_of, owes_proof, result_of


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment under its rubric. `asked` is None for a question that waits for a blank fact.

    `marks` are those of asked questions only; `set_aside` lists marks kept for questions that are not asked now.
    `due` names the texts each mark owes.
    """

    asked: Mapping[str, bool | None]
    marks: Mapping[str, Mark]
    set_aside: tuple[str, ...]
    facts: Mapping[str, str]
    facts_wanted: tuple[str, ...]
    unanswered: tuple[str, ...]
    due: Mapping[str, tuple[str, ...]]
    broken: tuple[Rule, ...]

    @property
    def finished(self) -> bool:
        """Whether nothing is owed, so that the case can be signed off."""
        return not (self.facts_wanted or self.unanswered or self.due or self.broken)

    @property
    def values(self) -> dict[str, str]:
        """Question id to mark, of asked questions."""
        return {question: mark.value for question, mark in self.marks.items()}

    def result(self, rubric: Rubric) -> Result:
        """Score and band; meant to be shown only once the case is signed off."""
        return result_of(rubric, self.values, self.facts)


def known_facts(rubric: Rubric, exported: Mapping[str, str], answered: Mapping[str, str]) -> dict[str, str]:
    """The case facts: the export's where they can be read, else the reviewer's."""
    return {fact.id: exported.get(fact.id, "") if fact_is_known(fact.type, exported.get(fact.id, ""))
            else answered.get(fact.id, exported.get(fact.id, "")) for fact in rubric.facts}


def standing_of(rubric: Rubric, seed: str, exported: Mapping[str, str], assessment: Assessment) -> Standing:
    """The standing of an assessment of a case whose facts were `exported`; `seed` is the sample's."""
    facts = known_facts(rubric, exported, assessment.facts)
    states = asked(rubric, assessment.values, facts)
    marks = {question: mark for question, mark in assessment.marks.items() if states.get(question)}
    wanted = dict.fromkeys(fact for question in rubric.questions if states[question.id] is None
                           for fact in facts_wanted(question, facts))
    values = {question: mark.value for question, mark in marks.items()}
    owed = {question: texts for question, mark in marks.items()
            if (texts := texts_due(rubric, seed, assessment.case_id, mark))}
    return Standing(
        asked=states,
        marks=marks,
        set_aside=tuple(question for question in assessment.marks if not states.get(question)),
        facts=facts,
        facts_wanted=tuple(wanted),
        unanswered=tuple(question.id for question in rubric.questions
                         if states[question.id] and question.required and question.id not in marks),
        due=owed,
        broken=broken_rules(rubric, values, facts),
    )


def texts_due(rubric: Rubric, seed: str, case_id: str, mark: Mark) -> tuple[str, ...]:
    """The texts, reason and evidence, that a mark owes and does not have."""
    question = rubric.by_id[mark.question_id]
    level = level_of(question, mark.value)
    needs = {*question.needs, *(level.needs if level else ())}
    if owes_proof(rubric, seed, case_id, mark.question_id, mark.value):
        needs.add("evidence")
    given = {"reason": mark.reason, "evidence": mark.evidence}
    return tuple(text for text in NEEDS if text in needs and not given[text].strip())
