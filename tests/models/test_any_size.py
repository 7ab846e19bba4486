"""Models of images of any size."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers, models, ops


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
    with pytest.raises(ValueError, match=r"shape \(12, 2\); expected .*\(None, None, 2\); a single sample needs a batch axis"):
        model.predict(np.ones((8, 12, 2), np.float32))
    model.summary()
    assert "(None, None, None, 3)" in capsys.readouterr().out
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(models.load_model(tmp_path / "model.npz").predict(x), model.predict(x))
    with pytest.raises(ValueError, match="expected x, which determines it"):
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


def test_models_of_any_size_may_be_within_others():
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


@pytest.mark.parametrize(
    ("shape", "layer", "output_shape", "size"),
    [
        ((None, 1), layers.Conv1D(80, 251), (None, None, 80), (300, 1)),
        ((None, None, 3), layers.Cropping2D(150), (None, None, None, 3), (301, 302, 3)),
        ((None, None, 3), layers.AveragePooling2D(256), (None, None, None, 3), (256, 600, 3)),
        ((None, 5), layers.Reshape((-1, 15)), (None, None, 15), (6, 5)),
        ((None, 5), layers.Reshape((4, 5)), (None, 4, 5), (4, 5)),
        ((None, 6, 3), layers.Conv2DTranspose(2, 300, padding="same", strides=2), (None, None, 12, 2), (2, 6, 3)),
    ],
)
def test_no_size_is_assumed(shape, layer, output_shape, size):
    model = Sequential([Input(shape), layer], rng=0)
    assert model.output_shape == output_shape
    x = np.random.default_rng(0).standard_normal((2, *size)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(x), layer(x))


def test_windows_that_do_not_fit_are_refused_when_the_size_is_known():
    model = Sequential([Input((None, 1)), layers.Conv1D(80, 251)], rng=0)
    with pytest.raises(ValueError, match="layer 'conv1d': kernel is larger than the padded input: width 251"):
        model.predict(np.ones((1, 250, 1)))


class Tokens(layers.Layer):
    """Pixels as a sequence behind a learned vector, brought together: what computes with sizes, and decides by them."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mix = layers.Dense(7)
        self.chain = Sequential([layers.Conv2D(4, 300, padding="same"), layers.ReLU()])
        self.join = layers.Concatenate(axis=1)

    def build(self, input_shape):
        """Make the vector."""
        self.vector = self.add_weight((1, 1, input_shape[-1]), "ones")

    def call(self, x):
        """Return the sequence."""
        batch, height, width, channels = ops.shape(x)
        rows = ops.reshape(x, (batch, height * width, channels))
        rows = self.join([ops.broadcast_to(self.vector, (batch, 1, channels)), rows])
        if height * width > 3:
            rows = self.mix(rows)
        inner = ops.reshape(self.chain(x), (batch, -1, 4))
        return ops.concatenate([rows[:, 1:], inner], axis=-1)


def test_layers_that_compute_with_sizes():
    free, fixed = (Sequential([Input((*size, 3)), Tokens()], rng=0) for size in ((None, None), (5, 6)))
    assert free.output_shape == (None, None, 11)
    assert fixed.output_shape == (None, 30, 11)
    x = np.random.default_rng(0).standard_normal((2, 5, 6, 3)).astype(np.float32)
    np.testing.assert_array_equal(free.predict(x), fixed.predict(x))
    assert free.predict(np.ones((1, 2, 300, 3))).shape == (1, 600, 11)


class Squeezed(layers.Layer):
    """A layer whose weights depend on a product of sizes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2)

    def call(self, x):
        """Return what comes of all pixels of a channel."""
        batch, height, width, channels = ops.shape(x)
        return self.dense(ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (batch, channels, height * width)))


def test_weights_cannot_depend_on_what_is_not_known():
    with pytest.raises(ValueError, match=r"layer 'dense' cannot have a weight 'kernel' of shape \(None, 2\)"):
        Sequential([Input((None, None, 3)), Squeezed()])
    layer = Squeezed()
    Sequential([Input((4, 5, 3)), layer])
    with pytest.raises(ValueError, match="layer 'dense' was built for inputs of shape"):
        layer(np.ones((1, 5, 5, 3), np.float32))


def test_functions_keep_unknown_sizes():
    x = Input((None, None, 3))
    assert ops.expand_dims(x, 1).shape == (None, 1, None, None, 3)
    assert ops.squeeze(ops.expand_dims(x, -1), -1).shape == x.shape
    assert (x[:, ::2, 1:] + x[:, :1, :1]).shape == x.shape
    assert ops.concatenate([x, x], axis=-1).shape == (None, None, None, 6)
    assert ops.reshape(x, (-1, 3)).shape == (None, 3)
    with pytest.raises(ValueError, match="cannot be broadcast"):
        x + ops.concatenate([x, x], axis=-1)
    y = ops.mean(ops.expand_dims(x, 1), axis=(2, 3))
    model = Model(x, [y, ops.reshape(x, (ops.shape(x)[0], -1, 1))])
    values = np.random.default_rng(0).standard_normal((2, 4, 5, 3)).astype(np.float32)
    means, rows = model.predict(values)
    np.testing.assert_allclose(means, values.mean((1, 2))[:, np.newaxis], rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(rows, values.reshape(2, -1, 1))
