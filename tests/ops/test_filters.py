"""Filters of `striate.ops.image`: equal to those of `striate.image`, with gradients, inside models."""

import numpy as np
import pytest

import striate
from striate import image, layers, ops
from striate.functional import filtering
from tests.helpers.windows import BORDERS

FILTERS = {
    "correlate": lambda x, **b: ops.image.correlate(x, np.arange(12.0).reshape(3, 4) - 5, **b),
    "convolve": lambda x, **b: ops.image.convolve(x, np.arange(8.0).reshape(2, 4) - 3, **b),
    "gaussian": lambda x, **b: ops.image.gaussian_filter(x, 1.0, 2, **b),
    "box": lambda x, **b: ops.image.box_filter(x, (4, 3), **b),
    "erode": lambda x, **b: ops.image.erode(x, 3, **b),
    "dilate": lambda x, **b: ops.image.dilate(x, [[1, 1], [0, 1], [1, 0]], **b),
    "median": lambda x, **b: ops.image.median_filter(x, (3, 5), **b),
}


class Filter(layers.Layer):
    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def build(self, input_shape):
        self.scale = self.add_weight(input_shape[1:], "ones", name="scale")

    def call(self, x):
        return self.function(x * self.scale)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("name", FILTERS)
def test_gradients_by_finite_differences(rng, name, border):
    def function(x):
        return FILTERS[name](x, border=border)

    x = rng.permutation(6 * 7 * 2).reshape(1, 6, 7, 2) / 10.0
    layer = Filter(function, dtype="float64")
    inputs = layers.Input((6, 7, 2), dtype="float64")
    model = striate.Model(inputs, layer(inputs))
    np.testing.assert_allclose(model.predict(x, verbose=0), function(x), rtol=1e-12)
    weights = rng.standard_normal(function(x).shape)
    scale = np.ones((6, 7, 2))
    model.compile(striate.optimizers.SGD(1.0), Weighted(weights))
    model.train_on_batch(x, np.zeros(weights.shape))
    got = scale - layer.get_weights()[0]
    want = np.zeros_like(scale)
    for i in np.ndindex(scale.shape):
        step = np.zeros_like(scale)
        step[i] = 1e-6
        want[i] = np.sum(weights * (function(x * (scale + step)) - function(x * (scale - step)))) / 2e-6
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


class Weighted(striate.losses.Loss):
    """The sum of predictions, each weighted."""

    def __init__(self, weights):
        super().__init__()
        self.weights = weights

    def call(self, y_true, y_pred):
        return ops.sum(ops.reshape(y_pred * self.weights, (1, -1)), axis=-1)


@pytest.mark.parametrize("border", [border for border in BORDERS if border != "constant"])
def test_the_gradient_is_the_adjoint(rng, border):
    for shape, size in (((2, 9, 8, 3), (3, 4)), ((1, 3, 5, 1), (3, 5)), ((1, 4, 6, 2), (4, 1))):
        for flipped in (False, True):
            x, kernel = rng.standard_normal(shape), rng.standard_normal(size)
            window = filtering.Window.centred(size, border, flipped=flipped)
            y = filtering.correlate(x, kernel, window)
            dy = rng.standard_normal(y.shape)
            dx = filtering.correlate_backward_input(dy, kernel, shape, window)
            assert np.sum(dy * y) == pytest.approx(np.sum(dx * x))


def test_images_without_a_batch(rng):
    x = rng.standard_normal((9, 8, 3)).astype(np.float32)
    np.testing.assert_array_equal(ops.image.gaussian_filter(x), image.gaussian_filter(x))
    np.testing.assert_array_equal(ops.image.erode(x, 3), image.erode(x, 3))
    with pytest.raises(ValueError, match=r"^images has shape \(9, 8\); expected"):
        ops.image.erode(x[..., 0])
