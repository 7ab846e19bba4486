"""Images in a grid: as one array, in a notebook without matplotlib, and as a figure."""

import base64

import numpy as np

from .._common.checks import as_array, integer, number, sequence, shown
from .._common.docstrings import documented
from .._common.errors import Constructed
from .._common.markup import escaped
from .._common.png import png_bytes
from .figures import DTYPE_LIMITS, FIGURE, black_and_white, displayable, grid_of_axes, show_image, styled

#: Height and width from which an array of three or four columns is a picture in colour, not a batch of narrow images.
_PICTURE = 16


def image_grid(images, columns=None, *, gap=1, fill=1.0):
    """Return images side by side in a grid, as one image.

    Parameters
    ----------
    images : ndarray, shape (batch, height, width, channels) or (batch, height, width)
        The images.
    columns : int, optional
        Images in a row; as many as make the grid about square if None.
    gap : int
        Pixels between images.
    fill : float
        Value of the pixels there, and of places without an image.

    Returns
    -------
    ndarray, shape (grid height, grid width, channels) or (grid height, grid width)
        In the dtype of `images`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> visualize.image_grid(np.arange(3.0).reshape(3, 1, 1), columns=2, fill=-1)
    array([[ 0., -1.,  1.],
           [-1., -1., -1.],
           [ 2., -1., -1.]])
    """
    images = check_images(images)
    count, height, width, *channels = images.shape
    gap, fill = integer("gap", gap, 0), number("fill", fill)
    columns = int(np.ceil(np.sqrt(count))) if columns is None else min(integer("columns", columns, 1), count)
    rows = -(-count // columns)
    grid = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, *channels), fill, images.dtype)
    for i, image in enumerate(images):
        row, column = i // columns * (height + gap), i % columns * (width + gap)
        grid[row : row + height, column : column + width] = image
    return grid


class ImageGrid(Constructed):
    """Images that a notebook shows as a grid, without matplotlib.

    Parameters
    ----------
    images : ndarray, shape (batch, height, width, channels) or (batch, height, width)
        The images.
    labels : sequence, optional
        What is written below each.
    size : int
        Pixels of the page that each image is wide.

    Notes
    -----
    Integers are shown as they are, from 0 to 255, and floats from 0 to 1; floats beyond are scaled together, so that the
    smallest is black and the largest white.

    Examples
    --------
    >>> from striate import datasets, visualize
    >>> x, y = datasets.load_digits()
    >>> visualize.ImageGrid(x[:30] / 16, y[:30])
    <ImageGrid of 30 images of 8 x 8 pixels>
    """

    def __init__(self, images, labels=None, *, size=64):
        self.images = check_images(images)
        self.labels = check_labels(labels, len(self.images))
        self.size = integer("size", size, 1, 4096)

    def __repr__(self):
        """Return how many there are."""
        return f"<ImageGrid of {len(self.images)} images of {self.images.shape[1]} x {self.images.shape[2]} pixels>"

    def _repr_html_(self):
        """Return the grid for a notebook, in the colours of its page."""
        cells = []
        for i, image in enumerate(displayable(with_channels(self.images))):
            data = base64.b64encode(png_bytes(image)).decode()
            label = "" if self.labels is None else f"<figcaption>{escaped(self.labels[i])}</figcaption>"
            cells.append(
                f'<figure style="margin:0;text-align:center;font-size:small"><img alt="" width="{self.size}" '
                f'style="image-rendering:pixelated;margin:0" src="data:image/png;base64,{data}">{label}</figure>'
            )
        return f'<div style="display:flex;flex-wrap:wrap;gap:6px">{"".join(cells)}</div>'


@documented(FIGURE)
def plot_images(images, labels=None, *, columns=None, size=1.0, vmin=None, vmax=None):
    """Draw images in a grid.

    Parameters
    ----------
    images : ndarray, shape (batch, height, width, channels) or (batch, height, width), or list or dict
        The images. Those in a list may differ in size, dtype and channels; the keys of a dict are their labels. An array
        (height, width, 3) or (height, width, 4) is one image in colour if height and width are at least 16.
    labels : sequence, optional
        What is written above each.
    vmin, vmax : float, optional
        Values that are drawn in black and in white. If None, they are 0 and 255 for bytes, 0 and 1 for booleans and for numbers
        between these, and the smallest and the largest value of all images for other numbers.

    Raises
    ------
    TypeError, ValueError
        If there is no image, if one is not of finite real numbers, if there are not as many labels as images, or if `vmin` is
        not below `vmax`.

    Examples
    --------
    >>> from striate import datasets, image, visualize
    >>> x, y = datasets.load_digits()
    >>> figure = visualize.plot_images(x[:30] / 16, y[:30])
    >>> len(figure.axes)
    30

    >>> figure = visualize.plot_images({"A digit": x[0], "Its edges": image.sobel_magnitude(x[0])}, size=2)
    >>> [axes.get_title() for axes in figure.axes]
    ['A digit', 'Its edges']
    """
    if isinstance(images, dict):
        if labels is not None:
            raise ValueError("labels are given for a dict of images; expected None, since the keys of the dict are the labels")
        images, labels = list(images.values()), list(images)
    images = _listed(images)
    labels = check_labels(labels, len(images))
    ratio = max(image.shape[0] / image.shape[1] for image in images)
    limits = _limits(images, vmin, vmax)
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(images), columns, size, 0.0 if labels is None else 0.2, (ratio, 1))
        for i, (each, image) in enumerate(zip(axes, images, strict=True)):
            show_image(each, displayable(image, limits[i]))
            if labels is not None:
                each.set_title(str(labels[i]), pad=3)
    return figure


def _listed(images):
    """Return images, (height, width, channels) each, of an array or a list."""
    if not isinstance(images, (list, tuple)):
        if np.ndim(images) == 3 and np.shape(images)[2] in (3, 4) and min(np.shape(images)[:2]) >= _PICTURE:
            return list(check_image("images", images))
        return list(with_channels(check_images(images)))
    if not images:
        raise ValueError("images is empty; expected at least one image")
    return [with_channels(check_image(f"images[{i}]", image))[0] for i, image in enumerate(images)]


def _limits(images, vmin, vmax):
    """Return for each image the values that are drawn in black and white."""
    others = [image.ravel() for image in images if image.dtype not in DTYPE_LIMITS]
    together = black_and_white(np.concatenate(others)) if others else None
    low, high = (None if value is None else number(name, value) for name, value in (("vmin", vmin), ("vmax", vmax)))
    limits = []
    for image in images:
        darkest, brightest = DTYPE_LIMITS.get(image.dtype, together)
        darkest, brightest = darkest if low is None else low, brightest if high is None else high
        if darkest >= brightest and (low, high) != (None, None):
            raise ValueError(
                f"vmin={shown(vmin)}, vmax={shown(vmax)} draw {darkest:g} in black and {brightest:g} in white; expected black "
                "below white"
            )
        limits.append((darkest, brightest))
    return limits


def check_images(images, name="images"):
    """Return images (batch, height, width, channels) or (batch, height, width) of real numbers, checked."""
    images = as_array(name, images)
    if images.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {images.dtype}; expected real numbers")
    if images.ndim not in (3, 4) or 0 in images.shape:
        raise ValueError(
            f"{name} has shape {images.shape}; expected (batch, height, width, channels) or (batch, height, width), with at "
            "least one image"
        )
    if not np.isfinite(images).all():
        raise ValueError(f"{name} holds NaN or infinity; expected finite numbers")
    return images


def check_image(name, image):
    """Return an image (height, width, channels) or (height, width), checked, as a batch of one."""
    image = as_array(name, image)
    if image.ndim not in (2, 3):
        raise ValueError(f"{name} has shape {image.shape}; expected (height, width, channels) or (height, width)")
    return check_images(image[np.newaxis], name)


def with_channels(images):
    """Return checked images with an axis for the channels."""
    return images if images.ndim == 4 else images[..., np.newaxis]


def check_labels(labels, count):
    """Return labels as a list of as many as there are images; None for None."""
    if labels is None:
        return None
    labels = sequence("labels", labels, "labels")
    if len(labels) != count:
        raise ValueError(f"labels has {len(labels)} elements for {count} images; expected one for each")
    return labels
