"""The scripts for clusters do what they say: their lines are run here, share by share, without a cluster."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from miniature import Call, Write, caller

from xiancheng.study import Study
from xiancheng.sweeps import kernel, reading, store

CLUSTERS = Path(__file__).resolve().parents[2] / "clusters"
MANIFESTS = sorted((CLUSTERS / "kubernetes").glob("*.yaml"))


@pytest.fixture
def call(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    return caller(mini, tmp_path, monkeypatch, capfdbinary)


def said_to(line: str, words: tuple[str, ...], environment: dict[str, str]) -> list[str]:
    """What a script says to `xiancheng`: words, of which each stands in a line."""
    spy = f'xiancheng() {{ printf "%s\\n" "$@"; }}\n{line}'
    done = subprocess.run(["bash", "-c", spy, "script", *words], env={"PATH": "/usr/bin:/bin", **environment},
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def pod(manifest: dict[str, Any]) -> Any:
    return manifest["spec"]["template"]["spec"]["containers"][0]


def by_slurm(design: str, job: int) -> list[str]:
    script = (CLUSTERS / "slurm_array.sh").read_text(encoding="utf-8")
    counts = {"SLURM_ARRAY_TASK_ID": str(4 + job), "SLURM_ARRAY_TASK_MIN": "4", "SLURM_ARRAY_TASK_COUNT": "2"}
    return said_to(script, (design, "shares.zarr"), counts)


def by_kubernetes(design: str, job: int) -> list[str]:
    manifest = yaml.safe_load((CLUSTERS / "kubernetes" / "shares.yaml").read_text(encoding="utf-8"))
    own = pod(manifest)
    usual = {entry["name"]: entry["value"] for entry in own["env"]}
    assert int(usual["SHARES"]) == manifest["spec"]["completions"] == manifest["spec"]["parallelism"]
    told = {**usual, "DESIGN": design, "STORE": "shares.zarr", "SHARES": "2", "JOB_COMPLETION_INDEX": str(job)}
    return said_to(own["args"][0], (), told)


@pytest.mark.parametrize("said", [by_slurm, by_kubernetes])
def test_every_job_does_its_share_and_all_do_the_sweep(said: Any, call: Call, write: Write, tmp_path: Path) -> None:
    design = str(write("n = 20", "block = 16"))
    for job in (0, 1):
        words = said(design, job)
        assert call(*words)[0] == 0
        states = reading.status(store.opened(tmp_path / "shares.zarr"))
        assert (states == kernel.OK).sum() == (16, 20)[job]
    assert "blocks; the first took" in call("sweep", "status", "shares.zarr")[2]


def test_what_the_image_copies_and_installs_is_there() -> None:
    text = (CLUSTERS / "kubernetes" / "Dockerfile").read_text(encoding="utf-8")
    root = CLUSTERS.parent
    copied = [name for line in re.findall(r"^COPY (.+)$", text, flags=re.MULTILINE) for name in line.split()[:-1]]
    assert all((root / name).exists() for name in copied)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = {name.split("/")[0] for name in project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]}
    assert rooms | set(project["project"]["license-files"]) <= set(copied)
    extras = re.findall(r"'\.\[(\w+)\]'", text)
    assert extras
    assert set(extras) <= set(project["project"]["optional-dependencies"])


def test_all_pods_have_one_image_of_this_version_and_as_many_devices_as_cores() -> None:
    version = tomllib.loads((CLUSTERS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    pods = [pod(part) for file in MANIFESTS for part in yaml.safe_load_all(file.read_text(encoding="utf-8"))
            if part["kind"] in ("Job", "Deployment")]
    assert {own["image"].rsplit(":")[-1] for own in pods} == {version}
    for own in pods:
        flags = {entry["name"]: entry["value"] for entry in own.get("env", [])}.get("XLA_FLAGS")
        if flags:
            assert flags.endswith(f"={own['resources']['limits']['cpu']}")


def test_the_script_for_dask_names_flags_that_are_there(call: Call) -> None:
    tree = ast.parse((CLUSTERS / "slurm_dask.py").read_text(encoding="utf-8"))
    command = next(node for node in ast.walk(tree) if isinstance(node, ast.Assign)
                   and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "command")
    flags = [word.value for word in ast.walk(command) if isinstance(word, ast.Constant) and str(word.value)[:1] == "-"]
    help_text = call("sweep", "--help")[1]
    assert {"-o", "--dask", "--study"} == set(flags) - {"-m"}
    assert all(flag in help_text for flag in flags if flag != "-m")
