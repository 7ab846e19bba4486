"""Exact search for the vectors that are most like a query."""

import json
from typing import NamedTuple

import numpy as np

from .._common.checks import check_path, choice, integer, real_array
from .._common.errors import Constructed
from .._common.files import atomic_write, check_folder
from ..io.npz import StoredArrays
from .columns import Columns

METRICS = ("cosine", "inner_product", "euclidean")

#: Queries whose products are in memory at the same time.
_AT_ONCE = 64

#: Largest length of a vector: products and squares of such are finite in float32.
_LONGEST = 1e18

#: Format and version that files tell.
_FORMAT, _VERSION = "striate index", 1

#: Name in a file of what describes the others.
_DESCRIPTION = "index.json"


class Matches(NamedTuple):
    """What `Index.search` returns.

    Examples
    --------
    >>> from striate import retrieval
    >>> index = retrieval.Index(2)
    >>> index.add([[1, 0], [0, 1], [3, 3]])
    array([0, 1, 2])
    >>> ids, scores = index.search([[1, 0]], k=2)
    >>> ids, scores.round(3)
    (array([[0, 2]]), array([[1.   , 0.707]], dtype=float32))
    """

    ids: np.ndarray  # (queries, k), or (k,) for a single query: int64, the best first
    scores: np.ndarray  # of the same shape, float32: cosines, inner products or distances


class Index(Constructed):
    """Vectors that are searched for those most like a query, exactly: each query is compared with all of them.

    Parameters
    ----------
    dimensions : int
        Number of elements of each vector.
    metric : {"cosine", "inner_product", "euclidean"}
        What makes vectors alike: a large cosine of the angle between them, a large inner product, or a small Euclidean
        distance.

    Attributes
    ----------
    ids : ndarray of int64, shape (vectors,)
        The ids of the vectors, in the order in which they were added.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Notes
    -----
    A search computes the matrix product of the queries with blocks of vectors, and keeps the best of each block. Results are
    the same, bit for bit, for any number of threads.

    Examples
    --------
    >>> from striate import retrieval
    >>> index = retrieval.Index(2, metric="euclidean")
    >>> index.add([[0, 0], [3, 4], [6, 8]])
    array([0, 1, 2])
    >>> index.search([3, 3], k=2).ids
    array([1, 0])
    >>> index.remove([1])
    >>> index.search([[3, 3]], k=1).ids
    array([[0]])
    """

    def __init__(self, dimensions, metric="cosine"):
        self.dimensions = integer("dimensions", dimensions, 1)
        self.metric = choice("metric", metric, METRICS)
        self._clear()

    def _clear(self):
        self._columns = Columns(self.dimensions, self._offset)
        self.ids = np.zeros(0, np.int64)
        self._known = set()

    def _offset(self, vectors):
        """Return what is added to products with vectors: |q - v|² is smallest where q · v - |v|² / 2 is largest."""
        return -(vectors.astype(np.float64) ** 2).sum(1) / 2 if self.metric == "euclidean" else 0

    def __len__(self):
        """Return the number of vectors."""
        return len(self.ids)

    def __contains__(self, id):
        """Return whether there is a vector of an id."""
        return id in self._known

    def __repr__(self):
        """Return how much there is."""
        return f"<Index: {len(self)} vectors of {self.dimensions} dimensions, metric {self.metric!r}>"

    def add(self, vectors, ids=None):
        """Add vectors.

        Parameters
        ----------
        vectors : array_like, shape (vectors, dimensions)
            The vectors, which are kept in float32; for cosines, their directions are.
        ids : array_like of int, shape (vectors,), optional
            Their ids, which no other vector has; if None, integers from one more than the largest id on.

        Returns
        -------
        ndarray of int64, shape (vectors,)
            The ids.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above; nothing is added then.
        """
        vectors = self._check("vectors", vectors, 2)
        ids = self._new_ids(len(vectors)) if ids is None else self._check_new_ids(ids, len(vectors))
        self._append(vectors, ids)
        return ids

    def _append(self, vectors, ids):
        self._columns.append(vectors)
        self.ids = np.concatenate([self.ids, ids])
        self._known.update(ids.tolist())

    def remove(self, ids):
        """Remove vectors; those that stay keep their order.

        Parameters
        ----------
        ids : array_like of int, shape (vectors,)
            Ids of vectors that are there.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above; nothing is removed then.
        """
        ids = _check_ids("ids", ids)
        if unknown := [each for each in ids.tolist() if each not in self._known]:
            raise ValueError(f"ids holds {unknown[0]}, which is not in the index; expected ids of vectors in it")
        kept = ~np.isin(self.ids, ids)
        vectors, ids = self._columns.all()[kept], self.ids[kept]
        self._clear()
        self._append(vectors, ids)

    def search(self, queries, k=10):
        """Return the vectors that are most like each query.

        Parameters
        ----------
        queries : array_like, shape (queries, dimensions) or (dimensions,)
            The queries, or one.
        k : int
            Number of vectors for each query; all if there are fewer.

        Returns
        -------
        Matches
            Ids and scores, arrays (queries, k), or (k,) for one query: the largest cosines or inner products first, or the
            smallest distances. Of equal ones, what was added first comes first.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        queries = real_array("queries", queries)
        single = queries.ndim == 1
        queries = self._check("queries", queries[np.newaxis] if single else queries, 2)
        k = min(integer("k", k, 1), len(self))
        positions = np.zeros((len(queries), k), np.int64)
        scores = np.zeros((len(queries), k), np.float32)
        for start in range(0, len(queries) if k else 0, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            positions[part], scores[part] = self._best(queries[part], k)
        ids = self.ids[positions]
        return Matches(ids[0], scores[0]) if single else Matches(ids, scores)

    def _best(self, queries, k):
        """Return positions and scores (queries, k) of the best vectors."""
        scores = np.full((len(queries), k), -np.inf, np.float32)
        positions = np.zeros((len(queries), k), np.int64)
        for begin, products in self._columns.products(queries):
            better = products > scores[:, -1:]  # In most blocks after the first, few are.
            for i in np.flatnonzero(better.any(1)):
                found = np.flatnonzero(better[i])
                if len(found) > k:
                    found = found[products[i, found] >= np.partition(products[i, found], -k)[-k]]
                merged = np.concatenate([scores[i], products[i, found]])
                order = np.argsort(-merged, kind="stable")[:k]  # Of equal scores, the earlier position stays first.
                scores[i] = merged[order]
                positions[i] = np.concatenate([positions[i], begin + found])[order]
        return self._by_distance(queries, positions) if self.metric == "euclidean" else (positions, scores)

    def _by_distance(self, queries, positions):
        """Return positions with distances, the smallest first; differences are more exact than what the search compares."""
        distances = np.empty(positions.shape, np.float32)
        for i, query in enumerate(queries):
            differences = self._columns.at(positions[i]).astype(np.float64) - query
            found = np.sqrt((differences**2).sum(1))
            order = np.argsort(found, kind="stable")
            distances[i], positions[i] = found[order], positions[i, order]
        return positions, distances

    def save(self, path):
        """Write the index to a file, which `load_index` reads.

        Parameters
        ----------
        path : path
            The file, whose name ends in ".npz".

        Raises
        ------
        OSError, TypeError, ValueError
            If it cannot be written.
        """
        path = check_path("path", path)
        if not path.endswith(".npz"):
            raise ValueError(f"path={path!r} has another ending; expected a file whose name ends in .npz")
        description = {"format": _FORMAT, "version": _VERSION, "dimensions": self.dimensions, "metric": self.metric}
        content = np.frombuffer(json.dumps(description).encode(), np.uint8)
        with atomic_write(check_folder(path)) as file:
            np.savez(file, **{_DESCRIPTION: content, "ids": self.ids, "vectors": self._columns.all()})

    def _check(self, name, value, ndim):
        """Return vectors or queries (number, dimensions) as float32, of length 1 for cosines."""
        rows = real_array(name, value)
        if rows.ndim != ndim or rows.shape[-1] != self.dimensions:
            raise ValueError(f"{name} has shape {rows.shape}; expected {self.dimensions} elements in each vector")
        rows = rows.astype(np.float64)
        lengths = np.sqrt((rows**2).sum(1, keepdims=True))
        if not (lengths <= _LONGEST).all():  # False for NaN, too
            raise ValueError(f"{name} holds NaN, infinity or vectors that are too long; expected lengths up to {_LONGEST:g}")
        if self.metric == "cosine":
            if not lengths.all():
                raise ValueError(f"{name} holds a vector of zeros, which has no direction; expected others for cosines")
            rows /= lengths
        return rows.astype(np.float32)

    def _new_ids(self, count):
        return np.arange(count) + (self.ids.max() + 1 if len(self) else 0)

    def _check_new_ids(self, ids, count):
        """Return ids that no vector has yet."""
        ids = _check_ids("ids", ids)
        if ids.shape != (count,):
            raise ValueError(f"ids has shape {ids.shape}; expected ({count},), one for each vector")
        values = ids.tolist()
        if len(set(values)) < count or not self._known.isdisjoint(values):
            raise ValueError(f"ids has shape {ids.shape} and holds an id twice, or one in the index; expected new ones")
        return ids


def _check_ids(name, ids):
    """Return ids as an array of int64 of one axis."""
    ids = real_array(name, ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise ValueError(f"{name} has shape {ids.shape} and dtype {ids.dtype}; expected integers in one axis")
    if ids.size and (ids.min() < 0 or ids.max() >= 1 << 62):
        raise ValueError(f"{name} holds {ids.min()} to {ids.max()}; expected integers from 0 to 2**62 - 1")
    return ids.astype(np.int64)


def load_index(path):
    """Read an index from a file that `Index.save` wrote.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Index

    Raises
    ------
    TypeError, ValueError
        If the file holds no index, or is damaged.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from striate import retrieval
    >>> index = retrieval.Index(3)
    >>> index.add([[1, 0, 0], [0, 2, 0]], ids=[5, 7])
    array([5, 7])
    >>> with TemporaryDirectory() as folder:
    ...     index.save(f"{folder}/index.npz")
    ...     print(retrieval.load_index(f"{folder}/index.npz"))
    <Index: 2 vectors of 3 dimensions, metric 'cosine'>
    """
    path = check_path("path", path)
    with StoredArrays(path, "an index saved by striate") as arrays, arrays.reading():
        if sorted(arrays.names) != sorted([_DESCRIPTION, "ids", "vectors"]):
            raise ValueError(f"it holds {arrays.names}")
        description = json.loads(bytes(arrays[_DESCRIPTION].make()))
        if (description["format"], description["version"]) != (_FORMAT, _VERSION):
            raise ValueError(f"its format is {description['format']!r}, version {description['version']!r}")
        index = Index(description["dimensions"], description["metric"])
        ids, vectors = (arrays[name].make() for name in ("ids", "vectors"))
        if vectors.dtype != np.float32:
            raise ValueError(f"its vectors have dtype {vectors.dtype}")
        index._check("vectors", vectors, 2)
        index._append(vectors, index._check_new_ids(ids, len(vectors)))
    return index
