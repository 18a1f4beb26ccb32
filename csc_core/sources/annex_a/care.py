"""Looked-after children, care leavers and adoption, out of lists 8 to 10.

List 8 has a row for each period of care with the placement and the legal status of the day: earlier ones are not in it, and of
visits only the last, so that neither moves nor visits can be counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from csc_core.sources.annex_a.cases import Rows
from csc_core.sources.annex_a.workbook import Listed
from csc_core.sources.made_ids import numbered
from csc_core.tables import CODES, RawTable


def care_tables(found: Mapping[int, Listed], day: date | None) -> tuple[list[RawTable], list[str]]:
    """The tables that lists 8, 9 and 10 make, and what there is to say."""
    tables, notes = [], []
    if 8 in found:
        tables += _looked_after(Rows(found[8]))
        notes.append("List 8 has a child's present placement and legal status only, and the last visit: no moves or visits are counted.")
    if 9 in found:
        tables.append(_care_leavers(Rows(found[9]), day))
    if 10 in found:
        tables.append(_permanence(Rows(found[10])))
    return tables, notes


def _looked_after(rows: Rows) -> list[RawTable]:
    period = rows["child"] + "-Y-" + rows["start"]
    placed = rows["placed"] != ""
    placement = (rows["child"] + "-P-" + rows["placed"]).where(placed, "")
    episodes = {
        "person_id": rows["child"],
        "cla_placement_id": placement,
        "cla_episode_start_date": rows["start"],
        "cla_episode_start_reason": pd.Series("S", index=period.index, dtype="str"),
        "cla_primary_need_code": rows.codes("need", "primary_need"),
        "cla_episode_ceased_date": rows["end"],
        "cla_episode_ceased_reason": rows.codes("reason", "care_ceased_reason"),
        "cla_id": period,
        "entered_care_date": rows["start"],
    }
    placements = pd.DataFrame(
        {
            "cla_placement_id": placement,
            "cla_id": period,
            "person_id": rows["child"],
            "cla_placement_start_date": rows["placed"],
            "cla_placement_type": rows.codes("type", "care_placement_type"),
            "cla_placement_provider": rows.codes("provider", "care_placement_provider"),
            "cla_placement_postcode": rows["postcode"],
            "cla_placement_end_date": rows["end"],
        }
    )
    placements = placements[placed]
    placements["cla_placement_id"] = numbered(placements["cla_placement_id"], placements)
    statuses = {
        "person_id": rows["child"],
        "legal_status": rows.codes("status", "legal_status"),
        "legal_status_start_date": rows["status_start"].where(rows["status_start"] != "", rows["start"]),
        "legal_status_end_date": rows["end"],
    }
    return [
        rows.table("cla_episodes", "cla_episode_id", "E", episodes, "cla_episode_start_date"),
        RawTable("cla_placements", rows.listed.file, placements.astype("str")),
        rows.table("legal_status", "legal_status_id", "G", statuses, "legal_status_start_date"),
    ]


def _care_leavers(rows: Rows, day: date | None) -> RawTable:
    meant = rows.codes("accommodation", "care_leaver_accommodation")
    letter = rows["accommodation"].str.extract(r"^\s*([A-Z])[12]?\b", expand=False)  # the return has B1 and B2 of one kind
    accommodation = meant.where(meant.isin([*CODES["care_leaver_accommodation"]]), letter.fillna(meant))
    columns = {
        "person_id": rows["child"],
        "status_start_date": pd.Series(day.isoformat() if day else "", index=rows["child"].index, dtype="str"),
        "care_leaver_eligibility": rows.codes("eligibility", "care_leaver_eligibility"),
        "care_leaver_in_touch": rows.codes("in_touch", "in_touch"),
        "care_leaver_accommodation": accommodation,
        "care_leaver_accom_suitable": rows.codes("suitable", "yes_no"),
        "care_leaver_activity": rows.codes("activity", "care_leaver_activity"),
        "care_leaver_allocated_team": rows["team"],
    }
    return rows.table("care_leavers", "table_id", "V", columns, "status_start_date")


def _permanence(rows: Rows) -> RawTable:
    ordered = rows["order"] != ""
    columns = {
        "person_id": rows["child"],
        "entered_care_date": rows["entered"],
        "adm_decision_date": rows["decision"],
        "placed_for_adoption_date": rows["placed"],
        "decision_reversed_date": rows["reversed"],
        "permanence_order_date": rows["order"],
        "permanence_order_type": pd.Series("ADOPTION", index=ordered.index, dtype="str").where(ordered, ""),
    }
    return rows.table("permanence", "table_id", "N", columns, "adm_decision_date")
