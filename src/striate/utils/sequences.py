"""Sequences as arrays."""

import numpy as np

from .._common.checks import check_seed, choice, integer, shown
from .._common.errors import explained
from ..data.loader import DataLoader


@explained
def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Return sequences as an array, with equal lengths.

    Parameters
    ----------
    sequences : list of sequence
        The sequences, of numbers or of arrays of the same shape.
    maxlen : int, optional
        The length; that of the longest sequence if None.
    dtype : dtype
        Dtype of the array; object for strings of any length.
    padding, truncating : {"pre", "post"}
        Whether short sequences are filled, and long ones shortened, at the beginning or at the end.
    value : float or str
        What short sequences are filled with.

    Returns
    -------
    ndarray, shape (sequences, maxlen, ...)

    Examples
    --------
    >>> from striate import utils
    >>> utils.pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
    array([[0, 1],
           [2, 3],
           [5, 6]], dtype=int32)
    """
    if not hasattr(sequences, "__len__") or isinstance(sequences, (str, bytes)):
        raise ValueError(f"sequences={shown(sequences)} has no length; expected a list of sequences")
    choice("padding", padding, ("pre", "post"))
    choice("truncating", truncating, ("pre", "post"))
    for i, each in enumerate(sequences):
        if not hasattr(each, "__len__"):
            raise ValueError(f"sequences[{i}]={shown(each)} has no length; expected a sequence")
    longest = max(map(len, sequences), default=0)
    length = longest if maxlen is None else integer("maxlen", maxlen, 0)
    dtype = np.dtype(dtype)
    if isinstance(value, str) and dtype.kind not in "OSU":
        raise ValueError(f"value={shown(value)} is a string, and dtype={dtype.name!r} holds none; expected dtype=object")
    shape = next((np.asarray(each).shape[1:] for each in sequences if len(each)), ())
    array = np.full((len(sequences), length, *shape), value, dtype)
    for i, each in enumerate(sequences):
        part = each[: max(length, 0)] if truncating == "post" else each[max(len(each) - length, 0) :]
        part = np.asarray(part, dtype)
        if not len(part):
            continue
        if part.shape[1:] != shape:
            raise ValueError(f"sequences[{i}] has elements of shape {part.shape[1:]}; expected {shape}, as those before it")
        begin = 0 if padding == "post" else length - len(part)
        array[i, begin : begin + len(part)] = part
    return array


class _Windows:
    """Windows of a series, which are made when they are needed."""

    def __init__(self, data, targets, begins, offsets):
        self.data, self.targets, self.begins, self.offsets = data, targets, begins, offsets

    def __len__(self):
        return len(self.begins)

    def __getitem__(self, index):
        begin = self.begins[index]
        window = self.data[begin + self.offsets]
        return (window,) if self.targets is None else (window, self.targets[begin])


@explained
def timeseries_dataset_from_array(
    data,
    targets,
    sequence_length,
    sequence_stride=1,
    sampling_rate=1,
    batch_size=128,
    shuffle=False,
    seed=None,
    start_index=None,
    end_index=None,
    format="tf",
):
    """Return a loader of windows that slide over a series.

    Parameters
    ----------
    data : array_like, shape (steps, ...)
        The series.
    targets : array_like, shape (windows, ...), or None
        Target of the window that begins at each step; None gives no targets.
    sequence_length : int
        Steps in a window.
    sequence_stride : int
        Steps between the beginnings of windows.
    sampling_rate : int
        Steps between those that are in a window.
    batch_size : int or None
        Windows per batch; None for single windows.
    shuffle : bool
        Whether each epoch has a new order.
    seed : int, optional
        Seed of the orders.
    start_index, end_index : int, optional
        First step that is used, and the one after the last.
    format : {"tf", "grain"}
        Accepted for compatibility with Keras, without effect: a `DataLoader` is returned.

    Returns
    -------
    DataLoader
        A loader of batches (windows, targets), or of windows alone.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import utils
    >>> x = np.arange(6)
    >>> windows, targets = next(iter(utils.timeseries_dataset_from_array(x[:-3], x[3:], 2)))
    >>> windows.tolist(), targets.tolist()
    ([[0, 1], [1, 2]], [3, 4])
    """
    data = np.asarray(data)
    if not data.ndim or not len(data):
        raise ValueError(f"data has shape {data.shape}; expected (steps, ...), with at least one step")
    steps = len(data)
    choice("format", format, ("tf", "grain"))
    length = integer("sequence_length", sequence_length, 1)
    stride = integer("sequence_stride", sequence_stride, 1, max(steps - 1, 1))
    rate = integer("sampling_rate", sampling_rate, 1, max(steps - 1, 1))
    begin = 0 if start_index is None else integer("start_index", start_index, 0, steps - 1)
    end = steps if end_index is None else integer("end_index", end_index, begin + 1, steps - 1)
    count = end - begin - (length - 1) * rate
    if targets is not None:
        targets = np.asarray(targets)[begin:end]
        count = min(count, len(targets))
    if count < 1:
        raise ValueError(f"sequence_length={length} does not fit {end - begin} steps; expected a shorter window")
    windows = _Windows(data[begin:end], targets, np.arange(0, count, stride), np.arange(0, length * rate, rate))
    size = 1 if batch_size is None else integer("batch_size", batch_size, 1)
    loader = DataLoader(windows, size, shuffle, rng=check_seed("seed", seed))
    loader._is_bare = targets is None
    return loader.unbatch() if batch_size is None else loader
