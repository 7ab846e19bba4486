"""Functions of bounding boxes with Keras' names: against Keras, and their errors."""

import numpy as np
import pytest

from striate import detection
from striate.utils import bounding_boxes

keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras itself causes it.
RNG = np.random.default_rng(0)
CORNERS = RNG.uniform(0, 40, (2, 5, 2))
BOXES = np.concatenate([CORNERS, CORNERS + RNG.uniform(1, 30, CORNERS.shape)], -1).astype(np.float32)
OTHERS = BOXES[:, ::-1] + np.float32(3)
ANGLES = {name: np.float32([0.2, -0.1]) for name in ("translate_x", "translate_y")} | {
    "angle": np.float32([30, -75]), "scale": np.float32([1.2, 0.7]),
    "shear_x": np.float32([10, 0]), "shear_y": np.float32([-5, 20]),
}  # fmt: skip
IMAGE = (60, 80, 3)


@keras_warns
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("convert_format", {"boxes": BOXES, "source": "xyxy", "target": "rel_center_xywh", "height": 60, "width": 80}),
        ("convert_format", {"boxes": BOXES / 90, "source": "rel_yxyx", "target": "center_yxhw", "height": 60, "width": 80}),
        ("crop", {"boxes": BOXES, "top": 7, "left": 9, "height": 25, "width": 20}),
        ("pad", {"boxes": BOXES, "top": 7, "left": 9}),
        ("affine_transform", {"boxes": BOXES, "height": 60, "width": 80, **ANGLES}),
        ("affine_transform", {"boxes": BOXES, "height": 60, "width": 80, "center_x": 0.2, "center_y": 0.7, **ANGLES}),
        ("compute_iou", {"boxes1": BOXES, "boxes2": OTHERS, "bounding_box_format": "xywh"}),
        ("compute_iou", {"boxes1": BOXES[0], "boxes2": OTHERS, "bounding_box_format": "xyxy"}),
        (
            "compute_iou",
            {"boxes1": BOXES / 90, "boxes2": OTHERS[0] / 90, "bounding_box_format": "rel_xyxy", "image_shape": IMAGE},
        ),
        ("compute_ciou", {"boxes1": BOXES, "boxes2": OTHERS, "bounding_box_format": "xyxy"}),
        ("encode_box_to_deltas", {"anchors": BOXES[0], "boxes": OTHERS, "anchor_format": "xyxy", "box_format": "xywh"}),
        (
            "decode_deltas_to_boxes",
            {
                "anchors": BOXES[0], "boxes_delta": OTHERS / 90, "anchor_format": "xyxy", "box_format": "rel_yxyx",
                "encoded_format": "center_xywh", "variance": [0.1, 0.2, 0.3, 0.4], "image_shape": IMAGE,
            },
        ),
    ],
)  # fmt: skip
def test_results_are_those_of_keras(name, arguments):
    keras = pytest.importorskip("keras")
    convert = keras.ops.convert_to_tensor
    theirs = {key: convert(each) if isinstance(each, np.ndarray) else each for key, each in arguments.items()}
    wanted = keras.ops.convert_to_numpy(getattr(keras.utils.bounding_boxes, name)(**theirs))
    got = getattr(bounding_boxes, name)(**arguments)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)  # Keras computes in float32.


def test_overlaps_are_those_of_detection():
    np.testing.assert_allclose(
        bounding_boxes.compute_iou(BOXES[0], OTHERS[0], "xyxy"), detection.iou(BOXES[0], OTHERS[0]), rtol=1e-5, atol=1e-6
    )
    masked = bounding_boxes.compute_iou([[-1] * 4, [0, 0, 2, 2]], [[0, 0, 2, 2]], "xyxy", use_masking=True, mask_val=-7)
    np.testing.assert_allclose(masked, [[-7], [1]], rtol=1e-6)


def test_deltas_are_decoded_to_the_boxes():
    settings = {"anchor_format": "xyxy", "box_format": "xywh", "variance": [0.1, 0.1, 0.2, 0.2]}
    deltas = bounding_boxes.encode_box_to_deltas(BOXES[0], OTHERS, **settings)
    np.testing.assert_allclose(bounding_boxes.decode_deltas_to_boxes(BOXES[0], deltas, **settings), OTHERS, rtol=1e-4)
    levels = bounding_boxes.decode_deltas_to_boxes({"P3": BOXES[0]}, {"P3": deltas}, **settings)
    np.testing.assert_allclose(levels["P3"], OTHERS, rtol=1e-4)


def test_boxes_that_leave_the_image_lose_their_labels():
    boxes = {"boxes": BOXES[0] + np.float32([0, 0, 0, 0]), "labels": np.arange(5)}
    boxes["boxes"][2] += 1000
    clipped = bounding_boxes.clip_to_image_size(boxes, 60, 80)
    np.testing.assert_array_equal(clipped["labels"], [0, 1, -1, 3, 4])
    np.testing.assert_allclose(clipped["boxes"], np.clip(boxes["boxes"], 0, [80, 60, 80, 60]))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: bounding_boxes.convert_format(BOXES, "corners", "xyxy"), ValueError, "source='corners'"),
        (lambda: bounding_boxes.convert_format(BOXES, "xyxy", "rel_xyxy"), ValueError, "height=None"),
        (lambda: bounding_boxes.convert_format(BOXES[..., :3], "xyxy", "xywh"), ValueError, "boxes has shape"),
        (lambda: bounding_boxes.clip_to_image_size(BOXES), TypeError, "expected a dict of 'boxes' and 'labels'"),
        (lambda: bounding_boxes.compute_iou(BOXES, BOXES, "rel_xyxy"), ValueError, "image_shape=None"),
        (lambda: bounding_boxes.compute_iou(BOXES, BOXES, "xyxy", image_shape=(3, 4)), ValueError, r"image_shape=\(3, 4\)"),
        (
            lambda: bounding_boxes.encode_box_to_deltas(BOXES, BOXES, "xyxy", "xyxy", variance=[1, 2]),
            ValueError,
            "variance has shape",
        ),
        (lambda: bounding_boxes.crop(BOXES, 0, 0, 1, 1, "xywh"), ValueError, "bounding_box_format='xywh'"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
