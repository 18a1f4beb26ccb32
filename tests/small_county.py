"""Twelve children and one assessment worth of trouble each: small enough to count every figure by hand.

Data are as at 31 December 2017 and complete from 1 April 2015. What each child is for stands beside it.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from csc_core.tables import TABLES, RawTable, Records

EXETER, EXETER_TOO, BARNSTAPLE, BARNSTAPLE_TERMINATED, PLYMOUTH = "EX4+4QJ", "ex44qj", "EX31+1JA", "EX31+1AA", "PL4+6AB"

PERSONS = """
    C01 F WBRI 2008-02-29 -           referred exactly one year apart: the second is a re-referral; born on 29 February
    C02 M WBRI 2007-12-10 -           referred on the day before the tenth birthday
    C03 F WBRI 2012-05-05 -           two referrals on one day, the second ended at once: duplicates, not a re-referral
    C04 M MWBC 2003-01-15 -           referred one year and a day apart: not a re-referral
    C05 F AIND 2010-07-07 -           moved from Exeter to Barnstaple between referral and authorisation
    C06 M -    2011-03-03 -           no address
    C07 F BAFR 2001-02-02 -           lives in Plymouth; 16 years old
    C08 M REFU 2016-06-06 -           the postcode is not one
    C09 F OOTH 2017-03-01 -           the address is confidential
    C10 M WBRI 2009-09-09 -           two cases open at once: one child
    C11 U -    -          2018-02-01  not yet born
    C12 F WOTH 2000-01-01 -           two open addresses: the one that started last; its postcode is terminated; grown up on 1 January 2018
"""
DISABILITIES = """
    B01 C01 NONE
    B02 C02 MOB  two disabilities: one disabled child
    B03 C02 LD
    B04 C03 NONE recorded beside another: disabled
    B05 C03 AUT
    B06 C10 -    left empty: not known
    B07 C07 NONE
    B08 C07 ZZ   not in the code list: not known, though another row says that there is none
"""
ADDRESSES = f"""
    A01 C01 HOME         2014-01-01 -          {EXETER}
    A02 C02 HOME         2014-01-01 -          {EXETER_TOO}
    A03 C03 HOME         2014-01-01 -          {BARNSTAPLE}
    A04 C04 HOME         2014-01-01 -          {BARNSTAPLE}
    A05 C05 HOME         2014-01-01 2017-11-01 {EXETER}
    A06 C05 HOME         2017-11-01 -          {BARNSTAPLE}
    A07 C07 HOME         2014-01-01 -          {PLYMOUTH}
    A08 C08 HOME         2016-06-06 -          EX4
    A09 C09 CONFIDENTIAL 2017-03-01 -          {EXETER}
    A10 C10 HOME         2014-01-01 -          {EXETER}
    A11 C10 PLACEMENT    2017-06-01 -          {BARNSTAPLE}
    A12 C11 HOME         2017-01-01 -          {BARNSTAPLE}
    A13 C12 HOME         2014-01-01 -          {EXETER}
    A14 C12 HOME         2015-01-01 -          {BARNSTAPLE_TERMINATED}
"""
CONTACTS = """
    K01 C02 2017-12-09 6  REFERRAL
    K02 C05 2017-12-10 2A REFERRAL
    K03 C06 2017-12-11 -  ADVICE
    K04 C08 2017-12-05 3A -
    K05 C03 2017-12-12 6  NFA
"""
EPISODES = """
    R01 C01 2016-06-01 2016-06-30 -       N6 6
    R02 C01 2017-06-01 -          T-EXE-1 N1 6
    R03 C02 2017-12-09 -          T-EXE-1 N1 6
    R04 C03 2017-10-02 2017-12-01 T-BAR-1 N1 2A
    R05 C03 2017-10-02 2017-10-02 T-BAR-1 N4 2A
    R06 C04 2016-12-01 2017-01-01 -       N5 -
    R07 C04 2017-12-02 2017-12-20 T-BAR-1 N5 3A
    R08 C05 2017-10-15 -          -       N1 2A
    R09 C06 2017-11-20 2017-11-30 -       N2 1A
    R10 C07 2017-11-21 -          T-EXE-1 N1 6
    R11 C08 2017-12-05 -          T-EXE-1 -  3A
    R12 C09 2017-12-06 -          T-EXE-1 N3 1A
    R13 C10 2017-08-01 -          T-EXE-1 N1 6
    R14 C10 2017-09-01 -          T-EXE-1 N8 6
    R15 C11 2017-12-20 -          T-BAR-1 N3 3A
    R16 C12 2017-03-15 2017-12-31 T-BAR-1 N6 1C
"""
ASSESSMENTS = """
    S01 C04 R06 2016-12-01 2016-12-01 CLOSED   Y -       same day: day 0
    S02 C01 R01 2016-11-30 2017-02-06 CIN_PLAN N T-EXE-1 45 working days over Christmas (see the test of the calendar)
    S03 C12 R16 2016-11-30 2017-02-07 CIN_PLAN N T-BAR-1 46 working days
    S04 C05 R08 2017-10-16 2017-11-10 EARLY_HELP Y -     by the team of the involvement that day
    S05 C10 R13 2017-08-01 -          -        - T-EXE-1 not yet authorised: not counted
"""
S47_ENQUIRIES = """
    Q01 C05 R08 2017-10-16 2017-10-25 N 2017-11-06 Y -       15 working days to the conference, which made a plan
    Q02 C10 R14 2017-09-04 2017-09-12 N 2017-09-26 N T-EXE-1 16 working days; the conference made no plan
    Q03 C02 R03 2017-12-11 -          - -          - -       still under way
"""
CP_PLANS = """
    L01 C05 R08 2017-11-06 -          NEG EMO -  still lasts; the first as far as is known
    L02 C01 R01 2016-06-10 2016-06-30 PHY PHY 0  ended with the case
    L03 C01 R02 2017-07-03 2017-12-15 -   -   -  a second plan, by history; no category recorded
"""
ASSESSMENT_FACTORS = """
    F01 S01 3B
    F02 S02 1A  1A, 1B and 1C in one assessment: one with substance use
    F03 S02 1B
    F04 S02 1C
    F05 S02 4B
    F06 S02 16A
    F07 S03 21  none identified: in the base all the same; S04 has no row and is not
    F08 S05 3A  not yet authorised: not counted
"""
CARE_LEAVERS = """
    V01 C12 2017-06-01 - RELEVANT YES U Y F2 T-BAR-1 17 until 1 January 2018
    V02 C07 2017-06-01 - RELEVANT YES E Y G5 -       16: not counted
"""
PERMANENCE = """
    N01 C08 2016-07-01 2016-12-01 2017-05-05 placed for adoption ten months after entering care
    N02 C09 2017-03-01 2017-08-01 -          waiting
"""
CLA_HEALTH = """
    H01 C08 2016-07-01 2016-08-01 a working day late
    H02 C09 2017-03-01 2017-03-29 on the 20th working day
"""
POSTS = """
    P01 T-EXE-1 STAFF  2   - 2015-01-01
    P02 T-BAR-1 STAFF  0.5 - 2015-01-01
    P03 T-EXE-1 AGENCY 1   Y 2015-01-01 covers the vacancy
    P04 T-BAR-1 AGENCY 0.5 N 2015-01-01
    P05 T-EXE-1 VACANT 1.5 - 2015-01-01
"""
CLA_EPISODES = """
    E01 C05 P01 2017-10-20 S -          -   Y01 2017-10-20 EX4+4QJ   looked after: one move
    E02 C05 P02 2017-11-20 P -          -   Y01 2017-10-20 EX4+4QJ
    E03 C07 P03 2015-05-01 S -          -   Y02 2015-05-01 -         looked after for more than two and a half years
    E04 C10 -   2017-09-10 S 2017-12-10 E4A Y03 2017-09-10 -         returned home
    E05 C12 -   2017-04-01 S -          -   Y04 2017-04-01 -         on short breaks only
    E06 C09 -   2017-12-27 S -          -   Y05 2017-12-27 EX4+4QJ   the home is confidential; the first visit is not yet due
"""
CLA_PLACEMENTS = """
    P01 Y01 C05 2017-10-20 U6 EX4+4QJ  2017-11-20 CREQB
    P02 Y01 C05 2017-11-20 K2 EX31+1JA -          -
    P03 Y02 C07 2015-05-01 U4 PL4+6AB  -          -
"""
CLA_VISITS = """
    V01 Y01 C05 2017-11-24 Y
    V02 Y02 C07 2017-12-01 Y
"""
LEGAL_STATUS = """
    G01 C05 C1 2017-10-20
    G02 C07 C2 2015-05-01
    G03 C10 V2 2017-09-10
    G04 C12 V4 2017-04-01
"""
INVOLVEMENTS = """
    I01 W1 CASE_HOLDER T-EXE-1 C05 2017-10-15 2017-11-01
    I02 W2 CASE_HOLDER T-BAR-1 C05 2017-11-01 -
    I03 W3 CO_WORKER   T-EXE-1 C05 2017-11-05 -
    I04 W1 CASE_HOLDER T-EXE-1 C10 2017-08-01 -
    I05 W2 CO_WORKER   T-BAR-1 C01 2017-06-01 -
"""
PROFESSIONALS = """
    W1 N 1
    W2 N 0.5
    W3 Y 1
"""
DEPARTMENTS = """
    T-EXE-1 Assessment+team+Exeter+1     exeter         Exeter+city Assessment
    T-BAR-1 Assessment+team+Barnstaple+1 northern-devon North+Devon Assessment
    T-CNTY  Permanence+team              county         -           Permanence
"""
COLUMNS = {
    "persons": "person_id sex ethnicity dob expected_dob",
    "disabilities": "table_id person_id disability_code",
    "addresses": "table_id person_id address_type address_start_date address_end_date address_postcode",
    "contacts": "contact_id person_id contact_date contact_source_code contact_outcome",
    "cin_episodes": "referral_id person_id referral_date close_date referral_team cin_primary_need_code referral_source_code",
    "cin_assessments": "assessment_id person_id referral_id assessment_start_date assessment_auth_date assessment_outcome "
    "assessment_outcome_nfa assessment_team",
    "s47_enquiries": "s47_enquiry_id person_id referral_id s47_start_date s47_end_date s47_nfa icpc_date icpc_outcome_cp_flag "
    "s47_completed_by_team",
    "cp_plans": "cp_plan_id person_id referral_id cp_plan_start_date cp_plan_end_date cp_plan_initial_category "
    "cp_plan_latest_category number_of_previous_cp_plans",
    "assessment_factors": "table_id assessment_id assessment_factor",
    "care_leavers": "table_id person_id status_start_date status_end_date care_leaver_eligibility care_leaver_in_touch "
    "care_leaver_accommodation care_leaver_accom_suitable care_leaver_activity care_leaver_allocated_team",
    "permanence": "table_id person_id entered_care_date adm_decision_date placed_for_adoption_date",
    "cla_health": "health_check_id person_id entered_care_date health_check_date",
    "posts": "post_id team_id post_status full_time_equivalency covers_vacancy post_start_date",
    "cla_episodes": "cla_episode_id person_id cla_placement_id cla_episode_start_date cla_episode_start_reason "
    "cla_episode_ceased_date cla_episode_ceased_reason cla_id entered_care_date home_postcode",
    "cla_placements": "cla_placement_id cla_id person_id cla_placement_start_date cla_placement_type cla_placement_postcode "
    "cla_placement_end_date cla_placement_change_reason",
    "cla_visits": "cla_visit_id cla_id person_id cla_visit_date cla_visit_seen",
    "legal_status": "legal_status_id person_id legal_status legal_status_start_date",
    "involvements": "involvements_id professional_id professional_role_id professional_team person_id involvement_start_date "
    "involvement_end_date",
    "professionals": "professional_id agency_worker_flag full_time_equivalency",
    "departments": "team_id team_name team_locality team_area service",
}
TEXTS = {
    "persons": PERSONS,
    "disabilities": DISABILITIES,
    "addresses": ADDRESSES,
    "contacts": CONTACTS,
    "cin_episodes": EPISODES,
    "cin_assessments": ASSESSMENTS,
    "s47_enquiries": S47_ENQUIRIES,
    "cp_plans": CP_PLANS,
    "assessment_factors": ASSESSMENT_FACTORS,
    "care_leavers": CARE_LEAVERS,
    "permanence": PERMANENCE,
    "cla_health": CLA_HEALTH,
    "posts": POSTS,
    "cla_episodes": CLA_EPISODES,
    "cla_placements": CLA_PLACEMENTS,
    "cla_visits": CLA_VISITS,
    "legal_status": LEGAL_STATUS,
    "involvements": INVOLVEMENTS,
    "professionals": PROFESSIONALS,
    "departments": DEPARTMENTS,
}


def records() -> Records:
    """The small county as a source yields it."""
    return Records(
        tables={name: RawTable(name, f"{name}.csv", _rows(name), ()) for name in TEXTS},
        source="small county",
        synthetic=True,
        as_at=datetime(2017, 12, 31, 23, 40),
        complete_from=date(2015, 4, 1),
        notes=(),
    )


def _rows(name: str) -> pd.DataFrame:
    """The text of a table as cells: `-` is empty, `+` a space, and words after the last column are remarks."""
    columns = COLUMNS[name].split()
    lines = [line.split()[: len(columns)] for line in TEXTS[name].strip().splitlines()]
    cells = [["" if cell == "-" else cell.replace("+", " ") for cell in line] for line in lines]
    frame = pd.DataFrame(cells, columns=columns, dtype="str").reindex(columns=[c.name for c in TABLES[name].columns], fill_value="")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame
