"""Spectrograms beside SciPy's and direct sums, windows, and the arguments that are refused."""

import numpy as np
import pytest

from striate import Input, Sequential, initializers, layers
from striate._common import windows

RATE = 8000


def sound(channels=2, length=1000):
    return np.random.default_rng(0).uniform(-1, 1, (3, length, channels))


@pytest.mark.parametrize("name", windows._WINDOWS)
@pytest.mark.parametrize("size", [1, 2, 5, 8, 50])
@pytest.mark.parametrize("periodic", [False, True])
def test_windows_are_scipys(name, size, periodic):
    signal = pytest.importorskip("scipy.signal")
    expected = signal.get_window(name, size, periodic)
    np.testing.assert_allclose(windows.weights_of_window(name, size, periodic), expected, atol=1e-14)


@pytest.mark.parametrize("mode", ["psd", "magnitude", "angle"])
@pytest.mark.parametrize(("scaling", "window", "periodic"), [("density", "hann", False), ("spectrum", "tukey", True)])
def test_spectrograms_are_scipys(mode, scaling, window, periodic):
    signal = pytest.importorskip("scipy.signal")
    x = sound()
    layer = layers.STFTSpectrogram(
        mode, 100, 30, 128, window, periodic, scaling, expand_dims=True, data_format="channels_first", dtype="float64"
    )
    weights = signal.get_window(window, 100, periodic)
    kind = {"scaling": scaling, "mode": mode, "window": weights}
    _, _, expected = signal.spectrogram(x.swapaxes(1, 2), nperseg=100, noverlap=70, nfft=128, detrend=False, **kind)
    found = layer(x.swapaxes(1, 2)).swapaxes(2, 3)
    if mode == "angle":  # The imaginary part of the first and last frequency is 0, so that the sign of π is that of noise.
        found, expected = np.exp(1j * found), np.exp(1j * expected)
    elif mode == "magnitude":  # Keras' floor under powers is 1e-7.
        expected = np.sqrt(np.maximum(expected**2, 1e-7))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_kernels_are_fourier_transforms_of_windowed_parts():
    x = sound(1)[0, :40, 0]
    kernels = [initializers.STFT(side, np.arange(40.0), "spectrum")((40, 1, 33), "float64") for side in ("real", "imag")]
    real, imaginary = (x @ kernel[:, 0] for kernel in kernels)
    expected = np.fft.rfft(x * np.arange(40.0) / np.arange(40).sum(), 64)
    np.testing.assert_allclose(real + 1j * imaginary, expected, atol=1e-14)


def test_channels_are_transformed_separately():
    x = sound(3).astype("float32")
    together = layers.STFTSpectrogram("log", 64)(x)
    single = [layers.STFTSpectrogram("log", 64)(x[..., i : i + 1]) for i in range(3)]
    np.testing.assert_array_equal(together, np.concatenate(single, -1))


def mel_bands(count, frequencies, rate, low, high):
    """Return the triangles of the mel scale, one element at a time."""

    def mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    weights = np.zeros((frequencies, count))
    step = (mel(high) - mel(low)) / (count + 1)
    for i in range(1, frequencies):
        place = mel(i * rate / 2 / (frequencies - 1))
        for band in range(count):
            weights[i, band] = max(1 - abs(place - mel(low) - (band + 1) * step) / step, 0)
    return weights


def test_bands_are_triangles_on_the_mel_scale():
    found = layers.MelSpectrogram.linear_to_mel_weight_matrix(12, 65, RATE, 100.0, 3000.0, "float64")
    np.testing.assert_allclose(found, mel_bands(12, 65, RATE, 100.0, 3000.0), atol=1e-4)  # 2595 is 1127 ln 10, rounded.


@pytest.mark.parametrize("decibels", [False, True])
def test_mel_spectrograms_are_sums_of_powers_in_bands(decibels):
    x = sound(1, 1000)[0, :, 0]
    settings = {"sampling_rate": RATE, "num_mel_bins": 12, "power_to_db": decibels, "top_db": 20.0, "ref_power": 2.0}
    found = layers.MelSpectrogram(128, 64, 100, dtype="float64", **settings)(x)
    padded = np.pad(x, 64, "reflect")
    window = np.pad(np.hanning(101)[:-1], 14)
    powers = [np.abs(np.fft.rfft(padded[i : i + 128] * window)) ** 2 for i in range(0, len(padded) - 127, 64)]
    expected = (np.stack(powers) @ layers.MelSpectrogram.linear_to_mel_weight_matrix(12, 65, RATE, 20.0, 4000.0, "float64")).T
    if decibels:
        expected = 10 * np.log10(expected / 2)
        expected = np.maximum(expected, expected.max() - 20)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_one_signal_is_computed_as_in_a_batch():
    x = sound(1)[..., 0].astype("float32")
    layer = layers.MelSpectrogram(128, 64, power_to_db=False)
    np.testing.assert_allclose(layer(x[1]), layer(x)[1], rtol=1e-6)
    assert layer.compute_output_shape((1000,)) == layer(x[1]).shape


@pytest.mark.parametrize("trainable", [True, False])
def test_kernels_are_weights_that_may_be_trained(trainable):
    spectrogram = layers.STFTSpectrogram("magnitude", 32, trainable=trainable)
    model = Sequential([Input((100, 1)), spectrogram, layers.Flatten(), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    before = [weight.numpy().copy() for weight in spectrogram.weights]
    assert len(before) == 2
    model.fit(sound(1, 100), np.arange(3.0), epochs=1, verbose=0)
    assert [bool((weight.numpy() != old).any()) for weight, old in zip(spectrogram.weights, before, strict=True)] == (
        [trainable] * 2
    )


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.STFTSpectrogram("power"), ValueError, "mode='power' is unknown"),
        (lambda: layers.STFTSpectrogram(frame_length=64, frame_step=65), ValueError, "frame_step=65 is too large"),
        (lambda: layers.STFTSpectrogram(frame_length=64, fft_length=32), ValueError, "fft_length=32 is too small"),
        (lambda: layers.STFTSpectrogram(window="box"), ValueError, "window='box' is unknown"),
        (lambda: layers.STFTSpectrogram(scaling="l2"), ValueError, "scaling='l2' is unknown"),
        (lambda: layers.STFTSpectrogram(window=np.ones(3))(sound()), ValueError, r"window has shape \(3,\); expected \(256,\)"),
        (lambda: layers.STFTSpectrogram()(np.zeros((1, 300, 1), int)), TypeError, "x of dtype int64; expected floats"),
        (lambda: layers.STFTSpectrogram()(Input((300, 1), dtype="int16")), TypeError, "x of dtype int16; expected floats"),
        (lambda: layers.STFTSpectrogram()(sound()[..., 0]), ValueError, r"expected 3: \(batch, length, channels\)"),
        (lambda: initializers.STFT("phase"), ValueError, "side='phase' is unknown"),
        (lambda: initializers.STFT()((3, 3)), ValueError, r"expected \(length, 1, frequencies\)"),
        (
            lambda: layers.MelSpectrogram(256, sequence_length=512),
            ValueError,
            "fft_length=256 is less than sequence_length=512",
        ),
        (lambda: layers.MelSpectrogram(window="tukey"), ValueError, "window='tukey' is unknown"),
        (lambda: layers.MelSpectrogram(min_freq=9000.0), ValueError, "max_freq=8000.0 is not above min_freq=9000.0"),
        (lambda: layers.MelSpectrogram(256)(np.zeros((2, 128))), ValueError, "signals of 128 elements, fft_length=256"),
        (lambda: layers.MelSpectrogram(256)(np.zeros(128)), ValueError, "signals of 128 elements, fft_length=256"),
        (lambda: layers.MelSpectrogram()(sound()), ValueError, r"expected \(batch, length\) or \(length,\)"),
    ],
)
def test_arguments_that_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_lengths_that_are_no_powers_of_two_warn():
    with pytest.warns(UserWarning, match="fft_length=300 is not a power of two"):
        layers.STFTSpectrogram(fft_length=300)
