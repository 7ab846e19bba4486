"""
17. Transfer learning
=====================

A network that has learned one task has learned much that the next one needs,
too. So a new task with only a handful of examples does not have to start from
nothing. This page teaches a network that knows cars, lorries and motorcycles
to tell buses from bicycles, and compares three ways to do it.
"""

# %%
# A network that knows something else
# -----------------------------------
#
# Its four stages find edges, wheels and windows in synthetic vehicles (page
# 13), and its last layer makes three classes of them.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

x, y = vehicles.generate(3000, seed=0)
x_test, y_test = vehicles.generate(1000, seed=1)
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


def of(kinds, x, y):
    """Return the images of some kinds, and their places among these."""
    chosen = np.isin(y, kinds)
    return x[chosen], np.searchsorted(kinds, y[chosen])


known, new = [0, 2, 3], [1, 4]  # car, lorry, motorcycle; bus, bicycle
source = network(3, seed=0)
x_known, y_known = of(known, x, y)
train(source, x_known, y_known, epochs=9, rate=5e-3, batch_size=32)
x_other, y_other = of(known, x_test, y_test)
right = source.predict(x_other).argmax(1) == y_other
print(
    f"trained on {len(x_known)} cars, lorries and motorcycles: "
    f"{right.mean():.1%} of {len(x_other)} others are named correctly"
)

# %%
# A new task with few examples
# ----------------------------
#
# Now we have five images of buses and five of bicycles, or twenty or fifty of
# each, and that is all. Below are four of each.

x_new, y_new = of(new, x, y)
x_test, y_test = of(new, x_test, y_test)
names = [vehicles.CLASSES[kind] for kind in new]
pools = [np.flatnonzero(y_new == i) for i in range(2)]
few = np.concatenate([pool[:4] for pool in pools])
labels = [names[i] for i in y_new[few]]
visualize.plot_images(x_new[few], labels, columns=4, size=1.5)

# %%
# Three ways
# ----------
#
# - **From scratch**: a new network with random weights learns from the
#   examples alone.
# - **Frozen**: the new network gets all weights of the old one but those of
#   the classifier. Only the classifier is trained, so that there are few
#   parameters to determine from few examples.
# - **Fine-tuned**: the same, but the convolutions are trained, too. The batch
#   normalizations keep their moving averages, which a few images would spoil.

ways = {"from scratch": 5e-3, "frozen": 5e-2, "fine-tuned": 5e-3}


def learn(way, count, repetition):
    """Return the accuracy on new images after training on a few examples."""
    rng = np.random.default_rng(repetition)
    few = np.concatenate([rng.choice(pool, count, False) for pool in pools])
    model = network(2, seed=repetition)
    if way != "from scratch":
        for layer, learned in zip(model.layers[:-1], source.layers[:-1]):
            layer.set_weights(learned.get_weights())
            convolution = isinstance(layer, layers.Conv2D)
            layer.trainable = convolution and way == "fine-tuned"
    train(model, x_new[few], y_new[few], 30, rate=ways[way], batch_size=10)
    return np.mean(model.predict(x_test).argmax(1) == y_test)


counts, repetitions = (5, 20, 50), 4
results = {}
print("examples of each:", "".join(f"{count:9}" for count in counts))
for way in ways:
    start = time.perf_counter()
    results[way] = [
        np.mean([learn(way, count, i) for i in range(repetitions)])
        for count in counts
    ]
    seconds = time.perf_counter() - start
    values = "".join(f"{value:9.1%}" for value in results[way])
    print(f"{way:17}{values}   ({seconds:.1f} s)")

# %%
# Each number is the mean over four choices of the examples, since with so few
# of them it matters which ones they are. With five of each, a network from
# scratch only guesses, while the old network's features tell nine in ten of
# the new images apart. Fine-tuning needs more examples, since it has more to
# determine, and is the best way once there are fifty.

_, ax = plt.subplots(figsize=(6, 2.8), layout="constrained")
for i, (way, values) in enumerate(results.items()):
    place = np.arange(len(counts)) + 0.27 * (i - 1)
    bars = ax.bar(place, values, 0.25, label=way)
    ax.bar_label(bars, [f"{value:.0%}" for value in values])
ax.axhline(0.5, color="gray", linestyle=":", label="guessing")
ax.set_xticks(range(len(counts)), [f"{n} of each" for n in counts])
ax.set(ylim=(0, 1.1), ylabel="accuracy")
ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))

# %%
# What the old network makes of the new classes
# ---------------------------------------------
#
# Here are the features of buses and bicycles in the two directions in which
# they differ most. Nobody has told the network about either, and still most of
# them lie on two sides. That is what the frozen way builds on.

features = visualize.embeddings(source, x_test, "features").vectors
points = visualize.pca(features)
visualize.plot_embeddings(points, y_test, names, size=3.4)

# %%
# What to try next
# ----------------
#
# Give all ways 200 examples of each class: does the network from scratch catch
# up? Tell motorcycles from bicycles instead, which is harder: how much do the
# frozen features help then? And fine-tune in two steps: train the classifier
# first, with all else frozen, then the convolutions, too. With photographs,
# the old network would be one that was trained on ImageNet:
# ``striate.applications`` reads the weights that Keras publishes.
#
# The next page asks a network for the reasons of its decisions.
