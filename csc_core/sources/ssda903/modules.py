"""The files of the return, known by their columns and not by their names, and the same out of its XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.csv import WHOLE_ROW, grid
from csc_core.sources.xml_stream import WINDOWS, NotItsEncoding, records, root_of
from csc_core.tables import Finding, Progress, Unusable, shown

# The columns read of each file. The first is its mark: no other file has it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Header": ("ETHNIC", "CHILD", "SEX", "DOB"),
    "Episodes": (
        "DECOM", "CHILD", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
    ),
    "OC3": ("IN_TOUCH", "CHILD", "DOB", "ACTIV", "ACCOM"),
    "AD1": ("DATE_INT", "CHILD", "DOB", "DATE_MATCH"),
    "PlacedAdoption": ("DATE_PLACED", "CHILD", "DOB", "DATE_PLACED_CEASED"),
    "Reviews": ("REVIEW", "CHILD"),
    "UASC": ("DUC", "CHILD"),
    "OC2": ("CONVICTED", "CHILD"),
    "PrevPerm": ("PREV_PERM", "CHILD"),
    "Missing": ("MIS_START", "CHILD"),
    "SWEpisodes": ("SW_DECOM", "CHILD"),
    "DoLo": ("DOLO_START", "CHILD"),
}  # fmt: skip
XML_NAMES = {"CHILDID": "CHILD", "PL": "PLACE"}


@dataclass(frozen=True)
class Module:
    """One file: its columns as text, trimmed, '' where empty or not there, by row number; and the rows that could not be split."""

    file: str
    rows: pd.DataFrame
    broken: Mapping[int, tuple[list[str], str]]

    @property
    def bare(self) -> bool:
        """Whether there is nothing below the headings."""
        return self.rows.empty and not self.broken

    def days(self, column: str) -> pd.Series[Any]:
        """A column of days, missing where empty or not one."""
        return read_days(self.rows[column])[0]

    def broken_in(self, table: str) -> tuple[Finding, ...]:
        return tuple(Finding(self.file, table, row, WHOLE_ROW, "", why, "rejected") for row, (_, why) in self.broken.items())


def modules(where: Path, progress: Progress) -> tuple[dict[str, Module], list[str]]:
    """Each file that is there, by its name in the guidance. Raises Unusable when there is none."""
    try:
        if where.is_dir():
            return _of_folder(where, progress)
    except (OSError, ValueError) as error:
        raise Unusable(f"{where} cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}.") from error
    if where.suffix.lower() == ".csv":
        raise Unusable(f"{where.name} is one file of a return: name the folder that holds all of them.")
    return _of_xml(where, progress)


def _of_folder(where: Path, progress: Progress) -> tuple[dict[str, Module], list[str]]:
    paths = sorted(path for path in where.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    found: dict[str, Module] = {}
    notes: list[str] = []
    wanted = sorted({column.lower() for columns in COLUMNS.values() for column in columns})
    for number, path in enumerate(paths):
        progress(f"Reading {path.name}", number / len(paths))
        read = grid(path, wanted)
        kind = _kind(name.upper() for name in read.heading)
        if kind is None:
            bare = "" if set(read.heading) & set(wanted) else ": its first row seems to be data and no headings"
            notes.append(f"{path.name} has the columns of no file of the return and was not read{bare}.")
            continue
        if kind in found:
            raise Unusable(f"{found[kind].file} and {path.name} are both {kind} files: keep one of them in the folder.")
        notes += [read.note] if read.note else []
        rows = read.rows.rename(columns=str.upper)
        found[kind] = Module(path.name, _tidy(rows, kind), read.broken)
    if not found:
        raise Unusable(f"There is no file of a looked-after return in {where}: none has CHILD and the columns of one of its files.")
    return found, notes


def _kind(heading: Iterable[str]) -> str | None:
    """The file with these columns: of those whose mark is there, the one that has most of them."""
    names = set(heading)
    marked = [kind for kind, columns in COLUMNS.items() if columns[0] in names and "CHILD" in names]
    return max(marked, key=lambda kind: len(names & set(COLUMNS[kind])), default=None)


def _tidy(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    tidy = rows.reindex(columns=list(COLUMNS[kind]), fill_value="").astype("str").fillna("")
    return pd.DataFrame({name: tidy[name].str.strip() for name in tidy})


def _of_xml(path: Path, progress: Progress) -> tuple[dict[str, Module], list[str]]:
    root = root_of(path)
    try:
        rows, unknown, notes = *_rows(path, root, progress, None), []
    except NotItsEncoding:
        rows, unknown = _rows(path, root, progress, WINDOWS)
        notes = [f"{path.name} is not in the encoding it says and was read as Windows-1252."]
    if not rows:
        raise Unusable(f"{path.name} is not a looked-after return: in its first element, {shown(root)}, is no record of a child.")
    if unknown:
        told = ", ".join(f"{shown(name)} ({count:,})" for name, count in unknown.most_common(12))
        notes.append(f"{path.name} has records that are not read: {told}.")
    found = {}
    for kind, cells in rows.items():
        frame = pd.DataFrame(cells, index=pd.RangeIndex(1, len(cells) + 1), dtype="str")
        found[kind] = Module(path.name, _tidy(frame, kind), {})
    return found, notes


def _rows(path: Path, root: str, progress: Progress, encoding: str | None) -> tuple[dict[str, list[dict[str, str]]], Counter[str]]:
    """The records of each kind, as found in the order of the file; and the names of those of no kind."""
    rows: dict[str, list[dict[str, str]]] = {}
    unknown: Counter[str] = Counter()
    for whole in records(path, (root,), progress, encoding):
        for child in whole:
            identity: dict[str, str] = {}
            for name, own in _records(child):
                identity = {**{key: own[key] for key in COLUMNS["Header"] if key in own}, **identity}
                kinds = [kind for kind, columns in COLUMNS.items() if columns[0] in own and kind != "Header"]
                for kind in kinds:
                    rows.setdefault(kind, []).append({**identity, **own})
                if not kinds and not own.keys() & {"CHILD", *COLUMNS["Header"]}:
                    unknown[name] += 1
            if "CHILD" in identity:
                rows.setdefault("Header", []).append(identity)
    return rows, unknown


def _records(element: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element with values directly in it, from the outside in, with these values by their names in the CSV files."""
    for part in element.iter():
        own: dict[str, str] = {}
        for leaf in part:
            if not len(leaf) and leaf.text:
                name = leaf.tag.rpartition("}")[2].upper()
                own.setdefault(XML_NAMES.get(name, name), leaf.text)
        if own:
            yield part.tag.rpartition("}")[2], own
