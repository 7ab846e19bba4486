"""What loops outside of models lean on: values that outlive their tape, and that weights which change later do not change."""

import numpy as np
import pytest

import striate
from striate import GradientTape, Variable, layers, losses, metrics, ops, optimizers


@pytest.fixture
def model():
    return striate.Sequential([layers.Input((3,)), layers.Dense(2, activation="tanh"), layers.Dense(1)], rng=0)


X = np.random.default_rng(0).standard_normal((4, 3)).astype("float32")


def step(model, optimizer):
    """Return loss and output of a step, both of which are read by others, later."""
    with GradientTape() as tape:
        y = model(X)
        loss = ops.mean(ops.square(y))
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return loss, y


def test_values_outlive_their_tape_and_keep_the_weights_of_their_time(model):
    before = model.predict(X)
    loss, y = step(model, optimizers.SGD(0.5))
    assert not np.allclose(before, model.predict(X))
    np.testing.assert_allclose(y, before, rtol=1e-6)
    assert float(loss) == pytest.approx(np.square(before).mean(), rel=1e-5)
    mean = metrics.Mean()
    mean.update_state(y)
    assert mean.result() == pytest.approx(before.mean(), rel=1e-5)


def test_arrays_may_change_in_place_once_there_are_gradients():
    x = np.array([1.0, 2.0], np.float32)
    with GradientTape() as tape:
        tape.watch(x)
        squares = ops.square(x)
        loss = ops.sum(squares)
    x += tape.gradient(loss, x)
    assert (x.tolist(), squares.numpy().tolist(), float(loss)) == ([3, 6], [1, 4], 5)


def test_after_the_block_values_count_as_arrays(model):
    loss, y = step(model, optimizers.SGD(0.5))
    array = y.numpy()
    for result, expected in (
        (y + 1, array + 1),
        (1 - y, 1 - array),
        (np.exp(y), np.exp(array)),
        (ops.square(y), array**2),
        (ops.relu(y), np.maximum(array, 0)),
        (losses.MeanSquaredError()(np.zeros((4, 1)), y), np.square(array).mean()),
        (model(ops.repeat(y, 3, axis=1)), model(np.repeat(array, 3, axis=1))),
    ):
        assert isinstance(result, (np.ndarray, np.floating))
        np.testing.assert_allclose(result, expected, rtol=1e-6)
    assert (bool(loss > 0), int(loss * 0), loss < 0) == (True, 0, False)


def test_a_second_tape_takes_values_of_the_first_as_constants():
    w, x = Variable([2.0, 3.0], "w"), np.array([1.0, 2.0], np.float32)
    with GradientTape() as tape:
        first = w * x
    with GradientTape() as tape:
        loss = ops.sum(first * w) + losses.MeanSquaredError()(ops.reshape(first, (1, 2)), ops.reshape(w * 1.0, (1, 2)))
    np.testing.assert_allclose(tape.gradient(loss, w), [2, 6 + (3 - 6)], rtol=1e-6)
    assert float(loss) == pytest.approx(4 + 18 + 4.5)


def test_conditions_in_the_block_may_depend_on_elements():
    x = np.array(3.0, np.float32)
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.square(x)
        while y < 100:
            y = y * x  # The left operand was recorded.
    assert (float(y), float(tape.gradient(y, x))) == (243, 405)


def test_moving_statistics_are_updated_once_however_often_something_is_read():
    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 3))
    with GradientTape(persistent=True) as tape:
        y = layer(X, training=True)
        total = ops.sum(y * X)
        float(total)
    for _ in range(2):
        gradient = tape.gradient(total, layer.gamma)
    np.testing.assert_allclose(layer.moving_mean, X.mean(axis=0) / 2, rtol=1e-5)
    np.testing.assert_allclose(gradient, ((X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-3) * X).sum(axis=0), rtol=1e-4)


def test_gradients_after_weights_have_changed_are_refused(model):
    with GradientTape(persistent=True) as tape:
        loss = ops.mean(model(X))
    tape.gradient(loss, model.trainable_weights)
    model.layers[0].kernel.assign_add(1)
    with pytest.raises(ValueError, match="the weight 'kernel' has changed since the tape used it; expected `gradient` before"):
        tape.gradient(loss, model.trainable_weights)


@pytest.mark.parametrize("function", [ops.relu, ops.tanh, losses.mean_squared_error, losses.MeanSquaredError()])
def test_watched_arrays_are_recorded_by_activations_and_losses(function):
    x, target = X.copy(), np.zeros_like(X)
    arguments = (x,) if function in (ops.relu, ops.tanh) else (target, x)
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.sum(function(*arguments))
    found = tape.gradient(y, x)
    place = (1, 2)
    values = []
    for h in (1e-3, -1e-3):
        moved = X.astype(np.float64)
        moved[place] += h
        values.append(float(np.sum(function(*arguments[:-1], moved))))
    assert found[place] == pytest.approx((values[0] - values[1]) / 2e-3, rel=1e-3)


class Halving(layers.Layer):
    """Halves the kernel of a layer before it is used."""

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape):
        self.layer.build(input_shape)

    def call(self, x):
        self.layer.kernel.assign(self.layer.kernel * 0.5)
        return self.layer(x)


@pytest.mark.parametrize(
    ("layer", "shape", "summands"),
    [(layers.Conv2D(2, 3, kernel_initializer="ones"), (3, 3, 1), 9), (layers.Dense(2, kernel_initializer="ones"), (3,), 3)],
)
def test_assignments_in_layers_take_place_in_order(layer, shape, summands):
    x = np.ones((1, *shape), np.float32)
    model = striate.Sequential([layers.Input(shape), Halving(layer)])
    model.compile(optimizers.SGD(0.0), "mae")
    before = layer.kernel.numpy().max()
    for run in (
        model.predict,
        model.predict,  # The packed kernel of the first time is out of date.
        model,
        lambda x: model.train_on_batch(x, np.zeros((1, *model.output_shape[1:]))),
        lambda x: model.evaluate(x, np.zeros((1, *model.output_shape[1:]))),
    ):
        before /= 2
        np.testing.assert_allclose(run(x), before * summands, rtol=1e-6)
        np.testing.assert_allclose(layer.kernel.numpy().max(), before, rtol=1e-6)


def test_assignments_take_place_once_until_the_end_of_the_block():
    layer = layers.Dense(1, kernel_initializer="ones")
    halving = Halving(layer)
    x = np.ones((1, 3), np.float32)
    halving(x)
    count = Variable(0.0, "count", trainable=False)
    with GradientTape(persistent=True) as tape:
        y = halving(x)
        count.assign_add(1)
        square = ops.square(y)
    assert (layer.kernel.numpy().max(), count.numpy()) == (0.25, 1)
    for _ in range(2):
        np.testing.assert_allclose(tape.gradient(square, layer.bias), [2 * 0.75])
        np.testing.assert_allclose(tape.gradient(square, layer.kernel), np.full((3, 1), 2 * 0.75))
    assert (layer.kernel.numpy().max(), count.numpy()) == (0.25, 1)
    assert float(np.squeeze(square)) == 0.75**2
