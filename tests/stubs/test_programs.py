"""What mypy says of programs: nothing of those that are right, and that others are wrong where they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import striate

FOLDER = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return mypy's report on the programs, which includes the stubs."""
    pytest.importorskip("mypy")
    source = Path(striate.__file__).parents[1]
    settings = {**os.environ, **({} if source.name == "site-packages" else {"MYPYPATH": str(source)})}
    cache = tmp_path_factory.mktemp("cache")
    options = ["--strict", "--no-pretty", "--hide-error-context", "--config-file=", f"--cache-dir={cache}"]
    files = sorted(FOLDER.glob("*.py"))
    command = [sys.executable, "-m", "mypy", *options, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, env=settings, check=False).stdout


def errors(report, name):
    """Return the lines with an error in a file, and the kind of the first one in each."""
    found = re.findall(rf"^\S*{re.escape(name)}:(\d+): error: .*\[([\w-]+)\]$", report, re.MULTILINE)
    return {int(line): kind for line, kind in reversed(found)}


def test_programs_that_are_right_are_accepted(report):
    assert errors(report, "right.py") == {}


def test_mistakes_are_reported(report):
    lines = (FOLDER / "wrong.py").read_text(encoding="utf-8").splitlines()
    expected = {number: line.partition("# error: ")[2] for number, line in enumerate(lines, 1) if "# error: " in line}
    assert len(expected) > 20
    assert errors(report, "wrong.py") == expected


def test_stubs_are_right_themselves(report):
    of_others = ("import-not-found", "import-untyped", "misc")  # libraries that are not installed, or have no types
    found = re.findall(r"^\S*\.pyi:\d+: error: .*\[([\w-]+)\]$", report, re.MULTILINE)
    assert [kind for kind in found if kind not in of_others] == []


def test_programs_that_are_right_run():
    subprocess.run([sys.executable, FOLDER / "right.py"], capture_output=True, check=True)
