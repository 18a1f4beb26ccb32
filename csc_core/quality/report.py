"""What the rules found, read from a snapshot: a row for each rule, the records of one, and the figures that carry a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import LEAST, Audience
from csc_core.quality.rules import RULES
from csc_core.snapshot import Snapshot
from csc_core.tables import NOT_SUPPLIED, TABLES

MARKED_FROM = 0.05
"""The share of the records looked at from which a failing rule marks the figures it touches. One of the latest months that fell suddenly,
or one of the latest year that holds nothing, marks them at once: it may be loaded in part, or not at all."""
LATEST_MONTHS = {"sudden_fall": 3, "nothing_recorded": 12}
POSTCODES = ("postcode_terminated", "postcode_out_of_county", "postcode_malformed", "postcode_missing")
FOR_MANAGERS = "The records are listed for managers only: they name children by their reference."
WHOLE_SERVICE = "The records are listed only for those who may see the whole service."


@dataclass(frozen=True)
class Summary:
    """`rules`: a row for each rule and case table, errors first and most found first: rule, title, severity, table_name, table,
    checked, found, share (% of those looked at), withheld, dfe, indicators (ids touched), marks (bool). `read`: a row for each case
    table that is there and source of it: table, title, source, read, kept, rejected, not_used, with read = kept + rejected + not_used.
    `postcodes`: of the home addresses that place a child, how many have a postcode that is matched, terminated, out of county, malformed
    or missing: postcode, rows, share (% of all), withheld; no row without addresses.
    """

    rules: pd.DataFrame
    read: pd.DataFrame
    postcodes: pd.DataFrame


@dataclass(frozen=True)
class Rows:
    """The records that a rule found: table, record, child (references), team, day, detail; `reason` says why any is not there."""

    rows: pd.DataFrame
    reason: str | None = None


def summary(snapshot: Snapshot, *, audience: Audience) -> Summary:
    """What every rule found. From a commissioner a number of 1 to 7 records is withheld, as everywhere."""
    found = _found(snapshot)
    out = found.assign(
        title=[RULES[id].title for id in found["rule"]],
        severity=[RULES[id].severity for id in found["rule"]],
        dfe=[RULES[id].dfe.get(name, "") for id, name in zip(found["rule"], found["table_name"], strict=True)],
        table=[TABLES[name].title if name in TABLES else "every table" for name in found["table_name"]],
        share=100 * found["found"] / found["checked"].where(found["checked"] > 0),
        indicators=pd.Series(
            [
                tuple(one.id for one in RULES[id].touches(name)) if count else ()
                for id, name, count in zip(found["rule"], found["table_name"], found["found"], strict=True)
            ],
            index=found.index,
            dtype=object,
        ),
    ).astype({"found": "Int64", "checked": "Int64", "share": "Float64"})
    of_records = out["rule"].map({rule.id: rule.finds == "records" for rule in RULES.values()}).astype(bool)
    out["withheld"] = out["found"].between(1, LEAST - 1).astype(bool) & of_records & (audience is not Audience.MANAGER)
    out.loc[out["withheld"], ["found", "share"]] = pd.NA
    order = out.assign(place=out["severity"].map({"error": 0, "warning": 1, "information": 2}), none=found["found"] == 0)
    ranked = order.sort_values(["none", "place", "share", "rule"], ascending=[True, True, False, True]).index
    columns = ["rule", "title", "severity", "table_name", "table", "checked", "found", "share", "withheld", "dfe", "indicators", "marks"]
    return Summary(out.loc[ranked, columns].reset_index(drop=True), _read(snapshot), _postcodes(out))


def rows(snapshot: Snapshot, rule: str, *, scope: Scope, audience: Audience) -> Rows:
    """The records that a rule found, in the order of their days."""
    columns = ["table", "record", "child", "team", "day", "detail"]
    if audience is not Audience.MANAGER:
        return Rows(pd.DataFrame(columns=columns), FOR_MANAGERS)
    if scope.limits:
        return Rows(pd.DataFrame(columns=columns), WHOLE_SERVICE)
    found = snapshot.sql(
        "select table_name as table, record_id as record, person_id as child, team, cast(day as varchar) as day, detail"
        " from quality where rule = ? order by quality.day desc nulls last, table_name, record_id",
        [rule],
    )
    ((all_found,),) = snapshot.con.cursor().execute("select coalesce(sum(found), 0) from quality_rule where rule = ?", [rule]).fetchall()
    unlisted = int(all_found) - len(found)
    if unlisted:
        of_them = f"{unlisted:,} of the {int(all_found):,} records found {'is' if unlisted == 1 else 'are'} not listed"
        return Rows(found, f"{of_them}: restricted, or taken out since.")
    return Rows(found, None if len(found) else "No record was found.")


def marks(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """For each indicator that must be read with care, the ids of the failing rules that touch it."""
    found = _found(snapshot)
    marked: dict[str, dict[str, None]] = {}
    for id, name in found.loc[found["marks"], ["rule", "table_name"]].itertuples(index=False):
        for one in RULES[id].touches(name):
            marked.setdefault(one.id, {})[id] = None
    return {indicator: tuple(ids) for indicator, ids in marked.items()}


def _found(snapshot: Snapshot) -> pd.DataFrame:
    """What each rule found: rule, table_name, checked, found, marks."""
    found = snapshot.sql(
        """
        select rule, table_name, checked, found,
               (select max(day) from quality
                where quality.rule = quality_rule.rule and quality.table_name = quality_rule.table_name) as latest
        from quality_rule
        """
    )
    serious = found["rule"].map({rule.id: rule.severity != "information" for rule in RULES.values()}).astype(bool)
    marked = (found["found"] > 0) & (found["found"] >= MARKED_FROM * found["checked"])
    for rule, months in LATEST_MONTHS.items():
        lately = found["latest"] > pd.Timestamp(snapshot.as_at.date()) - pd.DateOffset(months=months)
        marked = marked.mask(found["rule"] == rule, lately)
    return found.assign(marks=serious & marked).drop(columns="latest")


def _postcodes(rules: pd.DataFrame) -> pd.DataFrame:
    """Where one part is withheld so is what is left, from which it could be told."""
    faulty = rules[rules["rule"].str.startswith("postcode_")].set_index("rule")
    if faulty.empty:
        return pd.DataFrame(columns=["postcode", "rows", "share", "withheld"])
    looked_at = int(faulty["checked"].max())
    parts = [(name.removeprefix("postcode_").replace("_", " "), faulty.loc[name, "found"]) for name in POSTCODES]
    withheld = [bool(faulty["withheld"].any()), *(bool(faulty.loc[name, "withheld"]) for name in POSTCODES)]
    counts = [pd.NA if withheld[0] else looked_at - int(faulty["found"].sum()), *(count for _, count in parts)]
    out = pd.DataFrame({"postcode": ["matched", *(name for name, _ in parts)], "rows": pd.Series(counts, dtype="Int64")})
    return out.assign(share=100 * out["rows"] / looked_at, withheld=withheld)


def _read(snapshot: Snapshot) -> pd.DataFrame:
    there = snapshot.counts[snapshot.counts["source"] != NOT_SUPPLIED]
    return there.assign(title=[TABLES[name].title for name in there["table"]])[
        ["table", "title", "source", "read", "kept", "rejected", "not_used"]
    ].reset_index(drop=True)
