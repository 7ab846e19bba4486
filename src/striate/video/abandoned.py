"""Things that are new in a video, and stay where they are: a bag that someone left, but also someone who waits, or the sun.

Two models of the background learn at different speeds (Porikli, Ivanov and Haga, "Robust abandoned object detection using dual
foregrounds", EURASIP Journal on Advances in Signal Processing, 2008): what moves is foreground for both, and what has always
been there for none. What has come and stays soon is background for the fast one, and foreground for the slow one. Each pixel
collects evidence while that is so, and loses it when it is not; regions with enough of it are the things, and a classifier says
what they are.
"""

import numpy as np

from .._common.checks import called, integer, number, shown
from .._common.errors import Constructed
from ..detection import areas, iou
from ..detection.boxes import intersections
from ..detection.objects import check_names
from ..detection.preparation import check_network, check_one, cut, with_channels
from ..image import close, region_properties, structuring_element
from ..models import Model
from .background import check_background, mixture_for
from .events import Event

#: How many frames' evidence a frame takes away in which a pixel is not static and new: something that passes by before a thing
#: does not make it a new one.
_FORGETS = 2

#: Part of the box of a region that lies in the box of a known thing if it is a part of that.
_SAME = 0.5

#: Pixels, for each 128 of the height of the frame, across which regions are one.
_GAP = 5

#: Seconds in which a region must not change before it is looked at, and the overlap from which it has not: someone who waits is
#: not a bag because their feet have stood still for longer than their hands.
_SETTLES, _UNCHANGED = 1.0, 0.7

#: Part of its size by which the box that a classifier sees is larger than the region, on each side.
_MARGIN = 0.15

#: Every so many rows and columns, a pixel is looked at to find how bright a frame is.
_SAMPLED = 2

#: Seconds within which the fast and the slow background learn something new, if they are not given.
_FAST, _SLOW = 0.75, 60.0

#: How many times as long as a thing must stay the slow background needs at least: until then, the thing must be new.
_LONGER = 4


class StaticObjects(Constructed):
    """A detector of what is new in a video, and stays for some seconds.

    Parameters
    ----------
    fps : float
        Frames a second.
    seconds : float
        How long something must stay.
    least_area : int
        Least number of pixels of it.
    classifier : Model or callable, optional
        What says what it is: a network that returns the probabilities of the classes of images of a fixed shape, of values from
        0 to 255; or a function that does so for an array (1, height, width, channels) of the part of a frame. None if there is
        one class only.
    classes : sequence of str
        Names of what the classifier tells apart; of one without a classifier.
    wanted : sequence of str, optional
        Names of those that are events; all if None.
    fast, slow : MixtureOfGaussians or RunningMedian, optional
        The models of the background, for which something is foreground for a short and for a long time: the slow one longer
        than the fast one and `seconds` together, as nothing is found otherwise. Mixtures that learn it within 0.75 seconds,
        and within 60 or 4 times `seconds`, whichever is longer, if None.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    References
    ----------
    .. [1] Porikli, F., Ivanov, Y. and Haga, T., "Robust abandoned object detection using dual foregrounds", EURASIP Journal on
       Advances in Signal Processing, 2008.

    Examples
    --------
    Something appears after two seconds:

    >>> import numpy as np
    >>> from striate import video
    >>> finder, rng = video.StaticObjects(fps=10, seconds=3), np.random.default_rng(0)
    >>> events = []
    >>> for i in range(100):
    ...     frame = rng.integers(90, 110, (40, 60), np.uint8)
    ...     frame[20:30, 30:40] += 100 if i >= 20 else 0
    ...     events += finder.update(frame)
    >>> len(events), events[0].box, events[0].label
    (1, (30.0, 20.0, 40.0, 30.0), 'object')
    """

    def __init__(
        self, fps, seconds=5.0, least_area=20, classifier=None, classes=("object",), wanted=None, fast=None, slow=None
    ):
        self.fps = number("fps", fps, 0, open_minimum=True)
        self.seconds = number("seconds", seconds, 0, open_minimum=True)
        self.least_area = integer("least_area", least_area, 1)
        self.classes = check_names(classes)
        if not self.classes or (classifier is None and len(self.classes) > 1):
            raise ValueError(f"classes={shown(classes)}; expected one name without a classifier, and one or more with one")
        if isinstance(classifier, Model):
            shape = check_network("classifier", classifier)
            if None in shape or tuple(classifier.output_shape[1:]) != (len(self.classes),):
                raise ValueError(
                    f"classifier takes {shape} and returns {classifier.output_shape}; expected images of a fixed shape, and "
                    f"{len(self.classes)} probabilities, one for each of the classes"
                )
        elif classifier is not None:
            called("classifier", classifier, "an array of images")
        self.classifier = classifier
        self.wanted = self.classes if wanted is None else check_names(wanted, "wanted")
        if unknown := set(self.wanted) - set(self.classes):
            raise ValueError(f"wanted={shown(wanted)} holds {sorted(unknown)}; expected some of the classes {self.classes}")
        self._enough = max(round(self.seconds * self.fps), 1)
        self._fast = mixture_for(_FAST * self.fps) if fast is None else check_background("fast", fast)
        slowly = max(_SLOW * self.fps, _LONGER * self._enough)
        self._slow = mixture_for(slowly) if slow is None else check_background("slow", slow)
        self._count, self._evidence, self._known, self._pending = 0, None, [], []

    def update(self, frame):
        """Take the next frame; return the events that are certain from it on.

        Parameters
        ----------
        frame : array_like of uint8, shape (height, width) or (height, width, channels)
            The frame, of the same shape as those before.

        Returns
        -------
        list of Event
            What has stayed for so long, each thing once.

        Raises
        ------
        TypeError, ValueError
            If `frame` is not such an image, or the classifier returns something else than probabilities.
        """
        frame = check_one("frame", frame)
        if self._count and frame.shape != self._shape:
            raise ValueError(f"frame has shape {frame.shape}; expected the shape of the frames before, {self._shape}")
        self._shape = frame.shape
        balanced = self._balanced(frame)
        static = self._slow.apply(balanced) & ~self._fast.apply(balanced)
        if self._evidence is None:
            self._evidence = np.zeros(static.shape, np.int32)
        self._evidence = np.clip(self._evidence + np.where(static, 1, -_FORGETS), 0, 2 * self._enough)
        self._known = [each for each in self._known if each.is_there(self._evidence)]
        events = []
        for box in self._settled(self._regions(self._evidence >= self._enough)):
            self._known.append(_Thing(box, self._evidence >= self._enough))
            name, score = self._classified(frame, box)
            if name in self.wanted:
                events.append(Event(self._count / self.fps, tuple(map(float, box)), name, score))
        self._count += 1
        return events

    def _balanced(self, frame):
        """Return a frame as bright as the background is: lamps that change are nothing new."""
        if self._count == 0:
            return frame
        some = np.s_[::_SAMPLED, ::_SAMPLED]
        ratios = (self._slow.background[some] + 1) / (frame[some].astype(np.float32) + 1)
        return np.clip(np.rint(frame * np.median(ratios, (0, 1))), 0, 255).astype(np.uint8)

    def _settled(self, boxes):
        """Return those of some regions that are not known yet, and have not changed for a while."""
        before, self._pending, settled = self._pending, [], []
        for box in boxes:
            if any(each.has(box) for each in self._known):
                continue
            count = 1 + max((count for other, count in before if iou([box], [other])[0, 0] >= _UNCHANGED), default=0)
            if count > _SETTLES * self.fps:
                settled.append(box)
            else:
                self._pending.append((box, count))
        return settled

    def _regions(self, mask):
        """Return the boxes of the connected regions that are large enough, small gaps closed."""
        if not mask.any():
            return []
        gap = 2 * round(_GAP * len(mask) / 256) + 1
        closed = close(mask, structuring_element("ellipse", gap), border="constant")
        large = [each.bounding_box for each in region_properties(closed) if each.area >= self.least_area]
        return [np.array([left, top, right, bottom], np.float64) for top, left, bottom, right in large]

    def _classified(self, frame, box):
        """Return the name of what is in a box, and its probability."""
        if self.classifier is None:
            return self.classes[0], 1.0
        margin = np.maximum(_MARGIN * (box[2:] - box[:2]), 1)
        around = np.concatenate([box[:2] - margin, box[2:] + margin])
        if isinstance(self.classifier, Model):
            height, width, channels = self.classifier.input_shape[1:]
            content = cut(with_channels(frame, channels), around, (height, width))
            probabilities = self.classifier(content[np.newaxis], training=False)
        else:
            left, top, right, bottom = np.maximum(np.rint(around), 0).astype(int)
            probabilities = self.classifier(frame[np.newaxis, top:bottom, left:right])
        probabilities = np.asarray(probabilities)
        if probabilities.shape != (1, len(self.classes)):
            raise ValueError(f"classifier returns shape {probabilities.shape}; expected (1, {len(self.classes)})")
        best = int(probabilities[0].argmax())
        return self.classes[best], float(probabilities[0, best])


class _Thing:
    """Something that was found: its box, and which pixels within it are its own."""

    def __init__(self, box, mask):
        self.box = box
        self._place = slice(*box[1::2].astype(int)), slice(*box[::2].astype(int))
        self._mask = mask[self._place].copy()

    def is_there(self, evidence):
        """Return whether there still is evidence for half of its pixels."""
        return 2 * (evidence[self._place] > 0)[self._mask].sum() >= self._mask.sum()

    def has(self, box):
        """Return whether a box is a part of it."""
        shared = intersections(box[np.newaxis], self.box[np.newaxis])[0, 0]
        return bool(shared >= _SAME * areas([box])[0])
