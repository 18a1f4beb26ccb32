"""Which kind of source brings which case table: what to load when something is missing, in words."""

from __future__ import annotations

from collections.abc import Mapping

from csc_core.indicators import Indicator
from csc_core.snapshot import Snapshot
from csc_core.tables import TABLES

SOURCES: Mapping[str, str] = {
    "ssd": "a Standard Safeguarding Dataset (ssd)",
    "cin-census": "a children in need census (cin-census)",
    "ssda903": "a looked-after return (ssda903)",
    "annex-a": "an Annex A workbook (annex-a)",
    "csv": "a folder of CSV files (csv)",
}
_CASES = ("ssd", "cin-census", "annex-a", "csv")
BROUGHT_BY: Mapping[str, tuple[str, ...]] = {
    "persons": tuple(SOURCES),
    "disabilities": ("ssd", "cin-census", "csv"),
    "addresses": ("ssd", "csv"),
    "contacts": ("ssd", "annex-a", "csv"),
    "cin_episodes": _CASES,
    "cin_assessments": _CASES,
    "assessment_factors": ("ssd", "cin-census", "csv"),
    "s47_enquiries": _CASES,
    "cp_plans": _CASES,
    "care_leavers": ("ssd", "ssda903", "annex-a", "csv"),
    "permanence": ("ssda903", "annex-a", "csv"),
    "cla_health": ("csv",),
    "posts": ("csv",),
    "cla_episodes": ("ssd", "ssda903", "annex-a", "csv"),
    "cla_placements": ("ssd", "ssda903", "annex-a", "csv"),
    "cla_visits": ("ssd", "csv"),
    "legal_status": ("ssd", "ssda903", "annex-a", "csv"),
    "involvements": ("ssd", "annex-a", "csv"),
    "professionals": ("ssd", "csv"),
    "departments": ("ssd", "csv"),
}
MORE: Mapping[str, str] = {
    "addresses": "A census takes them from a file of addresses beside it.",
    "departments": "The list of teams (`teams.csv` in the data folder) says where each team works.",
}


def missing_tables(snapshot: Snapshot, asked: Indicator) -> tuple[str, ...]:
    """The case tables that an indicator needs and the snapshot was made without."""
    return tuple(table for table in asked.tables if table not in snapshot.supplied)


def what_brings(table: str) -> str:
    """`These records have no addresses, so no child can be placed on the map. They come with ...`"""
    kinds = [SOURCES[kind] for kind in BROUGHT_BY[table]]
    named = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} or {kinds[-1]}"
    said = f"These records have no {TABLES[table].title}, so {TABLES[table].without}."
    return f"{said} They come with {named}, loaded together with the others. {MORE.get(table, '')}".strip()
