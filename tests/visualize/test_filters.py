"""Filters of convolutions."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.visualize import filters, plot_filters


def test_filters_are_kernels_as_images(classifier):
    found = filters(classifier)
    assert found.layer == "first"
    kernel = classifier.get_layer("first").kernel.numpy()
    for i in range(4):
        np.testing.assert_array_equal(found.kernels[i], kernel[..., i])
    assert filters(classifier, "last").kernels.shape == (5, 2, 2, 4)
    assert filters(classifier, classifier.get_layer("last")).layer == "last"


def test_models_of_any_size_and_depthwise_kernels():
    parts = [layers.DepthwiseConv2D(3, name="deep"), layers.GlobalMaxPooling2D()]
    found = filters(Sequential([layers.Input((None, None, 5)), *parts]))
    assert found.layer == "deep"
    assert found.kernels.shape == (1, 3, 3, 5)


def test_layers_without_kernels_of_images_are_refused(classifier):
    with pytest.raises(ValueError, match="layer='scores' has no kernel of images"):
        filters(classifier, "scores")
    with pytest.raises(ValueError, match="the model has no kernel of images"):
        filters(Sequential([layers.Input((3,)), layers.Dense(2)]))


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_figures_have_an_axes_for_each_filter(channels):
    pytest.importorskip("matplotlib")
    model = Sequential([layers.Input((8, 8, channels)), layers.Conv2D(6, 3, name="c")], rng=0)
    figure = plot_filters(model)
    assert len(figure.axes) == 6
    kernel = model.layers[0].kernel.numpy()[..., 4]
    drawn = figure.axes[4].get_images()[0].get_array()
    expected = 0.5 + kernel / (2 * np.abs(model.layers[0].kernel.numpy()).max()) if channels == 3 else kernel.mean(-1)
    np.testing.assert_allclose(drawn, expected, rtol=1e-6)
    assert figure.get_suptitle() == "c: 6 filters"
    assert plot_filters(model, most=4).get_suptitle() == "c: 4 of 6 filters"
