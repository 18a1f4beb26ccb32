"""Commands about who is in the data: the reference of an id, and the removal list."""

from __future__ import annotations

import argparse

from csc_core.commands.shared import Add


def add(command: Add) -> None:
    reference = command("reference", _reference, "Give the child reference of an id of the case system (a record's or a worker's too)")
    reference.add_argument("ids", nargs="+", metavar="ID")
    command("remove", _remove, "Take the children on the removal list (removals.csv in the data folder) out of the snapshots kept, at once")


def _reference(options: argparse.Namespace) -> None:
    from csc_core import pseudonyms

    ids = [id.strip() for id in options.ids]
    for id, reference in zip(ids, pseudonyms.references(pseudonyms.key(options.data), ids), strict=True):
        print(reference if len(ids) == 1 else f"{id} {reference}")


def _remove(options: argparse.Namespace) -> None:
    from csc_core import removals

    done = removals.apply(options.data)
    print(f"Snapshots rebuilt without a child on the list: {done.rebuilt}; that held none of them: {done.unchanged}.")
    if done.unknown:
        print(removals.of_nobody(done.unknown, "the snapshots kept"))
    if done.deleted:
        print(done.deleted)
