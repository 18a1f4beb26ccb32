"""What an indicator is: a share or a rate or a count over the rows of one fact, with everything a reader needs to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "per 10,000", "%"]
Polarity = Literal["high", "low", "none"]

PLACE = ("county", "locality", "lad", "planning_area", "district")
TEAM = ("team_locality", "team")
PERSON = ("age_band", "sex", "ethnic_group")
TIME = ("month", "quarter", "year")


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    `counted` is the SQL condition on rows of `fact` that makes the numerator. The denominator is every row of the fact
    for a percentage, the children aged 0 to 17 of the place for a rate, and nothing for a count. A `stock` counts what
    is open on the last day of the period; anything else counts what happened in it. `polarity` says which way is
    better, as DfE's Local Authority Interactive Tool has it: `high`, `low` or `none` (never red or green).
    """

    id: str
    title: str
    noun: str
    definition: str
    numerator_words: str
    denominator_words: str
    fact: str
    table: str
    unit: Unit
    polarity: Polarity
    source: str
    source_url: str
    address_rule: str
    differs_from_dfe: str
    dimensions: tuple[str, ...]
    counted: str = "true"
    stock: bool = False
    look_back_months: int = 0
    drawn_with: str = ""

    @property
    def decimals(self) -> int:
        return 0 if self.unit == "count" else 1
