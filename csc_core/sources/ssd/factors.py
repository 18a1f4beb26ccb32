"""Assessment factors: one row for each, out of the lists that the dataset keeps in one cell (traps 2 and 3)."""

from __future__ import annotations

import json
import re
from collections import Counter

import numpy as np
import pandas as pd

from csc_core.sources.ssd.spelling import code
from csc_core.tables import CODES, RawTable
from csc_core.text import is_in, joined

MOST_NAMED = 10
CODE = r"[\w./-]{1,12}"


def factors(raw: RawTable, assessments: RawTable | None) -> tuple[RawTable, list[str]]:
    """The factors of each assessment, by whichever key finds more assessments, and what was found on the way."""
    key, notes = _key(raw, assessments)
    which, texts = pd.factorize(raw.rows["assessment_factors_json"].str.strip())
    lists = [_codes(text) for text in texts]
    lengths = np.array([len(codes) for codes, _ in lists], dtype="int64")
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
    each = lengths[which]
    row = np.repeat(np.arange(len(which)), each)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    every = pd.Series([one for codes, _ in lists for one in codes], dtype="str")
    found = every.take(begins[which[row]] + nth)
    nulls = int(np.array([empty for _, empty in lists], dtype="int64")[which].sum()) if lists else 0
    record = raw.rows["table_id"].where(raw.rows["table_id"].str.strip() != "", raw.rows["assessment_id"]).take(row)
    rows = pd.DataFrame(
        {
            "table_id": joined(record, found, "/"),
            "assessment_id": raw.rows[key].take(row).array,
            "assessment_factor": found.array,
        },
        index=pd.RangeIndex(1, len(row) + 1),
    )
    notes.append(
        f"{raw.file}: {len(raw.rows):,} lists of factors hold {len(rows):,} codes and {nulls:,} empty places, which stand for no factor; "
        f"{int((each == 0).sum()):,} lists hold no code."
    )
    notes += _unknown(found, raw.file)
    return RawTable("assessment_factors", raw.file, rows, raw.broken), notes


def _key(raw: RawTable, assessments: RawTable | None) -> tuple[str, list[str]]:
    """Which column names the assessment. The documented one holds the form, the record's own key the child and the form."""
    if assessments is None:
        return "assessment_id", []
    ids = assessments.rows["assessment_id"].str.strip()
    share = {key: float(is_in(raw.rows[key].str.strip(), ids).mean()) for key in ("assessment_id", "table_id")}
    key = "table_id" if share["table_id"] > share["assessment_id"] else "assessment_id"
    documented, working = (f"{100 * share[one]:.1f}%" for one in ("assessment_id", "table_id"))
    used = "cinf_table_id" if key == "table_id" else "cinf_assessment_id"
    said = (
        f"{raw.file} finds its assessment in {documented} of rows by cinf_assessment_id, the documented key, and in {working} by "
        f"cinf_table_id: {used} is used."
    )
    return key, [said]


def _codes(text: str) -> tuple[list[str], int]:
    """The codes of one list, each once, and its empty places. What is no list is kept as it stands, for the door to list."""
    if not text:
        return [], 0
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        held = text.split(",") if all(part.strip().isalnum() for part in text.split(",")) else [text]
    if isinstance(held, dict):  # each code with whether it applies
        held = [name for name, applies in held.items() if code(str(applies), "yes_no") == "Y"]
    if not isinstance(held, list):
        held = [held]
    codes = [code(str(one), "assessment_factor") for one in held if one is not None and str(one).strip()]
    return list(dict.fromkeys(codes)), len(held) - len(codes)


def _unknown(found: pd.Series[str], file: str) -> list[str]:
    """The codes of no list. What is too long to be a code may be free text, and is not repeated."""
    strange = Counter(found[~is_in(found, pd.Series(list(CODES["assessment_factor"]), dtype="str"))].tolist())
    if not strange:
        return []
    short = [f"{one} ({times:,})" for one, times in strange.most_common() if re.fullmatch(CODE, one)]
    named = short[:MOST_NAMED]
    if len(named) < len(strange):
        named.append(f"{len(strange) - len(named):,} others")
    return [f"{file} holds {strange.total():,} codes that are no factor of the census, kept and counted as not known: {', '.join(named)}."]
