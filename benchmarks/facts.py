"""How long a refresh takes: the whole load of the demonstration, and the facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.demonstration import quiet
from benchmarks.measure import Measured, once, seconds
from csc_core import facts
from csc_core.check import check
from csc_core.load import load_demo
from csc_core.sources import demo


def measure(data: Path) -> Sequence[Measured]:
    """Rows read a second over making, checking, counting and publishing the county, as `load demo` does."""
    whole = once(lambda: load_demo(data, quiet))
    checked = check(demo.read(quiet), quiet)
    rows = int(checked.counts["read"].sum())
    build = seconds(lambda: facts.build(dict(checked.frames), quiet).close(), times=3)
    return (
        Measured("load the demonstration", f"{whole:.1f} s", f"{rows:,} rows, {rows / whole:,.0f} a second"),
        Measured("build the facts", f"{1000 * build:,.0f} ms", f"{rows:,} rows, {rows / build:,.0f} a second"),
    )
