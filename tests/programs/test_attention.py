"""Programs with attention and embeddings: a vision transformer, and captions of images."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits

PATCH, FEATURES = 2, 24


class Patches(layers.Layer):
    """Patches of an image as rows, each projected to features, plus a vector that is learned for each place."""

    def build(self, input_shape):
        self.count = (input_shape[1] // PATCH) * (input_shape[2] // PATCH)
        self.projection = layers.Conv2D(FEATURES, PATCH, strides=PATCH)
        self.places = layers.Embedding(self.count, FEATURES)

    def call(self, x):
        tokens = ops.reshape(self.projection(x), (-1, self.count, FEATURES))
        return tokens + self.places(ops.arange(self.count))


def transformer(tokens, causal=False):
    """Return tokens after a block of a transformer."""
    x = layers.LayerNormalization()(tokens)
    tokens = tokens + layers.MultiHeadAttention(4, FEATURES // 4, dropout=0.1)(x, x, use_causal_mask=causal)
    x = layers.Dense(2 * FEATURES, activation="gelu")(layers.LayerNormalization()(tokens))
    return tokens + layers.Dense(FEATURES)(x)


def test_a_vision_transformer_reads_digits():
    images, labels = digits(1300)
    inputs = keras.Input((8, 8, 1))
    x = Patches()(inputs)
    for _ in range(2):
        x = transformer(x)
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    model = keras.Model(inputs, layers.Dense(10)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(0.005), loss, metrics=["accuracy"])
    model.fit(images[:1000], labels[:1000], batch_size=32, epochs=6, verbose=0)
    assert model.evaluate(images[1000:], labels[1000:], return_dict=True, verbose=0)["accuracy"] > 0.8


WORDS = ["", "<start>", "<end>", "a", "red", "green", "blue", "square", "bar", "left", "right"]


def scenes(count, rng):
    """Return images of a colored figure on one side, and captions such as "a red square left" as indices of words."""
    x, captions = 0.1 * rng.random((count, 12, 12, 3)).astype("float32"), np.zeros((count, 6), "int32")
    for image, caption in zip(x, captions, strict=True):
        color, figure, side = rng.integers(0, 3), rng.integers(0, 2), rng.integers(0, 2)
        height = (4, 2)[figure]
        row, column = rng.integers(0, 12 - height), rng.integers(0, 3) + 6 * side
        image[row : row + height, column : column + 4, color] += 0.8
        caption[:] = [1, 3, 4 + color, 7 + figure, 9 + side, 2]
    return x, captions


def captioner():
    image, words = keras.Input((12, 12, 3)), keras.Input((None,), dtype="int32")
    x = layers.Conv2D(12, 3, strides=2, padding="same", activation="relu")(image)
    x = layers.Conv2D(FEATURES, 3, strides=2, padding="same", activation="relu")(x)
    places = layers.Reshape((9, FEATURES))(x)
    state = layers.Dense(FEATURES, activation="tanh")(layers.Flatten()(x))
    embedding = layers.ReversibleEmbedding(len(WORDS), FEATURES)
    y = layers.GRU(FEATURES, return_sequences=True)(embedding(words), initial_state=state)
    y = layers.Add()([y, layers.Attention()([y, places])])
    return keras.Model([image, words], embedding(layers.Dense(FEATURES)(y), reverse=True))


def test_images_are_described_word_by_word():
    rng = np.random.default_rng(0)
    (x, captions), (x_test, captions_test) = scenes(400, rng), scenes(50, rng)
    model = captioner()
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit([x, captions[:, :-1]], captions[:, 1:], epochs=20, verbose=0)
    said = np.full((50, 1), WORDS.index("<start>"), "int32")
    for _ in range(5):
        said = np.append(said, model.predict([x_test, said], verbose=0)[:, -1:].argmax(-1).astype("int32"), 1)
    assert (said == captions_test).all(1).mean() > 0.9
