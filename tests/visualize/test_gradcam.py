"""Grad-CAM and Grad-CAM++, against their definitions in NumPy."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.visualize import feature_maps, grad_cam, grad_cam_plus_plus
from tests.helpers.small_models import two_headed

from .test_saliency import slopes


def maps_and_gradients(classifier, image, target):
    """The feature maps of "last", and the gradients of a class's score, by finite differences."""
    maps = feature_maps(classifier, image, "last").maps
    kernel, bias = (weight.numpy() for weight in classifier.get_layer("scores").weights)
    return maps, slopes(lambda maps: (maps.ravel() @ kernel + bias)[target], maps)


def test_grad_cam_weighs_maps_by_mean_gradients(classifier, images):
    found = grad_cam(classifier, images, 1, resize=False)
    assert found.layer == "last"
    for got, image in zip(found.map, images, strict=True):
        maps, gradients = maps_and_gradients(classifier, image, 1)
        expected = sum(gradients[..., k].mean() * maps[..., k] for k in range(5))
        np.testing.assert_allclose(got, np.maximum(expected, 0), rtol=1e-6, atol=1e-10)
    assert (found.map > 0).any()
    np.testing.assert_allclose(grad_cam(classifier, images, 1, resize=False, batch_size=2).map, found.map, rtol=1e-12)
    np.testing.assert_allclose(grad_cam(classifier, images[2], 1, resize=False).map, found.map[2], rtol=1e-12)


def test_grad_cam_plus_plus_weighs_positions(classifier, images):
    found = grad_cam_plus_plus(classifier, images, 2, resize=False)
    for got, image in zip(found.map, images, strict=True):
        maps, gradients = maps_and_gradients(classifier, image, 2)
        expected = np.zeros(maps.shape[:2])
        for k in range(maps.shape[2]):
            weight = 0.0
            for i, j in np.ndindex(maps.shape[:2]):
                g = gradients[i, j, k]
                alpha = g**2 / (2 * g**2 + maps[..., k].sum() * g**3)
                weight += alpha * max(g, 0)
            expected += weight * maps[..., k]
        np.testing.assert_allclose(got, np.maximum(expected, 0), rtol=1e-5, atol=1e-10)
    assert (found.map > 0).any()


def test_after_global_pooling_it_is_the_class_activation_map():
    parts = [layers.Conv2D(4, 3, activation="relu", name="conv"), layers.GlobalAveragePooling2D()]
    model = Sequential([layers.Input((9, 8, 2)), *parts, layers.Dense(3, activation="softmax", name="scores")], rng=1)
    x = np.random.default_rng(0).random((2, 9, 8, 2)).astype(np.float32)
    maps = feature_maps(model, x, "conv").maps
    expected = np.maximum(maps @ model.get_layer("scores").kernel.numpy()[:, 2], 0) / (7 * 6)
    np.testing.assert_allclose(grad_cam(model, x, 2, resize=False).map, expected, rtol=1e-4, atol=1e-7)


def test_maps_are_resized_to_the_image(classifier, images):
    small, large = grad_cam(classifier, images, 0, resize=False).map, grad_cam(classifier, images, 0).map
    assert small.shape == (3, 2, 2)
    assert large.shape == (3, 7, 6)
    rows = np.clip((np.arange(7) + 0.5) * 2 / 7 - 0.5, 0, 1)
    columns = np.clip((np.arange(6) + 0.5) * 2 / 6 - 0.5, 0, 1)
    for one, other in zip(small, large, strict=True):
        along = [np.interp(columns, [0, 1], row) for row in one]
        expected = [[np.interp(at, [0, 1], column) for column in np.transpose(along)] for at in rows]
        np.testing.assert_allclose(other, expected, rtol=1e-6, atol=1e-9)


def test_sequences_have_maps_of_one_row():
    parts = [layers.Conv1D(3, 3, activation="relu"), layers.GlobalAveragePooling1D(), layers.Dense(2)]
    model = Sequential([layers.Input((9, 1)), *parts], rng=0)
    x = np.random.default_rng(0).random((2, 9, 1))
    assert grad_cam(model, x, resize=False).map.shape == (2, 7)
    assert grad_cam(model, x).map.shape == (2, 9)


def test_several_inputs_have_one_map():
    x = [np.ones((2, 8, 8, 3), np.float32), np.ones((2, 2), np.float32)]
    found = grad_cam(two_headed(), x, output=1)
    assert found.map.shape == (2, 8, 8)
    assert found.layer == "conv2d"


def test_layers_without_positions_are_refused(classifier, images):
    with pytest.raises(ValueError, match=r"layer='flat' returns values of shape \(20,\); expected feature maps"):
        grad_cam(classifier, images, layer="flat")
    with pytest.raises(ValueError, match="layer='nowhere' is not one layer of the model"):
        grad_cam(classifier, images, layer="nowhere")
