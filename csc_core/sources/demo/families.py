"""Families: who lives with whom, how old, and where, before anything is known of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csc_core.sources.demo.days import YEAR, Flags, Floats, Ints, Words, pick
from csc_core.sources.demo.targets import shares, table

GROWN = 17.8  # years: nobody older is referred
CONCEIVED = 160  # days before birth from which an unborn child can be referred
SIBLING_CONCERNED = 0.8
TWINS = 0.02


@dataclass(frozen=True)
class Families:
    """Households and their children, in the order in which they become known; a household's children are neighbours.

    By child: `household`, `age` (days, on the day the household becomes known; negative before birth), `concerned` (from that day).
    By household: `first` (its first child), `lad` (where it lives at first), `pace` (how long assessments take there, against the
    county: some teams are quicker), `trouble` (how much likelier than others to come back).
    """

    household: Ints
    age: Ints
    concerned: Flags
    first: Ints
    lad: Words
    pace: Floats
    trouble: Floats

    def next_children(self, known: int, count: int) -> Ints:
        """The next `count` children who are concerned, from household number `known` on."""
        start = int(self.first[known])
        return np.flatnonzero(self.concerned[start:])[:count] + start

    def between(self, known: int, until: int) -> slice:
        """The children of the households from number `known` up to `until`."""
        return slice(int(self.first[known]), int(self.first[until]))


def draw_families(rng: np.random.Generator, count: int) -> Families:
    """`count` households, of the sizes and ages in `demo_shares.json`, in the LADs as `demo_lads.csv` has it.

    Those shares are about children times need (`demo_districts.csv`), but fixed: which work there is, and when, must not depend on
    the list of postcodes or the population estimates. These only say where in its LAD a family lives (`homes`).
    """
    lads = table("lads")
    lad = pick(lads["families"].to_numpy(), rng.random(count))
    sizes, weights = shares("household_size")
    size = np.array(sizes, dtype=np.int64)[pick(weights, rng.random(count))]
    household = np.repeat(np.arange(count), size)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    rank = np.arange(len(household)) - first[household]

    bands, likely = shares("age_in_years")
    edges = np.array([*map(float, bands), GROWN])
    band = pick(likely, rng.random(count))
    eldest = edges[band] + rng.random(count) * (edges[band + 1] - edges[band])
    apart = np.where(rng.random(len(household)) < TWINS, 0.0, rank * (1.1 + 2.2 * rng.random(len(household))))
    age = eldest[household] + apart * rng.choice([-1, 1], len(household))
    in_range = (age < GROWN) & (age > -CONCEIVED / YEAR)
    return Families(
        household=household,
        age=np.floor(age * YEAR).astype(np.int64),
        concerned=(rank == 0) | (in_range & (rng.random(len(household)) < SIBLING_CONCERNED)),
        first=first,
        lad=lads["lad"].to_numpy(object)[lad],
        pace=lads["pace"].to_numpy()[lad],
        trouble=rng.lognormal(0, 0.8, count),
    )
