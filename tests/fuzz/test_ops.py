"""Every function of `striate.ops`, for all dtypes and axes: at once on arrays, in a graph, as a model, against NumPy and Keras.

Results must be the same bits on arrays and in a graph, of the same dtype and shape, and the tensors of a graph of layers must
foretell both. NumPy's results in float64 are the truth for the values; Keras', where it is installed, for dtypes and shapes.
"""

import math
import zlib

import numpy as np
import pytest
import reference
from activation_rows import ELEMENTWISE

import striate
from striate import layers, ops
from striate.engine import Graph, Plan
from striate.functional._activation_table import ALIASES

from .budget import FACTOR, generator, rounds

try:
    import keras
except ImportError:
    keras = None

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras' and PyTorch's
DTYPES = ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64")
SHAPES = ((4,), (2, 3), (3, 1, 4), (2, 3, 2, 2))


class Case:
    """A function of arrays, the shapes of these, and what NumPy makes of them.

    Parameters
    ----------
    call : callable
        ``call(ops, *arrays)``, for Keras' `ops` as well.
    reference : callable
        ``reference(*arrays)`` returns NumPy's result for the same arrays in float64, or as they are.
    *shapes : tuple
        Of the arrays.
    low, high : float
        Between which elements are.
    kinds : str
        Of the dtypes that it takes.
    exact : bool
        Whether NumPy gets the arrays as they are.
    like_keras : bool
        Whether Keras has the function, and takes these arguments.
    rtol : float
        How far results may be from NumPy's, in eps of their dtype.
    second : str, optional
        The dtype of arrays behind the first, if it is another.
    inputs : int, optional
        How many of the arrays are inputs in a model; all if None.
    """

    def __init__(
        self,
        call,
        reference,
        *shapes,
        low=-3.0,
        high=3.0,
        kinds="biuf",
        exact=False,
        like_keras=True,
        rtol=8.0,
        second=None,
        inputs=None,
    ):
        self.call = call
        self.reference = reference
        self.shapes = shapes
        self.low, self.high = low, high
        self.kinds = kinds
        self.exact = exact
        self.like_keras = like_keras
        self.rtol = rtol
        self.second = second
        self.inputs = inputs

    def arrays(self, rng, dtype):
        """Return arguments of a dtype."""
        dtypes = [dtype, *[self.second or dtype] * (len(self.shapes) - 1)]
        return [self._array(rng, *each) for each in zip(self.shapes, dtypes, strict=True)]

    def parts(self, arrays):
        """Return those arguments that a model takes, and the others."""
        return arrays[: self.inputs], arrays[self.inputs :] if self.inputs else []

    def _array(self, rng, shape, dtype):
        low = max(self.low, 0) if np.dtype(dtype).kind in "bu" else self.low
        array = rng.uniform(low, self.high, shape)
        if np.dtype(dtype).kind in "iu":
            array = np.round(array)
        return (array > 0.5 if dtype == "bool" else array).astype(dtype)


def axes_of(rank, several=True):
    """Return all axes of a rank, counted from both ends, None, and pairs."""
    found = [None, *range(-rank, rank)]
    if several:
        found += [(i, j) for i in range(rank) for j in range(i + 1, rank)] + [[0, -1]] * (rank > 1)
    return found


def elementwise(name, reference=None, **settings):
    """Return the cases of a function of one array."""
    reference = getattr(np, name) if reference is None else reference
    return [Case(lambda o, x: getattr(o, name)(x), reference, shape, **settings) for shape in ((), *SHAPES)]


def of_two(name, reference=None, **settings):
    """Return the cases of a function of two arrays, broadcast, and of one and a number."""
    reference = getattr(np, name) if reference is None else reference
    shapes = [((4,), (4,)), ((2, 3), (3,)), ((3, 1, 4), (2, 1)), ((2, 3, 2), ()), ((), (2, 2))]
    cases = [Case(lambda o, a, b: getattr(o, name)(a, b), reference, *each, **settings) for each in shapes]
    numbers = [2, 0.5] if settings.get("kinds", "f") != "biu" else [2]
    cases += [
        Case(lambda o, x, n=n: getattr(o, name)(x, n), lambda x, n=n: reference(x, n), (2, 3), **settings) for n in numbers
    ]
    cases += [
        Case(lambda o, x, n=n: getattr(o, name)(n, x), lambda x, n=n: reference(n, x), (2, 3), **settings) for n in numbers
    ]
    mixed = settings | {"second": "float32" if settings.get("kinds", "f") != "biu" else "int32"}
    return [*cases, Case(lambda o, a, b: getattr(o, name)(a, b), reference, (2, 3), (2, 3), **mixed)]


def reducing(name, reference=None, several=True, **settings):
    """Return the cases of a function along axes."""
    reference = getattr(np, name) if reference is None else reference
    cases = []
    for shape in SHAPES:
        for axis in axes_of(len(shape), several):
            for keepdims in (False, True):
                numpys = tuple(axis) if isinstance(axis, list) else axis
                cases.append(
                    Case(
                        lambda o, x, axis=axis, keepdims=keepdims: getattr(o, name)(x, axis=axis, keepdims=keepdims),
                        lambda x, axis=numpys, keepdims=keepdims: reference(x, axis=axis, keepdims=keepdims),
                        shape,
                        like_keras=not keepdims or axis is not None,  # otherwise Keras forgets keepdims with PyTorch
                        **settings,
                    )
                )
    return cases


def along_one(name, reference=None, none=True, **settings):
    """Return the cases of a function along one axis."""
    reference = getattr(np, name) if reference is None else reference
    return [
        Case(
            lambda o, x, axis=axis: getattr(o, name)(x, axis=axis),
            lambda x, axis=axis: reference(x, axis=axis),
            shape,
            **settings,
        )
        for shape in SHAPES
        for axis in axes_of(len(shape), False)[0 if none else 1 :]
    ]


def cases_of(call, reference, *shapes, **settings):
    """Return one case in a list."""
    return [Case(call, reference, *shapes, **settings)]


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


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
    "add": of_two("add", kinds="iuf"),
    "subtract": of_two("subtract", low=0.0, kinds="if"),
    "multiply": of_two("multiply", kinds="iuf"),
    "divide": of_two("divide", low=0.6, kinds="f"),
    "true_divide": of_two("true_divide", low=0.6, kinds="f"),
    "floor_divide": of_two("floor_divide", low=0.6, kinds="iuf", rtol=0),
    "mod": of_two("mod", low=0.6, kinds="iuf", rtol=64),
    "power": of_two("power", low=0.6, high=2.0, kinds="iuf", rtol=16),
    "maximum": of_two("maximum"),
    "minimum": of_two("minimum"),
    "arctan2": of_two("arctan2"),
    **{
        name: of_two(name, exact=True)
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
    **{name: of_two(name, kinds="biu", exact=True, like_keras=False) for name in ("bitwise_and", "bitwise_or", "bitwise_xor")},
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
    "softmax": along_one("softmax", softmax, none=False, kinds="f", rtol=16),
    "log_softmax": along_one("log_softmax", lambda x, axis: np.log(softmax(x, axis)), none=False, kinds="f", rtol=64),
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
        Case(
            lambda o, t, p: o.binary_crossentropy(t, p),
            lambda t, p: -(t * np.log(p) + (1 - t) * np.log(1 - p)),
            (2, 3),
            (2, 3),
            low=0.1,
            high=0.9,
            kinds="f",
            rtol=64,
        ),
        Case(
            lambda o, t, x: o.binary_crossentropy(t, x, from_logits=True),
            lambda t, x: np.log1p(np.exp(x)) - t * x,
            (2, 3),
            (2, 3),
            low=0.1,
            high=0.9,
            kinds="f",
            rtol=64,
        ),
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
    "depth_to_space": cases_of(
        lambda o, x: o.depth_to_space(x, 2), lambda x: depth_to_space(x), (2, 2, 3, 8), like_keras=False
    ),
    "space_to_depth": cases_of(
        lambda o, x: o.space_to_depth(x, 2), lambda x: space_to_depth(x), (2, 4, 6, 2), like_keras=False
    ),
}


def depth_to_space(x):
    n, h, w, c = x.shape
    return x.reshape(n, h, w, 2, 2, c // 4).transpose(0, 1, 3, 2, 4, 5).reshape(n, 2 * h, 2 * w, c // 4)


def space_to_depth(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 4 * c)


#: By the names of `striate.ops`, whose gelu is another.
ACTIVATIONS = {
    **{name: row.reference for name, row in ELEMENTWISE.items() if hasattr(ops, name)},
    **{alias: ELEMENTWISE[name].reference for alias, name in ALIASES.items()},
    "gelu": ELEMENTWISE["gelu_tanh"].reference,
}
for _name, _reference in ACTIVATIONS.items():
    CASES[_name] = elementwise(
        _name, _reference, kinds="f", rtol=64, like_keras=_name not in ("swish", "hard_swish", "mish", "relu6")
    )
CASES["threshold"] = [Case(lambda o, x: o.threshold(x, 0.0, 0.0), ACTIVATIONS["threshold"], s, kinds="f") for s in SHAPES]
CASES["glu"] = [
    Case(lambda o, x, a=axis: o.glu(x, a), lambda x, a=axis: reference.glu(x, a), (2, 4, 6), kinds="f", rtol=64)
    for axis in range(-3, 3)
]
WINDOWS = [{"padding": padding, "strides": strides} for padding in ("valid", "same") for strides in (1, 2)]
IMAGES, ROWS = (2, 6, 5, 4), (2, 7, 4)


def over_windows(name, *kernels, images=IMAGES, like_keras=True, **settings):
    """Return the cases of a function of images, or rows, and kernels; Keras' results are the truth."""
    return [
        Case(
            lambda o, *xs, w=window: getattr(o, name)(*xs, **w, **settings),
            None,
            images,
            *kernels,
            kinds="f",
            rtol=64,
            inputs=1,
            like_keras=like_keras,
        )
        for window in WINDOWS
    ]


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
#: What makes arrays, or tells of them, and rooms.
ELSEWHERE = {
    "arange", "array", "convert_to_numpy", "convert_to_tensor", "eye", "full", "image", "is_tensor", "linalg", "linspace",
    "ndim", "nn", "numpy", "ones", "shape", "size", "zeros",
}  # fmt: skip
#: Where Keras' dtype is another one: of booleans, of float16 beside a number, and of indices with PyTorch.
OTHER_DTYPES = {"arctan2", "floor_divide", "power", "top_k"}


def test_no_function_is_left_out():
    assert set(ops.__all__) == set(CASES) | ELSEWHERE
    assert not set(CASES) & ELSEWHERE


def in_a_graph(call, arrays):
    graph = Graph()
    y = call(ops, *[graph.input(array.shape, array.dtype) for array in arrays])
    (result,) = Plan(graph, [y], striate.get_num_threads()).instantiate().compute(arrays)
    assert (result.shape, result.dtype) == (y.shape, y.dtype)
    return result


def in_a_model(call, arrays, constants):
    """Return the tensor that a function of inputs, and of constants behind them, returns, and the result for arrays."""
    inputs = [layers.Input(array.shape[1:], dtype="float64" if array.dtype.itemsize == 8 else "float32") for array in arrays]
    y = call(ops, *[ops.cast(each, array.dtype) for each, array in zip(inputs, arrays, strict=True)], *constants)
    model = striate.Model(inputs, y)
    graph = Graph()
    values = [graph.input(array.shape, each.dtype) for each, array in zip(inputs, arrays, strict=True)]
    found = model.call(values if len(values) > 1 else values[0])
    (result,) = Plan(graph, [found], striate.get_num_threads()).instantiate().compute(arrays)
    return y, result


def as_keras(call, arrays):
    with np.errstate(all="ignore"):
        result = call(keras.ops, *[keras.ops.convert_to_tensor(array) for array in arrays])
    return keras.ops.convert_to_numpy(result)


def same_bits(a, b):
    np.testing.assert_array_equal(a, b, strict=True)


def close(result, truth, rtol):
    eps = max(
        (np.finfo(each.dtype).eps for each in (result, truth) if each.dtype.kind == "f" and result.dtype.kind == "f"), default=0
    )
    scale = np.maximum(np.abs(truth.astype(np.float64)), 1)
    assert result.shape == truth.shape
    np.testing.assert_array_less(np.abs(result.astype(np.float64) - truth.astype(np.float64)), rtol * eps * scale + 1e-30)


def samples_of(name):
    """Yield cases of a function and arrays for each."""
    rng = generator(21, zlib.crc32(name.encode()))
    for i, case in enumerate(CASES[name]):
        dtypes = [dtype for dtype in DTYPES if np.dtype(dtype).kind in case.kinds]
        if FACTOR is None and len(CASES[name]) > 12:  # each case has some dtypes, each dtype some cases
            dtypes = [dtypes[i % len(dtypes)], dtypes[-2]]
        for dtype in dtypes:
            for _ in range(rounds(1)):
                yield case, case.arrays(rng, dtype)


@pytest.mark.parametrize("name", sorted(CASES))
def test_ops_give_the_same_on_arrays_in_graphs_and_in_models(name):
    for case, arrays in samples_of(name):
        check(case, arrays)


@pytest.mark.skipif(keras is None, reason="needs Keras")
@pytest.mark.parametrize("name", sorted(name for name, cases in CASES.items() if any(case.like_keras for case in cases)))
def test_ops_agree_with_keras(name):
    for case, arrays in samples_of(name):
        if case.like_keras:
            check_against_keras(name, case, arrays)


def check(case, arrays):
    at_once = np.asarray(case.call(ops, *arrays))
    same_bits(in_a_graph(case.call, arrays), at_once)
    if case.reference is not None:
        given = arrays if case.exact else [array.astype(np.float64) for array in arrays]
        close(at_once, np.asarray(case.reference(*given)), case.rtol)
    inputs, constants = case.parts(arrays)
    if modelled(inputs):
        tensor, result = in_a_model(case.call, inputs, constants)
        same_bits(result, at_once)
        assert tensor.dtype == at_once.dtype.name
        assert len(tensor.shape) == at_once.ndim
        assert all(size in (None, n) for size, n in zip(tensor.shape, at_once.shape, strict=True))


def check_against_keras(name, case, arrays):
    at_once, expected = np.asarray(case.call(ops, *arrays)), as_keras(case.call, arrays)
    wide = any(array.dtype.itemsize == 8 for array in arrays)  # Keras computes some of these in 32 bits
    close(at_once, expected.astype(np.float32) if wide and expected.dtype.kind == "f" else expected, 4 * max(case.rtol, 8))
    if not wide and name not in OTHER_DTYPES:
        assert at_once.dtype == expected.dtype, (name, [array.dtype for array in arrays], at_once.dtype, expected.dtype)
    inputs, constants = case.parts(arrays)
    if modelled(inputs):
        tensor, _ = in_a_model(case.call, inputs, constants)
        tensors = [keras.KerasTensor((None, *each.shape[1:]), each.dtype.name) for each in inputs]
        symbolic = case.call(keras.ops, *tensors, *map(keras.ops.convert_to_tensor, constants))
        assert tensor.shape == tuple(symbolic.shape), (name, [array.shape for array in arrays])


def modelled(inputs):
    """Return whether arrays can be the inputs of a model."""
    return all(array.ndim > 1 for array in inputs)


SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0)
#: Whose references above are wrong at infinities, forget a NaN (as `numpy.dot` does for a factor of 0), or have no bound for
#: probabilities and lengths. `tests/layers/test_activation_limits.py` and `tests/test_losses.py` have such values for most.
ORDINARY_ONLY = {
    *ACTIVATIONS, "binary_crossentropy", "categorical_crossentropy", "dot", "normalize", "sparse_categorical_crossentropy",
    "sparsemax",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(CASES) - ORDINARY_ONLY))
@np.errstate(all="ignore")
def test_ops_give_special_values_as_numpy_does(name):
    """NaN and infinities come out as in NumPy, and leave other elements alone."""
    rng = generator(22, zlib.crc32(name.encode()))
    for case in CASES[name]:
        if case.reference is None or "f" not in case.kinds:
            continue
        for dtype in ("float32", "float64"):
            for _ in range(rounds(2)):
                arrays = [with_special_values(rng, array) for array in case.arrays(rng, dtype)]
                at_once = np.asarray(case.call(ops, *arrays))
                same_bits(in_a_graph(case.call, arrays), at_once)
                given = arrays if case.exact else [array.astype(np.float64) for array in arrays]
                truth = np.asarray(case.reference(*given))
                assert at_once.shape == truth.shape
                eps = max(np.finfo(each.dtype).eps for each in (at_once, *arrays) if each.dtype.kind == "f")
                np.testing.assert_allclose(
                    at_once.astype(np.float64),
                    truth.astype(np.float64),
                    2 * case.rtol * eps,
                    2 * case.rtol * eps,
                    True,
                    str(arrays),
                )


def with_special_values(rng, array):
    """Return an array some of whose elements are special."""
    chosen = rng.random(array.shape) < rng.choice([0.1, 0.5, 1.0])
    return np.where(chosen, rng.choice(SPECIAL, array.shape), array).astype(array.dtype)
