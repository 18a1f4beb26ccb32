"""The front door: enquiries to MASH, referrals, single assessments, and the cases they open."""

from __future__ import annotations

from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TEAM, TIME, Indicator, Measure

CIN_CENSUS = "Department for Education, children in need census guide and statistics"
CIN_CENSUS_URL = "https://www.gov.uk/guidance/children-in-need-census"
LAIT = "Department for Education, Local Authority Interactive Tool (LAIT), data dictionary"
LAIT_URL = "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait"
REPORT = "Devon County Council, Performance report: children's social care, children's scrutiny committee, March 2018"
REPORT_URL = "https://democracy.devon.gov.uk/ieListMeetings.aspx?CommitteeId=430"

ON_THE_DAY = "Home address on the day of the {event}. Refuge, adoptive and confidential addresses count for the county only."
POPULATION = "Children aged 0 to 17 living in the area, ONS mid-year estimate of the year in which the financial year began"
ENQUIRY = (*PLACE, *PERSON, "referral_source", *TIME)
REFERRAL = (*PLACE, *TEAM, *PERSON, "referral_source", "primary_need", *TIME)
RATE = (*PLACE, *PERSON, "referral_source", "primary_need", *TIME)
ASSESSMENT = (*PLACE, *TEAM, *PERSON, "referral_source", "primary_need", "assessment_outcome", *TIME)

FRONT_DOOR = (
    Indicator(
        id="enquiries",
        title="Enquiries to MASH",
        noun="enquiries",
        definition="Every enquiry logged at the multi-agency safeguarding hub (MASH) in the period, one for each child.",
        numerator_words="Enquiries received in the period",
        denominator_words="",
        numerator=Measure("enquiry"),
        denominator=None,
        tables=("contacts",),
        unit="count",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=ON_THE_DAY.format(event="enquiry"),
        differs_from_dfe="A local count: DfE collects no statistic of enquiries.",
        dimensions=ENQUIRY,
    ),
    Indicator(
        id="enquiries_forwarded",
        title="Enquiries forwarded to a single assessment",
        noun="enquiries forwarded",
        definition="The share of enquiries to MASH that were forwarded to social work for a single assessment. Where the case "
        "system does not keep the outcome, a referral of the same child within 14 days stands for it.",
        numerator_words="Enquiries received in the period and forwarded for a single assessment",
        denominator_words="Enquiries received in the period",
        numerator=Measure("enquiry", "forwarded"),
        denominator=Measure("enquiry"),
        tables=("contacts",),
        unit="%",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=ON_THE_DAY.format(event="enquiry"),
        differs_from_dfe="A local measure: DfE collects no statistic of enquiries. An enquiry forwarded for a child whose case "
        "is already open makes no new referral.",
        dimensions=ENQUIRY,
    ),
    Indicator(
        id="enquiries_already_open",
        title="Enquiries forwarded for a child with an open case",
        noun="enquiries forwarded for a child with an open case",
        definition="Enquiries forwarded for a single assessment although the child's case was already open: they explain why "
        "there are fewer referrals than enquiries forwarded.",
        numerator_words="Enquiries forwarded in the period for a child whose case was open on the day",
        denominator_words="",
        numerator=Measure("enquiry", "forwarded and already_open"),
        denominator=None,
        tables=("contacts",),
        unit="count",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=ON_THE_DAY.format(event="enquiry"),
        differs_from_dfe="A local count: DfE collects no statistic of enquiries.",
        dimensions=ENQUIRY,
        needs=("contacts.contact_outcome",),
    ),
    Indicator(
        id="referrals",
        title="Referrals",
        noun="referrals",
        definition="Requests for services to be provided by children's social care for a child who is not already open. Each "
        "referral counts, also a second one of the same child.",
        numerator_words="Referrals received in the period",
        denominator_words="",
        numerator=Measure("referral"),
        denominator=None,
        tables=("cin_episodes",),
        unit="count",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="referral"),
        differs_from_dfe="None known.",
        dimensions=REFERRAL,
    ),
    Indicator(
        id="referral_rate",
        title="Referrals per 10,000 children",
        noun="referrals",
        definition="Referrals received in the period for every 10,000 children aged 0 to 17 living in the area. A part-year "
        "rate is not multiplied up unless it says annualised.",
        numerator_words="Referrals received in the period",
        denominator_words=POPULATION,
        numerator=Measure("referral"),
        denominator=CHILDREN,
        tables=("cin_episodes",),
        unit="per 10,000",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="referral"),
        differs_from_dfe="DfE publishes full financial years only. Areas below the county use district shares of an older ONS "
        "estimate, scaled to DfE's county total.",
        dimensions=RATE,
    ),
    Indicator(
        id="re_referrals",
        title="Re-referrals within 12 months",
        noun="re-referrals",
        definition="The share of referrals whose child had an earlier referral, on an earlier day and no more than one year before.",
        numerator_words="Referrals in the period with an earlier referral of the same child in the 12 months before",
        denominator_words="Referrals received in the period",
        numerator=Measure("referral", "re_referral"),
        denominator=Measure("referral"),
        tables=("cin_episodes",),
        unit="%",
        polarity="low",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="referral"),
        differs_from_dfe="None known. Two referrals of a child on one day are duplicates for this test, not re-referrals.",
        dimensions=REFERRAL,
        look_back_months=12,
    ),
    Indicator(
        id="assessments_completed",
        title="Single assessments completed",
        noun="assessments",
        definition="Single assessments authorised in the period.",
        numerator_words="Assessments authorised in the period",
        denominator_words="",
        numerator=Measure("assessment"),
        denominator=None,
        tables=("cin_assessments",),
        unit="count",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe="None known.",
        dimensions=ASSESSMENT,
    ),
    Indicator(
        id="assessment_rate",
        title="Single assessments per 10,000 children",
        noun="assessments",
        definition="Single assessments authorised in the period for every 10,000 children aged 0 to 17 living in the area. A "
        "part-year rate is not multiplied up unless it says annualised.",
        numerator_words="Assessments authorised in the period",
        denominator_words=POPULATION,
        numerator=Measure("assessment"),
        denominator=CHILDREN,
        tables=("cin_assessments",),
        unit="per 10,000",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe="DfE publishes full financial years only. Areas below the county use district shares of an older ONS "
        "estimate, scaled to DfE's county total.",
        dimensions=tuple(d for d in ASSESSMENT if d not in TEAM),
    ),
    Indicator(
        id="assessments_in_45_days",
        title="Assessments completed within 45 working days",
        noun="assessments in time",
        definition="The share of single assessments authorised in the period that took no more than 45 working days from their "
        "start. The day of the start is day 0; Saturdays, Sundays and England's bank holidays do not count.",
        numerator_words="Assessments authorised in the period within 45 working days of their start",
        denominator_words="Assessments authorised in the period",
        numerator=Measure("assessment", "working_days <= 45"),
        denominator=Measure("assessment"),
        tables=("cin_assessments",),
        unit="%",
        polarity="high",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe="None known: the day count agrees with DfE's published bands, which have a same day before 1 to 10. The "
        "clock starts with the assessment; Working Together counts from the referral.",
        dimensions=ASSESSMENT,
    ),
    Indicator(
        id="assessments_case_closed",
        title="Assessments with the outcome case closed",
        noun="assessments that closed the case",
        definition="The share of single assessments authorised in the period whose outcome was that the case is closed: no "
        "further action, stepped down to early help, or advice and signposting.",
        numerator_words="Assessments authorised in the period that closed the case",
        denominator_words="Assessments authorised in the period",
        numerator=Measure("assessment", "case_closed"),
        denominator=Measure("assessment"),
        tables=("cin_assessments",),
        unit="%",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe="A local measure over assessments. DfE's `assessed as not in need` is a share of referrals whose case "
        "closed with reason RC8 or RC9 (28.5% for Devon in 2017-18): the two must not be compared.",
        dimensions=ASSESSMENT,
        drawn_with="assessment_outcome",
        needs=("cin_assessments.assessment_outcome_nfa",),
    ),
    Indicator(
        id="open_cases",
        title="Open cases",
        noun="open cases",
        definition="Children with a case open on the last day of the period, each counted once. A case is open from the day of "
        "the referral until the day it is closed.",
        numerator_words="Children with an open case on the day",
        denominator_words="",
        numerator=Measure("open_case"),
        denominator=None,
        tables=("cin_episodes",),
        unit="count",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule="Home address on the day. Refuge, adoptive and confidential addresses count for the county only.",
        differs_from_dfe="Every open case, with assessments still under way. DfE's children in need leaves out cases assessed as "
        "not in need, so its figure is lower: split by case status, the parts are the bridge between the two.",
        dimensions=(*REFERRAL, "case_status"),
        stock=True,
    ),
)
