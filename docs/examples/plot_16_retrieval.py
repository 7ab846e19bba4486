"""
16. Retrieval: query and nearest images
=======================================

"Show me images like this one" is neither classification nor regression. It
needs a notion of likeness, and a classifier has learned one on the way: the
numbers before its last layer. This page searches a collection with them, and
finds even a kind of vehicle that the network was never told about.
"""

# %%
# A collection, and a network that knows some of it
# -------------------------------------------------
#
# The network learns to tell cars, buses, lorries and motorcycles apart, on the
# synthetic vehicles of page 13. The collection to search in consists of other
# images, and has bicycles, too.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, retrieval, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

names = vehicles.CLASSES
x, y = vehicles.generate(3000, seed=0)
x, y = x[y != 4] / np.float32(255), y[y != 4]
images, kinds = vehicles.generate(500, seed=1)
images = images / np.float32(255)

network = [layers.Input(x.shape[1:])]
for filters in (12, 24, 48, 64):
    network += [
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.MaxPooling2D(),
    ]
network += [
    layers.GlobalAveragePooling2D(name="features"),
    layers.Dense(4, activation="softmax"),
]
model = Sequential(network, rng=0)
rate = OneCycle(5e-3, 9 * -(-len(x) // 32))
model.compile(Adam(rate), "sparse_categorical_crossentropy")
model.fit(x, y, epochs=9, verbose=0)

known = kinds != 4
right = model.predict(images[known]).argmax(1) == kinds[known]
print(f"{len(x)} images to learn from, {len(images)} in the collection")
print(f"of the kinds that it knows, it names {right.mean():.1%} correctly")

# %%
# From images to vectors
# ----------------------
#
# ``visualize.embeddings`` returns what the last layer before the output makes
# of each image: a vector, here of 64 numbers. Two vectors are alike if they
# point in the same direction, which is what the *cosine* of the angle between
# them says. For comparison, we take the pixels themselves as a vector, of
# 6,912 numbers. From all vectors we first subtract their mean, which is what
# all images have in common. ``retrieval.Index`` keeps vectors, and returns
# those that are most like a query.

found = visualize.embeddings(model, images)
print(f"layer {found.layer!r} gives vectors of shape", found.vectors.shape)
vectors = {"pixels": images.reshape(len(images), -1), "network": found.vectors}


def ranked(vectors):
    """Return for each image the indices of the others, most alike first."""
    vectors = vectors - vectors.mean(0)
    index = retrieval.Index(vectors.shape[1], metric="cosine")
    index.add(vectors)
    answers = index.search(vectors, k=len(vectors)).ids
    others = answers != np.arange(len(vectors))[:, None]  # not the query
    return answers[others].reshape(len(vectors), -1)


ranks = {name: ranked(each) for name, each in vectors.items()}

# %%
# Queries
# -------
#
# Each row is a query, on the left, and the three images that are most like it.
# First by pixels: they agree in brightness, in the colour of the sky, and in
# the height of the horizon, which make up most of an image.

queries = [np.flatnonzero(kinds == i)[0] for i in (0, 2, 3, 4)]


def show(name):
    """Draw queries and their nearest images."""
    rows = np.stack([[query, *ranks[name][query, :3]] for query in queries])
    labels = [names[kinds[i]] for i in rows.ravel()]
    for row in range(0, len(labels), 4):
        labels[row] = f"query: {labels[row]}"
    visualize.plot_images(images[rows.ravel()], labels, columns=4, size=1.5)


show("pixels")

# %%
# Now by the vectors of the network: these agree far more often in what is
# shown, whatever its colour, size and place. Where the kind is a different
# one, look at the parts: two wheels, or a large box with windows, are what
# looks alike to the network.

show("network")

# %%
# How good is a search?
# ---------------------
#
# The *precision at 5* is the share of the first five answers that are of the
# query's kind. We take each image of the collection as a query once. Bicycles
# are new to the network, and still it finds them far more often than the
# pixels do: the wheels and thin lines that it looks for in other vehicles
# describe a bicycle, too. The *mean average precision* judges whole rankings:
# it is 1 if all images of the query's kind come before all others.

_, ax = plt.subplots(figsize=(6, 2.8), layout="constrained")
print(f"{'precision at 5':15}", *(f"{name:>10}" for name in names))
for i, (name, rank) in enumerate(ranks.items()):
    relevant = kinds[rank] == kinds[:, None]
    precision = [
        retrieval.precision_at_k(relevant[kinds == kind], k=5)
        for kind in range(5)
    ]
    print(f"{name:15}", *(f"{value:10.1%}" for value in precision))
    whole = retrieval.mean_average_precision(relevant)
    print(f"  mean average precision {whole:.3f}")
    ax.bar(np.arange(5) + 0.4 * (i - 0.5), precision, 0.38, label=name)
ax.axhline(0.2, color="gray", linestyle=":", label="chance")
ax.set_xticks(range(5), names)
ax.set(ylim=(0, 1), ylabel="precision at 5")
ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))

# %%
# The collection as a map
# -----------------------
#
# Principal component analysis draws the vectors in the two directions in which
# they differ most. Most images lie among others of their kind. To search is to
# look around a point of this map, but in all 64 directions.

points = visualize.pca(found.vectors)
print(
    f"two of 64 directions hold {points.explained.sum():.0%} of the variance"
)
visualize.plot_embeddings(points, kinds, names)

# %%
# What to try next
# ----------------
#
# Search with the vectors of an earlier layer, or with the four probabilities.
# Keep the index in a file, with ``index.save`` and ``retrieval.load_index``.
# And take an image of your own as a query: resize it to 48×48, and compute its
# vector with ``visualize.embeddings``.
#
# The next page uses the same vectors to learn new classes from a few examples.
