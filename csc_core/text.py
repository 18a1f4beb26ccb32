"""Columns of text where there are millions: held once, compared and put together by Arrow, without an object for each cell."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

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


def each_once(chunks: list[pa.DictionaryArray]) -> pd.Categorical:
    """Arrow text, encoded chunk by chunk, as a pandas column that holds each text once: for dates and codes, which repeat."""
    held = pa.chunked_array(chunks or [pa.array([], pa.large_string()).dictionary_encode()]).unify_dictionaries().combine_chunks()
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
    """Whether no text stands twice: sorted, which takes a third of the memory of a table of what has been seen."""
    texts = _arrow(values)
    in_order = texts.take(pc.array_sort_indices(texts))
    return not pc.any(pc.equal(in_order[1:], in_order[:-1])).as_py()


def give_back() -> None:
    """Let the next table have the memory that this one took: Arrow keeps what it has freed."""
    pa.default_memory_pool().release_unused()


@contextmanager
def no_cycles() -> Iterator[None]:
    """For work that makes a great many small objects, none of which refers back to another: Python does not look for such meanwhile,
    which over the rows of a database takes as long as fetching them."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _arrow(values: pd.Series[str]) -> pa.Array:
    held = pa.array(values.array, pa.large_string())
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
