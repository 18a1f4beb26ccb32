"""Case tables written as a children in need census, by rules of their own: nothing here knows how the source reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from csc_core.tables import Records

Row = Mapping[str, str]


def rows(records: Records, table: str) -> list[dict[str, str]]:
    return records.tables[table].rows.to_dict("records") if table in records.tables else []  # type: ignore[return-value]  # all text


def by(key: str, all_rows: Iterable[dict[str, str]]) -> Mapping[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in all_rows:
        found[row[key]].append(row)
    return found


def tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def message(children: Iterable[str], reference: str = "2018-03-31", written: str = "2017-12-31T23:40:00") -> str:
    return (
        "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
        f"<Year>{reference[:4]}</Year><ReferenceDate>{reference}</ReferenceDate></CollectionDetails>"
        f"<Source><SourceLevel>L</SourceLevel><LEA>878</LEA><DateTime>{written}</DateTime></Source></Header>\n"
        "<Children>\n" + "\n".join(children) + "\n</Children></Message>\n"
    )


def census(records: Records) -> str:
    """What the census can carry of the records, a line for each child."""
    cases = by("person_id", rows(records, "cin_episodes"))
    disabled = by("person_id", rows(records, "disabilities"))
    below = {name: by("referral_id", rows(records, name)) for name in ("cin_assessments", "s47_enquiries", "cp_plans")}
    factors = by("assessment_id", rows(records, "assessment_factors"))

    def assessment(row: Row) -> str:
        found = "".join(tag("AssessmentFactors", factor["assessment_factor"]) for factor in factors[row["assessment_id"]])
        return (
            "<Assessments>"
            + tag("AssessmentActualStartDate", row["assessment_start_date"])
            + tag("AssessmentAuthorisationDate", row["assessment_auth_date"])
            + (f"<FactorsIdentifiedAtAssessment>{found}</FactorsIdentifiedAtAssessment>" if found else "")
            + "</Assessments>"
        )

    def s47(row: Row) -> str:
        return f"<Section47>{tag('S47ActualStartDate', row['s47_start_date'])}{tag('DateOfInitialCPC', row['icpc_date'])}</Section47>"

    def plan(row: Row) -> str:
        return (
            "<ChildProtectionPlans>"
            + tag("CPPstartDate", row["cp_plan_start_date"])
            + tag("CPPendDate", row["cp_plan_end_date"])
            + tag("InitialCategoryOfAbuse", row["cp_plan_initial_category"])
            + tag("LatestCategoryOfAbuse", row["cp_plan_latest_category"])
            + tag("NumberOfPreviousCPP", row["number_of_previous_cp_plans"])
            + "</ChildProtectionPlans>"
        )

    def case(row: Row) -> str:
        return (
            "<CINdetails>"
            + tag("CINreferralDate", row["referral_date"])
            + tag("ReferralSource", row["referral_source_code"])
            + tag("PrimaryNeedCode", row["cin_primary_need_code"])
            + tag("CINclosureDate", row["close_date"])
            + tag("ReasonForClosure", row["close_reason"])
            + "".join(map(assessment, below["cin_assessments"][row["referral_id"]]))
            + "".join(map(s47, below["s47_enquiries"][row["referral_id"]]))
            + tag("ReferralNFA", {"Y": "true", "N": "false"}.get(row["referral_nfa"], ""))
            + "".join(map(plan, below["cp_plans"][row["referral_id"]]))
            + "</CINdetails>"
        )

    def child(row: Row) -> str:
        return (
            "<Child><ChildIdentifiers>"
            + tag("LAchildID", row["person_id"])
            + tag("PersonBirthDate", row["dob"])
            + tag("ExpectedPersonBirthDate", row["expected_dob"])
            + tag("GenderCurrent", {"M": "1", "F": "2", "U": "0"}.get(row["sex"], ""))
            + tag("PersonDeathDate", row["death_date"])
            + "</ChildIdentifiers><ChildCharacteristics>"
            + tag("Ethnicity", row["ethnicity"])
            + "".join(tag("Disability", one["disability_code"]) for one in disabled[row["person_id"]])
            + "</ChildCharacteristics>"
            + "".join(map(case, cases[row["person_id"]]))
            + "</Child>"
        )

    return message(map(child, rows(records, "persons")))


def written(records: Records, folder: Path, homes: bool = True) -> Path:
    """The census as a file, and the addresses beside it."""
    path = folder / "census.xml"
    path.write_text(census(records), "utf-8")
    if homes:
        lines = ["child_id,postcode,start_date,end_date,address_type"]
        lines += [
            ",".join(row[name] for name in ("person_id", "address_postcode", "address_start_date", "address_end_date", "address_type"))
            for row in rows(records, "addresses")
        ]
        (folder / "addresses.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return path
