"""Vectors in memory as the columns of blocks, which a product with a query reads once, from the beginning to the end.

A block is an array (dimensions, capacity). The product of a few queries with it is `striate.functional.dense`, whose threads
share its rows, and whose bias holds what is added to each product: -inf where a block has no vector yet, so that none is found
there.
"""

import numpy as np

from ..functional import dense

#: Vectors in a block: the products of a query with them stay in cache while the largest are chosen.
BLOCK = 8192

#: Capacity of a block that is begun, which is doubled up to `BLOCK`. It depends on the number of vectors alone, not on how they
#: were added, and so does each bit of the products.
_FIRST = 64


class Columns:
    """Vectors that products are computed with.

    Parameters
    ----------
    dimensions : int
        Number of elements of each vector.
    offset : callable
        Returns what is added to the products with vectors (vectors, dimensions), a number or one for each.
    """

    def __init__(self, dimensions, offset):
        self.count = 0
        self._dimensions = dimensions
        self._offset = offset
        self._blocks = []  # pairs of vectors (dimensions, capacity) and offsets (capacity,)

    def append(self, vectors):
        """Add vectors (vectors, dimensions) of float32 at the end."""
        done = 0
        while done < len(vectors):
            begin = self.count % BLOCK
            taken = min(len(vectors) - done, BLOCK - begin)
            block, offsets = self._with_room(begin, begin + taken)
            part = vectors[done : done + taken]
            block[:, begin : begin + taken] = part.T
            offsets[begin : begin + taken] = self._offset(part)
            self.count += taken
            done += taken

    def _with_room(self, begin, end):
        """Return the last block with a capacity of at least `end` vectors, a new one if `begin` is 0."""
        if begin == 0:
            self._blocks.append(self._block(0))
        block, offsets = self._blocks[-1]
        if end > len(offsets):
            capacity = _FIRST
            while capacity < end:
                capacity *= 2
            larger = self._block(min(capacity, BLOCK))
            larger[0][:, :begin], larger[1][:begin] = block[:, :begin], offsets[:begin]
            self._blocks[-1] = larger
        return self._blocks[-1]

    def _block(self, capacity):
        return np.zeros((self._dimensions, capacity), np.float32), np.full(capacity, -np.inf, np.float32)

    def at(self, positions):
        """Return the vectors (positions, dimensions) at some positions."""
        found = np.empty((len(positions), self._dimensions), np.float32)
        for i, (block, column) in enumerate(zip(*np.divmod(positions, BLOCK), strict=True)):
            found[i] = self._blocks[block][0][:, column]
        return found

    def all(self):
        """Return all vectors (vectors, dimensions)."""
        found = np.empty((self.count, self._dimensions), np.float32)
        for i, (block, _) in enumerate(self._blocks):
            part = found[i * BLOCK : (i + 1) * BLOCK]
            part[:] = block[:, : len(part)].T
        return found

    def products(self, queries):
        """Yield the position of the first vector of each block, and the products (queries, capacity) with its vectors."""
        for i, (block, offsets) in enumerate(self._blocks):
            yield i * BLOCK, dense(queries, block, offsets)
