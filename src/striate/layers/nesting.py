"""The base classes of layers among whose arguments are other layers."""

from .._common.arguments import read, written
from .._common.checks import shown
from .._common.registry import REGISTERED, with_custom_objects
from .base import Layer
from .deserialization import deserializers


class TakesLayers(Layer):
    """A layer among whose arguments are other layers, which its configuration describes."""

    takes_layers = True
    takes_lists = True

    def _build_within(self, layer, input_shape):
        """Build another layer, for the same input or for a step of it; the sizes that its weights depend on are the same."""
        layer._build_or_check(input_shape, self._rng)
        self._axes_of_weights |= {(i, axis) for i, axis in layer._axes_of_weights if i == 0}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make a layer from what `get_config` returned; `custom_objects` has custom classes by name, or is None."""
        return cls(**read(config, deserializers(known=with_custom_objects(REGISTERED, custom_objects))))


def check_layer(name, layer, of="a Layer"):
    """Return a layer, after checking that it is one; errors call it `name`, and what is expected `of`."""
    if not isinstance(layer, Layer):
        raise ValueError(f"{name}={shown(layer)} is of type {type(layer).__name__}; expected {of}")
    return layer


def of_the_same_dtype(layer, kwargs):
    """Return keyword arguments of a layer that contains another one, whose dtype it has unless they say otherwise."""
    return {"dtype": getattr(layer, "dtype", "float32"), **kwargs}


class Wrapper(TakesLayers):
    """Base class of layers that contain another one, such as `TimeDistributed` and `Bidirectional`.

    Parameters
    ----------
    layer : Layer
        The other layer, an attribute.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> class Twice(layers.Wrapper):
    ...     def call(self, x):
    ...         return self.layer(self.layer(x))
    >>> Twice(layers.Dense(2, kernel_initializer="ones"))(np.ones((1, 2), np.float32)).tolist()
    [[4.0, 4.0]]
    """

    def __init__(self, layer, **kwargs):
        super().__init__(**of_the_same_dtype(check_layer("layer", layer), kwargs))
        self.layer = layer

    def build(self, input_shape=None):
        """Build the layer."""
        self._build_within(self.layer, input_shape)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"layer": written(self.layer), **super().get_config()}
