"""
4. Corners, edges, regions and keypoints
========================================

A photograph has hundreds of thousands of pixels, and most of them say the same
as their neighbours. A *feature* is a place that says more: a corner, an edge,
a region, or a point that can be found again in another photograph. On this
page you find all four, with methods that people designed before networks
learned to find such things.
"""

# %%
# A photograph in grey
# --------------------
#
# The photographs come with scikit-image, which finds and describes keypoints
# for striate, too: ``pip install striate[features]``. Where it is not
# installed, this page says so and shows nothing.

import matplotlib.pyplot as plt
import numpy as np

from striate import image, visualize

try:
    from skimage import data
except ImportError:
    data = None
    print("scikit-image is not here. To install it, run")
    print("    pip install striate[features]")
else:
    photograph = data.camera()
    part = photograph[60:300, 120:420]
    print("a photograph of shape", photograph.shape, photograph.dtype)
    print("the part that we look at first:", part.shape)

# %%
# Edges
# -----
#
# An edge is where brightness changes quickly across a line. The Sobel filters
# measure the change along rows and along columns, and the length of both
# together says how strong an edge is. That gives wide, blurred bands.
#
# *Canny's* method makes lines of them. It smooths the photograph, so that
# noise makes no edges. It keeps only the pixels on the ridge of each band. And
# it takes two thresholds: a line must reach the high one somewhere, and may
# fall to the low one elsewhere. So a line does not break where it fades.

if data is not None:
    edges = {
        "The photograph": part,
        "Strength of the gradient": image.sobel_magnitude(part),
        "Canny, smoothed by sigma=1": image.canny(part, 80, 200, sigma=1),
        "Canny, smoothed by sigma=3": image.canny(part, 40, 100, sigma=3),
    }
    visualize.plot_images(edges, columns=2, size=3)
    for name, found in list(edges.items())[2:]:
        print(f"{name}: {found.mean():.1%} of the pixels are edges")

# %%
# The wider the Gaussian that smooths, the fewer details remain: most of the
# buildings are gone, and the outline of the man is still there.
#
# Corners
# -------
#
# Along an edge, one place looks like the next. A *corner* is different from
# all places around it, in every direction, so it can be found again.
#
# - **Harris** sums up the gradients in a window. If they point in one
#   direction only, it is an edge, and the response is negative. If they point
#   in two, it is a corner.
# - **Shi and Tomasi** ask for the weaker of the two directions: how strong are
#   gradients where they are weakest?
# - **FAST** computes no gradients. It compares a pixel with the sixteen on a
#   circle around it: if nine neighbours in a row are all brighter, or all
#   darker, it is a corner.
#
# Of each we keep the forty strongest that are more than eight pixels apart.

if data is not None:
    responses = {
        "Harris": image.harris(part, sigma=1.5),
        "Shi–Tomasi": image.shi_tomasi(part, sigma=1.5),
        "FAST": image.fast(part, threshold=25),
    }
    corners = {
        name: image.corner_peaks(response, distance=8, most=40)
        for name, response in responses.items()
    }
    bright = np.clip(responses["Harris"] / responses["Harris"].max(), 0, 1)
    pictures = {"Response of Harris (root)": np.sqrt(bright)}
    pictures |= dict.fromkeys(corners, part)
    figure = visualize.plot_images(pictures, columns=2, size=3)
    for ax, points in zip(figure.axes[1:], corners.values()):
        ax.plot(points[:, 1], points[:, 0], "o", mfc="none", mec="orange")

    for name, points in corners.items():
        apart = np.abs(points[:, None] - corners["Harris"]).max(2).min(1)
        near = np.mean(apart <= 2)
        print(f"{name:10} {near:4.0%} are within two pixels of one of Harris")

# %%
# Harris and Shi–Tomasi largely agree, since both use the same matrix of
# gradients. FAST asks something else, and agrees less: dots and ends of lines
# are corners for it, too, since they differ from nearly all that surrounds
# them.
#
# Regions
# -------
#
# A *region* is a set of pixels that belong together. Here are coins. Otsu's
# method chooses the threshold that best separates bright pixels from dark
# ones, and closing and opening remove holes and specks. Then ``label`` numbers
# what is connected, and ``region_properties`` measures each region. The light
# is uneven, so we first subtract the background: a heavily blurred copy.

if data is not None:
    coins = data.coins()[20:, :]
    background = image.gaussian_filter(coins.astype(np.float32), 40)
    flat = coins - background
    binary = flat > image.otsu_threshold(flat)
    disc = image.structuring_element("ellipse", 5)
    binary = image.open(image.close(binary, disc), disc)
    labels = image.label(binary)
    regions = [r for r in image.region_properties(labels) if r.area > 400]
    print(f"{labels.max()} regions, {len(regions)} of more than 400 pixels")
    print("label   area   centre         long and short axis   perimeter")
    for r in regions[:5]:
        centre = "({:5.1f}, {:5.1f})".format(*r.centroid)
        axes = "{:8.1f} {:8.1f}".format(*r.axes)
        print(f"{r.label:5} {r.area:6}   {centre} {axes} {r.perimeter:15.1f}")

# %%
# *Blobs* are found without a threshold for pixels. The Laplacian of Gaussian
# responds most where a bright spot is as wide as the Gaussian. Tried with many
# widths, it tells where a spot is, and how large.

if data is not None:
    small = image.resize(flat, (flat.shape[0] // 2, flat.shape[1] // 2))
    blobs = image.blob_log(small, 6, 16, scales=11, threshold=25) * 2
    titles = [
        f"{len(regions)} regions and their boxes",
        f"{len(blobs)} blobs and their sizes",
    ]
    left, right = visualize.plot_images([coins] * 2, titles, size=3).axes
    for r in regions:
        top, first, bottom, last = r.bounding_box
        corner, size = (first, top), (last - first, bottom - top)
        left.add_patch(plt.Rectangle(corner, *size, ec="orange", fc="none"))
    for row, column, sigma in blobs:
        circle = plt.Circle(
            (column, row), np.sqrt(2) * sigma, ec="orange", fc="none"
        )
        right.add_patch(circle)

# %%
# Keypoints, and finding them again
# ---------------------------------
#
# A corner has a place, but no name. SIFT and ORB give it one: a *descriptor*,
# a vector that says what the surroundings look like. It is designed to stay
# nearly the same when a photograph is turned, made smaller, or lit
# differently. Let us check that: we turn a photograph by 30 degrees, make it
# smaller, and halve its contrast. Since we know how it was turned, we know
# where each point went, and can tell right matches from wrong ones.

if data is not None:
    first = image.to_grayscale(data.astronaut())[:320, 60:380]
    turned = image.rotate(first, 30, border="constant")
    second = image.resize(turned, (240, 240)) // 2 + 30
    print("first", first.shape, "second", second.shape)

    detectors = {
        "SIFT": (image.sift, {"ratio": 0.8}),
        "ORB": (lambda x: image.orb(x, 300), {"ratio": 0.9}),
    }
    matches = {}
    for name, (detect, settings) in detectors.items():
        here, there = detect(first), detect(second)
        pairs = image.match(here.descriptors, there.descriptors, **settings)
        start, end = here.points[pairs[:, 0]], there.points[pairs[:, 1]]
        down, across = (start - 159.5).T
        cos, sin = np.cos(np.pi / 6), np.sin(np.pi / 6)
        moved = np.stack(
            [cos * down - sin * across, sin * down + cos * across]
        )
        expected = 0.75 * (moved.T + 160) - 0.5
        right = np.hypot(*(end - expected).T) < 4
        matches[name] = start, end, right
        counts = f"{len(here.points)} and {len(there.points)} keypoints"
        print(
            f"{name}: {counts}, {len(pairs)} matches, {right.mean():.0%} right"
        )

# %%
# A line joins the two places of each match: right ones are green, and wrong
# ones are red. To keep the figure legible, only some of them are drawn.

if data is not None:
    wide = np.zeros((320, 570), np.uint8)
    wide[:, :320], wide[40:280, 330:] = first, second
    pictures = dict.fromkeys(matches, wide)
    figure = visualize.plot_images(pictures, columns=1, size=6)
    for ax, (start, end, right) in zip(figure.axes, matches.values()):
        step = max(len(start) // 40, 1)
        for a, b, good in zip(start[::step], end[::step], right[::step]):
            color = "limegreen" if good else "red"
            ax.plot([a[1], b[1] + 330], [a[0], b[0] + 40], color=color, lw=0.8)

# %%
# A descriptor of SIFT is 128 numbers, and two descriptors are compared by
# their distance. One of ORB is 256 bits: each says which of two pixels is
# brighter. Bits are compared much faster, and they tell less.
#
# What to try next
# ----------------
#
# Turn the photograph by another angle, or add noise: which detector keeps more
# of its matches? Match two photographs of different things: how many matches
# remain, although none is right? And use ``image.hog`` and
# ``image.local_binary_pattern``, which describe whole images rather than
# points.
#
# All of these features were designed by people. The next page looks at
# features that a network has learned.
