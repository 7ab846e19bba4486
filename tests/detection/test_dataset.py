"""Data sets of images with objects."""

import numpy as np
import pytest

from striate.detection import Dataset, Objects

NOTHING = Objects([], [])
IMAGES = np.zeros((1, 4, 4), np.uint8)


def test_images_have_channels():
    gray = Dataset(np.zeros((2, 6, 5), np.uint8), [NOTHING] * 2, ["a"])
    assert gray[1][0].shape == (6, 5, 1)
    mixed = Dataset([np.zeros((6, 5), np.uint8), np.zeros((4, 3, 3), np.uint8)], [NOTHING] * 2, ["a"])
    assert [image.shape for image, _ in mixed] == [(6, 5, 1), (4, 3, 3)]


@pytest.mark.parametrize("index", [slice(1, None), [1, 2], np.array([False, True, True])])
def test_parts_are_data_sets(index):
    images = np.arange(3, dtype=np.uint8)[:, np.newaxis, np.newaxis] * np.ones((1, 2, 2), np.uint8)
    objects = [Objects([[0, 0, 1, 1]], [i]) for i in range(3)]
    for given in (images, list(images)):
        part = Dataset(given, objects, ["a", "b", "c"])[index]
        assert [(image.max(), each.labels[0]) for image, each in part] == [(1, 1), (2, 2)]
        assert part.classes == ("a", "b", "c")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((2, 4, 4)), [NOTHING] * 2, ["a"]), "Dataset: images has dtype float64; expected an image of uint8"),
        ((IMAGES.repeat(2, 0), [NOTHING], ["a"]), "Dataset: images has 2 elements and objects 1; expected equal numbers"),
        ((IMAGES, [Objects([[0, 0, 1, 1]], [1])], ["a"]), r"objects\[0\] holds the label 1; expected labels of"),
        ((IMAGES, [NOTHING], ["a", "a"]), r"classes=\['a', 'a'\] has no name, or one twice; expected"),
        ((IMAGES, [NOTHING], []), r"classes=\[\] has no name"),
        ((IMAGES, [NOTHING], [3]), r"classes\[0\]=3 is of type int; expected a str"),
        ((IMAGES[0], [NOTHING], ["a"]), r"images has 2 dimensions, shape \(4, 4\); expected an image"),
        (([3], [NOTHING], ["a"]), r"images\[0\] has dtype int64; expected an image of"),
        ((3, [NOTHING], ["a"]), "images=3 is of type int; expected a list or tuple of images or paths"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Dataset(*arguments)
