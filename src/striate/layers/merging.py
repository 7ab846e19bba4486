"""Layers that merge several inputs into one output."""

import math

import numpy as np

from .._common.checks import boolean, integer, integers, shown
from ..engine import operations
from ..engine.operators import apply
from ..engine.shapes import broadcast, concatenated
from .base import Layer
from .normalization import scaled_to_unit_length
from .shape_checks import check_batch
from .sizes import sizes_fit


class _Merging(Layer):
    """The base class of layers that merge inputs element by element. A subclass sets `merging`, the name of the operation.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.
    """

    merging = None
    takes_lists = True

    def compute_output_shape(self, input_shape):
        """Return the shape that samples are broadcast to, after the batch size."""
        shapes = _input_shapes(self, input_shape)
        try:
            return *broadcast(*[shape[:1] for shape in shapes]), *broadcast(*[shape[1:] for shape in shapes])
        except ValueError:
            given = ", ".join(map(str, shapes))
            raise ValueError(
                f"layer {self.name!r} got inputs of shapes {given}; expected equal shapes, or shapes that can be broadcast"
            ) from None

    def call(self, inputs):
        """Merge the inputs."""
        return operations.Merge(self.merging, broadcast_samples(inputs)).y


class Add(_Merging):
    """Sum of the inputs, element by element.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Add()([a, b])
    array([[5., 7.]], dtype=float32)
    """

    merging = "add"


class Subtract(_Merging):
    """First input minus the second.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Subtract()([a, b])
    array([[-3.,  3.]], dtype=float32)
    """

    merging = "subtract"

    def compute_output_shape(self, input_shape):
        """Return the shape that the samples of two inputs are broadcast to, after the batch size."""
        if isinstance(input_shape, list) and len(input_shape) != 2:
            raise ValueError(f"layer {self.name!r} got {len(input_shape)} inputs; expected two")
        return super().compute_output_shape(input_shape)


class Multiply(_Merging):
    """Product of the inputs, element by element.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Multiply()([a, b])
    array([[ 4., 10.]], dtype=float32)
    """

    merging = "multiply"


class Average(_Merging):
    """Mean of the inputs, element by element.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Average()([a, b])
    array([[2.5, 3.5]], dtype=float32)
    """

    merging = "average"


class Maximum(_Merging):
    """Maximum of the inputs, element by element.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Maximum()([a, b])
    array([[4., 5.]], dtype=float32)
    """

    merging = "maximum"


class Minimum(_Merging):
    """Minimum of the inputs, element by element.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Minimum()([a, b])
    array([[1., 2.]], dtype=float32)
    """

    merging = "minimum"


class Concatenate(Layer):
    """Concatenate the inputs along an axis.

    Parameters
    ----------
    axis : int
        Axis along which to concatenate; not the batch axis.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Concatenate()([a, b])
    array([[1., 5., 4., 2.]], dtype=float32)
    """

    takes_lists = True

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = integer("axis", axis)

    def _axis(self, shape):
        """Return the axis as a non-negative index."""
        axis = self.axis + len(shape) if self.axis < 0 else self.axis
        if not 0 < axis < len(shape):
            raise ValueError(
                f"axis={self.axis} is out of range; expected an axis of the inputs, of shape {shape}, other than the first"
            )
        return axis

    def compute_output_shape(self, input_shape):
        """Return the shape of the inputs, with the sum of their sizes along the axis."""
        shapes = _input_shapes(self, input_shape)
        axis = self._axis(shapes[0])
        try:
            _, *sizes = concatenated(*[(None, *shape[1:]) for shape in shapes], axis=axis)
        except ValueError:
            given = ", ".join(map(str, shapes))
            raise ValueError(
                f"layer {self.name!r} got inputs of shapes {given}; expected equal shapes except for axis {axis}"
            ) from None
        return shapes[0][0], *sizes

    def call(self, inputs):
        """Concatenate the inputs."""
        return operations.Concatenate(inputs, self._axis(inputs[0].shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axis": self.axis, **super().get_config()}


class Dot(Layer):
    """Dot products of vectors along an axis of each of two inputs.

    Parameters
    ----------
    axes : int or pair of int
        Axis of the first and of the second input; not the batch axis. One number means the same axis of both.
    normalize : bool
        Whether vectors are first scaled to length 1, so that the products are cosine similarities.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Inputs (batch, ...), output (batch, other axes of the first, other axes of the second), or (batch, 1) if there are no other
    axes. Computed in NumPy.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> a, b = np.array([[1.0, 5.0]], np.float32), np.array([[4.0, 2.0]], np.float32)
    >>> layers.Dot(axes=1)([a, b])
    array([[14.]], dtype=float32)
    """

    takes_lists = True

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        several = isinstance(axes, (tuple, list))
        if several and len(axes) != 2:
            raise ValueError(f"axes={shown(axes)} has {len(axes)} elements; expected one integer or two")
        self.axes = integers("axes", axes) if several else integer("axes", axes)
        self.normalize = boolean("normalize", normalize)

    def _axes(self, shapes):
        """Return the axis of each input as a non-negative index."""
        given = self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)
        axes = [axis + len(shape) if axis < 0 else axis for axis, shape in zip(given, shapes, strict=True)]
        fits = all(0 < axis < len(shape) for axis, shape in zip(axes, shapes, strict=True))
        if not fits or not sizes_fit(*[shape[axis : axis + 1] for shape, axis in zip(shapes, axes, strict=True)]):
            raise ValueError(
                f"layer {self.name!r} got inputs of shapes {shapes[0]} and {shapes[1]} with axes={self.axes}; expected axes "
                "of the same size, other than the batch axis"
            )
        return axes

    def compute_output_shape(self, input_shape):
        """Return the batch size and the other axes of both inputs."""
        shapes = _input_shapes(self, input_shape)
        if len(shapes) != 2:
            raise ValueError(f"layer {self.name!r} got {len(shapes)} inputs; expected two")
        axes = self._axes(shapes)
        sizes = [n for shape, axis in zip(shapes, axes, strict=True) for n in (*shape[1:axis], *shape[axis + 1 :])]
        return (shapes[0][0], *(sizes or [1]))

    def call(self, inputs):
        """Multiply a matrix whose rows are the vectors of the first input by one whose columns are those of the second."""
        factors = []
        for x, axis in zip(inputs, self._axes([x.shape for x in inputs]), strict=True):
            x = scaled_to_unit_length(x, axis) if self.normalize else x
            x = apply("transpose", x, axes=(0, *[i for i in range(1, len(x.shape)) if i != axis], axis))
            factors.append(apply("reshape", x, shape=(x.shape[0], math.prod(x.shape[1:-1]), x.shape[-1])))
        y = apply("matmul", factors[0], apply("transpose", factors[1], axes=(0, 2, 1)))
        return apply("reshape", y, shape=self.compute_output_shape([x.shape for x in inputs]))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"axes": self.axes, "normalize": self.normalize, **super().get_config()}


def _input_shapes(layer, shapes):
    """Return the shapes of a layer's inputs if they are a list of shapes with a batch axis."""
    if not isinstance(shapes, list) or not shapes:
        raise ValueError(f"layer {layer.name!r} got one input, of shape {shapes}; expected a list of inputs")
    for shape in shapes:
        check_batch(layer, shape)
    return shapes


def broadcast_samples(values):
    """Return values whose samples are broadcast to a common shape, and repeated where there is a single one."""
    sample = np.broadcast_shapes(*[value.shape[1:] for value in values])
    (batch,) = np.broadcast_shapes(*[value.shape[:1] for value in values])
    results = []
    for value in values:
        samples, *shape = value.shape
        if value.shape != (batch, *sample):
            value = operations.Reshape(value, (samples, *(1,) * (len(sample) - len(shape)), *shape)).y
            value = operations.Broadcast(value, (batch, *sample)).y
        results.append(value)
    return results


def _checked_inputs(inputs):
    """Return the inputs if they are a list or tuple that is not empty."""
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise TypeError(f"inputs={shown(inputs)} cannot be merged; expected a list of tensors or arrays, at least one")
    return inputs


def _merger(cls, doc):
    """Return the function that calls a new layer of a class."""

    def merge(inputs, **kwargs):
        return cls(**kwargs)(_checked_inputs(inputs))

    merge.__name__ = merge.__qualname__ = cls.__name__.lower()
    merge.__doc__ = f"""{doc}

    Examples
    --------
    >>> from striate import layers
    >>> a, b = layers.Input((4,)), layers.Input((4,))
    >>> layers.{merge.__name__}([a, b]).shape
    (None, 4)
    """
    return merge


add = _merger(Add, "Return the sum of a list of inputs, like the layer `Add`.")
subtract = _merger(Subtract, "Return the first of two inputs minus the second, like the layer `Subtract`.")
multiply = _merger(Multiply, "Return the product of a list of inputs, like the layer `Multiply`.")
average = _merger(Average, "Return the mean of a list of inputs, like the layer `Average`.")
maximum = _merger(Maximum, "Return the maximum of a list of inputs, like the layer `Maximum`.")
minimum = _merger(Minimum, "Return the minimum of a list of inputs, like the layer `Minimum`.")


def concatenate(inputs, axis=-1, **kwargs):
    """Return the concatenation of a list of inputs, like the layer `Concatenate`.

    Examples
    --------
    >>> from striate import layers
    >>> a, b = layers.Input((4,)), layers.Input((4,))
    >>> layers.concatenate([a, b]).shape
    (None, 8)
    """
    return Concatenate(axis, **kwargs)(_checked_inputs(inputs))


def dot(inputs, axes=-1, **kwargs):
    """Return the dot products of two inputs, like the layer `Dot`.

    Examples
    --------
    >>> from striate import layers
    >>> a, b = layers.Input((4,)), layers.Input((4,))
    >>> layers.dot([a, b], axes=1).shape
    (None, 1)
    """
    return Dot(axes, **kwargs)(_checked_inputs(inputs))
