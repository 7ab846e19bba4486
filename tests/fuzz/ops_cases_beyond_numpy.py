"""Functions of `striate.ops` that NumPy has under other names, or not at all, as in `ops_cases`."""

import numpy as np

from .ops_case import Case

SQUARE, TALL = (2, 3, 3), (2, 4, 3)


def of_matrices(call, reference, *shapes):
    """Return the case of a function of matrices, whose diagonals are made large."""

    def add(o, x):
        return o.add(x, [[4 * (i == j) for j in range(x.shape[-1])] for i in range(x.shape[-2])])

    return [
        Case(
            lambda o, *xs: call(o, *[add(o, each) for each in xs]),
            lambda *xs: reference(*[each + 4 * np.eye(*each.shape[-2:]) for each in xs]),
            *shapes,
            low=-1.0,
            high=1.0,
            kinds="f",
            rtol=256,
            like_keras=False,  # which lacks float16 with PyTorch
        )
    ]


def symmetric(x):
    return (x + x.swapaxes(-1, -2)) / 2


def symmetric_tensor(o, x):
    return o.multiply(o.add(x, o.swapaxes(x, -1, -2)), 0.5)


LINEAR_ALGEBRA = {
    "cholesky": of_matrices(
        lambda o, x: o.cholesky(symmetric_tensor(o, x)), lambda x: np.linalg.cholesky(symmetric(x)), SQUARE
    ),
    "cholesky_inverse": of_matrices(
        lambda o, x: o.cholesky_inverse(x),
        lambda x: np.linalg.inv(np.tril(x) @ np.tril(x).swapaxes(-1, -2)),
        SQUARE,
    ),
    "det": of_matrices(lambda o, x: o.det(x), np.linalg.det, SQUARE),
    "eigh": of_matrices(lambda o, x: o.eigh(symmetric_tensor(o, x))[0], lambda x: np.linalg.eigh(symmetric(x))[0], SQUARE),
    "inv": of_matrices(lambda o, x: o.inv(x), np.linalg.inv, SQUARE),
    "logdet": of_matrices(lambda o, x: o.logdet(x), lambda x: np.linalg.slogdet(x)[1], SQUARE),
    "lstsq": of_matrices(
        lambda o, x: o.lstsq(o.sum(x, 0), [[1.0], [2.0], [3.0], [4.0]]),
        lambda x: np.linalg.lstsq(x.sum(0), np.array([[1.0], [2.0], [3.0], [4.0]]))[0],
        TALL,
    ),
    "lu_factor": of_matrices(lambda o, x: o.lu_factor(x)[1], lambda x: np.zeros((2, 3), int) + np.arange(3), SQUARE),
    "matrix_power": of_matrices(lambda o, x: o.matrix_power(x, -3), lambda x: np.linalg.matrix_power(x, -3), SQUARE),
    "matrix_rank": of_matrices(lambda o, x: o.matrix_rank(x), np.linalg.matrix_rank, TALL),
    "pinv": of_matrices(lambda o, x: o.pinv(x), np.linalg.pinv, TALL),
    "qr": of_matrices(lambda o, x: o.qr(x)[1], lambda x: np.linalg.qr(x)[1], TALL),
    "slogdet": of_matrices(lambda o, x: o.slogdet(x)[0], lambda x: np.linalg.slogdet(x)[0], SQUARE),
    "solve": of_matrices(lambda o, a, b: o.solve(a, b), np.linalg.solve, SQUARE, SQUARE),
    "solve_triangular": of_matrices(
        lambda o, a, b: o.solve_triangular(a, b, lower=True), lambda a, b: np.linalg.solve(np.tril(a), b), SQUARE, SQUARE
    ),
    "svd": of_matrices(lambda o, x: o.svd(x)[1], lambda x: np.linalg.svd(x, compute_uv=False), TALL),
}

CASES = {**LINEAR_ALGEBRA}
