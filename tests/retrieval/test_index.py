"""Exact search: against all distances computed by NumPy, with any number of threads, after adding, removing and reading."""

import numpy as np
import pytest

import striate
from striate.retrieval import Index, columns, load_index

METRICS = ("cosine", "inner_product", "euclidean")


def vectors(count, dimensions=24, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)


def expected(stored, queries, metric):
    """Return the order of all vectors for each query, and their scores, computed in float64."""
    stored, queries = stored.astype(np.float64), queries.astype(np.float64)
    if metric == "cosine":
        stored, queries = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (stored, queries))
    if metric == "euclidean":
        scores = np.sqrt(((queries[:, np.newaxis] - stored) ** 2).sum(-1))
        order = np.argsort(scores, axis=1, kind="stable")
    else:
        scores = queries @ stored.T
        order = np.argsort(-scores, axis=1, kind="stable")
    return order, np.take_along_axis(scores, order, 1)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(columns, "BLOCK", 100)
    monkeypatch.setattr(columns, "_FIRST", 8)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("count", [1, 99, 100, 101, 537])
def test_the_best_are_found(metric, count):
    stored, queries = vectors(count), vectors(70, seed=1)
    index = Index(24, metric)
    np.testing.assert_array_equal(index.add(stored), np.arange(count))
    for k in (1, 7, count):
        order, scores = expected(stored, queries, metric)
        k = min(k, count)
        found = index.search(queries, k)
        np.testing.assert_array_equal(found.ids, order[:, :k])
        np.testing.assert_allclose(found.scores, scores[:, :k], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("metric", METRICS)
def test_any_number_of_threads_gives_the_same_bits(metric):
    index = Index(64, metric)
    index.add(vectors(3000, 64))
    for count in (1, 3, 70):
        queries = vectors(count, 64, seed=2)
        results = []
        for threads in (1, 2, 3):
            with striate.num_threads(threads):
                results.append(index.search(queries, 5))
        for each in results[1:]:
            np.testing.assert_array_equal(each.ids, results[0].ids)
            np.testing.assert_array_equal(each.scores, results[0].scores)


def test_one_query_is_a_row():
    index = Index(24)
    index.add(vectors(300))
    query = vectors(1, seed=3)
    single, several = index.search(query[0], 4), index.search(query, 4)
    assert single.ids.shape == single.scores.shape == (4,)
    np.testing.assert_array_equal(single.ids, several.ids[0])


def test_equal_vectors_come_in_the_order_in_which_they_were_added():
    index = Index(3, "inner_product")
    index.add(np.ones((250, 3)), ids=np.arange(250)[::-1])
    np.testing.assert_array_equal(index.search([1, 1, 1], 240).ids, np.arange(249, 9, -1))


def test_vectors_may_be_added_one_by_one_and_removed():
    stored = vectors(250)
    index, other = Index(24), Index(24)
    for each in stored:
        index.add(each[np.newaxis])
    other.add(stored)
    assert_same(index, other)
    gone = np.arange(0, 250, 3)
    index.remove(gone)
    kept = np.setdiff1d(np.arange(250), gone)
    np.testing.assert_array_equal(index.ids, kept)
    assert len(index) == len(kept)
    assert 1 in index
    assert 3 not in index
    order, _ = expected(stored[kept], vectors(5, seed=4), "cosine")
    np.testing.assert_array_equal(index.search(vectors(5, seed=4), 6).ids, kept[order[:, :6]])
    assert index.add(vectors(2, seed=5)).tolist() == [249, 250]  # The largest that is left is 248.
    index.remove(index.ids)
    assert index.search(vectors(2), 3).ids.shape == (2, 0)
    assert index.add(vectors(1)).tolist() == [0]


def assert_same(one, other):
    found, wanted = (each.search(vectors(9, seed=6), 20) for each in (one, other))
    np.testing.assert_array_equal(found.ids, wanted.ids)
    np.testing.assert_array_equal(found.scores, wanted.scores)


@pytest.mark.parametrize("metric", METRICS)
def test_files_keep_everything(metric, tmp_path):
    index = Index(24, metric)
    index.add(vectors(230), ids=np.arange(230) * 7 + 3)
    index.save(tmp_path / "index.npz")
    loaded = load_index(tmp_path / "index.npz")
    assert repr(loaded) == repr(index)
    np.testing.assert_array_equal(loaded.ids, index.ids)
    assert_same(loaded, index)


def test_distances_of_near_vectors_far_from_the_origin_are_exact():
    stored = 1000 + vectors(150)
    order, scores = expected(stored, stored[:5], "euclidean")
    index = Index(24, "euclidean")
    index.add(stored)
    found = index.search(stored[:5], 150)
    np.testing.assert_array_equal(found.ids, order)
    np.testing.assert_allclose(found.scores, scores, rtol=1e-6)


def made():
    index = Index(2)
    index.add([[1, 0], [0, 1]])
    return index


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Index(0), "Index: dimensions=0 is too small"),
        (lambda: Index(2, "manhattan"), "metric='manhattan' is unknown; expected one of 'cosine'"),
        (lambda: made().add([[1, 2, 3]]), r"vectors has shape \(1, 3\); expected 2 elements in each vector"),
        (lambda: made().add([1, 2]), r"vectors has shape \(2,\)"),
        (lambda: made().add([[np.nan, 1]]), "vectors holds NaN, infinity or vectors that are too long"),
        (lambda: made().add([[1e30, 1]]), "vectors holds NaN, infinity or vectors that are too long"),
        (lambda: made().add([[0, 0]]), "vectors holds a vector of zeros, which has no direction"),
        (lambda: made().add([[1, 1]], ids=[1]), "ids has .* and holds an id twice, or one in the index"),
        (lambda: made().add([[1, 1], [1, 2]], ids=[5, 5]), "ids has .* and holds an id twice"),
        (lambda: made().add([[1, 1]], ids=[5, 6]), r"ids has shape \(2,\); expected \(1,\), one for each vector"),
        (lambda: made().add([[1, 1]], ids=[0.5]), "ids has shape .* and dtype float64; expected integers"),
        (lambda: made().add([[1, 1]], ids=[-1]), "ids holds -1 to -1; expected integers from 0"),
        (lambda: made().remove([0, 9]), "ids holds 9, which is not in the index"),
        (lambda: made().search([1, 2], k=0), "k=0 is too small"),
        (lambda: made().search([[[1, 2]]]), r"queries has shape \(1, 1, 2\)"),
        (lambda: made().search(["a"]), "queries=.* has dtype"),
        (lambda: made().save("index.bin"), "path='index.bin' has another ending; expected a file whose name ends in .npz"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_what_is_refused_changes_nothing():
    index = made()
    for wrong in (lambda: index.add([[1, 1]], ids=[1]), lambda: index.remove([0, 9])):
        with pytest.raises(ValueError, match="ids"):
            wrong()
    assert index.ids.tolist() == [0, 1]
    assert index.search([1, 0], 5).ids.tolist() == [0, 1]


def test_other_files_are_refused(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match=r"other.npz' is not an index saved by striate, or is damaged \(it holds \['a'\]\)"):
        load_index(tmp_path / "other.npz")
