"""The canonical case tables: what every source must yield, whatever system it read.

Names are those of the Standard Safeguarding Dataset (SSD, Data to Insight and partner councils) without its table
prefixes. Names of people, UPNs, streets and free text have no column here, so they are never read.
"""

from __future__ import annotations

import textwrap
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import Literal

import pandas as pd

from csc_core.codes import CODE_LISTS
from geo.areas import areas

Kind = Literal["id", "date", "code", "text", "number"]
CODES: Mapping[str, Mapping[str, str]] = {**CODE_LISTS, "locality": {**areas("locality")["title"], "county": "County-wide teams"}}
"""Every list that a column can name, code to title; localities are the council's own (`geo/data/localities.csv`)."""
SPELT: Mapping[str, Mapping[str, str]] = {"yes_no": {"YES": "Y", "TRUE": "Y", "1": "Y", "NO": "N", "FALSE": "N", "0": "N"}}
"""How else a code of a list may be written."""

CHILD = "person_id"
"""The column that says whose a row is."""

NOT_SUPPLIED = "not supplied"
"""What stands for the source of a table that is not there."""

Progress = Callable[[str, float], None]  # what is being done, and the share of it that is done


@dataclass(frozen=True)
class Column:
    """One column of a case table.

    `codes` names a list of CODES, and `unknown_as` the code that stands for one not in it (else it is read as not known).
    `refers_to` names the table whose key it holds. `event` marks a day that cannot be after the data's as-at, `not_before` the
    column of the same row that the date cannot come before, `between` the bounds of a number. A date that cannot be right
    rejects its row, unless `keeps_row`: nothing is counted by that date, and losing the row would lose others with it.
    `empty_is_listed` where a row without the code says that something was there and is lost. `alone` is the code that says
    there is nothing else, and the column whose rows hang together: beside another code of the same it is listed.
    """

    name: str
    kind: Kind
    means: str
    example: str
    required: bool = False
    codes: str | None = None
    unknown_as: str | None = None
    refers_to: str | None = None
    event: bool = False
    not_before: str | None = None
    between: tuple[float, float] | None = None
    keeps_row: bool = False
    empty_is_listed: bool = False
    alone: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """One case table; the first column is its key. `title` is what people call its rows; `without` says what goes without it.

    `required` tables must be there for anything to be counted.
    """

    name: str
    title: str
    means: str
    without: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def key(self) -> str:
        return self.columns[0].name

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def of_children(self) -> bool:
        """Whether each of its rows is of a child, or hangs on a row that is."""
        needed = {column.refers_to for column in self.columns if column.required and column.refers_to}
        return any(column.name == "person_id" for column in self.columns) or any(TABLES[name].of_children for name in needed)


_PERSON = Column("person_id", "id", "The child", "C001042", required=True, refers_to="persons")


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "persons",
            "children",
            "Children known to the service, one row each",
            "nothing can be counted",
            (
                Column("person_id", "id", "The child's reference in the case system", "C001042", required=True),
                Column("sex", "code", "Sex", "F", codes="sex"),
                Column("ethnicity", "code", "Ethnic group, as in the children in need census", "WBRI", codes="ethnicity"),
                Column("dob", "date", "Date of birth; empty before birth", "2009-05-14", event=True, keeps_row=True),
                Column("expected_dob", "date", "Expected date of birth of an unborn child", "", keeps_row=True),
                Column("death_date", "date", "Date of death", "", event=True, not_before="dob", keeps_row=True),
                # what is written and is no clear no may say that the record is restricted: the child must not be shown by place
                Column(
                    "restricted",
                    "code",
                    "Whether the record is restricted: then it counts for the county only",
                    "",
                    codes="yes_no",
                    unknown_as="Y",
                ),
            ),
            required=True,
        ),
        Table(
            "disabilities",
            "disabilities",
            "Disabilities recorded for a child, one row each; NONE says that the child was asked about and has none",
            "whether a child is disabled is not known",
            (
                Column("table_id", "id", "The record", "B000018", required=True),
                _PERSON,
                Column(
                    "disability_code",
                    "code",
                    "The disability, as in the children in need census",
                    "NONE",
                    codes="disability",
                    empty_is_listed=True,
                    alone=("NONE", "person_id"),
                ),
            ),
        ),
        Table(
            "addresses",
            "addresses",
            "Where a child lived and when; areas are taken from the home address on the day counted",
            "no child can be placed on the map",
            (
                Column("table_id", "id", "The address record", "A002311", required=True),
                _PERSON,
                # an address of a kind not understood may be a refuge: it must not be taken for a home
                Column(
                    "address_type",
                    "code",
                    "Kind of address; only homes place a child on the map",
                    "HOME",
                    codes="address_type",
                    unknown_as="OTHER",
                ),
                Column("address_start_date", "date", "First day at the address", "2015-09-01", required=True, event=True),
                Column("address_end_date", "date", "The day the child left; empty while living there", "", not_before="address_start_date"),
                Column("address_postcode", "text", "Postcode, however spaced or cased", "EX31 1AA"),
            ),
        ),
        Table(
            "contacts",
            "enquiries",
            "Enquiries to the multi-agency safeguarding hub (MASH), one row for each child",
            "enquiries cannot be counted",
            (
                Column("contact_id", "id", "The enquiry", "K000871", required=True),
                _PERSON,
                Column("contact_date", "date", "Day the enquiry was received", "2017-12-04", required=True, event=True),
                Column("contact_source_code", "code", "Who made it, as in the children in need census", "6", codes="referral_source"),
                Column(
                    "contact_outcome",
                    "code",
                    "What was decided; empty where the system does not keep it",
                    "REFERRAL",
                    codes="contact_outcome",
                ),
            ),
        ),
        Table(
            "cin_episodes",
            "referrals",
            "Referrals and the case each one opened, to its closure",
            "referrals and open cases cannot be counted",
            (
                Column("referral_id", "id", "The referral", "R004410", required=True),
                _PERSON,
                Column(
                    "referral_date", "date", "Day of the referral; the case is open from this day", "2017-12-05", required=True, event=True
                ),
                Column("cin_primary_need_code", "code", "Primary need", "N1", codes="primary_need"),
                Column("referral_source_code", "code", "Who referred the child", "6", codes="referral_source"),
                Column("referral_nfa", "code", "Whether the referral ended in no further action", "N", codes="yes_no"),
                Column("close_reason", "code", "Why the case was closed", "", codes="close_reason"),
                Column("close_date", "date", "Day the case was closed; empty while open", "", not_before="referral_date"),
                Column("referral_team", "id", "Team that took the referral", "T-AS-BAR1", refers_to="departments"),
                Column("referral_worker_id", "id", "Worker who took the referral", "W0133", refers_to="professionals"),
            ),
            required=True,
        ),
        Table(
            "cin_assessments",
            "assessments",
            "Single assessments, from start to authorisation",
            "assessments cannot be counted",
            (
                Column("assessment_id", "id", "The assessment", "S003977", required=True),
                _PERSON,
                Column("referral_id", "id", "The referral it followed", "R004410", refers_to="cin_episodes"),
                Column(
                    "assessment_start_date",
                    "date",
                    "Day it started (day 0 of the 45 working days)",
                    "2017-12-06",
                    required=True,
                    event=True,
                ),
                Column(
                    "assessment_auth_date",
                    "date",
                    "Day it was authorised, that is completed; empty while open",
                    "2018-01-31",
                    event=True,
                    not_before="assessment_start_date",
                ),
                Column("assessment_outcome", "code", "What was decided", "CIN_PLAN", codes="assessment_outcome"),
                Column("assessment_outcome_nfa", "code", "Whether the case was closed on the assessment", "N", codes="yes_no"),
                Column("assessment_team", "id", "Team that completed it", "T-AS-BAR1", refers_to="departments"),
                Column("assessment_worker_id", "id", "Worker who completed it", "W0133", refers_to="professionals"),
            ),
        ),
        Table(
            "assessment_factors",
            "assessment factors",
            "What was found at the end of each assessment, one row for each factor (issue)",
            "the issues from assessments cannot be counted",
            (
                Column("table_id", "id", "The record of the factor", "F009441", required=True),
                Column("assessment_id", "id", "The assessment it was found at", "S003977", required=True, refers_to="cin_assessments"),
                Column(
                    "assessment_factor",
                    "code",
                    "The factor, as in the children in need census of the year",
                    "3B",
                    codes="assessment_factor",
                    empty_is_listed=True,
                    alone=("21", "assessment_id"),
                ),
            ),
        ),
        Table(
            "s47_enquiries",
            "section 47 enquiries",
            "Section 47 enquiries into whether a child suffers significant harm, each with the initial conference it led to",
            "section 47 enquiries and child protection conferences cannot be counted",
            (
                Column("s47_enquiry_id", "id", "The section 47 enquiry of one child", "Q000310", required=True),
                _PERSON,
                Column("referral_id", "id", "The referral whose case it belongs to", "R004410", refers_to="cin_episodes"),
                Column(
                    "s47_start_date",
                    "date",
                    "Day it started (day 0 of the 15 working days)",
                    "2017-12-06",
                    required=True,
                    event=True,
                ),
                Column("s47_end_date", "date", "Day it was completed; empty while under way", "2017-12-18", not_before="s47_start_date"),
                Column("s47_nfa", "code", "Whether it ended in no further action", "N", codes="yes_no"),
                Column(
                    "icpc_date",
                    "date",
                    "Day the initial child protection conference was held; empty if none was",
                    "2017-12-22",
                    event=True,
                    not_before="s47_start_date",
                ),
                Column("icpc_outcome_cp_flag", "code", "Whether the conference made a child protection plan", "Y", codes="yes_no"),
                Column("s47_completed_by_team", "id", "Team that carried it out", "T-AS-BAR1", refers_to="departments"),
                Column("s47_completed_by_worker_id", "id", "Worker who carried it out", "W0133", refers_to="professionals"),
            ),
        ),
        Table(
            "cp_plans",
            "child protection plans",
            "Child protection plans, from the day a conference made each one to the day it ended",
            "child protection plans cannot be counted",
            (
                Column("cp_plan_id", "id", "The plan of one child", "L000204", required=True),
                _PERSON,
                Column("referral_id", "id", "The referral whose case it belongs to", "R004410", refers_to="cin_episodes"),
                Column("cp_plan_start_date", "date", "First day of the plan", "2017-12-22", required=True, event=True),
                Column("cp_plan_end_date", "date", "Day it ended; empty while it lasts", "", not_before="cp_plan_start_date"),
                Column("cp_plan_ola", "code", "Whether it is another authority's plan, which that one counts", "N", codes="yes_no"),
                Column("cp_plan_initial_category", "code", "Category of abuse when it started", "NEG", codes="cp_category"),
                Column("cp_plan_latest_category", "code", "Category of abuse now, or when it ended", "NEG", codes="cp_category"),
                Column(
                    "number_of_previous_cp_plans",
                    "number",
                    "Plans the child had before, at any time and in any place; if empty, those in this table",
                    "0",
                    between=(0, 99),
                ),
            ),
        ),
        Table(
            "care_leavers",
            "care leaver records",
            "Young people who have left care: one row for each time that something about them was recorded, with its first and last day",
            "care leavers cannot be counted",
            (
                Column("table_id", "id", "The record", "V000071", required=True),
                _PERSON,
                Column("status_start_date", "date", "First day on which the record holds", "2017-11-02", required=True, event=True),
                Column("status_end_date", "date", "Day another took its place; empty while it holds", "", not_before="status_start_date"),
                Column("care_leaver_eligibility", "code", "What they are owed", "FORMER_RELEVANT", codes="care_leaver_eligibility"),
                Column("care_leaver_in_touch", "code", "Whether the council is in touch", "YES", codes="in_touch"),
                Column("care_leaver_accommodation", "code", "Where the young person lives", "U", codes="care_leaver_accommodation"),
                Column("care_leaver_accom_suitable", "code", "Whether the accommodation is suitable", "Y", codes="yes_no"),
                Column("care_leaver_activity", "code", "Main activity", "F2", codes="care_leaver_activity"),
                Column("care_leaver_allocated_team", "id", "Team that works with them", "T-AS-BAR1", refers_to="departments"),
            ),
        ),
        Table(
            "permanence",
            "permanence records",
            "Children for whom adoption, or another order that is to last, was decided, one row for each decision",
            "adoptions cannot be counted",
            (
                Column("table_id", "id", "The record", "N000042", required=True),
                _PERSON,
                Column("entered_care_date", "date", "Day the child entered care", "2016-02-11", required=True, event=True),
                Column("adm_decision_date", "date", "Day the agency decided that the child should be adopted", "2016-08-30", event=True),
                Column(
                    "placed_for_adoption_date",
                    "date",
                    "Day the child moved in with the adoptive family; empty until then",
                    "2017-01-20",
                    event=True,
                    not_before="entered_care_date",
                ),
                Column("decision_reversed_date", "date", "Day it was decided that the child should no longer be adopted", "", event=True),
                Column("permanence_order_date", "date", "Day the order was made; empty until then", "2017-10-05", event=True),
                Column("permanence_order_type", "code", "Which order", "ADOPTION", codes="permanence_order_type"),
            ),
        ),
        Table(
            "cla_health",
            "initial health assessments",
            "Initial health assessments, one row for each entry to care, also where none has been made yet",
            "initial health assessments cannot be counted",
            (
                Column("health_check_id", "id", "The entry to care and its assessment", "H000310", required=True),
                _PERSON,
                Column("entered_care_date", "date", "Day the child entered care", "2017-09-04", required=True, event=True),
                Column(
                    "left_care_date",
                    "date",
                    "Day the child left care; empty while looked after",
                    "",
                    not_before="entered_care_date",
                    keeps_row=True,
                ),
                Column(
                    "health_check_date",
                    "date",
                    "Day the health assessment was made; empty until then",
                    "2017-09-27",
                    event=True,
                    not_before="entered_care_date",
                    keeps_row=True,
                ),
            ),
        ),
        Table(
            "posts",
            "posts",
            "Social workers' posts and agency workers, in full-time equivalents: the HR file that the case system lacks",
            "agency workers and vacancies cannot be counted",
            (
                Column("post_id", "id", "The post, or a line that stands for several", "P0133-2", required=True),
                Column("team_id", "id", "The team", "T-AS-BAR1", refers_to="departments"),
                Column("post_status", "code", "Who is in it", "STAFF", codes="post_status"),
                Column("full_time_equivalency", "number", "Full-time equivalent", "0.8", required=True, between=(0, 10_000)),
                Column("covers_vacancy", "code", "Whether the agency worker covers a vacancy", "", codes="yes_no"),
                Column("post_start_date", "date", "First day for which the line holds", "2016-04-01", required=True, event=True),
                Column("post_end_date", "date", "Day it no longer holds; empty while it does", "", not_before="post_start_date"),
            ),
        ),
        Table(
            "cla_episodes",
            "episodes of care",
            "Episodes of care: a period of care is a run of them, a new one with each change of placement or legal status",
            "looked-after children cannot be counted",
            (
                Column("cla_episode_id", "id", "The episode", "E000412", required=True),
                _PERSON,
                Column("cla_placement_id", "id", "The placement in which the child lives", "P000388", refers_to="cla_placements"),
                Column("cla_episode_start_date", "date", "First day", "2017-12-11", required=True, event=True),
                Column("cla_episode_start_reason", "code", "Why it began", "S", codes="care_start_reason"),
                Column("cla_primary_need_code", "code", "Primary need", "N1", codes="primary_need"),
                Column(
                    "cla_episode_ceased_date", "date", "Day it ended; empty while it lasts", "", not_before="cla_episode_start_date"
                ),
                Column("cla_episode_ceased_reason", "code", "Why it ended", "", codes="care_ceased_reason"),
                Column("cla_id", "id", "The period of care; if empty, it begins with an episode started for reason S", "Y000121"),
                Column("referral_id", "id", "The referral whose case it belongs to", "R004410", refers_to="cin_episodes"),
                Column("entered_care_date", "date", "First day of the period of care", "2017-12-11", event=True, keeps_row=True),
                Column("home_postcode", "text", "Postcode of the home on entry to care; if empty, the last home in addresses", "EX31 1AA"),
            ),
        ),
        Table(
            "cla_placements",
            "placements",
            "Placements of looked-after children, from the day each began to the day it ended",
            "placements cannot be counted",
            (
                Column("cla_placement_id", "id", "The placement of one child", "P000388", required=True),
                Column("cla_id", "id", "The period of care", "Y000121"),
                _PERSON,
                Column("cla_placement_start_date", "date", "First day", "2017-12-11", required=True, event=True),
                Column("cla_placement_type", "code", "Kind of placement", "U6", codes="care_placement_type"),
                Column("cla_placement_provider", "code", "Who provides it", "PR1", codes="care_placement_provider"),
                Column("cla_placement_postcode", "text", "Its postcode: for the distance from home only", "EX4 4QJ"),
                Column(
                    "cla_placement_end_date", "date", "Day it ended; empty while it lasts", "", not_before="cla_placement_start_date"
                ),
                Column("cla_placement_change_reason", "code", "Why it ended", "", codes="care_placement_change_reason"),
            ),
        ),
        Table(
            "cla_visits",
            "visits to looked-after children",
            "Statutory visits by the social worker",
            "visits cannot be counted",
            (
                Column("cla_visit_id", "id", "The visit to one child", "V010331", required=True),
                Column("cla_id", "id", "The period of care", "Y000121"),
                _PERSON,
                Column("cla_visit_date", "date", "Day of the visit", "2017-12-15", required=True, event=True),
                Column("cla_visit_seen", "code", "Whether the child was seen; without that it is no visit", "Y", codes="yes_no"),
                Column("cla_visit_seen_alone", "code", "Whether the child was seen alone", "Y", codes="yes_no"),
            ),
        ),
        Table(
            "legal_status",
            "legal statuses",
            "The legal status under which a child is looked after, and when",
            "legal status is not known, nor who is on short breaks only",
            (
                Column("legal_status_id", "id", "The legal status of one child", "G000733", required=True),
                _PERSON,
                Column("legal_status", "code", "Legal status", "C1", codes="legal_status"),
                Column("legal_status_start_date", "date", "First day", "2017-12-11", required=True, event=True),
                Column(
                    "legal_status_end_date", "date", "Day it ended; empty while it lasts", "", not_before="legal_status_start_date"
                ),
            ),
        ),
        Table(
            "involvements",
            "involvements",
            "Which worker, in which team, was involved with a child and when",
            "open cases cannot be split by team",
            (
                Column("involvements_id", "id", "The involvement", "I009120", required=True),
                Column("professional_id", "id", "The worker", "W0133", refers_to="professionals"),
                Column("professional_role_id", "code", "The worker's role for this child", "CASE_HOLDER", codes="role"),
                Column("professional_team", "id", "The worker's team at the time", "T-AS-BAR1", required=True, refers_to="departments"),
                _PERSON,
                Column("involvement_start_date", "date", "First day", "2017-12-05", required=True, event=True),
                Column("involvement_end_date", "date", "Day it ended; empty while involved", "", not_before="involvement_start_date"),
                Column("referral_id", "id", "The referral it belongs to", "R004410", refers_to="cin_episodes"),
            ),
        ),
        Table(
            "professionals",
            "workers",
            "Workers, without their names",
            "workers' hours are not known",
            (
                Column("professional_id", "id", "The worker's reference", "W0133", required=True),
                Column("agency_worker_flag", "code", "Whether the worker is from an agency", "N", codes="yes_no"),
                Column("full_time_equivalency", "number", "Full-time equivalent, 0 to 1", "0.8", between=(0, 1)),
            ),
        ),
        Table(
            "departments",
            "teams",
            "Teams and their place in the service: the mapping file that the case system lacks",
            "teams have no names and no locality",
            (
                Column("team_id", "id", "The team", "T-AS-BAR1", required=True),
                Column("team_name", "text", "Its name", "Assessment team Barnstaple 1", required=True),
                Column("team_locality", "code", "The locality it works in", "northern-devon", codes="locality"),
                Column("team_area", "text", "The area within the locality, where a council has such a level", "North Devon"),
                Column("service", "text", "The service it belongs to", "Assessment"),
                Column("valid_from", "date", "First day of the team", "2014-04-01", keeps_row=True),
                Column("valid_to", "date", "Day it closed; empty while it exists", "", not_before="valid_from", keeps_row=True),
            ),
        ),
    )
}


REFERS_TO = {table.name: frozenset(column.refers_to for column in table.columns if column.refers_to) for table in TABLES.values()}


def referred_to_first() -> Iterable[str]:
    """The tables in an order in which each comes after those it refers to."""
    return TopologicalSorter(REFERS_TO).static_order()


class Unusable(Exception):
    """The records cannot be used at all; the message is one sentence saying what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Finding:
    """One fault in one row, in the words shown to people.

    `row` is numbered as a spreadsheet shows it (the heading is row 1). `outcome` is "rejected" when the row is not loaded,
    "kept" when it is, its `value` then being read as not known or left as it stands, as `reason` says. `key` is what the row
    goes by in its source (a referral's id), '' where it has none: in a database that, and not the number, finds it again.
    `child` is the child whom the row is of, '' where it is of none or that cannot be told.
    """

    file: str
    table: str
    row: int
    column: str
    value: str
    reason: str
    outcome: Literal["rejected", "kept"]
    key: str = ""
    child: str = ""


def shown(value: str) -> str:
    """A value as a sentence repeats it: at most 80 characters, and `?` for each that would not be seen."""
    cut = value if len(value) <= 80 else value[:79] + "…"
    return cut if cut.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in cut)


def counted(count: int, one: str, several: str) -> str:
    """A number with its word: `1 row`, `2,345 rows`."""
    return f"{count:,} {one if count == 1 else several}"


@dataclass(frozen=True)
class RawTable:
    """One table as its source gives it: `rows` all str, empty cells '', indexed by row number as a spreadsheet shows it. A column
    that repeats may hold each text once (a categorical of str).

    `file` is the name people know it by ("persons.csv"). `broken` are the rows that could not be split into columns: they are
    not in `rows`, one finding each, and count as read and rejected. `earlier` are those of the sources named before, where rows of
    several are united once each of them has been checked.
    """

    name: str
    file: str
    rows: pd.DataFrame
    broken: tuple[Finding, ...] = ()
    earlier: tuple[RawTable, ...] = ()


@dataclass(frozen=True)
class Taken:
    """Where records were taken from: the kind of source, its place (never with a password), when, and which tables of it are used.

    `begins` is the first day of a return's year: of the time before, these tables have too little to count or look back on.
    `lacks` are the columns (`table.column`) that a source of its kind never knows, where an empty cell is not to be taken for a no;
    `table.earlier rows` that it has those of its own time only, not all that came before them. `later` names the tables that
    know nothing of the time before a day, with the day.
    """

    kind: str
    where: str
    as_at: datetime | None
    tables: tuple[str, ...]
    begins: date | None = None
    lacks: tuple[str, ...] = ()
    later: tuple[tuple[str, date], ...] = ()

    def first_day(self, table: str) -> date | None:
        """The first day of which it knows enough to count rows of the table; None where that is the first day of all."""
        return max((day for day in (self.begins, dict(self.later).get(table)) if day), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day of which a return knows, to the end of a month: its day is often that of its last event. Other sources go up to
        the day of the whole."""
        if self.begins is None or self.as_at is None:
            return None
        return self.as_at.date().replace(day=monthrange(self.as_at.year, self.as_at.month)[1])

    @property
    def name(self) -> str:
        """The source as people know it: "csv PATH"."""
        return f"{self.kind} {self.where}".strip()


@dataclass(frozen=True)
class NotUsed:
    """A whole table of one source whose rows are not used, since another source's are taken or they tell nothing: how many they are."""

    table: str
    source: str
    rows: int

    @staticmethod
    def of(raw: RawTable, source: str) -> NotUsed:
        return NotUsed(raw.name, source, len(raw.rows) + len(raw.broken))


def days_known(sources: Iterable[Taken], table: str) -> tuple[date | None, date | None]:
    """The first and the last day of which the sources of a table know: None where that is the first, or the last, of all."""
    taken = [one for one in sources if table in one.tables]
    first = max((day for one in taken if (day := one.first_day(table))), default=None)
    last = [one.last_day for one in taken]
    return first, max((day for day in last if day), default=None) if all(last) else None


@dataclass(frozen=True)
class Records:
    """All that a source yields, not yet checked; or several sources together, which `taken` then lists in the order given.

    `source` says where from, the kind first ("demo", "csv PATH"), never with a password; `as_at` is when the records were taken,
    None if the source does not know; records before `complete_from` are a run-in, there so that later ones have their history;
    without `history` they are only those of a return's children from before its year, too few to look back on; `lacks`
    are columns that it never has, `later` tables that begin later (see `Taken`); `notes` are sentences for people; `not_used` are the
    tables that are left out as a whole.
    """

    tables: Mapping[str, RawTable]
    source: str
    synthetic: bool
    as_at: datetime | None = None
    complete_from: date | None = None
    notes: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    history: bool = True
    lacks: tuple[str, ...] = ()
    later: tuple[tuple[str, date], ...] = ()
    not_used: tuple[NotUsed, ...] = ()

    @property
    def sources(self) -> tuple[Taken, ...]:
        """Every source the records came from, also where it is one."""
        kind, _, where = self.source.partition(" ")
        begins = None if self.history else self.complete_from
        return self.taken or (Taken(kind, where, self.as_at, tuple(self.tables), begins, self.lacks, self.later),)

    def taken_from(self, table: str) -> tuple[Taken, ...]:
        """The sources of one table: several for the children, whose rows are united; none if it was not supplied."""
        return tuple(taken for taken in self.sources if table in taken.tables)


def quiet(_what: str, _share: float) -> None:
    """Progress told to nobody."""


WIDTH = 130  # characters to a line of `describe`

RULES = """\
Case records come as a folder with one CSV file for each table, named as below, with its columns in any order under a heading in
the first row. Only the columns below are read. A file about.csv (heading: key,value) may say as_at (when the records were taken,
as 2017-12-31T18:00; else the latest day on which anything happened), synthetic (true or false; else false) and complete_from
(a day; records before it are there only so that later ones have their history).

Each row is kept, or rejected and listed with the reason:
- Spaces around a value do not matter. Nor do capitals in headings, file names and codes; they do in ids. Y may also
  be written YES, TRUE or 1, and N as NO, FALSE or 0.
- A date is written 2017-12-31 or 31/12/2017; a time after it is not read. Years run from 1900 to 9999.
- Rejected: a required value missing; a date or number that cannot be right; a day marked * after the data's as-at; an end before
  its start (an end after the as-at is a plan, and kept); a key used before (the first good row stays); a child who is not in
  persons.csv, or was rejected there; more or fewer fields than the heading; a value over 4,000 characters or damaged.
- Kept and listed: an unknown code, read as not known (under restricted as Y); an unknown team, worker or referral, left as it
  stands; a date marked + that cannot be right, read as not known, because other rows hang on this one; a factor left empty,
  counted as not known; and factor 21 (no factor identified) beside others of the same assessment, left as it stands."""


def describe() -> str:
    """The tables as `python -m csc_core tables` prints them: the rules, each table with an example row, each code list."""
    return "\n\n".join((RULES, *map(_describe_table, TABLES.values()), *map(_describe_codes, CODES)))


def _describe_table(table: Table) -> str:
    need = "required" if table.required else f"without it {table.without}"
    heading = ",".join(column.name for column in table.columns)
    example = ",".join(column.example for column in table.columns)
    title = textwrap.fill(f"{table.file}: {table.means} ({need})", WIDTH, subsequent_indent="    ")
    return "\n".join((title, *map(_describe_column, table.columns), "    Example:", f"    {heading}", f"    {example}"))


def _describe_column(column: Column) -> str:
    kind = column.kind + "*" * column.event + "+" * column.keeps_row
    said = [column.means]
    said += [f"code list {column.codes}"] * bool(column.codes)
    said += [f"read as {column.unknown_as} if not in the list"] * bool(column.unknown_as)
    said += [f"in {column.refers_to}.csv"] * bool(column.refers_to)
    said += [f"not before {column.not_before}"] * bool(column.not_before)
    said += ["listed if empty"] * column.empty_is_listed
    said += [f"listed if {column.alone[0]} is not alone"] if column.alone else []
    start = f"    {column.name:<28}{kind:<8}{'required' if column.required else '':<10}"
    return textwrap.fill("; ".join(said), WIDTH, initial_indent=start, subsequent_indent=" " * len(start))


def _describe_codes(name: str) -> str:
    return "\n".join((f"Code list {name}", *(f"    {code:<24}{title}" for code, title in CODES[name].items())))
