"""What the shipped plan comes to beside the shipped packages, and its search with slopes beside the one without.

    python -m benchmarks.plans packages [--write]
    python -m benchmarks.plans evolution [--log FOLDER] [--points 24] [--steps 40]

The first runs every package on the table of constants and holds it to the limits of the plan. The second leaves six
levers of the plan and no duties, and searches twice: with slopes, and by generations, which take many times the runs.
Times are of the processor. Answers are taken from the log where it holds them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.pages import put_table
from xiancheng import study as studies
from xiancheng.planning import answer as answers
from xiancheng.planning import plan as plans
from xiancheng.planning import trials
from xiancheng.planning.landscape import ENOUGH, View
from xiancheng.planning.moves import Moves
from xiancheng.planning.plan import Plan
from xiancheng.planning.plan_document import EVOLUTION, GRADIENT
from xiancheng.planning.singles import Singles
from xiancheng.scenarios import scenario
from xiancheng.scenarios.files import PACKAGES, of_folder
from xiancheng.study import Study

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plan.md"
SHIPPED = "hold_residents"
LEVERS = ("county_industry", "affordable_housing", "rent_support", "youth_talent", "childcare_places", "health_beds")
HEADS = ("package", "residents held in 2035", "most public money of a year, bn yuan", "places that lose residents",
         "duties met", "keeps all limits")


def packages(study: Study, *, write: bool) -> None:
    """Print what every package comes to, held to the limits of the shipped plan."""
    plan = plans.read(study, SHIPPED)
    singles = trials.prepare(study, plan.moves, plan.futures, plan.figures, start=plan.start, end=plan.end)
    assert isinstance(singles, Singles), "a plan with members is run in batches"
    landscape, _ = answers.landscape_of(study, plan, runner=singles)
    lines = []
    for name in of_folder(study, PACKAGES):
        run = singles.run(scenario.combined(study, name))
        figures = singles.reads.values(run)
        lines.append(_line(plan, name, landscape.before[0], figures, landscape.view(figures[None])))
        print(*lines[-1], sep=" | ", flush=True)
    if write:
        text = "\n".join(["| " + " | ".join(cells) + " |" for cells in (HEADS, ("---",) * len(HEADS), *lines)])
        put_table(PAGE, "benchmarks.plans packages", text)


def _line(plan: Plan, name: str, before: np.ndarray, figures: np.ndarray, view: View) -> tuple[str, ...]:
    change = dict(zip(plan.figures, figures - before, strict=True))
    over = [(row, view.over[number] > ENOUGH) for number, row in enumerate(plan.rows)]
    money = max(change[row.figure] for row in plan.rows if row.limit == 0)
    losers = sum(is_over for row, is_over in over if row.limit == 1)
    duties = sum(not is_over for row, is_over in over if row.limit < 0)
    return (name, f"{change[plan.aims[0].figure]:+,.0f}", f"{money / 1e9:.2f}", str(losers),
            f"{duties} of {sum(row.limit < 0 for row in plan.rows)}", "yes" if view.worst <= ENOUGH else "no")


def evolution(study: Study, folder: Path, points: int, steps: int) -> None:
    """Print what six levers come to with slopes and by generations."""
    whole = plans.read(study, SHIPPED)
    moves = Moves(tuple(move for move in whole.moves.moves if move.lever.id in LEVERS))
    rows = tuple(row for row in whole.rows if row.limit >= 0)
    six = replace(whole, moves=moves, rows=rows, mark=f"{whole.mark} six levers")
    for method, changes in ((GRADIENT, {}), (EVOLUTION, {"points": points, "steps": steps})):
        own = replace(six, search=whole.search.model_copy(update={"method": method, **changes}))
        begin = time.process_time()
        answer = answers.solve(study, own, log=folder / f"six_{method}.jsonl",
                               progress=lambda count: print(count, end=" ", flush=True))
        (_, before, after), = answer.aims
        shares = np.round(own.moves.shares(answer.values), 3)
        print(f"\n{method}: {after - before:+,.1f} residents, kept {answer.is_kept}, {answer.tried} settings, "
              f"{time.process_time() - begin:.0f} s of the processor; {dict(zip(moves.labels, shares, strict=True))}",
              flush=True)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("packages", "evolution"))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--log", type=Path, default=Path("."))
    parser.add_argument("--points", type=int, default=24)
    parser.add_argument("--steps", type=int, default=40)
    chosen = parser.parse_args()
    study = studies.find()
    if chosen.what == "packages":
        packages(study, write=chosen.write)
    else:
        evolution(study, chosen.log, chosen.points, chosen.steps)


if __name__ == "__main__":
    main()
