"""Commands that answer a question of figures: an indicator by any split, and what the indicators alone cannot say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import pandas as pd

from csc_core.access import Scope
from csc_core.caseload import across, spread
from csc_core.co_occurrence import commonest
from csc_core.commands.shared import Add, ask_options, asked, plain, print_rows, print_table, rounded, where
from csc_core.compare import shares
from csc_core.dimensions import titles
from csc_core.disclosure import read
from csc_core.funnel import funnel
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN
from csc_core.notes import notes
from csc_core.query import QueryError, Where, indicator, rows_by
from csc_core.snapshot import Snapshot
from csc_core.stability import ASPECTS, distribution


def add(command: Add) -> None:
    command("indicators", _indicators, "List the indicators with their definitions")
    show = ask_options(command("show", _show, "Compute an indicator"))
    show.add_argument("indicator", metavar="ID")
    show.add_argument("--by", action="extend", nargs="+", default=[], metavar="DIM", help="split by these dimensions")
    show.add_argument("--annualised", action="store_true", help="multiply a part-year rate up to a year (county, locality)")
    ask_options(command("funnel", _funnel, "Follow the enquiries of each month for 90 days: referral, assessment, section 47, plan"))
    stability = ask_options(
        command("stability", _stability, "How children looked after on a day spread over an aspect of their whole period of care")
    )
    stability.add_argument("aspect", metavar="ASPECT", help=", ".join(ASPECTS))
    ask_options(command("caseload", _caseload, "Cases for each full-time worker on a day, within and across teams"))
    together = ask_options(command("together", _together, "Which issues come together in assessments, the commonest first"))
    together.add_argument("--size", type=int, choices=(2, 3), default=2, help="pairs or trios")


def _indicators(_: argparse.Namespace) -> None:
    for one in INDICATORS.values():
        print(f"{one.id} ({one.unit}{', on a day' if one.stock else ''})\n  {one.title}. {one.definition}")
        print(f"  Split by: {', '.join(one.dimensions)}\n  Source: {one.source}\n")


def _show(options: argparse.Namespace) -> None:
    one = indicator(options.indicator)
    snapshot, period, audience = asked(options)
    filters = where(options.where)
    by = rows_by(one, options.by, filters)
    in_parts = one.drawn_with and one.denominator is None  # a count that is given part by part, each with its share
    if in_parts and one.drawn_with not in {*by, *filters}:
        by = (*by, one.drawn_with)

    def rows(by: Sequence[str], filters: Where) -> pd.DataFrame:
        frame = read(
            snapshot,
            one.id,
            scope=Scope.everything(),
            audience=audience,
            period=period,
            by=by,
            where=filters,
            annualised=options.annualised,
        )
        return frame.drop(columns="withheld")

    frame = rows(by, filters)
    if in_parts:
        others = [name for name in by if name != one.drawn_with]
        whole = rows(others, {name: ids for name, ids in filters.items() if name != one.drawn_with})
        frame.insert(list(frame).index("unit"), "share", shares(frame, whole, others))
    said = notes(snapshot, one, period, by, filters)
    if options.format != "table":
        for note in said:
            print(note, file=sys.stderr)
    if options.format == "json":
        print(json.dumps(plain(frame), ensure_ascii=False, indent=1, allow_nan=False))
    elif options.format == "csv":
        print(frame.to_csv(index=False, lineterminator="\n"), end="")
    else:
        _print_heading(snapshot, one, f"on {period.end}" if one.stock else period.label, said)
        for name in by:
            known = titles(snapshot, name)
            frame[name] = [known.get(id, id) for id in frame[name]]
        parts = 0 if one.numerator.aggregate.startswith("count(") else 1  # hours of work have parts; so has a count shared out
        base = 0 if one.denominator == CHILDREN else parts
        for name, decimals in (("numerator", parts), ("denominator", base), ("value", one.decimals), ("share", 1)):
            if name in frame:
                frame[name] = [rounded(value, decimals) for value in frame[name]]
        frame = frame.rename(columns={"share": f"% of all {one.noun}"})
        print_table(frame.drop(columns=["unit", "from", "to", *([] if frame["reason"].notna().any() else ["reason"])]))


def _print_heading(snapshot: Snapshot, one: Indicator, label: str, said: Sequence[str]) -> None:
    print(f"{one.title} ({one.unit}), {label}; data as at {snapshot.as_at:%Y-%m-%d}", end="")
    print(", synthetic" if snapshot.synthetic else "")
    print(f"Numerator: {one.numerator_words}. Denominator: {one.denominator_words or 'none'}.")
    print(*said, sep="\n", end="\n" * (1 + bool(said)))


def _funnel(options: argparse.Namespace) -> None:
    snapshot, period, audience = asked(options)
    filters = where(options.where)
    rows = funnel(snapshot, scope=Scope.everything(), audience=audience, period=period, where=filters)
    print_rows(rows, options, f"Enquiries of each month followed for 90 days, {period.label}. A maturing month can still change.")


def _stability(options: argparse.Namespace) -> None:
    snapshot, period, audience = asked(options)
    filters = where(options.where)
    found = distribution(snapshot, options.aspect, scope=Scope.everything(), audience=audience, period=period, where=filters)
    middle = "" if found.quartiles is None else " Lower quartile {:.1f}, median {:.1f}, upper quartile {:.1f}.".format(*found.quartiles)
    print_rows(
        found.rows, options, f"{ASPECTS[options.aspect].title}, children looked after on {period.end}.{middle} {found.reason or ''}"
    )


def _caseload(options: argparse.Namespace) -> None:
    snapshot, period, audience = asked(options)
    if options.where:
        raise QueryError("The spread of caseload has no filters: every team is in its own row.")
    rows = spread(snapshot, scope=Scope.everything(), audience=audience, period=period)
    known, over = titles(snapshot, "team"), across(rows)
    said = ""
    if over["teams"] > 1:
        names = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
        each = ", ".join(f"{name.replace('_', ' ')} {rounded(over[name], 1)}" for name in names)
        said = f" Across {over['teams']} teams, cases for each FTE: {each}."
    print_rows(
        rows.assign(team=[known.get(id, id) for id in rows["team"]]),
        options,
        f"Cases held by case holders on {period.end}, team by team.{said}",
    )


def _together(options: argparse.Namespace) -> None:
    snapshot, period, audience = asked(options)
    filters = where(options.where)
    found = commonest(snapshot, scope=Scope.everything(), audience=audience, period=period, size=options.size, where=filters)
    known = titles(snapshot, "factor_group")
    rows = found.rows.assign(issues=[" + ".join(known.get(id, id) for id in ids) for ids in found.rows["issues"]])
    over = "withheld or not known" if found.assessments is None else f"{found.assessments:,}"
    print_rows(
        rows, options, f"Issues that come together, {period.label}. Assessments with a factor recorded: {over}. {found.reason or ''}"
    )
