"""Convolutions of random shapes: NaN, infinity, zeros and large numbers stay where they belong, by each algorithm."""

from dataclasses import dataclass

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import striate
from striate import functional as F
from striate.algorithms import ALGORITHMS
from striate.geometry import conv2d_geometry
from striate.layers.resizing import INTERPOLATIONS
from tests.helpers.layer_gradients import gradients
from tests.helpers.receptive_fields import SPECIAL, changed, seen_by, tiles_around

CHANNELS = (1, 2, 3, 5, 8, 16, 17, 33)


@dataclass
class Convolution:
    """One, with random arrays."""

    algorithm: str
    arguments: dict
    geometry: object
    x: np.ndarray
    kernel: np.ndarray
    dy: np.ndarray
    rng: np.random.Generator

    def forward(self, x, **other):
        return F.conv2d(x, self.kernel, **{"algorithm": self.algorithm, **self.arguments, **other})

    def backward_input(self, dy, **other):
        shape = self.geometry.x_shape
        return F.conv2d_backward_input(dy, self.kernel, shape, **{"algorithm": self.algorithm, **self.arguments, **other})

    def backward_kernel(self, dy, x):
        shape = self.geometry.kernel_shape
        return F.conv2d_backward_kernel(dy, x, shape, algorithm=self.algorithm, **self.arguments)

    def seen(self, function, source, place, *, transposed):
        """Which outputs of `forward`, or pixels of `backward_input`, may see a place: with large tiles, those around it."""
        if self.algorithm not in ("winograd_f4", "winograd_f5"):
            return seen_by(function, source, place)
        taps, (strides, _), size = self.geometry.kernel_shape[0], self.geometry.strides, int(self.algorithm[-1])
        before = [sides[0] for sides in self.geometry.padding]
        if not transposed:
            return tiles_around(place, self.geometry.y_shape, before, taps, size, strides)
        # All phases of the input read the same tiles; a pixel's place in its phase is that of its padded coordinate.
        taps = -(-taps // strides)
        n, height, width, channels = self.geometry.x_shape
        rows, columns = (
            (np.arange(length) + pad) // strides - pad // strides for length, pad in zip((height, width), before, strict=True)
        )
        shape = (n, rows.max() + 1, columns.max() + 1, channels)
        phases = tiles_around(place, shape, [taps - 1 - pad // strides for pad in before], taps, size)
        return phases[:, rows][:, :, columns]


@st.composite
def convolutions(draw, algorithms=tuple(name for name in ALGORITHMS if name not in ("auto", "winograd"))):
    algorithm = draw(st.sampled_from(algorithms))
    groups, channels, filters = draw(st.integers(1, 3)), draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(CHANNELS))
    if algorithm == "depthwise":
        groups, channels = channels, 1
    taps = draw(st.tuples(st.integers(1, 5), st.integers(1, 7)))
    pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
    strides, dilation = draw(pairs), draw(pairs)
    if algorithm.startswith("winograd"):
        names = {"winograd_f2": [(3, 1), (5, 1)], "winograd_f4": [(3, 1), (5, 2), (6, 2)], "winograd_f5": [(4, 2)]}
        size, stride = draw(st.sampled_from(names[algorithm]))
        taps, strides, dilation = (size, size), (stride, stride), (1, 1)
    pads = st.tuples(st.integers(0, 3), st.integers(0, 3))
    padding = draw(st.one_of(st.sampled_from(["valid", "same"]), st.tuples(pads, pads)))
    x_shape = (draw(st.integers(1, 2)), draw(st.integers(1, 17)), draw(st.integers(1, 26)), channels * groups)
    kernel_shape = (*taps, channels, filters * groups)
    arguments = {"strides": strides, "dilation": dilation, "padding": padding, "groups": groups}
    try:
        geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    except ValueError:
        assume(False)  # the kernel is larger than the image
    rng, dtype = np.random.default_rng(draw(st.integers(0, 1 << 30))), draw(st.sampled_from(["float32", "float64"]))
    arrays = (rng.standard_normal(shape).astype(dtype) for shape in (x_shape, kernel_shape, geometry.y_shape))
    return Convolution(algorithm, arguments, geometry, *arrays, rng)


def random_place(rng, shape):
    return tuple(int(i) for i in rng.integers(0, shape))


@settings(deadline=None)
@given(convolutions(), st.sampled_from(SPECIAL), st.integers(1, 3))
def test_what_is_not_finite_stays_with_those_that_see_it(case, special, threads):
    with striate.num_threads(threads):
        for transposed, function, source in ((False, case.forward, case.x), (True, case.backward_input, case.dy)):
            place = random_place(case.rng, source.shape)
            seen = case.seen(function, source, place, transposed=transposed)
            y = function(changed(source, place, special))
            np.testing.assert_array_equal(y[~seen], function(source)[~seen], err_msg=f"{special} at {place}, {transposed=}")
        place = random_place(case.rng, case.x.shape)
        if case.algorithm.startswith("winograd"):
            others = np.arange(case.kernel.shape[2]) != place[3] % case.kernel.shape[2]
        else:
            others = ~seen_by(lambda x: case.backward_kernel(case.dy, x), case.x, place).any(axis=(0, 1, 3))
        y = case.backward_kernel(case.dy, changed(case.x, place, special))
        np.testing.assert_array_equal(y[:, :, others], case.backward_kernel(case.dy, case.x)[:, :, others])


@settings(deadline=None)
@given(convolutions(), st.integers(1, 3))
def test_windows_of_zeros_give_zeros(case, threads):
    with striate.num_threads(threads):
        for function, source in ((case.forward, case.x), (case.backward_input, case.dy)):
            n, height, width, _ = source.shape
            blank = source * (case.rng.random((n, height, width, 1)) < case.rng.choice([0.1, 0.5, 0.9]))
            top, left = case.rng.integers(0, (height, width))
            blank[:, top:, left:] = 0
            zero = function(blank, algorithm="im2col") == 0
            np.testing.assert_array_equal(function(blank)[zero], 0)


@settings(deadline=None)
@given(convolutions(("winograd_f2", "winograd_f4")), st.floats(0, 20))
def test_errors_are_in_proportion_to_the_largest_values(case, exponent):
    place = random_place(case.rng, case.x.shape)
    x = changed(case.x, place, 10.0**exponent)
    wide = {"algorithm": "im2col", **case.arguments}
    want = F.conv2d(*(a.astype(np.float64) for a in (x, case.kernel)), **wide)
    scale = F.conv2d(*(abs(a).astype(np.float64) for a in (x, case.kernel)), **wide).max()
    # the largest value may lie in the padding's reach of no output, but in that of a tile
    scale = max(scale, float(abs(x).max()) * float(abs(case.kernel).max()))
    assert abs(case.forward(x) - want).max() <= 16 * np.finfo(x.dtype).eps * scale


@settings(deadline=None)
@given(
    st.tuples(*[st.integers(1, 12)] * 4),
    st.sampled_from([1, 2, 3, 17]),
    st.sampled_from(INTERPOLATIONS),
    st.booleans(),
    st.sampled_from(SPECIAL),
    st.integers(0, 1 << 30),
)
def test_resampling_keeps_what_is_not_finite_with_those_that_see_it(sizes, channels, interpolation, antialias, special, seed):
    rng = np.random.default_rng(seed)
    height, width, rows, columns = sizes
    x = rng.standard_normal((1, rows, columns, channels))
    layer = striate.layers.Resizing(height, width, interpolation, antialias=antialias, dtype="float64")
    dy = rng.standard_normal((1, height, width, channels))
    for array, of in ((x, lambda x: gradients(layer, x, dy)[0]), (dy, lambda dy: gradients(layer, x, dy)[1])):
        before, place = of(array), random_place(rng, array.shape)
        after, seen = of(changed(array, place, special)), seen_by(of, array, place)
        np.testing.assert_array_equal(after[~seen], before[~seen])
        assert not np.isfinite(after[seen]).any()
