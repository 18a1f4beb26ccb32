"""A measurement: what was timed, beside what, and whether it keeps what was promised."""

from __future__ import annotations

import resource
import subprocess
import sys
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


def alone(module: str, *arguments: str) -> tuple[float, float]:
    """Seconds and the peak of memory (MB) that `python -m module` prints when it has done one piece of work and nothing else."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True, text=True)
    seconds, peak = map(float, done.stdout.split())
    return seconds, peak


def peak_memory() -> float:
    """Of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(rows: Sequence[Measured]) -> str:
    """The rows as aligned text, under a heading."""
    cells = [("what", "here", "beside", "ratio", "promised")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}x"
        promise = f"{row.promise}: {'kept' if row.kept else 'BROKEN'}" if row.promise else ""
        cells.append((row.what, row.ours, row.beside, ratio, promise))
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells)
