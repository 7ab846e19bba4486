"""What is explained: the score of a class."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers
from striate.visualize import saliency
from striate.visualize.scores import Question
from tests.helpers.small_models import two_headed


def logits(model, x):
    """Return what the softmax at the end of `classifier` is made of."""
    for layer in model.layers[:-1]:
        x = layer(x)
    return x @ model.layers[-1].kernel.numpy() + model.layers[-1].bias.numpy()


def test_the_score_is_that_before_the_softmax(classifier, images):
    question = Question(classifier, images, [0, 2, 1])
    scores = question.differentiate(question.x, slice(None), []).objective
    np.testing.assert_allclose(scores, logits(classifier, images)[range(3), [0, 2, 1]], rtol=1e-12)
    question = Question(classifier, images, 1, probability=True)
    scores = question.differentiate(question.x, slice(None), []).objective
    np.testing.assert_allclose(scores, classifier.predict(images)[:, 1], rtol=1e-12)


def test_a_softmax_layer_is_passed_over_too():
    model = Sequential([layers.Input((3,)), layers.Dense(2, name="logits"), layers.Softmax()], rng=0)
    gradient = saliency(model, np.ones((1, 3)), 1, reduce=None)
    np.testing.assert_allclose(gradient[0], model.layers[0].kernel.numpy()[:, 1], rtol=1e-6)


def test_a_sigmoid_has_one_class():
    model = Sequential([layers.Input((3,)), layers.Dense(1, activation="sigmoid")], rng=0)
    gradient = saliency(model, np.ones(3), reduce=None)
    np.testing.assert_allclose(gradient, model.layers[0].kernel.numpy()[:, 0], rtol=1e-6)


def test_the_class_with_the_largest_output_is_taken(classifier, images):
    question = Question(classifier, images)
    np.testing.assert_array_equal(question.target, classifier.predict(images).argmax(-1))
    assert not question.alone
    assert Question(classifier, images[0]).alone


def test_one_of_several_outputs_is_taken():
    model, x = two_headed(), [np.ones((2, 8, 8, 3), np.float32), np.ones((2, 2), np.float32)]
    image, extra = saliency(model, x, 1, output=1, reduce=None)
    assert image.shape == (2, 8, 8, 3)
    np.testing.assert_allclose(extra, np.tile(model.get_layer("place").kernel.numpy()[-2:, 1], (2, 1)), rtol=1e-6)


def test_the_scores_of_all_pixels_add_up():
    image = Input((4, 5, 1), dtype="float64")
    model = Model(image, layers.Conv2D(3, 1, activation="softmax", dtype="float64")(image), rng=0)
    x = np.random.default_rng(0).random((2, 4, 5, 1))
    question = Question(model, x)
    np.testing.assert_array_equal(question.target, model.predict(x).sum((1, 2)).argmax(-1))
    kernel, bias = (weight.numpy() for weight in model.weights)
    expected = (x[..., 0] * kernel[0, 0, 0, 2] + bias[2]).sum((1, 2))
    question = Question(model, x, 2)
    np.testing.assert_allclose(question.differentiate(question.x, slice(None), []).objective, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": 3}, "target=3 is too large; expected an integer of at least 0 and at most 2"),
        ({"target": [0, 1]}, "target has 2 classes for 3 samples; expected one for each sample"),
        ({"target": "cat"}, "target='cat' is of type str; expected"),
        ({"target": [0, 1, 3]}, r"target\[2\]=3 is too large"),
        ({"output": 1}, "output=1 is too large; expected an integer of at least 0 and at most 0"),
        ({"probability": "yes"}, "probability='yes' is neither true nor false"),
        ({"batch_size": 0}, "batch_size=0 is too small"),
        ({"reduce": "mean"}, "reduce='mean' is unknown; expected one of 'max', 'sum', None"),
        ({"model": 3}, "model=3 is of type int; expected a Model"),
        ({"x": np.ones((2, 7, 6, 3))}, r"expected .*\(7, 6, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message, classifier, images):
    with pytest.raises((TypeError, ValueError), match=message):
        saliency(**{"model": classifier, "x": images, **arguments})
