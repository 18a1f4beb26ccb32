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
