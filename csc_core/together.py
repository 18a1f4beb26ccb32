"""Several sources as one set of records.

Children are the same where their ids are. Their rows are united at the door (csc_core.check), once those of each source are checked.
Any other table is taken whole from the last source that has it, since two systems number their rows each in its own way, and a
mixture of both would count one event twice. What was not used is said, and so is how many children the sources share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from csc_core.tables import CHILD, TABLES, NotUsed, RawTable, Records, counted


def together(parts: Sequence[Records]) -> Records:
    """The records of all `parts`, in the order in which they were asked for."""
    last: dict[str, int] = {}
    for number, part in enumerate(parts):
        # a table of which no row could be read takes the place of none
        last |= {name: number for name, raw in part.tables.items() if len(raw.rows) or name not in last}
    tables = {name: parts[number].tables[name] for name, number in last.items()}
    children = [part.tables["persons"] for part in parts if "persons" in part.tables]
    if children:
        tables["persons"] = replace(children[-1], earlier=tuple(children[:-1]))
    taken = tuple(
        replace(one, tables=tuple(name for name in one.tables if name == "persons" or last[name] == number))
        for number, part in enumerate(parts)
        for one in part.sources
    )
    replaced = [
        NotUsed.of(raw, part.source)
        for number, part in enumerate(parts)
        for name, raw in part.tables.items()
        if name != "persons" and last[name] != number
    ]
    said = [note for part in parts for note in part.notes]
    # the whole begins where the cases do; a return beside them limits its own tables only
    leading = next((parts[last[name]] for name in ("cin_episodes", "cla_episodes") if name in last), parts[0])
    whole = [part.complete_from for part in parts if part.complete_from and (part.history or part is leading)]
    return Records(
        tables={name: tables[name] for name in TABLES if name in tables},
        source=" and ".join(part.source for part in parts),
        synthetic=all(part.synthetic for part in parts),
        as_at=max((part.as_at for part in parts if part.as_at), default=None),
        complete_from=max(whole, default=None),
        notes=(*said, *_matched(parts), *_not_used(parts, last), *_lacking(tables), *_mixed(parts)),
        taken=taken,
        history=leading.history,
        not_used=(*(one for part in parts for one in part.not_used), *replaced),
    )


def _matched(parts: Sequence[Records]) -> list[str]:
    """How many children of each source are known to the others."""
    if len(parts) < 2:
        return []
    children = [_children(*part.tables.values()) for part in parts]
    notes = []
    for number, part in enumerate(parts):
        own = children[number]
        others = pd.Index([]).append([ids for other, ids in enumerate(children) if other != number])
        known = int(own.isin(others).sum())
        if not len(own):
            notes.append(f"{part.source} names no child.")
        elif known:
            share = f"{known:,} ({100 * known / len(own):.1f}%)"
            notes.append(f"Of the {len(own):,} children of {part.source}, {share} are known to another source.")
        else:
            notes.append(f"None of the {len(own):,} children of {part.source} is known to another source: do both use the same ids?")
    return notes


def _not_used(parts: Sequence[Records], last: dict[str, int]) -> list[str]:
    """Each table that is taken from another source."""
    notes = []
    for number, part in enumerate(parts):
        for name, raw in part.tables.items():
            if name != "persons" and last[name] != number:
                used = parts[last[name]]
                both = len(_children(raw).intersection(_children(used.tables[name])))
                shared = f"; {both:,} children are in both" if CHILD in raw.rows else ""
                notes.append(
                    f"{TABLES[name].title.capitalize()} are taken from {used.source} "
                    f"({counted(len(used.tables[name].rows), 'row', 'rows')}) "
                    f"and not from {part.source} ({counted(len(raw.rows), 'row', 'rows')}){shared}."
                )
    return notes


def _lacking(tables: dict[str, RawTable]) -> list[str]:
    return [f"No {table.title} were supplied: {table.without}." for name, table in TABLES.items() if name not in tables]


def _mixed(parts: Sequence[Records]) -> list[str]:
    if len({part.synthetic for part in parts}) < 2:
        return []
    made_up = " and ".join(part.source for part in parts if part.synthetic)
    return [f"Only {made_up} is synthetic, so all of these records are taken for those of real people."]


def _children(*raws: RawTable) -> pd.Index[str]:
    """The ids of all children in these tables."""
    ids = [pd.Index(raw.rows[CHILD].str.strip()).unique() for raw in raws if CHILD in raw.rows]
    found = pd.Index([], dtype="str").append(ids).unique()
    return found[found != ""]
