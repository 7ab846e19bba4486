"""What searches: each library's function from queries to the indices of the nearest vectors."""

import numpy as np

#: Neighbours that are searched for.
K = 10


def vectors(count, dimensions, seed=0):
    """Return vectors of length 1, as networks whose features are normalized make them."""
    rows = np.random.default_rng(seed).standard_normal((count, dimensions), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _striate(stored, threads):
    from striate.retrieval import Index

    index = Index(stored.shape[1], "inner_product")
    index.add(stored)
    return lambda queries: index.search(queries, K).ids


def _numpy(stored, threads):
    def search(queries):
        scores = queries @ stored.T
        best = np.argpartition(-scores, K, axis=1)[:, :K]
        order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1)
        return np.take_along_axis(best, order, 1)

    return search


def _sklearn(stored, threads):
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=K, algorithm="brute", n_jobs=threads).fit(stored)
    return lambda queries: found.kneighbors(queries, return_distance=False)  # for unit vectors the same order


def _faiss(stored, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.IndexFlatIP(stored.shape[1])
    index.add(stored)
    return lambda queries: index.search(queries, K)[1]


LIBRARIES = {"striate": _striate, "numpy": _numpy, "sklearn": _sklearn, "faiss": _faiss}
