"""The facts: case records with the hard rules applied once, so that a click has only to count.

Each `.sql` file here makes one table and reads as the rule it applies. They run in the order of `STEPS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import holidays
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types

from csc_core.codes import ETHNIC_GROUPS
from csc_core.factors import GROUP_OF
from csc_core.facts.care_places import care_inputs
from csc_core.text import give_back
from geo.areas import CONFIDENTIAL, COUNTY
from geo.postcodes import locate

PLACES = ("county", "locality", "lad", "planning_area", "district")
FACTS = (
    "enquiry", "referral", "assessment", "assessment_factor", "open_case", "s47_enquiry", "conference", "cp_plan",
    "cp_plan_started", "cp_plan_ended",
    "case_held", "case_holder", "caseload_september", "post",
    "looked_after", "care_leaver", "adoption_placement", "adoption_process", "health_assessment",
    "overdue",
)  # fmt: skip
OF_FACTS = ("case_holder", "caseload_september")
"""Facts made from other facts alone: made again when somebody is taken out of those."""
STEPS = (
    "care_stretch", "child_stretch", "child_segment", "plan_segment", "child_status",
    "health_due", "care_period", "care_entry", "care_placement", "care_stay", "care_visit", "care_segment", "overdue_segment", "child_day",
    *FACTS,
)  # fmt: skip
MEMORY = "1200MB"
"""What the facts may take of memory before they go to the disk, where there is enough of it: more than a council of Devon's size needs."""
FILLING = "500MB"
"""The same while the case tables are still in memory beside them."""
AT_ONCE = 200_000  # addresses that are placed, which takes many times their own memory
CALENDAR = (date(1900, 1, 1), date(2040, 12, 31))  # from the first day that a row may hold
NAMED_OF_TEAM = ("service", "team_area")
"""What the mapping file says of a team in words of its own, which facts hold as ids."""


def id_of(name: str) -> str:
    """SQL for the id of a name of NAMED_OF_TEAM: `Initial response` is `initial-response`, and none is `not known`."""
    return f"coalesce(regexp_replace(lower(departments.{name}), '[^a-z0-9]+', '-', 'g'), 'not known')"


HIDDEN_ADDRESS = ("REFUGE", "ADOPTIVE", "CONFIDENTIAL")


def working_days(first: date = CALENDAR[0], last: date = CALENDAR[1]) -> pd.DataFrame:
    """Each day with the number of working days up to it: Monday to Friday less England's bank holidays.

    The difference of two days is the working days between them with the first as day 0 (DfE's bands have a
    `same day` before `1 to 10`). Columns: day, working_days.
    """
    days = pd.date_range(first, last, unit="s")
    closed = pd.DatetimeIndex(sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))))
    working = (days.day_of_week < 5) & ~days.isin(closed)
    return pd.DataFrame({"day": days.date, "working_days": working.cumsum()})


def home_addresses(addresses: pd.DataFrame) -> pd.DataFrame:
    """The addresses that can place a child, with their areas.

    A type left empty is taken for a home. Refuges, adoptive homes and confidential addresses keep their dates and lose
    their place: the child is counted for the county only.
    """
    kind = addresses["address_type"].fillna("HOME")
    homes = addresses[(kind == "HOME") | kind.isin(HIDDEN_ADDRESS)]
    places = locate(homes["address_postcode"])[[*PLACES, "status"]].astype(object).rename(columns={"status": "postcode_status"})
    places.loc[homes["address_type"].isin(HIDDEN_ADDRESS), list(PLACES[1:])] = CONFIDENTIAL
    return homes[["table_id", "person_id", "address_start_date", "address_end_date"]].join(places)


def build(
    frames: MutableMapping[str, pd.DataFrame], progress: Callable[[str, float], None], spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Make every fact from checked case tables, in memory; the caller writes `FACTS` out and closes the connection. `frames` is emptied
    on the way, so that no table is held twice.

    `spill` is the folder for what does not fit: these are case records, which must not end up in the folder one happens to be in.
    """
    con = duckdb.connect()
    con.execute(f"set memory_limit = '{FILLING}'")
    if spill:
        con.execute("set temp_directory = ?", [str(spill)])
    progress("Finding the area of each address", 0.0)
    restricted, addresses = frames["persons"]["restricted"].eq("Y").any(), frames["addresses"]
    inputs = {
        "calendar": working_days(),
        "ethnicity_group": pd.DataFrame(list(ETHNIC_GROUPS.items()), columns=["ethnicity", "ethnic_group"]),
        **care_inputs(frames),
        "group_of_factor": pd.DataFrame(list(GROUP_OF.items()), columns=["code", "factor_group"]),
    }
    for given in (inputs, frames):
        for name in list(given):
            _put_in(con, name, given.pop(name))
            give_back()
    for first in range(0, max(len(addresses), 1), AT_ONCE):
        _put_in(con, "address", home_addresses(addresses.iloc[first : first + AT_ONCE]))
    del addresses
    con.execute(f"set memory_limit = '{MEMORY}'")
    for number, (step, sql) in enumerate(_texts().items()):
        progress(f"Working out {step.replace('_', ' ')}", (number + 1) / (len(STEPS) + 1))
        run(con, sql, {"county": COUNTY} if "$county" in sql else None)
        for name in _used_up().get(step, ()):
            con.execute(f"drop table {name}")
        if step in FACTS:
            _add_what_is_named(con, step)
            if restricted:
                _county_only(con, step)
    progress("Facts made", 1.0)
    return con


def _put_in(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Add the rows to a table, which is made for the first of them."""
    # as Arrow has it, which holds no object for each text
    con.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
    rows = f"select {_typed(frame)} from incoming"
    con.execute(f"create table if not exists {name} as {rows} limit 0")
    con.execute(f"insert into {name} {rows}")
    con.unregister("incoming")


def run(con: duckdb.DuckDBPyConnection, sql: str, given: object = None) -> None:
    """Run a statement in the memory there is to be: if that does not suffice, from then on with one thread, which holds less at a time,
    and if that does not, with all that the machine has."""
    for relief in ("set threads = 1", "reset memory_limit"):
        try:
            con.execute(sql, given)
        except duckdb.OutOfMemoryException:
            con.execute(relief)
        else:
            return
    con.execute(sql, given)


@cache
def _texts() -> Mapping[str, str]:
    """The SQL of each step."""
    return {step: (files("csc_core.facts") / f"{step}.sql").read_text("utf-8") for step in STEPS}


@cache
def _used_up() -> Mapping[str, list[str]]:
    """For each step, the tables on the way to the facts that no step after it reads."""
    found: dict[str, list[str]] = {}
    for name in STEPS:
        if name not in FACTS:
            last = [step for step, sql in _texts().items() if re.search(rf"\b{name}\b", sql)][-1]
            found.setdefault(last, []).append(name)
    return found


def _add_what_is_named(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    """Service and area of the team, from the mapping file: the same rule for every fact that has a team and is not made of another fact."""
    if "team" in con.table(fact).columns and fact not in OF_FACTS:
        named = [f"case team when 'not allocated' then 'not allocated' else {id_of(name)} end as {name}" for name in NAMED_OF_TEAM]
        rows = f"select {fact}.*, {', '.join(named)} from {fact} left join departments on team_id = team"  # declared names
        run(con, f"create or replace table {fact} as {rows}")


def _county_only(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    """Take the place and the team from the rows of children whose record is restricted: they count in the county's totals."""
    columns = set(con.table(fact).columns)
    hidden = [f"{name} = '{CONFIDENTIAL}'" for name in (*PLACES[1:], "service", "team_locality", "team_area", "team") if name in columns]
    # what a worker holds counts among the worker's hours
    hidden += ["worker = 'not known'"] if "worker" in columns and fact != "case_held" else []
    if "person_id" in columns and hidden:
        con.execute(f"update {fact} set {', '.join(hidden)} where person_id in (select person_id from persons where restricted = 'Y')")


def _typed(frame: pd.DataFrame) -> str:
    """The column list that turns timestamps into days and text into plain text, whatever an empty column looked like."""

    def cast(column: str) -> str:
        kind = frame[column].dtype.kind
        wanted = "date" if kind == "M" or column == "day" else "varchar" if kind not in "iufb" else ""
        return f'cast("{column}" as {wanted}) as "{column}"' if wanted else f'"{column}"'

    return ", ".join(cast(str(column)) for column in frame.columns)
