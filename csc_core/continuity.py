"""Two case systems as one series: the history of the one before, and the records of the one that took over on the cut-over day.

What began before that day is the earlier source's, what began on it or later the later source's. An episode that was open on the day is in
both: the same child and the same first day make it one, with its end from the later source. Whatever one of them has and is not
counted is listed with the reason. Records of the earlier system get ids of their own, since two systems may number alike.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from csc_core.check import Checked
from csc_core.tables import CHILD, NOT_SUPPLIED, TABLES, Finding, Records, Table, Unusable, referred_to_first, shown

SHARED = ("professionals", "departments")  # who and which team: numbered alike in both, or not, without a count changing
EARLIER = "history "  # before the id of each record of the earlier system
HEADINGS = ("old_id", "old id", "old")
Side = Literal["earlier", "later"]


@dataclass(frozen=True)
class History:
    """The records of the system before, the ids of its children in the later one (empty where both use the same), and the day."""

    records: Records
    same: Mapping[str, str]
    cut_over: date


def mapping(path: Path) -> dict[str, str]:
    """The file of old id and new id, a line each. Raises Unusable where an id would lead to two children, or in a circle."""
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(path.read_text("utf-8-sig").splitlines())]
    except (OSError, ValueError) as error:
        raise Unusable(f"The ids in {path} cannot be read: {getattr(error, 'strerror', None) or 'they are not text in UTF-8'}.") from error
    same: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not any(line) or (number == 1 and line[0].lower() in HEADINGS):
            continue
        if len(line) < 2 or not line[0] or not line[1]:
            raise Unusable(f"Line {number} of {path} is not an old id and a new id.")
        old, new = line[:2]
        if same.setdefault(old, new) != new:
            raise Unusable(f"{path} gives {shown(old)} two new ids, {shown(same[old])} and {shown(new)}: a child can have one.")
    try:
        TopologicalSorter({old: {new} for old, new in same.items() if old != new}).prepare()
    except CycleError as error:
        circle = " to ".join(map(shown, reversed(error.args[1])))
        raise Unusable(
            f"{path} leads in a circle, {circle}: if the two systems number alike, put a mark before the old ids, here and in the history."
        ) from None
    return same


def together(history: History, records: Records, said: tuple[str, ...]) -> Records:
    """What the two say of themselves, as one; their tables are no longer needed."""
    before = history.records
    return replace(
        before,
        tables={**before.tables, **records.tables},
        source=f"{before.source} until {history.cut_over} and {records.source}",
        synthetic=before.synthetic and records.synthetic,
        complete_from=before.complete_from,
        notes=(*before.notes, *records.notes, *said),
        taken=(*before.sources, *records.sources),
    )


def joined(history: History, before: Checked, after: Checked) -> tuple[Checked, tuple[str, ...]]:
    """Both as one, and what there is to say: `before` are the checked records of the history, `after` those of the later source."""
    notes = _mapped(history, before, after)
    series = _Series(history.cut_over, _renamed(before.frames, history.same), dict(after.frames), before.supplied, after.supplied)
    frames = {name: series.table(TABLES[name]) for name in referred_to_first() if name != "assessment_factors"}
    frames["assessment_factors"] = series.factors(frames["cin_assessments"])
    checked = Checked(
        frames={name: frames[name].reset_index(drop=True) for name in TABLES},
        findings=(*_of("earlier", before.findings, history.same), *_of("later", after.findings, {}), *series.found),
        counts=_counts(before, after, series.found),
        supplied=before.supplied | after.supplied,
        as_at=after.as_at or before.as_at,
        sources=(*before.sources, *(replace(one, begins=None) for one in after.sources)),  # the history is there to look back on
    )
    return checked, (*notes, *series.notes())


def _counts(before: Checked, after: Checked, found: Sequence[Finding]) -> pd.DataFrame:
    """The rows of each table and source; those of one that are not counted because of the other are among those rejected."""
    dropped = Counter((one.table, one.file.rpartition(" ")[2]) for one in found if one.outcome == "rejected")
    sides = []
    for side, checked in (("(earlier)", before), ("(later)", after)):
        used = checked.counts["not_used"] == 0
        more = [dropped[name, side] if counts else 0 for name, counts in zip(checked.counts["table"], used, strict=True)]
        sides.append(checked.counts.assign(kept=checked.counts["kept"] - more, rejected=checked.counts["rejected"] + more))
    counts = pd.concat(sides, ignore_index=True)
    there = counts["source"] != NOT_SUPPLIED
    counts = counts[there | ~(counts["table"].isin(counts.loc[there, "table"]) | counts["table"].duplicated())]
    return counts.sort_values("table", key=lambda names: names.map([*TABLES].index), kind="stable", ignore_index=True)


def _of(side: Side, findings: tuple[Finding, ...], same: Mapping[str, str]) -> list[Finding]:
    return [replace(one, file=f"{one.file} ({side})", child=same.get(one.child, one.child)) for one in findings]


def _mapped(history: History, before: Checked, after: Checked) -> list[str]:
    """What is odd about the ids. Raises Unusable where an id could be two children."""
    if not history.same:
        return []
    old, new = set(before.frames["persons"][CHILD]), set(after.frames["persons"][CHILD])
    clash = sorted((old - history.same.keys()) & new)
    if clash:
        first = shown(clash[0])
        who = f"{len(clash):,} children of the history who are not among the ids given have ids that the later source uses too, such as"
        if len(clash) == 1:
            who = "A child of the history who is not among the ids given has an id that the later source uses too,"
        raise Unusable(f"{who} {first}: if it is the same child, give the line {first},{first}.")
    known = len(old & history.same.keys())
    children, have = "child" if len(old) == 1 else "children", "has" if known == 1 else "have"
    notes = [f"Of the {len(old):,} {children} of {history.records.source}, {known:,} {have} an id in the later source."]
    for words, lost in (
        ("an old id that the history does not have", sorted(history.same.keys() - old)),
        ("a new id that the later source does not have", sorted({*history.same.values()} - new)),
    ):
        if lost:
            name = "names" if len(lost) == 1 else "name"
            notes.append(f"{len(lost):,} of the ids given {name} {words}, such as {shown(lost[0])}.")
    return notes


def _renamed(frames: Mapping[str, pd.DataFrame], same: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The history with the children's new ids and record ids of its own."""
    renamed = {}
    for name, frame in frames.items():
        own = {column: EARLIER + frame[column] for column in _record_ids(TABLES[name])}
        child = {CHILD: frame[CHILD].map(lambda id: same.get(id, id)).astype("str")} if CHILD in frame else {}
        renamed[name] = frame.assign(**own, **child)
    return renamed


def _record_ids(table: Table) -> list[str]:
    if table.name in ("persons", "posts", *SHARED):
        return []
    return [c.name for c in table.columns if c.kind == "id" and c.name != CHILD and c.refers_to not in SHARED]


@dataclass
class _Series:
    cut_over: date
    before: Mapping[str, pd.DataFrame]
    after: dict[str, pd.DataFrame]
    in_before: frozenset[str]
    in_after: frozenset[str]

    def __post_init__(self) -> None:
        self.found: list[Finding] = []
        self.one: dict[str, dict[str, str]] = {}  # by column: an id of the later source, and that of the same thing in the earlier
        self.day = pd.Timestamp(self.cut_over)

    def table(self, table: Table) -> pd.DataFrame:
        """One table of the series; those that it refers to must have been joined before."""
        name = table.name
        earlier, later = self.before[name], self.after[name]
        start = next((column.name for column in table.columns if column.kind == "date" and column.required and column.event), None)
        if name not in self.in_before or name not in self.in_after:
            return pd.concat([earlier, self._point(table, later)])
        if name == "persons":
            both = pd.concat([earlier, later])
            return both.groupby(CHILD, sort=False).last().reset_index()[list(later)].astype(later.dtypes)
        if CHILD not in later or start is None:
            key = CHILD if CHILD in later else table.key
            return pd.concat([self._kept(table, earlier, earlier[key].isin(later[key]), "earlier", "is in the later source too"), later])
        return self._by_day(table, start)

    def _by_day(self, table: Table, start: str) -> pd.DataFrame:
        earlier, later = self.before[table.name], self.after[table.name]
        late = earlier[start] >= self.day
        earlier = self._kept(table, earlier, late, "earlier", f"begins on or after the cut-over, {self.cut_over}: the later source has it")
        old = later[later[start] < self.day]
        pairs = _numbered(earlier, start).merge(_numbered(old, start), on=[CHILD, start, "number"], suffixes=("", "_later"))
        for name in {table.key, "cla_id"} & {*later.columns}:
            ids = zip(later.loc[pairs["at_later"], name], earlier.loc[pairs["at"], name], strict=True)
            self.one.setdefault(name, {}).update((new, old) for new, old in ids if not pd.isna(new) and not pd.isna(old))
        end = next((column.name for column in table.columns if column.not_before == start), None)
        goes_on = later[end].isna() | (later[end] >= self.day) if end else pd.Series(False, index=later.index)
        is_old, paired = later[start] < self.day, later.index.isin(pairs["at_later"])
        merged = self._merged(table, earlier, later, pairs)
        gone = is_old & ~paired & ~goes_on
        kept = self._kept(table, later, pd.Series(paired, index=later.index), "later", "is in the earlier source too, and counted once")
        kept = self._kept(table, kept, gone, "later", f"is before the cut-over, {self.cut_over}, and not in the earlier source")
        self._list(table, kept[(is_old & goes_on).loc[kept.index]], "later", "kept",
                   "began before the cut-over and is not in the earlier source on that day: kept, since it goes on")  # fmt: skip
        return pd.concat([merged, self._point(table, kept)])

    def _merged(self, table: Table, earlier: pd.DataFrame, later: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
        """The earlier rows, what they leave open filled from the later row of the same: an end on or after the cut-over most of all."""
        frame = earlier.copy()
        new = self._point(table, later.loc[pairs["at_later"]]).set_axis(pairs["at"].to_numpy())
        for column in table.columns:
            name = column.name
            if name in (table.key, CHILD):
                continue
            own, other = frame.loc[new.index, name], new[name]
            lacks = own.isna()
            if column.kind == "date":
                lacks |= own >= self.day
            elif "latest" in name:
                lacks |= other.notna()
            frame.loc[new.index, name] = own.mask(lacks, other)
        return frame

    def _point(self, table: Table, later: pd.DataFrame) -> pd.DataFrame:
        """Rows of the later source that name a record counted from the earlier one, naming it as that does."""
        changed = {name: later[name].replace(self.one[name]) for name in _record_ids(table) if name != table.key and self.one.get(name)}
        return later.assign(**changed) if changed else later

    def factors(self, assessments: pd.DataFrame) -> pd.DataFrame:
        """The factors of the assessments that are counted; of one in both sources the earlier's, where it has any."""
        table = TABLES["assessment_factors"]
        known = set(assessments["assessment_id"])
        earlier, later = self.before[table.name], self._point(table, self.after[table.name])
        lost = "belongs to an assessment that is not counted from this source"
        earlier = self._kept(table, earlier, ~earlier["assessment_id"].isin(known), "earlier", lost)
        lost_later = ~later["assessment_id"].isin(known) | later["assessment_id"].isin(earlier["assessment_id"])
        return pd.concat([earlier, self._kept(table, later, lost_later, "later", lost)])

    def _kept(self, table: Table, frame: pd.DataFrame, drop: pd.Series[Any], side: Side, why: str) -> pd.DataFrame:
        drop = drop.loc[frame.index]
        self._list(table, frame[drop], side, "rejected", why)
        return frame[~drop]

    def _list(self, table: Table, rows: pd.DataFrame, side: Side, outcome: Literal["rejected", "kept"], why: str) -> None:
        for (row, key), child in zip(rows[table.key].items(), self._children(rows), strict=True):
            id = str(key).removeprefix(EARLIER)
            self.found.append(Finding(f"{table.file} ({side})", table.name, int(str(row)), table.key, id, why, outcome, id, child))

    def _children(self, rows: pd.DataFrame) -> list[str]:
        """The child of each row, '' where it is of none."""
        if CHILD in rows:
            return rows[CHILD].to_list()
        if "assessment_id" not in rows:
            return [""] * len(rows)
        assessments = pd.concat([self.before["cin_assessments"], self.after["cin_assessments"]])
        return rows["assessment_id"].map(dict(zip(assessments["assessment_id"], assessments[CHILD], strict=True))).fillna("").to_list()

    def notes(self) -> list[str]:
        """How many rows of each table were listed, and why; the findings have each of them."""
        counts = Counter((finding.table, finding.file.rpartition("(")[2].rstrip(")"), finding.reason) for finding in self.found)
        return [
            f"{_title(name)}: {n:,} in the {side} source, {'which' if n == 1 else 'each of which'} {why}."
            for (name, side, why), n in counts.items()
        ]


def _title(name: str) -> str:
    title = TABLES[name].title
    return title[:1].upper() + title[1:]


def _numbered(frame: pd.DataFrame, start: str) -> pd.DataFrame:
    """Child, first day, and a number where a child has several that began on one day; `at` is the row."""
    keys = frame[[CHILD, start]]
    return keys.assign(number=keys.groupby([CHILD, start]).cumcount(), at=frame.index)
