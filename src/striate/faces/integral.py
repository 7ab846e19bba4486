"""Integral images, by which the mean of any rectangle of pixels takes four reads.

Images and parts of them are made smaller, or larger, by the means of the rectangles that make up the new pixels: pixel i of n
is the mean from ``floor(i * size / n)`` to ``ceil((i + 1) * size / n)``. That is what PyTorch calls interpolation by "area".
"""

import numpy as np


class IntegralImage:
    """The sums of all pixels above and to the left of each pixel's corner (Viola and Jones, CVPR 2001).

    Sums are kept modulo 2³², so that they are exact for every rectangle of less than 2²⁴ pixels.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, channels)
        The image.
    """

    def __init__(self, image):
        self.size = image.shape[:2]
        self._sums = np.zeros((image.shape[0] + 1, image.shape[1] + 1, image.shape[2]), np.uint32)
        np.cumsum(np.cumsum(image, 0, np.uint32), 1, out=self._sums[1:, 1:])

    def resized(self, size):
        """Return the image in another size, (height, width, channels) of float32."""
        rows, columns = (_bins(0, old, new) for old, new in zip(self.size, size, strict=True))
        above, below = (np.take(self._sums, each, 0) for each in rows)
        below -= above
        left, right = (np.take(below, each, 1) for each in columns)
        right -= left
        return _means(right, rows, columns)

    def crops(self, boxes, size):
        """Return parts of the image, all resized to `size`, (boxes, size, size, channels) of float32.

        Parameters
        ----------
        boxes : ndarray of int, shape (boxes, 4)
            Boxes "xyxy" within the image, none of them empty.
        size : int
            Height and width of the results.
        """
        left, top, right, bottom = boxes.T[..., np.newaxis]
        rows, columns = _bins(top, bottom - top, size), _bins(left, right - left, size)
        above, below = (each[..., :, np.newaxis] * self._sums.shape[1] for each in rows)
        before, after = (each[..., np.newaxis, :] for each in columns)
        sums = self._sums.reshape(-1, self._sums.shape[2])
        whole = np.take(sums, below + after, 0)
        whole -= np.take(sums, above + after, 0)
        whole -= np.take(sums, below + before, 0)
        whole += np.take(sums, above + before, 0)
        return _means(whole, rows, columns)


def _bins(start, size, count):
    """Return where each of `count` new pixels begins and ends, among `size` old ones from `start` on."""
    new = np.arange(count)
    return start + new * size // count, start - (-(new + 1) * size // count)


def _means(sums, rows, columns):
    """Return the sums of the old pixels of each new one, divided by their number."""
    heights, widths = (end - begin for begin, end in (rows, columns))
    counts = heights[..., :, np.newaxis] * widths[..., np.newaxis, :]
    return np.divide(sums, counts[..., np.newaxis].astype(np.float32), dtype=np.float32, casting="same_kind")
