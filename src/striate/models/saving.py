"""Saving and loading models and weights, with the formats of `striate.io`."""

import os

from .._common.checks import boolean, check_path, sequence, shown
from .._common.docstrings import documented
from .._common.errors import suggesting
from .._common.registry import with_custom_objects
from ..layers.base import Layer
from .formats import format_for, format_of, own_format
from .training import Trainable

#: Docstring sections of `save` and `save_weights`.
_SAVING_DOC = """
    Parameters
    ----------
    filepath : str or path-like
        Where to write.
    overwrite : bool
        Whether an existing file is replaced; if False, that is an error.
    zipped : bool, optional
        Accepted for compatibility with Keras: must be None or True, since a model is one file.
    objects_to_skip : list of Layer, optional
        Layers whose weights are left out, along with those of the layers in them.
    include_optimizer : bool
        Whether a compiled model is compiled when it is loaded. If False, the file lacks optimizer, loss and metrics.

    Raises
    ------
    ValueError
        If the model is not built.
    FileExistsError
        If the file exists and `overwrite` is False.
    """


class Savable(Trainable):
    """The base class of models that can be saved and loaded."""

    @suggesting
    @documented(_SAVING_DOC)
    def save(self, filepath, overwrite=True, zipped=None, include_optimizer=True):
        """Write architecture, weights and, if compiled, the optimizer with its state to one file.

        The file is a NumPy ``.npz``, whatever its name, that holds the weights as arrays and everything else as JSON. It
        appears complete or not at all. A file that it replaces hands on its owner and mode, and a symbolic link remains one. A
        model that is not built, and has no weights yet, is loaded without weights.
        """
        self._require_savable()
        if zipped is not None and not boolean("zipped", zipped):
            raise ValueError(f"zipped={shown(zipped)} is not supported, since a model is one file; expected None or True")
        include_optimizer = boolean("include_optimizer", include_optimizer)
        own_format().save_model(self, _place("filepath", filepath, overwrite), include_optimizer=include_optimizer)

    def _require_savable(self):
        """Raise an error for a model that is not built although there are weights, which a file would lack."""
        if self.weights:
            self._require_built()

    @suggesting
    @documented(_SAVING_DOC)
    def save_weights(self, filepath, overwrite=True, *, objects_to_skip=None):
        """Write only the weights to one file, a NumPy ``.npz``, which appears complete or not at all.

        A file whose name ends in ``.weights.h5`` is written in Keras' format (needs h5py).
        """
        self._require_weights()
        filepath, skipped = _place("filepath", filepath, overwrite), layers_to_skip(objects_to_skip)
        format_for(filepath).save_weights(self, filepath, skipped)

    @suggesting
    def load_weights(self, filepath, skip_mismatch=False, by_name=False, objects_to_skip=None):
        """Set the weights to those of a file that `save_weights` or `save` wrote. If any does not fit, none is changed.

        Keras' ``.weights.h5`` and ``.keras`` files, and its older ``.h5`` files, can be read, too (needs h5py). The format is
        recognized by the file's content, whatever its name.

        Parameters
        ----------
        filepath : str or path-like
            The file. Weights are found by the names of their layers.
        skip_mismatch : bool
            Whether weights that do not fit keep their values, with a warning, while the others are set.
        by_name : bool
            Whether to set the layers whose names are in the file, and no others. Only for Keras' older ``.h5`` files, whose
            layers are otherwise taken in their order.
        objects_to_skip : list of Layer, optional
            Layers that keep their weights, along with the layers in them.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the model is not built, or if the file is damaged or does not hold this model's weights.
        """
        self._require_weights()
        filepath, skip_mismatch = check_path("filepath", filepath), boolean("skip_mismatch", skip_mismatch)
        skipped = layers_to_skip(objects_to_skip)
        format_of(filepath).load_weights(self, filepath, skip_mismatch, boolean("by_name", by_name), skipped)

    def _require_weights(self):
        """Raise an error unless the weights exist: a model of which only the parts are called has those of the parts."""
        parts = self._sublayers()
        if not parts or not all(part.built for part in parts):
            self._require_built()

    def restore(self, filepath):
        """Restore the state in which a compiled model of the same layers was saved, to continue its training.

        Parameters
        ----------
        filepath : path
            A file that `save` wrote.

        Raises
        ------
        ValueError
            If the file holds another model, or one compiled with another optimizer, or is damaged; then nothing is changed.
        """
        own_format().restore(self, check_path("filepath", filepath))

    def save_training(self, filepath):
        """Write the model and the state of the training in progress to a file, for callbacks.

        Parameters
        ----------
        filepath : path
            Where to write; see `restore_training`.
        """
        own_format().save_model(self, filepath, self._training_state())

    def restore_training(self, filepath):
        """Restore the state of the model and its training that `save_training` wrote, for callbacks when training begins.

        Parameters
        ----------
        filepath : path
            The file.

        Raises
        ------
        ValueError
            If the file does not fit the model or the training's batches and callbacks, or is damaged; then nothing is changed.
        """
        self._restored = (filepath, *own_format().restore(self, filepath, self._check_training_state))

    @classmethod
    def load(cls, filepath, custom_objects=None, compile=True, lazy=False):
        """Read a model that `save` wrote. Nothing is unpickled, and code is refused, so a file cannot run any.

        Parameters
        ----------
        filepath : str or path-like
            The file.
        custom_objects : dict of str to class or function, optional
            Custom layers, losses, metrics and optimizers, by the names of their classes or functions.
        compile : bool
            Whether the model is compiled as it was. If False, its custom losses, metrics and optimizer need not be known.
        lazy : bool
            Whether weights stay in the file until something needs them. A model that only predicts then holds the kernels of
            its convolutions once, packed, instead of twice. This helps only with ``compile=False``, since an optimizer reads
            all the weights that it trains. The file stays open and must not be written to; except on Windows, it may be
            replaced by another or removed. Its content is checked when it is read, and a ValueError says where it is damaged.

        Returns
        -------
        Model
            With the same weights, optimizer state and random state, so that training continues where it stopped.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the file is not a saved model, is damaged, claims more than it can hold, or holds an unknown class.
        """
        filepath, custom_objects = check_path("filepath", filepath), with_custom_objects({}, custom_objects)
        return own_format().load_model(filepath, custom_objects, boolean("compile", compile), boolean("lazy", lazy), True, cls)


def layers_to_skip(objects):
    """Return the checked argument `objects_to_skip`."""
    layers = [] if objects is None else sequence("objects_to_skip", objects, "layers")
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(f"objects_to_skip[{i}]={shown(layer)} is of type {type(layer).__name__}; expected a layer")
    return layers


def _place(name, path, overwrite):
    """Return the checked path that the argument `name` gives, where a file may be written."""
    path = check_path(name, path)
    if not boolean("overwrite", overwrite) and os.path.exists(path):
        raise FileExistsError(f"{name}={path!r} exists; expected a new file, or overwrite=True")
    return path
