"""The Standard Safeguarding Dataset, as a database (its address) or a folder of its tables as CSV or Parquet.

The Eclipse extract of the dataset has traps, which its own SQL shows. Each is met here or in the facts, and told with its count:
 1. the outcome of an enquiry is empty: a referral of the child within 14 days stands for it (the fact `enquiry`)
 2. factors name their assessment by another key than the documented one: both are tried, for each row
 3. lists of factors hold empty places and local codes: the former are dropped, the latter kept and listed
 4. the referral's team is empty, its worker is who typed the form: the team comes from involvements, the worker is not read
 5. teams have no place in a hierarchy: the mapping file `teams.csv` gives it (`csc_core.teams`)
 6. the dates of adoption are empty: then the table is left out, and the looked-after return brings them
 7. workers' hours and agency flag are empty: an HR file brings them (the csv source)
 8. a placement's URN and distance are not what they seem, and its rows can be doubled: not read, and doubles counted
 9. postcodes have no space, and several addresses are open at once: the latest holds (the facts)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.ssd import database, folder, notes
from csc_core.sources.ssd.dataset import EXTRACTS
from csc_core.sources.ssd.factors import factors
from csc_core.sources.ssd.spelling import spelt
from csc_core.tables import TABLES, NotUsed, Progress, RawTable, Records, counted, quiet
from csc_core.text import held_once, is_in


def read(where: str, progress: Progress = quiet, synthetic: bool = False, as_at: datetime | None = None) -> Records:
    """Read every table there is. Raises Unusable when the database or folder cannot be read, in one sentence without a password."""
    if database.is_address(where):
        place, found, said = database.tables(where, progress)
    else:
        place = where
        found, said = folder.tables(Path(where), progress)
    said += notes.all_empty(found)
    day = as_at.date() if as_at else _latest(found)
    tables = {extract.fills: found[name] for name, extract in EXTRACTS.items() if name in found and name not in OWN_WAY}
    not_used = list[NotUsed]()
    for name, own_way in OWN_WAY.items():
        if name in found:
            filled, more = own_way(found, day)
            said += more
            if filled:
                tables[filled.name] = filled
            else:
                not_used.append(NotUsed.of(found[name], f"ssd {place}"))
    ready = {name: _as_ours(tables[name]) for name in TABLES if name in tables}
    said += notes.traps(ready)
    later = (("care_leavers", day),) if "care_leavers" in ready else ()
    return Records(ready, f"ssd {place}", synthetic, as_at, notes=tuple(said), later=later, not_used=tuple(not_used))


def _as_ours(raw: RawTable) -> RawTable:
    """With the columns of the case table, codes in their spelling."""
    table = TABLES[raw.name]
    lacking = [column.name for column in table.columns if column.name not in raw.rows]
    rows = raw.rows.assign(**dict.fromkeys(lacking, pd.array([""], dtype="str").repeat(len(raw.rows))))
    return replace(raw, rows=spelt(rows[[column.name for column in table.columns]], table))


Found = Mapping[str, RawTable]
Filled = tuple[RawTable | None, list[str]]


def _factors(found: Found, _: date) -> Filled:
    raw = found["assessment_factors"]
    filled, said = factors(raw, found.get("cin_assessments")) if len(raw.rows) else (raw, [])
    return (None if filled.rows.empty and not filled.broken else filled), said


def _conferences(found: Found, _: date) -> Filled:
    """Section 47 enquiries, each with the first conference held on it."""
    conferences = found["initial_cp_conference"]
    rows = conferences.rows.assign(on=read_days(conferences.rows["icpc_date"].str.strip())[0])
    held = rows[rows["on"].notna()].sort_values("on", kind="stable")
    if "s47_enquiry" not in found:
        count = counted(len(held) + len(conferences.broken), "conference is", "conferences are")
        return None, [f"{conferences.file}: {count} not counted, since there are no section 47 enquiries to belong to."]
    enquiries = found["s47_enquiry"]
    known = held[is_in(held["s47_enquiry_id"], enquiries.rows["s47_enquiry_id"])]
    first = known.drop_duplicates("s47_enquiry_id").set_index("s47_enquiry_id")[["icpc_date", "icpc_outcome_cp_flag"]].astype("str")
    joined = enquiries.rows.join(first, on="s47_enquiry_id").fillna({"icpc_date": "", "icpc_outcome_cp_flag": ""})
    said = (
        f"{conferences.file}: {counted(len(held), 'conference', 'conferences')} held, of these counted with their section 47 enquiry "
        f"{len(first):,}, later ones of the same enquiry {len(known) - len(first):,}, of no enquiry {len(held) - len(known):,}."
    )
    return replace(enquiries, rows=joined, broken=(*enquiries.broken, *conferences.broken)), [said] if len(rows) else []


def _care_leavers(found: Found, day: date) -> Filled:
    """The dataset says how a care leaver is now, and not since when: the record holds on the day the records were taken."""
    raw = found["care_leavers"]
    rows = raw.rows.assign(status_start_date=day.isoformat())
    return replace(raw, rows=rows), [f"{raw.file} says how care leavers are on {day} only: earlier days have none."]


def _latest(found: Found) -> date:
    """The day of the latest event in any table: as at when records are that do not say it."""
    latest = pd.Timestamp(1900, 1, 1)
    today = pd.Timestamp(date.today())
    for name, raw in found.items():
        events = [c.name for c in TABLES[raw.name].columns if c.event and c.name in raw.rows and raw.name != "persons"]
        for column in events if name != "permanence" else []:
            days = read_days(pd.Series(held_once(raw.rows[column]).cat.categories.str.strip(), dtype="str"))[0]
            latest = max(latest, days[days <= today].max() if (days <= today).any() else latest)
    return latest.date()


def _permanence(found: Found, _: date) -> Filled:
    """With the day on which the child entered care, which the period of care knows."""
    raw = found["permanence"]
    if len(raw.rows) and (raw.rows[["adm_decision_date", "placed_for_adoption_date"]] == "").all(axis=None):
        more = f", and {len(raw.broken):,} more cannot be read" if raw.broken else ""
        said = f"{raw.file} has no date of an adoption decision or placement in any row ({len(raw.rows):,}{more}), so it is not used"
        return None, [f"{said}: the looked-after return brings them (name ssda903 first, so that all else stays the dataset's)."]
    entered = pd.Series(dtype="str")
    if "cla_episodes" in found:
        episodes = found["cla_episodes"].rows.astype({"entered_care_date": "str", "cla_episode_start_date": "str"})
        days = episodes["entered_care_date"].where(episodes["entered_care_date"] != "", episodes["cla_episode_start_date"])
        first = read_days(days.str.strip())[0].groupby(episodes["cla_id"]).min()
        entered = first.dropna().dt.strftime("%Y-%m-%d").astype("str")
    rows = raw.rows.assign(entered_care_date=raw.rows["cla_id"].map(entered).astype(object).fillna("").astype("str"))
    return replace(raw, rows=rows), []


OWN_WAY = {
    "assessment_factors": _factors,
    "initial_cp_conference": _conferences,
    "care_leavers": _care_leavers,
    "permanence": _permanence,
}
