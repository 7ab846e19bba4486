"""Names of dtypes, as Keras' tests compare them."""

import numpy as np


def standardize_dtype(dtype):
    """Return the name of a dtype, given as a name, a class, a dtype of NumPy or PyTorch, or None for the default."""
    if dtype is None:
        return "float32"
    python = {bool: "bool", int: "int32", float: "float32", str: "string", complex: "complex64"}
    if dtype in python:
        return python[dtype]
    name = str(getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or dtype).split(".")[-1]
    if name.startswith("str") or getattr(dtype, "kind", "") in ("U", "S", "O"):
        return "string"
    if name not in ("bfloat16", "string", "float8_e4m3fn", "float8_e5m2"):
        try:
            np.dtype(name)
        except TypeError:
            raise ValueError(f"dtype={dtype!r} is not a dtype") from None
    return name


def is_float_dtype(dtype):
    """Return whether a dtype is that of floating-point numbers."""
    return "float" in standardize_dtype(dtype)


def is_int_dtype(dtype):
    """Return whether a dtype is that of integers."""
    return standardize_dtype(dtype).startswith(("int", "uint"))
