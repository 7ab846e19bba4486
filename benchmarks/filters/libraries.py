"""Each library's way to filter an image: a function for each filter, of the image and the side of the window.

All continue images by their mirror image (OpenCV's default), but for extremes and medians, which continue the edge.
"""

import math

import numpy as np

#: Filters, and the sides of the windows that they are measured with.
FILTERS = {
    "box": (3, 5, 9, 15, 31),
    "gaussian": (3, 5, 9, 15, 31),
    "kernel": (3, 5, 9, 15, 31),  # one that is not separable
    "sobel": (3,),
    "laplacian": (3,),
    "erosion": (3, 5, 9, 15, 31),
    "ellipse": (3, 5, 9, 15, 31),
    "median": (3, 5, 9, 15),
    "bilateral": (5,),
}

SIGMA_COLOR = 0.1  # of the range of values


def picture(size, channels, dtype):
    """Return a picture of smooth shapes and noise."""
    height, width = size
    rng = np.random.default_rng(0)
    rows, columns = np.ogrid[:height, :width]
    shapes = 128 + 60 * np.sin(rows / 40)[..., np.newaxis] + 60 * np.cos(columns / 30 + rows / 70)[..., np.newaxis]
    noisy = np.clip(shapes + rng.normal(0, 12, (height, width, channels)), 0, 255).astype(np.uint8)
    noisy = noisy if dtype == "uint8" else noisy.astype(np.float32) / np.float32(255)
    return noisy[..., 0] if channels == 1 else noisy


def random_kernel(side):
    """Return a kernel of full rank, whose sum is 1."""
    kernel = np.random.default_rng(side).random((side, side))
    return kernel / kernel.sum()


def ellipse(side):
    """Return a round structuring element."""
    squares = (2 * (np.arange(side) - (side - 1) / 2) / side) ** 2
    return squares[:, np.newaxis] + squares <= 1


def sigma_of(side):
    """Return the standard deviation of the Gaussian for a window."""
    return side / 5


def striate(threads):
    """Return the functions of striate."""
    import striate as library
    from striate import image

    library.set_num_threads(threads)
    return {
        "box": lambda x, k: image.box_filter(x, k, "mirror"),
        "gaussian": lambda x, k: image.gaussian_filter(x, sigma_of(k), k // 2, "mirror"),
        "kernel": lambda x, k: image.correlate(x, random_kernel(k), "mirror"),
        "sobel": lambda x, k: image.sobel(x, 1, "mirror"),
        "laplacian": lambda x, k: image.laplacian(x, 4, "mirror"),
        "erosion": lambda x, k: image.erode(x, k, "nearest"),
        "ellipse": lambda x, k: image.erode(x, ellipse(k), "nearest"),
        "median": lambda x, k: image.median_filter(x, k, "nearest"),
        "bilateral": lambda x, k: image.bilateral_filter(x, _color(x), k / 3, k // 2, "mirror"),
    }


def opencv(threads):
    """Return the functions of OpenCV; its medians of floats are at most 5×5."""
    import cv2

    cv2.setNumThreads(threads)
    return {
        "box": lambda x, k: cv2.blur(x, (k, k)),
        "gaussian": lambda x, k: cv2.GaussianBlur(x, (k, k), sigma_of(k)),
        "kernel": lambda x, k: cv2.filter2D(x, -1, random_kernel(k)),
        "sobel": lambda x, k: cv2.Sobel(x, -1, 1, 0),
        "laplacian": lambda x, k: cv2.Laplacian(x, -1),
        "erosion": lambda x, k: cv2.erode(x, np.ones((k, k), np.uint8)),
        "ellipse": lambda x, k: cv2.erode(x, ellipse(k).astype(np.uint8)),
        "median": lambda x, k: cv2.medianBlur(x, k) if k <= 5 or x.dtype == np.uint8 else None,
        "bilateral": lambda x, k: cv2.bilateralFilter(x, k, _color(x), k / 3),
    }


def scipy(threads):
    """Return the functions of `scipy.ndimage`, which has one thread."""
    from scipy import ndimage

    def window(x, k):
        return (k, k) if x.ndim == 2 else (k, k, 1)

    def weights(x, kernel):
        return kernel if x.ndim == 2 else kernel[..., np.newaxis]

    return {
        "box": lambda x, k: ndimage.uniform_filter(x, window(x, k), mode="mirror"),
        "gaussian": lambda x, k: ndimage.gaussian_filter(x, sigma_of(k), mode="mirror", radius=k // 2, axes=(0, 1)),
        "kernel": lambda x, k: ndimage.correlate(x, weights(x, random_kernel(k)), mode="mirror"),
        "sobel": lambda x, k: ndimage.sobel(x, 1, mode="mirror"),
        "laplacian": lambda x, k: ndimage.laplace(x, mode="mirror", axes=(0, 1)),
        "erosion": lambda x, k: ndimage.minimum_filter(x, window(x, k), mode="nearest"),
        "ellipse": lambda x, k: ndimage.grey_erosion(x, footprint=weights(x, ellipse(k)), mode="nearest"),
        "median": lambda x, k: ndimage.median_filter(x, window(x, k), mode="nearest"),
    }


def scikit_image(threads):
    """Return the functions of scikit-image that are its own."""
    from skimage import filters, morphology, restoration

    return {
        "gaussian": lambda x, k: filters.gaussian(
            x, sigma_of(k), mode="mirror", truncate=(k // 2) / sigma_of(k), channel_axis=None if x.ndim == 2 else 2
        ),
        "sobel": lambda x, k: filters.sobel(x, axis=1),
        "erosion": lambda x, k: morphology.erosion(x, np.ones((k, k))) if x.ndim == 2 else None,
        "bilateral": lambda x, k: restoration.denoise_bilateral(
            x, k, SIGMA_COLOR, k / 3, channel_axis=None if x.ndim == 2 else 2
        ),
    }


LIBRARIES = {"striate": striate, "opencv": opencv, "scipy": scipy, "skimage": scikit_image}


def _color(x):
    return SIGMA_COLOR * (255 if x.dtype == np.uint8 else 1)


def differs(name, result, other):
    """Return by how much the inner parts of two results differ at most, or NaN for filters that are defined otherwise."""
    if name == "bilateral":
        return math.nan
    return float(np.abs(np.asarray(result, np.float64) - np.asarray(other, np.float64)).max())
