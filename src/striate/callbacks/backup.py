"""Trainings that go on where they were stopped."""

import json

from .._common.checks import boolean, check_path, choice, integer
from .._common.files import open_regular, reading, write_atomically
from .base import Callback

_LONGEST_NOTE = 1 << 12  # bytes


class BackupAndRestore(Callback):
    """Keep the state of a training in a folder, as it begins and after each epoch, so that `fit` goes on with it after a stop.

    What comes out is what an unbroken training would have given, bit by bit: weights, the optimizer's state, those of random
    numbers, callbacks and a `DataLoader` are restored; of custom callbacks, of those that define both `Callback.get_state` and
    `Callback.set_state`. Call `fit` again with the same arguments and callbacks, on a model of the same layers, compiled in the
    same way. Of other sources of batches it is not known where they were.

    Parameters
    ----------
    backup_dir : path
        The folder; made if need be.
    save_freq : {"epoch"}
        When the state is kept.
    delete_checkpoint : bool
        Whether what was kept is removed when the training has come to its end.
    """

    comes_last = True

    def __init__(self, backup_dir, save_freq="epoch", delete_checkpoint=True):
        from pathlib import Path  # slow to import

        self.folder = Path(check_path("backup_dir", backup_dir))
        choice("save_freq", save_freq, ("epoch",))
        self.delete_checkpoint = boolean("delete_checkpoint", delete_checkpoint)

    @property
    def _note(self):
        return self.folder / "training.json"

    def first_epoch(self):
        """Return the epoch to go on with, with the model restored; None if it is the one that `fit` was asked for."""
        if not self._note.exists():
            if self.model.built:  # else there are no weights yet
                self._keep(None)
            return None
        epoch = self._read_note()
        self.model.restore_training(self._file(epoch))
        return None if epoch is None else epoch + 1

    def on_train_begin(self, logs=None):
        """Make the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        """Keep the state."""
        self._keep(epoch)

    def on_train_end(self, logs=None):
        """Remove what was kept, the note first: without what it names, it would be of no use to a later training."""
        if self.delete_checkpoint:
            self._note.unlink(missing_ok=True)
            for path in self._kept():
                path.unlink(missing_ok=True)

    def _keep(self, epoch):
        """Keep the state after an epoch, None for before the first: the note that names it is written last, in one go."""
        file, before = self._file(epoch), self._kept()
        self.model.save_training(file)
        write_atomically(self._note, json.dumps({"epoch": epoch, "file": file.name}).encode())
        for path in before:
            if path != file:
                path.unlink(missing_ok=True)

    def _read_note(self):
        """Return the epoch whose state was kept."""
        with reading(self._note, "what a training left there"), open_regular(self._note) as file:
            text = file.read(_LONGEST_NOTE)
            note = json.loads(text)
            epoch = None if note["epoch"] is None else integer("epoch", note["epoch"], 0)
            choice("file", note["file"], (self._file(epoch).name,))
        return epoch

    def _file(self, epoch):
        """Return where the state after an epoch is kept."""
        return self.folder / ("begin.npz" if epoch is None else f"epoch-{epoch}.npz")

    def _kept(self):
        begin = self._file(None)
        return [*self.folder.glob("epoch-*.npz"), *([begin] if begin.exists() else [])]
