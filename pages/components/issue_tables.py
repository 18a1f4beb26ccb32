"""What an area's assessments found: its issues ranked beside the county, and which of them come together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd
import streamlit as st

from csc_core.co_occurrence import Kind, Together
from csc_core.compare import AGAINST, MARKS
from csc_core.disclosure import LEAST, Audience
from csc_core.factors import GROUPS, NONE_IDENTIFIED
from csc_core.indicators import INDICATORS
from csc_core.notes import notes
from pages.components import state
from pages.components.cards import interval, made_of
from pages.components.data import Row, issues_ranked, issues_together, records
from pages.components.downloads import about, download
from pages.components.header import county_title, place_title
from pages.components.links import Choices, issue_title
from pages.components.recorded import own_place, unrecorded_words
from pages.components.theme import colours
from pages.components.words import NOTHING, capital, figure, missing, number, plain

PREVALENCE = INDICATORS["factor_prevalence"]
ROW = 32
Size = Literal[2, 3]


def ranked(chosen: Choices) -> None:
    """Every group of issues of the area selected (else of the place filtered by, else of the county), the commonest first."""
    title, where = place_title(chosen), own_place(chosen)
    rows = issues_ranked(chosen, where)
    st.subheader(f"Issues ranked: {plain(title)}", anchor=False)
    if rows["value"].isna().all():
        st.info(plain(_why(rows["reason"])))
        return
    said = notes(state.snapshot(), PREVALENCE, chosen.period, ["factor_group"])
    st.caption(
        f"Of the assessments with a factor recorded, the share that carry each issue, {plain(chosen.period.label)}. "
        + ("● marks the issue chosen. " if chosen.issues[0] in GROUPS else "")
        + " ".join([*(plain(note) for note in said), plain(unrecorded_words(chosen))])
    )
    beside = bool(rows["versus"].notna().any())
    each = records(rows)
    table: dict[str, Any] = {
        "Issue": [_title(row["factor_group"], chosen) for row in each],
        "%": rows["value"].astype("float64"),
        "95% interval": [_words(row) or interval(row, PREVALENCE).removesuffix(" (95%)") for row in each],
        "Counted": [made_of(row, PREVALENCE) for row in each],
    }
    if beside:
        table[county_title()] = [figure(row["county"], PREVALENCE) for row in each]
        table["v Devon"] = ["" if missing(row["versus"]) else f"{MARKS[row['versus']]} {AGAINST[row['versus']]}" for row in each]
    of_what = f"{PREVALENCE.numerator_words}, of those with a factor recorded"
    _draw(pd.DataFrame(table), "%", f"Table of issues ranked: {title}", help=of_what)
    download("Download the issues ranked (CSV)", lambda: ranked_file(chosen, rows), "issues-ranked")


def ranked_file(chosen: Choices, rows: pd.DataFrame) -> pd.DataFrame:
    known = {id: group.title for id, group in GROUPS.items()}
    return pd.DataFrame(
        {
            "area": place_title(chosen),
            "issue_id": rows["factor_group"],
            "issue": [known.get(id, capital(id)) for id in rows["factor_group"]],
            "numerator": rows["numerator"],
            "denominator": rows["denominator"],
            "value": rows["value"],
            "low_95": rows["low"],
            "high_95": rows["high"],
            "county_value": rows["county"],
            "compared_with_devon": ["" if missing(step) else AGAINST[step] for step in rows["versus"]],
            "note": ["" if missing(reason) else reason for reason in rows["reason"]],
            "not_recorded": unrecorded_words(chosen),
            "period": chosen.period.label,
        }
    ).assign(**about(PREVALENCE))


def together(chosen: Choices) -> None:
    """What comes with the issue chosen, the commonest pairs and trios, and every two issues."""
    title, where = place_title(chosen), own_place(chosen)
    st.subheader(f"What comes with it: {plain(title)}", anchor=False)
    whole = issues_together(chosen, where, 1)
    if whole.assessments is None or whole.rows.empty:
        st.info(plain(_why([whole.reason])))
        return
    st.caption(
        f"Issues recorded in one assessment, of the {number(whole.assessments)} with a factor recorded, {plain(chosen.period.label)}. "
        + plain(unrecorded_words(chosen))
        + (f" Fewer than {LEAST} are withheld." if chosen.audience is Audience.COMMISSIONER else "")
    )
    _beside_the_chosen(chosen, whole, where)
    kind: Kind = "factor" if chosen.audience is Audience.MANAGER and chosen.issues[0] not in GROUPS else "factor_group"
    pairs, trios, every = st.tabs(["Commonest pairs", "Commonest trios", "Every two issues"])
    with pairs:
        _listed(chosen, issues_together(chosen, where, 2, kind), 2)
    with trios:
        _listed(chosen, issues_together(chosen, where, 3, kind), 3)
    with every:
        _matrix(whole)
    download("Download every two issues (CSV)", lambda: matrix_file(chosen, whole), "issues-together")


def _beside_the_chosen(chosen: Choices, whole: Together, where: dict[str, str]) -> None:
    """Of the assessments with the issue chosen, how many carry each other one."""
    issue = chosen.issues[0]
    name = plain(chosen.issue_words)
    if len(chosen.issues) > 1:
        st.caption("What comes with a mix of issues is not counted: choose one of them, or look at every two issues.")
        return
    if issue in (NONE_IDENTIFIED, *GROUPS[NONE_IDENTIFIED].codes):
        st.caption("Where no factor was identified nothing comes with it.")
        return
    if issue not in GROUPS:
        if chosen.audience is Audience.COMMISSIONER:
            st.caption("Single issues that come together are shown to managers only; the groups of issues follow.")
            return
        whole = issues_together(chosen, where, 1, "factor")
    rows = whole.rows[(whole.rows["first"] == issue) & (whole.rows["second"] != issue)]
    rows = rows.assign(hidden=rows["of_first"].isna(), down=-rows["of_first"]).sort_values(["hidden", "down"], kind="stable")
    if issue not in GROUPS:
        rows = rows[rows["numerator"] > 0].head(12)  # of forty codes those that occur with it
    if rows.empty or rows["of_first"].isna().all():
        st.info(f"{plain(_why(rows['reason']) if len(rows) else 'Nothing comes with it in any assessment.')}")
        return
    each = records(rows)
    table = {
        f"With {chosen.issue_words}": [issue_title([row["second"]]) for row in each],
        "% of them": rows["of_first"].astype("float64"),
        "Assessments": ["withheld" if row["withheld"] else number(row["numerator"]) for row in each],
        "Beside chance": [_times(row) for row in each],
    }
    _draw(
        pd.DataFrame(table),
        "% of them",
        f"Table of what comes with {chosen.issue_words}",
        help=f"Of the assessments with {name}, those that carry the other issue too",
        more={
            "Beside chance": st.column_config.TextColumn(
                help="How many times as often as if the two had nothing to do with each other; 1 is as often as chance."
            )
        },
    )


def _listed(chosen: Choices, found: Together, size: Size) -> None:
    if found.assessments is None or found.reason or found.rows.empty:
        st.info(plain(_why([found.reason])))
        return
    rows = found.rows.head(10)
    table = {
        "% of assessments": rows["value"].astype("float64"),
        "Assessments": [number(count) for count in rows["numerator"]],
        "Issues": [" + ".join(issue_title([id]) for id in ids) for ids in rows["issues"]],
    }
    name = "pairs" if size == 2 else "trios"
    _draw(pd.DataFrame(table), "% of assessments", f"Table of the commonest {name}", help="Of the assessments with a factor recorded")
    left = len(found.rows) - len(rows)
    if left:
        st.caption(f"{number(left)} more {name} are less common.")
    if chosen.audience is Audience.COMMISSIONER:
        st.caption(f"Withheld: {name} that come together in fewer than {LEAST} assessments.")


def _matrix(whole: Together) -> None:
    rows = whole.rows
    ids = list(dict.fromkeys(rows["first"]))
    cells = {(row["first"], row["second"]): row for row in records(rows)}
    numbered = {id: f"{place} {issue_title([id])}" for place, id in enumerate(ids, 1)}
    table: dict[str, list[str]] = {"Of those with": [numbered[id] for id in ids]}
    for second in ids:
        table[numbered[second]] = [_cell(cells[first, second]) for first in ids]
    st.caption("Read along a row: of the assessments with its issue, the share that carry the issue of the column too.")
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        row_height=ROW,
        height=ROW * len(ids) + 37,
        alt="Table of every two issues: of the assessments with one, the share with the other",
        column_config={
            "Of those with": st.column_config.TextColumn(width=220),
            **{words: st.column_config.TextColumn(width=88, help=words) for words in numbered.values()},
        },
    )


def _cell(row: Row) -> str:
    if row["first"] == row["second"]:
        return "withheld" if row["withheld"] else f"({number(row['numerator'])})"
    return "withheld" if row["withheld"] else NOTHING if missing(row["of_first"]) else f"{number(row['of_first'])}%"


def matrix_file(chosen: Choices, whole: Together) -> pd.DataFrame:
    rows = whole.rows
    return pd.DataFrame(
        {
            "area": place_title(chosen),
            "first_id": rows["first"],
            "first": [issue_title([id]) for id in rows["first"]],
            "second_id": rows["second"],
            "second": [issue_title([id]) for id in rows["second"]],
            "assessments_with_both": rows["numerator"],
            "percent_of_assessments": rows["value"],
            "percent_of_the_first": rows["of_first"],
            "times_chance": rows["times"],
            "note": ["" if missing(reason) else reason for reason in rows["reason"]],
            "assessments_with_a_factor_recorded": whole.assessments,
            "not_recorded": unrecorded_words(chosen),
            "period": chosen.period.label,
        }
    ).assign(**about())


def _draw(table: pd.DataFrame, bar: str, alt: str, *, help: str, more: dict[str, Any] | None = None) -> None:  # noqa: A002  Streamlit's word
    """A table with bars in one of its columns; where that is not the first, the first leaves it room on a telephone."""
    highest = table[bar].max()
    first = str(table.columns[0])
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW,
        height=ROW * len(table) + 37,
        placeholder=NOTHING,
        alt=alt,
        column_config={
            bar: st.column_config.ProgressColumn(
                format="%.1f",
                min_value=0,
                max_value=float(highest) if pd.notna(highest) and highest > 0 else 1.0,
                width=130,
                color=colours().circle,
                help=help,
            ),
            **({} if first == bar else {first: st.column_config.TextColumn(width=230)}),
            **(more or {}),
        },
    )


def _title(id: str, chosen: Choices) -> str:
    title = GROUPS[id].title if id in GROUPS else f"Factor {id}"
    return f"● {title}" if id in chosen.issues else title


def _words(row: Row) -> str:
    return "withheld" if row["withheld"] else ""


def _times(row: Row) -> str:
    return "withheld" if row["withheld"] else NOTHING if missing(row["times"]) else f"{number(row['times'], 1)} times"


def _why(reasons: Iterable[Any]) -> str:
    """The first reason there is."""
    return next((str(reason) for reason in reasons if not missing(reason)), "There is nothing to show.")
