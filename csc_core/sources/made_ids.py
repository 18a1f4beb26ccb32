"""Ids for records whose source has none: made of what they are, so that the same record has the same id at every load."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd


def numbered(base: pd.Series[str], rows: pd.DataFrame) -> pd.Series[str]:
    """`base`, with -2, -3 ... for further records that would have the same id and say something else.

    A record written twice, alike in all of `rows`, keeps one id for both: the check at the door then lists the second.
    """
    shared = base.duplicated(keep=False)
    if not shared.any():
        return base
    same = rows[shared].assign(base=base[shared])
    first = same.drop_duplicates()
    number = first.groupby("base", sort=False).cumcount() + 1
    of_row = same.merge(first.assign(number=number), how="left", on=list(same.columns), sort=False)["number"].set_axis(same.index)
    further = of_row[of_row > 1]
    return pd.concat([base.drop(further.index), base[further.index] + "-" + further.astype("str")]).reindex(base.index)


def text_of(column: pd.Series[str], places: npt.NDArray[np.int32]) -> pd.Series[str]:
    """The values at these places, '' where the place is -1."""
    if not len(column):
        return pd.Series([""] * len(places), dtype="str")
    return column.take(np.maximum(places, 0)).reset_index(drop=True).mask(places < 0, "")
