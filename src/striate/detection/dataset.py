"""Images with the objects in them."""

import os

import numpy as np

from .._common.checks import check_path, choice, sequence, shown
from .._common.errors import Constructed
from ..image import read
from ..image.arrays import check_image
from .objects import Objects, check_all, check_names
from .preparation import check_one

_MODES = ("rgb", "gray")


class Dataset(Constructed):
    """Images with the objects in them, and the names of their classes.

    Parameters
    ----------
    images : ndarray of uint8, shape (images, height, width) or (images, height, width, channels), or a list
        The images, grey or in colour; or a list of images of different sizes, (height, width) or (height, width, channels), or
        of paths of image files, which are read each time that they are needed.
    objects : list of Objects
        What is in each image.
    classes : sequence of str
        Names of the classes.
    mode : {"rgb", "gray"}
        What images in files become; see `striate.image.read`.

    Raises
    ------
    TypeError, ValueError
        If there is not one of `objects` for each image, or a label has no name.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Dataset, Objects
    >>> images = np.zeros((2, 32, 48), np.uint8)
    >>> data = Dataset(images, [Objects([[3, 4, 9, 8]], [1]), Objects([], [])], ["cat", "dog"])
    >>> data, data[1:]
    (<Dataset: 2 images, 1 objects, 2 classes>, <Dataset: 1 images, 0 objects, 2 classes>)
    >>> image, objects = data[0]
    >>> image.shape, data.classes[objects.labels[0]]
    ((32, 48, 1), 'dog')
    """

    def __init__(self, images, objects, classes, mode="rgb"):
        self.classes = check_classes(classes)
        self.images = images if isinstance(images, np.ndarray) else sequence("images", images, "images or paths")
        self.objects = check_all("objects", objects, Objects)
        self.mode = choice("mode", mode, _MODES)
        if isinstance(images, np.ndarray):
            check_image("images", images[..., np.newaxis] if images.ndim == 3 else images, ("uint8",), (4,), (1, 3))
        else:
            for i, each in enumerate(self.images):
                if isinstance(each, (str, os.PathLike)):
                    check_path(f"images[{i}]", each)
                else:
                    check_one(f"images[{i}]", each)
        if len(self.images) != len(self.objects):
            raise ValueError(f"images has {len(self.images)} elements and objects {len(self.objects)}; expected equal numbers")
        for i, each in enumerate(self.objects):
            if len(each) and each.labels.max() >= len(self.classes):
                raise ValueError(
                    f"objects[{i}] holds the label {each.labels.max()}; expected labels of the {len(self.classes)} classes"
                )

    def __len__(self):
        """Return the number of images."""
        return len(self.images)

    def __getitem__(self, index):
        """Return an image (height, width, channels) with its objects; for a slice or several indices, a data set of them."""
        if isinstance(index, (int, np.integer)):
            return self.image(index), self.objects[index]
        chosen = np.arange(len(self))[index].tolist()
        images = self.images[chosen] if isinstance(self.images, np.ndarray) else [self.images[i] for i in chosen]
        return Dataset(images, [self.objects[i] for i in chosen], self.classes, self.mode)

    def __iter__(self):
        """Yield each image with its objects."""
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        """Return how much there is."""
        count = sum(map(len, self.objects))
        return f"<Dataset: {len(self)} images, {count} objects, {len(self.classes)} classes>"

    def image(self, index):
        """Return an image (height, width, channels)."""
        image = self.images[index]
        if isinstance(image, (str, os.PathLike)):
            return check_one(f"the file {str(image)!r}", read(image, self.mode))
        return check_one(f"images[{index}]", image)


def check_classes(classes):
    """Return the names of classes, which are different, as a tuple."""
    names = tuple(check_names(classes))
    if len(set(names)) < len(names) or not names:
        raise ValueError(f"classes={shown(classes)} has no name, or one twice; expected different names")
    return names


def check_dataset(name, value):
    """Return `value` if it is a `Dataset` with an image."""
    if not isinstance(value, Dataset):
        raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a striate.detection.Dataset")
    if not len(value):
        raise ValueError(f"{name}={value!r} is empty; expected at least one image")
    return value
