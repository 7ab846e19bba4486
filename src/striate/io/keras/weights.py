"""Keras 3's weight files: ``.weights.h5``, also a member of ``.keras`` files.

The weights of a layer are at ``<place>/vars/<index>``. The place of a layer in another one is the name of the attribute that
holds it. In a list, such as a model's ``layers``, it is the name of its class, numbered in the list's order:
``layers/block/convs/conv2d_1``.
"""

import functools
import io
import warnings

import numpy as np

from ... import layers
from ..._common.checks import boolean, check_path
from ..._common.files import check_folder, write_atomically
from ..._common.registry import snake_case
from ..._common.structures import flat
from ...layers.randomness import RandomLayer
from ...layers.separable import SeparableConvolution
from ...layers.sublayers import layers_within
from ...models import Model, Sequential
from ...models.model import check_model
from ...models.saving import layers_to_skip
from ..npz import Claims
from ..weights import as_stored, set_weights
from .archive import child, import_h5py, open_hdf5, shape_of
from .legacy import is_legacy, legacy_entries


def load_keras_weights(model, path, skip_mismatch=False, by_name=False, objects_to_skip=None):
    """Set a model's weights to those in a file of Keras'. If any does not fit, none is changed.

    Parameters
    ----------
    model : Model or Sequential
        The model, built, of the same layers in the same order.
    path : path
        A ``.weights.h5`` or ``.keras`` file, or an ``.h5`` file in the layout of Keras 2, in which Keras publishes the weights
        of its applications.
    skip_mismatch : bool
        Whether layers whose weights do not fit keep them, with a warning, while those of the others are set.
    by_name : bool
        Whether the layers are found by their names, not by their order; others keep their weights. Only for files in the layout
        of Keras 2.
    objects_to_skip : list of Layer, optional
        Layers that keep their weights, along with the layers in them. Not for files in the layout of Keras 2.

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
    path, skip_mismatch, by_name = (
        check_path("path", path),
        boolean("skip_mismatch", skip_mismatch),
        boolean("by_name", by_name),
    )
    skipped = _within(objects_to_skip)
    with open_hdf5(path) as file:
        if is_legacy(file) and objects_to_skip:
            raise ValueError("objects_to_skip is only for files in the layout of Keras 3; expected None")
        elif is_legacy(file):
            entries = legacy_entries(model, file, path, by_name)
        elif by_name:
            raise ValueError("by_name=True is only for files in the layout of Keras 2; expected False")
        else:
            entries = (entry for entry in keras_entries(model, file, path) if id(entry[1]) not in skipped)
        found = find_weights(entries, file, path, skip_mismatch)
        found = [(weight, as_stored(dataset[()], weight.dtype)) for weight, dataset in found]
    set_weights(found)


def keras_entries(model, file, path, orders=None):
    """Yield (place, layer, weights, datasets) of the layers of a model in a file of Keras 3.

    `orders` has the layers of models in Keras' order, by the models' ids.
    """
    if {"layers", "vars", "_layer_checkpoint_dependencies"}.isdisjoint(file):
        raise ValueError(f"path={str(path)!r} holds no layers as Keras writes them; expected a file of weights or of a model")
    for place, layer in places(model, orders or {}):
        group = child(file, f"{place}vars")
        datasets = [] if group is None else [child(group, str(i)) for i in range(len(group))]
        yield f"{place}vars", layer, _own_weights(layer), datasets


def find_weights(entries, file, path, skip_mismatch=False):
    """Return (weight, dataset) for the weights in an open file, each of which is checked.

    Parameters
    ----------
    entries : iterable
        (place, layer, weights, datasets) for each layer.
    file : h5py.File
        The file.
    path : path
        Where it is.
    skip_mismatch : bool
        Whether to leave out layers whose weights do not fit, with a warning.
    """
    found, claims = [], Claims(file.id.get_filesize())
    for place, layer, weights, datasets in entries:
        shapes = [shape_of(dataset, f"{place}/{i}", claims) for i, dataset in enumerate(datasets)]
        if shapes == [weight.shape for weight in weights]:
            found += zip(weights, datasets, strict=True)
            continue
        text = (
            f"path={str(path)!r} holds weights of shapes {shapes} for {place.removesuffix('vars').rstrip('/')!r}; expected "
            f"{[weight.shape for weight in weights]}, as layer {layer.name!r} has"
        )
        if not skip_mismatch:
            raise ValueError(text)
        warnings.warn(text, stacklevel=6)
    return found


def save_keras_weights(model, path, objects_to_skip=None):
    """Write a model's weights to a file that Keras loads into the same network, completely or not at all.

    Parameters
    ----------
    model : Model or Sequential
        The model.
    path : path
        The file, ending in ``.weights.h5``.
    objects_to_skip : list of Layer, optional
        Layers whose weights are left out, along with the layers in them.

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
    write_atomically(check_folder(path), write_keras_weights(model, objects_to_skip))


def write_keras_weights(model, objects_to_skip=None):
    """Return the content of a file with a model's weights: see `save_keras_weights`."""
    h5py = import_h5py()
    memory, skipped = io.BytesIO(), _within(objects_to_skip)
    with h5py.File(memory, "w") as file:
        for place, layer in places(model, {}):
            if id(layer) in skipped:
                continue
            group = file.create_group(f"{place}vars")
            group.attrs["name"] = layer.name
            for i, weight in enumerate(_own_weights(layer)):
                group.create_dataset(str(i), data=weight.peek())
            if isinstance(layer, RandomLayer):  # Keras expects the state of its random generator there.
                file.create_dataset(f"{place}seed_generator/vars/0", data=np.zeros(2, np.uint32))
    return memory.getvalue()


def _within(given):
    """Return the ids of the layers in the argument `objects_to_skip`, and of the layers in them."""
    return {id(layer) for each in layers_to_skip(given) for layer in (each, *layers_within(each))}


def places(layer, orders, place="", seen=None):
    """Yield (path, layer) of a layer and of all layers in it, each once, with the path at which Keras finds it first."""
    seen = set() if seen is None else seen
    if id(layer) in seen:
        return
    seen.add(id(layer))
    yield place, layer
    for name, value in _children(layer, orders):
        for inner, each in _entries(value, f"{place}{name}/"):
            yield from places(each, orders, inner, seen)


def _children(layer, orders):
    """Yield (name, layer or list or dict) of the layers in a layer, in Keras' order."""
    if isinstance(layer, SeparableConvolution):  # In Keras, its two convolutions are not layers.
        yield "activation", layer.pointwise._activation
        return
    known = _attributes_of(Sequential if isinstance(layer, Model) else layers.Layer)
    attributes = {
        name.removeprefix("_") if name == "_activation" else name: value
        for name, value in vars(layer).items()
        if name not in known
    }
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


def _entries(value, place):
    """Yield (place, layer) of an attribute, or of its elements if it is a list or dict."""
    if isinstance(value, layers.Layer):
        yield place, value
    elif isinstance(value, (list, tuple, dict)):
        used = {}
        for each in flat(value):
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
