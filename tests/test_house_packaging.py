"""What is installed: the wheel holds the study, every requirement is used, pinned and freely licensed."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _tool(name: str) -> ModuleType:
    place = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


licences, pins = _tool("licences"), _tool("pins")


def required(lines: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("xiancheng-*.whl"))


def test_the_wheel_holds_the_whole_study_and_nothing_else(wheel: Path) -> None:
    """Every file of the rooms that the repository keeps, and not one that it ignores."""
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("xiancheng/study/")}
    rooms = ["model", "scenarios", "calibration", "outputs/indicators.csv", "outputs/formulas.csv",
             "outputs/corridors.csv", "outputs/least_changes.csv", "outputs/loops.csv", "outputs/views.csv",
             "outputs/tiles.csv", "outputs/units.csv", "outputs/references.csv", "outputs/milestones.csv",
             "outputs/evaluation.csv", "outputs/introduction.csv", "outputs/stories", "outputs/baseline"]
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *rooms],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    kept = {name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}
    assert inside == {f"xiancheng/study/{name}" for name in kept}


def test_the_wheel_holds_the_code_and_its_texts(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("xiancheng/study/")}
    source = ROOT / "src"
    code = {file.relative_to(source).as_posix() for file in source.rglob("*.py")}
    data = {f"xiancheng/{file.name}" for file in (source / "xiancheng").glob("*.csv")}
    assert code | data <= inside
    assert {name.split("/")[0] for name in inside} == {"xiancheng", f"xiancheng-{PROJECT['version']}.dist-info"}


def test_the_wheel_carries_both_licences(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    assert {"LICENSE", "DATA_LICENCES.md"} <= {name.split("/")[-1] for name in inside}


def test_the_version_stands_once() -> None:
    """The package, its metadata and the citation name the same version."""
    from xiancheng import __version__

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert __version__ == PROJECT["version"]
    assert f"\nversion: {__version__}\n" in citation


def test_every_requirement_and_what_it_brings_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split(";")[0].strip().split("==") for line in lines if "==" in line)
    pinned = {canonicalize_name(name): version for name, version in pinned.items()}
    installed = licences.installed_with("xiancheng")
    wrong = {
        name: (distribution.version, pinned.get(name))
        for name, distribution in installed.items()
        if name != "xiancheng" and pinned.get(name) != distribution.version
    }
    assert not wrong


@pytest.mark.parametrize("python", pins.PYTHONS)
def test_what_is_pinned_fits_each_other_under_every_python(python: str) -> None:
    """Markers read as that Python reads them; `make pins` asks the registry, this what is installed."""
    versions = {canonicalize_name(name): version for name, version in (pin.split("==") for pin in pins.pins(python))}
    requirements = {canonicalize_name(name): distribution.requires or [] for name in versions
                    for distribution in metadata.distributions(name=name)}
    assert len(requirements) > 0.9 * len(versions)
    assert pins.unmet(python, requirements, versions) == []
    versions["numpy"] = "1.25.0"
    assert any(line.endswith("pinned is 1.25.0") for line in pins.unmet(python, requirements, versions))
    more = {**requirements, "numpy": [f'tomli; python_version < "{python[:4]}"', 'tomli; python_version >= "3.14"']}
    lacks = [line for line in pins.unmet(python, more, {**versions, "numpy": "2.4.6"}) if line.startswith("numpy")]
    assert [line.endswith("pinned is nothing") for line in lacks] == [True] * (python == "3.14")


def test_nothing_is_pinned_that_nobody_needs() -> None:
    """A pin may serve another system or another Python; then one of the installed names it as a requirement."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(line.split("==")[0]) for line in lines if "==" in line}
    installed = licences.installed_with("xiancheng")
    named = required([line for found in installed.values() for line in found.requires or [] if "extra ==" not in line])
    assert not pinned - named - set(installed)


def test_the_core_is_lean_and_every_part_is_among_all() -> None:
    """Another engine, figures and many runs are extras; tests need all extras, which one extra brings."""
    extras = PROJECT["optional-dependencies"]
    assert not required(PROJECT["dependencies"]) & {"pysd", "matplotlib", "zarr", "salib", "distributed"}
    (every,) = map(Requirement, extras["all"])
    assert every.extras == set(extras) - {"all", "test"}
    assert "xiancheng[all]" in extras["test"]


@pytest.mark.parametrize("name", ["jax", "pysd", "xarray", "zarr", "typer", "pymoo", "mkdocs"])
def test_what_is_used_beyond_its_public_face_has_an_upper_bound(name: str) -> None:
    lines = [Requirement(line) for line in
             [*PROJECT["dependencies"], *(line for own in PROJECT["optional-dependencies"].values() for line in own)]]
    bounds = [any(part.operator == "<" for part in line.specifier) for line in lines if line.name == name]
    assert bounds
    assert all(bounds)


def test_what_the_code_imports_is_required() -> None:
    """And the other way round: what is required is imported, or is what another one reads and writes with."""
    providers = metadata.packages_distributions()
    wanted = required(PROJECT["dependencies"])
    extras = {
        name: required(lines) for name, lines in PROJECT.get("optional-dependencies", {}).items() if name != "test"
    }
    imported = {
        canonicalize_name(provider)
        for file in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imports(node)
        if name not in sys.stdlib_module_names and name != "xiancheng"
        for provider in providers.get(name, [name])
    }
    allowed = wanted.union(*extras.values()) - {"xiancheng"}
    assert imported <= allowed
    assert allowed - imported <= {"h5netcdf", "h5py", "filelock"}


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    return [(node.module or "").split(".")[0]] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize(
    ("expression", "classifiers", "is_refused"),
    [
        ("MIT", [], False),
        ("LGPL-3.0-or-later", [], False),
        ("MPL-2.0", [], False),
        ("GPL-3.0-or-later", [], True),
        ("AGPL-3.0-only", [], True),
        ("GPL-2.0-only OR MIT", [], False),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", [], False),
        ("MIT AND GPL-3.0-only", [], True),
        ("", ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], True),
        ("", ["License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"], False),
        (
            "",
            ["License :: OSI Approved :: Apache", "License :: OSI Approved :: GNU General Public License (GPL)"],
            False,
        ),
    ],
)
def test_strong_copyleft_is_refused_and_a_choice_is_free(
    expression: str, classifiers: list[str], is_refused: bool
) -> None:
    assert licences.refused(expression, classifiers) is is_refused


def test_every_licence_is_known_and_allowed() -> None:
    stated = {name: licences.licence(found) for name, found in licences.installed_with("xiancheng").items()}
    assert not [name for name, (expression, classifiers) in stated.items() if not expression and not classifiers]
    assert not [name for name, (expression, classifiers) in stated.items() if licences.refused(expression, classifiers)]
