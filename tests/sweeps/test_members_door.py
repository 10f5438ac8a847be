"""Members from Python: what they hold is what the files hold, with units; bands are those of runs with each of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from miniature import MEMBERS

import xiancheng
from xiancheng.calibration import whole_members
from xiancheng.model import catalogue, tables
from xiancheng.study import Study


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "check", lambda root: None)
    monkeypatch.setattr(tables, "check_once", lambda study: None)


def test_members_of_people_are_the_rows_of_their_file(mini: Study) -> None:
    data = xiancheng.members(5, study=mini)
    table = [line.split(",") for line in MEMBERS.splitlines()]
    names, rows = table[0], table[1:6]
    assert dict(data.sizes) == {"member": 5}
    for column, name in enumerate(names[1:], start=1):
        values = data[name.replace(" ", "_")]
        assert list(values.values) == [float(row[column]) for row in rows]
        assert values.attrs["units"]
    assert list(data["people"].values) == [int(row[0]) for row in rows]
    with pytest.raises(xiancheng.StudyError, match="1 to 8"):
        xiancheng.members(9, study=mini)
    with pytest.raises(xiancheng.StudyError):
        xiancheng.members("everyone", study=mini)


def test_bands_are_the_quantiles_of_runs_with_each_member(mini: Study) -> None:
    drawn = xiancheng.members(study=mini)
    bands = xiancheng.bands("stay", members=8, indicators=["residents"], study=mini)
    each = []
    for row in range(8):
        constants = {str(name): float(values[row]) for name, values in drawn.data_vars.items()}
        one = xiancheng.run("stay", constants=constants, places=["province"], study=mini)
        each.append(one["residents"].sel(area="province").values)
    expected = np.quantile(np.array(each), bands["quantile"].values, axis=0)
    got = bands["residents"].sel(area="province").transpose("quantile", "year").values
    np.testing.assert_allclose(got, expected, rtol=1e-6)
    assert bands["residents"].attrs["units"] == "persons"
    with pytest.raises(xiancheng.StudyError, match=r"indicators is 'residents'"):
        xiancheng.bands(members=2, indicators="residents", study=mini)


@pytest.mark.long
def test_members_of_the_whole_model_have_the_shape_of_their_variables(root: Path) -> None:
    """Every constant by its own subscripts, every path by year; the first draws are the same however many are asked."""
    study = Study(root)
    few, more = xiancheng.members(3, study=study), xiancheng.members(4, study=study)
    about = {variable.id: variable for variable in catalogue.read(study)}
    assert len(few.data_vars) > 500
    for name, values in few.data_vars.items():
        own = about[str(name)]
        assert values.dims == ("member", *(["year"] if "year" in values.dims else []), *own.dims)
        assert values.attrs["units"] == own.unit
        assert np.isfinite(values.values).all()
    assert few.equals(more.isel(member=slice(0, 3)))
    draws = whole_members.read(study, 3)
    assert draws.paths
    new_year = 2030 - 5 / 6  # model time is counted from the census of 1 November
    for path, paths in draws.paths.items():
        own_values = [float(np.interp(new_year, own.times, own.values)) for own in paths]
        assert few[path.replace(" ", "_")].sel(year=2030).values == pytest.approx(own_values)
