"""The removal list: children whose records must not be used, left out of every load and taken out of the snapshots kept.

`removals.csv` in the data folder has one id of the case system a line, after it a reason and a date if wanted. A child who has had
several ids is listed with each.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from csc_core import pseudonyms
from csc_core.facts import OF_CHILDREN, OF_FACTS
from csc_core.findings import REPEATED
from csc_core.publish import locked, not_written, point_to, write
from csc_core.snapshot import FINDINGS, MANIFEST, NOT_LOADED, Snapshot, current_id, read
from csc_core.tables import TABLES, RawTable, Records, Unusable, referred_to_first

LIST = "removals.csv"
HEADINGS = ("id", "person_id")


def listed(data: Path) -> frozenset[str]:
    """The ids on the removal list; none where there is no list."""
    path = data / LIST
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise Unusable(f"The removal list {path} cannot be read, so nothing was loaded: {why}.") from error
    ids = [line[0].strip() for line in csv.reader(text.splitlines()) if line and line[0].strip()]
    return frozenset(ids[1:] if ids and ids[0].lower() in HEADINGS else ids)


def without(records: Records, removed: Collection[str]) -> Records:
    """The records without these children and without all that hangs on them; how many they were is noted, never who."""
    if not removed:
        return records
    found, tables, gone = 0, {}, {"persons": set(removed)}
    for name in referred_to_first():
        if name in records.tables:
            tables[name], keys = _without(records.tables[name], gone)
            gone.setdefault(name, keys)
            found = len(keys) if name == "persons" else found
    note = f"Left out as the removal list asks: {found} {'child' if found == 1 else 'children'} of these records, with all their rows."
    if unknown := len(set(removed)) - found:
        note += f" {of_nobody(unknown, 'these records')}"
    return replace(records, tables=tables, notes=(*records.notes, note))


def of_nobody(unknown: int, where: str) -> str:
    """The sentence for ids of the list that are no child's, as one in another case or with something after it is."""
    return f"{unknown} {'id' if unknown == 1 else 'ids'} asked for matched no child of {where}: ids must be written as in the case system."


def _without(raw: RawTable, gone: dict[str, set[str]]) -> tuple[RawTable, set[str]]:
    """A table without the rows of those who are gone, and the keys of the rows left out."""
    table = TABLES[raw.name]
    out = pd.Series(False, index=raw.rows.index)
    for column in table.columns:
        of = "persons" if column.name == "person_id" else column.refers_to if column.required else None
        if of in gone and column.name in raw.rows:
            out |= raw.rows[column.name].astype("str").str.strip().isin(gone[of])
    keys = set(raw.rows.loc[out, table.key].astype("str").str.strip())
    broken = tuple(one for one in raw.broken if raw.name != "persons" or one.value not in gone["persons"])
    earlier = [_without(one, gone) for one in raw.earlier]
    kept = replace(raw, rows=raw.rows[~out], broken=broken, earlier=tuple(one for one, _ in earlier))
    return kept, keys.union(*(those for _, those in earlier))


@dataclass(frozen=True)
class Removal:
    """What became of the snapshots kept: rebuilt without a listed child, dropped as unreadable, left as they were; and how many ids of
    the list are of no child in any of them."""

    rebuilt: int = 0
    dropped: int = 0
    unchanged: int = 0
    unknown: int = 0

    @property
    def deleted(self) -> str:
        why = "because they are damaged or of another version, so that nobody can tell whom they hold"
        return f"Snapshots deleted {why}: {self.dropped}." if self.dropped else ""

    @property
    def changed(self) -> tuple[str, ...]:
        """What became of those that are no longer as they were, a sentence each."""
        rebuilt = f"Snapshots kept from before, rebuilt without a child on the removal list: {self.rebuilt}." if self.rebuilt else ""
        return tuple(filter(None, (rebuilt, self.deleted)))


def apply(data: Path, ids: Collection[str] | None = None, but: str | None = None) -> Removal:
    """Rebuild the snapshots kept, `but` one that is known not to hold them, without these children, else those on the removal list.
    Killed at any moment it can simply be run again."""
    with locked(data):
        ids = sorted(listed(data) if ids is None else ids)
        references = dict(zip(ids, pseudonyms.references(pseudonyms.key(data), ids), strict=True))
        done = {"rebuilt": 0, "dropped": 0, "unchanged": 0}
        current, found = current_id(data), set[str]()
        try:
            (data / NOT_LOADED).unlink(missing_ok=True)  # it may list them, and the next load that fails writes it again
            for folder in sorted((data / "snapshots").glob("[0-9]*")):
                if folder.name != but:
                    done[_apply(data, folder, references, found, is_current=folder.name == current)] += 1
        except (OSError, duckdb.Error) as error:
            raise not_written(data, error) from error
        return Removal(**done, unknown=len(ids) - len(found))


def _apply(data: Path, folder: Path, references: Mapping[str, str], found: set[str], *, is_current: bool) -> str:
    """What became of a snapshot; the references of those it held are added to `found`."""
    try:
        kept = read(folder, sealed=False)
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error):
        shutil.rmtree(folder)  # nobody can read it, and whom it holds cannot be told
        return "dropped"
    with kept.con:
        findings, those_found = _without_them(folder, references)
        there = _take_out(kept, references.values()) | those_found
        if not there:
            return "unchanged"
        found |= there
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        new = write(folder.parent, kept.con, _tables(manifest), _about(manifest, len(there)), [findings], kept.created)
    if is_current:
        point_to(data, new)
    if new != folder:
        shutil.rmtree(folder)
    return "rebuilt"


def _take_out(kept: Snapshot, references: Collection[str]) -> set[str]:
    """Delete their rows from the snapshot in memory and make what is made of other facts again; returns which of them were there."""
    con, there = kept.con, set[str]()
    con.execute("create temp table removed as select unnest(?::varchar[]) as person_id", [sorted(references)])
    for fact in (*OF_CHILDREN, "quality"):
        if "person_id" in con.table(fact).columns and fact not in OF_FACTS:
            there |= {id for (id,) in con.execute(f"select distinct person_id from {fact} join removed using (person_id)").fetchall()}
            con.execute(f"delete from {fact} where person_id in (select person_id from removed)")
    con.execute("drop table removed")
    if there:
        for fact in OF_FACTS:
            con.execute(f"drop table {fact}")
            con.execute((files("csc_core.facts") / f"{fact}.sql").read_text("utf-8"))
    return there


def _tables(manifest: dict[str, Any]) -> list[str]:
    return [name.removesuffix(".parquet") for name in manifest["files"] if name.endswith(".parquet")]


def _about(manifest: dict[str, Any], found: int) -> dict[str, Any]:
    """What the rebuilt snapshot says of itself: as before, and how many were taken out."""
    about = {name: value for name, value in manifest.items() if name not in ("format", "id", "created", "files")}
    taken = about.get("taken_out", 0) + found
    note = f"{taken} {'child was' if taken == 1 else 'children were'} taken out of these data after they were loaded."
    notes = [said for said in about["notes"] if not said.endswith("taken out of these data after they were loaded.")]
    return {**about, "taken_out": taken, "notes": [*notes, note]}


def _without_them(folder: Path, references: Mapping[str, str]) -> tuple[pd.DataFrame, set[str]]:
    """The findings without those of the children removed, and the references of these. Where it cannot be told whose a row is, it goes
    on without any value or key: the next load has them again."""
    found = pd.read_csv(folder / FINDINGS, dtype="str", keep_default_na=False)
    of_children = found["table"].map({name: table.of_children for name, table in TABLES.items()})
    found.loc[of_children & ~found["child"].str.fullmatch(REPEATED["id"]), ["value", "key", "child"]] = ""
    theirs = found["child"].isin(references)
    return found[~theirs], {references[id] for id in found.loc[theirs, "child"]}
