"""What an analyst should know of the dataset read: the traps of the Eclipse extract, each with its count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from csc_core.sources.ssd.dataset import EXTRACTS
from csc_core.tables import RawTable
from csc_core.text import is_in

Tables = Mapping[str, RawTable]


def counted(count: int, one: str, several: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{count:,} {one if count == 1 else several}"


def all_empty(found: Tables) -> list[str]:
    """The columns with nothing in any row, once for the whole dataset."""
    some = {EXTRACTS[name].prefix: raw.rows for name, raw in found.items() if len(raw.rows)}
    empty = [f"{prefix}_{column}" for prefix, rows in some.items() for column in rows if (rows[column] == "").all()]
    return [f"Empty in every row, so read as not known: {', '.join(empty)}."] if empty else []


def traps(tables: Tables) -> list[str]:
    """One sentence for each trap that these tables hold, in the order of the traps."""
    return [said for name, tell in TELL if name in tables and len(tables[name].rows) and (said := tell(tables[name], tables))]


def _outcomes(raw: RawTable, _: Tables) -> str:
    return (
        f"The outcome of the {len(raw.rows):,} enquiries in {raw.file} is not read (Eclipse leaves it empty): an enquiry is counted as "
        "forwarded when a referral of the same child follows within 14 days."
    )


def _coverage(raw: RawTable, tables: Tables) -> str:
    done = raw.rows.loc[raw.rows["assessment_auth_date"] != "", "assessment_id"]
    if "assessment_factors" not in tables or done.empty:
        return ""
    carry = int(is_in(done, tables["assessment_factors"].rows["assessment_id"]).sum())
    return f"{carry:,} of {len(done):,} completed assessments ({100 * carry / len(done):.1f}%) carry a factor: not every form has them."


def _outcome(raw: RawTable, _: Tables) -> str:
    return f"What was decided after the {len(raw.rows):,} assessments is not read, only whether the case was closed on it."


def _teams(raw: RawTable, tables: Tables) -> str:
    none = int((raw.rows["referral_team"] == "").sum())
    place = "taken from the child's involvements" if "involvements" in tables else "not known, since there are no involvements"
    return f"{none:,} of {len(raw.rows):,} referrals name no team: it is {place}. The worker of a referral is not read." if none else ""


def _no_team(raw: RawTable, _: Tables) -> str:
    none = int((raw.rows["professional_team"] == "").sum())
    return f"{none:,} of {len(raw.rows):,} involvements name no team, and are rejected." if none else ""


def _plans(raw: RawTable, _: Tables) -> str:
    none = int((raw.rows["cp_plan_ola"] == "").sum())
    return (
        f"{none:,} of {len(raw.rows):,} child protection plans do not say whether they are another authority's, and are counted. Earlier "
        "plans of a child are those in this dataset: any before it began are not known."
    )


def _hours(raw: RawTable, _: Tables) -> str:
    if (raw.rows["full_time_equivalency"] != "").any():
        return ""
    return f"None of the {len(raw.rows):,} workers has hours: an HR file brings them (professionals.csv and posts.csv, loaded as csv)."


def _placements(raw: RawTable, _: Tables) -> str:
    again = int(raw.rows["cla_placement_id"].duplicated().sum())
    return (
        f"The URN and the distance of a placement are not read: the distance is worked out from postcodes. {again:,} of {len(raw.rows):,} "
        "placements repeat another and are rejected."
    )


def _addresses(raw: RawTable, _: Tables) -> str:
    rows = raw.rows
    open_homes = rows[(rows["address_end_date"] == "") & rows["address_type"].isin(["HOME", ""])]
    several = int((open_homes.groupby("person_id").size() > 1).sum())
    postcodes = rows.loc[rows["address_postcode"] != "", "address_postcode"]
    closed_up = int((~postcodes.str.contains(" ", regex=False)).sum())
    return (
        f"{several:,} children have more than one open home address: the one that started last is used. {closed_up:,} of "
        f"{len(postcodes):,} postcodes are written without a space, which does not matter."
    )


TELL: tuple[tuple[str, Callable[[RawTable, Tables], str]], ...] = (
    ("contacts", _outcomes),
    ("cin_assessments", _coverage),
    ("cin_assessments", _outcome),
    ("cin_episodes", _teams),
    ("involvements", _no_team),
    ("cp_plans", _plans),
    ("professionals", _hours),
    ("cla_placements", _placements),
    ("addresses", _addresses),
)
