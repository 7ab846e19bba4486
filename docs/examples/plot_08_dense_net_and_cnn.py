"""
8. Dense net and CNN
====================

A dense network takes the pixels of an image as a list of numbers, in which
neighbours are nothing special. A convolutional network takes them as an image.
This page counts what each of them has to learn, and then shuffles the pixels:
one of the two does not notice.
"""

# %%
# Digits that move
# ----------------
#
# We take the handwritten digits that come with striate, 8×8 pixels, and put
# each somewhere into an image of 14×14.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import load_digits

rng = np.random.default_rng(0)
digits, y = load_digits()
side = 14
x = np.zeros((len(digits), side, side, 1), np.float32)
corners = rng.integers(0, side - 8 + 1, (len(digits), 2))
for image, digit, (row, column) in zip(x, digits, corners):
    image[row : row + 8, column : column + 8, 0] = digit / 16

order = rng.permutation(len(x))
kept, held_back = order[:1000], order[1000:]
print(f"{len(kept)} images to learn from, {len(held_back)} held back")

# %%
# Two networks
# ------------
#
# In the dense network, each unit of the first layer has a weight for every
# pixel. In the CNN, the first layer has 16 small kernels of 3×3 weights, which
# are used at every place.

dense = [
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dense(64, activation="relu"),
]
convolutional = [
    layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
    layers.MaxPooling2D(name="pool1"),
    layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
    layers.GlobalMaxPooling2D(name="pool2"),
]


def build(body):
    """Return a model that ends in a probability for each digit."""
    body = [layer.from_config(layer.get_config()) for layer in body]
    last = layers.Dense(10, activation="softmax")
    model = Sequential([layers.Input((side, side, 1)), *body, last], rng=0)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


build(dense).summary()
build(convolutional).summary()

# %%
# What happens when images become larger? A dense layer grows with the number
# of pixels. A convolution does not: its kernels stay what they are, and only
# slide further.

print("parameters of the first layer, 128 units or 16 kernels")
for height, width, channels in [(14, 14, 1), (28, 28, 1), (224, 224, 3)]:
    units = (height * width * channels + 1) * 128
    kernels = (3 * 3 * channels + 1) * 16
    size = f"{height}×{width}×{channels}"
    print(f"  {size:10} dense {units:>12,}   convolution {kernels:>5,}")

# %%
# Shuffle the pixels
# ------------------
#
# Now we draw one random order of the 196 pixels, and rearrange all images in
# this same order. No pixel is lost: whoever knows the order can undo it. What
# is lost is the neighbourhood, that is, which pixels lie next to each other.

shuffle = rng.permutation(side * side)
x_shuffled = x.reshape(len(x), -1)[:, shuffle].reshape(x.shape)

shown = kept[:4]
titles = [f"{i}" for i in y[shown]] + [f"{i}, shuffled" for i in y[shown]]
pictures = np.concatenate([x[shown], x_shuffled[shown]])
visualize.plot_images(pictures, titles, columns=4, size=1.5)

# %%
# Both networks are trained twice with the same seed, on images as they are and
# on shuffled ones.


def learn(body, x):
    """Return a trained model, and its accuracy on images held back."""
    model = build(body)
    model.fit(x[kept], y[kept], epochs=20, verbose=0)
    predicted = model.predict(x[held_back]).argmax(1)
    return model, np.mean(predicted == y[held_back])


accuracies = {}
for name, body in {"dense net": dense, "CNN": convolutional}.items():
    model, as_is = learn(body, x)
    if name == "dense net":
        dense_model = model
    accuracies[name] = as_is, learn(body, x_shuffled)[1]
    print(
        f"{name:9} {model.count_params():>6,} parameters: "
        "as they are {:.1%}, shuffled {:.1%}".format(*accuracies[name])
    )

fig, ax = plt.subplots(figsize=(6, 2.8), layout="constrained")
for i, (name, values) in enumerate(accuracies.items()):
    bars = ax.bar(np.arange(2) + 0.4 * (i - 0.5), values, 0.38, label=name)
    ax.bar_label(bars, [f"{value:.0%}" for value in values])
ax.axhline(0.1, color="gray", linestyle=":", label="guessing")
ax.set_xticks(range(2), ["as they are", "shuffled"])
ax.set(ylim=(0, 1.1), ylabel="accuracy")
ax.legend()

# %%
# The dense network does equally well (or badly: it has to learn each digit in
# each place) with any order of its inputs. The CNN is far better on images,
# with a fraction of the parameters, and loses nearly everything when
# neighbours are no longer neighbours. It is better *because* it assumes that
# what belongs together is close together, and for images that is true.
#
# Why the dense net cannot notice
# -------------------------------
#
# For a dense network we can even say what shuffling does. A unit adds up pixel
# times weight, in any order. If we put the rows of the first layer's weights
# into the order of the shuffled pixels, the network that was trained on images
# reads shuffled ones, without any further training, and gives the same answers
# up to rounding.

before = dense_model.predict(x[held_back])
weights, *others = dense_model.get_weights()
dense_model.set_weights([weights[shuffle], *others])
after = dense_model.predict(x_shuffled[held_back])
print(
    f"largest difference of a probability: {np.abs(before - after).max():.1e}"
)

# %%
# What to try next
# ----------------
#
# Shuffle the pixels only within blocks of 2×2, with everything else in its
# place. How much does that cost the CNN? And put all digits into the middle of
# their images: how far does the dense network catch up?
#
# The next page looks at the layers of a CNN one by one.
