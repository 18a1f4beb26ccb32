"""Which tables and columns of the Standard Safeguarding Dataset are read, and which case table each fills.

Only these columns are ever selected. Names, UPNs, streets, outcomes with their comments, and the names of workers are not among
them. Nor are columns that mislead in the Eclipse extract: the referral's worker (who typed the form, not who was allocated), the
placement's URN (it holds a property reference) and its distance (in miles; ours is worked out from the postcodes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csc_core.tables import TABLES, Column, Table

PREFIX = "ssd_"
FORM = "postgresql://USER@HOST:5432/DATABASE?schema=SCHEMA"  # how the address of a database that holds it is written


@dataclass(frozen=True)
class Extract:
    """One table of the dataset, without `ssd_`. `fills` names the case table; a column is known here without its `prefix`."""

    name: str
    prefix: str
    fills: str
    columns: tuple[str, ...]

    @property
    def repeating(self) -> frozenset[str]:
        """The columns of dates, codes and numbers, which have few different texts."""
        return frozenset(column.name for column in TABLES[self.fills].columns if column.kind not in ("id", "text"))

    @property
    def table(self) -> Table:
        """As a case table, with the dataset's own headings."""
        ours = TABLES[self.fills]
        needed = {column.name for column in ours.columns if column.required} | {self.columns[0]}
        columns = (Column(f"{self.prefix}_{name}", "text", name, "", required=name in needed) for name in self.columns)
        return Table(self.fills, ours.title, ours.means, ours.without, tuple(columns))


EXTRACTS: Mapping[str, Extract] = {
    name: Extract(name, prefix, fills, tuple(columns.split()))
    for name, prefix, fills, columns in (
        ("person", "pers", "persons", "person_id sex ethnicity dob expected_dob death_date"),
        ("disability", "disa", "disabilities", "table_id person_id disability_code"),
        ("address", "addr", "addresses", "table_id person_id address_type address_start_date address_end_date address_postcode"),
        ("contacts", "cont", "contacts", "contact_id person_id contact_date contact_source_code"),
        ("cin_episodes", "cine", "cin_episodes", """
            referral_id person_id referral_date cin_primary_need_code referral_source_code referral_nfa close_reason close_date
            referral_team"""),
        ("cin_assessments", "cina", "cin_assessments", """
            assessment_id person_id referral_id assessment_start_date assessment_auth_date assessment_outcome_nfa
            assessment_team assessment_worker_id"""),
        ("assessment_factors", "cinf", "assessment_factors", "table_id assessment_id assessment_factors_json"),
        ("s47_enquiry", "s47e", "s47_enquiries", """
            s47_enquiry_id person_id referral_id s47_start_date s47_end_date s47_nfa s47_completed_by_team
            s47_completed_by_worker_id"""),
        ("initial_cp_conference", "icpc", "s47_enquiries", "icpc_id s47_enquiry_id icpc_date icpc_outcome_cp_flag"),
        ("cp_plans", "cppl", "cp_plans", """
            cp_plan_id person_id referral_id cp_plan_start_date cp_plan_end_date cp_plan_ola cp_plan_initial_category
            cp_plan_latest_category"""),
        ("care_leavers", "clea", "care_leavers", """
            table_id person_id care_leaver_eligibility care_leaver_in_touch care_leaver_accommodation care_leaver_accom_suitable
            care_leaver_activity care_leaver_allocated_team"""),
        ("permanence", "perm", "permanence", """
            table_id person_id cla_id adm_decision_date placed_for_adoption_date decision_reversed_date permanence_order_date
            permanence_order_type"""),
        ("cla_episodes", "clae", "cla_episodes", """
            cla_episode_id person_id cla_placement_id cla_episode_start_date cla_episode_start_reason cla_primary_need_code
            cla_episode_ceased_date cla_episode_ceased_reason cla_id referral_id entered_care_date"""),
        ("cla_placement", "clap", "cla_placements", """
            cla_placement_id cla_id person_id cla_placement_start_date cla_placement_type cla_placement_provider
            cla_placement_postcode cla_placement_end_date cla_placement_change_reason"""),
        ("cla_visits", "clav", "cla_visits", "cla_visit_id cla_id person_id cla_visit_date cla_visit_seen cla_visit_seen_alone"),
        ("legal_status", "lega", "legal_status", "legal_status_id person_id legal_status legal_status_start_date legal_status_end_date"),
        ("involvements", "invo", "involvements", """
            involvements_id professional_id professional_role_id professional_team person_id involvement_start_date
            involvement_end_date referral_id"""),
        ("professionals", "prof", "professionals", "professional_id agency_worker_flag full_time_equivalency"),
        ("department", "dept", "departments", "team_id team_name"),
    )
}  # fmt: skip


def known_by(name: str) -> str | None:
    """The table that a name in a database or a folder stands for, in any case and with or without `ssd_`."""
    plain = name.lower().removeprefix(PREFIX)
    return plain if plain in EXTRACTS else None
