"""Layers of residual branches in Keras' networks, which files of these networks name; they are not part of Keras' API."""

from .._common.checks import integer, number
from ..initializers import Constant
from .base import Elementwise, Layer
from .deserialization import LAYERS


class LayerScale(Elementwise):
    """Multiply each channel by a learned factor.

    Parameters
    ----------
    init_values : float
        The factors' initial value.
    projection_dim : int
        Number of channels.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Touvron, H. et al., "Going deeper with image transformers", ICCV 2021, section 2.1.
    """

    def __init__(self, init_values, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.init_values = number("init_values", init_values)
        self.projection_dim = integer("projection_dim", projection_dim, 1)
        self.gamma = None

    def build(self, input_shape):
        """Make the factors."""
        self.gamma = self.add_weight((self.projection_dim,), Constant(self.init_values), name="gamma")

    def call(self, x):
        """Multiply."""
        return x * self.gamma

    def get_config(self):
        """Return the constructor's arguments."""
        return {"init_values": self.init_values, "projection_dim": self.projection_dim, **super().get_config()}


class CustomScaleLayer(Layer):
    """Sum of the first input and the second one times a constant.

    Parameters
    ----------
    scale : float
        The constant.
    name, trainable, dtype
        See `Layer`.
    """

    takes_lists = True

    def __init__(self, scale, **kwargs):
        super().__init__(**kwargs)
        self.scale = number("scale", scale)

    def call(self, inputs):
        """Scale and add."""
        x, y = inputs
        return x + y * self.scale

    def get_config(self):
        """Return the constructor's arguments."""
        return {"scale": self.scale, **super().get_config()}


LAYERS.add({cls.__name__: cls for cls in (CustomScaleLayer, LayerScale)})
