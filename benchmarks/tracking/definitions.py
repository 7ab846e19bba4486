"""What is tracked, by which detector and tracker."""

import numpy as np

from benchmarks.detection.definitions import Task
from striate.datasets import mnist, moving_digits
from striate.detection import Dataset, Objects
from striate.tracking import Tracker, Tracks

#: The detector learns only that something is a digit: which one it is, is told by the track.
TASK = Task(("digit",), (128, 128, 1), (16, 32, 48, 64), train=4800, epochs=14)

#: Part of a digit that must be seen for it to count.
_SEEN = 0.5

#: Frames of a video to learn from, and every how many of them one is taken.
_FRAMES, _STEP = 40, 10

#: Videos that are tracked, and their frames; their digits are others than those learned from.
VIDEOS, LENGTH = 20, 80


def train_data(seed=0):
    """Return the frames to learn from; digits that are hardly seen are to be ignored."""
    count = TASK.train * _STEP // _FRAMES
    x, boxes, labels, _, visible = moving_digits.generate(count, _FRAMES, seed=seed, digits=mnist.load_data()[0])
    images = x[:, ::_STEP].reshape(-1, *x.shape[2:])
    rows = [row for video in zip(boxes, labels, visible, strict=True) for row in list(zip(*video, strict=True))[::_STEP]]
    return Dataset(images, [Objects(each, 0 * names, seen < _SEEN) for each, names, seen in rows], TASK.classes)


def videos(seed):
    """Return videos (videos, frames, height, width, 1), and for each of their frames the truth, and boxes to be ignored."""
    x, *found = moving_digits.generate(VIDEOS, LENGTH, seed=seed, digits=mnist.load_data()[1])
    truth, ignored = [], []
    for video in zip(*found, strict=True):
        for boxes, labels, ids, visible in zip(*video, strict=True):
            seen = visible >= _SEEN
            truth.append(Tracks(boxes[seen], 0 * labels[seen], np.ones(seen.sum()), ids[seen]))
            ignored.append(boxes[~seen])
    return x[..., np.newaxis], truth, ignored


def tracker():
    """Return the tracker; its thresholds were chosen on the videos of seed 1."""
    return Tracker(score_threshold=0.65, low_threshold=0.5)


def joined(tracks):
    """Return the tracks of several videos, all of `LENGTH`, as if they were one, whose identities are different."""
    apart = 1 + max((int(each.ids.max()) for each in tracks if len(each)), default=0)
    return [Tracks(each.boxes, each.labels, each.scores, each.ids + apart * (i // LENGTH)) for i, each in enumerate(tracks)]
