"""`cqa plan`: what will be drawn, fixed and hashed before anybody knows the seed."""

import hashlib

from cqa.commands.drawing.draw import absent_facts, tell_read
from cqa.commands.drawing.gathering import gather_in_parts
from cqa.commands.drawing.planning import PlanOptions, assessed_cases, make_plan, told_paths
from cqa.commands.here import workspace_here
from cqa.commands.rubrics.approvals import approval_doubts
from cqa.errors import ExitCode
from cqa.files.rubrics import read_rubric
from cqa.files.sample_writing import refuse_taken, write_plan
from cqa.files.sealing import sealed
from cqa.sampling.derive import doubts_of, frame_of, quotas_of
from cqa.sampling.draw import Quota
from cqa.sampling.plan import plan_record
from cqa.sampling.survey import Frame
from cqa.screen.printer import Printer
from cqa.table import Column, Table
from cqa.world import World


def run(world: World, printer: Printer, options: PlanOptions) -> int:
    """Writes the plan and prints its commitment. Raises WrongUse, BadInput and NotSaved as `draw` does."""
    workspace = workspace_here(world)
    folder = workspace.sample_folder(options.sample)
    refuse_taken(folder)
    rubric = read_rubric(world.folder / options.rubric) if options.rubric else None
    plan, export = make_plan(world, workspace, options, rubric)
    frame = frame_of(plan, export, assessed_cases(workspace, plan.register), gathering=gather_in_parts)
    quotas = quotas_of(plan, frame)
    paths = told_paths(workspace, world, options.exports)
    text = sealed(plan_record(plan, export.sources, frame.digest, frame.cases, absent_facts(export, plan), paths))
    write_plan(folder, plan, text, rubric.data if rubric else None)
    commitment = hashlib.sha256(text.encode()).hexdigest()
    printer.problems((*export.remarks(), *approval_doubts(world.folder, options.rubric, rubric),
                      *doubts_of(plan, frame, quotas)))
    if printer.as_json:
        printer.json({
            "sample": plan.sample, "commitment": commitment, "frame": frame.digest, "cases": frame.cases,
            "excluded": [{"reason": reason, "cases": cases} for reason, cases in frame.excluded.items()],
            "strata": [{"stratum": size.name, "size": size.size, "eligible": size.eligible,
                        "take": quotas[size.name].take,
                        "shortfall": quotas[size.name].wanted - quotas[size.name].take} for size in frame.strata]})
        return ExitCode.DONE
    tell_read(printer, export, frame)
    printer.table(_table(frame, quotas))
    printer.line(f"Frame digest: {frame.digest}")
    printer.line(f"Commitment:   {commitment}")
    printer.line("Publish the commitment now, then throw the seed (20 or more dice digits, before two people), then:")
    printer.line(f"  cqa draw --sample {plan.sample} --seed DIGITS")
    return ExitCode.DONE


def _table(frame: Frame, quotas: dict[str, Quota]) -> Table:
    columns = (Column("Stratum"), *(Column(name, "number") for name in ("Cases", "In the frame", "To take",
                                                                        "Reserves", "Shortfall")))
    return Table("plan", "What will be drawn", "", columns, tuple(
        (size.name, size.size, size.eligible, quotas[size.name].take,
         min(quotas[size.name].reserves, size.eligible - quotas[size.name].take),
         quotas[size.name].wanted - quotas[size.name].take) for size in frame.strata))
