"""Slices of a batch: the first operations of a plan, whose values are large, run for a few samples at a time.

The values that these operations exchange then stay in cache, and take the memory of a few samples instead of that of a batch.
Each slice reads all weights again, so the slices end where weights begin to be larger than values. The bits of the result do
not depend on slices: each sample is computed as before, by the algorithm that was chosen for the whole batch.

With several threads, each takes its own share of the batch, slice by slice, if the shares are nearly equal: threads need not
wait for each other after each operation, and each has in its cache what it computed before. Each then needs memory for a few
samples.
"""

import itertools
from typing import NamedTuple

from ..kernels.tasks import get_finest

#: Bytes that an operation reads and writes, for all samples, from which on slices pay: they would not stay in L2.
_LARGE = 2 << 20

#: Bytes that an operation reads and writes for one slice, if there is a choice: a part of L2.
_SLICE = 1 << 20

#: The most time that threads may take with unequal shares, relative to that with equal ones.
_IMBALANCE = 1.2


class Slices(NamedTuple):
    """How many operations, the first ones, run for how many samples at a time, and in how many shares of the batch."""

    operations: int
    samples: int
    shares: int

    def of(self, batch):
        """Return a list of slices for each share of a batch."""
        bounds = [batch * share // self.shares for share in range(self.shares + 1)]
        return [
            [slice(first, min(first + self.samples, end)) for first in range(begin, end, self.samples)]
            for begin, end in itertools.pairwise(bounds)
        ]


def choose_slices(operations, inputs, threads):
    """Return the `Slices` for a plan that changes no weights, or None if its operations run for the whole batch.

    Parameters
    ----------
    operations : list of GraphOperation
        The operations, in the order of execution.
    inputs : list of Value
        Values that are filled in before a run.
    threads : int
        Number of threads that run the operations.
    """
    batch = inputs[0].shape[0] if inputs and inputs[0].shape else 0
    if batch < 2 or any(value.shape[:1] != (batch,) for value in inputs):
        return None
    shares = threads if -(-batch // threads) * threads <= _IMBALANCE * batch and not get_finest() else 1
    best = gain = best_gain = largest = sample = 0
    for count, operation in enumerate(operations, 1):
        read = [value for value in operation.inputs if value is not None]
        values = [*operation.outputs, *[value for value in read if value.source is None]]
        # What is made of weights alone has no samples, even if it has as many rows as a batch.
        of_weights = not read or read[0].source is not None
        if of_weights or not operation.samplewise or any(value.shape[:1] != (batch,) for value in values):
            break
        size = sum(value.nbytes for value in values) // batch
        gain += size - sum(value.nbytes for value in read if value.source is not None)
        largest = max(largest, size)
        if gain > best_gain:
            best, best_gain, sample = count, gain, largest
    samples = min(max(_SLICE // max(sample, 1), _fewest_samples(threads // shares)), -(-batch // shares))
    return Slices(best, samples, shares) if sample * batch > _LARGE and (shares > 1 or samples < batch) else None


def _fewest_samples(threads):
    """Return the fewest samples of a slice, of which each thread has at least a half."""
    return (threads + 1) // 2
