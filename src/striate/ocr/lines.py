"""Images of lines of text as a network takes them: of one height, standardized, and padded to equal widths."""

import numpy as np

from .._common.checks import sequence
from ..image import resize, to_grayscale
from ..image.arrays import check_image
from .network import column_stride

#: Widths of the network's input are multiples of this, so that few different ones occur: each needs a plan of its own.
_GRANULARITY = 32

#: Standard deviation that is added to a line's, so that an empty one is not all noise.
_FAINT = 1.0

#: How much the order of widths, in which lines share batches, varies from epoch to epoch, as a part of the width.
_DISORDER = 0.1


def check_lines(name, images, height):
    """Return images of lines of uint8, grey or in colour, as grey images (height, width) of one height."""
    return [check_line(f"{name}[{i}]", each, height) for i, each in enumerate(sequence(name, images, "images"))]


def check_line(name, image, height):
    """Return the image of a line as a grey one (height, width)."""
    image = check_image(name, image, ("uint8",), (2, 3), (1, 3))
    if image.ndim == 3:
        image = to_grayscale(image) if image.shape[2] == 3 else image[..., 0]
    if image.shape[0] == height:
        return image
    return resize(image, (height, max(round(image.shape[1] * height / image.shape[0]), 1)))


def columns(line):
    """Return the number of columns of scores for a line."""
    return -(-line.shape[1] // column_stride(line.shape[0]))


def padded_width(line):
    """Return the width that a line is padded to if it is alone."""
    return -(-line.shape[1] // _GRANULARITY) * _GRANULARITY


def stacked(lines):
    """Return lines as the network's input (lines, height, width, 1): standardized, and padded with their means, which are 0."""
    x = np.zeros((len(lines), lines[0].shape[0], max(map(padded_width, lines)), 1), np.float32)
    for place, line in zip(x, lines, strict=True):
        pixels = line.astype(np.float32)
        place[:, : line.shape[1], 0] = (pixels - pixels.mean()) / (pixels.std() + _FAINT)
    return x


class LineBatches:
    """Batches of lines of similar widths, in a new order in each epoch, for `Model.fit`.

    Parameters
    ----------
    lines : list of ndarray of uint8, shape (height, width)
        The lines.
    labels : ndarray of int64, shape (lines, longest)
        Their labels, followed by zeros.
    batch_size : int
        Lines per batch.
    rng : numpy.random.Generator
        Source of the orders.
    """

    def __init__(self, lines, labels, batch_size, rng):
        self.lines, self.labels, self.batch_size, self.rng = lines, labels, batch_size, rng
        self.on_epoch_begin()

    def on_epoch_begin(self):
        """Draw the batches of an epoch."""
        widths = np.array([line.shape[1] for line in self.lines])
        order = np.argsort(widths * (1 + _DISORDER * self.rng.standard_normal(len(widths))))
        parts = [order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size)]
        self._batches = [parts[i] for i in self.rng.permutation(len(parts))]

    def __len__(self):
        """Return the number of batches."""
        return len(self._batches)

    def __getitem__(self, index):
        """Return inputs and targets of a batch, as `LineLoss` takes them."""
        chosen = self._batches[index]
        lines = [self.lines[i] for i in chosen]
        return stacked(lines), np.column_stack([[columns(line) for line in lines], self.labels[chosen]])
