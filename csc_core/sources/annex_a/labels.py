"""Cells of the workbook as the text of the case tables: codes out of labels ("b) Female"), days out of whatever Excel made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from csc_core.tables import CODES

CHOICE = re.compile(r"^\(?(?:[a-z]{1,2}[0-9]?|[0-9]{1,2})[).]\s*", re.IGNORECASE)  # the letter or number of a choice: "b) ", "(b) ", "2. "
DASHED = re.compile(r"^[a-z0-9]{1,2}\s*[:–-]\s*", re.IGNORECASE)  # that of a choice, or a code: "b - Female", "N1 - Abuse or neglect"
SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")  # Excel's number of a day, from 1927 to 2173
WRITTEN = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")

# What labels say in words, beside the titles of the code lists.
WORDS: Mapping[str, Mapping[str, str]] = {
    "sex": {
        "female": "F", "male": "M", "1": "M", "2": "F", "0": "U", "9": "U", "neither": "U", "indeterminate": "U", "unknown": "U",
        "not stated": "U", "not recorded": "U", "not stated/recorded": "U", "not stated/recorded (or unborn)": "U",
    },
    "yes_no": {"yes": "Y", "no": "N", "true": "Y", "false": "N", "1": "Y", "0": "N"},
    "cp_category": {
        "neglect": "NEG", "emotional": "EMO", "emotional abuse": "EMO", "physical": "PHY", "physical abuse": "PHY", "sexual": "SAB",
        "sexual abuse": "SAB", "multiple": "MUL", "multiple/not recommended": "MUL",
    },
    "care_leaver_eligibility": {
        "relevant": "RELEVANT", "relevant child": "RELEVANT", "former relevant": "FORMER_RELEVANT",
        "former relevant child": "FORMER_RELEVANT", "qualifying": "QUALIFYING", "qualifying care leaver": "QUALIFYING",
        "eligible": "ELIGIBLE", "eligible child": "ELIGIBLE",
    },
    "in_touch": {"yes": "YES", "no": "NO", "y": "YES", "n": "NO"},
    "referral_source": {"police": "6", "schools": "2A", "school": "2A", "anonymous": "9", "unknown": "10", "gp": "3A", "housing": "4"},
}  # fmt: skip


def text(cell: Any) -> str:
    """A cell as text: a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return day(cell)
    return str(cell).strip()


def day(cell: Any, epoch: datetime = datetime(1899, 12, 30)) -> str:
    """A cell as a day: a date, Excel's number of one, or text in the forms that people write; else the text as it stands."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d") if cell.year >= 1000 else str(cell)
    said = text(cell)
    if SERIAL.fullmatch(said):
        return (epoch + timedelta(days=int(float(said)))).strftime("%Y-%m-%d")
    for form in WRITTEN:
        try:
            return datetime.strptime(said, form).strftime("%Y-%m-%d")
        except ValueError:
            continue
    return said


def coded(labels: pd.Series[str], codes: str) -> pd.Series[str]:
    """The codes of a column of labels, each label looked up once."""
    return labels.map({label: code(label, codes) for label in labels.unique()}).astype("str")


def code(label: str, codes: str) -> str:
    """The code of a list that a label stands for; the label itself, without the letter of the choice, when it is none."""
    said = CHOICE.sub("", label.strip()) or label.strip()
    known = {one.upper(): one for one in CODES[codes]}
    words = {title.lower(): one for one, title in CODES[codes].items()} | dict(WORDS.get(codes, {}))
    texts = (said, DASHED.sub("", said))
    for text in texts:
        if found := known.get(text.upper()) or words.get(re.sub(r"\s+", " ", text.lower())):
            return found
    for text in texts:
        first = re.split(r"[\s:).–-]+", text, maxsplit=1)[0]
        found = known.get(first.upper())
        if found and (len(first) > 1 or first == found):  # a small letter is that of a choice
            return found
    choice = re.split(r"[).]", label.strip().removeprefix("("), maxsplit=1)[0]
    if choice in CODES[codes] and len(choice) > 1 and not choice.isdigit():  # "N1) Abuse": a code, and no choice's letter or number
        return choice
    return said
