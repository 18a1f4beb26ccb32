"""Assessment factors: one row for each, out of the lists that the dataset keeps in one cell (traps 2 and 3)."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd

from csc_core.sources.ssd.spelling import code
from csc_core.tables import CODES, Finding, RawTable, counted, shown
from csc_core.text import is_in, joined

MOST_NAMED = 10
KEYS = ("assessment_id", "table_id")  # the documented one first
SEVERAL = "is the form of several children: whose factors these are is not known"
CODE = r"[0-9]{1,2}[A-Za-z]?"  # what has another form may be a name or free text, and is repeated nowhere


def factors(raw: RawTable, assessments: RawTable | None) -> tuple[RawTable, list[str]]:
    """The factors of each assessment, and what was found on the way."""
    notes = []
    if assessments:
        raw, said = _with_their_assessments(raw, assessments)
        notes.append(said)
    which, texts = pd.factorize(raw.rows["assessment_factors_json"].str.strip())
    lists = [_codes(text) for text in texts]
    lengths = np.array([len(codes) for codes, _ in lists], dtype="int64")
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
    each = lengths[which]
    row = np.repeat(np.arange(len(which)), each)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    every = pd.Series([one for codes, _ in lists for one in codes], dtype="str")
    marks = [one if re.fullmatch(CODE, one) else f"no-{number}" for codes, _ in lists for number, one in enumerate(codes, 1)]
    of_list = begins[which[row]] + nth
    found = every.take(of_list)
    nulls = int(np.array([empty for _, empty in lists], dtype="int64")[which].sum()) if lists else 0
    record = raw.rows["table_id"].where(raw.rows["table_id"].str.strip() != "", raw.rows["assessment_id"]).take(row)
    rows = pd.DataFrame(
        {
            "table_id": joined(record, pd.Series(marks, dtype="str").take(of_list), "/"),
            "assessment_id": raw.rows["assessment_id"].take(row).array,
            "assessment_factor": found.array,
        },
        index=pd.RangeIndex(1, len(row) + 1),
    )
    notes.append(
        f"{raw.file}: {counted(len(raw.rows), 'list', 'lists')} of factors with {counted(len(rows), 'code', 'codes')} and "
        f"{counted(nulls, 'empty place', 'empty places')} (no factor); without a code {counted(int((each == 0).sum()), 'list', 'lists')}."
    )
    notes += _unknown(found, raw.file)
    return RawTable("assessment_factors", raw.file, rows, raw.broken), notes


def _with_their_assessments(raw: RawTable, assessments: RawTable) -> tuple[RawTable, str]:
    """Each list with the assessment it is of: by the key that finds more of them, else by the other. The documented one holds the form,
    the record's own the child and the form. A form can be several children's: an id that fits more than one is not used, and its row is
    listed.
    """
    ids = {key: raw.rows[key].str.strip() for key in KEYS}
    of = assessments.rows[["assessment_id", "person_id"]].apply(lambda column: column.str.strip()).drop_duplicates()
    of = of[of["assessment_id"] != ""].set_axis(["id", "child"], axis="columns")
    shared = _of_several(of)
    of = of[~is_in(of["id"], shared)]
    finds = {key: is_in(ids[key], of["id"]) for key in KEYS}
    used, other = sorted(KEYS, key=lambda key: -finds[key].sum())
    spare = finds[other] & ~finds[used]
    if spare.any():  # what the other key names may be the form of rows that the first key gives to other children
        elsewhere = pd.DataFrame({"id": ids[other], "child": ids[used].map(of.set_index("id")["child"])})[finds[used]]
        shared = pd.concat([shared, _of_several(pd.concat([of, elsewhere[elsewhere["id"] != ""]]).drop_duplicates())])
        spare &= ~is_in(ids[other], shared)
    named = ids[used].where(~spare, ids[other])
    none = ~finds[used] & ~spare
    unclear = none & (is_in(ids[used], shared) | is_in(ids[other], shared))
    broken = [
        Finding(raw.file, "assessment_factors", int(row), "assessment_id", shown(form), SEVERAL, "rejected", shown(record))
        for row, form, record in zip(raw.rows.index[unclear], ids["assessment_id"][unclear], ids["table_id"][unclear], strict=True)
    ]
    documented, working = (f"{100 * finds[key].mean():.1f}%" for key in KEYS)
    said = (
        f"{raw.file} finds its assessment in {documented} of rows by cinf_assessment_id, the documented key, and in {working} by "
        f"cinf_table_id: cinf_{used} is used."
    )
    if spare.any():
        said += f" Only cinf_{other} finds that of {counted(spare.sum(), 'row', 'rows')}, and is used there."
    if lost := int((none & ~unclear).sum()):
        said += f" {counted(lost, 'row has', 'rows have')} none by either: the factors there are in no figure, and each is listed."
    if broken:
        rows_name = counted(len(broken), "row names", "rows name")
        said += f" {rows_name} a form of several children: the factors there are in no figure, and each row is listed."
    rows = raw.rows.assign(assessment_id=named)[~unclear]
    return replace(raw, rows=rows, broken=(*raw.broken, *broken)), said


def _of_several(pairs: pd.DataFrame) -> pd.Series[str]:
    """The ids that stand with more than one child."""
    return pairs["id"][pairs["id"].duplicated()]


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
    """The codes of no list, those of a code's form by name."""
    strange = Counter(found[~is_in(found, pd.Series(list(CODES["assessment_factor"]), dtype="str"))].tolist())
    if not strange:
        return []
    named = [(one, times) for one, times in strange.most_common() if re.fullmatch(CODE, one)][:MOST_NAMED]
    others = strange.total() - sum(times for _, times in named)
    listed = [*(f"{one} ({times:,})" for one, times in named), *([f"{others:,} not repeated here"] if others else [])]
    codes = counted(strange.total(), "code that is", "codes that are")
    return [f"{file} holds {codes} no factor of the census, kept and counted as not known: {', '.join(listed)}."]
