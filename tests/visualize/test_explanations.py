"""Maps over images."""

import numpy as np
import pytest

from striate.visualize import ClassMap, overlay, plot_explanation


def test_a_map_covers_the_image_where_it_is_large():
    image = np.random.default_rng(0).random((3, 4, 3))
    values = np.zeros((3, 4))
    values[1, 2], values[0, 0] = 5, -5
    found = overlay(image, values)
    gray = image @ [0.299, 0.587, 0.114]
    rest = np.ones((3, 4), bool)
    rest[1, 2] = False
    np.testing.assert_allclose(found[rest], np.repeat(gray[rest][:, np.newaxis], 3, 1))
    assert (found[1, 2] - 0.15 * gray[1, 2] > 0).all()
    np.testing.assert_allclose(overlay(image, values, strength=0), np.repeat(gray[..., np.newaxis], 3, 2))
    np.testing.assert_allclose(overlay(image, values, strength=1)[1, 2], [1, 0.95, 0.35])
    np.testing.assert_allclose(overlay(image, np.zeros((3, 4))), np.repeat(gray[..., np.newaxis], 3, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: overlay(np.ones((3, 4)), np.ones((3, 3))), r"values has shape \(3, 3\); expected .* \(3, 4\)"),
        (lambda: overlay(np.ones((3, 4)), np.ones((3, 4)), strength=2), "strength=2 is out of range"),
        (lambda: overlay(np.ones((3, 4)), np.full((3, 4), np.nan)), "values holds NaN or infinity; expected finite numbers"),
        (lambda: plot_explanation(np.ones((2, 3, 3, 1)), np.ones((1, 3, 3))), r"maps has shape .*; expected a map of \(3, 3\)"),
        (lambda: plot_explanation(np.ones((2, 3, 3, 1)), np.ones((2, 3, 3)), ["a"]), "labels has 1 elements for 2 images"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_figures_have_images_and_maps():
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(0)
    images, maps = rng.random((2, 4, 5, 1)), rng.random((2, 4, 5))
    figure = plot_explanation(images, maps, ["cat", "dog"])
    assert len(figure.axes) == 4
    assert [axes.get_title() for axes in figure.axes] == ["cat", "dog", "", ""]
    np.testing.assert_array_equal(figure.axes[1].get_images()[0].get_array(), images[1, ..., 0])
    np.testing.assert_allclose(figure.axes[3].get_images()[0].get_array(), overlay(images[1], maps[1]))
    assert len(plot_explanation(images, ClassMap(maps, "conv")).axes) == 4
    signed = plot_explanation(images[0], rng.standard_normal((4, 5, 1)))
    drawn = signed.axes[1].get_images()[0]
    assert drawn.get_clim()[0] == -drawn.get_clim()[1]
    assert drawn.get_array().min() < 0
