"""Detectors: what they learn, find and keep."""

import numpy as np
import pytest

from striate import architectures, callbacks, layers, models
from striate.detection import Dataset, Detections, Detector, Objects, RandomFlip, load_detector, simple_backbone
from striate.detection.network import features
from striate.detection.selection import clipped


def shapes(count, seed=0, size=64):
    """Return images of filled squares and of crosses, on noise."""
    rng = np.random.default_rng(seed)
    images, objects = rng.integers(0, 60, (count, size, size), np.uint8), []
    for image in images:
        boxes, labels = [], []
        for corner in ((2, 2), (2, 34), (34, 2), (34, 34))[: rng.integers(1, 5)]:
            height, width = rng.integers(14, 28, 2)
            row, column = np.array(corner) + rng.integers(0, 3, 2)
            part = image[row : row + height, column : column + width]
            label = rng.integers(2)
            if label:
                part[height // 2 - 2 : height // 2 + 2] = part[:, width // 2 - 2 : width // 2 + 2] = 220
            else:
                part[:] = 220
            boxes.append([column, row, column + width, row + height])
            labels.append(label)
        objects.append(Objects(boxes, labels))
    return Dataset(images, objects, ["square", "cross"])


def small(rng=0, **kwargs):
    return Detector(["square", "cross"], (64, 64, 1), strides=(8, 16), channels=24, rng=rng, **kwargs)


@pytest.fixture(scope="module")
def trained():
    detector = small(backbone=simple_backbone((64, 64, 1), (8, 16, 24, 24), rng=0))
    detector.history = detector.fit(shapes(200), epochs=12, validation_data=shapes(40, 1), validation_freq=6, verbose=0, rng=0)
    return detector


def test_objects_are_found(trained):
    logs = trained.history.history
    assert len(logs["val_ap50"]) == 2
    assert logs["val_ap50"][-1] > 0.9
    assert logs["loss"][-1] < logs["loss"][0] / 2
    result = trained.evaluate(shapes(40, 1))
    assert result.ap50 == pytest.approx(logs["val_ap50"][-1], abs=1e-6)
    assert (result.ap50_of_classes > 0.85).all()


def test_one_image_is_as_good_as_several(trained):
    data = shapes(5, 2)
    found = trained.predict(data, score_threshold=0.3)
    for i, each in enumerate(found):
        one = trained.detect(data.images[i], score_threshold=0.3)
        np.testing.assert_allclose(one.boxes, each.boxes, atol=1e-3)
        np.testing.assert_array_equal(one.labels, each.labels)
    for given in (data.images[..., np.newaxis], list(data.images)):
        again = trained.predict(given, score_threshold=0.3, batch_size=2)
        assert [len(each) for each in again] == [len(each) for each in found]
    assert trained.predict([]) == []
    assert len(trained.detect(data.images[0], most=1)) == 1


def test_other_sizes_and_colors_are_fitted(trained):
    data = shapes(1, 3)
    image, objects = data[0]
    found = trained.detect(image)
    assert len(found) >= len(objects)
    large = np.repeat(np.repeat(np.repeat(image, 2, 0), 2, 1), 3, 2)  # twice as large, and in colour
    again = trained.detect(large)
    assert again.labels[: len(objects)].tolist() == found.labels[: len(objects)].tolist()
    np.testing.assert_allclose(again.boxes[: len(objects)], 2 * found.boxes[: len(objects)], atol=4)
    wide = np.concatenate([image, np.zeros((64, 64, 1), np.uint8)], 1)
    assert trained.detect(wide).boxes[:, [0, 2]].max(initial=0) <= 128


def test_files_keep_detectors(trained, tmp_path):
    trained.save(tmp_path / "detector.npz")
    again = load_detector(tmp_path / "detector.npz")
    assert again.classes == trained.classes
    image = shapes(1, 4)[0][0]
    np.testing.assert_array_equal(again.detect(image).boxes, trained.detect(image).boxes)
    again.fit(shapes(8), epochs=1, verbose=0)
    models.load_model(tmp_path / "detector.npz")  # as any model, too
    with pytest.raises(FileExistsError):
        trained.save(tmp_path / "detector.npz", overwrite=False)


def test_other_models_are_no_detectors(tmp_path):
    models.Sequential([layers.Input((3,)), layers.Dense(2)]).save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"model.npz' holds a model of another kind; expected a detector"):
        load_detector(tmp_path / "model.npz")


def test_the_same_seed_gives_the_same_bits():
    weights = []
    for _ in range(2):
        detector = small()
        detector.fit(shapes(20), epochs=2, augmentation=RandomFlip(), verbose=0)
        weights.append(detector.model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, second)


def test_callbacks_see_the_precision():
    seen = []
    told = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append("val_ap" in logs))
    small().fit(shapes(4), epochs=3, validation_data=shapes(2), validation_freq=2, callbacks=told, verbose=0)
    assert seen == [False, True, True]


def test_augmentation_is_called_for_each_image():
    calls = []

    def change(image, objects, rng):
        calls.append(image.shape)
        return image, objects

    small().fit(shapes(5), epochs=2, batch_size=2, augmentation=[change], verbose=0)
    assert calls == [(64, 64, 1)] * 10


@pytest.mark.parametrize(
    "make",
    [
        lambda: architectures.ResNet18((64, 64, 3), include_top=False),
        lambda: architectures.MobileNetV2((64, 64, 3), include_top=False, alpha=0.35),
        lambda: architectures.VGG11((64, 64, 3), include_top=False),
        lambda: architectures.GoogLeNet((64, 64, 3), include_top=False),
        lambda: architectures.ResNet20((64, 64, 3), include_top=False),
    ],
    ids=["ResNet18", "MobileNetV2", "VGG11", "GoogLeNet", "ResNet20"],
)
def test_any_architecture_is_a_backbone(make):
    detector = Detector(["a"], (64, 64, 3), make(), strides=(4, 8, 16, 32), channels=8, rng=0)
    outputs = detector.model.predict(np.zeros((1, 64, 64, 3), np.float32), verbose=0)
    count = 16**2 + 8**2 + 4**2 + 2**2
    assert [each.shape for each in outputs] == [(1, count, 1), (1, count, 4), (1, count, 1)]


def test_features_are_the_last_of_their_stride():
    backbone = architectures.ResNet18((64, 64, 3), include_top=False)
    names = [None if each is None else each.node.layer.name for each in features(backbone, (8, 16, 32, 64))]
    assert names == ["stage2_block2_relu", "stage3_block2_relu", "stage4_block2_relu", None]


def test_locations_predict_boxes_around_themselves():
    detector = small()
    boxes = detector.model.predict(np.zeros((1, 64, 64, 1), np.float32), verbose=0)[1][0]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    np.testing.assert_allclose(middles[[0, 1, 8, 64, 65, 68]], [[4, 4], [12, 4], [4, 12], [8, 8], [24, 8], [8, 24]], atol=1.5)
    assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_boxes_beside_the_image_are_not_found():
    inside, partly = [4, 5, 20, 30], [50, -5, 70, 10]
    beside = [[70, 5, 90, 30], [4, -20, 20, -1], [4, 64, 20, 80], [-9, 5, 0, 30]]
    boxes = np.array([beside[0], inside, *beside[1:], partly], np.float64)
    found = clipped(Detections(boxes, np.arange(6), np.linspace(0.9, 0.4, 6)), (64, 64))
    assert found.boxes.tolist() == [inside, [50, 0, 64, 10]]
    assert found.labels.tolist() == [1, 5]

    detector = small()
    image = np.zeros((64, 20), np.uint8)  # which lies in the left third of the network's input
    found = detector.detect(image, score_threshold=0.0, iou_threshold=1.0, most=160)
    assert (found.boxes[:, 2:] > found.boxes[:, :2]).all()
    assert 0 < len(found) < 160  # at 80 locations, two classes each


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Detector([], (64, 64, 1)), r"Detector: classes=\[\] has no name"),
        (lambda: Detector(["a"], (64, 64)), r"Detector: image_shape=\(64, 64\) is not a shape; expected \(height"),
        (lambda: Detector(["a"], (64, 64, 2)), r"image_shape=\(64, 64, 2\) is not the shape of an image; expected"),
        (
            lambda: Detector(["a"], (72, 64, 1)),
            r"image_shape=\(72, 64, 1\) does not fit strides=\(8, 16, 32\)",
        ),
        (lambda: Detector(["a"], (64, 64, 1), strides=(8, 32)), r"strides=\(8, 32\) do not double; expected strides such as"),
        (lambda: Detector(["a"], (64, 64, 1), strides=()), r"strides=\(\) do not double"),
        (lambda: Detector(["a"], (64, 64, 1), backbone=3), "backbone=3 is of type int; expected a Model of images"),
        (
            lambda: Detector(["a"], (64, 64, 1), backbone=simple_backbone((32, 32, 1))),
            r"backbone takes images of shape \(32, 32, 1\); expected image_shape=\(64, 64, 1\)",
        ),
        (
            lambda: Detector(["a"], (64, 64, 1), backbone=simple_backbone((64, 64, 1), [4]), strides=(1, 2)),
            None,
        ),
        (
            lambda: Detector(["a"], (64, 64, 1), backbone=simple_backbone((64, 64, 1), [4]), strides=(4, 8)),
            "backbone has no features of stride 4; expected strides that begin with one that it has",
        ),
        (lambda: small().fit(3), r"dataset=3 is of type int; expected a striate\.detection\.Dataset"),
        (lambda: small().fit(shapes(2)[:0]), "dataset=<Dataset: 0 images, .*> is empty; expected at least one image"),
        (
            lambda: small().fit(Dataset(np.zeros((1, 64, 64), np.uint8), [Objects([], [])], ["cat"])),
            r"dataset has the classes \('cat',\); expected \('square', 'cross'\)",
        ),
        (lambda: small().fit(shapes(2), augmentation=3), r"augmentation\[0\]=3 cannot be called; expected"),
        (lambda: small().detect(np.zeros((64, 64))), "image has dtype float64; expected an image of uint8"),
        (
            lambda: small().predict(np.zeros((64, 64, 3), np.uint8)),
            r"images has shape \(64, 64, 3\); expected \(images",
        ),
        (lambda: small().predict([3]), r"images\[0\] has dtype int64; expected an image of uint8"),
        (lambda: small().predict([], score_threshold=2), "score_threshold=2 is out of range"),
        (lambda: simple_backbone((64, 64, 1), ()), r"filters=\(\) is empty; expected the filters of at least one stage"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    if message is None:
        call()
        return
    with pytest.raises((TypeError, ValueError), match=message):
        call()
