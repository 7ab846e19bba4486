"""Other transformers of images: attention within shifted windows, and a few latent vectors that look at all patches."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits

GRID, WINDOW, FEATURES, HEADS = 4, 2, 24, 3  # patches of an image along each side, and of a window; features of a patch


def windows(x, size):
    """Return the windows of maps of features as sequences, (batch * windows, size * size, features)."""
    _, height, width, features = x.shape
    x = ops.reshape(x, (-1, height // size, size, width // size, size, features))
    return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, size * size, features))


def maps(x, size, height, width):
    """Return the maps of features whose `windows` are given."""
    x = ops.reshape(x, (-1, height // size, width // size, size, size, x.shape[-1]))
    return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, height, width, x.shape[-1]))


class WindowAttention(layers.Layer):
    """Attention among the patches of a window, with a learned bias for each offset between two of them."""

    def __init__(self, shift, **kwargs):
        super().__init__(**kwargs)
        self.shift = shift
        self.norm, self.qkv, self.projection = layers.LayerNormalization(), layers.Dense(3 * FEATURES), layers.Dense(FEATURES)
        self.biases = self.add_weight(((2 * WINDOW - 1) ** 2, HEADS), "zeros", name="biases")
        places = np.stack(np.meshgrid(np.arange(WINDOW), np.arange(WINDOW), indexing="ij")).reshape(2, -1)
        rows, columns = places[:, :, None] - places[:, None, :] + WINDOW - 1
        self.offsets = keras.Variable(rows * (2 * WINDOW - 1) + columns, dtype="int32", trainable=False)

    def build(self, input_shape):
        height, width = input_shape[1:3]
        regions = np.zeros((1, height, width, 1), "float32")
        if self.shift:  # Patches that the shift brings together from opposite sides do not see each other.
            regions[:, -self.shift :] += 1
            regions[:, :, -self.shift :] += 2
        regions = windows(regions, WINDOW)
        self.mask = np.where(regions == regions.transpose(0, 2, 1), 0, -100).astype("float32")

    def call(self, x):
        _, height, width, _ = x.shape
        shifted = ops.roll(self.norm(x), (-self.shift, -self.shift), (1, 2)) if self.shift else self.norm(x)
        size = WINDOW * WINDOW
        qkv = ops.reshape(self.qkv(windows(shifted, WINDOW)), (-1, size, 3, HEADS, FEATURES // HEADS))
        query, key, value = ops.unstack(ops.transpose(qkv, (2, 0, 3, 1, 4)))
        scores = query @ ops.transpose(key, (0, 1, 3, 2)) * (FEATURES // HEADS) ** -0.5
        biases = ops.reshape(ops.take(self.biases, ops.reshape(self.offsets, (-1,)), axis=0), (size, size, HEADS))
        scores += ops.expand_dims(ops.transpose(biases, (2, 0, 1)), 0)
        scores = ops.reshape(scores, (-1, len(self.mask), HEADS, size, size)) + self.mask[None, :, None]
        weights = ops.softmax(ops.reshape(scores, (-1, HEADS, size, size)))
        y = ops.reshape(ops.transpose(weights @ value, (0, 2, 1, 3)), (-1, size, FEATURES))
        y = maps(self.projection(y), WINDOW, height, width)
        return x + (ops.roll(y, (self.shift, self.shift), (1, 2)) if self.shift else y)


def trained_accuracy(model, images, labels, epochs):
    """Train on the first 1000 images, and return the accuracy on the others."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(0.005), loss, metrics=["accuracy"])
    model.fit(images[:1000], labels[:1000], batch_size=32, epochs=epochs, verbose=0)
    return model.evaluate(images[1000:], labels[1000:], return_dict=True, verbose=0)["accuracy"]


def test_attention_within_shifted_windows_reads_digits():
    images, labels = digits(1300)
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(FEATURES, 8 // GRID, strides=8 // GRID)(inputs)
    for shift in (0, 1):
        x = WindowAttention(shift)(x)
        y = layers.Dense(2 * FEATURES, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dense(FEATURES)(y)])
    x = layers.Flatten()(layers.LayerNormalization()(x))
    model = keras.Model(inputs, layers.Dense(10)(x), rng=0)
    assert trained_accuracy(model, images, labels, 6) > 0.8


def test_a_shifted_patch_sees_its_neighbours_alone():
    inputs = keras.Input((GRID, GRID, FEATURES))
    model = keras.Model(inputs, WindowAttention(1)(inputs), rng=0)
    x = np.random.default_rng(0).normal(size=(1, GRID, GRID, FEATURES)).astype("float32")
    changed = x.copy()
    changed[0, 0, 0] += 1  # Shifted by a patch, the corner is alone in its region of a window.
    differs = np.abs(model.predict(changed) - model.predict(x)).max(-1)[0] > 1e-6
    assert differs[0, 0]
    assert differs.sum() == 1
    changed = x.copy()
    changed[0, 1, 1] += 1
    differs = np.abs(model.predict(changed) - model.predict(x)).max(-1)[0] > 1e-6
    assert differs[1:3, 1:3].any()
    assert not differs[0].any()
    assert not differs[3].any()


def crossing(latents, patches):
    """Return a model in which latent vectors look at the patches of an image."""
    inputs = {
        "latents": keras.Input((latents, FEATURES), name="latents"),
        "data": keras.Input((patches, FEATURES), name="data"),
    }
    query, data = (layers.LayerNormalization()(inputs[name]) for name in ("latents", "data"))
    query, key, value = layers.Dense(FEATURES)(query), layers.Dense(FEATURES)(data), layers.Dense(FEATURES)(data)
    x = layers.Add()([layers.Attention(use_scale=True)([query, value, key]), inputs["latents"]])
    return keras.Model(inputs, layers.Dense(FEATURES, activation="gelu")(layers.LayerNormalization()(x)))


class Latents(keras.Model):
    """Reads images again and again with the same two parts; what is read begins as learned vectors, the same for all images."""

    def __init__(self, latents=6, **kwargs):
        super().__init__(**kwargs)
        self.latents = self.add_weight((latents, FEATURES), "random_normal", name="latents")
        self.patches = layers.Conv2D(FEATURES, 2, strides=2)
        self.places = layers.Embedding(GRID * GRID, FEATURES)
        self.cross = crossing(latents, GRID * GRID)
        self.among = layers.MultiHeadAttention(HEADS, FEATURES // HEADS)
        self.logits = layers.Dense(10)

    def call(self, x):
        data = ops.reshape(self.patches(x), (-1, GRID * GRID, FEATURES)) + self.places(ops.arange(GRID * GRID))
        latents = ops.expand_dims(self.latents, 0)
        for _ in range(2):
            latents = self.cross({"latents": latents, "data": data})
            latents = latents + self.among(latents, latents)
        return self.logits(ops.mean(latents, axis=1))


def test_latent_vectors_read_digits():
    images, labels = digits(1300)
    assert trained_accuracy(Latents(rng=0), images, labels, 10) > 0.7
