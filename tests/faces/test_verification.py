"""Verification: pairs, thresholds, and a network that learns from some identities and verifies others."""

import itertools

import numpy as np
import pytest

from striate import Model, Sequential, layers, losses, optimizers
from striate.datasets import drawn_faces
from striate.faces import Verifier, align, embedding_network, pairs
from striate.metrics import roc_curve


def identity():
    """Return a model whose embeddings are the pixels of images (1, 2, 1)."""
    return Sequential([layers.Input((1, 2, 1)), layers.Flatten()], rng=0)


def faces(*vectors):
    """Return images (1, 2, 1) of such pixels."""
    return np.array(vectors, np.float32).reshape(-1, 1, 2, 1)


def test_pairs_are_all_of_two():
    rng = np.random.default_rng(0)
    vectors, labels = rng.standard_normal((7, 3)), rng.integers(0, 3, 7)
    same, similarities = pairs(vectors, labels)
    for k, (i, j) in enumerate(itertools.combinations(range(7), 2)):
        assert same[k] == (labels[i] == labels[j])
        cosine = vectors[i] @ vectors[j] / np.linalg.norm(vectors[i]) / np.linalg.norm(vectors[j])
        assert similarities[k] == pytest.approx(cosine, abs=1e-12)
    assert len(same) == 21


def test_similarities_are_cosines():
    verifier = Verifier(identity())
    first, second = faces([3, 4], [1, 0], [2, 2]), faces([6, 8], [0, 5], [-1, 0])
    np.testing.assert_allclose(verifier.similarity(first, second), [1, 0, -np.sqrt(0.5)], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(verifier.embed(first), axis=1), 1, rtol=1e-6)
    assert verifier.embed(first[:0]).shape == (0, 2)


def test_the_threshold_keeps_the_rate():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(6), 5)
    directions = 2 * np.pi * labels / 6 + 0.4 * rng.standard_normal(30)
    images = faces(*np.stack([np.cos(directions), np.sin(directions)], 1))
    verifier = Verifier(identity())
    for rate in (0, 0.02, 0.3):
        curve = verifier.calibrate(images, labels, rate)
        first, second = np.triu_indices(30, 1)
        accepted, same = verifier.verify(images[first], images[second]), labels[first] == labels[second]
        assert accepted[~same].mean() <= rate + 1e-9
        assert accepted[same].mean() == pytest.approx(np.interp(rate, *curve[:2]), abs=0.05)
    assert 0.5 < curve.auc < 1
    assert repr(verifier).startswith("<Verifier with threshold 0.")


def test_equal_faces_of_two_persons_are_not_accepted():
    """No threshold keeps them apart but infinity, whichever order sums have."""
    rng = np.random.default_rng(0)
    model = Sequential([layers.Input((1, 7, 1)), layers.Flatten()], rng=0)
    for _ in range(20):
        images = np.repeat(rng.random((2, 1, 7, 1), np.float32), 3, axis=0)
        verifier = Verifier(model)
        verifier.calibrate(images, [0, 0, 1, 1, 1, 1], false_accept_rate=0)
        assert verifier.threshold == np.inf
        assert not verifier.verify(images[:3], images[[1, 2, 0]]).any()
    assert repr(Verifier(model, verifier.threshold)) == "<Verifier with threshold inf>"


def test_the_threshold_is_reached_by_the_pair_that_it_comes_from():
    rng = np.random.default_rng(0)
    model = Sequential([layers.Input((1, 7, 1)), layers.Flatten()], rng=0)
    verifier = Verifier(model)
    for _ in range(20):
        images = rng.standard_normal((3, 1, 7, 1)).astype(np.float32)
        similar = verifier.similarity(images[[0, 0, 1]], images[[1, 2, 2]])
        verifier.calibrate(images, [0, 0, 1], false_accept_rate=0)
        assert verifier.threshold == (similar[0] if similar[0] > similar[1:].max() else np.inf)
        verifier.calibrate(images, [0, 0, 1], false_accept_rate=1)
        assert verifier.threshold == similar.min()
        assert verifier.verify(images[[0, 0, 1]], images[[1, 2, 2]]).all()


def test_a_seed_gives_the_same_weights():
    for one, same in zip(*(embedding_network((16, 16, 1), 4, [4, 4], rng=0).get_weights() for _ in range(2)), strict=True):
        np.testing.assert_array_equal(one, same)


def test_unseen_identities_are_verified():
    x, y, landmarks = drawn_faces.generate(60, 8, 48, seed=0)
    x = np.stack([align(image, points, 32) for image, points in zip(x, landmarks, strict=True)])
    learned, new = y < 40, y >= 40
    network = embedding_network((32, 32, 3), features=32, filters=(8, 16, 32), rng=0)
    verifier = Verifier(network)
    before = verifier.calibrate(x[new], y[new])
    network.compile(optimizers.Adam(0.003), losses.TripletSemiHardLoss(0.3))
    network.fit(x[learned].astype(np.float32), y[learned], batch_size=80, epochs=15, verbose=0)
    after = verifier.calibrate(x[new], y[new], false_accept_rate=0.01)
    assert before.equal_error_rate > 0.36
    assert after.equal_error_rate < 0.28
    first, second = np.array(list(itertools.combinations(np.flatnonzero(new), 2)))[::5].T
    accepted, same = verifier.verify(x[first], x[second]), y[first] == y[second]
    assert accepted[same].mean() > 10 * accepted[~same].mean()


def test_classes_teach_embeddings_by_arc_face():
    x, y, _ = drawn_faces.generate(4, 6, 32, seed=2)
    network = embedding_network((32, 32, 3), features=8, filters=(4, 8), rng=0)
    model = Model(network.inputs[0], layers.CosineDense(4)(network.outputs[0]), rng=0)
    model.compile("adam", losses.ArcFaceLoss(0.2, 8.0))
    history = model.fit(x.astype(np.float32), y, batch_size=12, epochs=60, verbose=0).history["loss"]
    assert history[-1] < 0.5 * history[0]
    assert roc_curve(*pairs(network.predict(x.astype(np.float32), verbose=0), y)).auc > 0.9


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Verifier(3), TypeError, "model=3 is of type int; expected a Model of images"),
        (lambda: Verifier(identity(), 2), ValueError, "threshold=2 is out of range"),
        (
            lambda: Verifier(Sequential([layers.Input((3,)), layers.Dense(2)])),
            ValueError,
            r"model has inputs of shape \(None, 3\)",
        ),
        (lambda: Verifier(identity()).verify(faces([1, 0]), faces([1, 0])), ValueError, "threshold=None has not been chosen"),
        (
            lambda: Verifier(identity()).similarity(faces([1, 0]), faces([1, 0], [0, 1])),
            ValueError,
            "first has 1 faces and second 2",
        ),
        (
            lambda: Verifier(identity()).embed(np.zeros((1, 2, 2, 1), np.uint8)),
            ValueError,
            r"images has shape \(1, 2, 2, 1\); expected \(faces, 1, 2, 1\)",
        ),
        (lambda: Verifier(identity()).calibrate(faces([1, 0]), [0, 1]), ValueError, r"labels has shape \(2,\)"),
        (
            lambda: Verifier(identity()).calibrate(faces([1, 0], [0, 1]), [1, 1]),
            ValueError,
            r"labels=\[1, 1\] has no pairs of one person and of different ones",
        ),
        (lambda: pairs(np.zeros((2, 3)), [0, 1]), ValueError, "embeddings holds a vector of length 0 as sample 0"),
        (lambda: embedding_network(features=0), ValueError, "features=0 is too small"),
    ],
)
def test_wrong_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
