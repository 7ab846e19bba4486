"""Synthetic faces of many identities: drawn, not photographed, for learning to tell faces apart.

An identity is drawn from the seed and its index: the shapes of head, hair, eyes, brows, nose, mouth and beard, and their
colours. Each of its images has another pose, expression, light and background. Networks that tell these drawings apart have
learned to read drawings; what they do with photographs is another question.
"""

import functools
from typing import NamedTuple

import numpy as np

from .._common.arrays import empty
from .._common.checks import integer
from .._common.names import public_attributes
from .drawing import Canvas, check_amount, lit, uniform

_WHITE, _PUPIL, _MOUTH, _GLASSES = (0.93, 0.93, 0.92), (0.05, 0.05, 0.06), (0.25, 0.05, 0.06), (0.1, 0.1, 0.12)

#: How far in front of the middle of the head each part is: turning the head moves it by that much.
_EYES, _NOSE, _LIPS, _EARS = 0.75, 1.15, 0.85, -0.1


class _Identity(NamedTuple):
    """What is the same in all images of a face; a unit is half the height of the head."""

    skin: np.ndarray
    hair: np.ndarray
    iris: np.ndarray
    lips: np.ndarray
    head: float  # half its width
    jaw: float  # half its width at the mouth
    hairline: float  # its height above the eyes
    length: float  # how far hair reaches down, 0 for short hair
    eyes: float  # half their distance
    eye: float  # half the width of one
    opening: float  # its height in parts of its width
    brow: float  # thickness
    slant: float  # of brows
    arch: float  # height of brows above the eyes
    nose: float  # length
    nostrils: float  # half the width of the nose
    mouth: float  # half its width
    lip: float  # thickness
    chin: float  # distance of the mouth from the nose
    ears: float
    beard: float  # how dark it is, 0 for most
    moustache: float


def load_data(size=48):
    """Return synthetic faces: ten images each of 300 identities to learn from and of 100 others to verify.

    Parameters
    ----------
    size : int
        Height and width of the images.

    Returns
    -------
    (x_train, y_train, landmarks_train), (x_test, y_test, landmarks_test) : tuples of ndarray
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 32 to 1024.

    Examples
    --------
    >>> from striate.datasets import drawn_faces
    >>> (x_train, y_train, _), (x_test, y_test, _) = drawn_faces.load_data(size=32)
    >>> x_train.shape, x_test.shape
    ((3000, 32, 32, 3), (1000, 32, 32, 3))
    """
    return generate(300, 10, size, seed=0), generate(100, 10, size, seed=1)


def generate(identities, images=10, size=48, *, seed=0):
    """Return synthetic faces of some identities, drawn with random poses, expressions, light and backgrounds.

    Parameters
    ----------
    identities : int
        Number of identities.
    images : int
        Number of images of each.
    size : int
        Height and width of the images, from 32 to 1024.
    seed : int
        Seed; image j of identity i depends on it, on i, on j and on `size` only, and is the same on every machine. Other seeds
        give other identities.

    Returns
    -------
    x : ndarray of uint8, shape (identities * images, size, size, 3)
        The images, those of one identity after those of another.
    y : ndarray of int64, shape (identities * images,)
        The identities, from 0.
    landmarks : ndarray of float32, shape (identities * images, 5, 2)
        Points, x and y in pixels, 0 for the centre of the first: the eye on the left of the image, that on the right, the tip
        of the nose, and the corner of the mouth on the left and on the right.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    MemoryError
        If there is no memory for so many images.

    Examples
    --------
    >>> from striate.datasets import drawn_faces
    >>> x, y, landmarks = drawn_faces.generate(identities=3, images=2)
    >>> x.shape, y, landmarks.shape
    ((6, 48, 48, 3), array([0, 0, 1, 1, 2, 2]), (6, 5, 2))
    """
    identities, size, seed = check_amount(identities, size, 32, seed, "identities")
    images = integer("images", images, 0)
    x = empty((identities * images, size, size, 3), np.dtype(np.uint8))
    landmarks = np.empty((identities * images, 5, 2), np.float32)
    for i in range(identities):
        identity = _identity(np.random.default_rng([seed, i]))
        for j in range(images):
            k = i * images + j
            rng = np.random.default_rng([seed, i, j + 1])  # NumPy pads with zeros: [seed, i, 0] is the identity's generator.
            x[k], landmarks[k] = _image(identity, size, rng)
    return x, np.repeat(np.arange(identities), images), landmarks


def _identity(rng):
    """Return a random identity."""
    between = functools.partial(uniform, rng)
    brightness = between(0.35, 0.95)
    skin = brightness * np.array([1.0, between(0.68, 0.82), between(0.5, 0.7)])
    dark = between(0.05, 0.75)
    hair = dark * np.array([1.0, between(0.55, 0.95), between(0.25, 0.9)])
    iris = np.array([between(0.1, 0.45), between(0.2, 0.5), between(0.1, 0.6)])
    lips = skin * np.array([between(0.8, 1.0), between(0.5, 0.8), between(0.55, 0.85)])
    return _Identity(
        skin, hair, iris, lips,
        head=between(0.62, 0.8), jaw=between(0.4, 0.62), hairline=between(0.3, 0.68), length=max(between(-1.0, 1.4), 0.0),
        eyes=between(0.25, 0.36), eye=between(0.11, 0.17), opening=between(0.35, 0.62), brow=between(0.03, 0.1),
        slant=between(-0.06, 0.06), arch=between(0.14, 0.26), nose=between(0.26, 0.44), nostrils=between(0.07, 0.15),
        mouth=between(0.16, 0.31), lip=between(0.03, 0.09), chin=between(0.17, 0.28), ears=between(0.06, 0.16),
        beard=max(between(-1.5, 0.7), 0.0), moustache=max(between(-1.5, 0.8), 0.0),
    )  # fmt: skip


class _Pose:
    """Where a head is in an image, and how it is turned: a canvas on which ellipses and lines can be placed.

    Parameters
    ----------
    canvas : Canvas
        The image.
    rng : numpy.random.Generator
        Source of the pose.
    """

    def __init__(self, canvas, rng):
        size = canvas.size
        self.canvas = canvas
        self.scale = size * uniform(rng, 0.27, 0.36)
        self.turn = uniform(rng, -0.16, 0.16)
        self.origin = size * uniform(rng, 0.42, 0.58), size * uniform(rng, 0.44, 0.6)
        self.yaw, self.nod = uniform(rng, -0.22, 0.22), uniform(rng, -0.1, 0.1)

    def seen(self, x, y, depth=0.0):
        """Return where a point of the head, as far in front of its middle, is seen from in front."""
        return x * (1 - self.yaw * self.yaw) + self.yaw * depth, y + self.nod * depth

    def pixel(self, x, y):
        """Return the pixel of a point."""
        cosine, sine = (1 - self.turn * self.turn) / (1 + self.turn * self.turn), 2 * self.turn / (1 + self.turn * self.turn)
        right, up = self.scale * (cosine * x - sine * y), self.scale * (sine * x + cosine * y)
        return self.origin[0] + right, self.origin[1] - up

    def ellipse(self, x, y, width, height, color, opacity=1.0):
        """Draw an ellipse around a point, of half a width and half a height."""
        if width >= height:
            self.canvas.place(self.pixel(x, y), self.scale * width, self.turn)
            self.canvas.disk(0, 0, 1, color, opacity, flat=height / width)
        else:
            self.canvas.place(self.pixel(x, y), self.scale * height, self.turn, width / height)
            self.canvas.disk(0, 0, 1, color, opacity)

    def line(self, start, end, width, color):
        """Draw a line between two points."""
        self.canvas.place(self.origin, self.scale, self.turn)
        self.canvas.line(start, end, width, color)


def _image(face, size, rng):
    """Return an image of a face, and its landmarks."""
    canvas = Canvas(size, rng.random(3))
    for _ in range(rng.integers(6)):
        canvas.place((0.0, size), 1.0)
        canvas.disk(*uniform(rng, 0, size, 2), size * uniform(rng, 0.05, 0.4), rng.random(3))
    pose = _Pose(canvas, rng)
    shirt, glasses = rng.random(3), rng.random() < 0.15
    pose.ellipse(0, -1.75, 1.1, 0.75, shirt)
    if face.length:
        pose.ellipse(*pose.seen(0, 0.15 - face.length / 2, -0.4), face.head + 0.14, 0.85 + face.length / 2, face.hair)
    pose.ellipse(0, -0.95, 0.3, 0.5, 0.85 * face.skin)  # neck
    for side in (-1, 1):
        pose.ellipse(*pose.seen(side * face.head, 0.0, _EARS), face.ears, 0.17, 0.9 * face.skin)
    _head(pose, face)
    eyes, mouth = _eyes(pose, face, rng), _mouth(pose, face, rng)
    nose = _nose(pose, face)
    if glasses:
        for x, y in eyes:
            canvas.place(pose.pixel(x, y), pose.scale, pose.turn)
            canvas.ring(0, 0, face.eye + 0.06, 0.04, _GLASSES)
        pose.line((eyes[0][0] + face.eye, eyes[0][1]), (eyes[1][0] - face.eye, eyes[1][1]), 0.03, _GLASSES)
    points = np.array([pose.pixel(*point) for point in (*eyes, nose, *mouth)]) - 0.5
    return lit(canvas.pixels, rng), points


def _head(pose, face):
    """Draw hair and the skin below it."""
    pose.ellipse(*pose.seen(0, 0.12, -0.1), face.head + 0.07, 0.98, face.hair)
    pose.ellipse(0, -0.1 + (face.hairline - 0.5) / 2, face.head, 0.5 + face.hairline / 2, face.skin)
    pose.ellipse(*pose.seen(0, -0.45, 0.2), face.jaw + 0.12, 0.5, face.skin)
    if face.beard:
        pose.ellipse(*pose.seen(0, -0.68, 0.3), face.jaw, 0.3, face.hair, face.beard)


def _eyes(pose, face, rng):
    """Draw eyes and brows; return the points of the eyes."""
    open_by, raised = uniform(rng, 0.45, 1.1), uniform(rng, -0.03, 0.06)
    look = uniform(rng, -0.3, 0.3) * face.eye
    points = []
    for side in (-1, 1):
        x, y = pose.seen(side * face.eyes, 0.08, _EYES)
        height = face.eye * face.opening * open_by
        pose.ellipse(x, y, face.eye, height, _WHITE)
        iris = min(0.45 * face.eye, height)
        pose.ellipse(x + look, y, iris, iris, face.iris)
        pose.ellipse(x + look, y, 0.5 * iris, 0.5 * iris, _PUPIL)
        brow, tilt = y + face.arch + raised, side * face.slant
        reach = 1.25 * face.eye
        pose.line((x - reach, brow - tilt), (x + reach, brow + tilt), face.brow, 0.8 * face.hair)
        points.append((x, y))
    return points


def _nose(pose, face):
    """Draw a nose; return its tip."""
    top, (x, y) = pose.seen(0, 0.05, _EYES), pose.seen(0, 0.08 - face.nose, _NOSE)
    pose.line(top, (x, y), 0.6 * face.nostrils, 0.9 * face.skin)
    pose.ellipse(x, y, face.nostrils, 0.6 * face.nostrils, 0.86 * face.skin)
    for side in (-1, 1):
        pose.ellipse(x + side * 0.5 * face.nostrils, y - 0.03, 0.03, 0.02, 0.4 * face.skin)
    return x, y


def _mouth(pose, face, rng):
    """Draw a mouth; return its corners."""
    smile, gap, wide = uniform(rng, -0.04, 0.09), max(uniform(rng, -0.1, 0.1), 0.0), uniform(rng, 0.9, 1.15)
    x, y = pose.seen(0, 0.08 - face.nose - face.chin, _LIPS)
    width = face.mouth * wide
    if face.moustache:
        pose.ellipse(x, y + 0.1, width, 0.06, face.hair, face.moustache)
    if gap:
        pose.ellipse(x, y - smile, 0.8 * width, gap + face.lip / 2, _MOUTH)
    corners = [(x - width, y), (x + width, y)]
    middle = [(x - 0.4 * width, y - smile), (x + 0.4 * width, y - smile)]
    for drop in (gap, -gap) if gap else (0.0,):
        lowered = [(a, b - drop) for a, b in middle]
        for start, end in zip([corners[0], *lowered], [*lowered, corners[1]], strict=True):
            pose.line(start, end, face.lip, face.lips)
    return corners


__all__ = ["generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
