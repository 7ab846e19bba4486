"""Vectors in memory as the columns of blocks, which a product with a query reads once, from the beginning to the end.

A block is an array (dimensions, capacity). The product of a few queries with it is `striate.functional.dense`, whose threads
share its rows, and whose bias holds what is added to each product: -inf where a block has no vector yet, so that none is found
there.

Products of vectors that are far from the origin, compared with the distances between them, lose in float32 what distinguishes
them. A block then holds differences from a centre, and beside them the vectors themselves.
"""

from typing import NamedTuple

import numpy as np

from ..functional import dense

#: Vectors in a block: the products of a query with them stay in cache while the largest are chosen.
BLOCK = 8192

#: Capacity of a block that is begun, which is doubled up to `BLOCK`.
_FIRST = 64


class _Block(NamedTuple):
    columns: np.ndarray  # (dimensions, capacity), float32
    offsets: np.ndarray  # (capacity,), float32: what is added to products
    lengths: np.ndarray  # (capacity,), float64: of the columns
    rows: np.ndarray | None  # (capacity, dimensions), float32: the vectors, if the columns are not


class Columns:
    """Vectors that products are computed with.

    Parameters
    ----------
    dimensions : int
        Number of elements of each vector.
    squares : bool
        Whether half of the squared length of each column is subtracted from products with it.
    centre : ndarray of float64, shape (dimensions,), optional
        What columns are differences from; if None, they are the vectors.
    """

    def __init__(self, dimensions, squares, centre=None):
        self.count = 0
        self.centre = centre
        self._dimensions = dimensions
        self._squares = squares
        self._blocks = []

    def append(self, vectors, points):
        """Add vectors (vectors, dimensions) of float32 at the end, which stand for points of float64."""
        done = 0
        while done < len(vectors):
            begin = self.count % BLOCK
            taken = min(len(vectors) - done, BLOCK - begin)
            block = self._with_room(begin, begin + taken)
            part, place = slice(done, done + taken), slice(begin, begin + taken)
            differences = points[part] if self.centre is None else points[part] - self.centre
            squares = (differences**2).sum(1)
            block.lengths[place] = np.sqrt(squares)
            block.offsets[place] = -squares / 2 if self._squares else 0
            if block.rows is None:
                block.columns[:, place] = vectors[part].T
            else:
                block.columns[:, place], block.rows[place] = differences.T, vectors[part]
            self.count += taken
            done += taken

    def _with_room(self, begin, end):
        """Return the last block with a capacity of at least `end` vectors, a new one if `begin` is 0."""
        if begin == 0:
            self._blocks.append(self._block(0))
        block = self._blocks[-1]
        if end > len(block.offsets):
            capacity = _FIRST
            while capacity < end:
                capacity *= 2
            larger = self._block(min(capacity, BLOCK))
            larger.columns[:, :begin] = block.columns[:, :begin]
            larger.offsets[:begin], larger.lengths[:begin] = block.offsets[:begin], block.lengths[:begin]
            if block.rows is not None:
                larger.rows[:begin] = block.rows[:begin]
            self._blocks[-1] = larger
        return self._blocks[-1]

    def _block(self, capacity):
        columns = np.zeros((self._dimensions, capacity), np.float32)
        rows = None if self.centre is None else np.zeros((capacity, self._dimensions), np.float32)
        return _Block(columns, np.full(capacity, -np.inf, np.float32), np.zeros(capacity), rows)

    def at(self, positions):
        """Return the vectors (positions, dimensions) at some positions, which ascend."""
        found = np.empty((len(positions), self._dimensions), np.float32)
        numbers, places = np.divmod(positions, BLOCK)
        for number in np.unique(numbers):
            here = slice(*np.searchsorted(numbers, [number, number + 1]))
            block = self._blocks[number]
            found[here] = block.columns[:, places[here]].T if block.rows is None else block.rows[places[here]]
        return found

    def all(self):
        """Return all vectors (vectors, dimensions)."""
        found = np.empty((self.count, self._dimensions), np.float32)
        for i, block in enumerate(self._blocks):
            part = found[i * BLOCK : (i + 1) * BLOCK]
            part[:] = block.columns[:, : len(part)].T if block.rows is None else block.rows[: len(part)]
        return found

    def products(self, queries):
        """Yield of each block the position of its first vector, products (queries, capacity), and lengths of its columns."""
        for i, block in enumerate(self._blocks):
            yield i * BLOCK, dense(queries, block.columns, block.offsets), block.lengths
