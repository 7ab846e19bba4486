"""
18. Explaining a decision
=========================

A network says "bicycle". Is it because of the wheels, or because of the road?
This page asks a network for its reasons, in six ways: three look at gradients,
two at feature maps, and one covers parts of the image and watches what
happens. You learn what each of them tells, and how to check whether it is
true.
"""

# %%
# A network to question
# ---------------------
#
# It learns to tell the five kinds of synthetic vehicles of page 13 apart. Then
# we take a test image of each of four kinds: the one of which the network is
# surest, and rightly so.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

x, y = vehicles.generate(3000, seed=0)
x_test, y_test = vehicles.generate(500, seed=1)
x, x_test = x / np.float32(255), x_test / np.float32(255)

network = [layers.Input(x.shape[1:])]
for stage, filters in enumerate((12, 24, 48, 64), 1):
    network += [
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(name=f"relu{stage}"),
        layers.MaxPooling2D(),
    ]
network[-1] = layers.GlobalAveragePooling2D()  # instead of the last pooling
model = Sequential([*network, layers.Dense(5, activation="softmax")], rng=0)
rate = OneCycle(5e-3, 9 * -(-len(x) // 32))
model.compile(Adam(rate), "sparse_categorical_crossentropy")
model.fit(x, y, epochs=9, verbose=0)

probabilities = model.predict(x_test)
predicted = probabilities.argmax(1)
right = np.mean(predicted == y_test)
print(f"{right:.1%} of the test images are named correctly")

sure = np.where(predicted == y_test, probabilities.max(1), 0)
chosen = [
    np.argmax(np.where(y_test == kind, sure, 0)) for kind in (0, 1, 3, 4)
]
images, kinds = x_test[chosen], y_test[chosen]
names = [vehicles.CLASSES[kind] for kind in kinds]
for name, i in zip(names, chosen):
    print(f"image {i:3}: {name}, with probability {sure[i]:.3f}")

# %%
# Gradients: which pixels matter?
# -------------------------------
#
# A *saliency map* is the gradient of the score of a class with respect to the
# pixels. It says how much the score changes when a pixel changes a little. The
# map is drawn over the image in grey, and yellow is the most.

visualize.plot_explanation(images, visualize.saliency(model, images), names)

# %%
# Such maps are noisy, because the gradient of a network changes from point to
# point. *SmoothGrad* adds noise to the image many times, and takes the mean of
# the gradients. What varies from point to point cancels out, and what the
# gradients have in common stays.

smooth = visualize.smooth_grad(model, images, samples=30, rng=0)
visualize.plot_explanation(images, smooth, names)

# %%
# Integrated gradients: a sum that can be checked
# -----------------------------------------------
#
# Gradients say what a small change would do. *Integrated gradients* say what
# each pixel did: on the way from a grey image to this one, they add up each
# pixel's part in the change of the score. Red pixels speak for the class, and
# blue ones speak against it.
#
# The parts have to add up to the whole change of the score. Here is the check.
# The score is what goes into the softmax. We get it from the probabilities:
# the difference of two classes' scores is the difference of the logarithms of
# their probabilities. So we explain one class, then another, and compare.

grey = np.float32(0.5)
parts = visualize.integrated_gradients(model, images, baseline=grey)
visualize.plot_explanation(images, parts, names)

others = (kinds + 1) % 5
against = visualize.integrated_gradients(
    model, images, others.tolist(), baseline=grey
)
log = np.log(model.predict(np.concatenate([images, 0 * images + grey])))
log = log.reshape(2, len(images), 5)
each = np.arange(len(images))
lead = log[:, each, kinds] - log[:, each, others]
print("how far the class leads another one   change   sum of the parts")
for i in each:
    pair = f"{names[i]} before {vehicles.CLASSES[others[i]]}"
    total = parts[i].sum() - against[i].sum()
    print(f"{pair:36} {lead[0, i] - lead[1, i]:8.3f} {total:18.3f}")

# %%
# Feature maps: where is the evidence?
# ------------------------------------
#
# *Grad-CAM* asks a layer near the end, whose maps stand for parts of vehicles
# and not for pixels. Each map is weighted by how much the score depends on it,
# and the weighted maps are added. *Grad-CAM++* chooses the weights so that
# several places with the same part count equally. The layer here has 6×6
# positions, so the maps are coarse: they show where, but not which pixels.

found = visualize.grad_cam(model, images, layer="relu4")
print(f"layer {found.layer!r} of the network, resized to", found.map.shape)
visualize.plot_explanation(images, found, names)

# %%
# And this is Grad-CAM++ for the same images.

plus = visualize.grad_cam_plus_plus(model, images, layer="relu4")
visualize.plot_explanation(images, plus, names)

# %%
# Occlusion: cover it, and see
# ----------------------------
#
# The plainest way needs no gradients. Cover a part of the image with its mean
# colour, and see how much the score drops. Do so all over the image. Where the
# map is red, the network misses what was covered. Where it is blue, the
# network is more convinced without it.

drops = visualize.occlusion(model, images, size=12, strides=4)
visualize.plot_explanation(images, drops, names)

# %%
# Which explanation is right?
# ---------------------------
#
# A map that looks reasonable to us is no proof. So we test the maps: replace
# the pixels that a map calls most important by the mean colour, and see how
# sure the network still is. If the map is right, the probability falls faster
# than it does when pixels are covered at random. This is the mean over 60 test
# images that the network names correctly.

some = np.flatnonzero(predicted == y_test)[:60]
tested, true = x_test[some], y_test[some]
rng = np.random.default_rng(0)
maps = {
    "random": rng.random(tested.shape[:3]),
    "saliency": visualize.saliency(model, tested),
    "SmoothGrad": visualize.smooth_grad(model, tested, samples=20, rng=0),
    "integrated gradients": visualize.integrated_gradients(
        model, tested, baseline=grey, tolerance=0.05
    ).sum(-1),
    "Grad-CAM": visualize.grad_cam(model, tested, layer="relu4").map,
    "Grad-CAM++": visualize.grad_cam_plus_plus(
        model, tested, layer="relu4"
    ).map,
    "occlusion": visualize.occlusion(model, tested, size=12, strides=6),
}
portions = (0, 0.05, 0.1, 0.2, 0.3)
mean = tested.mean((1, 2), keepdims=True)


def remaining(ranks, portion):
    """Return the mean probability of the class with some pixels covered."""
    covered = (ranks < portion * ranks.shape[1]).reshape(tested.shape[:3])
    changed = np.where(covered[..., np.newaxis], mean, tested)
    return model.predict(changed)[np.arange(len(true)), true].mean()


_, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
print(f"{'pixels covered':20}", *(f"{portion:6.0%}" for portion in portions))
for (name, values), marker in zip(maps.items(), "osD^vP*"):
    order = np.argsort(-values.reshape(len(tested), -1), 1)
    ranks = np.argsort(order, 1)
    curve = [remaining(ranks, portion) for portion in portions]
    print(f"{name:20}", *(f"{value:6.2f}" for value in curve))
    style = {"color": "gray", "ls": ":"} if name == "random" else {}
    ax.plot(portions, curve, marker=marker, ms=4, label=name, **style)
ax.set(xlabel="part of the pixels that is covered", ylim=(0, 1))
ax.set_ylabel("mean probability")
ax.xaxis.set_major_formatter("{x:.0%}")
ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))

# %%
# Every curve should lie below that of random pixels, and does. Read the order
# of the others with care: this test covers single pixels, which favours maps
# that name single pixels over coarse ones, and an image with holes is unlike
# any that the network has seen.
#
# What to try next
# ----------------
#
# Ask for another class: ``target=1`` explains why the network might have said
# "bus". Explain images that it names wrongly: what did it look at there? And
# give the network random weights, and explain it again. A method whose map
# stays the same does not explain what the network has learned.
#
# So far, each image showed one thing. On the last page there are several, and
# a network says where they are.
