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
    "gammainc": cases_of(
        lambda o, x: o.gammainc(2.0, x),
        lambda x: 1 - (1 + x) * np.exp(-x),
        (2, 3),
        kinds="f",
        low=0.1,
        rtol=64,
        like_keras=False,
    ),
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


def put(x, key, y):
    """Return an array changed at an index."""
    result = x.copy()
    result[key] = y
    return result


INDEXING = {
    "scatter": cases_of(
        lambda o, x: o.scatter([[2], [0], [2]], x, (4, 2)),
        lambda x: np.stack([x[1], 0 * x[0], x[0] + x[2], 0 * x[0]]),
        (3, 2),
        kinds="iuf",
        exact=True,
        like_keras=False,
    ),
    "scatter_update": [
        Case(
            lambda o, x, y, how=how: o.scatter_update(o.max(x, 0), [[1], [3]], y, how),
            lambda x, y, join=join: put(x[0], [1, 3], join(x[0][[1, 3]], y)),
            *((1, 4, 2), (2, 2)),
            kinds="if",
            exact=True,
            like_keras=False,
            inputs=1,
        )
        for how, join in (
            (None, lambda x, y: y),
            ("add", np.add),
            ("max", np.maximum),
            ("min", np.minimum),
            ("mul", np.multiply),
        )
    ],
    "slice": cases_of(lambda o, x: o.slice(x, (0, 1), (2, 2)), lambda x: x[:2, 1:3], (2, 4), exact=True, like_keras=False),
    "slice_update": cases_of(
        lambda o, x: o.sum(o.slice_update(o.sum(x, 0), (0, 1), np.ones((3, 2), "int8")), 1),
        lambda x: x.sum(0)[:, 0] + x.sum(0)[:, 3] + 2,
        (1, 3, 4),
        kinds="if",
        like_keras=False,
    ),
    "unstack": cases_of(lambda o, x: o.unstack(x, axis=1)[1], lambda x: x[:, 1], (2, 4), exact=True, like_keras=False),
    "rearrange": cases_of(
        lambda o, x: o.rearrange(x, "b (h k) c -> b (c k) h", k=2),
        lambda x: x.reshape(2, 3, 2, 4).transpose(0, 3, 2, 1).reshape(2, 8, 3),
        (2, 6, 4),
        exact=True,
        like_keras=False,
    ),
    "saturate_cast": cases_of(
        lambda o, x: o.saturate_cast(o.multiply(x, 100), "uint8"),
        lambda x: np.clip(x * 100, 0, 255).astype("uint8"),
        (2, 3),
        kinds="f",
        exact=True,
        like_keras=False,
    ),
    "cast": cases_of(lambda o, x: o.cast(x, "float32"), lambda x: x.astype("float32"), (2, 3), exact=True),
    "fold": cases_of(
        lambda o, x: o.fold(o.unfold(x, 2, stride=2), (4, 6), 2, stride=2),
        lambda x: x,
        (2, 3, 4, 6),
        kinds="f",
        like_keras=False,
    ),
    "unfold": cases_of(
        lambda o, x: o.unfold(x, (2, 3), stride=(2, 3)),
        lambda x: x.reshape(2, 3, 2, 2, 2, 3).transpose(0, 1, 3, 5, 2, 4).reshape(2, 18, 4),
        (2, 3, 4, 6),
        exact=True,
        like_keras=False,
    ),
}


def normalized(x, axes, eps=1e-7):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def attention(q, k, v):
    logits = np.einsum("bqhd,bkhd->bhqk", q, k) / np.sqrt(q.shape[-1])
    p = np.exp(logits - logits.max(-1, keepdims=True))
    return np.einsum("bhqk,bkhd->bqhd", p / p.sum(-1, keepdims=True), v)


NETWORKS = {
    "layer_normalization": [
        Case(
            lambda o, x, a=axis: o.layer_normalization(x, axis=a),
            lambda x, a=axis: normalized(x, a),
            (2, 3, 4),
            kinds="f",
            rtol=256,
            like_keras=False,
        )
        for axis in (-1, (1, 2))
    ],
    "rms_normalization": cases_of(
        lambda o, x: o.rms_normalization(x),
        lambda x: x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-7),
        (2, 3, 4),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    "dot_product_attention": cases_of(
        lambda o, q, k, v: o.dot_product_attention(q, k, v),
        attention,
        *((2, 3, 2, 4), (2, 5, 2, 4), (2, 5, 2, 4)),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    "psnr": cases_of(
        lambda o, x, y: o.psnr(x, y, 2.0),
        lambda x, y: 20 * np.log10(2) - 10 * np.log10(np.mean((x - y) ** 2)),
        *((2, 3), (2, 3)),
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    **{
        f"adaptive_{name}_pool": cases_of(
            lambda o, x, name=name: getattr(o, f"adaptive_{name}_pool")(x, (2, 3)),
            lambda x, reduce=reduce: reduce(x.reshape(2, 2, 2, 3, 2, 3), (2, 4)),
            (2, 4, 6, 3),
            kinds="f",
            rtol=16,
            like_keras=False,
        )
        for name, reduce in (("max", np.max), ("average", np.mean))
    },
    "multi_hot": cases_of(
        lambda o, x: o.multi_hot(o.abs(x), 4),
        lambda x: (abs(x)[..., None] == np.arange(4)).any(1).astype(np.float32),
        (2, 3),
        kinds="iu",
        exact=True,
        like_keras=False,
    ),
}

CASES = {**LINEAR_ALGEBRA, **MATHEMATICS, **INDEXING, **NETWORKS}
