"""Models as graphs of layers: symbolic tensors, which layers take and return, and the nodes that connect them."""

import weakref
from typing import NamedTuple

import numpy as np

from ..engine.operators import Operators
from ..engine.shapes import with_any_sizes, without_any_sizes


class Tensor(Operators):
    """A symbolic tensor: the output of a `Node`, to be passed to other layers or to a model.

    Attributes
    ----------
    shape : tuple
        With None for the batch, and for sizes that are not known; in a trial call with integers in their place, see
        `engine.shapes.AnySize`.
    dtype : str
        Of its elements.
    node : Node
        The call that it comes from.
    """

    __slots__ = ("__weakref__", "dtype", "index", "node", "shape")
    _rank = 1

    def __init__(self, shape, dtype, node, index=0):
        self.shape = with_any_sizes(shape) if node.trial else tuple(shape)
        self.dtype = dtype
        self.node = node
        self.index = index  # index among the node's outputs

    @property
    def place(self):
        """Node and index: the same for all tensors of one output."""
        return self.node, self.index

    def __array__(self, dtype=None, copy=None):
        """Refuse to be an array."""
        raise TypeError(
            f"{self!r} has no elements yet; expected an array, or a layer or Model in place of a function of arrays"
        )

    def __repr__(self):
        """Return shape, dtype and the layer."""
        return f"<Tensor shape={self.shape} dtype={self.dtype} of layer {self.node.layer.name!r}>"


class Node:
    """One call of a layer in a graph of layers.

    References go backwards: tensors refer to their node, nodes to their layer and inputs, models to their nodes. References in
    the other direction are weak, so that the memory of weights, large as it may be, is freed with the last reference to them.

    Attributes
    ----------
    layer : Layer
        The layer.
    inputs : Tensor, list of Tensor or None
        The inputs of the call; None for an input.
    outputs : Tensor or list of Tensor
        The outputs of the call; a tensor that nothing refers to any more is made again.
    training : bool or None
        The mode that it was called in, if one was given.
    trial : Trial or None
        What the call finds out, if it is not part of a graph of layers.
    """

    def __init__(self, layer, inputs, output_shape, dtypes=None, training=None, trial=None):
        self.trial = trial
        self.layer = layer
        self.inputs = inputs
        self.training = training
        self._several = is_structure_of_shapes(output_shape)
        shapes = list(output_shape) if self._several else [output_shape]
        dtypes = [layer.dtype] * len(shapes) if dtypes is None else dtypes if self._several else [dtypes]
        self._made_of = list(zip(shapes, dtypes, strict=True))  # shape and dtype of each output
        self._tensors = weakref.WeakValueDictionary()  # by index

    @property
    def outputs(self):
        tensors = [self._tensor(index) for index in range(len(self._made_of))]
        return tensors if self._several else tensors[0]

    def _tensor(self, index):
        known = self._tensors.get(index)
        if known is None:
            known = self._tensors[index] = Tensor(*self._made_of[index], self, index)
        return known

    @property
    def places(self):
        """Those of the outputs, in a list: see `Tensor.place`."""
        return [(self, index) for index in range(len(self._made_of))]

    def __getstate__(self):
        return {**vars(self), "_tensors": None}  # weak references cannot be copied

    def __setstate__(self, state):
        vars(self).update(state, _tensors=weakref.WeakValueDictionary())
        if self.trial is None:
            self.layer._note_call(self)


class Trial(NamedTuple):
    """What calls of layers that are not part of a graph find out: shapes, and which layers there are."""

    rng: object  # a generator: where the layers' first weights come from; None if they are not to be built


def trial_of(tensors):
    """Return the trial that tensors, or values beside them, belong to, or None."""
    return next((tensor.node.trial for tensor in flat(tensors) if isinstance(tensor, Tensor)), None)


def tensors_of(shape, layer, trial, dtypes=None):
    """Return a list of tensors that come to a layer in a trial, for a shape or a list of them, of its dtype or given ones."""
    shapes = flat_shapes(shape)
    dtypes = [layer.dtype] * len(shapes) if dtypes is None else dtypes
    return [Node(layer, None, *each, trial=trial).outputs for each in zip(shapes, dtypes, strict=True)]


def flat_shapes(shape):
    """Return a shape, or a list of shapes, as a list."""
    return shape if isinstance(shape, list) else [shape]


def is_structure_of_shapes(shape):
    """Tell a list of shapes from a shape."""
    return isinstance(shape, list) or (isinstance(shape, tuple) and bool(shape) and isinstance(shape[0], (tuple, list)))


def flat(structure):
    """Return one thing, or a list, tuple or dict of things, as a list."""
    if structure is None:
        return []
    if isinstance(structure, dict):
        return list(structure.values())
    return list(structure) if isinstance(structure, (list, tuple)) else [structure]


def flat_deep(structure):
    """Return what is in lists, tuples and dicts within one another as a list."""
    if isinstance(structure, (list, tuple, dict)):
        return [each for part in flat(structure) for each in flat_deep(part)]
    return flat(structure)


def dtypes_of(structure):
    """Return the name of the dtype of one thing, or a list of those of several."""
    if isinstance(structure, (list, tuple)):
        return [dtypes_of(each) for each in structure]
    return np.dtype(structure.dtype).name


def shapes_of(structure):
    """Return the shapes of one thing or a list of them, each as a tuple, with None for what is not known."""
    return without_any_sizes(sizes_of(structure))


def sizes_of(structure):
    """Return the shapes of one thing or a list of them, each as a tuple."""
    return [tuple(each.shape) for each in structure] if isinstance(structure, (list, tuple)) else tuple(structure.shape)
