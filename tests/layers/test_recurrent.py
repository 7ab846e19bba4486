"""Recurrent layers and wrappers: a loop over steps, cells, states, both directions, configurations and training."""

import json
import re

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, layers, ops
from striate.layers.recurrent.native import NativeRNN, with_cell
from tests.helpers import recurrence
from tests.helpers.bounds import difference_quotient
from tests.helpers.layer_gradients import gradients

LAYERS = {"lstm": layers.LSTM, "gru": layers.GRU, "simple_rnn": layers.SimpleRNN}
CELLS = {"lstm": layers.LSTMCell, "gru": layers.GRUCell, "simple_rnn": layers.SimpleRNNCell}
X = np.random.default_rng(7).standard_normal((3, 5, 4)).astype(np.float32)


def of_the_reference(layer, cell, x, **settings):
    """What the steps of a layer are by the reference."""
    kernel, recurrent_kernel, bias = layer.get_weights()
    return recurrence.run(cell, x, kernel, recurrent_kernel, bias, **settings)


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=0, atol=3e-6)


@pytest.mark.parametrize("cell", LAYERS)
@pytest.mark.parametrize("go_backwards", [False, True])
def test_outputs_and_states(cell, go_backwards):
    settings = {"bias_initializer": "random_normal", "go_backwards": go_backwards}
    layer = LAYERS[cell](6, return_sequences=True, return_state=True, **settings)
    y, *states = layer(X)
    expected, *last = of_the_reference(layer, cell, X, go_backwards=go_backwards)
    close(y, expected[:, :: -1 if go_backwards else 1])  # in the order in which they were computed
    for got, want in zip(states, last, strict=True):
        close(got, want)
    alone = LAYERS[cell](6, **settings)
    alone.build((None, None, 4))
    alone.set_weights(layer.get_weights())
    np.testing.assert_array_equal(alone(X), y[:, -1])
    assert layer.compute_output_shape((3, 5, 4)) == ((3, 5, 6), *[(3, 6)] * len(states))


@pytest.mark.parametrize("cell", LAYERS)
def test_a_parameter_that_a_layer_of_a_cell_misspells_is_refused(cell):
    class Misspelt(NativeRNN):
        cell_kind = cell

        def __init__(
            self,
            units,
            recurent_dropout=0.0,
            activity_regularizer=None,
            return_sequences=False,
            return_state=False,
            go_backwards=False,
            stateful=False,
            unroll=False,
            **kwargs,
        ):
            super().__init__(**with_cell(CELLS[cell], locals()))

    message = f"{CELLS[cell].__name__} got an unknown argument 'recurent_dropout'; did you mean 'recurrent_dropout'"
    with pytest.raises(TypeError, match=re.escape(message)):
        Misspelt(2)


@pytest.mark.parametrize("cell", LAYERS)
def test_an_initial_state_of_a_call(cell, rng):
    layer = LAYERS[cell](2)
    layer.build((3, 5, 4))
    initial = [rng.standard_normal((3, 2)).astype(np.float32) for _ in range(recurrence.STATES[cell])]
    close(layer(X, initial_state=initial), of_the_reference(layer, cell, X, initial_state=initial)[1])
    if len(initial) == 1:
        np.testing.assert_array_equal(layer(X, initial_state=initial[0]), layer(X, initial_state=initial))
    with pytest.raises(ValueError, match=r"got initial_state of shapes \[\(3, 3\)\]; expected \[\(3, 2\)"):
        layer(X, initial_state=[np.zeros((3, 3), np.float32)])


def test_an_encoder_passes_its_states_to_a_decoder():
    source, target = Input((5, 4)), Input((None, 3))
    _, *states = layers.LSTM(6, return_state=True)(source)
    model = Model([source, target], layers.Dense(2)(layers.LSTM(6)(target, initial_state=states)))
    model.compile("adam", "mse")
    x = [X, np.zeros((3, 2, 3), np.float32)]
    before = model.predict(x)
    assert before.std(0).max() > 0  # The decoder's own input is the same for all.
    model.fit(x, np.ones((3, 2)), epochs=2, verbose=0)
    again = Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("cell", "arguments"),
    [
        ("lstm", {"activation": lambda x: ops.tanh(x)}),
        ("lstm", {"recurrent_activation": lambda x: ops.sigmoid(x), "go_backwards": True}),
        ("gru", {"activation": lambda x: ops.tanh(x)}),
        ("simple_rnn", {"activation": lambda x: ops.tanh(x), "return_sequences": True}),
    ],
)
def test_steps_one_by_one_are_those_of_one_operation(cell, arguments, rng):
    layer = LAYERS[cell](5, dtype="float64", bias_initializer="random_normal", **arguments)
    usual = {name: value for name, value in arguments.items() if not callable(value)}
    native = LAYERS[cell](5, dtype="float64", **usual)
    x = X.astype(np.float64)
    y = layer(x)
    native.build(x.shape)
    native.set_weights(layer.get_weights())
    np.testing.assert_allclose(native(x), y, rtol=1e-12, atol=1e-14)
    dy = rng.standard_normal(y.shape)
    for one_by_one, at_once in zip(gradients(layer, x, dy), gradients(native, x, dy), strict=True):
        np.testing.assert_allclose(one_by_one, at_once, rtol=1e-10, atol=1e-13)


def test_a_gru_may_reset_its_state_before_the_product(rng):
    layer = layers.GRU(3, reset_after=False, return_sequences=True)
    y = layer(X)
    kernel, recurrent, bias = layer.get_weights()
    assert bias.shape == (9,)
    h = np.zeros((3, 3))
    for t in range(5):
        p = X[:, t] @ kernel + bias
        z, r = np.split(recurrence.sigmoid(p[:, :6] + h @ recurrent[:, :6]), 2, axis=1)
        h = z * h + (1 - z) * np.tanh(p[:, 6:] + (r * h) @ recurrent[:, 6:])
        close(y[:, t], h)


@pytest.mark.parametrize("cell", LAYERS)
def test_an_rnn_of_a_cell_is_the_layer(cell):
    layer, rnn = LAYERS[cell](6, return_state=True), layers.RNN(CELLS[cell](6), return_state=True)
    expected = layer(X)
    rnn.build(X.shape)
    rnn.set_weights(layer.get_weights())
    for got, want in zip(rnn(X), expected, strict=True):
        close(got, want)
    assert [weight.name for weight in rnn.weights] == ["kernel", "recurrent_kernel", "bias"]


def test_a_step_of_a_cell():
    cell = layers.LSTMCell(2, bias_initializer="random_normal")
    states = [np.full((3, 2), each, np.float32) for each in (0.5, -1.0)]
    y, (h, c) = cell(X[:, 0], states)
    expected = recurrence.step("lstm", X[:, 0], states, *cell.get_weights())
    np.testing.assert_array_equal(y, h)
    close(h, expected[0])
    close(c, expected[1])
    assert [each.shape for each in cell.get_initial_state(7)] == [(7, 2), (7, 2)]
    np.testing.assert_array_equal(layers.LSTM(4, name="a")(X).shape, (3, 4))


def test_the_forget_gate_begins_with_a_bias_of_one():
    for arguments, expected in (
        ({}, [0, 0, 1, 1, 0, 0, 0, 0]),
        ({"unit_forget_bias": False}, [0] * 8),
        ({"bias_initializer": striate.initializers.Constant(0.5)}, [0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5]),
    ):
        layer = layers.LSTM(2, **arguments)
        layer.build((None, None, 3))
        assert layer.get_weights()[2].tolist() == expected
    assert len(layers.LSTM(2, use_bias=False)(X)) == 3


class Minimal(layers.Layer):
    """A cell as Keras' documentation has it, with a layer of its own."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.dense = layers.Dense(units)

    def build(self, input_shape):
        self.recurrent_kernel = self.add_weight((self.units, self.units), name="recurrent_kernel")

    def call(self, inputs, states):
        output = ops.tanh(self.dense(inputs) + ops.matmul(states[0], self.recurrent_kernel))
        return output, [output]


def test_custom_cells():
    layer = layers.RNN([Minimal(6), Minimal(2)], return_state=True, return_sequences=True)
    y, first, second = layer(X)
    assert (y.shape, first.shape, second.shape) == ((3, 5, 2), (3, 6), (3, 2))
    assert len(layer.weights) == 6
    x = X
    for cell in layer.cell.cells:
        recurrent, kernel, bias = cell.get_weights()
        x, last = recurrence.run("simple_rnn", x, kernel, recurrent, bias)
    close(y, x)
    close(second, last)


def test_layers_of_custom_cells_are_copied():
    layer = layers.Bidirectional(layers.RNN([Minimal(3), Minimal(2)], return_sequences=True))
    y = layer(X)
    assert y.shape == (3, 5, 4)
    assert type(layer.backward_layer.cell.cells[0]) is Minimal
    text = json.dumps(layer.get_config())
    again = layers.Bidirectional.from_config(json.loads(text), custom_objects={"Minimal": Minimal})
    again.build(X.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(X), y)
    with pytest.raises(ValueError, match="layer='Minimal' is unknown"):
        layers.Bidirectional.from_config(json.loads(text))


def test_stacked_cells_have_nested_states():
    layer = layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)], return_state=True)
    y, first, second = layer(X)
    assert [np.shape(each) for each in (*first, second)] == [(3, 4), (3, 4), (3, 2)]
    np.testing.assert_array_equal(y, second)
    assert layer.state_size == [[4, 4], 2]
    again = layer(X, initial_state=[[np.zeros((3, 4), np.float32)] * 2, np.zeros((3, 2), np.float32)])
    np.testing.assert_array_equal(again[0], y)


def test_what_is_no_cell():
    with pytest.raises(ValueError, match="has no method `call`"):
        layers.RNN("lstm")
    with pytest.raises(ValueError, match="has state_size=None"):
        layers.RNN(layers.Dense(2))
    with pytest.raises(ValueError, match="cells is empty"):
        layers.StackedRNNCells([])


# ------------------------------------------------------------------------------------------------------------------ states


@pytest.mark.parametrize("cell", LAYERS)
def test_states_last_from_batch_to_batch(cell):
    layer = LAYERS[cell](3, stateful=True)
    first, second = layer(X), layer(X)
    twice = np.concatenate([X, X], 1)
    close(second, of_the_reference(layer, cell, twice)[1])
    assert np.abs(first - second).max() > 1e-3
    layer.reset_state()
    np.testing.assert_array_equal(layer(X), first)
    assert len(layer.weights) == 3
    with pytest.raises(ValueError, match="is stateful, and got a batch of 2 sequences after batches of 3"):
        layer(X[:2])


def test_states_of_a_layer_within_another_one():
    class Reader(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.gru = layers.GRU(3, stateful=True)

        def call(self, x):
            return self.gru(x) + 1

    layer = Reader()
    first, second = layer(X), layer(X)
    assert layer.gru.states[0].shape == (3, 3)
    assert np.abs(first - second).max() > 1e-3
    layer.gru.states[0].assign(np.full((3, 3), np.nan))
    layer.gru.reset_state()
    np.testing.assert_array_equal(layer(X), first)


def test_an_initial_state_takes_the_place_of_a_kept_one():
    layer = layers.GRU(3, stateful=True)
    first = layer(X, initial_state=np.zeros((3, 3), np.float32))
    np.testing.assert_array_equal(layer.states[0].numpy(), first)
    np.testing.assert_array_equal(layer(X, initial_state=np.zeros((3, 3), np.float32)), first)


def test_states_last_in_a_model():
    model = Sequential([Input((5, 4)), layers.GRU(3, stateful=True, return_sequences=True), layers.GRU(2, stateful=True)])
    model.compile("sgd", "mse")
    first, second = model.predict(X), model.predict(X)
    assert np.abs(first - second).max() > 1e-3
    for layer in model.layers:
        layer.reset_states()
    np.testing.assert_array_equal(model.predict(X), first)
    model.fit(np.concatenate([X, X]), np.ones((6, 2)), batch_size=3, shuffle=False, epochs=2, verbose=0)


# ----------------------------------------------------------------------------------------------------------------- dropout


def test_dropout_drops_the_same_features_in_all_steps():
    layer = layers.SimpleRNN(
        4, dropout=0.5, kernel_initializer="identity", recurrent_initializer="zeros", return_sequences=True
    )
    x = np.ones((3, 5, 4), np.float32)
    y = layer(x, training=True)
    kept = y != 0
    assert 0 < kept.sum() < kept.size
    assert (kept == kept[:, :1]).all()
    np.testing.assert_allclose(y[kept], np.tanh(2.0), rtol=1e-6)
    np.testing.assert_allclose(layer(x), np.tanh(1.0), rtol=1e-6)


@pytest.mark.parametrize("cell", LAYERS)
def test_recurrent_dropout(cell):
    layer = LAYERS[cell](64, recurrent_dropout=0.5, dropout=0.2, seed=3)
    y = layer(X)
    training = layer(X, training=True)
    assert np.isfinite(training).all()
    assert np.abs(training - y).max() > 1e-2
    close(y, of_the_reference(layer, cell, X)[1])
    everything = LAYERS[cell](5, recurrent_dropout=1.0, bias_initializer="zeros")
    one_step = everything(X[:, -1:])
    if cell == "simple_rnn":
        close(everything(X, training=True), one_step)


# ------------------------------------------------------------------------------------------------------------ bidirectional


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_both_directions_are_merged(merge_mode, return_sequences):
    layer = layers.Bidirectional(layers.LSTM(3, return_sequences=return_sequences), merge_mode)
    found = layer(X)
    forward = of_the_reference(layer.forward_layer, "lstm", X)
    backward = of_the_reference(layer.backward_layer, "lstm", X, go_backwards=True)
    place = 0 if return_sequences else 1
    first, second = forward[place], backward[place]
    expected = {
        "concat": np.concatenate([first, second], -1),
        "sum": first + second,
        "mul": first * second,
        "ave": (first + second) / 2,
        None: [first, second],
    }[merge_mode]
    for got, want in zip(found, expected, strict=True):
        close(got, want)
    shape = layer.compute_output_shape(X.shape)
    assert [tuple(each.shape) for each in found] == list(shape) if merge_mode is None else found.shape == shape


def test_states_of_both_directions():
    layer = layers.Bidirectional(layers.GRU(3, return_state=True, return_sequences=True), "sum")
    _, forward, backward = layer(X)
    close(forward, of_the_reference(layer.forward_layer, "gru", X)[1])
    close(backward, of_the_reference(layer.backward_layer, "gru", X, go_backwards=True)[1])
    assert layer.compute_output_shape((3, 5, 4)) == ((3, 5, 3), (3, 3), (3, 3))
    initial = [np.ones((3, 3), np.float32), np.zeros((3, 3), np.float32)]
    _, from_ones, from_zeros = layer(X, initial_state=initial)
    np.testing.assert_array_equal(from_zeros, backward)
    close(from_ones, of_the_reference(layer.forward_layer, "gru", X, initial_state=initial[:1])[1])


def test_the_backward_layer_may_be_another_one():
    layer = layers.Bidirectional(
        layers.LSTM(3, return_sequences=True), backward_layer=layers.GRU(2, return_sequences=True, go_backwards=True)
    )
    assert layer(X).shape == (3, 5, 5)
    assert [each.name for each in (layer.forward_layer, layer.backward_layer)] == ["forward_lstm", "gru"]
    with pytest.raises(ValueError, match="both layers have go_backwards=False"):
        layers.Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3))
    with pytest.raises(ValueError, match="backward_layer has return_sequences=True; expected False, as `layer` has"):
        layers.Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3, go_backwards=True, return_sequences=True))
    with pytest.raises(ValueError, match="layer=<Dense 'dense'> is not recurrent; expected a recurrent layer"):
        layers.Bidirectional(layers.Dense(3, name="dense"))
    with pytest.raises(ValueError, match="layer=3 is of type int; expected a recurrent layer"):
        layers.Bidirectional(3)
    with pytest.raises(ValueError, match="merge_mode='max' is unknown"):
        layers.Bidirectional(layers.LSTM(3), "max")


def test_given_weights_of_both_directions():
    first = layers.Bidirectional(layers.LSTM(3))
    y = first(X)
    second = layers.Bidirectional(layers.LSTM(3), weights=first.get_weights())
    np.testing.assert_array_equal(second(X), y)


def test_both_directions_are_read_without_copies_of_flipped_outputs():
    model = Sequential([Input((5, 4)), layers.Bidirectional(layers.LSTM(3, return_sequences=True))])
    names = [type(operation).__name__ for operation in model.plan(2).operations]
    assert names == ["Dense", "Recurrence", "Dense", "Recurrence", "Concatenate"]


# -------------------------------------------------------------------------------------------------------- time distributed


def test_a_layer_of_each_frame(rng):
    frames = rng.standard_normal((2, 3, 8, 8, 1)).astype(np.float32)
    inner = layers.Conv2D(4, 3)
    layer = layers.TimeDistributed(inner)
    y = layer(frames)
    assert y.shape == layer.compute_output_shape((2, 3, 8, 8, 1)) == (2, 3, 6, 6, 4)
    for t in range(3):
        close(y[:, t], inner(frames[:, t]))
    assert [weight.name for weight in layer.weights] == ["kernel", "bias"]
    with pytest.raises(ValueError, match=r"got input of shape \(None, 3\); expected at least three axes"):
        layers.TimeDistributed(layers.Dense(2))(frames[:, :, 0, 0, 0])
    with pytest.raises(ValueError, match="layer='dense' is of type str; expected a Layer"):
        layers.TimeDistributed("dense")


def test_batch_statistics_of_frames_are_those_of_a_step(rng):
    x = rng.standard_normal((16, 3, 2)).astype(np.float32) * [[[1], [2], [5]]]
    y = layers.TimeDistributed(layers.BatchNormalization())(x.astype(np.float32), training=True)
    np.testing.assert_allclose(y.std(0), 1, atol=1e-2)
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-5)


# ------------------------------------------------------------------------------------------------------ layers of others

OF_OTHERS = {
    "stacked": lambda: layers.RNN([layers.LSTMCell(3, dtype="float64"), layers.GRUCell(2, dtype="float64")]),
    "concatenated": lambda: layers.Bidirectional(layers.LSTM(3, return_sequences=True, dtype="float64")),
    "multiplied": lambda: layers.Bidirectional(layers.GRU(3, dtype="float64"), "mul"),
    "distributed": lambda: layers.TimeDistributed(layers.Dense(2, activation="tanh", dtype="float64")),
    "normalized": lambda: layers.TimeDistributed(layers.BatchNormalization(dtype="float64")),
}


@pytest.mark.parametrize("make", OF_OTHERS.values(), ids=OF_OTHERS)
def test_gradients_of_layers_of_others(make, rng):
    layer, x = make(), X.astype(np.float64)
    dy = rng.standard_normal(layer(x).shape)
    for weight in layer.trainable_weights:
        weight.assign(weight.numpy() + 0.3 * rng.standard_normal(weight.shape))
    _, *found = gradients(layer, x, dy)
    arrays = [x, *(weight.array for weight in layer.trainable_weights)]
    for gradient, array in zip(found, arrays, strict=True):
        for index in rng.integers(0, array.size, 5):
            place = np.unravel_index(index, array.shape)
            expected = difference_quotient(lambda: float((dy * gradients(layer, x, dy)[0]).sum()), array, place)
            assert gradient[place] == pytest.approx(expected, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("make", OF_OTHERS.values(), ids=OF_OTHERS)
def test_layers_of_others_have_fixed_numbers_of_features(make):
    layer = make()
    layer.build((None, None, 4))
    assert layer.compute_output_shape((None, None, 4))[0] is None
    with pytest.raises(ValueError, match="was built for inputs of shape"):
        layer(np.zeros((2, 5, 3)))


# ------------------------------------------------------------------------------------------------- whole models, and errors

MODELS = {
    "lstm": lambda: layers.LSTM(4, kernel_regularizer="l2", recurrent_constraint="max_norm", dropout=0.1),
    "gru": lambda: layers.GRU(4, reset_after=False, activation="relu", seed=3),
    "bidirectional": lambda: layers.Bidirectional(layers.SimpleRNN(3), merge_mode="sum"),
    "stacked": lambda: layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)]),
    "time distributed": lambda: layers.TimeDistributed(layers.Dense(3, activation="relu")),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_models_are_saved_whole(make, tmp_path):
    model = Sequential([Input((5, 4)), make(), layers.Flatten(), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(X, np.ones((3, 1)), epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    again = striate.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert again.get_config() == model.get_config()
    model.save_weights(tmp_path / "model.weights.npz")
    again.load_weights(tmp_path / "model.weights.npz")


@pytest.mark.parametrize("cell", LAYERS)
def test_a_model_learns_to_remember(cell):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, (200, 6, 1)).astype(np.float32)
    model = Sequential([Input((None, 1)), LAYERS[cell](8), layers.Dense(1, activation="sigmoid")], rng=0)
    model.compile(striate.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, x[:, 0], epochs=30, verbose=0)
    assert model.evaluate(x, x[:, 0], return_dict=True, verbose=0)["accuracy"] > 0.99
    assert model.predict(x[:, :3]).shape == (200, 1)


def test_regularizers_are_losses():
    layer = layers.LSTM(2, kernel_regularizer="l2", recurrent_regularizer="l1", bias_regularizer="l2")
    layer.build((None, None, 4))
    assert len(layer.losses) == 3
    assert (layer.units, layer.dropout, layer.activation) == (2, 0.0, "tanh")
    assert layer.recurrent_regularizer.l1 > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: layers.LSTM(0), "units=0"),
        (lambda: layers.LSTM(2, dropout=1.5), "dropout=1.5"),
        (lambda: layers.GRU(2, implementation=3), "implementation=3"),
        (lambda: layers.GRU(2, recurrent_activation="round"), "recurrent_activation='round' is unknown"),
        (lambda: layers.GRUCell(2)(X[:, 0]), "got no states; expected the input, and a list of the states"),
        (lambda: layers.GRUCell(2)(X[:, 0], [X[:, 0]]), r"got states of shapes .*\(None, 4\).*; expected .*\(None, 2\)"),
        (lambda: layers.GRUCell(2)(X, [X[:, 0, :2]]), r"got input of shape \(None, 5, 4\); expected \(batch, features\)"),
        (lambda: layers.LSTM(2)(X, mask=np.ones((3, 5), bool)), "mask=.* is not supported; expected None"),
        (lambda: layers.TimeDistributed(layers.Dense(1))(X, mask=np.ones((3, 5), bool)), "mask=.* is not supported"),
        (lambda: layers.LSTM(2)(X[0]), r"got input of shape \(None, 4\); expected \(batch, steps, features\)"),
        (lambda: layers.LSTM(2)(X[..., None]), r"expected \(batch, steps, features\)"),
        (lambda: layers.LSTM(2, name="a")(X[:, :0]), "expected samples with sizes of at least 1"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_number_of_features_is_fixed():
    layer = layers.LSTM(2)
    layer(X)
    with pytest.raises(ValueError, match="was built for inputs of shape"):
        layer(X[..., :3])


def test_an_empty_batch():
    assert layers.Bidirectional(layers.LSTM(3, return_sequences=True))(X[:0]).shape == (0, 5, 6)
