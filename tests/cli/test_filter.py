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


def test_transparency_stays(rng, tmp_path):
    pixels = rng.integers(0, 256, (9, 8, 4), np.uint8)
    path, out = tmp_path / "rgba.png", tmp_path / "out.png"
    images.write(path, pixels)
    for name in ("edges", "bilateral", "erode"):
        assert main(["filter", name, str(path), str(out)]) == 0
        np.testing.assert_array_equal(images.read(out), np.dstack([_FILTERS[name](pixels[..., :3]), pixels[..., 3]]))


def test_images_of_two_colours_become_grey(rng, tmp_path):
    pixels = rng.random((9, 8)) < 0.5
    path, out = tmp_path / "bits.png", tmp_path / "out.png"
    images.write(path, pixels)
    for name in ("box", "median", "sobel"):
        assert main(["filter", name, str(path), str(out)]) == 0
        np.testing.assert_array_equal(images.read(out), _FILTERS[name](255 * pixels.astype(np.uint8)))


def test_missing_memory_is_told_in_a_line(image, tmp_path, capsys):
    assert main(["filter", "box", str(image), str(tmp_path / "out.png"), "--size", str(1 << 29)]) == 1
    assert re.match(r"striate: not enough memory \(no \d+ bytes for a kernel's working memory", capsys.readouterr().err)


def deep_image(folder):
    """Return the path of an image with 16 bits."""
    from PIL import Image

    Image.fromarray(np.zeros((3, 4), np.uint16)).save(folder / "deep.png")
    return folder / "deep.png"


def text_file(folder):
    """Return the path of a text that is called an image."""
    path = folder / "text.png"
    path.write_text("no image")
    return path


def test_what_cannot_be_filtered_is_told_in_a_line(image, tmp_path, capsys):
    for source, out, message in (
        (tmp_path / "nowhere.png", tmp_path / "out.png", "striate: .*nowhere.png"),
        (image, "no/such/out.png", "striate: path='no/such/out.png' cannot be written"),
        (image, tmp_path / "out.nonsense", "striate: .*out.nonsense' ends in '.nonsense'; expected the ending of an image"),
        (deep_image(tmp_path), tmp_path / "out.png", "striate: IMAGE='.*deep.png' has more than 8 bits for each colour; exp"),
        (image.with_name("nowhere"), tmp_path / "out.png", "striate: .*No such file or directory"),
        (tmp_path, tmp_path / "out.png", "striate: .*Is a directory"),
        (text_file(tmp_path), tmp_path / "out.png", r"striate: path='.*text.png' is not an image, .*; expected an intact one"),
    ):
        assert main(["filter", "box", str(source), str(out)]) == 1
        assert re.match(message, capsys.readouterr().err)
