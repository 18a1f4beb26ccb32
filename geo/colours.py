"""The map's colours, for light and dark, and for the rest of a page that must agree with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Low to high. The least difference between any two is large for every colour vision (ΔE00 11.2 and 18.7), and the outline has
# 3:1 against each. On a dark background the sequence is reversed: the highest must stand out from it.
SEQUENTIAL = ("#fdf5cb", "#afe5d5", "#6dc2d1", "#3395c6", "#3661b4")
DIVERGING = ("#357bbe", "#8bbee3", "#edebe5", "#e7b375", "#bc662f")

Palette = Literal["sequential", "diverging"]


@dataclass(frozen=True)
class Theme:
    """The map's colours on one background. `select` is kept for the selection, here as on the rest of the page."""

    sea: str
    land: str
    coast: str
    grey: str
    outline: str
    county: str
    plain: str
    hatch: str
    panel: str
    text: str
    soft: str
    halo: str
    select: str
    casing: str
    circle: str


LIGHT = Theme(
    sea="#dfe8ee",
    land="#f4f2ed",
    coast="#b9c2ca",
    grey="#c4c9ce",
    outline="#10161d",
    county="#10161d",
    plain="#ffffff",
    hatch="#4a545e",
    panel="#ffffff",
    text="#1a2129",
    soft="#55606b",
    halo="#ffffff",
    select="#a8265f",
    casing="#ffffff",
    circle="#3661b4",
)
DARK = Theme(
    sea="#0c1117",
    land="#1c242c",
    coast="#3a4651",
    grey="#4a545e",
    outline="#10161d",
    county="#c3ccd4",
    plain="#2b3540",
    hatch="#aab4bd",
    panel="#151c24",
    text="#e8ecef",
    soft="#a9b4be",
    halo="#10161d",
    select="#ff8fbf",
    casing="#10161d",
    circle="#6dc2d1",
)


def colours(palette: Palette, classes: int, *, dark: bool) -> tuple[str, ...]:
    """So many colours, low to high, at most five: more could not be told apart. Raises ValueError beyond."""
    if classes > len(SEQUENTIAL):
        raise ValueError(f"A map has at most {len(SEQUENTIAL)} classes, not {classes}.")
    whole = {"diverging": DIVERGING, "sequential": SEQUENTIAL[::-1] if dark else SEQUENTIAL}[palette]
    if classes == 1:
        return (whole[len(whole) // 2],)
    return tuple(whole[round(i * (len(whole) - 1) / (classes - 1))] for i in range(classes))
