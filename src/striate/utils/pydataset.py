"""The base class of custom data sets of batches."""


class PyDataset:
    """Base class of data sets that return a batch for an index.

    A subclass defines `__len__`, the number of batches, and `__getitem__`.

    Parameters
    ----------
    workers, use_multiprocessing, max_queue_size
        Accepted for compatibility with Keras, without effect; `striate.data.DataLoader` makes batches in the background.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, utils
    >>> class Ones(utils.PyDataset):
    ...     def __len__(self):
    ...         return 3
    ...
    ...     def __getitem__(self, index):
    ...         return np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    >>> model = Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> len(model.fit(Ones(), epochs=2, verbose=0).epoch)
    2
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
        """Do something when an epoch begins; a subclass may define this."""

    def on_epoch_end(self):
        """Do something when an epoch has ended; a subclass may define this."""


Sequence = PyDataset  # Keras' former name for it
