"""Faces brought to one place, size and direction by their landmarks, as networks compare them."""

import numpy as np

from .._common.checks import integer, real_array
from ..image import warp_affine
from ..image.arrays import check_image
from .faces import check_landmarks

#: Where landmarks are in an aligned image, x and y in parts of its size: those of ArcFace (Deng et al., CVPR 2019), of 112
#: pixels.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]) / 112


def align(image, landmarks, size=112):
    """Return faces cut out of an image, so that their landmarks are where those of all aligned faces are.

    The image is moved, turned and resized, but not distorted: by the similarity transform that brings the landmarks nearest to
    their places, in the sense of least squares [1]_.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width) or (height, width, channels)
        The image.
    landmarks : array_like, shape (5, 2) or (faces, 5, 2)
        Points, x and y in pixels, 0 for the centre of the first, as `Faces` has them.
    size : int
        Height and width of the result.

    Returns
    -------
    ndarray of the image's dtype, shape (size, size) or (faces, size, size), with the image's channels
        The face, or the faces; black beyond the image.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or the points of a face are all the same.

    References
    ----------
    .. [1] Umeyama, S., "Least-squares estimation of transformation parameters between two point patterns", IEEE TPAMI 13, 1991.

    Examples
    --------
    >>> from striate import faces
    >>> from striate.datasets import drawn_faces
    >>> x, _, landmarks = drawn_faces.generate(identities=1, images=2)
    >>> faces.align(x[0], landmarks[0], size=32).shape
    (32, 32, 3)
    """
    image = check_image("image", image, ndims=(2, 3))
    landmarks, size = real_array("landmarks", landmarks, np.float64), integer("size", size, 1, 4096)
    if landmarks.ndim == 3:
        check_landmarks("landmarks", landmarks, landmarks.shape[:1])
        aligned = [_aligned(image, each, size) for each in landmarks]
        return np.stack(aligned) if aligned else np.empty((0, size, size, *image.shape[2:]), image.dtype)
    check_landmarks("landmarks", landmarks)
    return _aligned(image, landmarks, size)


def _aligned(image, points, size):
    """Return one face."""
    (a, b), (x, y) = similarity(points, TEMPLATE * size)
    # The inverse of (x, y) → (a x - b y, b x + a y) + shift, with rows before columns.
    square = a * a + b * b
    cosine, sine = a / square, b / square
    row, column = sine * x - cosine * y, -cosine * x - sine * y
    return warp_affine(image, [[cosine, -sine, row], [sine, cosine, column]], size)


def similarity(points, places):
    """Return (a, b) and the shift of the map (x, y) → (a x - b y, b x + a y) + shift that brings points nearest to places."""
    middle, center = points.mean(0), places.mean(0)
    p, q = points - middle, places - center
    extent = (p * p).sum()
    if not extent > 0:
        raise ValueError(f"landmarks holds the point {points[0].tolist()} alone; expected five different points")
    a, b = (p * q).sum() / extent, (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / extent
    if not a * a + b * b > 0:
        raise ValueError(f"landmarks={points.tolist()} are not those of a face; expected eyes, nose and mouth in their order")
    shift = center - (a * middle[0] - b * middle[1], b * middle[0] + a * middle[1])
    return (a, b), shift
