"""The least setting that meets targets, on the model of the page that is warm: no program is compiled for it."""

from __future__ import annotations

from xiancheng.planning import target
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.singles import Singles
from xiancheng.planning.target import Answer
from xiancheng.planning.wish import Wish, checked
from xiancheng.scenarios import scenario
from xiancheng.web.service import Service


def find(service: Service, wish: Wish) -> Answer:
    """Find the least setting of levers that meets goals, on the table of constants.

    Args:
        service: of the page; its model runs to the last year of the page.
        wish: what is asked for, without members.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    study = service.built.study
    request = checked(study, wish)
    reads = FigureReader(service.reader, service.built.places, request.figures)
    runner = Singles(study, (scenario.read(study, wish.under),), request.moves, reads,
                     lambda tried: service.simulator.run(tried, {}))
    return target.answer(study, request, runner)
