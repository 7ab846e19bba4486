"""Winograd's convolution of bfloat16 numbers, which computes the same as that of the float32 numbers that they are."""

import numpy as np
import pytest

from striate.geometry import conv2d_geometry
from striate.kernels import bindings

from .low_precision import sums
from .test_bfloat16 import rounded, stored, widened

#: Algorithm, images, kernel and geometry: tiles within the image and beyond it, parts of vectors, groups, strides, no image
CONVOLUTIONS = {
    "F(4×4, 3×3)": ("winograd_f4", (2, 13, 18, 48), (3, 3, 48, 64), {"padding": "same"}),
    "F(4×4, 3×3) without padding": ("winograd_f4", (1, 14, 10, 16), (3, 3, 16, 33), {}),
    "F(4×4, 3×3) of few channels": ("winograd_f4", (1, 9, 7, 3), (3, 3, 3, 5), {"padding": 1}),
    "F(2×2, 3×3)": ("winograd_f2", (2, 7, 9, 21), (3, 3, 21, 40), {"padding": "same"}),
    "F(2×2, 5×5)": ("winograd_f2", (1, 11, 12, 20), (5, 5, 20, 24), {"padding": "same"}),
    "5×5 with stride": ("winograd_f4", (2, 15, 17, 19), (5, 5, 19, 18), {"strides": 2, "padding": "same"}),
    "4×4 with stride": ("winograd_f5", (1, 16, 13, 16), (4, 4, 16, 35), {"strides": 2, "padding": 1}),
    "grouped": ("winograd_f4", (1, 12, 12, 36), (3, 3, 18, 40), {"groups": 2, "padding": "same"}),
    "one pixel": ("winograd_f4", (1, 1, 1, 17), (3, 3, 17, 16), {"padding": 1}),
    "padding beyond image": ("winograd_f4", (1, 2, 3, 16), (3, 3, 16, 8), {"padding": 4}),
    "many images": ("winograd_f4", (40, 8, 8, 16), (3, 3, 16, 32), {"padding": "same"}),
    "no image": ("winograd_f4", (0, 8, 8, 16), (3, 3, 16, 32), {"padding": "same"}),
}


class Case:
    """A convolution of random numbers, the same in bfloat16 and in float32."""

    def __init__(self, algorithm, x_shape, kernel_shape, geometry):
        self.rng = np.random.default_rng(0)
        self.x, self.kernel = stored(self.rng, x_shape), widened(stored(self.rng, kernel_shape))
        self.bias = self.rng.standard_normal(kernel_shape[3], np.float32)
        self.geometry = conv2d_geometry(x_shape, kernel_shape, **geometry)
        self.algorithm = algorithm
        how = {"algorithm": algorithm, "groups": self.geometry.groups}
        size = bindings.conv2d_packed_size(dtype="float32", kernel_shape=kernel_shape, **how)
        self.packed = np.empty(size, np.float32)
        bindings.conv2d_pack(self.kernel, self.packed, threads=1, **how)

    def settings(self, threads, activation):
        g = self.geometry
        where = {"algorithm": self.algorithm, "geometry": g.call, "groups": g.groups}
        return {**where, "bias": self.bias, "activation": activation, "threads": threads}

    def run(self, dtype, threads=1, residual=None, activation="linear", y=None):
        y = np.full(self.geometry.y_shape, 99, dtype) if y is None else y
        how = {"kernel_shape": self.kernel.shape, "residual": residual, **self.settings(threads, activation)}
        bindings.bfloat16_conv2d(self.x, self.packed, y, **how)
        return y

    def real(self, threads=1, residual=None, activation="linear"):
        y = np.full(self.geometry.y_shape, np.nan, np.float32)
        residual = None if residual is None else widened(residual)
        how = {"packed": self.packed, "residual": residual, **self.settings(threads, activation)}
        bindings.conv2d_forward(widened(self.x), self.kernel.shape, y, **how)
        return y


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_outputs_are_those_of_float32_rounded_once(name, instruction_set):
    case = Case(*CONVOLUTIONS[name])
    for threads in (1, 2, 3):
        real = case.real(threads)
        np.testing.assert_array_equal(case.run(np.float32, threads), real)
        np.testing.assert_array_equal(case.run(np.uint16, threads), rounded(real))
    x, kernel = widened(case.x).astype(np.float64), case.kernel.astype(np.float64)
    expected = sums(x, kernel, case.geometry) + case.bias
    assert (abs(real - expected) <= 1e-5 * (1 + abs(expected).max(initial=0))).all()


@pytest.mark.parametrize("activation", ["relu", "relu6", "hard_sigmoid", "hard_silu"])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_residuals_are_added_before_the_activation_and_rounding(name, activation, instruction_set):
    case = Case(*CONVOLUTIONS[name])
    residual = stored(case.rng, case.geometry.y_shape)
    expected = rounded(case.real(1, residual, activation))
    for threads in (1, 2):
        np.testing.assert_array_equal(case.run(np.uint16, threads, residual, activation), expected)
    # An output may be written over its residual.
    np.testing.assert_array_equal(case.run(np.uint16, 2, residual, activation, residual), expected)


def test_blank_parts_of_images_stay_blank(instruction_set):
    case = Case("winograd_f4", (1, 12, 12, 24), (3, 3, 24, 16), {"padding": "same"})
    case.bias[:] = 0
    case.x[:, :7] = 0
    case.x[:, :7, ::2] = 0x8000  # -0
    y = widened(case.run(np.uint16))
    assert (y[:, :6] == 0).all()
    assert (y[:, 6:] != 0).all()


def test_nan_and_infinity_survive(instruction_set):
    case = Case("winograd_f4", (2, 8, 8, 16), (3, 3, 16, 16), {"padding": "same"})
    case.x[0, 2, 3, 5], case.x[1, 5, 5, 0] = 0x7FC0, 0x7F80
    y = widened(case.run(np.uint16))
    assert np.isnan(y[0, 1:4, 2:5]).all()
    assert not np.isfinite(y[1, 4:7, 4:7]).any()


def test_what_does_not_fit_is_refused():
    case = Case("winograd_f4", (1, 8, 8, 16), (3, 3, 16, 16), {"padding": "same"})
    residual = stored(case.rng, case.geometry.y_shape)
    with pytest.raises(ValueError, match="do not fit together"):  # A float32 output has no residual.
        case.run(np.float32, residual=residual)
    with pytest.raises(ValueError, match="do not fit together"):
        case.run(np.uint16, residual=residual[:, :4])
    with pytest.raises(ValueError, match="overlaps"):
        case.run(np.uint16, y=case.x)
    for wrong in (case.packed[:-1], case.packed.astype(np.float64)):
        case.packed = wrong
        with pytest.raises(ValueError, match="do not fit together"):
            case.run(np.uint16)
    case.packed = None
    with pytest.raises(ValueError, match="do not fit together"):
        case.run(np.uint16)
    case.algorithm = "direct"
    with pytest.raises(ValueError, match="do not fit together"):
        case.run(np.uint16)
    case.x = widened(case.x)
    with pytest.raises(TypeError, match="format"):
        case.run(np.uint16)
