"""The mark of a figure that must be read with care: why, in words, and the way to the records behind it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from csc_core.indicators import Indicator
from csc_core.quality import RULES, marks
from csc_core.snapshot import Snapshot
from pages.components import state
from pages.components.links import Choices, quality


def quality_mark(asked: Indicator, chosen: Choices, *, narrow: bool = False) -> None:
    """Draw it where a rule of data quality touches the indicator; nothing where none does. Where it stands in a `narrow` place, which
    would cut the reason, that is its help."""
    rules = _marks(state.snapshot(), state.snapshot().id).get(asked.id, ())
    if rules:
        why = RULES[rules[0]].title
        st.page_link(
            "pages/data-quality.py",
            label="Read with care" if narrow else f"Read with care: {why.lower()}",
            help=f"{why}. {RULES[rules[0]].means}" if narrow else None,
            icon=":material/rule:",
            query_params=quality(rules[0], chosen),
        )


@st.cache_data(max_entries=2, show_spinner=False)
def _marks(_snapshot: Snapshot, snapshot_id: str) -> Mapping[str, tuple[str, ...]]:  # noqa: ARG001  the cache's key
    return marks(_snapshot)
