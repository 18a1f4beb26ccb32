"""Numbers and names as people read them, and text from outside as nothing but text."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from pages.components.words import capital, figure, moment, more_or_fewer, number, plain, quoted, when


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.05, 1, "0.1"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (76.75, 1, "76.8"),
        (4009, 0, "4,009"),
        (pd.NA, 1, "–"),
        (float("nan"), 0, "–"),
    ],
)
def test_numbers_are_rounded_once_and_half_up(value: object, decimals: int, expected: str) -> None:
    assert number(value, decimals) == expected


def test_a_figure_has_its_unit() -> None:
    assert figure(258 / 644 * 100, INDICATORS["enquiries_forwarded"]) == "40.1%"
    assert figure(4009 / 143_525 * 10_000, INDICATORS["referral_rate"]) == "279.3"
    assert figure(5122, INDICATORS["open_cases"]) == "5,122"
    assert figure(None, INDICATORS["re_referrals"]) == "–"


def test_a_stock_is_counted_on_a_day_and_anything_else_over_a_period() -> None:
    period = parse("2017/18YTD", date(2017, 12, 31))
    assert when(INDICATORS["open_cases"], period) == "on 31 December 2017"
    assert when(INDICATORS["referrals"], period) == "April to December 2017 (9 months)"


def test_a_difference_is_said_in_words() -> None:
    words = [more_or_fewer(difference, "than November") for difference in (-140, 1, 0, None)]
    assert words == ["140 fewer than November", "1 more than November", "no change", ""]


def test_days_and_first_letters() -> None:
    assert moment(datetime(2017, 12, 31, 23, 40)) == "31 December 2017, 23:40"
    assert moment(datetime(2017, 12, 31)) == "31 December 2017"
    assert capital("enquiries to MASH") == "Enquiries to MASH"


def shown(markdown: str) -> None:
    import streamlit

    streamlit.markdown(markdown)


@pytest.mark.parametrize("text", ["![x](http://outside/x.png)", "<img src=x>", "**bold**", ":red[x]", "$x$", "`code`", "# title", "- item"])
def test_no_mark_of_markdown_has_its_meaning_in_text_from_outside(text: str) -> None:
    (said,) = AppTest.from_function(shown, args=(plain(text),)).run().markdown
    assert said.value == "".join(f"\\{letter}" if not letter.isalnum() and letter != " " else letter for letter in text)


@given(st.text())
def test_what_someone_wrote_stays_in_its_quotes(text: str) -> None:
    shown_text = quoted(text)
    assert shown_text.startswith("`") and shown_text.endswith("`")
    assert "`" not in shown_text[1:-1] and "\n" not in shown_text and len(shown_text) <= 43
