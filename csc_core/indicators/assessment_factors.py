"""Issues from assessments: the factors found at the end of each, in groups and one by one."""

from __future__ import annotations

from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TEAM, TIME, Indicator, Measure
from csc_core.indicators.front_door import ASSESSMENT, CIN_CENSUS, CIN_CENSUS_URL, ON_THE_DAY, POPULATION

SELECTS = ("factor_group", "factor")
CARRYING = Measure("assessment_factor", key="assessment_id")
WITH_A_FACTOR = "Assessments authorised in the period with a factor recorded, `none identified` (21) included"
EPISODES = (
    "DfE counts episodes of need with the factor, over episodes with any factor. Here each assessment counts, so a child "
    "assessed twice in the period counts twice; groups are this product's own, and DfE publishes single factors only."
)

ASSESSMENT_FACTORS = (
    Indicator(
        id="factor_prevalence",
        title="Assessments with an issue",
        noun="assessments with the issue",
        definition="Of the single assessments authorised in the period that have a factor recorded, the share that carry the "
        "issue chosen: any factor of it, each assessment once. An assessment can carry several issues, so shares do not add up to "
        "100. A factor left empty, or not in the code list, counts as a factor that is not known.",
        numerator_words="Assessments authorised in the period that carry the issue",
        denominator_words=WITH_A_FACTOR,
        numerator=CARRYING,
        denominator=Measure("assessment", "factor_recorded"),
        tables=("cin_assessments", "assessment_factors"),
        unit="%",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe=EPISODES,
        dimensions=(*PLACE, *TEAM, *PERSON, "referral_source", "primary_need", "assessment_outcome", *SELECTS, *TIME),
        numerator_only=SELECTS,
    ),
    Indicator(
        id="factor_rate",
        title="Assessments with an issue per 10,000 children",
        noun="assessments with the issue",
        definition="Single assessments authorised in the period that carry the issue chosen, each once, for every 10,000 children "
        "aged 0 to 17 living in the area. It rises and falls with the number of assessments, and with how many have a factor "
        "recorded. A part-year rate is not multiplied up unless it says annualised.",
        numerator_words="Assessments authorised in the period that carry the issue",
        denominator_words=POPULATION,
        numerator=CARRYING,
        denominator=CHILDREN,
        tables=("cin_assessments", "assessment_factors"),
        unit="per 10,000",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe=EPISODES,
        dimensions=(*PLACE, *PERSON, "referral_source", "primary_need", "assessment_outcome", *SELECTS, *TIME),
        numerator_only=SELECTS,
    ),
    Indicator(
        id="factor_recorded",
        title="Assessments with a factor recorded",
        noun="assessments with a factor recorded",
        definition="The share of single assessments authorised in the period that have any factor recorded, `none identified` (21) "
        "and factors not understood included. What the others found is not known: they are in no share of an issue.",
        numerator_words=WITH_A_FACTOR,
        denominator_words="Assessments authorised in the period",
        numerator=Measure("assessment", "factor_recorded"),
        denominator=Measure("assessment"),
        tables=("cin_assessments", "assessment_factors"),
        unit="%",
        polarity="none",
        source=CIN_CENSUS,
        source_url=CIN_CENSUS_URL,
        address_rule=ON_THE_DAY.format(event="authorisation"),
        differs_from_dfe="DfE publishes how many episodes have a factor recorded, without a share. Some forms of assessment carry no "
        "factors by design, so it stays below 100.",
        dimensions=ASSESSMENT,
    ),
)
