"""The command filter."""

import re

import numpy as np
import pytest

from striate import image as images
from striate.cli import main
from striate.cli.filter import _FILTERS
from striate.image import filters


@pytest.mark.parametrize("name", _FILTERS)
def test_filters_have_their_names(name, image, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["filter", name, str(image), str(out)]) == 0
    np.testing.assert_array_equal(images.read(out), _FILTERS[name](images.read(image)))
    assert capsys.readouterr().out == f"{out}: {image} through {name}\n"


def test_options_belong_to_filters(image, tmp_path, capsys):
    out, pixels = tmp_path / "out.png", images.read(image)
    assert main(["filter", "box", str(image), str(out), "--size", "5"]) == 0
    np.testing.assert_array_equal(images.read(out), filters.box_filter(pixels, 5))
    assert main(["filter", "gaussian", str(image), str(out), "--sigma", "2.5"]) == 0
    np.testing.assert_array_equal(images.read(out), filters.gaussian_filter(pixels, 2.5))
    assert main(["filter", "bilateral", str(image), str(out), "--sigma", "1.5"]) == 0
    np.testing.assert_array_equal(images.read(out), images.bilateral_filter(pixels, 30.0, 1.5))
    assert main(["filter", "open", str(image), str(out), "--size", "5"]) == 0
    np.testing.assert_array_equal(images.read(out), images.open(pixels, 5))
    assert main(["filter", "sobel-columns", str(image), str(out)]) == 0
    np.testing.assert_array_equal(images.read(out), filters.sobel(pixels, 1))
    capsys.readouterr()
    assert main(["filter", "emboss", str(image), str(out), "--sigma", "2.5"]) == 1
    expected = r"striate: --sigma=2.5 does not apply to emboss; expected it for gaussian, bilateral, unsharp, log, dog only"
    assert re.match(expected, capsys.readouterr().err)
    with pytest.raises(SystemExit):
        main(["filter", "nonsense", str(image), str(out)])


def test_what_cannot_be_filtered_is_told_in_a_line(image, tmp_path, capsys):
    for source, out, message in (
        (tmp_path / "nowhere.png", tmp_path / "out.png", "striate: .*nowhere.png"),
        (image, "no/such/out.png", "striate: path='no/such/out.png' cannot be written"),
        (image, tmp_path / "out.nonsense", "striate: .*out.nonsense' ends in '.nonsense'; expected the ending of an image"),
    ):
        assert main(["filter", "box", str(source), str(out)]) == 1
        assert re.match(message, capsys.readouterr().err)
