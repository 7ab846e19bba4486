"""
15. Faces and non-faces
=======================

Is there a face in this picture? It was one of the first questions put to
learning machines, and answering it is still the first step towards recognising
who it is. Here a small CNN answers it for real photographs, with only 100 of
them to learn from and 100 to be tested on.
"""

# %%
# The data
# --------
#
# scikit-image ships a part of *Labeled Faces in the Wild* (Huang, G. B. and
# others, 2007): 100 faces that were found in photographs of the news, and 100
# other pieces of the same photographs, 25×25 pixels of grey each. Where
# scikit-image is not installed, this page says so and shows nothing.

import numpy as np

from striate import visualize
from striate.architectures import pattern

try:
    from skimage import data
except ImportError:
    data = None
    print("scikit-image is not here. To install it, run")
    print("    pip install striate[features]")
else:
    x = data.lfw_subset().astype(np.float32)[..., np.newaxis]
    y = np.repeat([1, 0], 100)
    names = ["no face", "face"]
    print("images", x.shape, "values from", x.min(), "to", x.max())
    shown = [0, 1, 2, 3, 100, 101, 102, 103]
    labels = [names[i] for i in y[shown]]
    visualize.plot_images(x[shown], labels, columns=4, size=1.5)

# %%
# Every second image is for learning, and the others are for testing.

if data is not None:
    x, y, x_test, y_test = x[::2], y[::2], x[1::2], y[1::2]
    print(len(x), "to learn from,", len(x_test), "to test on")

# %%
# A simple answer
# ---------------
#
# Faces resemble one another: eyes, nose and mouth have their places. So the
# mean face may be enough. We call everything a face that is nearer to the mean
# face than to the mean of all else.

if data is not None:
    means = np.stack([x[y == i].mean(0) for i in (0, 1)])
    distances = ((x_test[:, np.newaxis] - means) ** 2).sum((2, 3, 4))
    nearest = distances.argmin(1)
    print(f"nearest mean image: {np.mean(nearest == y_test):.0%} right")
    visualize.plot_images(means, names, columns=2, size=2.2)

# %%
# A CNN, and more images than there are
# -------------------------------------
#
# A hundred images are few. But a face seen in a mirror is a face, and so is
# one that is a little brighter or darker. From each image we make eight that
# vary in both: *augmentation* tells the network what does not matter.

if data is not None:
    rng = np.random.default_rng(0)
    both = np.concatenate([x, x[:, :, ::-1]])
    many = np.concatenate([both] * 4)
    gain = rng.uniform(0.7, 1.3, (len(many), 1, 1, 1)).astype(np.float32)
    many = np.clip(many * gain, 0, 1)
    model = pattern(
        (25, 25, 1), classes=2, conv=[(1, 8), (1, 16)], dense=[32], rng=0
    )
    print(f"{model.name}: {model.count_params():,} parameters")
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    history = model.fit(
        many,
        np.tile(y, 8),
        epochs=15,
        verbose=0,
        validation_data=(x_test, y_test),
    )
    probabilities = model.predict(x_test)
    predicted = probabilities.argmax(1)
    print(f"CNN: {np.mean(predicted == y_test):.0%} right")
    visualize.plot_history(history)

# %%
# Two kinds of errors
# -------------------
#
# A face that is missed and a face that is seen where there is none are not the
# same thing. A camera that focuses on faces may see one too many; a door that
# opens for them had better not. The threshold for the probability decides
# which error is made: the higher it is, the fewer faces are found, and the
# surer they are.

if data is not None:
    faces = y_test == 1
    for threshold in (0.1, 0.5, 0.9):
        found = probabilities[:, 1] > threshold
        print(
            f"threshold {threshold}: {np.sum(~found & faces):2} faces missed, "
            f"{np.sum(found & ~faces):2} seen where there is none"
        )
    visualize.plot_confusion_matrix(y_test, predicted, names)

# %%
# Where it looks
# --------------
#
# Grad-CAM (page 18 explains it) shows which places spoke for the answer.

if data is not None:
    some = x_test[:4]
    maps = visualize.grad_cam(model, some)
    visualize.plot_explanation(some, maps)

# %%
# What to try next
# ----------------
#
# Leave the mirrored images out, or the brighter and darker ones, and compare.
# Slide the network over a whole photograph, such as ``skimage.data.astronaut``
# in grey: where does it see a face? ``striate.visualize.sliding_window`` shows
# how a window moves. :doc:`Whose face is it? <plot_25_face_verification>` goes
# on: there, faces are found in photographs, and told apart.
#
# The next page finds the images that are nearest to one that you have.
