"""Classic Keras programs, with nothing but the import changed and, since striate has no global seed, a seed given to models."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops


def blobs(count=240, size=12, classes=3, channels=1, seed=0):
    """Images with a bright square whose place tells the class."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count)
    images = 0.2 * rng.random((count, size, size, channels))
    step = size // classes
    for image, label in zip(images, labels, strict=True):
        image[label * step : label * step + step, 2:-2] += 0.8
    return images.astype("float32"), labels


def test_the_simple_convnet_of_keras_trains():
    num_classes = 3
    x_train, y_train = blobs()
    x_test, y_test = blobs(seed=1)
    y_train = np.eye(num_classes)[y_train]
    y_test = np.eye(num_classes)[y_test]

    model = keras.Sequential(
        [
            keras.Input(shape=(12, 12, 1)),
            layers.Conv2D(8, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5, seed=0),
            layers.Dense(num_classes, activation="softmax"),
        ],
        rng=0,
    )
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
    history = model.fit(x_train, y_train, batch_size=32, epochs=8, validation_split=0.1, verbose=0, rng=0)
    score = model.evaluate(x_test, y_test, verbose=0)
    assert score[1] > 0.95
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_the_functional_resnet_of_keras_trains_with_augmentation():
    def block(x, filters, strides=1):
        shortcut = x
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_regularizer=keras.regularizers.l2(1e-4))(x)
        x = layers.BatchNormalization()(x)
        if strides != 1:
            shortcut = layers.Conv2D(filters, 1, strides=strides, padding="same")(shortcut)
        return layers.Activation("relu")(layers.add([x, shortcut]))

    augmentation = keras.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.05, 0.05), layers.RandomRotation(0.02)],
        name="augmentation",
    )
    inputs = keras.Input(shape=(12, 12, 3))
    x = augmentation(inputs)
    x = layers.Rescaling(2.0, offset=-1.0)(x)
    x = layers.Conv2D(8, 3, padding="same")(x)
    x = block(x, 8)
    x = block(x, 16, strides=2)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(3)(x)
    model = keras.Model(inputs=inputs, outputs=outputs, name="small_resnet", rng=0)
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    x, y = blobs(channels=3)
    y = np.where(y == 1, 1, np.where(y == 2, 2, 0))
    model.fit(x, y, epochs=12, verbose=0, rng=0)
    assert model.evaluate(x, y)[1] > 0.9
    np.testing.assert_array_equal(model.predict(x[:5]), model.predict(x[:5]))  # augmentation is for training


def test_custom_layers_and_callbacks_of_keras_programs_work():
    class Linear(layers.Layer):
        def __init__(self, units=32, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)

        def call(self, inputs):
            return ops.matmul(inputs, self.w) + self.b

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    class Noticing(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.losses = []

        def on_train_batch_end(self, batch, logs=None):
            self.losses.append(logs["loss"])

        def on_epoch_end(self, epoch, logs=None):
            if logs["loss"] < 0.05:
                self.model.stop_training = True

    inputs = keras.Input((12, 12, 1))
    x = layers.Flatten()(inputs)
    x = layers.ReLU()(Linear(16)(x))
    outputs = Linear(3)(x)
    model = keras.Model(inputs, outputs, rng=0)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert model.count_params() == 144 * 16 + 16 + 16 * 3 + 3
    callback = Noticing()
    x, y = blobs()
    history = model.fit(x, y, epochs=60, callbacks=[callback], verbose=0, rng=0)
    assert history.history["loss"][-1] < 0.05
    assert len(history.epoch) < 60
    assert len(callback.losses) == 8 * len(history.epoch)


def test_custom_layer_is_the_built_in_one(tmp_path):
    @keras.saving.register_keras_serializable()
    class Scale(layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")
            super().build(input_shape)

        def call(self, x, training=None):
            return x * self.factor - ops.mean(x * self.factor, axis=-1, keepdims=True)

    inputs = keras.Input((6,))
    model = keras.Model(inputs, layers.Dense(2)(Scale()(inputs)), rng=0)
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).standard_normal((10, 6)).astype("float32")
    model.fit(x, x[:, :2], epochs=3, verbose=0)
    factor, kernel, bias = model.get_weights()
    scaled = x * factor
    np.testing.assert_allclose(
        model.predict(x), (scaled - scaled.mean(-1, keepdims=True)) @ kernel + bias, rtol=1e-5, atol=1e-5
    )
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.npz").predict(x), model.predict(x))


def test_transfer_learning_works_by_freezing_and_cutting():
    x, y = blobs()
    base = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(8, 3, activation="relu", name="features"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(3),
        ]
    )
    base.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    base.fit(x, y, epochs=2, verbose=0)
    trunk = keras.Model(base.inputs, base.layers[-2].output)
    trunk.trainable = False
    kernel = base.get_layer("features").get_weights()[0]
    model = keras.Sequential([trunk, layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(trunk.get_layer("features").get_weights()[0], kernel)
    assert len(model.trainable_weights) == 2
    assert len(model.non_trainable_weights) == 2
    trunk.trainable = True
    model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    assert not np.array_equal(trunk.get_layer("features").get_weights()[0], kernel)


def test_operators_on_tensors_make_layers():
    a, b = keras.Input((4,)), keras.Input((4,))
    y = (a + 2 * b - 1) / 2 + ops.square(a)[:, 1:2] * layers.Dense(1, name="d")(b)
    model = keras.Model([a, b], [y, ops.concatenate([a, ops.exp(b)], axis=-1)], rng=0)
    x = [np.random.default_rng(i).standard_normal((3, 4)).astype("float32") for i in range(2)]
    kernel, bias = model.get_layer("d").get_weights()
    first, second = model.predict(x)
    np.testing.assert_allclose(
        first, (x[0] + 2 * x[1] - 1) / 2 + x[0][:, 1:2] ** 2 * (x[1] @ kernel + bias), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(second, np.concatenate([x[0], np.exp(x[1])], -1), rtol=1e-6)


@pytest.mark.parametrize("name", ["celu", "hard_shrink", "soft_shrink", "log_sigmoid", "sparsemax", "glu", "threshold"])
def test_activations_without_kernels_match_their_functions(name):
    layer = layers.Dense(6, activation=name, dtype="float64")
    x = np.random.default_rng(0).standard_normal((5, 4))
    y = layer(x, rng=0)
    kernel, _ = layer.get_weights()
    np.testing.assert_allclose(y, getattr(keras.activations, name)(x @ kernel), rtol=1e-12)
    assert layers.Dense.from_config(layer.get_config()).activation is layer.activation


def test_subclassed_models_of_keras_programs_train():
    class Network(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.convolution = layers.Conv2D(4, 3, activation=keras.activations.relu)
            self.dropout = layers.Dropout(0.2)
            self.dense = layers.Dense(3, activation=lambda x: ops.softmax(x))

        def call(self, inputs, training=False):
            x = self.convolution(inputs)
            x = ops.max(x, axis=[1, 2])
            return self.dense(self.dropout(x, training=training))

    model = Network(rng=0)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = blobs()
    history = model.fit(x, y, epochs=3, verbose=0, rng=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert model.predict(x[:2]).shape == (2, 3)


def test_cloned_models_take_the_weights_of_the_original():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)], name="two")
    clone = keras.models.clone_model(model)
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not np.array_equal(clone.get_weights()[0], model.get_weights()[0])
    clone.set_weights(model.get_weights())
    x = np.ones((1, 4), "float32")
    np.testing.assert_array_equal(clone.predict(x), model.predict(x))


def test_sparsemax_is_the_nearest_point_of_the_simplex():
    x = np.random.default_rng(0).standard_normal((20, 6))
    y = keras.activations.sparsemax(x)
    np.testing.assert_allclose(y.sum(-1), 1)
    assert (y >= 0).all()
    for other in np.random.default_rng(1).dirichlet(np.ones(6), 200):
        assert (np.square(x - y).sum(-1) <= np.square(x - other).sum(-1) + 1e-12).all()


def test_shape_of_the_input_given_to_the_first_layer():
    model = keras.Sequential()
    model.add(layers.Conv2D(4, 3, activation="relu", input_shape=(8, 8, 1)))
    model.add(layers.Flatten())
    model.add(layers.Dense(2))
    assert model.built
    assert model.input_shape == (None, 8, 8, 1)
    assert model.output_shape == (None, 2)
    assert keras.models.clone_model(model).input_shape == (None, 8, 8, 1)
