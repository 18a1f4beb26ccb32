"""Can the records be trusted? What was read, kept and rejected, what each rule found, and which figures it touches."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

import streamlit_app
from csc_core.disclosure import WITHHELD
from csc_core.indicators import INDICATORS
from csc_core.quality import MARKED_FROM, RULES, Summary, rows, summary
from csc_core.quality.rules import SEVERITIES
from csc_core.snapshot import KEPT_OF_A_CHILD
from csc_core.tables import TABLES
from pages.components import state
from pages.components.data import SCOPE, records
from pages.components.downloads import about, download
from pages.components.header import header
from pages.components.links import Choices, definition
from pages.components.meaning import source
from pages.components.words import NOTHING, capital, missing, number, plain

COUNTED = ("read", "kept", "rejected")


def counted(found: Summary) -> None:
    """What came in: every row kept, or rejected with a reason."""
    read = found.read
    rows_read, kept, rejected, not_used = (int(read[name].sum()) for name in (*COUNTED, "not_used"))
    others = f", and {number(not_used)} not used, since their tables were left out as a whole" if not_used else ""
    st.subheader("What was loaded", anchor=False)
    st.markdown(
        f"**{number(rows_read)} rows were read: {number(kept)} kept{',' if others else ' and'} {number(rejected)} rejected{others}.** "
        f"No row is lost: each that was rejected is listed with its reason{', and why a table was left out is said below' * bool(others)}."
    )
    headings = {"title": "Records of", "source": "From", "not_used": "Not used", **{name: capital(name) for name in COUNTED}}
    table = read.drop(columns=[] if not_used else "not_used").rename(columns=headings)
    with st.expander("View by table and source"):
        st.dataframe(table.drop(columns="table"), hide_index=True, alt="Table of rows read, kept and rejected")
        download("Download this table (CSV)", lambda: table.assign(**about()), "rows-read")
    st.caption(KEPT_OF_A_CHILD)
    for note in state.snapshot().notes:
        st.caption(plain(note))


def postcodes(found: Summary) -> None:
    """How many of the addresses that place a child have a postcode that was found."""
    if found.postcodes.empty:
        return
    table = pd.DataFrame(
        {
            "Postcode": found.postcodes["postcode"].map(capital),
            "Addresses": ["withheld" if row["withheld"] else number(row["rows"]) for row in records(found.postcodes)],
            "Share": [NOTHING if row["withheld"] else f"{number(row['share'], 1)}%" for row in records(found.postcodes)],
        }
    )
    st.subheader("Postcodes", anchor=False)
    st.markdown("Of the home addresses that place a child, how many have a postcode that was found. Each address is in one row.")
    st.dataframe(table, hide_index=True, alt="Table of postcodes found and not found")
    download("Download this table (CSV)", lambda: table.assign(**about()), "postcodes")


def rules(found: Summary) -> None:
    """Every rule, what matters most first."""
    st.subheader("What the rules found", anchor=False)
    failing = int((found.rules["found"].fillna(1) > 0).sum())
    st.markdown(
        f"**{failing} of {len(found.rules)} checks found something.** From {number(100 * MARKED_FROM)}% of the records looked at on, and "
        "where one of the latest months has far fewer than before, or one of the latest twelve has none, the figures that it touches "
        "carry a mark that leads here. Records from "
        f"before {state.snapshot().complete_from:%-d %B %Y} are a run-in and not looked at."
    )
    table = pd.DataFrame(
        {
            "Rule": found.rules["title"],
            "Records of": found.rules["table"],
            "Found": ["withheld" if row["withheld"] else number(row["found"]) for row in records(found.rules)],
            "Looked at": [number(count) for count in found.rules["checked"]],
            "Share": [NOTHING if missing(share) else f"{number(share, 1)}%" for share in found.rules["share"]],
            "Means": [f"{capital(severity)}: {SEVERITIES[severity]}" for severity in found.rules["severity"]],
            "Marks figures": ["yes" if marked else "no" for marked in found.rules["marks"]],
            "DfE rule": [number_of or NOTHING for number_of in found.rules["dfe"]],
        }
    )
    st.dataframe(table, hide_index=True, row_height=32, alt="Table of the rules of data quality")
    download("Download this table (CSV)", lambda: table.assign(rule=found.rules["rule"], **about()), "data-quality")


def one(chosen: Choices, found: Summary) -> None:
    """One rule: what it means, the figures it touches, and for managers the records."""
    rule = RULES[chosen.own["rule"]]
    of_rule = found.rules[found.rules["rule"] == rule.id]
    st.subheader(plain(rule.title), anchor=False)
    same = [f"The Department for Education checks {TABLES[name].title} by its rule {its}." for name, its in rule.dfe.items()]
    st.markdown(" ".join((rule.means, *same)))
    if of_rule.empty:
        st.info("These records do not hold what this rule looks at, so it was not run.")
    for row in records(of_rule):
        count = WITHHELD if row["withheld"] else f"{number(row['found'])} of {number(row['checked'])}"
        st.markdown(f"- {plain(capital(str(row['table'])))}: **{plain(count)}**")
    touched = sorted({id for ids in of_rule["indicators"] for id in ids}, key=list(INDICATORS).index)
    if touched:
        with st.expander(f"The {len(touched)} figures that it touches"):
            for id in touched:
                asked = INDICATORS[id]
                st.page_link("pages/definitions.py", label=plain(asked.title), query_params=definition(asked, chosen))
    listed = rows(state.snapshot(), rule.id, scope=SCOPE, audience=chosen.audience)
    if listed.reason:
        st.info(listed.reason)
    if not listed.rows.empty:
        st.caption(
            "Under their references. The account that loads finds them under the case system's ids in the snapshot's `findings.csv`; "
            "`python -m csc_core reference ID` says which reference an id has."
        )
        shown = listed.rows.rename(columns=capital)
        st.dataframe(shown, hide_index=True, placeholder=NOTHING, alt=f"Table of the records found: {rule.title}")
    st.button("Show all rules", icon=":material/arrow_back:", on_click=partial(state.choose, rule=None))


def page() -> None:
    chosen = state.choices()
    header("Data quality")
    st.markdown("What was wrong with the records when they were loaded, and which figures it bears on.")
    found = summary(state.snapshot(), audience=chosen.audience)
    if "rule" in chosen.own:
        one(chosen, found)
    else:
        counted(found)
        postcodes(found)
        rules(found)
    state.write_address()
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
