"""The lists of Annex A, and the headings by which each and its columns are known: matched by their words, since authorities vary them.

A column is told by the words that its heading must have, in any order, and by those that it may have beside them. Words that mean
nothing here ("of", "the", "single", a system's name) are passed over. A word that means something in another column, or turns a
heading into another thing ("latest", "number", "review"), is not: so `Date of Latest Statutory Review` is no list's first day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

WHOSE = "child|person|client|unique|system|mosaic|lcs|ics|liquidlogic|eclipse|carefirst|azeus|frameworki"
CHILD = {
    "child": f"={WHOSE} id|reference|number ?la or =id ?number",
    "sex": "sex ?birth",
    "ethnicity": "ethnic ?category",
    "dob": "birth date",
    "disability": "disab",
}
WHO = ("sex", "ethnicity", "dob", "disability")
STAFF = {
    "team": "team ?worker ?latest ?referral ?assessment",
    "worker": "worker ?latest",
}


@dataclass(frozen=True)
class Sheet:
    """One list: its title, the table that has a row for each of its rows, the words of its sheet's name, its own columns, and what
    cannot be counted without it.

    `needed` are the columns without which it says nothing, each with its heading as Ofsted has it. `least` is how many of its own
    columns (or its name) tell it from another list.

    Words of a column: `a b|c ?d` must have a, and b or c, and may have d; `or` stands between two such wordings, the surer first;
    one with `=` before it has no other word at all.
    """

    title: str
    table: str
    name: str
    own: Mapping[str, str]
    needed: Mapping[str, str]
    without: str = ""
    common: Mapping[str, str] = field(default_factory=lambda: {**CHILD, **STAFF})
    least: int = 1

    @property
    def columns(self) -> Mapping[str, str]:
        return {**self.common, **self.own}


ID = {"child": "Child Unique ID"}
IN_CARE = "looked start ?date ?episode ?latest or care entered|start ?date ?episode ?latest"

LISTS: Mapping[int, Sheet] = {
    1: Sheet(
        "contacts",
        "contacts",
        "contact",
        {
            "day": "contact|enquiry date|received ?start ?initial",
            "source": "contact|enquiry source ?referral ?organisation ?type",
        },
        {**ID, "day": "Date of Contact"},
        "enquiries cannot be counted",
        CHILD,
    ),
    2: Sheet(
        "early help assessments",
        "",
        "early help ?assessment",
        {
            "start": "assessment start ?date ?early ?help",
            "end": "assessment complete|end|close ?date ?early ?help",
            "by": "organisation complete ?assessment ?early ?help",
        },
        ID,
        common=CHILD,
    ),
    3: Sheet(
        "referrals",
        "cin_episodes",
        "referral",
        {
            "day": "referral date|received ?start ?initial",
            "source": "referral source ?organisation ?type or referrer ?organisation ?type",
            "nfa": "nfa ?referral ?outcome ?result ?decision",
        },
        {**ID, "day": "Date of Referral"},
        "referrals are those of open cases only",
    ),
    4: Sheet(
        "assessments",
        "cin_assessments",
        "assessment",
        {
            "start": "assessment start ?date ?continuous ?single",
            "end": "authorised date ?assessment ?complete ?continuous ?single or assessment complete|end|close date ?continuous ?single",
            "support": "require|need support|service|services ?outcome ?assessment",
        },
        {**ID, "start": "Continuous Assessment Start Date"},
        "assessments cannot be counted",
    ),
    5: Sheet(
        "section 47 enquiries and conferences",
        "s47_enquiries",
        "s47 ?enquiry ?initial ?protection ?conference",
        {
            "start": "s47 start ?date ?enquiry ?strategy or strategy start ?date or s47|strategy date ?enquiry",
            "conference": "conference date ?initial ?protection",
            "plan": "result|outcome plan ?initial ?protection ?conference ?subject or conference plan ?initial ?protection ?subject",
        },
        {**ID, "start": "Strategy discussion initiating Section 47 Enquiry Start Date"},
        "section 47 enquiries and conferences cannot be counted",
    ),
    6: Sheet(
        "children in need",
        "cin_episodes",
        "cin",
        {
            "start": "cin start ?date ?plan ?case ?episode ?latest or cin open date ?case ?episode or case|episode start|open date",
            "need": "primary need ?category ?cin or need code|category ?cin",
            "end": "close date ?cin ?case ?episode ?plan or cin|case|episode end|cease date ?plan",
            "reason": "reason close|end|cease ?cin ?case ?episode ?plan",
            "status": "case status",
        },
        {**ID, "start": "CIN Start Date"},
        "open cases cannot be counted",
    ),
    7: Sheet(
        "child protection plans",
        "cp_plans",
        "protection ?plan",
        {
            "start": "plan start ?date ?protection ?subject ?latest or subject plan date ?protection",
            "end": "plan end|cease|close ?date ?protection ?subject ?latest",
            "first": "initial category ?abuse ?plan ?protection or category start ?abuse ?plan ?protection",
            "latest": "latest category ?abuse ?plan ?protection or category abuse|plan|protection",
            "previous": "previous plan ?number ?protection",
        },
        {**ID, "start": "Child Protection Plan Start Date"},
        "child protection plans cannot be counted",
    ),
    8: Sheet(
        "children looked after",
        "cla_episodes",
        "looked",
        {
            "start": IN_CARE,
            "need": "category need ?primary or primary need or need code",
            "status_start": "legal status start ?date ?latest or legal status date ?latest",
            "status": "legal status ?latest",
            "end": "looked cease|end ?date ?episode or care cease|end date ?episode",
            "reason": "reason cease|end looked|care ?episode",
            "placed": "placement start ?date ?latest or placement date ?latest",
            "type": "placement type ?latest",
            "provider": "provider ?placement ?type ?latest",
            "postcode": "placement postcode ?latest",
        },
        {**ID, "start": "Date Started to be Looked After"},
        "looked-after children cannot be counted",
    ),
    9: Sheet(
        "care leavers",
        "care_leavers",
        "leaver ?care or cease care",
        {
            "eligibility": "eligibility ?category ?leaver ?care ?status or leaver category|status ?care",
            "in_touch": "touch",
            "accommodation": "accommodation type ?latest or accommodation ?status ?latest",
            "suitable": "suitable ?accommodation ?latest",
            "activity": "activity ?status ?latest or eet status ?latest",
            "pathway": "pathway plan ?latest ?review ?date",
        },
        ID,
        "care leavers cannot be counted",
        least=2,
    ),
    10: Sheet(
        "adoption",
        "permanence",
        "adoption",
        {
            "entered": IN_CARE,
            "decision": "decision date ?placed ?adoption ?adm ?organisation or decision adoption ?placed ?adm or shobpa date",
            "placed": "placed adoption date or placement adoption date ?start or placed adopter date",
            "order": "adoption order date|granted",
            "reversed": "nolonger date ?decision ?placed ?adoption or decision reverse ?date ?adoption ?adm",
        },
        {**ID, "entered": "Date the Child Entered Care"},
        "adoptions cannot be counted",
        CHILD,
    ),
    11: Sheet(
        "adopters",
        "",
        "adopter",
        {
            "stage": "stage start ?date",
            "stage_end": "stage end ?date",
            "application": "application date|received|submitted|approved",
            "matched": "adopter match ?date",
            "enquiry": "enquiry date|received",
            "leaving": "cease adoption date",
        },
        {"child": "Individual adopter identifier"},
        common={"child": "id adopter ?individual ?unique"},
    ),
}
DAYS = frozenset({"dob", "day", "start", "end", "conference", "status_start", "placed", "entered", "decision", "order", "reversed"})
NOT_READ = (2, 11)  # nothing that an indicator needs

# Words that turn a heading into another thing, beside those that tell a column of some list.
TURNS = frozenset({
    "absent", "age", "already", "carer", "dental", "due", "education", "email", "family", "father", "fostering", "health", "home",
    "household", "interview", "iro", "manager", "missing", "mother", "next", "nhs", "panel", "parent", "parenting", "permanence",
    "personal", "phone", "pupil", "return", "review", "risk", "safety", "school", "seen", "sen", "sibling", "target", "telephone",
    "unsuitable", "upn", "urn", "visit",
})  # fmt: skip
FILLERS = frozenset({"a", "an", "for", "from", "in", "of", "on", "s", "the", "this", "to", "young"})

# What is said in several words, or for several words, as one; in this order.
PHRASES = tuple(
    (re.compile(rf"\b(?:{said})\b"), meant)
    for said, meant in (
        ("dob|d o b|birthdate|birthday", "birth date"),
        ("(?:section|sect|sec|s) ?47", "s47"),
        ("child(?:ren)? in need", "cin"),
        ("no longer", "nolonger"),
        ("no further action", "nfa"),
        ("yes no|y n", ""),
        ("no of|^no|no$", "number"),
        ("local authority", "la"),
        ("looked after|lac|cla", "looked"),
        ("social care|children s services", ""),
        ("cpps?", "protection plan"),
        ("icpcs?", "initial protection conference"),
        ("cpc", "protection conference"),
        ("cp", "protection"),
        ("post code", "postcode"),
        ("social worker|case ?worker|sw|practitioner", "worker"),
        ("framework i", "frameworki"),
        ("care first", "carefirst"),
    )
)
MEANT = {
    word: meant
    for meant, said in {
        "start": "started starts starting commence commenced commences commencement commencing began begin begins beginning begun became "
        "becoming initiated initiating",
        "end": "ended ends ending finish finished",
        "close": "closed closes closing closure",
        "cease": "ceased ceases ceasing cessation left leaving",
        "complete": "completed completes completing completion",
        "open": "opened opening",
        "authorised": "authorise authorising authorisation authorize authorized authorizing authorization",
        "id": "ids identifier identifiers identification",
        "child": "childs",
        "reference": "ref",
        "sex": "gender",
        "ethnic": "ethnicity",
        "disab": "disability disabilities disabled",
        "birth": "born",
        "date": "dates day",
        "number": "num nos",
        "referral": "referrals referred",
        "contact": "contacts",
        "enquiry": "enquiries inquiry",
        "assessment": "assessments",
        "plan": "plans",
        "placement": "placements",
        "conference": "conferences",
        "worker": "workers",
        "team": "teams",
        "leaver": "leavers",
        "latest": "last current currently recent present",
        "previous": "prior earlier past",
        "initial": "first",
        "require": "required requires requiring",
        "need": "needs needed needing",
        "result": "results resulted resulting",
        "suitable": "suitability suitably",
        "entered": "enter entry entering came",
        "adoption": "adopted adoptive",
        "adopter": "adopters",
        "match": "matched matching",
        "reverse": "reversed reversal rescinded",
        "reason": "reasons",
        "eligibility": "eligible",
        "review": "reviews reviewed",
        "visit": "visits visited",
        "organisation": "organization agency",
    }.items()
    for word in said.split()
}


def normal(heading: object) -> str:
    """A heading in small letters with single spaces, whatever line breaks it had."""
    return re.sub(r"\s+", " ", str(heading)).strip().lower() if heading is not None else ""


def columns(sheet: Sheet, headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands: the heading that fits it with the fewest words beside those that tell it, the first of such."""
    return _columns(sheet, [_words(heading) for heading in headings])


def _columns(sheet: Sheet, said: Sequence[frozenset[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, wordings in sheet.columns.items():
        fits = [(fit, at) for at, words in enumerate(said) if words and (fit := _fit(wordings, words))]
        if fits:
            found[name] = min(fits)[1]
    return found


def which(headings: Sequence[str], title: str) -> int | None:
    """The list that has most of these headings; the sheet's name counts as one more."""
    numbered, name = re.search(r"list\s*0*(\d+)", title.lower()), _words(normal(title))
    said = [_words(heading) for heading in headings]
    best: tuple[tuple[bool, int, int], int] | None = None
    for number, sheet in LISTS.items():
        found = _columns(sheet, said)
        own = len(found.keys() & sheet.own.keys())
        own += int(numbered[1]) == number if numbered else _fit(sheet.name, name) is not None
        rank = ("child" in found, own, len(found))
        if own >= sheet.least and (best is None or rank > best[0]):
            best = (rank, number)
    return best[1] if best else None


def _words(heading: str) -> frozenset[str]:
    """The words of a heading, those that mean the same made one; none where they cannot tell a column, as in most cells of a row."""
    said = " ".join(re.findall(r"[a-z0-9]+", heading))
    for phrase, meant in PHRASES:
        said = phrase.sub(meant, said)
    words = frozenset(MEANT.get(word, word) for word in said.split())
    return words if words & _telling() else frozenset()


@dataclass(frozen=True)
class _Wording:
    """One way to word a heading: of each of `must` one word, of `may` any; and no other word at all where it is `whole`."""

    must: Sequence[frozenset[str]]
    may: frozenset[str]
    words: frozenset[str]  # both
    whole: bool


@cache
def _wordings(column: str) -> Sequence[_Wording]:
    made = []
    for one in column.split(" or "):
        words = one.removeprefix("=").split()
        must = [frozenset(word.split("|")) for word in words if not word.startswith("?")]
        may = frozenset(word[1:] for word in words if word.startswith("?"))
        made.append(_Wording(must, may, may.union(*must), one.startswith("=")))
    return made


@cache
def _telling() -> frozenset[str]:
    """Every word that tells a column of some list, or turns it into another thing. Whose it is, or that it is a code, tells nothing."""
    told = [wording.words for sheet in LISTS.values() for column in sheet.columns.values() for wording in _wordings(column)]
    return TURNS.union(*told) - {"code", "la", *WHOSE.split("|")}


def _fit(column: str, words: frozenset[str]) -> tuple[int, int, int] | None:
    """How loosely a heading fits a column (less is closer), None where it does not."""
    for place, wording in enumerate(_wordings(column)):
        if any(one.isdisjoint(words) for one in wording.must):
            continue
        others = words - wording.words - FILLERS
        if not (others if wording.whole else others & _telling()):
            return place, len(others), len(words & wording.may)
    return None
