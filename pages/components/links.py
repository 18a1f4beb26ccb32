"""Every state of the app is an address: each choice under a short key whose value is an id, never a title.

Reading an address never fails: what it names and the data do not have is said in a sentence, with what is shown instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode

from csc_core.dimensions import DIMENSIONS, titles
from csc_core.disclosure import AllOf, Audience
from csc_core.factors import FACTORS, GROUPS
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, PeriodError, parse
from csc_core.snapshot import Snapshot
from geo.areas import LEVELS, areas
from pages.components.openings import FILTERS, INDICATOR, MAP, SHARED, Opening, OwnPeriod
from pages.components.words import quoted

Shown = Literal["rate", "versus", "count"]
AUDIENCE = Audience.COMMISSIONER
SHOWN: Shown = "rate"
NAMES = {"level": "kind of area", "shown": "way of showing"}
STREAMLITS_OWN = ("embed", "embed_options")
ISSUE_TITLES: Mapping[str, str] = {**{id: group.title for id, group in GROUPS.items()}, **FACTORS}


@dataclass(frozen=True)
class Choices:
    """What is asked for on the page at `path`. `filters` has at most one id for each dimension; `area` is one of the level's, or None.

    `issues` are groups or single codes, several for a mix: any of them, or `all_of` them in one assessment; none on the map of need.
    The indicator is then named for them. `own` and `own_periods` are the page's own choices by key. On a page without a map, `level`
    is empty and `area` None; `indicator` is its own choice, or where it has none the map's, which then means nothing.
    """

    indicator: Indicator
    period: Period
    level: str
    shown: Shown
    area: str | None
    filters: Mapping[str, str]
    audience: Audience
    issues: tuple[str, ...] = field(default=())
    own: Mapping[str, str] = field(default_factory=dict)
    own_periods: Mapping[str, Period] = field(default_factory=dict)
    path: str = MAP.path
    all_of: bool = False

    @property
    def selects(self) -> Mapping[str, tuple[str, ...]]:
        """The issues as a filter."""
        if not self.issues:
            return {}
        return {"factor_group" if self.issues[0] in GROUPS else "factor": AllOf(self.issues) if self.all_of else self.issues}

    @property
    def issue_words(self) -> str:
        """The issues in words: `Neglect or Young carer`."""
        return issue_title(self.issues, all_of=self.all_of)


def read(address: Mapping[str, str], snapshot: Snapshot, opening: Opening = MAP) -> tuple[Choices, tuple[str, ...]]:
    """What an address of a page asks for, and a sentence (Markdown) for each part of it that means nothing."""
    said: list[str] = []
    as_at = snapshot.as_at.date()
    audience = _one(address, "audience", {one.value: one for one in Audience}, AUDIENCE.value, f"what a {AUDIENCE.value} sees", said)
    period = _period(address.get("period"), opening.period(as_at), as_at, said)
    filters = {}
    for name in FILTERS:
        if name not in address:
            continue
        if address[name] in titles(snapshot, name):
            filters[name] = address[name]
        else:
            said.append(f"There is no {DIMENSIONS[name].title.lower()} {quoted(address[name])}, so all are shown.")
    own, own_periods = _own(address, opening, as_at, said)
    asked = INDICATORS[own.get("indicator", opening.indicator or INDICATOR)]
    choices = Choices(asked, period, "", SHOWN, None, filters, Audience(audience), (), own, own_periods, opening.path)
    if opening.level:
        choices = _of_the_map(choices, address, opening, said)
    said += [f"The address has {quoted(key)}, which means nothing here." for key in address if key not in (*opening.keys, *STREAMLITS_OWN)]
    return choices, tuple(said)


def _of_the_map(choices: Choices, address: Mapping[str, str], opening: Opening, said: list[str]) -> Choices:
    """The choices with those that a page with a map has."""
    known = opening.indicators
    indicator = _one(address, "indicator", known, opening.indicator, known[opening.indicator].title, said)
    level = _one(address, "level", LEVELS, opening.level, LEVELS[opening.level].plural, said)
    shown = _one(address, "shown", {name: name for name in get_args(Shown)}, SHOWN, "the rate", said)
    area = address.get("area")
    if area is not None and area not in areas(level).index:
        said.append(f"There is no {LEVELS[level].title.lower()} {quoted(area)}, so no area is selected.")
        area = None
    asked = known[indicator]
    if asked.unit == "count":
        shown = "count"  # a number has no rate: it is drawn as circles
    choices = replace(choices, indicator=asked, level=level, shown=_shown(shown), area=area)
    if opening.issue is None:
        return choices
    issues, all_of = _issues(address.get("issue"), opening.issue, said)
    return replace(choices, indicator=named_for(asked, issues, all_of=all_of), issues=issues, all_of=all_of)


def _own(address: Mapping[str, str], opening: Opening, as_at: date, said: list[str]) -> tuple[dict[str, str], dict[str, Period]]:
    """The page's own choices, and those of them that are periods."""
    own: dict[str, str] = {}
    periods: dict[str, Period] = {}
    for key, one in opening.own.items():
        wanted = address.get(key)
        if isinstance(one, OwnPeriod):
            periods[key] = _period(wanted, one.default(as_at), as_at, said)
        elif wanted in one.known:
            own[key] = str(wanted)
        else:
            if wanted is not None:
                instead = "all are shown" if one.default is None else f"{one.known[one.default]} is shown instead"
                said.append(f"There is no {one.label.lower()} {quoted(wanted)}: {instead}.")
            if one.default is not None:
                own[key] = one.default
    return own, periods


def address(choices: Choices) -> dict[str, str]:
    """The address of a state: with all that is chosen, so that it shows the same when the defaults or the data have moved on."""
    asked = {"period": choices.period.id, **choices.own, **{key: period.id for key, period in choices.own_periods.items()}}
    if choices.level:
        asked |= {"indicator": choices.indicator.id, "level": choices.level, "shown": choices.shown}
    if choices.area:
        asked["area"] = choices.area
    if choices.issues:
        asked["issue"] = issue_key(choices.issues, all_of=choices.all_of)
    return {**asked, **choices.filters, "audience": choices.audience.value}


def definition(asked: Indicator, choices: Choices) -> dict[str, str]:
    """The address of an indicator's definition that leaves the period, the filters and the audience as they are."""
    return {**{key: value for key, value in address(choices).items() if key in SHARED}, "indicator": asked.id}


def quality(rule: str, choices: Choices) -> dict[str, str]:
    """The address of a rule of data quality that leaves the period, the filters and the audience as they are."""
    return {**{key: value for key, value in address(choices).items() if key in SHARED}, "rule": rule}


def link(choices: Choices, home: str) -> str:
    """A link to the page in this state, below the app's own address `home`."""
    return f"{home.rstrip('/')}/{choices.path}?{urlencode(address(choices))}"


def issue_key(issues: Sequence[str], *, all_of: bool) -> str:
    """The issues in an address: `neglect,young-carer` for any of them, `neglect+young-carer` for all of them in one assessment."""
    return ("+" if all_of else ",").join(issues)


def named_for(asked: Indicator, issues: Sequence[str], *, all_of: bool = False) -> Indicator:
    """The indicator with the issues in its title: `Neglect: % of assessments with a factor recorded`; a mix is said in its definition."""
    words = "% of assessments with a factor recorded" if asked.unit == "%" else "assessments per 10,000 children"
    mix = " Several are chosen: an assessment counts if it carries {} of them."
    meant = asked.definition + (mix.format("all" if all_of else "any") if len(issues) > 1 else "")
    return replace(asked, title=f"{issue_title(issues, all_of=all_of)}: {words}", definition=meant)


def issue_title(issues: Sequence[str], *, all_of: bool = False) -> str:
    """`Neglect`, `4B Mental health: parent or carer`, `Neglect or Young carer`, with `all_of` `Neglect and Young carer`."""
    each = [title if id in GROUPS else f"{id} {title}" for id, title in ((id, ISSUE_TITLES[id]) for id in issues)]
    return (" and " if all_of else " or ").join(each)


def _one(address: Mapping[str, str], key: str, known: Mapping[str, object], default: str, instead: str, said: list[str]) -> str:
    wanted = address.get(key, default)
    if wanted in known:
        return wanted
    said.append(f"There is no {NAMES.get(key, key)} {quoted(wanted)}: {instead} {'are' if instead.endswith('s') else 'is'} shown instead.")
    return default


def _issues(wanted: str | None, default: str, said: list[str]) -> tuple[tuple[str, ...], bool]:
    """The groups, or the codes, that an address names, and whether all of them are asked for; a mix is of one kind."""
    text = (wanted or default).strip().replace(" ", "+")  # a plus typed into an address arrives as a space
    found = tuple(dict.fromkeys(text.replace("+", ",").split(",")))
    unknown = [id for id in found if id not in ISSUE_TITLES]
    if unknown:
        said.append(f"There is no issue {quoted(unknown[0])}: {ISSUE_TITLES[default]} is shown instead.")
        return (default,), False
    alone = f"{issue_title(found[:1])} is shown alone."
    if len({id in GROUPS for id in found}) > 1:
        said.append(f"A mix is of groups of issues or of single issues, not of both: {alone}")
    elif "," in text and "+" in text:
        said.append(f"A mix is of any of its issues, with a comma between them, or of all of them, with a plus, not of both: {alone}")
    else:
        return found, "+" in text and len(found) > 1
    return found[:1], False


def _period(wanted: str | None, instead: Period, as_at: date, said: list[str]) -> Period:
    if wanted is None:
        return instead
    try:
        return parse(wanted, as_at)
    except PeriodError:
        said.append(f"There is no period {quoted(wanted)}: {instead.label} is shown instead.")
        return instead


def _shown(text: str) -> Shown:
    return next(name for name in get_args(Shown) if name == text)
