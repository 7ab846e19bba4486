"""Models of images of any size."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers, models


def fully_convolutional(shape=(None, None, 2), rng=0):
    image = Input(shape)
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    x = layers.UpSampling2D()(layers.MaxPooling2D()(layers.BatchNormalization()(x)))
    return Model(image, layers.Conv2D(3, 1, activation="softmax")(x), rng=rng)


def test_one_model_takes_images_of_several_sizes(tmp_path, capsys):
    model = fully_convolutional()
    assert model.input_shape == (None, None, None, 2)
    assert model.output_shape == (None, None, None, 3)
    rng = np.random.default_rng(0)
    for size in ((8, 12), (6, 6), (8, 12)):
        fixed = fully_convolutional((*size, 2))
        x = rng.standard_normal((3, *size, 2)).astype(np.float32)
        np.testing.assert_array_equal(model.predict(x), fixed.predict(x))
        np.testing.assert_array_equal(model(x), fixed(x))
    with pytest.raises(ValueError, match=r"x has samples of shape \(8, 12, 3\); expected .*\(None, None, 2\)"):
        model.predict(np.ones((1, 8, 12, 3), np.float32))
    model.summary()
    assert "(None, None, None, 3)" in capsys.readouterr().out
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(models.load_model(tmp_path / "model.npz").predict(x), model.predict(x))
    with pytest.raises(ValueError, match="expected x to tell which"):
        model.plan(1)
    assert len(model.plan(3, x).operations) == len(fixed.plan(3).operations)


def test_a_model_of_any_size_learns_as_one_of_a_fixed_size():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((12, 8, 6, 2)), rng.integers(0, 3, (12, 8, 6))
    free, fixed = fully_convolutional(), fully_convolutional((8, 6, 2))
    for model in (free, fixed):
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert free.fit(x, y, epochs=2, verbose=0).history == fixed.fit(x, y, epochs=2, verbose=0).history
    assert free.evaluate(x, y) == fixed.evaluate(x, y)
    assert free.fit(x[:, :4, :4], y[:, :4, :4], verbose=0).history["loss"][0] > 0


def test_models_of_any_size_within_others():
    inner = fully_convolutional()
    image = Input((None, 8, 2))
    model = Model(image, layers.GlobalMaxPooling2D()(inner(image)))
    assert model.output_shape == (None, 3)
    sequence = Sequential([Input((None, None, 2)), inner, layers.GlobalMaxPooling2D(), layers.Dense(2)])
    x = np.random.default_rng(0).standard_normal((2, 6, 8, 2)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(x), inner.predict(x).max((1, 2)))
    assert sequence.predict(x[:, :4]).shape == (2, 2)
    with pytest.raises(ValueError, match=r"layer 'dense' cannot have a weight 'kernel' of shape .*None"):
        Model(image, layers.Dense(2)(layers.Flatten()(image)))
