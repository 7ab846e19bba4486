"""Networks, a layer and data that tests of models share."""

import numpy as np

from striate import Input, Model, Sequential, layers
from striate.datasets import load_digits


def images(count=12, size=8, channels=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, size, size, channels)).astype(np.float32), rng.integers(0, 4, count)


def digits(count):
    """Return some of the embedded digits, as images from 0 to 1, and their labels."""
    x, y = load_digits()
    return x[:count, ..., np.newaxis].astype(np.float32) / 16, y[:count]


def residual_network(rng=0, **kwargs):
    image = Input((8, 8, 3))
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="stem")(image)
    y = layers.Conv2D(6, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.5)(y)
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Concatenate()([layers.MaxPooling2D(name="pooled")(x), layers.Conv2D(2, 2, strides=2)(x)])
    x = layers.GlobalAveragePooling2D()(x)
    return Model(image, layers.Dense(4, activation="softmax", name="scores")(x), rng=rng, **kwargs)


def two_headed(rng=0):
    image, extra = Input((8, 8, 3), name="image"), Input((2,), name="extra")
    x = layers.Flatten()(layers.Conv2D(4, 3, activation="relu")(image))
    x = layers.Concatenate()([x, extra])
    kind = layers.Dense(4, activation="softmax", name="kind")(x)
    place = layers.Dense(2, name="place")(x)
    return Model([image, extra], [kind, place], rng=rng)


def nested_network():
    image = Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(image)
    y = layers.Conv2D(4, 1, name="second")(x)
    x = layers.add([x, y], name="sum")
    head = Sequential([layers.Flatten(), layers.Dense(2, name="scores")], name="head")
    return Model(image, head(x), name="net")


class Residual(layers.Layer):
    """Composed of other layers."""

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.inner = [
            layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=self.dtype),
            layers.Conv2D(filters, 3, padding="same", dtype=self.dtype),
        ]
        self.add = layers.Add(dtype=self.dtype)

    def call(self, x):
        y = x
        for layer in self.inner:
            y = layer(y)
        return self.add([x, y])

    def get_config(self):
        return {"filters": self.filters, **super().get_config()}
