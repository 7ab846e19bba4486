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
    "bilateral": lambda x, **b: ops.image.bilateral_filter(x, 1.5, 1.2, 2, **b),
}
#: Numbers of channels with which each is tried.
CHANNELS = [(name, channels) for name in FILTERS for channels in ((1, 3) if name == "bilateral" else (2,))]


class Filter(layers.Layer):
    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def build(self, input_shape):
        self.scale = self.add_weight(input_shape[1:], "ones", name="scale")

    def call(self, x):
        return self.function(x * self.scale)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(("name", "channels"), CHANNELS)
def test_gradients_by_finite_differences(rng, name, channels, border):
    def function(x):
        return FILTERS[name](x, border=border)

    x = rng.permutation(6 * 7 * channels).reshape(1, 6, 7, channels) / (5.0 * channels)
    layer = Filter(function, dtype="float64")
    inputs = layers.Input((6, 7, channels), dtype="float64")
    model = striate.Model(inputs, layer(inputs))
    np.testing.assert_allclose(model.predict(x, verbose=0), function(x), rtol=1e-12)
    weights = rng.standard_normal(function(x).shape)
    scale = np.ones((6, 7, channels))
    model.compile(striate.optimizers.SGD(1.0), Weighted(weights))
    model.train_on_batch(x, np.zeros(weights.shape))
    got = scale - layer.get_weights()[0]
    want = np.zeros_like(scale)
    for i in np.ndindex(scale.shape):
        step = np.zeros_like(scale)
        step[i] = 1e-6
        want[i] = np.sum(weights * (function(x * (scale + step)) - function(x * (scale - step)))) / 2e-6
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "channels"), CHANNELS)
def test_filters_of_symbolic_tensors_are_saved(rng, tmp_path, name, channels):
    for border in ("reflect", "constant", "valid"):
        inputs = layers.Input((7, 8, channels))
        model = striate.Model(inputs, FILTERS[name](inputs, border=border, value=0.5))
        x = rng.random((2, 7, 8, channels), np.float32)
        want = FILTERS[name](x, border=border, value=0.5)
        assert model.output_shape == (None, *want.shape[1:])
        np.testing.assert_array_equal(model.predict(x, verbose=0), want)
        model.save(tmp_path / "model.npz")
        loaded = striate.models.load_model(tmp_path / "model.npz")
        np.testing.assert_array_equal(loaded.predict(x, verbose=0), want)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (3, "window=3 is of type int; expected a list or tuple of the fields of a window"),
        ((0, 3, 1, 1, "zero", 0), r"window\[0\]=0 is too small"),
        ((3, 1 << 40, 1, 1, "zero", 0), r"window\[1\]=1099511627776 is too large"),
        ((3, 3, -1, 1, "zero", 0), r"window\[0\]=-1 is too small"),
        ((3, 3, 1, 1, "around", 0), "border='around' is unknown; expected one of 'reflect'"),
        ((3, 3, 1, 1, "zero", "none"), "value='none' is of type str"),
    ],
)
def test_windows_in_files_are_checked(fields, message):
    with pytest.raises((TypeError, ValueError), match=message):
        filtering.Window.checked(fields)


class Weighted(striate.losses.Loss):
    """The sum of predictions, each weighted."""

    def __init__(self, weights):
        super().__init__()
        self.weights = weights

    def call(self, y_true, y_pred):
        return ops.sum(ops.reshape(y_pred * self.weights, (1, -1)), axis=-1)


@pytest.mark.parametrize("function", [ops.image.correlate, ops.image.convolve])
def test_models_keep_the_kernel_as_it_was(rng, function):
    kernel, x = rng.standard_normal((3, 3)), rng.standard_normal((4, 5, 6, 1)).astype(np.float32)
    images = striate.Input((5, 6, 1))
    model, want = striate.Model(images, function(images, kernel)), function(x, kernel)
    np.testing.assert_array_equal(model.predict(x), want)
    kernel[:] = 0
    for size in (1, 2, 4):
        np.testing.assert_array_equal(model.predict(x, batch_size=size), want)


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


@pytest.mark.parametrize("border", BORDERS)
def test_the_gradient_of_the_bilateral_filter(rng, border):
    """Images of all shapes, in a batch; by finite differences along random directions."""
    for shape, size in (((2, 9, 8, 3), (3, 5)), ((3, 3, 5, 1), (3, 5)), ((1, 5, 1, 1), (5, 1)), ((1, 1, 70, 3), (1, 7))):
        x, kernel = rng.standard_normal(shape), rng.random(size)
        window = filtering.Window.centred(size, border, 0.3)
        y = filtering.bilateral(x, kernel, 0.4, window)
        dy = rng.standard_normal(y.shape)
        dx = filtering.bilateral_backward_input(dy, x, y, kernel, 0.4, window)
        step = 1e-6 * rng.standard_normal(shape)
        change = filtering.bilateral(x + step, kernel, 0.4, window) - filtering.bilateral(x - step, kernel, 0.4, window)
        assert np.sum(dy * change) / 2 == pytest.approx(np.sum(dx * step), rel=1e-6, abs=1e-14)
        single = filtering.bilateral_backward_input(*(a.astype(np.float32) for a in (dy, x, y)), kernel, 0.4, window)
        np.testing.assert_allclose(single, dx, rtol=0, atol=1e-5 * np.abs(dx).max())


def test_the_bilateral_filter_of_a_step_passes_gradients_to_its_own_side():
    x = np.repeat([0.0, 100.0], 4).reshape(1, 1, 8, 1)
    kernel, window = np.ones((1, 3)), filtering.Window.centred((1, 3), "zero")
    y = filtering.bilateral(x, kernel, 1.0, window)
    dy = np.zeros_like(x)
    dy[0, 0, 3] = 3.0
    dx = filtering.bilateral_backward_input(dy, x, y, kernel, 1.0, window)
    np.testing.assert_allclose(dx.ravel(), [0, 0, 1.5, 1.5, 0, 0, 0, 0], atol=1e-12)


def test_the_bilateral_filter_takes_one_channel_or_three():
    with pytest.raises(ValueError, match=r"^images has shape \(9, 8, 2\), 2 channels; expected 1 or 3"):
        ops.image.bilateral_filter(np.zeros((9, 8, 2)), 1.0)


def test_images_without_a_batch(rng):
    x = rng.standard_normal((9, 8, 3)).astype(np.float32)
    np.testing.assert_array_equal(ops.image.gaussian_filter(x), image.gaussian_filter(x))
    np.testing.assert_array_equal(ops.image.erode(x, 3), image.erode(x, 3))
    np.testing.assert_array_equal(ops.image.bilateral_filter(x, 0.5), image.bilateral_filter(x, 0.5))
    with pytest.raises(ValueError, match=r"^images has shape \(9, 8\); expected"):
        ops.image.erode(x[..., 0])
