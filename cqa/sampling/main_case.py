"""The main case that a change is about, or why there is none."""

from cqa.errors import Forbidden, Problem, WrongUse
from cqa.sampling.draw import DrawnCase
from cqa.sampling.settling import Settled


def main_case(settled: Settled, case_id: str, code: str, done: str) -> DrawnCase:
    """The main case of that id. `code` and `done` (replaced, withdrawn, handed on) are for the refusal.

    Raises WrongUse for a case that was not drawn; Forbidden for a reserve that is not in use, and for a case that is
    replaced or withdrawn already.
    """
    sample = settled.sample
    case = next((one for one in sample.cases if one.case_id == case_id), None)
    if case is None:
        raise WrongUse(Problem("S009", f"There is no case '{case_id[:80]}' in sample '{sample.name}'.",
                               f"cqa show {sample.name} lists its cases."))
    if case.main:
        return case
    for one in settled.replacements:
        if one.case_id == case_id:
            raise Forbidden(Problem(code, f"Case '{case_id}' was replaced already, by '{one.reserve}' ({one.id}).",
                                    f"If '{one.reserve}' is to be {done}, name that one."))
    for gone in settled.withdrawals:
        if gone.case_id == case_id:
            more = "" if done == "withdrawn" else f", and cannot be {done} any more"
            raise Forbidden(Problem(code, f"Case '{case_id}' was withdrawn already ({gone.id}){more}.",
                                    f"cqa show {sample.name} says by whom and why."))
    raise Forbidden(Problem(code, f"Case '{case_id}' is a reserve that is not in use, and cannot be {done}.",
                            f"cqa show {sample.name} lists the main cases."))
