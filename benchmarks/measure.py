"""A measurement: what was timed, beside what, and whether it keeps what was promised."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measured:
    """One line of the table. `ratio` is how many times faster (or smaller) than `beside`, taken in the same run."""

    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    promise: str = ""
    kept: bool = True


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of `times` runs, after one that warms up."""
    work()
    return median(_once(work) for _ in range(times))


def once(work: Callable[[], object]) -> float:
    """One run: for work that is done once by those who wait for it."""
    return _once(work)


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def table(rows: Sequence[Measured]) -> str:
    """The rows as aligned text, under a heading."""
    cells = [("what", "here", "beside", "ratio", "promised")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}x"
        promise = f"{row.promise}: {'kept' if row.kept else 'BROKEN'}" if row.promise else ""
        cells.append((row.what, row.ours, row.beside, ratio, promise))
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells)
