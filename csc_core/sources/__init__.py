"""Where records come from: one module for each kind of source, and one load of several of them.

A source is a module of this package named as on the command line (`-` as `_`), with

    read(where: str, progress, synthetic: bool = False, as_at: datetime | None = None) -> Records

`where` is a path or an address. It yields the tables of `csc_core.tables` as text, leaves out a table of which it has no row,
says in `Records.source` its name and where it read (never a password), and in notes what it could not read; it raises Unusable
when it can read nothing. A table that it never has needs no note: `together` names those that no source brought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from csc_core.tables import Progress, Records, Unusable
from csc_core.together import together

KINDS: Mapping[str, str] = {
    "csv": "a folder with a CSV file for each table that `tables` lists",
    "ssd": "a Standard Safeguarding Dataset: the address of its database, or a folder of its tables as CSV or Parquet",
    "cin-census": "children in need census files (XML)",
    "ssda903": "a children looked-after return: its folder of CSV files, or its XML",
    "annex-a": "an Annex A workbook",
}


def _module(kind: str) -> str:
    return f"{__name__}.{kind.replace('-', '_')}"


SOURCES: Mapping[str, str] = {kind: means for kind, means in KINDS.items() if find_spec(_module(kind))}
"""The kinds that can be read, each with what its PATH names."""
IN_PART = ("csv", "ssda903")  # whose `read` is told whether it is `alone`: beside other sources a part of it is enough


def read(
    asked: Sequence[tuple[str, str]], progress: Progress, *, synthetic: bool = False, as_at: datetime | None = None
) -> Records:
    """The records of every (kind, where) asked for, as one. `synthetic` and `as_at` hold for each of them."""
    parts = []
    for number, (kind, where) in enumerate(asked):
        if kind != "ssd" and "://" in where:  # not repeated: it may hold a password
            raise Unusable(f"{kind} reads {KINDS[kind]}, and no database: only ssd reads one by its address.")
        module = import_module(_module(kind))
        share = _part(progress, number / len(asked), (number + 1) / len(asked))
        need = {"alone": len(asked) == 1} if kind in IN_PART else {}
        parts.append(module.read(Path(where) if kind == "csv" else where, share, synthetic, as_at, **need))
    # a folder of the product's own tables says itself what it lacks, file by file
    return parts[0] if [kind for kind, _ in asked] == ["csv"] else together(parts)


def _part(progress: Progress, first: float, last: float) -> Progress:
    return lambda what, share: progress(what, first + (last - first) * share)
