"""The page of Keras' names is that of the installed Keras."""

import runpy
from pathlib import Path

import pytest

keras = pytest.importorskip("keras")

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_current():
    page = (DOCS / "keras_names.rst").read_text(encoding="utf-8")
    if f"of Keras {keras.__version__}," not in page:
        pytest.skip(f"the page is about another version than {keras.__version__}")
    written = runpy.run_path(str(DOCS / "keras_names.py"))
    text, _ = written["compare"]()
    assert text == page, "the page is outdated; expected what `python docs/keras_names.py` writes"
