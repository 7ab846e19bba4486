"""
19. Finding things
==================

A classifier answers one question about one image: what is it? On most images
there are several things, and we want to know what *and where* they are. This
page trains a detector, which draws a box around each, and shows how it works:
what it predicts at each place, what happens to the many boxes it proposes, and
how its answers are judged.
"""

# %%
# Scenes with several digits
# --------------------------
#
# ``digit_scenes`` puts handwritten digits, of all sizes, on a background of
# lines, boxes and pieces of other digits, and remembers where they are. Here
# it takes the small digits that come with striate. A fifth of them appears
# only in test scenes, so that the detector meets handwriting that it has
# never seen.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import detection, visualize
from striate.datasets import digit_scenes, load_digits

digits, labels = load_digits()
kept = np.arange(len(digits)) % 5 > 0


def scenes(count, chosen, seed):
    """Return scenes of some of the digits, as a data set."""
    x, boxes, names = digit_scenes.generate(
        count, 96, seed=seed, digits=(digits[chosen], labels[chosen])
    )
    objects = [detection.Objects(*each) for each in zip(boxes, names)]
    return detection.Dataset(x, objects, digit_scenes.CLASSES)


train, test = scenes(2000, kept, seed=0), scenes(300, ~kept, seed=1)
print("to learn from:", train)
print("to test on:   ", test)


def drawn(image, found):
    """Return an image with boxes around what was found, enlarged."""
    large = np.kron(image, np.ones((4, 4, 1), np.uint8))
    boxes = detection.Objects(4 * found.boxes, found.labels)
    return detection.draw_boxes(large, boxes, digit_scenes.CLASSES)


examples = [drawn(*train[i]) for i in range(8)]
visualize.plot_images(np.stack(examples), columns=4, size=1.7)

# %%
# When is a box right?
# --------------------
#
# No box is right to the last pixel. What counts is the *intersection over
# union* (IoU): the area that two boxes share, divided by the area that they
# cover together. It is 1 for equal boxes and 0 for boxes apart; from 0.5 on, a
# box usually counts as right.

box = [20, 20, 60, 60]
for what, other in {
    "equal": [20, 20, 60, 60],
    "4 pixels to the right": [24, 20, 64, 60],
    "half as high": [20, 20, 60, 40],
    "half a box away": [40, 40, 80, 80],
}.items():
    print(f"{what:22} IoU {detection.iou([box], [other])[0, 0]:.2f}")

# %%
# A detector
# ----------
#
# The network is fully convolutional. Its features have two grids, one with a
# place for each 8 × 8 pixels and a coarser one with 16 × 16 for larger things.
# At *each place* it answers three questions: which classes are there, how far
# is it to the four sides of the box, and is this place near its middle? That
# is all there is to FCOS, the detector that ``detection.Detector`` builds.

detector = detection.Detector(
    train.classes,
    image_shape=(96, 96, 1),
    backbone=detection.simple_backbone((96, 96, 1), (16, 32, 48, 64), rng=0),
    strides=(8, 16),
    rng=0,
)
print(detector)
start = time.perf_counter()
history = detector.fit(
    train, epochs=15, validation_data=test, validation_freq=5, verbose=0
)
seconds = time.perf_counter() - start
print(f"trained in {seconds:.0f} s")

losses = {
    name: values
    for name, values in history.history.items()
    if name in ("classes_loss", "boxes_loss", "centerness_loss")
}
visualize.plot_history(losses)

# %%
# What it sees at each place
# --------------------------
#
# The largest probability of any class, at each place of the fine grid: bright
# spots in the middle of the digits, and next to nothing on lines, boxes, and
# pieces of digits. The detector has learned what is *not* a digit, too.

image, objects = test[2]
inputs = image[np.newaxis].astype("float32")
logits, boxes, centerness = detector.model.predict(inputs, verbose=0)
probabilities = 1 / (1 + np.exp(-logits[0].max(-1)))
grid = probabilities[: 12 * 12].reshape(12, 12)

_, axes = plt.subplots(1, 2, figsize=(5.5, 2.8), layout="constrained")
axes[0].imshow(image[..., 0], cmap="gray", vmin=0, vmax=255)
axes[1].imshow(grid, cmap="magma", vmin=0, vmax=1)
for ax, title in zip(axes, ("a scene", "probability of a digit")):
    ax.set(title=title, xticks=[], yticks=[])

# %%
# From many boxes to few
# ----------------------
#
# Several places near the middle of a digit find it, and so propose nearly the
# same box. *Non-maximum suppression* keeps the best of them, and leaves out
# those that overlap it by more than 0.6. Left: all boxes with a score of at
# least 0.5. Right: what is kept.

proposed = detector.detect(image, iou_threshold=1.0)
kept_boxes = detector.detect(image)
print(
    f"{len(proposed)} boxes are proposed, {len(kept_boxes)} are kept; "
    f"the scene has {len(objects)} digits"
)
pair = np.stack([drawn(image, proposed), drawn(image, kept_boxes)])
visualize.plot_images(pair, ["proposed", "kept"], size=2.6)

# %%
# How good is it?
# ---------------
#
# A detector can be wrong in two ways: it misses things (low *recall*), or
# finds what is not there (low *precision*). The threshold of the score trades
# one for the other. *Average precision* is the mean precision over all
# recalls, and so needs no threshold; its mean over the classes is called mAP.
# ``ap50`` calls a box right from an IoU of 0.5, ``ap`` is the mean over 0.5,
# 0.55, … 0.95, and rewards boxes that fit closely.

result = detector.evaluate(test)
print(f"mAP@50 {result.ap50:.3f}   mAP {result.ap:.3f}")
print(f"small digits: mAP {result.ap_small:.3f}")
print(f"larger ones:  mAP {result.ap_medium:.3f}")

_, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
ax.bar(test.classes, result.ap50_of_classes, 0.7)
ax.set(ylim=(0, 1), xlabel="digit", ylabel="average precision")

# %%
# Its answers
# -----------
#
# New scenes, with digits written by hand that the detector has never seen.
# Where it fails, digits overlap, or are so small that they look like the
# pieces beside them.

found = [drawn(test[i][0], detector.detect(test[i][0])) for i in range(8)]
visualize.plot_images(np.stack(found), columns=4, size=1.7)

# %%
# What to try next
# ----------------
#
# Train with half the scenes, and then with ``augmentation`` on top,
# ``[detection.RandomAffine(), detection.RandomColor()]``: how much of what was
# lost comes back? Should digits be mirrored, by ``RandomFlip``? Set
# ``strides=(16,)``, and see which digits are missed. ``street_scenes`` draws
# streets with vehicles and pedestrians, and ``detection.read_coco`` reads your
# own images.
#
# You have come from the pixels of an image to a network that says what is on
# it, and where. The next page is about the way back: from images to pixels.
