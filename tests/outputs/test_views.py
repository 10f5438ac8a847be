"""What is shown is a table of the study: another order there is another order everywhere."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
import xarray as xr

from xiancheng.errors import StudyError
from xiancheng.outputs import headline, indicators, views
from xiancheng.study import Study


@pytest.fixture
def mini(root: Path, tmp_path: Path) -> Study:
    copytree(root / "tests" / "mini", tmp_path / "mini")
    return Study(tmp_path / "mini")


def test_every_view_of_the_study_names_its_indicators(study: Study) -> None:
    views.check(study)
    known = indicators.read(study)
    assert all(set(views.of(study, view)) <= set(known) for view in views.VIEWS)
    assert all(views.of(study, view) for view in views.VIEWS)


def test_the_table_gives_the_order(mini: Study, found: xr.Dataset) -> None:
    (mini.root / views.FILE).write_text("view,indicator\nfirst_table,births\nfirst_table,residents\n", encoding="utf-8")
    assert headline.shown(found, mini)[:2] == ["births", "residents"]


def test_a_name_that_is_no_indicator_is_told_with_its_row(mini: Study) -> None:
    (mini.root / views.FILE).write_text("view,indicator\nshort,residents\nshort,resident\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"views\.csv:3: .*resident.*residents"):
        views.check(mini)


def test_a_name_that_an_indicator_bears_no_more_is_told_the_name_of_today(mini: Study) -> None:
    table = mini.outputs / "indicators.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    more = [f"{rows[0]},lever,replaces", f"{rows[1]},,inhabitants"]
    table.write_text("\n".join(more) + "\n", encoding="utf-8")
    (mini.root / views.FILE).write_text("view,indicator\nshort,residents\nshort,inhabitants\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"views\.csv:3: there is no indicator inhabitants any more: residents takes"):
        views.check(mini)


def test_a_view_that_nothing_shows_is_told(mini: Study) -> None:
    (mini.root / views.FILE).write_text("view,indicator\nshrot,residents\n", encoding="utf-8")
    with pytest.raises(StudyError, match="shrot"):
        views.of(mini, "short")


def test_a_study_older_than_the_table_is_told_where_to_take_it_from(mini: Study, root: Path) -> None:
    (mini.root / views.FILE).unlink()
    with pytest.raises(StudyError) as told:
        views.of(mini, "short")
    (problem,) = told.value.problems
    assert f"copy {views.FILE} from {root}" in str(problem)
