"""Input and fully connected layers."""

from functools import partial

import numpy as np

from .._common.checks import boolean, integer, sequence, shown
from .._common.docstrings import documented
from ..engine import operations
from ..engine.dtypes import STRING
from .affine import WEIGHTS_DOC, AffineLayer
from .base import Elementwise
from .sizes import check_samples
from .symbolic import Node, Tensor


def Input(
    shape=None, batch_size=None, dtype=None, sparse=False, batch_shape=None, name=None, tensor=None, optional=False, ragged=None
):
    """Return the symbolic tensor of a model's input.

    Parameters
    ----------
    shape : tuple of (int or None), optional
        Shape of one sample, without the batch: (height, width, channels) for images. None means a height or width that may
        differ from call to call.
    batch_size : int, optional
        Number of samples, which shapes then begin with instead of None; a model still takes batches of any size.
    dtype : str, optional
        Dtype of the input, "float32" if None: "float64", "int32", "uint8", "bool" …, or "string" for layers such as
        `StringLookup`.
    batch_shape : tuple of (int or None), optional
        Shape with the batch size first, in place of `shape`.
    name : str, optional
        Name, unique within a model.
    sparse, ragged
        Accepted for compatibility with Keras, with their default values only.
    optional : bool
        Whether a model of several inputs takes None in place of this one, in calls on arrays and in `fit`, `evaluate` and
        `predict`, but not within a graph of layers; layers then get None.
    tensor : Tensor, optional
        A tensor whose shape and dtype are those of the input, in place of `shape` and `dtype`.

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
    _check_tensor("tensor", tensor)
    return InputLayer(shape, batch_size, dtype, sparse, batch_shape, tensor, optional, name, ragged=ragged).output


class InputLayer(Elementwise):
    """An input of a graph of layers; `Input` makes one and returns its symbolic tensor.

    Parameters
    ----------
    shape, batch_size, dtype, sparse, batch_shape
        As for `Input`.
    input_tensor : Tensor, optional
        A tensor whose shape and dtype are those of the input, in place of `shape` and `dtype`.
    optional, name, ragged
        As for `Input`.
    trainable
        See `Layer`.

    Examples
    --------
    >>> from striate import layers
    >>> layer = layers.InputLayer((8, 8, 1))
    >>> layer.output.shape
    (None, 8, 8, 1)
    """

    def __init__(
        self,
        shape=None,
        batch_size=None,
        dtype=None,
        sparse=False,
        batch_shape=None,
        input_tensor=None,
        optional=False,
        name=None,
        *,
        ragged=None,
        trainable=True,
    ):
        for argument, given in (("sparse", sparse), ("ragged", ragged)):
            if boolean(argument, given or False):
                raise ValueError(f"{argument}={shown(given)} is not supported; expected {argument}=False")
        _check_tensor("input_tensor", input_tensor)
        if batch_shape is not None:
            for argument, given in (("shape", shape), ("batch_size", batch_size)):
                if given is not None:
                    raise ValueError(
                        f"{argument}={shown(given)} and batch_shape={shown(batch_shape)} are given; expected one of them"
                    )
            batch_size, *shape = sequence("batch_shape", batch_shape, "sizes, the batch size first") or (None,)
        if input_tensor is not None:
            batch_size, shape, dtype = _like("input_tensor", input_tensor, batch_size, shape, dtype)
        batch_size = None if batch_size is None else integer("batch_size", batch_size, 1)
        other = _other_dtype(dtype)
        super().__init__(name=name, trainable=trainable, dtype=None if other else dtype)
        self.dtype = other or self.dtype
        self.batch_size = batch_size
        self.sparse = self.ragged = False
        self.optional = boolean("optional", optional or False)
        if not isinstance(shape, (tuple, list)):
            raise ValueError(
                f"shape={shown(shape)} is not the shape of a sample; expected a tuple such as (height, width, channels)"
            )
        self.shape = tuple(None if size is None else integer(f"shape[{i}]", size, 1) for i, size in enumerate(shape))

    passes_dtype_on = takes_strings = True

    @property
    def batch_shape(self):
        """The shape of the input, with None for a batch size that is not given."""
        return self.batch_size, *self.shape

    def compute_output_shape(self, input_shape):
        """Return the input's shape, after checking that it matches the layer's."""
        check_samples(input_shape, self.shape)
        return input_shape

    def call(self, x):
        """Return `x`."""
        return x

    def _first_node(self):
        if not self._nodes:
            node = Node(self, None, self.batch_shape)
            self._note_call(node)
            return node
        return super()._first_node()

    def get_config(self):
        """Return the constructor's arguments."""
        given = {} if self.batch_size is None else {"batch_size": self.batch_size}
        if self.optional:
            given["optional"] = True
        return {"shape": self.shape, **given, **super().get_config()}


def _check_tensor(name, tensor):
    """Raise an error unless an argument is a symbolic tensor or None."""
    if tensor is not None and not isinstance(tensor, Tensor):
        raise ValueError(f"{name}={shown(tensor)} is of type {type(tensor).__name__}; expected a Tensor")


def _like(name, tensor, batch_size, shape, dtype):
    """Return the batch size, the shape of a sample and the dtype of a tensor, with which given ones have to agree."""
    found = {"batch_size": tensor.shape[0], "shape": tensor.shape[1:], "dtype": tensor.dtype}
    given = {"batch_size": batch_size, "shape": shape if shape is None else tuple(shape), "dtype": dtype}
    for argument, value in given.items():
        if value is not None and value != found[argument]:
            raise ValueError(f"{argument}={shown(value)} differs from that of {name}, {found[argument]}; expected one of them")
    return tuple(found.values())


def _other_dtype(dtype):
    """Return the name of a dtype of integers, booleans or strings, or None for another one."""
    if dtype is str or (isinstance(dtype, str) and dtype == STRING):
        return STRING
    try:
        found = None if dtype is None else np.dtype(dtype)
    except TypeError:
        found = None
    if isinstance(dtype, str) and (found is None or found.kind not in "biuf"):
        raise ValueError(
            f"dtype={shown(dtype)} is not supported; expected 'float32', 'float64', the name of a dtype of integers, 'bool' or "
            "'string'"
        )
    return found.name if found is not None and found.kind in "biu" else None


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
        return operations.with_activation(partial(operations.Dense, x, self.kernel, self.bias), self._activation)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"units": self.units, **super().get_config()}
