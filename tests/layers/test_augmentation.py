"""Augmentation layers: forms of their arguments, and comparison with Keras for ranges that are a single number."""

import numpy as np
import pytest

from striate import layers

keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras itself causes it.
FACTORS = [
    (layers.RandomTranslation, {"height_factor": (0.25, 0.25), "width_factor": (0.5, 0.5)}),
    (layers.RandomTranslation, {"height_factor": (-0.3, -0.3), "width_factor": (0.2, 0.2), "interpolation": "nearest"}),
    (layers.RandomRotation, {"factor": (0.07, 0.07)}),
    (layers.RandomRotation, {"factor": (-0.2, -0.2)}),
    (layers.RandomZoom, {"height_factor": (0.3, 0.3)}),
    (layers.RandomZoom, {"height_factor": (-0.3, -0.3), "width_factor": (0.2, 0.2)}),
]


@keras_warns
@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "reflect"])
@pytest.mark.parametrize(("cls", "arguments"), FACTORS)
def test_pixels_move_as_in_keras(cls, arguments, fill_mode):
    keras = pytest.importorskip("keras")
    x = np.random.default_rng(0).random((2, 9, 8, 3), np.float32)
    arguments = {**arguments, "fill_mode": fill_mode, "fill_value": 0.7}
    theirs = keras.ops.convert_to_numpy(getattr(keras.layers, cls.__name__)(**arguments)(x, training=True))
    np.testing.assert_allclose(cls(**arguments)(x, training=True), theirs, atol=5e-6)  # Keras computes coordinates in float32.


@keras_warns
@pytest.mark.parametrize("value_range", [(0, 255), (255.0, 0.0), [-10, 10]])
def test_brightness_changes_as_in_keras(value_range):
    keras = pytest.importorskip("keras")
    x = (np.random.default_rng(0).random((2, 4, 5, 3)) * 255).astype(np.float32)
    for factor in (-0.3, 0.2):
        arguments = {"factor": (factor, factor), "value_range": value_range}
        theirs = keras.ops.convert_to_numpy(keras.layers.RandomBrightness(**arguments)(x, training=True))
        np.testing.assert_allclose(layers.RandomBrightness(**arguments)(x, training=True), theirs, rtol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda factor: layers.RandomTranslation(factor, 0.1).height_factor,
        lambda factor: layers.RandomTranslation(0.1, factor).width_factor,
        lambda factor: layers.RandomRotation(factor).factor,
        lambda factor: layers.RandomZoom(factor).height_factor,
        lambda factor: layers.RandomZoom(0.1, factor).width_factor,
        lambda factor: layers.RandomBrightness(factor).factor,
    ],
    ids=["height", "width", "rotation", "zoom", "zoom_width", "brightness"],
)
@pytest.mark.parametrize(
    ("factor", "pair"),
    [(0.2, (-0.2, 0.2)), (-0.2, (-0.2, 0.2)), (1, (-1, 1)), ((-0.3, -0.1), (-0.3, -0.1)), ([0.3, -0.1], (-0.1, 0.3))],
)
def test_factors_are_numbers_or_pairs(make, factor, pair):
    assert make(factor) == pair


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.RandomTranslation(1.5, 0), ValueError, r"height_factor=1.5 .* at least -1 and at most 1"),
        (lambda: layers.RandomZoom((0.1, 0.2, 0.3)), ValueError, r"height_factor=\(0.1, 0.2, 0.3\) has 3 elements"),
        (lambda: layers.RandomZoom(-1.5), ValueError, r"height_factor=-1.5 .* at least -1"),
        (lambda: layers.RandomRotation("much"), TypeError, r"factor='much' is of type str"),
        (lambda: layers.RandomContrast(0.5, 255), TypeError, r"value_range=255 is of type int; expected \(lowest, highest\)"),
        (lambda: layers.RandomFlip(data_format="channels"), ValueError, r"data_format='channels'"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_positional_arguments_are_in_the_order_of_keras():
    moved = {"fill_mode": "constant", "interpolation": "nearest", "seed": 3, "fill_value": 2.0}
    for layer in (
        layers.RandomTranslation(0.1, 0.2, "constant", "nearest", 3, 2.0, "channels_last", name="one"),
        layers.RandomRotation(0.1, "constant", "nearest", 3, 2.0, "channels_last", name="one"),
        layers.RandomZoom(0.1, 0.2, "constant", "nearest", 3, 2.0, "channels_last", name="one"),
    ):
        assert {**moved, "name": "one"}.items() <= layer.get_config().items()
    crop = layers.RandomCrop(4, 5, 3, "channels_last", "one").get_config()
    assert {"height": 4, "width": 5, "seed": 3, "name": "one"}.items() <= crop.items()
    for cls in (layers.RandomContrast, layers.RandomBrightness):
        assert {"value_range": (0, 1), "seed": 3}.items() <= cls(0.1, (0, 1), 3).get_config().items()
    assert {"mode": "vertical", "seed": 3}.items() <= layers.RandomFlip("vertical", 3).get_config().items()
