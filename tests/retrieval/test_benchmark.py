"""The benchmark of retrieval: all libraries that are installed find the same vectors."""

import numpy as np
import pytest

from benchmarks.retrieval.libraries import LIBRARIES, K, vectors


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_find_the_same(library):
    pytest.importorskip(library)
    stored, queries = vectors(500, 16), vectors(20, 16, seed=1)
    expected = np.argsort(-(queries.astype(np.float64) @ stored.T), axis=1)[:, :K]
    np.testing.assert_array_equal(LIBRARIES[library](stored, 2)(queries), expected)
