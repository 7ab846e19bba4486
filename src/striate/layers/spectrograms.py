"""Spectrograms of signals, such as sounds: images of time and frequency."""

import warnings
from functools import partial

import numpy as np

from .._common.checks import boolean, choice, integer, number, real_array, shown
from .._common.structures import leaves
from ..config import epsilon
from ..engine import operations
from ..engine.operators import apply
from ..engine.spectra import padded_window, transformed_sequences
from ..geometry import conv2d_shape
from ..initializers import STFT
from .base import Layer
from .data_formats import data_format_of, shape_with_channels_last
from .shape_checks import check_rank

_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


class STFTSpectrogram(Layer):
    """Spectrogram of signals by a short-time Fourier transform, computed by convolutions whose kernels can be trained.

    Parameters
    ----------
    mode : {"log", "magnitude", "psd", "real", "imag", "angle", "stft"}
        What is computed of the transforms: the logarithm of magnitudes, the magnitudes, the power spectral density, where
        all frequencies but the first and last count twice, the real or imaginary part, the angle, or both parts.
    frame_length : int
        Length of the parts of the signal that are transformed.
    frame_step : int, optional
        Distance between the beginnings of neighbouring parts, at most their length; half the length if None.
    fft_length : int, optional
        Length of the transforms, at least that of the parts; the next power of two if None.
    window : str or array_like, optional
        Weights of each part's elements, or the name of a window; see `striate.initializers.STFT`.
    periodic : bool
        Whether a window given by its name is one period of a periodic function, instead of symmetric.
    scaling : {"density", "spectrum"}, optional
        The norm of the window that results are divided by; see `striate.initializers.STFT`.
    padding : {"valid", "same"}
        Zeros around the signal; see `Conv1D`.
    expand_dims : bool
        Whether the output is an image of time and frequency, with the channels of the signal as channels.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels). Output (batch, frames, channels * frequencies), or with `expand_dims` (batch, frames,
    frequencies, channels); there are ``fft_length // 2 + 1`` frequencies, and twice as many for "stft". With channels first,
    these are (batch, channels, length), (batch, channels * frequencies, frames) and (batch, channels, frames, frequencies).
    Weights: real and imaginary kernel, each (frame_length, 1, frequencies). Powers below `striate.config.epsilon` count as that
    in magnitudes and logarithms.

    References
    ----------
    .. [1] Cheuk, K. W. et al., "nnAudio: an on-the-fly GPU audio to spectrogram conversion toolbox using 1D convolutional
       neural networks", IEEE Access 8, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> t = np.arange(4000) / 8000
    >>> x = np.sin(2 * np.pi * 1000 * t)[np.newaxis, :, np.newaxis].astype("float32")  # 1 kHz, at 8000 elements a second
    >>> y = layers.STFTSpectrogram("magnitude", frame_length=256)(x)
    >>> y.shape, int(y[0, 0].argmax() * 8000 / 256)
    ((1, 30, 129), 1000)
    """

    def __init__(
        self,
        mode="log",
        frame_length=256,
        frame_step=None,
        fft_length=None,
        window="hann",
        periodic=False,
        scaling="density",
        padding="valid",
        expand_dims=False,
        data_format=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.mode = choice("mode", mode, _MODES)
        self.frame_length = integer("frame_length", frame_length, 2)
        self.frame_step = None if frame_step is None else integer("frame_step", frame_step, 1, self.frame_length)
        self.fft_length = None if fft_length is None else integer("fft_length", fft_length, self.frame_length)
        if fft_length is not None and fft_length & (fft_length - 1):
            warnings.warn(f"fft_length={fft_length} is not a power of two, as is recommended", stacklevel=2)
        kernel = STFT("real", window, scaling, periodic)
        self.window, self.scaling, self.periodic = kernel.window, kernel.scaling, kernel.periodic
        self.padding = choice("padding", padding, ("valid", "same"))
        self.expand_dims = boolean("expand_dims", expand_dims)
        self.data_format = data_format_of(data_format)
        self.real_kernel = self.imag_kernel = None

    @property
    def _frequencies(self):
        """The number of frequencies."""
        whole = 1 << (self.frame_length - 1).bit_length() if self.fft_length is None else self.fft_length
        return whole // 2 + 1

    @property
    def _geometry(self):
        """The geometry of the convolutions, on images whose rows are the channels of signals."""
        step = self.frame_length // 2 if self.frame_step is None else self.frame_step
        return {"strides": (1, step), "padding": self.padding, "dilation": (1, 1), "groups": 1}

    def build(self, input_shape):
        """Make the kernels."""
        for side, unused in (("real", "imag"), ("imag", "real")):
            if self.mode != unused:
                initializer = STFT(side, self.window, self.scaling, self.periodic)
                shape = (self.frame_length, 1, self._frequencies)
                setattr(self, f"{side}_kernel", self.add_weight(shape, initializer, name=f"{side}_kernel"))

    def compute_output_shape(self, input_shape):
        """Return the shape of the spectrograms."""
        check_rank(self, input_shape, 1, self.data_format)
        batch, length, channels = shape_with_channels_last(input_shape, self.data_format)
        kernel_shape = (1, self.frame_length, 1, self._frequencies)
        _, _, frames, frequencies = conv2d_shape((None, 1, length, 1), kernel_shape, **self._geometry)
        frequencies *= 1 + (self.mode == "stft")
        if self.expand_dims:
            last = self.data_format == "channels_last"
            return (batch, frames, frequencies, channels) if last else (batch, channels, frames, frequencies)
        together = None if channels is None else channels * frequencies
        return (batch, frames, together) if self.data_format == "channels_last" else (batch, together, frames)

    def call(self, x):
        """Compute the spectrograms, of (batch, channels, length, 1)."""
        if self.data_format == "channels_last":
            x = apply("transpose", x, axes=[0, 2, 1])
        convolve = partial(operations.Conv2D, apply("expand_dims", x, axis=-1), geometry=self._geometry)
        real, imaginary = (None if each is None else convolve(each).y for each in (self.real_kernel, self.imag_kernel))
        return self._in_format(self._of_mode(real, imaginary))

    def _of_mode(self, real, imaginary):
        """Return what is computed of the real and imaginary parts, of which one may be None."""
        if imaginary is None or real is None:
            return real if imaginary is None else imaginary
        if self.mode == "stft":
            return apply("concatenate", real, imaginary, axis=-1)
        if self.mode == "angle":
            return apply("arctan2", imaginary, real)
        power = apply("square", real) + apply("square", imaginary)
        if self.mode == "psd":
            counts = np.full(self._frequencies, 2.0, self.dtype)
            counts[[0, -1]] = 1
            return power * counts
        magnitude = apply("sqrt", apply("maximum", power, epsilon()))
        return magnitude if self.mode == "magnitude" else apply("log", magnitude)

    def _in_format(self, y):
        """Return spectrograms (batch, channels, frames, frequencies) in the format of the output."""
        if self.data_format == "channels_last":
            y = apply("transpose", y, axes=[0, 2, 3, 1] if self.expand_dims else [0, 2, 1, 3])
        elif not self.expand_dims:
            y = apply("transpose", y, axes=[0, 1, 3, 2])
        if self.expand_dims:
            return y
        first, second = (2, 3) if self.data_format == "channels_last" else (1, 2)
        together = y.shape[first] * y.shape[second]
        return apply("reshape", y, shape=(*y.shape[:first], together, *y.shape[second + 1 :]))

    def _compute(self, x, training, rng):
        """Return the output for an array."""
        for each in leaves(x):
            self._check_dtype(getattr(each, "dtype", None) or np.asarray(each).dtype)
        return super()._compute(x, training, rng)

    def _check_call(self, x, kind):
        super()._check_call(x, kind)
        for each in leaves(x):
            self._check_dtype(each.dtype)

    def _check_dtype(self, dtype):
        """Raise an error unless elements are floats: integers are mostly samples that were forgotten to be scaled."""
        if np.dtype(dtype).kind in "biu":
            raise TypeError(f"layer {self.name!r} got x of dtype {np.dtype(dtype).name}; expected floats")

    def get_config(self):
        """Return the constructor's arguments."""
        names = (
            "mode", "frame_length", "frame_step", "fft_length", "window", "periodic", "scaling", "padding", "expand_dims",
            "data_format",
        )  # fmt: skip
        return {**{name: getattr(self, name) for name in names}, **super().get_config()}


class MelSpectrogram(Layer):
    """Spectrogram of signals whose frequencies are bands of equal widths on the mel scale, which is that of hearing.

    The powers of a short-time Fourier transform are summed in triangular bands, and given in decibels.

    Parameters
    ----------
    fft_length : int
        Length of the transforms.
    sequence_stride : int
        Distance between the beginnings of neighbouring parts of the signal that are transformed.
    sequence_length : int, optional
        Length of these parts, at most that of the transforms, which it is if None.
    window : {"hann", "hamming"} or array_like, shape (sequence_length,), optional
        Weights of each part's elements; 1 if None.
    sampling_rate : int
        Number of elements of the signal in a second.
    num_mel_bins : int
        Number of bands.
    min_freq, max_freq : float
        Frequencies where the bands begin and end, in hertz; `max_freq` is half the sampling rate if None.
    power_to_db : bool
        Whether the output is in decibels, ``10 * log10(power / ref_power)``.
    top_db : float
        Number of decibels below the highest of the output, of the whole batch, under which none is.
    mag_exp : float
        Exponent of magnitudes: 1 for bands of magnitudes, 2 for bands of powers.
    min_power : float
        What smaller powers, and `ref_power`, count as in decibels.
    ref_power : float
        Power of 0 decibels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length), or one signal (length,); output (batch, num_mel_bins, frames), or (num_mel_bins, frames). Signals are
    padded by reflection at both ends, so that each frame is centred where it belongs.

    The mel scale is that of HTK: ``mel = 1127 * log(1 + hertz / 700)``. Each band is a triangle on this scale of height 1,
    from the center of the band below to that of the band above.

    References
    ----------
    .. [1] Stevens, S. S., Volkmann, J. and Newman, E. B., "A scale for the measurement of the psychological magnitude pitch",
       Journal of the Acoustical Society of America 8(3), 1937.
    .. [2] O'Shaughnessy, D., "Speech communication: human and machine", 1987, p. 150: the formula.
    .. [3] Young, S. et al., "The HTK book", 2006, section 5.4: the bands.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> t = np.arange(8000) / 8000
    >>> x = np.sin(2 * np.pi * 1000 * t)  # 1 kHz
    >>> y = layers.MelSpectrogram(fft_length=512, sequence_stride=256, sampling_rate=8000, num_mel_bins=32)(x)
    >>> y.shape, int(y[:, 10].argmax())
    ((32, 32), 14)
    """

    def __init__(
        self,
        fft_length=2048,
        sequence_stride=512,
        sequence_length=None,
        window="hann",
        sampling_rate=16000,
        num_mel_bins=128,
        min_freq=20.0,
        max_freq=None,
        power_to_db=True,
        top_db=80.0,
        mag_exp=2.0,
        min_power=1e-10,
        ref_power=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.fft_length = integer("fft_length", fft_length, 2)
        self.sequence_stride = integer("sequence_stride", sequence_stride, 1)
        self.sequence_length = self.fft_length if sequence_length is None else integer("sequence_length", sequence_length, 1)
        self.window = window if window is None or isinstance(window, str) else real_array("window", window, float).tolist()
        padded_window(self.window, self.sequence_length, self.fft_length, self.dtype)
        self.sampling_rate = number("sampling_rate", sampling_rate, 0, open_minimum=True)
        self.num_mel_bins = integer("num_mel_bins", num_mel_bins, 1)
        self.min_freq = number("min_freq", min_freq, 0)
        self.max_freq = self.sampling_rate / 2 if max_freq is None else number("max_freq", max_freq)
        if self.max_freq <= self.min_freq:
            raise ValueError(f"max_freq={shown(self.max_freq)} is not above min_freq={shown(min_freq)}; expected a band")
        self.power_to_db = boolean("power_to_db", power_to_db)
        self.top_db = number("top_db", top_db, 0)
        self.mag_exp = number("mag_exp", mag_exp, 0, open_minimum=True)
        self.min_power = number("min_power", min_power, 0, open_minimum=True)
        self.ref_power = number("ref_power", ref_power)

    def compute_output_shape(self, input_shape):
        """Return (batch, num_mel_bins, frames), or (num_mel_bins, frames) for one signal."""
        if len(input_shape) not in (1, 2):
            raise ValueError(f"input_shape={tuple(input_shape)} is not that of signals; expected (batch, length) or (length,)")
        *batch, length = input_shape
        return (*batch, self.num_mel_bins, None if length is None else self._frames(length))

    def _frames(self, length):
        """Return the number of frames of signals of a length, after checking that they can be reflected at their ends."""
        half = self.fft_length // 2
        if length <= half:
            raise ValueError(
                f"layer {self.name!r} got signals of {length} elements, fft_length={self.fft_length}; expected more than half "
                "of that"
            )
        return (length + 2 * half - self.fft_length) // self.sequence_stride + 1

    def call(self, x):
        """Compute the spectrograms."""
        self._frames(x.shape[-1])  # The only axis of one signal is unknown to `compute_output_shape`.
        weights, _ = padded_window(self.window, self.sequence_length, self.fft_length, self.dtype)
        spectrum = transformed_sequences(x, weights, self.sequence_stride, center=True)
        power = apply("sum", apply("square", spectrum), axis=-1)
        if self.mag_exp != 2:
            power = apply("power", power, self.mag_exp / 2)
        bands = (self.num_mel_bins, power.shape[-1], self.sampling_rate, self.min_freq, self.max_freq, self.dtype)
        y = apply("matmul", power, self.linear_to_mel_weight_matrix(*bands))
        if self.power_to_db:
            reference = 10 * np.log10(max(abs(self.ref_power), self.min_power))
            y = apply("log10", apply("maximum", y, self.min_power)) * 10.0 - float(reference)
            y = apply("maximum", y, apply("max", y) - self.top_db) if 0 not in y.shape else y
        return apply("transpose", y, axes=[*range(len(y.shape) - 2), len(y.shape) - 1, len(y.shape) - 2])

    @staticmethod
    def linear_to_mel_weight_matrix(
        num_mel_bins=20,
        num_spectrogram_bins=129,
        sampling_rate=8000,
        lower_edge_hertz=125.0,
        upper_edge_hertz=3800.0,
        dtype="float32",
    ):
        """Return the weights of frequencies in bands of the mel scale.

        Parameters
        ----------
        num_mel_bins : int
            Number of bands.
        num_spectrogram_bins : int
            Number of frequencies, from 0 to half the sampling rate; that of 0 is in no band.
        sampling_rate : float
            Number of elements of the signal in a second.
        lower_edge_hertz, upper_edge_hertz : float
            Frequencies where the bands begin and end, in hertz.
        dtype : str
            Dtype of the weights.

        Returns
        -------
        ndarray, shape (num_spectrogram_bins, num_mel_bins)
            The weights, by which a spectrogram (frames, num_spectrogram_bins) is multiplied.
        """
        mels = _mels(np.linspace(0.0, sampling_rate / 2, num_spectrogram_bins))[:, np.newaxis]
        edges = np.linspace(*_mels(np.array([lower_edge_hertz, upper_edge_hertz])), num_mel_bins + 2)
        lower, center, upper = edges[:-2], edges[1:-1], edges[2:]
        weights = np.minimum((mels - lower) / (center - lower), (upper - mels) / (upper - center))
        weights[0] = 0
        return np.maximum(weights, 0).astype(dtype)

    def get_config(self):
        """Return the constructor's arguments."""
        names = (
            "fft_length", "sequence_stride", "sequence_length", "window", "sampling_rate", "num_mel_bins", "min_freq",
            "max_freq", "power_to_db", "top_db", "mag_exp", "min_power", "ref_power",
        )  # fmt: skip
        return {**{name: getattr(self, name) for name in names}, **super().get_config()}


def _mels(hertz):
    """Return frequencies on the mel scale."""
    return 1127.0 * np.log1p(hertz / 700.0)
