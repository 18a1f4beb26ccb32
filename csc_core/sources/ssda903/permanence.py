"""Decisions on adoption, out of four places: PlacedAdoption has the decision and its end, AD1 that of children adopted since,
the episodes have the placement with the family (A3 to A6) and how the period of care ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.ssda903.care import CareRecords
from csc_core.sources.ssda903.modules import Module
from csc_core.tables import RawTable

FOR_ADOPTION = ("A3", "A4", "A5", "A6")
ORDERS = {
    **dict.fromkeys(("E11", "E12"), "ADOPTION"),
    **dict.fromkeys(("E45", "E46", "E47", "E48"), "SGO"),
    "E41": "CAO",
}
COLUMNS = (
    "table_id", "person_id", "entered_care_date", "adm_decision_date", "placed_for_adoption_date", "decision_reversed_date",
    "permanence_order_date", "permanence_order_type",
)  # fmt: skip


@dataclass(frozen=True)
class _Decision:
    """A decision as written, and its day (missing where it is not one or not known)."""

    text: str
    day: Any
    reversed: str = ""
    reversed_day: Any = pd.NaT


def permanence(found: Mapping[str, Module], care: CareRecords | None) -> RawTable | None:
    """One row for each decision, and one for each child placed or adopted without one in the files."""
    decisions = _decisions(found)
    rows: list[tuple[str, ...]] = []
    periods = _periods(care)
    for child in sorted({*decisions, *periods}):
        rows += _of_child(child, decisions.get(child, ()), periods.get(child, ()))
    lost = [finding for name in ("PlacedAdoption", "AD1") if name in found for finding in found[name].broken_in("permanence")]
    if not rows and not lost:
        return None
    frame = pd.DataFrame(rows, columns=list(COLUMNS), index=pd.RangeIndex(1, len(rows) + 1), dtype="str")
    # of several files: the rows are numbered through all of them
    file = " + ".join(found[name].file for name in ("PlacedAdoption", "AD1", "Episodes") if name in found)
    broken = tuple(
        replace(one, file=file, row=number, reason=f"row {one.row} of {one.file} {one.reason}")
        for number, one in enumerate(lost, len(rows) + 1)
    )
    return RawTable("permanence", file, frame, broken)


def _decisions(found: Mapping[str, Module]) -> dict[str, list[_Decision]]:
    """By child, in order of their days."""
    of: dict[str, list[_Decision]] = {}
    if "PlacedAdoption" in found:
        rows = found["PlacedAdoption"].rows
        made, undone = rows["DATE_PLACED"], rows["DATE_PLACED_CEASED"]
        for child, *decision in zip(rows["CHILD"], made, read_days(made)[0], undone, read_days(undone)[0], strict=True):
            of.setdefault(child, []).append(_Decision(*decision))
    if "AD1" in found:
        rows = found["AD1"].rows
        for child, text, day in zip(rows["CHILD"], rows["DATE_INT"], read_days(rows["DATE_INT"])[0], strict=True):
            if child not in of:
                of[child] = [_Decision(text, day)]
    return {child: sorted(found, key=lambda one: (pd.isna(one.day), one.day)) for child, found in of.items()}


@dataclass(frozen=True)
class _Period:
    begins: Any
    entered: str
    placed: Sequence[tuple[Any, str]]  # each placement for adoption: its day, and as written
    order: str
    order_text: str


def _periods(care: CareRecords | None) -> dict[str, list[_Period]]:
    """The periods of care of children placed for adoption or adopted, and of all others of the same children."""
    if care is None:
        return {}
    of: dict[str, list[_Period]] = {}
    for (child, _), episodes in care.episodes.groupby(["CHILD", "period"], sort=False):
        for_adoption = episodes[episodes["PLACE"].isin(FOR_ADOPTION)]
        last = episodes.iloc[-1]
        placed = list(zip(for_adoption["begins"], for_adoption["DECOM"], strict=True))
        order = ORDERS.get(last["REC"], "")
        of.setdefault(str(child), []).append(
            _Period(episodes["begins"].iloc[0], episodes["entered"].iloc[0], placed, order, last["DEC"] if order else "")
        )
    return of


def _of_child(child: str, decisions: Sequence[_Decision], periods: Sequence[_Period]) -> Iterator[tuple[str, ...]]:
    for number, (period, decided) in enumerate(_matched(decisions, periods), 1):
        placed = next(
            (
                text
                for day, text in (period.placed if period else ())
                if decided is None
                or ((pd.isna(decided.day) or day >= decided.day) and (pd.isna(decided.reversed_day) or day < decided.reversed_day))
            ),
            "",
        )
        ended_by = period and period.order and not (decided and decided.reversed)
        yield (
            f"{child}-N-{number}",
            child,
            period.entered if period else "",
            decided.text if decided else "",
            placed,
            decided.reversed if decided else "",
            period.order_text if period and ended_by else "",
            period.order if period and ended_by else "",
        )


def _matched(decisions: Sequence[_Decision], periods: Sequence[_Period]) -> Iterator[tuple[_Period | None, _Decision | None]]:
    """Each decision with the period of care it fell in, and each period that ended in adoption, or came to a placement, with none."""
    used = []
    for decided in decisions:
        before = [period for period in periods if pd.isna(decided.day) or not period.begins > decided.day]
        period = before[-1] if before else periods[0] if periods else None
        used.append(period)
        yield period, decided
    for period in periods:
        if period not in used and (period.placed or period.order == "ADOPTION"):
            yield period, None
