"""The demonstration county, loaded once for all questions of a run."""

from __future__ import annotations

from pathlib import Path

from csc_core.load import load_demo


def quiet(_what: str, _share: float) -> None:
    """Progress that nobody watches."""


def loaded(data: Path) -> Path:
    """The folder, with the demonstration in it."""
    if not (data / "CURRENT").exists():
        load_demo(data, quiet)
    return data
