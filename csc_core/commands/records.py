"""Commands about the records: read them, say what is there, what the tables are, and write the demonstration."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic

from csc_core import sources
from csc_core.commands.shared import Add, bar, day, print_table, spent
from csc_core.continuity import History, mapping
from csc_core.freshness import freshness
from csc_core.publish import KEEP, Retention, locked
from csc_core.snapshot import KEPT_OF_A_CHILD, open_current
from csc_core.sources import SOURCES
from csc_core.tables import Progress, Records, Unusable, describe


def add(command: Add) -> None:
    kinds = "; ".join(f"{kind} ({means})" for kind, means in SOURCES.items())
    load = command("load", _load, "Read case records, check every row and publish a snapshot made of exactly these sources")
    load.add_argument(
        "what",
        nargs="+",
        metavar="SOURCE PATH",
        help=f"demo alone, or one or more of: {kinds}. Of a table that several have, the last named is used",
    )
    load.add_argument("--synthetic", action="store_true", help="say that the records are not of real people")
    load.add_argument(
        "--as-at", type=_moment, metavar="DATE", help="the day or moment the records go up to, or now: the moment at which the load begins"
    )
    load.add_argument(
        "--complete-from",
        type=day,
        metavar="DATE",
        help="the first day from which the records are all there (default: the first month in which cases were closed, if it can be told)",
    )
    load.add_argument("--keep", type=_some, default=KEEP.snapshots, metavar="N", help="how many snapshots are kept (default: %(default)s)")
    load.add_argument("--keep-days", type=_some, metavar="DAYS", help="and none but the newest for longer than this (default: however old)")
    load.add_argument(
        "--cut-over",
        type=day,
        metavar="DATE",
        help="the day on which one case system took over from another: the first SOURCE is the one before, whose events count until then",
    )
    load.add_argument("--mapping", type=Path, metavar="FILE", help="CSV of old id and new id, where the system before numbered otherwise")
    command("status", _status, "Say which snapshot is current, and what it holds")
    command("tables", _tables, "List the case tables, their columns, code lists and an example row")
    demo = command("demo", _demo, "Write the synthetic demonstration county as CSV files")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")


def _load(options: argparse.Namespace) -> None:
    from csc_core.load import load, load_demo

    begun, keep = monotonic(), Retention(options.keep, options.keep_days)
    with locked(options.data), bar() as progress:
        if options.what == ["demo"]:
            if options.synthetic or options.as_at or options.complete_from or options.cut_over or options.mapping:
                raise Unusable("`load demo` takes no options: it is synthetic, and as at 31 December 2017.")
            loaded = load_demo(options.data, progress, keep)
        else:
            asked = _asked(options.what)
            history = _history(options, asked, lambda what, share: progress(what, share * 0.2))
            asked = asked[1:] if history else asked
            part: Progress = lambda what, share: progress(what, 0.2 + share * 0.2)  # noqa: E731  a name for the line below
            loaded = load(
                _since(sources.read(asked, part, synthetic=options.synthetic, as_at=options.as_at), options.complete_from),
                options.data,
                lambda what, share: progress(what, 0.4 + share * 0.6),
                keep,
                history,
            )
    for note in (*loaded.notes, *loaded.taken_out.changed):
        print(f"Note: {note}")
    print_table(loaded.counts)
    print(f"Rows rejected and values not understood, with reasons: {loaded.findings}")
    print(f"Published {loaded.folder.name}. {spent(begun)}")


def _history(options: argparse.Namespace, asked: Sequence[tuple[str, str]], progress: Progress) -> History | None:
    """The first source as the system before, where a cut-over says that there was one."""
    if options.cut_over is None:
        if options.mapping:
            raise Unusable("--mapping needs --cut-over, the day on which the later system took over.")
        return None
    if len(asked) < 2:
        raise Unusable("--cut-over needs two sources: the system before, then the one that took over.")
    if options.cut_over > date.today():
        raise Unusable(f"The cut-over, {options.cut_over}, is still to come.")
    same = mapping(options.mapping) if options.mapping else {}
    records = sources.read(asked[:1], progress, synthetic=options.synthetic, as_at=options.as_at)
    return History(_since(records, options.complete_from), same, options.cut_over)


def _since(records: Records, first: date | None) -> Records:
    """The records, said to be all there from a day on."""
    if first is None:
        return records
    if not records.history:
        raise Unusable("--complete-from is for a case system's records: a return says itself which year it is of.")
    if first > date.today():
        raise Unusable(f"The day from which the records are all there, {first}, is still to come.")
    return replace(records, complete_from=first)


def _moment(text: str) -> datetime:
    if text == "now":
        now = datetime.now().replace(second=0, microsecond=0)
        return now if now.time() != time() else now.replace(minute=1)  # 00:00 would mean the whole day
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        said = "write a day as 2017-12-31, a moment as 2017-12-31T18:00, or now for the moment at which the load begins"
        raise argparse.ArgumentTypeError(said) from None


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a whole number, 1 or more")
    return int(text)


def _asked(words: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of source and path. What stands in a source's place is not repeated: it may be an address with a password."""
    if "demo" in words[::2]:
        raise Unusable("`load demo` is loaded alone, with no path: write `demo --out DIR` and `load csv DIR` to load it with others.")
    names = ", ".join(SOURCES)
    for number, kind in enumerate(words[::2], 1):
        if kind not in SOURCES:
            raise Unusable(f"Where source {number} should stand there is none: write SOURCE PATH, the source one of {names}.")
    if len(words) % 2:
        raise Unusable(f"{words[-1]} needs a path after it: {SOURCES[words[-1]]}.")
    return list(zip(words[::2], words[1::2], strict=True))


def _status(options: argparse.Namespace) -> None:
    snapshot = open_current(options.data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    print(f"Snapshot {snapshot.id}, made {snapshot.created:%Y-%m-%d %H:%M} UTC from {snapshot.source}.")
    print(f"Data as at {snapshot.as_at:%Y-%m-%d %H:%M}; records from {snapshot.records_from}, complete from {snapshot.complete_from}.")
    if snapshot.cut_over:
        print(f"One case system took over from another on {snapshot.cut_over}.")
    if len(snapshot.sources) > 1:
        for one in snapshot.sources:
            moment = f"as at {one.as_at:%Y-%m-%d %H:%M}" if one.as_at else "with no event that says when"
            print(f"  {one.name}, {moment}: {', '.join(one.tables) or 'not used'}")
    if said := freshness(snapshot.sources, datetime.now()).words:
        print(said)
    print("Synthetic: no real person is in it." if snapshot.synthetic else "Not synthetic: records of real people.")
    print(KEPT_OF_A_CHILD)
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
