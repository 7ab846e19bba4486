"""Functions of neural networks: convolutions with computed kernels, softmaxes of unlikely classes and of one."""

import re

import numpy as np
import pytest

import striate
from striate import layers, ops


class Filtered(layers.Layer):
    """Layer of convolutions whose kernels are weights, computed from weights, and constants."""

    def build(self, input_shape):
        self.kernel = self.add_weight((3, 3, 2, 4), "random_normal", name="kernel")
        self.row = self.add_weight((3, 4, 2), "random_normal", name="row")

    def call(self, x):
        y = ops.conv(x, self.kernel, padding="same") + ops.conv(x, ops.square(self.kernel), padding="same")
        y = ops.depthwise_conv(y, np.full((2, 2, 4, 1), 0.25), padding="same")
        return ops.conv(ops.reshape(y, (ops.shape(y)[0], -1, 4)), self.row)


def test_a_softmax_of_one_element_is_probably_meant_to_be_a_sigmoid():
    with pytest.warns(UserWarning, match=r"axis=-1 of x, shape \(3, 1\), has size 1, .* expected ops.sigmoid"):
        y = ops.softmax(np.zeros((3, 1)))
    np.testing.assert_array_equal(y, 1)
    assert layers.Dense(1, activation=ops.softmax).get_config()["activation"] == "softmax"


@pytest.mark.parametrize("name", ["conv", "conv_transpose", "depthwise_conv"])
def test_kernels_whose_axes_do_not_fit_the_inputs_are_refused(name):
    function = getattr(ops, name)
    for x_shape in ((2, 5, 6, 4), (2, 6, 4)):
        for kernel_shape in ((), (4,), (4, 4), (2, 4, 4), (2, 2, 4, 4), (1, 2, 2, 4, 4), (0, 4, 4), (1, 1, 4, 0)):
            if len(kernel_shape) != len(x_shape) or 0 in kernel_shape:
                message = rf"^kernel has shape {re.escape(str(kernel_shape))}; expected as many axes as inputs have, shape "
                for x in (np.ones(x_shape), layers.Input(x_shape[1:])):
                    with pytest.raises(ValueError, match=message):
                        function(x, np.ones(kernel_shape))
            else:
                assert len(function(np.ones(x_shape), np.ones(kernel_shape)).shape) == len(x_shape)
    for x_shape in ((), (4,), (2, 4), (1, 2, 3, 4, 5, 6)):
        with pytest.raises(ValueError, match=rf"^inputs has shape {re.escape(str(x_shape))}; expected \(batch, length, "):
            function(np.ones(x_shape), np.ones((2, 2, 4, 4)))


def test_errors_name_the_kernel_of_a_separable_convolution():
    x, depthwise, pointwise = np.ones((2, 6, 4)), np.ones((2, 4, 1)), np.ones((1, 4, 3))
    assert ops.separable_conv(x, depthwise, pointwise).shape == (2, 5, 3)
    with pytest.raises(ValueError, match=r"^depthwise_kernel has shape \(2, 2, 4, 1\); expected as many axes"):
        ops.separable_conv(x, depthwise[np.newaxis].repeat(2, 0), pointwise)
    with pytest.raises(ValueError, match=r"^pointwise_kernel has shape \(4, 3\); expected as many axes"):
        ops.separable_conv(x, depthwise, pointwise[0])


def test_kernels_of_convolutions_may_be_computed(rng):
    x = rng.standard_normal((3, 5, 6, 2)).astype(np.float32)
    layer = Filtered()
    inputs = layers.Input((5, 6, 2))
    model = striate.Model(inputs, layer(inputs))
    kernel, row = layer.get_weights()
    y = ops.depthwise_conv(ops.conv(x, kernel + kernel**2, padding="same"), np.full((2, 2, 4, 1), 0.25), padding="same")
    expected = ops.conv(y.reshape(3, 30, 4), row)
    for _ in range(2):  # The second prediction uses packed kernels.
        np.testing.assert_allclose(model.predict(x), expected, rtol=1e-4, atol=1e-5)
    model.compile("sgd", "mean_squared_error")
    before = model.evaluate(x, expected + 1)
    model.fit(x, expected + 1, epochs=3, verbose=0)
    assert model.evaluate(x, expected + 1) < before


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_log_softmax_along_any_axis_is_accurate_for_unlikely_classes(dtype, axis):
    x = np.array([[0.0, -200.0, 3.0], [-3000.0, 1.0, -1e4]], dtype)
    expected = x - np.log(np.exp(x - x.max(axis, keepdims=True)).sum(axis, keepdims=True)) - x.max(axis, keepdims=True)
    np.testing.assert_allclose(ops.log_softmax(x, axis), expected, rtol=1e-6, atol=1e-7)
    classes = np.zeros(x.shape[1 - axis % 2], int)
    value = ops.sparse_categorical_crossentropy(classes, x, from_logits=True, axis=axis)
    np.testing.assert_allclose(value, -np.take(expected, 0, axis), rtol=1e-6, atol=1e-7)
