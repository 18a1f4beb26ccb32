"""The indicators: one declaration each, a file per topic. Pages, definitions, command line and tests iterate `INDICATORS`."""

from __future__ import annotations

from collections.abc import Mapping

from csc_core.indicators.assessment_factors import ASSESSMENT_FACTORS
from csc_core.indicators.declaration import Indicator
from csc_core.indicators.followed import FOLLOWED
from csc_core.indicators.front_door import FRONT_DOOR
from csc_core.indicators.leaving_care import LEAVING_CARE
from csc_core.indicators.looked_after import LOOKED_AFTER
from csc_core.indicators.overdue import OVERDUE
from csc_core.indicators.protection import PROTECTION
from csc_core.indicators.workforce import WORKFORCE

INDICATORS: Mapping[str, Indicator] = {
    indicator.id: indicator
    for indicator in (
        *FRONT_DOOR,
        *FOLLOWED,
        *ASSESSMENT_FACTORS,
        *PROTECTION,
        *LOOKED_AFTER,
        *LEAVING_CARE,
        *WORKFORCE,
        *OVERDUE,
    )
}

__all__ = ["INDICATORS", "Indicator"]
