"""Case tables written as an Annex A workbook, by rules of their own: nothing here knows how the source reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl

from csc_core.tables import Records
from tests.csc_core.census_file import Row, by, rows

WHO = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age")
STAFF = ("Allocated Team", "Allocated Worker")
GENDER = {"M": "a) Male", "F": "b) Female", "U": "c) Not stated/recorded (or unborn)", "": ""}
Cell = str | int | date | None
Lists = dict[str, tuple[Sequence[str], list[list[Cell]]]]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def lists(records: Records, as_at: str, since: str) -> Lists:
    """What the lists can carry of the records: pictures of the day, and events since another."""
    persons = {row["person_id"]: row for row in rows(records, "persons")}
    statuses = by("person_id", rows(records, "legal_status"))
    placements = by("person_id", rows(records, "cla_placements"))
    periods = by("person_id", rows(records, "cla_episodes"))

    def who(child: str) -> list[Cell]:
        person = persons[child]
        ethnicity = f"a) {person['ethnicity']}" if person["ethnicity"] else ""
        return [child, GENDER[person["sex"]], ethnicity, day(person["dob"] or person["expected_dob"]), 9]

    def lasts(end: str) -> bool:
        return not end or end >= since

    def of(table: str, start: str) -> list[dict[str, str]]:
        return [row for row in rows(records, table) if row[start] >= since]

    def yes_no(code: str) -> str:
        return {"Y": "a) Yes", "N": "b) No"}.get(code, "")

    def latest(found: Sequence[Row], start: str) -> Row:
        return max(found, key=lambda row: row[start], default={})

    def looked_after(child: str) -> list[Cell]:
        first = min(row["cla_episode_start_date"] for row in periods[child])
        last = latest(periods[child], "cla_episode_start_date")
        status, placement = latest(statuses[child], "legal_status_start_date"), latest(placements[child], "cla_placement_start_date")
        return [
            *who(child), day(first), day(status.get("legal_status_start_date", "")), status.get("legal_status", ""),
            day(last["cla_episode_ceased_date"]), last["cla_episode_ceased_reason"], day(placement.get("cla_placement_start_date", "")),
            placement.get("cla_placement_type", ""), placement.get("cla_placement_postcode", ""),
        ]  # fmt: skip

    leavers = [
        row for row in rows(records, "care_leavers")
        if row["status_start_date"] <= as_at and not (row["status_end_date"] and row["status_end_date"] <= as_at)
    ]  # fmt: skip
    return {
        "List 1": (
            (*WHO, "Date of Contact", "Contact Source"),
            [[*who(r["person_id"]), day(r["contact_date"]), r["contact_source_code"]] for r in of("contacts", "contact_date")],
        ),
        "List 3": (
            (*WHO, "Date of Referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", *STAFF),
            [
                [*who(r["person_id"]), day(r["referral_date"]), r["referral_source_code"], yes_no(r["referral_nfa"]), 1,
                 r["referral_team"], ""]
                for r in of("cin_episodes", "referral_date")
            ],
        ),
        "List 4": (
            (
                *WHO, "Does the Child have a Disability", "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
                "Continuous Assessment Date of Authorisation",
                "Was the child assessed as requiring LA children's social care support?", *STAFF,
            ),
            [
                [
                    *who(r["person_id"]), "", day(r["assessment_start_date"]), "", day(r["assessment_auth_date"]),
                    yes_no({"Y": "N", "N": "Y"}.get(r["assessment_outcome_nfa"], "")), r["assessment_team"], "Ada Lovelace",
                ]
                for r in rows(records, "cin_assessments") if lasts(r["assessment_auth_date"])
            ],
        ),
        "List 5": (
            (
                *WHO, "Does the Child have a Disability", "Strategy discussion initiating Section 47 Enquiry Start Date",
                "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
                "Did the Initial Child Protection Conference Result in a Child Protection Plan",
                "Number of Section 47 Enquiries in the last 12 months", *STAFF,
            ),
            [
                [*who(r["person_id"]), "", day(r["s47_start_date"]), "", day(r["icpc_date"]), yes_no(r["icpc_outcome_cp_flag"]), 1,
                 r["s47_completed_by_team"], ""]
                for r in of("s47_enquiries", "s47_start_date")
            ],
        ),
        "List 6": (
            (*WHO, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure", "Case Status", *STAFF),
            [
                [*who(r["person_id"]), day(r["referral_date"]), r["cin_primary_need_code"], day(r["close_date"]), r["close_reason"],
                 "", "", ""]
                for r in rows(records, "cin_episodes") if lasts(r["close_date"])
            ],
        ),
        "List 7": (
            (
                *WHO, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
                "Child Protection Plan End Date", "Number of Previous Child Protection Plans", *STAFF,
            ),
            [
                [
                    *who(r["person_id"]), day(r["cp_plan_start_date"]), r["cp_plan_initial_category"], r["cp_plan_latest_category"],
                    day(r["cp_plan_end_date"]), r["number_of_previous_cp_plans"], "", "",
                ]
                for r in rows(records, "cp_plans") if lasts(r["cp_plan_end_date"])
            ],
        ),
        "List 8": (
            (
                *WHO, "Date Started to be Looked After", "Start date of current legal status", "Child's Legal Status",
                "Date Ceased to be Looked After", "Reason Ceased to be Looked After", "Start Date of Most Recent Placement",
                "Placement Type", "Placement postcode",
            ),
            [
                looked_after(child) for child, found in periods.items()
                if any(lasts(row["cla_episode_ceased_date"]) for row in found)
            ],
        ),
        "List 9": (
            (
                *WHO, "Allocated Team", "Eligibility Category", "LA in Touch", "Type of Accommodation", "Suitability of Accommodation",
                "Activity Status",
            ),
            [
                [
                    *who(r["person_id"]), r["care_leaver_allocated_team"], r["care_leaver_eligibility"].replace("_", " ").capitalize(),
                    r["care_leaver_in_touch"], r["care_leaver_accommodation"], yes_no(r["care_leaver_accom_suitable"]),
                    r["care_leaver_activity"],
                ]
                for r in leavers
            ],
        ),
    }  # fmt: skip


def written(found: Mapping[str, tuple[Sequence[str], list[list[Cell]]]], path: Path, title: Sequence[str] = ()) -> Path:
    """The lists as a workbook, each under a heading; above it the rows of a title, if wanted."""
    book = openpyxl.Workbook(write_only=True)
    for name, (heading, body) in found.items():
        sheet = book.create_sheet(name)
        for line in title:
            sheet.append([line])
        sheet.append(list(heading))
        for row in body:
            sheet.append([datetime(*cell.timetuple()[:3]) if isinstance(cell, date) else cell for cell in row])
    book.save(path)
    return path
