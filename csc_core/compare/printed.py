"""Comparators as the report of March 2018 prints them: quoted with that label, never computed and never compared with."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AS_PRINTED = "as printed in the March 2018 report"


@dataclass(frozen=True)
class Printed:
    """What the report says of somebody else: `England`, `411.2 per 10,000`, and a note where the number needs one."""

    indicator: str
    who: str
    printed: str
    note: str

    @property
    def sentence(self) -> str:
        return f"{self.who}, {AS_PRINTED}: {self.printed}.{f' {self.note}' if self.note else ''}"


def printed(indicator_id: str) -> tuple[Printed, ...]:
    """What the report prints beside the indicator, in its order."""
    return tuple(one for one in _all() if one.indicator == indicator_id)


@cache
def _all() -> tuple[Printed, ...]:
    text = (files("csc_core") / "data" / "printed.csv").read_text("utf-8")
    return tuple(Printed(**row) for row in csv.DictReader(text.splitlines()))
