"""Input and fully connected layers."""

from functools import partial

from .._common.checks import boolean, integer, shown
from .._common.docstrings import documented
from ..engine import operations
from .affine import WEIGHTS_DOC, AffineLayer
from .base import Elementwise
from .sizes import sizes_fit
from .symbolic import Node


def Input(shape=None, batch_size=None, dtype=None, sparse=False, batch_shape=None, name=None, tensor=None, optional=False):
    """Return the symbolic tensor of a model's input.

    Parameters
    ----------
    shape : tuple of int or None
        Shape of one sample, without the batch: (height, width, channels) for images. None means a height or width that may
        differ from call to call.
    batch_size : int, optional
        Accepted for compatibility with Keras; a model takes batches of any size.
    dtype : {"float32", "float64"}, optional
        Dtype of the input; "float32" if None.
    batch_shape : tuple, optional
        Shape with the batch size first, in place of `shape`.
    name : str, optional
        Name, unique within a model.
    sparse, tensor, optional
        Accepted for compatibility with Keras, with their default values only.

    Returns
    -------
    Tensor
        Symbolic tensor, to be passed to layers, and to `Model` as an input; or the first element of a `Sequential`'s list.

    Raises
    ------
    ValueError
        If there is no valid shape, if both `shape` and `batch_shape` are given, or if an argument is not supported.

    Examples
    --------
    >>> from striate import Input, Model, layers
    >>> image = Input((28, 28, 1))
    >>> x = layers.Conv2D(8, 3, activation="relu")(image)
    >>> x = layers.GlobalAveragePooling2D()(x)
    >>> Model(image, layers.Dense(10, activation="softmax")(x)).output_shape
    (None, 10)
    """
    for argument, given in (("sparse", sparse), ("optional", optional)):
        if boolean(argument, given):
            raise ValueError(f"{argument}={shown(given)} is not supported; expected {argument}=False")
    if tensor is not None:
        raise ValueError(f"tensor={shown(tensor)} is not supported; expected tensor=None")
    if batch_shape is not None:
        if shape is not None:
            raise ValueError(f"shape={shown(shape)} and batch_shape={shown(batch_shape)} are given; expected one of them")
        batch_size, *shape = batch_shape
    if batch_size is not None:
        integer("batch_size", batch_size, 1)
    return InputLayer(shape, name=name, dtype=dtype).output


class InputLayer(Elementwise):
    """An input of a graph of layers; `Input` makes one and returns its symbolic tensor.

    Parameters
    ----------
    shape : tuple of int
        Shape of one sample, without the batch: (height, width, channels) for images. None in it means any size.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> from striate import layers
    >>> layer = layers.InputLayer((8, 8, 1))
    >>> layer.output.shape
    (None, 8, 8, 1)
    """

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(shape, (tuple, list)) or not shape:
            raise ValueError(
                f"shape={shown(shape)} is not the shape of a sample; expected a tuple such as (height, width, channels)"
            )
        self.shape = tuple(None if size is None else integer(f"shape[{i}]", size, 1) for i, size in enumerate(shape))

    def compute_output_shape(self, input_shape):
        """Return the input's shape, after checking that it matches the layer's."""
        if not sizes_fit(input_shape[1:], self.shape):
            raise ValueError(f"x has samples of shape {tuple(input_shape[1:])}; expected the model's input shape {self.shape}")
        return input_shape

    def call(self, x):
        """Return `x`."""
        return x

    def _first_node(self):
        if not self._nodes:
            node = Node(self, None, (None, *self.shape))
            self._note_call(node)
            return node
        return super()._first_node()

    def get_config(self):
        """Return the constructor's arguments."""
        return {"shape": self.shape, **super().get_config()}


@documented(WEIGHTS_DOC)
class Dense(AffineLayer):
    """Fully connected layer: ``activation(x @ kernel + bias)``.

    Parameters
    ----------
    units : int
        Number of output features.

    Notes
    -----
    Input (batch, ..., features), output (batch, ..., units). Weights: kernel (features, units) and bias (units,).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 3), np.float32)
    >>> layers.Dense(2, kernel_initializer="ones")(x)
    array([[3., 3.],
           [3., 3.]], dtype=float32)
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, **kwargs)
        self.units = integer("units", units, 1)

    def kernel_shape(self, input_shape):
        """Return (features, units)."""
        return (input_shape[-1], self.units)

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., units)."""
        if len(input_shape) < 2:
            raise ValueError(f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected (batch, ..., features)")
        return (*input_shape[:-1], self.units)

    def call(self, x):
        """Multiply, add the bias and apply the activation."""
        return operations.with_activation(partial(operations.Dense, x, self.kernel, self.bias), self.activation)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"units": self.units, **super().get_config()}
