"""Where the feedback on a case stands, in sentences and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict

from cqa.marking.feedback import ANSWERS, DECISIONS, Feedback, NextStep, Reply
from cqa.marking.feedback_deeds import Ground, again, stale
from cqa.sampling.draw import DrawnCase
from cqa.screen.clean import one_line

NOBODY = "nobody known"


def where_it_stands(sample: str, case: DrawnCase, ground: Ground, feedback: Feedback) -> Iterator[str]:
    """Sentences: what was written, given, seen, replied, decided and done, and what is due."""
    yield f"Case '{case.case_id}' of {sample}, the work of {'; '.join(case.handlers) or NOBODY}."
    if ground.waiting and feedback.version:
        awaited = "A further mark is awaited from" if ground.handout else "To be signed off again by"
        yield f"{awaited} {', '.join(ground.waiting)}. Nothing new is given until then."
    elif ground.waiting:
        yield f"Still to sign off: {', '.join(ground.waiting)}. No feedback until then."
    elif not feedback.version:
        yield f"Feedback is due, and nothing was written yet{f': {again(ground)}' if ground.outdated else ''}."
    if ground.handout and not ground.waiting and (below := [line for line in ground.handout.lines if line.up]):
        yield f"Below the best mark: {', '.join(f'{line.question_id} ({line.mark})' for line in below)}."
    if feedback.version:
        yield from _written(ground, feedback)


def to_decide(called: str, feedback: Feedback) -> str:
    """Which replies wait for a decision, and how to give one; `called` is the case as a command line names it."""
    waiting = [reply.question_id for reply in feedback.undecided]
    return (f"To be decided: {', '.join(waiting)}. cqa feedback {called} --decide {waiting[0]}=keep (or change, "
            "third_mark) --reason TEXT")


def _written(ground: Ground, feedback: Feedback) -> Iterator[str]:
    yield f"Version {feedback.version}, written by {feedback.written_by} on {feedback.written_at[:10]}."
    yield f"What was good: {one_line(feedback.strength) or 'nobody wrote it down.'}"
    yield from (_action(step) for step in feedback.actions)
    if not feedback.actions:
        yield f"Nothing to do next: {one_line(feedback.nothing)}"
    yield f"Given on {feedback.given}: {one_line(feedback.how)}" if feedback.given else "Not given yet."
    if feedback.given:
        yield f"Seen on {feedback.seen}." if feedback.seen else "Not recorded as seen yet."
    yield from (_reply(reply) for reply in feedback.replies.values())
    if feedback.undecided:
        yield to_decide(ground.called, feedback)
    if why := stale(ground, feedback):
        yield f"{why}: {again(ground)}."


def _action(step: NextStep) -> str:
    told = f"Action {step.number}: {one_line(step.what)} - {one_line(step.owner)}, by {step.due}"
    done = f"; done on {step.done}" if step.done else ""
    seen = "" if step.again is None else (
        f"; looked for in {step.again_in}: {'seen again' if step.again else 'not seen again'}")
    return f"{told}{done}{seen}."


def _reply(reply: Reply) -> str:
    told = f"Reply on {reply.question_id}: {ANSWERS.get(reply.answer, reply.answer)}"
    words = f" - {one_line(reply.words)}" if reply.words else ""
    if reply.decision:
        decided = DECISIONS.get(reply.decision, reply.decision)
        return f"{told}{words} / {decided}, says {reply.by}: {one_line(reply.reason)}"
    return f"{told}{words}"


def feedback_json(sample: str, case: DrawnCase, ground: Ground, feedback: Feedback) -> dict[str, object]:
    """The state of a case's feedback under stable names; days as in 2026-12-18, empty where there is none."""
    return {
        "sample": sample, "case": case.case_id, "handlers": list(case.handlers),
        "due": not ground.waiting and bool(ground.over), "version": feedback.version, "strength": feedback.strength,
        "nothing": feedback.nothing, "written_by": feedback.written_by, "written_at": feedback.written_at,
        "given": feedback.given, "how": feedback.how, "given_by": feedback.given_by, "seen": feedback.seen,
        "outdated": stale(ground, feedback), "actions": [asdict(step) for step in feedback.actions],
        "replies": [reply_json(reply) for reply in feedback.replies.values()],
    }


def reply_json(reply: Reply) -> dict[str, object]:
    """A reply under stable names."""
    return {
        "question": reply.question_id, "answer": reply.answer, "words": reply.words, "at": reply.at,
        "version": reply.version, "decision": reply.decision, "reason": reply.reason, "by": reply.by,
        "decided_at": reply.decided_at, "event": reply.entry_id}
