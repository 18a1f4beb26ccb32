"""2 The front door: enquiries, what was forwarded, referrals and re-referrals, and where referrals come from."""

from __future__ import annotations

from csc_core.briefing import charts, maps
from csc_core.briefing.document import Block, Heading, Picture, paragraph
from csc_core.briefing.figures import Facts
from csc_core.briefing.sections.parts import counted, months_chart, months_table, shared, trend
from csc_core.briefing.words import many, missing, number, shown
from csc_core.calendar import in_school_holidays, working_day_words, working_days
from csc_core.compare.figures import day
from csc_core.periods import year_before


def front_door(facts: Facts) -> list[Block]:
    return [
        Heading("2 The front door"),
        *paragraph(counted(facts, "enquiries", "enquiry reached MASH", "enquiries reached MASH"), per_day(facts)),
        *paragraph(shared(facts, "enquiries_forwarded", "enquiries", "were forwarded for a single assessment"), why_fewer(facts)),
        *_bars(facts),
        *paragraph(counted(facts, "referrals", "referral was received", "referrals were received"), re_referrals(facts), look_back(facts)),
        *months_chart(facts, "re_referrals", "Re-referrals within 12 months, %"),
        months_table(facts, "The front door by month", "enquiries", "enquiries_forwarded", "referrals", "re_referrals"),
        Heading("Where referrals come from", 2),
        *maps.referrals(facts),
    ]


def per_day(facts: Facts) -> str:
    """The working days of the month, and of the one before, since a month has no fixed length."""
    now, then = facts.one("enquiries"), facts.one("enquiries", facts.before)
    name = facts.month.label
    if now.value is None or not working_days(facts.month):
        return ""
    said = f"{name} had {working_day_words(facts.month)}"
    each = f"{number(now.value / working_days(facts.month), 1)} enquiries a working day"
    if then.value is None:
        return f"{said}: {each}."
    return (
        f"{said}, {facts.before.label} {working_day_words(facts.before)}: that is {each}, beside "
        f"{number(then.value / working_days(facts.before), 1)}."
    )


def why_fewer(facts: Facts) -> str:
    """Why there are fewer referrals than enquiries forwarded."""
    forwarded, referrals, already = (facts.one(id) for id in ("enquiries_forwarded", "referrals", "enquiries_already_open"))
    if forwarded.numerator is None or referrals.value is None or forwarded.numerator <= float(referrals.value):
        return ""
    if already.value is None:  # withheld: how many must not be said
        return "An enquiry forwarded for a child whose case is already open makes no new referral, so there are fewer referrals."
    if not already.value:
        return ""
    return (
        f"They led to {number(referrals.value)} referrals: {many(float(already.value), 'enquiry', 'enquiries').lower()} forwarded "
        f"{'was' if already.value == 1 else 'were'} about a child whose case was already open, which makes no new referral."
    )


def re_referrals(facts: Facts) -> str:
    now = facts.one("re_referrals")
    if now.value is None:
        return missing(now)
    return shared(facts, "re_referrals", "referrals", "were re-referrals") + " " + trend(facts, "re_referrals")


def look_back(facts: Facts) -> str:
    """What the test of a re-referral looks back to."""
    if facts.one("re_referrals").value is None:
        return ""
    first = year_before(facts.month).start
    return (
        f"A referral is a re-referral when the child was referred on an earlier day in the 12 months before it: for the first day of the "
        f"month back to {day(first)}."
    )


def _bars(facts: Facts) -> list[Picture]:
    enquiries, referrals = facts.months("enquiries"), facts.months("referrals")
    if all(figure.value is None for figure in (*enquiries, *referrals)):
        return []
    off = any(in_school_holidays(one.period) for one in enquiries)
    known = [figure for figure in enquiries if figure.value is not None]
    said = (
        f" Enquiries: from {shown(known[0])} in {known[0].period.end:%B %Y} to {shown(known[-1])} in {known[-1].period.end:%B %Y}."
        if known
        else ""
    )
    alt = f"Bar chart: enquiries to MASH and referrals of each of the last thirteen months; the table by month has the numbers.{said}"
    caption = "Enquiries and referrals, last thirteen months. Under each month: its working days"
    caption += "; * marks months with school holidays." if off else "."
    return [
        Picture(charts.bars(enquiries, referrals, ("Enquiries to MASH", "Referrals"), synthetic=facts.snapshot.synthetic), alt, caption)
    ]
