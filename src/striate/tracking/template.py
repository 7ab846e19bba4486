"""One object, followed from frame to frame by the correlation of a network's features, as in SiamFC.

The features of a window around the object's last place are correlated with those of the template, the middle of a window around
it in the first frame: where they agree best, the object is now (Bertinetto et al., "Fully-convolutional Siamese networks for
object tracking", ECCV 2016 workshops, section 2). Here the correlation is normalized: the response is the cosine of the angle
between template and window, so that a threshold tells whether the object is there at all.
"""

import numpy as np

from .._common.checks import number
from .._common.errors import Constructed
from ..detection.arrays import check_boxes
from ..detection.preparation import around, check_network, check_one, cut, with_channels
from ..functional import conv2d

#: Pixels of a window for a network of images of any size.
_SIZE = 128

#: Factors by which the object may have grown since the last frame, and what a response is worth where it has.
_SCALES, _OTHER_SCALE = (1 / 1.04, 1.0, 1.04), 0.97

#: Weight of a window (Hann) that prefers small movements to large ones.
_PREFERENCE = 0.2

#: Part of the change of size that is believed in each frame.
_DAMPING = 0.4

#: Part of the object's size that belongs to the template on each side of it, if nothing else is asked for.
_CONTEXT = 0.25


class TemplateTracker(Constructed):
    """A tracker of one object that learns its look from a single frame.

    Parameters
    ----------
    features : Model
        A network of features: a fully convolutional one of images of values from 0 to 255, square ones of a fixed shape or such
        of any size, whose output (batch, height, width, channels) has at least 8 rows and columns for them.
    frame : array_like of uint8, shape (height, width) or (height, width, channels)
        A frame.
    box : array_like, shape (4,)
        The box "xyxy" of the object in it.
    context : float
        Part of the object's size that belongs to the template on each side of it.

    Attributes
    ----------
    box : ndarray, shape (4,)
        Where the object is.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    References
    ----------
    .. [1] Bertinetto, L. et al., "Fully-convolutional Siamese networks for object tracking", ECCV 2016 workshops.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, tracking
    >>> features = Sequential([layers.Input((64, 64, 1)), layers.Conv2D(8, 3, strides=4, padding="same")], rng=0)
    >>> frames = np.zeros((3, 60, 80), np.uint8)
    >>> for i, frame in enumerate(frames):
    ...     frame[20:40, 10 + 5 * i : 30 + 5 * i] = np.arange(100, 300, 10)[:, np.newaxis] % 256
    >>> tracker = tracking.TemplateTracker(features, frames[0], [10, 20, 30, 40])
    >>> for frame in frames[1:]:
    ...     box, score = tracker.update(frame)
    >>> np.abs(box - [20, 20, 40, 40]).max() < 3, score > 0.5
    (np.True_, True)
    """

    def __init__(self, features, frame, box, context=_CONTEXT):
        self._features = features
        height, width, self._channels = check_network("features", features)
        self._size = _SIZE if height is None else height
        if height != width:
            raise ValueError(f"features takes images of shape {(height, width, self._channels)}; expected square ones")
        boxes = check_boxes("box", np.reshape(box, (-1, 4)) if np.size(box) == 4 else box)
        if len(boxes) != 1:
            raise ValueError(f"box has shape {np.shape(box)}; expected (4,), the box of one object")
        if is_flat(boxes[0]):
            width, height = boxes[0, 2:] - boxes[0, :2]
            raise ValueError(f"box has a size of {width:g} x {height:g} pixels; expected a width and a height above 0")
        self.box = boxes[0].astype(np.float64)
        self._context = number("context", context, 0)
        maps = self._maps(frame, (1.0,))
        self._mean = maps.mean((0, 1, 2))  # what all places have in common tells nothing
        rows, columns = maps.shape[1:3]
        template = maps[0, rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4] - self._mean
        self._template = (template / max(np.linalg.norm(template), 1e-12))[..., np.newaxis]
        self._hann = np.hanning(rows - len(template) + 3)[1:-1]

    def _maps(self, frame, scales):
        """Return the features (scales, rows, columns, channels) of windows of some sizes around the object's last place."""
        frame = with_channels(check_one("frame", frame), self._channels)
        boxes = [_window(self.box, self._context, scale) for scale in scales]
        windows = np.stack([cut(frame, box, (self._size, self._size)) for box in boxes])
        maps = np.asarray(self._features(windows, training=False))
        if maps.ndim != 4 or min(maps.shape[1:3]) < 8 or maps.shape[1] != maps.shape[2]:
            raise ValueError(
                f"features has an output of shape {maps.shape}; expected (batch, height, width, channels), 8 or more rows"
            )
        return maps

    def update(self, frame):
        """Find the object in the next frame.

        Parameters
        ----------
        frame : array_like of uint8, shape (height, width) or (height, width, channels)
            The frame.

        Returns
        -------
        box : ndarray, shape (4,)
            The box "xyxy" where the object is most probably.
        score : float
            How much it looks like the template, from -1 to 1.

        Raises
        ------
        TypeError, ValueError
            If `frame` is not an image of uint8.
        """
        responses = self._responses(self._maps(frame, _SCALES))
        preferred = (1 - _PREFERENCE) * responses + _PREFERENCE * np.outer(self._hann, self._hann)
        preferred *= np.where(np.array(_SCALES) == 1, 1, _OTHER_SCALE)[:, np.newaxis, np.newaxis]
        best, row, column = np.unravel_index(preferred.argmax(), preferred.shape)
        middle = (responses.shape[1] - 1) / 2
        step = _SCALES[best] * _side(self.box, self._context) / self._size * self._size_of_step(responses)
        moved = step * (np.array(_refined(preferred[best], row, column)) - middle)[::-1]
        center = (self.box[:2] + self.box[2:]) / 2 + moved
        half = (self.box[2:] - self.box[:2]) / 2 * (1 + _DAMPING * (_SCALES[best] - 1))
        self.box = np.concatenate([center - half, center + half])
        return self.box.copy(), float(responses[best, row, column])

    def response(self, frame):
        """Return how much the places around the object's last one look like the template.

        Parameters
        ----------
        frame : array_like of uint8, shape (height, width) or (height, width, channels)
            A frame.

        Returns
        -------
        ndarray, shape (rows, columns)
            Cosines, from -1 to 1; the one in the middle is for the last place.

        Raises
        ------
        TypeError, ValueError
            If `frame` is not an image of uint8.
        """
        return self._responses(self._maps(frame, (1.0,)))[0]

    def _size_of_step(self, responses):
        """Return the pixels of a window between two places of the response."""
        return self._size / (responses.shape[1] - 1 + len(self._template))

    def _responses(self, maps):
        """Return the cosines (scales, rows, columns) between the template and each place of the features of windows."""
        maps = maps - self._mean
        products = conv2d(maps, self._template)[..., 0]
        squares = (maps**2).sum(-1, keepdims=True)
        lengths = np.sqrt(np.maximum(conv2d(squares, np.ones((*self._template.shape[:2], 1, 1), maps.dtype))[..., 0], 0))
        return products / np.maximum(lengths, 1e-6)


def is_flat(box):
    """Return whether a box has no width or no height, so that there is nothing in it to follow."""
    return bool((box[2:] <= box[:2]).any())


def seen_around(frame, box):
    """Return a copy of the part of a frame that a `TemplateTracker` of a box reads first, and the box in that part."""
    box = box.astype(np.float64)
    part, first = around(frame, _window(box, _CONTEXT, 1.0))
    return part.copy(), box - np.tile(first[::-1], 2)


def _side(box, context):
    """Return how many pixels of the frame a window is wide: twice the object with its context, as a square."""
    width, height = box[2:] - box[:2]
    margin = context * (width + height)
    return 2 * np.sqrt((width + margin) * (height + margin))


def _window(box, context, scale):
    """Return the box of a window around an object, larger or smaller by a factor."""
    return np.tile((box[:2] + box[2:]) / 2, 2) + scale * (_side(box, context) / 2 * np.array([-1, -1, 1, 1]))


def _refined(response, row, column):
    """Return the place of the largest response, between the grid's points: the vertex of a parabola through its neighbours."""
    place = []
    for values, i in ((response[:, column], row), (response[row], column)):
        if 0 < i < len(values) - 1 and (bend := values[i - 1] - 2 * values[i] + values[i + 1]) < 0:
            place.append(i + (values[i - 1] - values[i + 1]) / (2 * bend))
        else:
            place.append(i)
    return place
