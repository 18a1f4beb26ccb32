"""Who carries the work: cases for each full-time worker, agency workers, vacancies."""

from __future__ import annotations

from csc_core.indicators.declaration import TEAM, TIME, Indicator, Measure
from csc_core.indicators.front_door import REPORT, REPORT_URL

CENSUS = "Department for Education, children's social work workforce: methodology"
CENSUS_URL = "https://explore-education-statistics.service.gov.uk/methodology/children-s-social-work-workforce"

NO_ADDRESS = "None: split by the team that {}, not by where children live."
HELD = NO_ADDRESS.format("holds the case")
POSTED = NO_ADDRESS.format("has the post")
HOURS = (
    " The hours of somebody with cases in two teams count once, divided between the teams as the cases are. Cases of workers whose hours "
    "are not recorded, or recorded as nought, are left out together with the worker."
)

AGENCY = Measure("post", "post_status = 'AGENCY'", "round(sum(fte), 2)")

WORKFORCE = (
    Indicator(
        id="average_caseload",
        title="Average caseload",
        noun="cases held by case holders",
        definition="Open cases held by case holders on the last day of the period for each full-time equivalent (FTE) case holder with a "
        "case. One child is one case. Cases with staff who are not case holders are not counted." + HOURS,
        numerator_words="Children with an open case and a case holder on the day",
        denominator_words="Full-time equivalent of the case holders who held a case on the day",
        numerator=Measure("case_held", "open_case and hours_known"),
        denominator=Measure("case_holder", value="round(sum(fte), 4)"),
        tables=("cin_episodes", "involvements", "professionals"),
        unit="ratio",
        polarity="low",
        source=REPORT,
        source_url=REPORT_URL,
        address_rule=HELD,
        differs_from_dfe="DfE counts on 30 September only, and every case allocated to a social worker, whether or not it is open in the "
        "case system.",
        dimensions=(*TEAM, *TIME),
        stock=True,
    ),
    Indicator(
        id="caseload_dfe",
        title="Average caseload on 30 September (DfE)",
        noun="cases held on 30 September",
        definition="Cases held on the latest 30 September up to the end of the period for each full-time equivalent (FTE) worker, agency "
        "workers included, who held one or more. Every child allocated to a case holder is one case." + HOURS,
        numerator_words="Children with a case holder on the latest 30 September",
        denominator_words="Full-time equivalent of the workers who held a case on that day",
        numerator=Measure("caseload_september", "hours_known"),
        denominator=Measure("caseload_september", "hours_known", "round(sum(fte), 4)"),
        tables=("involvements", "professionals"),
        unit="ratio",
        polarity="low",
        source=CENSUS,
        source_url=CENSUS_URL,
        address_rule=HELD,
        differs_from_dfe="DfE counts registered social workers and carers allocated to them too; here the role in the case decides, and "
        "only children are cases.",
        dimensions=(*TEAM, *TIME),
        stock=True,
    ),
    Indicator(
        id="agency_rate",
        title="Agency workers",
        noun="agency workers",
        definition="The share of the workforce, in full-time equivalents (FTE), that comes from agencies: agency workers out of agency "
        "workers and staff in post on the last day of the period.",
        numerator_words="Full-time equivalent of agency workers on the day",
        denominator_words="Full-time equivalent of agency workers and of staff in post on the day",
        numerator=AGENCY,
        denominator=Measure("post", "post_status in ('AGENCY', 'STAFF')", "round(sum(fte), 2)"),
        tables=("posts",),
        unit="%",
        polarity="low",
        source=CENSUS,
        source_url=CENSUS_URL,
        address_rule=POSTED,
        differs_from_dfe="DfE counts on 30 September only.",
        dimensions=(*TEAM, *TIME),
        stock=True,
    ),
    Indicator(
        id="agency_covering_vacancy",
        title="Agency workers covering a vacancy",
        noun="agency workers covering a vacancy",
        definition="The share of agency workers, in full-time equivalents (FTE), who cover a vacant post on the last day of the period; "
        "the others replace somebody absent or add to the team.",
        numerator_words="Full-time equivalent of agency workers who cover a vacancy on the day",
        denominator_words="Full-time equivalent of agency workers on the day",
        numerator=Measure("post", "post_status = 'AGENCY' and covers_vacancy", "round(sum(fte), 2)"),
        denominator=AGENCY,
        tables=("posts",),
        unit="%",
        polarity="none",
        source=CENSUS,
        source_url=CENSUS_URL,
        address_rule=POSTED,
        differs_from_dfe="DfE counts on 30 September only. Where the HR file does not say, the worker is taken not to cover a vacancy.",
        dimensions=(*TEAM, *TIME),
        stock=True,
    ),
    Indicator(
        id="vacancy_rate",
        title="Vacancies",
        noun="vacancies",
        definition="The share of posts, in full-time equivalents (FTE), that are vacant on the last day of the period: vacancies out of "
        "vacancies and staff in post. A vacancy covered by an agency worker is a vacancy.",
        numerator_words="Full-time equivalent of vacancies on the day",
        denominator_words="Full-time equivalent of vacancies and of staff in post on the day",
        numerator=Measure("post", "post_status = 'VACANT'", "round(sum(fte), 2)"),
        denominator=Measure("post", "post_status in ('VACANT', 'STAFF')", "round(sum(fte), 2)"),
        tables=("posts",),
        unit="%",
        polarity="low",
        source=CENSUS,
        source_url=CENSUS_URL,
        address_rule=POSTED,
        differs_from_dfe="DfE counts on 30 September only.",
        dimensions=(*TEAM, *TIME),
        stock=True,
    ),
)
