"""Enquiries, referrals and cases, assessments, section 47 enquiries and child protection plans, with the teams allocated.

List 3 has the referrals of six months, list 6 the cases that are open or were closed in them. A case belongs to the child's last
referral on or before the day it began, if no other case has it; a case without one is a referral of the day it began. A referral
without a case is a referral and no open case: it ended on its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.annex_a.labels import coded
from csc_core.sources.annex_a.workbook import Listed
from csc_core.sources.made_ids import numbered
from csc_core.tables import RawTable


def case_tables(found: Mapping[int, Listed], workers: Mapping[str, str]) -> tuple[list[RawTable], list[str]]:
    """The tables that lists 1 and 3 to 7 make, and what there is to say."""
    cases, notes = _cases(found, workers)
    tables = [cases] if cases else []
    if 1 in found:
        rows = Rows(found[1])
        made = {"person_id": rows["child"], "contact_date": rows["day"], "contact_source_code": rows.codes("source", "referral_source")}
        tables.append(rows.table("contacts", "contact_id", "K", made, "contact_date"))
    if 4 in found:
        rows = Rows(found[4])
        made = {
            "person_id": rows["child"],
            "referral_id": _case_of(cases, rows),
            "assessment_start_date": rows["start"],
            "assessment_auth_date": rows["end"],
            # no support required: closed on the assessment
            "assessment_outcome_nfa": rows.codes("support", "yes_no").replace({"Y": "N", "N": "Y"}),
            "assessment_team": rows["team"],
            "assessment_worker_id": rows["worker"].map(workers),
        }
        tables.append(rows.table("cin_assessments", "assessment_id", "A", made, "assessment_start_date"))
    if 5 in found:
        rows = Rows(found[5])
        made = {
            "person_id": rows["child"],
            "referral_id": _case_of(cases, rows),
            "s47_start_date": rows["start"],
            "icpc_date": rows["conference"],
            "icpc_outcome_cp_flag": rows.codes("plan", "yes_no"),
            "s47_completed_by_team": rows["team"],
            "s47_completed_by_worker_id": rows["worker"].map(workers),
        }
        tables.append(rows.table("s47_enquiries", "s47_enquiry_id", "Q", made, "s47_start_date"))
    if 7 in found:
        rows = Rows(found[7])
        made = {
            "person_id": rows["child"],
            "referral_id": _case_of(cases, rows),
            "cp_plan_start_date": rows["start"],
            "cp_plan_end_date": rows["end"],
            "cp_plan_initial_category": rows.codes("first", "cp_category"),
            "cp_plan_latest_category": rows.codes("latest", "cp_category"),
            "number_of_previous_cp_plans": rows["previous"],
        }
        tables.append(rows.table("cp_plans", "cp_plan_id", "L", made, "cp_plan_start_date"))
    return [*tables, *_involvements(found, workers)], notes


class Rows:
    """The rows of a list, with empty text for a column that it lacks."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed

    def __getitem__(self, name: str) -> pd.Series[str]:
        rows = self.listed.rows
        return rows[name] if name in rows else pd.Series("", index=rows.index, dtype="str")

    def codes(self, name: str, codes: str) -> pd.Series[str]:
        return coded(self[name], codes)

    def table(self, name: str, key: str, letter: str, columns: Mapping[str, Any], day: str) -> RawTable:
        rows = pd.DataFrame(columns, index=self.listed.rows.index).astype("str")
        rows.insert(0, key, numbered(rows["person_id"] + f"-{letter}-" + rows[day], rows))
        return RawTable(name, self.listed.file, rows)


def _case_of(cases: RawTable | None, rows: Rows) -> pd.Series[str]:
    """The child's case that was open on the day a row starts, the last one made; '' where there was none."""
    if cases is None:
        return rows["referral_id"]  # a column that no list has
    made, closed = read_days(cases.rows["referral_date"])[0], read_days(cases.rows["close_date"])[0]
    of_child: dict[str, list[tuple[Any, Any, str]]] = {}
    for child, *case in zip(cases.rows["person_id"], made, closed, cases.rows["referral_id"], strict=True):
        of_child.setdefault(child, []).append((case[0], case[1], case[2]))
    found = []
    for child, start in zip(rows["child"], read_days(rows["start"])[0], strict=True):
        held = [(day, id) for day, end, id in of_child.get(child, ()) if day <= start and not end < start]
        found.append(max(held, default=(start, ""))[1])
    return pd.Series(found, index=rows["child"].index, dtype="str")


def _cases(found: Mapping[int, Listed], workers: Mapping[str, str]) -> tuple[RawTable | None, list[str]]:
    """Lists 3 and 6 as one table of referrals, numbered through both."""
    made = []
    if 3 in found:
        rows = Rows(found[3])
        made.append(
            pd.DataFrame(
                {
                    "person_id": rows["child"],
                    "referral_date": rows["day"],
                    "referral_source_code": rows.codes("source", "referral_source"),
                    "referral_nfa": rows.codes("nfa", "yes_no"),
                    "referral_team": rows["team"],
                    "referral_worker_id": rows["worker"].map(workers),
                }
            )
        )
    if 6 in found:
        rows = Rows(found[6])
        cases = pd.DataFrame(
            {
                "person_id": rows["child"],
                "referral_date": rows["start"],
                "cin_primary_need_code": rows.codes("need", "primary_need"),
                "close_date": rows["end"],
                "close_reason": rows.codes("reason", "close_reason"),
            }
        )
        made = _matched(made[0], cases) if made else [cases]
    if not made:
        return None, []
    cases_made = pd.concat(made, ignore_index=True).fillna("").astype("str")
    notes = _ended(cases_made) if 3 in found else []
    cases_made = cases_made.drop(columns=["case"], errors="ignore")
    cases_made.insert(0, "referral_id", numbered(cases_made["person_id"] + "-" + cases_made["referral_date"], cases_made))
    file = " + ".join(found[number].file for number in (3, 6) if number in found)
    return RawTable("cin_episodes", file, cases_made.set_axis(pd.RangeIndex(1, len(cases_made) + 1))), notes


def _matched(referrals: pd.DataFrame, cases: pd.DataFrame) -> list[pd.DataFrame]:
    """The referrals, each with the case that followed it; and the cases that followed none."""
    made, began = list(read_days(referrals["referral_date"])[0]), list(read_days(cases["referral_date"])[0])
    of_child: dict[str, list[int]] = {}
    for at, child in enumerate(referrals["person_id"]):
        of_child.setdefault(child, []).append(at)
    followed: dict[int, int] = {}  # the case of each referral that has one
    latest_first = sorted(range(len(cases)), key=lambda at: (pd.isna(began[at]), began[at]), reverse=True)
    for case in latest_first:
        before = [at for at in of_child.get(cases["person_id"].iloc[case], []) if made[at] <= began[case] and at not in followed]
        if before:
            followed[max(before, key=lambda at: (made[at], at))] = case
    those = cases.iloc[[followed[at] for at in sorted(followed)]].drop(columns=["person_id", "referral_date"]).assign(case="Y")
    joined = referrals.reset_index(drop=True).join(those.set_axis(pd.Index(sorted(followed), dtype="int64")))
    others = cases.iloc[sorted({*range(len(cases))} - {*followed.values()})].assign(case="Y")
    return [joined, others]


def _ended(rows: pd.DataFrame) -> list[str]:
    """Ends the referrals that no case follows, on their day."""
    without = rows["case"].eq("") if "case" in rows else pd.Series(True, index=rows.index)
    rows.loc[without & read_days(rows["referral_date"])[0].notna(), "close_date"] = rows["referral_date"]
    count = int(without.sum())
    if not count:
        return []
    if count == 1:
        return ["1 referral has no case in list 6: it counts as a referral, and as no open case."]
    return [f"{count:,} referrals have no case in list 6: they count as referrals, and as no open case."]


def _involvements(found: Mapping[int, Listed], workers: Mapping[str, str]) -> list[RawTable]:
    """Who holds the cases, plans and children of lists 6 to 8: as on the day of the lists, for as long as each row has lasted."""
    parts, files = [], []
    for number in (6, 7, 8):
        if number in found and "team" in found[number].rows:
            rows = Rows(found[number])
            allocated = pd.DataFrame(
                {
                    "involvements_id": rows["child"] + f"-I{number}-" + rows["start"],
                    "professional_id": rows["worker"].map(workers),
                    "professional_role_id": "CASE_HOLDER",
                    "professional_team": rows["team"],
                    "person_id": rows["child"],
                    "involvement_start_date": rows["start"],
                    "involvement_end_date": rows["end"],
                }
            )
            parts.append(allocated[allocated["professional_team"] != ""])
            files.append(found[number].file)
    if not parts:
        return []
    together = pd.concat(parts, ignore_index=True).astype("str")
    together["involvements_id"] = numbered(together["involvements_id"], together)
    return [RawTable("involvements", " + ".join(files), together.set_axis(pd.RangeIndex(1, len(together) + 1)))]
