"""Images as tables of numbers."""

import numpy as np
import pytest

from striate import image


def test_colours_have_a_table_each():
    x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert image.pixel_table(x).split("\n\n") == [
        "red\n    0  1\n0   0  3\n1   6  9",
        "green\n    0  1\n0   1  4\n1   7 10",
        "blue\n    0  1\n0   2  5\n1   8 11",
    ]
    assert [text.split("\n")[0] for text in image.pixel_table(np.zeros((1, 1, 2))).split("\n\n")] == ["channel 0", "channel 1"]
    assert image.pixel_table(x[..., :1]) == "    0  1\n0   0  3\n1   6  9"


def test_floats_have_digits():
    x = np.array([[0.5, -1.25], [np.nan, 1e3]], np.float32)
    assert image.pixel_table(x, 1) == "        0      1\n0     0.5   -1.2\n1     nan 1000.0"


def test_large_images_are_cut_off_in_the_middle():
    lines = image.pixel_table(np.zeros((100, 50), bool), most=5).split("\n")
    assert [line.split()[0] for line in lines] == ["0", "0", "1", "2", "…", "98", "99"]
    assert lines[0].split() == ["0", "1", "2", "…", "48", "49"]
    assert image.pixel_table(np.zeros((5, 5), bool), most=5).count("…") == 0


def test_what_is_no_image_is_refused():
    with pytest.raises(TypeError, match="image has dtype int64; expected an image of bool, uint8, float32 or float64"):
        image.pixel_table([[1]])
    with pytest.raises(ValueError, match="image has 4 dimensions"):
        image.pixel_table(np.zeros((1, 1, 1, 1)))
    with pytest.raises(ValueError, match="most=1 is too small; expected an integer of at least 2"):
        image.pixel_table(np.zeros((1, 1)), most=1)
    with pytest.raises(TypeError, match=r"digits=1.5 is of type float"):
        image.pixel_table(np.zeros((1, 1)), 1.5)
