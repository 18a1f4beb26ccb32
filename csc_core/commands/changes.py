"""The command that says what changed: in a figure between two periods, or in the records between two snapshots."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from csc_core.access import Scope
from csc_core.changes import COLUMNS, Movement, movement
from csc_core.commands.shared import Add, ask_options, asked, print_rows, print_table, rounded, where
from csc_core.dimensions import titles
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import TIME
from csc_core.periods import Period, latest_month, month, parse, window
from csc_core.query import QueryError, Where, check_ask, indicator
from csc_core.revisions import counts, figure_between, revisions
from csc_core.snapshot import Snapshot, Unavailable, kept, open_kept

EVERYTHING = Scope.everything()
DAYS = {"numerator": "Counted", "denominator": "Out of", "value": "Figure"}


@dataclass(frozen=True)
class _Answer:
    """How one indicator moved, of one member of the split (empty: of all)."""

    indicator: Indicator
    member: str
    title: str
    moved: Movement


def add(command: Add) -> None:
    changes = ask_options(command("changes", _changes, "Say why a figure moved between two periods, or what changed between two snapshots"))
    changes.add_argument("indicator", metavar="INDICATOR", nargs="?", help="one indicator; without it all")
    changes.add_argument("--from", dest="earlier", metavar="P", help="the earlier period (default: the month before the latest)")
    changes.add_argument("--to", dest="later", metavar="P", default="latest", help="the later period (default: the latest month)")
    changes.add_argument("--by", metavar="DIM", help="each locality, team ... by itself, with what moved into it and out of it")
    changes.add_argument("--snapshots", nargs="*", metavar="ID", help="compare two snapshots, OLD NEW (default: the two newest kept): the "
                         "figure of --period for an INDICATOR, else every record by its id")  # fmt: skip


def _changes(options: argparse.Namespace) -> None:
    if options.snapshots is not None:
        _between_snapshots(options)
        return
    snapshot, _, audience = asked(options)
    as_at = snapshot.as_at.date()
    later = parse(options.later, as_at)
    earlier = parse(options.earlier, as_at) if options.earlier else month(window(2, latest_month(as_at)).start)
    found = list(_movements(options, snapshot, audience, (earlier, later)))
    _print(found, options, f"from {earlier.label} to {later.label}; data as at {as_at}{', synthetic' if snapshot.synthetic else ''}")


def _movements(options: argparse.Namespace, snapshot: Snapshot, audience: Audience, periods: tuple[Period, Period]) -> Iterator[_Answer]:
    filters = where(options.where)
    by = [options.by] if options.by else []
    if options.by in TIME:
        raise QueryError("Two periods are compared already: split by a place, a team or a group.")
    chosen = [indicator(options.indicator)] if options.indicator else [one for one in INDICATORS.values() if not one.numerator_only]
    for one in chosen:
        if options.indicator or {*filters, *by} <= {*one.dimensions}:
            check_ask(snapshot, one, by, filters)
            for id, title in _members(snapshot, options.by, filters):
                within: Where = {**filters, options.by: [id]} if by else filters
                moved = movement(
                    snapshot, one.id, scope=EVERYTHING, audience=audience, earlier=periods[0], later=periods[1], where=within
                )
                yield _Answer(one, id, title, moved)


def _members(snapshot: Snapshot, by: str | None, filters: Where) -> list[tuple[str, str]]:
    """The members of a split that the filters leave; one that is everything without a split."""
    if by is None:
        return [("", "")]
    return [(id, title) for id, title in titles(snapshot, by).items() if id in filters.get(by, [id])]


def _print(found: Sequence[_Answer], options: argparse.Namespace, between: str) -> None:
    """Each movement in a block of its own; all in one list for a script."""
    if options.format == "table":
        for one in found:
            _print_block(one, between)
        return
    parts = [one.moved.rows.assign(indicator=one.indicator.id, unit=one.indicator.unit, member=one.member) for one in found]
    parts += [
        pd.DataFrame({"indicator": [one.indicator.id], "unit": [one.indicator.unit], "member": [one.member], "reason": [one.moved.reason]})
        for one in found
        if one.moved.reason
    ]
    rows = pd.concat(parts, ignore_index=True).rename(columns={"member": options.by or "member"})
    first = ["indicator", "unit", *([options.by] if options.by else [])]
    print_rows(rows[[*first, *COLUMNS]], options, f"Movements {between}.")


def _print_block(one: _Answer, between: str) -> None:
    asked, moved = one.indicator, one.moved
    print(f"{asked.title}{f' ({one.title})' if one.title else ''}, {between}")
    print(*moved.notes, *([moved.reason] if moved.reason else []), sep="\n", end="\n" * bool(moved.notes or moved.reason))
    if not moved.reason:
        rows = moved.rows
        decimals = [asked.decimals if name == "value" else 0 if float(whole or 0).is_integer() else 1
                    for name, whole in zip(rows["measure"], rows["later"].fillna(0), strict=True)]  # fmt: skip
        table = pd.DataFrame({"": [DAYS[name] for name in rows["measure"]], "part": rows["title"]})
        for name in ("earlier", "later", "change"):
            table[name] = [rounded(value, places) for value, places in zip(rows[name], decimals, strict=True)]
        print_table(table.assign(reason=rows["reason"]) if rows["reason"].notna().any() else table)
    print()


def _between_snapshots(options: argparse.Namespace) -> None:
    old, new = _two(options)
    between = f"from snapshot {old.id} (data as at {old.as_at:%Y-%m-%d}) to {new.id} (data as at {new.as_at:%Y-%m-%d})"
    audience = Audience.COMMISSIONER if options.disclosed else Audience.MANAGER
    if options.indicator:
        period = parse(options.period, min(old.as_at, new.as_at).date())
        moved = figure_between(
            old, new, options.indicator, scope=EVERYTHING, audience=audience, period=period, where=where(options.where)
        )
        _print([_Answer(indicator(options.indicator), "", period.label, moved)], options, between)
        return
    if options.disclosed or options.where:
        raise QueryError("Records are listed by their ids, for who may read the files: name an indicator for --disclosed or --where.")
    found = revisions(old, new, scope=EVERYTHING)
    if options.format == "table":
        print(f"Records {between}. The ids of each: --format csv.\n")
        print_table(counts(found))
    else:
        print_rows(found, options, f"Records {between}.")


def _two(options: argparse.Namespace) -> tuple[Snapshot, Snapshot]:
    """The two snapshots to compare, the older first."""
    if len(options.snapshots) not in (0, 2):
        raise QueryError("Name two snapshots, the older first, or none for the two newest.")
    ids = options.snapshots or kept(options.data)[1::-1]
    if len(ids) < 2:
        raise Unavailable(f"There is only one snapshot in {options.data}, so there is nothing to compare: load again, and both are kept.")
    return open_kept(options.data, ids[0]), open_kept(options.data, ids[1])
