"""What is written down of the rows that were found faulty: enough to find each one, and nothing that tells who it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, replace

import pandas as pd

from csc_core.tables import TABLES, Finding

REPEATED = {
    "id": r"[^\s]{1,48}",  # by which an analyst finds the record
    "date": r"[0-9./:+TZ -]{1,35}",
    "number": r"[0-9.,+-]{1,20}",
    "code": r"(?=.*[0-9])[\w./-]{1,12}",  # a name has no digit
}
"""What a value must look like to be repeated, by kind of column. Text never is: it may hold anything."""


def table(findings: Iterable[Finding]) -> pd.DataFrame:
    """The findings as they are written to a file: a value that could be a name or free text is not repeated, only its length."""
    written = [replace(one, value=_said(one.value, _kind(one)), key=_said(one.key, "id")) for one in findings]
    return pd.DataFrame([asdict(one) for one in written], columns=list(Finding.__annotations__))


def _kind(finding: Finding) -> str:
    """The kind of the column; of a whole row that could not be read its key is given."""
    kinds = {column.name: column.kind for column in TABLES[finding.table].columns} if finding.table in TABLES else {}
    return kinds.get(finding.column, "id")


def _said(value: str, kind: str) -> str:
    return value if not value or re.fullmatch(REPEATED.get(kind, "(?!)"), value) else f"(not repeated: {len(value)} characters)"
