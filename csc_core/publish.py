"""Publishing: a snapshot appears whole or not at all, under one lock, and a load killed at any moment leaves nothing that counts.

Written under a temporary name, flushed to disk, manifest last, renamed, and only then named in `CURRENT`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from filelock import FileLock, Timeout
from pyarrow.parquet import read_metadata  # type: ignore[import-untyped]  # ships no types

from csc_core.snapshot import FINDINGS, FORMAT, MANIFEST, Unavailable, digest, sha256

TABLES_AT_ONCE = 2  # DuckDB writes most tables with one core, and each at once takes memory of its own
PRIVATE = 0o600  # for files that only who runs the load may read


@dataclass(frozen=True)
class Retention:
    """How many snapshots are kept, and for how many days (None: however old). The current one stays whatever its age."""

    snapshots: int = 3
    days: int | None = None


KEEP = Retention()


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data folder for one load, from its first row read to the snapshot published; a load within it may lock it again.

    What a load killed before has left behind is cleared away: its lock went with it. Raises Unavailable at once while another
    process holds the folder, or when the folder cannot be made.
    """
    snapshots, lock = data / "snapshots", FileLock(data / ".lock", timeout=0, is_singleton=True)
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise Unavailable(f"Another load into {data} is under way: wait until it has finished.") from error
    except OSError as error:
        raise not_written(data, error) from error
    try:
        if lock.lock_counter == 1:
            _clear(data)
        yield
    finally:
        if lock.lock_counter == 1:
            shutil.rmtree(spill(data), ignore_errors=True)
        lock.release()


def spill(data: Path) -> Path:
    """Where a load may put what does not fit into memory."""
    return data / ".spill"


def publish(
    data: Path,
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[str],
    about: dict[str, Any],
    findings: Iterable[pd.DataFrame],
    keep: Retention = KEEP,
) -> Path:
    """Write `tables` of `con` as a new snapshot below `data` and make it the current one; returns its folder.

    `about` goes into the manifest as it is; `findings` (rows rejected, values not understood) becomes `findings.csv`, which only
    who runs the load may read. Raises Unavailable, leaving the old snapshot in place, when the folder cannot be written or another
    load is under way.
    """
    snapshots = data / "snapshots"
    with locked(data):
        try:
            folder = write(snapshots, con, tables, about, findings)
            point_to(data, folder)
        except (OSError, duckdb.Error) as error:
            raise not_written(data, error) from error
        _prune(snapshots, folder.name, keep)
        return folder


def write(
    snapshots: Path,
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[str],
    about: dict[str, Any],
    findings: Iterable[pd.DataFrame],
    created: datetime | None = None,
) -> Path:
    """Write a snapshot that nobody is pointed to yet; call it under the lock. It may fail at any moment and leave nothing to be read."""
    created = created or datetime.now(UTC)
    temporary = snapshots / f".tmp-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
        written = [pool.submit(_write_table, con, table, temporary) for table in tables]
        rows = write_private(temporary / FINDINGS, findings)
        entries = dict(one.result() for one in written)
    entries[FINDINGS] = {"sha256": sha256(temporary / FINDINGS), "rows": rows}
    name = f"{created:%Y%m%dT%H%M%S%f}-{digest(entries)[:8]}"
    manifest = {"format": FORMAT, "id": name, "created": created.isoformat(), **about, "files": entries}
    (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    for path in temporary.iterdir():
        _flush(path)
    _flush(temporary)
    folder = snapshots / name
    if folder.exists():  # the same, written by a removal that was killed before it was done
        shutil.rmtree(temporary)
    else:
        temporary.rename(folder)
    _flush(snapshots)
    return folder


def _write_table(con: duckdb.DuckDBPyConnection, table: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Write one table; returns its file's name and what the manifest says of it."""
    path = folder / f"{table}.parquet"
    with con.cursor() as own:  # a connection shared by threads fails, cursors of it do not
        own.table(table).write_parquet(str(path), compression="zstd")
    return path.name, {"sha256": sha256(path), "rows": read_metadata(path).num_rows}


def point_to(data: Path, folder: Path) -> None:
    """Make a snapshot the current one."""
    replace_text(data / "CURRENT", folder.name + "\n")


def _prune(snapshots: Path, current: str, keep: Retention) -> None:
    """Remove the snapshots that are not to be kept, and those of another version, which nobody can read."""
    for number, old in enumerate(sorted(snapshots.glob("[0-9]*"), reverse=True)):
        if old.name != current and (number >= keep.snapshots or _too_old(old, keep.days) or not _of_this_version(old)):
            shutil.rmtree(old, ignore_errors=True)


def _too_old(folder: Path, days: int | None) -> bool:
    try:
        created = datetime.strptime(folder.name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return False
    return days is not None and datetime.now(UTC) - created > timedelta(days)


def _of_this_version(folder: Path) -> bool:
    try:
        return bool(json.loads((folder / MANIFEST).read_text("utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return True  # damaged: it goes when its turn comes


def _clear(data: Path) -> None:
    """Remove what a load that was killed has left."""
    for left_over in (*(data / "snapshots").glob(".tmp-*"), spill(data)):
        shutil.rmtree(left_over, ignore_errors=True)
    for left_over in data.glob(".new-*"):
        left_over.unlink(missing_ok=True)


def not_written(data: Path, error: OSError | duckdb.Error) -> Unavailable:
    """The sentence for a data folder that cannot be written."""
    why = (getattr(error, "strerror", None) or str(error)).splitlines()[0]
    if "No space left on device" in str(error):  # in the middle of what DuckDB says
        why = "no space is left on the disk"
    return Unavailable(f"The snapshot could not be written to {data}: {why}. The data shown have not changed.")


def replace_text(path: Path, text: str, mode: int = 0o666) -> None:
    """Put a small file in place whole, or not at all."""
    temporary = path.with_name(f".new-{path.name}-{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode), "w", encoding="utf-8") as file:
        file.write(text)
    _flush(temporary)
    temporary.replace(path)
    _flush(path.parent)


def write_private(path: Path, frames: Iterable[pd.DataFrame]) -> int:
    """Write frames of the same columns as one CSV that nobody but its writer may read; returns the number of rows."""
    path.unlink(missing_ok=True)
    rows = 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE), "w", encoding="utf-8", newline="") as file:
        for number, frame in enumerate(frames):
            frame.to_csv(file, index=False, header=number == 0)
            rows += len(frame)
    return rows


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
