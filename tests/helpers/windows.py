"""Images with what is beyond their borders, and the windows of all pixels: plain NumPy, in float64."""

import numpy as np

#: The names of borders, as `numpy.pad` has them.
_MODES = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap", "constant": "constant"}
BORDERS = (*_MODES, "zero", "valid")


def windows(image, size, border, value=0.0, turned=False):
    """Return an array (height, width, window height, window width) for one channel; the centre is ``size // 2``.

    `turned` if the window is that of a kernel that is flipped: then, the centre is what ``size // 2`` becomes.
    """
    image = np.asarray(image, np.float64)
    if border != "valid":
        before = [n - 1 - n // 2 if turned else n // 2 for n in size]
        amounts = [(b, n - 1 - b) for b, n in zip(before, size, strict=True)]
        if border in ("constant", "zero"):
            image = np.pad(image, amounts, constant_values=value if border == "constant" else 0)
        else:
            image = np.pad(image, amounts, _MODES[border])
    return np.lib.stride_tricks.sliding_window_view(image, size)


def by_channel(function, image):
    """Return what a function of one channel returns for each channel of each of the images, of 2, 3 or 4 axes."""
    if image.ndim == 2:
        return function(image)
    if image.ndim == 3:
        return np.stack([function(image[..., c]) for c in range(image.shape[2])], -1)
    return np.stack([by_channel(function, each) for each in image])


def as_pixels(values, dtype):
    """Return float64 as pixels of a dtype."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8) if dtype == np.uint8 else values.astype(dtype)
