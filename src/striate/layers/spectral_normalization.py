"""Spectral normalization of the kernel of another layer."""

from .._common.checks import integer, shown
from ..engine.operators import apply
from ..initializers import TruncatedNormal
from .nesting import Wrapper
from .normalization import scaled_to_unit_length


class SpectralNormalization(Wrapper):
    """Divide the kernel of another layer by its largest singular value before each step of training.

    Parameters
    ----------
    layer : Layer
        The other layer, which has a `kernel` or `embeddings`.
    power_iterations : int
        Number of power iterations in each step, at least 1.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input and output are those of the layer. Weights: those of the layer, and vector_u, (1, filters), an estimate of the first
    right singular vector of the kernel as a matrix (..., filters), which power iterations improve. In training, the kernel
    itself is changed, so that its largest singular value is 1 up to the error of the estimate; a kernel of zeros stays.

    References
    ----------
    .. [1] Miyato, T. et al., "Spectral normalization for generative adversarial networks", ICLR 2018, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.SpectralNormalization(layers.Dense(3), power_iterations=50)
    >>> y = layer(np.ones((1, 4), np.float32), training=True, rng=0)
    >>> np.linalg.norm(layer.layer.kernel.numpy(), 2).round(3)
    np.float32(1.0)
    """

    takes_lists = False

    def __init__(self, layer, power_iterations=1, **kwargs):
        super().__init__(layer, **kwargs)
        self.power_iterations = integer("power_iterations", power_iterations, 1)
        self.vector_u = None

    @property
    def kernel(self):
        """The weight that is normalized."""
        weight = getattr(self.layer, "kernel", None)
        weight = getattr(self.layer, "embeddings", None) if weight is None else weight
        if weight is None:
            raise ValueError(
                f"layer={shown(self.layer)} has no kernel to normalize; expected one with a `kernel` or `embeddings`"
            )
        return weight

    def build(self, input_shape):
        """Build the layer, and make the estimate of the singular vector."""
        super().build(input_shape)
        initializer = TruncatedNormal(stddev=0.02)
        self.vector_u = self.add_weight((1, self.kernel.shape[-1]), initializer, trainable=False, name="vector_u")

    def compute_output_shape(self, input_shape):
        """Return the shape of the layer's output."""
        return self.layer.compute_output_shape(input_shape)

    def call(self, x, *, training):
        """Normalize the kernel in training, and apply the layer."""
        if training:
            self._normalize()
        return self.layer(x)

    def _normalize(self):
        kernel = self.kernel
        matrix = apply("reshape", kernel, shape=(-1, kernel.shape[-1]))
        u = self.vector_u
        for _ in range(self.power_iterations):
            v = scaled_to_unit_length(apply("matmul", u, apply("transpose", matrix)), None)
            u = scaled_to_unit_length(apply("matmul", v, matrix), None)
        sigma = apply("matmul", apply("matmul", v, matrix), apply("transpose", u))
        vanishes = apply("equal", apply("max", apply("absolute", kernel)), 0.0)
        sigma = apply("where", vanishes, 1.0, apply("reshape", sigma, shape=()))
        u = apply("where", vanishes, self.vector_u, u)
        kernel.assign(apply("divide", kernel, sigma))
        self.vector_u.assign(u)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"power_iterations": self.power_iterations, **super().get_config()}
