"""Drawing: shapes have their areas and places, edges are smooth, and coordinates turn, stretch and mirror."""

import math

import numpy as np
import pytest

from striate.datasets.drawing import Canvas, blurred


def drawn(method, *arguments, size=64, **settings):
    """Return how much each pixel is covered by a white shape."""
    canvas = Canvas(size, (0.0, 0.0, 0.0))
    canvas.place((32, 32), 10, **settings)
    getattr(canvas, method)(*arguments, (1.0, 1.0, 1.0))
    np.testing.assert_array_equal(canvas.pixels[..., 0], canvas.pixels[..., 2])
    return canvas.pixels[..., 0]


@pytest.mark.parametrize(
    ("method", "arguments", "area"),
    [
        ("box", (-1, -1, 2, 1), 6),
        ("polygon", ([(-2, -1), (2, -1), (0, 2)],), 6),
        ("disk", (0.3, 0.2, 2), math.pi * 4),
        ("ring", (0, 0, 2, 0.5), math.pi * (2.25**2 - 1.75**2)),
        ("line", ((-1, -1), (1, 1), 0.4), 0.4 * math.sqrt(8) + math.pi * 0.04),
    ],
)
@pytest.mark.parametrize("settings", [{}, {"turn": 0.2}], ids=["upright", "turned"])
def test_shapes_have_their_areas(method, arguments, area, settings):
    covered = drawn(method, *arguments, **settings)
    assert covered.min() == 0
    assert covered.max() == 1
    assert covered.sum() / 100 == pytest.approx(area, rel=0.02)


def test_places_are_those_of_the_coordinates():
    covered = drawn("box", 1, 1, 2, 2)  # 10 pixels right of the origin and above it
    rows, columns = np.nonzero(covered > 0.5)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (12, 21, 42, 51)


def test_a_quarter_turn_is_counter_clockwise():
    np.testing.assert_allclose(drawn("box", 1, -1, 2, 0.5, turn=1.0), np.rot90(drawn("box", 1, -1, 2, 0.5)), atol=1e-12)


def test_a_negative_stretch_mirrors():
    np.testing.assert_array_equal(drawn("box", 1, -1, 2, 0.5, stretch=-1), drawn("box", 1, -1, 2, 0.5)[:, ::-1])


def test_colours_are_mixed_by_opacity():
    canvas = Canvas(8, (0.2, 0.4, 0.6))
    canvas.place((0, 8), 1)
    canvas.box(0, 0, 4, 8, (1.0, 0.0, 0.0), 0.5)
    np.testing.assert_allclose(canvas.pixels[0, 0], (0.6, 0.2, 0.3))
    np.testing.assert_allclose(canvas.pixels[0, 7], (0.2, 0.4, 0.6))


def test_shapes_are_cut_off_at_the_border():
    whole = drawn("disk", 0, 0, 2.5)
    for x, y in ((3, 0), (-3, 0), (0, 3), (0, -3)):
        covered = drawn("disk", x, y, 2.5)
        assert 0 < covered.sum() < whole.sum()
        np.testing.assert_allclose(covered, _moved(whole, -10 * y, 10 * x), atol=1e-12)
    assert not drawn("disk", 20, 0, 2.5).any()


def _moved(image, rows, columns):
    """Return an image that is moved, with zeros behind."""
    wide = np.pad(image, 40)
    return wide[40 - rows : 40 - rows + len(image), 40 - columns : 40 - columns + len(image)]


def test_blur_keeps_the_sum_and_adds_to_the_variance():
    pixels = np.zeros((21, 17, 3))
    pixels[10, 8] = 1.0
    spread = blurred(pixels, 3)
    assert spread.shape == pixels.shape
    np.testing.assert_allclose(spread.sum((0, 1)), 1, rtol=1e-12)
    rows, columns = np.arange(21) - 10, np.arange(17) - 8
    assert (spread[..., 0].sum(1) * rows**2).sum() == pytest.approx(1.5)
    assert (spread[..., 0].sum(0) * columns**2).sum() == pytest.approx(1.5)
    np.testing.assert_array_equal(blurred(pixels, 0), pixels)
    np.testing.assert_array_equal(blurred(np.ones((3, 5)), 2), np.ones((3, 5)))
