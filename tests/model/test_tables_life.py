"""Life tables, fertility and age profiles against closed forms and published figures."""

from __future__ import annotations

import csv
import datetime
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.model import ages, fertility
from xiancheng.model.fertility import Period
from xiancheng.model.life_table import RATE_STARTS, class_hazards, life_table


def published(root: Path, quantity: str) -> dict[tuple[str, str], dict[str, float]]:
    """Read the rates of China anew: (period, sex) -> age -> figure."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    with (root / "model" / "tables" / "china_vital_rates.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["quantity"] == quantity:
                found.setdefault((row["period"], row["sex"]), {})[row["age"]] = float(row["value"])
    return found


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("first", [2005, 2010, 2015])
def test_life_expectancy_is_that_of_the_united_nations(sex: str, first: int, root: Path) -> None:
    """A period runs from the middle of a year to the middle of another: half weight for both end years, within 0.03."""
    rates = np.array(list(published(root, "death_rate")[f"{first}-{first + 5}", sex].values()))
    yearly = [published(root, "life_expectancy")[str(year), sex]["0"] for year in range(first, first + 6)]
    assert life_table(rates, sex).lived.sum() == pytest.approx(np.trapezoid(yearly) / 5, abs=0.03)


def test_the_rates_of_the_groups_are_kept(root: Path) -> None:
    """Deaths of a group per year lived in it are the published rate, though single years follow a smooth curve."""
    rates = np.array(list(published(root, "death_rate")["2015-2020", "male"].values()))
    table = life_table(rates, "male")
    lived = np.add.reduceat(table.lived, RATE_STARTS)
    dead = -np.diff(np.append(table.alive[list(RATE_STARTS)], 0))
    np.testing.assert_allclose(dead / lived, rates, rtol=1e-9)


@pytest.mark.parametrize("rate", [0.002, 0.02, 0.1])
def test_one_rate_at_every_age_is_the_hazard_of_every_class(rate: float) -> None:
    """With one force of mortality from the first birthday on, L(x+1)/L(x) = exp(-rate) in every class."""
    hazards = class_hazards(life_table(np.full(len(RATE_STARTS), rate), "female"))
    np.testing.assert_allclose(hazards[2:], rate, rtol=1e-9)


def test_a_class_dies_like_ages_half_a_year_apart(root: Path) -> None:
    """Class x is x or x + 1 years old in the year: its hazard lies between the rates of both ages, not at the lower."""
    rates = np.array(list(published(root, "death_rate")["2015-2020", "female"].values()))
    table = life_table(rates, "female")
    single = -np.log(table.alive[61:81] / table.alive[60:80])
    hazards = class_hazards(table)[61:80]
    assert (hazards > single[:-1]).all()
    assert (hazards < single[1:]).all()


def test_the_fertility_schedule_adds_up_and_keeps_the_mean_age() -> None:
    """All births fall from 15 to 50; in the year a class is on average a year older than its completed age."""
    shares = np.array([3, 27, 37, 22, 8, 2, 1], dtype=float)
    schedule = fertility.schedule(shares)
    assert schedule.sum() == pytest.approx(1, abs=1e-14)
    assert (schedule >= 0).all()
    assert set(np.flatnonzero(schedule)) == set(range(14, 50))
    grouped = (shares / shares.sum() * np.arange(17.5, 50, 5)).sum()
    assert (schedule * (np.arange(86) + 1)).sum() == pytest.approx(grouped, abs=0.15)


def test_one_share_in_all_groups_is_flat() -> None:
    schedule = fertility.schedule(np.ones(7))
    np.testing.assert_allclose(schedule[15:49], 1 / 35, rtol=1e-12)
    np.testing.assert_allclose(schedule[[14, 49]], 1 / 70, rtol=1e-12)


def day(year: int, month: int = 1) -> datetime.date:
    return datetime.date(year, month, 1)


def test_model_time_counts_from_census_day() -> None:
    assert fertility.model_time(day(2020, 11)) == 2020
    assert fertility.model_time(day(2021)) == pytest.approx(2021 - 5 / 6)


def test_a_census_block_is_level_and_a_calendar_year_stands_at_its_middle() -> None:
    periods = [
        Period("history", day(2010, 11), day(2015, 11), 1.8),
        Period("history", day(2015, 11), day(2020, 11), 2.3),
        Period("history", day(2021), day(2022), 1.4),
        Period("reference", day(2030), day(2031), 1.1),
    ]
    points = fertility.path_points(periods, "reference", 2051.0)
    known = sorted(points)

    def at(time: float) -> float:
        return float(np.interp(time, known, [points[t] for t in known]))

    assert [at(2010), at(2014.875), at(2015), at(2019.875), at(2020)] == [1.8, 1.8, 2.3, 2.3, 2.3]
    assert at(2021.5 - 5 / 6) == pytest.approx(1.4)
    assert at(2030.5 - 5 / 6) == pytest.approx(1.1)
    assert at(2050) == 1.1
    only = fertility.path_points(periods, "history only", 2051.0)
    assert {time: value for time, value in only.items() if time >= 2020} == {2020.0: 2.3, 2051.0: 2.3}


counts = st.lists(st.integers(0, 200_000), min_size=19, max_size=19)


@given(counts)
def test_single_years_keep_every_group_and_never_go_below_zero(groups: list[int]) -> None:
    """Any pyramid, even one with empty groups, is spread without losing or inventing a person."""
    table = np.array([groups], dtype=float)
    single = ages.single_years(table)
    assert (single >= 0).all()
    np.testing.assert_allclose(np.add.reduceat(single, ages.GROUP_STARTS, axis=1), table, rtol=1e-12, atol=1e-9)


def test_a_level_pyramid_stays_level() -> None:
    """100 people of every age give 100 people of every age."""
    groups = np.array([[100.0, 400.0, *[500.0] * 16, 700.0]])
    np.testing.assert_allclose(ages.single_years(groups)[0, :-1], 100, rtol=1e-12)


def test_the_birth_peak_of_2016_stays_inside_the_group() -> None:
    """Those aged 3 and 4 at the census of 2020 were born mostly in 2017 and 2016."""
    births = {2010: 114.0, 2015: 124.0, 2016: 177.0, 2017: 175.0, 2018: 133.0, 2019: 118.0}
    split = ages.births_split(births, 2020)
    born = [births[2018] / 6 + births[2019] * 5 / 6, births[2015] / 6 + births[2016] * 5 / 6]
    assert split[1][0] / split[1][3] == pytest.approx(born[0] / born[1])
    assert split[1].argmax() == 2
    assert [part.sum() for part in split.values()] == pytest.approx([1, 1])


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=9), st.integers(0, 10**7))
def test_rounded_parts_add_up_to_the_last_digit(parts: list[float], total: int) -> None:
    """Sums of rounded people carry no error, in whatever order they are added."""
    scaled = np.array(parts) / max(sum(parts), 1.0) * total
    rounded = ages.exact_parts(scaled, float(total))
    assert sum(rounded) == total
    assert sum(rounded[::-1]) == total


def test_the_migration_profile_is_rogers_and_castro() -> None:
    """Fundamental parameters: labour peak at 20 + ln(0.4/0.1)/0.4 = 23.5 years; the class is half a year younger."""
    fundamental = {"a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.003}
    profile = ages.migration_profile(fundamental)
    assert abs(int(profile[15:60].argmax()) + 15 - (20 + math.log(4) / 0.4 - 0.5)) < 1
    at_50 = sum(
        (0.02 * math.exp(-5 - i / 10) + 0.06 * math.exp(-3 - i / 10 - math.exp(-12 - 0.4 * i)) + 0.003) for i in (0, 1)
    )
    assert profile[50] == pytest.approx(at_50 / 2, rel=1e-12)
