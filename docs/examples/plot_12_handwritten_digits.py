"""
12. Handwritten digits, and what goes wrong
===========================================

A small network learns to read handwritten digits in a few seconds, and reads
nearly all of them. The rest of this page is about the others: which digits it
confuses, how sure it is when it is wrong, and what happens when images are not
what it expects. Then we mend one of its weaknesses.
"""

# %%
# Train
# -----
#
# The 1,797 digits that come with striate have 8×8 pixels. The network learns
# from 600 of them, and is tested on the others.

import numpy as np

from striate import visualize
from striate.architectures import pattern
from striate.datasets import load_digits

digits, y = load_digits()
x = digits[..., np.newaxis].astype(np.float32) / 16
order = np.random.default_rng(0).permutation(len(x))
kept, held_back = order[:600], order[600:]
x_test, y_test = x[held_back], y[held_back]


def learn(x, y, epochs=20):
    """Return a trained network, and the history of its training."""
    model = pattern((8, 8, 1), conv=[(2, 16), (2, 32)], dense=[64], rng=0)
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    settings = {"validation_data": (x_test, y_test), "verbose": 0}
    return model, model.fit(x, y, epochs=epochs, **settings)


model, history = learn(x[kept], y[kept])
visualize.plot_history(history)

# %%
# The losses of training and of validation fall together at first. Then that of
# training goes on towards zero, and the other stays where it is: all that the
# network still learns is how *these* 600 digits were written.

probabilities = model.predict(x_test)
predicted = probabilities.argmax(1)
wrong = np.sum(predicted != y_test)
print(f"{1 - wrong / len(y_test):.1%} right, {wrong} of {len(y_test)} wrong")

# %%
# Which digits are confused?
# --------------------------
#
# The *confusion matrix* has a row for each true digit, and a column for each
# answer. Right answers are on the diagonal.

visualize.plot_confusion_matrix(y_test, predicted)

matrix = visualize.confusion_matrix(y_test, predicted)
confusions = matrix - np.diag(np.diag(matrix))
for place in np.argsort(-confusions, axis=None, kind="stable")[:2]:
    true, answer = np.divmod(place, 10)
    print(f"a {true} was read as {answer}: {confusions[true, answer]} times")

# %%
# Look at the errors
# ------------------
#
# Numbers say how often, and only images say why. These are the errors of which
# the network was most convinced; above each are the true digit, the answer,
# and its probability. Some are hard for a person, too.

visualize.plot_wrong_examples(
    x_test, y_test, probabilities, most=8, columns=4, size=1.4
)

# %%
# Was the network less sure where it was wrong? On average it was. But a high
# probability is no proof: it says how much an image looks like the training
# images of a class, not whether the answer is true.

sure = probabilities.max(1)
right = predicted == y_test
print(f"mean probability of the answer, if right: {sure[right].mean():.3f}")
print(f"                                if wrong: {sure[~right].mean():.3f}")

# %%
# Images that it does not expect
# ------------------------------
#
# A network always answers. It has no class for "this is no digit", or "this
# lies on its side". We change the test images in ways that it has never seen,
# and ask again.


def moved(x, rows, columns):
    """Return images, moved by at most a pixel; what is new is black."""
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return wide[:, 1 - rows : 9 - rows, 1 - columns : 9 - columns]


rng = np.random.default_rng(1)
noise = rng.normal(0, 0.3, x_test.shape)
changed = {
    "as they are": x_test,
    "moved by a pixel": moved(x_test, 0, 1),
    "turned by 90°": np.rot90(x_test, axes=(1, 2)),
    "black on white": 1 - x_test,
    "with noise": np.clip(x_test + noise, 0, 1),
    "noise only": rng.random(x_test.shape),
}


def report(model):
    """Print how good and how sure a network is on each kind of image."""
    for name, images in changed.items():
        answers = model.predict(images.astype(np.float32))
        accuracy = np.mean(answers.argmax(1) == y_test)
        sure = answers.max(1).mean()
        print(
            f"{name:17} right: {accuracy:6.1%}   mean probability: {sure:.2f}"
        )


report(model)
visualize.plot_images(
    np.stack([images[0] for images in changed.values()]),
    list(changed),
    columns=3,
    size=1.5,
)

# %%
# The images of nothing but noise show no digit: there, "right" is chance, and
# still the network is rather sure of its answers. So it is with everything
# that it was never shown. Training data has to cover what the network will
# meet.
#
# Mend it
# -------
#
# A digit that is moved by a pixel is something the network should be able to
# read. So we show it such digits: the training images as they are, and moved
# by a pixel in four directions. This is called *data augmentation*.

moves = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
x_more = np.concatenate([moved(x[kept], *move) for move in moves])
y_more = np.tile(y[kept], len(moves))
print(f"{len(x_more):,} images instead of {len(kept)}")

augmented, _ = learn(x_more, y_more, epochs=12)
report(augmented)

# %%
# It now reads moved digits, which we showed it. What we did not show it, it
# has not learned: on digits with noise it has even become worse.
#
# What to try next
# ----------------
#
# Add digits in black on white, or with noise, to the training images. Does it
# cost accuracy on digits as they are? And train with 100 images, then with
# 1,000: what becomes of the errors? ``python -m striate train mnist`` trains
# on 60,000 larger digits.
#
# The next page leaves writing: a network learns to tell vehicles.
