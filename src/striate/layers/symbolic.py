"""Graphs of layers: symbolic tensors, which layers take and return, and nodes, the calls that connect them."""

import weakref
from typing import NamedTuple

from .._common.checks import boolean, integer, sequence, shown, text
from .._common.structures import (
    BRANCHES,
    TupleOfShapes,
    flat_shapes,
    is_structure_of_shapes,
    leaves,
    parts_of,
    structured,
    with_parts,
)
from ..engine.dtypes import dtype_name, dtype_named
from ..engine.operators import Operators
from ..engine.shapes import TRACED_SIZES, with_any_sizes, without_any_sizes


class Tensor(Operators):
    """A symbolic tensor: an output of a `Node`, to be passed to other layers or to a model.

    Layers and `Input` return them. One that is made of a shape and a dtype is what a model, a `Function` or a
    `compute_output_spec` begins with.

    Parameters
    ----------
    shape : tuple
        Shape, with None for unknown sizes.
    dtype : str
        Dtype.
    sparse, ragged, record_history
        Accepted for compatibility with Keras, with their default values only.
    name : str, optional
        Name.

    Attributes
    ----------
    shape : tuple
        Shape, with None for the batch size and for unknown sizes. While a call is traced, it has integers in their place; see
        `engine.shapes.AnySize`.
    dtype : str
        Name of the dtype.
    name : str
        Name of the layer, or that of the tensor if it is not an output of one.
    node : Node
        The call that returned the tensor.
    index : int
        Index among the outputs of the node.

    Examples
    --------
    >>> from striate import layers
    >>> image = layers.Input((8, 8, 1))
    >>> y = layers.Conv2D(4, 3)(image) * 2 + 1
    >>> y.shape, y.dtype
    ((None, 6, 6, 4), 'float32')
    """

    __slots__ = ("__weakref__", "dtype", "index", "node", "shape")
    _rank = 1
    sparse = ragged = False

    def __init__(self, shape, dtype="float32", sparse=False, ragged=False, record_history=True, name=None):
        flags = ("sparse", sparse, False), ("ragged", ragged, False), ("record_history", record_history, True)
        for argument, given, expected in flags:
            if boolean(argument, given) is not expected:
                raise ValueError(f"{argument}={shown(given)} is not supported; expected {expected}")
        sizes = sequence("shape", shape, "sizes")
        self.shape = tuple(None if size is None else integer(f"shape[{i}]", size, 0) for i, size in enumerate(sizes))
        self.dtype = dtype_named(dtype).name
        self.node = Node(_Source("keras_tensor" if name is None else text("name", name)), None, self.shape, self.dtype)
        self.index = 0

    @classmethod
    def of_node(cls, shape, dtype, node, index):
        """Return the output of a node at an index."""
        self = cls.__new__(cls)
        self.shape = with_any_sizes(shape, *node.trace.numbers) if node.trace else tuple(shape)
        self.dtype, self.node, self.index = dtype, node, index
        return self

    @property
    def name(self):
        """Name of the layer, or that of the tensor if it is not an output of one."""
        return self.node.layer.name

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    @property
    def place(self):
        """Node and index, which are equal for all tensors that stand for the same output."""
        return self.node, self.index

    def __array__(self, dtype=None, copy=None):
        """Raise a TypeError, since a symbolic tensor has no elements."""
        raise TypeError(
            f"{self!r} has no elements yet; expected an array, or a layer or Model in place of a function of arrays"
        )

    def __repr__(self):
        """Return shape, dtype and the layer."""
        return f"<Tensor shape={self.shape} dtype={self.dtype} of layer {self.node.layer.name!r}>"


class _Source(NamedTuple):
    """What takes the place of a layer in the node of a tensor that is no layer's output."""

    name: str

    def _note_call(self, node):
        """Do nothing: no node is found by it."""


class Node:
    """One call of a layer in a graph of layers.

    References point backwards: tensors refer to their node, nodes to their layer and inputs, and models to their nodes.
    References in the other direction are weak, so that the memory of weights is freed with the last reference to a model.

    Attributes
    ----------
    layer : Layer
        The layer that was called.
    inputs : Tensor, a structure of them, or None
        The inputs of the call; None for the node of an `InputLayer`.
    outputs : Tensor, or a structure of them
        The outputs of the call. They are made on demand, since the node refers to them weakly.
    training : bool or None
        The argument `training` of the call.
    trace : Trace or None
        The trace that the call belongs to, if it is not part of a graph of layers.
    """

    def __init__(self, layer, inputs, output_shape, dtypes=None, training=None, trace=None):
        self.trace = trace
        self.layer = layer
        self.inputs = inputs
        self.training = training
        self._output_shape = output_shape
        shapes = flat_shapes(output_shape)
        dtypes = [layer.dtype] * len(shapes) if dtypes is None else leaves(dtypes)
        self._output_specs = list(zip(shapes, dtypes, strict=True))  # Shape and dtype of each output.
        self._tensors = weakref.WeakValueDictionary()  # Existing output tensors, by index.

    @property
    def sources(self):
        """The tensors in `inputs`, as a list."""
        return [] if self.inputs is None else leaves(self.inputs)

    @property
    def outputs(self):
        return structured(self._output_shape, map(self._tensor, range(len(self._output_specs))))

    @property
    def returns_several(self):
        """Whether the outputs are a list or dict."""
        return is_structure_of_shapes(self._output_shape)

    def _tensor(self, index):
        """Return the output at an index, which is made unless it exists."""
        known = self._tensors.get(index)
        if known is None:
            known = self._tensors[index] = Tensor.of_node(*self._output_specs[index], self, index)
        return known

    @property
    def places(self):
        """The `Tensor.place` of each output."""
        return [(self, index) for index in range(len(self._output_specs))]

    def __getstate__(self):
        return {**vars(self), "_tensors": None}  # Weak references cannot be copied.

    def __setstate__(self, state):
        vars(self).update(state, _tensors=weakref.WeakValueDictionary())
        if self.trace is None:
            self.layer._note_call(self)


class Trace(NamedTuple):
    """A trace of `call`: calls of layers on symbolic tensors, which infer shapes and may build the layers.

    Its nodes are not part of a graph of layers.
    """

    rng: object  # Generator for the weights of new layers; None if they are not built.
    numbers: tuple = TRACED_SIZES[0]  # Numbers in place of an unknown batch size and of other unknown sizes.


def trace_of(tensors):
    """Return the trace that the first symbolic tensor of a structure belongs to, or None."""
    return next((tensor.node.trace for tensor in leaves(tensors) if isinstance(tensor, Tensor)), None)


def tensors_of(shape, layer, trace, dtypes=None):
    """Return symbolic tensors with which `call` of a layer is traced, in the structure of `shape`.

    Parameters
    ----------
    shape : tuple, or structure of tuple
        Shape of the input, or of each input.
    layer : Layer
        The layer.
    trace : Trace
        The trace that the tensors belong to.
    dtypes : list of str, optional
        Dtypes of the inputs; the layer's if None.
    """
    shapes = flat_shapes(shape)
    dtypes = [layer.dtype] * len(shapes) if dtypes is None else dtypes
    return structured(shape, [Node(layer, None, *each, trace=trace).outputs for each in zip(shapes, dtypes, strict=True)])


def dtypes_of(structure):
    """Return the name of the dtype of a tensor or value, or the names in a structure of them as a list."""
    names = [dtype_name(each.dtype) for each in leaves(structure)]
    return names if isinstance(structure, (list, tuple, dict)) else names[0]


def shapes_of(structure):
    """Return the shape of a tensor or value, or the shapes in a structure of them, with None for unknown sizes."""
    return without_any_sizes(sizes_of(structure))


def sizes_of(structure):
    """Return the shape of a tensor or value, or the shapes in a structure of them, as they are: see `Tensor.shape`."""
    if not isinstance(structure, BRANCHES):
        return tuple(structure.shape)
    parts = list(map(sizes_of, parts_of(structure)))
    return TupleOfShapes(parts, type(structure)) if isinstance(structure, tuple) else with_parts(structure, parts)
