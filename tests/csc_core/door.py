"""Good records of two children, and what must hold of any records that came through the door."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

import numpy as np
import pandas as pd

from csc_core.check import Checked
from csc_core.tables import TABLES, RawTable, Records

AS_AT = datetime(2017, 12, 31, 18, 0)

GOOD = {
    "persons": """\
C1,F,WBRI,2009-05-14,,,
C2,M,MWBC,2011-02-28,,2017-12-20,N""",
    "disabilities": """\
B1,C1,NONE
B2,C2,aut
B3,C2,LD""",
    "addresses": """\
A1,C1,HOME,2015-09-01,2017-01-01,EX31 1AA
A2,C1,HOME,2017-01-01,,ex4 4qj
A3,C2,PLACEMENT,2016-02-29,,""",
    "contacts": """\
K1,C1,2017-12-04,6,REFERRAL
K2,C2,2017-12-04,1A,""",
    "cin_episodes": """\
R1,C1,2017-12-05,N1,6,N,,,T1,W1
R2,C2,2017-11-20,N4,1A,N,RC8,2017-12-20,T2,W2""",
    "cin_assessments": """\
S1,C1,,2017-12-06,,,,T1,
S2,C2,R2,2017-11-21,2017-12-19,CLOSED,Y,T2,W2""",
    "assessment_factors": """\
F1,S2,3b
F2,S2,4B""",
    "cla_episodes": """\
E1,C1,P1,2017-12-06,S,N1,,,Y1,,2017-12-06,EX31 1AA
E2,C2,P2,2017-11-21,S,N4,2017-12-10,E4A,Y2,R2,2017-11-21,""",
    "cla_placements": """\
P1,Y1,C1,2017-12-06,U6,PR1,EX4 4QJ,,
P2,Y2,C2,2017-11-21,K2,PR4,,2017-12-10,CARPL""",
    "cla_visits": """\
V1,Y1,C1,2017-12-08,Y,Y
V2,Y2,C2,2017-11-24,N,""",
    "legal_status": """\
G1,C1,C1,2017-12-06,
G2,C2,V2,2017-11-21,2017-12-10""",
    "s47_enquiries": """\
Q1,C1,,2017-12-06,,,,,T1,W1
Q2,C2,R2,2017-11-22,2017-11-30,N,2017-12-08,Y,T2,W2""",
    "cp_plans": """\
L1,C2,R2,2017-12-08,2017-12-20,N,NEG,EMO,1
L2,C1,,2016-01-04,2016-06-30,,PHY,PHY,""",
    "care_leavers": """\
V1,C1,2017-12-04,,FORMER_RELEVANT,YES,U,Y,F2,T1
V2,C2,2017-11-20,2017-12-10,,,,,,""",
    "permanence": """\
N1,C1,2016-02-11,2016-08-30,2017-01-20,,2017-10-05,ADOPTION
N2,C2,2017-11-21,,,,,""",
    "cla_health": """\
H1,C1,2017-12-06,,
H2,C2,2017-11-21,2017-12-10,2017-12-08""",
    "posts": """\
P1,T1,STAFF,0.8,,2016-04-01,
P2,T2,AGENCY,1,Y,2017-01-01,2017-12-01""",
    "involvements": """\
I1,W1,CASE_HOLDER,T1,C1,2017-12-05,,R1
I2,W2,CASE_HOLDER,T2,C2,2017-11-20,2017-12-20,R2""",
    "professionals": """\
W1,N,0.8
W2,Y,1""",
    "departments": """\
T1,Assessment team Exeter 1,exeter,Exeter,Assessment,2014-04-01,
T2,"Assessment team Barnstaple, 1",northern-devon,,Assessment,,""",
}


def raw(name: str, text: str) -> RawTable:
    """Rows written as CSV without a heading; the first is row 2. What is missing at the end of a row is empty."""
    columns = [column.name for column in TABLES[name].columns]
    cells = [[*row, *[""] * (len(columns) - len(row))] for row in csv.reader(StringIO(text, newline=""))]
    rows = pd.DataFrame(cells, columns=columns, dtype="str")
    return RawTable(name, TABLES[name].file, rows.set_axis(pd.RangeIndex(2, len(rows) + 2)))


def good(**instead: str) -> dict[str, RawTable]:
    return {name: raw(name, text) for name, text in {**GOOD, **instead}.items()}


def more(table: str, *lines: str) -> dict[str, str]:
    """The good rows of a table with these after them."""
    return {table: "\n".join((GOOD[table], *lines))}


def records(as_at: datetime | None = AS_AT, **instead: str) -> Records:
    """The good records, some tables with other rows."""
    return Records(good(**instead), "test", synthetic=True, as_at=as_at)


def holds(given: Records, checked: Checked) -> None:
    """Nothing is lost at the door, nothing is changed unsaid, and what is let through can be counted."""
    for name, table in TABLES.items():
        frame, supplied = checked.frames[name], given.tables.get(name)
        if supplied and supplied.earlier:
            _holds_of_each(name, supplied, checked)
            continue
        rows = supplied.rows if supplied else pd.DataFrame()
        broken = supplied.broken if supplied else ()
        file = supplied.file if supplied else ""
        found = [finding for finding in checked.findings if finding.table == name]
        rejected = {(finding.file, finding.row) for finding in found if finding.outcome == "rejected"}
        noted = {(finding.row, finding.column) for finding in found if finding.outcome == "kept"}
        counts = checked.counts.set_index("table").loc[name]

        assert counts["read"] == len(rows) + len(broken) == counts["kept"] + counts["rejected"]
        given_rows = {*((file, row) for row in rows.index), *((finding.file, finding.row) for finding in broken)}
        assert rejected == given_rows - {(file, row) for row in frame.index}
        assert len(rejected) == counts["rejected"]
        assert len(frame) == counts["kept"]
        assert {finding.file for finding in found} <= {file, *(finding.file for finding in broken)}
        assert all(finding.column and finding.reason and len(finding.value) <= 80 for finding in found)
        assert {row for row, _ in noted} <= {*frame.index}
        assert list(frame.index) == sorted(frame.index)

        for column in table.columns:
            values = frame[column.name]
            if column.name in rows:
                text = rows.loc[frame.index, column.name].str.strip()
                told = np.array([(row, column.name) in noted for row in frame.index], dtype=bool)
                assert (values.notna() | (text == "") | told).all()
                if column.kind in ("id", "text"):
                    assert (values.fillna("") == text).all()
            if column.required:
                assert values.notna().all()
            if column.event:
                assert not (values > pd.Timestamp(given.as_at or datetime.now())).any()
            if column.not_before:
                assert not (values < frame[column.not_before]).any()
            if column.refers_to == "persons":
                assert values.isin(checked.frames["persons"]["person_id"]).all()
        assert frame[table.key].is_unique


def _holds_of_each(name: str, supplied: RawTable, checked: Checked) -> None:
    """The same of a table united from several sources: no row of any is lost, and each child is there once."""
    counts = checked.counts[checked.counts["table"] == name]
    parts = (*supplied.earlier, supplied)
    assert counts["read"].to_list() == [len(part.rows) + len(part.broken) for part in parts]
    assert (counts["read"] == counts["kept"] + counts["rejected"]).all()
    rejected = {(one.file, one.row) for one in checked.findings if one.table == name and one.outcome == "rejected"}
    assert len(rejected) == counts["rejected"].sum()
    key = TABLES[name].key
    kept = [set(part.rows.loc[[row for row in part.rows.index if (part.file, row) not in rejected], key].str.strip()) for part in parts]
    assert checked.frames[name][key].is_unique and set(checked.frames[name][key]) == set().union(*kept)
