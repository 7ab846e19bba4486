"""Annotations in the format of PASCAL VOC: an XML file for each image."""

import os
from xml.parsers import expat
from xml.sax.saxutils import escape

from .._common.checks import check_path
from .._common.docstrings import documented
from .._common.files import open_regular, write_atomically
from .dataset import Dataset, check_dataset
from .objects import Objects, check_names
from .problems import READING_DOC, Problems, number_in, size_in
from .writing import WRITING_DOC, named_files

_CORNERS = ("xmin", "ymin", "xmax", "ymax")


@documented(READING_DOC)
def read_voc(folder, images=None, classes=None, *, invalid="raise", mode="rgb"):
    """Read images with the objects in them from XML files in the format of PASCAL VOC [1]_.

    Parameters
    ----------
    folder : path
        Folder of the XML files.
    images : path, optional
        Folder of the image files; that of the XML files if None.
    classes : sequence of str, optional
        Names of the classes; those that occur, sorted, if None.

    Returns
    -------
    Dataset
        Images in the order of the names of the XML files. Corners in the files are the first and the last pixel, counted from
        1: the box (1, 1, 2, 2) becomes (0, 0, 2, 2). What is marked as difficult is to be ignored.

    References
    ----------
    .. [1] Everingham, M. et al., "The PASCAL visual object classes (VOC) challenge", International Journal of Computer Vision,
       2010.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_voc(folder, data)
    ...     print(detection.read_voc(folder)[0][1].boxes)
    [[1. 2. 5. 6.]]
    """
    folder = check_path("folder", folder)
    where = folder if images is None else check_path("images", images)
    problems = Problems(folder, invalid)
    if classes is not None:
        classes = check_names(classes)
    found = []
    for name in sorted(os.listdir(folder)):
        if name.lower().endswith(".xml"):
            annotations = _annotations(os.path.join(folder, name), where, classes, problems)
            found += [] if annotations is None else [annotations]
    if not found and not problems.found:
        raise ValueError(f"folder={folder!r} has no XML files; expected one for each image")
    problems.report()
    if classes is None:
        classes = sorted({name for _, rows in found for name, *_ in rows})
    labels = {name: label for label, name in enumerate(classes)}
    objects = [
        Objects([box for _, box, _ in rows], [labels[name] for name, *_ in rows], [difficult for *_, difficult in rows])
        for _, rows in found
    ]
    return Dataset([path for path, _ in found], objects, classes, mode)


class _Element:
    """An element of an XML file: its text, the elements in it by their names, and its line."""

    def __init__(self, line):
        self.line = line
        self.text = ""
        self.children = {}

    def first(self, *path):
        """Return the first of the elements along a path of names, None if there is none."""
        found = self
        for name in path:
            found = found.children.get(name, [None])[0] if found is not None else None
        return found

    def text_of(self, *path):
        """Return the text of the first element along a path, None if there is none."""
        found = self.first(*path)
        return None if found is None else found.text.strip()


def _parse(content):
    """Return an element that holds the root of an XML text."""
    parser = expat.ParserCreate()
    document = _Element(1)
    stack = [document]

    def start(name, attributes):
        stack.append(_Element(parser.CurrentLineNumber))
        stack[-2].children.setdefault(name, []).append(stack[-1])

    def refuse(name, *rest):
        raise expat.ExpatError(f"it declares the entity {name!r}; expected none")

    def characters(data):
        stack[-1].text += data

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: stack.pop()
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse  # Entities in entities could grow without end.
    parser.Parse(content, True)
    return document


def _annotations(path, images, classes, problems):
    """Return the path of an image, and (name, box, difficult) of its objects; None if the file or the image cannot be used."""
    try:
        with open_regular(path) as file:
            document = _parse(file.read())
    except expat.ExpatError as error:
        problems.add(path, getattr(error, "lineno", None), f"it is not XML ({error})")
        return None
    root = document.first("annotation")
    file_name = None if root is None else root.text_of("filename")
    if not file_name:
        problems.add(path, 1, "it has no <annotation> with a <filename>")
        return None
    image = os.path.join(images, file_name)
    if not problems.check_image(path, root.first("filename").line, image):
        return None
    size = size_in(root.text_of("size", "height"), root.text_of("size", "width"))
    size = size or problems.size_of(path, root.line, image)
    if size is None:
        return None
    rows = []
    for i, element in enumerate(root.children.get("object", [])):
        name = element.text_of("name")
        line, what = element.line, f"object {i} ({name})"
        if not name or (classes is not None and name not in classes):
            expected = "a name" if classes is None else f"one of {classes}"
            problems.add(path, line, f"object {i} is of the class {name!r}; expected {expected}")
            continue
        corners = [number_in(element.text_of("bndbox", each)) for each in _CORNERS]
        box = problems.check_box(path, line, what, (corners[0] - 1, corners[1] - 1, *corners[2:]), size)
        if box is not None:
            rows.append((name, box, element.text_of("difficult") == "1"))
    return image, rows


@documented(WRITING_DOC)
def write_voc(folder, dataset, images=None):
    """Write a data set as XML files in the format of PASCAL VOC, which `read_voc` reads.

    Parameters
    ----------
    images : path, optional
        Folder that images which are arrays of uint8 are written to, as PNG files; `folder` if None. Image files stay where they
        are.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from striate import detection
    >>> data = detection.Dataset(np.zeros((1, 8, 8), np.uint8), [detection.Objects([[1, 2, 5, 6]], [0])], ["dot"])
    >>> with TemporaryDirectory() as folder:
    ...     detection.write_voc(folder, data)
    ...     print(sorted(each.name for each in Path(folder).iterdir()))
    ['000000.png', '000000.xml']
    """
    folder = check_path("folder", folder)
    check_dataset("dataset", dataset)
    where = folder if images is None else check_path("images", images)
    for (name, file, (height, width)), each in zip(named_files(dataset, where), dataset.objects, strict=True):
        size = f"  <size><width>{width}</width><height>{height}</height></size>"
        lines = [f"  <filename>{escape(os.path.relpath(file, where))}</filename>", size]
        for box, label, ignored in zip(each.boxes.tolist(), each.labels, each.ignored, strict=True):
            corners = zip(_CORNERS, (box[0] + 1, box[1] + 1, *box[2:]), strict=True)
            lines += [
                f"  <object><name>{escape(dataset.classes[label])}</name><difficult>{int(ignored)}</difficult>",
                f"    <bndbox>{''.join(f'<{corner}>{value:.12g}</{corner}>' for corner, value in corners)}</bndbox></object>",
            ]
        content = "\n".join(["<annotation>", *lines, "</annotation>", ""])
        write_atomically(os.path.join(folder, f"{name}.xml"), content.encode())
