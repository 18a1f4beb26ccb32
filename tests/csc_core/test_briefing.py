"""The briefing says what the report of March 2018 said, from records; other records make other sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_core.briefing import write
from csc_core.briefing.document import Document, Heading, Paragraph, Picture, Points, Table
from csc_core.briefing.figures import Facts, Readers
from csc_core.briefing.sections.front_door import per_day
from csc_core.briefing.sections.parts import counted, shared
from csc_core.compare import read_targets
from csc_core.load import load
from csc_core.periods import PeriodError
from csc_core.reporting_month import reporting_month
from csc_core.rounding import half_up
from csc_core.snapshot import Snapshot, open_current
from tests.small_county import records


def briefing(snapshot: Snapshot, month: str = "2017-12", readers: Readers = Readers.COMMITTEE, latest: date | None = None) -> Document:
    said: list[float] = []
    found = write(snapshot, reporting_month(snapshot, month), readers, read_targets(), lambda _, share: said.append(share), latest)
    assert said == sorted(said) and said[-1] == 1.0
    return found


def words(document: Document) -> str:
    """All the text of a briefing; table cells are kept apart."""
    said: list[str] = [document.title, document.subtitle, *document.marks, document.footer]
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            said.append(block.text)
        elif isinstance(block, Points):
            said += block.items
        elif isinstance(block, Picture):
            said += [block.alt, block.caption]
        else:
            said += [block.caption, *block.notes, *(" | ".join(row) for row in [block.heads, *block.rows])]
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def committee(county: Snapshot) -> Document:
    return briefing(county)


@pytest.fixture(scope="module")
def public(county: Snapshot) -> Document:
    return briefing(county, readers=Readers.PUBLIC)


@pytest.mark.parametrize(
    ("paragraph", "sentence"),
    [
        ("1.1", "5,122 children had an open case on 31 December 2017, 140 fewer than on 30 November 2017 (5,262)."),
        ("1.1", "the highest was 5,280 on 31 October 2017"),
        ("1.1", "It is about the same as on 30 June 2017 (5,120)."),
        ("1.2", "712 children were looked after on 31 December 2017, two fewer than on 30 November 2017 (714)."),
        ("1.3", "Case holders had 17.6 cases for each full-time equivalent (FTE) on 31 December 2017: 4,312 cases and 245.0 FTE."),
        ("1.3", "That is 1.0 lower than on 30 November 2017 (18.6), with 2 FTE more."),
        ("2.2", "644 enquiries reached MASH in December 2017"),
        ("2.2", "December 2017 had 19 working days"),
        ("2.2", "258 of 644 enquiries (40.1%) were forwarded for a single assessment in December 2017"),
        ("2.2", "They led to 257 referrals: 1 enquiry forwarded was about a child whose case was already open, which makes no"),
        ("2.3", "75 of 257 referrals (29.2%) were re-referrals in December 2017, 5.2 percentage points higher than in November 2017"),
        ("2.3", "for the first day of the month back to 1 December 2016."),
        ("3.3", "1,530 of 3,696 single assessments authorised (41.4%) from April to December 2017 (9 months) closed the case."),
        ("3.5", "298 of 388 assessments authorised (76.8%) were within 45 working days in December 2017, 0.2 percentage points higher"),
        ("3.5", "76.8% is 8.2 percentage points below the target of 85%, more than chance alone explains: missed."),
        ("3.5", "As printed in the March 2018 report: England 82.9%; South West eight authorities lower than Devon and six higher."),
        ("4.1", "433 children were on a child protection plan on 31 December 2017"),
        ("4.1", "It has fallen in each of the last four months: it was 511 on 31 August 2017."),
        ("4.1", "That is 30.2 per 10,000 children aged 0 to 17."),
        ("5.1", "That is 49.6 per 10,000 children aged 0 to 17."),
        ("5.1", "Of them 505 (71%) were under an interim or full care order and 160 (22%) were accommodated by agreement"),
        ("5.3", "639 of 712 looked-after children (89.7%) had their last visit due in time on 31 December 2017."),
        ("5.4", "474 had 1 placement, 151 had 2 placements and 86 had 3 or more placements in the past 12 months."),
        ("5.4", "That makes 711 of 712: 1 not known, since no placement is recorded."),
        ("5.6", "196 of 250 care leavers aged 17 to 21 (78.4%) were in touch with the council on 31 December 2017"),
        ("5.6", "114 of 250 (45.6%) were in education, employment or training on 31 December 2017"),
        ("6.1", "39 of 56 children placed for adoption (69.6%) in the 12 months to 31 December 2017 moved in less than 14 months after"),
        ("7.1", "Referrals per 10,000 children | 87.6 per 10,000 (1,257 referrals) | 279.3 per 10,000 (4,009 referrals)"),
        ("7.1", "England | 411.2 per 10,000 | It looks like three quarters of an annual rate of 548.3"),
        ("7.2", "Re-referrals within 12 months | 24.3% (305 of 1,257) | 21.5% (862 of 4,009)"),
        ("7.3", "257.5 per 10,000 (3,696 assessments)"),
        ("7.4", "76.7% (2,835 of 3,696)"),
        ("7.6", "25.9% (124 of 479)"),
        ("8.2", "46.7 of 340.8 FTE of the workforce (13.7%) were agency workers."),
        ("8.2", "42.5 of 46.7 FTE of agency workers (91.0%) covered a vacancy."),
        ("8.3", "There were 19.3 cases for each FTE worker with a case: 4,679 cases and 243.0 FTE."),
    ],
)
def test_it_says_what_the_report_said(committee: Document, paragraph: str, sentence: str) -> None:
    assert sentence in words(committee), paragraph


def test_visits_were_nine_in_ten_or_more_until_december(committee: Document) -> None:
    """Paragraph 5.3: 90% or more at each month's end from April."""
    found = re.search(r"From April to November 2017 it was ([\d.]+)% or more at each month's end\.", words(committee))
    assert found is not None and 90 <= float(found[1]) < 91


def test_it_has_the_nine_sections_in_their_order(committee: Document) -> None:
    heads = [block.text for block in committee.blocks if isinstance(block, Heading) and block.level == 1]
    assert [head[0] for head in heads[:9]] == list("123456789")
    about = ("Headlines", "front door", "assessments", "protection", "Looked-after", "Adoption", "quarter", "workforce", "raise")
    for head, word in zip(heads, about, strict=False):
        assert word in head


def test_part_of_a_year_stands_beside_no_whole_one(committee: Document) -> None:
    """Published figures are of years; what is beside them is of twelve months, or of a day."""
    (table,) = [block for block in committee.blocks if isinstance(block, Table) and "DfE had published" in block.caption]
    cells = {row[0]: row[1] for row in table.rows}
    assert cells["Referrals per 10,000 children"] not in ("279.3", "87.6")
    assert {row[-1] for row in table.rows} == {"the year ending 31 March 2017", "31 March 2017"}  # events, and what is counted on a day
    of_part = next(block for block in committee.blocks if isinstance(block, Table) and block.caption == "Quarter and year to date")
    assert not any("England" in cell or "553.6" in cell for row in of_part.rows for cell in row)


def test_pictures_say_in_words_what_they_show(committee: Document) -> None:
    pictures = [block for block in committee.blocks if isinstance(block, Picture)]
    assert len(pictures) == 10 and len({picture.png for picture in pictures}) == 10
    assert all(len(picture.alt) > 60 and picture.png.startswith(b"\x89PNG") for picture in pictures)
    assert sum(picture.alt.startswith("Map:") for picture in pictures) == 2


def test_where_it_comes_from_is_at_the_foot(committee: Document, county: Snapshot) -> None:
    assert committee.footer.startswith("Data as at 31 December 2017, 23:40.")
    assert county.id in committee.footer and county.digest in committee.footer and len(county.digest) == 64
    assert county.id.endswith(county.digest[:8]) and "Synthetic data" in committee.footer


def test_the_quality_of_the_data_is_told(committee: Document) -> None:
    said = words(committee)
    for part in ("referrals are on the map. Not on it:", "Issues are known for 3,898 of 4,797 assessments (81.3%)", "with no team",
                 "Synthetic records: no row describes a real child", "differs from the earlier one by more than 1%"):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("readers", list(Readers))
def test_no_person_is_in_it(county: Snapshot, committee: Document, public: Document, readers: Readers) -> None:
    said = set(re.findall(r"[\w-]+", words(committee if readers is Readers.COMMITTEE else public)))
    people = county.sql("select worker as id from case_held union select person_id from open_case union select person_id from enquiry")
    assert len(people) > 5_000 and not said & set(people["id"].dropna().astype(str))


def test_for_the_public_what_is_withheld_cannot_be_worked_out(public: Document) -> None:
    """One child has no placement recorded, two are under police protection, four under youth justice: none may be subtracted."""
    said = words(public)
    assert "in the past 12 months: 1 placement: 67%, 2 placements: 21%, 3 or more placements: 12% and not known: withheld" in said
    assert "Of them 71% were under an interim or full care order" in said
    assert "Youth justice | withheld" in said
    care = said.split("5 Looked-after children and care leavers")[1].split("Care leavers")[0]
    for number in ("474", "151", "505", "160", "711", "1 not known"):
        assert number not in care
    assert "enquiry forwarded was about" not in said
    assert "5,122 children had an open case" in said and "258 of 644 enquiries (40.1%)" in said


@pytest.mark.parametrize("readers", list(Readers))
def test_below_the_county_nothing_rests_on_fewer_than_eight(committee: Document, public: Document, readers: Readers) -> None:
    document = committee if readers is Readers.COMMITTEE else public
    (table,) = [one for one in document.blocks if isinstance(one, Table) and one.caption.startswith("Referrals by postcode district")]
    counts = [row[1] for row in table.rows]
    assert "withheld" in counts
    assert not [count for count in counts if count != "withheld" and 0 < int(count.replace(",", "")) < 8]


@pytest.fixture(scope="module")
def own(demonstration: Path) -> Snapshot:
    """The demonstration in a memory of its own, to be changed and put back."""
    return open_current(demonstration)


@contextmanager
def without(snapshot: Snapshot, *facts: str, condition: str = "true") -> Iterator[None]:
    """The facts without the rows that meet a condition, put back afterwards. Their names are written here."""
    with snapshot.con.cursor() as cursor:
        for fact in facts:
            cursor.execute(f"create or replace table kept_{fact} as from {fact}")
            cursor.execute(f"create or replace table {fact} as from kept_{fact} where not ({condition})")
        try:
            yield
        finally:
            for fact in facts:
                cursor.execute(f"create or replace table {fact} as from kept_{fact}")


@given(st.integers(0, 644))
@settings(max_examples=8)
def test_the_sentences_follow_the_records(own: Snapshot, dropped: int) -> None:
    """Without so many of December's enquiries the number, the share and the difference are others."""
    december = "date between '2017-12-01' and '2017-12-31'"
    first = f"contact_id in (select contact_id from kept_enquiry where {december} order by contact_id limit {dropped})"  # noqa: S608
    with without(own, "enquiry", condition=first):
        facts = Facts(own, reporting_month(own, "2017-12"), Readers.COMMITTEE)
        forwarded = facts.one("enquiries_forwarded")
        said = [per_day(facts), counted(facts, "enquiries", "enquiry reached MASH", "enquiries reached MASH")]
        said.append(shared(facts, "enquiries_forwarded", "enquiries", "were forwarded"))
    left = 644 - dropped
    noun = "enquiry" if left == 1 else "enquiries"
    assert said[1] == f"{left or 'No'} {noun} reached MASH in December 2017, {1_249 - left:,} fewer than in November 2017 (1,249)."
    assert f"that is {half_up(left / 19, 1)} enquiries a working day" in said[0]
    if left:
        assert said[2].startswith(f"{forwarded.numerator:.0f} of {left} enquiries ({forwarded.value}%) were forwarded in December 2017")
    else:
        assert said[2].startswith("There is no figure for enquiries forwarded to a single assessment in December 2017. There are none")


def test_where_records_go_on_stocks_have_their_newest_position(county: Snapshot) -> None:
    november = words(briefing(county, "2017-11"))
    assert "The newest position, on 31 December 2017, is 5,122 open cases." in november
    assert "The newest position, on 31 December 2017, is 433 children on a child protection plan." in november
    assert "As printed in the March 2018 report" not in november  # it spoke of December


def test_a_later_day_can_be_named_and_must_be_one(county: Snapshot) -> None:
    month = reporting_month(county, "2017-11")
    for day, said in ((date(2017, 11, 30), "must be after the month"), (date(2018, 1, 1), "There are no records of 1 January 2018 yet")):
        with pytest.raises(PeriodError, match=said):
            write(county, month, Readers.COMMITTEE, read_targets(), lambda what, share: None, day)


@pytest.mark.slow
def test_a_month_not_yet_over_is_no_whole_one(tmp_path: Path) -> None:
    load(replace(records(), as_at=datetime(2017, 12, 14, 9, 0)), tmp_path, lambda what, share: None)
    document = briefing(open_current(tmp_path))
    said = words(document)
    assert document.title.endswith("1 December 2017 to 14 December 2017 (not yet over)")
    assert "The month is not yet over: figures go to 14 December 2017." in said
    assert not re.search(r"from 1 December 2017 to 14 December 2017 \(not yet over\), \w+ (more|fewer) than", said)


@pytest.mark.slow
def test_a_small_county_is_told_in_words(small: Snapshot) -> None:
    """Hand-counted: five referrals, two of them again; nothing can be drawn below the county."""
    for readers in Readers:
        said = words(briefing(small, readers=readers))
        assert not re.search(r"\b(nan|NaN|inf|None|NA|<NA>)\b", said)
        assert ("5 referrals were received in December 2017" in said) is (readers is Readers.COMMITTEE)


def test_a_month_with_nothing_in_it_is_refused_with_a_reason(own: Snapshot) -> None:
    everything = ("enquiry", "referral", "assessment", "open_case", "looked_after", "cp_plan")
    with without(own, *everything), pytest.raises(PeriodError, match="There is nothing to brief on in December 2017"):
        briefing(own)
