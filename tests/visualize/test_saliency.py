"""Saliency, SmoothGrad and integrated gradients, against finite differences and integrals that are known."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers
from striate.visualize import integrated_gradients, saliency, smooth_grad
from tests.helpers.small_models import residual_network

from .test_scores import logits


def slopes(function, x, h=1e-6):
    """The gradient of a function of one sample, by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        gradient[place] = (function(up) - function(down)) / (2 * h)
    return gradient


def squares():
    """A model whose single output is the sum of the squares of its input."""
    x = Input((4,), dtype="float64")
    return Model(x, layers.Dense(1, kernel_initializer="ones", dtype="float64")(x * x))


def test_saliency_is_the_largest_gradient_of_a_pixel(classifier, images):
    expected = np.stack([slopes(lambda x: logits(classifier, x[np.newaxis])[0, 2], image) for image in images])
    np.testing.assert_allclose(saliency(classifier, images, 2, reduce=None), expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(saliency(classifier, images, 2), np.abs(expected).max(-1), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(saliency(classifier, images, 2, reduce="sum"), np.abs(expected).sum(-1), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(saliency(classifier, images, 2, batch_size=2), np.abs(expected).max(-1), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(saliency(classifier, images[1], 2), np.abs(expected[1]).max(-1), rtol=1e-6, atol=1e-9)


def test_the_gradient_of_a_probability_depends_on_all_scores(classifier, images):
    expected = slopes(lambda x: classifier.predict(x[np.newaxis])[0, 1], images[0])
    found = saliency(classifier, images[0], 1, probability=True, reduce=None)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-10)


def test_smooth_grad_is_the_mean_over_noisy_copies():
    x = np.array([1.0, 2.0, 3.0, 5.0])
    found = smooth_grad(squares(), x, samples=5, noise=0.5, reduce=None, batch_size=2, rng=7)
    rng = np.random.default_rng(7)
    noise = np.concatenate([rng.standard_normal((count, 4)) for count in (2, 2, 1)]) * 0.5 * 4
    np.testing.assert_allclose(found, 2 * (x + noise).mean(0), rtol=1e-12)
    np.testing.assert_allclose(smooth_grad(squares(), x, samples=3, noise=0, reduce=None), 2 * x, rtol=1e-12)


def test_smooth_grad_of_images_has_the_shape_of_saliency(classifier, images):
    found = smooth_grad(classifier, images, 1, samples=3, noise=0)
    np.testing.assert_allclose(found, saliency(classifier, images, 1), rtol=1e-10)


def test_integrated_gradients_of_squares_are_squares():
    x = np.array([[1.0, 2.0, -3.0, 0.5], [0.0, 1.0, 2.0, 3.0]])
    np.testing.assert_allclose(integrated_gradients(squares(), x), x**2, rtol=1e-12)
    np.testing.assert_allclose(integrated_gradients(squares(), x, baseline=1.0), x**2 - 1, rtol=1e-12, atol=1e-12)
    baseline = np.array([0.0, 2.0, 0.0, 1.0])
    np.testing.assert_allclose(integrated_gradients(squares(), x, baseline=baseline), x**2 - baseline**2, atol=1e-12)


@pytest.mark.parametrize("probability", [False, True])
def test_integrated_gradients_add_up_to_the_difference(classifier, images, probability):
    parts = integrated_gradients(classifier, images, 1, probability=probability, tolerance=1e-4, batch_size=20)
    black = np.zeros_like(images)
    function = classifier.predict if probability else lambda x: logits(classifier, x)
    difference = function(images)[:, 1] - function(black)[:, 1]
    magnitude = np.abs(parts).sum((1, 2, 3))
    assert (np.abs(parts.sum((1, 2, 3)) - difference) <= 1e-4 * magnitude).all()


def test_steps_are_doubled_until_they_suffice():
    x = Input((1,), dtype="float64")
    cube = Model(x, x * x * x * x)
    for tolerance in (1e-2, 1e-6):
        part = integrated_gradients(cube, np.array([2.0]), tolerance=tolerance)
        assert abs(part[0] - 16) <= 16 * tolerance
    assert integrated_gradients(cube, np.array([2.0]), tolerance=1e-2)[0] != part[0]
    with pytest.warns(UserWarning, match="add up to .* more or less than the score's difference, 16, with 1024 steps"):
        integrated_gradients(cube, np.array([2.0]), tolerance=1e-9)


def test_several_inputs_have_parts_each():
    a, b = Input((2,), dtype="float64"), Input((3,), dtype="float64")
    model = Model([a, b], layers.Dense(1, dtype="float64")(layers.Concatenate(dtype="float64")([a * a, b])), rng=0)
    kernel = model.weights[0].numpy()[:, 0]
    x = [np.array([[1.0, 2.0]]), np.array([[3.0, 4.0, 5.0]])]
    first, second = integrated_gradients(model, x, baseline=[0.0, 1.0])
    np.testing.assert_allclose(first, x[0] ** 2 * kernel[:2], rtol=1e-12)
    np.testing.assert_allclose(second, (x[1] - 1) * kernel[2:], rtol=1e-12)
    with pytest.raises(ValueError, match="baseline has 3 arrays; expected 2, one for each input of the model"):
        integrated_gradients(model, x, baseline=[0, 0, 0])


def test_the_model_itself_does_not_change():
    model, x = residual_network(), np.ones((2, 8, 8, 3), np.float32)
    before, weights = model.predict(x), [weight.numpy() for weight in model.weights]
    saliency(model, x)
    integrated_gradients(model, x, tolerance=0.1)
    np.testing.assert_array_equal(model.predict(x), before)
    for weight, array in zip(model.weights, weights, strict=True):
        np.testing.assert_array_equal(weight.numpy(), array)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (smooth_grad, {"samples": 0}, "samples=0 is too small"),
        (smooth_grad, {"noise": -1}, "noise=-1 is out of range"),
        (integrated_gradients, {"tolerance": 0}, "tolerance=0 is out of range; expected a finite number above 0"),
        (integrated_gradients, {"baseline": np.ones(7)}, r"baseline has shape \(7,\); expected one that broadcasts to x"),
        (integrated_gradients, {"baseline": "black"}, "baseline='black' is not an array"),
    ],
)
def test_what_does_not_fit_is_refused(function, arguments, message):
    model = Sequential([layers.Input((4,)), layers.Dense(2)])
    with pytest.raises((TypeError, ValueError), match=message):
        function(model, np.ones((1, 4)), **arguments)
