"""Arguments that are images."""

import numpy as np

from ..engine.dtypes import promoted
from .core import cast, convert_to_tensor


def checked_images(name, images):
    """Return an argument as one image, or as a batch of them."""
    images = convert_to_tensor(images)
    if len(images.shape) not in (3, 4):
        raise ValueError(f"{name} has shape {tuple(images.shape)}; expected one image of three axes, or a batch of them")
    return images


def in_floats(x):
    """Return an array as floats, of at least 32 bits."""
    return cast(x, promoted(np.dtype(x.dtype), np.dtype(np.float32)))
