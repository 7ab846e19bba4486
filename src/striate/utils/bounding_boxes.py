"""Bounding boxes, with Keras' names: formats, overlaps, and changes that images undergo.

Boxes are arrays (boxes, 4), or (batch, boxes, 4) for several images; results are float32. `striate.detection` has more for one
image; see `striate.detection.convert_boxes` for the formats.
"""

import numpy as np

from .._common.boxes import FORMATS, areas, converted, intersections, is_relative
from .._common.checks import boolean, choice, number, real_array, shown
from .._common.names import public_attributes
from ..config import epsilon

#: Label of boxes without an area.
_NO_LABEL = -1

_ENCODINGS = ("center_yxhw", "center_xywh")


def convert_format(boxes, source, target, height=None, width=None, dtype="float32"):
    """Return boxes in another format.

    Parameters
    ----------
    boxes : array_like, shape (..., 4), or dict
        Boxes, or a dict whose "boxes" are converted.
    source, target : str
        Formats before and after, such as "xyxy" or "rel_center_xywh".
    height, width : float or array_like, optional
        Size of the image, or of each; needed between relative and absolute formats.
    dtype : str
        Dtype of the result.

    Raises
    ------
    TypeError, ValueError
        If `boxes` is not such an array, a format is unknown, or the size is missing.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.convert_format([[10, 20, 30, 60]], "xyxy", "center_xywh")
    array([[20., 40., 20., 40.]], dtype=float32)
    """
    if isinstance(boxes, dict):
        return {**boxes, "boxes": convert_format(boxes.get("boxes"), source, target, height, width, dtype)}
    boxes = _checked("boxes", boxes, dtype)
    source, target = (
        choice(name, form.lower() if isinstance(form, str) else form, FORMATS)
        for name, form in (("source", source), ("target", target))
    )
    if is_relative(source) == is_relative(target):
        return converted(boxes, source, target, None)
    return converted(boxes, source, target, (_size("height", height, dtype), _size("width", width, dtype)))


def clip_to_image_size(bounding_boxes, height=None, width=None, bounding_box_format="xyxy"):
    """Return the parts of boxes that lie inside an image; boxes without such a part get the label -1.

    Parameters
    ----------
    bounding_boxes : dict
        "boxes", an array (..., 4), and their "labels", an array (...), which may be missing.
    height, width : float, optional
        Size of the image; needed for "xyxy".
    bounding_box_format : {"xyxy", "rel_xyxy"}
        Format of the boxes.

    Raises
    ------
    TypeError, ValueError
        If there are no boxes, the format is another one, or the size is missing.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.clip_to_image_size({"boxes": [[-5.0, 10.0, 20.0, 99.0]]}, height=48, width=64)["boxes"]
    array([[ 0., 10., 20., 48.]], dtype=float32)
    """
    if not isinstance(bounding_boxes, dict) or "boxes" not in bounding_boxes:
        raise TypeError(f"bounding_boxes={shown(bounding_boxes)} has no boxes; expected a dict of 'boxes' and 'labels'")
    boxes = _checked("boxes", bounding_boxes["boxes"])
    if choice("bounding_box_format", bounding_box_format, ("xyxy", "rel_xyxy")) == "xyxy":
        height, width = _size("height", height), _size("width", width)
    else:
        height = width = 1
    clipped = _clipped(boxes, height, width)
    if bounding_boxes.get("labels") is None:
        return {**bounding_boxes, "boxes": clipped}
    labels = np.asarray(bounding_boxes["labels"])
    return {**bounding_boxes, "boxes": clipped, "labels": np.where(areas(clipped) > 0, labels, _NO_LABEL)}


def crop(boxes, top, left, height, width, bounding_box_format="xyxy"):
    """Return the parts of boxes that lie inside a part of an image, with coordinates in it.

    Parameters
    ----------
    boxes : array_like, shape (..., 4)
        Boxes.
    top, left : float
        Upper left corner of the part.
    height, width : float
        Its size.
    bounding_box_format : {"xyxy"}
        Format of the boxes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.crop([[10, 20, 50, 60]], top=10, left=20, height=40, width=25)
    array([[ 0., 10., 25., 40.]], dtype=float32)
    """
    choice("bounding_box_format", bounding_box_format, ("xyxy",))
    top, left = number("top", top), number("left", left)
    boxes = _checked("boxes", boxes) - np.array([left, top, left, top], np.float32)
    return _clipped(boxes, _size("height", height), _size("width", width))


def pad(boxes, top, left, height=None, width=None, bounding_box_format="xyxy"):
    """Return the boxes of an image that was padded at the top and at the left.

    Parameters
    ----------
    boxes : array_like, shape (..., 4)
        Boxes.
    top, left : float
        Number of rows and columns that were added.
    height, width : float, optional
        Not used; they exist as Keras has them.
    bounding_box_format : {"xyxy"}
        Format of the boxes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.pad([[10, 20, 50, 60]], top=1, left=2)
    array([[12., 21., 52., 61.]], dtype=float32)
    """
    choice("bounding_box_format", bounding_box_format, ("xyxy",))
    top, left = number("top", top), number("left", left)
    return _checked("boxes", boxes) + np.array([left, top, left, top], np.float32)


def affine_transform(
    boxes, angle, translate_x, translate_y, scale, shear_x, shear_y, height, width, center_x=None, center_y=None,
    bounding_box_format="xyxy",
):  # fmt: skip
    """Return the boxes around what boxes become when images are rotated, shifted, scaled and sheared.

    Parameters
    ----------
    boxes : array_like, shape (batch, boxes, 4)
        Boxes.
    angle, shear_x, shear_y : array_like, shape (batch,)
        Angles in degrees.
    translate_x, translate_y : array_like, shape (batch,)
        Shifts, as fractions of the size.
    scale : array_like, shape (batch,)
        Factors.
    height, width : float
        Size of the images.
    center_x, center_y : float, optional
        Fixed point of rotations, as fractions of the size; the middle if None.
    bounding_box_format : {"xyxy"}
        Format of the boxes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.affine_transform([[[1, 2, 3, 4]]], [90.0], [0], [0], [1], [0], [0], 9, 9).round(3)
    array([[[2., 5., 4., 7.]]], dtype=float32)
    """
    choice("bounding_box_format", bounding_box_format, ("xyxy",))
    boxes = _checked("boxes", boxes)
    names = ("angle", "translate_x", "translate_y", "scale", "shear_x", "shear_y")
    given = zip(names, (angle, translate_x, translate_y, scale, shear_x, shear_y), strict=True)
    turn, right, down, scale, across, along = (
        np.reshape(real_array(name, each, np.float64), (-1, 1, 1)) for name, each in given
    )
    turn, across, along = (-np.radians(each) for each in (turn, across, along))
    right, down = right * (_size("width", width) - 1), down * (_size("height", height) - 1)
    x0 = (0.5 if center_x is None else number("center_x", center_x)) * (width - 1)
    y0 = (0.5 if center_y is None else number("center_y", center_y)) * (height - 1)
    # A rotation, then a shear, as in torchvision: the matrix [[a, b], [c, d]] has the determinant 1.
    a, c = np.cos(turn - along) / np.cos(along), -np.sin(turn - along) / np.cos(along)
    b, d = a * np.tan(across) + np.sin(turn), np.cos(turn) - c * np.tan(across)
    x, y = boxes[..., [0, 2, 2, 0]] - x0 + right, boxes[..., [1, 1, 3, 3]] - y0 + down  # of the four corners
    x, y = scale * (d * x - b * y) + x0, scale * (a * y - c * x) + y0
    return np.stack([x.min(-1), y.min(-1), x.max(-1), y.max(-1)], -1).astype(np.float32)


def compute_iou(boxes1, boxes2, bounding_box_format, use_masking=False, mask_val=-1, image_shape=None):
    """Return the overlap of each of some boxes with each of others: their intersection over their union.

    Parameters
    ----------
    boxes1 : array_like, shape (n, 4) or (batch, n, 4)
        Boxes.
    boxes2 : array_like, shape (m, 4) or (batch, m, 4)
        Boxes.
    bounding_box_format : str
        Format of both.
    use_masking : bool
        Whether pairs with a box all of whose coordinates are negative get the value `mask_val`.
    mask_val : float
        That value.
    image_shape : tuple of 3 int, optional
        (height, width, channels) of the image, needed for relative formats.

    Returns
    -------
    ndarray, shape (n, m) or (batch, n, m)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.compute_iou([[0, 0, 4, 4]], [[0, 0, 4, 2], [4, 4, 5, 5]], "xyxy").round(3)
    array([[0.5, 0. ]], dtype=float32)
    """
    size = _image_size(bounding_box_format, image_shape)
    first, second = (
        convert_format(_checked(name, boxes, ranks=(2, 3)), bounding_box_format, "xyxy", *size)
        for name, boxes in (("boxes1", boxes1), ("boxes2", boxes2))
    )
    masked = _all_negative(first)[..., :, np.newaxis] | _all_negative(second)[..., np.newaxis, :]
    first, second = first[..., :, np.newaxis, :], second[..., np.newaxis, :, :]
    overlaps = _overlaps(first, second)
    return (
        np.where(masked, np.float32(number("mask_val", mask_val)), overlaps)
        if boolean("use_masking", use_masking)
        else overlaps
    )


def compute_ciou(boxes1, boxes2, bounding_box_format, image_shape=None):
    """Return the complete IoU of each box with another one, which also counts the distance and the aspect ratios.

    Zheng, Z. et al., "Distance-IoU loss: Faster and better learning for bounding box regression", AAAI 2020, equation 10.

    Parameters
    ----------
    boxes1, boxes2 : array_like, shape (..., 4)
        Boxes, which are broadcast.
    bounding_box_format : str
        Format of both, an absolute one.
    image_shape : tuple of 3 int, optional
        (height, width, channels) of the image.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.compute_ciou([[0, 0, 4, 4]], [[0, 0, 4, 4]], "xyxy").round(3)
    array([1.], dtype=float32)
    """
    form = choice("bounding_box_format", bounding_box_format, tuple(each for each in FORMATS if not is_relative(each)))
    size = _image_size(form, image_shape)
    first, second = (convert_format(boxes, form, "xyxy", *size) for boxes in (boxes1, boxes2))
    (width1, height1), (width2, height2) = (np.moveaxis(each[..., 2:] - each[..., :2], -1, 0) for each in (first, second))
    around = np.maximum(first[..., 2:], second[..., 2:]) - np.minimum(first[..., :2], second[..., :2])
    apart = (first[..., :2] + first[..., 2:] - second[..., :2] - second[..., 2:]) / 2
    distance = np.square(apart).sum(-1) / (np.square(around).sum(-1) + epsilon())
    shapes = 4 / np.pi**2 * np.square(np.arctan(width2 / (height2 + epsilon())) - np.arctan(width1 / (height1 + epsilon())))
    overlaps = _overlaps(first, second)
    return (overlaps - distance - shapes * shapes / (shapes - overlaps + (1 + epsilon()))).astype(np.float32)


def encode_box_to_deltas(
    anchors, boxes, anchor_format, box_format, encoding_format="center_yxhw", variance=None, image_shape=None
):
    """Return boxes as differences from anchors: of the centres, as fractions of the size, and of the logarithms of the sizes.

    Parameters
    ----------
    anchors : array_like, shape (n, 4)
        Anchors.
    boxes : array_like, shape (n, 4) or (batch, n, 4)
        Boxes, one for each anchor.
    anchor_format, box_format : str
        Formats of both.
    encoding_format : {"center_yxhw", "center_xywh"}
        Order of the differences.
    variance : sequence of 4 floats, optional
        What the differences are divided by.
    image_shape : tuple of 3 int, optional
        (height, width, channels) of the image, needed for relative formats.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.encode_box_to_deltas([[0, 0, 4, 4]], [[2, 0, 6, 4]], "xyxy", "xyxy")
    array([[0. , 0.5, 0. , 0. ]], dtype=float32)
    """
    form = choice("encoding_format", encoding_format, _ENCODINGS)
    variance, size = _variance(variance), _image_size((anchor_format, box_format), image_shape)
    anchors = convert_format(anchors, anchor_format, form, *size)
    boxes = convert_format(boxes, box_format, form, *size)
    sizes, box_sizes = (np.maximum(each[..., 2:], epsilon()) for each in (anchors, boxes))
    deltas = np.concatenate([(boxes[..., :2] - anchors[..., :2]) / sizes, np.log(box_sizes / sizes)], -1)
    return (deltas / variance).astype(np.float32)


def decode_deltas_to_boxes(
    anchors, boxes_delta, anchor_format, box_format, encoded_format="center_yxhw", variance=None, image_shape=None
):
    """Return the boxes that `encode_box_to_deltas` encoded.

    Parameters
    ----------
    anchors : array_like, shape (n, 4), or dict of them
        Anchors, or those of each level.
    boxes_delta : array_like, shape (n, 4) or (batch, n, 4), or dict of them
        Differences from the anchors.
    anchor_format, box_format : str
        Formats of the anchors and of the result.
    encoded_format : {"center_yxhw", "center_xywh"}
        Order of the differences.
    variance : sequence of 4 floats, optional
        What the differences were divided by.
    image_shape : tuple of 3 int, optional
        (height, width, channels) of the image, needed for relative formats.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import utils
    >>> utils.bounding_boxes.decode_deltas_to_boxes([[0, 0, 4, 4]], [[0, 0.5, 0, 0]], "xyxy", "xyxy")
    array([[2., 0., 6., 4.]], dtype=float32)
    """
    if isinstance(anchors, dict) and isinstance(boxes_delta, dict):
        settings = (anchor_format, box_format, encoded_format, variance, image_shape)
        return {level: decode_deltas_to_boxes(each, boxes_delta[level], *settings) for level, each in anchors.items()}
    form = choice("encoded_format", encoded_format, _ENCODINGS)
    size = _image_size((anchor_format, box_format), image_shape)
    deltas = _checked("boxes_delta", boxes_delta) * _variance(variance)
    anchors = convert_format(anchors, anchor_format, form, *size)
    centers = deltas[..., :2] * anchors[..., 2:] + anchors[..., :2]
    boxes = np.concatenate([centers, np.exp(deltas[..., 2:]) * anchors[..., 2:]], -1)
    return convert_format(boxes, form, box_format, *size)


def _checked(name, value, dtype="float32", ranks=None):
    """Return boxes as an array of a dtype whose last axis has four elements."""
    boxes = real_array(name, value, dtype)
    if boxes.ndim < 1 or boxes.shape[-1] != 4 or (ranks and boxes.ndim not in ranks):
        raise ValueError(f"{name} has shape {boxes.shape}; expected boxes (boxes, 4) or (batch, boxes, 4)")
    return boxes


def _size(name, value, dtype="float32"):
    """Return the height or width of an image, or those of several as an array that is broadcast to their boxes."""
    if value is None:
        raise ValueError(f"{name}=None is not a size; expected the {name} of the image")
    if np.ndim(value) == 0:
        return number(name, value, 0, open_minimum=True)
    return real_array(name, value, dtype)


def _image_size(formats, image_shape):
    """Return the height and width of an image, None twice if they are not needed."""
    if image_shape is None:
        formats = formats if isinstance(formats, tuple) else (formats,)
        if any(isinstance(each, str) and is_relative(each) for each in formats):
            raise ValueError("image_shape=None goes with absolute formats alone; expected (height, width, channels)")
        return None, None
    if not isinstance(image_shape, (tuple, list)) or len(image_shape) != 3:
        raise ValueError(f"image_shape={shown(image_shape)} is not a shape; expected (height, width, channels)")
    return [number(f"image_shape[{i}]", each, 0, open_minimum=True) for i, each in enumerate(image_shape[:2])]


def _variance(value):
    """Return four factors, ones for None."""
    variance = np.ones(4, np.float32) if value is None else real_array("variance", value, np.float32)
    if variance.shape != (4,):
        raise ValueError(f"variance has shape {variance.shape}; expected four numbers")
    return variance


def _clipped(boxes, height, width):
    return np.clip(boxes, 0, np.array([width, height, width, height], np.float32))


def _overlaps(first, second):
    """Return the intersections over the unions of boxes that are broadcast."""
    shared = intersections(first, second)
    return shared / (areas(first) + areas(second) - shared + np.float32(epsilon()))


def _all_negative(boxes):
    return (boxes < 0).all(-1)


__all__ = [
    "affine_transform",
    "clip_to_image_size",
    "compute_ciou",
    "compute_iou",
    "convert_format",
    "crop",
    "decode_deltas_to_boxes",
    "encode_box_to_deltas",
    "pad",
]

__getattr__, __dir__ = public_attributes(globals())
