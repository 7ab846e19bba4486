"""Embeddings and their points in two dimensions."""

import numpy as np
import pytest

from striate import Sequential, architectures, layers
from striate.visualize import embeddings, feature_maps, pca, plot_embeddings, tsne


def test_the_last_vector_before_the_scores_is_taken(classifier, images):
    found = embeddings(classifier, images, batch_size=2)
    assert found.layer == "flat"
    np.testing.assert_array_equal(found.vectors, feature_maps(classifier, images, "flat").maps)
    first = embeddings(classifier, images, "first")
    np.testing.assert_array_equal(first.vectors, feature_maps(classifier, images, "first").maps.reshape(3, -1))
    assert embeddings(architectures.LeNet5(), np.zeros((2, 28, 28, 1))).layer == "f6"
    parts = [layers.Dense(4, name="vector"), layers.Dense(3, name="logits"), layers.Softmax()]
    assert embeddings(Sequential([layers.Input((5,)), *parts]), np.zeros((2, 5))).layer == "vector"
    with pytest.raises(ValueError, match="the model has no layer that returns vectors before its output"):
        embeddings(Sequential([layers.Input((5,)), layers.Dense(2)]), np.zeros((2, 5)))


def test_pca_is_the_eigenvectors_of_the_covariance():
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((40, 5)) @ np.diag([5, 3, 1, 0.5, 0.1]) @ rng.standard_normal((5, 5)) + 7
    found = pca(vectors, 3)
    values, directions = np.linalg.eigh(np.cov(vectors.T))
    for i in range(3):
        direction = directions[:, -1 - i]
        np.testing.assert_allclose(np.abs(found.components[i] @ direction), 1, rtol=1e-9)
        assert found.components[i][np.abs(found.components[i]).argmax()] > 0
    np.testing.assert_allclose(found.explained, values[::-1][:3] / values.sum(), rtol=1e-9)
    np.testing.assert_allclose(found.mean, vectors.mean(0))
    np.testing.assert_allclose(found.points, (vectors - vectors.mean(0)) @ found.components.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(pca(np.ones((4, 3))).points, np.zeros((4, 2)))


def test_tsne_keeps_groups_apart():
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(0)
    vectors = np.concatenate([rng.standard_normal((20, 8)), rng.standard_normal((20, 8)) + 20])
    points = tsne(vectors, perplexity=5, rng=0)
    assert points.shape == (40, 2)
    middle = points[:20].mean(0), points[20:].mean(0)
    nearer = [np.linalg.norm(points - each, axis=1) for each in middle]
    np.testing.assert_array_equal(nearer[0] < nearer[1], np.arange(40) < 20)
    np.testing.assert_array_equal(points, tsne(vectors, perplexity=5, rng=0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pca(np.ones(3)), r"vectors has shape \(3,\); expected \(samples, features\)"),
        (lambda: pca([[np.nan, 1.0], [1.0, 2.0]]), "vectors holds NaN or infinity"),
        (lambda: pca(np.ones((3, 4)), 4), "components=4 is too large; expected an integer of at least 1 and at most 3"),
        (
            lambda: tsne(np.ones((3, 4)), perplexity=3),
            "perplexity=3 is out of range; expected a finite number above 0 and below 3",
        ),
        (lambda: plot_embeddings(np.ones((3, 1))), r"points has shape \(3, 1\); expected \(samples, 2\)"),
        (lambda: plot_embeddings(np.ones((3, 2)), [0, 1]), "y has 2 classes for 3 points; expected one for each"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_figures_have_points_in_colours_of_classes():
    pytest.importorskip("matplotlib")
    points, y = np.random.default_rng(0).random((6, 2)), [0, 2, 2, 0, 2, 0]
    axes = plot_embeddings(points, y, ["a", "b", "c"]).axes[0]
    np.testing.assert_array_equal(axes.collections[1].get_offsets(), points[[1, 2, 4]])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "c"]
    colors = [tuple(each.get_facecolor()[0][:3]) for each in axes.collections]
    assert colors[0] != colors[1]
    pictures = plot_embeddings(pca(np.eye(4)), images=np.random.default_rng(0).random((4, 3, 3, 1))).axes[0]
    assert len(pictures.artists) == 4
