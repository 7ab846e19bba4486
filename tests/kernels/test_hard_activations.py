"""Hard SiLU and hard sigmoid as convolutions and matrix products store their results: the bits of a pass of their own."""

import numpy as np
import pytest

from striate import functional as F
from striate.geometry import conv2d_geometry
from striate.kernels import bindings
from tests.helpers import reference

from .test_residual_in_place import CASES

each_activation = pytest.mark.parametrize("activation", ["hard_sigmoid", "hard_silu"])


def assert_activated(got, plain, activation):
    """Assert that `got` has the bits of the activation of `plain`, which are near the formula in float64."""
    np.testing.assert_array_equal(got, getattr(F, activation)(plain))
    eps = np.finfo(plain.dtype).eps
    want = getattr(reference, activation)(plain.astype(np.float64))
    np.testing.assert_allclose(got, want, rtol=4 * eps, atol=4 * eps)  # Just above -3, x + 3 cancels.


@each_activation
@pytest.mark.parametrize("with_residual", [False, True])
@pytest.mark.parametrize(("algorithm", "x_shape", "kernel_shape", "arguments"), CASES.values(), ids=CASES)
def test_convolution(rng, dtype, instruction_set, algorithm, x_shape, kernel_shape, arguments, with_residual, activation):
    geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    shapes = x_shape, kernel_shape, kernel_shape[3:], geometry.y_shape
    x, kernel, bias, residual = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    how = {"algorithm": algorithm, "geometry": geometry.call, "groups": geometry.groups, "bias": bias}
    how["residual"] = residual if with_residual else None
    plain = np.full_like(residual, np.nan)
    bindings.conv2d_forward(x, kernel, plain, threads=1, **how)
    for threads in (1, 2):
        y = np.full_like(residual, np.nan)
        bindings.conv2d_forward(x, kernel, y, activation=activation, threads=threads, **how)
        assert_activated(y, plain, activation)


@each_activation
@pytest.mark.parametrize(("algorithm", "x_shape", "kernel_shape", "arguments"), CASES.values(), ids=CASES)
def test_transposed_convolution(rng, dtype, instruction_set, algorithm, x_shape, kernel_shape, arguments, activation):
    geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    shapes = geometry.y_shape, kernel_shape, x_shape[3:]
    dy, kernel, bias = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    how = {"algorithm": algorithm, "geometry": geometry.call, "groups": geometry.groups, "bias": bias}
    plain, y = np.full(x_shape, np.nan, dtype), np.full(x_shape, np.nan, dtype)
    bindings.conv2d_backward_input(dy, kernel, plain, threads=1, **how)
    bindings.conv2d_backward_input(dy, kernel, y, activation=activation, threads=2, **how)
    assert_activated(y, plain, activation)


@each_activation
@pytest.mark.parametrize(("rows", "columns"), [(1, 5), (3, 70), (40, 33)])
def test_matrix_product(rng, dtype, instruction_set, rows, columns, activation):
    a, b = rng.standard_normal((rows, 37)).astype(dtype), rng.standard_normal((37, columns)).astype(dtype)
    bias = rng.standard_normal(columns).astype(dtype)
    plain, y = np.full((rows, columns), np.nan, dtype), np.full((rows, columns), np.nan, dtype)
    bindings.matmul(a, b, plain, bias=bias, threads=1)
    bindings.matmul(a, b, y, bias=bias, activation=activation, threads=2)
    assert_activated(y, plain, activation)


@each_activation
@pytest.mark.parametrize("filters", [16, 40])
@pytest.mark.parametrize("algorithm", ["direct", "im2col", "depthwise"])
def test_nan_and_infinity(dtype, instruction_set, algorithm, filters, activation):
    groups = filters if algorithm == "depthwise" else 1
    x = np.broadcast_to(np.resize([np.nan, np.inf, -np.inf, 1.0], (1, 1, 23, 1)), (1, 1, 23, groups)).astype(dtype)
    y = np.full((1, 1, 23, filters), 99, dtype)
    how = {"algorithm": algorithm, "geometry": (1, 1, 0, 0, 1, 1), "groups": groups, "activation": activation}
    bindings.conv2d_forward(x, np.ones((1, 1, 1, filters), dtype), y, threads=1, **how)
    np.testing.assert_array_equal(y, np.broadcast_to(getattr(F, activation)(x[..., :1]), y.shape))
    assert np.isnan(y[0, 0, 0]).all()
    assert (y[0, 0, 1] == (np.inf if activation == "hard_silu" else 1)).all()
    assert (y[0, 0, 2] == 0).all()


@each_activation
def test_operations_that_cannot_apply_them_refuse(activation):
    x, vector = np.ones((2, 3), np.float32), np.ones(3, np.float32)
    with pytest.raises(ValueError, match="do not fit together"):
        bindings.batch_normalization_forward(x, vector, vector, np.empty_like(x), epsilon=0.1, activation=activation, threads=1)
