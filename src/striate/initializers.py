"""Initializers of weights: callables ``initializer(shape, dtype=None, rng=None)`` that return an array.

`shape` is the shape of a kernel, with the axes of inputs and outputs last (as in striate's convolution and dense kernels);
`rng` is a numpy.random.Generator. Custom functions and classes need not take `rng`, as in Keras.
"""

import inspect
import math
from types import NoneType

import numpy as np

from ._common.arguments import Configured, deserialized, name_of
from ._common.checks import boolean, check_seed, choice, integers, number, real_array, shown
from ._common.errors import explained
from ._common.names import public_attributes
from ._common.randomness import generator
from ._common.registry import describe, described, registered, resolve, snake_case
from ._common.windows import check_window, weights_of_window
from .engine import LazyArray
from .engine.operators import nothing_emitted
from .engine.variable import use_initializers
from .random import SeedGenerator, standard_truncated_normal


class Initializer(Configured):
    """Base class of initializers, whose arguments are attributes, so that they can be saved and compared.

    A subclass defines ``__call__(shape, dtype=None)``, which may take `rng` as well.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import initializers, layers
    >>> class Halves(initializers.Initializer):
    ...     def __call__(self, shape, dtype=None):
    ...         return np.full(shape, 0.5, dtype)
    >>> layers.Dense(2, kernel_initializer=Halves())(np.ones((1, 4), "float32"))
    array([[2., 2.]], dtype=float32)
    """

    kind = "initializer"

    @explained
    def __call__(self, shape, dtype=None, rng=None):
        """Return the initial array.

        Parameters
        ----------
        shape : tuple of int
            Shape of the array.
        dtype : dtype, optional
            Dtype of the array; float32 if None.
        rng : None, int or numpy.random.Generator
            Source of random numbers, unless the initializer has a seed.
        """
        return self._fill(integers("shape", shape, 0), np.dtype("float32" if dtype is None else dtype), generator(rng))

    def _fill(self, shape, dtype, rng):
        """Return the initial array, with random numbers from a generator."""
        raise TypeError(f"{type(self).__name__} does not define __call__; expected an initializer that does")

    def deferred(self, shape, dtype, rng):
        """Return a function that makes the initial array, independently of what is drawn from `rng` before it is called."""
        self._check(shape)
        return lambda: self._fill(shape, dtype, rng)

    def _check(self, shape):
        """Raise an error for a shape that the initializer cannot fill."""


class Constant(Initializer):
    """Every element is the same number, or an element of an array.

    Parameters
    ----------
    value : float or array_like
        The number, or an array that broadcasts to the shape of the weight; finite.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.Constant(0.5)((2,))
    array([0.5, 0.5], dtype=float32)
    """

    def __init__(self, value=0.0):
        if isinstance(value, (list, tuple, np.ndarray)) and np.ndim(array := real_array("value", value, float)):
            if not np.isfinite(array).all():
                raise ValueError(f"value={shown(value)} holds NaN or infinity; expected finite numbers")
            self.value = array.tolist()
        else:
            self.value = number("value", value)

    def _check(self, shape):
        try:
            np.broadcast_to(self.value, shape)
        except ValueError:
            raise ValueError(
                f"value={shown(self.value)} has shape {np.shape(self.value)}; expected a number, or an array of shape {shape}"
            ) from None

    def _fill(self, shape, dtype, rng):
        self._check(shape)
        return np.full(shape, self.value, dtype)


class Zeros(Initializer):
    """Every element is 0.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.Zeros()((2,))
    array([0., 0.], dtype=float32)
    """

    def _fill(self, shape, dtype, rng):
        return np.zeros(shape, dtype)


class Ones(Initializer):
    """Every element is 1.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.Ones()((2,))
    array([1., 1.], dtype=float32)
    """

    def _fill(self, shape, dtype, rng):
        return np.ones(shape, dtype)


class Identity(Initializer):
    """Identity matrix times a factor; the matrix need not be square.

    Parameters
    ----------
    gain : float
        Factor.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.Identity()((2, 2))
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """

    def __init__(self, gain=1.0):
        self.gain = number("gain", gain)

    def _check(self, shape):
        if len(shape) != 2:
            raise ValueError(f"initializer='identity' cannot fill shape {tuple(shape)}; expected the shape of a matrix")

    def _fill(self, shape, dtype, rng):
        self._check(shape)
        return (self.gain * np.eye(*shape)).astype(dtype)


class STFT(Initializer):
    """Kernels of a convolution that computes short-time Fourier transforms, for `striate.layers.STFTSpectrogram`.

    The kernel of frequency f, of F frequencies, has the element ``window[t] * cos(π t f / (F - 1)) / norm`` at the place t, or
    the negative sine, so that the convolution is the real or imaginary part of the transform of each part of a signal.

    Parameters
    ----------
    side : {"real", "imag"}
        The part of the transform.
    window : str or array_like, optional
        Weights of the elements of a kernel, or the name of a window: "hann", "hamming", "blackman", "tukey" …; ones if None.
    scaling : {"density", "spectrum"}, optional
        The norm of the window that kernels are divided by: the root of the sum of its squares, or the sum of its magnitudes;
        1 if None, or without a window.
    periodic : bool
        Whether a window given by its name is one period of a periodic function, instead of symmetric.

    Notes
    -----
    The shape of the kernels is (length, 1, F).

    References
    ----------
    .. [1] Allen, J. B. and Rabiner, L. R., "A unified approach to short-time Fourier analysis and synthesis", Proceedings of
       the IEEE 65(11), 1977.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.STFT("real", None)((4, 1, 3))[:, 0].round(3) + 0.0
    array([[ 1.,  1.,  1.],
           [ 1.,  0., -1.],
           [ 1., -1.,  1.],
           [ 1.,  0., -1.]], dtype=float32)
    """

    def __init__(self, side="real", window="hann", scaling="density", periodic=False):
        self.side = choice("side", side, ("real", "imag"))
        if window is None or isinstance(window, str):
            self.window = window and check_window(window)
        else:
            self.window = real_array("window", window, float).tolist()
        self.scaling = choice("scaling", scaling, ("density", "spectrum", None))
        self.periodic = boolean("periodic", periodic)

    def _check(self, shape):
        if len(shape) != 3 or shape[1] != 1 or shape[0] < 1 or shape[2] < 2:
            raise ValueError(f"initializer='stft' cannot fill shape {tuple(shape)}; expected (length, 1, frequencies)")
        if not isinstance(self.window, (str, NoneType)) and np.shape(self.window) != (shape[0],):
            raise ValueError(f"window has shape {np.shape(self.window)}; expected ({shape[0]},), the length of kernels")

    def _fill(self, shape, dtype, rng):
        self._check(shape)
        length, _, frequencies = shape
        angles = np.outer(np.arange(length), np.arange(frequencies)) % (2 * (frequencies - 1)) * (np.pi / (frequencies - 1))
        kernel = np.cos(angles) if self.side == "real" else -np.sin(angles)
        if self.window is not None:
            given = isinstance(self.window, list)
            weights = np.asarray(self.window) if given else weights_of_window(self.window, length, self.periodic)
            norm = {"density": np.sqrt(np.square(weights).sum()), "spectrum": np.abs(weights).sum(), None: 1}[self.scaling]
            kernel *= (weights / norm)[:, np.newaxis]
        return kernel.reshape(shape).astype(dtype)


class RandomInitializer(Initializer):
    """Base class of random initializers.

    Parameters
    ----------
    seed : int or SeedGenerator, optional
        Seed with which the same numbers are drawn every time, or a `striate.random.SeedGenerator`, whose numbers differ from
        array to array; if None, they come from the model's generator.

    Examples
    --------
    >>> from striate import initializers
    >>> normal = initializers.RandomNormal(seed=0)
    >>> isinstance(normal, initializers.RandomInitializer)
    True
    >>> bool((normal((2, 3)) == normal((2, 3))).all())
    True
    """

    seed = None

    def __init__(self, seed=None):
        if isinstance(seed, dict):
            cls, config = described(seed, {"SeedGenerator": SeedGenerator}, "class_name of seed")
            seed = cls.from_config(config)
        if seed is not None:
            self.seed = seed if isinstance(seed, SeedGenerator) else check_seed("seed", seed)

    def get_config(self):
        """Return the arguments that make an equal instance; a `SeedGenerator` as its description."""
        config = super().get_config()
        return {**config, "seed": describe(self.seed)} if isinstance(self.seed, SeedGenerator) else config

    def _fill(self, shape, dtype, rng):
        return self.deferred(shape, dtype, rng)()

    def deferred(self, shape, dtype, rng):
        """Return a function that draws the initial array; its seed is drawn now."""
        self._check(shape)
        seed = rng.integers(1 << 64, dtype=np.uint64) if self.seed is None else self.seed
        seed = seed.next() if isinstance(seed, SeedGenerator) else seed
        # Kernels need C order, and `_draw` may return a transposed array.
        return lambda: np.ascontiguousarray(self._draw(shape, dtype, np.random.default_rng(seed)), dtype)


class RandomNormal(RandomInitializer):
    """Normally distributed elements.

    Parameters
    ----------
    mean : float
        Mean of the distribution.
    stddev : float
        Standard deviation, at least 0.
    seed : int or SeedGenerator, optional
        See `RandomInitializer`.

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.RandomNormal(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.05)
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean = number("mean", mean)
        self.stddev = number("stddev", stddev, 0)

    def _draw(self, shape, dtype, rng):
        return _normal(self.mean, self.stddev, shape, dtype, rng)


class TruncatedNormal(RandomNormal):
    """Normally distributed elements; those beyond two standard deviations are drawn again.

    Parameters
    ----------
    mean : float
        Mean of the distribution.
    stddev : float
        Standard deviation of the normal distribution before it is truncated, at least 0.
    seed : int or SeedGenerator, optional
        See `RandomInitializer`.

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.TruncatedNormal(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.04)
    """

    def _draw(self, shape, dtype, rng):
        values = standard_truncated_normal(shape, dtype, rng)
        values *= dtype.type(self.stddev)
        values += dtype.type(self.mean)
        return values


class RandomUniform(RandomInitializer):
    """Uniformly distributed elements.

    Parameters
    ----------
    minval, maxval : float
        Bounds of the interval; `maxval` is at least `minval`.
    seed : int or SeedGenerator, optional
        See `RandomInitializer`.

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.RandomUniform(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.03)
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval = number("minval", minval)
        self.maxval = number("maxval", maxval)
        if self.maxval < self.minval:
            raise ValueError(f"maxval={maxval} is below minval={minval}; expected at least minval")

    def _draw(self, shape, dtype, rng):
        return _uniform(self.minval, self.maxval, shape, dtype, rng)


class Orthogonal(RandomInitializer):
    """Random matrix with orthogonal rows or columns of the same length; all axes of a kernel but the last are its rows.

    Parameters
    ----------
    gain : float
        Length of the rows or columns.
    seed : int or SeedGenerator, optional
        See `RandomInitializer`.

    References
    ----------
    .. [1] Saxe, A., McClelland, J. and Ganguli, S., "Exact solutions to the nonlinear dynamics of learning in deep linear
       neural networks", ICLR 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import initializers
    >>> q = initializers.Orthogonal(seed=0)((4, 4))
    >>> np.allclose(q.T @ q, np.eye(4), atol=1e-6)
    True
    """

    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        self.gain = number("gain", gain)

    def _check(self, shape):
        if len(shape) < 2:
            raise ValueError(f"initializer='orthogonal' cannot fill shape {tuple(shape)}; expected at least two axes")

    def _draw(self, shape, dtype, rng):
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diag(r))  # This makes the distribution uniform over all orthogonal matrices.
        return (self.gain * (q if rows >= columns else q.T)).reshape(shape).astype(dtype)


class VarianceScaling(RandomInitializer):
    """Random elements of variance ``scale / fan``, where the fan is the number of inputs or outputs.

    Parameters
    ----------
    scale : float
        Scale of the variance, above 0.
    mode : {"fan_in", "fan_out", "fan_avg"}
        The fan: the number of inputs of each output, the number of outputs of each input, or their mean.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        Distribution of the elements. "truncated_normal" draws elements beyond two standard deviations again, with the standard
        deviation adapted so that the variance stays the same.
    seed : int or SeedGenerator, optional
        See `RandomInitializer`.
    input_axes, output_axes : sequence of int, optional
        Axes of the inputs, whose sizes have the product "fan_in", and of the outputs. Both are given, or none: then the last
        two axes are those of inputs and outputs, and the others a receptive field, which counts for both.

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.VarianceScaling(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.1)
    """

    input_axes = output_axes = None

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None, input_axes=None, output_axes=None):
        super().__init__(seed)
        if (input_axes is None) != (output_axes is None):
            raise ValueError(
                f"input_axes={shown(input_axes)} and output_axes={shown(output_axes)} are not both given; expected both or none"
            )
        if input_axes is not None:
            self.input_axes = list(integers("input_axes", input_axes))
            self.output_axes = list(integers("output_axes", output_axes))
        self.scale = number("scale", scale, 0, open_minimum=True)
        self.mode = choice("mode", mode, ("fan_in", "fan_out", "fan_avg"))
        self.distribution = choice("distribution", distribution, ("truncated_normal", "untruncated_normal", "uniform"))

    def _check(self, shape):
        for name in ("input_axes", "output_axes"):
            axes = getattr(self, name) or ()
            if not all(-len(shape) <= axis < len(shape) for axis in axes):
                raise ValueError(
                    f"{name}={axes} are not axes of shape {tuple(shape)}; expected axes from 0 to {len(shape) - 1}"
                )

    def _fans(self, shape):
        """Return the numbers of inputs and outputs of a weight."""
        if self.input_axes is not None:
            return [math.prod(shape[axis] for axis in axes) for axes in (self.input_axes, self.output_axes)]
        receptive_field = math.prod(shape[:-2])
        fan_out = math.prod(shape[-1:]) * receptive_field
        return shape[-2] * receptive_field if len(shape) > 1 else fan_out, fan_out

    def _draw(self, shape, dtype, rng):
        fan_in, fan_out = self._fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(fan, 1)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return _uniform(-limit, limit, shape, dtype, rng)
        if self.distribution == "untruncated_normal":
            return _normal(0.0, math.sqrt(variance), shape, dtype, rng)
        values = standard_truncated_normal(shape, dtype, rng)
        # The divisor is the standard deviation of a standard normal distribution truncated at ±2.
        values *= dtype.type(math.sqrt(variance) / 0.87962566103423978)
        return values


def _uniform(low, high, shape, dtype, rng):
    """Return uniform numbers, drawn in the dtype itself: large weights would otherwise need three times their memory."""
    values = rng.random(shape, dtype)
    values *= dtype.type(high - low)
    values += dtype.type(low)
    return values


def _normal(mean, stddev, shape, dtype, rng):
    """Return normally distributed numbers, drawn in the dtype itself, as by `_uniform`."""
    values = rng.standard_normal(shape, dtype)
    values *= dtype.type(stddev)
    values += dtype.type(mean)
    return values


class _Preset(VarianceScaling):
    """Base class of `VarianceScaling` initializers with fixed arguments."""

    _arguments = ()

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(*self._arguments, seed, input_axes, output_axes)

    def get_config(self):
        """Return the seed and the axes, if there are any."""
        return {key: value for key, value in super().get_config().items() if key in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_Preset):
    """Uniform with variance ``2 / (fan_in + fan_out)`` (Glorot & Bengio, AISTATS 2010, equation 16).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.GlorotUniform(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.1)
    """

    _arguments = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Preset):
    """Truncated normal with variance ``2 / (fan_in + fan_out)`` (Glorot & Bengio, AISTATS 2010, equation 12).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.GlorotNormal(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.1)
    """

    _arguments = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Preset):
    """Uniform with variance ``2 / fan_in`` (He et al., ICCV 2015, equation 10).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.HeUniform(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.14)
    """

    _arguments = (2.0, "fan_in", "uniform")


class HeNormal(_Preset):
    """Truncated normal with variance ``2 / fan_in`` (He et al., ICCV 2015, equation 10).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.HeNormal(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.14)
    """

    _arguments = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Preset):
    """Uniform with variance ``1 / fan_in`` (LeCun et al., "Efficient backprop", 1998, section 4.6).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.LecunUniform(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.1)
    """

    _arguments = (1.0, "fan_in", "uniform")


class LecunNormal(_Preset):
    """Truncated normal with variance ``1 / fan_in`` (LeCun et al., "Efficient backprop", 1998, section 4.6).

    Examples
    --------
    >>> from striate import initializers
    >>> weights = initializers.LecunNormal(seed=0)((100, 100))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 100), 0.1)
    """

    _arguments = (1.0, "fan_in", "truncated_normal")


_BY_NAME = {
    "constant": Constant,
    "glorot_normal": GlorotNormal,
    "glorot_uniform": GlorotUniform,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "identity": Identity,
    "lecun_normal": LecunNormal,
    "lecun_uniform": LecunUniform,
    "ones": Ones,
    "orthogonal": Orthogonal,
    "random_normal": RandomNormal,
    "random_uniform": RandomUniform,
    "stft": STFT,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "zeros": Zeros,
}


_OTHER_NAMES = {
    "identity_initializer": "identity",
    "normal": "random_normal",
    "one": "ones",
    "orthogonal_initializer": "orthogonal",
    "stft_initializer": "stft",
    "uniform": "random_uniform",
    "zero": "zeros",
}

# Keras also has the classes under these names.
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = IdentityInitializer = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = OrthogonalInitializer = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
stft = STFTInitializer = STFT
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros


def get(identifier):
    """Return an initializer; None for None.

    Parameters
    ----------
    identifier : callable, type, str, dict or array
        An initializer, which is returned as it is; a class, which is instantiated; a name, such as "he_normal" or "HeNormal";
        what `serialize` returned; or the initial array itself.

    Examples
    --------
    >>> from striate import initializers
    >>> type(initializers.get("he_normal")).__name__
    'HeNormal'
    """
    if identifier is None:
        return None
    identifier = registered(identifier)
    if isinstance(identifier, type) and any("__call__" in vars(each) for each in identifier.__mro__):
        return identifier()
    if callable(identifier) and not isinstance(identifier, type):
        return identifier
    if isinstance(identifier, np.ndarray):
        return Constant(identifier)
    if isinstance(identifier, str):
        name = snake_case(identifier)
        name = _OTHER_NAMES.get(name, name)
        identifier = name if name in _BY_NAME else identifier
    return resolve("initializer", identifier, Initializer, _BY_NAME)


def deserialize(config, custom_objects=None):
    """Return the initializer for a name or configuration; `custom_objects` has custom classes and functions by name.

    Examples
    --------
    >>> from striate import initializers
    >>> type(initializers.deserialize({"class_name": "Zeros", "config": {}})).__name__
    'Zeros'
    """
    return deserialized(config, get, custom_objects)


def initial_array(initializer, shape, dtype, rng):
    """Return the initial array of a weight, a `LazyArray` if the initializer is one of striate's own."""
    if isinstance(initializer, Initializer) and type(initializer).__call__ is Initializer.__call__:
        return LazyArray(shape, dtype, initializer.deferred(shape, dtype, rng))
    with nothing_emitted():  # In the `call` of a layer, functions would return symbolic tensors instead of arrays.
        array = initializer(shape, dtype, rng) if _takes_rng(initializer) else initializer(shape, dtype)
    return np.array(array, dtype=dtype, order="C", ndmin=len(shape))  # A copy is needed, since the user may keep the array.


use_initializers(lambda initializer, shape, dtype: initial_array(get(initializer), shape, dtype, generator()))


def _takes_rng(initializer):
    """Return whether an initializer takes ``(shape, dtype, rng)``, and not Keras' ``(shape, dtype=None, …)``."""
    signature = inspect.signature(initializer)
    if "rng" in signature.parameters:
        return True
    try:
        signature.bind((), None)
    except TypeError:
        return True
    return False


def serialize(initializer):
    """Return ``{"class_name": …, "config": …}`` for an initializer with a configuration, or the name of a function.

    Examples
    --------
    >>> from striate import initializers
    >>> initializers.serialize(initializers.Zeros())["class_name"]
    'Zeros'
    """
    if hasattr(initializer, "get_config"):
        return describe(initializer)
    return name_of("initializer", initializer, ", or a class with a get_config")


__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

__getattr__, __dir__ = public_attributes(globals())
