"""The lists of Annex A, and the headings by which each and its columns are known: matched loosely, since authorities vary them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One list: what it holds, the heading that no other list has, its columns, and those without which it says nothing.

    Patterns are searched for in a heading in small letters, with single spaces.
    """

    title: str
    mark: str
    columns: Mapping[str, str]
    needed: Sequence[str] = ("child",)


CHILD = {
    "child": r"child.*\bid\b|child.*identifier|unique id",
    "sex": r"^gender|^sex",
    "ethnicity": r"ethnic",
    "dob": r"date of birth|^dob\b",
    "disability": r"disab",
}
STAFF = {"team": r"allocated team|^team", "worker": r"allocated worker|^(social )?worker"}

LISTS: Mapping[int, Sheet] = {
    1: Sheet("contacts", r"contact source", {**CHILD, "day": r"date of contact", "source": r"contact source"}, ("child", "day")),
    2: Sheet("early help assessments", r"organisation completing", {**CHILD}),
    3: Sheet(
        "referrals",
        r"date of referral",
        {**CHILD, **STAFF, "day": r"date of referral", "source": r"referral source", "nfa": r"\bnfa\b|no further action"},
        ("child", "day"),
    ),
    4: Sheet(
        "assessments",
        r"assessment.*authoris",
        {
            **CHILD,
            **STAFF,
            "start": r"assessment start|start.*assessment",
            "end": r"authoris",
            "support": r"requir.*support",
        },
        ("child", "start"),
    ),
    5: Sheet(
        "section 47 enquiries and conferences",
        r"(strategy|section 47|s47).*start",
        {
            **CHILD,
            **STAFF,
            "start": r"(strategy|section 47|s47).*start",
            "conference": r"date of (the )?(initial|icpc)",
            "plan": r"result in",
        },
        ("child", "start"),
    ),
    6: Sheet(
        "children in need",
        r"case status|cin start",
        {
            **CHILD,
            **STAFF,
            "start": r"cin start",
            "need": r"primary need",
            "end": r"closure date|date.*clos",
            "reason": r"reason for clos",
        },
        ("child", "start"),
    ),
    7: Sheet(
        "child protection plans",
        r"protection plan start",
        {
            **CHILD,
            **STAFF,
            "start": r"plan start",
            "end": r"plan end",
            "first": r"initial category",
            "latest": r"latest category",
            "previous": r"previous",
        },
        ("child", "start"),
    ),
    8: Sheet(
        "children looked after",
        r"started to be looked after",
        {
            **CHILD,
            **STAFF,
            "start": r"started to be looked after",
            "need": r"category of need",
            "status_start": r"start.*legal status",
            "status": r"^(?!.*start).*legal status",
            "end": r"date ceased",
            "reason": r"reason ceased",
            "placed": r"start.*placement",
            "type": r"placement type",
            "provider": r"placement provider",
            "postcode": r"placement postcode",
        },
        ("child", "start"),
    ),
    9: Sheet(
        "care leavers",
        r"eligibility category|pathway plan",
        {
            **CHILD,
            **STAFF,
            "eligibility": r"eligibility",
            "in_touch": r"in touch",
            "accommodation": r"type of accommodation",
            "suitable": r"suitab",
            "activity": r"activity",
        },
    ),
    10: Sheet(
        "adoption",
        r"entered care",
        {
            **CHILD,
            "entered": r"entered care",
            "decision": r"^(?!.*no longer).*decision",
            "placed": r"date placed for adoption",
            "order": r"adoption order",
            "reversed": r"date.*no longer",
        },
        ("child", "entered"),
    ),
    11: Sheet("adopters", r"adopter.*identifier|stage 1", {"child": r"identifier"}),
}
DAYS = frozenset({"dob", "day", "start", "end", "conference", "status_start", "placed", "entered", "decision", "order", "reversed"})
NOT_READ = (2, 11)  # nothing that an indicator needs


def normal(heading: object) -> str:
    """A heading as the patterns are written for: small letters, single spaces, whatever line breaks it had."""
    return re.sub(r"\s+", " ", str(heading)).strip().lower() if heading is not None else ""


def columns(sheet: Sheet, headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands: the first heading that fits it."""
    found: dict[str, int] = {}
    for name, pattern in sheet.columns.items():
        at = next((at for at, heading in enumerate(headings) if heading and re.search(pattern, heading)), None)
        if at is not None and (name == "child" or at not in found.values()):
            found[name] = at
    return found


def which(headings: Sequence[str], title: str) -> int | None:
    """The list with these headings; where they fit none, or several, the one that the sheet's name says."""
    marked = [number for number, sheet in LISTS.items() if any(re.search(sheet.mark, heading) for heading in headings)]
    named = re.search(r"list\s*0*(\d+)", title.lower())
    if named and int(named[1]) in LISTS and (int(named[1]) in marked or not marked):
        return int(named[1])
    return max(marked, key=lambda number: len(columns(LISTS[number], headings)), default=None)
