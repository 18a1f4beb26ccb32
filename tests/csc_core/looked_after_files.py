"""Case tables written as the files of a looked-after return, by rules of their own: nothing here knows how the source reads them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from csc_core.tables import Records
from tests.csc_core.census_file import by, rows

COLUMNS: Mapping[str, Sequence[str]] = {
    "Header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "Episodes": (
        "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
    ),
    "OC3": ("CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"),
    "AD1": ("CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
    "PlacedAdoption": ("CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
}  # fmt: skip
Files = dict[str, list[dict[str, str]]]


def uk(day: str) -> str:
    return f"{day[8:]}/{day[5:7]}/{day[:4]}" if day else ""


def files(records: Records, day: str) -> Files:
    """What the return can carry of the records."""
    persons = {row["person_id"]: row for row in rows(records, "persons")}
    looked_after = {row["person_id"] for row in rows(records, "cla_episodes")}
    leavers = {
        row["person_id"]: row
        for row in rows(records, "care_leavers")
        if row["status_start_date"] <= day and not ended(row["status_end_date"], day)
        and row["care_leaver_eligibility"] not in ("ELIGIBLE", "QUALIFYING")
    }  # fmt: skip
    adopting = {row["person_id"]: row for row in rows(records, "permanence") if row["adm_decision_date"]}

    def header(row: Mapping[str, str]) -> dict[str, str]:
        sex = {"M": "1", "F": "2"}.get(row["sex"], "")
        return {"CHILD": row["person_id"], "SEX": sex, "DOB": uk(row["dob"]), "ETHNIC": row["ethnicity"], "UPN": "UN1", "MOTHER": "0"}

    def oc3(row: Mapping[str, str]) -> dict[str, str]:
        kind, suitable = row["care_leaver_accommodation"], row["care_leaver_accom_suitable"]
        return {
            "CHILD": row["person_id"],
            "DOB": uk(persons[row["person_id"]]["dob"]),
            "IN_TOUCH": row["care_leaver_in_touch"],
            "ACTIV": row["care_leaver_activity"],
            "ACCOM": kind if kind in ("", "0") else kind + {"Y": "1", "N": "2"}[suitable],
        }

    return {
        "Header": [header(row) for child, row in persons.items() if child in looked_after | leavers.keys() | adopting.keys()],
        "Episodes": [episode for child in looked_after for episode in episodes(records, child)],
        "OC3": [oc3(row) for row in leavers.values()],
        "PlacedAdoption": [
            {
                "CHILD": child,
                "DOB": uk(persons[child]["dob"]),
                "DATE_PLACED": uk(row["adm_decision_date"]),
                "DATE_PLACED_CEASED": uk(row["decision_reversed_date"]),
            }
            for child, row in adopting.items()
        ],
        "AD1": [],
    }


def home(homes: Iterable[Mapping[str, str]], episode: Mapping[str, str]) -> str:
    """The postcode on entry to care: the episode's own, else that of the last home before it."""
    before = [row for row in homes if row["address_start_date"] <= episode["entered_care_date"] and row["address_type"] != "PLACEMENT"]
    last = max(before, key=lambda row: row["address_start_date"], default={"address_postcode": ""})
    return episode["home_postcode"] or last["address_postcode"]


_INDEX: dict[int, tuple[Mapping[str, list[dict[str, str]]], ...]] = {}


def _index(records: Records) -> tuple[Mapping[str, list[dict[str, str]]], ...]:
    if id(records) not in _INDEX:
        _INDEX.clear()
        _INDEX[id(records)] = (
            by("person_id", rows(records, "cla_episodes")),
            by("person_id", rows(records, "legal_status")),
            by("cla_placement_id", rows(records, "cla_placements")),
            by("person_id", rows(records, "addresses")),
        )
    return _INDEX[id(records)]


def episodes(records: Records, child: str) -> Iterable[dict[str, str]]:
    """The child's episodes, cut where the legal status changed within one."""
    of_child, statuses, placements, homes = _index(records)
    for episode in of_child[child]:
        begin, end = episode["cla_episode_start_date"], episode["cla_episode_ceased_date"]
        changes = {row[name] for row in statuses[child] for name in ("legal_status_start_date", "legal_status_end_date")}
        cuts = sorted(day for day in changes if begin < day and (not end or day < end))
        (placement,) = placements[episode["cla_placement_id"]] or [{}]
        for number, (first, last) in enumerate(zip([begin, *cuts], [*cuts, end], strict=True)):
            held = [row for row in statuses[child] if not ended(row["legal_status_end_date"], first)]
            status = [row for row in held if row["legal_status_start_date"] <= first]
            whole = last == end
            yield {
                "CHILD": child,
                "DECOM": uk(first),
                "RNE": "L" if number else episode["cla_episode_start_reason"],
                "LS": max(status, key=lambda row: row["legal_status_start_date"])["legal_status"] if status else "",
                "CIN": episode["cla_primary_need_code"],
                "PLACE": placement.get("cla_placement_type", ""),
                "PLACE_PROVIDER": placement.get("cla_placement_provider", ""),
                "DEC": uk(last),
                "REC": episode["cla_episode_ceased_reason"] if whole else "X1",
                "REASON_PLACE_CHANGE": placement.get("cla_placement_change_reason", "") if whole else "",
                "HOME_POST": home(homes[child], episode),
                "PL_POST": placement.get("cla_placement_postcode", ""),
            }


def ended(end: str, day: str) -> bool:
    return bool(end) and end <= day


def written(found: Files, folder: Path) -> Path:
    """The return as a folder of CSV files, under names that say nothing."""
    for number, (name, records) in enumerate(found.items()):
        with (folder / f"export{number}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, [*COLUMNS[name], "LOCAL_REF"], restval="")
            out.writeheader()
            out.writerows(records)
    return folder


def xml(found: Files) -> str:
    """The return as XML: a child with a header in which the outcomes are, and its episodes."""

    def fields(row: Mapping[str, str], leave: Sequence[str] = ()) -> str:
        names = {name: {"CHILD": "CHILDID", "PLACE": "PL"}.get(name, name) for name in row if row[name] and name not in leave}
        return "".join(f"<{tag}>{escape(row[name])}</{tag}>" for name, tag in names.items())

    def child(row: Mapping[str, str]) -> str:
        own = {name: [other for other in found[name] if other["CHILD"] == row["CHILD"]] for name in found}
        outcomes = "".join(fields(other, ("CHILD", "DOB")) for other in own["OC3"])
        placed = "".join(f"<AD_PLACED>{fields(other, ('CHILD', 'DOB'))}</AD_PLACED>" for other in own["PlacedAdoption"])
        header = f"<HEADER>{fields(row)}{outcomes}{placed}</HEADER>"
        return "<CHILD>" + header + "".join(f"<EPISODE>{fields(other, ('CHILD',))}</EPISODE>" for other in own["Episodes"]) + "</CHILD>"

    return "<SSDA903>" + "\n".join(map(child, found["Header"])) + "</SSDA903>"

