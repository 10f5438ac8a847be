"""Boundaries that a reader brings: what of a file is drawn, and what is said of one that cannot be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handling import settle
from playwright.sync_api import Page
from stand import Stand

from xiancheng import cli
from xiancheng.errors import StudyError
from xiancheng.model.places import Places
from xiancheng.texts import in_language
from xiancheng.web import boundaries
from xiancheng.web.app import Site
from xiancheng.web.assets import Asset
from xiancheng.web.start import CATALOGUE

BAD = Path(__file__).resolve().parents[1] / "bad" / "boundaries"
WRONG = {
    "cut_off": ("no JSON", "不是UTF-8编码的JSON", 2),
    "one_feature_alone": ("no collection", "不是区域的集合", None),
    "names_without_codes": ("none of the 1 areas", "没有一个带有", None),
    "code_twice": ("stands at area 1", "第1个区域已出现", 2),
    "point_for_an_area": ("is no polygon", "不是多边形", 1),
    "outline_of_three_points": ("at least four points", "至少四个点", 1),
    "metres": ("outside the globe", "超出经纬度范围", 1),
    "one_place_only": ("370124 Pingyin", "370124平阴县", None),
    "not_there": ("cannot be read", "无法读取", None),
}


@pytest.fixture(scope="module")
def where(site: Site) -> Places:
    return site.service.built.places


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_with_what_is_wrong_in_both_languages(where: Places, name: str) -> None:
    file, (english, chinese, row) = BAD / f"{name}.geojson", WRONG[name]
    with pytest.raises(StudyError) as refusal:
        boundaries.read(file, where)
    (problem,) = refusal.value.problems
    assert (problem.file, problem.row) == (str(file), row)
    assert english in in_language(problem.found, "en")
    assert chinese in in_language(problem.found, "zh")
    assert in_language(problem.hint, "en") != in_language(problem.hint, "zh")


def square(lon: float, lat: float) -> list[list[list[float]]]:
    """Return an outline around a point, a tenth of a degree wide."""
    corners = ((-.05, -.05), (.05, -.05), (.05, .05), (-.05, .05), (-.05, -.05))
    return [[[lon + east, lat + north] for east, north in corners]]


@pytest.fixture(scope="module")
def file(where: Places, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A square for every census unit that is still there, and one for a unit of another province."""
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"adcode": unit.code}, "geometry": {
            "type": "Polygon", "coordinates": square(unit.lon, unit.lat)}}
        for unit in where.units if unit.lon is not None and unit.lat is not None]
    features.append({**features[0], "properties": {"adcode": "110101"}})
    written = tmp_path_factory.mktemp("areas") / "areas.geojson"
    written.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8-sig")
    return written


def test_places_are_put_together_from_the_units_that_they_are_made_of(where: Places, file: Path) -> None:
    outlines = boundaries.read(file, where)
    today = {unit.code for unit in where.units if unit.lon is not None}
    assert (outlines.areas, outlines.others) == (len(today), 1)
    drawn = outlines.page["places"]
    assert {place.code: len(today & {*place.members}) for place in where} == {
        code: own["path"].count("M") for code, own in drawn.items()}
    single = sorted((float(place.row["lon"]), place.code) for place in where if len(place.members) == 1)
    assert 0 < drawn[single[0][1]]["x"] < drawn[single[-1][1]]["x"] < boundaries.WIDTH


@pytest.mark.long
def test_the_map_draws_them_and_says_whose_they_are(
    site: Site, where: Places, file: Path, open_page: Callable[..., Page]
) -> None:
    offer = json.loads(gzip.decompress(site.files[CATALOGUE].packed))
    offer["boundaries"] = boundaries.read(file, where).page
    own = replace(site, files={**site.files, CATALOGUE: Asset.of(json.dumps(offer).encode(), "json")})
    stand = Stand(own)
    stand.start()
    try:
        page = open_page("#lang=zh&map=urban_share&place=371522", at=stand.address)
        assert "自备的文件" in page.locator("#map-note").inner_text()
        place = offer["boundaries"]["places"]["371522"]
        page.locator("#map").scroll_into_view_if_needed()
        canvas = page.locator("#map canvas").bounding_box()
        box = offer["boundaries"]["box"]
        assert canvas is not None
        scale = (canvas["width"] - 12) / (box["x"][1] - box["x"][0])
        right, down = (place["x"] - box["x"][0]) * scale, (box["y"][1] - place["y"]) * scale
        page.mouse.move(canvas["x"] + 6 + right, canvas["y"] + 6 + down)
        settle(page)
        assert page.locator("#map-hover").inner_text().startswith("莘县")
    finally:
        stand.stop()


@pytest.mark.parametrize(("words", "told"), [
    (["--boundaries", str(BAD / "metres.geojson"), "--lang", "en"], "EPSG:4326"),
    (["--boundaries", str(BAD / "metres.geojson"), "--export", "elsewhere", "--lang", "zh"], "导出的文件夹不带边界"),
])
def test_the_command_refuses_before_it_begins(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(cli.main, ["serve", "--port", "0", *words]).result() == 3
    assert told in capsys.readouterr().err.replace("\n", "")
