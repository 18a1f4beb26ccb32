"""What an indicator is: a share or a rate or a count over the rows of one fact, with everything a reader needs to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["count", "per 10,000", "%", "ratio"]
Polarity = Literal["high", "low", "none"]

PLACE = ("county", "locality", "lad", "planning_area", "district")
TEAM = ("service", "team_locality", "team_area", "team")
PERSON = ("age_band", "sex", "ethnic_group", "disability")
TIME = ("month", "quarter", "year")


CHILDREN: Literal["children"] = "children"


@dataclass(frozen=True)
class Measure:
    """What is counted: the rows of a fact that meet a condition. Both are SQL written here, never text from outside.

    `value` is the aggregate, where it is not the number of rows. `key` is the column that says what is counted, each once,
    where several rows are one.
    """

    fact: str
    counted: str = "true"
    value: str = "count(*)"
    key: str = ""

    @property
    def aggregate(self) -> str:
        return f"count(distinct {self.key})" if self.key else self.value


@dataclass(frozen=True)
class Changed:
    """From this day on it is counted or recorded otherwise. Where that `breaks` the series, figures of both sides do not compare."""

    day: date
    words: str
    breaks: bool


@dataclass(frozen=True)
class Indicator:
    """One indicator: a count, a share, a rate or a ratio.

    The denominator is another measure, the children aged 0 to 17 of the place (`CHILDREN`, for a rate) or None, for a
    count. A `stock` counts what is open on the last day of the period; anything else counts what happened in it.
    `tables` are the case tables without which it cannot be counted, `needs` the columns (`table.column`) that their source must
    know, or `table.earlier rows` where it must have more than those of its own time (see csc_core.tables.Taken). `polarity` says
    which way is better, as DfE's Local Authority Interactive Tool has it: `high`, `low` or `none` (never red or green).

    `drawn_with` is the split that it is not to be read without; of a count it gives the parts, each with its share of the whole.
    What is counted is followed on for `follow_up_days`: until then a figure can still rise.

    `numerator_only` are the dimensions that choose what the numerator counts and leave the denominator as it is. Several of
    their members can be true of one row, so the rows of such a split overlap. Without any of them in the question, the answer
    is split by the first. `changed` are the days on which what is counted has changed, the oldest first; for issues they are in
    csc_core.factors, each with its codes (see csc_core.change_log).
    """

    id: str
    title: str
    noun: str
    definition: str
    numerator_words: str
    denominator_words: str
    numerator: Measure
    denominator: Measure | Literal["children"] | None
    tables: tuple[str, ...]
    unit: Unit
    polarity: Polarity
    source: str
    source_url: str
    address_rule: str
    differs_from_dfe: str
    dimensions: tuple[str, ...]
    stock: bool = False
    look_back_months: int = 0
    drawn_with: str = ""
    numerator_only: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    follow_up_days: int = 0
    needs: tuple[str, ...] = ()

    @property
    def decimals(self) -> int:
        return 0 if self.unit == "count" else 1
