"""
9. What each layer does
=======================

A CNN is made of a few kinds of layers. This page sends one photograph through
each of them, with kernels that we choose ourselves, so that we know what to
expect; then it varies the settings of a layer: kernel size, stride, padding
and pooling.
"""

# %%
# A photograph, layer by layer
# ----------------------------
#
# The four kernels of our convolution answer to bright above dark, dark above
# bright, bright left of dark, and fine detail.

import matplotlib.pyplot as plt
import numpy as np
from skimage import data

from striate import Sequential, layers, visualize
from striate import functional as F

image = data.camera()[:384:3, 90:474:3].astype(np.float32) / 255
x = image[np.newaxis, ..., np.newaxis]
print("the image, as a batch of one:", x.shape)

edge = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], np.float32) / 4
detail = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], np.float32)
names = ["bright over dark", "dark over bright", "bright left", "detail"]
kernels = np.stack([edge, -edge, edge.T, detail], -1)[:, :, np.newaxis]

model = Sequential(
    [
        layers.Input(x.shape[1:]),
        layers.Conv2D(4, 3, padding="same", name="convolution"),
        layers.ReLU(name="relu"),
        layers.MaxPooling2D(4, name="pooling"),
        layers.Flatten(name="flatten"),
        layers.Dense(3, name="dense"),
        layers.Softmax(name="softmax"),
    ],
    rng=0,
)
model.get_layer("convolution").set_weights([kernels, np.zeros(4)])
model.summary()

# %%
# **Convolution** gives each kernel a *feature map*: large where the image
# looks like the kernel, negative where it looks like the opposite, zero where
# it is even. **ReLU** sets negative values to zero: a kernel either finds its
# pattern or it does not. **Pooling** keeps the largest value of each 4×4
# block: that the pattern is there matters more than exactly where. (The bright
# frames come from the padding, see below.)

steps = ["convolution", "relu", "pooling"]
fig, axes = plt.subplots(3, 4, figsize=(6, 4.7), layout="constrained")
for row, step in zip(axes, steps):
    maps = visualize.feature_maps(model, x[0], step).maps
    for i, ax in enumerate(row):
        ax.imshow(maps[..., i], cmap="gray", vmin=-0.6, vmax=0.6)
        ax.set(xticks=[], yticks=[])
        ax.set_title(names[i] if step == "convolution" else "")
    row[0].set_ylabel(f"{step}\n{maps.shape[0]}×{maps.shape[1]}")

# %%
# **Flatten** writes all maps in one row, and **dense** layers weigh all of
# their values to get a score for each class. **Softmax** turns the scores into
# probabilities. These weights are untrained, so the probabilities mean nothing
# yet.

print("flattened:", visualize.feature_maps(model, x[0], "flatten").maps.shape)
print("scores:", visualize.feature_maps(model, x[0], "dense").maps.round(2))
print("probabilities:", model.predict(x)[0].round(2))

# %%
# Kernel size
# -----------
#
# A larger kernel sees more of the image at once. The simplest kernel shows it:
# all of its weights are equal, so its output is the mean of what it sees.

pictures = {}
for size in [1, 3, 7, 15]:
    mean = np.full((size, size, 1, 1), 1 / size**2, np.float32)
    y = F.conv2d(x, mean, padding="same")
    pictures[f"{size}×{size}: {mean.size} weights"] = y[0]
visualize.plot_images(pictures, columns=4, size=1.5)

# %%
# It also costs more: the number of weights, and the work for each pixel, grow
# with the square of its side. That is why networks stack small kernels
# instead: each layer sees what the one before has seen, and a little more. The
# *receptive field* says how much of the image one value depends on.


def stack(sizes):
    """Return a model of convolutions of one channel, one for each size."""
    convolutions = [layers.Conv2D(1, size, use_bias=False) for size in sizes]
    return Sequential([layers.Input((64, 64, 1)), *convolutions], rng=0)


for sizes in [[7], [3, 3, 3], [15], [3] * 7]:
    stacked = stack(sizes)
    field = visualize.receptive_fields(stacked)[-1].size
    what = " → ".join([f"{size}×{size}" for size in sizes])
    weights = stacked.count_params()
    print(f"sees {field[0]:2}×{field[1]:2} with {weights:3} weights: {what}")

# %%
# Stride
# ------
#
# With a stride of 2, the kernel moves on by two pixels instead of one: half as
# many rows and columns come out, and a quarter of the work is done.

blur = np.full((3, 3, 1, 1), 1 / 9, np.float32)
pictures = {}
for strides in [1, 2, 4, 8]:
    y = F.conv2d(x, blur, strides=strides, padding="same")[0]
    pictures[f"stride {strides}: {y.shape[0]}×{y.shape[1]}"] = y
visualize.plot_images(pictures, columns=4, size=1.5)

# %%
# Padding
# -------
#
# A kernel has to lie inside the image. Without padding (``"valid"``), each 3×3
# convolution loses a pixel on each side. With ``"same"``, zeros are put around
# the image, and its size stays. The price shows at the border, which gets
# darker with each layer, since the zeros are not part of the photograph.

fig, axes = plt.subplots(1, 2, figsize=(5, 2.6), layout="constrained")
for ax, padding in zip(axes, ["valid", "same"]):
    y = x
    for _ in range(12):
        y = F.conv2d(y, blur, padding=padding)
    lost = (128 - y.shape[1]) / 2
    extent = (lost, 128 - lost, 128 - lost, lost)
    ax.imshow(y[0, ..., 0], cmap="gray", extent=extent)
    ax.set(xlim=(0, 128), ylim=(128, 0), xticks=[], yticks=[])
    ax.set_title(f'"{padding}" 12 times: {y.shape[1]}×{y.shape[2]}')

# %%
# One formula covers all of this. With *n* pixels, kernel size *k*, stride *s*,
# and *p* pixels of padding on both sides together, there are ⌊(*n* + *p* −
# *k*) / *s*\ ⌋ + 1 outputs, where ⌊ ⌋ rounds down.

print("  n   k   s   p   formula   what comes out")
for n, k, s, p in [
    (128, 3, 1, 0),
    (128, 3, 1, 2),
    (128, 5, 2, 4),
    (224, 11, 4, 4),
]:
    y = F.conv2d(
        np.zeros((1, n, n, 1), np.float32),
        np.zeros((k, k, 1, 1), np.float32),
        strides=s,
        padding=p // 2,
    )
    print(
        f"{n:3} {k:3} {s:3} {p:3}   {(n + p - k) // s + 1:7}   {y.shape[1]:14}"
    )

# %%
# Pooling
# -------
#
# Max pooling asks whether a pattern is there, average pooling how much of it
# there is. Both make a network less sensitive to small shifts. We shift the
# photograph by one pixel, and compare the maps with those of before.

shifted = np.roll(x, 1, axis=2)
maps = F.relu(F.conv2d(x, kernels, padding="same"))
shifted_maps = F.relu(F.conv2d(shifted, kernels, padding="same"))
print("relative change of the maps if the image is shifted by 1 pixel")
for name, pool in {
    "no pooling": lambda y: y,
    "average of 4×4": lambda y: F.average_pool2d(y, 4),
    "largest of 4×4": lambda y: F.max_pool2d(y, 4),
    "largest of all": lambda y: y.max((1, 2)),
}.items():
    before, after = pool(maps), pool(shifted_maps)
    change = np.abs(after - before).sum() / np.abs(before).sum()
    print(f"  {name:15} {change:6.1%}")

# %%
# What to try next
# ----------------
#
# Replace max pooling by a convolution with stride 4. Is it as robust against
# the shift? And what becomes of the border if you pad the image with its own
# mirror image, by ``numpy.pad(…, mode="reflect")``, and use
# ``padding="valid"``?
#
# The next page puts the layers together, by one pattern that most networks
# follow.
