"""Batches made by a custom class."""


class PyDataset:
    """Base class of data sets of batches by index: a subclass defines `__len__`, the number of batches, and `__getitem__`.

    Parameters
    ----------
    workers, use_multiprocessing, max_queue_size
        Accepted for programs written for Keras; `striate.data.DataLoader` makes batches in the background.
    """

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __len__(self):
        raise TypeError(f"{type(self).__name__} does not define __len__; expected the number of batches")

    def __getitem__(self, index):
        raise TypeError(f"{type(self).__name__} does not define __getitem__; expected a batch (x, y)")

    def on_epoch_begin(self):
        """An epoch begins."""

    def on_epoch_end(self):
        """An epoch ended."""


Sequence = PyDataset  # Keras' older name
