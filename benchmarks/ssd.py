"""Loading a Standard Safeguarding Dataset from PostgreSQL: against a plain pandas copy of the same tables, and how much memory it takes.

The rows are made in the database: as many as Devon has, and fifteen times as many. The plain copy reads the same columns of the same
tables into memory and writes each as Parquet, with no row checked, no code read and no date understood.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pandas as pd
import sqlalchemy as sa

from benchmarks.demonstration import quiet
from benchmarks.measure import Measured, alone, peak_memory
from csc_core.check import check
from csc_core.load import load
from csc_core.sources import read
from csc_core.sources.ssd.dataset import EXTRACTS
from tests.postgres import Server, server

DAY = "timestamp '2014-04-01' + interval '1 day' * "
CHILD = "'C' || (n::bigint * 7919 % {children} + n % 1000 / 999 * {children})"  # one in a thousand is of a child who is not there
CODES = "(array['3B', '4B', '2B', '18B', '16A', '7A', '5A', '10A', '13A', '8B'])[1 + (n + n / {assessments}) % 10]"
DISTRICTS = "(array['EX1 1EE', 'EX31 1HL', 'TQ12 4PH', 'EX39 2QG', 'EX16 6SA', 'PL19 0BZ', 'EX8 1PQ', 'TQ9 5JR'])[1 + n % 8]"

# Each table: rows at Devon's size, and its columns as PostgreSQL makes them from a row's number `n` (0 onwards).
MADE: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "person": (60_000, {
        "person_id": "'C' || n", "sex": "(array['M', 'F'])[1 + n % 2]", "ethnicity": "'WBRI'",
        "dob": "timestamp '2000-01-01' + interval '1 day' * (n * 31 % 6400)"}),
    "disability": (20_000, {"table_id": "'B' || n", "person_id": "'C' || n", "disability_code": "'NONE'"}),
    "address": (120_000, {
        "table_id": "'A' || n", "person_id": "'C' || (n % {children})", "address_type": "'Home'",
        "address_start_date": "timestamp '2013-01-01' + interval '1 day' * (n / {children} * 700)", "address_postcode": DISTRICTS}),
    "contacts": (150_000, {
        "contact_id": "'K' || n", "person_id": CHILD, "contact_date": DAY + "(n % 1370)", "contact_source_code": "'6'"}),
    "cin_episodes": (100_000, {
        "referral_id": "'R' || n", "person_id": CHILD, "referral_date": DAY + "(n % 1200)", "cin_primary_need_code": "'N1'",
        "referral_source_code": "'6'", "referral_nfa": "'N'", "close_reason": "case when n % 4 > 0 then 'RC8' end",
        "close_date": "case when n % 4 > 0 then " + DAY + "(n % 1200 + 90) end"}),
    "cin_assessments": (90_000, {
        "assessment_id": "'S' || n", "person_id": CHILD, "referral_id": "'R' || n",
        "assessment_start_date": DAY + "(n % 1200 + 1)", "assessment_auth_date": DAY + "(n % 1200 + 40)",
        "assessment_outcome_nfa": "'N'", "assessment_team": "'T' || n % 60"}),
    "assessment_factors": (200_000, {
        "table_id": "'S' || (n % {assessments})", "assessment_id": "'F' || n",
        "assessment_factors_json": "'[null, \"' || " + CODES + " || '\"]'"}),
    "s47_enquiry": (25_000, {
        "s47_enquiry_id": "'Q' || n", "person_id": CHILD, "referral_id": "'R' || n", "s47_start_date": DAY + "(n % 1200 + 5)",
        "s47_end_date": DAY + "(n % 1200 + 15)", "s47_nfa": "'N'"}),
    "initial_cp_conference": (12_000, {
        "icpc_id": "'M' || n", "s47_enquiry_id": "'Q' || n", "icpc_date": DAY + "(n % 1200 + 18)", "icpc_outcome_cp_flag": "'Y'"}),
    "cp_plans": (10_000, {
        "cp_plan_id": "'L' || n", "person_id": CHILD, "referral_id": "'R' || n", "cp_plan_start_date": DAY + "(n % 1200 + 18)",
        "cp_plan_end_date": "case when n % 9 > 0 then " + DAY + "(n % 1200 + 130) end", "cp_plan_initial_category": "'NEG'",
        "cp_plan_latest_category": "'NEG'"}),
    "cla_episodes": (4_000, {
        "cla_episode_id": "'E' || n", "person_id": "'C' || n", "cla_placement_id": "'P' || n", "cla_id": "'CLA' || n",
        "cla_episode_start_date": DAY + "(n % 1200)", "cla_episode_start_reason": "'S'", "cla_primary_need_code": "'N1'",
        "entered_care_date": DAY + "(n % 1200)"}),
    "cla_placement": (4_000, {
        "cla_placement_id": "'P' || n", "cla_id": "'CLA' || n", "person_id": "'C' || n",
        "cla_placement_start_date": DAY + "(n % 1200)", "cla_placement_type": "'U6'", "cla_placement_provider": "'PR1'",
        "cla_placement_postcode": DISTRICTS}),
    "cla_visits": (40_000, {
        "cla_visit_id": "'Z' || n", "cla_id": "'CLA' || (n % 4000)", "person_id": "'C' || (n % 4000)",
        "cla_visit_date": DAY + "(n % 1370)", "cla_visit_seen": "'Y'", "cla_visit_seen_alone": "'Y'"}),
    "legal_status": (4_000, {
        "legal_status_id": "'G' || n", "person_id": "'C' || n", "legal_status": "'V2'", "legal_status_start_date": DAY + "(n % 1200)"}),
    "involvements": (200_000, {
        "involvements_id": "'I' || n", "professional_id": "'W' || n % 900", "professional_role_id": "'Allocated worker'",
        "professional_team": "'T' || n % 60", "person_id": CHILD, "involvement_start_date": DAY + "(n % 1200)",
        "involvement_end_date": DAY + "(n % 1200 + 100)"}),
    "professionals": (900, {"professional_id": "'W' || n"}),
    "department": (60, {"team_id": "'T' || n", "team_name": "'Assessment team ' || n"}),
}  # fmt: skip
ALWAYS = ("professionals", "department")  # a larger council's records, and the same staff
TIMES = 15
PROMISED = ("cin_episodes", "cin_assessments", "assessment_factors")


def measure(_: Path) -> Sequence[Measured]:
    """The whole load, and of it reading and checking every row, each by a process of its own; the middle of five, in turns."""
    with server() as running:
        _fill(running, "devon", 1)
        devon = running.address("devon")
        works = ("copy", "read", "load")
        runs = [{work: _alone(work, devon)[0] for work in works} for _ in range(5)]
        copied, ours, whole = (median(run[work] for run in runs) for work in works)
        _fill(running, "large", TIMES)
        took, peak = _alone("load", running.address("large"))
    size = " and ".join(f"{MADE[name][0]:,} {EXTRACTS[name].table.title}" for name in PROMISED)
    return (
        Measured(
            f"load a dataset of {size}: every row read and checked, the facts made, a snapshot published",
            f"{whole:.1f} s",
            f"{copied:.1f} s, a plain pandas copy",
            whole / copied,
            "at most 3 times as long",
            whole <= 3 * copied,
        ),
        Measured("  of this, every row read and checked", f"{ours:.1f} s", f"{copied:.1f} s, a plain pandas copy", ours / copied),
        Measured(f"  of {TIMES} times as many", f"{peak:,.0f} MB of memory", f"{took:.0f} s", None, "under 2,000 MB", peak < 2_000),
    )


def _fill(running: Server, database: str, times: int) -> None:
    """A new database with every table of the dataset, `times` Devon's rows in those that are read."""
    running.fill(database, {})
    names = {"children": MADE["person"][0] * times, "assessments": MADE["cin_assessments"][0] * times}
    with running.connect(database) as connection:
        for name, (rows, columns) in MADE.items():
            extract = EXTRACTS[name]
            last = rows * (1 if name in ALWAYS else times) - 1
            into = ", ".join(f"{extract.prefix}_{column}" for column in columns)
            values = ", ".join(value.format(**names) for value in columns.values())
            statement = f"insert into ssd_{name} ({into}) select {values} from generate_series(0, {last}) as n"  # noqa: S608  # constants
            connection.execute(statement.encode())


def _alone(work: str, address: str) -> tuple[float, float]:
    """Seconds and the peak of memory (MB) of a process that does only this."""
    with TemporaryDirectory() as folder:
        return alone("benchmarks.ssd", work, address, folder)


def _copy(address: str, folder: Path) -> None:
    engine = sa.create_engine(sa.make_url(address).set(drivername="postgresql+psycopg"))
    for name in MADE:
        columns = ", ".join(f"{EXTRACTS[name].prefix}_{column}" for column in EXTRACTS[name].columns)
        rows = pd.read_sql(f"select {columns} from ssd_{name}", engine)  # noqa: S608  # constants
        rows.to_parquet(folder / f"{name}.parquet")


def _read(address: str, _: Path) -> None:
    check(read([("ssd", address)], quiet, synthetic=True), quiet)


def _load(address: str, folder: Path) -> None:
    load(read([("ssd", address)], quiet, synthetic=True), folder, quiet)


WORK: Mapping[str, Callable[[str, Path], None]] = {"copy": _copy, "read": _read, "load": _load}

if __name__ == "__main__":
    begun = time.perf_counter()
    WORK[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
    print(time.perf_counter() - begun, peak_memory())
