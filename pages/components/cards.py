"""A figure with its company: the interval or the fraction in the grey pill, the definition behind the question mark."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from csc_core.indicators import Indicator
from pages.components import state
from pages.components.data import Row
from pages.components.links import definition
from pages.components.words import UNITS, capital, figure, missing, number


def card(label: str, value: str, beside: str, help: str) -> None:  # noqa: A002  Streamlit's word
    # The pill is Streamlit's delta without its arrow and colour: no figure here is good or bad by itself.
    st.metric(label, value, beside or None, delta_color="off", delta_arrow="off", border=True, height="stretch", help=help)


def figure_card(label: str, row: Row, asked: Indicator, *, count: bool = False, beside: str = "", note: str = "") -> None:
    """One row of disclosed figures (numerator, denominator, value, withheld, reason, low, high): its value with its interval, or
    with `count` its numerator with its value. `beside` stands there when it has neither; `note` is said behind the mark."""
    if row["withheld"]:
        card(label, "Withheld", "", str(row["reason"]))
    elif count:
        unit = UNITS[asked.unit]
        rate = "" if asked.unit == "count" or missing(row["value"]) else f"{number(row['value'], asked.decimals)}{unit}"
        card(label, number(row["numerator"]), rate or beside, _help(f"{capital(asked.noun)}: {asked.numerator_words}.", row, note, asked))
    else:
        value = "No figure" if missing(row["value"]) else figure(row["value"], asked)
        card(label, value, interval(row, asked) or beside, _help(asked.definition, row, note, asked))


def interval(row: Row, asked: Indicator) -> str:
    """`271 to 288 (95%)`, with one decimal below 10."""
    if missing(row["low"]):
        return ""
    decimals = 1 if row["high"] < 10 else 0
    return f"{number(row['low'], decimals)} to {number(row['high'], decimals)}{'%' if asked.unit == '%' else ''} (95%)"


def made_of(row: Row, asked: Indicator) -> str:
    """What a value is made of: `258 of 644`, `4,009 referrals, 143,525 children`."""
    if missing(row["numerator"]):
        return ""
    if asked.unit == "%":
        decimals = 0 if float(row["numerator"]).is_integer() and float(row["denominator"]).is_integer() else 1  # hours of work have parts
        return f"{number(row['numerator'], decimals)} of {number(row['denominator'], decimals)}"
    children = "" if missing(row["denominator"]) else f", {number(row['denominator'])} children"
    return f"{number(row['numerator'])} {asked.noun}{children}"


def _help(meaning: str, row: Row, note: str, asked: Indicator) -> str:
    said: list[Any] = [meaning, note]
    if not missing(row["low"]):
        said.append("Grey: the 95% interval, which is how far chance alone could move it.")
    if not missing(row["reason"]):
        said.append(row["reason"])
    said.append(f"[Definition](definitions?{urlencode(definition(asked, state.choices()))})")
    return " ".join(str(part) for part in said if part)
