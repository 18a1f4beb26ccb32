"""A figure beside what DfE has published: only figures of a like length, with the year in the label, and chance tested, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from csc_core.compare.figures import Figure, apart
from csc_core.compare.published import CAVEATS, Published, known_by, none_by
from csc_core.dimensions import DIMENSIONS
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import PLACE, TEAM
from csc_core.query import Where
from csc_core.rounding import half_up, written
from csc_core.statistics import beyond_chance

TESTED = ("england", "south_west")  # areas; a mean of ten authorities is none, and has an error of its own


@dataclass(frozen=True)
class Comparator:
    """One published figure, the last that was out by the end of the period, beside ours. `value` is rounded as ours is.

    `difference` is ours less theirs as both are shown; `beyond_chance` whether it is more than chance explains. Each is None where it
    has no meaning. `sentence` says all of it, or why there is nothing to say.
    """

    area: str
    title: str
    when: str
    value: Decimal | None
    difference: Decimal | None
    beyond_chance: bool | None
    sentence: str


def nothing_beside(asked: Indicator, ours: Figure, where: Where | None = None) -> str:
    """Why nothing published can stand beside what is asked, in a sentence; empty where something can."""
    none = none_by(asked, ours.period.end)
    if none:
        return none
    if where and asked.unit == "count":
        return f"A number of {asked.noun} of a part of the county has nothing published to stand beside."
    other = [name for name in (where or {}) if name not in (*PLACE, *TEAM)]
    if other:
        return f"DfE publishes no {asked.noun} by {DIMENSIONS[other[0]].title.lower()}, so there is nothing to set beside."
    return ""


def comparators(asked: Indicator, ours: Figure, where: Where | None = None) -> tuple[Comparator, ...]:
    """What was published by the end of `ours.period`, a day or twelve months, beside `ours`; Devon's own series only for all of it."""
    if nothing_beside(asked, ours, where):
        return ()
    found = known_by(asked, ours.period.end)
    return tuple(_beside(asked, ours, one) for one in found if one.area != "devon" or not where)


def as_published(value: Decimal, asked: Indicator) -> Decimal:
    """A published value with its own decimals, where ours has more: DfE gives some percentages as whole numbers."""
    return half_up(value, min(asked.decimals, max(0, -int(value.as_tuple().exponent))))


def _beside(asked: Indicator, ours: Figure, one: Published) -> Comparator:
    label = f"{one.title}, {one.when}"
    if one.value is None:
        return Comparator(one.area, one.title, one.when, None, None, None, f"{label}: no figure. {one.reason}")
    value = as_published(one.value, asked)
    said = f"{label}: {written(value, asked)}."
    if asked.id in CAVEATS:
        return Comparator(one.area, one.title, one.when, value, None, None, f"{said} {CAVEATS[asked.id]}")
    if ours.value is None:
        return Comparator(one.area, one.title, one.when, value, None, None, said)
    decimals = -int(value.as_tuple().exponent)
    alike = half_up(ours.value, decimals)
    difference, edge = alike - value, Decimal(5).scaleb(-decimals - 1)
    nearest = min(max(ours.value, one.value - edge), one.value + edge)  # of what would have been rounded to theirs
    chance = beyond_chance(ours.numerator, ours.denominator, float(nearest), asked) if one.area in TESTED else None
    words = {
        True: " The difference is more than chance alone explains.",
        False: " Chance alone could explain the difference.",
        None: "",
    }[chance if difference else None]
    here = f"{written(alike, asked)}{'' if alike == ours.value else ', rounded alike,'} is {apart(difference, asked)} that."
    return Comparator(one.area, one.title, one.when, value, difference, chance, f"{said} {here}{words}")
