"""Commands about the records: read them, say what is there, what the tables are, and write the demonstration."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from csc_core.commands.shared import Add, bar, print_table
from csc_core.snapshot import open_current
from csc_core.tables import Unusable, describe


def add(command: Add) -> None:
    load = command("load", _load, "Read case records, check every row and publish a snapshot")
    load.add_argument("source", choices=("demo", "csv"))
    load.add_argument("path", nargs="?", type=Path, help="the folder of CSV files (csv only)")
    load.add_argument("--synthetic", action="store_true", help="say that the records of a csv folder are not of real people")
    load.add_argument("--as-at", type=datetime.fromisoformat, metavar="DATE", help="the day or moment the records of a csv folder go up to")
    command("status", _status, "Say which snapshot is current, and what it holds")
    command("tables", _tables, "List the case tables, their columns, code lists and an example row")
    demo = command("demo", _demo, "Write the synthetic demonstration county as CSV files")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")


def _load(options: argparse.Namespace) -> None:
    from csc_core.load import load, load_demo
    from csc_core.sources import csv

    with bar() as progress:
        if options.source == "demo":
            if options.path or options.synthetic or options.as_at:
                raise Unusable("`load demo` takes no folder and no options: write `load csv FOLDER` to load files.")
            loaded = load_demo(options.data, progress)
        elif options.path is None:
            raise Unusable("Name the folder of CSV files: python -m csc_core load csv FOLDER.")
        else:
            records = csv.read(options.path, lambda what, share: progress(what, share * 0.2), options.synthetic, options.as_at)
            loaded = load(records, options.data, lambda what, share: progress(what, 0.2 + share * 0.8))
    for note in loaded.notes:
        print(f"Note: {note}")
    print_table(loaded.counts)
    print(f"Rows rejected and values not understood, with reasons: {loaded.findings}")
    print(f"Published {loaded.folder.name}.")


def _status(options: argparse.Namespace) -> None:
    snapshot = open_current(options.data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    print(f"Snapshot {snapshot.id}, made {snapshot.created:%Y-%m-%d %H:%M} UTC from {snapshot.source}.")
    print(f"Data as at {snapshot.as_at:%Y-%m-%d %H:%M}; records from {snapshot.records_from}, complete from {snapshot.complete_from}.")
    print("Synthetic: no real person is in it." if snapshot.synthetic else "Not synthetic: records of real people.")
    for note in snapshot.notes:
        print(f"Note: {note}")
    print_table(snapshot.counts)


def _tables(_: argparse.Namespace) -> None:
    print(describe())


def _demo(options: argparse.Namespace) -> None:
    from csc_core.sources import csv, demo

    with bar() as progress:
        records = demo.read(progress)
        csv.write(records, options.out)
    print(f"Wrote {len(records.tables)} tables of synthetic records to {options.out}: load them with `load csv {options.out}`.")
