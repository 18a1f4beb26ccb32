"""Every state of the app is an address: each choice under a short key whose value is an id, never a title.

Reading an address never fails: what it names and the data do not have is said in a sentence, with what is shown instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from csc_core.dimensions import DIMENSIONS, titles
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, PeriodError, latest_month, parse, window
from csc_core.snapshot import Snapshot
from geo.areas import LEVELS, areas
from pages.components.words import quoted

Shown = Literal["rate", "versus", "count"]
FILTERS = ("locality", "team", "age_band", "sex", "referral_source", "primary_need", "ethnic_group")
KEYS = ("indicator", "period", "level", "shown", "area", *FILTERS, "audience")
INDICATOR, LEVEL, SHOWN, AUDIENCE = "referral_rate", "district", "rate", Audience.COMMISSIONER
NAMES = {"level": "kind of area", "shown": "way of showing"}
STREAMLITS_OWN = ("embed", "embed_options")


@dataclass(frozen=True)
class Choices:
    """What is asked for. `filters` has at most one id for each dimension; `area` is one of the level's, or None."""

    indicator: Indicator
    period: Period
    level: str
    shown: Shown
    area: str | None
    filters: Mapping[str, str]
    audience: Audience


def read(address: Mapping[str, str], snapshot: Snapshot) -> tuple[Choices, tuple[str, ...]]:
    """What an address asks for, and a sentence (Markdown) for each part of it that means nothing."""
    said: list[str] = []
    indicator = _one(address, "indicator", INDICATORS, INDICATOR, INDICATORS[INDICATOR].title, said)
    level = _one(address, "level", LEVELS, LEVEL, LEVELS[LEVEL].plural, said)
    shown = _one(address, "shown", {name: name for name in get_args(Shown)}, SHOWN, "the rate", said)
    audience = _one(address, "audience", {one.value: one for one in Audience}, AUDIENCE.value, f"what a {AUDIENCE.value} sees", said)
    period = _period(address.get("period"), snapshot, said)
    area = address.get("area")
    if area is not None and area not in areas(level).index:
        said.append(f"There is no {LEVELS[level].title.lower()} {quoted(area)}, so no area is selected.")
        area = None
    filters = {}
    for name in FILTERS:
        if name not in address:
            continue
        if address[name] in titles(snapshot, name):
            filters[name] = address[name]
        else:
            said.append(f"There is no {DIMENSIONS[name].title.lower()} {quoted(address[name])}, so all are shown.")
    said += [f"The address has {quoted(key)}, which means nothing here." for key in address if key not in (*KEYS, *STREAMLITS_OWN)]
    asked = INDICATORS[indicator]
    if asked.unit == "count":
        shown = "count"  # a number has no rate: it is drawn as circles
    return Choices(asked, period, level, _shown(shown), area, filters, Audience(audience)), tuple(said)


def address(choices: Choices) -> dict[str, str]:
    """The address of a state: with all that is chosen, so that it shows the same when the defaults or the data have moved on."""
    asked = {"indicator": choices.indicator.id, "period": choices.period.id, "level": choices.level, "shown": choices.shown}
    if choices.area:
        asked["area"] = choices.area
    return {**asked, **choices.filters, "audience": choices.audience.value}


def link(choices: Choices, home: str) -> str:
    """A link to the map in this state, below the app's own address `home`."""
    return f"{home.rstrip('/')}/map?{urlencode(address(choices))}"


def opening_period(snapshot: Snapshot) -> Period:
    """The latest twelve whole months."""
    return window(12, latest_month(snapshot.as_at.date()))


def _one(address: Mapping[str, str], key: str, known: Mapping[str, object], default: str, instead: str, said: list[str]) -> str:
    wanted = address.get(key, default)
    if wanted in known:
        return wanted
    said.append(f"There is no {NAMES.get(key, key)} {quoted(wanted)}: {instead} {'are' if instead.endswith('s') else 'is'} shown instead.")
    return default


def _period(wanted: str | None, snapshot: Snapshot, said: list[str]) -> Period:
    instead = opening_period(snapshot)
    if wanted is None:
        return instead
    try:
        return parse(wanted, snapshot.as_at.date())
    except PeriodError:
        said.append(f"There is no period {quoted(wanted)}: {instead.label} is shown instead.")
        return instead


def _shown(text: str) -> Shown:
    return next(name for name in get_args(Shown) if name == text)
