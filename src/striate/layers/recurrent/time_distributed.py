"""A layer that applies another one to each step of a sequence."""

from ..._common.checks import shown
from ...engine import operations
from ..nesting import Wrapper
from ..normalization import BatchNormalization
from ..sublayers import layers_within
from .rnn import stacked, unstacked


class TimeDistributed(Wrapper):
    """Apply a layer to each step of a sequence by itself.

    Parameters
    ----------
    layer : Layer
        The layer.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, steps, ...); the layer gets (batch, ...). In truth it gets the steps of all sequences as one batch, unless it
    contains batch normalization, which in training depends on the other samples. The argument `mask` of a call must be None.

    Examples
    --------
    The same convolution of ten frames of a video:

    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.TimeDistributed(layers.Conv2D(4, 3))
    >>> layer(np.ones((2, 10, 8, 8, 3), np.float32)).shape
    (2, 10, 6, 6, 4)
    """

    def _step_shape(self, input_shape):
        """Return the shape of a step's input."""
        if len(input_shape) < 3:
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected at least three axes: "
                "(batch, steps, ...)"
            )
        return (input_shape[0], *input_shape[2:])

    def build(self, input_shape):
        """Build the layer."""
        super().build(self._step_shape(input_shape))

    def compute_output_shape(self, input_shape):
        """Return the shape of the layer's output, with the axis of the steps."""
        batch, *rest = self.layer.compute_output_shape(self._step_shape(input_shape))
        return (batch, input_shape[1], *rest)

    def call(self, inputs, training=None, mask=None):
        """Apply the layer."""
        if mask is not None:
            raise ValueError(f"mask={shown(mask)} is not supported; expected None")
        if training and any(isinstance(each, BatchNormalization) for each in (self.layer, *layers_within(self.layer))):
            return stacked([self.layer(x, training=training) for x in unstacked(inputs)])
        batch, steps, *rest = inputs.shape
        y = self.layer(operations.Reshape(inputs, (batch * steps, *rest)).y, training=training)
        return operations.Reshape(y, (batch, steps, *y.shape[1:])).y
