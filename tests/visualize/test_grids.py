"""Images in a grid."""

import base64
import io
import re

import numpy as np
import pytest

from striate.visualize import ImageGrid, image_grid, plot_images
from striate.visualize.grids import png_bytes


@pytest.mark.parametrize("shape", [(5, 3, 4), (5, 3, 4, 1), (5, 3, 4, 3)])
def test_grids_hold_each_image(shape):
    images = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    grid = image_grid(images, 2, gap=2, fill=7)
    assert grid.shape == (3 * 5 - 2, 2 * 6 - 2, *shape[3:])
    assert grid.dtype == np.uint8
    rest = np.ones(grid.shape[:2], bool)
    for i, image in enumerate(images):
        part = slice(i // 2 * 5, i // 2 * 5 + 3), slice(i % 2 * 6, i % 2 * 6 + 4)
        np.testing.assert_array_equal(grid[part], image)
        rest[part] = False
    assert (grid[rest] == 7).all()
    assert image_grid(images).shape[:2] == (2 * 4 - 1, 3 * 5 - 1)


@pytest.mark.parametrize("shape", [(5, 4), (5, 4, 3), (5, 4, 4)])
def test_png_files_hold_the_pixels(shape):
    pillow = pytest.importorskip("PIL.Image")
    image = np.random.default_rng(0).uniform(-0.2, 1.2, shape)
    with pillow.open(io.BytesIO(png_bytes(image))) as file:
        np.testing.assert_array_equal(np.asarray(file), np.rint(np.clip(image, 0, 1) * 255))


def test_notebooks_show_images_with_their_labels():
    grid = ImageGrid(np.random.default_rng(0).random((3, 4, 4, 1)), ["a", "<b>", 3], size=50)
    page = grid._repr_html_()
    assert page.count("<img ") == 3
    assert "<figcaption>&lt;b&gt;</figcaption>" in page
    assert 'width="50"' in page
    first = re.search(r"base64,([^\"]+)", page)[1]
    assert base64.b64decode(first).startswith(b"\x89PNG")
    assert repr(grid) == "<ImageGrid of 3 images of 4 x 4 pixels>"
    assert "figcaption" not in ImageGrid(np.zeros((1, 2, 2)))._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": np.ones((3, 4))}, r"images has shape \(3, 4\); expected \(batch, height, width, channels\)"),
        ({"images": np.ones((0, 4, 4))}, r"images has shape \(0, 4, 4\); expected .*, with at least one image"),
        ({"images": np.full((1, 2, 2), np.nan)}, "images holds NaN or infinity; expected finite numbers"),
        ({"images": "cat"}, "images has dtype <U3; expected real numbers"),
        ({"columns": 0}, "columns=0 is too small"),
        ({"gap": -1}, "gap=-1 is too small"),
        ({"fill": "black"}, "fill='black' is of type str"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        image_grid(**{"images": np.ones((2, 3, 3)), **arguments})


def test_labels_must_be_as_many():
    with pytest.raises(ValueError, match="ImageGrid: labels has 1 elements for 2 images; expected one for each"):
        ImageGrid(np.ones((2, 3, 3)), ["a"])


def test_figures_have_an_axes_for_each_image():
    pytest.importorskip("matplotlib")
    images = np.random.default_rng(0).random((5, 4, 6, 3))
    figure = plot_images(images, list("abcde"), columns=3)
    assert len(figure.axes) == 5
    assert [axes.get_title() for axes in figure.axes] == list("abcde")
    np.testing.assert_array_equal(figure.axes[3].get_images()[0].get_array(), images[3])
    gray = plot_images(images[..., 0] * 10)
    drawn = np.stack([axes.get_images()[0].get_array() for axes in gray.axes])
    np.testing.assert_allclose(drawn, (images[..., 0] - images[..., 0].min()) / np.ptp(images[..., 0]))
