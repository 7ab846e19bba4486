"""
20. Cells, pixel by pixel
=========================

A detector draws boxes. Under a microscope, that is not enough: we want to know
which *pixels* are cells, how large each cell is, and how many there are. This
page trains a U-Net, the network that was made for this, to tell the class of
every pixel, and then counts cells, also where they touch.
"""

# %%
# Cells, and which pixel belongs to which
# ---------------------------------------
#
# ``cell_images`` draws cells as they look under a fluorescence microscope:
# bright and roundish, in uneven light, a little out of focus, with noise. Most
# of them touch or overlap others. They are synthetic, so the truth is known:
# each pixel has the number of its cell, or 0.

import time

import matplotlib.pyplot as plt
import numpy as np
from skimage import data

from striate import architectures, image, metrics, optimizers, visualize
from striate.datasets import cell_images

(x_train, cells_train), (x_test, cells_test) = cell_images.load_data()
print("to learn from:", x_train.shape)
print("to test on:   ", x_test.shape)
print("cells in the first test images:", cells_test.max((1, 2))[:6])


def colored(classes):
    """Return maps of classes or of cells as images in colour, 0 in black."""
    colors = plt.get_cmap("tab20")(np.arange(256) % 20)[:, :3]
    colors[0] = 0
    return (255 * colors[classes]).astype(np.uint8)


pairs = [x_train[:4, ..., np.newaxis].repeat(3, -1), colored(cells_train[:4])]
visualize.plot_images(np.concatenate(pairs), columns=4, size=1.5)

# %%
# What a threshold can do
# -----------------------
#
# Cells are bright. Otsu's method finds the threshold that best separates
# bright pixels from dark ones. How good is the result? As with boxes, we
# compare by *intersection over union* (IoU), here of sets of pixels. The *Dice
# coefficient*, twice the intersection over the sum of both sizes, is never
# smaller, and tells the same.

mask_test = cells_test > 0
smooth = image.gaussian_filter(x_test[..., np.newaxis], 1.0)[..., 0]
bright = np.stack([each > image.otsu_threshold(each) for each in smooth])


def overlaps(found):
    """Return the IoU and the Dice coefficient of masks of cells."""
    iou = metrics.BinaryIoU([1])(mask_test, found.astype(float))
    dice = metrics.DiceCoefficient()(mask_test, found.astype(float))
    return f"IoU {iou:.3f}   Dice {dice:.3f}"


print("Otsu's threshold:", overlaps(bright))

# %%
# Three classes
# -------------
#
# A mask of all cells cannot tell two cells that touch from one large one. So
# the network shall learn three classes: background, the inside of a cell, and
# the *border* between cells that touch. A border's pixels are those with two
# different cells among their neighbours. A dilation finds the largest number
# in each neighbourhood, and, of numbers that are turned round, the smallest.


def classes_of(cells):
    """Return 0 for background, 1 for cells and 2 where they touch."""
    cells = cells[..., np.newaxis]
    inside = cells > 0
    largest = image.dilate(cells)
    smallest = 255 - image.dilate(
        np.where(inside, 255 - cells, 0).astype("uint8")
    )
    return np.where(inside & (largest != smallest), 2, inside)[..., 0]


y_train, y_test = classes_of(cells_train), classes_of(cells_test)
shares = np.bincount(y_train.ravel()) / y_train.size
print("background, cells, borders:", shares.round(3))
visualize.plot_images(colored(y_train[:4]), columns=4, size=1.5)

# %%
# A U-Net
# -------
#
# A classifier makes images smaller, until only the answer is left. A U-Net
# goes down as well, to see the surroundings of each pixel, and then up again
# to full size. At each size, *skip connections* carry the details from the way
# down to the way up, where they are concatenated with what comes from below.
# The output has a probability of each class for each pixel.

model = architectures.UNet(
    (96, 96, 1), classes=3, filters=8, depth=2, batch_normalization=True, rng=0
)
print(f"{model.count_params():,} parameters, output {model.output_shape}")
for name in ("down1_conv2", "down2_conv2", "bottom_conv2", "up1_concatenate"):
    print(f"{name:16}", model.get_layer(name).output.shape[1:])

# %%
# Training
# --------
#
# Only one pixel in fifty is a border, and missing it costs little: the network
# would learn to ignore borders. As the authors of U-Net did, we give these
# pixels more weight in the loss.

inputs_train = (x_train[..., np.newaxis] / 255).astype("float32")
inputs_test = (x_test[..., np.newaxis] / 255).astype("float32")
weights = np.where(y_train == 2, 10.0, 1.0)

epochs, batch_size = 12, 16
steps = epochs * len(x_train) // batch_size
model.compile(
    optimizers.Adam(optimizers.schedules.OneCycle(0.01, steps)),
    "sparse_categorical_crossentropy",
    metrics=[metrics.MeanIoU(3)],
)
start = time.perf_counter()
history = model.fit(
    inputs_train,
    y_train,
    batch_size,
    epochs,
    sample_weight=weights,
    verbose=0,
    rng=0,
)
print(f"trained in {time.perf_counter() - start:.0f} s")
visualize.plot_history(history)

# %%
# Images it has not seen
# ----------------------
#
# From above: the image, the true classes, and the predicted ones.

found = model.predict(inputs_test, verbose=0).argmax(-1)
print("Otsu's threshold:", overlaps(bright))
print("U-Net:           ", overlaps(found > 0))
for i, name in enumerate(("background", "cells", "borders")):
    print(f"IoU of {name:10} {metrics.IoU(3, [i])(y_test, found):.3f}")

gray = x_test[:4, ..., np.newaxis].repeat(3, -1)
rows = np.concatenate([gray, colored(y_test[:4]), colored(found[:4])])
visualize.plot_images(rows, columns=4, size=1.5)

# %%
# Counting
# --------
#
# The connected regions of a mask can be counted. In the mask of all cells,
# those that touch are one region. Without the borders, they fall apart.
# Regions of a few pixels are noise.


def count(masks):
    """Return how many regions of at least 12 pixels each mask has."""
    regions = map(image.region_properties, masks)
    return np.array([sum(one.area >= 12 for one in each) for each in regions])


truth = cells_test.max((1, 2)).astype(int)
print("true cells:", truth.sum())
counts = {
    "Otsu's threshold": count(bright),
    "U-Net, all cells": count(found > 0),
    "U-Net, insides": count(found == 1),
}
for name, counted in counts.items():
    error = abs(counted - truth).mean()
    print(f"{name}: {counted.sum()} cells, off by {error:.1f} in an image")

_, ax = plt.subplots(figsize=(4.4, 4), layout="constrained")
ax.plot([0, 25], [0, 25], color="gray", linewidth=1)
rng = np.random.default_rng(0)
for (name, counted), marker in zip(counts.items(), "x+o"):
    jitter = rng.uniform(
        -0.3, 0.3, (2, len(truth))
    )  # Equal points lie side by side.
    ax.plot(
        truth + jitter[0],
        counted + jitter[1],
        marker,
        label=name,
        markersize=4,
    )
ax.set(xlabel="cells in the image", ylabel="cells counted")
ax.legend()

# %%
# How large are they?
# -------------------
#
# Each inside, grown by a pixel into the borders around it, is a cell. Its area
# is close to the true one, if its borders were found.

labels = image.dilate(image.label(found[0] == 1).astype("uint8"))
measured = np.where(found[0] > 0, labels, 0)
for name, each in (("true", cells_test[0]), ("measured", measured)):
    areas = [one.area for one in image.region_properties(each.astype(int))]
    print(f"{name:9} {len(areas)} cells, areas {sorted(areas)}")
pair = np.stack([colored(cells_test[0]), colored(measured)])
visualize.plot_images(pair, ["true cells", "found cells"], size=2.4)

# %%
# A photograph
# ------------
#
# What does it make of a real image, from another microscope? The layers of a
# U-Net do not depend on the image's size, so one of any size takes over the
# weights. It finds the cell, and takes the dark halo around it, which drawn
# cells do not have, for a border: a network knows what it has been shown.

photo = image.resize(data.cell(), (112, 92))
larger = architectures.UNet(
    (None, None, 1), classes=3, filters=8, depth=2, batch_normalization=True
)
larger.set_weights(model.get_weights())
probabilities = larger.predict(
    photo[np.newaxis, ..., np.newaxis] / 255, verbose=0
)
seen = probabilities[0].argmax(-1)
largest = max(image.region_properties(seen == 1), key=lambda one: one.area)
print(
    "largest region:", largest.area, "pixels around", np.rint(largest.centroid)
)
pair = np.stack([photo[..., np.newaxis].repeat(3, -1), colored(seen)])
visualize.plot_images(pair, ["a real cell", "what is found"], size=2.4)

# %%
# What to try next
# ----------------
#
# Leave out the weights: how many borders are found then? Take
# ``losses.Jaccard(axis=(0, 1, 2))`` as the loss: it maximizes the IoU of each
# class itself, so that rare classes count as much as others. Make the U-Net
# shallower with ``depth=1``; what can it no longer tell? The next page has
# segmentation on the road.
