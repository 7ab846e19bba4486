"""
21. Traffic signs and lanes
===========================

A car that drives by itself has to read signs and to stay in its lane. This
page trains two networks for that: a small CNN that tells fifteen traffic signs
apart, and a U-Net that finds the paint of lane markers, through which a curve
is fitted. Signs and roads are synthetic: drawn, not photographed.
"""

# %%
# Fifteen signs
# -------------
#
# ``traffic_signs`` draws signs as they are met: near and far, turned, seen
# from the side, in bright and dim light, out of focus, dirty, behind leaves,
# in front of houses and trees.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import (
    Sequential,
    architectures,
    layers,
    losses,
    metrics,
    optimizers,
    visualize,
)
from striate.datasets import lane_scenes, traffic_signs

(x_train, y_train), (x_test, y_test) = traffic_signs.load_data()
print("to learn from:", x_train.shape, "  to test on:", x_test.shape)

firsts = [np.flatnonzero(y_train == label)[0] for label in range(15)]
titles = [name.replace(" ", "\n", 1) for name in traffic_signs.CLASSES]
visualize.plot_images(x_train[firsts], titles, columns=5, size=1.15)

# %%
# A small CNN
# -----------
#
# Colours and outlines tell most signs apart. But the three speed limits differ
# in a few pixels of one digit, and so do the three warnings in their symbols.
# Two convolutions at each size find such details.


def classifier():
    """Return a CNN of six convolutions."""
    model = Sequential(
        [layers.Input((32, 32, 3)), layers.Rescaling(1 / 255)], rng=0
    )
    for filters in (16, 32, 64):
        for _ in range(2):
            model.add(
                layers.Conv2D(filters, 3, padding="same", use_bias=False)
            )
            model.add(layers.BatchNormalization())
            model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(15, activation="softmax"))
    return model


def train(model, x, y, loss, rate, batch_size, epochs, metric):
    """Train a model with a learning rate that goes up and down once."""
    steps = epochs * -(-len(x) // batch_size)
    schedule = optimizers.schedules.OneCycle(rate, steps)
    model.compile(optimizers.Adam(schedule), loss, metrics=[metric])
    start = time.perf_counter()
    history = model.fit(x, y, batch_size, epochs, verbose=0, rng=0)
    seconds = time.perf_counter() - start
    print(f"{model.count_params():,} parameters, trained in {seconds:.0f} s")
    return history


reader = classifier()
loss = "sparse_categorical_crossentropy"
train(reader, x_train, y_train, loss, 5e-3, 32, 8, "accuracy")
probabilities = reader.predict(x_test, verbose=0)
named = probabilities.argmax(-1)
print(f"right: {(named == y_test).mean():.1%} of {len(y_test)} new signs")

# %%
# Which signs are mixed up
# ------------------------
#
# The rows of the *confusion matrix* are the true classes, its columns what the
# network said. What is beside the diagonal is wrong.

matrix = metrics.ConfusionMatrix(15)(y_test, named)
wrong = matrix - np.diag(np.diag(matrix))
for index in np.argsort(-wrong, axis=None)[:4]:
    true, said = (
        traffic_signs.CLASSES[i] for i in np.unravel_index(index, (15, 15))
    )
    print(f"{true} taken for {said}: {wrong.flat[index]:.0f} times")

_, ax = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
ax.imshow(matrix / matrix.sum(1, keepdims=True), cmap="Blues")
ax.set_xticks(range(15), traffic_signs.CLASSES, rotation=90, fontsize=7)
ax.set_yticks(range(15), traffic_signs.CLASSES, fontsize=7)
ax.set(xlabel="the network said", ylabel="true")

# %%
# Lanes
# -----
#
# ``lane_scenes`` draws roads in perspective, as a camera behind the windscreen
# sees them, with curves, shadows, cracks and sometimes a car ahead. Each scene
# comes with a mask: which pixels are paint of the left marker, and which of
# the right one. Markers may be dashed, and worn.

(roads, masks, _), (roads_test, masks_test, lines_test) = (
    lane_scenes.load_data()
)
colors = np.array([(0, 0, 0), (80, 200, 255), (255, 150, 40)], np.uint8)
pairs = np.concatenate([roads[:5], colors[masks[:5]]])
visualize.plot_images(pairs, columns=5, size=1.15)
print("pixels of the left and the right marker:")
print((np.bincount(masks.ravel())[1:] / masks.size).round(4))

# %%
# A U-Net finds the paint
# -----------------------
#
# One pixel in fifty is paint. A loss that is a mean over all pixels is small
# if all paint is missed. The *Jaccard* loss is one minus the intersection over
# union of each class, so each counts the same, however few pixels it has. It
# takes probabilities in place of sets, and so has a gradient. To tell left
# from right, a pixel has to see much of the road: the network goes down four
# times, to 6 × 6 places.

model = architectures.UNet(
    (96, 96, 3), classes=3, filters=8, depth=4, batch_normalization=True, rng=0
)
x, x_new = roads / 255, roads_test / 255
jaccard = losses.Jaccard(axis=(0, 1, 2))
history = train(model, x, masks, jaccard, 4e-3, 16, 12, metrics.MeanIoU(3))
found = model.predict(x_new, verbose=0).argmax(-1)
for i, name in enumerate(lane_scenes.CLASSES):
    print(f"IoU of {name:12} {metrics.IoU(3, [i])(masks_test, found):.2f}")
visualize.plot_history(history)

# %%
# The markers are one to five pixels wide, so an IoU of 0.75 means that the
# borders of the paint are right to a fraction of a pixel. Here are new roads,
# the true paint, and what was found.

rows = np.concatenate(
    [roads_test[:5], colors[masks_test[:5]], colors[found[:5]]]
)
visualize.plot_images(rows, columns=5, size=1.15)

# %%
# From pixels to a curve
# ----------------------
#
# A car does not need pixels, but a curve: also where there is a gap between
# dashes, or another car. *Least squares* finds the parabola x = a + b y + c y²
# that is nearest to all pixels of a marker. Its error is the mean distance, in
# pixels to the side, from the true line, over the rows from the nearest paint
# to the farthest.


def fitted(mask):
    """Return the parabola through a mask, x as a polynomial of y / 96."""
    rows, columns = np.nonzero(mask)
    if len(rows) < 8:
        return None
    return np.polynomial.Polynomial.fit((rows + 0.5) / 96, columns + 0.5, 2)


def error_of(curve, line, mask):
    """Return the mean distance of a curve from the true line, in pixels."""
    rows = np.flatnonzero(mask.any(1))
    x, y = line.T
    seen = (y >= rows[0]) & (y <= rows[-1] + 1) & (x > 0) & (x < 96)
    return abs(curve(y[seen] / 96) - x[seen]).mean() if seen.any() else 0.0


curves = [[fitted(each == label) for label in (1, 2)] for each in found]
errors, missed = [], 0
for i, pair in enumerate(curves):
    for label, curve in enumerate(pair, 1):
        if curve is None:
            missed += 1
        else:
            mask = masks_test[i] == label
            errors.append(error_of(curve, lines_test[i, label - 1], mask))
print(f"{len(errors)} markers fitted, {missed} missed")
median, most = np.quantile(errors, (0.5, 0.9))
print(f"error: median {median:.2f} pixels, 9 of 10 below {most:.2f}")

_, axes = plt.subplots(2, 3, figsize=(6, 4.1), layout="constrained")
for ax, road, pair, lines in zip(axes.flat, roads_test, curves, lines_test):
    ax.imshow(road, extent=(0, 96, 96, 0))
    for curve, line, color in zip(pair, lines, ("deepskyblue", "orange")):
        ax.plot(*line.T, color="white", linewidth=3, alpha=0.6)
        if curve is not None:
            ax.plot(
                curve(line[:, 1] / 96), line[:, 1], color=color, linewidth=1.2
            )
    ax.set(xlim=(0, 96), ylim=(96, 0), xticks=[], yticks=[])

# %%
# White: the truth. In colour: the fitted parabolas.
#
# Where is the car?
# -----------------
#
# At the lower border, the two curves tell how wide the lane is there, and how
# far its middle is from the middle of the image: where in the lane the car is,
# in widths of the lane.


def offset(left, right):
    """Return how far right of the car the middle of the lane is."""
    return ((left + right) / 2 - 48) / (right - left)


both = [i for i, pair in enumerate(curves) if None not in pair]
measured = np.array(
    [offset(*(curve(1.0) for curve in curves[i])) for i in both]
)
true = np.array([offset(*lines_test[i, :, 0, 0]) for i in both])
print(
    f"offset: median error {np.median(abs(measured - true)):.3f} lane widths"
)

_, ax = plt.subplots(figsize=(3.6, 3.4), layout="constrained")
ax.plot([-0.3, 0.3], [-0.3, 0.3], color="gray", linewidth=1)
ax.plot(true, measured, "o", markersize=3)
ax.set(xlabel="true offset", ylabel="measured offset", xlim=(-0.4, 0.4))
ax.set(ylim=(-0.4, 0.4))

# %%
# What to try next
# ----------------
#
# Fit a straight line, and a polynomial of degree 5: which is worse on roads
# that turn, and which where little paint was found? Take the usual loss,
# ``"sparse_categorical_crossentropy"``, and see what becomes of thin markers.
# Train with ``depth=2``: can the network still tell left from right?
# ``street_scenes`` has the pedestrians and the other vehicles, for a detector.
