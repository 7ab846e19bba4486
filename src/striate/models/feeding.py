"""Sources of batches for training and evaluation: arrays, or anything that yields batches."""

import itertools
import warnings
from typing import NamedTuple

import numpy as np

from .._common.arrays import read_only
from .._common.checks import integer, number, shown
from .._common.structures import BRANCHES, leaves, mapped_shapes
from ..data import DataLoader
from ..losses.targets import check_sample_weight, with_axes_of
from .arrays import parts
from .objectives import of_outputs
from .structures import structure_of


class Prepared(NamedTuple):
    """Checked data: see `Batch`."""

    x: list
    y: list
    weights: list | None
    targets: list
    structure: object = None

    def of(self, part):
        """Return a part of the samples."""
        parts = (None if arrays is None else [array[part] for array in arrays] for arrays in self[:4])
        return Prepared(*parts, self.structure)

    def whole(self):
        """Return all samples as one `Batch`; arrays of a model with steps of its own may differ in their number."""
        return Batch(*self, slice(0, max(map(len, self.x))))


class Batch(NamedTuple):
    """A part of prepared arrays."""

    x: list
    y: list  # targets as losses take them
    weights: list | None  # sample weights, an array for each objective
    targets: list  # targets as metrics take them: the arrays of `y`, unless a loss adapts them
    structure: object  # of the batch, for steps that a model defines itself, which get it so, with all arrays in `x`
    part: slice | np.ndarray

    @property
    def size(self):
        """Number of samples."""
        return self.part.stop - self.part.start if isinstance(self.part, slice) else len(self.part)

    @property
    def shapes(self):
        """The shapes of this batch's part of the arrays in `x`."""
        if isinstance(self.part, slice):
            return [(len(range(len(array))[self.part]), *array.shape[1:]) for array in self.x]
        return [(len(self.part), *array.shape[1:]) for array in self.x]

    def of(self, arrays):
        """Return this batch's part of arrays."""
        return [array[self.part] for array in arrays]

    @property
    def arrays(self):
        """The inputs of a program: inputs of the model, targets, weights."""
        return [*self.x, *self.y, *(self.weights or [])]


class ArrayBatches:
    """Batches of arrays.

    Parameters
    ----------
    arrays : Prepared
        What `prepare` returns.
    batch_size : int
        Samples per batch; the last batch of a pass over all samples may have fewer.
    shuffle : bool
        Whether each pass has a new order.
    limit : int, optional
        Batches per epoch.
    goes_on : bool
        Whether an epoch begins where the last one reached the limit, instead of at the first batch.
    """

    def __init__(self, arrays, batch_size, shuffle, limit=None, goes_on=False):
        self.arrays = arrays
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.limit = limit
        self.goes_on = goes_on and limit is not None
        self.samples = len(arrays[0][0])
        self.steps = -(-self.samples // batch_size)
        self._order = None  # order of the samples in the current pass, None if they are not shuffled
        self._left = []  # parts that are left of the current pass, the next one last
        if self.goes_on:
            self.steps = limit
        elif limit is not None:
            self.steps = min(self.steps, limit)

    def epoch(self, rng):
        """Yield the batches of an epoch, which ends with the pass over the samples, as in Keras."""
        if not (self.goes_on and self._left):
            self._begin(rng)
        count = min(self.steps, len(self._left))
        for _ in range(count):
            yield Batch(*self.arrays, self._left.pop())
        if count < self.steps:
            _warn_of_end(count, self.steps)

    def _begin(self, rng):
        self._order = rng.permutation(self.samples) if self.shuffle else None
        self._left = list(parts(self.samples, self.batch_size, self._order))[::-1]

    def split(self, fraction, batch_size):
        """Return batches of the first samples, and validation batches of the last `fraction` of the samples."""
        fraction = number("validation_split", fraction, 0, 1, open_maximum=True)
        first = int(self.samples * (1 - fraction))
        if not 0 < first < self.samples:
            raise ValueError(
                f"validation_split={fraction!r} leaves {first} of {self.samples} samples to train on and "
                f"{self.samples - first} to validate; expected at least one of each"
            )
        kept, held_back = (self.arrays.of(part) for part in (slice(first), slice(first, None)))
        rest = ArrayBatches(held_back, batch_size, False)
        return ArrayBatches(kept, self.batch_size, self.shuffle, self.limit, self.goes_on), rest

    def get_state(self):
        """Return where the next epoch begins."""
        state = {} if self._order is None else {"order": self._order}
        return {"left": len(self._left), **state} if self.goes_on else {}

    def check_state(self, state):
        """Return the order of the pass that the next epoch continues, and how many batches of it are left."""
        order = state.get("order")
        if order is not None and not (order.dtype.kind in "iu" and np.array_equal(np.sort(order), np.arange(self.samples))):
            raise ValueError(f"order does not fit {self.samples} samples; expected a permutation of that many")
        return order, integer("left", state["left"].item(), 0) if self.goes_on else 0

    def set_state(self, state):
        """Begin the next epoch there."""
        if self.goes_on:
            self._order, left = self.check_state(state)
            self._left = list(parts(self.samples, self.batch_size, self._order))[::-1][:left]

    def close(self):
        """Do nothing: arrays need no closing."""


class StreamBatches:
    """Batches that a stream yields: pairs (x, y), triples (x, y, sample_weight), or x alone to predict.

    Parameters
    ----------
    source : iterable, iterator, or sequence of batches
        A sequence has ``__len__`` and ``__getitem__``, as Keras' PyDataset; it may have ``on_epoch_begin``
        and ``on_epoch_end``.
    prepare : callable
        Takes what is yielded, and returns it `Prepared`.
    shuffle : bool
        Whether each pass takes the batches of a sequence in a new order.
    limit : int, optional
        Batches per epoch.
    goes_on : bool
        Whether an epoch begins where the last one reached the limit, as with an iterator, instead of at the first batch.
    """

    def __init__(self, source, prepare, shuffle, limit=None, goes_on=False):
        self.source = source
        self.prepare = prepare
        self.shuffle = shuffle
        self.limit = limit
        self.once = hasattr(source, "__next__")
        self.goes_on = goes_on and limit is not None
        length = None if self.once else _length(source)
        if length == 0:
            raise ValueError(f"x={shown(source)} has no batches; expected at least one")
        self.steps = limit if length is None or self.goes_on else length if limit is None else min(length, limit)
        self._pass = iter(())  # the current pass over the source
        self._taken = 0  # number of batches that were taken from the current pass

    def epoch(self, rng):
        """Yield the batches of an epoch."""
        self._tell("on_epoch_begin")
        count = 0
        for item in self._items(rng):
            count += 1
            yield self.prepare(item).whole()
        if not count or ((self.once or self.goes_on) and count < (self.limit or 0)):
            _warn_of_end(count, self.limit or "at least one")
        self._tell("on_epoch_end")

    def _tell(self, event):
        getattr(self.source, event, lambda: None)()

    def _items(self, rng):
        """Yield what the source yields in an epoch."""
        if not self.goes_on:
            yield from itertools.islice(self._begin(rng), self.limit)
            return
        for step in range(self.limit):
            item = next(self._pass, None)
            if item is None and not step:  # Otherwise the epoch ends with the pass.
                self._pass, self._taken = iter(self._begin(rng)), 0
                item = next(self._pass, None)
            if item is None:
                return
            self._taken += 1
            yield item

    def _begin(self, rng):
        if hasattr(self.source, "__iter__"):
            return self.source
        length = _length(self.source)
        order = itertools.count() if length is None else rng.permutation(length).tolist() if self.shuffle else range(length)
        return (self.source[i] for i in order)

    def get_state(self):
        """Return where the next epoch begins, which is known only for a `DataLoader`."""
        if not isinstance(self.source, DataLoader):
            return {}
        return {"epoch": self.source.epoch, "taken": self._taken if self.goes_on else 0}

    def check_state(self, state):
        """Return the epoch of a `DataLoader`, and how many of its batches were taken."""
        if not isinstance(self.source, DataLoader):
            return None
        taken = integer("taken", state["taken"].item(), 0, len(self.source))
        return integer("epoch", state["epoch"].item(), taken > 0), taken

    def set_state(self, state):
        """Begin the next epoch there."""
        if isinstance(self.source, DataLoader):
            epoch, self._taken = self.check_state(state)
            self.source.epoch = epoch - (self._taken > 0)
            if self._taken:
                self._pass = iter(self.source)
                for _ in range(self._taken):
                    next(self._pass)

    def close(self):
        """End a pass that has begun."""
        if not self.once and hasattr(self._pass, "close"):
            self._pass.close()


def _warn_of_end(count, expected):
    """Warn of an epoch that has fewer batches than it was to have."""
    warnings.warn(f"x ended after {count} batches of the epoch; expected {expected}", stacklevel=3)


def _length(source):
    """Return the number of batches of a source, or None if it is not known."""
    try:
        return len(source)
    except TypeError:
        return None


def is_stream(x):
    """Return whether `x` yields batches, unlike arrays."""
    if isinstance(x, (np.ndarray, list, tuple, dict, str, bytes)) or hasattr(x, "__array__"):
        return False
    return hasattr(x, "__iter__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def unpack(item):
    """Return x, y and sample weights of a batch that a source yielded."""
    if isinstance(item, (tuple, list)):
        if not 1 <= len(item) <= 3:
            raise ValueError(f"x yielded {len(item)} values; expected x, (x, y) or (x, y, sample_weight)")
        return (*item, None, None)[:3]
    return item, None, None


def check_weights(sample_weight, targets, objectives, shape, dtype):
    """Return the weights of the samples, an array for each objective, or None if there are none.

    Parameters
    ----------
    sample_weight : float or array_like, list or dict of them, or None
        One number for all samples, for each sample, or for each position of an output.
    targets : list of ndarray
        Checked targets, one for each output of each objective.
    objectives : list of Objective
        The outputs' losses and metrics.
    shape : tuple, or structure of tuple
        The shapes of the outputs.
    dtype : str
        The model's dtype.
    """
    if sample_weight is None:
        return None
    if len(objectives) == len(targets) == 1 and not isinstance(sample_weight, dict):
        given = [sample_weight]
    elif isinstance(sample_weight, BRANCHES) and structure_of(sample_weight) == mapped_shapes(lambda each: (), shape):
        given = leaves(sample_weight)
        given = [_weights_for(objective, [given[i] for i in objective.outputs]) for objective in objectives]
    elif isinstance(sample_weight, dict):
        unknown = set(sample_weight) - {objective.name for objective in objectives}
        if unknown:
            raise ValueError(f"sample_weight has the keys {list(unknown)}; expected names of outputs that have a loss")
        given = [sample_weight.get(objective.name) for objective in objectives]
    elif (
        isinstance(sample_weight, np.ndarray) or not hasattr(sample_weight, "__len__") or len(sample_weight) != len(objectives)
    ):
        given = [sample_weight] * len(objectives)
    else:
        given = sample_weight
    return [
        read_only(np.ones(len(each), dtype) if weights is None else check_sample_weight(weights, each.shape, dtype))
        for weights, (each, *_) in zip(given, of_outputs(objectives, targets), strict=True)
    ]


def _weights_for(objective, weights):
    """Return the weights of the samples for a loss, of those given for each output that it takes."""
    if any(each is not weights[0] for each in weights):
        raise ValueError(
            f"sample_weight has weights for each output, and the loss of {objective.name!r} takes several; expected one array "
            "for all outputs"
        )
    return weights[0]


def with_class_weights(weights, class_weight, targets, shapes, dtype):
    """Return sample weights, multiplied by the weights of the samples' classes.

    Parameters
    ----------
    weights : list of ndarray or None
        As `check_weights` returns them.
    class_weight : dict of int to float
        Weights of samples, or of positions, by class, for a model with one output; 1 for classes left out.
    targets : list of ndarray
        Checked targets.
    shapes : list of tuple
        Shapes of the outputs that have a loss.
    dtype : str
        The model's dtype.
    """
    if not isinstance(class_weight, dict):
        raise TypeError(f"class_weight={shown(class_weight)} is of type {type(class_weight).__name__}; expected a dict")
    if len(targets) != 1:
        raise ValueError("class_weight is for models with one output; expected sample_weight instead")
    classes = _classes_of(targets[0], shapes[0])
    factors = np.ones(classes.shape, dtype)
    for label, weight in class_weight.items():
        label = integer("class_weight's key", label)
        factors[classes == label] = number(f"class_weight[{label!r}]", weight)
    if weights is None:
        return [factors]
    (own,) = weights
    return [np.ascontiguousarray(with_axes_of(own, factors) * with_axes_of(factors, own))]


def _classes_of(targets, output_shape):
    """Return the class of each sample, or of each position of a sample.

    Targets with one axis less than the output, or with a last axis of size 1, are class indices; others are vectors over the
    classes.
    """
    indices = targets.ndim == len(output_shape) - 1
    vectors = targets.ndim == len(output_shape)
    if not indices and not vectors:
        raise ValueError(
            f"class_weight needs targets that are classes, and y has shape {targets.shape}; expected class indices, or "
            f"vectors over the classes, for an output of shape {tuple(output_shape)}"
        )
    if vectors and targets.shape[-1] > 1:
        return targets.argmax(-1)
    return np.round(targets if indices else targets[..., 0])
