"""Training, evaluation and prediction on what yields batches."""

import numpy as np
import pytest

import striate
from striate import layers

X = np.random.default_rng(0).standard_normal((20, 6)).astype(np.float32)
Y = np.random.default_rng(1).integers(0, 3, 20)


def network():
    model = striate.Sequential(
        [layers.Input((6,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")], rng=0
    )
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Batches:
    """What Keras calls a PyDataset."""

    def __init__(self):
        self.epochs = 0

    def __len__(self):
        return 4

    def __getitem__(self, i):
        if not 0 <= i < 4:
            raise IndexError(i)
        return X[5 * i : 5 * i + 5], Y[5 * i : 5 * i + 5]

    def on_epoch_end(self):
        self.epochs += 1


def generator():
    while True:
        yield from (Batches()[i] for i in range(4))


SOURCES = {
    "sequence": (Batches, {}),
    "list iterator": (lambda: iter([Batches()[i] for i in range(4)] * 3), {"steps_per_epoch": 4}),
    "generator": (generator, {"steps_per_epoch": 4}),
}


def test_held_back_samples_leave_the_limit_of_an_epoch():
    split, given = network(), network()
    settings = {"batch_size": 4, "steps_per_epoch": 2, "epochs": 3, "verbose": 0}
    first = split.fit(X, Y, validation_split=0.2, **settings)
    second = given.fit(X[:16], Y[:16], validation_data=(X[16:], Y[16:]), **settings)
    assert first.history == second.history
    assert split.optimizer.iterations == 6


@pytest.mark.parametrize("name", SOURCES)
def test_batches_train_as_arrays_do(name):
    make, settings = SOURCES[name]
    streamed, whole = network(), network()
    first = streamed.fit(make(), epochs=3, shuffle=False, verbose=0, validation_data=Batches(), **settings)
    second = whole.fit(X, Y, batch_size=5, epochs=3, shuffle=False, verbose=0, validation_data=(X, Y), validation_batch_size=5)
    assert first.history == second.history
    np.testing.assert_equal(streamed.get_weights(), whole.get_weights())


def test_sequence_is_shuffled_batch_by_batch_and_told_of_epochs():
    batches = Batches()
    seen = []
    get = Batches.__getitem__
    batches.__class__ = type("Watched", (Batches,), {"__getitem__": lambda self, i: (seen.append(i), get(self, i))[1]})
    network().fit(batches, epochs=3, verbose=0, rng=0)
    assert batches.epochs == 3
    epochs = [seen[i : i + 4] for i in (0, 4, 8)]
    assert all(sorted(epoch) == [0, 1, 2, 3] for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > 1


def test_evaluate_and_predict_take_streams():
    model = network()
    assert model.evaluate(Batches()) == model.evaluate(X, Y, batch_size=5)
    np.testing.assert_array_equal(model.predict(Batches()), model.predict(X, batch_size=5))
    np.testing.assert_array_equal(model.predict(generator(), steps=2), model.predict(X[:10], batch_size=5))
    np.testing.assert_array_equal(model.predict(X, batch_size=5, steps=2), model.predict(X[:10], batch_size=5))
    assert model.evaluate(generator(), steps=4) == model.evaluate(X, Y, batch_size=5)


def test_weights_come_with_batches():
    weights = np.linspace(0, 2, 20)
    model = network()
    batches = ((X[i : i + 5], Y[i : i + 5], weights[i : i + 5]) for i in range(0, 20, 5))
    assert model.evaluate(batches) == model.evaluate(X, Y, batch_size=5, sample_weight=weights)


def test_network_is_built_by_the_first_batch():
    model = striate.Sequential([layers.Dense(3, activation="softmax")], rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(Batches(), verbose=0)
    assert model.input_shape == (None, 6)


@pytest.mark.parametrize("batches", [lambda: (X, Y), lambda: (Batches(), None)], ids=["arrays", "sequence"])
@pytest.mark.parametrize(("steps", "counts"), [(3, [3, 1, 3]), (6, [4, 4, 4]), (2, [2, 2, 2])])
@pytest.mark.filterwarnings("ignore:x ended after")
def test_an_epoch_ends_with_the_batches(batches, steps, counts):
    found, x_and_y = [], batches()
    counting = striate.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: found.append(0),
        on_train_batch_end=lambda batch, logs: found.append(found.pop() + 1),
    )
    network().fit(*x_and_y, batch_size=5, epochs=3, steps_per_epoch=steps, verbose=0, callbacks=[counting])
    assert found == counts


class TestCallbacksThatEndLoops:
    class Stopper(striate.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            self.model.stop_evaluating = batch == 1

        def on_predict_batch_end(self, batch, logs=None):
            self.model.stop_predicting = batch == 1

    def test_evaluation(self):
        model = network()
        want = model.evaluate(X[:10], Y[:10])
        assert model.evaluate(X, Y, batch_size=5, callbacks=[self.Stopper()]) == pytest.approx(want)
        assert model.evaluate(generator(), callbacks=[self.Stopper()]) == pytest.approx(want)
        assert model.evaluate(X, Y, batch_size=5) == pytest.approx(model.evaluate(X, Y))

    def test_prediction(self):
        model = network()
        want = model.predict(X)
        np.testing.assert_array_equal(model.predict(X, batch_size=5, callbacks=[self.Stopper()]), want[:10])
        np.testing.assert_array_equal(model.predict(generator(), callbacks=[self.Stopper()]), want[:10])
        np.testing.assert_array_equal(model.predict(X, batch_size=5), want)


def test_callbacks_are_notified_after_several_steps():
    found = []

    class Seen(striate.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            found.append(batch)

        def on_train_batch_end(self, batch, logs=None):
            found.append((batch, "loss" in logs))

        on_test_batch_begin = on_predict_batch_begin = on_train_batch_begin

        def on_predict_batch_end(self, batch, logs=None):
            found.append((batch, len(logs["outputs"])))

    model, other = network(), network()
    model.compile("sgd", "sparse_categorical_crossentropy", steps_per_execution=3)
    settings = {"batch_size": 5, "shuffle": False, "verbose": 0}
    model.fit(X, Y, callbacks=[Seen()], **settings)
    other.fit(X, Y, **settings)
    np.testing.assert_equal(model.get_weights(), other.get_weights())
    assert found == [0, (2, True), 3, (5, True)]
    found.clear()
    model.evaluate(X, Y, batch_size=5, callbacks=[Seen()])
    assert found == [0, 3]
    found.clear()
    y = model.predict(X, batch_size=5, callbacks=[Seen()])
    np.testing.assert_array_equal(y, model.predict(X, batch_size=5))
    assert found == [0, (2, 5), 3, (5, 5)]
    with pytest.raises(ValueError, match="steps_per_execution=0 is too small"):
        model.compile("sgd", "mse", steps_per_execution=0)


class TestDataSetsOfBatches:
    class Endless(striate.utils.PyDataset):
        num_batches = None

        def __getitem__(self, i):
            return X[5 * (i % 4) :][:5], Y[5 * (i % 4) :][:5]

    class Counted(Endless):
        num_batches = 4

    def test_the_number_of_batches(self):
        model = network()
        assert model.evaluate(self.Counted()) == model.evaluate(X, Y, batch_size=5)
        assert model.evaluate(self.Endless(), steps=4) == model.evaluate(X, Y, batch_size=5)
        with pytest.raises(TypeError, match="Endless has no end"):
            len(self.Endless())
        with pytest.raises(NotImplementedError, match="neither num_batches nor __len__"):
            len(striate.utils.PyDataset())


def test_a_stream_that_ends_early_raises_a_warning():
    short = iter([Batches()[0], Batches()[1]])
    with pytest.warns(UserWarning, match="x ended after 2 batches of the epoch; expected 4"):
        network().fit(short, steps_per_epoch=4, verbose=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.fit(Batches(), Y), "y or sample_weight is given, although x, a Batches, yields batches"),
        (lambda model: model.fit(Batches(), validation_split=0.2), "validation_split=0.2 needs arrays"),
        (lambda model: model.fit(iter([(X, Y, Y, Y)])), "x yielded 4 values"),
        (lambda model: model.fit(iter([(X,)])), "y is None; expected targets"),
        (lambda model: model.fit(X), "y is None; expected targets"),
        (lambda model: model.fit(X, Y, steps_per_epoch=0), "steps_per_epoch=0 is too small"),
        (lambda model: model.predict(iter([])), "x yielded no batch"),
    ],
)
@pytest.mark.filterwarnings("ignore:x ended after 0 batches")
def test_bad_streams_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(network())
