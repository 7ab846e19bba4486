"""Images as arguments: what is accepted, what is refused with which message, and the form in which they are computed."""

import numpy as np
import pytest

from striate.image import arrays
from tests.helpers.ids import readable


@pytest.mark.parametrize("dtype", arrays.INTENSITIES)
@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 2), (4, 3, 5, 2), (0, 3, 5, 1)], ids=readable)
def test_images_come_back_as_they_are(shape, dtype):
    image = np.zeros(shape, dtype)
    assert arrays.check_image("image", image) is image
    batch = arrays.as_batch(image)
    assert batch.ndim == 4
    assert batch.shape[1:3] == (3, 5)
    assert np.shares_memory(batch, image) == (image.size > 0)
    assert arrays.from_batch(batch, image).shape == shape


def test_arrays_in_another_order_are_copied():
    image = np.arange(24, dtype=np.float32).reshape(4, 6)
    for other in (image.T, image[::-1, ::2], image.astype(">f4"), np.asfortranarray(image)):
        got = arrays.check_image("image", other)
        assert got.flags.c_contiguous
        assert got.dtype == np.float32
        assert got.dtype.isnative
        np.testing.assert_array_equal(got, other)


def test_read_only_images_are_accepted():
    image = np.zeros((2, 2), np.uint8)
    image.flags.writeable = False
    assert arrays.check_image("image", image) is image


REFUSED = [
    (
        np.zeros((2, 2), np.int64),
        {},
        TypeError,
        "picture has dtype int64; expected an image of uint8, float32 or float64 (convert",
    ),
    (np.zeros((2, 2), np.float16), {}, TypeError, "picture has dtype float16; expected an image of uint8, float32 or float64"),
    (np.zeros((2, 2), complex), {}, TypeError, "picture has dtype complex128; expected an image of uint8, float32 or float64"),
    (np.zeros((2, 2), bool), {}, TypeError, "picture has dtype bool; expected an image of uint8, float32 or float64"),
    (np.zeros((2, 2), np.uint8), {"kinds": arrays.BINARY}, TypeError, "expected an image of bool (striate.image.threshold"),
    (None, {}, TypeError, "picture has dtype object"),
    ([[1.0], [1.0, 2.0]], {}, ValueError, "picture=[[1.0], [1.0, 2.0]] is not an array"),
    (
        np.zeros(3),
        {},
        ValueError,
        "picture has 1 dimensions, shape (3,); expected an image (height, width), (height, width, chann",
    ),
    (np.zeros((1,) * 5), {}, ValueError, "picture has 5 dimensions, shape (1, 1, 1, 1, 1)"),
    (np.zeros((2, 2, 3)), {"ndims": (2,)}, ValueError, "shape (2, 2, 3); expected an image (height, width)"),
    (np.zeros((0, 2)), {}, ValueError, "picture has shape (0, 2); expected an image with at least one pixel and one channel"),
    (np.zeros((2, 2, 0)), {}, ValueError, "picture has shape (2, 2, 0); expected an image with at least one pixel"),
    (np.zeros((2, 2)), {"channels": (3,)}, ValueError, "picture has shape (2, 2), 1 channels; expected 3"),
    (np.zeros((1, 2, 2, 2)), {"channels": (1, 3, 4)}, ValueError, "shape (1, 2, 2, 2), 2 channels; expected 1, 3 or 4"),
]


@pytest.mark.parametrize(("value", "arguments", "error", "message"), REFUSED)
def test_other_values_are_refused(value, arguments, error, message):
    with pytest.raises(error) as caught:
        arrays.check_image("picture", value, **arguments)
    assert message in str(caught.value)


def test_gray_images_have_two_axes():
    assert arrays.check_gray("image", np.zeros((2, 3), np.uint8)).shape == (2, 3)
    with pytest.raises(ValueError, match=r"image has 3 dimensions, shape \(2, 3, 1\); expected an image \(height, width\)"):
        arrays.check_gray("image", np.zeros((2, 3, 1), np.uint8))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nonfinite_values_are_named_with_their_place(value):
    image = np.zeros((2, 3), np.float32)
    arrays.check_finite("image", image)
    image[1, 2] = value
    with pytest.raises(ValueError, match=rf"image holds {value} at \(1, 2\); expected finite values"):
        arrays.check_finite("image", image)


def test_ranges():
    assert arrays.check_range(np.zeros((1, 1), np.uint8), None) == (0, 255)
    assert arrays.check_range(np.zeros((1, 1)), (-1, 1)) == (-1, 1)
    with pytest.raises(ValueError, match=r"data_range=None tells nothing about an image of float32; expected its lowest"):
        arrays.check_range(np.zeros((1, 1), np.float32), None)
    for wrong in (255, (1, 1), (2, 1), (0, np.inf), (0, 1, 2), "ab"):
        with pytest.raises((TypeError, ValueError), match="data_range"):
            arrays.check_range(np.zeros((1, 1)), wrong)


def test_rounding_is_half_to_even_and_saturates():
    values = np.array([-3, -0.5, 0.5, 1.5, 2.5, 2.500001, 254.5, 255.5, 1e9])
    assert arrays.rounded(values, np.dtype("uint8")).tolist() == [0, 0, 0, 2, 2, 3, 254, 255, 255]
    assert arrays.rounded(values, np.dtype("float64")) is values
    assert arrays.rounded(values, np.dtype("float32")).dtype == np.float32
