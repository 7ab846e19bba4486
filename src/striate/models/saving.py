"""Models and weights to files and back: which format of `striate.io` does it."""

from pathlib import Path

from .._checks import boolean, check_path
from .._registry import with_custom_objects
from .formats import format_for, format_of, own_format
from .training import Trainable


class Savable(Trainable):
    """The base class of models, as far as files are concerned."""

    def save(self, filepath, overwrite=True):
        """Write architecture, weights, and if compiled the optimizer and its state, to one file.

        The file is a NumPy ``.npz``, whatever its name, that holds the weights as arrays and all the rest as JSON. It appears
        complete or not at all, with the owner and the mode of one that is replaced; a link stays one.

        Parameters
        ----------
        filepath : str or path-like
            Where to write.
        overwrite : bool
            Whether a file that is there is replaced; otherwise that is an error.

        Raises
        ------
        ValueError
            If the model is not built.
        FileExistsError
            If there is a file that may not be replaced.
        """
        self._require_built()
        own_format().save_model(self, _place("filepath", filepath, overwrite))

    def save_weights(self, filepath, overwrite=True):
        """Write the weights alone to one file, a NumPy ``.npz``, which appears complete or not at all.

        With the ending ``.weights.h5`` it is one that Keras reads (h5py, an extra).

        Parameters
        ----------
        filepath : str or path-like
            Where to write.
        overwrite : bool
            Whether a file that is there is replaced; otherwise that is an error.

        Raises
        ------
        ValueError
            If the model is not built.
        FileExistsError
            If there is a file that may not be replaced.
        """
        self._require_built()
        filepath = _place("filepath", filepath, overwrite)
        format_for(filepath).save_weights(self, filepath)

    def load_weights(self, filepath, skip_mismatch=False):
        """Set the weights to those of a file that `save_weights` or `save` wrote. If some do not fit, none is changed.

        Keras' ``.weights.h5`` and ``.keras`` files serve, too (h5py, an extra); what is in a file decides, not its name.

        Parameters
        ----------
        filepath : str or path-like
            The file. Weights are found by the names of their layers.
        skip_mismatch : bool
            Whether weights that do not fit are left as they are, with a warning, and the others set. Not for Keras' files.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the model is not built, or the file is damaged, or does not hold this model's weights.
        """
        self._require_built()
        filepath, skip_mismatch = check_path("filepath", filepath), boolean("skip_mismatch", skip_mismatch)
        format_of(filepath).load_weights(self, filepath, skip_mismatch)

    def restore(self, filepath):
        """Bring the compiled model into the state in which one of the same layers was saved, to go on with its training.

        Parameters
        ----------
        filepath : path
            What `save` wrote.

        Raises
        ------
        ValueError
            If it is of another model, or of one compiled with another optimizer, or damaged; then nothing is changed.
        """
        own_format().restore(self, check_path("filepath", filepath))

    def save_training(self, filepath):
        """Write the model, and the state of the training that is under way, to a file: for callbacks.

        Parameters
        ----------
        filepath : path
            Where to write; see `restore_training`.
        """
        own_format().save_model(self, filepath, self._training_state())

    def restore_training(self, filepath):
        """Bring the model, and the training that begins, into the state that `save_training` wrote: for callbacks.

        Parameters
        ----------
        filepath : path
            The file.

        Raises
        ------
        ValueError
            If it does not fit the model, or the training's batches and callbacks, or is damaged; then nothing is changed.
        """
        self._restored = (filepath, *own_format().restore(self, filepath, self._check_training_state))

    @classmethod
    def load(cls, filepath, custom_objects=None, compile=True, lazy=False):
        """Read a model that `save` wrote. Nothing is unpickled, so a file cannot run code.

        Parameters
        ----------
        filepath : str or path-like
            The file.
        custom_objects : dict of str to class or function, optional
            Custom layers, losses, metrics and optimizers, by the names of their classes or functions.
        compile : bool
            Whether the model is compiled as it was; what it was compiled with need not be known otherwise.
        lazy : bool
            Whether weights stay in the file until something needs them. A model that only predicts then holds the kernels of
            its convolutions once, as they are packed, in place of twice; of use with ``compile=False``, since an optimizer
            reads all that it trains. The file, which stays open, must not be written to (but on Windows, it may be replaced by
            another, or removed). What is read of it is checked then, and a ValueError says where it is damaged.

        Returns
        -------
        Model
            With the same weights, optimizer state and state of random numbers, so that training goes on where it stopped.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not a saved model, is damaged, claims more than it can hold, or holds an unknown class.
        """
        filepath, custom_objects = check_path("filepath", filepath), with_custom_objects({}, custom_objects)
        classes = {cls.__name__: cls, **custom_objects}
        return own_format().load_model(filepath, classes, boolean("compile", compile), boolean("lazy", lazy))


def _place(name, path, overwrite):
    """Return the path, called `name`, where something may be written."""
    path = check_path(name, path)
    if not boolean("overwrite", overwrite) and Path(path).exists():
        raise FileExistsError(f"{name}={path!r} exists; expected a new file, or overwrite=True")
    return path
