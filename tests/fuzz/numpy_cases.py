"""Functions of `striate.ops.numpy`, beside those in `ops_cases`, with arguments to be tried, and the same in NumPy."""

import warnings

import numpy as np

from .ops_case import Case, along_one, binary_cases, cases_of, elementwise, reducing

BETWEEN = {"low": -0.9, "high": 0.9, "kinds": "f"}


def calls(name, shapes, *variants, reference=None, **settings):
    """Return a case of a function for each dict of further arguments."""
    reference = getattr(np, name) if reference is None else reference
    return [
        Case(lambda o, *xs, v=each: getattr(o, name)(*xs, **v), lambda *xs, v=each: reference(*xs, **v), *shapes, **settings)
        for each in variants or ({},)
    ]


def of_list(name, shapes, **settings):
    """Return the case of a function of a list of arrays."""
    return cases_of(lambda o, *xs: getattr(o, name)(xs), lambda *xs: getattr(np, name)(xs), *shapes, exact=True, **settings)


def part_of(name, shape, i, *arguments, **settings):
    """Return the case of a function that returns several arrays, of which one is looked at."""
    return cases_of(
        lambda o, x: getattr(o, name)(x, *arguments)[i],
        lambda x: getattr(np, name)(x, *arguments)[i],
        shape,
        exact=True,
        **settings,
    )


def quietly(function):
    """Return a function without NumPy's warnings of arrays that hold nothing but NaN."""

    def call(*arguments, **settings):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return function(*arguments, **settings)

    return call


def arg_without_nan(limit, function):
    def place(x, axis=None, keepdims=False):
        missing = np.isnan(x) if x.dtype.kind == "f" else np.zeros(x.shape, bool)
        found = function(np.where(missing, limit, x), axis, keepdims=keepdims)
        return np.where(missing.all(axis, keepdims=keepdims), -1, found)

    return place


def quantile_cases(name, percents, **settings):
    """Return the cases of a function of quantiles."""
    reference = quietly(getattr(np, name))
    scale = 100 if percents else 1
    return [
        case
        for q in (0.5, [0.0, 0.3, 1.0])
        for method in ("linear", "lower", "higher", "midpoint", "nearest")
        for axis, keepdims in ((None, False), (1, True), (-1, False), ((0, 2), True), ((1, 2), False))
        for case in calls(
            name,
            [(3, 4, 5)],
            {"q": np.multiply(q, scale), "method": method, "axis": axis, "keepdims": keepdims},
            reference=reference,
            rtol=16,
            **settings,
        )
    ]


def integers(name, alias=None, high=9.0):
    """Return the cases of a function of two arrays of integers."""
    shapes = (((4,), (4,)), ((2, 3), (3,)), ((3, 1, 4), (2, 1)), ((2, 3, 2), ()))
    reference = getattr(np, alias or name)
    return [Case(lambda o, a, b: getattr(o, name)(a, b), reference, *each, kinds="u", high=high, exact=True) for each in shapes]


NUMPY_CASES = {
    **{name: elementwise(name, **BETWEEN) for name in ("arccos", "arcsin", "arctanh")},
    **{
        name: elementwise(name, kinds="f")
        for name in ("arcsinh", "arctan", "cbrt", "cosh", "deg2rad", "exp2", "fabs", "i0", "rad2deg", "sinc", "sinh")
    },
    "arccosh": elementwise("arccosh", kinds="f", low=1.1),
    **{name: elementwise(name, kinds="f", exact=True) for name in ("angle", "isneginf", "isposinf", "signbit", "trunc")},
    **{name: elementwise(name, exact=True) for name in ("conj", "conjugate", "copy", "imag", "isreal", "real")},
    "nan_to_num": elementwise("nan_to_num", exact=True)
    + calls("nan_to_num", [(2, 3)], {"nan": 3.0, "posinf": 4.0, "neginf": -5.0}, kinds="f", exact=True),
    "empty_like": elementwise("empty_like", np.zeros_like, exact=True),
    **{name: binary_cases(name) for name in ("fmax", "fmin")},
    **{name: binary_cases(name, kinds="f", rtol=16) for name in ("heaviside", "hypot", "logaddexp", "logaddexp2")},
    "fmod": binary_cases("fmod", low=0.6, kinds="iuf", rtol=64),
    "nextafter": binary_cases("nextafter", kinds="f", exact=True),
    "divide_no_nan": binary_cases("divide_no_nan", lambda a, b: np.where(b == 0, 0, a / np.where(b == 0, 1, b)), kinds="f"),
    "isclose": binary_cases("isclose", exact=True)
    + calls("isclose", [(2, 3), (2, 3)], {"rtol": 0.5, "atol": 0.1}, {"equal_nan": True}, kinds="f", exact=True),
    "allclose": calls("allclose", [(2, 3), (3,)], {}, {"rtol": 2.0, "atol": 2.0}, exact=True),
    "ldexp": calls("ldexp", [(2, 3), (3,)], kinds="f", exact=True, second="int32"),
    "gcd": integers("gcd"),
    "lcm": integers("lcm"),
    "bitwise_left_shift": integers("bitwise_left_shift", "left_shift", 3.0),
    "left_shift": integers("left_shift", high=3.0),
    "bitwise_right_shift": integers("bitwise_right_shift", "right_shift"),
    "right_shift": integers("right_shift"),
    "select": cases_of(
        lambda o, x, y: o.select([o.greater(x, 1), o.less(x, -1)], [x, y], 5),
        lambda x, y: np.select([x > 1, x < -1], [x, y], 5),
        (2, 3),
        (3,),
        kinds="if",
        exact=True,
    ),
    "ptp": reducing("ptp", kinds="if"),
    "count_nonzero": [
        case for axis in (None, 0, -1, (0, 2)) for case in calls("count_nonzero", [(3, 2, 4)], {"axis": axis}, exact=True)
    ],
    "average": [
        *calls("average", [(3, 4, 2)], {}, {"axis": 1}, {"axis": (0, -1)}, kinds="f"),
        *cases_of(
            lambda o, x, w: o.average(x, 1, w), lambda x, w: np.average(x, 1, w), (3, 4, 2), (4,), kinds="f", low=0.1, inputs=1
        ),
        *cases_of(lambda o, x, w: o.average(x, 0, w), lambda x, w: np.average(x, 0, w), (3, 4), (3, 4), kinds="f", low=0.1),
        *cases_of(
            lambda o, x, w: o.average(x, None, w), lambda x, w: np.average(x, None, w), (3, 4), (3, 4), kinds="f", low=0.1
        ),
    ],
    "cumprod": along_one("cumprod", low=0.5, high=1.5, kinds="f", rtol=16),
    "nancumsum": along_one("nancumsum", kinds="iuf"),
    "nancumprod": along_one("nancumprod", low=0.5, high=1.5, kinds="f", rtol=16),
    **{
        name: reducing(name, quietly(getattr(np, name)), kinds="f", rtol=64)
        for name in ("nansum", "nanmax", "nanmean", "nanmin", "nanstd", "nanvar")
    },
}

NUMPY_CASES |= {
    "nanprod": reducing("nanprod", low=-1.5, high=1.5, kinds="f", rtol=16),
    "nanargmax": reducing("nanargmax", arg_without_nan(-np.inf, np.argmax), several=False, exact=True),
    "nanargmin": reducing("nanargmin", arg_without_nan(np.inf, np.argmin), several=False, exact=True),
    "median": reducing("median", np.median, kinds="if", rtol=16),
    "nanmedian": reducing("nanmedian", quietly(np.nanmedian), kinds="f", rtol=16),
    "quantile": quantile_cases("quantile", False, kinds="f"),
    "nanquantile": quantile_cases("nanquantile", False, kinds="f"),
    "percentile": quantile_cases("percentile", True, kinds="f"),
    "nanpercentile": quantile_cases("nanpercentile", True, kinds="f"),
    **{name: calls(name, [shape], exact=True) for name, shape in (("fliplr", (3, 4, 2)), ("flipud", (3, 4)))},
    "rot90": calls(
        "rot90", [(3, 4, 2)], *[{"k": k, "axes": axes} for k in range(-1, 5) for axes in ((0, 1), (2, 0))], exact=True
    ),
    **{
        name: calls(name, [shape], *[{"k": k} for k in (-2, -1, 0, 1, 5)], exact=True)
        for name, shape in (("tril", (2, 3, 4)), ("triu", (4, 3)))
    },
    "diag": [case for shape in ((4,), (3, 4)) for case in calls("diag", [shape], *[{"k": k} for k in (-2, 0, 1)], exact=True)],
    "diagflat": [case for shape in ((), (2, 3)) for case in calls("diagflat", [shape], {}, {"k": 1}, {"k": -2}, exact=True)],
    "diagonal": calls(
        "diagonal",
        [(2, 3, 4)],
        {},
        {"offset": 1},
        {"offset": -1, "axis1": -1, "axis2": 0},
        {"offset": 9, "axis1": 1, "axis2": 2},
        exact=True,
    ),
    "trace": calls("trace", [(2, 3, 4)], {}, {"offset": -1, "axis1": 2, "axis2": 1}, kinds="f"),
    "append": calls("append", [(2, 3), (2, 3)], {}, {"axis": 0}, {"axis": -1}, {"axis": 1}, exact=True),
    "dstack": [case for shape in ((3,), (2, 3), (2, 3, 4)) for case in of_list("dstack", [shape, shape])],
    "column_stack": of_list("column_stack", [(4,), (4, 2)]) + of_list("column_stack", [(4, 1), (4, 2)]),
    "array_split": [case for i in range(3) for case in part_of("array_split", (4, 5), i, 3, 1)],
    "vsplit": part_of("vsplit", (4, 3), 1, 2, inputs=1),
    "hsplit": part_of("hsplit", (2, 6), 2, 3) + part_of("hsplit", (6,), 1, [2, 3]),
    "dsplit": part_of("dsplit", (2, 3, 4), 1, [1, 3]),
    "get_item": [
        Case(lambda o, x, k=key: o.get_item(x, k), lambda x, k=key: x[k], (3, 4), exact=True)
        for key in (1, (slice(None), 2), (..., None, slice(None, None, -2)))
    ],
    "view": cases_of(lambda o, x: o.view(x, "int16"), lambda x: x.view("int16"), (2, 4), exact=True),
    "meshgrid": [
        Case(
            lambda o, a, b, i=i, order=order: o.meshgrid(a, b, indexing=order)[i],
            lambda a, b, i=i, order=order: np.meshgrid(a, b, indexing=order)[i],
            (3,),
            (4,),
            exact=True,
        )
        for i in (0, 1)
        for order in ("xy", "ij")
    ],
    "unravel_index": [
        Case(
            lambda o, x, i=i: o.unravel_index(x, (2, 3))[i],
            lambda x, i=i: np.unravel_index(x, (2, 3))[i],
            (2, 4),
            kinds="u",
            exact=True,
        )
        for i in (0, 1)
    ],
    "argpartition": calls("argpartition", [(3, 5)], {"kth": 2}, {"kth": -1, "axis": 0}, {"kth": 3, "axis": None}, exact=True),
    "searchsorted": [
        Case(
            lambda o, x, s=side: o.searchsorted(np.arange(-2, 3), x, s),
            lambda x, s=side: np.searchsorted(np.arange(-2, 3), x, s),
            (2, 3),
            kinds="if",
        )
        for side in ("left", "right")
    ],
    "digitize": cases_of(
        lambda o, x: o.digitize(x, np.array([-1, 0, 2])), lambda x: np.digitize(x, [-1, 0, 2]), (2, 3), kinds="if"
    ),
    "isin": calls("isin", [(2, 3), (4,)], {}, {"invert": True}, exact=True),
    "bincount": [
        Case(
            lambda o, x: o.bincount(x, minlength=5),
            lambda x: np.stack([np.bincount(row, minlength=5) for row in x.astype(int)]),
            (2, 6),
            kinds="u",
        ),
        Case(
            lambda o, x: o.bincount(o.cast(o.abs(x), "int32"), x, 5)[0],
            lambda x: np.bincount(abs(x[0]).astype(int), x[0], 5),
            (2, 6),
            kinds="f",
        ),
    ],
    "histogram": [
        Case(
            lambda o, x, i=i, r=limits: o.histogram(o.ravel(x), 4, r)[i],
            lambda x, i=i, r=limits: np.histogram(x, 4, r)[i],
            (2, 6),
            kinds="f",
            exact=True,
        )
        for i in (0, 1)
        for limits in (None, (-1.0, 2.0))
    ],
    "unique": [
        Case(
            lambda o, x, i=i: o.unique(o.round(x), True, True, True, True, size=3, fill_value=7)[i],
            lambda x, i=i: _three_unique(np.round(x), i),
            (4, 2),
            kinds="f",
            exact=True,
        )
        for i in range(4)
    ],
    "outer": calls("outer", [(2, 3), (4,)], kinds="f"),
    "vdot": calls("vdot", [(2, 3), (2, 3)], kinds="f", rtol=32),
    "inner": [
        case for pair in (((4,), (4,)), ((2, 3), (4, 3)), ((2, 3), ())) for case in calls("inner", pair, kinds="f", rtol=32)
    ],
    "tensordot": [
        case
        for shapes, axes in (
            (((2, 3, 4), (3, 4, 5)), 2),
            (((2, 3), (4, 5)), 0),
            (((2, 3, 4), (4, 2)), ((0, -1), (1, 0))),
            (((2, 3), (3,)), 1),
        )
        for case in calls("tensordot", shapes, {"axes": axes}, kinds="f", rtol=32, inputs=1)
    ],
    "kron": [
        case
        for pair in (((2, 3), (3, 2)), ((3,), (2, 2)), ((2, 1, 2), (2,)))
        for case in calls("kron", pair, kinds="f", inputs=1)
    ],
    "cross": [
        *calls("cross", [(2, 3), (2, 3)], kinds="f", rtol=16),
        *calls("cross", [(2, 3, 4), (2, 4, 3)], {"axisa": 1, "axisb": 2, "axisc": 1}, kinds="f", rtol=16),
        *cases_of(
            lambda o, a, b: o.cross(a, b),
            lambda a, b: np.cross(a, np.pad(b, ((0, 0), (0, 1)))),
            (2, 3),
            (2, 2),
            kinds="f",
            rtol=16,
        ),
        *cases_of(
            lambda o, a, b: o.cross(a, b),
            lambda a, b: a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
            (4, 2),
            (4, 2),
            kinds="f",
            rtol=16,
        ),
    ],
    "correlate": [
        case
        for pair in (((7,), (3,)), ((7,), (4,)), ((3,), (6,)), ((1,), (1,)))
        for case in calls("correlate", pair, {}, {"mode": "same"}, {"mode": "full"}, kinds="f", rtol=64)
    ],
    "corrcoef": [case for shape in ((3, 5), (6,)) for case in calls("corrcoef", [shape], kinds="f", rtol=256)],
    "vander": calls("vander", [(4,)], {}, {"N": 3}, {"N": 2, "increasing": True}, kinds="f", rtol=32),
    "diff": calls("diff", [(4, 5)], {}, {"n": 2, "axis": 0}, {"n": 0}, {"n": 7}, kinds="bif", exact=True),
    "trapezoid": calls("trapezoid", [(3, 4)], {}, {"dx": 0.5, "axis": 0}, kinds="f", rtol=32)
    + cases_of(lambda o, y, x: o.trapezoid(y, x), np.trapezoid, (3, 4), (3, 4), kinds="f", rtol=32),
    **{
        name: calls(name, [(2, 3), (3,)], {"num": 4}, {"num": 3, "endpoint": False, "axis": -1}, low=0.5, kinds="f", rtol=64)
        for name in ("geomspace", "linspace", "logspace")
    },
}


def _three_unique(x, part):
    """Return what three different elements are, where they are first, where all are among them, and how often they occur."""
    found = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    if part == 2:
        return found[2].reshape(x.shape)
    rest = [(7, 1, 0, 0)[part]] * max(3 - len(found[0]), 0)
    return np.concatenate([found[part][:3], np.array(rest, found[part].dtype)])


#: Where Keras' symbolic tensors or its results with PyTorch have other shapes or dtypes, or where it refuses these arguments.
UNLIKE_KERAS = (
    "allclose", "append", "argpartition", "average", "bincount", "bitwise_left_shift", "bitwise_right_shift", "column_stack",
    "corrcoef", "correlate", "count_nonzero", "cross", "diag", "diagonal", "diff", "digitize", "empty_like", "geomspace",
    "get_item", "heaviside", "histogram", "hypot", "imag", "isclose", "isin", "kron", "left_shift", "linspace", "logspace",
    "nanargmax", "nanargmin", "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd",
    "nansum", "nanvar", "nextafter", "percentile", "quantile", "right_shift", "rot90", "searchsorted", "unique", "vander",
    "vdot", "view",
)  # fmt: skip
for _name in UNLIKE_KERAS:
    for _case in NUMPY_CASES[_name]:
        _case.like_keras = False
