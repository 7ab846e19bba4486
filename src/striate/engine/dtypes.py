"""The dtypes of the results of functions on arrays, by Keras' rules, but with 64 bits where an argument has them.

Integers and floats together give the dtype of the floats, integers that become floats give float32, and indices are int32.
Python's numbers, and lists of them, take the dtype of the other arguments.
"""

import numpy as np

from .._common.checks import shown

BOOL, INT32, UINT32, FLOAT32, FLOAT64 = (np.dtype(each) for each in ("bool", "int32", "uint32", "float32", "float64"))

#: Name of the dtype of strings in graphs of layers. Values of this dtype are arrays of Python's strings.
STRING = "string"

#: Dtypes that kernels compute in.
KERNEL_DTYPES = FLOAT32, FLOAT64

#: Dtypes of Python's numbers, which give way to other dtypes of their kind.
WEAK = {bool: BOOL, int: int, float: float}


def is_of_strings(dtype):
    """Return whether a dtype, of a tensor or of an array, is that of strings."""
    return dtype in (STRING, object)


def array_dtype(dtype):
    """Return the dtype of the arrays for a dtype given by its name."""
    return np.dtype(object if dtype == STRING else dtype)


def dtype_name(dtype):
    """Return the name of a dtype of tensors or arrays."""
    return STRING if is_of_strings(dtype) else np.dtype(dtype).name


def dtype_named(dtype, kinds="biuf"):
    """Return a dtype of one of some kinds, by default of real numbers, given by its name or in any form that NumPy takes."""
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or dtype is None or found.kind not in kinds:
        raise ValueError(
            f"dtype={shown(dtype)} is not supported; expected a dtype of real numbers, such as 'float32', 'int32' or 'bool'"
        )
    return found


def promoted(*dtypes):
    """Return the dtype that arrays are promoted to together; `int` and `float` mean Python's numbers."""
    weak = {each for each in dtypes if isinstance(each, type)}
    strong = [each for each in dtypes if not isinstance(each, type)]
    if any(each.kind == "c" for each in strong):
        return np.result_type(*(each for each in strong if each.kind in "fc"))
    floats = [each for each in strong if each.kind == "f"]
    if floats:
        return np.result_type(*floats)
    integers = [each for each in strong if each.kind in "iu"]
    dtype = np.result_type(*integers) if integers else INT32 if int in weak else BOOL
    if dtype == np.int64 and all(each.itemsize < 8 for each in integers):
        dtype = INT32  # of uint32 and signed integers
    return FLOAT32 if float in weak or dtype.kind == "f" else dtype  # NumPy promotes int64 and uint64 to a float.


def _floating(*dtypes):
    """Return the promoted dtype; float32 for integers and booleans."""
    dtype = promoted(*dtypes)
    return dtype if dtype.kind in "fc" else FLOAT32


def _numbers(*dtypes):
    """Return the promoted dtype; int32 for booleans."""
    dtype = promoted(*dtypes)
    return INT32 if dtype == BOOL else dtype


def _summed(*dtypes):
    """Return the promoted dtype; int32 or uint32 for booleans and smaller integers, whose sums may overflow."""
    dtype = promoted(*dtypes)
    small = dtype.kind in "biu" and dtype.itemsize < 4
    return (UINT32 if dtype.kind == "u" else INT32) if small else dtype


def _counted(*dtypes):
    """Return the promoted dtype of weights; int32 without weights."""
    return promoted(*dtypes) if dtypes else INT32


def _like_first(*dtypes):
    """Return the dtype of the first argument; float32 if that is not a float."""
    return _floating(dtypes[0])


def _of_sums(*dtypes):
    """Return the dtype of the first argument, and at least float32."""
    return promoted(_like_first(*dtypes), FLOAT32)


def _product_of_matrices(*dtypes):
    """Return the promoted dtype; int32 for int8, as in Keras."""
    return INT32 if all(each == np.int8 for each in dtypes) else promoted(*dtypes)


#: For each rule for the dtype that a function computes in: the names of its functions.
_RULES = {
    promoted: (
        "add", "subtract", "multiply", "maximum", "minimum", "where", "concatenate", "stack",
    ),
    _numbers: ("square", "power", "mod", "fmod", "floor_divide", "clip", "cumsum", "cumprod"),
    _summed: ("sum", "prod"),
    _counted: ("bincount",),
    _product_of_matrices: ("matmul",),
    _floating: (
        "divide", "sqrt", "rsqrt", "reciprocal", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "erf",
        "erfc", "erfinv", "gammainc", "lgamma", "arctan2", "floor", "ceil", "mean", "sparsemax", "fft", "rfft", "irfft", "inv",
        "solve", "cholesky", "det", "logabsdet", "sign_of_det", "eigh", "svd", "qr", "lu", "pinv",
        "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cbrt", "cosh", "deg2rad", "divide_no_nan",
        "exp2", "fabs", "heaviside", "hypot", "i0", "linspace", "logaddexp", "logaddexp2", "nextafter", "rad2deg", "sinc",
        "sinh",
    ),
    _like_first: ("conv", "conv_transpose", "ldexp", "resample"),
    _of_sums: ("ctc_loss",),
}  # fmt: skip
_COMPUTED_IN = {name: rule for rule, names in _RULES.items() for name in names}

#: For each dtype that does not depend on the arguments: the names of the functions that return it.
_FIXED = {
    BOOL: (
        "equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "logical_and", "logical_or", "logical_xor",
        "logical_not", "isnan", "isinf", "isfinite", "any", "all", "isclose", "isin", "isneginf", "isposinf", "signbit",
    ),
    INT32: ("argmax", "argmin", "argpartition", "argsort", "digitize", "searchsorted"),
}  # fmt: skip
_RESULTS = {name: dtype for dtype, names in _FIXED.items() for name in names}

#: Bitwise functions, which treat floats as booleans.
_BITS = frozenset(["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not"])

#: Functions of arrays that may be complex; other functions, and all in models, take real numbers alone.
OF_COMPLEX = _BITS | {"add", "divide", "equal", "getitem", "matmul", "multiply", "negative", "not_equal", "power", "subtract"}

#: Arguments that determine the dtype of the result, for functions whose other arguments only select elements.
_COMPUTED_WITH = {
    **dict.fromkeys(("where", "bincount"), slice(1, None)),
    **dict.fromkeys(
        (
            "take", "take_along_axis", "lookup", "add_along_axis", "ctc_loss", "ldexp", "resample", "segment_sum",
            "segment_max", "segment_min", "segment_prod", "interchange_rows",
        ),
        slice(1),
    ),
}  # fmt: skip


def computed_with(name):
    """Return a slice of the arguments of a function that determine the dtype of its result."""
    return _COMPUTED_WITH.get(name, slice(None))


def dtypes_of(name, dtypes, settings):
    """Return the dtype that a function's arguments are converted to, None if they are not, and the dtype of its result.

    Parameters
    ----------
    name : str
        Name of the function in `engine.operations`.
    dtypes : list of dtype, int or float
        Dtypes of the arguments that `computed_with` selects; `int` and `float` for Python's numbers.
    settings : dict
        Further arguments of the function.
    """
    if settings.get("dtype") is not None:
        return None, dtype_named(settings["dtype"])
    if name in _RESULTS:
        return None, _RESULTS[name]
    dtype = _COMPUTED_IN.get(name, promoted)(*dtypes)
    return dtype, BOOL if name in _BITS and dtype.kind in "fc" else dtype


#: Names of dtypes that Keras has, by kind; NumPy lacks bfloat16 and the dtypes of 8 bits.
_FLOATS = ("float16", "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2")
_INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
_OTHERS = ("bool", "complex64", "complex128", "string")

#: Names of the dtypes of Python's objects.
_OF_PYTHON = {bool: "bool", int: "int32", float: "float32", str: "string"}


def standardize_dtype(dtype):
    """Return the name of a dtype that is given as a name, a NumPy dtype or a Python class; None is "float32".

    Raises
    ------
    ValueError
        If it is not one of Keras' dtypes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import backend
    >>> backend.standardize_dtype(np.uint8), backend.standardize_dtype(int)
    ('uint8', 'int32')
    """
    if dtype is None:
        return "float32"
    name = dtype if isinstance(dtype, str) else _OF_PYTHON.get(dtype) if isinstance(dtype, type) else None
    if name is None:
        try:
            name = np.dtype(dtype).name
        except Exception:  # NumPy may raise anything for an object that is not a dtype.
            name = shown(dtype).removeprefix("torch.")
    name = {"float": "float32", "int": "int32", "half": "float16"}.get(name, str(name))
    if name not in (*_FLOATS, *_INTEGERS, *_OTHERS):
        raise ValueError(f"dtype={shown(dtype)} is not a dtype; expected one such as 'float32', 'int32' or 'bool'")
    return name


def is_float_dtype(dtype):
    """Return whether a dtype is one of floating-point numbers.

    Examples
    --------
    >>> from striate import backend
    >>> backend.is_float_dtype("float64"), backend.is_float_dtype("int32")
    (True, False)
    """
    return standardize_dtype(dtype) in _FLOATS


def is_int_dtype(dtype):
    """Return whether a dtype is one of integers.

    Examples
    --------
    >>> from striate import backend
    >>> backend.is_int_dtype("uint8"), backend.is_int_dtype("bool")
    (True, False)
    """
    return standardize_dtype(dtype) in _INTEGERS


def result_type(*dtypes):
    """Return the name of the dtype of a result of operands with the given dtypes, or of Python's numbers.

    Parameters
    ----------
    *dtypes : dtype
        The dtypes; `int`, `float` and `bool` stand for Python's numbers, which give way to arrays'.

    Examples
    --------
    >>> from striate import backend
    >>> backend.result_type("int32", "float32"), backend.result_type("uint8", int)
    ('float32', 'uint8')
    """
    strong = [each if each in (int, float) else dtype_named(standardize_dtype(each)) for each in dtypes]
    return promoted(*strong).name if strong else "float32"
