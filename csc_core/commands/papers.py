"""Commands that write papers: the monthly workbook and the committee's briefing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import monotonic

from csc_core.commands.shared import Add, bar
from csc_core.disclosure import Audience
from csc_core.reporting_month import reporting_month
from csc_core.snapshot import Snapshot, Unavailable, open_current
from csc_core.tables import Unusable


def add(command: Add) -> None:
    workbook = command("workbook", _workbook, "Write the monthly workbook: every indicator at every level over thirteen months")
    workbook.add_argument("--month", default="latest", metavar="M", help="its last month, such as 2017-12; default: the latest whole one")
    workbook.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    workbook.add_argument("--disclosed", action="store_true", help="write what a commissioner sees")


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
