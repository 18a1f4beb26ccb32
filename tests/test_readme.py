"""What the README and the pinned lists say is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from csc_core.__main__ import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
GROUPS = {"requirements.txt": [], "requirements-dev.txt": ["dev"], "requirements-geo.txt": ["geo"]}
WITH_WORDS, ALONE = "(?:show|together|funnel|stability|caseload|compare|changes(?= [a-z])) [^#\n]*", "tables|indicators|status|check"
EXAMPLES = sorted(set(re.findall(rf"^    python -m csc_core ({WITH_WORDS}|{ALONE})(?: *#.*)?$", README, re.MULTILINE)))


def declared(*groups: str) -> set[str]:
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][group] for group in groups)]
    return {re.split(r"[=<>~! \[]", line)[0] for lines in lists for line in lines}


def test_the_readme_says_why_each_dependency_is_there() -> None:
    reasons = README.split("### Why each dependency")[1].split("\n## ")[0]
    assert {name for name in declared("dev", "geo") if not re.search(rf"\b{re.escape(name)}\b", reasons)} == set()


@pytest.mark.parametrize("file", GROUPS)
def test_each_declared_dependency_is_pinned(file: str) -> None:
    pins = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / file).read_text("utf-8"), re.MULTILINE))
    assert declared(*GROUPS[file]) - pins == set()


def test_the_lists_pin_the_same_versions() -> None:
    pins: dict[str, set[str]] = {}
    for file in GROUPS:
        of_file: dict[str, str] = {}
        for name, version in re.findall(r"^([a-z0-9-]+)==([^\n\\]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE):
            of_file[name] = f"{of_file.get(name, '')} {version.strip()}"  # numpy and scipy have one for each Python
        for name, versions in of_file.items():
            pins.setdefault(name, set()).add(versions)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_readme_work(example: str, demonstration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `python -m csc_core` does with them, without a Python of its own for each."""
    code = main([*shlex.split(example), "--data", str(demonstration)])
    told = capsys.readouterr()
    assert code == 0, told.err
    assert told.out


def test_the_first_example_works_as_it_is_written(demonstration: Path) -> None:
    command = [sys.executable, "-m", "csc_core", *shlex.split(EXAMPLES[0]), "--data", str(demonstration)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
