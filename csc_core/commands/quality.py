"""The command about trust in the records: what the rules of data quality found in the current snapshot."""

from __future__ import annotations

import argparse
import json
import sys

import pandas as pd

from csc_core.access import Scope
from csc_core.commands.shared import Add, plain, print_rows
from csc_core.disclosure import Audience
from csc_core.quality import RULES, rows, summary
from csc_core.query import QueryError
from csc_core.rounding import half_up
from csc_core.snapshot import FINDINGS, open_current


def add(command: Add) -> None:
    check = command("check", _check, "Say what the rules of data quality found in the records, and which figures it touches")
    only = check.add_mutually_exclusive_group()
    only.add_argument("--rule", metavar="ID", help="list the records that one rule found, under their references")
    only.add_argument("--counts", action="store_true", help="only rows read, kept and rejected by table and source, as one table")
    check.add_argument("--format", choices=("table", "csv", "json"), default="table")


def _check(options: argparse.Namespace) -> None:
    snapshot = open_current(options.data)
    if snapshot.warning:
        print(snapshot.warning, file=sys.stderr)
    if options.rule is not None:
        if options.rule not in RULES:
            raise QueryError(f"There is no rule '{options.rule[:40]}': the rules are {', '.join(RULES)}.")
        found = rows(snapshot, options.rule, scope=Scope.everything(), audience=Audience.MANAGER)
        with_ids = f"With the case system's ids they are in {options.data / 'snapshots' / snapshot.id / FINDINGS}, for who loads."
        print_rows(found.rows, options, f"{RULES[options.rule].title}. {RULES[options.rule].means} {with_ids} {found.reason or ''}")
        return
    said = summary(snapshot, audience=Audience.MANAGER)
    counts, shown = said.read.drop(columns="title"), said.rules.drop(columns=["withheld", "table"])
    shown = shown.rename(columns={"table_name": "table"}).assign(indicators=[" ".join(ids) for ids in shown["indicators"]])
    shown, postcodes = _rounded(shown), _rounded(said.postcodes.drop(columns="withheld"))
    if options.format == "json" and not options.counts:
        every = {"counts": counts, "postcodes": postcodes, "rules": shown}
        print(json.dumps({name: plain(rows) for name, rows in every.items()}, ensure_ascii=False, indent=1, allow_nan=False))
        return
    if options.counts or options.format == "table":
        print_rows(counts, options, "Rows by table and source: read = kept + rejected + not used (left out as a whole: the notes say why).")
    if options.counts:
        return
    if options.format == "table":
        print_rows(postcodes, options, "\nPostcodes of the home addresses that place a child, share in %.")
        print()
        shown = shown[shown["found"] > 0].drop(columns=["title", "indicators", "dfe"])
    passed = int((said.rules.groupby("rule")["found"].sum() == 0).sum())
    print_rows(shown, options, f"Rules that found something; {passed} found nothing. `--rule ID` lists the records of one.")


def _rounded(rows: pd.DataFrame) -> pd.DataFrame:
    shares = [pd.NA if pd.isna(share) else float(half_up(share, 1)) for share in rows["share"]]
    return rows.assign(share=pd.Series(shares, index=rows.index, dtype="Float64"))
