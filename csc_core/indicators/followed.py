"""What becomes of enquiries to MASH: each followed for 90 days. The stages of `csc_core.funnel`."""

from __future__ import annotations

from csc_core.indicators.declaration import Indicator, Measure
from csc_core.indicators.front_door import ENQUIRY, ON_THE_DAY, REPORT, REPORT_URL

DAYS = 90


def _share(id: str, title: str, words: str, definition: str, counted: str, *tables: str, follow_up_days: int = 0) -> Indicator:
    """A share of the enquiries; `words` say which of them, after `enquiries`."""
    return Indicator(
        id=id,
        title=title,
        noun=f"enquiries {words.removeprefix('and ')}",
        definition=definition,
        numerator_words=f"Enquiries received in the period {words}",
        denominator_words="Enquiries received in the period",
        numerator=Measure("enquiry", counted),
        denominator=Measure("enquiry"),
        tables=("contacts", "cin_episodes", *tables),
        unit="%",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=ON_THE_DAY.format(event="enquiry"),
        differs_from_dfe="A local measure: DfE collects no statistic of enquiries.",
        dimensions=ENQUIRY,
        follow_up_days=follow_up_days,
    )


def _stage(id: str, what: str, counted: str, *tables: str) -> Indicator:
    of_child = f"{what} of the same child"
    path = of_child if not tables else f"a referral of the same child and after it by {what}"
    return _share(
        id,
        f"Enquiries followed by {what} within {DAYS} days",
        f"and followed by {what} within {DAYS} days",
        f"Of the enquiries to MASH received in the period, the share followed by {path}, on the day of the enquiry or within the "
        f"{DAYS} days after it. It follows enquiries and is not the activity of the period. It can still rise until {DAYS} days after the "
        "last of them. An enquiry about a child whose case is open makes no new referral and goes no further here.",
        counted,
        *tables,
        follow_up_days=DAYS,
    )


FOLLOWED = (
    _share(
        "enquiries_case_open",
        "Enquiries about a child whose case was open",
        "about a child whose case was open on the day",
        "Of the enquiries to MASH received in the period, the share about a child whose case was already open on the day, whatever was "
        "decided.",
        "already_open",
    ),
    _stage("enquiries_to_referral", "a referral", "referred_in_90_days"),
    _stage("enquiries_to_assessment", "a single assessment", "assessed_in_90_days", "cin_assessments"),
    _stage("enquiries_to_s47", "a section 47 enquiry", "s47_in_90_days", "s47_enquiries"),
    _stage("enquiries_to_cp_plan", "a child protection plan", "plan_in_90_days", "cp_plans"),
)
