"""What the page tells those who learn: the lines of the introduction and the stories, as it takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiancheng.model.settings import Scenario
from xiancheng.outputs import introduction, stories
from xiancheng.outputs.stories import Claim, Step
from xiancheng.scenarios.book import Book
from xiancheng.study import Study


def lessons(study: Study, names: Book, bases: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return the introduction and the stories of a study.

    Args:
        study: the study.
        names: what the plans of stories may name.
        bases: the scenarios of the study, by id.

    Raises:
        StudyError: every problem of their files.
    """
    return {
        "introduction": [dict(line) for line in introduction.read(study)],
        "stories": [{"id": story.id, "title": story.title, "about": story.about,
                     "steps": [_step(step) for step in story.steps]} for story in stories.read(study, names, bases)],
    }


def plan(step: Step) -> str:
    """Return the plan of a step in the words of the page's address."""
    return ";".join([step.base, *step.set])


def _step(step: Step) -> dict[str, Any]:
    """Return a step as the page takes it."""
    return {
        "words": step.words.model_dump(),
        "plan": plan(step),
        "beside": step.beside,
        "indicator": step.indicator,
        "place": step.place,
        "year": step.year,
        "look": step.look,
        "map": step.map or step.indicator,
        "show": step.show,
        "draw": step.draw.model_dump() if step.draw else None,
        "claims": [_claim(claim, step) for claim in step.claims],
    }


def _claim(claim: Claim, step: Step) -> dict[str, Any]:
    return {
        "indicator": claim.indicator,
        "relation": claim.relation,
        "by": claim.by,
        "against": claim.against,
        "place": claim.place or step.place,
        "year": claim.year or step.year,
    }
