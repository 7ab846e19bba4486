"""The base class of layers that draw random numbers in training."""

import numpy as np

from .._common.checks import check_seed
from .._common.docstrings import documented
from ..engine import operations
from .base import Layer

#: Docstring section for layers that draw random numbers.
RANDOM_LAYERS_DOC = """
    Parameters
    ----------
    seed : int, optional
        Seed of the layer's own random numbers; if None, they come from the training's ``rng``.
    name, trainable, dtype
        See `Layer`.
    """


@documented(RANDOM_LAYERS_DOC)
class RandomLayer(Layer):
    """A layer that draws random numbers in training."""

    def __init__(self, *, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = check_seed("seed", seed)
        self._own_rng = None if seed is None else np.random.default_rng(self.seed)

    def _draw(self, graph, shape, sample, dtype=None):
        """Return a value that ``sample(rng, out)`` fills with random numbers in each run."""
        own = self._own_rng
        draw = sample if own is None else (lambda rng, out: sample(own, out))
        return operations.Draw(graph, shape, self.dtype if dtype is None else dtype, draw).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {**({} if self.seed is None else {"seed": self.seed}), **super().get_config()}
