"""The command line: `python -m csc_core COMMAND`. It is for people who may read the files, so it shows true values.

Exit codes: 0 done; 2 what was asked or given cannot be used, said in one sentence on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from csc_core.access import Scope
from csc_core.caseload import spread
from csc_core.co_occurrence import commonest
from csc_core.dimensions import titles
from csc_core.disclosure import Audience, read
from csc_core.factors import notes
from csc_core.funnel import funnel
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN
from csc_core.periods import FORMS, Period, PeriodError, parse
from csc_core.query import AllOf, QueryError, indicator, rows_by
from csc_core.snapshot import Snapshot, Unavailable, open_current
from csc_core.stability import ASPECTS, distribution
from csc_core.tables import Unusable, describe

Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter must not stop the command
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        command(options)
    except (PeriodError, QueryError, Unavailable, Unusable) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # the reader has gone: nothing is left to say, not even at exit
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=Path(os.environ.get("CSC_DATA") or "data"), metavar="DIR",
                        help="where snapshots are kept (default: $CSC_DATA, else ./data)")  # fmt: skip
    parser = argparse.ArgumentParser("python -m csc_core", description="Children's social care indicators from case records.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words, parents=[shared])
        sub.set_defaults(command=command)
        return sub

    load = add("load", _load, "Read case records, check every row and publish a snapshot")
    load.add_argument("source", choices=("demo", "csv"))
    load.add_argument("path", nargs="?", type=Path, help="the folder of CSV files (csv only)")
    load.add_argument("--synthetic", action="store_true", help="say that the records of a csv folder are not of real people")
    load.add_argument("--as-at", type=datetime.fromisoformat, metavar="DATE", help="the day or moment the records of a csv folder go up to")
    add("status", _status, "Say which snapshot is current, and what it holds")
    add("indicators", _indicators, "List the indicators with their definitions")
    add("tables", _tables, "List the case tables, their columns, code lists and an example row")
    demo = add("demo", _demo, "Write the synthetic demonstration county as CSV files")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")

    def ask(name: str, command: Command, words: str) -> argparse.ArgumentParser:
        sub = add(name, command, words)
        sub.add_argument(
            "--where",
            action="extend",
            nargs="+",
            default=[],
            metavar="DIM=VALUE",
            help="keep these; repeat a dimension for any of, write factor_group=ONE+TWO for issues that come together",
        )
        sub.add_argument("--period", default="latest", metavar="P", help=FORMS.replace("%", "%%"))
        sub.add_argument("--format", choices=("table", "csv", "json"), default="table")
        sub.add_argument("--disclosed", action="store_true", help="show what a commissioner sees")
        return sub

    show = ask("show", _show, "Compute an indicator")
    show.add_argument("indicator", metavar="ID")
    show.add_argument("--by", action="extend", nargs="+", default=[], metavar="DIM", help="split by these dimensions")
    show.add_argument("--annualised", action="store_true", help="multiply a part-year rate up to a year (county, locality)")
    ask("funnel", _funnel, "Follow the enquiries of each month for 90 days: referral, assessment, section 47, plan")
    stability = ask("stability", _stability, "How children looked after on a day spread over an aspect of their whole period of care")
    stability.add_argument("aspect", metavar="ASPECT", help=", ".join(ASPECTS))
    ask("caseload", _caseload, "Cases for each full-time worker on a day, within and across teams")
    together = ask("together", _together, "Which issues come together in assessments, the commonest first")
    together.add_argument("--size", type=int, choices=(2, 3), default=2, help="pairs or trios")
    return parser


def _load(options: argparse.Namespace) -> None:
    from csc_core.load import load, load_demo
    from csc_core.sources import csv

    with _bar() as progress:
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
    _print_table(loaded.counts)
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
    _print_table(snapshot.counts)


def _indicators(_: argparse.Namespace) -> None:
    for one in INDICATORS.values():
        print(f"{one.id} ({one.unit}{', on a day' if one.stock else ''})\n  {one.title}. {one.definition}")
        print(f"  Split by: {', '.join(one.dimensions)}\n  Source: {one.source}\n")


def _tables(_: argparse.Namespace) -> None:
    print(describe())


def _demo(options: argparse.Namespace) -> None:
    from csc_core.sources import csv, demo

    with _bar() as progress:
        records = demo.read(progress)
        csv.write(records, options.out)
    print(f"Wrote {len(records.tables)} tables of synthetic records to {options.out}: load them with `load csv {options.out}`.")


def _asked(options: argparse.Namespace) -> tuple[Snapshot, Period, Audience]:
    """The snapshot, the period and the audience of a question."""
    snapshot = open_current(options.data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    audience = Audience.COMMISSIONER if options.disclosed else Audience.MANAGER
    return snapshot, parse(options.period, snapshot.as_at.date()), audience


def _funnel(options: argparse.Namespace) -> None:
    snapshot, period, audience = _asked(options)
    where = _where(options.where)
    rows = funnel(snapshot, scope=Scope.everything(), audience=audience, period=period, where=where)
    _print_rows(rows, options, f"Enquiries of each month followed for 90 days, {period.label}. A maturing month can still change.")


def _stability(options: argparse.Namespace) -> None:
    snapshot, period, audience = _asked(options)
    where = _where(options.where)
    found = distribution(snapshot, options.aspect, scope=Scope.everything(), audience=audience, period=period, where=where)
    middle = "" if found.quartiles is None else " Lower quartile {:.1f}, median {:.1f}, upper quartile {:.1f}.".format(*found.quartiles)
    _print_rows(
        found.rows, options, f"{ASPECTS[options.aspect].title}, children looked after on {period.end}.{middle} {found.reason or ''}"
    )


def _caseload(options: argparse.Namespace) -> None:
    snapshot, period, audience = _asked(options)
    if options.where:
        raise QueryError("The spread of caseload has no filters: every team is in its own row.")
    rows = spread(snapshot, scope=Scope.everything(), audience=audience, period=period)
    known = titles(snapshot, "team")
    _print_rows(
        rows.assign(team=[known.get(id, id) for id in rows["team"]]), options, f"Cases held by case holders on {period.end}, team by team."
    )


def _together(options: argparse.Namespace) -> None:
    snapshot, period, audience = _asked(options)
    where = _where(options.where)
    found = commonest(snapshot, scope=Scope.everything(), audience=audience, period=period, size=options.size, where=where)
    known = titles(snapshot, "factor_group")
    rows = found.rows.assign(issues=[" + ".join(known.get(id, id) for id in ids) for ids in found.rows["issues"]])
    over = "withheld or not known" if found.assessments is None else f"{found.assessments:,}"
    _print_rows(
        rows, options, f"Issues that come together, {period.label}. Assessments with a factor recorded: {over}. {found.reason or ''}"
    )


def _print_rows(rows: pd.DataFrame, options: argparse.Namespace, heading: str) -> None:
    """Rows in the format asked for; the heading is for people, so a script gets it on stderr."""
    print(heading.strip(), end="\n\n", file=sys.stdout if options.format == "table" else sys.stderr)
    if options.format == "json":
        print(json.dumps(_plain(rows), ensure_ascii=False, indent=1, allow_nan=False))
    elif options.format == "csv":
        print(rows.to_csv(index=False, lineterminator="\n"), end="")
    else:
        shares = rows.select_dtypes(["float", "Float64"]).columns
        _print_table(rows.assign(**{name: [_rounded(value, 1) for value in rows[name]] for name in shares}))


def _show(options: argparse.Namespace) -> None:
    one = indicator(options.indicator)
    snapshot, period, audience = _asked(options)
    where = _where(options.where)
    by = rows_by(INDICATORS[options.indicator], options.by, where)
    frame = read(
        snapshot,
        options.indicator,
        scope=Scope.everything(),
        audience=audience,
        period=period,
        by=by,
        where=where,
        annualised=options.annualised,
    ).drop(columns="withheld")
    said = notes(INDICATORS[options.indicator], period, by, where)
    if options.format != "table":
        for note in said:
            print(note, file=sys.stderr)
    if options.format == "json":
        print(json.dumps(_plain(frame), ensure_ascii=False, indent=1, allow_nan=False))
    elif options.format == "csv":
        print(frame.to_csv(index=False, lineterminator="\n"), end="")
    else:
        _print_heading(snapshot, one, f"on {period.end}" if one.stock else period.label, said)
        for name in by:
            known = titles(snapshot, name)
            frame[name] = [known.get(id, id) for id in frame[name]]
        parts = 0 if one.numerator.aggregate.startswith("count(") else 1  # hours of work have parts; so has a count shared out
        base = 0 if one.denominator == CHILDREN else parts
        for name, decimals in (("numerator", parts), ("denominator", base), ("value", one.decimals)):
            frame[name] = [_rounded(value, decimals) for value in frame[name]]
        _print_table(frame.drop(columns=["unit", "from", "to", *([] if frame["reason"].notna().any() else ["reason"])]))


def _print_heading(snapshot: Snapshot, one: Indicator, label: str, said: Sequence[str]) -> None:
    print(f"{one.title} ({one.unit}), {label}; data as at {snapshot.as_at:%Y-%m-%d}", end="")
    print(", synthetic" if snapshot.synthetic else "")
    print(f"Numerator: {one.numerator_words}. Denominator: {one.denominator_words or 'none'}.")
    print(*said, sep="\n", end="\n" * (1 + bool(said)))


def _where(pairs: Sequence[str]) -> dict[str, Sequence[str]]:
    """Filters as typed: DIMENSION=VALUE, a dimension named again for any of its values, VALUE+VALUE for all of them at once."""
    filters: dict[str, list[str]] = {}
    all_of: dict[str, AllOf] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark:
            raise QueryError(f"'{pair[:40]}' is not a filter: write DIMENSION=VALUE, such as locality=exeter.")
        if "+" in value:
            all_of[name] = AllOf(value.split("+"))
        filters.setdefault(name, []).append(value)
    for name in all_of:
        if len(filters[name]) > 1:
            raise QueryError(f"Write {name} once with + for all of them, or several times for any of them, not both.")
    return {**filters, **all_of}


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: missing is null, dates are ISO, whole denominators are whole numbers."""

    def plain(value: Any) -> Any:
        if pd.isna(value):
            return None
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    return [{str(name): plain(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")]


def _rounded(value: Any, decimals: int) -> str:
    """Half up, from the unrounded figure, as DfE rounds."""
    from decimal import ROUND_HALF_UP, Decimal

    return "" if pd.isna(value) else f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def _print_table(frame: pd.DataFrame) -> None:
    print(frame.astype(object).where(frame.notna(), "").to_string(index=False))


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr."""
    with tqdm(total=100, bar_format="{desc:<42.42} {bar} {percentage:3.0f}% {elapsed}", file=sys.stderr) as bar:

        def progress(what: str, share: float) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(max(0, round(share * 100) - bar.n))

        yield progress


if __name__ == "__main__":
    sys.exit(main())
