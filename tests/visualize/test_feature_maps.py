"""What layers return."""

import numpy as np
import pytest

from striate import Input, Model
from striate.visualize import feature_maps, plot_feature_maps
from tests.helpers.small_models import nested_network, two_headed


def test_feature_maps_are_those_of_a_model_cut_there():
    model = nested_network()
    x = np.random.default_rng(0).random((5, 8, 8, 3)).astype(np.float32)
    expected = Model(model.input, model.get_layer("sum").output).predict(x)
    found = feature_maps(model, x, batch_size=2)
    assert found.layer == "sum"
    np.testing.assert_allclose(found.maps, expected, rtol=1e-6)
    np.testing.assert_allclose(feature_maps(model, x[0]).maps, expected[0], rtol=1e-6)
    np.testing.assert_allclose(feature_maps(model, x, "head/scores").maps, model.predict(x), rtol=1e-5)


def test_several_inputs():
    x = [np.ones((3, 8, 8, 3), np.float32), np.ones((3, 2), np.float32)]
    assert feature_maps(two_headed(), x, "conv2d").maps.shape == (3, 6, 6, 4)


def test_layers_with_several_outputs_are_refused():
    image = Input((8, 8, 3))
    inner = Model([a := Input((8, 8, 3))], [a + 1.0, a * 2.0], name="two")
    model = Model(image, inner(image)[0])
    with pytest.raises(ValueError, match="layer='two' has no single output in the model; expected one of"):
        feature_maps(model, np.ones((1, 8, 8, 3)), "two")


def test_figures_have_an_axes_for_each_map(classifier, images):
    pytest.importorskip("matplotlib")
    figure = plot_feature_maps(classifier, images[1], "first", columns=3)
    assert len(figure.axes) == 4  # two rows of three, two places without a map
    maps = feature_maps(classifier, images[1], "first").maps
    np.testing.assert_allclose(figure.axes[2].get_images()[0].get_array(), maps[..., 2])
    assert figure.get_suptitle().startswith("first: 4 feature maps, ")
    with pytest.raises(ValueError, match=r"layer='flat' returns values of shape \(20,\) for image; expected \(height, width"):
        plot_feature_maps(classifier, images[1], "flat")
