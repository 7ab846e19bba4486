"""Variables outside of models: dtypes, conversions to Python's numbers, and complex elements."""

import numpy as np
import pytest

from striate import Variable, layers, ops


@pytest.mark.parametrize(("value", "dtype"), [([1, 2], "int32"), ([1.0], "float32"), (np.ones(2), "float64"), (True, "bool")])
def test_numbers_of_python_take_32_bits(value, dtype):
    assert Variable(value).dtype == dtype


def test_one_element_becomes_a_number():
    variable = Variable([-1.75])
    assert (int(variable), float(variable), bool(variable)) == (-1, -1.75, True)
    for convert in (int, float, bool):
        with pytest.raises(TypeError, match="expected a variable with one element"):
            convert(Variable([1.0, 2.0]))


def test_unary_operators_return_arrays():
    variable = Variable([-1.26, 2.0])
    np.testing.assert_array_equal(round(variable), np.float32([-1, 2]))
    np.testing.assert_array_equal(round(variable, 1), np.round(np.float32([-1.26, 2.0]), 1))
    positive = +variable
    variable.assign([0.0, 0.0])
    np.testing.assert_array_equal(positive, np.float32([-1.26, 2.0]))


@pytest.mark.parametrize("other", ["complex64", "complex128", "float64", "float32", "int32", "bool"])
def test_complex_variables_compute_as_numpy(other):
    a, b = np.array([1 + 2j, -1j], "complex64"), np.array([2, 1]).astype(other)
    x, y = Variable(a.copy()), Variable(b.copy())
    wide = other in ("complex128", "float64")
    for result, expected in ((x + y, a + b), (x * y, a * b), (x - y, a - b), (x / y, a / b), (x @ y, a @ b), (x**y, a**b)):
        assert result.dtype == ("complex128" if wide else "complex64")
        np.testing.assert_allclose(result, expected, rtol=1e-6)
    np.testing.assert_array_equal(x == y, a == b)
    np.testing.assert_array_equal(x & y, np.logical_and(a, b))
    np.testing.assert_array_equal(x.assign_add(y).numpy(), (a + b).astype("complex64"))


def test_models_take_no_complex_numbers():
    class Turning(layers.Layer):
        def __init__(self, turn):
            super().__init__()
            self.turn = turn

        def call(self, x):
            return x * self.turn

    for turn, match in ((Variable(np.array([1j])), "complex elements"), (np.array([1j]), "expected real numbers")):
        with pytest.raises(TypeError, match=match):
            Turning(turn)(np.ones((1, 1), "float32"))
    with pytest.raises(TypeError, match="expected real numbers"):
        Variable(1.0).assign(1j)
    with pytest.raises(TypeError, match="expected real numbers"):
        ops.floor(np.array([1j]))
