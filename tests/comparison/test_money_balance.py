"""What is wanted is paid, displaced or not built: in every option, scope and year, member by member."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from xiancheng.comparison import balance, figures, need, reach
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import purse, written
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places

POLICY = range(2026, 2036)
PAID = ("public_revenue", "new_bonds", "reserve_drawn", "hidden_borrowing", "private_capital_invested",
        "unfunded_money")


@pytest.fixture(scope="module")
def books(pair: Comparison) -> Comparison:
    """Two options whose purse is in balance: what is wanted is what is paid from each source and what is not paid."""
    areas = pair.areas.copy(deep=True).load()
    paid = sum(areas[name].values for name in PAID) - areas["debt_service"].values
    areas["wanted_money"] = areas["wanted_money"].copy(data=paid)
    return replace(pair, runs=replace(pair.runs, areas=areas))


def change(areas: xr.Dataset, name: str, option: str, area: str) -> np.ndarray:
    """Mean over members of what an option changes, by year of the policy."""
    at = areas[name].sel(area=area, stress=REFERENCE, year=list(POLICY))
    return (at.sel(scenario=option) - at.sel(scenario=BASELINE)).mean("member").values


def test_the_balance_closes_in_every_option_area_and_year(books: Comparison) -> None:
    for area in AREAS:
        balances = balance.of(books.study, books.areas, area)
        assert [item.scenario for item in balances] == [BASELINE, "A", "B"]
        assert all(item.closes and list(item.gaps) == list(POLICY) for item in balances)


def test_a_purse_that_loses_money_does_not_close(books: Comparison) -> None:
    areas = books.areas.copy(deep=True)
    areas["new_bonds"].loc[{"scenario": "A", "year": 2030}] *= 1.001
    (_, leaking, other) = balance.of(books.study, areas, "68")
    assert not leaking.closes
    assert other.closes


def test_each_line_is_the_change_of_its_money_and_debt_service_counts_against_revenue(books: Comparison) -> None:
    own = next(item for item in balance.of(books.study, books.areas, "province") if item.scenario == "B")
    lines = {kind: np.array(list(own.line(kind).years.values())) for kind in (balance.WANTED, *balance.SOURCES)}
    assert lines[balance.REVENUE] == pytest.approx(change(books.areas, "public_revenue", "B", "province"))
    assert lines[balance.DEBT_SERVICE] == pytest.approx(-change(books.areas, "debt_service", "B", "province"))
    assert lines[balance.DISPLACED] == pytest.approx(-change(books.areas, "other_spending", "B", "province"))
    both = lines[balance.DISPLACED] + lines[balance.NOT_BUILT]
    assert both == pytest.approx(change(books.areas, "unfunded_money", "B", "province"))
    assert own.mean(*balance.SOURCES) == pytest.approx(own.line(balance.WANTED).mean)


def test_a_small_change_counts_though_changes_of_indicators_within_rounding_are_none(books: Comparison) -> None:
    areas = books.areas.copy(deep=True)
    for name in ("new_bonds", "wanted_money"):
        areas[name].loc[{"scenario": "A"}] = areas[name].sel(scenario=BASELINE).values + 0.1
    areas["public_revenue"].loc[{"scenario": "A"}] = areas["public_revenue"].sel(scenario=BASELINE).values
    own = next(item for item in balance.of(books.study, areas, "68") if item.scenario == "A")
    assert own.line(balance.BONDS).mean == pytest.approx(0.1, rel=1e-3)


def test_unpaid_years_are_not_added_up(books: Comparison) -> None:
    first, own, _ = need.of(books.study, books.areas, "68")
    unpaid = books.areas["unfunded_money"].sel(area="68", stress=REFERENCE, year=list(POLICY), scenario=BASELINE)
    assert first.mean.median == pytest.approx(float(unpaid.mean("year").median()))
    assert own.last.median == pytest.approx(float(np.median(
        (books.areas["unfunded_money"].sel(area="68", stress=REFERENCE, year=2035, scenario="A")
         - unpaid.sel(year=2035)).values)))
    missing = books.areas["missing_capacity"].sel(area="68", stress=REFERENCE, year=2035)
    apart = missing.sel(scenario="A") - missing.sel(scenario=BASELINE)
    assert own.missing.median == pytest.approx(float(apart.median()))


def test_an_option_acts_where_its_levers_do(books: Comparison) -> None:
    listed, beyond = books.request.options[0], books.request.options[1]
    everywhere = {setting.where for lever in beyond.levers.values() for setting in lever}
    assert everywhere == {"all"}
    assert reach.area(beyond, books.places) == places.PROVINCE
    named = {name: tuple(setting for setting in lever if set(setting.places) <= _listed(books))
             for name, lever in listed.levers.items()}
    assert reach.area(replace(listed, levers=named), books.places) == places.LIST
    assert reach.area(replace(listed, levers={}), books.places) == places.LIST


def test_options_are_told_apart_by_money_where_all_their_levers_act(books: Comparison) -> None:
    """The list misses what levers beyond it take; in the picture effects are those of the same area."""
    listed, beyond = replace(books.request.options[0], levers={}), books.request.options[1]
    for options, area in (((listed, listed), "68"), ((listed, beyond), "province")):
        own = replace(books, request=replace(books.request, options=options))
        at = books.areas["public_money"] + books.areas["private_money"]
        spent = at.sel(area=area, stress=REFERENCE, year=list(POLICY)).sum("year")
        apart = spent.sel(scenario="B") - spent.sel(scenario=BASELINE)
        cost = next(flow for flow in figures.spent(own) if flow.option == "B")
        assert cost.total.median == pytest.approx(float(apart.median()))
        chart = figures.cost_chart(own, ["urban_share"], "en")
        assert chart is not None
        line = next(line for line in own.lines(level=[area]) if (line.indicator, line.option) == ("urban_share", "B"))
        assert [row["value"] for row in chart.rows if row["scenario"] == "B"] == [line.change.median]
        assert f"{POLICY[0]}-{POLICY[-1]}" in chart.notes[0]


def _listed(books: Comparison) -> set[str]:
    return {str(name) for name in books.places["place"].values[books.places["in_68"].values.astype(bool)]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_one_warns_only_where_options_act_on_different_areas(books: Comparison, language: str) -> None:
    acting = purse.areas(books)
    assert bool(purse.warnings(books, language)) == (len(set(acting.values())) > 1)
    same = replace(books, request=replace(books.request, options=(books.request.options[1],) * 2))
    assert not purse.warnings(same, language)


def test_the_sentence_of_an_option_adds_up_to_the_eye(books: Comparison) -> None:
    """All numbers of the sentence stand in one scale, so that the terms make what is wanted but for rounding."""
    for area, letter in ((area, letter) for letter, area in purse.areas(books).items()):
        own = next(item for item in balance.of(books.study, books.areas, area) if item.scenario == letter)
        table = next(table for table in purse.blocks(books, "en") if getattr(table, "id", "") == f"balance-{area}")
        column = table.heads.index(letter)
        wanted, *sources = (row[column].value for row in table.rows)
        assert wanted == pytest.approx(own.line(balance.WANTED).mean)
        assert sum(sources) == pytest.approx(wanted)
    assert set(purse.sentences(books, "zh")) == {"A", "B"}


@pytest.mark.parametrize(("yuan", "zh", "en"), [
    (1.84e12, "18,400.00", "1,840.000"), (-82.772e9, "-827.72", "-82.772"), (3e5, "0.00", "0.000"),
    (5e6, "+0.05", "+0.005"), (17.9e9, "+179.00", "+17.900"),
])
def test_money_of_a_table_has_one_scale_so_that_it_adds_up(yuan: float, zh: str, en: str) -> None:
    sign = zh.startswith("+")
    assert (written.in_billions(yuan, "zh", sign=sign), written.in_billions(yuan, "en", sign=sign)) == (zh, en)


def test_what_is_stored_in_four_bytes_is_added_up_in_eight(books: Comparison) -> None:
    names = ["wanted_money", "public_revenue", "debt_service", "new_bonds", "reserve_drawn", "hidden_borrowing",
             "private_capital_invested", "other_spending", "unfunded_money"]
    stored = books.areas[names].astype(np.float32)
    own = next(item for item in balance.of(books.study, stored, "68") if item.scenario == "A")
    at = stored["wanted_money"].sel(area="68", stress=REFERENCE, year=list(POLICY)).astype(float)
    expected = float((at.sel(scenario="A") - at.sel(scenario=BASELINE)).mean())
    assert own.line(balance.WANTED).mean == pytest.approx(expected, rel=1e-12)
