"""The indicators: one declaration each, a file per topic. Pages, definitions, command line and tests iterate `INDICATORS`."""

from __future__ import annotations

from collections.abc import Mapping

from csc_core.indicators.declaration import Indicator
from csc_core.indicators.front_door import FRONT_DOOR

INDICATORS: Mapping[str, Indicator] = {indicator.id: indicator for indicator in FRONT_DOOR}

__all__ = ["INDICATORS", "Indicator"]
