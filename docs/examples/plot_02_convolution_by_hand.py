"""
2. Convolution by hand
======================

Convolution is the one operation that gave the networks of this gallery their
name. It needs nothing but multiplication and addition. On this page you work
it out number by number, first for functions of one variable, then for images,
and compare the result with striate's. You also meet its twin, correlation,
and see what happens at the border of an image.
"""

# %%
# Three claps in a hall
# ---------------------
#
# Somebody claps in a large hall, three times: loudly, softly, and, after a
# pause, once more. We write down how loud it was at each moment, and call this
# function *f*. The hall answers each clap with an echo, *g*: at
# once, more weakly a moment later, and more weakly still after that. What do
# we hear?
#
# Each clap starts its own echo, as loud as the clap and as late. So we write
# one line for each moment, the echo times the loudness of its clap, and add up
# the columns.

import matplotlib.pyplot as plt
import numpy as np

from striate import functional as F
from striate import image

f = [3, 1, 0, 2]
g = [4, 2, 1]
heard = np.zeros((len(f), len(f) + len(g) - 1), int)
for m, loudness in enumerate(f):
    heard[m, m : m + len(g)] = [loudness * echo for echo in g]
    print(f"clap at {m}, {loudness} × echo: {heard[m]}")
by_hand = heard.sum(0)
print("                   sum:", by_hand)
print("striate.image.convolve1d:", image.convolve1d(f, g))

fig, axes = plt.subplots(
    1, 3, figsize=(6, 2.4), layout="constrained", width_ratios=[4, 3, 6]
)
for ax, values, title in zip(axes, [f, g], ["Claps f", "Echo g"]):
    ax.bar(range(len(values)), values, color="gray")
    ax.set(title=title, xticks=range(len(values)))
for m in np.flatnonzero(f):
    below = heard[:m].sum(0)
    axes[2].bar(range(6), heard[m], bottom=below, label=f"clap at {m}")
axes[2].set(title="What is heard, f ∗ g", xticks=range(6), ylim=(0, 20))
axes[2].legend()

# %%
# This is the convolution of two functions. As a formula,
#
#     (*f* ∗ *g*)[*n*] = Σ\ :sub:`m` *f*\ [*m*] *g*\ [*n* − *m*]
#
# it says: what is heard at moment *n* is the sum over all claps, each times
# the echo as it is *n* − *m* moments later.
#
# The same by sliding
# -------------------
#
# We can also ask the other way round: what do we hear *now*? The clap of just
# now times the first number of the echo, that of a moment ago times the second
# one, and so on. The echo is read backwards, since the older the clap, the
# later in its echo we are. So convolution *turns one function round*, slides
# it along the other, and adds up the products at each position.

backwards = g[::-1]
padded = [0, 0, *f, 0, 0]
print("f, with silence before and after:", padded)
print("g turned round:", backwards)
for n in range(len(f) + len(g) - 1):
    seen = padded[n : n + len(g)]
    products = " + ".join(f"{a}·{b}" for a, b in zip(seen, backwards))
    total = sum(a * b for a, b in zip(seen, backwards))
    print(f"  n = {n}: {products} = {total:2}")

# %%
# It does not matter which of the functions is turned round: a hall that claps,
# answered by a clap that echoes, sounds the same.

print("f ∗ g =", image.convolve1d(f, g))
print("g ∗ f =", image.convolve1d(g, f))

# %%
# For functions of a continuous variable, the sum becomes an integral. On a
# computer we take many narrow steps, and multiply the sum by their width. Here
# a box meets another box. While one slides over the other, the area that they
# share grows, then shrinks again: the result is a triangle. Convolved with the
# box once more, it is smooth already, and each further time makes it smoother.

step = 0.01
box = np.ones(100)  # 1 from 0 to 1
curves = {"box": box}
for name in ["box ∗ box", "box ∗ box ∗ box"]:
    before = list(curves.values())[-1]
    curves[name] = image.convolve1d(before, box) * step

fig, ax = plt.subplots(figsize=(5.6, 2.6), layout="constrained")
for name, values in curves.items():
    values = np.pad(values, 1)
    ax.plot((np.arange(len(values)) - 0.5) * step, values, label=name)
    print(f"{name:16} highest value {values.max():.2f}")
ax.legend()

# %%
# Images: a small one, by hand
# ----------------------------
#
# An image is a function of two variables, row and column, and the second
# function is a small table as well, the *kernel*. Our image is dark on the
# left and bright on the right. Our kernel has negative numbers on its left and
# positive ones on its right.

x = np.array(
    [
        [1, 1, 1, 9, 9],
        [1, 2, 1, 9, 9],
        [1, 1, 1, 9, 8],
        [1, 1, 2, 9, 9],
        [1, 1, 1, 9, 9],
    ],
    np.float64,
)
kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float64)

# %%
# **Correlation** comes first, since it is the simpler one. We lay the kernel
# onto the image, multiply each number of the kernel by the pixel below it, and
# add up the nine products. The sum is the new pixel in the middle. We do so
# wherever the kernel fits, and print the products for the second position,
# where the right column of the kernel lies on the bright side.


def correlate_by_hand(x, kernel, explain=False):
    """Return the sums of products wherever the kernel fits."""
    height, width = kernel.shape
    y = np.zeros((x.shape[0] - height + 1, x.shape[1] - width + 1))
    for row, column in np.ndindex(y.shape):
        for i, j in np.ndindex(kernel.shape):
            pixel = x[row + i, column + j]
            y[row, column] += kernel[i, j] * pixel
            if explain and (row, column) == (0, 1):
                end = "\n" if j == width - 1 else "   "
                print(f"{kernel[i, j]:2.0f} · {pixel:.0f}", end=end)
    return y


correlated = correlate_by_hand(x, kernel, explain=True)
print(f"sum: {correlated[0, 1]:.0f}\n")
print("at all positions:")
print(image.pixel_table(correlated, digits=0))
print("\nstriate.image.correlate:")
same = image.correlate(x, kernel, border="valid")
print(image.pixel_table(same, digits=0))

# %%
# **Convolution** turns the kernel round before it slides, as we turned the
# echo round: left becomes right, and top becomes bottom. That is the whole
# difference.

turned = kernel[::-1, ::-1]
print("the kernel, turned round:")
print(image.pixel_table(turned, digits=0))
convolved = correlate_by_hand(x, turned)
print("\nby hand:")
print(image.pixel_table(convolved, digits=0))
print("\nstriate.image.convolve:")
same = image.convolve(x, kernel, border="valid")
print(image.pixel_table(same, digits=0))


def draw(ax, table, title, limit):
    """Draw a table of numbers on a scale from blue through white to red."""
    ax.imshow(table, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for (row, column), value in np.ndenumerate(table):
        color = "white" if abs(value) > 0.6 * limit else "black"
        text = f"{value:.0f}".replace("-", "−")
        ax.text(column, row, text, ha="center", va="center", color=color)
    ax.set_title(title)
    ax.axis("off")


fig, axes = plt.subplots(
    1, 4, figsize=(6, 2.2), layout="constrained", width_ratios=[5, 3, 3, 3]
)
draw(axes[0], x, "Image", 12)
draw(axes[1], kernel, "Kernel", 3)
draw(axes[2], correlated, "Correlation", 45)
draw(axes[3], convolved, "Convolution", 45)

# %%
# Both find the edge. Correlation is positive where it is bright below the
# kernel's positive numbers; convolution has the opposite sign, since this
# kernel, turned round, is its own negative. For a kernel that looks the same
# when it is turned round, both are equal. Numbers without any such symmetry
# show the difference best. A single bright pixel on black is the clap in the
# hall. Convolution answers with the kernel as it is, correlation with the
# kernel turned round.

pixel = np.zeros((3, 3))
pixel[1, 1] = 1
letters = np.arange(1.0, 10).reshape(3, 3)
print("convolve:\n" + image.pixel_table(image.convolve(pixel, letters), 0))
print("\ncorrelate:\n" + image.pixel_table(image.correlate(pixel, letters), 0))

# %%
# What neural networks do
# -----------------------
#
# The "convolution" of a neural network is a correlation. Its kernels are
# learned: with a true convolution it would learn the same ones turned round,
# so nobody bothers. We give the small image to ``conv2d``, and compare.

y = F.conv2d(
    x[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis]
)
print("equal to correlate:", np.array_equal(y[0, ..., 0], correlated))
print("equal to convolve: ", np.array_equal(y[0, ..., 0], convolved))

# %%
# Then why have two operations? Convolution obeys the laws of multiplication.
# We have seen that f ∗ g is g ∗ f. And if two kernels are applied one after
# the other, we may convolve them first, and use the result as one kernel.
# Correlation does not allow that.

rng = np.random.default_rng(0)
x_large = rng.integers(0, 10, (9, 9)).astype(np.float64)
a, b = rng.integers(-3, 4, (2, 3, 3)).astype(np.float64)
for operation in (image.convolve, image.correlate):
    one_by_one = operation(operation(x_large, a, "valid"), b, "valid")
    both = operation(np.pad(a, 2), b, "valid")
    at_once = operation(x_large, both, "valid")
    print(f"{operation.__name__:9}", np.array_equal(one_by_one, at_once))

# %%
# At the border
# -------------
#
# The kernel did not fit over the outermost pixels, so the result has 3×3
# numbers instead of 5×5. To keep the size, we have to say how the image goes
# on beyond its border. What each way means can be seen on a row of four
# pixels: a kernel whose only 1 is at its end fetches the pixel three places
# further left, or right.

row = np.array([[1.0, 2, 3, 4]])
fetch = np.eye(1, 7)
borders = ["zero", "nearest", "reflect", "mirror", "wrap"]
for border in borders:
    left = image.correlate(row, fetch, border)[0, :3]
    right = image.correlate(row, fetch[:, ::-1], border)[0, 1:]
    sides = [" ".join(f"{v:.0f}" for v in side) for side in (left, right)]
    print(f"{border:8} {sides[0]} | 1 2 3 4 | {sides[1]}")

# %%
# Which one is right? None of them, as nobody knows what was there. But some do
# less harm. We take the mean of 3×3 pixels of an image that becomes brighter
# from left to right, and look at the top row of the result.

ramp = np.tile(np.arange(10.0, 70, 10), (4, 1))
mean = image.box_kernel(3)
print("image    " + " ".join(f"{v:4.0f}" for v in ramp[0]))
for border in borders:
    y = image.correlate(ramp, mean, border)
    print(f"{border:8} " + " ".join(f"{v:4.0f}" for v in y[0]))

# %%
# Zeros make the border dark, wrapping lets the bright side shine into the dark
# one, and the others stay close to the image. That is why striate's filters
# use ``"reflect"`` unless told otherwise. The layers of networks use zeros
# nevertheless: that is simple, and tells the network where the border is.
#
# What to try next
# ----------------
#
# Clap backwards: which *g* makes ``convolve1d(f, g)`` the same as *f*, but two
# moments later? Which kernel shifts an image by one pixel
# to the right, under correlation, and under convolution?
#
# The next page puts kernels to use:
# :doc:`Filters on a photograph <plot_03_filters>`.
