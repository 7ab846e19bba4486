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

#: Vectors whose exact scores are computed at once.
_RANKED_AT_ONCE = 4096

#: Vectors are far from the origin if their mean is so many times longer than their differences from it are on average.
_FAR = 8

#: Unit roundoff of float32, and its smallest normal number, below which the kernels flush to zero.
_ROUNDOFF, _SMALLEST = 2.0**-24, 2.0**-126

#: How far the length of a direction in a file may be from 1, which rounding to float32 changes by `_ROUNDOFF`.
_UNIT_ERROR = 4 * _ROUNDOFF

#: Ids are less than this.
_ID_LIMIT = 1 << 62

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


def _below(values):
    """Return the float32 next below some values: what is larger than it is not smaller than they are."""
    return np.nextafter(np.asarray(values, np.float32), np.float32(-np.inf))


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
    A search computes the matrix product of the queries with blocks of vectors in float32, keeps every vector that can be among
    the best in spite of rounding, and ranks these by scores computed in float64. It is exact for the vectors as they are kept,
    wherever they are: if they are far from the origin, it compares their differences from a centre, which need as much memory
    again. Where very many vectors are equal or nearly so, all of them are ranked, which takes longer. Results are the same,
    bit for bit, for any number of threads.

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
        self._columns = Columns(self.dimensions, self.metric == "euclidean")
        self.ids = np.zeros(0, np.int64)
        self._known = set()
        self._sum, self._squares = np.zeros(self.dimensions), 0.0  # of all points, and of their squared lengths
        self._centred = 0  # number of vectors when the centre was chosen

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
        vectors = self._check("vectors", vectors, 2).astype(np.float32)
        ids = self._new_ids(len(vectors)) if ids is None else self._check_new_ids(ids, len(vectors))
        self._append(vectors, ids)
        return ids

    def _append(self, vectors, ids):
        points = self._points(vectors)
        self._sum += points.sum(0)
        self._squares += (points**2).sum()
        if len(self) + len(vectors) >= 2 * self._centred:
            self._choose_centre(len(self) + len(vectors))
        self._columns.append(vectors, points)
        self.ids = np.concatenate([self.ids, ids])
        self._known.update(ids.tolist())

    def _points(self, vectors):
        """Return what vectors (vectors, dimensions) stand for, in float64: directions of length 1, or themselves."""
        points = vectors.astype(np.float64)
        if self.metric == "cosine":  # Rounding has changed the lengths.
            points /= np.sqrt((points**2).sum(1, keepdims=True))
        return points

    def _choose_centre(self, count):
        """Choose a centre for `count` points if they are far from the origin; one that they are near to is kept."""
        if not count:
            return
        self._centred = count
        mean = self._sum / count
        spread = np.sqrt(max(self._squares / count - (mean**2).sum(), 0))
        before, centre = self._columns.centre, mean if np.linalg.norm(mean) > _FAR * spread else None
        if (before is None) != (centre is None) or (centre is not None and np.linalg.norm(mean - before) > _FAR * spread):
            vectors = self._columns.all()
            self._columns = Columns(self.dimensions, self.metric == "euclidean", centre)
            self._columns.append(vectors, self._points(vectors))

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
        centre = self._columns.centre
        shifted = queries - centre if self.metric == "euclidean" and centre is not None else queries
        sizes = np.sqrt((shifted**2).sum(1))
        bounds = np.full(len(queries), -np.inf)  # What the k-th best product is at least.
        candidates = [(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))] * len(queries)
        for begin, products, lengths in self._columns.products(shifted.astype(np.float32)):
            errors = self._errors(sizes, lengths.max())
            better = products > _below(bounds - errors)[:, np.newaxis]  # In most blocks after the first, few are.
            for i in np.flatnonzero(better.any(1)):
                found = np.flatnonzero(better[i])
                if len(found) > k:
                    kth = np.partition(products[i, found], -k)[-k]
                    found = found[products[i, found] > _below(kth - 2 * errors[i])]
                score, error = products[i, found].astype(np.float64), self._errors(sizes[i], lengths[found])
                new = begin + found, score - error, score + error
                positions, least, most = map(np.concatenate, zip(candidates[i], new, strict=True))
                if len(least) >= k:
                    bounds[i] = np.partition(least, -k)[-k]
                kept = most >= bounds[i]
                candidates[i] = positions[kept], least[kept], most[kept]
        ranked = [self._ranked(query, positions, k) for query, (positions, *_) in zip(queries, candidates, strict=True)]
        return tuple(map(np.stack, zip(*ranked, strict=True)))

    def _errors(self, sizes, lengths):
        """Return how much products of queries of some sizes with columns of some lengths, and offsets, may be in error.

        A sum of n products and an offset has an error of at most (n + 1) u (|q| |v| + |offset|) in any order, u being the unit
        roundoff [1]_; rounding the query, the vector and the offset before, or the length of a direction, adds less than 4 u.
        What is flushed to zero adds multiples of the smallest normal number.

        References
        ----------
        .. [1] N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, SIAM 2002, section 3.1.
        """
        relative = (self.dimensions + 6) * _ROUNDOFF
        scale = sizes * lengths + (lengths**2 / 2 if self.metric == "euclidean" else 0)
        flushed = 4 * self.dimensions * _SMALLEST * (1 + sizes + lengths)
        return relative / (1 - relative) * scale + flushed

    def _ranked(self, query, positions, k):
        """Return the best k of some positions, which ascend, and their scores, computed in float64."""
        parts = [positions[start : start + _RANKED_AT_ONCE] for start in range(0, len(positions), _RANKED_AT_ONCE)]
        points = (self._points(self._columns.at(part)) for part in parts)
        if self.metric == "euclidean":
            scores = np.concatenate([np.sqrt(((each - query) ** 2).sum(1)) for each in points])
            order = np.argsort(scores, kind="stable")[:k]  # Of equal scores, the earlier position stays first.
        else:
            scores = np.concatenate([(each * query).sum(1) for each in points])
            order = np.argsort(-scores, kind="stable")[:k]
        return positions[order], scores[order].astype(np.float32)

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
        """Return vectors or queries (number, dimensions) as float64, of length 1 for cosines."""
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
        return rows

    def _new_ids(self, count):
        first = int(self.ids.max()) + 1 if len(self) else 0
        if first + count > _ID_LIMIT:
            raise ValueError(f"ids=None continues after {first - 1}, beyond 2**62 - 1; expected ids of the new vectors")
        return np.arange(first, first + count, dtype=np.int64)

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
    if ids.size and (ids.min() < 0 or ids.max() >= _ID_LIMIT):
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
        points = index._check("vectors", vectors, 2)
        if index.metric == "cosine" and np.abs(vectors - points).max(initial=0) > _UNIT_ERROR:
            raise ValueError(f"its vectors have other lengths than 1; expected directions for metric {index.metric!r}")
        index._append(vectors, index._check_new_ids(ids, len(vectors)))
    return index
