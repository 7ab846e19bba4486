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
        If an argument is not what is described above, an image is not of uint8, two image files have the same name, or the
        format has no word for something.
    OSError
        If a file cannot be written.
    """


def image_files(dataset, folder):
    """Yield the path and the size (height, width) of each image of a data set; arrays are written to a folder as PNG files."""
    for i, image in enumerate(dataset.images):
        if isinstance(image, (str, os.PathLike)):
            yield os.fspath(image), upright_size(image)
        else:
            path = os.path.join(folder, f"{i:06}.png")
            write(path, np.asarray(image))
            yield path, image.shape[:2]


def named_files(dataset, folder):
    """Yield what `image_files` does, each after the name of the file without its ending, which no other file has."""
    known = {}
    for file, size in image_files(dataset, folder):
        name = os.path.splitext(os.path.basename(file))[0]
        if name in known:
            raise ValueError(f"dataset has the images {known[name]!r} and {file!r}; expected files of different names")
        known[name] = file
        yield name, file, size
