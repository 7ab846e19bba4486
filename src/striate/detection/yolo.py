"""Annotations in YOLO's format: a text file for each image, with a line for each object."""

import os

from .._common.checks import check_path
from .._common.docstrings import documented
from .._common.files import open_regular, write_atomically
from .boxes import convert_boxes
from .dataset import Dataset, check_dataset
from .objects import Objects, check_names
from .problems import READING_DOC, Problems, number_in
from .writing import WRITING_DOC, named_files

#: Endings of the files in a folder that count as images.
_IMAGES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

#: Digits that the index of a class has at most: Python refuses to make an int of thousands.
_MOST_DIGITS = 18


@documented(READING_DOC)
def read_yolo(folder, images, classes, *, invalid="raise", mode="rgb"):
    """Read images with the objects in them from text files in YOLO's format.

    Parameters
    ----------
    folder : path
        Folder of the text files, each with the name of its image and the ending ".txt". A line is ``class x y width height``:
        the index of the class, the centre of the box and its size, in parts of the image's width and height.
    images : path
        Folder of the image files. An image without a text file has no objects.
    classes : sequence of str
        Names of the classes.

    Returns
    -------
    Dataset
        Images in the order of their names.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_yolo(folder, data, folder)
    ...     print(Path(folder, "000000.txt").read_text())
    ...     print(detection.read_yolo(folder, folder, ["dot"])[0][1].boxes)
    0 0.375 0.5 0.5 0.5
    <BLANKLINE>
    [[1. 2. 5. 6.]]
    """
    folder, images = check_path("folder", folder), check_path("images", images)
    classes = check_names(classes)
    problems = Problems(folder, invalid)
    names = {os.path.splitext(name)[0]: name for name in sorted(os.listdir(images)) if name.lower().endswith(_IMAGES)}
    for name in sorted(os.listdir(folder)):
        stem, ending = os.path.splitext(name)
        if ending == ".txt" and stem not in names:
            problems.add(os.path.join(folder, name), None, f"there is no image {os.path.join(images, stem)} with an ending")
    found = []
    for stem, name in names.items():
        path, image = os.path.join(folder, f"{stem}.txt"), os.path.join(images, name)
        size = problems.size_of(path, None, image)
        if size is not None:
            found.append((image, _objects(path, size, classes, problems) if os.path.exists(path) else Objects([], [])))
    problems.report()
    return Dataset([image for image, _ in found], [objects for _, objects in found], classes, mode)


def _objects(path, size, classes, problems):
    """Return the objects that a text file tells of an image of a size (height, width)."""
    boxes, labels = [], []
    with open_regular(path) as file:
        lines = file.read().decode(errors="replace").splitlines()
    for line, words in enumerate(map(str.split, lines), 1):
        if not words:
            continue
        if len(words) != 5:
            problems.add(path, line, f"it has {len(words)} words; expected class x y width height")
        elif (
            not words[0].isascii() or not words[0].isdecimal() or len(words[0]) > _MOST_DIGITS or int(words[0]) >= len(classes)
        ):
            problems.add(
                path, line, f"it has the class {words[0][:_MOST_DIGITS]}; expected an index from 0 to {len(classes) - 1}"
            )
        else:
            x, y, width, height = map(number_in, words[1:])
            corners = (
                (x - width / 2) * size[1],
                (y - height / 2) * size[0],
                (x + width / 2) * size[1],
                (y + height / 2) * size[0],
            )
            box = problems.check_box(path, line, f"an object of {classes[int(words[0])]!r}", corners, size)
            if box is not None:
                boxes.append(box)
                labels.append(int(words[0]))
    return Objects(boxes, labels)


@documented(WRITING_DOC)
def write_yolo(folder, dataset, images):
    """Write a data set as text files in YOLO's format, which `read_yolo` reads.

    Parameters
    ----------
    images : path
        Folder that images which are arrays of uint8 are written to, as PNG files. Image files stay where they are.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_yolo(folder, data, folder)
    ...     print(sorted(each.name for each in Path(folder).iterdir()))
    ['000000.png', '000000.txt']
    """
    folder, images = check_path("folder", folder), check_path("images", images)
    check_dataset("dataset", dataset)
    for i, each in enumerate(dataset.objects):
        if each.ignored.any():
            raise ValueError(f"dataset has an object to be ignored in image {i}; expected none, since YOLO has no word for it")
    for (name, _, size), each in zip(named_files(dataset, images), dataset.objects, strict=True):
        rows = convert_boxes(each.boxes, "xyxy", "rel_center_xywh", size).tolist()
        lines = [f"{label} {' '.join(f'{value:.9g}' for value in row)}\n" for label, row in zip(each.labels, rows, strict=True)]
        write_atomically(os.path.join(folder, f"{name}.txt"), "".join(lines).encode())
