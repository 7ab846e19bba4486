"""Operators of symbolic tensors and weights: results, and comparison by identity in sets and dicts."""

import numpy as np

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
