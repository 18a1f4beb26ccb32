"""The elements of a children in need census as rows, before they are given their meaning.

One pass over each child, and over what stands outside of any: its rows belong to nobody, and are there to be rejected. Elements
are known by their names alone, in any case and namespace, since no name means two things but one (DateOfInitialCPC), and systems
differ in order and in what they wrap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.compute as pc  # type: ignore[import-untyped]  # ships no types

PERSON, CASE, ASSESSMENT, S47, PLAN, FACTOR, DISABILITY = range(7)
FIELDS: Mapping[str, Sequence[str]] = {
    "Child": ("LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate", "PersonDeathDate", "Sex", "GenderCurrent", "Ethnicity"),
    "CINdetails": (
        "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure", "ReferralNFA", "CaseInitialCPC",
    ),
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "Section47": ("S47ActualStartDate", "DateOfInitialCPC"),
    "ChildProtectionPlans": (
        "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP",
    ),
    "AssessmentFactors": ("AssessmentFactors",),  # these two are a row for each value
    "Disability": ("Disability",),
}  # fmt: skip
KINDS = tuple(FIELDS)
PARENT = (None, PERSON, CASE, CASE, CASE, ASSESSMENT, PERSON)  # of each kind

# Known, and without a table here. Those with a title are counted and named; the others are parts of them, wrap what is read, or
# are not to be read (numbers that identify a pupil).
NO_TABLE = {
    "cinplandates": "child in need plans",
    "cppreviewdate": "reviews of child protection plans",
    "preproceedingsandfgdm": "pre-proceedings",
}
PASSED_OVER = (
    *("upn", "formerupn", "upnunknown", "assessmentinternalreviewdate", "initialcpctarget", "icpcnotrequired"),
    *("cinplanstartdate", "cinplanenddate", "ppstartdate", "lbpsentdate", "fgdmmeetingoffer", "fgdmmeetingfac"),
    *("initialppmeetingdate", "reviewmeetingscount", "stepdecisiondate", "ppoutcome", "courtappdate", "letterinitcpdate"),
)
WRAPPERS = ("childidentifiers", "childcharacteristics", "disabilities", "factorsidentifiedatassessment", "reviews")
BATCH = 2_000  # children

# What an element is to the pass, beside being a field.
_PASSED, _COUNTED, _WRAPS, _CONFERENCE, _OPENS, _VALUE = range(6)  # the last two begin a row
Column = list[str | None]


@dataclass(frozen=True)
class Rows:
    """The elements of one name: a column of text for each of FIELDS, trimmed and '' where there was none.

    `number` counts the elements of the name through the file, from 1; `parent` is the position of the row it belongs to among
    those of the kind above.
    """

    number: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int32]
    text: pd.DataFrame


@dataclass
class Reader:
    """Takes elements one by one; `take` gives what they held, and the counters what had no place in it.

    Millions of elements pass here. So a value goes straight to the end of its column: a list or dict for each row would be
    garbage by the million, and collecting that takes longer than reading.
    """

    unknown: Counter[str] = field(default_factory=Counter)  # names of elements not in the census as known here
    no_table: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)  # rows that belong to none
    twice: int = 0
    stray: int = 0
    _columns: list[list[Column]] = field(default_factory=lambda: [[[] for _ in fields] for fields in FIELDS.values()])
    _parent: list[list[int]] = field(default_factory=lambda: [[] for _ in KINDS])
    _begun: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    _open: list[bool] = field(default_factory=lambda: [False] * len(KINDS))
    _known: dict[str, tuple[Column | None, int, int]] = field(default_factory=dict)  # its column or None, its kind, what it is
    _parts: list[list[list[pa.Array]]] = field(default_factory=lambda: [[] for _ in KINDS])

    def read(self, element: Any) -> None:
        """Read one child with all that it holds, or an element outside any child."""
        known, opened = self._known.get, self._open
        opened[:] = [False] * len(opened)
        for part in element.iter():
            tag = part.tag
            column, kind, what = known(tag) or self._learn(tag)
            if column is not None:
                text = part.text
                if text is not None:
                    if opened[kind] and column[-1] is None:
                        column[-1] = text
                    else:
                        self._misplaced(kind, tag)
            elif what >= _OPENS:
                self._row(kind, part.text, what)
            elif what != _PASSED:
                self._other(part, what)
            tail = part.tail
            if tail is not None and tail.strip():
                self.stray += 1
        if len(self._parent[PERSON]) >= BATCH:
            self._flush()

    def take(self) -> list[Rows]:
        """All that was read, by kind; rows that hold nothing, and nothing belongs to, are left out and counted in `empty`."""
        self._flush()
        rows = [_together(parts, FIELDS[name]) for name, parts in zip(KINDS, self._parts, strict=True)]
        for kind in reversed(range(len(KINDS))):
            self._drop_empty(rows, kind)
        return rows

    def _learn(self, tag: str) -> tuple[Column | None, int, int]:
        kind, what, at = _ELEMENTS.get(_local(tag), (-1, -1, -1))
        if what < 0:  # not remembered, so that each one is counted
            self.unknown[tag.rpartition("}")[2]] += 1
            return None, -1, _PASSED
        self._known[tag] = (self._columns[kind][at] if at >= 0 else None, kind, what)
        return self._known[tag]

    def _row(self, kind: int, text: str | None, what: int) -> None:
        """Begin a row; it belongs to the last of the kind above. Of a kind that is a row for each value, the text is its value."""
        above, opened = PARENT[kind], self._open
        belongs = above is None or opened[above]
        self._parent[kind].append(self._begun[above] - 1 if above is not None and belongs else -1)
        if not belongs:
            self.outside[KINDS[kind]] += 1
        value = text if what == _VALUE else None
        for column in self._columns[kind]:
            column.append(value)
        self._begun[kind] += 1
        opened[kind] = True
        if kind == CASE:
            opened[ASSESSMENT:FACTOR] = [False] * (FACTOR - ASSESSMENT)
        if text is not None and what == _OPENS and text.strip():
            self.stray += 1

    def _other(self, part: Any, what: int) -> None:
        """An element that is no field and begins no row."""
        if what == _CONFERENCE:
            self._conference(part)
        elif what == _COUNTED:
            self.no_table[NO_TABLE[_local(part.tag)]] += 1
        elif part.text is not None and part.text.strip():
            self.stray += 1

    def _conference(self, part: Any) -> None:
        """The one name that means two things: a conference after a section 47 enquiry, or of a case without one."""
        inside = self._known.get(part.getparent().tag) == (None, S47, _OPENS)
        kind = S47 if inside else CASE
        column = self._columns[kind][-1]
        if part.text and self._open[kind] and column[-1] is None:
            column[-1] = part.text
        elif part.text:
            self._misplaced(kind, part.tag)

    def _misplaced(self, kind: int, tag: str) -> None:
        if self._open[kind]:
            self.twice += 1
        else:
            self.unknown[f"{tag.rpartition('}')[2]} outside its record"] += 1

    def _flush(self) -> None:
        """Turn the columns so far into arrays, which take a fraction of the memory."""
        for kind, parent in enumerate(self._parent):
            if parent:
                self._parts[kind].append([pa.array(parent, pa.int32()), *map(_trimmed, self._columns[kind])])
                parent.clear()
                for column in self._columns[kind]:
                    column.clear()

    def _drop_empty(self, rows: list[Rows], kind: int) -> None:
        held = rows[kind]
        bare = np.array((held.text == "").all(axis=1), dtype=bool)
        below = [other for other, above in enumerate(PARENT) if above == kind]
        for other in below:
            bare[rows[other].parent[rows[other].parent >= 0]] = False
        if bare.any():
            self.empty[KINDS[kind]] += int(bare.sum())
            place = np.cumsum(~bare, dtype=np.int32) - 1
            rows[kind] = Rows(held.number[~bare], held.parent[~bare], held.text[~bare].reset_index(drop=True))
            for other in below:
                parent = rows[other].parent
                rows[other] = Rows(rows[other].number, np.where(parent >= 0, place[parent], -1), rows[other].text)


def _together(parts: list[list[pa.Array]], names: Sequence[str]) -> Rows:
    if not parts:
        none = np.zeros(0, dtype=np.int32)
        return Rows(none, none, pd.DataFrame({name: pd.Series([], dtype="str") for name in names}))
    columns = [pa.chunked_array(column) for column in zip(*parts, strict=True)]
    parts.clear()
    parent = columns[0].to_numpy()
    text = {name: pd.array(cells, dtype="str") for name, cells in zip(names, columns[1:], strict=True)}
    return Rows(np.arange(1, len(parent) + 1, dtype=np.int32), parent, pd.DataFrame(text))


def _trimmed(cells: Sequence[str | None]) -> pa.Array:
    return pc.fill_null(pc.utf8_trim_whitespace(pa.array(cells, pa.large_string())), "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


_ELEMENTS: Mapping[str, tuple[int, int, int]] = {  # kind, what it is, and the place of its column
    **{name.lower(): (kind, _VALUE, at) for kind, fields in enumerate(FIELDS.values()) for at, name in enumerate(fields)},
    **{name.lower(): (kind, _VALUE if kind >= FACTOR else _OPENS, -1) for kind, name in enumerate(KINDS)},
    **dict.fromkeys(WRAPPERS, (-1, _WRAPS, -1)),
    **dict.fromkeys(NO_TABLE, (-1, _COUNTED, -1)),
    **dict.fromkeys(PASSED_OVER, (-1, _PASSED, -1)),
    "dateofinitialcpc": (CASE, _CONFERENCE, -1),
}
