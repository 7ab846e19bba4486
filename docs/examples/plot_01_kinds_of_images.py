"""
1. Kinds of images
==================

For a computer, an image is a table of numbers. This page shows the tables
behind grayscale, binary and colour images, and what can be done with the
numbers alone: tell ink from paper, separate colour from brightness, and get
more contrast out of a pale photograph.
"""

# %%
# Grayscale: a table of numbers
# -----------------------------
#
# A pixel of a grayscale image is one number, often from 0 for black to 255 for
# white: the 256 values that fit into one byte, which NumPy calls ``uint8``. We
# look at one of the handwritten digits that come with striate, first as
# numbers, then as a picture. Rows are numbered from the top and columns from
# the left, and a position is always (row, column).

import matplotlib.pyplot as plt
import numpy as np

from striate import image, visualize
from striate.datasets import load_digits

digits, labels = load_digits()
gray = (digits[0] * 15).astype(np.uint8)  # they have values from 0 to 16
print(f"a {labels[0]}, {gray.shape[0]} rows and {gray.shape[1]} columns")
print(image.pixel_table(gray))

# %%
# Binary: yes or no
# -----------------
#
# A binary image has only two values. It is the answer to a question that is
# asked of each pixel: is it brighter than a *threshold*? In NumPy such answers
# are ``bool``, and the table shows them as 1 and 0.

binary = image.threshold(gray, 100)
print("dtype:", binary.dtype)
print(image.pixel_table(binary))
pictures = {"Grayscale": gray, "Binary: above 100": binary}
visualize.plot_images(pictures, columns=2, size=2.2)

# %%
# Colour: three tables
# --------------------
#
# A colour image has three numbers for each pixel: how much red, green and blue
# light it sends. The array gets a third axis for them, the *channels*. Here
# are six pixels; yellow is red and green light together.

colors = np.array(
    [
        [[255, 0, 0], [0, 255, 0], [0, 0, 255]],
        [[255, 255, 0], [255, 255, 255], [90, 90, 90]],
    ],
    np.uint8,
)
print("shape:", colors.shape, "\n")
print(image.pixel_table(colors))

# %%
# To turn colours into grey we need one number for three. Their plain mean is
# possible, but our eyes find green much brighter than blue. The usual weights
# take that into account.

as_gray = image.to_grayscale(colors)
print("weighted for the eye\n" + image.pixel_table(as_gray))
average = image.to_grayscale(colors, "average")
print("\nplain mean\n" + image.pixel_table(average))
pictures = {
    "Colour": colors,
    "Weighted for the eye": as_gray,
    "Plain mean": average,
}
visualize.plot_images(pictures, columns=3, size=2)

# %%
# Which threshold?
# ----------------
#
# Let us write a line of digits on paper, and put a lamp at its left end. The
# paper on the right lies in the shade. We know which pixels are ink, since we
# drew them ourselves, so we can count what each method gets right.

ink = np.concatenate(np.pad(digits[:9], ((0, 0), (4, 4), (3, 3))), axis=1)
ink = image.resize(ink.astype(np.float64) / 16, (64, 504))
light = np.linspace(245, 45, ink.shape[1])
noise = np.random.default_rng(0).normal(0, 3, ink.shape)
page = np.clip(light * (1 - 0.7 * ink) + noise, 0, 255).astype(np.uint8)

# %%
# A **fixed** threshold is our guess: half of 255. **Otsu's** method looks at
# all values, and chooses the threshold that best splits them into two groups
# of similar values. An **adaptive** threshold compares each pixel with the
# mean of its own neighbourhood, minus a small offset.

otsu = image.otsu_threshold(page)
papers = {
    "Fixed": image.threshold(page, 127),
    "Otsu": image.threshold(page, otsu),
    "Adaptive": image.adaptive_threshold(page, 41, offset=9),
}


def rates(paper):
    """Return how much of the ink is black, and how much paper is white."""
    return np.mean(~paper[ink > 0.4]), np.mean(paper[ink <= 0.4])


print(f"Otsu's threshold is {otsu:.0f}")
for name, paper in papers.items():
    black, white = rates(paper)
    print(f"  {name:9} ink found: {black:6.1%}   paper white: {white:6.1%}")
visualize.plot_images({"The page": page, **papers}, columns=1, size=6)

# %%
# No single threshold can be right: paper in the shade is darker than ink under
# the lamp. Nor is it a matter of choosing the number well, as we see when we
# try them all, and keep the one with the highest mean of both rates.

best = max(range(256), key=lambda t: sum(rates(image.threshold(page, t))))
black, white = rates(image.threshold(page, best))
print(f"the best fixed threshold is {best}")
print(f"  ink found: {black:.1%}   paper white: {white:.1%}")

# %%
# A photograph and its channels
# -----------------------------
#
# From here on we need photographs. They come with scikit-image:
# ``pip install striate[features]``. Where it is not installed, this page says
# so, and shows nothing further.

try:
    from skimage import data
except ImportError:
    data = None
    print("scikit-image is not here. To install it, run")
    print("    pip install striate[features]")

# %%
# Each channel of a colour image is itself a grayscale image. The saucer
# is red: bright in the red channel, dark in the blue one. The cup is white,
# and bright in all three.

if data is not None:
    photo = image.resize(data.coffee(), (200, 300))
    print("a photograph of shape", photo.shape, photo.dtype)
    pictures = {"The photograph": photo}
    for channel, name in enumerate(["Red", "Green", "Blue"]):
        pictures[name] = photo[..., channel]
    visualize.plot_images(pictures, columns=2, size=3)

# %%
# Colour without brightness: HSV
# ------------------------------
#
# Red, green and blue all change when a cloud hides the sun. Two other ways to
# write a colour keep brightness apart. **HSV** says which colour it is (the
# *hue*, a place on the colour circle), how strong it is (the *saturation*),
# and how bright it is (the *value*). We halve the light, and look at how much
# each number changes on average. The numbers are floats from 0 to 1, and hues
# are compared the short way round their circle.

if data is not None:
    bright = photo / 255
    dark = bright / 2
    hsv, dark_hsv = image.rgb_to_hsv(bright), image.rgb_to_hsv(dark)
    change = np.abs(np.concatenate([bright - dark, hsv - dark_hsv], -1))
    change[..., 3] = np.minimum(change[..., 3], 1 - change[..., 3])
    names = ["red", "green", "blue", "hue", "saturation", "value"]
    for name, mean in zip(names, change.mean((0, 1))):
        print(f"  {name:10} changes by {mean:.3f}")
    full = np.stack([hsv[..., 0], *np.ones((2, *hsv.shape[:2]))], -1)
    pictures = {
        "Hue": image.hsv_to_rgb(full),
        "Saturation": hsv[..., 1],
        "Value": hsv[..., 2],
    }
    visualize.plot_images(pictures, columns=3, size=2)

# %%
# Hue and saturation stay what they were, and only the value is halved. (The
# hue has no brightness. Its picture shows it as the strongest and brightest
# colour that has it, which turns the faintest tint of the white cup into a
# strong colour, too.)
#
# Colour as JPEG stores it: YCbCr
# -------------------------------
#
# **YCbCr** holds the brightness *Y* as we see it, and two numbers for the
# colour: how much bluer (*Cb*) and how much redder (*Cr*) it is than grey. The
# eye sees fine detail in brightness, but hardly in colour. We test that: first
# we coarsen both colour channels, so that one number is left for 12×12 pixels,
# then only the brightness.


def coarse(plane):
    """Return a plane with one number for each 12×12 pixels."""
    height, width = plane.shape
    small = image.resize(plane, (height // 12, width // 12), "area")
    return image.resize(small, (height, width))


if data is not None:
    ycbcr = image.rgb_to_ycbcr(photo)
    coarse_color, coarse_brightness = ycbcr.copy(), ycbcr.copy()
    for channel in (1, 2):
        coarse_color[..., channel] = coarse(ycbcr[..., channel])
    coarse_brightness[..., 0] = coarse(ycbcr[..., 0])
    pictures = {
        "Coarse colour": image.ycbcr_to_rgb(coarse_color),
        "Coarse brightness": image.ycbcr_to_rgb(coarse_brightness),
    }
    visualize.plot_images(pictures, columns=2, size=3)

# %%
# Two of three channels are almost gone on the left, and yet the photograph
# looks sharp. This is one of the reasons why JPEG files are so small.
#
# More contrast: histogram equalisation
# -------------------------------------
#
# A *histogram* counts how many pixels have each value. In a pale image all of
# them crowd into a few values. *Equalisation* spreads the values, so that all
# brightnesses occur about equally often: a pixel's new value is the share of
# pixels that are no brighter than it.

if data is not None:
    pale = 110 + (image.resize(data.camera(), 256) // 5)
    pictures = {
        "Pale": pale,
        "Equalised": image.equalize(pale),
        "Equalised by region": image.clahe(pale, 20.0),
    }
    fig, axes = plt.subplots(2, 3, figsize=(6, 3.4), layout="constrained")
    for (above, below), (name, picture) in zip(axes.T, pictures.items()):
        above.imshow(picture, cmap="gray", vmin=0, vmax=255)
        above.set_title(name)
        above.axis("off")
        below.bar(range(0, 256, 8), image.histogram(picture, 32), 8)
        below.set(xlim=(0, 255), yticks=[], xlabel="value")
        lowest, highest = np.percentile(picture, [5, 95])
        print(
            f"{name:19} 90% of pixels lie from {lowest:.0f} to {highest:.0f}"
        )

# %%
# Equalisation adds nothing: pixels of equal value stay equal, and what was
# there becomes visible. The third picture, *CLAHE*, does the same in each
# region separately, and limits how far it goes, so that even areas do not turn
# into noise.
#
# What to try next
# ----------------
#
# Change the size of the neighbourhood, 41, to 5 and to 201: what does the
# adaptive threshold make of the page, and why? And find the white cup: nothing
# else in the photograph is so bright and has so little colour. Threshold the
# value and the saturation, and combine the two with ``&`` into a binary image.
# What else is in it?
#
# The next page takes the step from single pixels to their neighbourhoods:
# :doc:`Convolution by hand <plot_02_convolution_by_hand>`.
