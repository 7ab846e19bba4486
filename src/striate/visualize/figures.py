"""What figures share: matplotlib, which is optional, and a style that is legible on light and on dark pages."""

import contextlib
import math

import numpy as np

from .._common.checks import integer, number
from .._common.extras import needing

#: Colour of text, axes and lines, with the same contrast to white as to a dark page.
INK = "#707a85"

#: Colours of lines and points in their order, which people who are colour-blind can tell apart.
COLORS = ("#2a7fd4", "#e07b00", "#1a9e77", "#d1495b", "#8a63d2", "#b58900", "#3aa6b9", "#c05a9e", "#6b8e23", "#9a6b4f")

#: What functions that draw have in common, for their docstrings.
FIGURE = """
    Parameters
    ----------
    columns : int, optional
        Images in a row; as many as make the figure about twice as wide as high if None.
    size : float
        Width of each image in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    TypeError, ValueError
        If an argument is not what is described above.
    """

_STYLE = {
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.dpi": 150,
    "font.size": 9,
    "text.color": INK,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "image.interpolation": "nearest",
}


def pyplot():
    """Return ``matplotlib.pyplot``."""
    with needing("figures need matplotlib", "viz"):
        import matplotlib.pyplot as plt
    return plt


def style():
    """Return the style as settings of matplotlib."""
    from cycler import cycler

    return {**_STYLE, "axes.prop_cycle": cycler(color=COLORS)}


@contextlib.contextmanager
def styled():
    """Apply the style in a ``with`` block, and yield ``matplotlib.pyplot``."""
    plt = pyplot()
    with plt.rc_context(style()):
        yield plt


def grid_of_axes(plt, count, columns=None, size=1.2, title_height=0.0, shape=(1, 1)):
    """Return a figure and a flat list of `count` axes without ticks, in a grid.

    Parameters
    ----------
    plt : module
        ``matplotlib.pyplot``.
    count : int
        Number of axes.
    columns : int, optional
        As many as make the grid about twice as wide as high if None.
    size : float
        Width of each in inches.
    title_height : float
        Inches above each.
    shape : pair of int
        Height and width of the images, whose ratio is that of the axes.
    """
    size = number("size", size, 0, 100, open_minimum=True)
    columns = None if columns is None else integer("columns", columns, 1)
    columns = min(count, max(round(math.sqrt(2 * count)), 1)) if columns is None else min(columns, count)
    rows = -(-count // columns)
    height = size * min(max(shape[0] / shape[1], 0.1), 3)
    figure, axes = plt.subplots(
        rows, columns, figsize=(max(columns * size, 2.4), rows * (height + title_height) + 0.35), squeeze=False
    )
    axes = list(axes.ravel())
    for each in axes:
        each.set_axis_off()
    for each in axes[count:]:
        each.remove()
    return figure, axes[:count]


#: Values that are drawn in black and white in images of these dtypes.
DTYPE_LIMITS = {np.dtype(np.uint8): (0, 255), np.dtype(bool): (0, 1)}


def black_and_white(images):
    """Return the values of images that are drawn in black and in white, if nobody says otherwise.

    Those of bytes are 0 and 255, and those of numbers between 0 and 1 are 0 and 1. Others are the smallest and the largest.
    """
    if images.dtype in DTYPE_LIMITS:
        return DTYPE_LIMITS[images.dtype]
    if not images.size or (images.min() >= 0 and images.max() <= 1):
        return 0, 1
    return float(images.min()), float(images.max())


def displayable(images, limits=None):
    """Return images (..., height, width, channels) as `imshow` takes them, from 0 to 1; gray ones without the last axis.

    `limits` are the values that become 0 and 1, those of `black_and_white` if None; what is beyond them is clipped. Of other
    numbers of channels than 1, 3 and 4, the mean is shown.
    """
    images = np.asarray(images)
    low, high = black_and_white(images) if limits is None else limits
    images = np.clip((images.astype(np.float64) - low) / ((high - low) or 1), 0, 1)
    if images.shape[-1] not in (1, 3, 4):
        return images.mean(-1)
    return images[..., 0] if images.shape[-1] == 1 else images


def show_image(axes, image, **settings):
    """Draw an image on axes: gray ones in shades of gray."""
    image = displayable(image) if image.ndim == 3 else image
    if image.ndim == 2:
        settings = {"cmap": "gray", **({} if "norm" in settings else {"vmin": 0, "vmax": 1}), **settings}
    return axes.imshow(image, **settings)


def show_signed(axes, values, limit=None):
    """Draw values with signs: red above 0, blue below, and the less of either, the more of the page shines through."""
    from matplotlib.colors import LinearSegmentedColormap

    limit = float(np.abs(values).max()) or 1.0 if limit is None else limit
    blue, red = COLORS[0], COLORS[3]
    # Places, and colours with their alpha, which rises fast, so that small values are seen beside a few large ones.
    below = [(0.0, (blue, 1.0)), (0.3, (blue, 0.7)), (0.5, (blue, 0.0))]
    above = [(0.5, (red, 0.0)), (0.7, (red, 0.7)), (1.0, (red, 1.0))]
    colors = LinearSegmentedColormap.from_list("signed", below + above)
    return axes.imshow(values, cmap=colors, vmin=-limit, vmax=limit)


def count_of(drawn, all_of_them):
    """Return a number of things as text, with how many are drawn if not all are."""
    return str(drawn) if drawn == all_of_them else f"{drawn} of {all_of_them}"
