"""Resizing of images, and other affine maps of pixels."""

import numpy as np
import pytest

from striate import layers
from striate.engine import Graph, Plan, operations


@pytest.mark.parametrize("size", [(5, 31), (40, 8), (17, 23)])
@pytest.mark.parametrize(("name", "theirs"), [("bilinear", "BILINEAR"), ("bicubic", "BICUBIC"), ("lanczos3", "LANCZOS")])
def test_antialiased_resizing_gives_the_images_of_pillow(name, theirs, size):
    image_module = pytest.importorskip("PIL.Image")
    x = np.random.default_rng(0).standard_normal((2, 17, 23, 3)).astype(np.float32)
    y = layers.Resizing(*size, interpolation=name, antialias=True)(x)
    for image, own in zip(x, y, strict=True):
        for channel in range(3):
            picture = image_module.fromarray(image[..., channel])
            other = np.asarray(picture.resize(size[::-1], getattr(image_module.Resampling, theirs)))
            np.testing.assert_allclose(own[..., channel], other, atol=2e-6)


def test_resizing_pads_both_sides():
    x = np.ones((1, 2, 6, 1), np.float32)
    y = layers.Resizing(3, 3, "nearest", pad_to_aspect_ratio=True, fill_value=-1.0)(x)
    np.testing.assert_array_equal(y[0, :, :, 0], [[-1, -1, -1], [1, 1, 1], [-1, -1, -1]])
    with pytest.raises(ValueError, match="exclude each other"):
        layers.Resizing(3, 3, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True)


def test_affine_maps_far_out_of_bounds_give_finite_pixels():
    x = np.arange(24, dtype=np.float32).reshape(1, 4, 6, 1)
    for mode in ("constant", "nearest", "reflect", "wrap"):
        for matrix in ([np.nan] * 6, [1e300, 0, 0, 0, -1e300, 1e300], [np.inf, 0, 0, 0, 1, 0], [1, 0, -1e12, 0, 1, 1e12]):
            graph = Graph()
            value, maps = graph.input(x.shape, x.dtype), graph.input((1, 6), np.float64)
            y = operations.Resample2D(value, maps, (5, 7), "bilinear", mode, -1.0).y
            (result,) = Plan(graph, [y], 2).instantiate().compute([x, np.array([matrix])])
            assert np.isfinite(result).all()
            assert result.min() >= -1
            assert result.max() <= 23
