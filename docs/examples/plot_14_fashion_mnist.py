"""
14. Fashion-MNIST
=================

Ten kinds of clothes, 70,000 photographs of 28×28 pixels from a shop's
catalogue: as small as MNIST's handwritten digits, and much harder. This page
compares a CNN with the simplest classifier of all, and looks at what 28×28
pixels cannot tell.
"""

# %%
# The data
# --------
#
# Fashion-MNIST (Xiao, H., Rasul, K. and Vollgraf, R., 2017) does not come with
# striate. One line downloads it, 30 MB:
# ``striate.datasets.fashion_mnist.load_data()``. This page looks for it where
# that puts it on Linux, and in the folder that the environment variable
# ``STRIATE_DATA`` names. Where there is none, the page says so and shows
# nothing.

import os
import time
from pathlib import Path

import numpy as np

from striate import visualize
from striate.architectures import pattern
from striate.data import load_mnist

names = "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot"
names = names.split()
places = [os.environ.get("STRIATE_DATA"), "~/.cache/striate/datasets"]
folders = [Path(p, "fashion-mnist").expanduser() for p in places if p]
data = next((load_mnist(path) for path in folders if path.is_dir()), None)
if data is None:
    print("Fashion-MNIST is not here. To download it, run")
    print("    striate.datasets.fashion_mnist.load_data()")
else:
    (x, y), (x_test, y_test) = data
    x, x_test = (z[..., np.newaxis] / np.float32(255) for z in (x, x_test))
    print("to learn from", x.shape, "to test on", x_test.shape)
    labels = [names[i] for i in y[:12]]
    visualize.plot_images(x[:12], labels, columns=4, size=1.5)

# %%
# To keep this page fast, we learn from 12,000 images and test on 2,000.
#
# What is easy about it?
# ----------------------
#
# Before training anything large, ask what a simple method does. The mean image
# of each class is what its clothes look like on average. A new image gets the
# class whose mean is nearest.

if data is not None:
    x, y, x_test, y_test = x[:12000], y[:12000], x_test[:2000], y_test[:2000]
    means = np.stack([x[y == i].mean(0) for i in range(10)])
    flat = means.reshape(10, -1)
    distances = ((x_test.reshape(len(x_test), 1, -1) - flat) ** 2).sum(-1)
    nearest = np.mean(distances.argmin(1) == y_test)
    print(f"nearest mean image: {nearest:.1%} right")
    visualize.plot_images(means, names, columns=4, size=1.5)

# %%
# That is far more than the tenth that guessing gets: trousers look like
# trousers. It is what a network has to beat.
#
# A network by the pattern
# ------------------------
#
# We use the pattern of page 10, with a convolution in each of two stages.

if data is not None:
    model = pattern((28, 28, 1), conv=[(1, 16), (1, 32)], dense=[64], rng=0)
    print(f"{model.name}: {model.count_params():,} parameters")
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    start = time.perf_counter()
    tests = (x_test, y_test)
    history = model.fit(x, y, epochs=4, verbose=0, validation_data=tests)
    seconds = time.perf_counter() - start
    probabilities = model.predict(x_test)
    predicted = probabilities.argmax(1)
    accuracy = np.mean(predicted == y_test)
    print(f"CNN: {accuracy:.1%} right, trained in {seconds:.0f} s")
    visualize.plot_history(history)

# %%
# What goes wrong
# ---------------
#
# We print for each class how many of its images are named correctly, beginning
# with the hardest.

if data is not None:
    visualize.plot_confusion_matrix(y_test, predicted, names)
    matrix = visualize.confusion_matrix(y_test, predicted, 10)
    print("right, by class")
    for i in np.argsort(np.diag(matrix) / matrix.sum(1)):
        confused = np.argsort(-matrix[i], kind="stable")
        other = confused[confused != i][0]
        print(
            f"{names[i]:9} {matrix[i, i] / matrix[i].sum():6.1%}, "
            f"mostly confused with {names[other]} ({matrix[i, other]} times)"
        )

# %%
# The errors are not spread evenly. Shirts, T-shirts, pullovers and coats have
# the same outline, and what tells them apart, a collar or a button, is a pixel
# wide here. Trousers and sandals are hardly ever missed.

if data is not None:
    visualize.plot_wrong_examples(
        x_test, y_test, probabilities, names, most=8, columns=4, size=1.5
    )

# %%
# What the network has learned
# ----------------------------
#
# Its first layer has 16 kernels of 3×3 weights, red above zero and blue below.
# Many of them look like the edges and spots that filters of image processing
# are made of, but nobody wrote them down.

if data is not None:
    visualize.plot_filters(model, columns=8)

# %%
# What to try next
# ----------------
#
# Learn from all 60,000 images, for ten epochs, and with batch normalization
# and mirrored images: ``python -m benchmarks.learning fashion`` does that, and
# gets about 93 %. Then look at the errors again: do you know better?
#
# The next page asks of photographs whether they show a face.
