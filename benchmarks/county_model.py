"""Vensim text of a model of 68 counties without cohorts: about 100 variables, migration between all pairs by gravity.

The counties, distances and rates are invented (a seeded generator); only size and shape matter here.
"""

from __future__ import annotations

import numpy as np

COUNTIES = 68
STEPS = 120
STEP = 0.125  # [year]

SCALARS = """
distance decay = 1.6
migration propensity = 0.02
birth rate = 0.011
death rate = 0.008
life in towns = 0.3
conversion share = 0.2
reserve = 0.1
wage weight = 0.8
service weight = 0.5
housing weight = 0.4
floor area per person = 38
life of dwellings = 45
time to build = 2
time to hire = 1.5
time to adjust = 3
tax share = 0.12
land price growth = 0.02
cost per pupil = 1.1
pupils per resident = 0.16
cost per bed = 6
beds per resident = 0.006
debt limit = 1.2
interest = 0.04
"""

PEOPLE = """
residents[county] = INTEG(births[county] - deaths[county] + arrivals[county] - departures[county], start residents[county])
births[county] = residents[county] * birth rate * fertility by share(town share[county])
fertility by share((0,1.15),(0.3,1.05),(0.5,0.95),(0.7,0.85),(1,0.8))
deaths[county] = residents[county] * death rate * (1.2 - 0.4 * MIN(1, service level[county]))
attraction[county] = EXP(wage weight * LN(MAX(0.01, relative wage[county])) + service weight * service level[county] - housing weight * crowding[county])
pull[county] = attraction[county] * SQRT(residents[county])
gravity[county,other] = IF THEN ELSE(distance[county,other] > 0, (MAX(1, distance[county,other]) / 100) ^ (-distance decay), 0)
reach[county] = SUM(gravity[county,other!] * pull[other!])
flow[county,other] = residents[county] * migration propensity * gravity[county,other] * pull[other] / (reach[county] + reserve)
departures[county] = SUM(flow[county,other!])
arrivals[county] = SUM(flow[other!,county])
net migration[county] = arrivals[county] - departures[county]
town residents[county] = INTEG(town growth[county] + conversion[county], start residents[county] * life in towns)
town growth[county] = net migration[county] * 0.7 + town residents[county] * (birth rate - death rate)
village residents[county] = MAX(0, residents[county] - town residents[county])
conversion[county] = village residents[county] * conversion share * MAX(0, town pressure[county]) / time to adjust
town pressure[county] = SMOOTH(relative wage[county] - 0.8, time to adjust)
town share[county] = MIN(1, ZIDZ(town residents[county], residents[county]))
labour force[county] = residents[county] * 0.55
"""

HOMES = """
dwellings[county] = INTEG(completions[county] - demolition[county], start residents[county] * floor area per person)
starts[county] = MAX(0, wanted dwellings[county] - dwellings[county]) / time to adjust * credit[county]
completions[county] = DELAY3(starts[county], time to build)
demolition[county] = dwellings[county] / life of dwellings
wanted dwellings[county] = residents[county] * floor area per person * (1 + 0.2 * town share[county])
crowding[county] = ZIDZ(wanted dwellings[county], dwellings[county])
home price[county] = INTEG(home price[county] * price change[county], 5)
price change[county] = WITH LOOKUP(crowding[county], ((0.5,-0.06),(0.9,-0.01),(1,0.01),(1.2,0.04),(2,0.1)))
built land[county] = INTEG(land sold[county], start residents[county] * 0.00012)
land sold[county] = starts[county] / 15000 + industry hires[county] * 0.0001 + services hires[county] * 0.00005
land price[county] = (1 + land price growth) ^ (Time - 2020) * home price[county] * 0.3
"""

INDUSTRY = """
SECTOR jobs[county] = INTEG(SECTOR hires[county] - SECTOR leaves[county], labour force start[county] * SHARE)
SECTOR productivity[county] = INTEG(SECTOR productivity[county] * GROWTH, OUTPUT)
SECTOR output[county] = SECTOR jobs[county] * SECTOR productivity[county] * SECTOR utilisation[county]
SECTOR utilisation[county] = MIN(1, ZIDZ(labour force[county], all jobs[county]))
SECTOR demand[county] = SMOOTH3(residents[county] * 0.5 * WEIGHT + SECTOR exports[county], 2)
SECTOR exports[county] = EXPORT * start residents[county] * (1 + RAMP(0.01, 2021, 2030))
SECTOR wanted jobs[county] = ZIDZ(SECTOR demand[county] * OUTPUT, SECTOR productivity[county])
SECTOR hires[county] = MAX(0, SECTOR wanted jobs[county] - SECTOR jobs[county]) / time to hire
SECTOR leaves[county] = MAX(0, SECTOR jobs[county] - SECTOR wanted jobs[county]) / time to hire + SECTOR jobs[county] * 0.02
SECTOR wage[county] = SECTOR productivity[county] * 0.45
"""

MONEY = """
all jobs[county] = agriculture jobs[county] + industry jobs[county] + services jobs[county]
labour force start[county] = start residents[county] * 0.5
product[county] = agriculture output[county] + industry output[county] + services output[county]
mean wage[county] = ZIDZ(agriculture wage[county] * agriculture jobs[county] + industry wage[county] * industry jobs[county] + services wage[county] * services jobs[county], all jobs[county])
province wage = ZIDZ(SUM(mean wage[other!] * residents[other!]), SUM(residents[other!]))
relative wage[county] = ZIDZ(mean wage[county], province wage)
tax[county] = product[county] * tax share
land income[county] = land sold[county] * land price[county] * 40
revenue[county] = tax[county] + land income[county]
school cost[county] = residents[county] * pupils per resident * cost per pupil
beds[county] = INTEG((residents[county] * beds per resident - beds[county]) / 4 * credit[county], start residents[county] * 0.004)
health cost[county] = beds[county] * cost per bed
spending[county] = school cost[county] + health cost[county] + interest * debt[county]
debt[county] = INTEG(spending[county] - revenue[county], 0)
debt ratio[county] = SMOOTHI(ZIDZ(debt[county], revenue[county]), 1, 0)
credit[county] = WITH LOOKUP(debt ratio[county], ((-10,1),(0,1),(1,0.9),(3,0.4),(6,0.1)))
service level[county] = MIN(1.5, ZIDZ(beds[county], residents[county] * beds per resident)) * IF THEN ELSE(debt[county] > debt limit * revenue[county], 0.9, 1)
province residents = SUM(residents[county!])
province town share = SUM(town residents[county!]) / province residents
largest county = VMAX(residents[county!])
province product = SUM(product[county!])
"""

SECTORS = {
    "agriculture": {"SHARE": "0.35", "GROWTH": "0.03", "OUTPUT": "3", "WEIGHT": "0.3", "EXPORT": "0.02"},
    "industry": {"SHARE": "0.3", "GROWTH": "0.04", "OUTPUT": "12", "WEIGHT": "0.3", "EXPORT": "0.03"},
    "services": {"SHARE": "0.35", "GROWTH": "0.02", "OUTPUT": "9", "WEIGHT": "0.4", "EXPORT": "0.01"},
}


def rows(matrix: np.ndarray) -> str:
    """A Vensim array constant, row by row."""
    return ";".join(",".join(f"{value:.3f}" for value in row) for row in np.atleast_2d(matrix)) + ";"


def equation(line: str) -> str:
    return f"{line}\n\t~\tDmnl\n\t~\n\t|\n"


def equations() -> list[str]:
    lines = (SCALARS + PEOPLE + HOMES + MONEY).strip().splitlines()
    for sector, words in SECTORS.items():
        text = INDUSTRY.replace("SECTOR", sector)
        for word, value in words.items():
            text = text.replace(word, value)
        lines += text.strip().splitlines()
    return [line for line in lines if line]


def text(counties: int = COUNTIES, steps: int = STEPS) -> str:
    """The whole model as Vensim text."""
    random = np.random.default_rng(68)
    position = random.uniform(0, 500, (counties, 2))
    distance = np.linalg.norm(position[:, None] - position[None], axis=-1)
    residents = random.uniform(200_000, 1_200_000, counties)
    lines = [
        f"county: (c1-c{counties})",
        "other <-> county",
        f"start residents[county] = {','.join(f'{value:.0f}' for value in residents)}",
        f"distance[county,other] = {rows(distance)}",
        *equations(),
        "INITIAL TIME = 2020",
        f"FINAL TIME = {2020 + steps * STEP}",
        f"TIME STEP = {STEP}",
        "SAVEPER = 1",
    ]
    return "{UTF-8}\n" + "\n".join(equation(line) for line in lines)
