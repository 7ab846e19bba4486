"""Where the batches of a training, or of an evaluation, come from: arrays, or anything that yields batches."""

import itertools
import warnings
from typing import NamedTuple

import numpy as np

from .._checks import integer, number
from ..losses.base import check_sample_weight
from .arrays import parts


class Batch(NamedTuple):
    """A part of prepared arrays."""

    x: list
    y: list
    weights: list | None  # of the samples, an array for each objective
    part: slice | np.ndarray

    @property
    def size(self):
        """How many samples it has."""
        return self.part.stop - self.part.start if isinstance(self.part, slice) else len(self.part)

    def of(self, arrays):
        """Return its part of arrays."""
        return [array[self.part] for array in arrays]

    @property
    def arrays(self):
        """What a program takes: inputs, targets, weights."""
        return [*self.x, *self.y, *(self.weights or [])]


class ArrayBatches:
    """Batches of arrays.

    Parameters
    ----------
    arrays : tuple
        Inputs, targets and weights, prepared.
    batch_size : int
        Samples of a batch; the last of an epoch may have fewer.
    shuffle : bool
        Whether each epoch has a new order.
    limit : int, optional
        Batches of an epoch, at most.
    """

    def __init__(self, arrays, batch_size, shuffle, limit=None):
        self.arrays = arrays
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.limit = limit
        self.samples = len(arrays[0][0])
        self.steps = -(-self.samples // batch_size)
        if limit is not None:
            self.steps = min(self.steps, limit)

    def epoch(self, rng):
        """Yield the batches of an epoch."""
        order = rng.permutation(self.samples) if self.shuffle else None
        for part in itertools.islice(parts(self.samples, self.batch_size, order), self.steps):
            yield Batch(*self.arrays, part)

    def split(self, fraction, batch_size):
        """Return batches of the first samples, and batches to validate on of the last `fraction` of them."""
        fraction = number("validation_split", fraction, 0, 1, open_maximum=True)
        first = int(self.samples * (1 - fraction))
        if not 0 < first < self.samples:
            raise ValueError(
                f"validation_split={fraction!r} leaves {first} of {self.samples} samples to train on and "
                f"{self.samples - first} to validate; expected at least one of each"
            )
        kept, held_back = (
            tuple(None if arrays is None else [array[part] for array in arrays] for arrays in self.arrays)
            for part in (slice(first), slice(first, None))
        )
        return ArrayBatches(kept, self.batch_size, self.shuffle, self.limit), ArrayBatches(held_back, batch_size, False)


class StreamBatches:
    """Batches of something that yields them: pairs (x, y), triples (x, y, sample_weight), or x alone to predict.

    Parameters
    ----------
    source : iterable, iterator, or sequence of batches
        A sequence has ``__len__`` and ``__getitem__``, as Keras' PyDataset; it may have ``on_epoch_end``.
    prepare : callable
        Makes inputs, targets and weights of what is yielded.
    shuffle : bool
        Whether each epoch takes the batches of a sequence in a new order.
    limit : int, optional
        Batches of an epoch: of an iterator, each epoch takes as many more; otherwise at most so many.
    """

    def __init__(self, source, prepare, shuffle, limit=None):
        self.source = source
        self.prepare = prepare
        self.shuffle = shuffle
        self.limit = limit
        self.once = hasattr(source, "__next__")
        length = None if self.once or not hasattr(source, "__len__") else len(source)
        if length == 0:
            raise ValueError(f"x={source!r} has no batches; expected at least one")
        self.steps = limit if length is None else length if limit is None else min(length, limit)

    def epoch(self, rng):
        """Yield the batches of an epoch."""
        count = 0
        for item in itertools.islice(self._items(rng), self.limit):
            count += 1
            x, y, weights = self.prepare(item)
            yield Batch(x, y, weights, slice(0, len(x[0])))
        if not count or (self.once and self.limit is not None and count < self.limit):
            warnings.warn(f"x ended after {count} batches of the epoch; expected {self.limit or 'at least one'}", stacklevel=2)
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()

    def _items(self, rng):
        if hasattr(self.source, "__iter__"):
            return self.source
        order = range(len(self.source))
        return (self.source[i] for i in (rng.permutation(order).tolist() if self.shuffle else order))


def is_stream(x):
    """Tell what yields batches from arrays."""
    if isinstance(x, (np.ndarray, list, tuple, dict)) or hasattr(x, "__array__"):
        return False
    return hasattr(x, "__iter__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def unpack(item):
    """Return x, y and sample weights of a batch that a source yielded."""
    if isinstance(item, (tuple, list)):
        if not 1 <= len(item) <= 3:
            raise ValueError(f"x yielded {len(item)} things; expected x, (x, y) or (x, y, sample_weight)")
        return (*item, None, None)[:3]
    return item, None, None


def check_weights(sample_weight, class_weight, y, objectives, dtype):
    """Return the weights of the samples, an array for each objective, or None if there are none.

    Parameters
    ----------
    sample_weight : array_like, list or dict of them, or None
        One number for each sample, or one for each place of an output.
    class_weight : dict of int to float, or None
        What samples of a class are multiplied by, for a model of one output.
    y : list of ndarray
        Targets as losses prepared them.
    objectives : list of Objective
        How the outputs are judged.
    dtype : str
        Of the model.
    """
    if sample_weight is None and class_weight is None:
        return None
    if len(objectives) == 1 and not isinstance(sample_weight, dict):
        given = [sample_weight]
    elif isinstance(sample_weight, dict):
        unknown = set(sample_weight) - {objective.name for objective in objectives}
        if unknown:
            raise ValueError(f"sample_weight has the keys {sorted(unknown)}; expected names of outputs that have a loss")
        given = [sample_weight.get(objective.name) for objective in objectives]
    elif sample_weight is None or isinstance(sample_weight, np.ndarray) or len(sample_weight) != len(objectives):
        given = [sample_weight] * len(objectives)
    else:
        given = sample_weight
    weights = [_weights_of(each, targets, dtype) for each, targets in zip(given, y, strict=True)]
    if class_weight is not None:
        if len(objectives) > 1:
            raise ValueError("class_weight is for models with one output; expected sample_weight instead")
        weights[0] = weights[0] * _weights_of_classes(class_weight, y[0], weights[0].shape, dtype)
    return weights


def _weights_of(weights, targets, dtype):
    if weights is None:
        return np.ones(len(targets), dtype)
    return check_sample_weight(weights, targets.shape, dtype)


def _weights_of_classes(class_weight, targets, shape, dtype):
    if not isinstance(class_weight, dict):
        raise TypeError(f"class_weight={class_weight!r} is of type {type(class_weight).__name__}; expected a dict")
    if targets.shape == (*shape, 1):  # a yes or no
        classes = np.round(targets[..., 0]).astype(np.int64)
    else:
        classes = targets.argmax(-1) if targets.ndim > len(shape) else np.round(targets).astype(np.int64)
    table = np.ones(max(int(classes.max(initial=0)), *map(int, class_weight), 0) + 1, dtype)
    for label, weight in class_weight.items():
        table[integer("class_weight's key", label, 0)] = number(f"class_weight[{label!r}]", weight)
    return table[classes]
