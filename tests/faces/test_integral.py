"""Means of rectangles by integral images: against loops, and against PyTorch's interpolation by area."""

import numpy as np
import pytest

from striate.faces.integral import IntegralImage

IMAGE = np.random.default_rng(0).integers(0, 256, (13, 22, 3), np.uint8)
SIZES = [(13, 22), (5, 9), (1, 1), (12, 12), (26, 31)]


def resized(image, size):
    """Return an image resized by the means of rectangles, in float64."""
    height, width = image.shape[:2]
    y = np.empty((*size, image.shape[2]))
    for i, j in np.ndindex(size):
        rows = slice(i * height // size[0], -(-(i + 1) * height // size[0]))
        columns = slice(j * width // size[1], -(-(j + 1) * width // size[1]))
        y[i, j] = image[rows, columns].astype(np.float64).mean((0, 1))
    return y


@pytest.mark.parametrize("size", SIZES)
def test_resizing_takes_the_mean_of_rectangles(size):
    got = IntegralImage(IMAGE).resized(size)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, resized(IMAGE, size), rtol=np.finfo(np.float32).eps)


@pytest.mark.parametrize("size", [1, 4, 24])
def test_crops_are_resized_parts(size):
    boxes = np.array([[0, 0, 22, 13], [3, 2, 10, 13], [21, 12, 22, 13], [5, 1, 20, 4]])
    got = IntegralImage(IMAGE).crops(boxes, size)
    want = [resized(IMAGE[top:bottom, left:right], (size, size)) for left, top, right, bottom in boxes]
    np.testing.assert_allclose(got, want, rtol=np.finfo(np.float32).eps)


def test_sums_that_wrap_around_are_exact():
    white = np.full((4200, 4200, 1), 255, np.uint8)  # The sum of all pixels is more than 2³².
    image = IntegralImage(white)
    np.testing.assert_array_equal(image.crops(np.array([[4100, 4100, 4200, 4200]]), 24), 255)
    np.testing.assert_array_equal(image.resized((7, 7)), 255)


@pytest.mark.parametrize("size", SIZES)
def test_it_is_interpolation_by_area(size):
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(IMAGE.transpose(2, 0, 1)[np.newaxis].astype(np.float32))
    want = torch.nn.functional.interpolate(x, size=size, mode="area")[0].numpy().transpose(1, 2, 0)
    np.testing.assert_allclose(IntegralImage(IMAGE).resized(size), want, rtol=8 * np.finfo(np.float32).eps)
