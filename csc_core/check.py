"""The door: every row of every source is kept, or rejected with a reason.

Of each table, read = kept + rejected, unless it is left out as a whole, as where another source's is taken: then none of its rows is
used, and they are counted so. The rules people are told are `tables.RULES`; why they are as they are:

- A row is rejected when reading on without the faulty value would change a count or place a record wrongly: a date that
  cannot be right, a required value missing, a key used before, an unknown child, damage. All faults of a row are listed.
- A fault that only makes a split less complete keeps the row: an unknown code is read as not known, an unknown team, worker
  or referral stays as it stands. So does a doubtful date of birth, since without the child all its referrals would go too.
- Of two rows with one key the first that has no other fault stays, so that a good copy is not lost to a bad one.
- References are tested against rows kept, not rows read, and only where the other table has rows at all: when a whole
  table was not supplied, its source says so once, not on every row.
- An event after the data's as-at cannot have happened. An end after it is a plan, and stays. Where the source does not know
  its as-at, only days still to come are refused, and the latest event kept gives the as-at. Of several sources, each is held
  to its own as-at, and the latest is that of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from csc_core import order
from csc_core.tables import (
    CHILD,
    CODES,
    NOT_SUPPLIED,
    REFERS_TO,
    SPELT,
    TABLES,
    Column,
    Finding,
    NotUsed,
    Progress,
    RawTable,
    Records,
    Table,
    Taken,
    Unusable,
    quiet,
    shown,
)
from csc_core.text import all_differ, give_back, held_once, is_in, mapped

LONGEST = 4_000  # characters; no value of the tables comes near, so a longer one is a sign of damage
EARLIEST = pd.Timestamp(1900, 1, 1)

DAMAGE = "[\x00\ufffd\r\n]"  # NUL; what stands for bytes that are no character; line breaks, which only text may hold
ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
UK_DAY = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
TIME = r"(?:[T ](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)"

DTYPES = {"date": "datetime64[s]", "number": "float64"}  # of a column without a value; of any other kind it is text

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Checked:
    """What came through the door.

    `frames` holds every declared table with every declared column, also when it was not supplied: dates datetime64[s], codes
    in their declared spelling, numbers float; what is not known is missing (NaT, NaN). Rows are in file order, indexed by
    their row number in the file, those united from several sources by the order of these. `counts` has a row for each table and source
    of it: table, read, kept, rejected, not_used (rows of a table left out as a whole), source. `supplied` are
    the tables that are there, one of which every row was rejected not among them: nothing is known of what it was to hold. `sources` are
    those of the records, each with its as-at: its own, else the day of its latest event, None where it has none. `as_at` is the latest
    of these.
    """

    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    counts: pd.DataFrame
    supplied: frozenset[str]
    as_at: datetime | None
    sources: tuple[Taken, ...]


def check(records: Records, progress: Progress = quiet) -> Checked:
    """Check every row of `records` and type what is kept. Raises Unusable when a required table is not there."""
    for table in TABLES.values():
        # a return of looked-after children alone has no referrals, and is enough for what it has
        if table.required and table.name not in records.tables and (table.name == "persons" or "cla_episodes" not in records.tables):
            raise Unusable(f"The records ({records.source}) have no {table.name}, and without them {table.without}.")
    raws = {name: records.tables.get(name) or _not_supplied(table) for name, table in TABLES.items()}
    there, sources, not_used = frozenset(records.tables) & frozenset(TABLES), records.sources, records.not_used
    taken = {name: records.taken_from(name) for name in TABLES}
    del records  # with it goes, where nobody else holds it, each table that has been checked
    passed: dict[str, _Passed] = {}
    counts: dict[str, list[tuple[Any, ...]]] = {}

    def work(name: str) -> None:
        passed[name], counts[name] = _check_each(TABLES[name], raws.pop(name), passed, taken[name])

    def done(name: str, _: list[str]) -> None:
        progress(f"Checked {TABLES[name].title}", len(passed) / len(TABLES))

    progress("Checking every row", 0.0)
    order.take(REFERS_TO, work, done, sum(len(raw.rows) for raw in raws.values()))
    progress("Every row checked", 1.0)
    frames = {name: passed[name].kept for name in TABLES}
    sources = tuple(replace(one, as_at=one.as_at or _latest_event(frames, one.tables)) for one in sources)
    return Checked(
        frames=frames,
        findings=tuple(finding for name in TABLES for finding in passed[name].findings),
        counts=_counts(counts, not_used),
        supplied=frozenset(name for name in there if len(frames[name]) or not passed[name].read),
        as_at=max((one.as_at for one in sources if one.as_at), default=None),
        sources=sources,
    )


def _counts(checked: Mapping[str, list[tuple[Any, ...]]], not_used: Sequence[NotUsed]) -> pd.DataFrame:
    rows = list[tuple[Any, ...]]()
    for name in TABLES:
        left_out = [(name, one.rows, 0, 0, one.rows, one.source) for one in not_used if one.table == name]
        rows += [row for row in checked[name] if not left_out or row[-1] != NOT_SUPPLIED] + left_out
    return pd.DataFrame(rows, columns=["table", "read", "kept", "rejected", "not_used", "source"])


@dataclass(frozen=True)
class _Passed:
    """What is left of a table when all its checks are done: rows read, and those kept, which have the keys that other tables may name."""

    name: str
    file: str
    read: int
    kept: pd.DataFrame
    findings: list[Finding]


@dataclass
class _Sieve:
    """One table on its way through: its cells trimmed, its values typed, the rows rejected so far and what was found."""

    raw: RawTable
    text: dict[str, pd.Series[str]]
    values: dict[str, pd.Series[Any]]
    rejected: Mask
    found: list[pd.DataFrame] = field(default_factory=list)

    def reject(self, where: Mask, column: str, reason: str | pd.Series[str]) -> None:
        """List these rows, and keep none of them."""
        self._find(where, column, reason, rejects=True)
        self.rejected |= where

    def note(self, where: Mask, column: str, reason: str | pd.Series[str]) -> None:
        """List these rows, and keep those with no other fault."""
        self._find(where, column, reason, rejects=False)

    def _find(self, where: Mask, column: str, reason: str | pd.Series[str], *, rejects: bool) -> None:
        if where.any():
            at = np.flatnonzero(where)
            said = reason if isinstance(reason, str) else reason.iloc[at].to_numpy()
            value = self.text[column].iloc[at].astype("str").map(shown).to_numpy()
            self.found.append(pd.DataFrame({"at": at, "column": column, "value": value, "reason": said, "rejects": rejects}))

    def kept(self) -> pd.DataFrame:
        """The rows to go on with; the values are given away, a column at a time, so that none is held twice."""
        rows, good = self.raw.rows.index, ~self.rejected
        if not self.rejected.any():
            return pd.DataFrame(self.values, index=rows, copy=False)
        columns = {name: self.values.pop(name).array[good] for name in list(self.values)}
        return pd.DataFrame(columns, index=rows[good], copy=False)

    def findings(self, earlier: Mapping[str, _Passed]) -> list[Finding]:
        """All that was found, by row. What was noted of a row rejected after all is left out: it says "kept"."""
        findings = [replace(one, child=one.key) if self.raw.name == "persons" else one for one in self.raw.broken]
        for one in self.found:
            listed = one[one["rejects"] | ~self.rejected[one["at"]]]
            rows, keys = self.raw.rows.index[listed["at"]], next(iter(self.text.values())).iloc[listed["at"]].map(shown)
            children = _whose(TABLES[self.raw.name], self.text, listed["at"], earlier)
            findings += [
                Finding(self.raw.file, self.raw.name, int(row), column, value, reason, "rejected" if rejects else "kept", key, child)
                for row, column, value, reason, rejects, key, child in zip(
                    rows, listed["column"], listed["value"], listed["reason"], listed["rejects"], keys, children, strict=True
                )
            ]
        return sorted(findings, key=lambda finding: finding.row)


def _check_each(
    table: Table, raw: RawTable, earlier: Mapping[str, _Passed], taken: Sequence[Taken]
) -> tuple[_Passed, list[tuple[Any, ...]]]:
    """A table checked source by source and, where there are several, united; and a row of the counts for each of them."""
    named = [(one.name, one.as_at) for one in taken] or [(NOT_SUPPLIED, None)]
    passed = [_check_table(table, one, earlier, as_at) for one, (_, as_at) in zip((*raw.earlier, raw), named, strict=True)]
    counts = [
        (table.name, one.read, len(one.kept), one.read - len(one.kept), 0, name) for one, (name, _) in zip(passed, named, strict=True)
    ]
    return _united(passed) if raw.earlier else passed[0], counts


def _check_table(table: Table, raw: RawTable, earlier: Mapping[str, _Passed], as_at: datetime | None) -> _Passed:
    if not len(raw.rows) and not raw.broken:  # as of a table that was not supplied: every column, and nothing to check
        empty = {column.name: _nothing_known(raw.rows.index, column) for column in table.columns}
        return _Passed(raw.name, raw.file, 0, pd.DataFrame(empty, index=raw.rows.index), [])
    text = {column.name: _trimmed(raw.rows, column) for column in table.columns}
    sieve = _Sieve(raw, text, {}, np.zeros(len(raw.rows), dtype=bool))
    for column in table.columns:
        _read(sieve, column)
    for column in table.columns:
        if column.event:
            _not_after(sieve, column, as_at)
        if column.not_before:
            _not_before(sieve, column, column.not_before)
        if column.refers_to:
            _refers(sieve, column, earlier[column.refers_to])
    _key_once(sieve, table.key)
    for column in table.columns:
        if column.alone:
            _alone(sieve, column, *column.alone)
    findings, kept = sieve.findings(earlier), sieve.kept()
    give_back()
    return _Passed(raw.name, raw.file, len(raw.rows) + len(raw.broken), kept, findings)


def _united(of_each: Sequence[_Passed]) -> _Passed:
    """The children of several sources, one row each: of two that fill the same field, the later source's holds. Who is restricted in one
    of them is restricted: a source that does not know it says no."""
    columns = list(of_each[0].kept)
    rows = pd.concat([one.kept for one in of_each], ignore_index=True)
    together = rows.groupby(CHILD, sort=False).last().reset_index()[columns].astype(rows.dtypes)
    together.loc[together[CHILD].isin(rows.loc[rows["restricted"] == "Y", CHILD]), "restricted"] = "Y"
    return _Passed(
        of_each[0].name,
        " or ".join(dict.fromkeys(one.file for one in of_each)),
        sum(one.read for one in of_each),
        together,
        [finding for one in of_each for finding in one.findings],
    )


def _whose(table: Table, text: Mapping[str, pd.Series[str]], at: pd.Series[int], earlier: Mapping[str, _Passed]) -> list[str]:
    """The child of each row at these places, also of one that hangs on a row rejected before; '' for a table that is of no children."""
    if CHILD in text:
        return text[CHILD].iloc[at].tolist()
    for column in table.columns:
        if column.required and column.refers_to and TABLES[column.refers_to].of_children:
            other, named = earlier[column.refers_to], text[column.name].iloc[at]
            kept = other.kept[is_in(other.kept.iloc[:, 0], named)]  # of millions those that are named
            known = {one.key: one.child for one in other.findings} | dict(zip(kept.iloc[:, 0], kept[CHILD], strict=True))
            return [known.get(id, "") for id in named]
    return [""] * len(at)


def _trimmed(rows: pd.DataFrame, column: Column) -> pd.Series[str]:
    """A column without the white space around its values, no-break spaces included; empty where the source lacks it. Of dates,
    codes and numbers there are few different texts: each is held once, and read once."""
    given = rows[column.name] if column.name in rows else pd.Series("", index=rows.index, dtype="str")
    if column.kind in ("id", "text"):
        text = given.astype("str").fillna("")
        trimmed = text.str.strip()
        return text if trimmed.equals(text) else trimmed  # which holds no second copy
    once = held_once(given)
    return mapped(once, once.cat.categories.str.strip())


def _read(sieve: _Sieve, column: Column) -> None:
    """Type one column, listing what cannot be read."""
    text = sieve.text[column.name]
    empty = _mask(text == "")
    if column.required:
        sieve.reject(empty, column.name, "is required and empty")
    if column.empty_is_listed:
        sieve.note(empty, column.name, "is empty: read as not known")
    if empty.all():
        sieve.values[column.name] = _nothing_known(text.index, column)
        return
    damaged = _mask(text.str.contains(DAMAGE)) | _mask(text.str.len() > LONGEST)
    if damaged.any():
        damaged = _reject_damaged(sieve, column)
    if column.kind in ("id", "text"):
        sieve.values[column.name] = text.mask(empty) if empty.any() else text
        return
    which = text.cat.codes.to_numpy()
    values, reasons = _parse(column, pd.Series(text.cat.categories.array, dtype="str"))
    sieve.values[column.name] = values.take(which).set_axis(text.index)
    if (reasons != "").any():
        each = reasons.take(which).set_axis(text.index)
        _wrong(sieve, column, _mask(each != "") & ~damaged, each)


def _nothing_known(rows: pd.Index[Any], column: Column) -> pd.Series[Any]:
    return pd.Series(None, index=rows, dtype=DTYPES.get(column.kind, "str"))


def _reject_damaged(sieve: _Sieve, column: Column) -> Mask:
    text = sieve.text[column.name]
    reasons = pd.Series("", index=text.index, dtype="str")
    if column.kind != "text":
        reasons[text.str.contains("[\r\n]")] = "holds a line break: is a quotation mark missing, or one too many?"
    reasons[text.str.contains("[\x00\ufffd]")] = "holds a character that cannot be read"
    reasons[text.str.len() > LONGEST] = f"is longer than {LONGEST:,} characters"
    damaged = _mask(reasons != "")
    sieve.reject(damaged, column.name, reasons)
    return damaged


def _wrong(sieve: _Sieve, column: Column, where: Mask, reasons: pd.Series[str]) -> None:
    """A value that is not damaged and cannot be right: the row is rejected, or the value read as not known."""
    if column.kind == "code":
        sieve.note(where, column.name, reasons)
    elif column.keeps_row:
        sieve.note(where, column.name, reasons + ": read as not known")
        sieve.values[column.name] = sieve.values[column.name].mask(where)
    else:
        sieve.reject(where, column.name, reasons)


def _parse(column: Column, text: pd.Series[str]) -> tuple[pd.Series[Any], pd.Series[str]]:
    """Values of the column's kind, missing where `text` is empty or wrong, and the reason for each that is wrong ('' if none)."""
    if column.kind == "date":
        return read_days(text)
    if column.kind == "number":
        return _numbers(text, column)
    return _codes(text, column)


def read_days(text: pd.Series[str]) -> tuple[pd.Series[Any], pd.Series[str]]:
    iso, uk = text.str.fullmatch(ISO_DAY + TIME + "?"), text.str.fullmatch(UK_DAY + TIME + "?")
    day = text.str.replace("[T ].*", "", regex=True)
    values = pd.to_datetime(day.where(iso), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    if uk.any():
        values = values.fillna(pd.to_datetime(day.where(uk), format="%d/%m/%Y", errors="coerce").astype("datetime64[s]"))
    reasons = pd.Series("", index=text.index, dtype="str")
    wrong = (text != "") & ~(values >= EARLIEST)
    if wrong.any():
        reasons[wrong] = "is not a date: write it as 2017-12-31 or 31/12/2017"
        reasons[wrong & (iso | uk)] = "is not a day in the calendar"
        reasons[values < EARLIEST] = f"is before {EARLIEST.year}"
        values = values.mask(wrong)
    return values, reasons


def _numbers(text: pd.Series[str], column: Column) -> tuple[pd.Series[Any], pd.Series[str]]:
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    reasons = pd.Series("", index=text.index, dtype="str")
    reasons[(text != "") & values.isna()] = "is not a number: write it as 0.8"
    if column.between:
        reasons[values.notna() & ~values.between(*column.between)] = "is not between {} and {}".format(*column.between)
    return values.where(reasons == ""), reasons


def _codes(text: pd.Series[str], column: Column) -> tuple[pd.Series[Any], pd.Series[str]]:
    spelling = {**{code.upper(): code for code in CODES[column.codes or ""]}, **SPELT.get(column.codes or "", {})}
    values = text.str.upper().map(spelling).astype("str")
    unknown = (text != "") & values.isna()
    reasons = pd.Series("", index=text.index, dtype="str")
    reasons[unknown] = f"is not in the code list {column.codes}: read as {column.unknown_as or 'not known'}"
    if column.unknown_as:
        values[unknown] = column.unknown_as
    return values, reasons


def _not_after(sieve: _Sieve, column: Column, as_at: datetime | None) -> None:
    limit = as_at.date() if as_at else date.today()
    reason = f"is after {limit}, the data's as-at" if as_at else "is still to come"
    late = sieve.values[column.name] > pd.Timestamp(limit)
    _wrong(sieve, column, _mask(late), pd.Series(reason, index=late.index, dtype="str"))


def _not_before(sieve: _Sieve, column: Column, start: str) -> None:
    """The day that it is before is not repeated: it is a day of birth, or often one, as an address's first day is."""
    early = sieve.values[column.name] < sieve.values[start]
    if early.any():
        _wrong(sieve, column, _mask(early), pd.Series(f"is before {start}", index=early.index, dtype="str"))


def _refers(sieve: _Sieve, column: Column, other: _Passed) -> None:
    text = sieve.text[column.name]
    unknown = ~is_in(text, other.kept.iloc[:, 0]) & _mask(text != "")
    reason = f"is not in {other.file}, or was rejected there"
    if other.name == "persons":
        sieve.reject(unknown, column.name, reason)
    elif other.read:
        sieve.note(unknown, column.name, f"{reason}: left as it stands")


def _key_once(sieve: _Sieve, key: str) -> None:
    good = sieve.text[key][~sieve.rejected]
    if all_differ(good):
        return
    first, again = good[~good.duplicated()], good[good.duplicated()]
    if len(again):
        rows = pd.Series(first.index, index=pd.Index(first)).reindex(again).astype("str")
        reasons = ("repeats the key of row " + rows).set_axis(again.index).reindex(sieve.raw.rows.index)
        sieve.reject(_mask(reasons.notna()), key, reasons)


def _alone(sieve: _Sieve, column: Column, code: str, together: str) -> None:
    """The code that says there is nothing else, although there is: which of the two is wrong only the record's keeper knows."""
    said, group = sieve.values[column.name] == code, sieve.text[together]
    others = group[~said & (sieve.text[column.name] != "") & ~sieve.rejected]
    sieve.note(_mask(said) & is_in(group, others), column.name, f"stands beside others of the same {together}: left as it stands")


def _latest_event(frames: Mapping[str, pd.DataFrame], names: Iterable[str]) -> datetime | None:
    """The day of the latest event kept. Births and deaths do not count: an expected birth is often entered as one."""
    events = [frames[name][c.name].max() for name in names if name in frames and name != "persons" for c in TABLES[name].columns if c.event]
    days = [event.date() for event in events if not pd.isna(event)]
    return datetime.combine(max(days), time()) if days else None


def _not_supplied(table: Table) -> RawTable:
    return RawTable(table.name, table.file, pd.DataFrame(index=pd.RangeIndex(0)))


def _mask(condition: pd.Series[bool] | npt.NDArray[np.bool_]) -> Mask:
    return np.asarray(condition, dtype=bool)
