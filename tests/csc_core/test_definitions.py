"""Every declaration says all that a reader needs; what is missing is found here and not on the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from csc_core.compare import read_targets
from csc_core.definitions import definition, matches, topic_of
from csc_core.dimensions import DIMENSIONS
from csc_core.indicators import INDICATORS, TOPICS, Indicator
from csc_core.tables import TABLES

SENTENCES = ("definition", "address_rule", "differs_from_dfe")
PHRASES = ("numerator_words", "source", "title", "noun")


def lacking(one: Indicator) -> list[str]:
    """What a declaration does not say."""
    found = [name for name in SENTENCES if not getattr(one, name).strip().endswith(".")]
    found += [name for name in PHRASES if not getattr(one, name).strip() or getattr(one, name).endswith(".")]
    if bool(one.denominator_words) != (one.denominator is not None):
        found.append("denominator_words")
    if not one.source_url.startswith("https://"):
        found.append("source_url")
    if not one.dimensions or not set(one.dimensions) <= set(DIMENSIONS):
        found.append("dimensions")
    if not one.tables or not set(one.tables) <= set(TABLES):
        found.append("tables")
    if [change.day for change in one.changed] != sorted({change.day for change in one.changed}):
        found.append("changed")
    if not all(change.words.endswith(".") for change in one.changed):
        found.append("changed")
    return found


@pytest.mark.parametrize("one", INDICATORS.values(), ids=INDICATORS)
def test_every_declaration_says_all_of_it(one: Indicator) -> None:
    assert lacking(one) == []
    said = definition(one, read_targets())
    assert all(text.strip().endswith(".") or heading == "Source" for heading, text in said.items())
    assert list(said) == ["Meaning", "Direction", "Counted", "Out of", "When", "Place", "Source", "Beside DfE's figures", "Target",
                          "Published by DfE", "As printed", "Split by", "Changes"]  # fmt: skip


@pytest.mark.parametrize("name", [*SENTENCES, *PHRASES, "denominator_words", "source_url", "dimensions", "tables"])
def test_a_declaration_that_lacks_a_part_is_found(name: str) -> None:
    whole = INDICATORS["re_referrals"]
    assert lacking(replace(whole, **{name: type(getattr(whole, name))()})) == [name]


def test_every_indicator_is_in_one_topic() -> None:
    assert sorted(one.id for topic in TOPICS.values() for one in topic.indicators) == sorted(INDICATORS)
    assert topic_of(INDICATORS["referrals"]) == "front-door"


def test_changes_of_codes_are_in_the_log_of_issues() -> None:
    changes = definition(INDICATORS["factor_prevalence"], read_targets())["Changes"]
    assert "1 April 2020" in changes and "1 April 2021" in changes and "24A" in changes
    assert definition(INDICATORS["children_in_need"], read_targets())["Changes"].startswith("1 April 2022")
    assert "None is known" in definition(INDICATORS["enquiries"], read_targets())["Changes"]


def test_the_target_and_what_others_publish_are_in_words(tmp_path: Path) -> None:
    said = definition(INDICATORS["assessments_in_45_days"], read_targets())
    assert said["Target"].startswith("85% for April 2017 to March 2018")
    assert said["Published by DfE"].startswith("Children in need, for Devon, the South West, England")
    assert "None is set" in definition(INDICATORS["looked_after"], read_targets(tmp_path))["Target"]
    assert "19 to 21" in definition(INDICATORS["care_leavers_eet"], read_targets())["Published by DfE"]


@pytest.mark.parametrize(("text", "found"), [("", True), ("RE-REFERRALS", True), ("earlier referral", True), ("re_referrals", True),
                                             ("adoption", False), ("referral adoption", False), ("<b>", False)])  # fmt: skip
def test_a_search_finds_all_of_its_words(text: str, found: bool) -> None:
    assert matches(INDICATORS["re_referrals"], text) is found
