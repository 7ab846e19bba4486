"""Convolutions of binary images that were computed by hand."""

import numpy as np
import pytest

from striate import functional as F


def binary(rows):
    """Return the array of the digits in a string of rows."""
    return np.array([[int(digit) for digit in row] for row in rows.split()])


EXAMPLES = [
    ("10101 11100 10110 00101 01110", "101 011 101", [[6, 2, 3], [4, 3, 4], [4, 4, 3]]),
    ("11100 01110 00111 00110 01100", "101 010 101", [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
]


@pytest.mark.parametrize(("image", "kernel", "result"), EXAMPLES)
@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
def test_convolutions_of_binary_images_match_those_by_hand(image, kernel, result, algorithm, dtype):
    x = binary(image).astype(dtype).reshape(1, 5, 5, 1)
    y = F.conv2d(x, binary(kernel).astype(dtype).reshape(3, 3, 1, 1), algorithm=algorithm)
    np.testing.assert_array_equal(y[0, :, :, 0], result)
