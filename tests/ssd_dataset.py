"""Case records as a Standard Safeguarding Dataset: every table and column of its public reference (version 1.4.4, as the Eclipse
extract makes them in PostgreSQL), filled from the case tables, with the extract's traps in it. Written from the reference, and
not from what the source reads: columns that must not be read hold PRIVATE.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from csc_core.tables import Records

PRIVATE = "Do not read me"
DDL = """
create table ssd_person (pers_legacy_id varchar(48), pers_person_id varchar(48), pers_upn varchar(13), pers_forename varchar(100),
    pers_surname varchar(255), pers_sex varchar(20), pers_gender varchar(10), pers_ethnicity varchar(48), pers_dob timestamp,
    pers_single_unique_id varchar(48), pers_upn_unknown varchar(6), pers_send_flag char(5), pers_expected_dob timestamp,
    pers_death_date timestamp, pers_is_mother char(1), pers_nationality varchar(48));
create table ssd_address (addr_table_id varchar(48), addr_person_id varchar(48), addr_address_type varchar(48),
    addr_address_start_date timestamp, addr_address_end_date timestamp, addr_address_postcode varchar(15), addr_address_json
    varchar(1000));
create table ssd_contacts (cont_contact_id varchar(48), cont_person_id varchar(48), cont_contact_date timestamp,
    cont_contact_source_code varchar(48), cont_contact_source_desc varchar(255), cont_contact_outcome_json varchar(4000));
create table ssd_cin_episodes (cine_referral_id varchar(48), cine_person_id varchar(48), cine_referral_date timestamp,
    cine_cin_primary_need_code varchar(3), cine_referral_source_code varchar(48), cine_referral_source_desc varchar(255),
    cine_referral_outcome_json varchar(4000), cine_referral_nfa char(1), cine_close_reason varchar(100), cine_close_date
    timestamp, cine_referral_team varchar(48), cine_referral_worker_id varchar(100));
create table ssd_cin_assessments (cina_assessment_id varchar(48), cina_person_id varchar(48), cina_referral_id varchar(48),
    cina_assessment_start_date timestamp, cina_assessment_child_seen char(1), cina_assessment_auth_date timestamp,
    cina_assessment_outcome_json varchar(1000), cina_assessment_outcome_nfa char(1), cina_assessment_team varchar(48),
    cina_assessment_worker_id varchar(100));
create table ssd_assessment_factors (cinf_table_id varchar(48), cinf_assessment_id varchar(48), cinf_assessment_factors_json
    text);
create table ssd_cin_plans (cinp_cin_plan_id varchar(48), cinp_referral_id varchar(48), cinp_person_id varchar(48),
    cinp_cin_plan_start_date timestamp, cinp_cin_plan_end_date timestamp, cinp_cin_plan_team varchar(48), cinp_cin_plan_worker_id
    varchar(100));
create table ssd_cin_visits (cinv_cin_visit_id varchar(48), cinv_person_id varchar(48), cinv_cin_visit_date timestamp,
    cinv_cin_visit_seen char(1), cinv_cin_visit_seen_alone char(1), cinv_cin_visit_bedroom char(1));
create table ssd_s47_enquiry (s47e_s47_enquiry_id varchar(48), s47e_referral_id varchar(48), s47e_person_id varchar(48),
    s47e_s47_start_date timestamp, s47e_s47_end_date timestamp, s47e_s47_nfa char(1), s47e_s47_outcome_json varchar(1000),
    s47e_s47_completed_by_team varchar(48), s47e_s47_completed_by_worker_id varchar(100));
create table ssd_initial_cp_conference (icpc_icpc_id varchar(48), icpc_icpc_meeting_id varchar(48), icpc_s47_enquiry_id
    varchar(48), icpc_person_id varchar(48), icpc_cp_plan_id varchar(48), icpc_referral_id varchar(48), icpc_icpc_transfer_in
    char(1), icpc_icpc_target_date timestamp, icpc_icpc_date timestamp, icpc_icpc_outcome_cp_flag char(1), icpc_icpc_outcome_json
    varchar(1000), icpc_icpc_team varchar(48), icpc_icpc_worker_id varchar(100));
create table ssd_cp_plans (cppl_cp_plan_id varchar(48), cppl_referral_id varchar(48), cppl_icpc_id varchar(48), cppl_person_id
    varchar(48), cppl_cp_plan_start_date timestamp, cppl_cp_plan_end_date timestamp, cppl_cp_plan_ola char(1),
    cppl_cp_plan_initial_category varchar(100), cppl_cp_plan_latest_category varchar(100));
create table ssd_cp_reviews (cppr_cp_review_id varchar(48), cppr_person_id varchar(48), cppr_cp_plan_id varchar(48),
    cppr_cp_review_due timestamp, cppr_cp_review_date timestamp, cppr_cp_review_meeting_id varchar(48),
    cppr_cp_review_outcome_continue_cp char(1), cppr_cp_review_quorate varchar(100), cppr_cp_review_participation varchar(100));
create table ssd_cla_episodes (clae_cla_episode_id varchar(48), clae_person_id varchar(48), clae_cla_placement_id varchar(48),
    clae_cla_episode_start_date timestamp, clae_cla_episode_start_reason varchar(100), clae_cla_primary_need_code varchar(3),
    clae_cla_episode_ceased_date timestamp, clae_cla_episode_ceased_reason varchar(255), clae_cla_id varchar(48), clae_referral_id
    varchar(48), clae_cla_last_iro_contact_date timestamp, clae_entered_care_date timestamp);
create table ssd_cla_placement (clap_cla_placement_id varchar(48), clap_cla_id varchar(48), clap_person_id varchar(48),
    clap_cla_placement_start_date timestamp, clap_cla_placement_type varchar(100), clap_cla_placement_urn varchar(48),
    clap_cla_placement_distance double precision, clap_cla_placement_provider varchar(48), clap_cla_placement_postcode varchar(8),
    clap_cla_placement_end_date timestamp, clap_cla_placement_change_reason varchar(100));
create table ssd_cla_visits (clav_cla_visit_id varchar(48), clav_cla_id varchar(48), clav_person_id varchar(48),
    clav_cla_visit_date timestamp, clav_cla_visit_seen char(1), clav_cla_visit_seen_alone char(1));
create table ssd_cla_reviews (clar_cla_review_id varchar(48), clar_cla_id varchar(48), clar_cla_review_due_date timestamp,
    clar_cla_review_date timestamp, clar_cla_review_cancelled char(1), clar_cla_review_participation varchar(100));
create table ssd_legal_status (lega_legal_status_id varchar(48), lega_person_id varchar(48), lega_legal_status varchar(100),
    lega_legal_status_start_date timestamp, lega_legal_status_end_date timestamp);
create table ssd_care_leavers (clea_table_id varchar(48), clea_person_id varchar(48), clea_care_leaver_eligibility varchar(100),
    clea_care_leaver_in_touch varchar(100), clea_care_leaver_latest_contact timestamp, clea_care_leaver_accommodation
    varchar(100), clea_care_leaver_accom_suitable varchar(100), clea_care_leaver_activity varchar(100),
    clea_pathway_plan_review_date timestamp, clea_care_leaver_personal_advisor varchar(100), clea_care_leaver_allocated_team
    varchar(48), clea_care_leaver_worker_id varchar(100));
create table ssd_permanence (perm_table_id varchar(48), perm_person_id varchar(48), perm_cla_id varchar(48),
    perm_adm_decision_date timestamp, perm_part_of_sibling_group char(1), perm_siblings_placed_together integer,
    perm_siblings_placed_apart integer, perm_ffa_cp_decision_date timestamp, perm_placement_order_date timestamp,
    perm_matched_date timestamp, perm_adopter_sex varchar(48), perm_adopter_legal_status varchar(100), perm_number_of_adopters
    integer, perm_placed_for_adoption_date timestamp, perm_adopted_by_carer_flag char(1), perm_placed_foster_carer_date timestamp,
    perm_placed_ffa_cp_date timestamp, perm_placement_provider_urn varchar(48), perm_decision_reversed_date timestamp,
    perm_decision_reversed_reason varchar(100), perm_permanence_order_date timestamp, perm_permanence_order_type varchar(100),
    perm_adoption_worker_id varchar(100));
create table ssd_involvements (invo_involvements_id varchar(48), invo_professional_id varchar(48), invo_professional_role_id
    varchar(200), invo_professional_team varchar(48), invo_person_id varchar(48), invo_involvement_start_date timestamp,
    invo_involvement_end_date timestamp, invo_worker_change_reason varchar(200), invo_referral_id varchar(48));
create table ssd_professionals (prof_professional_id varchar(48), prof_staff_id varchar(48), prof_professional_name varchar(300),
    prof_social_worker_registration_no varchar(48), prof_agency_worker_flag char(1), prof_professional_job_title varchar(500),
    prof_professional_caseload integer, prof_professional_department varchar(100), prof_full_time_equivalency double precision);
create table ssd_department (dept_team_id varchar(48), dept_team_name varchar(255), dept_team_parent_id varchar(48),
    dept_team_parent_name varchar(255));
create table ssd_missing (miss_table_id varchar(48), miss_person_id varchar(48), miss_missing_episode_start_date timestamp,
    miss_missing_episode_type varchar(100), miss_missing_episode_end_date timestamp, miss_missing_rhi_offered varchar(2),
    miss_missing_rhi_accepted varchar(2));
create table ssd_disability (disa_table_id varchar(48), disa_person_id varchar(48), disa_disability_code varchar(48));
create table ssd_immigration_status (immi_immigration_status_id varchar(48), immi_person_id varchar(48),
    immi_immigration_status_start_date timestamp, immi_immigration_status_end_date timestamp, immi_immigration_status
    varchar(100));
"""

COLUMNS: Mapping[str, list[str]] = {
    match[1]: re.findall(r"(\w{4}_\w+)\s", match[2]) for match in re.finditer(r"create table (\w+) \((.*?)\);", DDL, re.DOTALL)
}

# The dataset's table and prefix for each case table that it carries; columns have the same names but for the prefix.
CARRIES: Mapping[str, tuple[str, str]] = {
    "persons": ("ssd_person", "pers"),
    "disabilities": ("ssd_disability", "disa"),
    "addresses": ("ssd_address", "addr"),
    "contacts": ("ssd_contacts", "cont"),
    "cin_episodes": ("ssd_cin_episodes", "cine"),
    "cin_assessments": ("ssd_cin_assessments", "cina"),
    "s47_enquiries": ("ssd_s47_enquiry", "s47e"),
    "cp_plans": ("ssd_cp_plans", "cppl"),
    "cla_episodes": ("ssd_cla_episodes", "clae"),
    "cla_placements": ("ssd_cla_placement", "clap"),
    "cla_visits": ("ssd_cla_visits", "clav"),
    "legal_status": ("ssd_legal_status", "lega"),
    "care_leavers": ("ssd_care_leavers", "clea"),
    "permanence": ("ssd_permanence", "perm"),
    "involvements": ("ssd_involvements", "invo"),
    "professionals": ("ssd_professionals", "prof"),
    "departments": ("ssd_department", "dept"),
}
NOT_TO_READ = (
    "pers_upn", "pers_forename", "pers_surname", "pers_single_unique_id", "addr_address_json", "cine_referral_worker_id",
    "cina_assessment_outcome_json", "s47e_s47_outcome_json", "icpc_icpc_outcome_json", "prof_professional_name",
    "cine_referral_outcome_json", "clea_care_leaver_personal_advisor", "clap_cla_placement_urn",
)  # fmt: skip
EMPTY_IN_ECLIPSE = (
    "cont_contact_outcome_json", "cine_referral_team", "cppl_cp_plan_ola", "perm_adm_decision_date", "perm_matched_date",
    "perm_placed_for_adoption_date", "prof_professional_caseload", "prof_full_time_equivalency", "prof_agency_worker_flag",
    "prof_professional_job_title", "dept_team_parent_id", "dept_team_parent_name", "pers_send_flag",
)  # fmt: skip
WORDS = {"CASE_HOLDER": "Allocated worker", "CO_WORKER": "Co-worker", "HOME": "Home", "PLACEMENT": "Placement"}


def dataset(records: Records) -> dict[str, pd.DataFrame]:
    """The tables of the dataset, None where nothing is known."""
    rows = {name: raw.rows.replace("", None).astype(object) for name, raw in records.tables.items()}
    made = {table: _renamed(rows[name], prefix) for name, (table, prefix) in CARRIES.items() if name in rows}
    _one_row_for_each_care_leaver(made, rows)
    _composite_assessments(made, rows)
    _conferences(made, rows)
    _as_eclipse_writes(made)
    for table, frame in made.items():
        for column in COLUMNS[table]:
            if column in NOT_TO_READ:
                frame[column] = PRIVATE[:13] if column == "pers_upn" else PRIVATE
            elif column not in frame or column in EMPTY_IN_ECLIPSE:
                frame[column] = None
        made[table] = frame[COLUMNS[table]]
    return {table: made.get(table, pd.DataFrame(columns=columns)) for table, columns in COLUMNS.items()}


def _renamed(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    return rows.rename(columns=lambda column: f"{prefix}_{column}").reset_index(drop=True)


def _one_row_for_each_care_leaver(made: dict[str, pd.DataFrame], rows: Mapping[str, pd.DataFrame]) -> None:
    if "care_leavers" in rows:
        now = rows["care_leavers"]["status_end_date"].isna().to_numpy()
        made["ssd_care_leavers"] = made["ssd_care_leavers"][now].reset_index(drop=True)


def _composite_assessments(made: dict[str, pd.DataFrame], rows: Mapping[str, pd.DataFrame]) -> None:
    """Trap 2: the assessment's id is child and form, the factors' key to it the form alone. Trap 3: lists with empty places."""
    if "cin_assessments" not in rows:
        return
    assessments = rows["cin_assessments"].set_index("assessment_id")["person_id"]
    made["ssd_cin_assessments"]["cina_assessment_id"] = [f"{child}{form}" for form, child in assessments.items()]
    if "assessment_factors" in rows:
        lists = rows["assessment_factors"].groupby("assessment_id")["assessment_factor"].agg(list)
        made["ssd_assessment_factors"] = pd.DataFrame(
            {
                "cinf_table_id": [f"{assessments[form]}{form}" for form in lists.index],
                "cinf_assessment_id": list(lists.index),
                "cinf_assessment_factors_json": [json.dumps([None, *codes, None]) for codes in lists],
            }
        )


def _conferences(made: dict[str, pd.DataFrame], rows: Mapping[str, pd.DataFrame]) -> None:
    if "s47_enquiries" not in rows:
        return
    held = rows["s47_enquiries"][rows["s47_enquiries"]["icpc_date"].notna()]
    made["ssd_initial_cp_conference"] = pd.DataFrame(
        {
            "icpc_icpc_id": "M" + held["s47_enquiry_id"],
            "icpc_s47_enquiry_id": held["s47_enquiry_id"],
            "icpc_person_id": held["person_id"],
            "icpc_icpc_date": held["icpc_date"],
            "icpc_icpc_outcome_cp_flag": held["icpc_outcome_cp_flag"],
        }
    ).reset_index(drop=True)


def _as_eclipse_writes(made: dict[str, pd.DataFrame]) -> None:
    """Words for codes, and postcodes with their space removed (trap 9)."""
    for table, column in (("ssd_involvements", "invo_professional_role_id"), ("ssd_address", "addr_address_type")):
        if table in made:
            made[table][column] = made[table][column].replace(WORDS)
    if "ssd_address" in made:
        made["ssd_address"]["addr_address_postcode"] = made["ssd_address"]["addr_address_postcode"].str.replace(" ", "")


def carried(records: Records) -> Records:
    """The same records without what the dataset in Eclipse does not carry, loaded directly: what its figures must be."""
    lost = {
        "contacts": ["contact_outcome"],
        "cin_episodes": ["referral_team", "referral_worker_id"],
        "cin_assessments": ["assessment_outcome"],
        "cp_plans": ["cp_plan_ola", "number_of_previous_cp_plans"],
        "cla_episodes": ["home_postcode"],
    }
    tables = {name: raw for name, raw in records.tables.items() if name != "permanence"}
    for name, columns in lost.items():
        if name in tables:
            tables[name] = replace(tables[name], rows=tables[name].rows.assign(**dict.fromkeys(columns, "")))
    if "care_leavers" in tables:
        rows = tables["care_leavers"].rows
        day = records.as_at.date().isoformat() if records.as_at else ""
        tables["care_leavers"] = replace(tables["care_leavers"], rows=rows[rows["status_end_date"] == ""].assign(status_start_date=day))
    return replace(records, tables=tables)


def beside(records: Records) -> Records:
    """What a council loads beside it: its HR files, its list of teams, its health assessments."""
    names = ("posts", "professionals", "departments", "cla_health")
    return replace(records, tables={name: records.tables[name] for name in names if name in records.tables}, complete_from=None)

