"""What each fact has one row of, and the column that names it: by it a figure's movement is split, and two snapshots compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """`title` is what people call it; `id` the column of the record it comes from. `subject` is what a stock counts once on a day.

    `own` is False for a fact that is worked out from the records of another.
    """

    title: str
    id: str
    subject: str = "person_id"
    own: bool = True


RECORDS: Mapping[str, Record] = {
    "enquiry": Record("enquiries", "contact_id"),
    "referral": Record("referrals", "referral_id"),
    "assessment": Record("assessments", "assessment_id"),
    "assessment_factor": Record("factors of assessments", "assessment_id"),
    "open_case": Record("open cases", "referral_id"),
    "s47_enquiry": Record("section 47 enquiries", "s47_enquiry_id"),
    "conference": Record("initial conferences", "s47_enquiry_id"),
    "cp_plan": Record("children on a plan", "cp_plan_id"),
    "cp_plan_started": Record("plans started", "cp_plan_id"),
    "cp_plan_ended": Record("plans ended", "cp_plan_id"),
    "case_held": Record("cases held", "involvements_id"),
    "case_holder": Record("hours of case holders", "worker", "worker", own=False),
    "caseload_september": Record("cases held on 30 September", "involvements_id", own=False),
    "post": Record("posts", "post_id", "post_id"),
    "looked_after": Record("episodes of care", "cla_episode_id"),
    "care_leaver": Record("care leavers", "care_leaver_id"),
    "adoption_placement": Record("placements for adoption", "permanence_id"),
    "adoption_process": Record("decisions for adoption", "permanence_id"),
    "health_assessment": Record("initial health assessments due", "health_check_id"),
    # an assessment can be overdue by two clocks
    "overdue": Record("overdue", "kind || ' ' || record_id", "kind || ' ' || record_id", own=False),
}
