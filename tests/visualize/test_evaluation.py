"""Confusion matrices and wrong examples."""

import numpy as np
import pytest

from striate.visualize import confusion_matrix, plot_confusion_matrix, plot_wrong_examples, wrong_examples

TRUE = np.array([0, 1, 2, 2, 1, 0])
PROBABILITIES = np.array(
    [[0.8, 0.1, 0.1], [0.2, 0.2, 0.6], [0.1, 0.1, 0.8], [0.5, 0.2, 0.3], [0.1, 0.9, 0.0], [0.05, 0.95, 0.0]]
)


def test_matrices_count_pairs():
    expected = np.zeros((3, 3), int)
    for true, row in zip(TRUE, PROBABILITIES, strict=True):
        expected[true, row.argmax()] += 1
    np.testing.assert_array_equal(confusion_matrix(TRUE, PROBABILITIES), expected)
    np.testing.assert_array_equal(confusion_matrix(TRUE.tolist(), PROBABILITIES.argmax(-1)), expected)
    assert confusion_matrix([0], [[0.1, 0.2, 0.3, 0.9]]).shape == (4, 4)
    assert confusion_matrix([0], [1], classes=5).shape == (5, 5)
    np.testing.assert_array_equal(confusion_matrix(TRUE[:, np.newaxis].astype(np.uint8), TRUE), np.diag([2, 2, 2]))


def test_scikit_learn_counts_the_same():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 7, (2, 500))
    np.testing.assert_array_equal(confusion_matrix(true, predicted), metrics.confusion_matrix(true, predicted))


def test_wrong_examples_come_with_the_most_confident_first():
    found = wrong_examples(TRUE, PROBABILITIES)
    np.testing.assert_array_equal(found.indices, [5, 1, 3])
    np.testing.assert_array_equal(found.true, [0, 1, 2])
    np.testing.assert_array_equal(found.predicted, [1, 2, 0])
    np.testing.assert_array_equal(found.confidence, [0.95, 0.6, 0.5])
    np.testing.assert_array_equal(wrong_examples(TRUE, PROBABILITIES, most=1).indices, [5])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: confusion_matrix([0, 1], [0]), "y_true has 2 samples and y_pred 1; expected equal numbers"),
        (lambda: confusion_matrix([0.5], [0]), r"y_true has shape \(1,\) and dtype float64; expected integers"),
        (lambda: confusion_matrix([-1], [0]), "y_true holds -1; expected classes of at least 0"),
        (lambda: confusion_matrix([3], [0], classes=3), "classes=3 is too small; expected an integer of at least 4"),
        (lambda: wrong_examples([0, 1], [0, 1]), r"y_pred has shape \(2,\) for 2 samples; expected \(samples, classes\)"),
        (lambda: wrong_examples([0], [[0.1, 0.2]], most=0), "most=0 is too small"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_figures_of_matrices_have_the_numbers():
    pytest.importorskip("matplotlib")
    axes = plot_confusion_matrix(TRUE, PROBABILITIES, ["cat", "dog", "mouse"]).axes[0]
    matrix = confusion_matrix(TRUE, PROBABILITIES)
    np.testing.assert_allclose(axes.get_images()[0].get_array(), matrix / 2)
    texts = {tuple(map(int, text.get_position()[::-1])): text.get_text() for text in axes.texts}
    assert texts == {(row, column): str(count) for (row, column), count in np.ndenumerate(matrix) if count}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog", "mouse"]
    fractions = plot_confusion_matrix(TRUE, PROBABILITIES, normalized=True).axes[0]
    assert {text.get_text() for text in fractions.texts} == {".50"}


def test_figures_of_wrong_examples_have_images_and_names():
    pytest.importorskip("matplotlib")
    x = np.random.default_rng(0).random((6, 4, 4, 1))
    figure = plot_wrong_examples(x, TRUE, PROBABILITIES, ["cat", "dog", "mouse"], most=2)
    assert [axes.get_title() for axes in figure.axes] == ["cat → dog\n0.95", "dog → mouse\n0.60"]
    np.testing.assert_array_equal(figure.axes[0].get_images()[0].get_array(), x[5, ..., 0])
    without = plot_wrong_examples(x[:1], [0], [[0.9, 0.1]])
    assert [text.get_text() for text in without.axes[0].texts] == ["no errors"]
    with pytest.raises(ValueError, match="x has 5 images and y_true 6 classes; expected equal numbers"):
        plot_wrong_examples(x[:5], TRUE, PROBABILITIES)
