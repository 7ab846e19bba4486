"""
3. Filters on a photograph
==========================

A filter is a small table of numbers that slides over an image. Which numbers
make an image softer, which find lines, and which find edges? This page prints
the kernels, shows what each makes of a photograph, and explains how to tell
from a kernel's numbers what it does.
"""

# %%
# The photograph
# --------------
#
# It comes with scikit-image: ``pip install striate[features]``. Where that is
# not installed, this page says so, and prints the kernels only. We use floats,
# as many filters have negative results, which bytes cannot hold.

import numpy as np

from striate import image, visualize

try:
    from skimage import data
except ImportError:
    photo = None
    print("scikit-image is not here. To install it, run")
    print("    pip install striate[features]")
else:
    photo = image.resize(data.camera(), 256).astype(np.float32)
    print("a photograph of shape", photo.shape, photo.dtype)


def show(pictures, low=0, high=255, columns=2):
    """Draw pictures, with `low` in black and `high` in white."""
    visualize.plot_images(
        pictures, columns=columns, size=6 / columns, vmin=low, vmax=high
    )


def describe(name, kernel):
    """Print a kernel and the sum of its numbers."""
    # Adding zero turns a sum of -0.00 into 0.00.
    print(f"{name}, sum {kernel.sum().round(2) + 0:.2f}")
    whole = np.array_equal(kernel, kernel.round())
    print(image.pixel_table(kernel, 0 if whole else 2), "\n")


# %%
# Blur
# ----
#
# The *box* takes the mean of all pixels below it. The *Gaussian* is a mean as
# well, but gives near pixels more weight than far ones. All numbers are
# positive, and their sum is 1. Such a kernel mixes a pixel with its
# neighbours, and leaves the brightness of the image as it is.

describe("box 3×3", image.box_kernel(3))
describe("Gaussian", image.gaussian_kernel(0.8, radius=2))

if photo is not None:
    box = image.box_filter(photo, 13)
    gaussian = image.gaussian_filter(photo, 3.7)
    show(
        {
            "Photograph": photo,
            "Box 3×3": image.box_filter(photo, 3),
            "Box 13×13": box,
            "Gaussian, sigma 3.7": gaussian,
        }
    )
    for name, picture in {
        "none": photo,
        "box": box,
        "Gaussian": gaussian,
    }.items():
        print(f"blur {name:9} mean brightness {picture.mean():.1f}")

# %%
# Both of the lower pictures are about equally soft: a box of 13×13 has the
# same spread as that Gaussian. But the box leaves faint squares and stripes,
# most visible in fine detail, and the Gaussian does not.
#
# A blur against noise
# --------------------
#
# Means cancel noise, but they cost sharpness. Sometimes a filter without a
# kernel is better. We set a random tenth of the pixels to black or white, and
# remove this "salt and pepper" with a Gaussian, and with the *median*: the
# middle one of all pixels in the window when they are sorted. We know the true
# image, so we can print by how much a pixel is wrong on average.

if photo is not None:
    rng = np.random.default_rng(0)
    noisy = photo.copy()
    hit = rng.random(photo.shape) < 0.1
    noisy[hit] = rng.choice([0, 255], hit.sum())
    pictures = {
        "Noisy": noisy,
        "Gaussian": image.gaussian_filter(noisy, 1.0),
        "Median": image.median_filter(noisy, 3),
    }
    for name, picture in pictures.items():
        print(f"  {name:9} error {np.abs(picture - photo).mean():5.1f}")
    show({name: x[:170, 40:210] for name, x in pictures.items()}, columns=3)

# %%
# The Gaussian smears each wrong pixel over its neighbours. The median ignores
# it: one black or white pixel among nine is at an end, not in the middle.
#
# Lines
# -----
#
# Now for kernels with negative numbers. If the numbers add up to 0, even areas
# become 0, and only differences remain. A line kernel is positive along a
# line, and negative on both sides: it answers most where the image looks like
# the kernel. Grey is 0 in these pictures, white is positive, and black is
# negative.

directions = ["horizontal", "vertical", "diagonal", "antidiagonal"]
for direction in directions:
    describe(direction, image.line_kernel(direction))

if photo is not None:
    pictures = {d.capitalize(): image.lines(photo, d) for d in directions}
    show(pictures, -200, 200)

# %%
# Look at the tripod, whose legs are steep: they are strong in the picture of
# vertical lines, and nearly gone in that of horizontal ones. To put it in
# numbers, we draw a bright line in each direction, and give it to each kernel.
# The largest answer in each row is that of the line's own kernel.

line = np.zeros((9, 9))
line[4] = 1
drawn = [line, line.T, np.eye(9), np.eye(9)[::-1]]
print(f"{'line':13} " + " ".join(f"{d:>12}" for d in directions))
for direction, picture in zip(directions, drawn):
    answers = [image.lines(picture, d)[4, 4] for d in directions]
    print(f"{direction:13} " + " ".join(f"{a:12.0f}" for a in answers))

# %%
# Edges in all directions
# -----------------------
#
# The kernel for edges compares a pixel with all of its eight neighbours. Where
# they are equal, 8 times the pixel minus the eight others is 0.

describe("edges", image.edge_kernel())

# %%
# The Sobel kernels do less, and do it better: each measures how fast the
# brightness changes along one axis, and smooths along the other. Together, the
# two are an arrow, the *gradient*, which points to where the image gets
# brighter. Its length says how strong an edge is, whatever its direction.

describe("Sobel, from row to row", image.sobel_kernel(axis=0))
describe("Sobel, from column to column", image.sobel_kernel(axis=1))

if photo is not None:
    down, across = image.sobel(photo, axis=0), image.sobel(photo, axis=1)
    show(
        {
            "Edges, 8 neighbours": image.detect_edges(photo),
            "Length of the gradient": image.sobel_magnitude(photo),
            "Change downwards": down,
            "Change to the right": across,
        },
        -400,
        400,
    )
    length = np.hypot(down, across)
    same = np.allclose(length, image.sobel_magnitude(photo), atol=0.01)
    print("the length is √(down² + right²):", same)

# %%
# Laplacian
# ---------
#
# The *Laplacian* is the sum of the second derivatives, down and across. In
# other words, it says by how much a pixel's neighbours are brighter than it.
# On a slope that rises evenly it is 0. At an edge it changes its sign, from
# positive on the dark side to negative on the bright one, so that the edge
# lies exactly where it crosses 0.

describe("Laplacian, 4 neighbours", image.laplacian_kernel(4))
describe("Laplacian, 8 neighbours", image.laplacian_kernel(8))

edge = np.array([[10, 10, 10, 20, 30, 30, 30, 40, 50, 60]], np.float64)
print("an edge, then a slope:", *[f"{v:4.0f}" for v in edge[0]])
print(
    "its Laplacian:        ", *[f"{v:4.0f}" for v in image.laplacian(edge)[0]]
)

# %%
# (The last number comes from the border, where the slope ends.) Second
# derivatives are sensitive to noise, and to every blade of grass. Therefore a
# Gaussian often comes first. Both steps together are again one kernel, the
# *Laplacian of the Gaussian*. The wider it is, the smaller its answers get, so
# it is usually multiplied by sigma².

if photo is not None:
    show(
        {
            "Laplacian, 4 neighbours": image.laplacian(photo, 4),
            "Laplacian, 8 neighbours": image.laplacian(photo, 8),
        },
        -100,
        100,
    )
    pictures = {
        f"Of the Gaussian, sigma {s}": s**2
        * image.laplacian_of_gaussian(photo, s)
        for s in (2, 4)
    }
    show(pictures, -60, 60)

# %%
# Sharpen
# -------
#
# Subtract the Laplacian from the image, and edges become steeper: their dark
# side gets darker, and their bright side brighter. As a kernel, that is 1 in
# the middle minus the Laplacian with 4 neighbours. Its sum is 1 again, so the
# brightness stays the same.

describe("sharpen", image.sharpen_kernel())
one = np.zeros((3, 3))
one[1, 1] = 1
same = np.array_equal(one - image.laplacian_kernel(4), image.sharpen_kernel())
print("1 minus the Laplacian is the kernel above:", same)

if photo is not None:
    soft = image.gaussian_filter(photo, 1.0)
    pictures = {"Soft": soft, "Sharpened": image.sharpen(soft)}
    show({name: x[:170, 40:210] for name, x in pictures.items()})

# %%
# Filters that cost less
# ----------------------
#
# Some kernels are a column times a row. Then we can filter along the columns
# first, and along the rows after that, which gives the same result with fewer
# multiplications per pixel. striate recognizes such kernels. ``separate``
# says which ones they are.

for name, kernel in {
    "box 13×13": image.box_kernel(13),
    "Gaussian 31×31": image.gaussian_kernel(3.7, radius=15),
    "Sobel 3×3": image.sobel_kernel(),
    "edges 3×3": image.edge_kernel(),
}.items():
    parts = image.separate(kernel)
    count = kernel.size if parts is None else sum(map(len, parts))
    print(f"{name:15} {kernel.size:3} numbers, multiplications: {count:3}")

# %%
# What to try next
# ----------------
#
# Make a kernel of your own: which 3×3 numbers answer to a single bright pixel,
# but neither to lines nor to edges? Add noise to the photograph before you
# take its Laplacian, and find the sigma at which the man is still visible and
# the noise is not.
#
# All these kernels were invented by people. A CNN finds its own. Before that,
# the next page asks what else can be found in a photograph:
# :doc:`Corners, edges, regions and keypoints <plot_04_features>`.
