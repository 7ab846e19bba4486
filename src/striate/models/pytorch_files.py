"""PyTorch's weights, as a state dict in a safetensors file.

Its kernels have their axes in another order, and its images their channels in front: so do the features that a dense layer
behind a `Flatten` sees.
"""

import re

import numpy as np

from ..layers import BatchNormalization, Conv2D, Conv2DTranspose, Dense, DepthwiseConv2D, Flatten
from ..layers.base import Elementwise
from .saving import check_folder, write_whole

_PARTS = ("weight", "bias", "running_mean", "running_var")


def load_safetensors(model, path, name_map=None):
    """Set a model's weights to those of PyTorch's modules in a file. If some do not fit, none is changed.

    Parameters
    ----------
    model : Model or Sequential
        Built.
    path : path
        The file: a state dict, written by safetensors.
    name_map : dict or callable, optional
        Which layer of the model, by its path as "block/conv2d", takes the weights of a module, by its name as "features.0". By
        default the modules, in the order of their names, numbers as such, are those of the model's layers, in theirs.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    ValueError
        If modules and layers do not fit together.
    """
    numpy_api = _safetensors()
    modules = {}
    for name, array in numpy_api.load_file(path).items():
        module, _, part = name.rpartition(".")
        if part != "num_batches_tracked":
            modules.setdefault(module, {})[part] = array
    leaves = dict(_leaves(model))
    found = []
    for module, place in _pairs(modules, leaves, name_map):
        layer, arrays = leaves[place], modules[module]
        unknown = set(arrays) - set(_PARTS)
        converted = [_from_pytorch(layer, arrays[part], part) for part in _PARTS if part in arrays]
        expected = [weight.shape for weight in layer._own_weights]
        if unknown or [array.shape for array in converted] != expected:
            shapes = {part: array.shape for part, array in arrays.items()}
            raise ValueError(f"module {module!r} holds {shapes}; expected the weights {expected} of layer {place!r}")
        found += zip(layer._own_weights, converted, strict=True)
    for weight, array in found:
        weight.assign(np.asarray(array, np.float64))


def save_safetensors(model, path, name_map=None):
    """Write a model's weights to a file as PyTorch's state dict of the same network: completely, or not at all.

    Parameters
    ----------
    model : Model or Sequential
        Built.
    path : path
        The file.
    name_map : dict or callable, optional
        The name of the module for the path of a layer; "block.conv2d" for "block/conv2d" if None.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    """
    numpy_api = _safetensors()
    name_of = _mapping(name_map, lambda place: place.replace("/", "."))
    arrays = {}
    for place, layer in _leaves(model):
        module = name_of(place)
        for part, weight in zip(_parts_of(layer), layer._own_weights, strict=True):
            arrays[f"{module}.{part}"] = np.ascontiguousarray(_to_pytorch(layer, weight.value, part))
    write_whole(check_folder(path), numpy_api.save(arrays))


def _safetensors():
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError("PyTorch's weights need safetensors; expected it, or pip install striate[safetensors]") from error
    return safetensors.numpy


def _leaves(layer, prefix=""):
    """Yield (path, layer) of the layers within a layer that have weights of their own."""
    for sublayer in layer._sublayers():
        if sublayer._own_weights:
            yield prefix + sublayer.name, sublayer
        yield from _leaves(sublayer, f"{prefix}{sublayer.name}/")


def _mapping(name_map, otherwise):
    if name_map is None:
        return otherwise
    return name_map if callable(name_map) else name_map.get


def _pairs(modules, leaves, name_map):
    """Return (module, path of a layer) for each layer."""
    if name_map is None:
        if len(modules) != len(leaves):
            raise ValueError(
                f"the file has {len(modules)} modules with weights; expected {len(leaves)}, as the model has layers"
            )
        ordered = sorted(modules, key=lambda name: [int(each) if each.isdigit() else each for each in re.split(r"(\d+)", name)])
        return list(zip(ordered, leaves, strict=True))
    place_of = _mapping(name_map, None)
    pairs = [(module, place) for module in modules if (place := place_of(module)) is not None]
    unknown = [place for _, place in pairs if place not in leaves]
    missing = set(leaves) - {place for _, place in pairs}
    if unknown or missing:
        raise ValueError(
            f"name_map leads to {unknown}, which the model lacks, and not to {sorted(missing)}; expected each layer once"
        )
    return pairs


def _parts_of(layer):
    """Return PyTorch's names of a layer's weights."""
    if isinstance(layer, BatchNormalization):
        return [part for part, there in zip(_PARTS, (layer.scale, layer.center, True, True), strict=True) if there]
    return _PARTS[: len(layer._own_weights)]


def _from_pytorch(layer, array, part):
    array = np.asarray(array, np.float32 if array.dtype.itemsize < 4 or array.dtype.kind != "f" else array.dtype)
    if part != "weight" or array.ndim < 2:
        return array
    if isinstance(layer, DepthwiseConv2D) and array.ndim == 4:  # (c * m, 1, kh, kw)
        return array[:, 0].transpose(1, 2, 0).reshape(*array.shape[2:], -1, layer.depth_multiplier)
    if isinstance(layer, (Conv2D, Conv2DTranspose)) and array.ndim == 4:
        return array.transpose(2, 3, 1, 0)  # of (f, c, kh, kw), transposed (c, f, kh, kw)
    if isinstance(layer, Dense) and array.ndim == 2:
        shape = _flattened(layer)
        if shape is None or np.prod(shape) != array.shape[1]:
            return array.T
        height, width, channels = shape
        return array.reshape(-1, channels, height, width).transpose(2, 3, 1, 0).reshape(array.shape[::-1])
    return array


def _to_pytorch(layer, array, part):
    if part != "weight" or array.ndim < 2:
        return array
    if isinstance(layer, DepthwiseConv2D):
        return array.reshape(*array.shape[:2], -1).transpose(2, 0, 1)[:, np.newaxis]
    if isinstance(layer, (Conv2D, Conv2DTranspose)):
        return array.transpose(3, 2, 0, 1)
    if isinstance(layer, Dense):
        shape = _flattened(layer)
        if shape is None:
            return array.T
        return array.reshape(*shape, -1).transpose(3, 2, 0, 1).reshape(array.shape[::-1])
    return array


def _flattened(layer):
    """Return the shape (height, width, channels) of the images whose `Flatten` a dense layer sees, or None."""
    try:
        node = layer.input.node
    except (AttributeError, ValueError):
        return None  # several inputs, or places in the model
    while isinstance(node.layer, Elementwise) and node.inputs is not None and not isinstance(node.inputs, (list, tuple)):
        node = node.inputs.node
    if not isinstance(node.layer, Flatten) or len(node.inputs.shape) != 4:
        return None
    return tuple(node.inputs.shape[1:])
