"""The page as a folder of files: the scenarios of a study and the plans of its stories, to look at without a server."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

from xiancheng.errors import Problem, StudyError
from xiancheng.model.settings import Scenario
from xiancheng.outputs import stories
from xiancheng.scenarios import scenario as scenarios
from xiancheng.web import app, assets, learn
from xiancheng.web.app import Site
from xiancheng.web.one_script import one_script
from xiancheng.web.request import RunRequest
from xiancheng.web.start import CATALOGUE

RUNS = "runs"
SCRIPT, OFFER = "page.js", "catalogue.js"
_MODULE = '<script src="/files/main.js" type="module"></script>'
_POLICY = "default-src 'self' file: data: blob:; connect-src 'none'; object-src 'none'; base-uri 'none'"
"""Nothing but the files of the folder is loaded, and nothing is asked of anybody."""
Tell = Callable[[int, int], None]


def refuse_taken(folder: Path) -> None:
    """Refuse a folder that holds something, or a file in its place.

    Raises:
        StudyError: it is taken.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(Problem.of(str(folder), "export_page.is_file"))
    if folder.is_dir() and any(folder.iterdir()):
        raise StudyError(Problem.of(str(folder), "export_page.taken"))


def has_stories(site: Site) -> bool:
    """Tell whether the study has stories to follow in the folder."""
    return bool(json.loads(_text(site, CATALOGUE))["stories"])


def write(site: Site, folder: Path, tell: Tell = lambda done, count: None) -> None:
    """Write the page with every scenario of the study, and every plan that a step of its stories sets.

    Args:
        site: what a server would serve.
        folder: new or empty.
        tell: takes how many of them are written, and of how many.

    Raises:
        StudyError: the folder is taken or cannot be written.
    """
    refuse_taken(folder)
    try:
        (folder / RUNS).mkdir(parents=True, exist_ok=True)
        plans = _plans(site)
        for name, text in _files(site, {words: name for name, (words, _) in plans.items()}).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        runs = {**site.choices.bases, **{name: plan for name, (_, plan) in plans.items()}}
        for done, (name, scenario) in enumerate(runs.items(), start=1):
            (folder / RUNS / f"{name}.js").write_text(_run(site, name, scenario), encoding="utf-8", newline="\n")
            tell(done, len(runs))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudyError(Problem.of(str(folder), "export_page.unwritable", reason=reason)) from None


def _plans(site: Site) -> Mapping[str, tuple[str, Scenario]]:
    """Return the plans with settings of their own that steps of stories set, each once, by the first step that does.

    Returns:
        By the name of its run: the plan in the words of the page's address, and its scenario.
    """
    built, bases, book = site.service.built, site.choices.bases, site.choices.book
    plans: dict[str, tuple[str, Scenario]] = {}
    for story in stories.read(built.study, book, bases):
        for number, step in enumerate(story.steps, start=1):
            words = learn.plan(step)
            if step.set and words not in {other for other, _ in plans.values()}:
                plan = scenarios.from_settings(built.study, step.set, bases[step.base], book)
                plans[f"{story.id}.{number}"] = words, plan
    return plans


def _files(site: Site, plans: Mapping[str, str]) -> Mapping[str, str]:
    """Return the files of the page, by name; `plans` tells the run of each plan by its words."""
    own = {file.name: file.read_text(encoding="utf-8") for file in
           resources.files(__package__).joinpath(assets.FOLDER).iterdir() if file.is_file()}
    offer = json.loads(_text(site, CATALOGUE)) | {"stored": plans, "bands": 0}
    words = json.dumps(offer, ensure_ascii=False, separators=(",", ":"))
    return {
        assets.PAGE: _page(own[assets.PAGE]),
        "page.css": own["page.css"],
        "icon.svg": own["icon.svg"],
        "guard.js": own["guard.js"],
        assets.CHARTS: _text(site, assets.CHARTS),
        OFFER: f"window.xiancheng = {{offer: {words}, runs: {{}}}};\n",
        SCRIPT: one_script({name: text for name, text in own.items() if name.endswith(".js")}, "main.js"),
    }


def _page(text: str) -> str:
    scripts = "\n".join(f'<script src="{name}" defer></script>' for name in (OFFER, SCRIPT))
    if _MODULE not in text:
        raise ValueError(f"{assets.PAGE} does not load its module as {_MODULE}")
    policy = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return text.replace(_MODULE, scripts).replace("/files/", "").replace('<meta charset="utf-8">', policy)


def _run(site: Site, name: str, scenario: Scenario) -> str:
    wish = RunRequest(scenario, site.choices.indicators)
    packed = app.run_answer(site, wish, site.service.figures(scenario, site.choices.indicators))
    words = base64.b64encode(gzip.compress(packed, 6, mtime=0)).decode()
    return f"window.xiancheng.runs[{json.dumps(name)}] = {json.dumps(words)};\n"


def _text(site: Site, name: str) -> str:
    return gzip.decompress(site.files[name].packed).decode()
