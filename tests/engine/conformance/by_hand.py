"""Values worked out on paper, for constructs that PySD cannot run, gets wrong, or passes over in silence.

Every entry gives the sentence why PySD is not asked, and each variable as a number or a function of the saved time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = float | Callable[[float], float]


@dataclass(frozen=True)
class ByHand:
    """Expected values of one model: why by hand, the saved times, and variables by name or `name[element]`."""

    why: str
    times: tuple[float, ...]
    values: Mapping[str, Value]


def grid(start: float, final: float, step: float) -> tuple[float, ...]:
    """Saved times from start to final, counted by whole steps."""
    return tuple(start + number * step for number in range(round((final - start) / step) + 1))


def during(*spans: tuple[float, float]) -> Callable[[float], float]:
    """1 from the first to the last saved time of each span, both included; 0 at all others."""
    return lambda t: float(any(first - 1e-9 <= t <= last + 1e-9 for first, last in spans))


def ramp(start: float) -> Callable[[float], float]:
    """A thousand for each unit of time from `start` to 3, for saved times from a millionth before `start` on."""
    return lambda t: 1000 * (min(t, 3.0) - start) if t + 1e-6 > start else 0.0


PULSES = "PySD compares the beginning of a step, Vensim its middle"
RECURSION = "PySD calls the whole array for one of its elements and never returns"
FIVE = grid(0, 4, 1)

BY_HAND: Mapping[str, ByHand] = {
    "array_constants_keep_all_digits": ByHand(
        "PySD rounds array constants to eight decimals unless told otherwise",
        FIVE,
        {
            "rate[a1]": 1.23456789012e-06,
            "rate[a2]": 9.87654321e-09,
            "rate[a3]": 123456789.123456,
            "stock[a1]": lambda t: (1 + 1.23456789012e-03) ** t,
            "stock[a3]": lambda t: (1 + 1.23456789012e-03) ** t,
            "sum of small": 1.24444443333e-06,
        },
    ),
    "clock_of_a_tenth_reaches_2035": ByHand(
        "a clock that adds tenths misses the last save by a rounding error",
        grid(2010, 2035, 1),
        {"years": lambda t: t - 2010, "late": lambda t: float(t == 2035)},
    ),
    "clock_of_a_tenth_saves_every_step": ByHand(
        "a clock that adds tenths drifts from the multiples of a tenth",
        grid(0, 3, 0.1),
        {"t": lambda t: t, "n": lambda t: round(t * 10)},
    ),
    "comments_groups_and_line_breaks": ByHand(
        "PySD's grammar knows no comment in braces inside an equation",
        FIVE,
        {"a": 3, "long one": lambda t: 3 + 2 * t},
    ),
    "data_of_one_row": ByHand(
        "PySD takes a column of one number for an empty one",
        grid(2019, 2022, 1),
        {"x": 3.5, "y[a1]": 3.5, "y[a2]": -4, "total": lambda t: t - 0.5},
    ),
    "data_with_gaps": ByHand(
        "engines differ in what an empty cell means: it is no point, so the line joins its neighbours",
        grid(2000, 2040, 5),
        {
            "x": lambda t: 10 + (t - 2000) if t <= 2010 else 20 + 55 * (t - 2010) / 30,
            "y[a1]": lambda t: 10 + (t - 2000) if t <= 2010 else 20 + 55 * (t - 2010) / 30,
            "y[a2]": lambda t: 1 + 2 * (t - 2000) / 20 if t <= 2020 else 3 + 6 * (t - 2020) / 20,
        },
    ),
    "delay3_at_its_limit": ByHand(
        "three stages of one step each hand a pulse on unchanged, three steps later",
        grid(0, 7, 1),
        {"out": lambda t: float(t == 4), "input": lambda t: float(t == 1)},
    ),
    "delay3_initial_in_equilibrium": ByHand(
        "a constant stays what it is",
        grid(0, 8, 0.5),
        {"out": 7},
    ),
    "element_chain_backwards": ByHand(
        RECURSION,
        FIVE,
        {
            "rest[a4]": 1,
            "rest[a3]": lambda t: 0.5 + t,
            "rest[a2]": lambda t: 0.25 + 1.5 * t,
            "rest[a1]": lambda t: 0.125 + 1.75 * t,
        },
    ),
    "element_chain_beside_another_dimension": ByHand(
        RECURSION,
        FIVE,
        {
            "x[a1,b1]": 2,
            "x[a1,b2]": 3,
            "x[a2,b1]": lambda t: 4 + t,
            "x[a2,b2]": lambda t: 9 + t,
            "x[a3,b1]": lambda t: 8 + 3 * t,
            "x[a3,b2]": lambda t: 27 + 4 * t,
            "last[b1]": lambda t: 8 + 3 * t,
            "last[b2]": lambda t: 27 + 4 * t,
        },
    ),
    "element_chain_by_mapping": ByHand(
        RECURSION,
        FIVE,
        {
            "x[a1]": lambda t: t + 1,
            "x[a2]": lambda t: 2 * (t + 1),
            "x[a3]": lambda t: 4 * (t + 1),
            "x[a4]": lambda t: 8 * (t + 1),
        },
    ),
    "element_chain_through_another_variable": ByHand(
        RECURSION,
        FIVE,
        {
            "budget[a1]": lambda t: 100 + t,
            "budget[a2]": lambda t: 0.5 * (100 + t),
            "budget[a3]": lambda t: 0.375 * (100 + t),
            "spent[a1]": lambda t: 0.5 * (100 + t),
            "spent[a2]": lambda t: 0.125 * (100 + t),
            "spent[a3]": lambda t: 0.0375 * (100 + t),
            "left over[a3]": lambda t: 0.3375 * (100 + t),
        },
    ),
    "element_equations_that_cross": ByHand(
        RECURSION,
        FIVE,
        {
            "x[a1]": lambda t: 1 + t,
            "y[a1]": lambda t: 2 + 2 * t,
            "x[a2]": lambda t: 3 + 2 * t,
            "y[a2]": lambda t: 6 + 4 * t,
            "x[a3]": lambda t: 7 + 4 * t,
            "y[a3]": lambda t: 14 + 8 * t,
        },
    ),
    "equations_by_element": ByHand(
        RECURSION,
        FIVE,
        {
            "x[a1]": lambda t: t,
            "x[a2]": lambda t: 2 * t,
            "x[a3]": 7,
            "y[a1]": lambda t: t + 1,
            "y[a2]": lambda t: 2 * t + 1,
            "y[a3]": 8,
        },
    ),
    "except_within_a_subrange": ByHand(
        RECURSION,
        FIVE,
        {"x[a1]": 5, "x[a2]": lambda t: 5 + t, "x[a3]": 0, "x[a4]": lambda t: 5 + t},
    ),
    "infinite_powers_in_a_chain": ByHand(
        "Python's own powers stop at zero to a negative power",
        FIVE,
        {
            "bounded": lambda t: 1000 if t == 0 else t ** -(1 + t / 10),
            "to a name": lambda t: t**0.7,
            "zero to zero": 1,
        },
    ),
    "lookup_of_one_row_from_csv": ByHand(
        "PySD takes a column of one number for an empty one", FIVE, {"y": 3.5}
    ),
    "mapping_with_elements_in_order": ByHand(
        "PySD adds the listed elements to the mapped dimension itself",
        FIVE,
        {"x[a1]": 1, "x[a2]": 2, "y[b1]": lambda t: 1 + t, "y[b2]": lambda t: 2 + t},
    ),
    "single_member_subrange": ByHand(
        "PySD turns an array of one element into a number and then looks for its dimensions",
        FIVE,
        {"y[a2]": 10, "total": lambda t: 12 + t, "largest": 2},
    ),
    "stock_grows_by_compound_steps": ByHand(
        "the closed form of Euler's steps",
        grid(0, 5, 0.25),
        {"x": lambda t: 100 * 1.0125 ** (t * 4)},
    ),
    "three_subscripts_two_of_one_family": ByHand(
        "two subranges of one family are easily read twice along the same axis",
        FIVE,
        {
            "z[s1,k1,k1]": lambda t: 1101 + t,
            "z[s1,k1,k2]": lambda t: 1102 + t,
            "z[s1,k2,k1]": lambda t: 1201 + t,
            "z[s2,k2,k1]": lambda t: 2201 + t,
            "z[s2,k2,k2]": lambda t: 2202 + t,
        },
    ),
    "inputs_within_a_millionth": ByHand(
        PULSES,
        grid(0, 4, 0.5),
        {
            "pulse at": during((2, 2.5)),
            "pulse just after": during((1, 1.5)),
            "pulse later": during((1, 1.5)),
            "ramp at": ramp(1.000001),
            "ramp just after": ramp(1.0000005),
            "ramp later": ramp(1.000002),
            "step before half": lambda t: 10.0 * (t >= 2),
            "step half way": lambda t: 10.0 * (t >= 2.5),
        },
    ),
    "pulse_input": ByHand(
        PULSES,
        grid(0, 4, 0.25),
        {
            "one": during((1, 1.75)),
            "two": during((1, 2.75)),
            "short": during((1, 1)),
            "off grid": during((1, 1.25)),
            "early": during((0, 0.75)),
            "area": lambda t: min(max(t - 1, 0), 0.75),
        },
    ),
    "pulse_input_by_tenths": ByHand(
        PULSES, grid(0, 1, 0.1), {"p": during((0.3, 0.4)), "area": lambda t: min(max(t - 0.3, 0), 0.2)}
    ),
    "pulse_train_input": ByHand(
        PULSES,
        grid(0, 8, 0.25),
        {
            "p": during((1, 1.25), (3, 3.25), (5, 5.25)),
            "long": during((0, 0.75), (3, 3.75), (6, 6.75)),
            "wide": during((2, 3.25), (4, 5.25), (6, 7)),
            "odd": during((1, 1.25), (4, 4.25), (7, 7.25)),
            "nearly always": during((2, 6)),
            "just over": during((1, 1.25), (3, 3.25), (5, 5.25), (7, 7)),
            "count": lambda t: sum(min(max(t - start, 0), 0.5) for start in (1, 3, 5)),
        },
    ),
    "pulse_train_without_interval": ByHand(
        PULSES, grid(0, 4, 0.5), {"p": during((1, 2)), "just before": during((2, 2.5))}
    ),
    "data_raw": ByHand(
        "Vensim has a number for what is not available",
        grid(2009, 2016, 1),
        {"raw": lambda t: {2010: 10.0, 2015: 20.0}.get(t, -(2.0**109))},
    ),
}
