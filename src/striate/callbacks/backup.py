"""Backups from which an interrupted training is resumed."""

from .._common.checks import boolean, check_path, choice, integer
from .._common.files import open_regular, reading, write_atomically
from .._common.lazy_modules import json
from .base import Callback

_LONGEST_MANIFEST = 1 << 12  # maximum size of the manifest, in bytes


class BackupAndRestore(Callback):
    """Save the state of a training in a folder, at its beginning and after each epoch, so that `fit` can resume it.

    To resume an interrupted training, call `fit` again with the same arguments and callbacks, on a model with the same layers
    that was compiled in the same way. The result is the same, bit for bit, as without the interruption: the weights and the
    states of the optimizer, of random number generators, of callbacks and of a `DataLoader` are restored. A custom callback has
    a state if it defines both `Callback.get_state` and `Callback.set_state`. Other sources of batches are not restored.

    Parameters
    ----------
    backup_dir : path
        The folder, which is created if it does not exist.
    save_freq : {"epoch"}
        When the state is saved.
    delete_checkpoint : bool
        Whether the saved state is removed at the end of the training.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> folder = tempfile.mkdtemp()
    >>> backup = callbacks.BackupAndRestore(folder + "/backup.npz")
    >>> history = model.fit(x, y, epochs=2, callbacks=[backup], verbose=0)
    >>> len(history.epoch)
    2
    """

    comes_last = True

    def __init__(self, backup_dir, save_freq="epoch", delete_checkpoint=True):
        from pathlib import Path  # slow to import

        self.folder = Path(check_path("backup_dir", backup_dir))
        choice("save_freq", save_freq, ("epoch",))
        self.delete_checkpoint = boolean("delete_checkpoint", delete_checkpoint)

    @property
    def _manifest(self):
        """Path of the file that names the epoch and the file of the saved state."""
        return self.folder / "training.json"

    def first_epoch(self):
        """Restore the model, and return the epoch to resume with; None leaves the epoch to `fit`."""
        if not self._manifest.exists():
            if self.model.built:  # A model that is not built has no weights to save yet.
                self._save(None)
            return None
        epoch = self._read_manifest()
        self.model.restore_training(self._file(epoch))
        return None if epoch is None else epoch + 1

    def on_train_begin(self, logs=None):
        """Create the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        """Save the state."""
        self._save(epoch)

    def on_train_end(self, logs=None):
        """Remove the saved state: the manifest first, since a manifest without the file that it names could not be read."""
        if self.delete_checkpoint:
            self._manifest.unlink(missing_ok=True)
            for path in self._state_files():
                path.unlink(missing_ok=True)

    def _save(self, epoch):
        """Save the state after an epoch, None for before the first; the manifest is replaced last, atomically."""
        file, before = self._file(epoch), self._state_files()
        self.model.save_training(file)
        write_atomically(self._manifest, json.dumps({"epoch": epoch, "file": file.name}).encode())
        for path in before:
            if path != file:
                path.unlink(missing_ok=True)

    def _read_manifest(self):
        """Return the epoch after which the state was saved."""
        with reading(self._manifest, "the manifest of a backup"), open_regular(self._manifest) as file:
            manifest = json.loads(file.read(_LONGEST_MANIFEST))
            epoch = None if manifest["epoch"] is None else integer("epoch", manifest["epoch"], 0)
            choice("file", manifest["file"], (self._file(epoch).name,))
        return epoch

    def _file(self, epoch):
        """Return the path of the state after an epoch."""
        return self.folder / ("begin.npz" if epoch is None else f"epoch-{epoch}.npz")

    def _state_files(self):
        """Return the paths of all saved states."""
        begin = self._file(None)
        return [*self.folder.glob("epoch-*.npz"), *([begin] if begin.exists() else [])]
