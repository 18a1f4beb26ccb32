"""The children in need census: the Department for Education's XML of 2017 to 2026, one file or a folder with one for each year.

The census has no ids but the child's: those of referrals and all below them are made from the child's id, the day and a number.
It has no postcode and no team. A file `addresses.csv` beside the XML (child_id, postcode, start_date, and if wanted end_date
and address_type) brings the postcodes.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csc_core.sources.beside import addresses_beside
from csc_core.sources.census_rows import ASSESSMENT, CASE, DISABILITY, FACTOR, PERSON, PLAN, S47, Reader, Rows
from csc_core.sources.made_ids import numbered, text_of
from csc_core.sources.xml_stream import WINDOWS, NotItsEncoding, name_of, records, root_of
from csc_core.tables import TABLES, Progress, RawTable, Records, Unusable, counted, quiet, shown

YEARS = range(2017, 2027)
YES_NO = {"true": "Y", "1": "Y", "y": "Y", "yes": "Y", "false": "N", "0": "N", "n": "N", "no": "N"}
SEXES = {"1": "M", "2": "F", "0": "U", "9": "U"}  # GenderCurrent, until the census of 2024-25 put Sex in its place
CLOSED_AFTER_ASSESSMENT = {"RC8": "CLOSED", "RC9": "EARLY_HELP"}
# What an assessment decided is told of closed cases only; assessments of earlier years are not in it, though their cases are.
LACKS = ("cin_assessments.assessment_outcome_nfa", "cin_assessments.earlier rows", "s47_enquiries.s47_end_date")

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Census:
    """One file: its tables, the day it refers to and the moment it was written (None where it does not say)."""

    path: Path
    frames: Frames
    reference: date | None
    written: datetime | None
    notes: Sequence[str]

    @property
    def begins(self) -> date | None:
        """The first day of the year that ends on the reference date; records before it are of those still open then."""
        return self.reference and date(max(self.reference.year - (self.reference.month < 4), 1), 4, 1)

    @property
    def as_at(self) -> datetime | None:
        """The reference date, or the moment of writing when that came before: a census can be drawn in the middle of its year."""
        day = datetime.combine(self.reference, time()) if self.reference else None
        return min((moment for moment in (day, self.written) if moment), default=None)


def read(where: str, progress: Progress = quiet, synthetic: bool = False, as_at: datetime | None = None) -> Records:
    """Read the census file `where`, or all XML files of that folder. Raises Unusable when one of them cannot be used."""
    paths = _files(Path(where))
    read_so_far = [_census(path, _share(progress, number, len(paths))) for number, path in enumerate(paths)]
    found, unused = _unbroken(sorted(read_so_far, key=lambda census: census.begins or date.max))
    frames, repeated = _together(found)
    notes = [*unused, *repeated, *(note for census in found for note in census.notes)]
    tables = {name: _table(name, found, frame) for name, frame in frames.items() if len(frame)}
    homes, said = addresses_beside(paths[0].parent)
    if homes:
        tables["addresses"] = homes
    progress("Census read", 1.0)
    return Records(
        tables,
        f"cin-census {where}",
        synthetic,
        as_at or found[-1].as_at,
        found[0].begins,
        (*notes, *said),
        history=False,
        lacks=LACKS,
    )


def _files(where: Path) -> list[Path]:
    try:
        if not where.is_dir():
            return [where]
        paths = sorted(path for path in where.iterdir() if path.suffix.lower() == ".xml" and path.is_file())
    except (OSError, ValueError) as error:
        raise Unusable(f"{where} cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}.") from error
    if not paths:
        raise Unusable(f"There is no XML file in {where}: name the census file, or a folder with one for each year.")
    return paths


def _share(progress: Progress, number: int, of: int) -> Progress:
    return lambda what, share: progress(what, (number + share) / of)


def _unbroken(found: Sequence[_Census]) -> tuple[Sequence[_Census], list[str]]:
    """The latest of the censuses with no year missing between them, and what there is to say of the others.

    What was open before a gap may have ended in it, and would count as open for ever: so nothing is taken from there. Raises
    Unusable where the censuses cannot be put in order.
    """
    if len(found) > 1 and found[-1].begins is None:
        raise Unusable(f"{found[-1].path.name} does not say its reference date, so it is not known which year it is of: load it alone.")
    for one, other in itertools.pairwise(found):
        if one.begins == other.begins:
            raise Unusable(f"{one.path.name} and {other.path.name} are of the same year: keep one of them in the folder.")
    first = len(found) - 1
    while first and _year(found[first - 1]) == _year(found[first]) - 1:
        first -= 1
    if not first:
        return found, []
    gap = range(_year(found[first - 1]) + 1, _year(found[first]))
    missing = f"{gap[0]}" if len(gap) == 1 else f"{gap[0]} to {gap[-1]}"
    files = ", ".join(census.path.name for census in found[:first])
    rows = sum(len(frame) for census in found[:first] for frame in census.frames.values())
    said = (
        f"There is no census of {missing}, so figures begin with that of {_year(found[first])}: what is from before is not used "
        f"({counted(rows, 'row', 'rows')} of {files})."
    )
    return found[first:], [said]


def _year(census: _Census) -> int:
    """The year that the census is called by: that in which its last March lies."""
    return census.begins.year + 1 if census.begins else 0


def _census(path: Path, progress: Progress) -> _Census:
    root = root_of(path)
    if root.lower() != "message":
        raise Unusable(f"{path.name} is not a children in need census: its first element is {shown(root)}, not Message.")
    try:
        return _read(path, progress, None)
    except NotItsEncoding:
        return _read(path, progress, WINDOWS)


def _read(path: Path, progress: Progress, encoding: str | None) -> _Census:
    reader = Reader()
    header: dict[str, str] = {}
    children = 0
    for element in records(path, ("Child", "Header"), progress, encoding):
        name = name_of(element)
        if name == "Header":
            header = {name_of(part).lower(): (part.text or "").strip() for part in element.iter()}
            _refuse_another(path, header)
        else:
            reader.read(element)
            children += name == "Child"
    if not children:
        raise Unusable(f"{path.name} holds no child, so it cannot be a whole children in need census.")
    rows = reader.take()
    frames, said = _frames(rows)
    reference = _day(header.get("referencedate", ""))
    notes = [f"{path.name} is not in the encoding it says and was read as Windows-1252."] if encoding else []
    if reference is None:
        notes.append(f"{path.name} does not say its reference date: the latest event is taken for its day, unless you give one.")
    elif reference.year not in YEARS:
        notes.append(f"{path.name} is the census of {reference.year}: the formats of 2017 to 2026 are known.")
    return _Census(path, frames, reference, _moment(header.get("datetime", "")), (*notes, *said, *_not_read(path, reader)))


def _refuse_another(path: Path, header: Mapping[str, str]) -> None:
    collection = header.get("collection", "")
    if collection.upper() not in ("", "CIN"):
        raise Unusable(f"{path.name} is not a children in need census: it says that it is a collection of {shown(collection)}, not CIN.")


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None


def _moment(text: str) -> datetime | None:
    for form in (datetime.fromisoformat, lambda text: datetime.strptime(text[:10], "%d/%m/%Y")):
        try:
            return form(text).replace(tzinfo=None)
        except ValueError:
            continue
    return None


def _frames(rows: Sequence[Rows]) -> tuple[Frames, list[str]]:
    """The case tables, with the ids made; and sentences about what has no place in them."""
    child, case, made = rows[PERSON].text, rows[CASE].text, rows[ASSESSMENT].text
    factor, s47, plan = rows[FACTOR].text, rows[S47].text, rows[PLAN].text
    person_of_case = text_of(child["LAchildID"], rows[CASE].parent)
    referral_id = numbered(person_of_case + "-" + case["CINreferralDate"], case)
    person = {kind: text_of(person_of_case, rows[kind].parent) for kind in (ASSESSMENT, S47, PLAN)}
    referral = {kind: text_of(referral_id, rows[kind].parent) for kind in (ASSESSMENT, S47, PLAN)}
    assessment_id = numbered(
        person[ASSESSMENT] + "-A-" + made["AssessmentActualStartDate"], made.assign(referral=referral[ASSESSMENT])
    )
    assessed = text_of(assessment_id, rows[FACTOR].parent)
    outcome, nfa = _outcomes(case, made, rows[ASSESSMENT].parent)
    sex = child["Sex"].where(child["Sex"] != "", child["GenderCurrent"].replace(SEXES))
    disabled = text_of(child["LAchildID"], rows[DISABILITY].parent)
    frames = {
        "persons": _framed(
            rows[PERSON],
            person_id=child["LAchildID"],
            sex=sex,
            ethnicity=child["Ethnicity"],
            dob=child["PersonBirthDate"],
            expected_dob=child["ExpectedPersonBirthDate"],
            death_date=child["PersonDeathDate"],
        ),
        "disabilities": _framed(
            rows[DISABILITY],
            table_id=disabled + "-" + rows[DISABILITY].text["Disability"],
            person_id=disabled,
            disability_code=rows[DISABILITY].text["Disability"],
        ),
        "cin_episodes": _framed(
            rows[CASE],
            referral_id=referral_id,
            person_id=person_of_case,
            referral_date=case["CINreferralDate"],
            cin_primary_need_code=case["PrimaryNeedCode"],
            referral_source_code=case["ReferralSource"],
            referral_nfa=case["ReferralNFA"].map(lambda text: YES_NO.get(text.lower(), text)),
            close_reason=case["ReasonForClosure"],
            close_date=case["CINclosureDate"],
        ),
        "cin_assessments": _framed(
            rows[ASSESSMENT],
            assessment_id=assessment_id,
            person_id=person[ASSESSMENT],
            referral_id=referral[ASSESSMENT],
            assessment_start_date=made["AssessmentActualStartDate"],
            assessment_auth_date=made["AssessmentAuthorisationDate"],
            assessment_outcome=outcome,
            assessment_outcome_nfa=nfa,
        ),
        "assessment_factors": _framed(
            rows[FACTOR],
            table_id=assessed + "-" + factor["AssessmentFactors"],
            assessment_id=assessed,
            assessment_factor=factor["AssessmentFactors"],
        ),
        "s47_enquiries": _framed(
            rows[S47],
            s47_enquiry_id=numbered(person[S47] + "-Q-" + s47["S47ActualStartDate"], s47.assign(referral=referral[S47])),
            person_id=person[S47],
            referral_id=referral[S47],
            s47_start_date=s47["S47ActualStartDate"],
            icpc_date=s47["DateOfInitialCPC"],
        ),
        "cp_plans": _framed(
            rows[PLAN],
            cp_plan_id=numbered(person[PLAN] + "-L-" + plan["CPPstartDate"], plan.assign(referral=referral[PLAN])),
            person_id=person[PLAN],
            referral_id=referral[PLAN],
            cp_plan_start_date=plan["CPPstartDate"],
            cp_plan_end_date=plan["CPPendDate"],
            cp_plan_initial_category=plan["InitialCategoryOfAbuse"],
            cp_plan_latest_category=plan["LatestCategoryOfAbuse"],
            number_of_previous_cp_plans=plan["NumberOfPreviousCPP"],
        ),
    }
    return frames, _conferences_alone(case, rows[S47])


def _framed(rows: Rows, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({name: column.array for name, column in columns.items()}, index=pd.Index(rows.number))


def _outcomes(case: pd.DataFrame, assessment: pd.DataFrame, of_case: Any) -> tuple[pd.Series[str], pd.Series[str]]:
    """What each assessment decided, as far as the census tells: a case closed as RC8 or RC9 was closed on its last assessment."""
    done = assessment["AssessmentAuthorisationDate"]
    reason = text_of(case["ReasonForClosure"], of_case).str.upper()
    last = (done != "") & (done == done.groupby(of_case).transform("max"))
    closing = last & reason.isin(list(CLOSED_AFTER_ASSESSMENT))
    outcome = reason.map(CLOSED_AFTER_ASSESSMENT).astype("str").where(closing, "")
    nfa = pd.Series(np.where(closing, "Y", np.where(done != "", "N", "")), index=done.index, dtype="str")
    return outcome, nfa


def _conferences_alone(case: pd.DataFrame, s47: Rows) -> list[str]:
    """Conferences that the case names and no section 47 enquiry of it does: of children who moved in, with no table here."""
    held = case["CaseInitialCPC"]
    told = pd.MultiIndex.from_arrays([s47.parent, s47.text["DateOfInitialCPC"]])
    alone = int(((held != "") & ~pd.MultiIndex.from_arrays([np.arange(len(held)), held]).isin(told)).sum())
    if not alone:
        return []
    conferences = counted(alone, "initial conference belongs", "initial conferences belong")
    return [f"{conferences} to no section 47 enquiry, as when a child moves in, and cannot be counted."]


def _not_read(path: Path, reader: Reader) -> list[str]:
    notes = []
    if reader.no_table:
        notes.append(f"{path.name} holds what no indicator needs, which was not read: {_counted(reader.no_table)}.")
    if reader.unknown:
        notes.append(f"{path.name} has elements that are not read: {_counted(reader.unknown)}.")
    if reader.outside:
        notes.append(f"{path.name} has records outside those they belong to, so whose they are is not known: {_counted(reader.outside)}.")
    if reader.empty:
        notes.append(f"{path.name} has elements with nothing in them, which count as not there: {_counted(reader.empty)}.")
    if reader.twice:
        notes.append(f"{path.name} gives {counted(reader.twice, 'value', 'values')} twice in one record: the first was taken.")
    if reader.stray:
        notes.append(f"{path.name} has text in {counted(reader.stray, 'place', 'places')} where none belongs: it was not read.")
    return notes


def _counted(what: Counter[str]) -> str:
    return ", ".join(f"{shown(name)} ({count:,})" for name, count in what.most_common(12))


def _together(found: Sequence[_Census]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The censuses of several years as one: what two of them report is taken from the later one."""
    frames = dict(found[-1].frames)
    repeated = 0
    for census in reversed(found[:-1]):
        later = dict(frames)
        for name, frame in census.frames.items():
            # the factors of an assessment go with it
            key, table = (TABLES[name].key, name) if name != "assessment_factors" else ("assessment_id", "cin_assessments")
            again = frame[key].isin(later[table][key])
            repeated += int(again.sum())
            frames[name] = pd.concat([frame[~again], frames[name]])
    if not repeated:
        return frames, []
    rows = counted(repeated, "row is", "rows are")
    return frames, [f"{rows} in the census of more than one year: the later one was taken."]


def _table(name: str, found: Sequence[_Census], frame: pd.DataFrame) -> RawTable:
    """Rows go by the number of their element in the file; of several files, by their number in all."""
    if len(found) == 1:
        return RawTable(name, found[0].path.name, frame)
    return RawTable(name, found[0].path.parent.name, frame.set_axis(pd.RangeIndex(1, len(frame) + 1)))

