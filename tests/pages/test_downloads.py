"""Files to take away: nothing in them is a formula to Excel, and nothing else is touched."""

from __future__ import annotations

from io import BytesIO

import pandas as pd

from pages.components.downloads import csv


def test_no_text_is_a_formula_and_numbers_stay_as_they_are() -> None:
    names = ['=HYPERLINK("http://bad")', "+1+1", "@SUM(A1)", "-2+3", "\tx", "Exeter 1", "-3.5", "+12%", "–", "a=b", None]
    table = pd.DataFrame({"team": names, "change": range(-5, 6)})
    read = pd.read_csv(BytesIO(csv(table)), dtype="str", keep_default_na=False)
    assert read["team"].tolist() == [
        '\'=HYPERLINK("http://bad")', "'+1+1", "'@SUM(A1)", "'-2+3", "'\tx", "Exeter 1", "-3.5", "+12%", "–", "a=b", "",
    ]  # fmt: skip
    assert read["change"].tolist() == [str(number) for number in range(-5, 6)]
