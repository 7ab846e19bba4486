"""The arrays that users pass to models: checked and brought into one form."""

import numpy as np

from .._checks import integer, number


def check_inputs(x, dtype):
    """Return a model's input as an array of its dtype."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise TypeError(f"x has dtype {x.dtype}; expected a floating-point array (for 8-bit images: x.astype('float32') / 255)")
    if x.ndim < 2:
        raise ValueError(f"x has shape {x.shape}; expected (samples, ...) with at least one more axis")
    if not len(x):
        raise ValueError(f"x has no samples, shape {x.shape}; expected at least one")
    return x.astype(dtype, copy=False)


def check_targets(y, samples, loss, output_shape, dtype):
    """Return targets as the loss takes them."""
    y = loss.prepare(y, output_shape, dtype)
    if len(y) != samples:
        raise ValueError(f"y has {len(y)} samples and x has {samples}; expected as many")
    return y


def split_validation(x, y, fraction):
    """Return (x, y) of the first part, and of the last `fraction` of the samples."""
    fraction = number("validation_split", fraction, 0, 1, open_maximum=True)
    first = int(len(x) * (1 - fraction))
    if not 0 < first < len(x):
        raise ValueError(
            f"validation_split={fraction!r} leaves {first} of {len(x)} samples to train on and {len(x) - first} to validate; "
            "expected at least one of each"
        )
    return (x[:first], y[:first]), (x[first:], y[first:])


def batches(x, y, batch_size, order=None):
    """Yield (x, y) of each batch, the samples in the given order or as they are; `y` may be None."""
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        if order is not None:
            part = order[part]
        yield np.ascontiguousarray(x[part]), None if y is None else y[part]


def check_batch_size(batch_size):
    """Return a batch size, 32 for None."""
    return 32 if batch_size is None else integer("batch_size", batch_size, 1)
