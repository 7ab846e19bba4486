"""The base class of custom data sets of batches."""


class PyDataset:
    """Base class of data sets that return a batch for an index.

    A subclass defines `__getitem__`, and the number of batches: as the property `num_batches`, None if there is no end, or as
    `__len__`.

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

    @property
    def num_batches(self):
        """The number of batches, or None. A subclass may define it, or set it."""
        if "num_batches" in vars(self):
            return vars(self)["num_batches"]
        if type(self).__len__ is PyDataset.__len__:
            raise NotImplementedError(f"{type(self).__name__} defines neither num_batches nor __len__; expected one of them")
        return len(self)

    @num_batches.setter
    def num_batches(self, count):
        vars(self)["num_batches"] = count

    def __len__(self):
        count = self.num_batches
        if count is None:
            raise TypeError(f"{type(self).__name__} has no end; expected steps_per_epoch, or steps")
        return count

    def __getitem__(self, index):
        raise TypeError(f"{type(self).__name__} does not define __getitem__; expected a batch (x, y)")

    def on_epoch_begin(self):
        """Do something when an epoch begins; a subclass may define this."""

    def on_epoch_end(self):
        """Do something when an epoch has ended; a subclass may define this."""


Sequence = PyDataset  # Keras' former name for it
