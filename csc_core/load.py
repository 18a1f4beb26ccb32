"""The refresh: read a source, check every row, make the facts, publish a snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from csc_core import facts, findings, pseudonyms, removals
from csc_core.check import Checked, check
from csc_core.continuity import History, joined, together
from csc_core.publish import KEEP, Retention, locked, publish, spill, write_private
from csc_core.quality.find import LISTED, QUALITY_TABLES, find
from csc_core.snapshot import NOT_LOADED, Unavailable, rows_kept
from csc_core.tables import Progress, Records, Unusable
from csc_core.teams import with_teams
from geo.population import population

POPULATION_FILE = "population.csv"
BEGINNINGS = {"cin_episodes": "referral_date", "cla_episodes": "cla_episode_start_date"}  # one of the two must be there
LEAST_A_MONTH = 20  # referrals: in fewer, a quiet month looks like records that have not begun


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows read, kept, rejected and not used for each table and source, where the findings and the snapshot are, and what
    became of the snapshots kept where children are on the removal list."""

    folder: Path
    counts: pd.DataFrame
    notes: tuple[str, ...]
    taken_out: removals.Removal

    @property
    def findings(self) -> Path:
        return self.folder / "findings.csv"


def load_demo(data: Path, progress: Progress, keep: Retention = KEEP) -> Loaded:
    """Publish the synthetic demonstration county."""
    from csc_core.sources import demo

    return load(demo.read(_part(progress, 0.0, 0.3)), data, _part(progress, 0.3, 1.0), keep)


def load(records: Records, data: Path, progress: Progress, keep: Retention = KEEP, history: History | None = None) -> Loaded:
    """Check the records, those of the system before them if `history` has any, and publish a snapshot of them all.

    Raises Unusable or Unavailable, and then nothing has changed, unless it says that the new snapshot is published.
    """
    with locked(data):
        removed = removals.listed(data)
        if history:
            removed |= {new for old, new in history.same.items() if old in removed}
        whole = [with_teams(removals.without(records, removed), data)]
        # what is said of the records; their tables go one by one as they are checked, where nobody else holds them
        records = replace(whole[0], tables={}, taken=whole[0].sources)
        checked = check(whole.pop(), _part(progress, 0.0, 0.4))
        if history:
            removed |= {old for old, new in history.same.items() if new in removed}
            history = replace(history, records=removals.without(history.records, removed))
            checked, said = joined(history, check(history.records, _part(progress, 0.3, 0.4)), checked)
            records = together(history, records, said)
        found = findings.table(checked.findings)
        if all(checked.frames[name].empty for name in BEGINNINGS):
            write_private(data / NOT_LOADED, [found])
            raise Unusable(f"No referral and no episode of care could be loaded: {data / NOT_LOADED} says why for each row.")
        about = _about(records, checked) | {"cut_over": history and history.cut_over.isoformat()}
        frames, checked = dict(checked.frames), replace(checked, frames={})
        con = _facts(frames, checked, data, about, _part(progress, 0.4, 0.9))
        try:
            tables = (*facts.OF_CHILDREN, *QUALITY_TABLES, "population", "team")
            folder = publish(data, con, tables, about, findings.with_rules(found, _parts(con, LISTED)), keep)
        finally:
            con.close()
        taken_out = _taken_out(data, removed, folder)
    progress("Published", 1.0)
    return Loaded(folder, checked.counts, tuple(about["notes"]), taken_out)


def _taken_out(data: Path, removed: Collection[str], published: Path) -> removals.Removal:
    """The snapshots kept from before, rebuilt without those whom the new one leaves out."""
    try:
        return removals.apply(data, removed, but=published.name) if removed else removals.Removal()
    except Unavailable as error:
        said = "The new snapshot is published, but not every one kept from before is rebuilt without the children on the removal list"
        raise Unavailable(f"{said}: run `python -m csc_core remove`. {error}") from error


def _facts(
    frames: dict[str, pd.DataFrame], checked: Checked, data: Path, about: dict[str, Any], progress: Progress
) -> duckdb.DuckDBPyConnection:
    """All that goes into the snapshot, in memory, with references in place of ids, and what the rules found, under the ids for the
    findings (see csc_core.quality.find). `frames` is emptied."""
    key, children = pseudonyms.key(data, make=True), _population(data)
    try:
        con = facts.build(frames, progress, spill(data))
        before = rows_kept(data, [one.kind for one in checked.sources])
        find(con, checked, date.fromisoformat(about["complete_from"]), datetime.fromisoformat(about["as_at"]).date(), before)
        pseudonyms.put_in_place(con, key, (*facts.OF_CHILDREN, "quality"))
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        why = str(error).splitlines()[0]
        said = f"The figures could not be worked out in memory and {spill(data)}: {why}. The data shown have not changed."
        raise Unavailable(said) from error
    con.register("incoming", children)
    con.execute("create table population as from incoming")
    con.execute(
        "create table team as select team_id, team_name, coalesce(team_locality, 'not known') as team_locality,"  # noqa: S608  # constants
        + "".join(f" {name} as {name}_name, {facts.id_of(name)} as {name}," for name in facts.NAMED_OF_TEAM)
        + " valid_from, valid_to from departments"
    )
    return con


def _parts(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[pd.DataFrame]:
    """The rows of a table, some hundred thousand at a time."""
    with con.cursor() as cursor:
        cursor.execute(f"from {table}")
        while len(part := cursor.fetch_df_chunk(64)):
            yield part


def _population(data: Path) -> pd.DataFrame:
    """The council's own population file when it has put one in the data folder, else the one that comes with the product."""
    own = data / POPULATION_FILE
    try:
        return population(own) if own.exists() else _supplied_population()
    except ValueError as error:
        raise Unusable(str(error)) from error


@cache
def _supplied_population() -> pd.DataFrame:
    """Read and checked once, however often this process loads."""
    return population()


def _about(records: Records, checked: Checked) -> dict[str, Any]:
    """What a snapshot says of itself. `as_at` defaults to the latest event, `complete_from` to the first month from which every case
    is there (see `_all_there`), else the first referral (of records without any, the first episode of care)."""
    earliest = next(day.date() for name, column in BEGINNINGS.items() if not pd.isna(day := checked.frames[name][column].min()))
    begun = max(_all_there(checked.frames["cin_episodes"]) or earliest, earliest)
    first = min(begun, records.complete_from or date.max)
    if records.complete_from and not records.history:
        first = records.complete_from
    notes = [*records.notes]
    if records.complete_from is None and begun > earliest:
        few = int((checked.frames["cin_episodes"]["referral_date"] < pd.Timestamp(begun)).sum())
        notes.append(
            f"No case is there that was closed before {begun:%B %Y}: the {few:,} referrals before are taken for those of cases open then, "
            "and no figure is given of earlier periods. If that is not so, say from when they are all there (--complete-from)."
        )
    as_at = checked.as_at or datetime.combine(first, time())
    return {
        "source": records.source,
        "synthetic": records.synthetic,
        "as_at": as_at.isoformat(timespec="minutes"),
        "records_from": first.isoformat(),
        "complete_from": max(first, records.complete_from or first).isoformat(),
        "supplied": sorted(checked.supplied),
        "sources": [
            asdict(one)
            | {
                "as_at": one.as_at and one.as_at.isoformat(timespec="minutes"),
                "tables": sorted(one.tables),
                "begins": one.begins and one.begins.isoformat(),
                "later": {table: day.isoformat() for table, day in one.later},
            }
            for one in checked.sources
        ],
        "counts": checked.counts.to_dict("records"),
        "notes": notes,
    }


def _all_there(cases: pd.DataFrame) -> date | None:
    """The first month from which the records hold every case, and not only those still open when an extract of some years begins.

    Of the time before it an extract has no case that was closed in it: closings then begin with the month, where referrals fall off
    slowly, the further back the more. Records that hold everything begin at once. None where that cannot be told, for want of closings
    or because months are small. `cases` are the checked cin_episodes.
    """
    referred, closed = (_monthly(cases[name]) for name in ("referral_date", "close_date"))
    usual = referred.tail(36).median()
    if len(closed) < 2 or not usual >= LEAST_A_MONTH or referred.iloc[0] >= usual / 2:
        return None
    first: pd.Period = closed.index[closed >= closed.tail(36).median() / 4][0]
    return first.start_time.date()


def _monthly(days: pd.Series[Any]) -> pd.Series[int]:
    """How many of the days fall into each month, from the first to the last but one, which may not be over."""
    months: pd.Series[int] = days.dt.to_period("M").value_counts().sort_index()
    return months.reindex(pd.period_range(months.index.min(), months.index.max(), freq="M"), fill_value=0)[:-1] if len(months) else months


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Progress of one stage as a part of the whole."""
    return lambda what, share: progress(what, first + (last - first) * share)
