"""The tables of the teams page: by service, locality or team; caseloads; what is overdue; workers; homes by teams."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from csc_core.caseload import across
from csc_core.dimensions import DIMENSIONS, titles
from csc_core.hierarchy import LEVELS, levels, standing, unmapped
from csc_core.indicators import INDICATORS, Indicator
from csc_core.overdue import KINDS
from csc_core.periods import Period
from pages.components import state
from pages.components.cards import card, figure_card, made_of
from pages.components.data import Row, figures, records
from pages.components.downloads import about, download
from pages.components.header import filter_words
from pages.components.links import Choices
from pages.components.team_figures import caseloads, late, team_rows, today, workers
from pages.components.theme import colours
from pages.components.words import NOTHING, capital, day, figure, missing, number, plain, when

ROW, TALLEST, LISTED = 32, 514, 25
WIDE = st.column_config.TextColumn(width=230)
TIMELY = {
    "assessments_in_45_days": "Assessments in 45 days",
    "icpc_in_15_days": "Conferences in 15 days",
    "looked_after_visited_in_time": "Visits in time",
    "initial_health_assessment_in_20_days": "Health in 20 days",
}
LATE = {"assessment": "Assessments", "s47": "Section 47", "visit": "Visits", "health": "Health assessments"}


def named(level: str, id: str) -> str:
    """The title of a member of the mapping file; a team that it does not have says so."""
    title = titles(state.snapshot(), level).get(id)
    return title if title is not None else f"{id} (not in the mapping file)"


def way_up(chosen: Choices) -> None:
    """What is drilled into, each with the way back to all of its kind."""
    chain = [name for name in LEVELS if name in chosen.filters]
    if not chain:
        return
    with st.container(horizontal=True, gap="small"):
        for name in chain:
            last = dict.fromkeys(chain[chain.index(name) :])
            title = plain(named(name, chosen.filters[name]))
            st.button(f"All, not only {title}", key=f"up_{name}", icon=":material/arrow_upward:", type="tertiary",
                      on_click=state.choose, kwargs={**last, "by": name})  # fmt: skip


def by_level(chosen: Choices) -> None:
    """The chosen indicator by service, team locality or team: a row selected goes one level down."""
    level, asked = chosen.own["by"], chosen.indicator
    rows = team_rows(chosen, level)
    words = standing(state.snapshot(), chosen.period) if level == "team" else {}
    ids = rows[level].tolist()
    st.subheader(f"By {LEVELS[level].lower()}", anchor=False)
    st.caption(f"{plain(asked.title)}, {plain(when(asked, chosen.period))}. Select a row to go into it.")
    table = pd.DataFrame(
        {
            LEVELS[level]: [named(level, id) for id in ids],
            _unit(asked): rows["value"].astype("float64"),
            **({} if asked.unit == "count" else {"Counted": [made_of(row, asked) for row in records(rows)]}),
            "Note": [_note(row, words.get(id, "")) for id, row in zip(ids, records(rows), strict=True)],
        }
    )
    key = f"by_{level}_{'_'.join(chosen.filters.values())}"
    st.dataframe(
        table,
        hide_index=True,
        height=min(TALLEST, ROW * len(table) + 37),
        row_height=ROW,
        key=key,
        on_select=lambda: _go_into(level, ids, key),
        selection_mode="single-row",
        placeholder=NOTHING,
        column_config={
            LEVELS[level]: WIDE,
            _unit(asked): _bar(table[_unit(asked)], asked.decimals),
            "Note": st.column_config.TextColumn(width="medium"),
        },
        alt=f"Table of {asked.title} by {LEVELS[level].lower()}",
    )
    columns = {level: ids, "title": table[LEVELS[level]].tolist(), "note": table["Note"].tolist()}
    download(
        "Download this table (CSV)",
        lambda: pd.DataFrame(columns).join(rows[["numerator", "denominator", "value", "period"]]).assign(**about(asked)),
        f"{asked.id}-by-{level}",
    )
    if level == "team" and (strange := unmapped(state.snapshot())):
        st.caption(f"Not in the mapping file, so without service and locality: {plain(', '.join(strange))}.")


def _go_into(level: str, ids: list[str], key: str) -> None:
    picked = st.session_state[key].selection.rows
    if picked and ids[picked[0]] in titles(state.snapshot(), level):
        below = list(LEVELS)[list(LEVELS).index(level) + 1 :]
        state.choose(**{level: ids[picked[0]], "by": next((one for one in below if one in levels(state.snapshot())), level)})


def _note(row: Row, standing: str) -> str:
    why = "withheld" if row["withheld"] else "none in the period" if missing(row["value"]) else ""
    return ", ".join(part for part in (standing, why) if part)


def _unit(asked: Indicator) -> str:
    return {"count": "Number", "%": "%", "ratio": "Cases per FTE"}.get(asked.unit, capital(asked.unit))


def _bar(values: pd.Series, decimals: int) -> Any:
    highest = values.max()
    return st.column_config.ProgressColumn(
        format="%.1f" if decimals else "localized",
        min_value=0,
        max_value=float(highest) if pd.notna(highest) and highest > 0 else 1.0,
        color=colours().circle,
    )


def timely(chosen: Choices) -> None:
    """Four cards: what the law wants done in so many days."""
    with st.container(horizontal=True, gap="small", key="cards_timely"):
        for id, label in TIMELY.items():
            _card(chosen, label, INDICATORS[id], chosen.period)


def _card(chosen: Choices, label: str, asked: Indicator, period: Period, beside: str = "") -> None:
    misfit = [name for name in chosen.filters if name not in asked.dimensions]
    if misfit:
        card(label, NOTHING, f"not by {DIMENSIONS[misfit[0]].title.lower()}", asked.definition)
        return
    (row,) = records(figures(chosen, indicator=asked, period=period))
    figure_card(label, row, asked, beside=beside or ("" if asked.unit == "count" else made_of(row, asked)))


def caseload(chosen: Choices) -> None:
    """How cases are spread within each team and across teams."""
    st.subheader("Caseload", anchor=False)
    rows, closed = caseloads(chosen), standing(state.snapshot(), chosen.period)
    st.caption(
        f"Open cases of case holders on {day(chosen.period.end)} for each full-time worker (FTE), and how they spread over the workers of "
        "each team: a quarter of them hold fewer than the lower quartile, half fewer than the median. Filtered by service, team locality, "
        "area and team only."
    )
    if rows["cases"].isna().all():
        st.info(plain(str(rows["reason"].iloc[0]) if len(rows) else "The mapping file has no team here."))
        return
    table = pd.DataFrame(
        {
            "Team": [named("team", id) for id in rows["team"]],
            "Cases per FTE": rows["cases_per_fte"].astype("float64"),
            "Cases": rows["cases"],
            "FTE": rows["fte"].astype("float64"),
            "Lower quartile": rows["lower_quartile"].astype("float64"),
            "Median": rows["median"].astype("float64"),
            "Upper quartile": rows["upper_quartile"].astype("float64"),
            "Note": [", ".join(filter(None, (closed.get(id), None if missing(reason) else str(reason))))
                     for id, reason in zip(rows["team"], rows["reason"], strict=True)],
        }
    )  # fmt: skip
    decimal = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(
        table,
        hide_index=True,
        height=min(TALLEST, ROW * len(table) + 37),
        row_height=ROW,
        placeholder=NOTHING,
        column_config={
            "Team": WIDE,
            "Cases per FTE": _bar(table["Cases per FTE"], 1),
            **dict.fromkeys(["FTE", "Lower quartile", "Median", "Upper quartile"], decimal),
        },
        alt="Table of cases for each full-time worker, by team",
    )
    over = across(rows)
    if over["teams"] > 1:
        st.caption(
            f"Across {over['teams']} teams: from {number(over['lowest'], 1)} to {number(over['highest'], 1)} cases for each FTE, "
            f"half of the teams between {number(over['lower_quartile'], 1)} and {number(over['upper_quartile'], 1)}."
        )
    download("Download this table (CSV)", lambda: table.assign(**about()), "caseload-by-team")


def overdue(chosen: Choices) -> None:
    """How much is overdue now, and, for a manager, the children by reference. There is nothing here to take away."""
    kind, now = chosen.own["overdue"], today()
    st.subheader("Overdue now", anchor=False)
    st.caption(
        f"On {day(now.end)}, the day the data go up to. Assessments are counted from their start: the default, and the clock of DfE's "
        "statistic. Beneath it stands how many there are from the referral, the clock of Working Together."
    )
    with st.container(horizontal=True, gap="small", key="cards_overdue"):
        for id, label in LATE.items():
            _card(chosen, label, KINDS[id], now, _other_clock(chosen, now) if id == "assessment" else "")
    found = late(chosen, kind)
    st.markdown(f"**{plain(KINDS[kind].title)}**, {plain(filter_words(chosen))}")
    if found.reason or found.rows.empty:
        st.info(plain(found.reason or "None is overdue."))
        return
    shown = found.rows.head(LISTED)
    if len(shown) < len(found.rows):
        st.caption(f"The {LISTED} longest overdue of {number(len(found.rows))}: filter by team to see each team's own.")
    table = {
        "Child": shown["child"],
        "Team": [named("team", id) for id in shown["team"]],
        "Team locality": [titles(state.snapshot(), "team_locality").get(id, id) for id in shown["team_locality"]],
        "Due": [day(due.date()) for due in shown["due_date"]],
    }
    if kind == "assessment":
        table["Due from the referral"] = ["not the first" if missing(due) else day(due.date()) for due in shown["due_from_referral"]]
    st.table(pd.DataFrame({**table, "Working days late": shown["working_days_late"]}), hide_index=True)


def _other_clock(chosen: Choices, now: Period) -> str:
    """How many assessments are overdue by the clock of Working Together, where the filters allow it."""
    asked = KINDS["assessment_from_referral"]
    if any(name not in asked.dimensions for name in chosen.filters):
        return ""
    (row,) = records(figures(chosen, indicator=asked, period=now))
    return f"{'withheld' if row['withheld'] else number(row['numerator'])} from the referral"


def of_workers(chosen: Choices) -> None:
    """The workers of the team filtered by, where that is switched on. A plain table: it has nothing to sort by, nor a file."""
    if "team" not in chosen.filters:
        return
    found, asked = workers(chosen), chosen.indicator
    st.subheader("Workers", anchor=False)
    if found.reason or found.rows.empty:
        st.caption(plain(found.reason or "No worker has any in the period."))
        return
    st.caption(f"{plain(asked.title)}, in the order of the references. It is no ranking and goes into no file.")
    table = {
        "Worker": found.rows["worker"],
        _unit(asked): [NOTHING if missing(value) else figure(value, asked) for value in found.rows["value"]],
        "Counted": [made_of(row, asked) for row in records(found.rows)],
        "Note": ["" if missing(reason) else str(reason) for reason in found.rows["reason"]],
    }
    st.table(pd.DataFrame(table), hide_index=True)


def homes_by_teams(chosen: Choices) -> None:
    """Where the children live by where the teams that work with them are."""
    asked = chosen.indicator if {"locality", "team_locality"} <= {*chosen.indicator.dimensions} else INDICATORS["open_cases"]
    kept = {name: id for name, id in chosen.filters.items() if name in asked.dimensions}
    rows = figures(chosen, "locality", "team_locality", indicator=asked, where=kept)
    rows["shown"] = ["withheld" if row["withheld"] else number(row["numerator"]) for row in records(rows)]
    homes, offices = titles(state.snapshot(), "locality"), titles(state.snapshot(), "team_locality")
    table = rows.pivot_table(index="locality", columns="team_locality", values="shown", aggfunc="first", sort=False).fillna("0")
    table = table.rename(index=dict(homes), columns=dict(offices)).rename_axis("Home locality").reset_index()
    st.subheader("Home locality by team locality", anchor=False)
    st.caption(
        f"{capital(plain(asked.noun))}, {plain(when(asked, chosen.period))}. Rows: where the child lives (home locality). Columns: where "
        "the team works, from the mapping file (team locality)."
    )
    st.dataframe(table, hide_index=True, placeholder=NOTHING, alt="Table of home localities by team localities")
    download("Download this table (CSV)", lambda: table.assign(**about(asked)), f"{asked.id}-home-by-team-locality")
