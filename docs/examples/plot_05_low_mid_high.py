"""
5. Low, mid and high level
==========================

The corners and edges of the previous page were found by rules that people
wrote. A CNN learns its own: its first layer finds edges and colours, the next
ones what is made of these, and the last ones parts of whole things. On this
page you look at all three in a network that has just been trained.
"""

# %%
# A network that knows vehicles
# -----------------------------
#
# We train a small CNN on the synthetic vehicles of page 13: cars, buses,
# lorries, motorcycles and bicycles. Each of its four stages halves the image
# and has more filters than the one before.

import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

x, y = vehicles.generate(3000, seed=0)
x_test, y_test = vehicles.generate(500, seed=1)
x, x_test = x / np.float32(255), x_test / np.float32(255)

network = [layers.Input(x.shape[1:])]
for stage, filters in enumerate((12, 24, 48, 64), 1):
    network += [
        layers.Conv2D(filters, 3, padding="same", name=f"conv{stage}"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(name=f"relu{stage}"),
        layers.MaxPooling2D(),
    ]
network += [
    layers.GlobalAveragePooling2D(),
    layers.Dense(5, activation="softmax"),
]
model = Sequential(network, rng=0)
rate = OneCycle(5e-3, 9 * -(-len(x) // 32))
model.compile(Adam(rate), "sparse_categorical_crossentropy")
model.fit(x, y, epochs=9, verbose=0)
right = model.predict(x_test).argmax(1) == y_test
print(f"{right.mean():.1%} of {len(x_test)} test images are named correctly")

# %%
# How much each layer sees
# ------------------------
#
# A number in the first layer depends on 3×3 pixels. The deeper the layer, the
# larger the piece of the image that one number depends on, its *receptive
# field*: only what fits into it can be found.

for field in visualize.receptive_fields(model):
    if field.layer.startswith("relu"):
        height, width = field.size
        print(f"{field.layer}: a number sees {height}×{width} pixels")

# %%
# Low level: edges and colours
# ----------------------------
#
# The kernels of the first layer can be drawn as small images. They differ in
# direction and colour. Nobody wrote them down, but they resemble the kernels
# for lines and edges of page 3.

visualize.plot_filters(model, "conv1", columns=4)

# %%
# Applied to an image, they give its *feature maps*: bright where a filter
# found what it looks for.

image = x_test[np.flatnonzero(right & (y_test == 1))[0]]
visualize.plot_images(image[np.newaxis], ["a bus"], size=2.0)
visualize.plot_feature_maps(model, image, "relu1", columns=4)

# %%
# Mid level: what patches have in common
# --------------------------------------
#
# Kernels of deeper layers work on feature maps, not on colours, and cannot be
# drawn as images. So we let the data speak: which pieces of the test images
# excite a unit most? Here they are for two units, one of the second stage and
# one of the third: those that the bus excites most. The number above a piece
# is how strongly the unit answers to it.

for stage in (2, 3):
    maps = visualize.feature_maps(model, image[np.newaxis], f"relu{stage}")
    unit = int(maps.maps.max((0, 1, 2)).argmax())
    print(f"relu{stage}: the bus excites unit {unit} most")
    visualize.plot_top_patches(model, x_test, unit, f"relu{stage}", count=8)

# %%
# High level: what the classes look like
# --------------------------------------
#
# For the last layer we ask the question the other way round. Starting from
# noise, we change the image so that the network becomes ever surer that it
# sees a car, a bus, and so on. What comes out is no picture of a vehicle, but
# the features that the network goes by, such as rows of windows for a bus, and
# a web of thin lines for a bicycle.

made = visualize.maximize(model, [0, 1, 3, 4], rng=0)
visualize.plot_images(
    made.images,
    [vehicles.CLASSES[i] for i in (0, 1, 3, 4)],
    columns=4,
    size=1.5,
)

# %%
# What to try next
# ----------------
#
# Draw the maps of ``relu4``: can you still tell where the bus was? Look at the
# patches of other units, and at the filters before training, when the weights
# are random.
#
# The next page asks what a network's output means: a class, or a quantity.
