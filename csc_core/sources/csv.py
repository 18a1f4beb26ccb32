"""The plain way in for any system: a folder with one CSV file for each table of `csc_core.tables`.

Comma, semicolon, tab or bar between fields; UTF-8, UTF-16 with its mark, or Windows-1252. Rows are numbered as a spreadsheet
shows them: the heading is row 1, a quoted field may run over several lines, an empty line has a number and is no row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types

from csc_core.tables import TABLES, Finding, Progress, RawTable, Records, Table, Unusable, counted, quiet, shown

ABOUT = "about.csv"
ABOUT_KEYS = ("as_at", "synthetic", "complete_from")
DELIMITERS = ",;\t|"
LONGEST_FIELD = 10_000_000  # characters; where to give up looking for the end of a quoted field
AROUND = ' \t\r\n\xa0"\ufeff'  # what may stand around a heading: spaces, quotation marks, a stray mark of UTF-8
BATCH = 1_000  # rows
WHOLE_ROW = "(whole row)"
FILES = tuple(table.file for table in TABLES.values())
COLUMNS = frozenset(column.name for table in TABLES.values() for column in table.columns)
NEAR = 0.8  # how alike a heading must be to a name such as person_id to be that misspelt, and nobody's name


@dataclass(frozen=True)
class _About:
    as_at: datetime | None = None
    synthetic: bool = False
    complete_from: date | None = None


@dataclass(frozen=True)
class _Broken:
    """A row that could not be split into the heading's fields: as much of it as there is, and why."""

    fields: list[str]
    why: str


@dataclass(frozen=True)
class _Sheet:
    """A file opened at its heading. `records` are the rows after it in order, [] for an empty line and for a row that is broken;
    those go into `broken` by row number as the records are read.
    """

    heading: list[str]
    first_row: int
    records: Iterator[list[str]]
    broken: dict[int, _Broken]
    note: str | None


def read(
    folder: Path, progress: Progress = quiet, synthetic: bool = False, as_at: datetime | None = None, *, alone: bool = True
) -> Records:
    """Read every table in `folder`. `synthetic` and `as_at` add to and override what its about.csv says.

    When it is not `alone`, other sources bring what it lacks: one table is enough. Raises Unusable when the folder or a required
    table cannot be read, or a file's headings are not those of its table.
    """
    usual = csv.field_size_limit(LONGEST_FIELD)
    try:
        return _read(folder, progress, synthetic=synthetic, as_at=as_at, alone=alone)
    finally:
        csv.field_size_limit(usual)


def _read(folder: Path, progress: Progress, *, synthetic: bool, as_at: datetime | None, alone: bool) -> Records:
    files = _files(folder, alone=alone)
    about = _about(files.pop(ABOUT)) if ABOUT in files else _About()
    notes = _unknown_files(files)
    tables: dict[str, RawTable] = {}
    for number, table in enumerate(TABLES.values()):
        if table.file in files:
            progress(f"Reading {table.title}", number / len(TABLES))
            raw, said = read_table(files[table.file], table, alone=alone)
            notes += said
            if raw:
                tables[table.name] = raw
        elif alone:
            notes.append(f"There is no {table.file}: {table.without}.")
    progress("Every file read", 1.0)
    as_at = as_at or about.as_at
    if as_at and as_at.date() > date.today():
        raise Unusable(f"The records cannot be as at {as_at:%Y-%m-%d}, a day still to come: correct as_at.")
    if as_at and about.complete_from and about.complete_from > as_at.date():
        raise Unusable(f"The records cannot be complete from {about.complete_from} when they are as at {as_at:%Y-%m-%d}: correct {ABOUT}.")
    return Records(tables, f"csv {folder}", synthetic or about.synthetic, as_at, about.complete_from, tuple(notes))


def write(records: Records, folder: Path) -> None:
    """Write the records as the files that `read` reads, one for each table and an about.csv; files of those names are replaced."""
    about = {
        "as_at": records.as_at and records.as_at.isoformat(),
        "synthetic": str(records.synthetic).lower(),
        "complete_from": records.complete_from and records.complete_from.isoformat(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, raw in records.tables.items():
            # with \r\n between rows, Python 3.11 also quotes a field that holds only one of the two
            raw.rows.to_csv(folder / TABLES[name].file, index=False, encoding="utf-8", lineterminator="\r\n")
        with (folder / ABOUT).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("key", "value"), *((key, value) for key, value in about.items() if value)])
    except OSError as error:
        raise Unusable(f"The files cannot be written to {folder}: {_why(error)}.") from error


def _files(folder: Path, *, alone: bool) -> dict[str, Path]:
    """The CSV files of the folder by lower-case name, once it is clear that the required ones are there."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    except FileNotFoundError:
        raise Unusable(f"There is no folder {folder}.") from None
    except NotADirectoryError:
        raise Unusable(f"{folder} is not a folder: name the folder that holds persons.csv and the other files.") from None
    except (OSError, ValueError) as error:
        raise Unusable(f"The folder {folder} cannot be read: {_why(error)}.") from error
    files: dict[str, Path] = {}
    for path in found:
        twin = files.setdefault(path.name.lower(), path)
        if twin is not path:
            raise Unusable(f"{folder} holds both {twin.name} and {path.name}: keep one of them.")
    if not alone and not files.keys() & set(FILES):
        raise Unusable(f"{folder} holds none of the files that `tables` lists, such as persons.csv.")
    for table in TABLES.values():
        if alone and table.required and table.file not in files:
            hint = _nearest(table.file, [name for name in files if name not in FILES])
            raise Unusable(f"There is no {table.file} in {folder}, and without it {table.without}{hint}.")
    return files


def _unknown_files(files: Mapping[str, Path]) -> list[str]:
    return [f"{path.name} is not a table and was not read{_nearest(name, FILES)}." for name, path in files.items() if name not in FILES]


def read_table(path: Path, table: Table, *, alone: bool = True, tell_unread: bool = True) -> tuple[RawTable | None, list[str]]:
    """One file as a table, None when it has no rows; and what there is to say about it, its columns that are not read included."""
    sheet = _sheet(path, [column.name for column in table.columns])
    where, notes = _columns(sheet.heading, path, table, tell_unread=tell_unread) if sheet.heading else ({}, [])
    rows = _rows(sheet, where)
    if rows.empty and not sheet.broken:
        said = f"{path.name} has no rows: {table.without}." if alone else f"{path.name} has no rows."
        if alone and table.required:
            raise Unusable(said)
        return None, [said]
    rows = rows.reindex(columns=[column.name for column in table.columns], fill_value="").astype("str")
    broken = tuple(
        Finding(path.name, table.name, number, WHOLE_ROW, key, row.why, "rejected", key)
        for number, row in sorted(sheet.broken.items())
        for key in (_key(row.fields, where[table.key]),)
    )
    return RawTable(table.name, path.name, rows, broken), [*notes, sheet.note] if sheet.note else notes


def _rows(sheet: _Sheet, where: Mapping[str, int]) -> pd.DataFrame:
    """The rows as wide as the heading, by row number, with the columns found; the others go to the sheet's broken rows."""
    numbers: list[int] = []
    cells: dict[str, list[pa.Array]] = {name: [] for name in where}
    width, number = len(sheet.heading), sheet.first_row
    # In batches, so that never more than a few rows exist as Python lists: collecting those as garbage takes longer than reading.
    while batch := list(islice(sheet.records, BATCH)):
        those: Iterable[int] = range(number, number + len(batch))
        number += len(batch)
        if any(map(width.__ne__, map(len, batch))):
            for at, record in zip(those, batch, strict=True):
                if record and len(record) != width:
                    sheet.broken[at] = _Broken(record, f"has not {width} fields like the heading, but {len(record)}")
            those = [at for at, record in zip(those, batch, strict=True) if len(record) == width]
            batch = [record for record in batch if len(record) == width]
        numbers += those
        for name, column in where.items():
            cells[name].append(pa.array([record[column] for record in batch], pa.large_string()))
    columns = {name: pd.array(pa.chunked_array(parts, pa.large_string()).combine_chunks(), dtype="str") for name, parts in cells.items()}
    return pd.DataFrame(columns, index=pd.Index(numbers, dtype="int64"))


def _key(fields: list[str], at: int) -> str:
    """What a broken row is known by. No more is repeated: which field is which is not sure, and some must not be read."""
    return shown(fields[at].strip()) if at < len(fields) else ""


def _columns(heading: list[str], path: Path, table: Table, *, tell_unread: bool) -> tuple[dict[str, int], list[str]]:
    """Where each column of the table stands in the file, and notes on those that are missing or not read."""
    known = [column.name for column in table.columns]
    strange = [name for name in heading if name and name not in known]
    notes = [f"{path.name} has columns that are not read: {', '.join(map(shown, strange))}."] if strange and tell_unread else []
    for column in table.columns:
        times = heading.count(column.name)
        if times > 1:
            raise Unusable(f"{path.name} has {times} columns headed {column.name}: keep one of them.")
        if not times:
            if column.required:
                raise no_column(path, column.name, heading, known)
            notes.append(f"{path.name} has no column {column.name}{_nearest(column.name, strange)}, which is read as empty.")
    return {name: heading.index(name) for name in known if name in heading}, notes


def no_column(path: Path, name: str, heading: Sequence[str], known: Sequence[str]) -> Unusable:
    """Why a file without this column cannot be used. Of its headings those are repeated that are `known`, or near to one: where the
    heading row is missing, what stands in its place is about a person."""
    heading = [field for field in heading if field]
    others = [field for field in heading if field not in known]
    near = {close for column in known if "_" in column for close in get_close_matches(column, others, 3, NEAR)}
    said = [field for field in heading if field in near or field in known or field in COLUMNS]
    if not said:
        fields = counted(len(heading), "field", "fields")
        return Unusable(f"{path.name} has no column {name}: its first row, of {fields}, seems to be data and no headings.")
    hint = _nearest(name, others if set(heading) & {*known, *COLUMNS} else near)
    unknown = len(heading) - len(said)
    more = f" and {counted(unknown, 'that is', 'that are')} not known" if unknown else ""
    return Unusable(f"{path.name} has no column {name}{hint}: its headings are {shown(', '.join(said))}{more}.")


def _about(path: Path) -> _About:
    sheet = _sheet(path, ["key", "value"])
    if sheet.heading != ["key", "value"]:
        raise Unusable(f"{path.name} must have the heading key,value, and below it a key and its value in each row.")
    rows = [record for record in sheet.records if record]
    if sheet.broken or any(len(record) != 2 for record in rows):
        raise Unusable(f"{path.name} has a row that is not a key and a value.")
    said: dict[str, str] = {}
    for key, value in ((key.strip().lower(), value.strip()) for key, value in rows):
        if key not in ABOUT_KEYS or key in said:
            raise Unusable(f"{path.name} has {shown(key)!r}, unknown or given twice: the keys are {', '.join(ABOUT_KEYS)}, each once.")
        said[key] = value
    synthetic = said.get("synthetic", "false").lower()
    if synthetic not in ("true", "false"):
        raise Unusable(f"{path.name} says that synthetic is {shown(synthetic)!r}: write true or false.")
    try:
        return _About(
            datetime.fromisoformat(said["as_at"]).replace(tzinfo=None) if "as_at" in said else None,
            synthetic == "true",
            date.fromisoformat(said["complete_from"]) if "complete_from" in said else None,
        )
    except ValueError:
        raise Unusable(
            f"{path.name} has a date that is not one: write as_at as 2017-12-31T18:00 and complete_from as 2015-04-01."
        ) from None


def _sheet(path: Path, expected: Sequence[str]) -> _Sheet:
    """Split a file into fields; `expected` headings tell which delimiter it uses."""
    text, note = _text(path)
    lines = list(io.StringIO(text, newline=""))  # a line ends at \n, \r or \r\n, and keeps its end
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return _Sheet([], 1, iter(()), {}, note)
    delimiter = max(DELIMITERS, key=lambda mark: len({_heading(field) for field in lines[first].split(mark)} & set(expected)))
    broken: dict[int, _Broken] = {}
    records = _split(lines, delimiter, broken)
    top = next(record for number, record in enumerate(records) if number == first)
    for row in broken.values():
        raise Unusable(f"The heading of {path.name} cannot be read: it {row.why}.")
    return _Sheet([_heading(field) for field in top], first + 2, records, broken, note)


def _split(lines: list[str], delimiter: str, broken: dict[int, _Broken]) -> Iterator[list[str]]:
    """The records of a file, [] for an empty line and for a broken record, which goes into `broken` under its row number.

    A quotation mark that opens and is never closed, or closes in the middle of a field, would swallow the rows after it: such a
    record is taken to end with its first line, and reading goes on at the next.
    """
    begin, number = 0, 1
    while begin < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(begin, len(lines))), delimiter=delimiter, strict=True)
        done = 0
        try:
            for record in reader:
                yield record
                number += 1
                done = reader.line_num
        except csv.Error:
            line = lines[begin + done]
            why = "has a quotation mark that is not closed, or not where one can be" if '"' in line else "has a field that does not end"
            broken[number] = _Broken([field.strip(AROUND) for field in line.split(delimiter)], why)
            yield []
            number += 1
            done += 1
        begin += done


def _text(path: Path) -> tuple[str, str | None]:
    """The text of a file, and a note when its encoding had to be guessed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {_why(error)}.") from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        note = f"{path.name} is not in UTF-8 and was read as Windows-1252: check its accented letters."
        return data.decode("cp1252", errors="replace"), note


def _heading(field: str) -> str:
    return field.strip(AROUND).lower()


def _nearest(name: str, found: Iterable[str]) -> str:
    """A hint for a name that is missing or unknown, to put into a sentence."""
    near = get_close_matches(name, list(found), 1, 0.5)
    return f" (is {shown(near[0])} meant?)" if near else ""


def _why(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


@dataclass(frozen=True)
class Grid:
    """The cells of a CSV file of another kind than the tables: `rows` has the wanted columns that are there, by row number.

    `heading` is all of it, in lower case; `broken` says of each row that could not be split what is known of it and why.
    """

    heading: tuple[str, ...]
    rows: pd.DataFrame
    broken: Mapping[int, tuple[list[str], str]]
    note: str | None


def grid(path: Path, wanted: Sequence[str]) -> Grid:
    """Read these columns of a file, with the care that the tables' own files get: delimiters, encodings, broken rows.

    Raises Unusable when it cannot be read, or has one of the columns twice.
    """
    usual = csv.field_size_limit(LONGEST_FIELD)
    try:
        sheet = _sheet(path, wanted)
        for name in wanted:
            if sheet.heading.count(name) > 1:
                raise Unusable(f"{path.name} has {sheet.heading.count(name)} columns headed {name}: keep one of them.")
        rows = _rows(sheet, {name: sheet.heading.index(name) for name in wanted if name in sheet.heading})
        broken = {number: (row.fields, row.why) for number, row in sorted(sheet.broken.items())}
        return Grid(tuple(sheet.heading), rows, broken, sheet.note)
    finally:
        csv.field_size_limit(usual)
