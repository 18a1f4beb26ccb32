"""Who may see what. Every query takes a Scope and there is no default: forgetting it is an error, not an open door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """The records a person may see: for each dimension named, only rows with one of its ids, filtered before counting."""

    limits: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def everything(cls) -> Scope:
        """The whole service: what everyone has until people sign in."""
        return cls()
