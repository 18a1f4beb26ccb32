"""What is written down of the rows and records that were found faulty: enough to find each one, and nothing that tells who it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

import pandas as pd

from csc_core.tables import TABLES, Finding

DAY = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T].*)?"
POSTCODE = r"(?i:[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2})"
NO_ID = f"(?!(?:{DAY}|{POSTCODE})$)"  # in a row that has slipped, a day of birth or a postcode stands where an id or a code should
REPEATED = {
    "id": NO_ID + r"[^\s]{1,48}",  # by which an analyst finds the record
    "date": r"[0-9./:+TZ -]{1,35}",
    "number": r"[0-9.,+-]{1,20}",
    "code": NO_ID + r"(?=.*[0-9])[\w./-]{1,12}",  # a name has no digit
}
"""What a value must look like to be repeated, by kind of column. Text never is: it may hold anything. Nor is a day of birth."""
FITS = {kind: re.compile(pattern).fullmatch for kind, pattern in REPEATED.items()}
BIRTHS = ("dob", "expected_dob")
KINDS = {
    (table.name, column.name): "birth" if column.name in BIRTHS else column.kind for table in TABLES.values() for column in table.columns
}


def table(findings: Iterable[Finding]) -> pd.DataFrame:
    """The findings as they are written to a file: a value that could be a name or free text is not repeated, only its length."""
    columns = list(Finding.__annotations__)
    rows = pd.DataFrame(map(attrgetter(*columns), findings), columns=columns)
    kinds = [KINDS.get(where, "id") for where in zip(rows["table"], rows["column"], strict=True)]  # of a whole row its key is given
    rows["value"] = [_said(value, kind) for value, kind in zip(rows["value"], kinds, strict=True)]
    for name in ("key", "child"):
        rows[name] = [_said(id, "id") for id in rows[name]]
    return rows


def with_rules(rows: pd.DataFrame, found: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The findings as they are written, and after them, part by part since they can be many, the records that rules found (columns
    table, key, child, reason)."""
    yield rows
    for part in found:
        # as a list: one by one out of a column each takes three times as long
        ids = {name: [_said(id, "id") for id in part[name].tolist()] for name in ("key", "child")}
        yield part.assign(outcome="kept", **ids).reindex(columns=list(rows))


def _said(value: str, kind: str) -> str:
    return value if not value or (kind in FITS and FITS[kind](value)) else f"(not repeated: {len(value)} characters)"
