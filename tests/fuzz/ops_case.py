"""A function of arrays that is fuzzed, the shapes that it takes, and what NumPy makes of them."""

import numpy as np

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


def binary_cases(name, reference=None, **settings):
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
