"""Arguments that are matrices."""

from .core import convert_to_tensor


def matrices(name, x):
    """Return an argument as matrices of known sizes along the last two axes."""
    x = convert_to_tensor(x)
    if len(x.shape) < 2 or None in x.shape[-2:]:
        raise ValueError(f"{name} has shape {tuple(x.shape)}; expected matrices (…, m, n) of known sizes")
    return x


def square_matrices(name, x):
    """Return an argument as square matrices of a known size along the last two axes."""
    x = matrices(name, x)
    if x.shape[-1] != x.shape[-2]:
        raise ValueError(f"{name} has shape {tuple(x.shape)}; expected square matrices (…, n, n)")
    return x
