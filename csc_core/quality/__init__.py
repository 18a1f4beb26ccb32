"""How far the records can be trusted: rules, what each found in a load, and the figures it touches.

A rule runs once, when records are loaded: at the door (`csc_core.check`) or over the rows kept. What it found is kept in the
snapshot, under references, so that a page only reads.
"""

from __future__ import annotations

from csc_core.quality.report import MARKED_FROM, Rows, Summary, marks, rows, summary
from csc_core.quality.rules import RULES, Rule

__all__ = ["MARKED_FROM", "RULES", "Rows", "Rule", "Summary", "marks", "rows", "summary"]
