"""What writers of annotations share: where the images are."""

import os

import numpy as np

from ..image import write
from .preparation import upright_size

#: Docstring sections of all writers.
WRITING_DOC = """
    Parameters
    ----------
    folder : path
        Folder of the annotations, which exists.
    dataset : Dataset
        The images and their objects.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, an image is not of uint8, two image files have the same name, a box has
        no width or height, or the format has no word for something.
    OSError
        If a file cannot be written.
    """


def image_files(dataset, folder):
    """Yield the path and the size (height, width) of each image of a data set; arrays are written to a folder as PNG files."""
    _check_sizes(dataset.objects)
    for i, image in enumerate(dataset.images):
        if isinstance(image, (str, os.PathLike)):
            yield os.fspath(image), upright_size(image)
        else:
            path = os.path.join(folder, f"{i:06}.png")
            write(path, np.asarray(image))
            yield path, image.shape[:2]


def _check_sizes(objects):
    """Raise an error for boxes without a size, which readers refuse, before anything is written."""
    for i, each in enumerate(objects):
        sizes = each.boxes[:, 2:] - each.boxes[:, :2]
        if (flat := (sizes <= 0).any(1)).any():
            width, height = sizes[flat.argmax()]
            raise ValueError(
                f"dataset has a box of {width:g} x {height:g} pixels in image {i}; expected a width and a height above 0"
            )


def named_files(dataset, folder):
    """Yield what `image_files` does, each after the name of the file without its ending, which no other file has."""
    known = {}
    for file, size in image_files(dataset, folder):
        name = os.path.splitext(os.path.basename(file))[0]
        if name in known:
            raise ValueError(f"dataset has the images {known[name]!r} and {file!r}; expected files of different names")
        known[name] = file
        yield name, file, size
