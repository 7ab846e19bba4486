"""U-Net: the paper's number of parameters, its shapes, what each output pixel sees, and that it learns."""

import numpy as np
import pytest

import striate
from striate import Model, architectures

UPSAMPLING = pytest.mark.parametrize("upsampling", ["transposed", "nearest", "bilinear"])


@UPSAMPLING
def test_it_has_the_number_of_parameters_of_the_paper(upsampling):
    model = architectures.UNet((None, None, 1), classes=2, upsampling=upsampling)
    assert model.count_params() == 31_030_658
    assert model.name == "unet"


@UPSAMPLING
@pytest.mark.parametrize("batch_normalization", [False, True])
def test_the_output_is_as_large_as_the_image(upsampling, batch_normalization):
    model = architectures.UNet((24, 16, 2), 3, 4, 3, upsampling, batch_normalization, dropout=0.5, rng=0)
    y = model.predict(np.random.default_rng(0).random((2, 24, 16, 2), np.float32), verbose=0)
    assert y.shape == (2, 24, 16, 3)
    np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-5)


def test_images_may_have_any_size_that_can_be_halved():
    fixed = architectures.UNet((16, 24, 1), 1, 4, 3, rng=0)
    any_size = architectures.UNet((None, None, 1), 1, 4, 3, rng=0)
    x = np.random.default_rng(0).random((1, 16, 24, 1), np.float32)
    np.testing.assert_array_equal(any_size.predict(x, verbose=0), fixed.predict(x, verbose=0))
    assert any_size.predict(np.zeros((1, 40, 8, 1), np.float32), verbose=0).shape == (1, 40, 8, 1)


def test_activations_fit_the_number_of_classes():
    x = np.random.default_rng(0).standard_normal((1, 8, 8, 1)).astype(np.float32)
    for classes, activation in ((1, striate.activations.sigmoid), (3, striate.activations.softmax)):
        outputs = architectures.UNet((8, 8, 1), classes, 4, 2, rng=0).predict(x, verbose=0)
        logits = architectures.UNet((8, 8, 1), classes, 4, 2, classifier_activation=None, rng=0).predict(x, verbose=0)
        np.testing.assert_allclose(outputs, activation(logits), rtol=1e-5)


def influences(model, places):
    """Return how much the middle of the output changes with each of some pixels of a random image."""
    x = np.random.default_rng(0).random((1 + len(places), 64, 64, 1), np.float32)
    x[1:] = x[0]
    for image, place in zip(x[1:], places, strict=True):
        image[place] += 0.5
    y = model.predict(x, verbose=0)[:, 32, 32, 0]
    return abs(y[1:] - y[0])


def test_skip_connections_carry_details_and_the_contracting_path_the_surroundings():
    model = architectures.UNet((64, 64, 1), 1, 4, 2, classifier_activation=None, rng=0)
    near, far, too_far = influences(model, [(32, 35), (32, 44), (0, 0)])
    assert min(near, far) > 0
    assert too_far == 0
    model.get_layer("up1_conv").set_weights([np.zeros((2, 2, 4, 8)), np.zeros(4)])  # Nothing comes up from below.
    near, beyond, far = influences(model, [(32, 35), (32, 37), (32, 44)])
    assert near > 0  # Four 3×3 convolutions see four pixels far.
    assert beyond == far == 0


def test_it_learns_a_few_discs():
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:32, :32]
    centers = rng.integers(8, 24, (24, 2, 1, 1))
    masks = np.hypot(rows - centers[:, 0], columns - centers[:, 1]) < 6
    x = (masks + rng.standard_normal(masks.shape))[..., np.newaxis].astype(np.float32)
    model = architectures.UNet((32, 32, 1), 1, 8, 2, batch_normalization=True, rng=0)
    model.compile(striate.optimizers.Adam(1e-2), "binary_crossentropy", metrics=[striate.metrics.BinaryIoU([1])])
    history = model.fit(x, masks, batch_size=8, epochs=12, verbose=0, rng=0).history
    assert history["binary_io_u"][-1] > 0.85 > history["binary_io_u"][0]


def test_a_saved_model_predicts_the_same(tmp_path):
    model = architectures.UNet((16, 16, 3), 2, 4, 2, "bilinear", rng=0)
    model.save(tmp_path / "unet.npz")
    x = np.random.default_rng(0).random((2, 16, 16, 3), np.float32)
    np.testing.assert_array_equal(Model.load(tmp_path / "unet.npz").predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"input_shape": (40, 64, 1)}, ValueError, r"input_shape=\(40, 64, 1\) has height 40, which cannot be halved 4 times"),
        ({"input_shape": (64, 60, 1), "depth": 3}, ValueError, r"width 60, .* expected a multiple of 2\*\*depth=8"),
        ({"input_shape": (64, 64)}, ValueError, r"input_shape=\(64, 64\) is not the shape of an image"),
        ({"classes": 0}, ValueError, "classes=0 is too small"),
        ({"depth": 0}, ValueError, "depth=0 is too small"),
        ({"filters": 8.5}, TypeError, "filters=8.5 is of type float"),
        ({"upsampling": "cubic"}, ValueError, "upsampling='cubic' is unknown; expected one of 'transposed', 'nearest', 'bili"),
        ({"dropout": 1}, ValueError, "dropout=1 is out of range"),
        ({"batch_normalization": "yes"}, TypeError, "batch_normalization='yes'"),
        ({"classifier_activation": "soft"}, ValueError, "soft"),
    ],
)
def test_wrong_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        architectures.UNet(**arguments)
