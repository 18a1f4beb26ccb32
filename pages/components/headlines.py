"""The headline cards of the overview: a figure with what it is made of, its months, its change, its target and what others have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import streamlit as st

from csc_core.compare import Figure, Movement, Standing, apart, unusual, when
from csc_core.dimensions import DIMENSIONS
from csc_core.factors import GROUPS, ISSUES
from csc_core.indicators import INDICATORS, Indicator
from csc_core.rounding import written
from pages.components.data import issues_ranked, standing_of
from pages.components.links import Choices, definition
from pages.components.quality_mark import quality_mark
from pages.components.words import NOTHING, plain

# In the order of the report: indicator id to a label short enough for a card.
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Cases": {
        "open_cases": "Open cases",
        "children_in_need": "Children in need (DfE)",
        "looked_after": "Looked after",
        "average_caseload": "Cases per worker (FTE)",
    },
    "Enquiries and referrals": {
        "enquiries": "Enquiries",
        "enquiries_forwarded": "Forwarded",
        "referrals": "Referrals",
        "re_referrals": "Re-referrals",
    },
    "Single assessments": {
        "assessments_completed": "Assessments",
        "assessments_in_45_days": "In 45 working days",
        "assessments_case_closed": "Case closed",
    },
    "Child protection": {
        "cp_plans": "On a plan",
        "cp_plan_rate": "On a plan, per 10,000",
        "icpc_in_15_days": "Conference in 15 days",
    },
    "Children looked after and care leavers": {
        "looked_after_rate": "Looked after, per 10,000",
        "looked_after_visited_in_time": "Visited in time",
        "placements_3_or_more": "3 or more placements",
        "long_term_stability": "Long-term stability",
        "care_leavers_in_touch": "Care leavers in touch",
        "care_leavers_eet": "In work or learning",
    },
    "Adoption": {
        "adoption_within_14_months": "Placed in 14 months",
        "adoption_a3": "Scorecard A3",
    },
    "Rates, as other authorities have them": {
        "referral_rate": "Referrals, per 10,000",
        "assessment_rate": "Assessments, per 10,000",
        "children_in_need_rate": "In need, per 10,000",
        "cp_second_plan": "Second or later plan",
    },
    "Workforce": {
        "agency_rate": "Agency workers",
        "agency_covering_vacancy": "Covering a vacancy",
        "vacancy_rate": "Vacancies",
        "caseload_dfe": "Caseload, 30 September",
    },
    "Issues that assessments find": {
        "factor_recorded": "A factor recorded",
    },
}
COMMONEST = 3  # groups of issues that have a card
STATUS = {  # colour, icon and word: never colour alone
    "met": ("green", "check_circle"),
    "within amber": ("orange", "error"),
    "missed": ("red", "cancel"),
    "none": ("gray", "remove"),
}
OTHERS = ("england", "devon")  # whom a card shows: the first that has a figure


@dataclass(frozen=True)
class Headline:
    """A card: an indicator under a label, of one issue when `where` names it."""

    label: str
    asked: Indicator
    where: Mapping[str, str] = field(default_factory=dict)

    def misfit(self, chosen: Choices) -> str | None:
        """The filter that the indicator cannot be held to."""
        return next((name for name in chosen.filters if name not in self.asked.dimensions), None)


def sections(chosen: Choices) -> Iterator[tuple[str, list[Headline]]]:
    """The sections with their cards; the commonest issues of the place and period are cards as well."""
    for title, labels in SECTIONS.items():
        cards = [Headline(label, INDICATORS[id]) for id, label in labels.items()]
        if "factor_recorded" in labels:
            cards += _issues(chosen)
        yield title, cards


def draw(one: Headline, chosen: Choices) -> tuple[Standing, tuple[Figure, ...]] | None:
    """The card; gives back what it shows, for the table and for what moved most."""
    with st.container(border=True, gap="xsmall"):
        misfit = one.misfit(chosen)
        if misfit:
            st.metric(one.label, NOTHING, help=one.asked.definition)
            st.caption(f"Not recorded by {DIMENSIONS[misfit].title.lower()}.")
            _definition(one, chosen)
            return None
        stands, months = standing_of(chosen, one.asked, one.where)
        _value(one, stands.now, months)
        for line in _lines(one, stands):
            st.caption(line)
        if stands.target:
            st.markdown(_target(stands))
        _definition(one, chosen)
        return stands, months


def what_moved(found: list[tuple[Standing, tuple[Figure, ...]]]) -> list[Movement]:
    """The headlines whose last month moved more than it usually does, the furthest out of the ordinary first. A rate is left out: it
    moves as the number that it is made of."""
    movements = [unusual(stands.indicator, months) for stands, months in found if stands.indicator.unit != "per 10,000"]
    return sorted((one for one in movements if one), key=lambda one: -one.by)


def value(figure: Figure, asked: Indicator) -> str:
    """`29.2%`, `257`, `30.2`; a word where there is none."""
    if figure.value is None:
        return "Withheld" if figure.withheld else "No figure"
    return written(figure.value, asked).removesuffix(" per 10,000")


def _issues(chosen: Choices) -> list[Headline]:
    asked = INDICATORS["factor_prevalence"]
    if any(name not in asked.dimensions for name in chosen.filters):
        return []
    ranked = issues_ranked(chosen, chosen.filters)
    ids = [id for id in ranked.loc[ranked["value"].notna(), "factor_group"] if id in ISSUES]
    return [Headline(GROUPS[id].title, asked, {"factor_group": id}) for id in ids[:COMMONEST]]


def _value(one: Headline, now: Figure, months: tuple[Figure, ...]) -> None:
    line = [float(figure.value) for figure in months if figure.value is not None]
    reason = f" {now.reason.rstrip('.')}." if now.reason else ""
    st.metric(
        one.label,
        value(now, one.asked),
        now.made_of(one.asked) or None,
        delta_color="off",  # what a figure is made of is neither good nor bad
        delta_arrow="off",
        chart_data=line if len(line) == len(months) else None,
        help=f"{plain(one.asked.title)}. {plain(one.asked.definition)}{plain(reason)}",
    )


def _lines(one: Headline, stands: Standing) -> Iterator[str]:
    """The change since the period before, and what others have."""
    asked, change = one.asked, stands.before
    if one.where:
        yield plain(f"{one.label}: {asked.title.lower()}.")
    if stands.now.value is None:
        yield plain(f"{stands.now.reason.rstrip('.')}.")
        return
    if change.difference is not None:
        said = apart(change.difference, asked)
        yield plain(f"{said[:1].upper()}{said[1:]} {when(asked, change.earlier.period)}.")
    else:
        yield plain(change.sentence)
    other = next((one for name in OTHERS for one in stands.comparators if one.area == name and one.value is not None), None)
    if other and other.value is not None:
        theirs = written(other.value, asked).removesuffix(" per 10,000")
        ours = "" if stands.beside == stands.now else f" Here in 12 months: {value(stands.beside, asked)}."
        yield plain(f"{other.title}: {theirs}, {other.when}.{ours}")


def _target(stands: Standing) -> str:
    if stands.target is None:
        return ""
    colour, icon = STATUS[stands.target.status]
    word = "" if stands.target.status == "none" else f": {stands.target.status}"
    return f":{colour}-badge[:material/{icon}: Target {plain(written(stands.target.target.value, stands.indicator))}{word}]"


def _definition(one: Headline, chosen: Choices) -> None:
    st.page_link("pages/definitions.py", label="Definition", icon=":material/menu_book:", query_params=definition(one.asked, chosen))
    quality_mark(one.asked, chosen, narrow=True)
