"""What is shown where: views.csv names the indicators of every table, chart and account of a study, in order.

A view of one indicator is an office: what people are counted by, what the public purse pays, what debt is held against.
"""

from __future__ import annotations

from xiancheng.model.reading import Findings, no_duplicates, one_of, read_study_rows
from xiancheng.outputs import indicators
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import phrase

FILE = "outputs/views.csv"
COLUMNS = ("view", "indicator")
VIEWS = (
    "first_table", "short", "core", "profile", "figure", "compare_lines", "price_tag", "public", "private", "unfunded",
    "debt", "ceiling", "hidden", "revenue", "person_years", "people", "counted", "quintiles", "features",
    "emissions", "abatement", "product", "services", "loops", "unaided", "wanted", "service_of_debt", "bonds",
    "reserve", "new_hidden", "partners", "all_else", "missing", "gross", "net", "by_prefecture",
)
"""Tables of a run: `first_table`, of it on one screen `short`; of the people alone `core`; of one place `profile`.

Charts: `figure` of a run, `compare_lines` of a comparison. Money: `price_tag` adds up, over `person_years`; who pays is
`public`, `private` or `unfunded`; `debt` is held against its `ceiling` and public
`revenue`, `hidden` debt stands beside. A balance of sources and uses holds what is `wanted` of the public purse and its
partners against `revenue`, `service_of_debt`, new `bonds`, what the `reserve` gave, `new_hidden` debt, capital of
`partners` and what is `unfunded`; `all_else` is what services and programmes may displace, `missing` what need is left
in the end. People: `people`,
and their count by a census, `counted`, left out where both are the same; places fall into
`quintiles` by one indicator; `features` are residents, the urban share, the old and the young, whose error between the
censuses widens bands.

What levers do: `emissions` that money is held against, then the indicators of levers that are to lower them;
`abatement`: yearly cost of what avoids them, its public part, energy bills saved, carbon dioxide avoided; `product` of
the province; `services` whose places are counted. What `loops` do: people, homes, services, purse, emissions, one each.
`by_prefecture` stands by prefecture. A `gross` flow never stands without its `net`, in the same order. `unaided` are
figures whose way in the baseline is told beside results, because much of it comes without any policy.
"""


def of(study: Study, view: str) -> tuple[str, ...]:
    """Return the indicators of a view, in order; none where the study has no such view.

    Args:
        study: the study.
        view: of VIEWS.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    findings = Findings(str(study.root / FILE))
    rows = read_study_rows(study, FILE, COLUMNS, findings)
    no_duplicates(rows, COLUMNS, findings)
    for row in rows:
        one_of(row, "view", VIEWS, findings)
    findings.stop()
    return tuple(row["indicator"] for row in rows if row["view"] == view)


def leading(study: Study, view: str) -> str:
    """Return the first indicator of a view, "" where there is none."""
    return next(iter(of(study, view)), "")


def check(study: Study) -> None:
    """Hold the views against the indicators of the study.

    Raises:
        StudyError: every name that is no indicator.
    """
    of(study, VIEWS[0])
    findings = Findings(str(study.root / FILE))
    catalogue = indicators.read(study)
    for row in read_study_rows(study, FILE, COLUMNS, findings):
        name = row["indicator"]
        if name not in catalogue:
            sentence, hint = former.unknown(former.read(study), name, catalogue)
            findings.add(sentence, phrase("indicator.allowed"), hint, row.number)
    findings.stop()
