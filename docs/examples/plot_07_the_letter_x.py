"""
7. The letter X
===============

To a person, an X remains an X when it is shifted, rotated or made smaller. To
a program that compares pixels, it is a different image each time. This page
compares three ways to read letters, and shows what a convolutional network can
do by its construction, and what it has to learn from examples.
"""

# %%
# Letters as strokes
# ------------------
#
# A letter is a few strokes, lines from one point to another. A pixel's
# brightness depends on its distance from the nearest stroke. To shift, rotate
# or scale a letter, we change the points, not the pixels: nothing gets
# blurred.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize

strokes = {
    "X": [(-1, -1, 1, 1), (-1, 1, 1, -1)],
    "T": [(-1, -1, -1, 1), (-1, 0, 1, 0)],
    "L": [(-1, -1, 1, -1), (1, -1, 1, 1)],
    "N": [(1, -1, -1, -1), (-1, -1, 1, 1), (1, 1, -1, 1)],
}
letters = list(strokes)
side = 32


def draw(letter, shift=(0, 0), angle=0.0, scale=1.0):
    """Return an image of a letter; angles are in degrees."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.array([[c, -s], [s, c]]) * 7 * scale
    pixels = np.stack(np.mgrid[:side, :side], -1) + 0.5 - side / 2
    distance = np.inf
    for stroke in strokes[letter]:
        start, end = np.reshape(stroke, (2, 2)) @ turn.T + shift
        along = (pixels - start) @ (end - start) / np.sum((end - start) ** 2)
        nearest = start + np.clip(along, 0, 1)[..., None] * (end - start)
        distance = np.minimum(
            distance, np.linalg.norm(pixels - nearest, axis=-1)
        )
    return np.clip(1.8 - distance, 0, 1)


changes = {
    "as they are": lambda rng: {},
    "shifted": lambda rng: {"shift": rng.uniform(-6, 6, 2)},
    "rotated": lambda rng: {"angle": rng.uniform(-40, 40)},
    "scaled": lambda rng: {"scale": rng.uniform(0.5, 1.3)},
}


def sample(count, change, seed):
    """Return noisy images of letters, changed at random, and their classes."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, len(letters), count)
    x = np.stack([draw(letters[i], **changes[change](rng)) for i in y])
    x += rng.normal(0, 0.1, x.shape)
    return x[..., None].astype(np.float32), y


tests = {change: sample(200, change, seed=1) for change in changes}

pictures = {
    f"{letter}, {change}": x[y == i][1]
    for i, letter in enumerate(letters)
    for change, (x, y) in tests.items()
}
visualize.plot_images(pictures, columns=4, size=1.4)

# %%
# Three readers
# -------------
#
# The first reader compares pixels: it subtracts the image from a clean picture
# of each letter, and chooses the letter with the smallest squared difference.
# The second is a dense network, whose units each have a weight for every
# pixel. The third is a CNN: its convolutions look for the same small patterns
# everywhere, such as ends, corners and crossings; global max pooling remembers
# how strongly each was found, and forgets where.

templates = np.stack([draw(letter) for letter in letters])


def compare_pixels(x):
    """Return the class of the template that is nearest to each image."""
    return ((x[:, None, ..., 0] - templates) ** 2).sum((2, 3)).argmin(1)


def dense():
    """Return a dense network."""
    hidden = [
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
    ]
    return [layers.Flatten(), *hidden]


def convolutional():
    """Return the layers of a CNN that forgets where it found a pattern."""
    return [
        layers.Conv2D(8, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 5, padding="same", activation="relu"),
        layers.Conv2D(24, 5, padding="same", activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(32, activation="relu"),
    ]


def train(network, x, y):
    """Return a trained model that ends in a probability for each letter."""
    last = layers.Dense(len(letters), activation="softmax")
    model = Sequential([layers.Input((side, side, 1)), *network, last], rng=0)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=12, verbose=0)
    return model


def accuracies(predict):
    """Return the fraction of right answers for each kind of change."""
    return [np.mean(predict(x) == y) for x, y in tests.values()]


def show(results):
    """Print and draw accuracies."""
    width = max(map(len, results))
    print(" " * width, *(f"{change:>11}" for change in changes))
    _, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    for i, (name, result) in enumerate(results.items()):
        print(f"{name:{width}}", *(f"{accuracy:11.0%}" for accuracy in result))
        place = np.arange(len(changes)) + 0.27 * (i - 1)
        ax.bar(place, result, 0.25, label=name)
    ax.axhline(1 / len(letters), color="gray", linestyle=":", label="guessing")
    ax.set_xticks(range(len(changes)), changes)
    ax.set(ylim=(0, 1), ylabel="accuracy")
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))


# %%
# Trained on letters that nobody moved
# ------------------------------------
#
# Both networks see only letters in the middle, upright, and all of one size.
# Then they are tested on what they have never seen.

results = {"pixel comparison": accuracies(compare_pixels)}


def compare(x, y):
    """Train both networks, and show all three readers."""
    for name, network in {
        "dense net": dense(),
        "CNN": convolutional(),
    }.items():
        model = train(network, x, y)
        name = f"{name}, {model.count_params():,} parameters"
        results[name] = accuracies(lambda x, m=model: m.predict(x).argmax(1))
    show(results)


compare(*sample(600, "as they are", seed=0))

# %%
# All three read the letters that nobody changed. A shift is enough to mislead
# those that know a letter by its pixels, while the CNN finds its patterns
# wherever they are: nobody had to show it what a shift is. Turned and resized
# strokes are other patterns, though, and nothing in its construction helps
# with them.
#
# Trained on all changes
# ----------------------
#
# So we show both networks all kinds of changes, in as many images as before.

parts = [sample(150, change, seed=i + 2) for i, change in enumerate(changes)]
compare(*(np.concatenate(arrays) for arrays in zip(*parts)))

# %%
# What is not built in can be learned from examples, by both networks. The
# dense network has to learn shifts in this way, too, each letter anew in each
# place, and gets less far although it has more parameters.
#
# What to try next
# ----------------
#
# Replace ``GlobalMaxPooling2D`` by ``Flatten``: the CNN now knows where its
# patterns are. How well does it read shifted letters? Then rotate by up to 90
# degrees, and look at N, which becomes a Z.
#
# The next page takes the pixels of an image, and shuffles them.
