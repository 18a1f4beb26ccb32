"""A snapshot: one immutable folder of facts with a manifest, published whole or not at all.

Written under a temporary name, flushed to disk, manifest last, renamed, and only then named in `CURRENT`, a one-line
text file. Readers follow `CURRENT` once and read nothing afterwards, so any older snapshot can be removed at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from filelock import FileLock, Timeout

from csc_core.tables import Taken

KEPT = 3
MANIFEST = "MANIFEST.json"
FORMAT = 3  # raised when facts or the manifest change, so that a snapshot made before is not read as if it had them


class Unavailable(Exception):
    """There is no snapshot to read, or it cannot be written; the message is one sentence for people."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in memory. `sources` are those it was made of; `as_at` is the latest of theirs. `warning` is a sentence when the
    newest one was damaged and an older one is shown.
    """

    id: str
    created: datetime
    as_at: datetime
    records_from: date
    complete_from: date
    source: str
    sources: tuple[Taken, ...]
    synthetic: bool
    supplied: frozenset[str]
    counts: pd.DataFrame
    notes: tuple[str, ...]
    warning: str | None
    teams: pd.DataFrame
    con: duckdb.DuckDBPyConnection

    def sql(self, query: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> pd.DataFrame:
        """Run a query on a cursor of its own: one connection shared by threads fails, cursors of it do not."""
        with self.con.cursor() as cursor:
            return cursor.execute(query, parameters).df()


def publish(data: Path, con: duckdb.DuckDBPyConnection, tables: Sequence[str], about: dict[str, Any], findings: pd.DataFrame) -> Path:
    """Write `tables` of `con` as a new snapshot below `data` and make it the current one; returns its folder.

    `about` goes into the manifest as it is; `findings` (rows rejected, values not understood) becomes `findings.csv`.
    Raises Unavailable, leaving the old snapshot in place, when the folder cannot be written or another load is under way.
    """
    snapshots = data / "snapshots"
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        with FileLock(data / ".lock", timeout=0):
            for left_over in snapshots.glob(".tmp-*"):
                shutil.rmtree(left_over, ignore_errors=True)
            folder = _write(snapshots, con, tables, about, findings)
            _replace_text(data / "CURRENT", folder.name + "\n")
            _prune(snapshots, folder.name)
            return folder
    except Timeout as error:
        raise Unavailable(f"Another load into {data} is under way: wait until it has finished.") from error
    except OSError as error:
        why = error.strerror or error
        raise Unavailable(f"The snapshot could not be written to {data}: {why}. The data shown have not changed.") from error


def _write(snapshots: Path, con: duckdb.DuckDBPyConnection, tables: Sequence[str], about: dict[str, Any], findings: pd.DataFrame) -> Path:
    created = datetime.now(UTC)
    temporary = snapshots / f".tmp-{os.getpid()}"
    temporary.mkdir()
    entries = {}
    for table in tables:
        path = temporary / f"{table}.parquet"
        con.table(table).write_parquet(str(path), compression="zstd")
        ((rows,),) = con.execute(f"select count(*) from {table}").fetchall()
        entries[path.name] = {"sha256": _sha256(path), "rows": rows}
    findings.to_csv(temporary / "findings.csv", index=False)
    entries["findings.csv"] = {"sha256": _sha256(temporary / "findings.csv"), "rows": len(findings)}
    digest = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
    name = f"{created:%Y%m%dT%H%M%S%f}-{digest[:8]}"
    manifest = {"format": FORMAT, "id": name, "created": created.isoformat(), **about, "files": entries}
    (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    for path in temporary.iterdir():
        _flush(path)
    _flush(temporary)
    folder = snapshots / name
    temporary.rename(folder)
    _flush(snapshots)
    return folder


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
            return _read(folder, warning)
        except (OSError, ValueError, KeyError, TypeError, duckdb.Error):
            continue
    raise Unavailable(f"Every snapshot in {data} is damaged or was made by another version: load the data again.")


def current_id(data: Path) -> str | None:
    """The id of the snapshot that `open_current` would try first: what a cache of open snapshots is keyed by."""
    folder = _current(data)
    return folder.name if folder else None


def _current(data: Path) -> Path | None:
    try:
        name = (data / "CURRENT").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    folder = data / "snapshots" / name
    return folder if name and folder.parent == data / "snapshots" else None


def _read(folder: Path, warning: str | None) -> Snapshot:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError("a snapshot of another version")
    for name, entry in manifest["files"].items():
        if _sha256(folder / name) != entry["sha256"]:
            raise ValueError(f"{name} is not what was published")
    con = duckdb.connect()
    for name in manifest["files"]:
        if name.endswith(".parquet"):
            con.execute(f"create table {name.removesuffix('.parquet')} as from read_parquet(?)", [str(folder / name)])
    teams = con.execute("select * from team order by team_name").df()
    con.execute("set enable_external_access = false")
    return Snapshot(
        id=manifest["id"],
        created=datetime.fromisoformat(manifest["created"]),
        as_at=datetime.fromisoformat(manifest["as_at"]),
        records_from=date.fromisoformat(manifest["records_from"]),
        complete_from=date.fromisoformat(manifest["complete_from"]),
        source=manifest["source"],
        sources=tuple(
            Taken(one["kind"], one["where"], datetime.fromisoformat(one["as_at"]) if one["as_at"] else None, tuple(one["tables"]))
            for one in manifest["sources"]
        ),
        synthetic=bool(manifest["synthetic"]),
        supplied=frozenset(manifest["supplied"]),
        counts=pd.DataFrame(manifest["counts"]),
        notes=tuple(manifest["notes"]),
        warning=warning,
        teams=teams,
        con=con,
    )


def _prune(snapshots: Path, current: str) -> None:
    for old in sorted(snapshots.glob("[0-9]*"), reverse=True)[KEPT:]:
        if old.name != current:
            shutil.rmtree(old, ignore_errors=True)


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(text, "utf-8")
    _flush(temporary)
    temporary.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    """Put a file, or the names in a folder, on disk. Windows has no handle on a folder and needs none."""
    if path.is_dir():
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY)
    else:
        handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
