"""Children looked after: how many, under which legal status, visited in time, where placed, and how settled."""

from __future__ import annotations

from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TEAM, TIME, Indicator, Measure
from csc_core.indicators.front_door import LAIT, LAIT_URL, POPULATION, REPORT, REPORT_URL

CLA_STATISTICS = "Department for Education, children looked after in England including adoptions"
CLA_STATISTICS_URL = (
    "https://explore-education-statistics.service.gov.uk/find-statistics/children-looked-after-in-england-including-adoptions"
)
REGULATION_28 = "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 28"
REGULATION_28_URL = "https://www.legislation.gov.uk/uksi/2010/959/regulation/28"

AT_ENTRY = (
    "Home address on entry to care: the home postcode of the period of care, else the last home address before it. Never the "
    "placement. Refuge, adoptive and confidential addresses count for the county only."
)
IN_CARE = "Children looked after on the day"
NO_SHORT_BREAKS = "Children on short breaks only (legal status V3 or V4) are not counted."
A_PLACEMENT = (
    "A placement counts if it lasted at least 24 hours, that is if it did not end on the day it began; temporary moves (T0 to "
    "T4), a change of status only and a foster carer who adopts the child are not new placements."
)
NOT_KNOWN_IN_FULL = "Children with no placement recorded from the first week of the period of care are left out."
WITHOUT = ("cla_episodes", "legal_status")
SPLIT = (*PLACE, *TEAM, *PERSON, "legal_status", "placement_type", "placements_band", *TIME)
RATE = tuple(dimension for dimension in SPLIT if dimension not in TEAM)
# Sums of days and moves say nothing of how many children are behind them, so a few children could not be withheld.
WHOLE_PERIOD = ("county", *TIME)

CARE = Measure("looked_after")

LOOKED_AFTER = (
    Indicator(
        id="looked_after",
        title="Children looked after",
        noun="looked-after children",
        definition=f"Children looked after by the council on the last day of the period, each counted once. {NO_SHORT_BREAKS}",
        numerator_words=IN_CARE,
        denominator_words="",
        numerator=CARE,
        denominator=None,
        tables=WITHOUT,
        unit="count",
        polarity="none",
        source=CLA_STATISTICS,
        source_url=CLA_STATISTICS_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="None known on 31 March. DfE publishes no other day.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="looked_after_rate",
        title="Children looked after per 10,000 children",
        noun="looked-after children",
        definition="Children looked after on the last day of the period for every 10,000 children aged 0 to 17 living in the area. "
        + NO_SHORT_BREAKS,
        numerator_words=IN_CARE,
        denominator_words=POPULATION,
        numerator=CARE,
        denominator=CHILDREN,
        tables=WITHOUT,
        unit="per 10,000",
        polarity="none",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE rounds the rate to a whole number. Areas below the county use district shares of an older ONS estimate, "
        "scaled to DfE's county total.",
        dimensions=RATE,
        stock=True,
    ),
    Indicator(
        id="looked_after_legal_status",
        title="Children looked after by legal status",
        noun="looked-after children",
        definition="Children looked after on the last day of the period, by group of legal status: an interim or full care order (C1, "
        "C2), a placement or freeing order (E1, D1), accommodation by agreement under section 20 (V2), police protection, emergency "
        f"protection or child assessment (L1 to L3), youth justice (J1 to J3). The share of each group is of all "
        f"children looked after on the day. {NO_SHORT_BREAKS}",
        numerator_words="Children looked after on the day under the legal status",
        denominator_words="",
        numerator=CARE,
        denominator=None,
        tables=WITHOUT,
        unit="count",
        polarity="none",
        source=CLA_STATISTICS,
        source_url=CLA_STATISTICS_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="None known: the groups are DfE's, with interim and full care orders together as the council reports them.",
        dimensions=SPLIT,
        stock=True,
        drawn_with="legal_status",
    ),
    Indicator(
        id="looked_after_visited_in_time",
        title="Looked-after children visited in time",
        noun="looked-after children visited in time",
        definition="The share of looked-after children whose last visit due by the day was made by its day. A visit is due within a "
        "week of the start of each placement; then within six weeks of the last visit; once the placement has lasted a year, within "
        "three months if it is long-term fostering (U1, U4), which is meant to last to the age of 18; within four weeks where a child "
        "lives with parents under an interim care order. A visit at which the child was not seen does not count. A child whose first "
        "visit in a placement is not yet due counts as in time. A child with no placement recorded is visited as if placed on entry.",
        numerator_words="Children looked after on the day whose last visit due was made in time, or whose first is not yet due",
        denominator_words=IN_CARE,
        numerator=Measure("looked_after", "visited_in_time"),
        denominator=CARE,
        tables=(*WITHOUT, "cla_placements", "cla_visits"),
        unit="%",
        polarity="high",
        source=REGULATION_28,
        source_url=REGULATION_28_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure: DfE publishes no statistic of visits. The case records do not hold whether a placement is "
        "meant to last to 18, so long-term fostering stands for it, nor the first review, until which some children are due a visit "
        "every week, nor the agreement of a child in long-term fostering to be visited less often.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="looked_after_first_visit_to_come",
        title="Looked-after children whose first visit is not yet due",
        noun="looked-after children whose first visit is not yet due",
        definition="Looked-after children in a placement for no more than a week and not yet visited there: they count as visited in "
        "time, and this says how many they are.",
        numerator_words="Children looked after on the day whose first visit in the placement is not yet due",
        denominator_words="",
        numerator=Measure("looked_after", "first_visit_to_come"),
        denominator=None,
        tables=(*WITHOUT, "cla_placements", "cla_visits"),
        unit="count",
        polarity="none",
        source=REGULATION_28,
        source_url=REGULATION_28_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure: DfE publishes no statistic of visits.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="placements_12_months",
        title="Placements in the past 12 months",
        noun="looked-after children",
        definition="Children looked after on the last day of the period, by how many placements they have had in the 12 months that end "
        f"with it, those open on the first and the last day included. {A_PLACEMENT} A child with no placement "
        "recorded, or looked after for longer than the records of placements go back within the 12 months, is `not known`. The share of "
        "each group is of all children looked after on the day, those not known included.",
        numerator_words="Children looked after on the day with so many placements in the 12 months to it",
        denominator_words="",
        numerator=CARE,
        denominator=None,
        tables=(*WITHOUT, "cla_placements"),
        unit="count",
        polarity="none",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="None known for three or more. DfE publishes no count of children with no placement recorded.",
        dimensions=SPLIT,
        stock=True,
        look_back_months=12,
        drawn_with="placements_band",
    ),
    Indicator(
        id="placements_3_or_more",
        title="Looked-after children with three or more placements in 12 months",
        noun="looked-after children with three or more placements",
        definition="The share of looked-after children who have had three or more placements in the 12 months that end with the day, "
        f"those open on its first and last day included. {A_PLACEMENT}",
        numerator_words="Children looked after on the day with three or more placements in the 12 months to it",
        denominator_words=IN_CARE,
        numerator=Measure("looked_after", "placements_band = '3 or more'"),
        denominator=CARE,
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="low",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE rounds to a whole percentage and publishes 31 March only.",
        dimensions=tuple(dimension for dimension in SPLIT if dimension != "placements_band"),
        stock=True,
        look_back_months=12,
    ),
    Indicator(
        id="long_term_stability",
        title="Long-term placement stability",
        noun="children in the same placement for two years",
        definition="Of looked-after children under 16 at the end of the month who have been looked after for two and a half years or more "
        "without a break, the share who have lived with the same carer for at least two years. A placement for adoption is taken together "
        "with the placement before it. Children of whom no placement is recorded two years before the day are left out. " + A_PLACEMENT,
        numerator_words="Of these children, those with the same carer for at least two years",
        denominator_words="Children under 16 looked after on the day and for at least two and a half years before it",
        numerator=Measure("looked_after", "long_term and settled"),
        denominator=Measure("looked_after", "long_term"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="high",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE rounds to a whole percentage and publishes 31 March only.",
        dimensions=SPLIT,
        stock=True,
        look_back_months=24,
    ),
    Indicator(
        id="placed_over_20_miles",
        title="Looked-after children placed over 20 miles from home",
        noun="looked-after children placed over 20 miles from home",
        definition="The share of looked-after children whose placement is more than 20 miles from their home on entry to care, in a "
        "straight line between the two postcodes. Children of whom either postcode is not known are left out.",
        numerator_words="Children looked after on the day and placed more than 20 miles from home",
        denominator_words="Children looked after on the day, both postcodes known",
        numerator=Measure("looked_after", "over_20_miles"),
        denominator=Measure("looked_after", "over_20_miles is not null"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="low",
        source=CLA_STATISTICS,
        source_url=CLA_STATISTICS_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE's headline counts those who are placed outside the authority as well (see the measure of both), as a share "
        "of all looked-after children, distances that are not known included.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="placed_out_of_county",
        title="Looked-after children placed out of the county",
        noun="looked-after children placed out of the county",
        definition="The share of looked-after children whose placement has a postcode outside the county. Children whose placement has no "
        "postcode on the list are left out.",
        numerator_words="Children looked after on the day and placed outside the county",
        denominator_words="Children looked after on the day, postcode of the placement known",
        numerator=Measure("looked_after", "out_of_county"),
        denominator=Measure("looked_after", "out_of_county is not null"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="low",
        source=CLA_STATISTICS,
        source_url=CLA_STATISTICS_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE's share is of all looked-after children, placements without a postcode included.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="placed_over_20_miles_out_of_county",
        title="Looked-after children placed over 20 miles from home and out of the county",
        noun="looked-after children placed over 20 miles from home and out of the county",
        definition="The share of looked-after children whose placement is outside the county and more than 20 miles from their home on "
        "entry to care, in a straight line between the two postcodes. Children of whom either postcode is not known are left out.",
        numerator_words="Children looked after on the day, placed outside the county and more than 20 miles from home",
        denominator_words="Children looked after on the day, both postcodes known",
        numerator=Measure("looked_after", "over_20_miles and out_of_county"),
        denominator=Measure("looked_after", "over_20_miles is not null"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="low",
        source=LAIT,
        source_url=LAIT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="DfE's share is of all looked-after children, distances that are not known included.",
        dimensions=SPLIT,
        stock=True,
    ),
    Indicator(
        id="care_placements",
        title="Placements over the whole period of care",
        noun="placements",
        definition="For children looked after on the day, the average number of placements since they entered care, the one they are in "
        f"included. {A_PLACEMENT} {NOT_KNOWN_IN_FULL}",
        numerator_words="Placements since entry to care of the children looked after on the day",
        denominator_words="Children looked after on the day",
        numerator=Measure("looked_after", "history_known", "sum(moves + 1)"),
        denominator=Measure("looked_after", "history_known"),
        tables=(*WITHOUT, "cla_placements"),
        unit="ratio",
        polarity="low",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure, which the scrutiny committee asked for: DfE counts the placements of the last 12 months only.",
        dimensions=WHOLE_PERIOD,
        stock=True,
        needs=("cla_placements.earlier rows",),
    ),
    Indicator(
        id="care_moves_per_year",
        title="Moves per year over the whole period of care",
        noun="moves",
        definition="For children looked after on the day, the moves from one placement to the next since they entered care, for each year "
        f"they have been looked after. {A_PLACEMENT} {NOT_KNOWN_IN_FULL}",
        numerator_words="Moves since entry to care of the children looked after on the day",
        denominator_words="Years since entry to care of the children looked after on the day",
        numerator=Measure("looked_after", "history_known", "sum(moves)"),
        denominator=Measure("looked_after", "history_known", "sum(last - entered) / 365.25"),  # `last` is the day asked for
        tables=(*WITHOUT, "cla_placements"),
        unit="ratio",
        polarity="low",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure, which the scrutiny committee asked for: DfE counts the placements of the last 12 months only.",
        dimensions=WHOLE_PERIOD,
        stock=True,
        needs=("cla_placements.earlier rows",),
    ),
    Indicator(
        id="care_longest_placement_share",
        title="Share of time in the longest placement",
        noun="days in the longest placement",
        definition="For children looked after on the day, the share of all their days since entry to care that they have spent in their "
        f"longest placement. {A_PLACEMENT} {NOT_KNOWN_IN_FULL}",
        numerator_words="Days in the longest placement of each child looked after on the day",
        denominator_words="Days since entry to care of the children looked after on the day",
        numerator=Measure("looked_after", "history_known", "sum(greatest(longest_stay, coalesce(last - stay_from, 0)))"),
        denominator=Measure("looked_after", "history_known", "sum(last - entered)"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="high",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure, which the scrutiny committee asked for: DfE publishes none.",
        dimensions=WHOLE_PERIOD,
        stock=True,
        needs=("cla_placements.earlier rows",),
    ),
    Indicator(
        id="care_first_move_days",
        title="Days to the first move",
        noun="days to the first move",
        definition="For children looked after on the day who have moved since they entered care, the average number of days from entry to "
        f"the first move. Children who have not moved have no such day and are not in it. {A_PLACEMENT} {NOT_KNOWN_IN_FULL}",
        numerator_words="Days from entry to care to the first move",
        denominator_words="Children looked after on the day who have moved since they entered care",
        numerator=Measure("looked_after", "history_known and moves > 0", "sum(days_to_first_move)"),
        denominator=Measure("looked_after", "history_known and moves > 0"),
        tables=(*WITHOUT, "cla_placements"),
        unit="ratio",
        polarity="high",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure, which the scrutiny committee asked for: DfE publishes none.",
        dimensions=WHOLE_PERIOD,
        stock=True,
        needs=("cla_placements.earlier rows",),
    ),
    Indicator(
        id="care_unplanned_moves",
        title="Moves that were not planned",
        noun="unplanned moves",
        definition="Of the moves of children looked after on the day since they entered care, the share not made to carry out the "
        f"care plan (reason CARPL). Moves without a recorded reason are left out. {A_PLACEMENT} {NOT_KNOWN_IN_FULL}",
        numerator_words="Moves since entry to care for another reason than the care plan",
        denominator_words="Moves since entry to care with a recorded reason",
        numerator=Measure("looked_after", "history_known", "sum(unplanned_moves)"),
        denominator=Measure("looked_after", "history_known", "sum(moves_with_reason)"),
        tables=(*WITHOUT, "cla_placements"),
        unit="%",
        polarity="low",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=AT_ENTRY,
        differs_from_dfe="A local measure, which the scrutiny committee asked for: DfE publishes none.",
        dimensions=WHOLE_PERIOD,
        stock=True,
        needs=("cla_placements.earlier rows",),
    ),
)
