"""Strings as inputs of models: they are looked up, hashed or split by layers of the model, in predictions and in training."""

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, layers
from striate.data import DataLoader
from striate.quantization import quantize

WORDS = np.array([["a"], ["b"], ["other"], ["c"], ["a"]])
INDICES = np.array([[1], [2], [0], [3], [1]])


def lookup():
    return layers.StringLookup(vocabulary=["a", "b", "c"])


class Custom(layers.Layer):
    def call(self, x):
        return x * 2


def of_words(*parts):
    return Sequential([Input((1,), dtype="string"), *parts], rng=0)


def classifier():
    """Return a functional model of words, and one of their indices with the same weights."""
    shared = [layers.Embedding(4, 3), layers.Flatten(), layers.Dense(2)]
    words, indices = Input((1,), dtype="string"), Input((1,), dtype="int32")
    found, given = lookup()(words), indices
    assert (found.shape, found.dtype) == ((None, 1), "int64")
    for layer in shared:
        found, given = layer(found), layer(given)
    return Model(words, found, rng=0), Model(indices, given, rng=0)


def test_words_become_indices_within_the_model():
    model, of_indices = classifier()
    expected = of_indices.predict(INDICES)
    for y in (
        model.predict(WORDS),
        model.predict(WORDS, batch_size=2),
        model.predict(WORDS.ravel()),
        model.predict(WORDS.tolist()),
        model.predict(WORDS.astype(object)),
        model.predict(np.char.encode(WORDS)),
        model.predict(iter([WORDS[:2], WORDS[2:]])),
        model(WORDS),
        model(WORDS, training=True),
    ):
        np.testing.assert_array_equal(y, expected)
    assert model.input_shape == (None, 1)
    assert model.input.dtype == "string"


def test_training_is_that_on_indices():
    y = np.random.default_rng(0).standard_normal((5, 2))
    losses = []
    for model, x in zip(classifier(), (WORDS, INDICES), strict=True):
        model.set_weights([np.random.default_rng(1).standard_normal(weight.shape) for weight in model.weights])
        model.compile("sgd", "mse")
        history = model.fit(x, y, batch_size=2, epochs=3, validation_data=(x, y), verbose=0, rng=0).history
        losses.append([*history["loss"], *history["val_loss"], model.evaluate(x, y)])
    assert losses[0] == losses[1]


def test_a_model_is_saved_with_its_vocabulary(tmp_path):
    model, _ = classifier()
    model.save(tmp_path / "words.keras")
    np.testing.assert_array_equal(striate.models.load_model(tmp_path / "words.keras").predict(WORDS), model.predict(WORDS))


def test_a_model_of_words_is_a_part_of_another():
    model, _ = classifier()
    outer = Sequential([model, layers.ReLU()])
    np.testing.assert_array_equal(outer.predict(WORDS), np.maximum(model.predict(WORDS), 0))


@pytest.mark.parametrize(
    ("make", "x"),
    [
        (lambda: layers.Hashing(5, output_mode="one_hot"), WORDS),
        (lambda: layers.Hashing(5, salt=3, dtype="int32"), WORDS),
        (lambda: layers.StringLookup(vocabulary=["a", "b"], output_mode="multi_hot", num_oov_indices=2), WORDS),
        (lambda: layers.IntegerLookup(vocabulary=[7, 2**40], output_mode="count"), np.array([[7], [2**40], [3]])),
        (lambda: layers.IntegerLookup(vocabulary=[7, 2**40], invert=True), np.array([[1], [2], [0]])),
        (lambda: layers.StringLookup(vocabulary=["a", "b"], invert=True), np.array([[1], [2], [0]])),
        (lambda: layers.Hashing(1000), np.array([[2**40 + 1], [2**40 + 2]])),
        (
            lambda: layers.TextVectorization(vocabulary=["a", "dog"], output_sequence_length=3),
            np.array([["A dog"], ["a b c d"]]),
        ),
        (lambda: layers.TextVectorization(vocabulary=["a", "dog"], output_mode="count"), np.array([["A dog"], ["a a a"]])),
    ],
)
def test_layers_do_in_models_what_they_do_with_arrays(make, x):
    layer = make()
    model = Sequential([Input((1,), dtype="int64" if x.dtype.kind == "i" else "string"), layer])
    y, expected = model.predict(x), layer(x)
    np.testing.assert_array_equal(y, expected)
    assert y.dtype == expected.dtype
    assert model.output_shape == (None, *expected.shape[1:])
    assert layer(Input((1,))).dtype == ("string" if expected.dtype == object else expected.dtype.name)


def test_crossed_features_of_a_dict():
    first, second = Input((1,), dtype="string", name="first"), Input((1,), dtype="int64", name="second")
    crossing = layers.HashedCrossing(5, "one_hot")
    model = Model({"first": first, "second": second}, crossing([first, second]))
    numbers = np.array([[101], [101], [2**40], [5], [6]])
    np.testing.assert_array_equal(model.predict({"first": WORDS, "second": numbers}), crossing([WORDS, numbers]))


def test_a_model_that_defines_call_takes_strings():
    class Words(Model):
        def __init__(self):
            super().__init__(rng=0)
            self.lookup, self.embedding, self.dense = lookup(), layers.Embedding(4, 2), layers.Dense(1)

        def call(self, x):
            return self.dense(self.embedding(self.lookup(x))[:, 0])

    model = Words()
    y = model(WORDS)
    np.testing.assert_allclose(model.predict(WORDS), y, rtol=1e-6)
    model.compile("sgd", "mse")
    assert model.fit(WORDS, np.zeros((5, 1)), verbose=0).history["loss"][0] > 0


def test_strings_are_refused_where_numbers_are_expected():
    words = Input((1,), dtype="string")
    for use in (layers.Dense(2), layers.Embedding(3, 2), lambda x: x + 1):
        with pytest.raises(TypeError, match=r"^layer '\w+' got strings; expected numbers, which StringLookup, Hashing and"):
            use(words)
    with pytest.raises(TypeError, match="an operation of layer 'custom' got strings; expected numbers"):
        of_words(Custom(name="custom")).predict(WORDS)
    with pytest.raises(TypeError, match="has dtype <U5; expected real numbers"):
        Sequential([Input((1,)), layers.Dense(1)]).predict(WORDS)
    with pytest.raises(TypeError, match="has numbers; expected strings"):
        of_words(lookup()).predict(np.ones((2, 1)))


def test_what_a_model_cannot_know_is_refused():
    texts = of_words(layers.TextVectorization(vocabulary=["a"]))
    with pytest.raises(ValueError, match="expected a vocabulary, and a length of texts"):
        texts.predict(WORDS)
    strict = of_words(layers.StringLookup(vocabulary=["a"], num_oov_indices=0))
    with pytest.raises(ValueError, match=r"^layer 'string_lookup': x has \['b', 'other', 'c'\], which are not in the vocab"):
        strict.predict(WORDS)


def test_summaries_and_plans_of_models_of_strings():
    model, _ = classifier()
    lines = []
    model.summary(print_fn=lines.append)
    assert "input_layer (InputLayer)" in lines[0]
    assert len(model.plan(3).measure(repeats=2).seconds) == len(model.plan(3).operations)


def test_a_step_of_a_custom_model_takes_strings():
    class Stepping(Model):
        def train_step(self, data):
            x, y = data
            with striate.GradientTape() as tape:
                loss = striate.ops.mean(striate.ops.square(self(x, training=True) - y))
            self.optimizer.apply_gradients(
                zip(tape.gradient(loss, self.trainable_weights), self.trainable_weights, strict=True)
            )
            return {"loss": loss}

    usual, _ = classifier()
    words = Input((1,), dtype="string")
    stepping = Stepping(words, usual(words))
    y = np.ones((5, 2))
    expected = np.square(usual.predict(WORDS) - 1).mean()
    stepping.compile("sgd")
    np.testing.assert_allclose(stepping.fit(WORDS, y, verbose=0).history["loss"], expected, rtol=1e-6)
    assert np.square(usual.predict(WORDS) - 1).mean() < expected


def test_batches_of_strings_come_from_loaders():
    model, of_indices = classifier()
    model.compile("sgd", "mse")
    model.set_weights(of_indices.get_weights())
    y = np.zeros((5, 2))
    loader = DataLoader((WORDS, y), batch_size=2)
    assert model.evaluate(loader) == pytest.approx(model.evaluate(WORDS, y), rel=1e-5)


def test_quantized_models_take_strings():
    words = Input((1,), dtype="string")
    x = layers.Flatten()(layers.Embedding(4, 8)(lookup()(words)))
    model = Model(words, layers.Dense(64)(layers.Dense(64, "relu")(x)), rng=0)
    expected = model.predict(WORDS)
    np.testing.assert_allclose(quantize(model, WORDS).predict(WORDS), expected, atol=0.05 * np.abs(expected).max())
