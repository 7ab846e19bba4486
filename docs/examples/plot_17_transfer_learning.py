"""
17. Transfer learning
=====================

A network that has learned one task has learned much that the next one needs,
too. So a new task with a handful of examples does not have to begin at zero.
This page teaches a network that knows cars, buses and lorries to tell
motorcycles from bicycles, in three ways.
"""

# %%
# A network that knows something else
# -----------------------------------
#
# Its four stages find wheels, windows and edges in synthetic vehicles (page
# 13), and its last layer makes three classes of them.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

x, y = vehicles.generate(1500, seed=0)
x_test, y_test = vehicles.generate(700, seed=1)
x, x_test = x / np.float32(255), x_test / np.float32(255)


def network(classes, seed):
    """Return a CNN with a layer "features" before its classifier."""
    stages = [layers.Input(x.shape[1:])]
    for filters in (12, 24, 48, 64):
        stages += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(),
        ]
    stages.append(layers.GlobalAveragePooling2D(name="features"))
    last = layers.Dense(classes, activation="softmax", name="classifier")
    return Sequential([*stages, last], rng=seed)


def train(model, x, y, epochs, rate, batch_size):
    """Train with a learning rate that rises to `rate` and falls again."""
    steps = epochs * -(-len(x) // batch_size)
    model.compile(
        Adam(OneCycle(rate, steps)), "sparse_categorical_crossentropy"
    )
    model.fit(x, y, batch_size, epochs, verbose=0)


large = y < 3
source = network(3, seed=0)
train(source, x[large], y[large], epochs=9, rate=5e-3, batch_size=32)
test = y_test < 3
right = source.predict(x_test[test]).argmax(1) == y_test[test]
print(
    f"{large.sum()} images of cars, buses, lorries: {right.mean():.1%} right"
)

# %%
# A new task with few examples
# ----------------------------
#
# Now we have five images of motorcycles and five of bicycles, or twenty of
# each, and that is all. Below are the first ones.

pools = [np.flatnonzero(y == kind) for kind in (3, 4)]
x_new, y_new = x_test[y_test >= 3], y_test[y_test >= 3] - 3
few = np.concatenate([pool[:4] for pool in pools])
names = [vehicles.CLASSES[i] for i in y[few]]
visualize.plot_images(x[few], names, columns=4, size=1.5)

# %%
# Three ways
# ----------
#
# - **From scratch**: a new network with random weights learns from the
#   examples alone.
# - **Frozen**: the new network gets all weights of the old one but those of
#   the classifier. Only the classifier is trained, so
#   that there are few parameters to determine from few examples.
# - **Fine-tuned**: the same, but all layers are trained, with a smaller
#   learning rate, so that what was learned is adapted and not
#   overwritten.

ways = {"from scratch": 5e-3, "frozen": 5e-2, "fine-tuned": 2e-3}


def learn(way, count, repetition):
    """Return the accuracy on new images after training on a few examples."""
    rng = np.random.default_rng(repetition)
    few = np.concatenate([rng.choice(pool, count, False) for pool in pools])
    model = network(2, seed=repetition)
    if way != "from scratch":
        for layer, learned in zip(model.layers[:-1], source.layers[:-1]):
            layer.set_weights(learned.get_weights())
            layer.trainable = way == "fine-tuned"
    train(model, x[few], y[few] - 3, 30, rate=ways[way], batch_size=10)
    return np.mean(model.predict(x_new).argmax(1) == y_new)


counts, repetitions = (5, 20), 3
results = {}
print(
    "examples of each class:   " + "".join(f"{count:>9}" for count in counts)
)
for way in ways:
    start = time.perf_counter()
    results[way] = [
        np.mean([learn(way, count, i) for i in range(repetitions)])
        for count in counts
    ]
    seconds = time.perf_counter() - start
    values = "".join(f"{value:9.1%}" for value in results[way])
    print(f"{way:26}{values}   ({seconds:.1f} s)")

# %%
# Each number is the mean over three choices of the examples, since with so few
# of them it matters which ones they are. With five of each, a network from
# scratch knows next to nothing, while the old network's features tell most of
# the new images apart. The more examples there are, the less it matters where
# a network begins.

_, ax = plt.subplots(figsize=(6, 2.8), layout="constrained")
for i, (way, values) in enumerate(results.items()):
    place = np.arange(len(counts)) + 0.27 * (i - 1)
    bars = ax.bar(place, values, 0.25, label=way)
    ax.bar_label(bars, [f"{value:.0%}" for value in values], fontsize=8)
ax.axhline(0.5, color="gray", linestyle=":", label="guessing")
ax.set_xticks(range(len(counts)), [f"{n} of each class" for n in counts])
ax.set(ylim=(0, 1), ylabel="accuracy")
ax.legend(fontsize=8, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))

# %%
# What the old network makes of the new classes
# ---------------------------------------------
#
# Here are the features of motorcycles and bicycles in the two directions in
# which they differ most. Nobody has told the network about either, and still
# most of them lie on two sides. That is what the frozen way builds on.

features = visualize.embeddings(source, x_new, "features").vectors
points = visualize.pca(features)
visualize.plot_embeddings(points, y_new, vehicles.CLASSES[3:], size=3.4)

# %%
# What to try next
# ----------------
#
# Give all ways fifty examples of each class: when does the network from
# scratch catch up? And go on in steps: train the classifier first, with all
# else frozen, then fine-tune everything. With real photographs, the old
# network would be one that was trained on ImageNet: ``striate.applications``
# reads the weights that Keras publishes.
#
# The next page asks a network for the reasons of its decisions.
