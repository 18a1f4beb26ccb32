"""Children looked after, one for each rule, small enough to count every figure by hand.

Data are as at 31 December 2017 and complete from 1 April 2015. What each child is for stands beside it. Exeter's EX4 4QJ is 37
miles from Plymouth's PL4 6AB and 35 from Barnstaple's EX31 1JA.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from csc_core.tables import TABLES, RawTable, Records

PERSONS = """
    C01 2009-05-14  one placement, two episodes: the legal status changed
    C02 2009-05-14  two episodes open at once: one child
    C03 2004-05-14  a placement of under 24 hours between two others
    C04 2009-05-14  temporary moves, one of them now
    C05 2009-05-14  short breaks only, one agreement (V4)
    C06 2009-05-14  short breaks only, each recorded (V3), one of them now
    C07 2009-05-14  short breaks (V4) until 1 September, then looked after
    C08 2009-05-14  three years with one carer; the status of the placement changed
    C09 2009-05-14  a placement that ended on the first day of the twelve months
    C10 2009-05-14  no placement recorded
    C11 2009-05-14  no home postcode: the last home before entry, not the one the family moved to
    C12 2009-05-14  a home postcode, but the home is confidential
    C13 2009-05-14  entered on 27 December: the first visit is due on 3 January
    C14 2009-05-14  placed in Plymouth
    C15 2009-05-14  left on 31 December
    C16 2012-05-14  two and a half years to the day; placed for adoption with a new family
    C17 2009-05-14  the records begin in the middle of the period of care
    C18 2002-01-02  four placements, in two periods of care; 15 until 1 January 2018
    C19 2001-12-31  turned 16 on 31 December
    C20 2009-05-14  everything not known: no legal status, a placement of no kind, no postcode
"""
ADDRESSES = """
    A01 C11 HOME         2014-01-01 2017-02-01 EX4+4QJ
    A02 C11 HOME         2017-03-01 -          EX31+1JA
    A03 C11 PLACEMENT    2017-01-15 -          EX31+1JA
    A04 C12 CONFIDENTIAL 2014-01-01 -          EX4+4QJ
    A05 C14 HOME         2014-01-01 -          EX31+1JA
    A06 C02 HOME         2014-01-01 -          EX4
"""
# id, child, placement, start, reason, ceased, reason, period, entered, home
CLA_EPISODES = """
    E01 C01 P01 2017-03-01 S 2017-10-01 X1  Y01 2017-03-01 EX4+4QJ
    E02 C01 P01 2017-10-01 L -          -   Y01 2017-03-01 -
    E03 C02 P02 2017-05-01 S -          -   Y02 2017-05-01 -
    E04 C02 P03 2017-08-01 P -          -   Y02 2017-05-01 -
    E05 C03 P04 2017-06-01 S 2017-06-10 X1  Y03 2017-06-01 EX31+1JA
    E06 C03 P06 2017-06-10 P -          -   Y03 2017-06-01 EX31+1JA
    E07 C04 P07 2017-02-01 S -          -   Y04 2017-02-01 EX4+4QJ
    E08 C05 P10 2017-01-01 S -          -   Y05 2017-01-01 EX4+4QJ
    E09 C06 P11 2017-12-30 S 2018-01-01 E8  Y06 2017-12-30 EX4+4QJ
    E10 C07 P12 2017-01-01 S 2017-09-01 X1  Y07 2017-01-01 EX4+4QJ
    E11 C07 P13 2017-09-01 B -          -   Y07 2017-01-01 EX4+4QJ
    E12 C08 P14 2015-01-01 S 2017-03-01 X1  -   2015-01-01 EX4+4QJ
    E13 C08 P15 2017-03-01 T -          -   -   2015-01-01 EX4+4QJ
    E14 C09 P16 2015-01-01 S 2017-01-01 X1  Y09 2015-01-01 EX4+4QJ
    E15 C09 P17 2017-01-01 P -          -   Y09 2015-01-01 EX4+4QJ
    E16 C10 -   2017-07-01 S -          -   Y10 2017-07-01 EX4+4QJ
    E17 C11 P18 2017-01-15 S -          -   Y11 2017-01-15 -
    E18 C12 P19 2017-01-15 S -          -   Y12 2017-01-15 EX4+4QJ
    E19 C13 P20 2017-12-27 S -          -   Y13 2017-12-27 EX4+4QJ
    E20 C14 P21 2017-01-15 S -          -   Y14 2017-01-15 EX4+4QJ
    E21 C15 P22 2017-01-15 S 2017-12-31 E4A Y15 2017-01-15 EX4+4QJ
    E22 C16 P23 2015-06-30 S 2017-10-01 X1  Y16 2015-06-30 EX4+4QJ
    E23 C16 P24 2017-10-01 P -          -   Y16 2015-06-30 EX4+4QJ
    E24 C17 P25 2016-05-01 P -          -   Y17 2014-02-01 EX4+4QJ
    E25 C18 P26 2017-02-01 S 2017-04-01 X1  -   2017-02-01 EX4+4QJ
    E26 C18 P27 2017-04-01 P 2017-06-01 E4B -   2017-02-01 EX4+4QJ
    E27 C18 P28 2017-09-01 S 2017-10-01 X1  -   2017-09-01 EX4+4QJ
    E28 C18 P29 2017-10-01 P -          -   -   2017-09-01 EX4+4QJ
    E29 C19 P30 2015-01-01 S -          -   Y19 2015-01-01 EX4+4QJ
    E30 C20 P31 2017-11-01 - -          -   -   -          -
"""
# id, period, child, start, kind, postcode, ended, reason
CLA_PLACEMENTS = """
    P01 Y01 C01 2017-03-01 U6 EX4+4QJ  -          -
    P02 Y02 C02 2017-05-01 U6 EX4+4QJ  2017-08-01 CARPL
    P03 Y02 C02 2017-08-01 K2 EX4+4QJ  -          -
    P04 Y03 C03 2017-06-01 U6 EX31+1JA 2017-06-10 CREQB
    P05 Y03 C03 2017-06-10 U6 EX31+1JA 2017-06-10 OTHER
    P06 Y03 C03 2017-06-10 P1 EX31+1JA -          -
    P07 Y04 C04 2017-02-01 U1 EX4+4QJ  -          -
    P08 Y04 C04 2017-11-01 T4 EX4+4QJ  2017-11-05 -
    P09 Y04 C04 2017-12-30 T1 PL4+6AB  -          -
    P10 Y05 C05 2017-01-01 R1 EX4+4QJ  -          -
    P11 Y06 C06 2017-12-30 R1 EX4+4QJ  2018-01-01 -
    P12 Y07 C07 2017-01-01 R1 EX4+4QJ  2017-09-01 -
    P13 Y07 C07 2017-09-01 U6 EX4+4QJ  -          -
    P14 -   C08 2015-01-01 U6 EX4+4QJ  2017-03-01 PLACE
    P15 -   C08 2017-03-01 U4 EX4+4QJ  -          -
    P16 Y09 C09 2015-01-01 U6 EX4+4QJ  2017-01-01 -
    P17 Y09 C09 2017-01-01 U6 EX4+4QJ  -          -
    P18 Y11 C11 2017-01-15 U6 EX31+1JA -          -
    P19 Y12 C12 2017-01-15 U6 EX4+4QJ  -          -
    P20 Y13 C13 2017-12-27 U6 EX4+4QJ  -          -
    P21 Y14 C14 2017-01-15 U6 pl46ab   -          -
    P22 Y15 C15 2017-01-15 U6 EX4+4QJ  -          -
    P23 Y16 C16 2015-06-30 U6 EX4+4QJ  2017-10-01 CARPL
    P24 Y16 C16 2017-10-01 A6 EX4+4QJ  -          -
    P25 Y17 C17 2016-05-01 U6 EX4+4QJ  -          -
    P26 -   C18 2017-02-01 U6 EX4+4QJ  2017-04-01 CHILD
    P27 -   C18 2017-04-01 U6 EX4+4QJ  2017-06-01 CUSTOD
    P28 -   C18 2017-09-01 U6 EX4+4QJ  2017-10-01 CARPL
    P29 -   C18 2017-10-01 K2 EX4+4QJ  -          -
    P30 Y19 C19 2015-01-01 U4 EX4+4QJ  -          -
    P31 -   C20 2017-11-01 -  -        -          -
"""
LEGAL_STATUS = """
    G01 C01 C1 2017-03-01 2017-10-01
    G02 C01 C2 2017-10-01 -
    G03 C02 V2 2017-05-01 -
    G04 C03 C1 2017-06-01 -
    G05 C04 C2 2017-02-01 -
    G06 C05 V4 2017-01-01 -
    G07 C06 V3 2017-12-30 2018-01-01
    G08 C07 V4 2017-01-01 2017-09-01
    G09 C07 V2 2017-09-01 -
    G10 C08 C2 2015-01-01 -
    G11 C09 C2 2015-01-01 -
    G12 C10 V2 2017-07-01 -
    G13 C11 C1 2017-01-15 -
    G14 C12 C1 2017-01-15 -
    G15 C13 L2 2017-12-27 -
    G16 C14 C1 2017-01-15 -
    G17 C15 V2 2017-01-15 2017-12-31
    G18 C16 E1 2015-06-30 -
    G19 C17 C2 2016-05-01 -
    G20 C18 V2 2017-02-01 2017-06-01
    G21 C18 J1 2017-09-01 -
    G22 C19 C2 2015-01-01 -
    G23 C20 ZZ 2017-11-01 -
"""
# C08's are of long-term fostering: three months apart. C09's third was late; at C14's second the child was not seen.
CLA_VISITS = """
    V01 C01 2017-03-08 Y
    V02 C01 2017-04-19 Y
    V03 C01 2017-05-31 Y
    V04 C03 2017-06-17 Y
    V05 C03 2017-07-15 Y
    V06 C04 2017-02-08 Y
    V07 C08 2015-01-08 Y
    V08 C08 2017-08-31 Y
    V19 C08 2017-11-30 Y
    V09 C09 2017-01-08 Y
    V10 C09 2017-02-19 Y
    V11 C09 2017-04-03 Y
    V12 C09 2017-05-15 Y
    V13 C14 2017-01-22 Y
    V14 C14 2017-03-05 N
    V15 C02 2017-05-08 -
    V16 C02 2017-08-01 Y
    V17 C10 2017-07-08 Y
    V18 C05 2017-07-08 Y
"""
COLUMNS = {
    "persons": "person_id dob",
    "addresses": "table_id person_id address_type address_start_date address_end_date address_postcode",
    "cla_episodes": "cla_episode_id person_id cla_placement_id cla_episode_start_date cla_episode_start_reason cla_episode_ceased_date "
    "cla_episode_ceased_reason cla_id entered_care_date home_postcode",
    "cla_placements": "cla_placement_id cla_id person_id cla_placement_start_date cla_placement_type cla_placement_postcode "
    "cla_placement_end_date cla_placement_change_reason",
    "legal_status": "legal_status_id person_id legal_status legal_status_start_date legal_status_end_date",
    "cla_visits": "cla_visit_id person_id cla_visit_date cla_visit_seen",
    "cin_episodes": "referral_id person_id referral_date",
}
CHILDREN = [line.split()[0] for line in PERSONS.strip().splitlines()]
TEXTS = {
    "persons": PERSONS,
    "addresses": ADDRESSES,
    "cla_episodes": CLA_EPISODES,
    "cla_placements": CLA_PLACEMENTS,
    "legal_status": LEGAL_STATUS,
    "cla_visits": CLA_VISITS,
    "cin_episodes": "\n".join(f"R{child} {child} 2013-06-01" for child in CHILDREN),
}


def records(**instead: str) -> Records:
    """The children as a source yields them, some tables with other rows."""
    return Records(
        tables={name: RawTable(name, f"{name}.csv", _rows(name, instead.get(name, text)), ()) for name, text in TEXTS.items()},
        source="care county",
        synthetic=True,
        as_at=datetime(2017, 12, 31, 23, 40),
        complete_from=date(2015, 4, 1),
        notes=(),
    )


def _rows(name: str, text: str) -> pd.DataFrame:
    """The text of a table as cells: `-` is empty, `+` a space, and words after the last column are remarks."""
    columns = COLUMNS[name].split()
    lines = [line.split()[: len(columns)] for line in text.strip().splitlines()]
    cells = [["" if cell == "-" else cell.replace("+", " ") for cell in line] for line in lines]
    frame = pd.DataFrame(cells, columns=columns, dtype="str").reindex(columns=[c.name for c in TABLES[name].columns], fill_value="")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame
