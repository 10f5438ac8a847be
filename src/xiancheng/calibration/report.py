"""The validation in words and tables: what was reached out of fold beside bars and benchmarks, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration import benchmarks, measures, probabilities, scores
from xiancheng.calibration.benchmarks import Forecast
from xiancheng.calibration.folds import OutOfFold
from xiancheng.calibration.likelihood import AGES, COLUMNS, TOWN
from xiancheng.calibration.probabilities import MODEL, Judged
from xiancheng.calibration.scores import BandScore, Bar
from xiancheng.calibration.setting import Calibration
from xiancheng.calibration.theil import MOST_BIAS, Theil, theil
from xiancheng.model.members import FEATURES
from xiancheng.texts import text

_LEAST_INSIDE, _MOST_INSIDE = 0.80, 0.97
"""Share of places inside a 90 % band that counts as honest; the interval score has to beat the simple one too."""


@dataclass(frozen=True)
class Validation:
    """Everything that was scored.

    Attributes:
        table: each measure with what the model and each benchmark reached.
        bands: the 90 % bands of the model over the places whose boundary did not change.
        parts: Theil's parts of the errors there.
        whole: CRPS and PIT of the distributions.
        listed, clean: number of listed places, and of those whose boundary did not change.
        moved: largest distance of a parameter of a fold to the mean of the folds [prior sd], by parameter.
    """

    table: list[tuple[Bar, dict[str, float]]]
    bands: list[BandScore]
    parts: list[Theil]
    whole: list[Judged]
    listed: int
    clean: int
    moved: Mapping[str, float]


def judged(setting: Calibration, answer: OutOfFold) -> Validation:
    """Score what the folds said of the places they did not see."""
    training, clean, scorer = setting.evidence, setting.clean, setting.scorer
    run, sexes = out_of_fold({code: scorer.detailed(theta) for code, theta in answer.thetas.items()},
                             setting.prefectures)
    ways = {MODEL: said(run, sexes), **benchmarks.all_ways(
        training, setting.sexes, setting.start_ages, setting.start_urban, scorer.without_moves(), setting.prefectures,
        clean)}
    chosen = {scores.CLEAN: clean, scores.LISTED: setting.listed}
    start = np.zeros((len(clean), COLUMNS))
    start[:, AGES] = setting.start_ages
    start[:, TOWN] = setting.start_urban * setting.start_ages.sum(axis=1)
    widths, middle, true = measures.with_noise(answer.spread,
                                               training), measures.features(run), measures.observed(training)
    begun = measures.features(start)
    bands = scores.bands(middle, widths, answer.reach, true, begun, clean, setting.prefectures)
    parts = [theil(name, middle[clean, place], true[clean, place]) for place, name in enumerate(FEATURES)]
    parts += [theil(f"change of {name}", (middle - begun)[clean, place], (true - begun)[clean, place])
              for place, name in enumerate(FEATURES[:2])]
    thetas = np.stack(list(answer.thetas.values()))
    moved = np.abs(thetas - thetas.mean(axis=0)).max(axis=0)
    names = [prior.parameter for prior in setting.forward.space.common]
    table = scores.table(ways, training, setting.sexes, chosen, setting.prefectures)
    more, total = probabilities.judged(middle, widths, answer.reach, true, begun, ways, chosen, setting.prefectures)
    return Validation([*table, *more], bands, parts, total, int(setting.listed.sum()),
                      int(clean.sum()), dict(zip(names, moved[: len(names)].tolist(), strict=True)))


def out_of_fold(runs: Mapping[str, tuple[Floats, Floats]], prefectures: Sequence[str]) -> tuple[Floats, Floats]:
    """Return table and residents by sex of every place from the run that did not see its prefecture."""
    table = np.stack([runs[code][0][position] for position, code in enumerate(prefectures)])
    return table, np.stack([runs[code][1][position] for position, code in enumerate(prefectures)])


def said(run: Floats, sexes: Floats) -> Forecast:
    """Return what a run says of 2020."""
    ages = run[:, AGES]
    return Forecast(ages.sum(axis=1), run[:, TOWN] / ages.sum(axis=1), ages, sexes)


def rows(validation: Validation, language: str) -> list[dict[str, str]]:
    """Return the table of measures in words: measure, places, bar, verdict, model, best benchmark."""
    lines = []
    for bar, reached in validation.table:
        value, others = reached[MODEL], {name: item for name, item in reached.items() if name != MODEL and item == item}
        best = min(others, key=lambda name: abs(others[name]), default="")
        met = "" if bar.most != bar.most else ("met" if abs(value) < bar.most else "missed")
        lines.append({
            "measure": text(f"validation.{bar.measure}", language),
            "places": _places(bar.places, validation, language),
            "bar": "" if bar.most != bar.most else f"< {bar.most:,.{bar.digits}f}",
            "verdict": text(f"validation.{met}", language) if met else "",
            "model": f"{value:,.{bar.digits}f}",
            "benchmark": f"{others[best]:,.{bar.digits}f} ({text(f'validation.{best}', language)})" if best else "",
        })
    return lines


def _places(places: str, validation: Validation, language: str) -> str:
    count = {scores.CLEAN: validation.clean, scores.LISTED: validation.listed}.get(places, 0)
    return text(f"validation.{places}", language, count=count)


def band_rows(validation: Validation, language: str) -> list[dict[str, str]]:
    """Return the table of bands in words."""
    return [{
        "measure": _feature(band.feature, language),
        "bar": "80–97 %",
        "verdict": text("validation.met" if _honest(band) else "validation.missed", language),
        "inside": f"{100 * band.inside:.0f} %",
        "inside_half": f"{100 * band.inside_half:.0f} %",
        "inside_fit": f"{100 * band.inside_fit:.0f} %",
        "half_width": f"{band.half_width:.1f}",
        "score": f"{band.interval_score:.1f}",
        "simple": f"{band.simple_score:.1f}",
    } for band in validation.bands]


def _feature(name: str, language: str) -> str:
    return text(f"validation.band_{re.sub('[^a-z0-9]+', '_', name).strip('_')}", language)


def whole_rows(validation: Validation, language: str) -> list[dict[str, str]]:
    """Return CRPS and PIT in words, a row for each feature, group of places and way to say it."""
    return [{
        "measure": _feature(row.feature, language),
        "places": _places(row.places, validation, language),
        "way": text(f"validation.{row.way}", language),
        "crps": f"{row.crps:.2f}",
        "bins": " ".join(str(count) for count in row.even.counts),
        "distance": f"{row.even.distance:.2f}",
        "probability": f"{row.even.probability:.3f}",
    } for row in validation.whole]


def pit_rows(validation: Validation, language: str) -> list[dict[str, str]]:
    """Return the PIT as rows of the table of measures (for JSON and CSV): the model, the mean change of the others."""
    lines = []
    for item in (judgement for judgement in validation.whole if judgement.way == MODEL):
        simple = next(other for other in validation.whole if (other.feature, other.places, other.way) == (
            item.feature, item.places, probabilities.MEAN_CHANGE))
        name = text(f"validation.{simple.way}", language)
        for kind in ("bins", "probability"):
            model, other = (" ".join(str(count) for count in even.counts) if kind == "bins"
                            else f"{even.probability:.3f}" for even in (item.even, simple.even))
            lines.append({
                "measure": text(f"validation.pit_{kind}", language, name=_feature(item.feature, language)),
                "places": _places(item.places, validation, language), "bar": "", "verdict": "", "model": model,
                "benchmark": f"{other} ({name})",
            })
    return lines


def theil_rows(validation: Validation, language: str) -> list[dict[str, str]]:
    """Return Theil's parts in words; the bar is on bias alone."""
    return [{
        "measure": _feature(part.feature, language),
        "bar": f"< {MOST_BIAS:g}",
        "verdict": text("validation.met" if part.bias < MOST_BIAS else "validation.missed", language),
        "um": f"{part.bias:.3f}", "us": f"{part.variation:.2f}", "ceiling": f"{part.ceiling:.2f}",
        "uc": f"{part.covariance:.2f}", "r": f"{part.correlation:.2f}",
    } for part in validation.parts]


def _honest(band: BandScore) -> bool:
    return _LEAST_INSIDE <= band.inside <= _MOST_INSIDE and band.interval_score < band.simple_score


def page(
    setting: Calibration, validation: Validation, command: str, language: str, *, chord: bool = False,
    more: Sequence[tuple[str, Sequence[Mapping[str, str]]]] = (),
) -> str:
    """Return the validation as a page of Markdown.

    Args:
        setting: what was fitted.
        validation: what was scored.
        command: that made it.
        language: of the page.
        chord: whether one Jacobian led all folds.
        more: further tables with what stands above them.
    """
    def words(key: str, **values: object) -> str:
        return text(f"validation.{key}", language, **values)

    def table(lines: Sequence[Mapping[str, str]]) -> str:
        return _table(lines, {key: words(f"column_{key}") for key in lines[0]})

    most = sorted(validation.moved.items(), key=lambda item: -item[1])[:5]
    parts = [
        f"# {words('title')}",
        words("written_by", command=f"`{command}`", version=setting.study.version),
        words("how", count=len(set(setting.prefectures))),
        *([words("how_chord")] if chord else []),
        f"## {words('bars')}",
        table(rows(validation, language)),
        f"## {words('bands')}",
        words("bands_how"),
        table(band_rows(validation, language)),
        f"## {words('whole')}",
        words("whole_how"),
        table(whole_rows(validation, language)),
        f"## {words('theil')}",
        words("theil_how"),
        table(theil_rows(validation, language)),
        *(part for title, lines in more if lines for part in (title, table(lines))),
        f"## {words('all_benchmarks')}",
        _everything(validation, language),
        words("benchmarks_how"),
        f"## {words('stability')}",
        words("stability_how", names=", ".join(f"{name} ({value:.2f})" for name, value in most)),
        f"## {words('limits')}",
        words("limits_how"),
    ]
    return "\n\n".join(parts) + "\n"


def _everything(validation: Validation, language: str) -> str:
    """Return what the model and every benchmark reached, as a table."""
    ways = {name: text(f"validation.{name}", language) for name in validation.table[0][1]}
    lines = [
        {"measure": text(f"validation.{bar.measure}", language), "places": _places(bar.places, validation, language),
         **{name: "" if reached[name] != reached[name] else f"{reached[name]:,.{bar.digits}f}" for name in ways}}
        for bar, reached in validation.table
    ]
    heads = {name: text(f"validation.column_{name}", language) for name in ("measure", "places")}
    return _table(lines, {**heads, **ways})


def _table(lines: Sequence[Mapping[str, str]], titles: Mapping[str, str]) -> str:
    head = "| " + " | ".join(titles.values()) + " |\n|" + "---|" * len(titles)
    return "\n".join([head, *("| " + " | ".join(line[key] for key in titles) + " |" for line in lines)])
