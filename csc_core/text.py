"""Columns of text where there are millions: held once, compared and put together by Arrow, without an object for each cell."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.compute as pc  # type: ignore[import-untyped]  # ships no types
from pandas.api.extensions import ExtensionArray


def as_str(values: pa.Array | pa.ChunkedArray) -> ExtensionArray:
    """Arrow text as a pandas column of str, '' where there is none."""
    whole = values.fill_null("")
    column: ExtensionArray = pd.array(whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole, dtype="str")
    return column


def each_once(values: pa.ChunkedArray) -> pd.Categorical:
    """Arrow text as a pandas column that holds each text once, '' where there is none: for dates and codes, which repeat."""
    held = values.fill_null("").dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(held, pa.ChunkedArray):  # of no chunk at all
        held = pa.array([], pa.large_string()).dictionary_encode()
    return pd.Categorical.from_codes(held.indices.to_numpy(zero_copy_only=False), pd.Index(as_str(held.dictionary)))


def mapped(values: pd.Series[str], to: Iterable[str]) -> pd.Series[str]:
    """A column that holds each text once, with its texts (those of `.cat.categories`) replaced by these in their order."""
    which, texts = pd.factorize(pd.Series(list(to), dtype="str"))
    column = pd.Categorical.from_codes(which[values.cat.codes], pd.Index(texts, dtype="str"))
    return pd.Series(column, index=values.index)


def held_once(values: pd.Series[str]) -> pd.Series[str]:
    """The column with each text held once, '' where there is none."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    which, texts = pd.factorize(values.astype("str").fillna(""))
    return pd.Series(pd.Categorical.from_codes(which, pd.Index(texts, dtype="str")), index=values.index)


def is_in(values: pd.Series[str], known: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Which of the values are among the known ones."""
    found = pc.is_in(_arrow(values), value_set=_arrow(known))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def joined(left: pd.Series[str], right: pd.Series[str], between: str) -> ExtensionArray:
    """The texts of two columns, row by row, with something between them."""
    return as_str(pc.binary_join_element_wise(_arrow(left), _arrow(right), pa.scalar(between, pa.large_string())))


def all_differ(values: pd.Series[str]) -> bool:
    return int(pc.count_distinct(_arrow(values)).as_py()) == len(values)


def _arrow(values: pd.Series[str]) -> pa.Array:
    held = pa.array(values.array, pa.large_string())
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
