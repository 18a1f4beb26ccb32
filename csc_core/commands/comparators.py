"""The command that sets an indicator beside others: earlier figures, its target, and what had been published by then."""

from __future__ import annotations

import argparse

import pandas as pd

from csc_core.access import Scope
from csc_core.commands.shared import Add, ask_options, asked, print_rows, where
from csc_core.compare import Standing, read_targets, standing
from csc_core.compare.printed import AS_PRINTED
from csc_core.query import indicator
from csc_core.rounding import written


def add(command: Add) -> None:
    compare = ask_options(command("compare", _compare, "An indicator beside earlier figures, its target and what others had published"))
    compare.add_argument("indicator", metavar="ID")


def _compare(options: argparse.Namespace) -> None:
    one = indicator(options.indicator)
    snapshot, period, audience = asked(options)
    targets = read_targets(options.data)
    found = standing(
        snapshot, one.id, scope=Scope.everything(), audience=audience, period=period, targets=targets, where=where(options.where)
    )
    made = f" ({found.now.made_of(one)})" if found.now.made_of(one) else ""
    figure = f"{written(found.now.value, one)}{made}"
    if found.now.value is None:
        figure = f"no figure. {found.now.reason}".removesuffix(".")
    told = [f"{one.title}, {period.label}: {figure}.", found.beside_words, found.no_comparator, found.source, targets.said]
    rows, heading = _rows(found), " ".join(sentence for sentence in told if sentence)
    if options.format == "table":
        print(heading, *(f"- {said}" for said in rows["said"]), sep="\n")
    else:
        print_rows(rows, options, heading)


def _rows(found: Standing) -> pd.DataFrame:
    """What the figure is set beside, one row each: beside, of (its period), value, difference, said."""
    rows: list[tuple[str, str, object, object, str]] = []
    for name, change in (("period before", found.before), ("a year before", found.year_before)):
        said = " ".join([change.sentence, *change.marks])
        rows.append((name, change.earlier.period.label, change.earlier.value, change.difference, said))
    if found.target:
        target = found.target.target
        away = None if found.now.value is None else found.now.value - target.value
        rows.append(("target", target.period.label, target.value, away, found.target.sentence))
    rows += [(one.title, one.when, one.value, one.difference, one.sentence) for one in found.comparators]
    rows += [(f"{one.who}, {AS_PRINTED}", "", None, None, one.sentence) for one in found.printed]
    frame = pd.DataFrame(rows, columns=["beside", "of", "value", "difference", "said"])
    return frame.astype({"value": "Float64", "difference": "Float64"})
