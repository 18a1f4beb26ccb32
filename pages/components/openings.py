"""What each page offers and what it opens on: its own choices, its period, and for a page with a map its indicators and areas."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from csc_core import hierarchy, overdue
from csc_core.indicators import INDICATORS, TOPICS, Indicator
from csc_core.periods import Period, before, latest_month, month, window
from csc_core.quality import RULES
from csc_core.snapshot import Snapshot
from csc_core.stability import ASPECTS

# What can be drawn by area on the map of need: it has a place, and needs no choice of an issue first.
MAPPED: Mapping[str, Indicator] = {
    id: one for id, one in INDICATORS.items() if "district" in one.dimensions and not one.numerator_only and one.unit != "ratio"
}
MEASURES: Mapping[str, Indicator] = {id: INDICATORS[id] for id in ("factor_prevalence", "factor_rate")}
OF_SOME = ("assessment_outcome", "cp_category", "legal_status", "placement_type")  # offered only with figures that know them
FILTERS = (
    "locality", "service", "team_locality", "team_area", "team", "age_band", "sex", "referral_source", "primary_need", "ethnic_group",
    "disability", *OF_SOME,
)  # fmt: skip
KEYS = ("indicator", "period", "level", "shown", "area", *FILTERS, "audience")
SHARED = ("period", *FILTERS, "audience")  # the same on every page; the other choices are each page's own
INDICATOR, LEVEL = "referral_rate", "district"
# Stages of the front door, as short as a card and a column need; their titles are the indicators'.
STAGE_LABELS: Mapping[str, str] = {
    "enquiries_case_open": "Case already open",
    "enquiries_to_referral": "Referral",
    "enquiries_to_assessment": "Assessment",
    "enquiries_to_s47": "Section 47",
    "enquiries_to_cp_plan": "Protection plan",
}


def latest_year(as_at: date) -> Period:
    """The latest twelve whole months."""
    return window(12, latest_month(as_at))


def latest(as_at: date) -> Period:
    """The latest whole month."""
    return month(latest_month(as_at))


@dataclass(frozen=True)
class Own:
    """A choice of a page's own: the ids there are, with their titles, and what the page opens on (None: nothing, and all is shown).
    `offered` says which of them a snapshot has something for, where not every one does."""

    label: str
    known: Mapping[str, str]
    default: str | None
    help: str | None = None
    offered: Callable[[Snapshot], Collection[str]] | None = None


@dataclass(frozen=True)
class OwnPeriod:
    """A choice of a page's own that is a period. `default` gives what the page opens on, from the day the data go up to."""

    label: str
    default: Callable[[date], Period]
    help: str | None = None


@dataclass(frozen=True)
class Opening:
    """What a page offers, and what it opens on.

    A page with a map has `indicators`, a `level`, and an `issue` where one must be chosen. Any page may have choices of its `own`,
    under the keys that they have in the address; of these `indicator` is the one that figures are of. A page without either says
    by `indicator` whose filters it has, where all its figures have the same. A page that is not `filtered` or not `timed` shows the same
    whatever the filters or the period are, and does not offer them.
    """

    path: str
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    indicator: str = ""
    level: str = ""
    issue: str | None = None
    own: Mapping[str, Own | OwnPeriod] = field(default_factory=dict)
    filtered: bool = True
    timed: bool = True
    period: Callable[[date], Period] = latest_year

    @property
    def keys(self) -> tuple[str, ...]:
        """What an address of the page can have."""
        of_the_map = KEYS if self.level else SHARED
        return (*of_the_map, *(["issue"] if self.issue else []), *self.own)


HOME = Opening("", period=latest)  # `/`, which has no address of its own
MAP = Opening("map", MAPPED, INDICATOR, LEVEL)
BRIEFING = Opening(
    "briefing",
    own={
        "readers": Own(
            "Written for",
            {"public": "The public", "committee": "The committee"},
            "public",
            "The committee's has exact figures of the whole county.",
        )
    },
    period=latest,
    filtered=False,
)
ISSUES = Opening("issues", MEASURES, "factor_prevalence", "planning_area", "domestic-abuse")
MOVING: Mapping[str, str] = {id: one.title for id, one in INDICATORS.items() if not one.numerator_only}
CHANGES = Opening(
    "changes",
    own={
        "indicator": Own("Indicator", MOVING, "open_cases", "Whose movement is split"),
        "from": OwnPeriod("Earlier period", lambda as_at: before(latest(as_at)), "The period below is the later one"),
    },
    period=latest,
)
BY_TEAM: Mapping[str, str] = {id: one.title for id, one in INDICATORS.items() if "team" in one.dimensions and not one.numerator_only}
TEAMS = Opening(
    "teams",
    own={
        "indicator": Own("Indicator", BY_TEAM, "open_cases", "What is listed by service, locality, area and team"),
        "by": Own("Rows", hierarchy.LEVELS, "service", "What each row of the table is; select one to go into it", hierarchy.levels),
        "overdue": Own("Overdue now", {kind: one.title for kind, one in overdue.KINDS.items()}, "assessment", "What is listed as overdue"),
    },
    period=latest,
)
FRONT_DOOR = Opening(
    "front-door",
    own={"indicator": Own("Followed to", STAGE_LABELS, "enquiries_to_referral", "What is drawn; the table has every one")},
)
STABILITY = Opening(
    "stability",
    indicator="looked_after",
    own={"aspect": Own("Aspect", {id: one.title for id, one in ASPECTS.items()}, "placements", "How children spread over it")},
    period=latest,
)
QUALITY = Opening(
    "data-quality",
    own={"rule": Own("Rule", {id: rule.title for id, rule in RULES.items()}, None, "Shows what one rule found")},
    filtered=False,
    timed=False,
    period=latest,
)
DEFINITIONS = Opening(
    "definitions",
    own={
        "topic": Own("Topic", {id: topic.title for id, topic in TOPICS.items()}, None),
        "indicator": Own("Indicator", {id: one.title for id, one in INDICATORS.items()}, None, "Shows its definition alone"),
    },
    period=latest,
)
