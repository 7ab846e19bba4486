"""Trainings that go on where they were stopped."""

import json
from pathlib import Path

from .._checks import boolean, check_path, choice
from .base import Callback


class BackupAndRestore(Callback):
    """Keep the state of a training in a folder after each epoch, so that `fit`, called again after a stop, goes on with it.

    What comes out is what an unbroken training would have given, bit by bit: weights, the optimizer's state, those of random
    numbers, callbacks and a `DataLoader` are restored. Call `fit` with the same arguments and callbacks, on a model of the same
    layers, compiled in the same way. Of other sources of batches it is not known where they were.

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
        self.folder = Path(check_path("backup_dir", backup_dir))
        choice("save_freq", save_freq, ("epoch",))
        self.delete_checkpoint = boolean("delete_checkpoint", delete_checkpoint)

    @property
    def _note(self):
        return self.folder / "training.json"

    def first_epoch(self):
        """Return the epoch to go on with, with the model restored; None if nothing was kept."""
        if not self._note.exists():
            return None
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            file, epoch = self.folder / note["file"], note["epoch"]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{str(self._note)!r} is damaged ({error}); expected what a training left there") from error
        self.model.restore_training(file)
        return epoch + 1

    def on_train_begin(self, logs=None):
        """Make the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        """Keep the state: the note that names it is written last, in one go."""
        name = f"epoch-{epoch}.npz"
        before = self._kept()
        self.model.save_training(self.folder / name)
        part = self._note.with_suffix(".tmp")
        part.write_text(json.dumps({"epoch": epoch, "file": name}), encoding="utf-8")
        part.replace(self._note)
        for path in before:
            if path.name != name:
                path.unlink()

    def on_train_end(self, logs=None):
        """Remove what was kept."""
        if self.delete_checkpoint:
            for path in (*self._kept(), self._note):
                path.unlink(missing_ok=True)

    def _kept(self):
        return list(self.folder.glob("epoch-*.npz"))
