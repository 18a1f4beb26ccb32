"""Beginning and leaving care: health assessments on entry, adoption, and young people who have left."""

from __future__ import annotations

from csc_core.indicators.declaration import PERSON, PLACE, TEAM, TIME, Indicator, Measure

CLA_RETURN = "Department for Education, children looked-after (SSDA903) return: guide to submitting data"
CLA_RETURN_URL = "https://www.gov.uk/guidance/children-looked-after-return"
SCORECARDS = "Department for Education, adoption scorecards"
SCORECARDS_URL = "https://www.gov.uk/government/news/adoption-scorecards-and-thresholds-published"
HEALTH = "Department for Education and Department of Health, Promoting the health and wellbeing of looked-after children"
HEALTH_URL = "https://www.gov.uk/government/publications/promoting-the-health-and-wellbeing-of-looked-after-children--2"

HOME_ON_THE_DAY = "Home address on the day. Refuge, adoptive and confidential addresses count for the county only."
HOME_ON_ENTRY = "The home from which the child entered care, never the placement or the adoptive home."

# who is not a care leaver is left out where the fact is made (facts/care_leaver.sql)
LEAVERS = Measure("care_leaver")
LEAVERS_WORDS = "Care leavers aged 17 to 21 on the day"
LEAVERS_ARE = (
    " Care leavers are those who are 17 to 21 at the end of the month, by the records that hold on the day. Those not in touch, who "
    "refuse contact or need no services are among them; those still looked after, who qualify for advice only, who have died or have "
    "been back with a parent for six months are not."
)
NOT_DFES_COHORT = (
    "A local measure of everybody aged 17 to 21 on one day. DfE asks once a year, about the time of the birthday, and publishes ages 19 "
    "to 21 apart from 17 and 18: its figures for Devon (EET 42%, not in touch 7% in 2016-17) cannot be worked out from this one."
)
LEAVER = (*PLACE, *TEAM, *PERSON, *TIME)

LEAVING_CARE = (
    Indicator(
        id="care_leavers_in_touch",
        title="Care leavers in touch",
        noun="care leavers in touch",
        definition="The share of care leavers with whom the council is in touch." + LEAVERS_ARE,
        numerator_words="Care leavers aged 17 to 21 on the day with whom the council is in touch",
        denominator_words=LEAVERS_WORDS,
        numerator=Measure("care_leaver", "in_touch"),
        denominator=LEAVERS,
        tables=("care_leavers",),
        unit="%",
        polarity="high",
        source=CLA_RETURN,
        source_url=CLA_RETURN_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe=NOT_DFES_COHORT,
        dimensions=LEAVER,
        stock=True,
    ),
    Indicator(
        id="care_leavers_eet",
        title="Care leavers in education, employment or training",
        noun="care leavers in education, employment or training",
        definition="The share of care leavers in education, employment or training (EET), full time or part time. What is not known "
        "counts as not." + LEAVERS_ARE,
        numerator_words="Care leavers aged 17 to 21 on the day in education, employment or training",
        denominator_words=LEAVERS_WORDS,
        numerator=Measure("care_leaver", "in_eet"),
        denominator=LEAVERS,
        tables=("care_leavers",),
        unit="%",
        polarity="high",
        source=CLA_RETURN,
        source_url=CLA_RETURN_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe=NOT_DFES_COHORT,
        dimensions=LEAVER,
        stock=True,
    ),
    Indicator(
        id="care_leavers_accommodation",
        title="Care leavers in suitable accommodation",
        noun="care leavers in suitable accommodation",
        definition="The share of care leavers whose accommodation is recorded as suitable. What is not known counts as not." + LEAVERS_ARE,
        numerator_words="Care leavers aged 17 to 21 on the day in suitable accommodation",
        denominator_words=LEAVERS_WORDS,
        numerator=Measure("care_leaver", "suitable"),
        denominator=LEAVERS,
        tables=("care_leavers",),
        unit="%",
        polarity="high",
        source=CLA_RETURN,
        source_url=CLA_RETURN_URL,
        address_rule=HOME_ON_THE_DAY,
        differs_from_dfe=NOT_DFES_COHORT,
        dimensions=LEAVER,
        stock=True,
    ),
    Indicator(
        id="adoption_within_14_months",
        title="Placed for adoption within 14 months of entering care",
        noun="children placed for adoption",
        definition="Of the children placed for adoption in the 12 months that end with the period, the share who moved in with their "
        "adoptive family less than 14 months after entering care. The 12 months are the same whatever the length of the period asked "
        "for. A child placed again in that time is counted once, by the later placement.",
        numerator_words="Children placed for adoption in the 12 months to the day, less than 14 months after entering care",
        denominator_words="Children placed for adoption in the 12 months to the day",
        numerator=Measure("adoption_placement", "within_14_months"),
        denominator=Measure("adoption_placement"),
        tables=("permanence",),
        unit="%",
        polarity="high",
        source=SCORECARDS,
        source_url=SCORECARDS_URL,
        address_rule=HOME_ON_ENTRY,
        differs_from_dfe="A local measure: 12 months, and children placed. DfE's scorecard (A3) takes three years and children adopted or "
        "still waiting: see the other indicator.",
        dimensions=(*PLACE, *TEAM, *PERSON, *TIME),
        stock=True,
        look_back_months=12,
    ),
    Indicator(
        id="adoption_a3",
        title="Waiting less than 14 months for adoption (scorecard A3, three years)",
        noun="children adopted or waiting for adoption",
        definition="Of the children adopted in the three years that end with the period, or still going through the process on its last "
        "day after the agency's decision that they should be adopted, the share who wait less than 14 months between entering care and "
        "moving in with their adoptive family. A child not yet placed waits less than 14 months until 14 months have passed. A child "
        "who was adopted and of whom no day of placement is recorded is left out.",
        numerator_words="Those of them who moved in with their adoptive family within 14 months of entering care, or have not yet waited "
        "so long",
        denominator_words="Children adopted in the three years to the day, or with a decision for adoption that stands on the day",
        numerator=Measure("adoption_process", "within_14_months"),
        denominator=Measure("adoption_process"),
        tables=("permanence",),
        unit="%",
        polarity="high",
        source=SCORECARDS,
        source_url=SCORECARDS_URL,
        address_rule=HOME_ON_ENTRY,
        differs_from_dfe="DfE's three years end on 31 March. How it counts children not yet placed could not be read from its guidance "
        "and is our reading; a foster carer who adopts is taken to have become the adoptive family on the recorded day of placement.",
        dimensions=(*PLACE, "sex", "ethnic_group", "disability", *TIME),
        stock=True,
        look_back_months=36,
    ),
    Indicator(
        id="initial_health_assessment_in_20_days",
        title="Initial health assessments within 20 working days",
        noun="initial health assessments in time",
        definition="Of the children whose initial health assessment fell due in the period, the share who had it by then. It is due 20 "
        "working days after the child enters care: the day of entry is day 0; Saturdays, Sundays and England's bank holidays do not "
        "count. A child who left care before it was due is not counted.",
        numerator_words="Those of them assessed on that day or before",
        denominator_words="Entries to care whose initial health assessment fell due in the period",
        numerator=Measure("health_assessment", "in_time"),
        denominator=Measure("health_assessment"),
        tables=("cla_health",),
        unit="%",
        polarity="high",
        source=HEALTH,
        source_url=HEALTH_URL,
        address_rule=HOME_ON_ENTRY,
        differs_from_dfe="A local measure: DfE publishes annual health assessments, not the initial one. The period is that in which the "
        "assessment fell due, so that none is counted as late before its time.",
        dimensions=(*PLACE, *TEAM, *PERSON, *TIME),
    ),
)
