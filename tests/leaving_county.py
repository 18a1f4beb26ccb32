"""Young people, children, workers and posts, one for each rule of leaving care and of the workforce: every figure counts by hand.

Data are as at 31 December 2017 and complete from 1 January 2014. What each is for stands beside it.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from csc_core.tables import TABLES, RawTable, Records

PERSONS = """
    L01 1995-12-31 -          22 on 31 December 2017: counted until the month before
    L02 2000-12-31 -          17 on that day: counted from its month on
    L03 2000-02-29 -          17 on 1 March 2017: born on 29 February
    L04 1998-05-05 -          in touch again on 31 December
    L05 1998-05-05 -          refuses contact: counted; moved on 31 December
    L06 1998-05-05 -          back with a parent: not counted
    L07 1998-05-05 2017-06-01 died, and the record never ended
    L08 1998-05-05 -          owed advice only: not counted
    L09 2000-05-05 -          still looked after: not counted
    L10 1998-05-05 -          two records at once: the later one
    L11 -          -          no date of birth: not counted
    L12 1998-05-05 -          nothing known: counted, and neither in touch nor anything else
    K01 2015-06-01 -          placed for adoption 14 months to the day after entering care: not under 14 months
    K02 2015-06-01 -          one day sooner
    K03 2015-06-01 -          entered on 31 December: 14 months later is the last of February; adopted
    K04 2015-06-01 -          placed on 31 December 2016; adopted
    K05 2015-06-01 -          placed on 1 January 2017
    K06 2015-06-01 -          placed, and placed again with another family
    K07 2015-06-01 -          came from Exeter; the adoptive home is in Barnstaple
    K08 2014-06-01 -          placed on 29 February 2016; adopted
    K09 2015-06-01 -          waiting: 14 months on 31 December 2017
    K10 2015-06-01 -          decision reversed on 31 December 2017
    K11 2012-06-01 -          adopted on 31 December 2014, three years before
    K12 2012-06-01 -          special guardianship, never for adoption
    K13 2012-06-01 -          for adoption, then special guardianship
    K15 2010-06-01 -          assessed on the 20th working day; moved home since
    K16 2010-06-01 -          assessed the day after
    K17 2010-06-01 -          left care on the day it was due: not counted
    K18 2010-06-01 -          left the day after, not assessed
    K19 2010-06-01 -          not assessed
    K20 2010-06-01 -          a date before entry cannot be right: as if not assessed
    K21 2010-06-01 -          two rows of one entry: one of them assessed
    K22 2010-06-01 -          entered on a Saturday: due as if on the Friday
    K23 2010-06-01 -          due only in January
    C01 2010-06-01 -
    C02 2010-06-01 -
    C03 2010-06-01 -          the same worker in another team, since 15 October
    C04 2010-06-01 -
    C05 2010-06-01 -          the worker's hours are nought
    C06 2010-06-01 -          the worker's hours are not recorded
    C07 2010-06-01 -          case closed, worker not taken off it
    C08 2010-06-01 -          two case holders: the later one
    C09 2010-06-01 -          case holder until 31 December
    C10 2010-06-01 -          two cases open at once: one child
    C11 2010-06-01 -          a co-worker only
"""
ADDRESSES = """
    A01 L02 HOME      2012-01-01 -          EX4+4QJ
    A02 L05 HOME      2012-01-01 2017-12-31 EX4+4QJ
    A03 L05 HOME      2017-12-31 -          EX31+1JA
    A04 L10 PLACEMENT 2012-01-01 -          EX31+1JA
    A05 K07 HOME      2015-06-01 2016-09-30 EX4+4QJ
    A06 K07 ADOPTIVE  2017-06-01 -          EX31+1JA
    A07 K15 HOME      2012-01-01 2017-11-20 EX4+4QJ
    A08 K15 HOME      2017-11-20 -          EX31+1JA
"""
CIN_EPISODES = """
    R00 K12 2012-04-01 2012-05-01
    R01 C01 2017-01-01 -
    R02 C02 2017-01-01 -
    R03 C03 2017-01-01 -
    R04 C04 2017-01-01 -
    R05 C05 2017-01-01 -
    R06 C06 2017-01-01 -
    R07 C07 2017-01-01 2017-06-01
    R08 C08 2017-01-01 -
    R09 C09 2017-01-01 -
    R10 C10 2017-01-01 -
    R11 C10 2017-03-01 -
    R12 C11 2017-01-01 -
"""
INVOLVEMENTS = """
    I01 W1 CASE_HOLDER T-EXE C01 2017-01-01 -
    I02 W1 CASE_HOLDER T-EXE C02 2017-01-01 -
    I03 W1 CASE_HOLDER T-BAR C03 2017-10-15 -
    I04 W2 CASE_HOLDER T-BAR C04 2017-01-01 -
    I05 W3 CASE_HOLDER T-BAR C05 2017-01-01 -
    I06 W4 CASE_HOLDER T-NEW C06 2017-01-01 -
    I07 W2 CASE_HOLDER T-BAR C07 2017-01-01 -
    I08 W1 CASE_HOLDER T-EXE C08 2017-01-01 -
    I09 W2 CASE_HOLDER T-BAR C08 2017-03-01 -
    I10 W2 CASE_HOLDER T-BAR C09 2017-01-01 2017-12-31
    I11 W2 CASE_HOLDER T-BAR C10 2017-01-01 -
    I12 W5 CO_WORKER   T-EXE C11 2017-01-01 -
    I13 W5 PERSONAL_ADVISER T-EXE L04 2017-01-01 -
"""
PROFESSIONALS = """
    W1 1
    W2 0.5
    W3 0
    W4 -
    W5 1
"""
DEPARTMENTS = """
    T-EXE Team+Exeter        exeter
    T-BAR Team+Barnstaple    northern-devon
    T-NEW Team+Newton+Abbot  southern-devon
"""
CARE_LEAVERS = """
    V01 L01 2017-01-01 -          FORMER_RELEVANT YES  Y P1 -
    V02 L02 2017-01-01 -          RELEVANT        YES  Y F2 T-BAR
    V03 L03 2017-01-01 -          RELEVANT        YES  N G5 -
    V04 L04 2017-01-01 2017-12-31 FORMER_RELEVANT NO   - 0  -
    V05 L04 2017-12-31 -          FORMER_RELEVANT YES  Y P4 -
    V06 L05 2017-01-01 -          FORMER_RELEVANT REFU - F5 -
    V07 L06 2017-01-01 -          FORMER_RELEVANT RHOM - 0  -
    V08 L07 2017-01-01 -          FORMER_RELEVANT YES  Y F4 -
    V09 L08 2017-01-01 -          QUALIFYING      YES  Y F2 -
    V10 L09 2017-01-01 -          ELIGIBLE        YES  Y F2 -
    V11 L10 2017-01-01 -          FORMER_RELEVANT NO   N F1 -
    V12 L10 2017-02-01 -          FORMER_RELEVANT YES  Y G4 -
    V13 L11 2017-01-01 -          FORMER_RELEVANT YES  Y F2 -
    V14 L12 2017-01-01 -          WHO+KNOWS       -    - ?? -
"""
# id, child, entered care, decision, placed, reversed, order, kind of order
PERMANENCE = """
    N01 K01 2016-03-01 2016-09-01 2017-05-01 -          -          -
    N02 K02 2016-03-02 2016-09-01 2017-05-01 -          -          -
    N03 K03 2015-12-31 2016-06-01 2017-02-28 -          2017-11-01 ADOPTION
    N04 K04 2016-06-01 2016-09-01 2016-12-31 -          2017-06-01 ADOPTION
    N05 K05 2015-06-01 2016-01-01 2017-01-01 -          -          -
    N06 K06 2016-01-01 2016-05-01 2017-02-01 -          -          -
    N07 K06 2016-01-01 2017-07-01 2017-08-01 -          -          -
    N08 K07 2016-10-01 2017-01-01 2017-06-01 -          -          -
    N09 K08 2015-06-01 2015-10-01 2016-02-29 -          2016-12-01 ADOPTION
    N10 K09 2016-10-31 2017-03-01 -          -          -          -
    N11 K10 2017-05-01 2017-08-01 -          2017-12-31 -          -
    N12 K11 2013-01-01 2013-06-01 2013-12-01 -          2014-12-31 ADOPTION
    N13 K12 2012-06-01 -          -          -          2014-05-01 SGO
    N14 K13 2016-01-01 2016-06-01 -          -          2017-03-01 SGO
"""
CLA_HEALTH = """
    H01 K15 2017-11-10 -          2017-12-08
    H02 K16 2017-11-10 -          2017-12-09
    H03 K17 2017-11-10 2017-12-08 -
    H04 K18 2017-11-10 2017-12-09 -
    H05 K19 2017-11-10 -          -
    H06 K20 2017-11-10 -          2017-11-01
    H07 K21 2017-11-10 -          -
    H08 K21 2017-11-10 -          2017-12-01
    H09 K22 2017-11-11 -          2017-12-08
    H10 K23 2017-12-01 -          2017-12-20
"""
POSTS = """
    P01 T-EXE STAFF  3   - 2017-01-01 -
    P02 T-EXE AGENCY 0.7 Y 2017-01-01 -
    P03 T-EXE AGENCY 0.3 N 2017-01-01 -
    P04 T-EXE VACANT 1   - 2017-01-01 -
    P05 T-BAR STAFF  1   - 2017-01-01 -
    P06 T-BAR STAFF  1   - 2017-01-01 2017-12-31
    P07 -     STAFF  0.5 - 2017-01-01 -
    P08 T-BAR TEMP   1   - 2017-01-01 -
"""
TEXTS = {
    "persons": ("person_id dob death_date", PERSONS),
    "addresses": ("table_id person_id address_type address_start_date address_end_date address_postcode", ADDRESSES),
    "cin_episodes": ("referral_id person_id referral_date close_date", CIN_EPISODES),
    "involvements": (
        "involvements_id professional_id professional_role_id professional_team person_id involvement_start_date involvement_end_date",
        INVOLVEMENTS,
    ),
    "professionals": ("professional_id full_time_equivalency", PROFESSIONALS),
    "departments": ("team_id team_name team_locality", DEPARTMENTS),
    "care_leavers": (
        """table_id person_id status_start_date status_end_date care_leaver_eligibility care_leaver_in_touch care_leaver_accom_suitable
        care_leaver_activity care_leaver_allocated_team""",
        CARE_LEAVERS,
    ),
    "permanence": (
        """table_id person_id entered_care_date adm_decision_date placed_for_adoption_date decision_reversed_date permanence_order_date
        permanence_order_type""",
        PERMANENCE,
    ),
    "cla_health": ("health_check_id person_id entered_care_date left_care_date health_check_date", CLA_HEALTH),
    "posts": ("post_id team_id post_status full_time_equivalency covers_vacancy post_start_date post_end_date", POSTS),
}


def records() -> Records:
    """The county as a source yields it."""
    return Records(
        tables={name: RawTable(name, f"{name}.csv", _rows(name, columns.split(), text)) for name, (columns, text) in TEXTS.items()},
        source="leaving county",
        synthetic=True,
        as_at=datetime(2017, 12, 31, 23, 40),
        complete_from=date(2014, 1, 1),
    )


def _rows(name: str, columns: list[str], text: str) -> pd.DataFrame:
    """The text of a table as cells: `-` is empty, `+` a space, and words after the last column are remarks."""
    lines = [line.split()[: len(columns)] for line in text.strip().splitlines()]
    cells = [["" if cell == "-" else cell.replace("+", " ") for cell in line] for line in lines]
    frame = pd.DataFrame(cells, columns=columns, dtype="str").reindex(columns=[c.name for c in TABLES[name].columns], fill_value="")
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2))
