"""Periods of care, placements and legal statuses, out of the episodes of the return.

An episode is a stretch of days on which neither placement nor legal status changes. A period of care begins with an episode
started for reason S (or with the child's first one in the file) and goes on while episodes end for reason X1, to begin another.
A placement goes on when the next episode begins only because the legal status changed (L) and is in the same place; it is
another one for P, T, B and U. Whether that counts as a move (T and U keep the carer; a change of status only) is for the facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from csc_core.sources.made_ids import numbered
from csc_core.sources.ssda903.modules import Module
from csc_core.tables import RawTable

MOVES = ("S", "P", "T", "B", "U")
PLACE = ("PLACE", "PLACE_PROVIDER", "PL_POST", "URN")


@dataclass(frozen=True)
class CareRecords:
    """The three tables, and the episodes with the day and period they belong to: `begins`, `ends` (days), `period`, `entered`."""

    tables: tuple[RawTable, ...]
    episodes: pd.DataFrame

    @property
    def ended(self) -> pd.Series[Any]:
        """The day on which each episode ended that did, but for days before its first."""
        return self.episodes["ends"][self.episodes["ends"] >= self.episodes["begins"]]


def care_records(module: Module) -> CareRecords:
    """The tables that the episodes make. Each row keeps the number of its episode in the file, a placement that of its first."""
    episodes = module.rows.assign(begins=module.days("DECOM"), ends=module.days("DEC"))
    for code in ("RNE", "REC", "LS", "PLACE"):
        episodes[code] = episodes[code].str.upper()
    episodes = episodes.sort_values(["CHILD", "begins"], kind="stable", na_position="last")
    before = episodes.shift()
    same_child = episodes["CHILD"] == before["CHILD"]
    day = episodes["begins"].dt.strftime("%Y-%m-%d").astype("str").fillna(episodes["DECOM"])

    starts = ~same_child | (episodes["RNE"] == "S") | ~before["REC"].isin(["", "X1"])
    episodes["period"] = (episodes["CHILD"] + "-" + day).where(starts).ffill()
    episodes["entered"] = day.where(episodes["RNE"] == "S", "").where(starts).ffill()

    follows = same_child & ~starts & (before["ends"] == episodes["begins"])
    moves = ~follows | episodes["RNE"].isin(MOVES) | _elsewhere(episodes, before)
    run = moves.cumsum()
    # a run of episodes of which nothing says where the child lived is no placement
    said = (episodes[list(PLACE)] != "").any(axis=1).groupby(run).transform("any")
    first = episodes[moves & said]
    placement = numbered(first["CHILD"] + "-P-" + day[first.index], first.drop(columns=["begins", "ends"]))
    episodes["placement"] = run.map(placement.set_axis(run[first.index])).astype("str").fillna("")
    last = episodes.groupby(run)[["DEC", "REASON_PLACE_CHANGE"]].last().reindex(run[first.index]).set_axis(first.index)

    episode_id = numbered(episodes["CHILD"] + "-" + day, module.rows.reindex(episodes.index))
    tables = (
        _table(
            "cla_episodes",
            module,
            {
                "cla_episode_id": episode_id,
                "person_id": episodes["CHILD"],
                "cla_placement_id": episodes["placement"],
                "cla_episode_start_date": episodes["DECOM"],
                "cla_episode_start_reason": episodes["RNE"],
                "cla_primary_need_code": episodes["CIN"],
                "cla_episode_ceased_date": episodes["DEC"],
                "cla_episode_ceased_reason": episodes["REC"],
                "cla_id": episodes["period"],
                "entered_care_date": episodes["entered"],
                "home_postcode": episodes["HOME_POST"],
            },
            broken=True,
        ),
        _table(
            "cla_placements",
            module,
            {
                "cla_placement_id": placement,
                "cla_id": first["period"],
                "person_id": first["CHILD"],
                "cla_placement_start_date": first["DECOM"],
                "cla_placement_type": first["PLACE"],
                "cla_placement_provider": first["PLACE_PROVIDER"],
                "cla_placement_postcode": first["PL_POST"],
                "cla_placement_end_date": last["DEC"],
                "cla_placement_change_reason": last["REASON_PLACE_CHANGE"],
            },
        ),
        _table(
            "legal_status",
            module,
            {
                "legal_status_id": episode_id,
                "person_id": episodes["CHILD"],
                "legal_status": episodes["LS"],
                "legal_status_start_date": episodes["DECOM"],
                "legal_status_end_date": episodes["DEC"],
            },
        ),
    )
    return CareRecords(tables, episodes)


def _elsewhere(episodes: pd.DataFrame, before: pd.DataFrame) -> pd.Series[bool]:
    """Whether anything known of the place differs from that of the episode before, however postcodes are spaced."""
    differs = pd.Series(False, index=episodes.index)
    for column in PLACE:
        here, there = (frame[column].fillna("").str.replace(" ", "").str.upper() for frame in (episodes, before))
        differs |= (here != there) & (here != "") & (there != "")
    return differs


def _table(name: str, module: Module, columns: dict[str, Any], *, broken: bool = False) -> RawTable:
    rows = pd.DataFrame(columns, dtype="str").sort_index()
    return RawTable(name, module.file, rows, module.broken_in(name) if broken else ())
