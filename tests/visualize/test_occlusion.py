"""Occlusion, against a plain loop."""

import numpy as np
import pytest

from striate.visualize import occlusion

from .test_scores import logits


@pytest.mark.parametrize(("size", "strides"), [((3, 2), (2, 3)), (1, 1), (4, 4)])
def test_drops_are_those_of_covered_images(classifier, images, size, strides):
    found = occlusion(classifier, images, 1, size=size, strides=strides, fill=[0.5, 0.25], batch_size=5)
    height, width = (size, size) if isinstance(size, int) else size
    down, right = (strides, strides) if isinstance(strides, int) else strides
    for got, image in zip(found, images, strict=True):
        drops, covered = np.zeros((7, 6)), np.zeros((7, 6))
        for top in sorted({*range(0, 7 - height + 1, down), 7 - height}):
            for left in sorted({*range(0, 6 - width + 1, right), 6 - width}):
                changed = image.copy()
                changed[top : top + height, left : left + width] = [0.5, 0.25]
                both = logits(classifier, np.stack([image, changed]))[:, 1]
                drops[top : top + height, left : left + width] += both[0] - both[1]
                covered[top : top + height, left : left + width] += 1
        np.testing.assert_allclose(got, drops / np.maximum(covered, 1), rtol=1e-9, atol=1e-12)


def test_the_mean_of_the_images_covers_them(classifier, images):
    found = occlusion(classifier, images, 0)
    expected = occlusion(classifier, images, 0, size=2, strides=1, fill=images.mean((0, 1, 2)))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert occlusion(classifier, images[0], 0, size=100).shape == (7, 6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "size=0 is too small"),
        ({"strides": (1, 0)}, r"strides\[1\]=0 is too small"),
        ({"fill": [1, 2, 3]}, r"fill has shape \(3,\); expected a number, or one for each of 2 channels"),
        ({"batch_size": "x"}, "batch_size='x' is of type str"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message, classifier, images):
    with pytest.raises((TypeError, ValueError), match=message):
        occlusion(classifier, images, 0, **arguments)
