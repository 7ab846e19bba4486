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


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("mean", [0, 100, 1000, 10_000])
@pytest.mark.parametrize("at_once", [True, False])
def test_search_far_from_the_origin_is_exact(metric, mean, at_once):
    stored, queries = mean + vectors(1500, 64), mean + vectors(30, 64, seed=1)
    index = Index(64, metric)
    for part in [stored] if at_once else np.array_split(stored, 40):
        index.add(part)
    kept = index._columns.all()  # For cosines, directions rounded to float32.
    order, scores = expected(kept, queries, metric)
    found = index.search(queries, 10)
    np.testing.assert_array_equal(found.ids, order[:, :10])
    np.testing.assert_allclose(found.scores, scores[:, :10], rtol=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_an_outlier_or_a_second_cluster_leaves_search_exact(metric):
    stored, queries = 1000 + vectors(700), 1000 + vectors(20, seed=1)
    stored[3], stored[350:] = 1e-3, stored[350:] - 2500
    index = Index(24, metric)
    index.add(stored[:300])
    index.add(stored[300:])
    for each in (queries, queries - 2500):
        order, _ = expected(index._columns.all(), each, metric)
        np.testing.assert_array_equal(index.search(each, 10).ids, order[:, :10])


@pytest.mark.parametrize("metric", METRICS)
def test_near_ties_are_ordered_exactly(metric):
    rng = np.random.default_rng(0)
    queries = rng.normal(size=(8, 200))  # float64, whose rounding to float32 would change the order
    stored = (queries[0] + rng.normal(size=(600, 200)) * 1e-4).astype(np.float32)
    stored[300:] *= 1e-3 if metric == "cosine" else 1
    index = Index(200, metric)
    index.add(rng.permutation(stored))
    order, _ = expected(index._columns.all(), queries, metric)
    np.testing.assert_array_equal(index.search(queries, 7).ids, order[:, :7])


@pytest.mark.parametrize("metric", ["inner_product", "euclidean"])
@pytest.mark.parametrize("scale", [1e-44, 1e-30, 1e-22, 1e15])
def test_tiny_and_huge_vectors_are_found_exactly(metric, scale):
    stored, queries = (vectors(400) * scale).astype(np.float32), vectors(10, seed=1).astype(np.float64) * scale
    index = Index(24, metric)
    index.add(stored)
    with np.errstate(under="ignore"):
        order, _ = expected(stored.astype(np.float64), queries, metric)
        np.testing.assert_array_equal(index.search(queries, 7).ids, order[:, :7])


def test_centres_are_for_vectors_far_from_the_origin_alone():
    index = Index(24, "euclidean")
    for each in vectors(70):
        index.add(each[np.newaxis])
    assert index._columns.centre is None
    index.remove(index.ids)
    index.add(1000 + vectors(70))
    assert index._columns.centre is not None
    np.testing.assert_array_equal(index._columns.all(), 1000 + vectors(70))


@pytest.mark.parametrize("metric", METRICS)
def test_files_and_removal_far_from_the_origin(metric, tmp_path):
    stored = 1000 + vectors(430)
    index = Index(24, metric)
    index.add(stored)
    index.remove(np.arange(0, 430, 3))
    index.save(tmp_path / "index.npz")
    loaded = load_index(tmp_path / "index.npz")
    np.testing.assert_array_equal(loaded._columns.all(), index._columns.all())
    assert_same(loaded, index)


def test_ids_end_below_2_to_the_62():
    index = Index(2)
    index.add([[1, 0]], ids=[2**62 - 2])
    assert index.add([[0, 1]]).tolist() == [2**62 - 1]
    with pytest.raises(ValueError, match=r"ids=None continues after 4611686018427387903, beyond 2\*\*62 - 1"):
        index.add([[1, 1]])
    assert len(index) == 2
    assert index.add(np.zeros((0, 2))).size == 0


@pytest.mark.parametrize("factor", [0.5, 1 + 1e-5, 1e-30])
def test_files_whose_directions_have_other_lengths_are_refused(factor, tmp_path):
    index = Index(24, "cosine")
    index.add(vectors(50))
    path = tmp_path / "index.npz"
    index.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["vectors"][7] *= np.float32(factor)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="its vectors have other lengths than 1; expected directions"):
        load_index(path)


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
