"""Augmentation: images that are changed at random, with the boxes of what is in them.

Each is called with an image (height, width, channels) of uint8, its objects and a generator of random numbers, and returns both
anew.
"""

import numpy as np

from .._common.checks import called, choice, integer, number, shown
from .._common.errors import Constructed
from .._common.randomness import generator
from ..image import flip as flip_image
from ..image import warp_affine
from ..image.arrays import rounded
from ..image.colors import to_grayscale
from .dataset import Dataset, check_dataset
from .objects import Objects
from .preparation import GRAY, check_one

#: Part of a box that must still be in the image; of those of which less is seen, nobody needs to find the rest.
_VISIBLE = 0.3


class _Augmentation(Constructed):
    """The base class: a subclass defines `_change`."""

    def __call__(self, image, objects, rng=None):
        """Return an image (height, width, channels) and its objects, changed at random.

        Parameters
        ----------
        image : array_like of uint8, shape (height, width) or (height, width, channels)
            The image.
        objects : Objects
            What is in it.
        rng : None, int or numpy.random.Generator
            Source of random numbers.
        """
        image = check_one("image", image)
        if not isinstance(objects, Objects):
            raise TypeError(f"objects={shown(objects)} is of type {type(objects).__name__}; expected Objects")
        return self._change(image, objects, generator(rng))


class RandomFlip(_Augmentation):
    """Mirror images, half of them unless `probability` tells otherwise.

    Parameters
    ----------
    direction : {"horizontal", "vertical"}
        Whether left and right are exchanged, or top and bottom.
    probability : float
        How probable it is, from 0 to 1.

    Raises
    ------
    ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Objects, RandomFlip
    >>> flip = RandomFlip(probability=1)
    >>> _, objects = flip(np.zeros((20, 30, 1), np.uint8), Objects([[1, 2, 5, 9]], [0]), rng=0)
    >>> objects.boxes
    array([[25.,  2., 29.,  9.]])
    """

    def __init__(self, direction="horizontal", probability=0.5):
        self.direction = choice("direction", direction, ("horizontal", "vertical"))
        self.probability = number("probability", probability, 0, 1)

    def _change(self, image, objects, rng):
        if rng.random() >= self.probability:
            return image, objects
        boxes = objects.boxes.copy()
        axis = ("horizontal", "vertical").index(self.direction)
        boxes[:, [axis, axis + 2]] = image.shape[1 - axis] - boxes[:, [axis + 2, axis]]
        return flip_image(image, self.direction), Objects(boxes, objects.labels, objects.ignored, objects.areas)


class RandomCrop(_Augmentation):
    """Cut a part out of images, at a random place.

    Parameters
    ----------
    smallest : float
        Least height and width of the part, as a part of those of the image; above 0 and at most 1.
    probability : float
        How probable it is, from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Notes
    -----
    Boxes are cut, too. Of objects of which less than 30 % is left, the rest is to be ignored.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Objects, RandomCrop
    >>> crop = RandomCrop(smallest=0.5)
    >>> part, objects = crop(np.zeros((20, 30, 1), np.uint8), Objects([[0, 0, 30, 20]], [0]), rng=0)
    >>> part.shape, objects.boxes
    ((13, 19, 1), array([[ 0.,  0., 19., 13.]]))
    """

    def __init__(self, smallest=0.5, probability=1.0):
        self.smallest = number("smallest", smallest, 0, 1, open_minimum=True)
        self.probability = number("probability", probability, 0, 1)

    def _change(self, image, objects, rng):
        if rng.random() >= self.probability:
            return image, objects
        part = rng.uniform(self.smallest, 1)
        size = [max(round(each * part), 1) for each in image.shape[:2]]
        top, left = (int(rng.integers(old - new + 1)) for old, new in zip(image.shape, size, strict=False))
        cut = np.ascontiguousarray(image[top : top + size[0], left : left + size[1]])
        return cut, moved(objects, np.ones(2), np.array([-left, -top]), size)


class RandomAffine(_Augmentation):
    """Resize and move what is in images of unchanged size; what lies beyond their borders is grey.

    Parameters
    ----------
    scale : pair of float
        Least and largest factor of sizes, above 0.
    translation : float
        Largest part of height and width by which the middle of the image is moved, at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Notes
    -----
    Boxes are moved and cut, too. Of objects of which less than 30 % is left, the rest is to be ignored.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Objects, RandomAffine
    >>> affine = RandomAffine(scale=(2, 2), translation=0)
    >>> _, objects = affine(np.zeros((20, 20, 1), np.uint8), Objects([[8, 8, 12, 14]], [0]), rng=0)
    >>> objects.boxes
    array([[ 6.,  6., 14., 18.]])
    """

    def __init__(self, scale=(0.75, 1.33), translation=0.1):
        if not isinstance(scale, (tuple, list)) or len(scale) != 2:
            raise ValueError(f"scale={shown(scale)} is not a range; expected the least and the largest factor")
        least = number("scale[0]", scale[0], 0, open_minimum=True)
        self.scale = least, number("scale[1]", scale[1], least)
        self.translation = number("translation", translation, 0)

    def _change(self, image, objects, rng):
        size = np.array(image.shape[:2])
        factor = np.exp(rng.uniform(*np.log(self.scale)))
        offset = size / 2 * (1 - factor) + rng.uniform(-self.translation, self.translation, 2) * size  # of rows and columns
        # The map goes from centres of new pixels, at half-integers, to those of old ones.
        rows, columns = (0.5 - offset) / factor - 0.5
        y = warp_affine(image, [[1 / factor, 0, rows], [0, 1 / factor, columns]], value=GRAY)
        return y, moved(objects, np.full(2, factor), offset[::-1], image.shape[:2])


class RandomColor(_Augmentation):
    """Change the brightness, contrast and saturation of images.

    Parameters
    ----------
    brightness : float
        Largest part of the range of values by which all are changed, from 0 to 1.
    contrast : float
        Contrast is multiplied by a factor from ``1 - contrast`` to ``1 + contrast``; from 0 to 1.
    saturation : float
        The same for the saturation of images in colour.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Objects, RandomColor
    >>> color = RandomColor(brightness=0.5)
    >>> y, _ = color(np.full((1, 1, 3), 100, np.uint8), Objects([], []), rng=0)
    >>> y.ravel()
    array([135, 135, 135], dtype=uint8)
    """

    def __init__(self, brightness=0.2, contrast=0.2, saturation=0.2):
        self.brightness = number("brightness", brightness, 0, 1)
        self.contrast = number("contrast", contrast, 0, 1)
        self.saturation = number("saturation", saturation, 0, 1)

    def _change(self, image, objects, rng):
        shift, contrast, saturation = rng.uniform(-1, 1, 3) * (self.brightness, self.contrast, self.saturation)
        x = image.astype(np.float32)
        if image.shape[2] == 3:
            x += saturation * (x - to_grayscale(x)[..., np.newaxis])
        x += contrast * (x - x.mean()) + 255 * shift
        return rounded(x, image.dtype), objects


def moved(objects, factors, offset, size):
    """Return objects whose boxes are multiplied by factors of x and y, moved by an offset, and cut to an image of a size."""
    boxes = objects.boxes * np.tile(factors, 2) + np.tile(offset, 2)
    height, width = size
    seen = np.clip(boxes, 0, [width, height, width, height])
    whole = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    part = np.divide((seen[:, 2:] - seen[:, :2]).prod(1), whole, out=np.zeros(len(whole)), where=whole > 0)
    ignored = objects.ignored | (part < _VISIBLE)
    return Objects(seen, objects.labels, ignored, objects.areas * factors.prod() * part)[part > 0]


def augment(dataset, augmentation, copies=1, rng=None):
    """Return a data set of changed images, with the boxes of what is in them.

    `Detector.fit` takes `augmentation`, too, and changes each image anew in each epoch.

    Parameters
    ----------
    dataset : Dataset
        Images with the objects in them.
    augmentation : callable or sequence of them
        What changes them, in order: `RandomFlip` and the like.
    copies : int
        How many images are made of each.
    rng : None, int or numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    Dataset
        The images are arrays in a list.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Dataset, Objects, RandomColor, RandomFlip, augment
    >>> data = Dataset(np.zeros((2, 20, 30), np.uint8), [Objects([[1, 2, 5, 9]], [0])] * 2, ["a"])
    >>> augment(data, [RandomFlip(), RandomColor()], copies=3, rng=0)
    <Dataset: 6 images, 6 objects, 1 classes>
    """
    check_dataset("dataset", dataset)
    augmentation = check_augmentation("augmentation", augmentation)
    rng = generator(rng)
    images, objects = [], []
    for _ in range(integer("copies", copies, 1)):
        for image, each in dataset:
            image, each = changed(image, each, augmentation, rng)
            images.append(image)
            objects.append(each)
    return Dataset(images, objects, dataset.classes)


def changed(image, objects, augmentation, rng):
    """Return an image and its objects after all that changes them, in order."""
    for change in augmentation:
        image, objects = change(image, objects, rng)
    return image, objects


def check_augmentation(name, value):
    """Return what changes images as a list of functions."""
    changes = list(value) if isinstance(value, (list, tuple)) else [value]
    return [called(f"{name}[{i}]", each, "an image, its objects and random numbers") for i, each in enumerate(changes)]
