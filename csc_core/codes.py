"""Code lists as people read them, and the groups made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

CODE_LISTS: Mapping[str, Mapping[str, str]] = {
    name: codes
    for name, codes in json.loads((files("csc_core") / "data" / "code_lists.json").read_text("utf-8")).items()
    if not name.startswith("_")
}

AGE_BANDS: Mapping[str, str] = {
    "unborn": "Unborn",
    "under 1": "Under 1",
    "1-4": "1 to 4",
    "5-9": "5 to 9",
    "10-15": "10 to 15",
    "16-17": "16 and 17",
    "18 and over": "18 and over",
}

CASE_STATUS: Mapping[str, str] = {
    "in_need": "In need (DfE's children in need)",
    "not_in_need": "Assessed as not in need, not yet closed",
    "decision_pending": "Decision pending: being assessed or awaiting assessment",
    "other": "Other: no assessment, or none with an outcome, is recorded",
}

ETHNIC_GROUP_TITLES: Mapping[str, str] = {
    "white": "White",
    "mixed": "Mixed",
    "asian": "Asian or Asian British",
    "black": "Black or Black British",
    "other": "Other ethnic group",
}

_GROUP_OF_FIRST_LETTER = {"W": "white", "M": "mixed", "A": "asian", "B": "black", "C": "asian", "O": "other"}

# The census's own grouping; refused and not yet obtained have no group and are counted as not known.
ETHNIC_GROUPS: Mapping[str, str] = {
    code: _GROUP_OF_FIRST_LETTER[code[0]] for code in CODE_LISTS["ethnicity"] if code not in ("REFU", "NOBT")
}

DISABILITY_TITLES: Mapping[str, str] = {"disabled": "Disabled", "not_disabled": "Not disabled"}

LEGAL_STATUS_TITLES: Mapping[str, str] = {
    "care_order": "Interim or full care order",
    "placement_order": "Placement or freeing order",
    "section_20": "Accommodated by agreement (section 20)",
    "protection": "Police protection or emergency order",
    "youth_justice": "Youth justice",
}

# DfE's grouping. Short breaks (V3, V4) have none: a child on them is not counted as looked after.
LEGAL_STATUS_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("C1", "C2"), "care_order"),
    **dict.fromkeys(("D1", "E1"), "placement_order"),
    "V2": "section_20",
    **dict.fromkeys(("L1", "L2", "L3"), "protection"),
    **dict.fromkeys(("J1", "J2", "J3"), "youth_justice"),
}

PLACEMENT_TYPE_TITLES: Mapping[str, str] = {
    "kinship": "Fostered by a relative or friend",
    "foster": "Fostered by others",
    "adoption": "Placed for adoption",
    "parents": "With own parents",
    "homes": "Children's home or semi-independent living",
    "school": "Residential school",
    "residential": "Other residential setting",
    "community": "Living independently",
    "temporary": "Temporary move",
    "other": "Other placement",
}

# DfE's grouping.
PLACEMENT_TYPE_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("U1", "U2", "U3"), "kinship"),
    **dict.fromkeys(("U4", "U5", "U6"), "foster"),
    **dict.fromkeys(("A3", "A4", "A5", "A6"), "adoption"),
    "P1": "parents",
    **dict.fromkeys(("K1", "K2", "H5"), "homes"),
    "S1": "school",
    **dict.fromkeys(("R1", "R2", "R3", "R5"), "residential"),
    **dict.fromkeys(("P2", "P3"), "community"),
    **dict.fromkeys(("T0", "T1", "T2", "T3", "T4"), "temporary"),
    "Z1": "other",
}

PLACEMENTS_BANDS: Mapping[str, str] = {"1": "1 placement", "2": "2 placements", "3 or more": "3 or more placements"}
