"""
6. Classification and regression
================================

A network returns numbers. What they mean is our decision: one number for each
class makes it a classifier, and one number for each quantity makes it a
regression. Here, the same images and the same layers answer both kinds of
question, and only the last layer and the loss differ.
"""

# %%
# Scores, probabilities, and a label
# ----------------------------------
#
# The last layer of a classifier returns a *score* for each class, which may be
# any number. Softmax turns scores into probabilities: it makes them positive
# with the exponential function, and divides them by their sum, so that they
# add up to 1. The label is then the class with the largest probability.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate import functional as F

names = ["cat", "dog", "mouse"]
scores = np.array([[2.65, 0.405, 0.0]], np.float32)
probabilities = F.softmax(scores)[0]
for name, score, probability in zip(names, scores[0], probabilities):
    print(f"{name:6} score {score:5.2f}   probability {probability:.2f}")
print("label:", names[probabilities.argmax()])

# %%
# Training compares the probabilities with the truth. The *cross-entropy* is
# minus the logarithm of the probability of the true class: next to nothing if
# the network was sure and right, and large if it was sure and wrong.

for name, probability in zip(names, probabilities):
    print(f"if it is a {name:6} the loss is {-np.log(probability):.2f}")

# %%
# Images with two questions
# -------------------------
#
# We draw disks, squares and triangles of different sizes in different places,
# with noise. "Which shape is it?" asks for a class. "Where is it, and how
# large?" asks for quantities: a row, a column and a radius, in pixels.

kinds = ["disk", "square", "triangle"]
side = 24


def draw(count, rng):
    """Return images, the class of each, and its row, column and radius."""
    kind = rng.integers(0, 3, count)
    radius = rng.uniform(3, 7, count)
    row, column = rng.uniform(7, side - 7, (2, count))
    rows, columns = np.mgrid[:side, :side] + 0.5
    down = (rows - row[:, None, None]) / radius[:, None, None]
    right = np.abs(columns - column[:, None, None]) / radius[:, None, None]
    inside = np.stack(
        [
            down**2 + right**2 < 1,
            np.maximum(abs(down), right) < 0.85,
            (right < (down + 1) / 2) & (down < 1),
        ]
    )
    noise = rng.normal(0.2, 0.15, (count, side, side))
    images = 0.6 * inside[kind, np.arange(count)] + noise
    place = np.stack([row, column, radius], 1)
    return images[..., None].astype(np.float32), kind, place


rng = np.random.default_rng(0)
x, kind, place = draw(2000, rng)
x_test, kind_test, place_test = draw(500, rng)

titles = [f"{kinds[k]}, radius {p[2]:.1f}" for k, p in zip(kind[:8], place)]
visualize.plot_images(x[:8], titles, columns=4, size=1.5)

# %%
# One body, two heads
# -------------------
#
# Both networks have the same convolutions. The classifier ends in three
# numbers and a softmax, and is trained with the cross-entropy; the regression
# ends in three numbers as they are, and is trained with the mean squared
# error. We divide the quantities by the side of the image, so that they lie
# between 0 and 1, where training works best.


def network(activation):
    """Return a small CNN with three outputs."""
    body = [layers.Input((side, side, 1))]
    for filters in (8, 16, 32):
        body += [
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
        ]
    head = [
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(3, activation=activation),
    ]
    return Sequential(body + head, rng=0)


classifier = network("softmax")
classifier.compile(
    "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
)
classifier.fit(x, kind, epochs=12, verbose=0)

regression = network(None)
regression.compile("adam", "mean_squared_error")
regression.fit(x, place / side, epochs=20, verbose=0)

predicted_kind = classifier.predict(x_test)
predicted_place = regression.predict(x_test) * side

# %%
# How good is a classifier? We count how often its label is right. How good is
# a regression? It is never exactly right, so we ask how far it is from the
# truth, in the unit of the quantity. Such a number needs something to compare
# it with: the error of always guessing the mean.

right = predicted_kind.argmax(1) == kind_test
print(f"classifier: {right.mean():.1%} of {len(right)} labels are right")
error = np.abs(predicted_place - place_test).mean(0)
guess = np.abs(place.mean(0) - place_test).mean(0)
print("regression, pixels off on average")
for name, e, g in zip(["row", "column", "radius"], error, guess):
    print(f"  {name:6}: {e:.2f}; always guessing the mean: {g:.2f}")

# %%
# The picture shows both kinds of answers: bars of probabilities for the
# classifier, and for the regression the predicted quantity over the true one.
# A perfect regression would have all of its points on the line.

fig, axes = plt.subplots(1, 3, figsize=(6, 2.3), layout="constrained")
unsure = predicted_kind.max(1).argmin()
axes[0].imshow(x_test[unsure, ..., 0], cmap="gray")
axes[0].set_title(f"Least sure: a {kinds[kind_test[unsure]]}")
axes[0].axis("off")
axes[1].bar(kinds, predicted_kind[unsure])
axes[1].set(ylim=(0, 1))
axes[1].set_title("Its probabilities")
axes[2].scatter(place_test[:, 2], predicted_place[:, 2], s=5)
axes[2].plot([3, 7], [3, 7], color="gray", linewidth=1)
axes[2].set(xlabel="true radius", ylabel="predicted radius")
axes[2].set_title("The regression")

# %%
# From outputs to decisions
# -------------------------
#
# Taking the largest probability is one way to get a label, and not always the
# best. If a wrong answer is worse than none, we accept only answers above a
# threshold, and hand the rest to a person.

sure = predicted_kind.max(1)
for threshold in (0.0, 0.8, 0.95, 0.99):
    kept = sure >= threshold
    print(
        f"threshold {threshold:4}: answers {kept.mean():6.1%} of the images, "
        f"of which {right[kept].mean():6.1%} are right"
    )

# %%
# What to try next
# ----------------
#
# Replace the softmax and its loss by one output that is trained to be 0, 1 or
# 2, the index of the class. Why does the network now find squares "between"
# disks and triangles, and why is that a bad idea? Then make the noise
# stronger, and watch what happens to the least sure answers.
#
# On the next page, a network meets the letter X: shifted, rotated and scaled.
