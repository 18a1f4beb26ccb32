"""How much of a total the map shows: what has no place on it, and what share of its areas is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.areas import OFF_MAP


@dataclass(frozen=True)
class Coverage:
    """`off` says why records are not on the map and how many (None: withheld); `on_map` is None when saying it would give
    away what is withheld."""

    total: int | None
    on_map: int | None
    off: Mapping[str, int | None]
    areas: int
    withheld: int

    @property
    def off_map(self) -> int:
        """How many are not on the map; at least so many when a part of them is withheld."""
        return sum(count or 0 for count in self.off.values())

    @property
    def withheld_share(self) -> float:
        """Of the areas, 0 to 1."""
        return self.withheld / self.areas if self.areas else 0.0


def coverage(split: pd.DataFrame, level: str, total: object) -> Coverage:
    """Read a disclosed split by `level` (see csc_core.disclosure.read) beside its disclosed total, which may be NA."""
    outside = split[split[level].isin(OFF_MAP)]
    off = {place: None if pd.isna(count) else int(count) for place, count in zip(outside[level], outside["numerator"], strict=True)}
    off = {place: count for place, count in off.items() if count != 0}
    inside = split[~split[level].isin(OFF_MAP)]
    whole = None if pd.isna(total) else int(total)  # type: ignore[call-overload]  # an Int64 cell
    on_map = None if whole is None or None in off.values() else whole - sum(count or 0 for count in off.values())
    return Coverage(whole, on_map, off, len(inside), int(inside["withheld"].sum()))
