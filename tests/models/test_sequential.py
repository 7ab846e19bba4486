"""Sequential models: building, training, evaluating, predicting, and what they refuse."""

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import striate
from striate import Sequential, callbacks, layers, optimizers
from tests.helpers.small_models import digits


def small_network(rng=0, dropout=0.2):
    return Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(10, activation="softmax"),
        ],
        rng=rng,
    )


def compiled(rng=0, **kwargs):
    model = small_network(rng, **kwargs)
    model.compile(optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# ----------------------------------------------------------------------------------------------------------- structure


def test_shapes_names_and_parameters():
    model = small_network()
    assert model.built
    assert model.input_shape == (None, 8, 8, 1)
    assert model.output_shapes[3] == (None, 2, 2, 32)
    assert model.output_shape == (None, 10)
    assert [layer.name for layer in model.layers][:4] == ["conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1"]
    assert model.count_params() == 16 * 9 + 16 + 32 * 16 * 9 + 32 + 128 * 10 + 10
    assert model.get_layer("conv2d_1").kernel.shape == (3, 3, 16, 32)
    with pytest.raises(ValueError, match="name='pool' is not the name of a layer"):
        model.get_layer("pool")


def test_the_first_data_builds_a_model_without_an_input():
    model = Sequential([layers.Flatten(), layers.Dense(3)], rng=0)
    assert not model.built
    text = []
    model.summary(print_fn=text.append)
    assert re.search(r"dense \(Dense\) +\? +\? +\? +\?", text[0])
    assert model.predict(np.ones((2, 4, 5))).shape == (2, 3)
    assert model.output_shape == (None, 3)
    assert model.layers[1].kernel.shape == (20, 3)


def test_summary_lists_layers_and_parameters(capsys):
    small_network().summary()
    text = capsys.readouterr().out
    for part in ("conv2d_1 (Conv2D)", "(None, 4, 4, 32)", "4,640", "Parameters: 6,090 (23.8 KiB), of which trainable: 6,090"):
        assert part in text
    lines = []
    small_network().summary(print_fn=lines.append)
    assert lines[0] == text.rstrip("\n")


def test_a_call_gives_what_predict_gives():
    model = small_network()
    x, _ = digits(70)
    np.testing.assert_array_equal(model(x[:32]), model.predict(x)[:32])
    assert model.predict(x.astype(np.float64)).dtype == np.float32
    np.testing.assert_allclose(model.predict(x).sum(-1), 1, rtol=1e-5)


def test_predict_takes_any_memory_layout():
    model = small_network()
    x, _ = digits(40)
    expected = model.predict(x)
    np.testing.assert_array_equal(model.predict(np.asfortranarray(x)), expected)
    read_only = x.copy()
    read_only.flags.writeable = False
    np.testing.assert_array_equal(model.predict(read_only), expected)
    np.testing.assert_array_equal(model.predict(np.repeat(x, 2, axis=0)[::2]), expected)


def test_gradients_of_the_whole_model_match_finite_differences():
    rng = np.random.default_rng(0)
    model = Sequential(
        [
            layers.Input((6, 6, 2), dtype="float64"),
            layers.Conv2D(3, 3, activation="tanh", dtype="float64"),
            layers.AveragePooling2D(dtype="float64"),
            layers.Flatten(dtype="float64"),
            layers.Dense(4, activation="softmax", dtype="float64"),
        ],
        rng=1,
    )
    x, y = rng.standard_normal((5, 6, 6, 2)), rng.integers(0, 4, 5)
    before = model.get_weights()
    model.compile(optimizers.SGD(1.0), "sparse_categorical_crossentropy")
    model.train_on_batch(x, y)
    gradients = [b - weight.value for b, weight in zip(before, model.weights, strict=True)]
    model.set_weights(before)
    for weight, value, gradient in zip(model.weights, before, gradients, strict=True):
        for index in np.ndindex(weight.shape):
            losses = []
            for step in (1e-6, -1e-6):
                changed = value.copy()
                changed[index] += step
                weight.assign(changed)
                losses.append(model.evaluate(x, y))
            weight.assign(value)
            assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5, abs=1e-8)


# ------------------------------------------------------------------------------------------------------------ training


def test_a_small_network_learns_the_digits():
    x, y = digits(1797)
    model = compiled(rng=3)
    history = model.fit(x[:1438], y[:1438], epochs=12, verbose=0, validation_data=(x[1438:], y[1438:]))
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert history.epoch == list(range(12))
    assert history.history["loss"][-1] < 0.2 * history.history["loss"][0]
    loss, accuracy = model.evaluate(x[1438:], y[1438:])
    assert accuracy > 0.92  # the last fifth comes from writers of its own
    assert (loss, accuracy) == (history.history["val_loss"][-1], history.history["val_accuracy"][-1])
    assert np.mean(model.predict(x[1438:]).argmax(-1) == y[1438:]) == pytest.approx(accuracy)


@pytest.mark.parametrize("optimizer", [optimizers.SGD(0.1), "adam", optimizers.SGD(0.05, 0.9, nesterov=True)])
def test_overfits_a_few_samples(optimizer):
    x, y = digits(8)
    model = small_network(dropout=0)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    losses = [model.train_on_batch(x, y) for _ in range(60)]
    assert losses[-1] < 0.8 * losses[0]


def test_one_hot_targets_and_logits_give_the_same_training():
    x, y = digits(64)
    results = []
    for loss, targets, activation in (
        ("sparse_categorical_crossentropy", y, "softmax"),
        ("categorical_crossentropy", np.eye(10)[y], "softmax"),
        (striate.losses.SparseCategoricalCrossentropy(from_logits=True), y, None),
    ):
        model = Sequential([layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, activation=activation)], rng=0)
        model.compile(optimizers.SGD(0.1), loss)
        results.append(model.fit(x, targets, epochs=3, verbose=0).history["loss"])
    np.testing.assert_allclose(results[1], results[0], rtol=1e-5)
    np.testing.assert_allclose(results[2], results[0], rtol=1e-5)


def test_a_network_learns_regression():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((256, 5)).astype(np.float32)
    y = x @ [1.0, -2.0, 0.5, 0.0, 3.0] + 0.25
    model = Sequential([layers.Input((5,)), layers.Dense(1)], rng=0)
    model.compile(optimizers.SGD(0.1), "mse", metrics=["mse"])
    history = model.fit(x, y, epochs=30, verbose=0).history
    assert history["mse"] == pytest.approx(history["loss"], rel=1e-5)
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(kernel[:, 0], [1, -2, 0.5, 0, 3], atol=1e-3)
    assert bias == pytest.approx(0.25, abs=1e-3)


def train(threads, seed=5):
    x, y = digits(1797)
    with striate.num_threads(threads):
        model = compiled(rng=seed)
        model.fit(x, y, batch_size=200, epochs=3, verbose=0)  # batches large enough to run on several threads
        return [*model.get_weights(), model.predict(x)]


def test_same_seed_same_bits_for_any_number_of_threads():
    first = train(1)
    for threads in (1, 2, 3, 4):
        for a, b in zip(first, train(threads), strict=True):
            np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first[0], train(1, seed=6)[0])


def test_rng_of_fit_decides_shuffling_and_dropout():
    x, y = digits(100)
    runs = []
    for seed in (1, 8):
        model = compiled(rng=0)
        own = model.rng
        own.random(seed)  # whatever state the model's own generator is in
        model.fit(x, y, epochs=1, verbose=0, rng=9)
        runs.append(model.get_weights())
        assert model.rng is own
    for a, b in zip(*runs, strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_shuffling_epochs_see_the_samples_in_order():
    x, y = digits(50)
    one, two = compiled(dropout=0), compiled(dropout=0)
    one.fit(x, y, batch_size=20, shuffle=False, verbose=0)
    for start in (0, 20, 40):
        two.train_on_batch(x[start : start + 20], y[start : start + 20])
    np.testing.assert_equal(one.get_weights(), two.get_weights())


def test_validation_split_takes_the_last_samples():
    x, y = digits(100)
    one, two = compiled(), compiled()
    split = one.fit(x, y, validation_split=0.2, epochs=2, verbose=0).history
    given = two.fit(x[:80], y[:80], validation_data=(x[80:], y[80:]), epochs=2, verbose=0).history
    assert split == given


def test_frozen_layers_do_not_change():
    x, y = digits(64)
    model = compiled()
    model.layers[0].trainable = False
    before = model.get_weights()
    model.fit(x, y, verbose=0)
    after = model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(before[:2], after[:2], strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(before[2:], after[2:], strict=True))
    assert model.count_params() - 160 == sum(w.value.size for w in model.trainable_weights)


def test_callbacks_are_told_and_may_stop():
    told = []

    class Recorder(callbacks.Callback):
        def __getattribute__(self, name):
            if name.startswith("on_"):
                return lambda *arguments: (told.append((name, *arguments[:1])), object.__getattribute__(self, name)(*arguments))
            return object.__getattribute__(self, name)

        def on_train_batch_end(self, batch, logs=None):
            assert logs["loss"] > 0
            if self.epoch == 1 and batch == 1:
                self.model.stop_training = True

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

    x, y = digits(96)
    history = compiled().fit(x, y, epochs=5, verbose=0, callbacks=[Recorder()])
    assert history.epoch == [0, 1]
    names = [name for name, *_ in told]
    assert names[0] == "on_train_begin"
    assert names[-2:] == ["on_epoch_end", "on_train_end"]
    assert names.count("on_train_batch_end") == 3 + 2


def test_fit_prints_its_progress(capsys):
    x, y = digits(64)
    compiled().fit(x, y, epochs=2, validation_split=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2  # no terminal: one line an epoch
    assert lines[1].startswith("Epoch 2/2  ")
    assert "val_accuracy 0." in lines[1]
    compiled().fit(x, y, verbose=0)
    assert capsys.readouterr().out == ""


def test_several_threads_may_predict_at_once():
    model = small_network()
    x, _ = digits(1797)
    expected = model.predict(x)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda i: model.predict(x, batch_size=32 * (i + 1)), range(4)))
    for result in results:
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(results[0], expected)


# ----------------------------------------------------------------------------------------------------------- bad input

X, Y = digits(10)


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        (X[:, 0, :, 0], Y, ValueError, r"x has samples of shape \(8,\); expected the model's input shape \(8, 8, 1\)"),
        (X[0], Y[:8], ValueError, r"expected .* \(8, 8, 1\); a single sample needs a batch axis in front"),
        (X[0, :, :, 0], Y[:8], ValueError, r"expected .* \(8, 8, 1\); a single sample needs a batch axis in front"),
        (np.repeat(X, 3, -1), Y, ValueError, r"shape \(8, 8, 3\); expected .* \(8, 8, 1\)$"),
        ((X * 16).astype(complex), Y, TypeError, r"x has dtype complex128; expected real numbers"),
        (X.astype(complex), Y, TypeError, "x has dtype complex128"),
        (X[:0], Y[:0], ValueError, r"x has no samples, shape \(0, 8, 8, 1\)"),
        (X, Y[:9], ValueError, "y has 9 samples and x has 10"),
        (X, np.where(Y == 3, np.nan, Y), ValueError, "y holds NaN or infinity, first in sample 3"),
        (X, Y + np.uint8(1), ValueError, "y holds the label 10, out of range; expected 0 to 9 for 10 classes"),
        (X, np.eye(10)[Y], ValueError, r"y has shape \(10, 10\).*'categorical_crossentropy'"),
    ],
)
def test_bad_data_is_refused_before_anything_changes(x, y, error, message):
    model = compiled()
    before = model.get_weights()
    for call in (model.fit, model.evaluate, model.train_on_batch):
        with pytest.raises(error, match=message):
            call(x, y)
    with pytest.raises(error, match="validation_data: .*" + message):
        model.fit(X, Y, validation_data=(x, y), verbose=0)
    assert model.optimizer.iterations == 0
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0"),
        ({"batch_size": 2.5}, TypeError, "batch_size=2.5"),
        ({"epochs": -1}, ValueError, "epochs=-1"),
        ({"verbose": 7}, ValueError, "verbose=7"),
        ({"validation_split": 1.0}, ValueError, "validation_split=1.0"),
        ({"validation_split": 0.99}, ValueError, "validation_split=0.99 leaves 0 of 10 samples to train on and 10"),
        ({"validation_data": X}, ValueError, "validation_data is of type ndarray; expected \\(x, y\\)"),
    ],
)
def test_bad_arguments_of_fit_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        compiled().fit(X, Y, **arguments)


def test_bad_predict_is_refused():
    with pytest.raises(ValueError, match="x has no samples"):
        small_network().predict(X[:0])
    with pytest.raises(TypeError, match="x has dtype complex128"):
        small_network().predict(np.ones((2, 8, 8, 1), complex))


def test_bad_compilation_is_refused():
    model = small_network()
    with pytest.raises(RuntimeError, match="the model is not compiled"):
        model.fit(X, Y)
    with pytest.raises(ValueError, match="loss='wrong' is unknown; expected one of"):
        model.compile("adam", "wrong")
    with pytest.raises(ValueError, match="optimizer='wrong' is unknown"):
        model.compile("wrong", "mse")
    with pytest.raises(ValueError, match="metric='wrong' is unknown"):
        model.compile("adam", "mse", metrics=["wrong"])
    with pytest.raises(TypeError, match="metrics='accuracy' is of type str; expected a list"):
        model.compile("adam", "mse", metrics="accuracy")
    assert not model.compiled


def test_bad_structure_is_refused():
    with pytest.raises(TypeError, match="layer='conv' is not a layer"):
        Sequential(["conv"])
    with pytest.raises(ValueError, match="follows other layers"):
        Sequential([layers.Dense(2), layers.Input((3,))])
    with pytest.raises(ValueError, match="name='a' is the name of another layer"):
        Sequential([layers.Dense(2, name="a"), layers.Dense(2, name="a")])
    same = layers.Dense(2)
    with pytest.raises(ValueError, match="is already in the model"):
        Sequential([same, same])
    with pytest.raises(ValueError, match="pool_size is larger than the padded input"):
        Sequential([layers.Input((4, 4, 1)), layers.MaxPooling2D(), layers.MaxPooling2D(3)])
    with pytest.raises(ValueError, match="the model has no layers"):
        Sequential().predict(np.ones((1, 2)))


def test_samples_may_be_numbers():
    model = Sequential([layers.Embedding(4, 3), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    labels = np.array([0, 3, 1])
    model.fit(labels, labels, verbose=0)
    np.testing.assert_array_equal(model.predict(labels), model(labels))
    with pytest.raises(ValueError, match=r"x has shape \(\); expected samples along the first axis"):
        model.predict(3)


def test_weights_of_other_shapes_are_refused():
    model = small_network()
    weights = model.get_weights()
    weights[-1] = np.zeros(11)
    path = model.weights[-1].path
    assert path.startswith("sequential/dense")
    with pytest.raises(
        ValueError,
        match=rf"^layer 'sequential': weights\[{len(weights) - 1}\], for '{path}', has shape \(11,\); expected \(10,\)$",
    ):
        model.set_weights(weights)
