"""The indicators: one declaration each, a file per topic. Pages, definitions, command line and tests iterate `INDICATORS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csc_core.indicators.assessment_factors import ASSESSMENT_FACTORS
from csc_core.indicators.declaration import Indicator
from csc_core.indicators.followed import FOLLOWED
from csc_core.indicators.front_door import FRONT_DOOR
from csc_core.indicators.leaving_care import LEAVING_CARE
from csc_core.indicators.looked_after import LOOKED_AFTER
from csc_core.indicators.overdue import OVERDUE
from csc_core.indicators.protection import PROTECTION
from csc_core.indicators.workforce import WORKFORCE


@dataclass(frozen=True)
class Topic:
    """Indicators that are read together: those of one file."""

    title: str
    indicators: tuple[Indicator, ...]


TOPICS: Mapping[str, Topic] = {
    "front-door": Topic("Enquiries, referrals and assessments", FRONT_DOOR),
    "followed": Topic("What became of enquiries", FOLLOWED),
    "issues": Topic("Issues from assessments", ASSESSMENT_FACTORS),
    "protection": Topic("Children in need and child protection", PROTECTION),
    "looked-after": Topic("Children looked after", LOOKED_AFTER),
    "leaving-care": Topic("Care leavers, adoption and health", LEAVING_CARE),
    "workforce": Topic("Workforce", WORKFORCE),
    "overdue": Topic("Overdue now", OVERDUE),
}
INDICATORS: Mapping[str, Indicator] = {one.id: one for topic in TOPICS.values() for one in topic.indicators}

__all__ = ["INDICATORS", "TOPICS", "Indicator", "Topic"]
