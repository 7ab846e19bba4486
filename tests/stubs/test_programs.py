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
def mypy(tmp_path_factory):
    """Return a function that returns mypy's report on what it is given."""
    pytest.importorskip("mypy")
    folder = Path(striate.__file__).parent.parent
    settings = {**os.environ, **({} if folder.name == "site-packages" else {"MYPYPATH": str(folder)})}
    cache = tmp_path_factory.mktemp("cache")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--hide-error-context", "--config-file="]

    def report(*sources):
        full = [*command, f"--cache-dir={cache}", *map(str, sources)]
        found = subprocess.run(full, capture_output=True, text=True, env=settings, check=False).stdout
        assert "checked " in found, found  # without it, mypy stopped before it looked at any
        return found

    return report


@pytest.fixture(scope="module")
def report(mypy):
    """Return mypy's report on the programs."""
    return mypy(*FOLDER.glob("*.py"))


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


def test_stubs_are_right_themselves(mypy):
    report = mypy("--package", "striate")  # by its name, since its files may lie beside modules that mypy has types of
    # Other libraries may lack types, or may not be installed, and so may their classes, from which some of striate's inherit.
    of_others = r"\[import-(not-found|untyped)\]$|\(has type \"Any\"\)"
    found = re.findall(r"^\S*\.pyi:\d+: error: .*$", report, re.MULTILINE)
    assert [each for each in found if not re.search(of_others, each)] == []


def test_programs_that_are_right_run():
    subprocess.run([sys.executable, FOLDER / "right.py"], capture_output=True, check=True)
