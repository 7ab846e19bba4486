"""Segments, Fourier transforms, distances and error functions: values, and gradients against finite differences."""

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.function_checks import check_function

IDS = np.array([2, 0, -1, 0, 2, 5])


def by_segment(reduce, empty):
    """Return the reference of a function of the rows of four segments."""

    def reference(x):
        rows = [x[i == IDS] for i in range(4)]
        return np.stack([reduce(each, 0) if len(each) else np.full(x.shape[1:], empty) for each in rows])

    return reference


def finite(x):
    return ops.where(ops.isfinite(x), x, 0.0)


@pytest.mark.parametrize(
    ("name", "reduce", "empty"),
    [("sum", np.sum, 0), ("prod", np.prod, 1), ("max", np.max, 0), ("min", np.min, 0)],
)
def test_segments(rng, name, reduce, empty):
    function = getattr(ops, f"segment_{name}")
    for x in (rng.standard_normal((6, 3)), rng.standard_normal((6, 1))):
        check_function(lambda x: finite(function(x, IDS, 4)), by_segment(reduce, empty), x, rng=rng, twice=x.shape[1] == 1)
    integers = np.arange(6, dtype=np.int32)
    y = function(integers, np.array([0, 0, 1, 1, 3, 3]))
    assert y.dtype == np.int32
    limits = np.iinfo(np.int32)
    assert y.tolist()[:2] == [reduce(each) for each in ([0, 1], [2, 3])]
    assert y[2] == {"sum": 0, "prod": 1, "max": limits.min, "min": limits.max}[name]


def test_products_of_segments_with_zeros_have_a_gradient(rng):
    x = np.array([2.0, 0.0, 3.0, 0.0, 0.0, 5.0])
    gradient = striate.gradients(lambda x: ops.sum(ops.segment_prod(x, [0, 0, 0, 1, 1, 2], 3)), x)
    np.testing.assert_array_equal(gradient, [0, 6, 0, 0, 0, 1])


def test_segments_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"segment_ids has shape \(2, 3\) for data of shape \(2, 3\)"):
        ops.segment_sum(np.ones((2, 3)), np.ones((2, 3), int))
    with pytest.raises(ValueError, match=r"segment_ids has shape \(4,\) for data of shape \(2, 3\)"):
        ops.segment_max(np.ones((2, 3)), np.ones(4, int))
    with pytest.raises(ValueError, match="num_segments=None leaves the shape of a symbolic result unknown"):
        ops.segment_sum(np.ones(3), ops.cast(layers.Input((1,)), "int32")[:, 0])


def complex_of(function):
    """Return a function of complex arrays as one of pairs of arrays."""

    def compute(*parts):
        z = function(parts[0] + 1j * parts[1])
        return z.real, z.imag

    return compute


@pytest.mark.parametrize("name", ["fft", "fft2", "ifft2"])
def test_transforms_of_complex_numbers(rng, name):
    parts = rng.standard_normal((2, 2, 3, 4))
    check_function(lambda *x: getattr(ops, name)(x), complex_of(getattr(np.fft, name)), *parts, rng=rng, twice=True)


@pytest.mark.parametrize("length", [None, 4, 7, 8, 5])
def test_transforms_of_real_numbers(rng, length):
    def reference(x):
        y = np.fft.rfft(x, length)
        return y.real, y.imag

    x = rng.standard_normal((2, 5))
    check_function(lambda x: ops.rfft(x, length), reference, x, rng=rng, twice=True)
    parts = rng.standard_normal((2, 2, 4))
    check_function(lambda *x: ops.irfft(x, length), lambda a, b: np.fft.irfft(a + 1j * b, length), *parts, rng=rng, twice=True)


def framed(x, length, stride):
    return np.stack([x[..., i : i + length] for i in range(0, x.shape[-1] - length + 1, stride)], -2)


@pytest.mark.parametrize(("length", "stride"), [(3, 2), (4, 1), (2, 3), (7, 1), (9, 1)])
def test_sequences(rng, length, stride):
    x = rng.standard_normal((2, 7))
    if length == 9:
        assert ops.extract_sequences(x, length, stride).shape == (2, 0, 9)
        return
    check_function(lambda x: ops.extract_sequences(x, length, stride), lambda x: framed(x, length, stride), x, rng=rng)


WINDOWS = [
    {"sequence_length": 6, "sequence_stride": 2, "fft_length": 6},
    {"sequence_length": 5, "sequence_stride": 2, "fft_length": 8, "window": "hamming"},
    {"sequence_length": 6, "sequence_stride": 3, "fft_length": 7, "window": None, "center": False},
    {"sequence_length": 4, "sequence_stride": 1, "fft_length": 4, "window": [0.5, 1.0, 1.5, 2.0]},
]  # fmt: skip


@pytest.mark.parametrize("settings", WINDOWS)
def test_transforms_in_windows(rng, settings):
    def reference(x):
        length, size = settings["sequence_length"], settings["fft_length"]
        window = settings.get("window", "hann")
        angles = 2 * np.pi * np.arange(length) / length
        names = {"hann": 0.5 - 0.5 * np.cos(angles), "hamming": 0.54 - 0.46 * np.cos(angles), None: np.ones(size)}
        window = np.asarray(window) if isinstance(window, list) else names[window]
        window = np.pad(window, ((size - len(window)) // 2, size - len(window) - (size - len(window)) // 2))
        if settings.get("center", True):
            x = np.pad(x, ((0, 0), (size // 2, size // 2)), "reflect")
        y = np.fft.rfft(framed(x, size, settings["sequence_stride"]) * window)
        return y.real, y.imag

    x = rng.standard_normal((2, 12))
    check_function(lambda x: ops.stft(x, **settings), reference, x, rng=rng, rtol=1e-9)
    if settings.get("window", "hann") is not None:
        y = ops.istft(ops.stft(x, **settings), **settings, length=12)
        covered = len(framed(x, settings["fft_length"], settings["sequence_stride"])[0]) * settings["sequence_stride"]
        np.testing.assert_allclose(y[:, :covered], x[:, :covered], atol=1e-12)

        def back(x):
            return ops.istft(ops.stft(ops.square(x), **settings), **settings, length=covered)

        check_function(back, lambda x: (x * x)[:, :covered], x, rng=rng, rtol=1e-9)


def test_signals_of_any_length(rng):
    inputs = layers.Input((None,), dtype="float64")
    spectrum = ops.stft(inputs, 6, 2, 8)
    assert spectrum[0].shape == (None, None, 5)
    model = striate.Model(inputs, [*spectrum, ops.irfft(ops.rfft(inputs))])
    for length in (12, 16):
        x = rng.standard_normal((2, length))
        real, imaginary, back = model.predict(x, verbose=0)
        np.testing.assert_array_equal([real, imaginary], ops.stft(x, 6, 2, 8))
        np.testing.assert_allclose(back, x, atol=1e-12)


def test_overlapping_sequences_without_a_window_are_added_up():
    x = np.ones((2, 3, 4))
    parts = np.fft.rfft(x)
    y = ops.istft((parts.real, parts.imag), 4, 2, 4, window=None, center=False)
    np.testing.assert_allclose(y, [[1, 1, 2, 2, 2, 2, 1, 1]] * 2)


def test_arguments_of_transforms_are_checked():
    x = np.ones(8)
    with pytest.raises(ValueError, match="fft_length=4 is less than sequence_length=5"):
        ops.stft(x, 5, 2, 4)
    with pytest.raises(ValueError, match="window='box' is unknown"):
        ops.stft(x, 4, 2, 4, window="box")
    with pytest.raises(ValueError, match=r"window has shape \(3,\); expected \(4,\)"):
        ops.stft(x, 4, 2, 4, window=np.ones(3))
    with pytest.raises(TypeError, match=r"x=.* has dtype int64; expected floats"):
        ops.stft(x.astype(int), 4, 2, 4)
    with pytest.raises(ValueError, match="is not a tuple of two tensors"):
        ops.fft(x)
    with pytest.raises(ValueError, match=r"x=.* has parts of shapes \(8,\) and \(4,\)"):
        ops.fft((x, x[:4]))
    with pytest.raises(ValueError, match=r"x=.* has parts of dtypes float64 and int64; expected floats"):
        ops.fft((x, x.astype(int)))
    with pytest.raises(ValueError, match=r"x=.* is one number; expected an array with axes"):
        ops.rfft(3.0)
    with pytest.raises(ValueError, match="expected a known number of sequences, axis -2"):
        ops.istft((layers.Input((None, 5)), layers.Input((None, 5))), 8, 2, 8)


def test_distances(rng):
    x, y = rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 5, 3))
    check_function(ops.cdist, lambda x, y: np.linalg.norm(x[:, :, None] - y[:, None], axis=-1), x, y, rng=rng, twice=True)
    assert not striate.gradients(lambda x: ops.sum(ops.cdist(x, np.ones((1, 2)))), np.ones((3, 2))).any()
    with pytest.raises(ValueError, match=r"x has shape \(2, 4, 3\) and y \(4, 2\)"):
        ops.cdist(x, np.ones((4, 2)))


def test_inverse_and_complement_of_the_error_function(rng):
    x = np.concatenate([rng.uniform(-1, 1, 100), 1 - 10.0 ** -np.arange(1, 17), 10.0 ** -np.arange(1, 300, 9)])
    y = ops.erfinv(x)
    size = abs(x)
    np.testing.assert_allclose(np.where(size < 0.5, ops.erf(y), 0), np.where(size < 0.5, x, 0), rtol=1e-14)
    np.testing.assert_allclose(ops.erfc(abs(y)), 1 - size, rtol=1e-13)
    np.testing.assert_array_equal(ops.erfinv(np.array([-1, 1, 2, np.nan])), [-np.inf, np.inf, np.nan, np.nan])
    assert ops.erfinv(x.astype(np.float32)).dtype == np.float32
    check_function(ops.erfc, lambda x: 1 - ops.erf(x), rng.uniform(-2, 2, (3, 2)), rng=rng, twice=True)
    check_function(lambda x: ops.erf(ops.erfinv(x)), lambda x: x, rng.uniform(-0.9, 0.9, (3, 2)), rng=rng, twice=True)


def test_targets_among_the_largest_predictions():
    predictions = np.array([[0.1, 0.4, 0.6, 0.9, 0.5], [0.1, 0.7, 0.9, 0.8, 0.3], [0.1, 0.6, 0.9, 0.9, 0.5]], np.float32)
    found = ops.in_top_k([2, 4, 3], predictions, 3)
    assert found.tolist() == [True, False, True]
    assert ops.in_top_k(ops.cast(layers.Input((1,)), "int32")[:, 0], layers.Input((5,)), 2).dtype == "bool"


def test_complex_numbers_are_pairs_of_real_ones():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    z = ops.view_as_complex(x)
    assert (z.dtype, z.tolist()) == (np.complex64, [1 + 2j, 3 + 4j])
    np.testing.assert_array_equal(ops.view_as_real(z), x)
    with pytest.raises(ValueError, match="Last dimension of input must be size 2"):
        ops.view_as_complex(np.ones(3))
    for function in (ops.view_as_complex, ops.view_as_real):
        with pytest.raises(TypeError, match="is symbolic, and complex numbers are not"):
            function(layers.Input((2,)))


def test_incomplete_gamma_functions(rng):
    x = rng.uniform(0.1, 30, (4, 3))
    for n in (1, 2, 5, 20):  # For whole shapes, it is a sum of Poisson probabilities.
        terms = np.cumprod([np.ones_like(x), *[x / k for k in range(1, n)]], 0)
        expected = 1 - np.exp(-x) * terms.sum(0)
        check_function(
            lambda x, n=n: ops.gammainc(float(n), x), lambda x, expected=expected: expected, x, rng=rng, gradient=False
        )
    for index in np.ndindex(x.shape):
        difference = (ops.gammainc(2.5, x[index] + 1e-6) - ops.gammainc(2.5, x[index] - 1e-6)) / 2e-6
        found = striate.gradients(lambda x: ops.gammainc(2.5, x), np.array([x[index]]))
        np.testing.assert_allclose(found[0], difference, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ops.gammainc(np.full(2, 0.5), np.array([1e-8, 4.0])), ops.erf(np.sqrt([1e-8, 4.0])), rtol=1e-12)
    np.testing.assert_array_equal(ops.gammainc([1.0, 1.0, -1.0, 1.0], [0.0, np.inf, 1.0, -1.0]), [0, 1, np.nan, np.nan])
    assert ops.gammainc(np.float32(1e5), np.float32(1e5)) == pytest.approx(0.5004205, abs=1e-6)
