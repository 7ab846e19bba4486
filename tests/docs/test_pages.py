"""Examples on the pages of the documentation are true."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"

#: Pages with examples that doctest reads; those in `testcode` directives are Sphinx' alone.
PAGES = sorted(
    page.relative_to(DOCS).as_posix()
    for folder in (DOCS, DOCS / "guide")
    for page in folder.glob("*.rst")
    if ">>> " in page.read_text("utf-8")
)

#: Libraries that pages need beside NumPy.
NEEDS = {
    "guide/images.rst": ("PIL", "matplotlib"),
    "guide/tracking.rst": ("scipy",),
    "scikit_learn.rst": ("sklearn",),
}


def test_exceptions_are_pages():
    assert set(NEEDS) < set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_examples_are_true(page, monkeypatch):
    for library in NEEDS.get(page, ()):
        pytest.importorskip(library)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    test = doctest.DocTestParser().get_doctest((DOCS / page).read_text("utf-8"), {}, page, None, 0)
    told = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert told == []
