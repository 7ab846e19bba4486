"""The gallery's pages: scripts that keep its rules, of which those that are fast and need no other library than NumPy run."""

import ast
import itertools
import re
import runpy
import sys
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("plot_*.py"))

#: Pages that train nothing, and so run in the suite where the libraries that they draw and read with are installed.
FAST = {
    "plot_01": ("matplotlib", "skimage"),
    "plot_02": ("matplotlib",),
    "plot_03": ("matplotlib", "skimage"),
    "plot_09": ("matplotlib", "skimage"),
}

CELL = re.compile(r"^# %%$", re.MULTILINE)

#: Inches that a figure may be wide: on a phone, which shows it smaller, letters are still legible.
WIDEST = 6.2


def page_id(path):
    return path.stem


@pytest.fixture(params=PAGES, ids=page_id)
def page(request):
    return request.param


def test_titles_have_the_number_of_their_file(page):
    number = re.fullmatch(r"plot_(\d\d)_[a-z0-9_]+", page.stem).group(1)
    title, line, *paragraph = ast.get_docstring(ast.parse(page.read_text("utf-8"))).split("\n")
    assert title.startswith(f"{int(number)}. ")
    assert title[len(f"{int(number)}. ")].isupper()
    assert line == "=" * len(title)
    assert len(" ".join(paragraph)) > 100, "a paragraph says what is learned"


def test_numbers_are_different():
    numbers = [path.stem[:7] for path in PAGES]
    assert len(set(numbers)) == len(numbers)


def test_cells_are_text_and_code(page):
    cells = CELL.split(page.read_text("utf-8"))[1:]
    assert len(cells) >= 4
    for cell in cells:
        assert re.match(r"\n# \S", cell), "a cell begins with text"


def test_headings_are_as_long_as_their_lines(page):
    lines = page.read_text("utf-8").split("\n")
    headings = [(text, line) for text, line in itertools.pairwise(lines) if re.fullmatch("# -{3,}", line)]
    assert headings
    assert headings[-1][0] == "# What to try next"
    for text, line in headings:
        assert len(text) == len(line), text


def test_pages_print_what_they_compare(page):
    tree = ast.parse(page.read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    calls = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert "print" in calls


def test_pages_name_pages_that_exist(page):
    for target in re.findall(r":doc:`[^<`]*<([^>`]*)>`", page.read_text("utf-8")):
        if target.startswith("plot_"):
            assert (page.parent / f"{target}.py").exists(), target


@pytest.mark.parametrize("name", FAST)
def test_fast_pages_run(name, monkeypatch):
    for library in FAST[name]:
        pytest.importorskip(library)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    (page,) = [path for path in PAGES if path.stem.startswith(name)]
    assert runpy.run_path(str(page))
    plt = sys.modules["matplotlib.pyplot"]
    widths = [plt.figure(number).get_figwidth() for number in plt.get_fignums()]
    plt.close("all")
    assert 0 < max(widths) <= WIDEST
