"""The facts: case records with the hard rules applied once, so that a click has only to count.

Each `.sql` file here makes one table and reads as the rule it applies (`term.sql`: the texts that the others share).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import holidays
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types

from csc_core import order
from csc_core.codes import ETHNIC_GROUPS
from csc_core.factors import GROUP_OF
from csc_core.facts.care_places import care_inputs
from csc_core.text import give_back
from geo.areas import CONFIDENTIAL, COUNTY
from geo.postcodes import locate

PLACES = ("county", "locality", "lad", "planning_area", "district")
SQUARE = ("easting", "northing")
KILOMETRE = 1_000  # metres: as much as is kept of where a home is
FACTS = (
    "enquiry", "referral", "assessment", "assessment_factor", "open_case", "s47_enquiry", "conference", "cp_plan",
    "cp_plan_started", "cp_plan_ended",
    "case_held", "case_holder", "caseload_september", "post",
    "looked_after", "care_leaver", "adoption_placement", "adoption_process", "health_assessment",
    "overdue",
)  # fmt: skip
OF_FACTS = ("case_holder", "caseload_september")
"""Facts made from other facts alone: made again when somebody is taken out of those."""
OF_CHILDREN = (*FACTS, "child")
"""What a snapshot holds of children and workers: the facts that are counted, and who the children are."""
STEPS = (
    "ranked_address", "ranked_involvement", "care_stretch", "child_stretch", "child_segment", "plan_segment", "child_status",
    "health_due", "care_period", "care_entry", "care_placement", "care_stay", "care_visit", "care_segment", "overdue_segment", "child_day",
    *OF_CHILDREN,
)  # fmt: skip
MEMORY = "1200MB"
"""What the facts may take of memory before they go to the disk, where there is enough of it: more than a council of Devon's size needs."""
FILLING = "500MB"
"""The same while the case tables are still in memory beside them."""
PLACED_AT_ONCE = 200_000  # addresses, which take many times their own memory
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
    """The addresses that can place a child, with their areas and the south-west corner of their square kilometre (metres).

    A type left empty is taken for a home. Refuges, adoptive homes and confidential addresses keep their dates and lose
    their place: the child is counted for the county only.
    """
    kind = addresses["address_type"].fillna("HOME")
    homes = addresses[(kind == "HOME") | kind.isin(HIDDEN_ADDRESS)]
    found = locate(homes["address_postcode"])
    places = found[[*PLACES, "status"]].astype(object).rename(columns={"status": "postcode_status"})
    hidden = homes["address_type"].isin(HIDDEN_ADDRESS)
    places.loc[hidden, list(PLACES[1:])] = CONFIDENTIAL
    square = (found[list(SQUARE)] // KILOMETRE * KILOMETRE).astype("Int32").mask(hidden)
    return homes[["table_id", "person_id", "address_start_date", "address_end_date"]].join(places).join(square)


def build(
    frames: MutableMapping[str, pd.DataFrame], progress: Callable[[str, float], None], spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Make every fact from checked case tables, in memory; the caller writes `OF_CHILDREN` out and closes the connection. `frames` is
    emptied on the way, so that no table is held twice.

    `spill` is the folder for what does not fit: these are case records, which must not end up in the folder one happens to be in.
    """
    con = duckdb.connect()
    con.execute(f"set memory_limit = '{FILLING}'")
    if spill:
        con.execute("set temp_directory = ?", [str(spill)])
    progress("Finding the area of each address", 0.0)
    restricted, addresses = frames["persons"]["restricted"].eq("Y").any(), frames["addresses"]
    rows = sum(map(len, frames.values()))
    inputs = {
        "calendar": working_days(),
        "ethnicity_group": pd.DataFrame(list(ETHNIC_GROUPS.items()), columns=["ethnicity", "ethnic_group"]),
        "group_of_factor": pd.DataFrame(list(GROUP_OF.items()), columns=["code", "factor_group"]),
    }
    with ThreadPoolExecutor(1) as beside:  # which takes as long as all the rest and reads other files
        places = beside.submit(care_inputs, frames["cla_episodes"], frames["cla_placements"], addresses)
        for given in (inputs, frames):
            for name in list(given):
                _put_in(con, name, given.pop(name))
                give_back()
    for name, frame in places.result().items():
        _put_in(con, name, frame)
    for first in range(0, max(len(addresses), 1), PLACED_AT_ONCE):
        _put_in(con, "address", home_addresses(addresses.iloc[first : first + PLACED_AT_ONCE]))
    del addresses
    con.execute(f"set memory_limit = '{MEMORY}'")
    con.execute(_text("term"))
    made = list[str]()

    def make(step: str) -> None:
        with con.cursor() as own:
            run(own, _with_its_place(own, step) if step in FACTS else _text(step))
            if restricted and step in OF_CHILDREN:
                _county_only(own, step)

    def done(step: str, used_up: list[str]) -> None:
        made.append(step)
        progress(f"Worked out {step.replace('_', ' ')}", len(made) / (len(STEPS) + 1))
        for name in used_up:
            if name not in OF_CHILDREN:
                con.execute(f"drop table {name}")

    order.take(_reads(), make, done, rows)
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


def run(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Run a statement in the memory there is to be: if that does not suffice, from then on with one thread, which holds less at a time,
    and if that does not, with all that the machine has."""
    for relief in ("set threads = 1", "reset memory_limit"):
        try:
            con.execute(sql)
        except duckdb.OutOfMemoryException:
            con.execute(relief)
        else:
            return
    con.execute(sql)


@cache
def _text(name: str) -> str:
    sql = (files("csc_core.facts") / f"{name}.sql").read_text("utf-8")
    return sql.replace("$county", f"'{COUNTY}'").replace("$confidential", f"'{CONFIDENTIAL}'")


@cache
def _reads() -> Mapping[str, frozenset[str]]:
    """The tables that each step reads."""
    return order.reads({step: _text(step) for step in STEPS})


def _with_its_place(con: duckdb.DuckDBPyConnection, fact: str) -> str:
    """The statement that makes a fact, with the place of the team in the service where the fact has a team: `team_locality`, and what the
    mapping file says in words of its own. One that is made of another fact has it from there."""
    sql = _text(fact)
    before, create, query = sql.rstrip().rstrip(";").partition(f"create table {fact} as\n")
    columns = con.sql(query).columns
    if "team" not in columns or "team_locality" in columns:
        return sql
    of_team = {"team_locality": "coalesce(departments.team_locality, 'not known')", **{name: id_of(name) for name in NAMED_OF_TEAM}}
    place = ", ".join(f"case made.team when 'not allocated' then 'not allocated' else {is_} end as {name}" for name, is_ in of_team.items())
    return f"{before}{create}select made.*, {place} from (\n{query}\n) as made left join departments on departments.team_id = made.team"


def _county_only(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    """Take the place and the team from the rows of children whose record is restricted: they count in the county's totals."""
    columns = set(con.table(fact).columns)
    hidden = [f"{name} = '{CONFIDENTIAL}'" for name in (*PLACES[1:], "service", "team_locality", "team_area", "team") if name in columns]
    hidden += [f"{name} = null" for name in SQUARE if name in columns]
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
