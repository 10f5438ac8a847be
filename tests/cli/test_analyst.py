"""Twelve mistakes that an analyst makes, each met with what it is and the way out, in both languages."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from calls import Call

from xiancheng.cli.app import MODULES, loaded
from xiancheng.comparison import runs
from xiancheng.sweeps import store
from xiancheng.texts import LANGUAGES, catalogue

PLAN = """[title]
zh = "{name}"
en = "{name}"

[sentence]
zh = "试验方案。"
en = "A plan to try."

[levers.county_town_investment]
points = {{ {points} }}
places = {places}
"""
FILES = {
    "weights.csv": "indicator,weight\nurban_share,20%\nservice_adequacy,２\n城镇化率,1\nurban_share,1\nurban_share,1\n",
    "wide.csv": "indicator，weight\nurban_share，2\n",
    "costs.csv": "name,value\ncost_per_county_job,9万\ncost_per_teacher,1\n",
    "fast.toml": PLAN.format(name="Fast", points="2026 = 2500", places='"68"'),
    "twin.toml": PLAN.format(name="Fast", points="2026 = 1000", places='"68"'),
    "traditional.toml": PLAN.format(name="Old script", points="2030 = 1000", places='["莘縣", "聊城市"]'),
}
MISTAKES = {
    "a prefecture has a page of no place": (
        ("county", "聊城市"), 3, ("莘县、", "聊城市其余地区"), ("Shenxian", "more than one place")),
    "traditional characters are read": (("show", "莘縣"), 0, ("莘县",), ("Shenxian",)),
    "a file may name places in traditional characters, and a prefecture": (
        ("check", "traditional.toml"), 0, ("traditional.toml",), ("traditional.toml",)),
    "a lever is found by its Chinese name": (
        ("show", "县城投资"), 3, ("county_town_investment",), ("county_town_investment",)),
    "and by characters in which nobody here writes": (
        ("list", "levers", "--search", "養老"), 0, ("养老床位",), ("elderly_care_beds",)),
    "a scenario is found by its name": (("compare", "县城优先"), 3, ("county_town_first",), ("county_town_first",)),
    "a value in per cent and ten thousands": (
        ("compare", "austerity", "--set", "mortality＝101%", "--dry-run"), 3, ("写 101，为比例或倍数时写 1.01",),
        ("1.01 where it is a share or a multiplier",)),
    "signs of full width in a table": (
        ("compare", "austerity", "--weights", "wide.csv", "--dry-run"), 3, ("wide.csv:1", "全角标点（，）：改用半角 ,"),
        ("wide.csv:1", "full-width signs", "write ,")),
    "weights are read before anything runs": (
        ("compare", "austerity", "--weights", "weights.csv", "--dry-run"), 3,
        ("weights.csv:2: weight 为 20%", "weights.csv:3: weight 为 ２", "只写数字：2", "weights.csv:4", "weights.csv:6",
         "共 4 个问题"),
        ("weights.csv:2: weight is 20%", "weights.csv:3", "weights.csv:4", "weights.csv:6", "4 problems")),
    "costs are read before anything runs": (
        ("compare", "austerity", "--costs", "costs.csv", "--dry-run"), 3,
        ("costs.csv:2: value 为 9万", "只写数字：90000", "costs.csv:3: cost_per_teacher 不是方程中的常数"),
        ("costs.csv:2: value is 9万", "write the number alone: 90000", "costs.csv:3: cost_per_teacher is no constant")),
    "two options of one name are told": (
        ("compare", "fast.toml", "twin.toml", "--dry-run"), 0, ("A 与 B 同名（Fast）",),
        ("A and B are both called Fast",)),
    "a ramp that is too steep is told by check": (
        ("check", "fast.toml"), 0, ("county_town_investment：要求 2026 年 1 月 1 日达到 2,500", "届时只能达到"),
        ("county_town_investment: 2,500 is asked for on 1 January 2026, but the ramp allows",)),
}


@pytest.fixture
def written(tmp_path: Path) -> None:
    """Write the files of the analyst."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_met_with_the_way_out(call: Call, mistake: str, language: str) -> None:
    words, code, *sentences = MISTAKES[mistake]
    answer = call(*words, "--lang", language)
    assert answer.code == code, answer.err
    assert "Traceback" not in answer.err
    shown = answer.out + answer.err
    assert not [word for word in sentences[LANGUAGES.index(language)] if word not in shown], shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_stops_a_comparison_is_told_what_is_kept_and_how_to_go_on(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    answers = []
    for has_store in (False, True):
        monkeypatch.setattr(runs, "run", partial(_interrupted, tmp_path / "kept", has_store))
        answers.append(call("compare", "austerity", "--members", "2", "--store", "kept", "--lang", language))
    assert [answer.code for answer in answers] == [130, 130]
    assert {"zh": "未写入任何文件", "en": "nothing was written"}[language] in answers[0].err
    assert {"zh": "kept 中已保存 2 次运行：再次执行同一命令", "en": "2 runs are kept in kept: the same call goes on"}[
        language] in answers[1].err


def _interrupted(folder: Path, has_store: bool, *words: object, **more: object) -> None:
    """Stop as Ctrl-C does, after one block of a store, or before there is one."""
    if has_store:
        folder.mkdir()
        manifest = {"runs": 4, "design": {"block": 2}, "identity": {}}
        (folder / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        store.Store(folder, manifest).publish(1, np.zeros((2, 1, 1, 1)), (), 1.0)
    raise KeyboardInterrupt


FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
CALL = re.compile(r"`xiancheng ([a-z]+)(?: ([a-z]+))?([^`]*)`")


def commands() -> dict[str, set[str]]:
    """Return the flags of every verb, and of every word behind one."""
    flags: dict[str, set[str]] = {}
    for name in MODULES:
        command = loaded(name, "en")
        below = {f"{name} {word}": own for word, own in getattr(command, "commands", {}).items()}
        for verb, own in {name: command, **below}.items():
            flags[verb] = {flag for parameter in own.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    return flags


def test_every_text_names_flags_and_verbs_that_exist() -> None:
    flags = commands()
    every = {flag for own in flags.values() for flag in own} | {"--help", "--version"}
    wrong = [(key, flag) for key, own in catalogue().items() for flag in FLAG.findall(" ".join(own.values()))
             if flag not in every]
    for key, own in catalogue().items():
        for verb, word, rest in CALL.findall(" ".join(own.values())):
            name = f"{verb} {word}" if f"{verb} {word}" in flags else verb
            wrong += [(key, flag) for flag in FLAG.findall(rest) if flag not in flags.get(name, ())]
            wrong += [(key, verb)] if name not in flags else []
    assert len(flags) > 30
    assert not wrong
