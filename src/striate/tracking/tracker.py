"""Tracks from detections, frame by frame.

In each frame, a Kalman filter predicts where the tracks are, and the Hungarian method assigns detections to them: first those
with high scores, by the overlap of boxes and, with a network of appearances, by what they show; then those with low scores, of
things that are half hidden (Zhang et al., "ByteTrack: multi-object tracking by associating every detection box", ECCV 2022,
algorithm 1). A track that no detection belongs to is looked for by its template, and is kept for a while. Detections that are
left begin new tracks.
"""

import numpy as np

from .._common.checks import boolean, integer, number, shown
from .._common.errors import Constructed
from ..detection import Detections, Detector, iou, nms
from ..detection.preparation import check_network, check_one
from .appearance import embed_boxes, unit
from .assignment import assign, solver
from .kalman import GATE, BoxFilter
from .template import TemplateTracker, is_flat, seen_around
from .tracks import Tracks

#: Score from which a detection continues a track, as a part of that from which one begins a track.
_LOW = 0.6

#: Overlap from which two detections of a frame are the same thing, whatever their classes.
_SAME = 0.6

#: Overlap from which a detection with a low score belongs to a track.
_LOW_IOU = 0.5

#: How much of a track's vector of appearance stays in each frame.
_MEMORY = 0.9

#: Frames in a row in which a track may be found by its template alone.
_BY_TEMPLATE = 10


class _Track:
    """What is known of one thing, apart from the state of its filter."""

    def __init__(self, id, detections, i, vector, frame):
        self.id = id
        self.labels = {}  # the sum of the scores of each class
        self.hits = 0
        self.vector = None
        self.seen = None  # the part of a frame of which a template can be made, and the box in it
        self.followed = None  # the `TemplateTracker` while no detection is found
        self.take(detections, i, vector, frame)

    def take(self, detections, i, vector, frame):
        """Take note of a detection of this thing, and of what it looks like in a frame, unless that is None."""
        label, self.score = int(detections.labels[i]), float(detections.scores[i])
        self.labels[label] = self.labels.get(label, 0.0) + self.score
        self.hits += 1
        self.missed = 0
        box, self.followed = detections.boxes[i], None
        # The frame is the caller's, who may reuse its memory.
        self.seen = None if frame is None or is_flat(box) else seen_around(frame, box)
        if vector is not None:
            self.vector = vector if self.vector is None else unit(_MEMORY * self.vector + (1 - _MEMORY) * vector)

    @property
    def label(self):
        return max(self.labels, key=self.labels.get)


class Tracker(Constructed):
    """A tracker of many objects, which gives those that a detector finds in the frames of a video their identities.

    Parameters
    ----------
    score_threshold : float
        Score from which a detection begins a track.
    low_threshold : float, optional
        Score from which a detection continues a track, at most `score_threshold`; six tenths of that if None.
    iou_threshold : float
        Least overlap of a detection with the place where a track is expected.
    confirm : int
        Number of frames in which a thing must be found before it counts; in the first frames of a video, it counts at once.
    max_age : int
        Number of frames after which a track ends in which nothing was found.
    same_class : bool
        Whether all detections of a track must be of the same class. Otherwise its class is the one with most scores.
    appearance : Model, optional
        A network that makes vectors of what boxes show; see `embed_boxes`. None for boxes alone.
    appearance_weight : float
        Weight, from 0 to 1, of the cosine distance of the vectors beside that of the boxes.
    appearance_threshold : float
        Largest cosine distance, from 0 to 2, of a detection that is too far to overlap, but within the reach of the filter.
    template : Model, optional
        A network of features with which tracks are followed where detection fails; see `TemplateTracker`. None for no such.
    template_threshold : float
        Score of the template, from -1 to 1, from which a thing counts as found.
    motion : BoxFilter, optional
        The filter of boxes; ``BoxFilter()`` if None.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    ImportError
        If SciPy is not installed.

    References
    ----------
    .. [1] Bewley, A. et al., "Simple online and realtime tracking", ICIP 2016.
    .. [2] Wojke, N., Bewley, A. and Paulus, D., "Simple online and realtime tracking with a deep association metric",
       ICIP 2017.
    .. [3] Zhang, Y. et al., "ByteTrack: multi-object tracking by associating every detection box", ECCV 2022.

    Examples
    --------
    Two things that pass each other:

    >>> from striate import detection, tracking
    >>> tracker = tracking.Tracker()
    >>> for i in range(10):
    ...     boxes = [[10 * i, 0, 10 * i + 20, 20], [90 - 10 * i, 5, 110 - 10 * i, 25]]
    ...     tracks = tracker.update(detection.Detections(boxes, labels=[0, 0], scores=[0.9, 0.8]))
    >>> tracks.ids, tracks.boxes.round()
    (array([1, 2]), array([[ 90.,   0., 110.,  20.],
           [  0.,   5.,  20.,  25.]]))
    """

    def __init__(
        self,
        score_threshold=0.5,
        low_threshold=None,
        iou_threshold=0.2,
        confirm=2,
        max_age=30,
        same_class=False,
        appearance=None,
        appearance_weight=0.5,
        appearance_threshold=0.3,
        template=None,
        template_threshold=0.6,
        motion=None,
    ):
        solver()  # If SciPy is missing, it is missed before the first frame.
        self.score_threshold = number("score_threshold", score_threshold, 0, 1)
        low_threshold = _LOW * self.score_threshold if low_threshold is None else low_threshold
        self.low_threshold = number("low_threshold", low_threshold, 0, self.score_threshold)
        self.iou_threshold = number("iou_threshold", iou_threshold, 0, 1)
        self.confirm, self.max_age = integer("confirm", confirm, 1), integer("max_age", max_age, 0)
        self.same_class = boolean("same_class", same_class)
        self.appearance_weight = number("appearance_weight", appearance_weight, 0, 1)
        self.appearance_threshold = number("appearance_threshold", appearance_threshold, 0, 2)
        self.template_threshold = number("template_threshold", template_threshold, -1, 1)
        for name, network in (("appearance", appearance), ("template", template)):
            if network is not None:
                check_network(name, network)
        self.appearance, self.template = appearance, template
        if motion is not None and not isinstance(motion, BoxFilter):
            raise TypeError(f"motion={shown(motion)} is of type {type(motion).__name__}; expected a BoxFilter")
        self.motion = BoxFilter() if motion is None else motion
        self.reset()

    def reset(self):
        """Forget all tracks: a new video begins, whose first track has the id 1."""
        self._tracks, self._frames, self._last_id = [], 0, 0
        self._states = self.motion.begin(np.zeros((0, 4)))

    def update(self, detections, frame=None):
        """Take what was found in the next frame; return the tracks in it.

        Parameters
        ----------
        detections : Detections
            What a detector found, also with low scores.
        frame : array_like of uint8, shape (height, width) or (height, width, channels), optional
            The frame; needed with networks of appearance or template.

        Returns
        -------
        Tracks
            What is there and has been confirmed, by its id.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        if not isinstance(detections, Detections):
            raise TypeError(f"detections={shown(detections)} is of type {type(detections).__name__}; expected Detections")
        if frame is None and (self.appearance is not None or self.template is not None):
            raise ValueError("frame=None, and the tracker has a network that looks at frames; expected an image")
        frame = None if frame is None else check_one("frame", frame)
        detections = self._without_doubles(detections)
        vectors = None if self.appearance is None else embed_boxes(self.appearance, frame, detections.boxes)

        self._frames += 1
        self._states = self.motion.predict(*self._states)
        for each in self._tracks:
            each.missed += 1
        found = {}  # boxes of tracks, by the tracks' indices
        high, low = (np.flatnonzero(each) for each in self._by_score(detections))
        looks = None if self.template is None else frame
        left = self._assign(detections, vectors, looks, high, found, self._costs)
        self._assign(detections, vectors, looks, low, found, self._low_costs)
        self._follow(frame, found)
        self._correct(found)
        self._end(found, frame)
        self._begin(detections, vectors, looks, left)
        return self._result()

    def _without_doubles(self, detections):
        labels = detections.labels if self.same_class else None
        return detections[nms(detections.boxes, detections.scores, _SAME, labels)]

    def _by_score(self, detections):
        high = detections.scores >= self.score_threshold
        return high, ~high & (detections.scores >= self.low_threshold)

    # ------------------------------------------------------------------------------------------------------- assignment

    def _assign(self, detections, vectors, frame, chosen, found, costs_of):
        """Assign some detections to tracks that are not found yet; return the detections that are left."""
        free = np.array([i for i in range(len(self._tracks)) if i not in found], np.intp)
        costs, allowed = costs_of(detections, vectors, free, chosen)
        rows, columns = assign(costs, allowed)
        for i, j in zip(free[rows], chosen[columns], strict=True):
            self._tracks[i].take(detections, j, None if vectors is None else vectors[j], frame)
            found[int(i)] = detections.boxes[j]
        return np.delete(chosen, columns)

    def _overlaps(self, detections, free, chosen):
        """Return the overlaps (tracks, detections) of where tracks are expected with detections, and which pairs may be."""
        overlaps = iou(self.motion.boxes(self._states[0][free]), detections.boxes[chosen])
        if self.same_class:
            labels = np.array([self._tracks[i].label for i in free])
            return overlaps, labels[:, np.newaxis] == detections.labels[chosen]
        return overlaps, np.ones(overlaps.shape, bool)

    def _costs(self, detections, vectors, free, chosen):
        overlaps, allowed = self._overlaps(detections, free, chosen)
        near = overlaps >= self.iou_threshold
        if vectors is None:
            return 1 - overlaps, allowed & near
        known = np.stack([self._tracks[i].vector for i in free]) if len(free) else np.zeros((0, vectors.shape[1]))
        looks = 1 - known @ vectors[chosen].T
        reached = self.motion.distances(*(each[free] for each in self._states), detections.boxes[chosen]) <= GATE
        allowed &= near | (reached & (looks <= self.appearance_threshold))
        return (1 - self.appearance_weight) * (1 - overlaps) + self.appearance_weight * looks / 2, allowed

    def _low_costs(self, detections, vectors, free, chosen):
        overlaps, allowed = self._overlaps(detections, free, chosen)
        fresh = np.array(
            [self._tracks[i].missed == 1 for i in free], bool
        )  # What was lost is not continued by what may be noise.
        return 1 - overlaps, allowed & (overlaps >= _LOW_IOU) & fresh[:, np.newaxis]

    # --------------------------------------------------------------------------------------------------------- templates

    def _follow(self, frame, found):
        """Find confirmed tracks that are not found, but look at a near place as they did when they were."""
        for i, each in enumerate(self._tracks) if self.template is not None else ():
            if i in found or each.hits < self.confirm or each.missed > _BY_TEMPLATE or each.seen is None:
                continue
            if each.followed is None:
                each.followed = TemplateTracker(self.template, *each.seen)
            each.followed.box = self.motion.boxes(self._states[0][i : i + 1])[0]
            box, score = each.followed.update(frame)
            hidden = bool(found) and iou([box], list(found.values())).max() >= self.iou_threshold
            if score >= self.template_threshold and not hidden and _center_inside(box, frame):
                found[i] = box

    # ------------------------------------------------------------------------------------------------------------ states

    def _correct(self, found):
        """Update the filters of the tracks that were found."""
        rows = list(found)
        if rows:
            updated = self.motion.update(*(each[rows] for each in self._states), [found[i] for i in rows])
            for state, new in zip(self._states, updated, strict=True):
                state[rows] = new
        for i, each in enumerate(self._tracks):
            each.box = found.get(i)

    def _end(self, found, frame):
        """Forget tracks that were lost before they were confirmed, too long ago, or beyond the border of the frame."""
        boxes = self.motion.boxes(self._states[0])
        kept = [
            i
            for i, each in enumerate(self._tracks)
            if i in found or (each.hits >= self.confirm and each.missed <= self.max_age and _center_inside(boxes[i], frame))
        ]
        self._tracks = [self._tracks[i] for i in kept]
        self._states = tuple(each[kept] for each in self._states)

    def _begin(self, detections, vectors, frame, left):
        """Begin tracks with the detections that are left."""
        for j in left:
            self._last_id += 1
            self._tracks.append(_Track(self._last_id, detections, j, None if vectors is None else vectors[j], frame))
            self._tracks[-1].box = detections.boxes[j]
        new = self.motion.begin(detections.boxes[left])
        self._states = tuple(np.concatenate(each) for each in zip(self._states, new, strict=True))

    def _result(self):
        chosen = [
            each
            for each in self._tracks
            if each.box is not None and (each.hits >= self.confirm or self._frames <= self.confirm)
        ]
        boxes = np.array([each.box for each in chosen]).reshape(-1, 4)
        return Tracks(boxes, *([getattr(each, name) for each in chosen] for name in ("label", "score", "id")))


def _center_inside(box, frame):
    """Return whether the centre of a box lies in a frame, True if that is None."""
    x, y = (box[:2] + box[2:]) / 2
    return frame is None or bool(0 <= x < frame.shape[1] and 0 <= y < frame.shape[0])


def track(frames, detector, tracker=None):
    """Yield the tracks in each frame of a video.

    Parameters
    ----------
    frames : iterable of array_like of uint8, shape (height, width) or (height, width, channels)
        The frames, such as those that `striate.detection.read_frames` yields.
    detector : Detector
        What finds things in a frame.
    tracker : Tracker, optional
        What gives them identities, whose tracks are forgotten first; ``Tracker()`` if None.

    Yields
    ------
    Tracks

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    ImportError
        If SciPy is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import detection, tracking
    >>> detector = detection.Detector(["thing"], (64, 64, 1), rng=0)  # which has not learned anything yet
    >>> [len(tracks) for tracks in tracking.track(np.zeros((3, 64, 64), np.uint8), detector)]
    [0, 0, 0]
    """
    if not isinstance(detector, Detector):
        raise TypeError(f"detector={shown(detector)} is of type {type(detector).__name__}; expected a Detector")
    if tracker is not None and not isinstance(tracker, Tracker):
        raise TypeError(f"tracker={shown(tracker)} is of type {type(tracker).__name__}; expected a Tracker")
    return _tracked(frames, detector, Tracker() if tracker is None else tracker)


def _tracked(frames, detector, tracker):
    tracker.reset()
    for frame in frames:
        yield tracker.update(detector.detect(frame, score_threshold=tracker.low_threshold), frame)
