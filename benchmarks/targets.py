"""How long the least setting takes on the model of the page that is warm: `python -m benchmarks.targets [--times 5]`.

Each wish is one that the page's box offers, a lever and a figure; told are the settings tried, the seconds in all and
those of the processor, the median of several searches, each with years of its own before the lever moves read anew.
"""

from __future__ import annotations

import argparse
import statistics
import time

from xiancheng import study as studies
from xiancheng.outputs import journey
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.planning.target import Answer
from xiancheng.planning.wish import Goal, Wish
from xiancheng.scenarios import scenario
from xiancheng.web import targets
from xiancheng.web.service import Service
from xiancheng.web.simulator import CompiledSimulator

WISHES = (
    Wish((Goal("refuge_area", True, 2.5, 2035, "68"),), ("shelter_building",)),
    Wish((Goal("communities_with_shelter", True, 1.0, 2035, "68"),), ("shelter_sites",)),
    Wish((Goal("residents", True, 6.35e7, 2035, "68"),), ("county_industry",)),
    Wish((Goal("urban_share", True, 0.76, 2035, "province"),), ("registration_ease",)),
)


def served() -> Service:
    """Return what answers the page, ready as its server makes it."""
    study = studies.find()
    built = journey.prepare(study)
    reader = Reader.of(built)
    engine = CompiledSimulator(built, tuple(results.needed(study, list(reader.indicators), (), ())))
    service = Service(built, engine, reader)
    service.figures(scenario.read(study, scenario.BASELINE))
    engine.warm()
    return service


def timed(service: Service, wish: Wish) -> tuple[Answer, float, float]:
    """Return an answer, and the seconds in all and of the processor that it took."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = targets.find(service, wish)
    return answer, time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    """Print the time of each wish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    service = served()
    for wish in WISHES:
        tries = [timed(service, wish) for _ in range(chosen.times)]
        answer = tries[0][0]
        goal = wish.goals[0]
        print(f"{wish.levers[0]} for {goal.figure} of {goal.value:g}: met {answer.is_met}, {answer.before[0]:.6g} to "
              f"{answer.reached[0]:.6g} with {answer.settings[wish.levers[0]]:.4g}, {answer.runs} settings, the first "
              f"{tries[0][1]:.2f} s, median {statistics.median(own for _, own, _ in tries):.2f} s, of the processor "
              f"{statistics.median(own for *_, own in tries):.2f} s", flush=True)


if __name__ == "__main__":
    main()
