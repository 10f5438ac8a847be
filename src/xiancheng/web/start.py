"""From a study to a server that is ready: everything read, compiled and run once before it answers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from starlette.applications import Starlette

from xiancheng.calibration import stand_ins, whole_members
from xiancheng.calibration.stand_ins import StandIns
from xiancheng.charts import tile_table
from xiancheng.model import members
from xiancheng.model.build import BuiltRun
from xiancheng.model.places import PLACE
from xiancheng.outputs import journey
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios import scenario as scenarios
from xiancheng.study import Study
from xiancheng.web import assets
from xiancheng.web.app import Site, application
from xiancheng.web.assets import Asset
from xiancheng.web.boundaries import Boundaries
from xiancheng.web.budgets import Budgets
from xiancheng.web.mechanism import Engine, Mechanism
from xiancheng.web.offer import offer
from xiancheng.web.opening import COMPILING, READING, Stage
from xiancheng.web.request import RequestChoices
from xiancheng.web.service import MEMBERS, Service
from xiancheng.web.simulator import CompiledSimulator, Simulator
from xiancheng.web.spread import Member
from xiancheng.web.why import Ways

CATALOGUE = "catalogue.json"
_STAND_INS = "stand_ins"
"""Kind of members that stand for all."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True)
class WholeMembers(Sequence[Member]):
    """Members of the whole model, read when somebody asks for one.

    Attributes:
        study: the study.
        numbers: which, from 1 on.
    """

    study: Study
    numbers: tuple[int, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.numbers)

    @overload
    def __getitem__(self, row: int) -> Member: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Member]: ...

    def __getitem__(self, row: int | slice) -> Member | Sequence[Member]:
        """Return one or some of them.

        Raises:
            StudyError: drawn from other ranges, groups or paths than those of today.
        """
        return self._rows[row]

    @cached_property
    def _rows(self) -> Sequence[Member]:
        drawn = stand_ins.draws(self.study, self.numbers)
        return [drawn.member(row) for row in range(drawn.count)]


def compiled(built: BuiltRun, variables: Sequence[str]) -> Simulator:
    """Return the compiled engine for runs that save some variables, by id."""
    return CompiledSimulator(built, tuple(variables))


def site(
    study: Study,
    *,
    built: BuiltRun | None = None,
    engine: Engine = compiled,
    charts: Asset | None = None,
    stage: Stage = lambda key: None,
    outlines: Boundaries | None = None,
) -> Site:
    """Read a study, run its baseline once and put together what is served.

    Args:
        study: the study.
        built: a run of its baseline; every table of the study is checked and the run is put together when None.
        engine: makes what runs scenarios.
        charts: the drawing library; taken from its package when None.
        stage: takes the key of the text that says what is done now.
        outlines: boundaries that somebody has brought for the map.

    Raises:
        StudyError: every problem of the study.
        MissingPart: a package of the page is not installed.
    """
    with ThreadPoolExecutor(1) as aside:
        drawing = aside.submit(assets.charts) if charts is None else None
        stage(READING)
        built = built or journey.prepare(study)
        reader = Reader.of(built)
        stage(COMPILING)
        shown = results.needed(study, list(reader.indicators), (), ())
        few = stand_ins.read(study) if stand_ins.has_file(study) else None
        service = Service(built, engine(built, shown), reader, _members(study, few))
        names = scenarios.book(study)
        baseline = scenarios.read(study, scenarios.BASELINE, names)
        choices = RequestChoices.of(study, tuple(service.figures(baseline).values), names)
        files = assets.own()
        kind = _STAND_INS if few else whole_members.usual(study)
        files[CATALOGUE] = Asset.of(offer(
            built, choices, reader, len(service.members), kind, cells=tile_table.cells_of(study, built.places),
            boundaries=outlines.page if outlines else None, rough=few.rough if few else ()), "json")
        files[assets.CHARTS] = charts if drawing is None and charts else drawing.result()  # type: ignore[union-attr]
    areas = tuple(area.id for area in (*reader.areas.rows, *built.places.areas(PLACE)))
    mechanism = Mechanism(service, Ways(study, reader, choices.book.levers), engine)
    return Site(files, choices, service, mechanism, Budgets(service), areas, reader.years)


def server(
    study: Study, host: str = LOOPBACK[0], stage: Stage = lambda key: None, outlines: Boundaries | None = None
) -> Starlette:
    """Return a server that is ready to answer.

    Args:
        study: the study.
        host: the address it is bound to; one that is not of this machine alone may be asked for under any name.
        stage: takes the key of the text that says what is done now.
        outlines: boundaries that somebody has brought for the map.
    """
    return application(site(study, stage=stage, outlines=outlines), list(LOOPBACK) if host in LOOPBACK else ["*"])


def _members(study: Study, few: StandIns | None) -> Sequence[Member]:
    """Return the members that bands come from.

    These stand for all of the whole model where a study has such, else they are the first of them; without members of
    the whole model they are evenly picked ones of the posterior of people, and none where none are stored.
    """
    if whole_members.has_file(study):
        return WholeMembers(study, few.members if few
                            else tuple(range(1, min(MEMBERS, whole_members.stored(study)) + 1)))
    if not (study.calibration / members.FILE).is_file():
        return ()
    stored = list(members.read(study).values())
    step = max(len(stored) // MEMBERS, 1)
    return stored[::step][:MEMBERS]
