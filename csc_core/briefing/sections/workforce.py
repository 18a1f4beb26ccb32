"""8 The workforce: agency workers, vacancies, cases for each full-time worker. Teams and localities, never a worker."""

from __future__ import annotations

import pandas as pd

from csc_core.briefing.document import Block, Heading, Table, paragraph
from csc_core.briefing.figures import Facts, Figure
from csc_core.briefing.others import printed_words
from csc_core.briefing.sections.parts import months_chart
from csc_core.briefing.words import made_of, missing, number, shown, whole
from csc_core.compare.figures import day
from csc_core.periods import Period

POSTS = ("agency_rate", "agency_covering_vacancy", "vacancy_rate", "caseload_dfe")


def workforce(facts: Facts) -> list[Block]:
    census = september(facts.month)
    return [
        Heading("8 The workforce"),
        *paragraph(
            f"DfE counts the workforce on 30 September, so its figures are of {day(census.end)}." if _any(facts, census) else "",
            posts(facts, census),
            caseload(facts, census),
            printed_words(facts, "agency_rate", "caseload_dfe"),
        ),
        *months_chart(facts, "average_caseload", "Cases for each full-time equivalent case holder"),
        *_by_locality(facts),
    ]


def september(month: Period) -> Period:
    """The latest 30 September up to the month's end."""
    year = month.end.year if (month.end.month, month.end.day) >= (9, 30) else month.end.year - 1
    end = month.end.replace(year=year, month=9, day=30)
    return Period(end.isoformat(), end, end)


def _any(facts: Facts, census: Period) -> bool:
    return any(facts.one(id, census).value is not None for id in POSTS)


def posts(facts: Facts, census: Period) -> str:
    agency, covering, vacant = (facts.one(id, census) for id in POSTS[:3])
    if agency.value is None:
        return missing(agency)
    said = f"{fte(agency)} of the workforce ({shown(agency)}) were agency workers."
    if covering.value is not None:
        said += f" {fte(covering)} of agency workers ({shown(covering)}) covered a vacancy."
    if vacant.value is not None:
        said += f" {fte(vacant)} of posts ({shown(vacant)}) were vacant."
    return said


def fte(figure: Figure) -> str:
    """`46.7 of 340.8 FTE`."""
    return f"{made_of(figure)} FTE"


def caseload(facts: Facts, census: Period) -> str:
    figure = facts.one("caseload_dfe", census)
    if figure.value is None:
        return missing(figure)
    return (
        f"There were {shown(figure)} cases for each FTE worker with a case: {whole(figure.numerator or 0)} cases and "
        f"{number(figure.denominator or 0, 1)} FTE."
    )


def _by_locality(facts: Facts) -> list[Table]:
    """By where teams belong, as a commissioner sees it."""
    spans = {"average_caseload": facts.month, "agency_rate": facts.month}
    frames = {id: facts.areas(id, "team_locality", span).set_index("team_locality") for id, span in spans.items()}
    first = frames["average_caseload"]
    if first["value"].isna().all():
        return []
    rows = [
        [str(first["title"][place]), *(_cell(frame.loc[place] if place in frame.index else None, id) for id, frame in frames.items())]
        for place in first.index
    ]
    heads = ["Team locality", "Cases for each FTE case holder", "Agency workers, % of FTE"]
    return [Table(f"By team locality, on {day(facts.month.end)}", heads, rows, ["By where teams belong, not by where children live."])]


def _cell(row: pd.Series | None, id: str) -> str:
    if row is None or pd.isna(row["value"]):
        return "withheld" if row is not None and row["withheld"] else "no figure"
    return f"{number(row['value'], 1)}{'%' if id == 'agency_rate' else ''}"
