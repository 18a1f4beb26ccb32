"""The rules: what each looks for, what it means for the figures, and which figures it touches.

A rule either recognises what the door said of a row (`said`), or is a query over the rows kept (`sql`), with one row for each record
looked at. The numbers are those of the Department for Education's validation rules for the children in need census.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from csc_core.indicators import INDICATORS, Indicator
from csc_core.tables import TABLES

Severity = Literal["error", "warning", "information"]
SEVERITIES: Mapping[Severity, str] = {
    "error": "rows lost, or a figure wrong",
    "warning": "a figure less complete, or doubtful",
    "information": "good to know: nothing is lost",
}


@dataclass(frozen=True)
class Rule:
    """One rule.

    `said` is the pattern of the door's reason, and `outcome` what became of the row, where both kinds have the same reason. `sql`
    yields table_name, record_id, person_id, team, day, fails (bool) and detail, a row for each record looked at; `needs` are the
    case tables without which it says nothing. `dimension` names a split that its rows make less complete, `indicators` the figures
    that they touch where these are not all of the table's. `dfe` is DfE's number of the same rule, by the case table that it is of.
    `finds` says of what kind its rows are: `records` can be those of few children, months and tables cannot.
    """

    id: str
    title: str
    means: str
    severity: Severity
    said: str = ""
    outcome: str = ""
    sql: str = ""
    needs: tuple[str, ...] = ()
    dimension: str = ""
    indicators: tuple[str, ...] = ()
    dfe: Mapping[str, str] = field(default_factory=dict)
    finds: Literal["records", "months", "tables"] = "records"

    def touches(self, table: str) -> tuple[Indicator, ...]:
        """The indicators whose figures the rows found in a case table bear on."""
        if self.indicators:
            return tuple(INDICATORS[id] for id in self.indicators)
        if self.dimension:
            return tuple(one for one in INDICATORS.values() if self.dimension in one.dimensions)
        return tuple(one for one in INDICATORS.values() if table in one.tables or _hangs_on(one, table))


def _hangs_on(one: Indicator, table: str) -> bool:
    """Every indicator about children hangs on the children, and every one that has a place on their addresses."""
    if table == "persons":
        return any(TABLES[name].of_children for name in one.tables)
    return table == "addresses" and "district" in one.dimensions


_FACTORS = ("factor_prevalence", "factor_rate", "factor_recorded")

# What the door finds, row by row.
AT_THE_DOOR = (
    Rule(
        "value_missing",
        "A required value is missing",
        "The row was rejected: without the value it cannot be placed or counted.",
        "error",
        said="is required and empty",
    ),
    Rule(
        "row_damaged",
        "A row that cannot be read",
        "The row was rejected: its fields do not fit the heading, or a value is damaged.",
        "error",
        said="fields like the heading|quotation mark|does not end|line break|cannot be read|is longer than",
    ),
    Rule(
        "value_impossible",
        "A date or number that cannot be right",
        "The row was rejected, unless other rows hang on it: then it was kept, and the date read as not known.",
        "error",
        said="is not a date|is not a day in the calendar|is before 1900|is not a number|is not between",
    ),
    Rule(
        "date_in_the_future",
        "A day after the data were taken",
        "It cannot have happened: the row was rejected, unless other rows hang on it: then it was kept, and the day read as not known.",
        "error",
        said="the data's as-at|is still to come",
        dfe={"persons": "8520"},
    ),
    Rule(
        "closed_before_opened",
        "An end before its start",
        "The row was rejected, unless other rows hang on it: then it was kept, and the end read as not known.",
        "error",
        said="is before [a-z_]+(:|$)",
        dfe={"cin_episodes": "8630"},
    ),
    Rule(
        "key_repeated",
        "A key that was used before",
        "The first good row stays and the others were rejected, so that nothing is counted twice.",
        "error",
        said="repeats the key of row",
        dfe={"persons": "8510"},
    ),
    Rule(
        "child_not_known",
        "A row of a child who is not among the children",
        "The row was rejected: whose it is cannot be told.",
        "error",
        said="or was rejected there",
        outcome="rejected",
    ),
    Rule(
        "reference_not_known",
        "A team, worker or other record that is named and not there",
        "The row is counted; what it names stays as it stands.",
        "information",
        said="or was rejected there",
        outcome="kept",
    ),
    Rule(
        "code_not_in_list",
        "A code that is not in its list",
        "The row is counted, and the code read as not known; a kind of address as no home, and a mark under restricted as restricted.",
        "warning",
        said="is not in the code list",
    ),
    Rule(
        "factor_empty",
        "An assessment factor left empty",
        "Something was found at the assessment and is lost: it counts as a factor that is not known.",
        "warning",
        said="is empty: read as not known",
        indicators=_FACTORS,
    ),
    Rule(
        "factor_21_beside_others",
        "No factor identified, beside factors",
        "Both stand: which of them is wrong only the record's keeper knows. The assessment counts in each issue recorded.",
        "warning",
        said="stands beside others",
        indicators=_FACTORS,
        dfe={"assessment_factors": "8869"},
    ),
    Rule(
        "something_else",
        "Something else that the source said of a row",
        "Its reason stands beside each row.",
        "information",
        said=".",
    ),
)


def _addresses(status: str) -> str:
    """The home addresses that place a child, and whether the postcode has one of these states. Without a day: an address often begins
    on the day of birth, which no snapshot holds."""
    return f"""
        select 'addresses' as table_name, table_id as record_id, person_id, null as team, cast(null as date) as day,
               postcode_status in ({status}) as fails, null as detail
        from address where district <> 'confidential'
    """


# What the rows kept show together.
OF_THE_RECORDS = (
    Rule(
        "postcode_terminated",
        "Postcodes that have been withdrawn",
        "They are found all the same, and place the child where the postcode was.",
        "information",
        sql=_addresses("'terminated'"),
        needs=("addresses",),
        dimension="district",
    ),
    Rule(
        "postcode_out_of_county",
        "Postcodes outside the county",
        "These children are counted for the county and are not on the map.",
        "information",
        sql=_addresses("'out of county'"),
        needs=("addresses",),
        dimension="district",
    ),
    Rule(
        "postcode_malformed",
        "Postcodes that are none",
        "What is written is no postcode, or one that is not on the list: the child is on no map while living there.",
        "warning",
        sql=_addresses("'not a postcode', 'unlisted'"),
        needs=("addresses",),
        dimension="district",
    ),
    Rule(
        "postcode_missing",
        "Addresses without a postcode",
        "The child is on no map while living there.",
        "warning",
        sql=_addresses("'not known'"),
        needs=("addresses",),
        dimension="district",
    ),
    Rule(
        "home_not_known",
        "Referrals of a child with no known home on the day",
        "They count for the county and are not on the map.",
        "warning",
        sql="""
            select 'cin_episodes' as table_name, referral_id as record_id, person_id, null as team, date as day,
                   district = 'not known' as fails, null as detail
            from referral
        """,
        needs=("cin_episodes", "addresses"),
        dimension="district",
    ),
    Rule(
        "team_not_mapped",
        "Teams that the mapping file does not place",
        "Their work is in no team locality and no service; it is in every total.",
        "warning",
        sql="""
            with used as (
                select professional_team as team from involvements
                union select referral_team from cin_episodes
                union select assessment_team from cin_assessments
                union select s47_completed_by_team from s47_enquiries
                union select care_leaver_allocated_team from care_leavers
                union select team_id from posts
            )
            select 'departments' as table_name, null as record_id, null as person_id, team, null as day,
                   not exists (select 1 from departments where team_id = team and team_locality is not null) as fails, null as detail
            from used where team is not null
        """,
        dimension="team",
    ),
    Rule(
        "before_birth",
        "Before birth, or long before it",
        "The date of birth or the record is wrong: a child is in no care before birth, and can be referred, assessed and have a plan from "
        "some 300 days before. All is counted as the records say.",
        "error",
        sql="""
            with recorded as (
                select 'cla_episodes' as table_name, cla_episode_id as record_id, person_id, null as team, cla_episode_start_date as day,
                       0 as days_before
                from cla_episodes
                union all select 'cin_episodes', referral_id, person_id, referral_team, referral_date, 300 from cin_episodes
                union all select 'cin_assessments', assessment_id, person_id, assessment_team, assessment_start_date, 300
                from cin_assessments
                union all select 's47_enquiries', s47_enquiry_id, person_id, s47_completed_by_team, s47_start_date, 300 from s47_enquiries
                union all select 'cp_plans', cp_plan_id, person_id, null, cp_plan_start_date, 300 from cp_plans
            )
            select table_name, record_id, person_id, team, day,
                   coalesce(day < coalesce(dob, expected_dob) - days_before, false) as fails, null as detail
            from recorded join persons using (person_id)
        """,
    ),
    Rule(
        "begun_without_case",
        "Plans and care begun with no case open",
        "A child with a plan, or looked after, has a case: without one the child is missing among open cases and children in need.",
        "warning",
        sql="""
            with begun as (
                select 'cp_plans' as table_name, cp_plan_id as record_id, person_id, cp_plan_start_date as day from cp_plans
                union all
                select 'cla_episodes', cla_episode_id, person_id, cla_episode_start_date from cla_episodes
            )
            select table_name, record_id, person_id, null as team, day,
                   not exists (select 1 from cin_episodes where cin_episodes.person_id = begun.person_id
                               and referral_date <= day and (close_date is null or close_date > day)) as fails,
                   null as detail
            from begun
        """,
        needs=("cin_episodes",),
        indicators=("open_cases", "children_in_need", "children_in_need_rate"),
    ),
    Rule(
        "referred_after_death",
        "Referred after the day of death",
        "One of the two dates is wrong; the referral is counted.",
        "error",
        sql="""
            select 'cin_episodes' as table_name, referral_id as record_id, person_id, referral_team as team, referral_date as day,
                   coalesce(referral_date > death_date, false) as fails, null as detail
            from cin_episodes join persons using (person_id)
        """,
        needs=("cin_episodes",),
        dfe={"cin_episodes": "8555"},
    ),
    Rule(
        "referred_twice_in_a_day",
        "Second referrals of one child on one day",
        "Every row counts as a referral, so that duplicates make the number too high; none makes the other a re-referral.",
        "warning",
        sql="""
            select 'cin_episodes' as table_name, referral_id as record_id, person_id, referral_team as team, referral_date as day,
                   row_number() over (partition by person_id, referral_date order by referral_id) > 1 as fails, null as detail
            from cin_episodes
        """,
        needs=("cin_episodes",),
    ),
    Rule(
        "referred_while_open",
        "Referrals while an earlier one is open",
        "A child whose case is open cannot be referred: the new one counts all the same, and the child is one open case.",
        "warning",
        sql="""
            select 'cin_episodes' as table_name, referral_id as record_id, person_id, referral_team as team, referral_date as day,
                   exists (select 1 from cin_episodes as earlier where earlier.person_id = cin_episodes.person_id
                           and earlier.referral_date < cin_episodes.referral_date
                           and (earlier.close_date is null or earlier.close_date > cin_episodes.referral_date)) as fails,
                   null as detail
            from cin_episodes
        """,
        needs=("cin_episodes",),
        dfe={"cin_episodes": "8820"},
    ),
    Rule(
        "code_of_another_year",
        "Codes that were not in use in their year",
        "The row is counted with its code. A trend of the code starts or stops where the list changed.",
        "warning",
        sql="""
            with coded as (
                select 'assessment_factors' as table_name, assessment_factors.table_id as record_id, person_id, assessment_team as team,
                       assessment_auth_date as day, 'assessment_factor' as list, assessment_factor as code
                from assessment_factors join cin_assessments using (assessment_id)
                where assessment_factor is not null and assessment_auth_date is not null
                union all
                select 'cin_episodes', referral_id, person_id, referral_team, close_date, 'close_reason', close_reason
                from cin_episodes where close_reason is not null and close_date is not null
                union all
                select 'cin_episodes', referral_id, person_id, referral_team, referral_date, 'referral_source', referral_source_code
                from cin_episodes where referral_source_code is not null
            ),
            judged as (
                select *, coalesce(day < first_day or day > last_day, false) as wrong from coded left join code_in_use using (list, code)
            )
            select table_name, record_id, any_value(person_id) as person_id, any_value(team) as team,
                   coalesce(max(day) filter (wrong), max(day)) as day, bool_or(wrong) as fails,
                   string_agg(list || ' ' || code, ', ' order by list) filter (wrong) as detail
            from judged group by table_name, record_id
        """,
        needs=("cin_episodes",),
        dfe={"assessment_factors": "8945Q and 8950Q (for 18A and 19A)"},
    ),
    Rule(
        "assessment_without_factor",
        "Completed assessments with no factor recorded",
        "They are in no share of an issue. Some forms of assessment carry none by design.",
        "warning",
        sql="""
            select 'cin_assessments' as table_name, assessment_id as record_id, person_id, team, date as day,
                   not factor_recorded as fails, null as detail
            from assessment
        """,
        needs=("cin_assessments", "assessment_factors"),
        indicators=_FACTORS,
        dfe={"cin_assessments": "8897Q"},
    ),
    Rule(
        "fewer_than_before",
        "Tables with under half of the rows of the load before",
        "The load before, of the same kinds of source, kept more than twice as many rows: are all records there?",
        "warning",
        sql="""
            select table_name, null as record_id, null as person_id, null as team, cast(null as date) as day, 2 * now < before as fails,
                   now || ' kept; ' || before || ' at the load before' as detail
            from rows_kept
        """,
        finds="tables",
    ),
    Rule(
        "nothing_recorded",
        "Months without a single record",
        "Other months hold many: were all records loaded? Figures of such a month are not given, since 0 would not be true.",
        "error",
        sql="""
            with beside as (
                select *, median(records) filter (records > 0) over (partition by table_name) as middle from records_in_month
            )
            select table_name, null as record_id, null as person_id, null as team, day, middle >= 10 and records = 0 as fails,
                   'none in the month; ' || cast(middle as integer) || ' in the middle one of those with any' as detail
            from beside
        """,
        finds="months",
    ),
    Rule(
        "sudden_fall",
        "Months with far fewer records than before",
        "A month holds under half of what the middle one of the twelve before it did: were all records loaded?",
        "warning",
        sql="""
            with beside as (
                select *, median(records) over before as middle, count(*) over before as months
                from records_in_month window before as (partition by table_name order by day rows between 12 preceding and 1 preceding)
            )
            select table_name, null as record_id, null as person_id, null as team, day,
                   middle >= 20 and records > 0 and 2 * records < middle as fails,
                   records || ' in the month; ' || cast(middle as integer) || ' in the middle one of the twelve before' as detail
            from beside where months = 12
        """,
        finds="months",
    ),
)

RULES: Mapping[str, Rule] = {rule.id: rule for rule in (*AT_THE_DOOR, *OF_THE_RECORDS)}
