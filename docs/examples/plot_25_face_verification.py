"""
25. Whose face is it?
=====================

Page 15 asks whether there is a face in a picture. Here the question is whose:
are these two faces of one person? No network can learn that as a classifier
does, since it will meet people whom it has never seen. So it learns something
else: to turn each face into a vector, so that faces of one person come close
to each other. Then two vectors are compared, and a threshold decides.
"""

# %%
# Where the faces are
# -------------------
#
# First the faces have to be found. MTCNN (Zhang and others, 2016) does it with
# three small networks. The first looks at every place of the image, at many
# sizes, and proposes boxes; the second and the third look again, more closely,
# and leave out what is no face. The last one also marks eyes, nose and mouth.
#
# Its weights are not part of striate. With ``pip download --no-deps
# facenet-pytorch`` and ``python -m striate convert mtcnn WHEEL mtcnn.npz``
# they become a file; if ``STRIATE_MTCNN`` is its path, this page uses it.

import os

import numpy as np

from striate import detection, faces, losses, metrics, visualize
from striate.datasets import drawn_faces
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle


def marked(image, landmarks):
    """Return an image with a spot at each landmark."""
    image = image.copy()
    spot = max(image.shape[0] // 100, 1)
    for x, y in landmarks.reshape(-1, 2).round().astype(int):
        rows = slice(max(y - spot + 1, 0), y + spot)
        image[rows, max(x - spot + 1, 0) : x + spot] = (0, 255, 255)
    return image


try:
    from skimage.data import astronaut
except ImportError:
    astronaut = None
path = os.environ.get("STRIATE_MTCNN")
if path is None or astronaut is None:
    print("The weights of MTCNN, or scikit-image, are not here.")
else:
    photograph = astronaut()
    found = faces.MTCNN(path).detect(photograph)
    print(f"{len(found)} face, score {found.scores[0]:.4f}")
    shown = detection.draw_boxes(photograph, found, ["face"])
    shown = marked(shown, found.landmarks)
    visualize.plot_images(shown[np.newaxis], columns=1, size=4)

# %%
# Faces to learn from
# -------------------
#
# Photographs of many people, with their names, cannot come with this page. So
# it draws its faces: they are *synthetic*. What makes an identity is the shape
# and the colour of head, hair, eyes, brows, nose and mouth. Pose, expression,
# glasses, light and background change from image to image, and have to be
# looked through. Each row is one identity.

x, y, landmarks = drawn_faces.generate(180, 10, 64, seed=0)
print(f"{len(x)} images of {y.max() + 1} identities")
rows = np.concatenate([x[10 * i : 10 * i + 4] for i in range(3)])
visualize.plot_images(rows, columns=4, size=1.5)

# %%
# Brought into line
# -----------------
#
# Before faces are compared, they are moved, turned and resized so that eyes,
# nose and mouth are always in the same places: *aligned* by their landmarks.
# The network then need not learn what a turned head looks like. Above are
# faces with their landmarks, and below the same ones, aligned.

aligned = np.stack([faces.align(*each, 32) for each in zip(x, landmarks)])
above = [marked(x[i], landmarks[i]) for i in (0, 11, 22, 33)]
visualize.plot_images(above, columns=4, size=1.5)
visualize.plot_images(aligned[[0, 11, 22, 33]], columns=4, size=1.5)

# %%
# Close and far
# -------------
#
# The network is a small CNN that ends in a vector of length 1, the
# *embedding*. It learns from triplets: an anchor, another face of the same
# person, and one of someone else. The loss is zero once the stranger is
# farther away than the right face by a margin. Triplets that fulfil this teach
# nothing, so each batch is searched for those that nearly do: this is the
# *semi-hard* choice of FaceNet (Schroff and others, 2015).
#
# 120 identities are for learning, and the other 60 are only for testing.

learned = y < 120
network = faces.embedding_network((32, 32, 3), 32, (16, 32, 48), rng=0)
print(f"{network.count_params():,} parameters")
verifier = faces.Verifier(network)
before = verifier.calibrate(aligned[~learned], y[~learned])

epochs, batch = 25, 80
schedule = OneCycle(0.004, epochs * learned.sum() // batch)
network.compile(Adam(schedule), losses.TripletSemiHardLoss(0.3))
history = network.fit(
    aligned[learned].astype(np.float32),
    y[learned],
    batch_size=batch,
    epochs=epochs,
    verbose=0,
)
visualize.plot_history(history)

# %%
# Two kinds of errors, again
# --------------------------
#
# All pairs of the 600 test images are compared. A low threshold lets strangers
# in, and a high one turns friends away. The ROC curve shows all compromises at
# once: how many pairs of one person are accepted, over how many pairs of
# different people are. Where both errors are equally frequent is the *equal
# error rate*. Half of all would be guessing. Before training, the vectors tell
# little; the pixels themselves are hardly better; what was learned transfers
# to identities that were never seen.

after = verifier.calibrate(aligned[~learned], y[~learned], 0.01)
pixels = aligned[~learned].reshape(600, -1).astype(np.float64)
compared = faces.pairs(pixels - pixels.mean(0), y[~learned])
of_pixels = metrics.roc_curve(*compared)
curves = {"untrained": before, "pixels": of_pixels, "trained": after}
for name, curve in curves.items():
    print(f"{name:9}: equal error rate {curve.equal_error_rate:.1%}")
visualize.plot_roc(curves, size=3.6)

# %%
# A door that opens
# -----------------
#
# For a door, strangers are worse than a friend who has to try again. So the
# threshold is chosen by the rate of *false accepts*: here, one in a hundred.
# These are the answers for some pairs, the first two of one person each, the
# others of two. One friend, in bad light, has to try again.

test = np.flatnonzero(~learned)
same = y[test[:, np.newaxis]] == y[test]
first, second = np.triu_indices(len(test), 1)
answers = verifier.verify(aligned[test[first]], aligned[test[second]])
truth = same[first, second]
print(f"threshold {verifier.threshold:.3f}:")
print(f"{answers[truth].mean():.0%} of the pairs of one person accepted,")
print(f"{answers[~truth].mean():.1%} of the pairs of different people")

pairs = [(0, 4), (33, 38), (0, 14), (25, 57)]
shown = aligned[test[np.ravel(pairs)]]
likeness = verifier.similarity(shown[::2], shown[1::2])
titles = []
for value in likeness:
    answer = "same" if value >= verifier.threshold else "other"
    titles += [f"{value:.2f}", answer]
visualize.plot_images(shown, titles, columns=4, size=1.5)

# %%
# What to try next
# ----------------
#
# Leave the alignment out: how much worse is the curve? Learn from 30
# identities instead of 120, or from four images of each. Take
# ``TripletHardLoss``, or ``ContrastiveLoss``; or add a ``CosineDense`` layer
# with one direction for each identity, and learn it as a classifier, with
# ``ArcFaceLoss``. And why do some people look alike to the network?
