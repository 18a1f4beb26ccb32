"""A snapshot: one immutable folder of facts with a manifest, read whole into memory.

Readers follow `CURRENT`, a one-line text file, once and read nothing afterwards, so any older snapshot can be removed at any
time. `csc_core.publish` writes them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types

from csc_core.tables import Taken

MANIFEST = "MANIFEST.json"
FINDINGS = "findings.csv"
NOT_LOADED = "findings-of-the-load-that-failed.csv"
FORMAT = 7  # raised when facts or the manifest change, so that a snapshot made before is not read as if it had them

KEPT_OF_A_CHILD = (
    "Of each child are kept a reference in place of the id, the month of birth, and of the last home recorded the areas and the "
    "kilometre of the national grid: no name, no day of birth, no postcode."
)


class Unavailable(Exception):
    """There is no snapshot to read, or it cannot be written; the message is one sentence for people."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in memory. `digest` stands for all its files (see `digest`). `sources` are those it was made of; `as_at` is the latest
    of theirs; `cut_over` is the day on which one case system took over from another, if one did. `warning` is a sentence when the
    newest one was damaged and an older one is shown. `empty_months` are case tables with the first day of each month of which they hold
    nothing, though they usually hold many.
    """

    id: str
    digest: str
    created: datetime
    as_at: datetime
    records_from: date
    complete_from: date
    cut_over: date | None
    source: str
    sources: tuple[Taken, ...]
    synthetic: bool
    supplied: frozenset[str]
    counts: pd.DataFrame
    notes: tuple[str, ...]
    warning: str | None
    teams: pd.DataFrame
    empty_months: frozenset[tuple[str, date]]
    con: duckdb.DuckDBPyConnection

    def sql(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> pd.DataFrame:
        """Run a query on a cursor of its own: one connection shared by threads fails, cursors of it do not."""
        with self.con.cursor() as cursor:
            return cursor.execute(query, parameters).df()

    def arrow(self, query: str, parameters: Sequence[Any] | None = None) -> pa.Table:
        """The same for many rows that are to go into another database."""
        with self.con.cursor() as cursor:
            return cursor.sql(query, params=parameters).to_arrow_table()


def open_current(data: Path) -> Snapshot:
    """Read the current snapshot into memory; when it is damaged, the newest sound one, with a warning.

    Raises Unavailable when there is none.
    """
    folders = sorted((data / "snapshots").glob("[0-9]*"), reverse=True)
    current = _current(data)
    if current is not None:
        folders = [current, *(folder for folder in folders if folder != current)]
    if not folders:
        raise Unavailable(f"No data have been loaded into {data}: run `python -m csc_core load demo` or `load csv FOLDER`.")
    for folder in folders:
        try:
            warning = (
                None
                if folder == folders[0]
                else (
                    f"The newest data ({folders[0].name}) are damaged or missing, so an earlier snapshot ({folder.name}) "
                    "is shown: load them again."
                )
            )
            return read(folder, warning)
        except (OSError, ValueError, KeyError, TypeError, duckdb.Error):
            continue
    raise Unavailable(f"Every snapshot in {data} is damaged or was made by another version: load the data again.")


def kept(data: Path) -> list[str]:
    """The ids of the snapshots that are still there, the newest first."""
    return [folder.name for folder in sorted((data / "snapshots").glob("[0-9]*"), reverse=True)]


def open_kept(data: Path, id: str) -> Snapshot:
    """Read one snapshot by its id, or by as much of its beginning as only one has. Raises Unavailable."""
    there = kept(data)
    found = [name for name in there if id and name.startswith(id)]
    if len(found) != 1:
        raise Unavailable(f"There is no one snapshot '{id[:40]}' in {data}; those kept: {', '.join(there) or 'none'}.")
    try:
        return read(data / "snapshots" / found[0], None)
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error) as error:
        raise Unavailable(f"The snapshot {found[0]} is damaged or was made by another version: it cannot be compared.") from error


def current_id(data: Path) -> str | None:
    """The id of the snapshot that `open_current` would try first: what a cache of open snapshots is keyed by."""
    folder = _current(data)
    return folder.name if folder else None


def rows_kept(data: Path, kinds: Collection[str]) -> dict[str, int]:
    """The rows of each case table that the current snapshot was made of; none where there is no such snapshot, or it was made of other
    kinds of source."""
    folder = _current(data)
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8")) if folder else {"counts": [], "sources": []}
        same = sorted(one["kind"] for one in manifest["sources"]) == sorted(kinds)
        counts = [(one["table"], one["kept"]) for one in manifest["counts"]] if same else []
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    kept = Counter[str]()
    for table, rows in counts:
        kept[table] += rows
    return +kept


def _current(data: Path) -> Path | None:
    try:
        name = (data / "CURRENT").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    folder = data / "snapshots" / name
    return folder if name and folder.parent == data / "snapshots" else None


def read(folder: Path, warning: str | None = None, *, sealed: bool = True) -> Snapshot:
    """Read one snapshot, into a database that is sealed off from all files unless it is to be written again.

    Raises OSError, ValueError, KeyError, TypeError or duckdb.Error when it is damaged or of another version.
    """
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError("a snapshot of another version")
    con = duckdb.connect()
    for name, entry in manifest["files"].items():
        if name == FINDINGS:
            continue  # not needed to count, and not everybody's to read
        if sha256(folder / name) != entry["sha256"]:
            raise ValueError(f"{name} is not what was published")
        con.execute(f"create table {name.removesuffix('.parquet')} as from read_parquet(?)", [str(folder / name)])
    teams = con.execute("select * from team order by team_name").df()
    empty = con.execute("select table_name, day from quality where rule = 'nothing_recorded'").fetchall()
    if sealed:
        con.execute("set enable_external_access = false")
    return Snapshot(
        id=manifest["id"],
        digest=digest(manifest["files"]),
        created=datetime.fromisoformat(manifest["created"]),
        as_at=datetime.fromisoformat(manifest["as_at"]),
        records_from=date.fromisoformat(manifest["records_from"]),
        complete_from=date.fromisoformat(manifest["complete_from"]),
        cut_over=date.fromisoformat(manifest["cut_over"]) if manifest["cut_over"] else None,
        source=manifest["source"],
        sources=tuple(
            Taken(
                one["kind"],
                one["where"],
                datetime.fromisoformat(one["as_at"]) if one["as_at"] else None,
                tuple(one["tables"]),
                date.fromisoformat(one["begins"]) if one["begins"] else None,
                tuple(one["lacks"]),
                tuple((table, date.fromisoformat(day)) for table, day in one["later"].items()),
            )
            for one in manifest["sources"]
        ),
        synthetic=bool(manifest["synthetic"]),
        supplied=frozenset(manifest["supplied"]),
        counts=pd.DataFrame(manifest["counts"]),
        notes=tuple(manifest["notes"]),
        warning=warning,
        teams=teams,
        empty_months=frozenset(empty),
        con=con,
    )


def digest(files: dict[str, Any]) -> str:
    """The SHA-256 of a manifest's `files`: their names, their own SHA-256 and their numbers of rows."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
