"""What an indicator can be split and filtered by: ids that are stable in links, titles for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from csc_core.codes import (
    AGE_BANDS,
    CASE_STATUS,
    CODE_LISTS,
    DISABILITY_TITLES,
    ETHNIC_GROUP_TITLES,
    LEGAL_STATUS_TITLES,
    PLACEMENT_TYPE_TITLES,
    PLACEMENTS_BANDS,
)
from csc_core.factors import FACTORS, GROUPS
from csc_core.facts import NAMED_OF_TEAM
from csc_core.indicators.declaration import PLACE
from geo.areas import CONFIDENTIAL, LEVELS, NOT_KNOWN, OFF_MAP, areas

if TYPE_CHECKING:
    from csc_core.snapshot import Snapshot

NOT_ALLOCATED = "not allocated"
COUNTY_WIDE = "county"
Kind = Literal["place", "team", "person", "event", "time"]


@dataclass(frozen=True)
class Dimension:
    """A way to split. `rest` are the ids that a split lists only when they occur."""

    id: str
    title: str
    kind: Kind
    rest: tuple[str, ...] = (NOT_KNOWN,)


DIMENSIONS: Mapping[str, Dimension] = {
    dimension.id: dimension
    for dimension in (
        *(Dimension(level, LEVELS[level].title, "place", OFF_MAP if level != "county" else ()) for level in PLACE),
        Dimension("service", "Service", "team", (NOT_ALLOCATED, CONFIDENTIAL, NOT_KNOWN)),
        Dimension("team_locality", "Team locality", "team", (NOT_ALLOCATED, CONFIDENTIAL, NOT_KNOWN)),
        Dimension("team_area", "Team area", "team", (NOT_ALLOCATED, CONFIDENTIAL, NOT_KNOWN)),
        Dimension("team", "Team", "team", (NOT_ALLOCATED, CONFIDENTIAL)),
        Dimension("age_band", "Age", "person"),
        Dimension("sex", "Sex", "person"),
        Dimension("ethnic_group", "Ethnic group", "person"),
        Dimension("disability", "Disability", "person"),
        Dimension("referral_source", "Referral source", "event"),
        Dimension("primary_need", "Primary need", "event"),
        Dimension("assessment_outcome", "Assessment outcome", "event"),
        Dimension("factor_group", "Group of issues", "event"),
        Dimension("factor", "Issue", "event"),
        Dimension("case_status", "Case status", "event", ()),
        Dimension("cp_category", "Child protection category", "event"),
        Dimension("legal_status", "Legal status", "event"),
        Dimension("placement_type", "Placement", "event"),
        Dimension("placements_band", "Placements in 12 months", "event"),
        Dimension("month", "Month", "time", ()),
        Dimension("quarter", "Quarter", "time", ()),
        Dimension("year", "Financial year", "time", ()),
    )
}

FIXED: Mapping[str, Mapping[str, str]] = {
    "age_band": AGE_BANDS,
    "sex": {"F": "Female", "M": "Male"},
    "ethnic_group": ETHNIC_GROUP_TITLES,
    "disability": DISABILITY_TITLES,
    **{name: CODE_LISTS[name] for name in ("referral_source", "primary_need", "assessment_outcome")},
    "factor_group": {group.id: group.title for group in GROUPS.values()},
    "factor": FACTORS,
    "case_status": CASE_STATUS,
    "cp_category": CODE_LISTS["cp_category"],
    "legal_status": LEGAL_STATUS_TITLES,
    "placement_type": PLACEMENT_TYPE_TITLES,
    "placements_band": PLACEMENTS_BANDS,
}


def members(snapshot: Snapshot, dimension: str) -> Mapping[str, str]:
    """The declared members of a dimension, id to title, in the order people expect. Time has none: it follows the period."""
    if dimension in LEVELS:
        return dict(areas(dimension)["title"])
    if dimension == "team":
        return dict(zip(snapshot.teams["team_id"], snapshot.teams["team_name"], strict=True))
    if dimension in NAMED_OF_TEAM:
        named = snapshot.teams.dropna(subset=[f"{dimension}_name"]).sort_values(f"{dimension}_name")
        return dict(zip(named[dimension], named[f"{dimension}_name"], strict=True))
    if dimension == "team_locality":
        return {**areas("locality")["title"], COUNTY_WIDE: "County-wide teams"}
    return FIXED.get(dimension, {})


def titles(snapshot: Snapshot, dimension: str) -> Mapping[str, str]:
    """Every id that can occur in a split, with its title: the members and the rest (`not known`, `out of county` ...)."""
    rest = {member: member.capitalize() for member in DIMENSIONS[dimension].rest}
    return {**members(snapshot, dimension), **rest}
