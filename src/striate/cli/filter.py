"""``filter``: an image through a filter."""

import functools

import numpy as np

from .. import image
from .._common.terminal import show
from ..image.files import format_of
from .options import positive


def _bilateral(pixels, sigma=2.0):
    """Smooth what differs by some 30 of 255."""
    return image.bilateral_filter(pixels, 30.0, sigma)


#: Filters by name: each takes an image, those of `_SIZED` then a size, and those of `_SMOOTHING` a standard deviation.
_FILTERS = {
    "box": image.box_filter,
    "median": image.median_filter,
    "bilateral": _bilateral,
    "gaussian": image.gaussian_filter,
    "sharpen": image.sharpen,
    "unsharp": image.unsharp_mask,
    **{
        f"{direction}-lines": functools.partial(image.lines, direction=direction)
        for direction in ("horizontal", "vertical", "diagonal", "antidiagonal")
    },
    "edges": image.detect_edges,
    "laplacian": image.laplacian,
    "log": image.laplacian_of_gaussian,
    "dog": image.difference_of_gaussians,
    **{
        f"{name}-{what}": functools.partial(getattr(image, name), axis=axis)
        for name in ("sobel", "prewitt", "scharr")
        for axis, what in enumerate(("rows", "columns"))
    },
    "sobel": image.sobel_magnitude,
    "emboss": image.emboss,
    "erode": image.erode,
    "dilate": image.dilate,
    "open": image.open,
    "close": image.close,
}
_SIZED = ("box", "median", "erode", "dilate", "open", "close")
_SMOOTHING = ("gaussian", "bilateral", "unsharp", "log", "dog")


def add_options(parser):
    """Add the options of the command."""
    parser.add_argument("name", metavar="NAME", choices=_FILTERS, help=f"filter: {', '.join(_FILTERS)}")
    parser.add_argument("image", metavar="IMAGE", help="image file")
    parser.add_argument("out", metavar="OUT", help="image file to write, whose ending determines the format")
    parser.add_argument("--size", type=positive(int), help=f"height and width of the window, for {', '.join(_SIZED)}")
    parser.add_argument("--sigma", type=positive(float), help=f"standard deviation in pixels, for {', '.join(_SMOOTHING)}")


def filter(arguments):
    """Write an image as a filter makes it, as transparent as it is; values below 0 become black, and those above 255 white."""
    format_of(arguments.out)  # An error here comes before the work, not after it.
    settings = []
    for option, names in (("size", _SIZED), ("sigma", _SMOOTHING)):
        value = getattr(arguments, option)
        if value is not None and arguments.name not in names:
            raise ValueError(f"--{option}={value} does not apply to {arguments.name}; expected it for {', '.join(names)} only")
        settings += [] if value is None else [value]
    pixels = image.read(arguments.image)
    if pixels.dtype == bool:
        pixels = 255 * pixels.astype(np.uint8)
    if pixels.dtype != np.uint8:
        raise ValueError(f"IMAGE={arguments.image!r} has more than 8 bits for each colour; expected 8, which files can hold")
    colors, alpha = (pixels, pixels[..., :0]) if pixels.ndim == 2 else (pixels[..., :3], pixels[..., 3:])
    filtered = _FILTERS[arguments.name](colors, *settings)
    image.write(arguments.out, np.concatenate([filtered, alpha], -1) if alpha.size else filtered)
    show(f"{arguments.out}: {arguments.image} through {arguments.name}")
    return 0
