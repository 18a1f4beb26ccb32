"""7 The quarter and the year to date, and what stands beside them. Part of a year stands beside no whole one."""

from __future__ import annotations

from csc_core.briefing.document import Block, Heading, Table, paragraph
from csc_core.briefing.figures import Facts, Figure
from csc_core.briefing.others import printed_table, published_table, target_words
from csc_core.briefing.words import made_of, shown, whole
from csc_core.indicators import INDICATORS

FLOWS = ("referral_rate", "re_referrals", "assessment_rate", "assessments_in_45_days", "cp_second_plan")
STOCKS = ("cp_plan_rate", "looked_after_rate")


def year_to_date(facts: Facts) -> list[Block]:
    quarter, to_date = facts.quarter, facts.year_to_date
    name = f"Quarter {quarter.id[-1]}: {quarter.label}"
    rows = [[INDICATORS[id].title, *(_cell(facts.one(id, span)) for span in (quarter, to_date))] for id in FLOWS]
    length = f"{to_date.months:.0f} months" if not to_date.cut else "part of a year"
    return [
        Heading("7 The quarter and the year to date"),
        Table(
            "Quarter and year to date",
            ["Indicator", name, f"Year to date: {to_date.label}"],
            rows,
            [f"Rates per 10,000 children are for the {length} or the quarter named, and not multiplied up: never set them by a year's."],
        ),
        *paragraph(_target(facts)),
        Heading("Beside others", 2),
        *published_table(facts, f"Twelve months to {facts.twelve_months.end:%B %Y} beside what DfE had published", [*FLOWS, *STOCKS]),
        *printed_table(facts, *FLOWS, "cp_plan_rate"),
    ]


def _target(facts: Facts) -> str:
    figure = facts.one("assessments_in_45_days", facts.year_to_date)
    words = target_words(facts, figure) if figure.value is not None else ""
    return f"Assessments within 45 working days, year to date: {words}" if words else ""


def _cell(figure: Figure) -> str:
    if figure.value is None:
        return "withheld" if figure.withheld else f"no figure: {figure.reason}"
    made = made_of(figure) if figure.asked.unit == "%" else f"{whole(figure.numerator or 0)} {figure.asked.noun}"
    return f"{shown(figure)} ({made})"
