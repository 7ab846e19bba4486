"""Patches of images that excite a channel most, against a plain loop."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.visualize import feature_maps, plot_top_patches, receptive_fields, top_patches


@pytest.fixture
def many():
    return np.random.default_rng(4).uniform(0, 1, (10, 7, 6, 2))


def test_patches_are_what_the_largest_positions_see(classifier, many):
    found = top_patches(classifier, many, 3, "first", count=4, batch_size=3)
    maps = feature_maps(classifier, many, "first").maps[..., 3]
    order = np.argsort(-maps.max((1, 2)))[:4]
    np.testing.assert_array_equal(found.images, order)
    np.testing.assert_allclose(found.activations, maps.max((1, 2))[order])
    padded = np.pad(many, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for patch, i, (row, column) in zip(found.patches, found.images, found.positions, strict=True):
        assert maps[i, row, column] == maps[i].max()
        np.testing.assert_array_equal(patch, padded[i, row : row + 3, column : column + 3])


def test_patches_have_the_size_of_the_field(classifier, many):
    field = next(each for each in receptive_fields(classifier) if each.layer == "last")
    found = top_patches(classifier, many, 0, count=2)
    assert found.layer == "last"
    assert found.patches.shape == (2, *field.size, 2)
    assert len(top_patches(classifier, many, 0, count=100).images) == 10


def test_whole_images_are_shown_where_fields_depend_on_the_position():
    parts = [layers.UpSampling2D(2), layers.Conv2D(2, 3, name="c"), layers.GlobalMaxPooling2D()]
    model = Sequential([layers.Input((5, 4, 1)), *parts], rng=0)
    x = np.random.default_rng(0).random((3, 5, 4, 1)).astype(np.float32)
    found = top_patches(model, x, 1, "c", count=2)
    np.testing.assert_array_equal(found.patches, x[found.images])


def test_what_does_not_fit_is_refused(classifier, many):
    with pytest.raises(ValueError, match="channel=4 is too large; expected an integer of at least 0 and at most 3"):
        top_patches(classifier, many, 4, "first")
    with pytest.raises(ValueError, match="layer='scores' has outputs of shape"):
        top_patches(classifier, many, 0, "scores")
    with pytest.raises(ValueError, match="count=0 is too small"):
        top_patches(classifier, many, 0, count=0)


def test_figures_have_an_axes_for_each_patch(classifier, many):
    pytest.importorskip("matplotlib")
    figure = plot_top_patches(classifier, many, 1, "first", count=3)
    found = top_patches(classifier, many, 1, "first", count=3)
    assert [axes.get_title() for axes in figure.axes] == [f"{activation:.3g}" for activation in found.activations]
    np.testing.assert_allclose(figure.axes[0].get_images()[0].get_array(), found.patches[0].mean(-1))
