"""Children in need and child protection: section 47 enquiries, initial conferences, child protection plans."""

from __future__ import annotations

from datetime import date

from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TEAM, TIME, Changed, Indicator, Measure
from csc_core.indicators.front_door import CIN_CENSUS, CIN_CENSUS_URL, LAIT, LAIT_URL, ON_THE_DAY, POPULATION, REFERRAL

ON_THAT_DAY = "Home address on the day counted. Refuge, adoptive and confidential addresses count for the county only."
PARTS = "Areas below the county use district shares of an older ONS estimate, scaled to DfE's county total."
EVENT = (*PLACE, *TEAM, *PERSON, *TIME)
PLAN = (*PLACE, *TEAM, *PERSON, "cp_category", *TIME)
EARLY_HELP = Changed(
    date(2022, 4, 1),
    "From the census of the year ending March 2023 a case that early help took over is closed with a reason of its own (RC9), beside no "
    "further action (RC8). DfE leaves both out; here the outcome of the assessment decides, so the count goes on as it was.",
    breaks=False,
)
IN_NEED = Measure("open_case", "case_status = 'in_need'")

PROTECTION = (
    Indicator(
        id="children_in_need",
        title="Children in need (DfE)",
        noun="children in need",
        definition="Children in need on the last day of the period as DfE counts them, each once: those with an open case that was "
        "assessed as in need, or who are looked after or have a child protection plan besides. Left out are referrals that ended in no "
        "further action, cases assessed as not in need and not yet closed, and cases whose decision is pending because they are being "
        "assessed or await assessment. Open cases split by case status give each of these, and add up.",
        numerator_words="Children with an open case on the day who are in need",
        denominator_words="",
        numerator=IN_NEED,
        denominator=None,
        tables=("cin_episodes", "cin_assessments"),
        unit="count",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THAT_DAY,
        differs_from_dfe="DfE knows who was assessed as not in need from the reason of closure, once the case is closed; here the "
        "outcome of the latest assessment says so from the day it is authorised. A case open for more than two weeks with no "
        "assessment, or with one whose outcome is not recorded, counts as other, not as in need.",
        dimensions=REFERRAL,
        stock=True,
        changed=(EARLY_HELP,),
        needs=("cin_assessments.earlier rows",),
    ),
    Indicator(
        id="children_in_need_rate",
        title="Children in need (DfE) per 10,000 children",
        noun="children in need",
        definition="Children in need on the last day of the period as DfE counts them, for every 10,000 children aged 0 to 17 living "
        "in the area.",
        numerator_words="Children with an open case on the day who are in need",
        denominator_words=POPULATION,
        numerator=IN_NEED,
        denominator=CHILDREN,
        tables=("cin_episodes", "cin_assessments"),
        unit="per 10,000",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THAT_DAY,
        differs_from_dfe=f"The same as for the count of children in need. DfE publishes 31 March only. {PARTS}",
        dimensions=tuple(name for name in REFERRAL if name not in TEAM),
        stock=True,
        changed=(EARLY_HELP,),
        needs=("cin_assessments.earlier rows",),
    ),
    Indicator(
        id="s47_enquiries",
        title="Section 47 enquiries",
        noun="section 47 enquiries",
        definition="Enquiries under section 47 of the Children Act 1989, into whether a child suffers or is likely to suffer "
        "significant harm, that started in the period. Each counts, also a second one of the same child.",
        numerator_words="Section 47 enquiries started in the period",
        denominator_words="",
        numerator=Measure("s47_enquiry"),
        denominator=None,
        tables=("s47_enquiries",),
        unit="count",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="start"),
        differs_from_dfe="None known.",
        dimensions=EVENT,
    ),
    Indicator(
        id="s47_rate",
        title="Section 47 enquiries per 10,000 children",
        noun="section 47 enquiries",
        definition="Section 47 enquiries started in the period for every 10,000 children aged 0 to 17 living in the area. A "
        "part-year rate is not multiplied up unless it says annualised.",
        numerator_words="Section 47 enquiries started in the period",
        denominator_words=POPULATION,
        numerator=Measure("s47_enquiry"),
        denominator=CHILDREN,
        tables=("s47_enquiries",),
        unit="per 10,000",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="start"),
        differs_from_dfe=f"DfE publishes full financial years only. {PARTS}",
        dimensions=tuple(name for name in EVENT if name not in TEAM),
    ),
    Indicator(
        id="icpc_in_15_days",
        title="Initial child protection conferences within 15 working days",
        noun="conferences in time",
        definition="The share of initial child protection conferences held in the period that were held no more than 15 working days "
        "after the section 47 enquiry started. The day of the start is day 0; Saturdays, Sundays and England's bank holidays do "
        "not count. A conference counts once for each child.",
        numerator_words="Initial conferences held in the period within 15 working days of the start of the section 47 enquiry",
        denominator_words="Initial child protection conferences held in the period",
        numerator=Measure("conference", "working_days <= 15"),
        denominator=Measure("conference"),
        tables=("s47_enquiries",),
        unit="%",
        polarity="high",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="conference"),
        differs_from_dfe="None known. Conferences of children who moved in with another authority's plan follow no section 47 enquiry "
        "here, and are not counted. The clock starts with the enquiry; Working Together counts from the strategy discussion.",
        dimensions=EVENT,
    ),
    Indicator(
        id="cp_plans",
        title="Children on a child protection plan",
        noun="children on a child protection plan",
        definition="Children with a child protection plan on the last day of the period, each counted once. A plan runs from the day "
        "it starts until the day it ends. Plans of other authorities, which these count themselves, are left out.",
        numerator_words="Children with a child protection plan on the day",
        denominator_words="",
        numerator=Measure("cp_plan"),
        denominator=None,
        tables=("cp_plans",),
        unit="count",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THAT_DAY,
        differs_from_dfe="None known. The category of a plan is its latest: when an earlier one changed is not recorded.",
        dimensions=PLAN,
        stock=True,
    ),
    Indicator(
        id="cp_plan_rate",
        title="Children on a child protection plan per 10,000 children",
        noun="children on a child protection plan",
        definition="Children with a child protection plan on the last day of the period, for every 10,000 children aged 0 to 17 "
        "living in the area.",
        numerator_words="Children with a child protection plan on the day",
        denominator_words=POPULATION,
        numerator=Measure("cp_plan"),
        denominator=CHILDREN,
        tables=("cp_plans",),
        unit="per 10,000",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THAT_DAY,
        differs_from_dfe=f"DfE publishes 31 March only. {PARTS}",
        dimensions=tuple(name for name in PLAN if name not in TEAM),
        stock=True,
    ),
    Indicator(
        id="cp_plans_started",
        title="Child protection plans started",
        noun="child protection plans started",
        definition="Child protection plans that started in the period. Each counts, also a second one of the same child.",
        numerator_words="Child protection plans started in the period",
        denominator_words="",
        numerator=Measure("cp_plan_started"),
        denominator=None,
        tables=("cp_plans",),
        unit="count",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="start"),
        differs_from_dfe="None known. The category is the one the plan started with.",
        dimensions=PLAN,
    ),
    Indicator(
        id="cp_second_plan",
        title="Child protection plans for a second or subsequent time",
        noun="second or subsequent plans",
        definition="The share of child protection plans started in the period whose child had a plan before, at any time. Where the "
        "record does not say how many there were, an earlier plan among the records stands for it.",
        numerator_words="Child protection plans started in the period whose child had an earlier one",
        denominator_words="Child protection plans started in the period",
        numerator=Measure("cp_plan_started", "previous_plans > 0"),
        denominator=Measure("cp_plan_started"),
        tables=("cp_plans",),
        unit="%",
        polarity="low",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="start"),
        differs_from_dfe="None where the number of earlier plans is recorded. Where it is not, plans from before the records began and "
        "those of other authorities are missed, so that the share comes out too low. Two plans that start on one day are "
        "duplicates for this test.",
        dimensions=PLAN,
    ),
    Indicator(
        id="cp_plans_over_2_years",
        title="Child protection plans that had lasted two years or more",
        noun="plans of two years or more",
        definition="The share of child protection plans ended in the period that had lasted two years or more; two years to the day "
        "count.",
        numerator_words="Child protection plans ended in the period, two years or more after they started",
        denominator_words="Child protection plans ended in the period",
        numerator=Measure("cp_plan_ended", "lasted_2_years"),
        denominator=Measure("cp_plan_ended"),
        tables=("cp_plans",),
        unit="%",
        polarity="low",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=ON_THE_DAY.format(event="end"),
        differs_from_dfe="None known.",
        dimensions=PLAN,
    ),
)
