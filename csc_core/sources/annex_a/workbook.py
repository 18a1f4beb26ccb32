"""The sheets of the workbook as lists of Annex A: where the heading stands, which list it is, its columns as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from csc_core.sources.annex_a.headings import DAYS, LISTS, NOT_READ, WHO, columns, normal, which
from csc_core.sources.annex_a.labels import day, text
from csc_core.sources.csv import WHOLE_ROW
from csc_core.sources.xml_stream import KNOWN_BY
from csc_core.tables import Finding, Progress, Unusable, counted, shown

LOOK = 15  # rows in which the heading may stand
WITHOUT_CHILD = 3  # columns by which a row is a heading though it has none for the child's id
WIDEST = 200  # columns; a sheet formatted to its last column has thousands of empty ones
MAC = datetime(1904, 1, 1)
TOTAL = r"\b(?:sub)?totals?\b|\bcounts?\b|\bsum\b|\bnumber of\b"  # where the child's id stands: the row sums the list up
NO_CHILD = "is a total of the list and no child"


@dataclass(frozen=True)
class Book:
    """A workbook that was read: its lists by number, the rows of those that lack a column without which they say nothing, and what there
    is to say."""

    lists: dict[int, Listed]
    unread: tuple[Finding, ...]
    notes: list[str]


@dataclass(frozen=True)
class Listed:
    """One list that was read: the file and sheet it was in, its columns as text by the row's number in the sheet, and the rows of
    no child, which are not in them.
    """

    number: int
    file: str
    rows: pd.DataFrame
    rejected: tuple[Finding, ...]


def opened(path: Path, progress: Progress) -> Book:
    """Every list that the workbook has. Raises Unusable when it has none."""
    _refuse_another(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return _lists(path, book, progress)
        finally:
            book.close()
    except Unusable:
        raise
    except Exception as error:
        said = f"{path.name} is not a workbook that can be read: save it again in Excel as .xlsx."
        raise Unusable(said) from error


def _refuse_another(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise Unusable(f"{path} cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}.") from error
    if start.startswith(b"PK"):
        return
    what = next((what for magic, what in KNOWN_BY.items() if start.startswith(magic)), "no workbook" if start else "empty")
    raise Unusable(f"{path.name} is {what}: save it in Excel as .xlsx.")


def _lists(path: Path, book: Any, progress: Progress) -> Book:
    found: dict[int, Listed] = {}
    unread: dict[int, str] = {}
    lost: list[Finding] = []
    notes: list[str] = []
    epoch = MAC if book.epoch == CALENDAR_MAC_1904 else datetime(1899, 12, 30)
    for place, sheet in enumerate(book.worksheets):
        progress(f"Reading {sheet.title}", place / len(book.worksheets))
        sheet.reset_dimensions()  # a sheet may say that it is smaller than it is
        rows = enumerate((list(row[:WIDEST]) for row in sheet.iter_rows(values_only=True)), 1)
        top = list(islice(rows, LOOK))
        number, headings, last = _heading(top, sheet.title)
        body = _filled(_chain([(row, cells) for row, cells in top if row > last], rows))
        if number is None:
            if lines := sum(1 for _ in body):
                notes.append(f"Sheet {shown(sheet.title)} ({counted(lines, 'row', 'rows')}) has the headings of no list and was not read.")
            continue
        kind = LISTS[number]
        if number in NOT_READ:
            held = counted(sum(1 for _ in body), "row", "rows")
            notes.append(f"List {number} ({kind.title}, {held}) holds what no indicator needs and was not read.")
            continue
        at, file = columns(kind, headings), f"{path.name}, {sheet.title}"
        if lacks := [heading for name, heading in kind.needed.items() if name not in at]:
            none = f"has no column such as {' and none such as '.join(lacks)}"
            rows_of = [row for row, _ in body]
            lost += [Finding(file, kind.table, row, WHOLE_ROW, "", f"cannot be read: the list {none}", "rejected") for row in rows_of]
            unread[number] = (
                f"Sheet {shown(sheet.title)} (list {number}, {kind.title}) {none}: "
                f"its {counted(len(rows_of), 'row was', 'rows were')} rejected."
            )
            notes.append(unread[number])
            continue
        if number in found:
            both = f"{found[number].file} and {path.name}, {sheet.title}"
            raise Unusable(f"{both} are both list {number} ({kind.title}): keep one of them.")
        frame = _frame(body, at, epoch)
        total = _totals(frame)
        rejected = tuple(Finding(file, kind.table, row, WHOLE_ROW, "", NO_CHILD, "rejected") for row in frame.index[total])
        found[number] = Listed(number, file, frame[~total], rejected)
    if not found:
        raise Unusable(" ".join(unread.values()) or f"{path.name} has no sheet with the headings of a list of Annex A.")
    for number, kind in LISTS.items():
        if number not in found and number not in NOT_READ:
            named = f"list {number} ({kind.title})"
            notes.append(
                f"The rows of {named} were rejected: {kind.without}." if number in unread else f"There is no {named}: {kind.without}."
            )
    return Book(found, tuple(lost), notes)


def _filled(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows in which a cell says something."""
    return ((number, cells) for number, cells in rows if any(cell is not None and str(cell).strip() for cell in cells))


def _chain(first: Sequence[tuple[int, list[Any]]], then: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    yield from first
    yield from then


def _heading(top: Sequence[tuple[int, list[Any]]], title: str) -> tuple[int | None, list[str], int]:
    """The list, its headings, and the last row of them.

    The heading is the row that fits a list best: with the child's id, or without it with so much else that it is no guidance.
    Headings merged over two rows leave a second row without a child: it belongs to them, and what it says is added to each.
    """
    best: tuple[int, int | None, list[str], int] = (0, None, [], 0)
    for place, (row, cells) in enumerate(top):
        headings, last = [normal(cell) for cell in cells], row
        if place + 1 < len(top) and _continues(headings, top[place + 1][1]):
            last, under = top[place + 1][0], [normal(cell) for cell in top[place + 1][1]]
            width = max(len(headings), len(under))
            both = zip(headings + [""] * (width - len(headings)), under + [""] * (width - len(under)), strict=True)
            headings = [f"{over} {below}".strip() for over, below in both]
        number = which(headings, title)
        at = columns(LISTS[number], headings) if number else {}
        if len(at) > best[0] and ("child" in at or len(at) >= WITHOUT_CHILD):
            best = (len(at), number, headings, last)
    return best[1], best[2], best[3]


def _continues(headings: Sequence[str], under: Sequence[Any]) -> bool:
    """Whether the row below is more heading: words alone, of which some name a column, and nothing where the child stands."""
    child = columns(LISTS[1], headings).get("child")
    if child is None or (child < len(under) and under[child] is not None):
        return False
    if not all(cell is None or isinstance(cell, str) for cell in under):
        return False
    below = [normal(cell) for cell in under]
    return any(columns(sheet, below) for sheet in LISTS.values())


def _frame(rows: Iterator[tuple[int, list[Any]]], at: dict[str, int], epoch: datetime) -> pd.DataFrame:
    numbers, cells = [], []
    for number, row in rows:
        values = {name: row[place] if place < len(row) else None for name, place in at.items()}
        said = [day(value, epoch) if name in DAYS else text(value) for name, value in values.items()]
        if any(said):
            numbers.append(number)
            cells.append(said)
    return pd.DataFrame(cells, columns=list(at), index=pd.Index(numbers, dtype="int64"), dtype="str")


def _totals(frame: pd.DataFrame) -> pd.Series[bool]:
    """The rows that sum the list up: a word for that as the child's id, and numbers at most where it is told who and when."""
    total = frame["child"].str.contains(TOTAL, case=False)
    for name in frame.columns.intersection([*WHO, *DAYS]):
        total &= frame[name].str.fullmatch("[0-9]*")
    return total
