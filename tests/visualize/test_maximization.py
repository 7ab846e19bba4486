"""Images that excite units most."""

import numpy as np
import pytest

from striate import Sequential, layers
from striate.visualize import feature_maps, maximize, plot_maximized

from .test_scores import logits


def linear(seed=0):
    return Sequential([layers.Input((6, 5, 1)), layers.Flatten(), layers.Dense(3, activation="softmax", name="s")], rng=seed)


def test_a_linear_score_is_largest_at_the_signs_of_its_weights():
    model = linear()
    found = maximize(model, [0, 2], steps=200, smoothness=0, jitter=0, decay=0, rng=0)
    assert found.layer == "s"
    kernel = model.layers[1].kernel.numpy()
    for image, unit in zip(found.images, (0, 2), strict=True):
        weights = kernel[:, unit].reshape(6, 5, 1)
        large = np.abs(weights) > 0.05
        np.testing.assert_array_equal(image[large], (weights > 0)[large])
    scores = found.images.reshape(2, -1) @ kernel
    np.testing.assert_allclose(found.activations, [scores[0, 0], scores[1, 2]], rtol=1e-5)


def test_decay_pulls_towards_gray_and_ranges_are_kept():
    model = linear()
    weak = maximize(model, 1, steps=100, smoothness=0, jitter=0, decay=0.5, data_range=(-1, 3), rng=0)
    assert np.abs(weak.images - 1).max() < 0.6
    strong = maximize(model, 1, steps=100, step_size=0.5, decay=0, data_range=(-1, 3), rng=0).images
    assert strong.min() == -1
    assert strong.max() == 3


def test_activations_are_means_over_positions(classifier):
    first = maximize(classifier, [1, 3], "first", steps=0, rng=5)
    later = maximize(classifier, [1, 3], "first", steps=40, rng=5)
    assert (later.activations > first.activations + 0.1).all()
    maps = feature_maps(classifier, later.images, "first").maps
    np.testing.assert_allclose(later.activations, [maps[0, ..., 1].mean(), maps[1, ..., 3].mean()], rtol=1e-10)
    score = maximize(classifier, 2, steps=3, rng=0)
    np.testing.assert_allclose(score.activations, logits(classifier, score.images)[:, 2], rtol=1e-10)


def test_smoothness_leaves_large_scales(classifier):
    rough, smooth = (
        maximize(classifier, 0, "first", steps=30, smoothness=smoothness, jitter=0, rng=1).images for smoothness in (0, 1.5)
    )
    differences = [np.abs(np.diff(image, axis=1)).mean() / np.ptp(image) for image in (rough, smooth)]
    assert differences[1] < 0.8 * differences[0]


def test_models_of_any_size_take_a_size():
    parts = [layers.Conv2D(2, 3, name="c"), layers.GlobalAveragePooling2D()]
    model = Sequential([layers.Input((None, None, 1)), *parts], rng=0)
    assert maximize(model, range(2), image_size=(9, 8), steps=1).images.shape == (2, 9, 8, 1)
    with pytest.raises(ValueError, match=r"image_size is None, and the model takes images of shape \(None, None, None, 1\)"):
        maximize(model, 0)


def test_the_same_seed_gives_the_same_images(classifier):
    one, other = (maximize(classifier, 0, steps=5, rng=3).images for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 3}, r"units\[0\]=3 is too large; expected an integer of at least 0 and at most 2"),
        ({"layer": "nowhere"}, "layer='nowhere' is not one layer of the model"),
        ({"steps": -1}, "steps=-1 is too small"),
        ({"decay": 2}, "decay=2 is out of range"),
        ({"data_range": (0, "one")}, r"data_range\[1\]='one' is of type str"),
        ({"data_range": (0, 1, 2)}, "data_range=.* is not a range; expected two numbers, the lowest and the highest"),
        ({"data_range": (1, 1)}, r"data_range\[1\]=1 is out of range; expected a finite number above 1"),
        ({"image_size": 5}, r"image_size=5 is not the size of the model's images; expected \(7, 6\)"),
        ({"jitter": 0.5}, "jitter=0.5 is of type float"),
        ({"model": Sequential([layers.Input((3,)), layers.Dense(3)])}, r"expected images \(height, width, channels\)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message, classifier):
    with pytest.raises((TypeError, ValueError), match=message):
        maximize(**{"model": classifier, "units": 0, **arguments})


def test_figures_have_an_axes_for_each_unit(classifier):
    pytest.importorskip("matplotlib")
    figure = plot_maximized(classifier, range(3), "last", steps=2, rng=0, data_range=(-1, 1))
    assert len(figure.axes) == 3
    found = maximize(classifier, [0, 1, 2], "last", steps=2, rng=0, data_range=(-1, 1))
    drawn = figure.axes[1].get_images()[0].get_array()
    np.testing.assert_allclose(drawn, ((found.images[1] + 1) / 2).mean(-1), rtol=1e-6)
    assert figure.axes[1].get_title() == f"last 1: {found.activations[1]:.3g}"
