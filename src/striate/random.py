"""Random arrays, with Keras' names. Numbers differ from call to call, unless there is a seed or `utils.set_random_seed`.

In a layer's `call`, the results are symbolic tensors, whose numbers are drawn again in each run: from the run's ``rng`` without
a seed, or from the `SeedGenerator` that is given. An integer seed gives the same numbers each time.
"""

import numpy as np

from ._common.checks import integers, number, shown, text
from ._common.errors import Constructed, explain_all
from ._common.names import public_attributes
from ._common.randomness import generator
from ._common.registry import arguments_in
from .engine import operations
from .engine.operators import apply, current_graph


class SeedGenerator(Constructed):
    """A seed whose random numbers continue from call to call.

    Parameters
    ----------
    seed : int, optional
        Seed of the generator; a fresh one if None.
    name : str, optional
        Name, for programs.

    Examples
    --------
    >>> from striate import random
    >>> seed = random.SeedGenerator(0)
    >>> bool((random.normal((2,), seed=seed) == random.normal((2,), seed=seed)).any())
    False
    """

    def __init__(self, seed=None, name=None):
        self.generator = generator(seed, "seed")
        self.name = "seed_generator" if name is None else text("name", name)
        self._seed = seed

    def get_config(self):
        """Return the constructor's arguments: the seed with which the numbers begin, None for a fresh one."""
        return {"seed": self._seed, "name": self.name}

    @classmethod
    def from_config(cls, config):
        """Make a generator, whose numbers begin anew, from what `get_config` returned."""
        return cls(**arguments_in(config))

    def next(self, ordered=True):
        """Return a new seed: two integers. `ordered` is accepted for compatibility with Keras, without effect."""
        return self.generator.integers(1 << 32, size=2, dtype=np.uint32)


def normal(shape, mean=0.0, stddev=1.0, dtype="float32", seed=None):
    """Return normally distributed numbers; `seed` is an integer, a `SeedGenerator` or a numpy.random.Generator."""
    number("stddev", stddev, 0)
    return _draw(lambda rng, shape: rng.normal(mean, stddev, shape), shape, dtype, seed, "floats")


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype="float32", seed=None):
    """Return normally distributed numbers; those beyond two standard deviations are drawn again."""
    number("stddev", stddev, 0)
    return _draw(
        lambda rng, shape: mean + stddev * standard_truncated_normal(shape, np.float64, rng), shape, dtype, seed, "floats"
    )


def uniform(shape, minval=0.0, maxval=1.0, dtype="float32", seed=None):
    """Return uniformly distributed numbers between two bounds."""
    return _draw(lambda rng, shape: rng.uniform(minval, maxval, shape), shape, dtype, seed, "floats")


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Return uniformly distributed integers from `minval` to `maxval` - 1."""
    return _draw(lambda rng, shape: rng.integers(minval, maxval, shape), shape, dtype, seed, "integers")


def gamma(shape, alpha, dtype="float32", seed=None):
    """Return numbers from a gamma distribution with the shape parameter `alpha` and scale 1."""
    return _draw(lambda rng, shape: rng.gamma(alpha, size=shape), shape, dtype, seed)


def beta(shape, alpha, beta, dtype="float32", seed=None):
    """Return numbers from a beta distribution with the shape parameters `alpha` and `beta`."""
    return _draw(lambda rng, shape: rng.beta(alpha, beta, shape), shape, dtype, seed)


def binomial(shape, counts, probabilities, dtype="float32", seed=None):
    """Return numbers from a binomial distribution: how many of `counts` trials succeed, with the given probabilities."""
    return _draw(lambda rng, shape: rng.binomial(counts, probabilities, shape), shape, dtype, seed)


def categorical(logits, num_samples, dtype="int32", seed=None):
    """Return class indices, shape (batch, num_samples), drawn with the probabilities softmax(logits).

    The logits have the shape (batch, classes). The Gumbel-max trick is used: the argmax of logits plus noise from a Gumbel
    distribution has these probabilities.
    """
    batch, classes = logits.shape
    noise = _draw(lambda rng, shape: rng.gumbel(size=shape), (batch, num_samples, classes), "float64", seed)
    y = apply("argmax", apply("add", apply("reshape", logits, shape=(batch, 1, classes)), noise), axis=-1)
    return y.astype(dtype) if isinstance(y, np.ndarray) else y


def dropout(inputs, rate, noise_shape=None, seed=None):
    """Return inputs with elements zeroed at random, and the others scaled up so that the expected values stay the same.

    Parameters
    ----------
    inputs : array_like or symbolic tensor
        The array whose elements are dropped.
    rate : float
        Probability that an element is zeroed.
    noise_shape : tuple of (int or None), optional
        Shape of the mask, with as many axes as `inputs`: elements along axes of size 1 are kept or zeroed together. None stands
        for the size of `inputs`.
    seed : int, SeedGenerator or numpy.random.Generator, optional
        Source of random numbers.
    """
    rate = number("rate", rate, 0, 1)
    shape = inputs.shape
    if getattr(getattr(inputs, "node", None), "trace", False):  # Shape inference needs only one sample.
        shape = 1, *shape[1:]
    if noise_shape is not None:
        shape = [own if size is None else size for size, own in zip(noise_shape, shape, strict=True)]
    if not rate:
        return inputs
    scale = 0 if rate == 1 else 1 / (1 - rate)
    kept = _draw(lambda rng, shape: scale * (rng.random(shape) >= rate), shape, getattr(inputs, "dtype", "float32"), seed)
    return apply("multiply", inputs, kept)


def shuffle(x, axis=0, seed=None):
    """Return an array with its parts along an axis in a random order."""
    return _generator(seed).permutation(x, axis=axis)


def standard_truncated_normal(shape, dtype, rng):
    """Return standard normal numbers within two standard deviations, from a numpy.random.Generator."""
    values = rng.standard_normal(shape, dtype)
    flat = values.reshape(-1)
    beyond = np.flatnonzero(np.abs(flat) > 2)
    while beyond.size:
        flat[beyond] = rng.standard_normal(beyond.size, dtype)
        beyond = beyond[np.abs(flat[beyond]) > 2]
    return values


def _generator(seed):
    return seed.generator if isinstance(seed, SeedGenerator) else generator(seed, "seed")


#: For what a function draws: the kinds of NumPy's dtypes that can hold it.
_KINDS = {"floats": "f", "integers": "iu", "numbers": "biuf"}


def _draw(sample, shape, dtype, seed, numbers="numbers"):
    """Return ``sample(rng, shape)`` as an array, or, in a layer's `call`, as a symbolic tensor that is drawn in each run."""
    shape = integers("shape", shape, 0)
    if dtype is not None and np.dtype(dtype).kind not in _KINDS[numbers]:
        raise ValueError(f"dtype={shown(dtype)} is not supported; expected a dtype of {numbers}")
    graph = current_graph()
    if graph is None:
        return np.asarray(sample(_generator(seed), shape)).astype("float32" if dtype is None else dtype)

    def draw(rng, out):
        out[...] = sample(_generator(rng if seed is None else seed), shape)

    # All layers of a model have the same dtype, which is that of its inputs.
    dtype = next((value.dtype for value in graph.inputs if value.dtype.kind == "f"), np.dtype(np.float32))
    return operations.Draw(graph, shape, dtype, draw).y


__all__ = [
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "dropout",
    "gamma",
    "normal",
    "randint",
    "shuffle",
    "truncated_normal",
    "uniform",
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)
