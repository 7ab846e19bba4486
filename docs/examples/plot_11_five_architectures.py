"""
11. Five architectures side by side
===================================

LeNet-5, AlexNet, VGG-16, GoogLeNet and ResNet-50 are five milestones from 1998
to 2015. This page draws them, counts their parameters and operations, and
measures how long each takes for an image on the machine that made the page.
"""

# %%
# Each of them has an idea
# ------------------------
#
# - **LeNet-5** (1998) reads handwritten digits: convolutions and poolings in
#   turn, trained as a whole.
# - **AlexNet** (2012) does the same with photographs: larger, with ReLU and
#   dropout.
# - **VGG-16** (2014) uses 3×3 kernels only, and stacks them: deeper, and
#   simpler.
# - **GoogLeNet** (2014) has modules of parallel branches with kernels of
#   different sizes, and 1×1 convolutions that save work.
# - **ResNet-50** (2015) adds the input of each block to its output, so that
#   even very deep networks can be trained.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import architectures, visualize

networks = {
    "LeNet-5": (architectures.LeNet5, (28, 28, 1)),
    "AlexNet": (architectures.AlexNet, (224, 224, 3)),
    "VGG-16": (architectures.VGG16, (224, 224, 3)),
    "GoogLeNet": (architectures.GoogLeNet, (224, 224, 3)),
    "ResNet-50": (architectures.ResNet50, (224, 224, 3)),
}

# %%
# Parameters, operations, time
# ----------------------------
#
# A multiplication and an addition count as two operations (FLOPs). The time is
# the median of several predictions of one image, with the threads that striate
# chooses. The weights are random, as they are before training: that changes
# what comes out, but not how long it takes. The depth is the number of layers
# with weights on the longest path from the image to the output.


def depth(nodes):
    """Return the largest number of convolutions and dense layers in a row."""
    counts = []
    for node in nodes:
        weighted = node.kind in ("Conv2D", "Dense")
        before = max((counts[i] for i in node.inputs), default=0)
        counts.append(before + weighted)
    return counts[-1]


graphs, sizes, rng = {}, {}, np.random.default_rng(0)
print("             depth   parameters   MFLOPs   ms per image   GFLOP/s")
for name, (build, shape) in networks.items():
    model = build(shape, rng=0)
    graphs[name] = nodes = visualize.model_graph(model)
    image = rng.random((1, *shape), np.float32)
    model.predict(image)  # plans the program, which is kept
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        model.predict(image)
        seconds.append(time.perf_counter() - start)
    parameters = model.count_params()
    flops = sum(node.flops for node in nodes)
    median = np.median(seconds)
    sizes[name] = parameters, flops, median
    print(
        f"{name:12} {depth(nodes):5} {parameters:12,} {flops / 1e6:8,.1f} "
        f"{median * 1e3:14.2f} {flops / median / 1e9:9.1f}"
    )
    del model  # its weights are no longer needed

fig, axes = plt.subplots(1, 3, figsize=(6, 2.2), layout="constrained")
titles = ["Parameters", "FLOPs per image", "Seconds per image"]
for ax, title, values in zip(axes, titles, zip(*sizes.values())):
    ax.barh(list(sizes), values)
    ax.set_xscale("log")
    ax.set_xlim(min(values) / 10)
    ax.set_title(title)
    ax.invert_yaxis()
    ax.tick_params(labelsize=8, labelleft=ax is axes[0])

# %%
# Larger is not newer: the two youngest networks have far fewer parameters than
# the two before them.
#
# Drawn
# -----
#
# Every bar is a convolution (blue), a pooling (orange) or a dense layer
# (green). Its height is that of its feature maps, and its width the number of
# their channels, both on a logarithmic scale. All five shrink the image step
# by step, and have more and more channels instead.

colors = {"Dense": "tab:green", "Conv2D": "tab:blue"}
fig, axes = plt.subplots(5, 1, figsize=(6, 7), layout="constrained")
for ax, (name, nodes) in zip(axes, graphs.items()):
    place = 0
    for node in nodes:
        if not node.kind.endswith(("Conv2D", "2D", "Dense")):
            continue
        height = node.shape[1] if len(node.shape) == 4 else 1
        high, wide = np.log2(height) + 1, np.log2(node.shape[-1])
        color = colors.get(node.kind, "tab:orange")
        ax.bar(
            place + wide / 2, high, wide, -high / 2, color=color, linewidth=0
        )
        place += wide + 2
    ax.set(xlim=(-1, place), ylim=(-4.5, 4.5))
    ax.set_title(f"{name}: {depth(nodes)} layers deep")
    ax.axis("off")

# %%
# Here is the smallest of the five once more, as a graph: each layer with its
# output shape, parameters and FLOPs, and what feeds it.
# ``visualize.draw_model(model).save("model.svg")`` writes such a drawing to a
# file; try it with GoogLeNet, whose branches run side by side.

visualize.draw_model(architectures.LeNet5())

# %%
# Where the parameters are
# ------------------------
#
# In AlexNet and VGG-16, nearly all parameters are in the fully connected
# layers, and nearly all of the work is in the convolutions. GoogLeNet and
# ResNet-50 take the mean of each feature map instead of flattening, and so do
# without the large layers.

print("            of the parameters      of the operations")
print("            dense  convolution     dense  convolution")
for name, nodes in graphs.items():
    shares = []
    for attribute in ("parameters", "flops"):
        total = sum(getattr(node, attribute) for node in nodes)
        for kind in ("Dense", "Conv2D"):
            part = [getattr(n, attribute) for n in nodes if n.kind == kind]
            shares.append(sum(part) / total)
    print("{:10} {:6.1%} {:12.1%}    {:6.1%} {:12.1%}".format(name, *shares))

# %%
# What to try next
# ----------------
#
# Add ``architectures.MobileNetV2``, which was made for phones. How many
# parameters and operations does it have, and how long does it take? Why does
# it do fewer operations per second? Then predict batches of 8 images: which
# networks gain?
#
# The next page trains a network on handwritten digits, and looks at what goes
# wrong.
