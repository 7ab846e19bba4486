"""
23. Following things
====================

A detector looks at each frame as if it had never seen another. It says that
there are three things, but not which of them is which one of the frame before.
A *tracker* gives each thing an identity that it keeps, also when things cross,
hide each other, or are lost for a moment. This page builds one step by step,
and measures how often it is wrong.
"""

# %%
# Videos with a known truth
# -------------------------
#
# ``moving_digits`` makes videos: handwritten digits that come in, move at
# different speeds, stop, hide each other, pass behind bars, and leave. They
# are synthetic, so we know for each frame what is where, which identity it
# has, and how much of it can be seen. Digits of which less than half is seen
# need not be found: people disagree about them, too.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import Model, Sequential, detection, layers, tracking, visualize
from striate.datasets import load_digits, moving_digits

digits, labels = load_digits()
kept = np.arange(len(digits)) % 5 > 0
SIZE, SEEN = 80, 0.5


def videos(count, frames, chosen, seed):
    """Return videos, and for each frame what is in it."""
    x, *found = moving_digits.generate(
        count, frames, SIZE, seed=seed, digits=(digits[chosen], labels[chosen])
    )
    return x, [list(zip(*each)) for each in zip(*found)]


def truth_of(frames):
    """Return the tracks in the frames of a video, and what to ignore."""
    truth, ignored = [], []
    for boxes, _, ids, visible in frames:
        seen = visible >= SEEN
        one_class, certain = np.zeros(seen.sum(), int), np.ones(seen.sum())
        truth.append(
            tracking.Tracks(boxes[seen], one_class, certain, ids[seen])
        )
        ignored.append(boxes[~seen])
    return truth, ignored


def drawn(frame, tracks, before=()):
    """Return a frame with tracks, enlarged."""

    def large(each):
        boxes = 3 * each.boxes
        return tracking.Tracks(boxes, each.labels, each.scores, each.ids)

    enlarged = np.kron(frame, np.ones((3, 3), np.uint8))
    ways = [large(each) for each in before]
    return tracking.draw_tracks(enlarged, large(tracks), before=ways)


x, found = videos(8, 80, ~kept, seed=1)
truth, ignored = zip(*map(truth_of, found))
shown = range(0, 80, 16)
visualize.plot_images(
    np.stack([drawn(x[v, i], truth[v][i]) for v in (0, 2) for i in shown]),
    columns=5,
    size=1.2,
)

# %%
# A detector
# ----------
#
# It learns from single frames of other videos, with other digits. Which digit
# it is does not matter here: there is one class.

train_x, train = videos(450, 21, kept, seed=0)
images = train_x[:, ::10].reshape(-1, SIZE, SIZE)
objects = [
    detection.Objects(boxes, 0 * names, visible < SEEN)
    for video in train
    for boxes, names, _, visible in video[::10]
]
data = detection.Dataset(images, objects, ["digit"])
shape, filters = (SIZE, SIZE, 1), (12, 24, 32, 48)
backbone = detection.simple_backbone(shape, filters, rng=0)
detector = detection.Detector(
    data.classes, shape, backbone, strides=(8, 16), channels=32, rng=0
)
start = time.perf_counter()
detector.fit(data, epochs=14, verbose=0)
print(f"{data}, learned in {time.perf_counter() - start:.0f} s")

found = [
    detector.predict(video[..., None], score_threshold=0.2) for video in x
]

# %%
# Where will it be?
# -----------------
#
# A box that moves by six pixels in a frame hardly overlaps the one before. A
# *Kalman filter* knows how fast a box has moved, predicts the next one, and
# how far it may be off, and corrects itself by what it sees. After some frames
# without a look, it is less and less sure.

boxes = tracking.BoxFilter()
state = boxes.begin([[10, 20, 22, 40]])
for i in range(1, 9):
    state = boxes.predict(*state)
    if i < 6:
        state = boxes.update(*state, [[10 + 6 * i, 20, 22 + 6 * i, 40]])
    left = boxes.boxes(state[0])[0, 0]
    spread = np.sqrt(state[1][0, 0, 0])
    what = "seen" if i < 6 else "predicted"
    print(f"frame {i}: x = {left:5.1f} ± {spread:.1f}  {what}")

# %%
# Which one is which?
# -------------------
#
# Each detection could belong to each track. The overlap of a detection with
# the predicted box says how well they fit, and the *Hungarian method* finds
# the assignment with the best sum. Detections that are left begin new tracks,
# and tracks that are left wait for a while. That is all there is to SORT, a
# tracker that is still hard to beat.


def track(found, video, **settings):
    """Return the tracks in each frame."""
    tracker = tracking.Tracker(
        score_threshold=0.6, low_threshold=0.45, **settings
    )
    return [tracker.update(*each) for each in zip(found, video)]


start = time.perf_counter()
tracks = [track(*each) for each in zip(found, x)]
speed = x.shape[0] * x.shape[1] / (time.perf_counter() - start)
print(f"{speed:.0f} frames a second, without the detector")

visualize.plot_images(
    np.stack(
        [
            drawn(x[v, i], tracks[v][i], tracks[v][max(i - 15, 0) : i])
            for v in (0, 2)
            for i in shown
        ]
    ),
    columns=5,
    size=1.2,
)

# %%
# How good is it?
# ---------------
#
# A tracker can miss things, find what is not there, and take one thing for
# another. *MOTA* counts all three: it is 1 minus the errors per object. *IDF1*
# asks which part of the boxes has the right identity, if each thing has only
# one for the whole video. *MOTP* is the mean overlap of the boxes.


def joined(videos):
    """Return the tracks of several videos as if they were one."""
    return [
        tracking.Tracks(t.boxes, t.labels, t.scores, t.ids + 1000 * v)
        for v, video in enumerate(videos)
        for t in video
    ]


everything = [boxes for video in ignored for boxes in video]


def judged(name, tracks):
    """Print how good tracks are."""
    result = tracking.tracking_accuracy(
        joined(truth), joined(tracks), ignored=everything
    )
    print(
        f"{name:24} MOTA {result.mota:.3f}  IDF1 {result.idf1:.3f}  "
        f"{result.misses:4} missed  {result.false_positives:4} false  "
        f"{result.id_switches:3} switches"
    )
    return result


result = judged("all frames", tracks)

# %%
# When the detector fails
# -----------------------
#
# Now the detector is blind in half of the frames, three in a row. Between
# them, a network can look for a thing by what it looks like: the features of
# its box are a *template*, which is moved over the features around the place
# where it is expected. Where they agree best, the *correlation* is largest,
# and there the thing is now. That is the idea of SiamFC. The features are
# those that the detector has learned.

features = detection.simple_backbone((64, 64, 1), filters, rng=0)
features.set_weights(backbone.get_weights())
middle = features.get_layer("stage3_conv2").output
template = Sequential(
    [
        layers.Input((64, 64, 1)),
        layers.Rescaling(1 / 127.5, offset=-1),
        Model(features.inputs[0], middle),
    ]
)

follower = tracking.TemplateTracker(template, x[0, 0], truth[0][0].boxes[0])
response = follower.response(x[0, 3])
_, axes = plt.subplots(1, 2, figsize=(5.2, 2.6), layout="constrained")
axes[0].imshow(x[0, 3], cmap="gray")
axes[1].imshow(response, cmap="magma")
for ax, title in zip(axes, ("a frame", "agreement around the thing")):
    ax.set(title=title, xticks=[], yticks=[])

nothing = detection.Detections([], [], [])
blind = [
    [nothing if i % 6 > 2 else each for i, each in enumerate(video)]
    for video in found
]
judged("blind in half of them", [track(*each) for each in zip(blind, x)])
judged(
    "and with templates",
    [track(*each, template=template) for each in zip(blind, x)],
)

# %%
# What to try next
# ----------------
#
# Give the tracker vectors of appearance, ``appearance=``, a network that makes
# a vector of each box: does it confuse fewer digits that cross? Set
# ``max_age=3``, and see how many things get a new identity after a bar. And
# follow your own video: ``python -m striate detect --track``.
