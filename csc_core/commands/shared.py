"""What the commands share: how a question is asked, how an answer is printed, and the progress bar."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pandas as pd
from tqdm import tqdm

from csc_core.disclosure import Audience
from csc_core.periods import FORMS, Period, parse
from csc_core.query import AllOf, QueryError
from csc_core.rounding import half_up
from csc_core.snapshot import Snapshot, open_current

Command = Callable[[argparse.Namespace], None]
Add = Callable[[str, Command, str], argparse.ArgumentParser]
"""Adds a command by its name, with what it does in one sentence for `--help`."""


def ask_options(sub: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options of every command that answers a question of figures."""
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


def asked(options: argparse.Namespace) -> tuple[Snapshot, Period, Audience]:
    """The snapshot, the period and the audience of a question."""
    snapshot = open_current(options.data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    audience = Audience.COMMISSIONER if options.disclosed else Audience.MANAGER
    return snapshot, parse(options.period, snapshot.as_at.date()), audience


def where(pairs: Sequence[str]) -> dict[str, Sequence[str]]:
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


def print_rows(rows: pd.DataFrame, options: argparse.Namespace, heading: str) -> None:
    """Rows in the format asked for; the heading is for people, so a script gets it on stderr."""
    print(heading.strip(), end="\n\n", file=sys.stdout if options.format == "table" else sys.stderr)
    if options.format == "json":
        print(json.dumps(plain(rows), ensure_ascii=False, indent=1, allow_nan=False))
    elif options.format == "csv":
        print(rows.to_csv(index=False, lineterminator="\n"), end="")
    else:
        shares = rows.select_dtypes(["float", "Float64"]).columns
        print_table(rows.assign(**{name: [rounded(value, 1) for value in rows[name]] for name in shares}))


def print_table(frame: pd.DataFrame) -> None:
    """The rows under their headings; of none, that there are none."""
    print("There are no rows." if frame.empty else frame.astype(object).where(frame.notna(), "").to_string(index=False))


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
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


def rounded(value: Any, decimals: int) -> str:
    """Half up, from the unrounded figure, as DfE rounds."""
    return "" if pd.isna(value) else f"{half_up(value, decimals):,}"


@contextmanager
def bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr; a line for each tenth where nobody watches it, as in the journal of a nightly job."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    with tqdm(total=100, bar_format="{desc:<42.42} {bar} {percentage:3.0f}% {elapsed}", file=sys.stderr) as bar:

        def progress(what: str, share: float) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(max(0, round(share * 100) - bar.n))

        yield progress


def _lines() -> Callable[[str, float], None]:
    done = 0

    def progress(what: str, share: float) -> None:
        nonlocal done
        if int(share * 10) > done:
            done = int(share * 10)
            print(f"{done * 10:3}% {what}", file=sys.stderr, flush=True)

    return progress


def day(text: str) -> date:
    """The type of an option that takes a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the day as 2017-12-31") from None


def spent(since: float) -> str:
    """What a command has taken: seconds since a reading of `time.monotonic`, and memory where the system tells."""
    took = f"Took {time.monotonic() - since:.0f} seconds"
    try:
        import resource
    except ImportError:  # Windows
        return f"{took}."
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f"{took} and at most {peak / 1e6:,.0f} MB of memory."
