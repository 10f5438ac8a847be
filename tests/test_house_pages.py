"""What the pages say is so: links lead somewhere, make knows its targets, scenario examples are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from books.site import named

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MADE = {name for name in named(ROOT / "mkdocs.yml") if not (ROOT / "docs" / name).exists()}
"""Pages of the site that are made; what they hold is tested in test_house_books.py."""


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[str]:
    """The commands a page shows in its shell blocks, without what stands behind a #."""
    lines = [re.sub(r"\s+#.*$", "", line).strip() for block in blocks(page, "sh") for line in block.splitlines()]
    return [line for line in lines if line]


def heading_anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if page.parent.name == "docs" and name in MADE:
            continue  # `make docs` follows it, to its anchor
        if not file.exists() or (anchor and anchor not in heading_anchors(file)):
            broken.append(target)
    assert not broken


def test_make_knows_every_target_that_a_page_names() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {
        word
        for page in [*PAGES, ROOT / "pyproject.toml"]
        for word in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))
        + [line.split()[1] for line in (commands(page) if page.suffix == ".md" else []) if line.startswith("make ")]
    }
    assert named <= targets


def test_both_front_pages_show_the_same_commands_and_examples() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    assert commands(english) == commands(chinese)
    assert blocks(english, "toml") == blocks(chinese, "toml")


def test_make_installs_nothing_on_the_system() -> None:
    assert not re.search(r"\b(apt|apt-get|brew|sudo)\b", (ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_of_scenarios_and_plans_are_valid(page: Path, tmp_path: Path) -> None:
    from xiancheng import study
    from xiancheng.planning import plan
    from xiancheng.scenarios import scenario

    for example in (block for block in blocks(page, "toml") if "[title]" in block or "[levers." in block):
        file = tmp_path / "example.toml"
        file.write_text(example, encoding="utf-8")
        read = plan.read if "[[aims]]" in example else scenario.read
        assert read(study.find(ROOT), file).title
