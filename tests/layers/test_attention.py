"""Attention: NumPy's float64 and Keras as references, masks, gradients, shapes and whole models."""

import json
import math

import numpy as np
import pytest

import striate
from striate import Input, Model, layers
from tests.helpers.bounds import difference_quotient
from tests.helpers.layer_gradients import gradients

RNG = np.random.default_rng(3)
QUERY, VALUE, KEY = (RNG.standard_normal((2, n, 4)) for n in (5, 3, 3))
MASK = RNG.random((2, 5, 3)) > 0.4
CAUSAL = np.arange(5)[:, None] >= np.arange(3)


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=0, atol=3e-6)


def softmax(scores, mask=None):
    """Softmax along the last axis, with 0 where a mask is not set."""
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    e = np.exp(scores - np.where(np.isinf(scores.max(-1)), 0, scores.max(-1))[..., None])
    return e / np.maximum(e.sum(-1, keepdims=True), 1e-300)


def of_heads(layer, query, value, key, mask=None):
    """What several heads with biases return, head by head, and their weights."""
    dense = [layer._query_dense, layer._key_dense, layer._value_dense, layer._output_dense] if hasattr(
        layer, "_query_dense"
    ) else [layer.query_dense, layer.key_dense, layer.value_dense, layer.output_dense]  # fmt: skip
    (wq, bq), (wk, bk), (wv, bv), (wo, bo) = ([each.astype(float) for each in one.get_weights()] for one in dense)
    heads, groups = wq.shape[1], wk.shape[1]
    y, found = bo, []
    for head in range(heads):
        group = head * groups // heads
        q, k, v = (
            query @ wq[:, head] + bq[head], key @ wk[:, group] + bk[group], value @ wv[:, group] + bv[group]
        )  # fmt: skip
        found.append(softmax(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]), mask))
        gate = 1
        if layer.use_gate:
            wg, bg = layer._gate_dense.get_weights()
            gate = 1 / (1 + np.exp(-(query @ wg[:, head] + bg[head])))
        y = y + (found[-1] @ v * gate) @ wo[head]
    return y, np.stack(found, 1)


HEADS = {
    "multi": lambda **more: layers.MultiHeadAttention(3, 2, 5, bias_initializer="random_normal", **more),
    "grouped": lambda **more: layers.GroupQueryAttention(2, 6, 3, bias_initializer="random_normal", **more),
}


@pytest.mark.parametrize("make", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("settings", [{}, {"use_gate": True}, {"sliding_window": 2}])
@pytest.mark.parametrize(
    ("arguments", "mask"),
    [
        ({}, None),
        ({"attention_mask": MASK}, MASK),
        ({"attention_mask": MASK[:1]}, MASK[:1]),
        ({"attention_mask": MASK[0].astype("float32")}, MASK[0]),
        ({"use_causal_mask": True}, CAUSAL),
        ({"use_causal_mask": True, "attention_mask": MASK}, MASK & CAUSAL),
        ({"query_mask": MASK[:, :, 0], "value_mask": MASK[:, 0]}, MASK[:, :, :1] & MASK[:, :1]),
    ],
)
def test_heads_are_those_of_the_reference(make, settings, arguments, mask):
    layer = make(**settings)
    y, found = layer(QUERY, VALUE, KEY, return_attention_scores=True, **arguments)
    if "sliding_window" in settings:
        near = np.abs(np.arange(5)[:, None] - np.arange(3)) < 2
        mask = near if mask is None else mask & near
    for got, want in zip((y, found), of_heads(layer, QUERY, VALUE, KEY, mask), strict=True):
        close(got, want)
    np.testing.assert_array_equal(layer(QUERY, VALUE, KEY, **arguments), y)


@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", ["dot", "concat", "additive"])
def test_one_head_is_that_of_the_reference(kind, scale, masked):
    additive = kind == "additive"
    layer = layers.AdditiveAttention(use_scale=scale) if additive else layers.Attention(scale, kind)
    layer.build([QUERY.shape, VALUE.shape, KEY.shape])
    for weight in layer.weights:
        weight.assign(RNG.uniform(0.5, 2, weight.shape))
    factor = layer.scale.numpy() if scale else 1.0
    sums = QUERY[:, :, None] + KEY[:, None]
    scores = {
        "dot": lambda: QUERY @ KEY.swapaxes(1, 2) * factor,
        "concat": lambda: np.tanh(sums * factor).sum(-1) * layer.concat_score_weight.numpy(),
        "additive": lambda: (np.tanh(sums) * factor).sum(-1),
    }[kind]()
    query_mask, value_mask = (MASK[:, :, 0], MASK[:, 0]) if masked else (None, None)
    arguments = {"mask": [query_mask, value_mask], "use_causal_mask": True} if masked else {}
    found = softmax(scores, value_mask[:, None] & CAUSAL if masked else None)
    y = found @ VALUE * (query_mask[..., None] if masked else 1)
    for got, want in zip(layer([QUERY, VALUE, KEY], return_attention_scores=True, **arguments), (y, found), strict=True):
        close(got, want)


def test_queries_may_see_keys_along_some_axes_only():
    x = RNG.standard_normal((2, 3, 4, 6))
    rows = layers.MultiHeadAttention(2, 3, attention_axes=2)
    y, found = rows(x, x, return_attention_scores=True)
    want, weights = of_heads(rows, x.reshape(6, 4, 6), x.reshape(6, 4, 6), x.reshape(6, 4, 6))
    close(y, want.reshape(x.shape))
    close(found, weights.reshape(2, 3, 2, 4, 4))
    both = layers.MultiHeadAttention(2, 3)
    y, found = both(x, x, return_attention_scores=True)
    want, weights = of_heads(both, *[x.reshape(2, 12, 6)] * 3)
    close(y, want.reshape(x.shape))
    close(found, weights.reshape(2, 2, 3, 4, 3, 4))


ALL = {
    "multi": (lambda layers, **k: layers.MultiHeadAttention(2, 3, value_dim=2, use_gate=True, **k), False),
    "multi, output_shape": (lambda layers, **k: layers.MultiHeadAttention(2, 3, output_shape=(2, 5), **k), False),
    "grouped": (lambda layers, **k: layers.GroupQueryAttention(3, 4, 2, sliding_window=2, **k), False),
    "dot": (lambda layers, **k: layers.Attention(use_scale=True, **k), True),
    "concat": (lambda layers, **k: layers.Attention(score_mode="concat", **k), True),
    "additive": (lambda layers, **k: layers.AdditiveAttention(**k), True),
}


def network(library, name, **settings):
    """Return a model of one layer of attention."""
    make, takes_list = ALL[name]
    query, value = library.Input((None, 4)), library.Input((None, 4))
    layer = make(library.layers, **settings)
    y = layer([query, value], use_causal_mask=True) if takes_list else layer(query, value, use_causal_mask=True)
    return library.Model([query, value], y)


@pytest.mark.parametrize("name", ALL)
def test_gradients(name):
    make, _ = ALL[name]
    layer = make(layers, dtype="float64")
    inputs = [QUERY.copy(), VALUE.copy()]
    called = layer if ALL[name][1] else Pair(layer)
    called.build([each.shape for each in inputs])
    for weight in layer.weights:
        weight.assign(weight.numpy() + 0.3 * RNG.standard_normal(weight.shape))
    dy = RNG.standard_normal(
        layer.compute_output_shape(*([[(2, 5, 4), (2, 3, 4)]] if ALL[name][1] else [(2, 5, 4), (2, 3, 4)]))
    )
    _, *found = gradients(called, inputs, dy)
    for gradient, array in zip(found, [*inputs, *(weight.array for weight in layer.trainable_weights)], strict=True):
        for index in RNG.integers(0, array.size, 3):
            place = np.unravel_index(index, array.shape)
            expected = difference_quotient(lambda: float((dy * gradients(called, inputs, dy)[0]).sum()), array, place)
            assert gradient[place] == pytest.approx(expected, rel=1e-5, abs=1e-8)


class Pair(layers.Layer):
    """A layer that calls another one with queries and values."""

    def __init__(self, layer):
        super().__init__(dtype=layer.dtype)
        self.layer = layer

    def call(self, x):
        return self.layer(x[0], x[1])


@pytest.mark.parametrize("name", ALL)
def test_models_learn_and_are_saved_whole(name, tmp_path):
    model = network(striate, name, dropout=0.2)
    model.compile("adam", "mse")
    shape = model.predict([QUERY, VALUE]).shape
    model.fit([QUERY, VALUE], np.ones(shape), epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    again = striate.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict([QUERY, VALUE]), model.predict([QUERY, VALUE]))
    config = model.layers[-1].get_config()
    assert type(model.layers[-1]).from_config(json.loads(json.dumps(config))).get_config() == config


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("name", ALL)
def test_models_and_weights_move_from_keras_and_back(name, tmp_path):
    keras = pytest.importorskip("keras")
    theirs, ours = network(keras, name, dropout=0.2), network(striate, name, dropout=0.2)
    theirs.set_weights([RNG.uniform(-1, 1, each.shape) for each in theirs.get_weights()])
    want = theirs.predict([QUERY, VALUE], verbose=0)
    theirs.save(tmp_path / "x.keras")
    close(striate.models.load_model(tmp_path / "x.keras").predict([QUERY, VALUE]), want)
    theirs.save_weights(tmp_path / "x.weights.h5")
    ours.load_weights(tmp_path / "x.weights.h5")
    close(ours.predict([QUERY, VALUE]), want)
    ours.save_weights(tmp_path / "y.weights.h5")
    again = network(keras, name, dropout=0.2)
    again.load_weights(tmp_path / "y.weights.h5")
    close(again.predict([QUERY, VALUE], verbose=0), want)


def test_dropout_acts_in_training_alone():
    for layer, inputs in (
        (layers.MultiHeadAttention(2, 3, dropout=0.5), (QUERY, VALUE)),
        (layers.GroupQueryAttention(3, 4, 2, dropout=0.5), (QUERY, VALUE)),
        (layers.Attention(dropout=0.5), ([QUERY, VALUE],)),
    ):
        np.testing.assert_array_equal(layer(*inputs), layer(*inputs, training=False, rng=1))
        assert (layer(*inputs, training=True, rng=0) != layer(*inputs, training=True, rng=1)).any()


def test_the_class_of_grouped_attention_has_keras_name_in_configurations():
    described = striate.saving.serialize_keras_object(layers.GroupQueryAttention(2, 4, 2))
    assert described["class_name"] == "GroupedQueryAttention"
    assert striate.saving.deserialize_keras_object(described).get_config() == described["config"]


def test_shapes_of_symbolic_calls():
    query, value = Input((None, 4)), Input((7, 4))
    y, found = layers.MultiHeadAttention(2, 3, output_shape=5)(query, value, return_attention_scores=True)
    assert (y.shape, found.shape) == ((None, None, 5), (None, 2, None, 7))
    y, found = layers.Attention()([query, value], return_attention_scores=True)
    assert (y.shape, found.shape) == ((None, None, 4), (None, None, 7))
    mask = Input((None, 7), dtype="bool")
    model = Model([query, value, mask], layers.GroupQueryAttention(2, 2, 1)(query, value, attention_mask=mask))
    assert model.predict([QUERY, np.zeros((2, 7, 4)), np.ones((2, 5, 7), bool)]).shape == (2, 5, 4)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.MultiHeadAttention(0, 3), "num_heads=0 is too small"),
        (lambda: layers.GroupQueryAttention(2, 3, 2), "num_key_value_heads=2 does not divide num_query_heads=3"),
        (lambda: layers.MultiHeadAttention(2, 3, dropout=0.1, flash_attention=True), "flash_attention=True excludes"),
        (lambda: layers.MultiHeadAttention(2, 3)(QUERY, VALUE, np.zeros((2, 4, 4))), "expected values and keys of the same"),
        (lambda: layers.Attention()([QUERY]), r"expected a list \[query, value\]"),
        (lambda: layers.Attention()([QUERY, VALUE[..., :3]]), "got queries, values and keys of shapes"),
        (lambda: layers.Attention()([QUERY, VALUE], mask=MASK), "is not a list of masks"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
