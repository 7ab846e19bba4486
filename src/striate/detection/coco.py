"""Annotations in COCO's format: one JSON file with lists of images, categories and annotations."""

import json
import os

import numpy as np

from .._common.checks import check_path
from .._common.docstrings import documented
from .._common.files import check_folder, open_regular, reading, write_atomically
from .dataset import Dataset, check_dataset
from .objects import Objects
from .positions import lists_with_lines
from .problems import READING_DOC, Problems, number_in, size_in
from .writing import WRITING_DOC, image_files

_LISTS = ("images", "categories", "annotations")


@documented(READING_DOC)
def read_coco(path, images=None, *, invalid="raise", mode="rgb"):
    """Read images with the objects in them from a JSON file in COCO's format [1]_.

    Parameters
    ----------
    path : path
        The JSON file.
    images : path, optional
        Folder of the image files; that of `path` if None.

    Returns
    -------
    Dataset
        The classes are COCO's categories in the order of their ids; crowds are objects to be ignored.

    References
    ----------
    .. [1] https://cocodataset.org/#format-data

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_coco(f"{folder}/dots.json", data)
    ...     print(detection.read_coco(f"{folder}/dots.json"))
    <Dataset: 1 images, 1 objects, 1 classes>
    """
    path = check_path("path", path)
    folder = os.path.dirname(path) if images is None else check_path("images", images)
    problems = Problems(path, invalid)
    with reading(path, "a JSON file in COCO's format"):
        with open_regular(path) as file:
            lists = lists_with_lines(file.read().decode(), _LISTS)
        categories = _by_id(lists["categories"], "categories", ("name",), path, problems)
        order = sorted(categories)
        labels = {identity: label for label, identity in enumerate(order)}
        of_images = _by_id(lists["images"], "images", ("file_name",), path, problems)
        found = {}  # by the image's id: path, size and the objects so far
        for identity, (line, image) in of_images.items():
            file_name = os.path.join(folder, str(image["file_name"]))
            if problems.check_image(path, line, file_name):
                size = size_in(image.get("height"), image.get("width")) or problems.size_of(path, line, file_name)
                if size is not None:
                    found[identity] = file_name, size, []
        for i, (line, annotation) in enumerate(lists["annotations"]):
            _add_annotation(annotation, f"annotations[{i}]", path, line, (of_images, found, labels), problems)
        problems.report()
        objects = [_objects(rows) for *_, rows in found.values()]
        return Dataset(
            [name for name, *_ in found.values()], objects, [str(categories[each][1]["name"]) for each in order], mode
        )


def _by_id(found, kind, needed, path, problems):
    """Return (line, element) of a list by their ids, without those that lack something."""
    known = {}
    for i, (line, each) in enumerate(found):
        identity = each.get("id") if isinstance(each, dict) else None
        if not isinstance(identity, int) or any(name not in each for name in needed):
            problems.add(path, line, f"{kind}[{i}] lacks {' or '.join(('id', *needed))}")
        elif identity in known:
            problems.add(path, line, f"{kind}[{i}] has the id {identity}, as line {known[identity][0]} has; expected another")
        else:
            known[identity] = line, each
    return known


def _add_annotation(annotation, what, path, line, known, problems):
    """Append an annotation to the objects of its image, or add what is wrong with it to the problems."""
    of_images, found, labels = known
    if not isinstance(annotation, dict):
        problems.add(path, line, f"{what} is not an object; expected image_id, category_id and bbox")
        return
    identity = annotation.get("image_id")
    if isinstance(identity, (list, dict)) or identity not in of_images:
        problems.add(path, line, f"{what} has image_id {identity!r}; expected the id of one of the images")
        return
    if identity not in found:  # The image is missing, which is a problem of its own.
        problems.add(path, line, f"{what} belongs to the image of line {of_images[identity][0]}, which cannot be used")
        return
    _, size, rows = found[identity]
    category = annotation.get("category_id")
    if isinstance(category, (list, dict)) or category not in labels:
        problems.add(path, line, f"{what} has category_id {category!r}; expected one of the ids {list(labels)}")
        return
    bbox = annotation.get("bbox")
    if not isinstance(bbox, list) or len(bbox) != 4:
        problems.add(path, line, f"{what} has bbox {bbox!r}; expected [x, y, width, height]")
        return
    x, y, width, height = map(number_in, bbox)
    box = problems.check_box(path, line, what, (x, y, x + width, y + height), size)
    if box is not None:
        area = number_in(annotation.get("area"))
        area = area if 0 <= area < np.inf else (box[2] - box[0]) * (box[3] - box[1])
        rows.append((box, labels[category], bool(annotation.get("iscrowd", 0)), area))


def _objects(rows):
    """Return objects from a list of (box, label, ignored, area)."""
    if not rows:
        return Objects([], [])
    boxes, labels, ignored, areas = zip(*rows, strict=True)
    return Objects(np.array(boxes), np.array(labels), np.array(ignored), np.array(areas))


@documented(WRITING_DOC)
def write_coco(path, dataset, images=None):
    """Write a data set as a JSON file in COCO's format, which `read_coco` reads.

    Parameters
    ----------
    path : path
        The JSON file.
    images : path, optional
        Folder that images which are arrays of uint8 are written to, as PNG files; that of `path` if None. Image files stay
        where they are.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_coco(f"{folder}/dots.json", data)
    ...     print(sorted(each.name for each in Path(folder).iterdir()))
    ['000000.png', 'dots.json']
    """
    path = check_path("path", path)
    check_folder(path)
    check_dataset("dataset", dataset)
    folder = os.path.dirname(path) if images is None else check_path("images", images)
    found, annotations = [], []
    for i, (file, (height, width)) in enumerate(image_files(dataset, folder)):
        name = os.path.relpath(file, folder or ".")
        found.append({"id": i, "file_name": name, "height": height, "width": width})
        each = dataset.objects[i]
        for box, label, ignored, area in zip(each.boxes, each.labels, each.ignored, each.areas, strict=True):
            x, y, right, below = box.tolist()
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": i,
                    "category_id": int(label) + 1,
                    "bbox": [x, y, right - x, below - y],
                    "area": float(area),
                    "iscrowd": int(ignored),
                }
            )
    categories = [{"id": label, "name": name} for label, name in enumerate(dataset.classes, 1)]
    lists = {"images": found, "categories": categories, "annotations": annotations}
    rows = {name: ",\n".join(map(json.dumps, lists[name])) for name in lists}  # a line for each, which problems can name
    write_atomically(path, ("{" + ",\n".join(f'"{name}": [\n{text}\n]' for name, text in rows.items()) + "}\n").encode())
