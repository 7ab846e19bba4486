"""Colors over images, compared with a loop over pixels."""

import numpy as np
import pytest

from striate import visualization


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("blend", [True, False])
def test_pixels_get_the_colors_of_their_classes(data_format, blend):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, 3, 5, 3)).astype("float32")
    classes = rng.integers(-1, 3, (2, 3, 5, 1))
    colors = {0: (10, 20, 30), 1: (200, 0, 100), 2: (0, 255, 7)}
    expected = images.copy()
    for place in np.ndindex(2, 3, 5):
        label = classes[(*place, 0)]
        if label >= 0:
            color = np.array(colors[label], "float32")
            expected[place] = images[place] * np.float32(0.75) + color * np.float32(0.25) if blend else color
    given = [each if data_format == "channels_last" else each.transpose(0, 3, 1, 2) for each in (images, classes)]
    found = visualization.draw_segmentation_masks(*given, None, colors, 0.25, blend, data_format=data_format)
    np.testing.assert_array_equal(found, expected.astype("uint8") if blend else expected)


def test_colors_are_those_of_keras():
    found = visualization.draw_segmentation_masks(np.zeros((1, 1, 2, 3)), np.array([[[[1], [2]]]]), alpha=1.0)
    palette = [[(i * step) % 255 for step in (2**25 - 1, 2**15 - 1, 2**21 - 1)] for i in (1, 2)]
    assert found[0, 0].tolist() == palette


@pytest.mark.parametrize(
    ("images", "classes", "settings", "error"),
    [
        (np.zeros((2, 2, 3)), np.zeros((2, 2, 1), int), {}, ValueError),
        (np.zeros((1, 2, 2, 3)), np.zeros((1, 2, 2, 1)), {}, TypeError),
        (np.zeros((1, 2, 2, 3)), np.zeros((1, 2, 3, 1), int), {}, ValueError),
        (np.zeros((1, 2, 2, 3)), np.ones((1, 2, 2, 1), int), {"color_mapping": {0: (1, 2, 3)}}, ValueError),
        (np.zeros((1, 2, 2, 3)), np.ones((1, 2, 2, 1), int), {"alpha": 2.0}, ValueError),
    ],
)
def test_bad_arguments_are_reported(images, classes, settings, error):
    with pytest.raises(error, match="expected"):
        visualization.draw_segmentation_masks(images, classes, **settings)
