"""The dataset as a folder of files, CSV or Parquet, each named as its table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types
from pandas.api.extensions import ExtensionArray

from csc_core.sources import csv
from csc_core.sources.ssd.dataset import EXTRACTS, FORM, Extract, known_by
from csc_core.tables import Progress, RawTable, Unusable
from csc_core.text import as_str

SUFFIXES = (".csv", ".parquet")
OF_ADDRESSES = r"@|pass|pwd"  # in the name of no folder: it may be an address with a password


def tables(folder: Path, progress: Progress) -> tuple[dict[str, RawTable], list[str]]:
    """The tables that have rows, and what there is to say about the others."""
    found = _found(folder)
    read: dict[str, RawTable] = {}
    notes: list[str] = []
    for number, extract in enumerate(EXTRACTS.values()):
        progress(f"Reading {extract.table.title}", number / len(EXTRACTS))
        if extract.name not in found:
            notes.append(f"There is no ssd_{extract.name} in {folder}.")
            continue
        path = found[extract.name]
        raw, said = _parquet(path, extract) if path.suffix.lower() == ".parquet" else _csv(path, extract)
        notes += said
        if raw:
            read[extract.name] = raw
    progress("Every file read", 1.0)
    return read, notes


def _found(folder: Path) -> dict[str, Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    except (OSError, ValueError) as error:
        raise Unusable(_why_not(folder, error)) from None
    found: dict[str, Path] = {}
    for path in paths:
        known = known_by(path.stem)
        if known and known in found:
            raise Unusable(f"{folder} holds both {found[known].name} and {path.name}: keep one of them.")
        if known:
            found[known] = path
    if not found:
        raise Unusable(f"{folder} holds no table of the dataset, such as ssd_person.csv or ssd_person.parquet.")
    return found


def _why_not(folder: Path, error: OSError | ValueError) -> str:
    """Why it cannot be read. What may be an address with a password is not repeated."""
    if re.search(OF_ADDRESSES, str(folder), re.IGNORECASE):
        return f"There is no such folder that can be read. If it is meant as the address of a database, write {FORM}."
    if isinstance(error, FileNotFoundError):
        return f"There is no folder {folder}."
    if isinstance(error, NotADirectoryError):
        return f"{folder} is not a folder: name the folder that holds ssd_person.csv and the other files."
    return f"The folder {folder} cannot be read: {getattr(error, 'strerror', None) or error}."


def _csv(path: Path, extract: Extract) -> tuple[RawTable | None, list[str]]:
    raw, notes = csv.read_table(path, extract.table, alone=False, tell_unread=False)
    if raw is None:
        return None, notes
    return RawTable(extract.fills, path.name, raw.rows.set_axis(list(extract.columns), axis="columns"), raw.broken), notes


def _parquet(path: Path, extract: Extract) -> tuple[RawTable | None, list[str]]:
    try:
        with pq.ParquetFile(path) as file:
            have = {name.lower(): name for name in file.schema_arrow.names}
            picked = {name: have[f"{extract.prefix}_{name}"] for name in extract.columns if f"{extract.prefix}_{name}" in have}
            for column in extract.table.columns:
                if column.required and column.name not in have:
                    raise Unusable(f"{path.name} has no column {column.name}, without which its rows cannot be used.")
            read = file.read(columns=list(picked.values()))
            read.validate(full=True)  # text that is no text would only fail later
            columns = {name: _text(read.column(real)) for name, real in picked.items()}
    except (OSError, pa.ArrowException) as error:
        why = getattr(error, "strerror", None) or "it is damaged, not whole, or of another kind"
        raise Unusable(f"{path.name} cannot be read as Parquet: {why}.") from error
    missing = [column.name for column in extract.table.columns if column.name not in have]
    notes = [f"{path.name} has no {', '.join(missing)}, which is read as empty."] if missing else []
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1, read.num_rows + 1)).reindex(columns=list(extract.columns), fill_value="")
    if frame.empty:
        return None, [*notes, f"{path.name} has no rows."]
    return RawTable(extract.fills, path.name, frame.astype("str")), notes


def _text(column: pa.ChunkedArray) -> ExtensionArray:
    """Values as text; a list (of factors) as it would be written in JSON."""
    if pa.types.is_nested(column.type):
        return as_str(pa.array([None if value is None else json.dumps(value) for value in column.to_pylist()], pa.large_string()))
    return as_str(column.cast(pa.large_string()))
