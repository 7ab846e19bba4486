"""A fully connected layer whose outputs are cosines."""

from .._common.checks import integer
from ..engine.operators import apply
from .base import Layer
from .normalization import scaled_to_unit_length
from .weight_settings import make_weight, set_weight, weight_config


class CosineDense(Layer):
    """Cosines of the angles between vectors and the directions of classes, for `striate.losses.ArcFaceLoss`.

    Parameters
    ----------
    units : int
        Number of directions, mostly of classes.
    kernel_initializer : str or Initializer
        Initial directions; see `striate.initializers`.
    kernel_regularizer, kernel_constraint : optional
        Penalty on the kernel, and constraint applied to it after each step; see `striate.regularizers` and
        `striate.constraints`.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ..., features), output (batch, ..., units), from -1 to 1: the products of the input and of the columns
    of the kernel (features, units), all scaled to length 1. Computed in NumPy.

    References
    ----------
    .. [1] Wang, F. et al., "NormFace: L2 hypersphere embedding for face verification", ACM Multimedia 2017, section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[3.0, 4.0]], np.float32)
    >>> layers.CosineDense(1, kernel_initializer="ones")(x).round(3)
    array([[0.99]], dtype=float32)
    """

    def __init__(self, units, kernel_initializer="glorot_uniform", kernel_regularizer=None, kernel_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self.units = integer("units", units, 1)
        set_weight(self, "kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.kernel = None

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., units)."""
        if len(input_shape) < 2:
            raise ValueError(f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected (batch, ..., features)")
        return (*input_shape[:-1], self.units)

    def build(self, input_shape):
        """Make the kernel."""
        self.kernel = make_weight(self, "kernel", (input_shape[-1], self.units))

    def call(self, x):
        """Return the cosines."""
        return apply("matmul", scaled_to_unit_length(x, (len(x.shape) - 1,)), scaled_to_unit_length(self.kernel, (0,)))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"units": self.units, **weight_config(self, "kernel"), **super().get_config()}
