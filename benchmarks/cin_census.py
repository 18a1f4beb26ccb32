"""Reading a children in need census: against a bare parse of the same file, and how much memory a large one takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from lxml import etree

from benchmarks.measure import Measured, alone, peak_memory
from csc_core.sources.cin_census import read

SIZE = 20_000_000  # bytes of the file that is timed
ITSELF = "benchmarks.cin_census"
LARGE = 500_000_000  # bytes of the file whose memory is measured, promised to stay under a gigabyte

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2018</Year><ReferenceDate>2018-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>878</LEA><DateTime>2018-05-01T09:00:00</DateTime></Source></Header>
<Children>
"""
CHILD = """  <Child>
    <ChildIdentifiers>
      <LAchildID>C{number:07}</LAchildID>
      <UPNunknown>UN1</UPNunknown>
      <PersonBirthDate>20{year:02}-05-14</PersonBirthDate>
      <GenderCurrent>{sex}</GenderCurrent>
    </ChildIdentifiers>
    <ChildCharacteristics>
      <Ethnicity>WBRI</Ethnicity>
      <Disabilities>
        <Disability>NONE</Disability>
      </Disabilities>
    </ChildCharacteristics>
    <CINdetails>
      <CINreferralDate>2017-{month:02}-05</CINreferralDate>
      <ReferralSource>6</ReferralSource>
      <PrimaryNeedCode>N1</PrimaryNeedCode>
      <Assessments>
        <AssessmentActualStartDate>2017-{month:02}-06</AssessmentActualStartDate>
        <AssessmentAuthorisationDate>2017-{month:02}-26</AssessmentAuthorisationDate>
        <FactorsIdentifiedAtAssessment>
          <AssessmentFactors>3B</AssessmentFactors>
          <AssessmentFactors>4B</AssessmentFactors>
        </FactorsIdentifiedAtAssessment>
      </Assessments>
      <Section47>
        <S47ActualStartDate>2017-{month:02}-12</S47ActualStartDate>
        <DateOfInitialCPC>2017-{month:02}-27</DateOfInitialCPC>
        <ICPCnotRequired>false</ICPCnotRequired>
      </Section47>
      <ReferralNFA>false</ReferralNFA>
      <ChildProtectionPlans>
        <CPPstartDate>2017-{month:02}-27</CPPstartDate>
        <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
        <LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>
        <NumberOfPreviousCPP>0</NumberOfPreviousCPP>
        <Reviews>
          <CPPreviewDate>2018-01-20</CPPreviewDate>
        </Reviews>
      </ChildProtectionPlans>
    </CINdetails>
  </Child>
"""


def measure(data: Path) -> Sequence[Measured]:
    """The time for a file of a council's size, and the memory for one beyond any: each read by a process of its own, as by a load."""
    path = _written(data / "census.xml", SIZE)
    # the processor's time, and the best of each: what else the machine does must not count for one and against the other
    times = [(alone(ITSELF, "read", str(path))[0], alone(ITSELF, "parse", str(path))[0]) for _ in range(5)]
    ours, bare = (min(column) for column in zip(*times, strict=True))
    children = sum(1 for line in path.open("rb") if line == b"  <Child>\n")
    large = _written(data / "large.xml", LARGE)
    took, peak = alone(ITSELF, "read", str(large))
    large.unlink()
    return (
        Measured(
            f"read a census of {children:,} children ({SIZE / 1e6:.0f} MB)",
            f"{ours:.2f} s of the processor",
            f"{bare:.2f} s, bare lxml.iterparse",
            bare / ours,
            "at most 3 times as long",
            ours <= 3 * bare,
        ),
        Measured(f"read one of {LARGE / 1e6:,.0f} MB", f"{peak:,.0f} MB of memory", f"{took:.0f} s", None, "under 1,000 MB", peak < 1_000),
    )


def _bare(path: str) -> None:
    for _ in etree.iterparse(path):
        pass


def _written(path: Path, size: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number, child in enumerate(_children()):
            file.write(child)
            if number % 1_000 == 0 and file.tell() >= size:
                break
        file.write("</Children></Message>\n")
    return path


def _children() -> Iterator[str]:
    number = 0
    while True:
        yield CHILD.format(number=number, year=number % 17, sex=1 + number % 2, month=1 + number % 12)
        number += 1


WORK: Mapping[str, Callable[[str], object]] = {"read": read, "parse": _bare}

if __name__ == "__main__":
    begun = time.process_time()
    WORK[sys.argv[1]](sys.argv[2])
    print(time.process_time() - begun, peak_memory())
