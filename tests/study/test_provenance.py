"""A manifest says what a result rests on; equal manifests mean equal results."""

from __future__ import annotations

import json
from pathlib import Path

from xiancheng import provenance, study


def test_a_manifest_is_plain_json_with_versions_and_hashes(root: Path) -> None:
    found = study.Study(root / "tests" / "mini")
    made = provenance.manifest(found, {"id": "baseline"}, command="xiancheng run", seed=7, engine="pysd")
    assert json.loads(json.dumps(made)) == made
    assert made["equations_sha256"] == found.equations_hash
    assert made["data_sha256"] == found.data_hash
    assert len(made["scenario_sha256"]) == 64
    assert {"xiancheng", "python", "numpy", "pysd"} <= set(made["versions"])
    assert (made["command"], made["seed"], made["engine"]) == ("xiancheng run", 7, "pysd")


def test_no_place_of_the_machine_is_in_a_manifest(root: Path) -> None:
    made = provenance.manifest(study.Study(root / "tests" / "mini"), {"id": "baseline"})
    assert str(root) not in json.dumps(made)


def test_the_order_of_keys_is_no_difference_but_a_value_is() -> None:
    one, same, other = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}, {"a": 1, "b": {"c": 2, "d": 4}}
    assert provenance.fingerprint(one) == provenance.fingerprint(same) != provenance.fingerprint(other)
