"""Where families live: real postcodes, more of them where need is higher, clustered on some streets as need is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import Floats, Ints, Words
from csc_core.sources.demo.targets import stream, table
from geo.population import population
from geo.postcodes import county_postcodes

WITHDRAWN = 0.015  # share of families whose postcode Royal Mail has withdrawn since
SAME_DISTRICT, SAME_LAD = 0.55, 0.30  # of moves of home; the rest go anywhere in the county


@dataclass(frozen=True)
class Homes:
    """Postcodes to live at, in the order of LAD and district. A home is a row of these arrays.

    `need` adds up the weights of the rows so far; `lad_span` and `district_span` are where the weights of a row's LAD, and of its
    district there, begin and end in it (shape: rows x 2).
    """

    postcode: Words
    lad: Words
    need: Floats
    lad_span: Floats
    district_span: Floats

    def anywhere(self, at: Floats) -> Ints:
        """A home in the county for each number in [0, 1)."""
        return self._within(np.array([[0.0, self.need[-1]]]), at)

    def in_lad(self, lads: Words, at: Floats) -> Ints:
        """A home in the LAD of each row for its number in [0, 1)."""
        first_row = np.searchsorted(self.lad.astype(str), lads.astype(str))
        return self._within(self.lad_span[first_row], at)

    def move(self, home: Ints, how_far: Floats, at: Floats) -> Ints:
        """The next home of each: mostly in the same district, else in the same LAD or anywhere."""
        near = np.where((how_far < SAME_DISTRICT)[:, None], self.district_span[home], self.lad_span[home])
        return np.where(how_far < SAME_DISTRICT + SAME_LAD, self._within(near, at), self.anywhere(at))

    def _within(self, span: Floats, at: Floats) -> Ints:
        return np.searchsorted(self.need, span[:, 0] + at * (span[:, 1] - span[:, 0]), "right")


def homes() -> Homes:
    """The county's postcodes, weighted by the children of their district (and LAD) and its relative need.

    Within a district, need clusters: each sector ("EX4 6") and each postcode has its own weight.
    """
    frame = county_postcodes()
    rng = stream("homes")
    sector = frame["postcode"].str[:-2]
    names = sector.unique()
    streets = dict(zip(names, rng.lognormal(0, 0.5, len(names)), strict=True))
    frame["weight"] = sector.map(streets).to_numpy(float) * rng.lognormal(0, 0.9, len(frame))
    atom = ["lad", "district"]
    frame["weight"] /= frame.groupby([*atom, "terminated"])["weight"].transform("sum")
    frame["weight"] *= np.where(frame["terminated"], WITHDRAWN, 1 - WITHDRAWN)
    frame["weight"] *= frame[atom].merge(_need(), on=atom, how="left", validate="many_to_one")["need"].fillna(0).to_numpy()
    frame = frame.sort_values([*atom, "postcode"], ignore_index=True)
    need = frame["weight"].cumsum().to_numpy()
    return Homes(
        postcode=frame["postcode"].to_numpy(object),
        lad=frame["lad"].to_numpy(object),
        need=need,
        lad_span=_span(frame, ["lad"]),
        district_span=_span(frame, atom),
    )


def _need() -> pd.DataFrame:
    """Children times relative need, by LAD and district, in the year nearest to 2017."""
    people = population()
    near = people["mid_year"].to_numpy()[np.abs(people["mid_year"] - 2017).argmin()]
    of_year: pd.DataFrame = people[people["mid_year"] == near].merge(table("districts"), on="district", how="left")
    of_year["need"] = of_year["children"] * of_year["relative_need"].fillna(1.0)
    return of_year[["lad", "district", "need"]]


def _span(frame: pd.DataFrame, by: list[str]) -> Floats:
    """Where the weights of each row's group begin and end, the rows of a group being neighbours."""
    number = frame.groupby(by, sort=False).ngroup().to_numpy()
    end = frame["weight"].cumsum().groupby(number).max().to_numpy()
    return np.column_stack([np.concatenate([[0.0], end[:-1]]), end])[number]
