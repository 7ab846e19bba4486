"""Operators of symbolic tensors and weights: results, and comparison by identity in sets and dicts."""

import numpy as np
import pytest

import striate
from striate import layers, ops


class Operating(layers.Layer):
    """Applies the operators that compare or work on bits, and some of their reflected forms."""

    def call(self, x):
        whole = ops.cast(x, "int32")
        chosen = ((x == 1) | (x != 2)) & ~(x < 0) ^ (whole % 2 == 1)
        return [
            chosen,
            whole // 2 % 3,
            whole & 3 | 4 ^ whole,
            ~whole,
            ops.cast(x, "uint8"),
            ops.cast(x, "bool"),
            np.float32(1) == x,
            7 // x,
            7 % x,
        ]


def expected_results(x):
    whole = x.astype("int32")
    chosen = ((x == 1) | (x != 2)) & ~(x < 0) ^ (whole % 2 == 1)
    return [chosen, whole // 2 % 3, whole & 3 | 4 ^ whole, ~whole, x.astype("uint8"), x.astype("bool"), x == 1, 7 // x, 7 % x]


def test_operators_give_the_results_of_numpy(tmp_path):
    x = np.float32([[1.7, 1.0, 2.0], [3.0, 1.2, 0.5]])
    inputs = layers.Input((3,))
    direct = striate.Model(inputs, Operating().call(inputs))
    direct.save(tmp_path / "model.striate")
    for results in (
        Operating()(x),
        striate.Model(inputs, Operating()(inputs)).predict(x),
        direct.predict(x),
        striate.Model.load(tmp_path / "model.striate").predict(x),
    ):
        for y, expected in zip(results, expected_results(x), strict=True):
            np.testing.assert_array_equal(y, expected, strict=True)


def test_tensors_and_weights_have_the_identity_of_objects():
    a, b = layers.Input((3,)), layers.Input((3,))
    assert {a: 1, b: 2}[b] == 2
    assert len({a, b, a}) == 2
    assert a in [a]
    assert (a == None) is False  # noqa: E711
    assert (a != "a") is True
    weight = layers.Dense(2)
    weight.build((None, 2))
    kernel = weight.kernel
    assert {kernel: 1}[kernel] == 1
    np.testing.assert_array_equal(kernel == kernel.value, np.ones((2, 2), bool))
    np.testing.assert_array_equal(kernel.value != kernel, np.zeros((2, 2), bool))


class BehindArrays(layers.Layer):
    """Operators of NumPy's arrays and numbers, whose second operand is symbolic, or a weight."""

    def build(self, input_shape):
        self.w = self.add_weight(shape=(3,), initializer="ones")

    def call(self, x):
        ones = np.ones((2, 3), "float32")
        given = ones
        given += x  # There is no array of the result yet, so that a new tensor stands for it.
        assert given is not ones
        np.testing.assert_array_equal(ones, 1)
        return given * (np.float32(2) * self.w) + ones * self.w - ones % x


def test_operators_of_arrays_apply_to_symbolic_tensors_and_weights():
    x = np.float32([[1.5, 0.7, 2.0], [3.0, 1.2, 0.5]])
    np.testing.assert_allclose(BehindArrays()(x), (1 + x) * 2 + 1 - 1 % x, rtol=1e-6)
    with pytest.raises(TypeError, match=r"numpy.exp got .*; expected arrays, or a function of striate.ops"):
        np.exp(layers.Input((3,)))
    with pytest.raises(TypeError, match=r"numpy.add got .*; expected arrays, or a function of striate.ops"):
        np.add(x, layers.Input((3,)), out=np.empty_like(x))
