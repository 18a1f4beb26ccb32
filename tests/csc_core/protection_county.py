"""Children in need and child protection at the edges of the rules, few enough to count by hand.

Data are as at 31 December 2017 and complete from 1 April 2015. What each row is for stands beside it. In the texts `-` is an empty cell,
and words after the last column are remarks. Everybody lives in Exeter but P20, who lives in Barnstaple.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from csc_core.tables import TABLES, RawTable, Records

EPISODES = """
    R01 P01 2017-01-10 -          N  two cases open: in need by the older one, awaiting assessment in the other: in need, once
    R02 P01 2017-12-20 -          N
    R03 P02 2017-11-01 -          N  assessed as not in need on 31 December: until the day before, a decision was pending
    R04 P03 2017-12-18 -          N  the 14th day has not come: awaiting assessment
    R05 P04 2017-12-17 -          N  it has: other
    R06 P05 2017-06-01 -          Y  no further action, and not closed: other
    R07 P06 2017-03-01 -          N  assessed, with no outcome recorded: other
    R08 P07 2017-03-01 -          N  the outcome says in need, whether it closed the case is not recorded
    R09 P08 2017-03-01 -          N  the assessment does not say of which referral
    R10 P09 2016-06-01 -          N  in need, then assessed as not in need
    R11 P10 2017-05-01 -          N  with a plan in need, though nothing was assessed; after it other
    R12 P11 2017-05-01 2017-12-31 N  closed on the day: not open
    R13 P12 2017-05-01 -          N  looked after: in need, though nothing was assessed
    R14 P20 2015-04-20 2017-06-01 N
    R15 P21 2015-04-20 2017-06-01 N
    R16 P22 2017-09-01 2017-12-30 N  the funnel: every stage, the plan on the 90th day
    R17 P23 2017-09-01 2017-12-30 N  the plan on the 91st
    R18 P24 2017-01-02 2017-12-30 N  already open when enquired about
    R19 P26 2017-12-01 2017-12-30 N  referred on the 91st day
"""
ASSESSMENTS = """
    S01 P01 R01 2017-01-12 2017-02-10 CIN_PLAN   N
    S03 P02 R03 2017-11-02 2017-12-31 CLOSED     Y
    S07 P06 R07 2017-03-02 2017-04-10 -          -
    S08 P07 R08 2017-03-02 2017-04-10 CIN_PLAN   -
    S09 P08 -   2017-03-02 2017-04-10 OTHER      N
    S10 P09 R10 2016-06-02 2016-07-04 CIN_PLAN   N
    S11 P09 R10 2017-11-01 2017-12-01 EARLY_HELP Y
    S16 P22 R16 2017-09-04 -          -          -
    S17 P23 R17 2017-09-04 -          -          -
"""
S47_ENQUIRIES = """
    Q01 P20 R14 2017-12-01 2017-12-22 Y T-NOR 15 working days to the conference: in time
    Q02 P21 R15 2017-12-01 2017-12-27 N -     16, since Christmas Day and Boxing Day do not count: late
    Q03 P21 R15 2017-11-28 2017-11-28 N -     on the same day; the child's second enquiry of the quarter counts too
    Q04 P20 R14 2017-12-05 -          - -     no conference
    Q16 P22 R16 2017-10-02 2017-11-30 Y -     begun in October and held in November: late, and counted in November
    Q17 P23 R17 2017-10-02 2017-12-01 Y -
    Q18 P24 R18 2017-09-20 -          - -
"""
PLANS = """
    L10 P10 2017-06-01 2017-12-01 NEG EMO 0 N
    L20 P20 2015-05-10 2017-05-10 PHY PHY 0 N two years to the day
    L21 P21 2015-05-10 2017-05-09 PHY PHY 0 N a day less
    L22 P20 2017-12-22 -          EMO EMO 1 N a second plan
    L23 P13 2017-03-01 -          NEG NEG 0 N two plans open at once: one child, and the later plan's category
    L24 P13 2017-09-01 -          SAB SAB - N the number is not recorded: second, by history
    L25 P14 2017-10-01 2017-12-31 NEG NEG 0 N ended on the day: not open
    L26 P15 2017-10-01 2018-01-01 NEG NEG 0 N to end tomorrow: open
    L27 P16 2017-02-01 -          NEG NEG 0 Y another authority's: not counted
    L28 P16 2017-11-01 -          NEG NEG - N and yet an earlier plan of the child: second
    L29 P17 2017-11-01 -          -   -   1 N an earlier plan from before the records; no category recorded
    L30 P18 2017-11-01 2017-11-20 NEG NEG - N two on one day: duplicates, neither is second
    L31 P18 2017-11-01 2017-11-21 NEG NEG - N
    L32 P22 2017-11-30 2017-12-30 NEG NEG 0 N the 90th day after the enquiry
    L33 P23 2017-12-01 2017-12-30 NEG NEG 0 N the 91st
"""
CONTACTS = """
    K01 P22 2017-09-01 REFERRAL
    K02 P23 2017-09-01 REFERRAL
    K03 P24 2017-09-10 REFERRAL no new referral: its section 47 enquiry is not of this funnel
    K04 P25 2017-09-30 NFA      nothing followed
    K05 P26 2017-09-01 ADVICE   a referral on the 91st day
    K06 P03 2017-12-18 REFERRAL still maturing
"""
COLUMNS = {
    "cin_episodes": "referral_id person_id referral_date close_date referral_nfa",
    "cin_assessments": "assessment_id person_id referral_id assessment_start_date assessment_auth_date assessment_outcome "
    "assessment_outcome_nfa",
    "s47_enquiries": "s47_enquiry_id person_id referral_id s47_start_date icpc_date icpc_outcome_cp_flag s47_completed_by_team",
    "cp_plans": "cp_plan_id person_id cp_plan_start_date cp_plan_end_date cp_plan_initial_category cp_plan_latest_category "
    "number_of_previous_cp_plans cp_plan_ola",
    "contacts": "contact_id person_id contact_date contact_outcome",
    "cla_episodes": "cla_episode_id person_id cla_episode_start_date cla_episode_start_reason cla_id",
    "persons": "person_id sex dob",
    "addresses": "table_id person_id address_type address_start_date address_postcode",
    "departments": "team_id team_name team_locality",
}
CHILDREN = [*range(1, 19), *range(20, 27)]
TEXTS = {
    "cin_episodes": EPISODES,
    "cin_assessments": ASSESSMENTS,
    "s47_enquiries": S47_ENQUIRIES,
    "cp_plans": PLANS,
    "contacts": CONTACTS,
    "cla_episodes": "E12 P12 2017-07-01 S Y12",
    "persons": "\n".join(f"P{number:02} F 2010-01-01" for number in CHILDREN),
    "addresses": "\n".join(f"A{number:02} P{number:02} HOME 2014-01-01 {'EX31+1JA' if number == 20 else 'EX4+4QJ'}" for number in CHILDREN),
    "departments": "T-NOR Team+North northern-devon",
}


def records(**instead: str) -> Records:
    """The county as a source yields it, some tables with other rows; a table given as '' is not there."""
    texts = {name: text for name, text in {**TEXTS, **instead}.items() if text}
    return Records(
        tables={name: RawTable(name, TABLES[name].file, _rows(name, text)) for name, text in texts.items()},
        source="protection county",
        synthetic=True,
        as_at=datetime(2017, 12, 31, 23, 40),
        complete_from=date(2015, 4, 1),
    )


def _rows(name: str, text: str) -> pd.DataFrame:
    columns = COLUMNS[name].split()
    lines = [line.split()[: len(columns)] for line in text.strip().splitlines()]
    cells = [["" if cell == "-" else cell.replace("+", " ") for cell in line] for line in lines]
    frame = pd.DataFrame(cells, columns=columns, dtype="str").reindex(columns=[c.name for c in TABLES[name].columns], fill_value="")
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2))
