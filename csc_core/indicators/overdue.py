"""What is overdue on a day: assessments, section 47 enquiries, visits and health assessments not done by the day they were due."""

from __future__ import annotations

from csc_core.indicators.declaration import PERSON, PLACE, TEAM, TIME, Indicator, Measure
from csc_core.indicators.front_door import CIN_CENSUS, CIN_CENSUS_URL
from csc_core.indicators.leaving_care import HEALTH, HEALTH_URL, HOME_ON_ENTRY, HOME_ON_THE_DAY

WORKING_TOGETHER = "Department for Education, Working together to safeguard children"
WORKING_TOGETHER_URL = "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2"
VISITS = "The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 28"
VISITS_URL = "https://www.legislation.gov.uk/uksi/2010/959/regulation/28"

WORKING_DAYS = "The first day is day 0; Saturdays, Sundays and England's bank holidays do not count."
CASE_CLOSED = " One left open when its case was closed is no longer due."


NEEDS = {
    "s47": ("s47_enquiries.s47_end_date",),  # without it all would seem to be still under way
    "assessment_from_referral": ("cin_assessments.earlier rows",),  # without them a later assessment would seem to be the first
}


def _overdue(kind: str, id: str, title: str, noun: str, definition: str, counted: str, *tables: str, **other: str) -> Indicator:
    return Indicator(
        id=id,
        title=title,
        noun=noun,
        definition=definition,
        numerator_words=counted,
        denominator_words="",
        numerator=Measure("overdue", f"kind = '{kind}'"),
        denominator=None,
        tables=tables,
        unit="count",
        polarity="low",
        source=other["source"],
        source_url=other["source_url"],
        address_rule=other["address_rule"],
        differs_from_dfe=other["differs_from_dfe"],
        dimensions=(*PLACE, *TEAM, *PERSON, *TIME),
        stock=True,
        needs=NEEDS.get(kind, ()),
    )


OVERDUE = (
    _overdue(
        "assessment",
        "assessments_overdue",
        "Open assessments past 45 working days",
        "open assessments past 45 working days",
        "Single assessments not yet authorised on the last day of the period, more than 45 working days after they started. "
        + WORKING_DAYS
        + CASE_CLOSED,
        "Assessments open on the day, more than 45 working days after their start",
        "cin_assessments",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe="DfE publishes how long completed assessments took, and nothing of those still open.",
    ),
    _overdue(
        "assessment_from_referral",
        "assessments_overdue_from_referral",
        "Open assessments past 45 working days from the referral",
        "open assessments past 45 working days from the referral",
        "Single assessments not yet authorised on the last day of the period, more than 45 working days after the referral that they "
        "answer: only the first assessment of each referral. It is the clock of Working Together; the other, from the start of the "
        "assessment, is the default and that of the statistic. " + WORKING_DAYS + CASE_CLOSED,
        "First assessments of a referral open on the day, more than 45 working days after the referral",
        "cin_assessments",
        source=WORKING_TOGETHER,
        source_url=WORKING_TOGETHER_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe="DfE publishes how long completed assessments took from their start, and nothing of those still open.",
    ),
    _overdue(
        "s47",
        "s47_overdue",
        "Section 47 enquiries past 15 working days",
        "section 47 enquiries past 15 working days",
        "Section 47 enquiries on the last day of the period, more than 15 working days after their start, with neither an initial child "
        "protection conference nor an end. " + WORKING_DAYS + CASE_CLOSED,
        "Section 47 enquiries with neither conference nor end on the day, more than 15 working days after their start",
        "s47_enquiries",
        source=WORKING_TOGETHER,
        source_url=WORKING_TOGETHER_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe="DfE publishes how long it took to the conferences that were held, and nothing of enquiries under way.",
    ),
    _overdue(
        "visit",
        "visits_overdue",
        "Visits to looked-after children overdue",
        "overdue visits to looked-after children",
        "Looked-after children on the last day of the period whose next visit was due on an earlier day and has not been made. The "
        "definition of looked-after children visited in time says when a visit is due; a child whose last visit was late and whose next "
        "is not yet due is not overdue.",
        "Looked-after children on the day whose visit was due before it",
        "cla_episodes",
        "cla_visits",
        source=VISITS,
        source_url=VISITS_URL,
        address_rule=HOME_ON_ENTRY,
        differs_from_dfe="A local measure: DfE publishes no statistic of visits.",
    ),
    _overdue(
        "health",
        "health_assessments_overdue",
        "Initial health assessments overdue",
        "overdue initial health assessments",
        "Children still looked after on the last day of the period who entered care more than 20 working days before and have had no "
        "initial health assessment. " + WORKING_DAYS,
        "Entries to care more than 20 working days before the day with no health assessment yet",
        "cla_health",
        source=HEALTH,
        source_url=HEALTH_URL,
        address_rule=HOME_ON_ENTRY,
        differs_from_dfe="A local measure: DfE publishes annual health assessments, not the initial one.",
    ),
)
