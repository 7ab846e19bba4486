"""Functions of `striate.ops` that NumPy has under other names, or not at all, as in `ops_cases`."""

import math

import numpy as np

from .ops_case import Case, cases_of, elementwise

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


def frames(x, length, stride):
    return np.stack([x[..., i : i + length] for i in range(0, x.shape[-1] - length + 1, stride)], -2)


#: Symmetric around the middle, and 0 at the beginning.
HANN = np.array([0.0, 0.5, 1.0, 0.5])

MATHEMATICS = {
    "erfc": elementwise("erfc", np.vectorize(math.erfc, otypes=[float]), rtol=64, like_keras=False),
    "erfinv": cases_of(
        lambda o, x: o.erf(o.erfinv(x)), lambda x: x, (2, 3), kinds="f", low=-0.9, high=0.9, rtol=16, like_keras=False
    ),
    "cdist": cases_of(
        lambda o, x, y: o.cdist(x, y),
        lambda x, y: np.linalg.norm(x[:, :, None] - y[:, None], axis=-1),
        *((2, 4, 3), (2, 5, 3)),
        kinds="f",
        rtol=64,
        like_keras=False,  # which lacks float16 with PyTorch
    ),
    "in_top_k": cases_of(
        lambda o, x: o.in_top_k(np.array([1, 2, 0]), x, 2),
        lambda x: np.sum(x > x[np.arange(3), [1, 2, 0]][:, None], 1) < 2,
        (3, 4),
        kinds="f",
        exact=True,
        like_keras=False,
        inputs=1,
    ),
    **{
        f"segment_{name}": cases_of(
            lambda o, x, name=name: getattr(o, f"segment_{name}")(x, np.array([1, 0, 1]), 2),
            lambda x, join=join: np.stack([x[1], join(x[0], x[2])]),
            (3, 2),
            kinds="if",
            exact=True,
            like_keras=False,
        )
        for name, join in (("sum", np.add), ("prod", np.multiply), ("max", np.maximum), ("min", np.minimum))
    },
    "extract_sequences": cases_of(
        lambda o, x: o.extract_sequences(x, 3, 2), lambda x: frames(x, 3, 2), (2, 8), exact=True, like_keras=False
    ),
    **{
        name: cases_of(
            lambda o, a, b, name=name: getattr(o, name)((a, b))[1],
            lambda a, b, name=name: getattr(np.fft, name)(a + 1j * b).imag,
            *((2, 3, 4), (2, 3, 4)),
            kinds="f",
            rtol=64,
            like_keras=False,
        )
        for name in ("fft", "fft2", "ifft2")
    },
    "rfft": cases_of(
        lambda o, x: o.rfft(x, 6)[0], lambda x: np.fft.rfft(x, 6).real, (2, 8), kinds="f", rtol=64, like_keras=False
    ),
    "irfft": cases_of(
        lambda o, a, b: o.irfft((a, b)),
        lambda a, b: np.fft.irfft(a + 1j * b),
        *((2, 5), (2, 5)),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    "stft": cases_of(
        lambda o, x: o.stft(x, 4, 2, 4, center=False)[0],
        lambda x: np.fft.rfft(frames(x, 4, 2) * HANN).real,
        (2, 8),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    "istft": cases_of(
        lambda o, x: o.istft(o.stft(x, 4, 1, 4), 4, 1, 4, length=8),
        lambda x: x,
        (2, 8),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
}

CASES = {**LINEAR_ALGEBRA, **MATHEMATICS}
