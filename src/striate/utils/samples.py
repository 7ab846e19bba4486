"""Samples, with their targets and weights."""

import numpy as np

from .._common.checks import boolean, check_seed, integer, shown
from ..data.loader import DataLoader


def pack_x_y_sample_weight(x, y=None, sample_weight=None):
    """Return inputs, targets and weights as the tuple that models take: without those that are None.

    Examples
    --------
    >>> from striate import utils
    >>> utils.pack_x_y_sample_weight(1), utils.pack_x_y_sample_weight(1, 2), utils.pack_x_y_sample_weight(1, 2, 3)
    (1, (1, 2), (1, 2, 3))
    """
    if y is None:
        return (x,) if isinstance(x, (tuple, list)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def unpack_x_y_sample_weight(data):
    """Return inputs, targets and weights, given as a tuple of one to three of them; None for those that are not there.

    Examples
    --------
    >>> from striate import utils
    >>> utils.unpack_x_y_sample_weight((1, 2))
    (1, 2, None)
    """
    if not isinstance(data, (list, tuple)):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(f"data={shown(data)} has {len(data)} elements; expected (x,), (x, y) or (x, y, sample_weight)")
    return (*data, *[None] * (3 - len(data)))


def split_dataset(dataset, left_size=None, right_size=None, shuffle=False, seed=None, preferred_backend=None):
    """Return two parts of a data set.

    Parameters
    ----------
    dataset : ndarray, tuple or list of ndarray, or iterable of samples
        The samples, or arrays of as many.
    left_size, right_size : int or float, optional
        Number of samples, or their fraction, at the beginning and at the end; one that is None is the rest.
    shuffle : bool
        Whether the samples are in a random order first.
    seed : int, optional
        Seed of the order.
    preferred_backend : str, optional
        Accepted for compatibility with Keras, without effect.

    Returns
    -------
    left, right : DataLoader
        Data sets of single samples, with the methods of `tf.data`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import utils
    >>> left, right = utils.split_dataset(np.arange(5), left_size=0.8)
    >>> [int(each) for each in left], [int(each) for each in right]
    ([0, 1, 2, 3], [4])
    """
    if left_size is None and right_size is None:
        raise ValueError("left_size and right_size are None; expected one of them, or both")
    arrays, is_bare = _arrays(dataset)
    count = len(arrays[0])
    left = None if left_size is None else _size("left_size", left_size, count)
    right = None if right_size is None else _size("right_size", right_size, count)
    left, right = count - right if left is None else left, count - left if right is None else right
    if left + right > count:
        raise ValueError(f"left_size={left} and right_size={right} are more than the {count} samples; expected fewer")
    if not left or not right:
        raise ValueError(f"left_size={left} and right_size={right} leave no samples for one part; expected some for both")
    order = np.arange(count)
    if boolean("shuffle", shuffle):
        order = np.random.default_rng(check_seed("seed", seed)).permutation(count)
    return tuple(_samples(arrays, part, is_bare) for part in (order[:left], order[count - right :]))


def _arrays(dataset):
    """Return the arrays of a data set, and whether its samples are arrays, not tuples of them."""
    is_bare = False
    if isinstance(dataset, np.ndarray) and dataset.ndim:
        arrays, is_bare = [dataset], True
    elif isinstance(dataset, (tuple, list)):
        arrays = [np.asarray(each) for each in dataset]
    elif _is_of_samples(dataset):
        items = list(dataset) if hasattr(dataset, "__iter__") else [dataset[i] for i in range(len(dataset))]
        is_bare = not all(isinstance(each, (tuple, list)) for each in items)
        items = [(each,) for each in items] if is_bare else items
        arrays = [np.stack(column) for column in zip(*items, strict=True)]
    else:
        raise TypeError(f"dataset={shown(dataset)} is of type {type(dataset).__name__}; expected arrays, or an iterable")
    if not arrays or not all(each.ndim for each in arrays) or len({*map(len, arrays)}) > 1 or not len(arrays[0]):
        raise ValueError(f"dataset has arrays of shapes {[each.shape for each in arrays]}; expected as many samples in each")
    return arrays, is_bare


def _is_of_samples(dataset):
    """Return whether an object has samples, in a sequence or one after the other."""
    indexed = hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")
    return (indexed or hasattr(dataset, "__iter__")) and not isinstance(dataset, (str, bytes, dict))


def _size(name, value, count):
    """Return a number of samples, which may be given as a fraction."""
    if isinstance(value, (float, np.floating)):
        if not 0 < value < 1:
            raise ValueError(f"{name}={shown(value)} is no fraction; expected one between 0 and 1, or a number of samples")
        return round(value * count)
    return integer(name, value, 1, count - 1)


def _samples(arrays, part, is_bare):
    loader = DataLoader(tuple(array[part] for array in arrays), len(part))
    loader._is_bare = is_bare
    return loader.unbatch()
