"""What a place looks like when nothing happens, learned pixel by pixel from the frames of a camera that stands still.

``apply`` of each model takes the next frame, returns which pixels do not look like the background, and learns from it.
"""

import numpy as np

from .._common.checks import integer, number, shown
from .._common.docstrings import documented
from .._common.errors import Constructed
from ..detection.preparation import check_one

#: Docstring section of models of the background.
_APPLY_DOC = """
    Parameters
    ----------
    frame : array_like of uint8, shape (height, width) or (height, width, channels)
        The frame, of the same shape as those before.

    Returns
    -------
    ndarray of bool, shape (height, width)
        Which pixels are foreground; none in the first frame.

    Raises
    ------
    TypeError, ValueError
        If `frame` is not such an image.
    """

#: Standard deviations of a new Gaussian, and the least that one may have, in grey values.
_NEW, _LEAST = 15.0, 3.0

#: Weight of a new Gaussian.
_NEW_WEIGHT = 0.05

#: Largest learning rate that `mixture_for` chooses, with which something new is learned within two frames.
_FASTEST = 0.5


class BackgroundModel(Constructed):
    """The base class of models of the background: a subclass defines `_begin(frame)` and `_apply(frame)`."""

    def __init__(self):
        self._shape = None

    def apply(self, frame):
        """Learn from the next frame; return what does not look like the background."""
        frame = check_one("frame", frame)
        if self._shape is None:
            self._shape = frame.shape
            self._begin(frame.astype(np.float32))
            return np.zeros(frame.shape[:2], bool)
        if frame.shape != self._shape:
            raise ValueError(f"frame has shape {frame.shape}; expected the shape of the frames before, {self._shape}")
        return self._apply(frame.astype(np.float32))

    if apply.__doc__:
        apply = documented(_APPLY_DOC)(apply)


class RunningMedian(BackgroundModel):
    """The median of each pixel over time, approached step by step [1]_.

    In each frame, the background goes one step towards the frame, up or down: where the frame is brighter in half of the time,
    it stays.

    Parameters
    ----------
    step : float
        Grey values by which the background changes in a frame.
    threshold : float
        Difference, in grey values, from which a pixel is foreground; the largest of its channels counts.

    Attributes
    ----------
    background : ndarray of float32, shape (height, width, channels)
        The background, once there was a frame.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive number.

    References
    ----------
    .. [1] McFarlane, N. J. B. and Schofield, C. P., "Segmentation and tracking of piglets in images", Machine Vision and
       Applications 8, 1995.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import video
    >>> model = video.RunningMedian(threshold=25)
    >>> frame = np.full((4, 6), 100, np.uint8)
    >>> _ = model.apply(frame)
    >>> frame[1:3, 2:4] = 200
    >>> model.apply(frame).sum(), model.background[2, 2], model.background[0, 0]
    (np.int64(4), array([101.], dtype=float32), array([100.], dtype=float32))
    """

    def __init__(self, step=1.0, threshold=25.0):
        super().__init__()
        self.step = number("step", step, 0, open_minimum=True)
        self.threshold = number("threshold", threshold, 0, open_minimum=True)

    def _begin(self, frame):
        self.background = frame

    def _apply(self, frame):
        difference = frame - self.background
        self.background = self.background + np.clip(difference, -self.step, self.step)
        return (np.abs(difference) > self.threshold).any(2)


class MixtureOfGaussians(BackgroundModel):
    """A mixture of Gaussians for each pixel, as it may have several colours in turn [1]_ [2]_.

    A frame's pixel belongs to the first Gaussian, of those with the most weight and least variance, that is near enough. That
    Gaussian learns from it; where there is none, the pixel becomes a new one in place of the last. The first Gaussians that
    together make up a large part of the weight are the background.

    Parameters
    ----------
    learning_rate : float
        What a frame weighs against all before. What has only one colour learns another within about
        ``log(1.05 * background_part) / log(1 - learning_rate)`` frames: 6, 31 and 154 for 0.05, 0.01 and 0.002, if
        `background_part` is 0.7.
    components : int
        Number of Gaussians of each pixel.
    distance : float
        Standard deviations within which a pixel belongs to a Gaussian.
    background_part : float
        Part of the weight that the background has at least.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    References
    ----------
    .. [1] Stauffer, C. and Grimson, W. E. L., "Adaptive background mixture models for real-time tracking", CVPR 1999,
       section 2.
    .. [2] Zivkovic, Z., "Improved adaptive Gaussian mixture model for background subtraction", ICPR 2004, equations 4 to 6: the
       update, with one variance for all channels.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import video
    >>> model, rng = video.MixtureOfGaussians(learning_rate=0.05), np.random.default_rng(0)
    >>> for _ in range(30):
    ...     _ = model.apply(rng.integers(90, 110, (4, 6), np.uint8))
    >>> frame = np.full((4, 6), 100, np.uint8)
    >>> frame[1:3, 2:4] = 200
    >>> model.apply(frame).astype(int)
    array([[0, 0, 0, 0, 0, 0],
           [0, 0, 1, 1, 0, 0],
           [0, 0, 1, 1, 0, 0],
           [0, 0, 0, 0, 0, 0]])
    """

    def __init__(self, learning_rate=0.01, components=3, distance=3.0, background_part=0.7):
        super().__init__()
        self.learning_rate = number("learning_rate", learning_rate, 0, 1, open_minimum=True, open_maximum=True)
        self.components = integer("components", components, 1, 16)
        self.distance = number("distance", distance, 0, open_minimum=True)
        self.background_part = number("background_part", background_part, 0, 1, open_minimum=True, open_maximum=True)

    def _begin(self, frame):
        height, width, channels = frame.shape
        self._weights = np.zeros((self.components, height, width), np.float32)
        self._weights[0] = 1
        self._means = np.zeros((self.components, height, width, channels), np.float32)
        self._means[0] = frame
        self._variances = np.full((self.components, height, width), _NEW**2, np.float32)

    def _apply(self, frame):
        offsets = frame - self._means
        squares = np.einsum("khwc,khwc->khw", offsets, offsets) / frame.shape[2]
        near = squares < self.distance**2 * self._variances
        chosen = near.argmax(0)  # the first that is near
        known = near.any(0)
        before = np.cumsum(self._weights, 0) - self._weights  # the weight of those before each
        part = np.take_along_axis(before, chosen[np.newaxis], 0)[0]
        foreground = ~known | (part > self.background_part)
        self._learn(frame, offsets, squares, chosen, known)
        return foreground

    def _learn(self, frame, offsets, squares, chosen, known):
        owner = (np.arange(self.components)[:, np.newaxis, np.newaxis] == chosen) & known
        self._weights += self.learning_rate * (owner - self._weights)
        # A Gaussian learns the faster the less weight it has: as fast as the mean of what it has seen.
        rates = np.where(owner, np.minimum(self.learning_rate / np.maximum(self._weights, 1e-6), 1), 0).astype(np.float32)
        self._means += rates[..., np.newaxis] * offsets
        self._variances = np.maximum(self._variances + rates * (squares - self._variances), _LEAST**2)
        self._weights[-1][~known] = _NEW_WEIGHT
        self._means[-1][~known] = frame[~known]
        self._variances[-1][~known] = _NEW**2
        self._weights /= self._weights.sum(0)
        self._sort()

    def _sort(self):
        """Put the Gaussians with the most weight and the least variance first, where they are not: few change in a frame."""
        rank = self._weights / np.sqrt(self._variances)
        changed = (rank[1:] > rank[:-1]).any(0)
        order = np.argsort(-rank[:, changed], 0, kind="stable")
        for each in (self._weights, self._variances, self._means):
            part = each[:, changed]
            each[:, changed] = np.take_along_axis(part, order if part.ndim == 2 else order[..., np.newaxis], 0)

    @property
    def background(self):
        """The mean of the first Gaussian of each pixel, an array of float32 (height, width, channels)."""
        return self._means[0].copy()


def mixture_for(frames):
    """Return a mixture of Gaussians that learns something new within a number of frames, two or more.

    The weight of the old background decays geometrically, from 1 / (1 + _NEW_WEIGHT) to the part from which it is all of it.
    """
    part = MixtureOfGaussians().background_part
    return MixtureOfGaussians(learning_rate=min(1 - (part * (1 + _NEW_WEIGHT)) ** (1 / frames), _FASTEST))


def check_background(name, value):
    """Return a model of the background."""
    if not isinstance(value, BackgroundModel):
        raise TypeError(
            f"{name}={shown(value)} is of type {type(value).__name__}; expected a MixtureOfGaussians or RunningMedian"
        )
    return value
