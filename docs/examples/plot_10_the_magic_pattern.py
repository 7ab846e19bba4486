"""
10. The magic pattern
=====================

Most convolutional networks are built by one pattern: ``Inp → ((Conv → ReLU)*n
→ Pool?)*m → (FC → ReLU)*k → FC``. This page builds networks from it, from one
layer to the sixteen of VGG-16, and looks at what more layers buy.
"""

# %%
# Read it from the left
# ---------------------
#
# - ``Inp``: the image.
# - ``(Conv → ReLU)*n``: n convolutions, each followed by a ReLU. They find
#   patterns in what the layers before have found.
# - ``Pool?``: perhaps a pooling, which halves height and width, so that the
#   next convolutions see twice as far.
# - ``*m``: all of that m times, usually with more filters each time: fewer
#   positions, more kinds of patterns.
# - ``(FC → ReLU)*k → FC``: k fully connected layers, and one that returns a
#   score for each class.
#
# ``striate.architectures.pattern`` builds it. Each pair in ``conv`` is a stage
# (n, filters), each number in ``dense`` the units of a fully connected layer;
# the model's name is the formula.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import visualize
from striate.architectures import VGG16, pattern
from striate.datasets import load_digits

model = pattern((32, 32, 3), conv=[(2, 32), (2, 64)], dense=[128], rng=0)
print(model.name)
model.summary()

# %%
# The numbers of such a table follow from the pattern. A convolution has
# (kernel height × kernel width × channels + 1) × filters parameters: a weight
# for each element of its kernels, and a bias for each filter. Each output
# costs a multiplication and an addition for each weight. The feature maps
# shrink with each pooling, while the number of filters grows: in the drawing,
# a box is as high as the map, and the wider the more channels it has.

stages = [
    node for node in visualize.model_graph(model) if len(node.shape) == 4
]
_, ax = plt.subplots(figsize=(6, 2.3), layout="constrained")
place = 0
for node in stages:
    _, height, _, channels = node.shape
    width = channels / 6
    color = {"MaxPooling2D": "tab:orange"}.get(node.kind, "tab:blue")
    corner = (place, -height / 2)
    ax.add_patch(plt.Rectangle(corner, width, height, color=color, alpha=0.6))
    ax.text(place, height / 2 + 1, f"{height}²×{channels}")
    place += max(width, 6) + 6
ax.set(xlim=(-1, place), ylim=(-18, 22))
ax.set_title("Blue: input and Conv → ReLU; orange: Pool")
ax.axis("off")

# %%
# How many layers?
# ----------------
#
# We train seven networks on 600 handwritten digits of 8×8 pixels, with the
# same seed, optimizer and number of epochs, and test them on all others.
# Without convolutions, the pattern becomes a dense network, and with nothing
# between input and output, a linear model.

digits, y = load_digits()
x = digits[..., np.newaxis].astype(np.float32) / 16
order = np.random.default_rng(0).permutation(len(x))
kept, held_back = order[:600], order[600:]

choices = [
    ([], []),
    ([], [64]),
    ([(1, 16)], []),
    ([(1, 16), (1, 32)], []),
    ([(2, 16), (2, 32)], []),
    ([(2, 16), (2, 32)], [64]),
    ([(1, 16), (1, 32), (1, 64)], [64]),
]
rows = []
print("accuracy  parameters   kFLOPs  seconds  network")
for conv, dense in choices:
    model = pattern((8, 8, 1), conv, dense, rng=0)
    model.compile("adam", "sparse_categorical_crossentropy")
    start = time.perf_counter()
    model.fit(x[kept], y[kept], epochs=20, verbose=0)
    seconds = time.perf_counter() - start
    predicted = model.predict(x[held_back]).argmax(1)
    accuracy = np.mean(predicted == y[held_back])
    flops = sum(node.flops for node in visualize.model_graph(model)) / 1e3
    rows.append((accuracy, model.count_params(), flops, model.name))
    print(
        f"{accuracy:8.1%} {model.count_params():11,} {flops:8.1f} "
        f"{seconds:8.1f}  {model.name}"
    )

_, ax = plt.subplots(figsize=(6, 4.2), layout="constrained")
for accuracy, parameters, _, name in rows:
    ax.semilogx(parameters, 1 - accuracy, "o", label=name)
ax.set(xlabel="parameters", ylabel="errors", ylim=(0, None))
ax.yaxis.set_major_formatter("{x:.0%}")
ax.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.4, 1))

# %%
# Each row of the table adds something to the pattern. A single convolution
# already does better than a dense layer with more parameters; a second stage
# and a second convolution in each stage help again. The last network shows
# that more is not always better: its third pooling leaves a single pixel, and
# the network no longer knows what was where.
#
# The same pattern, large
# -----------------------
#
# VGG-16, a famous network of 2014, is the same pattern with other numbers: 13
# convolutions in five stages, and three fully connected layers.

stages = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
large = pattern((224, 224, 3), stages, [4096, 4096], classes=1000)
vgg = VGG16()
print(large.name)
print(f"{large.count_params():,} parameters; VGG16 has {vgg.count_params():,}")

# %%
# What to try next
# ----------------
#
# Build a network for the digits with ``pool=None``: what does it cost, and
# what does it gain? Then double all filters of the best network. Do the errors
# halve?
#
# The next page puts five famous networks side by side. Some follow the
# pattern, and some depart from it.
