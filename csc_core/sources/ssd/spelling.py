"""Codes as systems write them, in the spelling of the code lists. What is not understood stays, for the door to list."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from csc_core.tables import CODES, Table
from csc_core.text import held_once, mapped

CODE_THEN_WORDS = re.compile(r"([A-Z0-9]+)\s*(?:[-–:.)]\s*|\s)\S.*", re.DOTALL)

# Spellings besides the code itself, its title, and the code with words after it ("RC8 - Case closed").
SPELT: Mapping[str, Mapping[str, str]] = {
    "yes_no": {**dict.fromkeys(("1", "TRUE", "T"), "Y"), **dict.fromkeys(("0", "FALSE", "F"), "N")},
    "sex": {"1": "M", "2": "F", **dict.fromkeys(("0", "9", "I", "UNKNOWN", "NOT KNOWN", "UNBORN", "INDETERMINATE"), "U")},
    "cp_category": {"EMOTIONAL": "EMO", "PHYSICAL": "PHY", "SEXUAL": "SAB", "MULTIPLE": "MUL"},
    "in_touch": {"Y": "YES", "N": "NO", "1": "YES", "0": "NO", "TRUE": "YES", "FALSE": "NO"},
    "role": {
        **dict.fromkeys(
            ("ALLOCATED WORKER", "ALLOCATED CASE WORKER", "ALLOCATED CASEWORKER", "ALLOCATED SOCIAL WORKER", "CASE WORKER", "CASEWORKER",
             "KEY WORKER", "KEYWORKER", "LEAD WORKER", "LEAD PROFESSIONAL"), "CASE_HOLDER"),
        **dict.fromkeys(("CO WORKER", "COWORKER", "SECOND WORKER", "SECONDARY WORKER"), "CO_WORKER"),
        **dict.fromkeys(("PERSONAL ADVISOR", "PA"), "PERSONAL_ADVISER"),
        **dict.fromkeys(("IRO", "REVIEWING OFFICER"), "REVIEWING_OFFICER"),
    },
    "care_leaver_eligibility": {
        **{f"{word} {tail}".strip(): code
           for word, code in (("RELEVANT", "RELEVANT"), ("FORMER RELEVANT", "FORMER_RELEVANT"), ("QUALIFYING", "QUALIFYING"),
                              ("ELIGIBLE", "ELIGIBLE"))
           for tail in ("", "CHILD", "CARE LEAVER", "YOUNG PERSON")},
    },
    "permanence_order_type": {"ADOPTION ORDER": "ADOPTION", "SPECIAL GUARDIANSHIP ORDER": "SGO", "CHILD ARRANGEMENTS ORDER": "CAO"},
}  # fmt: skip


def spelt(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The rows with every code column in the spelling of its list."""
    known = {column.name: column.codes for column in table.columns if column.codes and column.name in rows}
    return rows.assign(**{name: _column(rows[name], codes) for name, codes in known.items()})


def code(value: str, codes: str) -> str:
    """One value as the code it means; as it stands where it means none."""
    said = " ".join(value.split()).upper()
    spellings = _spellings(codes)
    if said in spellings:
        return spellings[said]
    first = CODE_THEN_WORDS.fullmatch(said)
    return spellings[first[1]] if first and first[1] in CODES[codes] else value


def _column(values: pd.Series[str], codes: str) -> pd.Series[str]:
    once = held_once(values)
    return mapped(once, [code(text, codes) for text in once.cat.categories])


def _spellings(codes: str) -> Mapping[str, str]:
    listed = CODES[codes]
    titles = {title.upper(): one for one, title in listed.items()}
    return {**titles, **SPELT.get(codes, {}), **{one.upper(): one for one in listed}}
