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


def drawn(figure):
    """Return the arrays of the images of a figure."""
    return [np.asarray(axes.get_images()[0].get_array()) for axes in figure.axes]


def test_figures_take_images_of_any_sizes_and_dtypes():
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (4, 7, 3)).astype(np.uint8)
    edges = rng.random((5, 3)) > 0.5
    slope, curve = rng.uniform(-4, 4, (2, 6)), rng.uniform(0, 9, (3, 3, 1))
    slope[0, 0], curve[0, 0, 0] = -5, 11
    figure = plot_images([photo, edges, slope, curve], columns=2)
    shown = drawn(figure)
    np.testing.assert_array_equal(shown[0], photo / 255)
    np.testing.assert_array_equal(shown[1], edges)
    np.testing.assert_allclose(shown[2], (slope + 5) / 16)
    np.testing.assert_allclose(shown[3], (curve[..., 0] + 5) / 16)
    assert [axes.get_title() for axes in figure.axes] == [""] * 4


def test_keys_of_a_dict_are_labels():
    pytest.importorskip("matplotlib")
    figure = plot_images({"a": np.zeros((2, 3)), "b": np.ones((4, 2, 3))})
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    with pytest.raises(ValueError, match="labels are given for a dict of images; expected None"):
        plot_images({"a": np.zeros((2, 3))}, ["b"])


def test_black_and_white_can_be_chosen():
    pytest.importorskip("matplotlib")
    values = np.array([[[-100, 0, 25], [50, 100, 125]]], np.int8)
    np.testing.assert_allclose(drawn(plot_images(values))[0], (values[0] + 100.0) / 225)
    np.testing.assert_allclose(drawn(plot_images(values, vmin=0, vmax=100))[0], [[0, 0, 0.25], [0.5, 1, 1]])
    np.testing.assert_allclose(drawn(plot_images(values, vmax=50))[0], [[0, 2 / 3, 125 / 150], [1, 1, 1]])
    np.testing.assert_allclose(drawn(plot_images(abs(values).astype(np.uint8), vmin=55))[0][1], [0, 45 / 200, 70 / 200])


def test_wide_images_take_no_more_height_than_they_need():
    pytest.importorskip("matplotlib")
    low, high = (plot_images([np.zeros((rows, 60))] * 3, columns=1, size=6).get_size_inches()[1] for rows in (6, 30))
    assert low == pytest.approx(3 * 0.6 + 0.35)
    assert high == pytest.approx(3 * 3.0 + 0.35)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": []}, "images is empty; expected at least one image"),
        ({"images": {}}, "images is empty; expected at least one image"),
        ({"images": [np.ones((3, 4)), np.ones(3)]}, r"images\[1\] has shape \(3,\); expected \(height, width, channels\)"),
        ({"images": [np.ones((3, 4)), np.full((2, 2), np.inf)]}, r"images\[1\] holds NaN or infinity"),
        ({"images": [np.ones((3, 4)), "cat"]}, r"images\[1\] has shape \(\); expected \(height, width, channels\)"),
        ({"labels": ["a"]}, "labels has 1 elements for 2 images; expected one for each"),
        ({"vmin": "dark"}, "vmin='dark' is of type str; expected a finite number"),
        ({"vmin": 2, "vmax": 2.0}, r"vmin=2, vmax=2.0 draw 2 in black and 2 in white; expected black below white"),
        ({"vmin": 1}, "vmin=1, vmax=None draw 1 in black and 1 in white; expected black below white"),
        ({"columns": 0}, "columns=0 is too small"),
        ({"size": -1}, "size=-1 is out of range"),
    ],
)
def test_figures_refuse_what_does_not_fit(arguments, message):
    pytest.importorskip("matplotlib")
    with pytest.raises((TypeError, ValueError), match=message):
        plot_images(**{"images": np.ones((2, 3, 3)), **arguments})


def test_a_picture_in_colour_is_one_image(rng):
    pytest.importorskip("matplotlib")
    for shape, count in (((19, 17, 3), 1), ((16, 16, 4), 1), ((5, 17, 17), 5), ((20, 3, 3), 20), ((2, 20, 20, 3), 2)):
        assert len(plot_images(rng.random(shape)).axes) == count
