"""The sliding window of a convolution with its numbers, as lecture slides show it: as arrays, a figure, and an animation."""

from typing import NamedTuple

import numpy as np

from .._common.checks import boolean, integer, number, pair, real_array
from .._common.docstrings import documented
from ..geometry import output_size, resolve_padding
from .figures import COLORS, FIGURE, INK, styled


class WindowStep(NamedTuple):
    """One position of the window."""

    position: tuple  # (row, column) in the output
    corner: tuple  # (row, column) of the window's upper left element in the padded image
    window: np.ndarray  # (kernel height, kernel width): the part of the image below the kernel
    products: np.ndarray  # (kernel height, kernel width): window times kernel
    value: float  # their sum, and the output there


class SlidingWindow(NamedTuple):
    """What `sliding_window` returns."""

    image: np.ndarray  # (height, width), padded
    kernel: np.ndarray  # (kernel height, kernel width), as it is laid on the image
    output: np.ndarray  # (output height, output width)
    steps: list  # of WindowStep, row by row
    padding: tuple  # ((top, bottom), (left, right)) of the image


def sliding_window(image, kernel, *, strides=1, padding="valid", flip=False):
    """Return what a convolution does at each position.

    With stride s, ``output[i, j]`` is the sum over (u, v) of ``image[i s + u, j s + v] kernel[u, v]``.

    Parameters
    ----------
    image : array_like, shape (height, width)
        The image.
    kernel : array_like, shape (kernel height, kernel width)
        The kernel.
    strides : int or pair of int
        Pixels between neighbouring windows.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the image; see `striate.functional.conv2d`.
    flip : bool
        Whether the kernel is flipped first, both upside down and left to right: a convolution as mathematics defines it,
        instead of the cross-correlation that networks call one.

    Returns
    -------
    SlidingWindow
        The padded `image`, the `kernel` as it is laid on the image, the `output`, and the `steps`.

    Examples
    --------
    >>> from striate import visualize
    >>> found = visualize.sliding_window([[1, 0, 1], [1, 1, 0]], [[1, 2], [0, 1]])
    >>> found.output
    array([[2., 2.]])
    >>> found.steps[0].products
    array([[1., 0.],
           [0., 1.]])
    """
    image, kernel = _plane("image", image), _plane("kernel", kernel)
    kernel = kernel[::-1, ::-1] if boolean("flip", flip) else kernel
    strides = pair("strides", strides)
    sides = resolve_padding(padding, image.shape, kernel.shape, strides)
    height, width = output_size("kernel", image.shape, sides, kernel.shape, strides)
    padded = np.pad(image, sides)
    steps = []
    for row in range(height):
        for column in range(width):
            top, left = row * strides[0], column * strides[1]
            window = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            steps.append(WindowStep((row, column), (top, left), window, window * kernel, float((window * kernel).sum())))
    output = np.array([step.value for step in steps]).reshape(height, width)
    return SlidingWindow(padded, kernel, output, steps, sides)


@documented(FIGURE)
def plot_sliding_window(image, kernel, step=None, *, strides=1, padding="valid", flip=False, size=0.36):
    """Draw one position of a convolution's window: the image with the window, the kernel, and the output so far.

    Parameters
    ----------
    image, kernel
        See `sliding_window`.
    step : int, optional
        Index of the position, row by row; the last one if None, with the whole output.
    strides, padding, flip
        See `sliding_window`.
    size : float
        Width of a pixel in inches.

    Examples
    --------
    >>> from striate import visualize
    >>> figure = visualize.plot_sliding_window([[1, 0, 1], [1, 1, 0]], [[1, 2], [0, 1]], step=0)
    >>> figure.get_suptitle()
    '1·1 + 0·2 + 1·0 + 1·1 = 2'
    """
    found = sliding_window(image, kernel, strides=strides, padding=padding, flip=flip)
    last = len(found.steps) - 1
    step = last if step is None else integer("step", step, 0, last)
    with styled() as plt:
        figure, axes = _panels(plt, found, size)
        _draw(axes, found, step)
    return figure


def animate_sliding_window(image, kernel, *, strides=1, padding="valid", flip=False, size=0.36, interval=700):
    """Return an animation of a convolution's window as it slides over an image.

    Parameters
    ----------
    image, kernel, strides, padding, flip, size
        See `plot_sliding_window`.
    interval : float
        Milliseconds between positions.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        ``save("window.gif", writer="pillow")`` writes it to a file; ``to_jshtml()`` returns it for a page or notebook.

    Examples
    --------
    >>> import os, tempfile
    >>> from striate import visualize
    >>> animation = visualize.animate_sliding_window([[1, 0, 1], [1, 1, 0]], [[1, 2], [0, 1]])
    >>> path = os.path.join(tempfile.mkdtemp(), "window.gif")
    >>> animation.save(path, writer="pillow")
    >>> os.path.getsize(path) > 1000
    True
    """
    found = sliding_window(image, kernel, strides=strides, padding=padding, flip=flip)
    interval = number("interval", interval, 0, open_minimum=True)
    with styled() as plt:
        from matplotlib.animation import FuncAnimation

        figure, axes = _panels(plt, found, size)
        _draw(axes, found, 0)

    def update(step):
        with styled():
            _draw(axes, found, step)

    return FuncAnimation(figure, update, frames=len(found.steps), interval=interval, repeat=True)


def _panels(plt, found, size):
    """Return a figure with axes for the image, the kernel and the output, whose widths are in proportion."""
    size = number("size", size, 0, 100, open_minimum=True)
    widths = [found.image.shape[1], found.kernel.shape[1], found.output.shape[1]]
    height = max(found.image.shape[0], found.kernel.shape[0], found.output.shape[0])
    figsize = (max((sum(widths) + 3) * size, 3.6), height * size + 0.95)
    figure, axes = plt.subplots(1, 3, figsize=figsize, gridspec_kw={"width_ratios": widths, "wspace": 0.12})
    return figure, axes


def _draw(axes, found, index):
    """Draw a step on the axes of `_panels`."""
    step = found.steps[index]
    rows, columns = found.kernel.shape
    (top, bottom), (left, right) = found.padding
    inside = np.zeros(found.image.shape, bool)
    inside[top : inside.shape[0] - bottom, left : inside.shape[1] - right] = True
    covered = np.zeros(found.image.shape, bool)
    covered[step.corner[0] : step.corner[0] + rows, step.corner[1] : step.corner[1] + columns] = True
    for each, title in zip(axes, ("image", "kernel", "output"), strict=True):
        each.clear()
        each.set_axis_off()
        each.set_aspect("equal")
        each.set_title(title, pad=4)
    for place in np.ndindex(found.image.shape):
        _cell(axes[0], place, found.image[place], COLORS[1] if covered[place] else None, faint=not inside[place])
    _frame(axes[0], step.corner, (rows, columns), COLORS[1])
    for place in np.ndindex(found.kernel.shape):
        _cell(axes[1], place, found.kernel[place], COLORS[0])
    for i, other in enumerate(found.steps):
        _cell(axes[2], other.position, other.value if i <= index else None, COLORS[2] if i == index else None)
    _frame(axes[2], step.position, (1, 1), COLORS[2])
    for each, array in zip(axes, (found.image, found.kernel, found.output), strict=True):
        each.set_xlim(-0.55, array.shape[1] - 0.45)
        each.set_ylim(array.shape[0] - 0.45, -0.55)
    axes[0].figure.suptitle(_sum_of(step, found.kernel), fontsize=9, color=INK)


def _sum_of(step, kernel):
    """Return the products and their sum as text; of many, only the sum."""
    terms = [f"{_text(a)}·{_text(b)}" for a, b in zip(step.window.ravel(), kernel.ravel(), strict=True)]
    return f"{' + '.join(terms) if len(terms) <= 9 else f'sum of {len(terms)} products'} = {_text(step.value)}"


def _text(value):
    text = f"{value:.3g}".replace("-", "−")
    return f"({text})" if value < 0 else text


def _cell(axes, place, value, color=None, faint=False):
    """Draw a pixel with its number."""
    from matplotlib.patches import Rectangle

    row, column = place
    fill = {"facecolor": (color, 0.22)} if color else {"facecolor": "none"}
    edge = (INK, 0.3 if faint else 0.7)
    axes.add_patch(
        Rectangle((column - 0.5, row - 0.5), 1, 1, edgecolor=edge, linewidth=0.7, linestyle=":" if faint else "-", **fill)
    )
    if value is not None:
        text = f"{value:.3g}".replace("-", "−")
        axes.text(column, row, text, ha="center", va="center", fontsize=9 if len(text) < 4 else 6, alpha=0.5 if faint else 1)


def _frame(axes, corner, shape, color):
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((corner[1] - 0.5, corner[0] - 0.5), shape[1], shape[0], fill=False, edgecolor=color, linewidth=2))


def _plane(name, value):
    """Return an array of two axes of real numbers, checked."""
    array = real_array(name, value, np.float64)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{name} has shape {array.shape}; expected (height, width), at least 1 of each")
    return array
