"""Every function of `striate.ops`, with shapes, axes and other arguments to be tried, and the same in NumPy."""

import itertools
import math

import numpy as np

from striate import ops
from striate.functional.activation_table import ALIASES
from tests.helpers import reference
from tests.helpers.activation_rows import ELEMENTWISE

from .numpy_cases import NUMPY_CASES
from .ops_case import (
    DTYPES,
    ROWS,
    SHAPES,
    Case,
    along_one,
    axes_of,
    binary_cases,
    cases_of,
    elementwise,
    over_windows,
    reducing,
)
from .ops_cases_beyond_numpy import CASES as BEYOND_NUMPY


def one_hot(x, n):
    return (np.asarray(x)[..., np.newaxis] == np.arange(n)).astype(np.float32)


def norm(x, ord=2, axis=None, keepdims=False):
    if axis is None:
        return np.linalg.norm(np.ravel(x), ord).reshape((1,) * np.ndim(x) if keepdims else ())
    return np.linalg.norm(x, ord, axis, keepdims)


def logsumexp(x, axis=None, keepdims=False):
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def erf(x):
    return np.vectorize(math.erf, otypes=[np.float64])(x)


def depth_to_space(x):
    n, h, w, c = x.shape
    return x.reshape(n, h, w, 2, 2, c // 4).transpose(0, 1, 3, 2, 4, 5).reshape(n, 2 * h, 2 * w, c // 4)


def space_to_depth(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 4 * c)


POSITIVE = {"low": 0.5, "high": 3.0}

CASES = {
    "abs": elementwise("abs"),
    "absolute": elementwise("absolute"),
    "negative": elementwise("negative", kinds="iuf", exact=True),
    "square": elementwise("square"),
    "sqrt": elementwise("sqrt", **POSITIVE),
    "rsqrt": elementwise("rsqrt", lambda x: 1 / np.sqrt(x), low=0.6, kinds="f"),
    "reciprocal": elementwise("reciprocal", low=0.6, kinds="f"),
    "exp": elementwise("exp"),
    "expm1": elementwise("expm1"),
    "log": elementwise("log", low=0.6, kinds="f"),
    "log1p": elementwise("log1p", low=0.0),
    "log2": elementwise("log2", low=0.6, kinds="f"),
    "log10": elementwise("log10", low=0.6, kinds="f"),
    "sin": elementwise("sin"),
    "cos": elementwise("cos"),
    "tan": elementwise("tan", low=-1.0, high=1.0),
    "erf": elementwise("erf", erf),
    "sign": elementwise("sign"),
    "floor": elementwise("floor"),
    "ceil": elementwise("ceil"),
    "isnan": elementwise("isnan", exact=True),
    "isinf": elementwise("isinf", exact=True),
    "isfinite": elementwise("isfinite", exact=True),
    "logical_not": elementwise("logical_not", exact=True),
    "bitwise_not": elementwise("bitwise_not", kinds="biu", exact=True),
    "bitwise_invert": elementwise("bitwise_invert", np.invert, kinds="biu", exact=True),
    "zeros_like": elementwise("zeros_like", exact=True),
    "ones_like": elementwise("ones_like", exact=True),
    "stop_gradient": elementwise("stop_gradient", lambda x: x, exact=True),
    "ravel": elementwise("ravel", exact=True),
    "add": binary_cases("add", kinds="iuf"),
    "subtract": binary_cases("subtract", low=0.0, kinds="if"),
    "multiply": binary_cases("multiply", kinds="iuf"),
    "divide": binary_cases("divide", low=0.6, kinds="f"),
    "true_divide": binary_cases("true_divide", low=0.6, kinds="f"),
    "floor_divide": binary_cases("floor_divide", low=0.6, kinds="iuf", rtol=0),
    "mod": binary_cases("mod", low=0.6, kinds="iuf", rtol=64),
    "power": binary_cases("power", low=0.6, high=2.0, kinds="iuf", rtol=16),
    "maximum": binary_cases("maximum"),
    "minimum": binary_cases("minimum"),
    "arctan2": binary_cases("arctan2"),
    **{
        name: binary_cases(name, exact=True)
        for name in (
            "equal",
            "not_equal",
            "greater",
            "greater_equal",
            "less",
            "less_equal",
            "logical_and",
            "logical_or",
            "logical_xor",
        )
    },
    **{
        name: binary_cases(name, kinds="biu", exact=True, like_keras=False)
        for name in ("bitwise_and", "bitwise_or", "bitwise_xor")
    },
    "sum": reducing("sum"),
    "mean": reducing("mean"),
    "prod": reducing("prod", low=-1.5, high=1.5, kinds="f", rtol=16),
    "max": reducing("max"),
    "min": reducing("min"),
    "amax": reducing("amax"),
    "amin": reducing("amin"),
    "any": reducing("any", exact=True),
    "all": reducing("all", exact=True),
    "var": reducing("var", rtol=64),
    "std": reducing("std", rtol=64),
    "argmax": reducing("argmax", several=False, exact=True),
    "argmin": reducing("argmin", several=False, exact=True),
    "logsumexp": reducing("logsumexp", logsumexp, kinds="f", rtol=16),
    "norm": reducing("norm", norm, several=False, rtol=16),
    "cumsum": along_one("cumsum", kinds="iuf"),
    "argsort": along_one("argsort", lambda x, axis: np.argsort(x, axis, kind="stable"), exact=True, like_keras=False),
    "sort": along_one("sort", exact=True),
    "flip": along_one("flip", exact=True),
    "softmax": along_one("softmax", reference.softmax, none=False, kinds="f", rtol=16),
    "log_softmax": along_one("log_softmax", reference.log_softmax, none=False, kinds="f", rtol=64),
    "sparsemax": along_one("sparsemax", reference.sparsemax, none=False, kinds="f", like_keras=False),
    "round": elementwise("round", like_keras=False)
    # exact: of a number midway between two, its product with 10, rounded to the dtype, decides
    + cases_of(lambda o, x: o.round(x, 1), lambda x: np.round(x, 1), (2, 3), kinds="f", exact=True, like_keras=False),
    "clip": [
        Case(lambda o, x, a=low, b=high: o.clip(x, a, b), lambda x, a=low, b=high: np.clip(x, a, b), shape, kinds="if")
        for shape in SHAPES
        for low, high in ((-1, 1), (0, 2))
    ]
    + cases_of(lambda o, x: o.clip(x, -0.5, 1.5), lambda x: np.clip(x, -0.5, 1.5), (2, 3), kinds="f"),
    "where": [
        Case(lambda o, c, a, b: o.where(o.greater(c, 0), a, b), lambda c, a, b: np.where(c > 0, a, b), *shapes)
        for shapes in (((2, 3),) * 3, ((2, 1), (3,), ()), ((), (2, 2), (2,)))
    ]
    + cases_of(lambda o, x: o.where(o.greater(x, 0), x, 0), lambda x: np.where(x > 0, x, 0), (2, 3))
    + cases_of(lambda o, x: o.where(o.equal(x, 1), 0.5, x), lambda x: np.where(x == 1, 0.5, x), (2, 3)),
    "cast": [
        Case(lambda o, x, d=dtype: o.cast(x, d), lambda x, d=dtype: x.astype(d), (2, 3), low=0.0, exact=True)
        for dtype in DTYPES
    ],
    "matmul": [
        Case(lambda o, a, b: o.matmul(a, b), np.matmul, *shapes, kinds="iuf", rtol=32, like_keras=len(shapes[0]) < 4)
        for shapes in (
            ((2, 3), (3, 4)),
            ((3,), (3, 4)),
            ((2, 3), (3,)),
            ((3,), (3,)),
            ((5, 2, 3), (3, 2)),
            ((2, 1, 2, 3), (3, 3, 2)),
        )
    ],
    "dot": [
        Case(lambda o, a, b: o.dot(a, b), np.dot, *shapes, kinds="f", rtol=32)
        for shapes in (((2, 3), (3, 4)), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), ()), ((4, 2, 3), (3, 2)))
    ],
    "einsum": [
        Case(
            lambda o, *xs, s=subscripts: o.einsum(s, *xs),
            lambda *xs, s=subscripts: np.einsum(s, *xs),
            *shapes,
            kinds="f",
            rtol=32,
            inputs=n,
        )
        for subscripts, n, shapes in (
            ("ij,jk->ik", None, ((2, 3), (3, 4))),
            ("ij,kj", None, ((2, 3), (4, 3))),
            ("i,j->ij", None, ((2,), (3,))),
            ("ij,ij->", None, ((2, 3), (2, 3))),
            ("bij,bkj->bik", None, ((2, 3, 4), (2, 5, 4))),
            ("bqhd,bkhd->bhqk", None, ((2, 3, 2, 4), (2, 5, 2, 4))),
            ("bhwc,chd->bwd", 1, ((2, 3, 4, 2), (2, 3, 5))),
            ("...i,ij->...j", None, ((2, 4, 3), (3, 2))),
            ("a...b->b...", None, ((2, 3, 4),)),
            ("ij,jk,kl->il", None, ((2, 3), (3, 4), (4, 2))),
            ("ii", None, ((3, 3),)),
            ("iji,jkk->ik", 1, ((3, 2, 3), (2, 4, 4))),
            ("i...,...j->i...j", 1, ((2, 3, 4), (3, 1, 2))),
            ("i...,...", 1, ((2, 3, 4), (4,))),
            (",ij->ji", 1, ((), (2, 3))),
        )
    ],
    "reshape": [
        Case(lambda o, x, s=new: o.reshape(x, s), lambda x, s=new: np.reshape(x, s), (2, 3, 4), exact=True)
        for new in ((6, 4), (-1,), (2, -1), (4, 3, 2), (-1, 1, 4))
    ],
    "transpose": [
        Case(lambda o, x, a=axes: o.transpose(x, a), lambda x, a=axes: np.transpose(x, a), shape, exact=True)
        for shape, orders in (((4,), (None,)), ((2, 3), (None, (1, 0))), ((2, 3, 4), (None, (0, 2, 1), (2, 0, 1), (-1, 0, 1))))
        for axes in orders
    ],
    "swapaxes": [
        Case(lambda o, x, i=i, j=j: o.swapaxes(x, i, j), lambda x, i=i, j=j: np.swapaxes(x, i, j), (2, 3, 4), exact=True)
        for i in range(-3, 3)
        for j in (0, -1)
    ],
    "moveaxis": [
        Case(lambda o, x, i=i, j=j: o.moveaxis(x, i, j), lambda x, i=i, j=j: np.moveaxis(x, i, j), (2, 3, 4), exact=True)
        for i in range(-3, 3)
        for j in range(-3, 3)
    ]
    + cases_of(lambda o, x: o.moveaxis(x, (0, 1), (-1, 0)), lambda x: np.moveaxis(x, (0, 1), (-1, 0)), (2, 3, 4), exact=True),
    "expand_dims": [
        Case(lambda o, x, a=axis: o.expand_dims(x, a), lambda x, a=axis: np.expand_dims(x, a), (2, 3), exact=True)
        for axis in range(-3, 3)
    ],
    "squeeze": [
        Case(lambda o, x, a=axis: o.squeeze(x, a), lambda x, a=axis: np.squeeze(x, a), (2, 1, 3, 1), exact=True)
        for axis in (None, 1, 3, -1, -3, (1, 3))
    ],
    "concatenate": [
        Case(
            lambda o, a, b, i=axis: o.concatenate([a, b], axis=i),
            lambda a, b, i=axis: np.concatenate([a, b], i),
            *((2, 3, 4), (2, 3, 4)),
            exact=True,
        )
        for axis in range(-3, 3)
    ]
    + cases_of(
        lambda o, a, b: o.concatenate([a, b]),
        lambda a, b: np.concatenate([a, b]),
        (2, 3),
        (4, 3),
        second="float32",
    ),
    "stack": [
        Case(
            lambda o, a, b, i=axis: o.stack([a, b], axis=i),
            lambda a, b, i=axis: np.stack([a, b], i),
            (2, 3),
            (2, 3),
            exact=True,
        )
        for axis in range(-3, 3)
    ],
    "hstack": [Case(lambda o, a, b: o.hstack([a, b]), lambda a, b: np.hstack([a, b]), s, s, exact=True) for s in SHAPES],
    "vstack": [Case(lambda o, a, b: o.vstack([a, b]), lambda a, b: np.vstack([a, b]), s, s, exact=True) for s in SHAPES],
    "split": [
        Case(lambda o, x, a=axis: o.split(x, 2, a)[1], lambda x, a=axis: np.split(x, 2, a)[1], (2, 4, 6), exact=True)
        for axis in range(-3, 3)
    ]
    + cases_of(lambda o, x: o.split(x, [1, 2], 1)[1], lambda x: np.split(x, [1, 2], 1)[1], (2, 4), exact=True),
    "take": [
        Case(
            lambda o, x, i=index, a=axis: o.take(x, i, a),
            lambda x, i=index, a=axis: np.take(x, i, a),
            (3, 4, 2),
            exact=True,
            like_keras=axis is not None,  # where Keras counts from the wrong end with PyTorch
        )
        for axis in axes_of(3, False)
        for index in (1, [0, 1, 1], [[0, 1], [1, -1]])
    ],
    "take_along_axis": [
        Case(
            lambda o, x, a=axis: o.take_along_axis(x, o.argsort(x, axis=a), a),
            lambda x, a=axis: np.sort(x, a),
            (3, 4, 2),
            exact=True,
        )
        for axis in range(-3, 3)
    ],
    "tile": [
        Case(lambda o, x, r=repeats: o.tile(x, r), lambda x, r=repeats: np.tile(x, r), (2, 3), exact=True)
        for repeats in (2, (2, 3), (2, 1, 3))
    ],
    "repeat": [
        Case(
            lambda o, x, r=n, a=axis: o.repeat(x, r, a),
            lambda x, r=n, a=axis: np.repeat(x, r, a),
            (2, 2),
            exact=True,
            like_keras=n == 3,
        )
        for n in (3, [1, 2])
        for axis in axes_of(2, False)
        if axis is not None or n == 3
    ],
    "roll": [
        Case(lambda o, x, s=shift, a=axis: o.roll(x, s, a), lambda x, s=shift, a=axis: np.roll(x, s, a), (2, 3, 4), exact=True)
        for shift in (1, -2, 7)
        for axis in axes_of(3, False)
    ],
    "pad": [
        Case(
            lambda o, x, w=width, m=mode: o.pad(x, w, mode=m),
            lambda x, w=width, m=mode: np.pad(x, w, m),
            (3, 4),
            exact=True,
            like_keras=mode != "symmetric",  # which Keras takes for "reflect" with PyTorch
        )
        for width in (((1, 2), (0, 1)), ((0, 0), (2, 1)))
        for mode in ("constant", "reflect", "symmetric")
    ]
    + cases_of(
        lambda o, x: o.pad(x, ((1, 0), (0, 2)), constant_values=2),
        lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=2),
        (2, 3),
        kinds="iuf",
        exact=True,
    ),
    "broadcast_to": [
        Case(lambda o, x, s=new: o.broadcast_to(x, s), lambda x, s=new: np.broadcast_to(x, s), (2, 1, 3), exact=True)
        for new in ((2, 4, 3), (5, 2, 1, 3), (2, 1, 3))
    ],
    "full_like": [
        Case(lambda o, x, n=number: o.full_like(x, n), lambda x, n=number: np.full_like(x, n), shape, exact=True)
        for shape in ((), (2, 3))
        for number in (0, 1)
    ],
    "one_hot": [
        Case(lambda o, x: o.one_hot(o.abs(x), 4), lambda x: one_hot(abs(x), 4), shape, kinds="iu", exact=True)
        for shape in ((4,), (2, 3))
    ]
    + cases_of(
        lambda o, x: o.one_hot(x, 3, axis=0),
        lambda x: np.moveaxis(one_hot(x, 3), -1, 0),
        (4,),
        kinds="iu",
        exact=True,
        like_keras=False,
    )
    + cases_of(
        lambda o, x: o.one_hot(x, 3, dtype="int32"),
        lambda x: one_hot(x, 3).astype("int32"),
        (4,),
        kinds="iu",
        exact=True,
        like_keras=False,
    ),
    "top_k": [
        Case(lambda o, x, k=k: o.top_k(x, k)[0], lambda x, k=k: np.sort(x)[..., ::-1][..., :k], (3, 5), kinds="if", exact=True)
        for k in (1, 3, 5)
    ]
    + [
        Case(
            lambda o, x: o.top_k(x, 2)[1],
            lambda x: np.lexsort((-x, ~np.isnan(x)))[..., :2],
            (3, 5),
            kinds="f",
            exact=True,
        )
    ],
    "moments": [
        Case(
            lambda o, x, i=i: o.moments(x, [0, 1])[i],
            lambda x, i=i: (np.mean, np.var)[i](x, (0, 1)),
            (3, 4, 2),
            kinds="f",
            rtol=64,
        )
        for i in (0, 1)
    ],
    "normalize": [
        Case(
            lambda o, x, a=axis, n=order: o.normalize(x, axis=a, order=n),
            lambda x, a=axis, n=order: x / np.linalg.norm(x, n, a, keepdims=True),
            (3, 4),
            kinds="f",
            rtol=64,
            low=0.5,
        )
        for axis in (-1, 0)
        for order in (1, 2, 3)
    ],
    "batch_normalization": [
        Case(
            lambda o, x, m, v, a=axis: o.batch_normalization(x, m, v, a),
            lambda x, m, v, a=axis: np.moveaxis((np.moveaxis(x, a, -1) - m) / np.sqrt(v + 1e-3), -1, a),
            shape,
            (4,),
            (4,),
            kinds="f",
            rtol=64,
            **POSITIVE,
        )
        for shape, axis in (((2, 3, 4), -1), ((2, 4, 3), 1))
    ],
    "binary_crossentropy": [
        Case(call, truth, (2, 3), (2, 3), low=0.1, high=0.9, kinds="f", rtol=64)
        for call, truth in (
            (lambda o, t, p: o.binary_crossentropy(t, p), lambda t, p: -(t * np.log(p) + (1 - t) * np.log(1 - p))),
            (
                lambda o, t, x: o.binary_crossentropy(t, x, from_logits=True),
                lambda t, x: np.log1p(np.exp(x)) - t * x,
            ),
        )
    ],
    "categorical_crossentropy": [
        Case(
            lambda o, t, p, a=axis: o.categorical_crossentropy(t, p, axis=a),
            lambda t, p, a=axis: -(t * np.log(p / p.sum(a, keepdims=True))).sum(a),
            (2, 3, 4),
            (2, 3, 4),
            like_keras=axis == -1,
            low=0.1,
            high=0.9,
            kinds="f",
            rtol=64,
        )
        for axis in (-1, 1)
    ],
    "sparse_categorical_crossentropy": cases_of(
        lambda o, p: o.sparse_categorical_crossentropy(np.array([0, 2], "int32"), p),
        lambda p: -np.log(p / p.sum(-1, keepdims=True))[[0, 1], [0, 2]],
        (2, 3),
        low=0.1,
        high=0.9,
        kinds="f",
        rtol=64,
        like_keras=False,
    ),
    "depth_to_space": cases_of(lambda o, x: o.depth_to_space(x, 2), depth_to_space, (2, 2, 3, 8), like_keras=False),
    "space_to_depth": cases_of(lambda o, x: o.space_to_depth(x, 2), space_to_depth, (2, 4, 6, 2), like_keras=False),
}


CASES |= BEYOND_NUMPY

#: By the names of `striate.ops`, whose gelu is another.
ACTIVATIONS = {
    **{name: row.reference for name, row in ELEMENTWISE.items() if hasattr(ops, name)},
    **{alias: ELEMENTWISE[name].reference for alias, name in ALIASES.items()},
    "gelu": ELEMENTWISE["gelu_tanh"].reference,
}
for _name, _truth in ACTIVATIONS.items():
    CASES[_name] = elementwise(
        _name, _truth, kinds="f", rtol=64, like_keras=_name not in ("swish", "hard_swish", "mish", "relu6")
    )
CASES["threshold"] = [Case(lambda o, x: o.threshold(x, 0.0, 0.0), ACTIVATIONS["threshold"], s, kinds="f") for s in SHAPES]
CASES["glu"] = [
    Case(lambda o, x, a=axis: o.glu(x, a), lambda x, a=axis: reference.glu(x, a), (2, 4, 6), kinds="f", rtol=64)
    for axis in range(-3, 3)
]


CASES |= NUMPY_CASES
CASES |= {
    "conv": over_windows("conv", (3, 2, 4, 5))
    + over_windows("conv", (3, 2, 2, 6), like_keras=False)
    + over_windows("conv", (3, 4, 5), images=ROWS),
    "depthwise_conv": over_windows("depthwise_conv", (3, 3, 4, 2)) + over_windows("depthwise_conv", (3, 4, 2), images=ROWS),
    "separable_conv": over_windows("separable_conv", (3, 3, 4, 2), (1, 1, 8, 3)),
    "conv_transpose": over_windows("conv_transpose", (3, 2, 5, 4)) + over_windows("conv_transpose", (3, 5, 4), images=ROWS),
    "max_pool": over_windows("max_pool", pool_size=2) + over_windows("max_pool", images=ROWS, pool_size=3),
    "average_pool": over_windows("average_pool", pool_size=2) + over_windows("average_pool", images=ROWS, pool_size=3),
}
CASES |= {
    f"adaptive_{kind}_pool": cases_of(
        lambda o, x, kind=kind: getattr(o, f"adaptive_{kind}_pool")(x, (2, 3)),
        lambda x, reduce=reduce: reference.adaptive_pool(x, reduce, (2, 3)),
        (2, 6, 5, 4),
        kinds="f",
        like_keras=False,  # Keras 3.15 has another shape for symbolic tensors.
    )
    for kind, reduce in (("average", np.mean), ("max", np.max))
}


#: Targets of three sequences of four steps, one of no label, and lengths of both.
TARGETS = np.array([[1, 1], [2, 1], [0, 0]]), np.array([2, 1, 0]), np.array([4, 2, 3])


def most_probable(x):
    """Return what sequences are read as, step by step, followed by -1."""
    labels = [[each for each, _ in itertools.groupby(path) if each] for path in np.argmax(x, -1).tolist()]
    return np.array([[each + [-1] * (x.shape[1] - len(each)) for each in labels]])


CASES["ctc_loss"] = cases_of(
    lambda o, x: o.ctc_loss(TARGETS[0], x, *TARGETS[1:]),
    lambda x: reference.ctc_loss(TARGETS[0], x, *TARGETS[1:]),
    (3, 4, 3),
    kinds="f",
    rtol=64,
    like_keras=False,  # of targets beside any number of sequences
)
CASES["ctc_decode"] = cases_of(
    lambda o, x: o.ctc_decode(x, np.full(3, 4))[0], most_probable, (3, 4, 3), kinds="f", exact=True, like_keras=False
) + cases_of(
    lambda o, x: o.ctc_decode(x, np.full(3, 4))[1],
    lambda x: -x.max(-1).sum(-1, keepdims=True),
    (3, 4, 3),
    kinds="f",
    like_keras=False,
)
