"""`GradientTape` outside of models, and gradients of gradients, against finite differences and what is known."""

import numpy as np
import pytest

import striate
from striate import GradientTape, gradients, layers, losses, ops
from striate.models import values_and_gradients


def numerical(function, array, h=1e-6):
    """Return the gradient of a function of an array, by central differences."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + h
        above = float(function())
        array[index] = kept - h
        gradient[index] = (above - float(function())) / (2 * h)
        array[index] = kept
    return gradient


@pytest.fixture
def model():
    """Return a small model in float64 without layers whose gradients have no gradient."""
    parts = [
        layers.Conv2D(3, 3, strides=2, padding="same", activation="leaky_relu"),
        layers.AveragePooling2D(2, 1),
        layers.Conv2DTranspose(2, 3, strides=2, activation="tanh"),
        layers.Flatten(),
        layers.Dense(4, activation="sigmoid"),
        layers.Dense(1),
    ]
    for part in parts:
        part.dtype = "float64"
    return striate.Sequential([layers.Input((6, 5, 2), dtype="float64"), *parts], rng=0)


@pytest.fixture
def images():
    return np.random.default_rng(1).standard_normal((2, 6, 5, 2))


def test_gradients_of_watched_arrays_and_weights(model, images):
    with GradientTape() as tape:
        tape.watch(images)
        y = ops.sum(ops.square(model(images)))
    dx, *of_weights = tape.gradient(y, [images, *model.trainable_weights])
    expected = values_and_gradients(
        model, images, lambda y: ops.sum(ops.square(y)), ["input_layer", *model.trainable_weights], training=False
    )
    assert float(y) == pytest.approx(float(expected.objective), rel=1e-12)
    np.testing.assert_allclose(dx, expected.gradients[0], rtol=1e-12)
    for found, wanted in zip(of_weights, expected.gradients[1:], strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_results_have_the_structure_of_the_sources():
    x, y, z = (np.array([value], np.float32) for value in (2.0, 3.0, 4.0))
    with GradientTape() as tape:
        tape.watch([x, {"y": y}, z])
        product = ops.multiply(x, y)
    assert tape.gradient(product, {"x": x, "others": [y, z]}) == {"x": [3.0], "others": [[2.0], None]}


def test_unconnected_gradients_may_be_zero():
    x, z = np.ones(3, np.float32), np.ones((2, 2), np.float32)
    with GradientTape() as tape:
        tape.watch([x, z])
        y = ops.sum(x)
    np.testing.assert_array_equal(tape.gradient(y, z, unconnected_gradients="zero"), np.zeros((2, 2)))


def test_output_gradients_are_factors():
    x = np.array([1.0, 2.0, 3.0])
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = ops.square(x)
    np.testing.assert_array_equal(tape.gradient(y, x, output_gradients=np.array([1.0, 0.0, -1.0])), [2.0, 0.0, -6.0])
    np.testing.assert_array_equal(tape.gradient(y, x), [2.0, 4.0, 6.0])
    with pytest.raises(ValueError, match=r"output_gradients has the shapes \[\(2,\)\]; expected those of the target"):
        tape.gradient(y, x, output_gradients=np.ones(2))


def test_values_can_be_read():
    x = np.array([[1.0, 2.0]], np.float32)
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.square(x)
        total = ops.sum(y)
        np.testing.assert_array_equal(y.numpy(), [[1.0, 4.0]])
    np.testing.assert_array_equal(np.asarray(y), [[1.0, 4.0]])
    assert float(total) == 5.0
    assert f"{total:.2f}" == "5.00"
    assert (total.ndim, y.ndim) == (0, 2)


def test_random_numbers_are_those_of_the_value_that_was_read():
    x = np.ones((4, 50), np.float32)
    dropout = layers.Dropout(0.5)
    with GradientTape() as tape:
        tape.watch(x)
        y = dropout(x, training=True)
    read = y.numpy()
    np.testing.assert_array_equal(tape.gradient(y, x), read)  # both are 2 where elements were kept
    assert 0 < (read == 0).sum() < read.size


def test_a_tape_records_losses_of_arrays_and_values():
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], rng=0)
    x, y = np.ones((4, 3), np.float32), np.array([0, 1, 1, 0])
    loss = losses.SparseCategoricalCrossentropy()
    with GradientTape() as tape:
        value = loss(y, model(x))
    kernel, bias = tape.gradient(value, model.trainable_weights)
    expected = values_and_gradients(
        model, x, lambda p: -ops.mean(ops.log(ops.sum(p * np.eye(2, dtype="float32")[y], -1))), model.trainable_weights
    )
    assert float(value) == pytest.approx(float(loss(y, model(x))), rel=1e-6)
    np.testing.assert_allclose(kernel, expected.gradients[0], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(bias, expected.gradients[1], rtol=1e-5, atol=1e-7)


def test_gradients_of_functions():
    dx, dy = gradients(lambda x, y: ops.sum(x * ops.exp(y)), [1, 2], np.array([0.0, 1.0]))
    assert (dx.dtype, dy.dtype) == (np.float32, np.float64)
    np.testing.assert_allclose(dx, np.exp([0, 1]), rtol=1e-6)
    np.testing.assert_allclose(dy, [1, 2 * np.e], rtol=1e-6)
    np.testing.assert_array_equal(gradients(lambda x: ops.sum(ops.ones(3)) + 0 * ops.sum(x), [1.0]), [0.0])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ops.sum(x**3 + 2.0 / x),
        lambda x: ops.sum(ops.exp(ops.sin(x)) * ops.log(x)),
        lambda x: ops.mean(ops.sqrt(x) * ops.tanh(x), axis=0)[1],
        lambda x: ops.sum(ops.maximum(x, 0.5 * ops.square(x))),
        lambda x: ops.sum(ops.matmul(x, ops.transpose(x)) ** 2),
        lambda x: ops.sum(ops.concatenate([x, x * x], axis=1)[:, 1:4] ** 2),
        lambda x: ops.sum(ops.softmax(x) * x),
        lambda x: ops.sum(ops.log_softmax(x) * ops.silu(x)),
        lambda x: ops.sum(ops.softplus(x) * ops.sigmoid(x)),
        lambda x: ops.sum(ops.max(x * x, axis=1)),
        lambda x: ops.sum(ops.reshape(x, (-1,)) ** 2) * ops.sum(ops.expand_dims(x, 0) ** 3),
        lambda x: ops.sum(ops.where(x > 1, x**4, x)),
        lambda x: ops.logsumexp(x**2),
    ],
)
def test_second_derivatives_of_functions(function):
    x = np.random.default_rng(0).uniform(0.5, 1.5, (3, 3))
    weights = np.random.default_rng(1).standard_normal((3, 3))

    def of_first():
        return (gradients(function, x) * weights).sum()

    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            y = function(ops.multiply(x, 1.0))
        first = inner.gradient(y, x)
        projected = ops.sum(first * weights)
    np.testing.assert_allclose(outer.gradient(projected, x), numerical(of_first, x), rtol=2e-5, atol=1e-6)


def test_second_derivatives_of_a_model(model, images):
    """The gradient with respect to weights of the squared length of the gradient with respect to images."""

    def penalty():
        return (values_and_gradients(model, images, lambda y: y).gradients[0] ** 2).sum()

    with GradientTape() as outer:
        with GradientTape() as inner:
            inner.watch(images)
            y = model(images)
        value = ops.sum(ops.square(inner.gradient(y, images)))
    assert float(value) == pytest.approx(penalty(), rel=1e-10)
    found = outer.gradient(value, model.trainable_weights)
    for gradient, weight in zip(found, model.trainable_weights, strict=True):
        array = weight.array

        def changed(array=array, weight=weight):
            weight.changed()
            return penalty()

        expected = numerical(changed, array)
        if gradient is None:  # The last bias does not change the gradient.
            np.testing.assert_allclose(expected, 0, atol=1e-8)
        else:
            np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)


def test_second_derivatives_that_are_missing_are_named():
    model = striate.Sequential([layers.Input((4, 4, 1)), layers.Conv2D(2, 3), layers.MaxPooling2D(2)], rng=0)
    x = np.random.default_rng(0).standard_normal((1, 4, 4, 1)).astype("float32")
    with GradientTape() as outer:
        with GradientTape() as inner:
            inner.watch(x)
            y = ops.sum(model(x) ** 2)
        squared = ops.sum(inner.gradient(y, x) ** 2)
    with pytest.raises(TypeError, match=r"MaxPool2DGradient, computed for layer '\w+/max_pooling2d', has no gradient"):
        outer.gradient(squared, model.trainable_weights)


def test_misuse_is_explained():
    x = np.ones(2, np.float32)
    with pytest.raises(ValueError, match="the tape has recorded nothing; expected `gradient` after its `with` block"):
        GradientTape().gradient(x, x)
    with pytest.raises(ValueError, match="the tape records nothing yet; expected `watch` within its `with` block"):
        GradientTape().watch(x)
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.sum(x)
        with pytest.raises(TypeError, match=r"tensor=\[?1.0.* is of type float; expected an array"):
            tape.watch([1.0])
    tape.gradient(y, x)
    with pytest.raises(ValueError, match=r"`gradient` was called before; expected GradientTape\(persistent=True\)"):
        tape.gradient(y, x)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = ops.sum(x)
    with pytest.raises(TypeError, match=r"sources holds .* expected weights, values of this tape, or arrays that it watches"):
        tape.gradient(y, x.copy())
    with pytest.raises(TypeError, match=r"target=.* was not recorded by this tape"):
        tape.gradient(3.0, x)
    with pytest.raises(ValueError, match="unconnected_gradients='ones'; expected one of"):
        tape.gradient(y, x, unconnected_gradients="ones")
    with pytest.raises(TypeError, match="persistent='yes'"):
        GradientTape(persistent="yes")
    del tape
    assert float(y) == 2
