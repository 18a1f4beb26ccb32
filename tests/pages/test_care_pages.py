"""The pages *Front door* and *Stability in care* from their entry: full and empty, as every audience, with addresses good and bad."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from csc_core.access import Scope
from csc_core.disclosure import LEAST, Audience
from csc_core.funnel import funnel
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from csc_core.stability import ASPECTS, distribution
from pages.components import openings
from pages.components.care import AVERAGES

EVERYTHING = Scope.everything()
Opener = Callable[..., AppTest]
PAGES = ("front-door", "stability")


@pytest.fixture
def on(opened: Opener, demonstration: Path) -> Opener:
    """Open a page at an address, on a data folder (the demonstration's, if none is named)."""
    return lambda page, data=demonstration, **asked: opened(data, page, **asked)


def words(at: AppTest) -> str:
    """All that the page says in sentences."""
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The first table on the page with this column."""
    frame: pd.DataFrame = next(found.value for found in at.dataframe if column in found.value)
    return frame


def test_the_front_door_follows_the_enquiries_of_each_month(on: Opener, county: Snapshot) -> None:
    at = on("front-door", audience="manager")
    assert not at.exception
    assert "the enquiries to MASH of each month, January to December 2017 (12 months), all teams and all children" in words(at)
    assert "this is not the activity of the month" in words(at)
    rows = funnel(county, scope=EVERYTHING, audience=Audience.MANAGER, period=parse("12m:2017-12", county.as_at.date()))
    september = {row["stage"]: row for row in rows[rows["month"] == "2017-09"].to_dict("records")}
    assert "The enquiries of **September 2017**, the latest month that no longer changes" in words(at)
    stages = [id for id in openings.STAGE_LABELS if "_to_" in id]
    assert [card.label for card in at.metric] == [openings.STAGE_LABELS[id] for id in stages]
    assert [card.value for card in at.metric] == [f"{september[id]['share']:.1f}%" for id in stages]
    assert at.metric[0].delta == f"{september['enquiries_to_referral']['count']} of {september['enquiries']['count']:,}"
    shown = table(at, "Month")
    assert len(shown) == 12
    assert shown["Can still rise"].tolist()[8:] == [
        "no", "until 29 Jan 2018", "until 28 Feb 2018", "until 31 Mar 2018",
    ]  # fmt: skip
    assert shown["Enquiries"].iloc[-1] == "644"


def test_months_still_maturing_are_named_beside_the_chart(on: Opener) -> None:
    assert "Still maturing: October 2017, November 2017, December 2017** (dashed)" in words(on("front-door"))
    at = on("front-door", period="2017-04..2017-09")
    assert "Still maturing" not in words(at) and set(table(at, "Month")["Can still rise"]) == {"no"}
    at = on("front-door", period="2017-12")  # nothing but a month that can rise
    assert "The enquiries of **December 2017**, still maturing until 31 March 2018" in words(at)


def test_choosing_another_stage_changes_what_is_drawn(on: Opener) -> None:
    at = on("front-door")
    at.selectbox(key="indicator").set_value("enquiries_to_s47").run()
    assert not at.exception and at.query_params["indicator"] == "enquiries_to_s47"
    assert "**Enquiries followed by a section 47 enquiry within 90 days**" in words(at)


def test_a_commissioner_sees_no_few_enquiries(on: Opener) -> None:
    at = on("front-door", locality="exeter", indicator="enquiries_to_cp_plan")
    shown = table(at, "Month")["Protection plan"]
    assert "withheld" in set(shown)
    counts = shown[shown != "withheld"].str.extract(r"^(\d+) ")[0].dropna().astype("int")
    assert not counts.between(1, LEAST - 1).any()
    assert "months are withheld, and left out of the line" in words(at)


def test_stability_shows_averages_spread_localities_placements_and_status(on: Opener, county: Snapshot) -> None:
    at = on("stability", audience="manager")
    assert not at.exception
    day = parse("2017-12", county.as_at.date())
    for card, id in zip(at.metric, AVERAGES, strict=True):
        (value,) = query(county, id, scope=EVERYTHING, period=day)["value"]
        assert card.value.removesuffix("%").removesuffix(" days") == f"{value:.1f}"
    bands = table(at, "Placements in the period of care")
    found = distribution(county, "placements", scope=EVERYTHING, audience=Audience.MANAGER, period=day)
    assert bands["Children"].str.replace(",", "").astype("int").tolist() == found.rows["children"].tolist()
    assert "**Median 2**; half of the children are between 1 and 3 (placements)" in words(at)
    assert "1 not known: no placement is recorded from the first week of the period of care" in words(at)
    places = table(at, "Home locality")
    assert places["Children"].str.replace(",", "").astype("int").sum() == 712
    exeter = places[places["Home locality"] == "Exeter"].iloc[0]
    assert [exeter["Lower quartile"], exeter["Median"], exeter["Upper quartile"]] == ["1.0", "2.0", "3.0"]
    placements, status = table(at, "Placements in 12 months"), table(at, "Legal status")
    assert placements["Children"].tolist() == [474, 151, 86, 1]
    assert status.loc[0, "% of all"] == pytest.approx(100 * 505 / 712)


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_is_drawn_for_everyone(on: Opener, aspect: str, audience: str) -> None:
    for asked in ({}, {"locality": "exeter"}, {"age_band": "5-9"}, {"disability": "disabled", "sex": "F"}):
        at = on("stability", aspect=aspect, audience=audience, **asked)
        assert not at.exception and not at.error
        assert f"**{ASPECTS[aspect].title}**" in words(at)
        if audience == "commissioner":
            counts = table(at, "Home locality")["Children"]
            assert not pd.to_numeric(counts, errors="coerce").between(1, LEAST - 1).any()


def test_averages_stay_those_of_the_county_and_say_so(on: Opener) -> None:
    whole, filtered = on("stability"), on("stability", locality="exeter")
    assert [card.value for card in whole.metric] == [card.value for card in filtered.metric]
    assert "given for all children together" in words(filtered) and "given for all children" not in words(whole)


@pytest.mark.parametrize("page", PAGES)
def test_what_an_address_names_and_is_not_there_is_said(on: Opener, page: str) -> None:
    at = on(page, indicator="drop", aspect="mood", period="soon", sex="X", level="lad")
    assert not at.exception
    named = ("drop", "soon", "X") if page == "front-door" else ("mood", "soon", "X")
    for name in (*named, "level"):
        assert f"`{name}`" in words(at)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; drop table looked_after; --", "x" * 10_000, ""])
def test_hostile_addresses_are_only_text(on: Opener, page: str, text: str) -> None:
    at = on(page, indicator=text, aspect=text, period=text, locality=text)
    assert not at.exception and at.metric


@pytest.mark.parametrize(("page", "misfit"), [("front-door", "primary_need"), ("stability", "referral_source")])
def test_a_filter_that_does_not_apply_is_named_and_can_be_taken_away(on: Opener, page: str, misfit: str) -> None:
    at = on(page, **{misfit: {"primary_need": "N1", "referral_source": "6"}[misfit]})
    assert f"cannot be filtered by {misfit.replace('_', ' ')}" in words(at) and not at.metric
    at.button(key=f"clear_{misfit}").click().run()
    assert not at.exception and at.metric


@pytest.mark.parametrize("page", PAGES)
def test_a_small_county_has_words_for_what_it_lacks(on: Opener, page: str, small_data: Path) -> None:
    for audience in ("manager", "commissioner"):
        for asked in ({}, {"period": "2017-12"}, {"period": "2016-12"}, {"locality": "southern-devon"}, {"period": "2014-12"}):
            assert not on(page, small_data, audience=audience, **asked).exception
    assert "Records begin on" in words(on(page, small_data, period="2014-12"))
    nobody = words(on(page, small_data, locality="southern-devon", period="2017-12", audience="manager"))
    assert "match" in nobody and "Southern Devon" in nobody


def test_a_month_of_which_no_share_can_be_taken_has_a_word_and_a_reason(on: Opener, small_data: Path) -> None:
    """The small county's five enquiries of 2017 are of December."""
    at = on("front-door", small_data, audience="manager")
    assert table(at, "Referral")["Referral"].to_list() == [*["no figure"] * 11, "2 (40.0%)"]
    assert "No figure in January 2017, February 2017, March 2017" in words(at) and "There are none in the period" in words(at)


def test_a_page_is_found_by_the_name_of_its_file() -> None:
    """A fresh server that is first asked for a page goes by the files of `pages/`."""
    paths = {one.path for one in vars(openings).values() if isinstance(one, openings.Opening)} - {""}
    assert paths == {file.stem for file in (Path(__file__).parents[2] / "pages").glob("*.py")} - {"overview"}
