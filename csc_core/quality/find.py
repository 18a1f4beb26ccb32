"""Running the rules, once, when records are loaded: what they found goes into the snapshot as two tables.

`quality_rule`: rule, table_name, checked (records looked at), found. `quality`: a row for each record found, with rule, table_name,
record_id, person_id, team, day, detail. A record of a child whose record is restricted is counted and not listed; one of whom it cannot
be told which child it is of is listed without its id, since it may be such a child's, or of one to be taken out later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta

import duckdb
import pandas as pd

from csc_core.check import Checked
from csc_core.codes import CODE_LISTS
from csc_core.continuity import EARLIER
from csc_core.factors import BREAKS
from csc_core.periods import latest_month
from csc_core.quality.rules import AT_THE_DOOR, OF_THE_RECORDS, Rule
from csc_core.tables import TABLES, Finding, days_known

LISTED = "listed"
QUALITY_TABLES = ("quality", "quality_rule")
EVER = (date(1900, 1, 1), date(9999, 12, 31))
FROM_APRIL_2022 = (("close_reason", "RC9"), ("referral_source", "5D"))  # the census of the year ending March 2023 was the first with them
EVENTS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("enquiry",),
    "cin_episodes": ("referral",),
    "cin_assessments": ("assessment",),
    "s47_enquiries": ("s47_enquiry", "conference"),
    "cp_plans": ("cp_plan_started", "cp_plan_ended"),
}
"""The facts that say in which months a case table holds anything."""
COLUMNS = {"rule": "varchar", "table_name": "varchar", "record_id": "varchar", "person_id": "varchar", "team": "varchar",
           "day": "date", "detail": "varchar"}  # fmt: skip


def find(con: duckdb.DuckDBPyConnection, checked: Checked, complete_from: date, as_at: date, before: Mapping[str, int]) -> None:
    """Make the two tables from what the door said and from the case tables and facts in `con`; call it before ids are replaced.

    `before` are the rows of each case table that the load before kept, of the same kinds of source; empty where there was none. A third
    table, LISTED, is what the rules of the records found under the case system's ids, as a finding has it: for findings.csv alone.
    """
    con.execute(f"create table quality ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
    con.execute("create table quality_rule (rule varchar, table_name varchar, checked bigint, found bigint)")
    _at_the_door(con, checked)
    con.register("incoming", codes_in_use())
    con.execute("create temp table code_in_use as from incoming")
    con.unregister("incoming")
    kept = checked.counts.groupby("table")["kept"].sum()
    con.execute("create temp table rows_kept (table_name varchar, now bigint, before bigint)")
    for name in kept.index.intersection(list(before)):
        con.execute("insert into rows_kept values (?, ?, ?)", [name, int(kept[name]), before[name]])
    _records_in_month(con, checked, complete_from, as_at)
    for rule in OF_THE_RECORDS:
        if set(rule.needs) <= checked.supplied:
            _of_the_records(con, rule, complete_from)
    for made in ("code_in_use", "rows_kept", "records_in_month"):
        con.execute(f"drop table {made}")
    titles = pd.DataFrame([(rule.id, f"{rule.title} (rule {rule.id})") for rule in OF_THE_RECORDS], columns=["rule", "title"])
    con.register("incoming", titles)
    con.execute(
        f"""
        create table {LISTED} as
        select table_name as "table", regexp_replace(coalesce(record_id, team, ''), '^{EARLIER}', '') as key,
               coalesce(person_id, '') as child, concat_ws(': ', title, detail) as reason
        from quality join incoming using (rule) order by all
        """
    )
    con.unregister("incoming")
    con.execute("delete from quality where person_id in (select person_id from persons where restricted = 'Y')")


def codes_in_use() -> pd.DataFrame:
    """From when to when a code could be recorded; columns list, code, first_day, last_day. Codes never added nor removed have no row."""
    days: dict[tuple[str, str], list[date]] = {}
    for one in BREAKS:
        for code in one.added:
            days.setdefault(("assessment_factor", code), [*EVER])[0] = one.day
        for code in one.removed:
            days.setdefault(("assessment_factor", code), [*EVER])[1] = one.day - timedelta(days=1)
    days |= {key: [date(2022, 4, 1), EVER[1]] for key in FROM_APRIL_2022 if key[1] in CODE_LISTS[key[0]]}
    return pd.DataFrame([(*key, *span) for key, span in days.items()], columns=["list", "code", "first_day", "last_day"])


def rule_of(finding: Finding) -> Rule:
    """The rule that a row the door listed falls under: the first that fits, and there is always one."""
    return next(rule for rule in AT_THE_DOOR if rule.outcome in ("", finding.outcome) and re.search(rule.said, finding.reason))


def _at_the_door(con: duckdb.DuckDBPyConnection, checked: Checked) -> None:
    listed = [(rule_of(one).id, one.table, _record(one), one.child, f"{one.column} {one.reason}") for one in checked.findings]
    found = pd.DataFrame(listed, columns=["rule", "table_name", "record_id", "person_id", "detail"], dtype="str")
    con.register("incoming", found)
    con.execute(
        "insert into quality select rule, table_name, nullif(record_id, ''), nullif(person_id, ''), null, null, detail from incoming"
    )
    con.unregister("incoming")
    rows = (checked.counts["kept"] + checked.counts["rejected"]).groupby(checked.counts["table"]).sum().to_dict()
    counts = Counter((id, name) for id, name, *_ in listed)
    for rule in AT_THE_DOOR:
        of_rule = [(rule.id, name, int(rows.get(name, 0)), count) for (id, name), count in counts.items() if id == rule.id]
        con.executemany("insert into quality_rule values (?, ?, ?, ?)", of_rule or [(rule.id, "", int(sum(rows.values())), 0)])


def _record(finding: Finding) -> str:
    return finding.key if finding.child or not TABLES[finding.table].of_children else ""


def _records_in_month(con: duckdb.DuckDBPyConnection, checked: Checked, complete_from: date, as_at: date) -> None:
    """How many events each table has in each whole month from the day the records are complete, noughts included; of the time of which
    its source knows."""
    con.execute("create temp table whole_month (table_name varchar, day date)")
    for table in EVENTS:
        known, last = days_known(checked.sources, table)
        months = pd.date_range(max(complete_from, known or complete_from), min(latest_month(as_at), last or as_at), freq="MS")
        if table in checked.supplied and len(months):
            con.execute("insert into whole_month select ?, unnest(?::date[])", [table, [day.date() for day in months]])
    events = " union all ".join(f"select '{table}' as table_name, date from {fact}" for table, facts in EVENTS.items() for fact in facts)
    con.execute(
        f"""
        create temp table records_in_month as
        with counted as ({events})
        select whole_month.table_name, day, count(date) as records
        from whole_month left join counted on counted.table_name = whole_month.table_name and date_trunc('month', date) = day
        group by whole_month.table_name, day
        """
    )
    con.execute("drop table whole_month")


def _of_the_records(con: duckdb.DuckDBPyConnection, rule: Rule, complete_from: date) -> None:
    """Run one rule over the records since the day they are complete: what came before is there for its history only."""
    con.execute(
        f"create temp table looked_at as from ({rule.sql}) where day is null or day >= $complete_from", {"complete_from": complete_from}
    )
    con.execute(
        f"insert into quality_rule select '{rule.id}', table_name, count(*), count(*) filter (fails) from looked_at group by all"
    )
    con.execute(f"insert into quality select '{rule.id}', table_name, record_id, person_id, team, day, detail from looked_at where fails")
    con.execute("drop table looked_at")


def rules_run(supplied: Collection[str]) -> tuple[Rule, ...]:
    """The rules that say something of a snapshot with these case tables."""
    return (*AT_THE_DOOR, *(rule for rule in OF_THE_RECORDS if set(rule.needs) <= set(supplied)))
