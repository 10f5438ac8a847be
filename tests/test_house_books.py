"""The books hold everything that has a name, equations are drawn as they are computed, and the site names its pages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

import xiancheng
from books import commands, doors, formulas, site
from xiancheng import engine
from xiancheng import study as studies
from xiancheng.engine import read
from xiancheng.model import catalogue
from xiancheng.outputs import indicators
from xiancheng.scenarios import assumptions, levers, scenario

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def study() -> studies.Study:
    return studies.find(ROOT)


@pytest.fixture(scope="module")
def pages(study: studies.Study) -> dict[str, str]:
    return site.generated(study)


def anchors(pages: dict[str, str], begin: str, end: str = ".md") -> list[str]:
    text = "\n".join(words for name, words in pages.items() if name.startswith(begin) and name.endswith(end))
    return re.findall(r"^## .* \{ #(\S+) \}$", text, flags=re.MULTILINE)


def drawn(equation: str) -> str:
    """The words of an equation as drawn, in reading order, with a blank between."""
    text = "{UTF-8}\n" + equation + "\n~ dmnl ~ |\n" + "".join(
        f"{name} = 1 ~ dmnl ~ |\n" for name in (
            "apples", "pears", "years", "INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"))
    variable = read.read("fruit.mdl", text).variables["fruit"]
    tree = ElementTree.fromstring(formulas.equation(variable, {}))
    return " ".join(words.strip() for words in tree.itertext() if words.strip())


@pytest.mark.long
def test_every_variable_lever_indicator_and_scenario_has_one_entry(
    study: studies.Study, pages: dict[str, str]
) -> None:
    ids: dict[str, Iterable[str]] = {
        "model/sector_": (row.id for row in catalogue.read(study)), "catalogue/levers": levers.read(study),
        "catalogue/indicators": indicators.read(study), "catalogue/assumptions": assumptions.read(study),
        "catalogue/scenarios": scenario.files(study),
    }
    for begin, names in ids.items():
        expected = sorted(names)
        english = {name: text for name, text in pages.items() if not name.endswith(".zh.md")}
        assert sorted(anchors(english, begin)) == expected
        if begin.startswith("catalogue"):
            assert sorted(anchors(pages, begin, ".zh.md")) == expected


@pytest.mark.long
def test_what_a_page_of_the_model_links_to_is_there(pages: dict[str, str]) -> None:
    heads = {name.removeprefix("model/"): set(anchors(pages, name)) for name in pages if name.startswith("model/")}
    links = [link for name, text in pages.items() if name.startswith("model/")
             for link in re.findall(r"\]\((\w+\.md)#(\w+)\)", text)]
    assert len(links) > len(heads)
    assert not [link for link in links if link[1] not in heads[link[0]]]


@pytest.mark.long
def test_the_site_has_a_place_for_every_page(pages: dict[str, str]) -> None:
    named = set(site.named(ROOT / "mkdocs.yml"))
    written = {file.name for file in (ROOT / "docs").glob("*.md")}
    assert set(pages) <= named
    assert written <= named
    assert named <= set(pages) | written | set(site.FRONT) | {"held_out.md"}


def test_every_public_name_has_its_entry_and_its_sentence() -> None:
    """Of the study and of the engine, and what functions hand over: each once, each with a docstring."""
    entries = re.findall(r"^::: (\S+)$", doors.pages()["api.md"], flags=re.MULTILINE)
    homes = [doors.home(module, name) for module in (xiancheng, engine) for name in module.__all__]
    assert sorted(entries) == sorted({*homes, *doors.RETURNED})
    for path in entries:
        module, _, name = path.rpartition(".")
        thing = getattr(import_module(module), name)
        assert (thing.__doc__ or "").split("\n")[0].endswith((".", ":")), path
        words = (thing.__doc__ or "").partition("Args:")[2]
        named = inspect.signature(thing).parameters if inspect.isfunction(thing) else ()
        assert [argument for argument in named if not re.search(rf"\b{argument}:", words)] == [], path


def test_what_public_functions_hand_over_has_its_entry() -> None:
    """A class of ours as a return is a public name, or stands among what comes back."""
    names = {path.rpartition(".")[2] for path in doors.RETURNED} | set(xiancheng.__all__) | set(engine.__all__)
    returns = {name: str(inspect.signature(thing).return_annotation) for module in (xiancheng, engine)
               for name in module.__all__ if inspect.isfunction(thing := getattr(module, name))}
    own = {name: word for name, word in returns.items() if not re.search(r"Dataset|DataFrame|dict|list", word)}
    assert len(own) >= 5
    assert {name: word for name, word in own.items() if word not in names} == {}


@pytest.mark.parametrize("module", [xiancheng, engine], ids=["study", "engine"])
def test_what_a_door_lists_is_there_and_nothing_else(module: ModuleType) -> None:
    listed = {name for name in dir(module) if not name.startswith("_")}
    assert {name for name in listed if not isinstance(getattr(module, name), ModuleType)} == set(module.__all__)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_verb_stands_on_the_page_of_commands_in_both_languages(language: str) -> None:
    page = commands.pages()["commands.md" if language == "en" else "commands.zh.md"]
    for name, verb in commands.verbs(language):
        assert f"## {name} {{" in page
        assert all(f"`{flag}`" in page for parameter in verb.params for flag in parameter.opts if flag.startswith("-"))


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("fruit = apples - (pears - years)", "fruit = apples − ( pears − years )"),
        ("fruit = apples - pears - years", "fruit = apples − pears − years"),
        ("fruit = (apples + pears) * years", "fruit = ( apples + pears ) · years"),
        ("fruit = apples + pears * years", "fruit = apples + pears · years"),
        ("fruit = ZIDZ(apples, pears)", "fruit = ( apples pears ) or 0"),
        ("fruit = XIDZ(apples, pears, years)", "fruit = ( apples pears ) or years"),
        ("fruit = INTEG(apples - pears, years)", "d d t fruit = apples − pears fruit ( t 0 ) = years"),
        ("fruit = IF THEN ELSE(apples > 1, pears, years)", "fruit = { pears if apples > 1 years otherwise"),
        ("fruit = -(apples + pears)", "fruit = − ( apples + pears )"),
        ("fruit = POWER(apples * pears, years)", "fruit = ( apples · pears ) years"),
    ],
)
def test_an_equation_is_drawn_as_it_is_computed(equation: str, expected: str) -> None:
    assert drawn(equation) == expected


def test_links_of_a_page_lead_to_where_files_stand_in_the_site() -> None:
    words = "[a](../CONTRIBUTING.md#glossary) [b](docs/guide.md) [c](https://x.org/docs/) [d](../README.md) [e](#here)"
    assert site.fitted(words) == (
        "[a](CONTRIBUTING.md#glossary) [b](guide.md) [c](https://x.org/docs/) [d](readme.md) [e](#here)")


def test_the_site_takes_warnings_for_errors_and_nothing_from_elsewhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    assert "strict: true" in settings
    assert "  font: false" in settings
    assert not [line for line in settings if "://" in line]
