"""The sidebar: what is shown, for whom, and a link to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from csc_core import hierarchy
from csc_core.dimensions import DIMENSIONS, titles
from csc_core.disclosure import LEAST, Audience
from csc_core.factors import FACTORS, GROUPS
from csc_core.periods import Period, latest_month, members, month, parse, window, year
from csc_core.snapshot import Snapshot
from geo.areas import LEVELS
from pages.components import links, state
from pages.components.links import Choices
from pages.components.openings import FILTERS, MAPPED, OF_SOME, OwnPeriod
from pages.components.words import capital

SHOWN = {"rate": "Rate", "versus": "Compared with Devon", "count": "Count"}
ALL = {
    "locality": "all localities",
    "service": "all services",
    "team_locality": "all team localities",
    "team_area": "all team areas",
    "team": "all teams",
    "age_band": "all ages",
    "sex": "all sexes",
    "referral_source": "all referral sources",
    "primary_need": "all primary needs",
    "ethnic_group": "all ethnic groups",
    "disability": "disabled or not",
    "assessment_outcome": "all outcomes",
    "cp_category": "all categories",
    "legal_status": "all legal statuses",
    "placement_type": "all placements",
}
MEASURES = {"factor_prevalence": "% of assessments", "factor_rate": "Per 10,000 children"}
MIXES = {"any": "Any of them", "all": "All of them"}
LABELS = {"locality": "Home locality"}  # the team's locality is another one
HELP = {
    "locality": "The locality of the child's home",
    "service": "The service of the team, from the mapping file",
    "team_locality": "The locality in which the team works, from the mapping file; not where the child lives",
    "disability": "Disabled: any disability is recorded. Not disabled: it is recorded that there is none",
    "team_area": "The area within the locality in which the team works, from the mapping file",
    "team": "The team that took the referral or completed the assessment",
}
AUDIENCES = {
    Audience.COMMISSIONER.value: f"Commissioner: fewer than {LEAST} withheld",
    Audience.MANAGER.value: "Manager: true values",
}


def sidebar() -> None:
    """Draw it: the page's own choices, the period, the filters, who looks, and a link. What only the map has comes back with it."""
    chosen, snapshot = state.choices(), state.snapshot()
    with st.sidebar:
        if chosen.level:
            _indicator(chosen)
        _own(chosen, snapshot)
        if state.opening().timed:
            _select("period", "Period", period_choices(snapshot, chosen.period), chosen.period.id)
        if chosen.level:
            _of_the_map(chosen)
        st.divider()
        if state.opening().filtered:
            _filters(chosen, snapshot)
            st.divider()
        _radio("audience", "See it as", AUDIENCES, chosen.audience.value, "Only synthetic data can be seen both ways.")
        if chosen.path:
            st.caption("Link to this view")
            st.code(links.link(chosen, _home(chosen)), language=None, wrap_lines=True)


def _filters(chosen: Choices, snapshot: Snapshot) -> None:
    """What leaves a part of the records."""
    of_this = chosen.indicator.dimensions if _has_indicator(chosen) else None
    absent = {*hierarchy.LEVELS} - {*hierarchy.levels(snapshot)} | {*OF_SOME} - {*(of_this or ())}
    for name in FILTERS:
        if name in chosen.filters or name not in absent:
            _filter(name, chosen, snapshot, applies=of_this is None or name in of_this)
    cleared = dict.fromkeys(FILTERS)
    st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", disabled=not chosen.filters,
              on_click=state.choose, kwargs=cleared)  # fmt: skip


def _has_indicator(chosen: Choices) -> bool:
    """Whether the page shows figures of one indicator, or of several with its filters."""
    return bool(state.opening().indicator) or "indicator" in chosen.own


def _own(chosen: Choices, snapshot: Snapshot) -> None:
    """The page's own choices, as its opening declares them."""
    for key, one in state.opening().own.items():
        if isinstance(one, OwnPeriod):
            period = chosen.own_periods[key]
            _select(key, one.label, period_choices(snapshot, period), period.id, one.help)
        elif one.default is not None:
            offered = {*(one.offered(snapshot) if one.offered else one.known), chosen.own[key]}
            _select(key, one.label, {id: title for id, title in one.known.items() if id in offered}, chosen.own[key], one.help)
        else:
            _perhaps(key, one.label, one.known, chosen.own.get(key), "All", one.help)


def period_choices(snapshot: Snapshot, chosen: Period) -> Mapping[str, str]:
    """Period id to label: what people mostly want first, then quarters, years and months from the latest back."""
    as_at = snapshot.as_at.date()
    latest = latest_month(as_at)
    first = [
        (window(12, latest), "Latest 12 months"),
        (parse(f"{year(as_at).id}YTD", as_at), "Year to date"),
        (month(latest), f"Latest month: {month(latest).label}"),
    ]
    whole = Period("", snapshot.complete_from, latest)
    rest = [(period, "") for step in ("quarter", "year", "month") for period in reversed(members(step, whole))]
    found: dict[str, str] = {}
    for period, words in (*first, *rest, (chosen, "")):
        found.setdefault(period.id, words or period.label)
    return found


def _indicator(chosen: Choices) -> None:
    if chosen.issues:
        _issue(chosen)
    else:
        titles_of = {id: one.title for id, one in MAPPED.items()}
        _select("indicator", "Indicator", titles_of, chosen.indicator.id, help="What is mapped, charted and listed")


def _of_the_map(chosen: Choices) -> None:
    _select("level", "Areas", {level.id: level.title for level in reversed(list(LEVELS.values()))}, chosen.level)
    ways = {"count": SHOWN["count"]} if chosen.indicator.unit == "count" else SHOWN
    if chosen.indicator.unit == "%":
        ways = {**ways, "rate": "Percentage"}
    _radio("shown", "Show as", ways, chosen.shown)


def _issue(chosen: Choices) -> None:
    """The issue, for a manager also a single one or a mix, and the measure of it."""
    first, manager = chosen.issues[0], chosen.audience is Audience.MANAGER
    offered = [*GROUPS, *(FACTORS if manager else ())]
    st.session_state["issue"] = first
    st.selectbox(
        "Issue" if manager else "Group of issues",
        offered if first in offered else [*offered, first],
        format_func=lambda id: links.issue_title([id]),
        key="issue",
        help="What is mapped, charted and listed",
        on_change=_changed,
        args=("issue",),
    )
    if manager:
        st.session_state["mix"] = list(chosen.issues[1:])
        st.multiselect(
            "Mixed with",
            [id for id in offered if id != first and (id in GROUPS) == (first in GROUPS)],
            format_func=lambda id: links.issue_title([id]),
            key="mix",
            placeholder="No other issue",
            help="Other issues to count together with the one above, each assessment once",
            on_change=lambda: _mixed([first, *st.session_state["mix"]], all_of=chosen.all_of),
        )
        if len(chosen.issues) > 1:
            st.session_state["mix_of"] = "all" if chosen.all_of else "any"
            st.radio(
                "Count assessments that carry",
                list(MIXES),
                format_func=lambda id: MIXES[id],
                key="mix_of",
                horizontal=True,
                on_change=lambda: _mixed(chosen.issues, all_of=st.session_state["mix_of"] == "all"),
            )
    _radio("indicator", "Measure", MEASURES, chosen.indicator.id)


def _mixed(issues: Sequence[str], *, all_of: bool) -> None:
    state.choose(issue=links.issue_key(issues, all_of=all_of and len(issues) > 1))


def _filter(name: str, chosen: Choices, snapshot: Snapshot, *, applies: bool) -> None:
    value = chosen.filters.get(name)
    title = DIMENSIONS[name].title
    why = HELP.get(name) if applies else f"{capital(chosen.indicator.title)} cannot be filtered by {title.lower()}."
    label, disabled = LABELS.get(name, title), not applies and value is None
    _perhaps(name, label, titles(snapshot, name), value, capital(ALL[name]), why, disabled=disabled)


def _perhaps(
    key: str,
    label: str,
    options: Mapping[str, str],
    value: str | None,
    placeholder: str,
    help: str | None,  # noqa: A002  Streamlit's word
    *,
    disabled: bool = False,
) -> None:
    """A choice that can be left open."""
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda id: options.get(id, id),
        key=key,
        placeholder=placeholder,
        help=help,
        disabled=disabled,
        on_change=_changed,
        args=(key,),
    )


def _select(key: str, label: str, options: Mapping[str, str], value: str, help: str | None = None) -> None:  # noqa: A002  Streamlit's word
    st.session_state[key] = value
    st.selectbox(label, list(options), format_func=lambda id: options.get(id, id), key=key, help=help, on_change=_changed, args=(key,))


def _radio(key: str, label: str, options: Mapping[str, str], value: str, help: str | None = None) -> None:  # noqa: A002  Streamlit's word
    st.session_state[key] = value
    st.radio(label, list(options), format_func=lambda id: options.get(id, id), key=key, help=help, on_change=_changed, args=(key,))


def _changed(key: str) -> None:
    state.choose(**{key: st.session_state[key]})


def _home(chosen: Choices) -> str:
    """The app's own address, as the browser has it; empty when it does not say."""
    return (st.context.url or "").removesuffix(f"/{chosen.path}")
