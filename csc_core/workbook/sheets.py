"""The workbook's sheets: contents, definitions, and the figures of each level. Excel is told everything it needs to read them aloud:
each table has its headings in one row, which stays in sight and is printed on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from csc_core.disclosure import LEAST, Audience
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period
from csc_core.snapshot import Snapshot
from csc_core.tables import Progress
from csc_core.workbook.figures import LEVELS, Cell, Level, Line, months, not_split

HEADING = 4  # the row of a table's headings: above it the sheet's title, what it is, and what the data are
TITLE, BOLD = Font(name="Calibri", bold=True, size=16), Font(name="Calibri", bold=True)
LINK = Font(name="Calibri", underline="single", color="1F4E99")
WORDS = Font(name="Calibri", italic=True, color="55606B")  # 6.4:1 on white
HELD = PatternFill("lightUp", fgColor="8A939C", bgColor="FFFFFF")
RIGHT = Alignment(horizontal="right")
WRAPPED = Alignment(wrap_text=True, vertical="top")
FORMATS = {"count": "#,##0", "per 10,000": "#,##0.0", "%": '0.0"%"', "ratio": "#,##0.0"}
BETTER = {"high": "higher", "low": "lower", "none": "neither by itself"}
SEEN = {
    Audience.MANAGER: "True values: for people who may see the records.",
    Audience.COMMISSIONER: f"Disclosed values: below the county what rests on 1 to {LEAST - 1} is withheld, and so named.",
}


def write(snapshot: Snapshot, month: Period, audience: Audience, lines: Mapping[str, Sequence[Line]], progress: Progress) -> bytes:
    """The file. `lines` has those of each level by its id."""
    book = Workbook()
    book.properties.title = f"Children's social care workbook, {_head(month)}"
    book.properties.creator, book.properties.language = snapshot.source, "en-GB"
    synthetic = "Synthetic data: no real person is in it. " if snapshot.synthetic else ""
    mark = f"{synthetic}Data as at {_as_at(snapshot)}. {SEEN[audience]}"
    contents = book.active
    contents.title = "Contents"
    _definitions(_sheet(book, "Definitions", "What each indicator means", mark))
    for place, level in enumerate(LEVELS):
        progress(f"Writing the sheet {level.title}", place / len(LEVELS))
        sheet = _sheet(book, level.title, f"{level.title}: {_head(month)} and the twelve months before", mark)
        sheet["A3"] = level.about
        _figures(sheet, level, months(snapshot, month), lines[level.id])
    _contents(contents, snapshot, month, mark, lines)
    progress("Writing the file", 0.9)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, name: str, title: str, mark: str) -> Worksheet:
    sheet = book.create_sheet(name)
    sheet["A1"], sheet["A2"] = title, mark
    sheet["A1"].font = TITLE
    return sheet


def _figures(sheet: Worksheet, level: Level, columns: Sequence[Period], lines: Sequence[Line]) -> None:
    named = [level.heading] if level.dimension else []
    heads = ["Indicator", *named, "Issue", "Row", "Unit", *(_head(period) for period in columns), "Notes, and why there is no figure"]
    rows = HEADING
    _put(sheet, rows, heads)
    for line in lines:
        for row, unit, cells in _rows(line):
            rows += 1
            place = [line.place] if level.dimension else []
            _put(sheet, rows, [line.indicator.title, *place, line.issue or "–", row, unit])
            for number, (value, shown) in enumerate(cells, start=len(heads) - len(columns)):
                cell = sheet.cell(rows, number, value)
                if isinstance(value, str):
                    cell.font, cell.alignment = WORDS, RIGHT
                    if value == "withheld":
                        cell.fill = HELD
                else:
                    cell.number_format = shown
            if row == "Figure":
                sheet.cell(rows, len(heads), " ".join([*line.notes, _reasons(line.cells)]).strip())
    widths = [62, *[28 for _ in named], 34, 10, 13, *[13 for _ in columns], 70]
    _table(sheet, level.title, heads, rows, widths, freeze=1 + len(named))


def _rows(line: Line) -> Iterator[tuple[str, str, list[tuple[Any, str]]]]:
    """The rows of a line: the figure, and what it is made of; a count is made of nothing else."""
    asked = line.indicator
    shown = FORMATS[asked.unit]
    yield "Figure", "number" if asked.unit == "count" else asked.unit, [(_given(cell, cell.value), shown) for cell in line.cells]
    if asked.denominator is None:
        return
    for row, parts in (("Counted", [cell.numerator for cell in line.cells]), ("Out of", [cell.denominator for cell in line.cells])):
        whole = all(pd.isna(part) or float(part).is_integer() for part in parts)
        shown = FORMATS["count" if whole else "ratio"]
        yield row, "number", [(_given(cell, part), shown) for cell, part in zip(line.cells, parts, strict=True)]


def _given(cell: Cell, part: Any) -> float | int | str:
    if cell.withheld:
        return "withheld"
    if pd.isna(part):
        return "no figure"
    return int(part) if float(part).is_integer() else float(part)


def _reasons(cells: Sequence[Cell]) -> str:
    """Why some months have no figure: each reason once, with how many of the months it is true of. What is withheld says so itself."""
    counts: dict[str, int] = {}
    for cell in cells:
        if cell.reason and not cell.withheld:
            counts[cell.reason] = counts.get(cell.reason, 0) + 1
    return " ".join(reason if count == len(cells) else f"{count} of {len(cells)} months: {reason}" for reason, count in counts.items())


def _definitions(sheet: Worksheet) -> None:
    columns: dict[str, tuple[int, Callable[[Indicator], str]]] = {  # heading: width, and what stands under it
        "Indicator": (36, lambda asked: asked.title),
        "Name on the command line": (26, lambda asked: asked.id),
        "Unit": (11, lambda asked: asked.unit),
        "Definition": (70, lambda asked: asked.definition),
        "Counted": (44, lambda asked: asked.numerator_words),
        "Out of": (44, lambda asked: asked.denominator_words or "nothing: it is a number"),
        "Counted when": (18, lambda asked: "on the last day of the month" if asked.stock else "in the month"),
        "Whose address": (44, lambda asked: asked.address_rule),
        "Better": (12, lambda asked: BETTER[asked.polarity]),
        "Beside DfE's figures": (60, lambda asked: asked.differs_from_dfe),
        "Source": (44, lambda asked: asked.source),
        "Address of the source": (44, lambda asked: asked.source_url),
        "On the sheets": (60, _sheets_of),
    }
    _put(sheet, HEADING, list(columns))
    for number, asked in enumerate(INDICATORS.values(), start=HEADING + 1):
        _put(sheet, number, [words(asked) for _, words in columns.values()])
        for cell in sheet[number]:
            cell.alignment = WRAPPED
    _table(sheet, "Definitions", list(columns), HEADING + len(INDICATORS), [width for width, _ in columns.values()], freeze=1)


def _sheets_of(asked: Indicator) -> str:
    given, not_given = [], []
    for level in LEVELS:
        why = not_split(asked, level)
        if why is None:
            given.append(level.title)
        elif level.id != "team_locality":  # what is not there is on the sheet of home localities, or says so for it
            not_given.append(f"Not by {level.heading.lower()}: {why}.")
    return " ".join([f"{', '.join(given)}.", *not_given])


def _contents(sheet: Worksheet, snapshot: Snapshot, month: Period, mark: str, lines: Mapping[str, Sequence[Line]]) -> None:
    sheet["A1"], sheet["A2"] = f"Children's social care: workbook for {_head(month)}", mark
    sheet["A1"].font = TITLE
    _put(sheet, HEADING, ["Sheet", "What it holds", "Lines"])
    rows = [
        ("Definitions", "What each indicator counts, out of what, and how it differs from DfE's figures.", len(INDICATORS)),
        *((level.title, level.about, len(lines[level.id])) for level in LEVELS),
    ]
    for number, row in enumerate(rows, start=HEADING + 1):
        _put(sheet, number, row)
        sheet.cell(number, 1).hyperlink = Hyperlink(ref=f"A{number}", location=f"'{row[0]}'!A1")
        sheet.cell(number, 1).font = LINK
    _table(sheet, "Contents", ["Sheet", "What it holds", "Lines"], HEADING + len(rows), [24, 110, 10], freeze=0)
    notes = [
        "How to read it",
        "Each line has the thirteen months side by side.",
        "A share, a rate or a ratio has three rows: the figure, what was counted, and out of what. The column Row tells them apart.",
        "A rate per 10,000 children is for one month, or for the last day of the month: never set a month's rate beside a year's.",
        f"{_head(month)} is not yet over: what happens in it is counted up to its last day here." if month.cut else "",
        "Rows of issues overlap: an assessment can carry several, so they do not add up to all assessments.",
        "`withheld` (hatched) protects people where few are counted; `no figure` has its reason in the last column. Neither is nought.",
        "No line is about one worker.",
        *snapshot.notes,
        f"Snapshot {snapshot.id}, made {snapshot.created:%Y-%m-%d %H:%M} UTC from {snapshot.source}.",
        "Population: children aged 0 to 17, ONS mid-year estimates and DfE's totals. Crown copyright, Open Government Licence v3.0.",
    ]
    for number, note in enumerate(filter(None, notes), start=HEADING + len(rows) + 2):
        sheet.cell(number, 1, note)
    sheet.cell(HEADING + len(rows) + 2, 1).font = BOLD


def _put(sheet: Worksheet, row: int, values: Sequence[str | int]) -> None:
    for number, value in enumerate(values, start=1):
        if isinstance(value, str):
            cell = sheet.cell(row, number, ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.data_type = "s"  # a team's name is text, also when it begins like a formula
        else:
            sheet.cell(row, number, value)


def _table(sheet: Worksheet, name: str, heads: Sequence[str], last: int, widths: Sequence[int], *, freeze: int) -> None:
    """Make the rows from `HEADING` to `last` a table, its headings in sight and printed on each page."""
    right = get_column_letter(len(heads))
    if last > HEADING:
        table = Table(displayName=name.replace(" ", "_"), ref=f"A{HEADING}:{right}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    for cell in sheet[HEADING]:
        cell.font, cell.alignment = BOLD, WRAPPED
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[HEADING].height = 32  # two lines: `September 2017`
    sheet.freeze_panes = sheet.cell(HEADING + 1, freeze + 1)
    sheet.print_title_rows = f"{HEADING}:{HEADING}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 8, 0  # A3, as many as it needs
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&A, page &P of &N"


def _head(period: Period) -> str:
    """`December 2017`; a month that is not over says to which day."""
    if period.cut:
        return f"{period.start.day} to {period.end.day} {period.end:%B %Y} (not yet over)"
    return f"{period.end:%B %Y}"


def _as_at(snapshot: Snapshot) -> str:
    return f"{snapshot.as_at.day} {snapshot.as_at:%B %Y}, {snapshot.as_at:%H:%M}"
