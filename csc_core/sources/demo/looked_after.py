"""Children looked after: episodes of care, placements, legal statuses and visits, and children on short breaks.

Each child's case was made before (`cases`) and is open throughout. `care_periods` says who is looked after and when, `care_statuses`
under which legal status, `care_placements` where, and `care_visits` when they were visited.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo import care_placements, care_statuses, care_visits
from csc_core.sources.demo.care_periods import periods
from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, YEAR, Words, iso
from csc_core.sources.demo.homes import Homes
from csc_core.sources.demo.leaving_care import birthday
from csc_core.sources.demo.permanence import days
from csc_core.sources.demo.targets import LAST, stream
from csc_core.tables import TABLES

CAME_FROM_ABROAD: Final = ("WOTH", "AOTH", "BAFR", "OOTH", "BOTH", "ABAN", "APKN", "AIND", "CHNE", "BCRB", "MOTH")
UNACCOMPANIED: Final = 0.56  # share of the young people of these ethnic groups with a case who came alone
HOME_NOT_RECORDED: Final = 0.08
JUST_BEFORE: Final = (75, 20)  # days before the last one between which the child without a placement entered care
BREAKS_AGREED, BREAKS_RECORDED = 30, 8  # disabled children on short breaks: as one agreement, and each break
BREAK_EVERY, BREAK_NIGHTS = 28, 2


def tables(cases: Cases, rows: dict[str, pd.DataFrame], addresses: pd.DataFrame, places: Homes) -> dict[str, pd.DataFrame]:
    """The tables `cla_episodes`, `cla_placements`, `cla_visits` and `legal_status`.

    `rows` are the tables made before, `cin_episodes` indexed as `cases.episodes` and `persons` by child; `addresses` those of
    `people.addresses`.
    """
    care = _care(cases, rows, addresses)
    placed = care_placements.placements(cases, care, places, stream("placements of care"))
    legal = care_statuses.statuses(care, stream("legal statuses"))
    seen = care_visits.visits(care, placed, legal, stream("visits"))
    breaks = _short_breaks(cases, care, places, stream("short breaks"))

    of_breaks = breaks.assign(period=np.arange(len(breaks)) + len(care), counts=True, same=False, provider="PR1", reason="")
    legal = pd.concat([legal, of_breaks[["period", "status", "start", "end"]]], ignore_index=True)
    placed = pd.concat([placed, of_breaks[placed.columns.intersection(of_breaks.columns)]], ignore_index=True)
    care = pd.concat([care, breaks], ignore_index=True)
    placed = placed.sort_values(["start", "period", "counts"], kind="stable", ignore_index=True)
    legal = legal.sort_values(["start", "period"], kind="stable", ignore_index=True)

    person = rows["persons"]["person_id"]
    care["person_id"] = person.loc[care["child"]].to_numpy(object)
    care["cla_id"] = _ids("Y", len(care))
    placed["cla_placement_id"] = _ids("P", len(placed))
    found = {
        "cla_episodes": _episodes(care, placed, legal, rows["cin_episodes"]["referral_id"]),
        "cla_placements": pd.DataFrame({
            "cla_placement_id": placed["cla_placement_id"],
            **_whose(care, placed),
            "cla_placement_start_date": iso(placed["start"].to_numpy()),
            "cla_placement_type": placed["type"],
            "cla_placement_provider": placed["provider"],
            "cla_placement_postcode": placed["postcode"],
            "cla_placement_end_date": iso(placed["end"].to_numpy()),
            "cla_placement_change_reason": placed["reason"],
        }),
        "cla_visits": pd.DataFrame({
            "cla_visit_id": _ids("V", len(seen)),
            **_whose(care, seen),
            "cla_visit_date": iso(seen["day"].to_numpy()),
            "cla_visit_seen": seen["seen"],
            "cla_visit_seen_alone": np.where(seen["seen"] == "N", "N", np.where(stream("seen alone").random(len(seen)) < 0.85, "Y", "N")),
        }),
        "legal_status": pd.DataFrame({
            "legal_status_id": _ids("G", len(legal)),
            **_whose(care, legal),
            "legal_status": legal["status"],
            "legal_status_start_date": iso(legal["start"].to_numpy()),
            "legal_status_end_date": iso(legal["end"].to_numpy()),
        }),
    }
    return {name: frame[[column.name for column in TABLES[name].columns]] for name, frame in found.items()}


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:06}" for number in range(1, count + 1)]


def _whose(care: pd.DataFrame, frame: pd.DataFrame) -> dict[str, Words]:
    """The child and the period of care of each row."""
    return {name: care[name].to_numpy(object)[frame["period"]] for name in ("person_id", "cla_id")}


def _care(cases: Cases, rows: dict[str, pd.DataFrame], addresses: pd.DataFrame) -> pd.DataFrame:
    """The periods of care with all that the rest is made from (see `care_placements.placements`, `care_statuses`)."""
    rng = stream("periods of care")
    child_of = pd.Series(rows["persons"].index, index=rows["persons"]["person_id"])
    permanence = rows["permanence"][rows["permanence"]["adm_decision_date"] != ""]
    adoptive = child_of.loc[permanence["person_id"]].to_numpy()
    ethnicity = rows["persons"]["ethnicity"].reindex(np.arange(len(cases.born)), fill_value="")
    alone = ethnicity.isin(CAME_FROM_ABROAD).to_numpy() & (rng.random(len(cases.born)) < UNACCOMPANIED)
    care = periods(cases, adoptive, alone, rng)

    entered, placed = (days(permanence[name]) for name in ("entered_care_date", "placed_for_adoption_date"))
    moved_in = pd.DataFrame({"child": adoptive, "start": entered, "placed": placed}).drop_duplicates(["child", "start"])
    care["placed"] = care.merge(moved_in, how="left", on=["child", "start"])["placed"].fillna(NEVER).to_numpy(np.int64)
    care["placed"] = care["placed"].where(care["placed"] < care["end"], NEVER)
    care["home"] = _homes(care, addresses)
    hidden = rng.random(len(care)) < HOME_NOT_RECORDED
    care["written"] = care["home"].where(~hidden & ~care["alone"] & ~_kept_confidential(care, addresses), "")
    care["status"] = care_statuses.last_status(cases, care, rng)
    care["remand"] = care["status"] == "J1"
    lately = (care["end"] > LAST) & care["start"].between(LAST - JUST_BEFORE[0], LAST - JUST_BEFORE[1]) & ~care["alone"] & ~care["remand"]
    unplaced = int(np.flatnonzero(lately)[0])
    moves = care_placements.moves(care, cases.born, unplaced, rng)
    care["moves"] = pd.Series([None if row == unplaced else found for row, found in enumerate(moves)], dtype=object)
    adult = birthday(cases.born[care["child"]], 18)
    close_reason = rows["cin_episodes"]["close_reason"].loc[care["case"]].to_numpy(object)
    care["reason"] = care_statuses.ended_because(cases, care, close_reason, adult, rng)
    care["need"] = _need(cases, care)
    return care


def _last_homes(care: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    """The last address before each period of care that is not a placement; its row's number is the period's."""
    homes = addresses[addresses["kind"] != "PLACEMENT"].rename(columns={"start": "since", "end": "until"})
    rows = care[["child", "start"]].reset_index().merge(homes, on="child")
    rows = rows[rows["since"] <= rows["start"]].sort_values(["index", "since"], kind="stable")
    return rows.drop_duplicates("index", keep="last").set_index("index")


def _homes(care: pd.DataFrame, addresses: pd.DataFrame) -> Words:
    return _last_homes(care, addresses)["postcode"].reindex(care.index, fill_value="").to_numpy(object)


def _kept_confidential(care: pd.DataFrame, addresses: pd.DataFrame) -> pd.Series:
    return _last_homes(care, addresses)["kind"].reindex(care.index, fill_value="HOME") != "HOME"


def _need(cases: Cases, care: pd.DataFrame) -> Words:
    """The child's need as the looked-after return has it: the case's, where that is one of its eight."""
    need = cases.events["need"].to_numpy(object)[cases.episodes["event"].to_numpy()[care["case"]]]
    return np.where(care["alone"], "N8", np.where(np.isin(need, ["N9", "N0"]), "N1", need))


def _short_breaks(cases: Cases, care: pd.DataFrame, places: Homes, rng: np.random.Generator) -> pd.DataFrame:
    """Periods of short breaks of disabled children who are not looked after otherwise: as `care`, with status, type and postcode."""
    episodes = cases.episodes
    child, opened, closed = (episodes[name].to_numpy() for name in ("child", "opened", "closed"))
    age = (LAST - cases.born[child]) / YEAR
    disabled = cases.events["need"].to_numpy(object)[episodes["event"]] == "N2"
    may = np.flatnonzero(disabled & (closed == NEVER) & (opened < LAST - 400) & (age > 4) & (age < 17) & ~np.isin(child, care["child"]))
    chosen = may[np.argsort(rng.random(len(may)), kind="stable")[: BREAKS_AGREED + BREAKS_RECORDED]]
    rows = []
    for number, (case, at) in enumerate(zip(chosen.tolist(), rng.random(len(chosen)).tolist(), strict=True)):
        if number < BREAKS_AGREED:
            rows.append((case, max(int(opened[case]) + 60, LAST - 100 - int(900 * at)), NEVER, "V4"))
        else:
            starts = range(LAST - 300 + int(BREAK_EVERY * at), LAST + 1, BREAK_EVERY)
            rows += [(case, day, day + BREAK_NIGHTS, "V3") for day in starts]
    breaks = pd.DataFrame(rows, columns=["case", "start", "end", "status"])
    breaks["end"] = breaks["end"].where(breaks["end"] <= LAST, NEVER)
    breaks["child"] = child[breaks["case"]]
    breaks["type"] = np.where(breaks["case"] % 3 == 0, "K2", np.where(breaks["case"] % 3 == 1, "U6", "R1"))
    breaks["postcode"] = places.postcode[places.anywhere(rng.random(len(breaks)))]
    return breaks.assign(reason=np.where(breaks["end"] < NEVER, "E8", ""), need="N2", written="")


def _episodes(care: pd.DataFrame, placed: pd.DataFrame, legal: pd.DataFrame, referral: pd.Series) -> pd.DataFrame:
    """One row for each stretch of a period under one legal status in one placement, as the looked-after return has them."""
    own = placed[placed["counts"]]
    cuts = pd.concat([legal[["period", "start"]], own[["period", "start"]]]).drop_duplicates()
    cuts = cuts.sort_values(["start", "period"], ignore_index=True)
    status = pd.merge_asof(cuts, legal[["period", "start", "status"]], on="start", by="period")["status"]
    home = pd.merge_asof(cuts, own[["period", "start", "cla_placement_id", "same"]], on="start", by="period")
    frame = cuts.assign(status=status, placement=home["cla_placement_id"], same=home["same"].eq(True))
    frame = frame.sort_values(["period", "start"], kind="stable", ignore_index=True)
    before = frame.groupby("period").shift()
    first, last = before["start"].isna(), frame["period"].ne(frame["period"].shift(-1))
    legal_changed, moved = frame["status"].ne(before["status"]), frame["placement"].fillna("").ne(before["placement"].fillna(""))
    of_period = care.iloc[frame["period"]].reset_index(drop=True)
    changes = [first, legal_changed & moved & frame["same"], legal_changed & moved, moved & frame["same"], moved]
    end = np.where(last, of_period["end"], frame["start"].shift(-1).fillna(NEVER)).astype(np.int64)
    episodes = pd.DataFrame({
        "start": frame["start"],
        "person_id": of_period["person_id"],
        "cla_placement_id": frame["placement"].fillna(""),
        "cla_episode_start_date": iso(frame["start"].to_numpy()),
        "cla_episode_start_reason": np.select(changes, ["S", "U", "B", "T", "P"], "L"),
        "cla_primary_need_code": of_period["need"],
        "cla_episode_ceased_date": iso(end),
        "cla_episode_ceased_reason": np.where(last, of_period["reason"], "X1"),
        "cla_id": of_period["cla_id"],
        "referral_id": referral.loc[of_period["case"]].to_numpy(object),
        "entered_care_date": iso(of_period["start"].to_numpy()),
        "home_postcode": of_period["written"],
    }).sort_values(["start", "cla_id"], kind="stable", ignore_index=True)
    episodes.insert(0, "cla_episode_id", _ids("E", len(episodes)))
    return episodes
