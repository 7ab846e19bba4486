"""Keras 3's weight files: ``.weights.h5``, also a member of ``.keras`` files.

The weights of a layer are at ``<place>/vars/<index>``. The place of a layer in another one is the name of the attribute that
holds it. In a list, such as a model's ``layers``, it is the name of its class, numbered in the list's order:
``layers/block/convs/conv2d_1``.
"""

import functools
import io
import math

import numpy as np

from ... import layers
from ..._common.checks import check_path
from ..._common.files import check_folder, write_atomically
from ..._common.registry import snake_case
from ..._common.structures import flat
from ...layers.randomness import RandomLayer
from ...layers.separable import SeparableConvolution
from ...models import Model, Sequential
from ...models.model import check_model
from ..npz import SMALL, Claims
from ..weights import as_stored, set_weights
from .archive import import_h5py, open_weights


def load_keras_weights(model, path):
    """Set a model's weights to those in a file of Keras'. If any does not fit, none is changed.

    Parameters
    ----------
    model : Model or Sequential
        The model, built, of the same layers in the same order.
    path : path
        A ``.weights.h5`` or ``.keras`` file.

    Raises
    ------
    ImportError
        If h5py is not installed.
    ValueError
        If the file is not Keras', or its weights are not the model's.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, interop
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> other = Sequential([layers.Input((4,)), layers.Dense(2)], rng=1)
    >>> path = tempfile.mkdtemp() + "/model.weights.h5"
    >>> interop.save_keras_weights(model, path)
    >>> interop.load_keras_weights(other, path)
    >>> bool((other.predict(x) == model.predict(x)).all())
    True
    """
    check_model(model)
    with open_weights(check_path("path", path)) as file:
        found = find_weights(model, file, path, {})
        found = [(weight, as_stored(dataset[()], weight.dtype)) for weight, dataset in found]
    set_weights(found)


def find_weights(model, file, path, orders):
    """Return (weight, dataset) of an open file; `orders` has the layers of models in Keras' order, by the models' ids."""
    found, claims = [], Claims(file.id.get_filesize())
    for place, layer in _places(model, orders):
        expected = _own_weights(layer)
        group = _child(file, f"{place}vars")
        datasets = [] if group is None else [_child(group, str(i)) for i in range(len(group))]
        shapes = [_shape(dataset, f"{place}vars/{i}", claims) for i, dataset in enumerate(datasets)]
        if shapes != [weight.shape for weight in expected]:
            raise ValueError(
                f"path={str(path)!r} holds weights of shapes {shapes} for {place.rstrip('/')!r}; expected "
                f"{[weight.shape for weight in expected]}, as layer {layer.name!r} has"
            )
        found += zip(expected, datasets, strict=True)
    return found


def _child(group, place):
    """Return the member of a group at a path, or None; soft links and links to other files raise an error."""
    h5py = import_h5py()
    for name in filter(None, place.split("/")):
        link = group.get(name, getlink=True)
        if link is None:
            return None
        if not isinstance(link, h5py.HardLink):
            raise ValueError(f"{name!r} is a link; expected everything to be in the file itself")
        group = group[name]
    return group


def _shape(dataset, place, claims):
    """Return the shape of a dataset, all of whose elements must be in the file itself."""
    h5py = import_h5py()
    if not isinstance(dataset, h5py.Dataset) or dataset.is_virtual or dataset.external:
        raise ValueError(f"{place!r} is not an array in the file itself; expected one")
    if dataset.shape is None or dataset.dtype.kind not in "fiub":
        raise ValueError(f"{place!r} holds {dataset.dtype}; expected real numbers")
    in_pieces = dataset.chunks is not None  # Only datasets in chunks can be compressed.
    if not in_pieces and dataset.id.get_storage_size() < dataset.nbytes:
        raise ValueError(f"{place!r} has no elements; expected {dataset.nbytes} bytes of them")
    if in_pieces and math.prod(dataset.chunks) * dataset.dtype.itemsize > max(dataset.nbytes, SMALL):
        raise ValueError(f"{place!r} has chunks of shape {dataset.chunks}; expected them to be smaller than the whole")
    claims.add(place, dataset.nbytes, in_pieces)
    if in_pieces and dataset.id.get_num_chunks() < math.prod(map(_pieces, dataset.shape, dataset.chunks)):
        raise ValueError(f"{place!r} lacks some of its chunks of shape {dataset.chunks}; expected all of its elements")
    return dataset.shape


def _pieces(size, chunk):
    return -(-size // chunk)


def save_keras_weights(model, path):
    """Write a model's weights to a file that Keras loads into the same network, completely or not at all.

    Parameters
    ----------
    model : Model or Sequential
        The model.
    path : path
        The file, ending in ``.weights.h5``.

    Raises
    ------
    ImportError
        If h5py is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, interop
    >>> x = np.ones((1, 4), "float32")
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> other = Sequential([layers.Input((4,)), layers.Dense(2)], rng=1)
    >>> path = tempfile.mkdtemp() + "/model.weights.h5"
    >>> interop.save_keras_weights(model, path)
    >>> interop.load_keras_weights(other, path)
    >>> bool((other.predict(x) == model.predict(x)).all())
    True
    """
    check_model(model)
    path = check_path("path", path)
    h5py = import_h5py()
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        for place, layer in _places(model, {}):
            group = file.create_group(f"{place}vars")
            group.attrs["name"] = layer.name
            for i, weight in enumerate(_own_weights(layer)):
                group.create_dataset(str(i), data=weight.peek())
            if isinstance(layer, RandomLayer):  # Keras expects the state of its random generator there.
                file.create_dataset(f"{place}seed_generator/vars/0", data=np.zeros(2, np.uint32))
    write_atomically(check_folder(path), memory.getvalue())


def _places(layer, orders, place="", seen=None):
    """Yield (path, layer) of a layer and of all layers in it, each once, with the path at which Keras finds it first."""
    seen = set() if seen is None else seen
    if id(layer) in seen:
        return
    seen.add(id(layer))
    yield place, layer
    for name, child in _children(layer, orders):
        for inner, each in _entries(child, f"{place}{name}/"):
            yield from _places(each, orders, inner, seen)


def _children(layer, orders):
    """Yield (name, layer or list or dict) of the layers in a layer, in Keras' order."""
    if isinstance(layer, SeparableConvolution):  # In Keras, its two convolutions are not layers.
        yield "activation", layer.pointwise.activation
        return
    known = _attributes_of(Sequential if isinstance(layer, Model) else layers.Layer)
    attributes = {name: value for name, value in vars(layer).items() if name not in known}
    if isinstance(layer, Model):
        of_model = orders.get(id(layer)) or layer.layers
        if isinstance(layer, Sequential) or layer.nodes:
            yield "layers", of_model
        else:
            attributes["layers"] = of_model
    yield from sorted(attributes.items(), key=lambda item: (item[0].startswith("_"), item[0]))


@functools.cache
def _attributes_of(cls):
    """Return the names of attributes that the library sets."""
    return frozenset(vars(cls()))


def _entries(child, place):
    """Yield (place, layer) of an attribute, or of its elements if it is a list or dict."""
    if isinstance(child, layers.Layer):
        yield place, child
    elif isinstance(child, (list, tuple, dict)):
        used = {}
        for each in flat(child):
            container = isinstance(each, (list, tuple, dict))
            if container or isinstance(each, layers.Layer):
                name = "container" if container else _class_name(each)
                used[name] = used.get(name, -1) + 1
                yield from _entries(each, f"{place}{name}_{used[name]}/" if used[name] else f"{place}{name}/")


def _own_weights(layer):
    """Return the weights that Keras keeps in a layer itself, in Keras' order: trainable ones first."""
    own = layer._own_weights
    if isinstance(layer, SeparableConvolution):
        own = [*layer.depthwise._own_weights, *layer.pointwise._own_weights]
    if isinstance(layer, layers.SpectralNormalization):  # In Keras, the kernel of its layer is an attribute of its own, too.
        own = [layer.kernel, *own]
    return sorted(own, key=lambda weight: not weight.trainable)


def _class_name(layer):
    return "functional" if type(layer) is Model else snake_case(type(layer).__name__)
