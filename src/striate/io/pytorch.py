"""PyTorch's weights, as a state dict in a safetensors file.

PyTorch's kernels have their axes in another order. Its images and sequences have channels first, and so the features that
layers see after a `Flatten` are in another order, too.
"""

import os
import re

import numpy as np

from .._common.checks import check_path, shown
from .._common.extras import needing
from .._common.files import check_folder, open_descriptor, reading, write_atomically
from ..layers import BatchNormalization, Dense, DepthwiseConv1D, DepthwiseConv2D, GroupNormalization, LayerNormalization, PReLU
from ..layers.affine import AffineLayer
from ..layers.sublayers import layers_by_path
from ..models.model import check_model
from .channels_first import SAME, input_orders
from .weights import as_stored, set_weights

#: PyTorch's names of weights.
_PARTS = {
    "kernel": "weight", "gamma": "weight", "alpha": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
}  # fmt: skip
_KIND = "a safetensors file with dtypes that NumPy supports"
_COUNTER = "num_batches_tracked"  # PyTorch's count of batches in a batch normalization, which striate does not need
_NORMALIZATIONS = (BatchNormalization, GroupNormalization, LayerNormalization)


def load_safetensors(model, path, name_map=None):
    """Set a model's weights to those of PyTorch's modules in a file. If any does not fit, none is changed.

    Parameters
    ----------
    model : Model or Sequential
        The model, built.
    path : path
        The file: a state dict, written by safetensors.
    name_map : dict or callable, optional
        Maps the name of a module, such as "features.0", to the path of the layer that takes its weights, such as
        "block/conv2d". By default, the names are those that `save_safetensors` gives. If the file has other names, modules and
        layers are matched by the shapes of their weights; where several have the same shapes, their names may differ only in
        numbers, which give the order of the layers.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    ValueError
        If the file is damaged, or if modules and layers do not match, or match in several ways.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, interop
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> other = Sequential([layers.Input((4,)), layers.Dense(2)], rng=1)
    >>> path = tempfile.mkdtemp() + "/model.safetensors"
    >>> interop.save_safetensors(model, path)
    >>> interop.load_safetensors(other, path)
    >>> bool((other.predict(x) == model.predict(x)).all())
    True
    """
    leaves, name_map = _leaves(check_model(model)), _check_map(name_map)
    with _open(check_path("path", path)) as file:
        names, modules = {}, {}
        with reading(path, _KIND):
            for name in file.keys():  # noqa: SIM118 - it is not a dict, and cannot be iterated over.
                module, _, part = name.rpartition(".")
                if part != _COUNTER:
                    names[module, part] = name
                    modules.setdefault(module, {})[part] = tuple(file.get_slice(name).get_shape())
        try:
            pairs = _pairs(modules, leaves, name_map)
        except ValueError as error:
            raise ValueError(f"path={str(path)!r}: {error}") from None
        with reading(path, _KIND):
            found = [
                (weight, leaves[place].from_pytorch(part, as_stored(file.get_tensor(names[module, part]), weight.dtype)))
                for module, place in pairs
                for part, weight in leaves[place].weights.items()
            ]
    set_weights(found)


def save_safetensors(model, path, name_map=None):
    """Write a model's weights to a file, as the state dict of the same network in PyTorch, completely or not at all.

    Parameters
    ----------
    model : Model or Sequential
        The model, built.
    path : path
        The file.
    name_map : dict or callable, optional
        Maps the path of a layer to the name of a module; if None, "block/conv2d" becomes "block.conv2d".

    Raises
    ------
    ImportError
        If safetensors is not installed.
    ValueError
        If `name_map` lacks a layer or gives two layers the same name, or if PyTorch has no counterpart of the network.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, interop
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> other = Sequential([layers.Input((4,)), layers.Dense(2)], rng=1)
    >>> path = tempfile.mkdtemp() + "/model.safetensors"
    >>> interop.save_safetensors(model, path)
    >>> interop.load_safetensors(other, path)
    >>> bool((other.predict(x) == model.predict(x)).all())
    True
    """
    check_model(model)
    path = check_path("path", path)
    numpy_api = _safetensors()
    name_of = _mapping(_check_map(name_map), _default_name)
    arrays = {}
    for place, leaf in _leaves(model).items():
        module = name_of(place)
        own = {f"{module}.{part}": leaf.to_pytorch(part) for part in leaf.weights}
        if isinstance(leaf.layer, BatchNormalization):
            own[f"{module}.{_COUNTER}"] = np.zeros((), np.int64)
        if module is None or not arrays.keys().isdisjoint(own):
            raise ValueError(
                f"name_map={shown(name_map)} gives {module!r} for layer {place!r}; expected a different name for each layer"
            )
        arrays |= own
    write_atomically(check_folder(path), numpy_api.save(arrays))


def _safetensors():
    with needing("PyTorch's weights need safetensors", "safetensors"):
        import safetensors.numpy
    return safetensors.numpy


def _open(path):
    """Return the opened file, for a ``with`` block; its arrays are read one by one."""
    _safetensors()
    from safetensors import safe_open

    os.close(open_descriptor(path))  # This refuses anything but a regular file, which could block or have no end.
    with reading(path, _KIND):
        return safe_open(path, "numpy")


# ------------------------------------------------------------------------------------------------------ modules and layers


def _leaves(model):
    """Return the layers in a model that own weights, as `_Leaf`s by their paths."""
    orders = input_orders(model)
    owners = ((path, layer) for path, layer in layers_by_path(model) if layer._own_weights)
    return {path: _Leaf(layer, path, orders.get(id(layer), SAME)) for path, layer in owners}


def _default_name(place):
    return place.replace("/", ".")


def _check_map(name_map):
    if not (name_map is None or isinstance(name_map, dict) or callable(name_map)):
        raise TypeError(f"name_map={shown(name_map)} is of type {type(name_map).__name__}; expected a dict or a function")
    return name_map


def _mapping(name_map, otherwise):
    if name_map is None:
        return otherwise
    return name_map if callable(name_map) else name_map.get


def _pairs(modules, leaves, name_map):
    """Return (module, path of a layer) for each layer, with weights of the same shapes."""
    written = {_default_name(place): place for place in leaves}
    if name_map is not None or written.keys() == modules.keys():
        pairs = list(written.items()) if name_map is None else _mapped(modules, leaves, _mapping(name_map, None))
        for module, place in pairs:
            if leaves[place].shapes != modules[module]:
                raise ValueError(
                    f"module {module!r} holds {modules[module]}; expected {leaves[place].shapes}, for layer {place!r}"
                )
        return pairs
    if len(modules) != len(leaves):
        raise ValueError(
            f"the file has {len(modules)} modules with weights; expected {len(leaves)}, as many as the model has such layers"
        )
    alike, places = {}, {}  # modules, and paths of layers, by the shapes of their weights
    for module, shapes in modules.items():
        alike.setdefault(frozenset(shapes.items()), []).append(module)
    for place, leaf in leaves.items():
        places.setdefault(frozenset(leaf.shapes.items()), []).append(place)
    pairs = []
    for shapes, names in alike.items():
        fitting = places.get(shapes, [])
        if len(names) != len(fitting):
            of_layers = {place: leaf.shapes for place, leaf in leaves.items()}
            raise ValueError(
                f"module {names[0]!r} holds {dict(shapes)}, and {len(names)} in the file do; expected {len(fitting)}, as many "
                f"as the model has such layers, of {of_layers}"
            )
        if len({re.sub(r"\d+", "0", name) for name in names}) > 1:
            raise ValueError(
                f"modules {sorted(names)} hold weights of the same shapes, and their names do not tell their order; expected "
                f"name_map to map them to {fitting}"
            )
        names.sort(key=lambda name: [int(number) for number in re.findall(r"\d+", name)])
        pairs += zip(names, fitting, strict=True)
    return pairs


def _mapped(modules, leaves, place_of):
    pairs = [(module, place) for module in modules if (place := place_of(module)) is not None]
    reached = [place for _, place in pairs]
    unknown = [place for place in reached if place not in leaves]
    missing = sorted(set(leaves) - set(reached))
    twice = sorted({place for place in reached if reached.count(place) > 1})
    if unknown or missing or twice:
        raise ValueError(
            f"name_map maps to {unknown}, which the model lacks, not to {missing}, and several times to {twice}; expected each "
            "layer once"
        )
    return pairs


# ------------------------------------------------------------------------------------------------------------------ arrays


class _Leaf:
    """A layer that owns weights, and how PyTorch arranges their elements.

    Attributes
    ----------
    layer : Layer
        The layer.
    weights : dict of str to Variable
        Its weights, by PyTorch's names.
    shapes : dict of str to tuple
        The weights' shapes in PyTorch, by PyTorch's names.
    """

    def __init__(self, layer, place, order):
        self.layer = layer
        known = isinstance(layer, (AffineLayer, PReLU, *_NORMALIZATIONS))
        self.weights = {_PARTS.get(each.name, each.name) if known else each.name: each for each in layer._own_weights}
        of_vectors = isinstance(layer.input_shape, tuple) and len(layer.input_shape) == 2
        self._order = order if of_vectors else SAME
        permutable = isinstance(layer, (BatchNormalization, Dense, LayerNormalization, PReLU))
        if self._order is None or (self._order is not SAME and not permutable):
            raise ValueError(
                f"layer {place!r} gets features whose order in PyTorch is unknown; expected the output of a Flatten or Reshape "
                "of images or sequences, with nothing in between that moves or joins features"
            )
        self._check_counterpart(place)
        self.shapes = {part: tuple(self._shape(each)[i] for i in self._axes(each)) for part, each in self.weights.items()}

    def _check_counterpart(self, place):
        rank = len(self.layer.input_shape) - 1
        for weight in self.layer._own_weights:
            shape = self._shape(weight)
            if isinstance(self.layer, PReLU) and len(shape) > 1:
                raise ValueError(f"layer {place!r} has alpha of shape {shape}; expected one for each channel, as PyTorch has")
            if isinstance(self.layer, LayerNormalization) and len(shape) not in (1, rank):
                raise ValueError(f"layer {place!r} normalizes over {len(shape)} axes; PyTorch needs the last, or all {rank}")

    def to_pytorch(self, part):
        """Return PyTorch's array of a weight."""
        weight = self.weights[part]
        array = weight.value.reshape(self._shape(weight))
        if self._permutes(part):
            array = array[self._order]
        return np.ascontiguousarray(array.transpose(self._axes(weight)))

    def from_pytorch(self, part, array):
        """Return a weight's array from PyTorch's."""
        weight = self.weights[part]
        array = array.transpose(np.argsort(self._axes(weight)))
        if self._permutes(part):
            array = array[np.argsort(self._order)]
        return array.reshape(weight.shape)

    def _permutes(self, part):
        """Return whether the elements along a weight's first axis are in another order in PyTorch."""
        return self._order is not SAME and (part == "weight" or not isinstance(self.layer, Dense))

    def _shape(self, weight):
        """Return a weight's shape with as many axes as it has in PyTorch."""
        if isinstance(self.layer, (DepthwiseConv1D, DepthwiseConv2D)) and weight.name != "bias":
            return (*weight.shape[:-2], 1, weight.shape[-2] * weight.shape[-1])
        if isinstance(self.layer, PReLU) and set(weight.shape[:-1]) == {1}:
            return weight.shape[-1:]
        return weight.shape

    def _axes(self, weight):
        """Return the axis here of each axis of PyTorch's array."""
        axes = list(range(len(self._shape(weight))))
        if isinstance(self.layer, AffineLayer) and len(axes) > 1:
            return [axes[-1], axes[-2], *axes[:-2]]  # PyTorch's order is (out, in, *window), or (in, out, *window) transposed.
        if isinstance(self.layer, LayerNormalization):
            return [axes[-1], *axes[:-1]]
        return axes
