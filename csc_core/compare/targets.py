"""Targets: what a council has set itself, by indicator and period. Without a row there is no target, and nothing is red or green."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Literal

from csc_core.compare.figures import Figure
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, PeriodError, parse
from csc_core.rounding import written
from csc_core.statistics import beyond_chance

FILE = "targets.csv"
COLUMNS = ("indicator", "period", "target", "amber_margin", "owner")
Status = Literal["met", "within amber", "missed", "none"]


@dataclass(frozen=True)
class Target:
    """What should be reached in a period, how far from it is still `within amber`, and whose target it is."""

    indicator: str
    period: Period
    value: Decimal
    amber_margin: Decimal
    owner: str


@dataclass(frozen=True)
class Targets:
    """All that is set, and a sentence when some rows of the file could not be used."""

    rows: tuple[Target, ...]
    said: str = ""

    def of(self, indicator_id: str, day: date) -> Target | None:
        """The target in force on a day: that of the shortest period that holds it."""
        found = [one for one in self.rows if one.indicator == indicator_id and one.period.start <= day <= one.period.end]
        return min(found, key=lambda one: one.period.end - one.period.start, default=None)


@dataclass(frozen=True)
class Attained:
    """A figure against its target. `status` is `none` where nothing can be said of it: no figure, or no better and worse.

    `beyond_chance`: whether the distance is more than chance explains; None where that has no meaning.
    """

    target: Target
    status: Status
    beyond_chance: bool | None
    sentence: str


def read_targets(data: Path | None = None) -> Targets:
    """The targets of the council's own file in the data folder, where there is one, else those supplied. Reading never fails."""
    own = data / FILE if data else None
    if own is None or not own.exists():
        return _read((files("csc_core") / "data" / FILE).read_text("utf-8"))
    try:
        text = own.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Targets((), f"No target is shown: {FILE} in the data folder cannot be read; save it as CSV in UTF-8.")
    return _read(text)


def attained(asked: Indicator, now: Figure, targets: Targets) -> Attained | None:
    """The figure against the target in force on the period's last day; None where there is none."""
    target = targets.of(asked.id, now.period.end)
    if target is None:
        return None
    goal = f"the target of {written(target.value, asked)}"
    if now.value is None:
        return Attained(target, "none", None, f"No figure to set against {goal}.")
    if asked.polarity == "none":
        return Attained(target, "none", None, f"{written(now.value, asked)}; {goal} is neither met nor missed: no direction is better.")
    short = target.value - now.value if asked.polarity == "high" else now.value - target.value
    status: Status = "met" if short <= 0 else "within amber" if short <= target.amber_margin else "missed"
    chance = beyond_chance(now.numerator, now.denominator, float(target.value), asked)
    away = f"{abs(short)}{' percentage points' if asked.unit == '%' else ''} {'below' if now.value < target.value else 'above'} {goal}"
    apart = f"exactly at {goal}" if short == 0 else away
    words = {True: ", more than chance alone explains", False: ", which chance alone could explain", None: ""}[chance if short else None]
    return Attained(target, status, chance, f"{written(now.value, asked)} is {apart}{words}: {status}.")


def _read(text: str) -> Targets:
    rows: list[Target] = []
    bad: list[str] = []
    lines = csv.DictReader(text.splitlines())
    if not set(COLUMNS) <= set(lines.fieldnames or ()):
        return Targets((), f"No target is shown: {FILE} in the data folder needs the columns {', '.join(COLUMNS)}.")
    for line in lines:
        found = _row(line)
        if isinstance(found, Target):
            rows.append(found)
        else:
            bad.append(f"line {lines.line_num} ({found})")
    if not bad:
        return Targets(tuple(rows))
    more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
    return Targets(tuple(rows), f"Of {FILE} in the data folder these rows are left out: {', '.join(bad[:3])}{more}.")


def _row(line: Mapping[str, str | None]) -> Target | str:
    """A target, or what is wrong with its row."""
    cells = {name: (line.get(name) or "").strip() for name in COLUMNS}
    if cells["indicator"] not in INDICATORS:
        return "no such indicator"
    try:
        period = parse(cells["period"], date.max)
        value, margin = Decimal(cells["target"]), Decimal(cells["amber_margin"] or "0")
    except PeriodError:
        return "no such period"
    except ArithmeticError:
        return "the target and its margin must be numbers"
    if not (math.isfinite(value) and math.isfinite(margin)) or value < 0 or margin < 0:
        return "the target and its margin must be numbers from 0"
    if INDICATORS[cells["indicator"]].unit == "%" and value > 100:
        return "a percentage ends at 100"
    return Target(cells["indicator"], period, value, margin, cells["owner"])
