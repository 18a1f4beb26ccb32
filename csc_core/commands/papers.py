"""Commands that write papers: the monthly workbook and the committee's briefing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import monotonic

from csc_core.briefing.figures import Readers
from csc_core.briefing.files import FORMATS, to_file
from csc_core.commands.shared import Add, bar, day
from csc_core.compare import read_targets
from csc_core.disclosure import Audience
from csc_core.reporting_month import reporting_month
from csc_core.snapshot import Snapshot, Unavailable, open_current
from csc_core.tables import Unusable


def add(command: Add) -> None:
    workbook = command("workbook", _workbook, "Write the monthly workbook: every indicator at every level over thirteen months")
    workbook.add_argument("--month", default="latest", metavar="M", help="its last month, such as 2017-12; default: the latest whole one")
    workbook.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    workbook.add_argument("--disclosed", action="store_true", help="write what a commissioner sees")
    briefing = command("briefing", _briefing, "Write the committee's briefing of a month as a Word document or a web page")
    briefing.add_argument("--month", default="latest", metavar="M", help="the month, such as 2017-12; default: the latest whole one")
    briefing.add_argument("--latest", type=day, metavar="DATE",
                          help="also give stocks on this later day (default: the last day of the records, where they go on)")  # fmt: skip
    briefing.add_argument("--audience", choices=[one.value for one in Readers], default=Readers.COMMITTEE.value)
    briefing.add_argument("--out", type=Path, required=True, metavar="FILE.docx|.html")


def _workbook(options: argparse.Namespace) -> None:
    from csc_core.workbook import make

    began = monotonic()
    _ends_with(options.out, ".xlsx")
    snapshot = _opened(options.data)
    month = reporting_month(snapshot, options.month)
    audience = Audience.COMMISSIONER if options.disclosed else Audience.MANAGER
    with bar() as progress:
        made = make(snapshot, month, audience, progress)
    _save(options.out, made)
    print(f"Wrote the workbook of {month.end:%B %Y} to {options.out} in {monotonic() - began:.1f} seconds ({audience.value}'s values).")


def _briefing(options: argparse.Namespace) -> None:
    from csc_core.briefing import write

    began = monotonic()
    _ends_with(options.out, *FORMATS)
    snapshot = _opened(options.data)
    month = reporting_month(snapshot, options.month)
    readers, targets = Readers(options.audience), read_targets(options.data)
    if targets.said:
        print(targets.said, file=sys.stderr)
    with bar() as progress:
        document = write(snapshot, month, readers, targets, progress, options.latest)
    _save(options.out, to_file(document, options.out.suffix.lower()))
    print(f"Wrote the briefing of {month.label} for the {readers.value} to {options.out} in {monotonic() - began:.1f} seconds.")


def _opened(data: Path) -> Snapshot:
    snapshot = open_current(data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    return snapshot


def _ends_with(file: Path, *endings: str) -> None:
    """Raises Unusable for a file that would not be what its name says, before any work is done."""
    if file.suffix.lower() not in endings:
        raise Unusable(f"'{file}' does not end in {' or '.join(endings)}: name the file that is to be written.")


def _save(file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as error:
        raise Unavailable(f"{file} could not be written: {error.strerror or error}.") from error
