"""What an analyst should know of the dataset read: the traps of the Eclipse extract, each with its count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from csc_core.sources.ssd.dataset import EXTRACTS
from csc_core.tables import RawTable, counted
from csc_core.text import is_in

Tables = Mapping[str, RawTable]


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
        f"The outcome of {counted(len(raw.rows), 'enquiry', 'enquiries')} in {raw.file} is not read (Eclipse leaves it empty): an enquiry "
        "is counted as forwarded when a referral of the same child follows within 14 days."
    )


def _coverage(raw: RawTable, tables: Tables) -> str:
    done = raw.rows.loc[raw.rows["assessment_auth_date"] != "", "assessment_id"]
    if "assessment_factors" not in tables or done.empty:
        return ""
    carry = int(is_in(done, tables["assessment_factors"].rows["assessment_id"]).sum())
    share = f"{carry:,} of {len(done):,} completed assessments ({100 * carry / len(done):.1f}%)"
    return f"A factor is there in {share}: not every form has them."


def _outcome(raw: RawTable, _: Tables) -> str:
    count = counted(len(raw.rows), "assessment", "assessments")
    return f"What was decided after {count} is not read, only whether the case was closed on it."


def _teams(raw: RawTable, tables: Tables) -> str:
    none = int((raw.rows["referral_team"] == "").sum())
    place = "taken from the child's involvements" if "involvements" in tables else "not known, since there are no involvements"
    said = f"In {none:,} of {len(raw.rows):,} referrals no team is named: it is {place}. The worker of a referral is not read."
    return said if none else ""


def _no_team(raw: RawTable, _: Tables) -> str:
    none = int((raw.rows["professional_team"] == "").sum())
    return f"Involvements that name no team are rejected: {none:,} of {len(raw.rows):,}." if none else ""


def _plans(raw: RawTable, _: Tables) -> str:
    none = int((raw.rows["cp_plan_ola"] == "").sum())
    return (
        f"Child protection plans that do not say whether they are another authority's are counted: {none:,} of {len(raw.rows):,}. Earlier "
        "plans of a child are those in this dataset: any before it began are not known."
    )


def _hours(raw: RawTable, _: Tables) -> str:
    if (raw.rows["full_time_equivalency"] != "").any():
        return ""
    said = f"The hours of no worker are known ({len(raw.rows):,} in {raw.file})"
    return f"{said}: an HR file brings them (professionals.csv and posts.csv, loaded as csv)."


def _placements(raw: RawTable, _: Tables) -> str:
    again = int(raw.rows["cla_placement_id"].duplicated().sum())
    return (
        f"The URN and the distance of a placement are not read: the distance is worked out from postcodes. Placements that "
        f"repeat another are rejected: {again:,} of {len(raw.rows):,}."
    )


def _addresses(raw: RawTable, _: Tables) -> str:
    rows = raw.rows
    open_homes = rows[(rows["address_end_date"] == "") & rows["address_type"].isin(["HOME", ""])]
    several = int((open_homes.groupby("person_id").size() > 1).sum())
    postcodes = rows.loc[rows["address_postcode"] != "", "address_postcode"]
    closed_up = int((~postcodes.str.contains(" ", regex=False)).sum())
    return (
        f"{counted(several, 'child has', 'children have')} more than one open home address: the one that started last is used. Postcodes "
        f"written without a space, which does not matter: {closed_up:,} of {len(postcodes):,}."
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
