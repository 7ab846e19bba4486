"""Memory goes with the last reference: nothing waits for the collector of cycles, which may come much later."""

import contextlib
import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import striate
from striate import Input, Model, Sequential, callbacks, layers, losses, optimizers
from striate.data import DataLoader
from tests.helpers.waiting import soon


@contextlib.contextmanager
def without_collector():
    """Check that the block leaves no garbage of striate's that only the collector of cycles can find."""
    gc.collect()
    enabled, flags = gc.isenabled(), gc.get_debug()
    gc.disable()
    try:
        yield
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        kinds = {type(thing).__name__ for thing in gc.garbage if type(thing).__module__.startswith(("striate", __name__))}
    finally:
        gc.garbage.clear()
        gc.set_debug(flags)
        if enabled:
            gc.enable()
    assert not kinds


class Doubled(layers.Layer):
    """Computes on arrays."""

    def forward(self, x, *, training, rng):
        return 2 * x, None

    def backward(self, dy, saved, *, input_gradient=True):
        return 2 * dy, []


class Block(layers.Layer):
    """Is made of layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first, self.second = layers.Dense(4, activation="relu"), layers.Dense(4)

    def call(self, x):
        self.add_loss(striate.ops.mean(x * x))
        return x + self.second(self.first(x))


class Subclassed(Model):
    """Defines `call`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv, self.flatten, self.dense = layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)

    def call(self, x):
        return self.dense(self.flatten(self.conv(x)))


def sequential():
    return Sequential([Input((6, 6, 2)), *body()], rng=0)


def sequential_without_input():
    return Sequential(body(), rng=0)


def body():
    return [
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(),
        layers.Dropout(0.2),
        layers.Flatten(),
        layers.Dense(2, activation="softmax"),
    ]


def graph():
    image = Input((6, 6, 2))
    x = layers.Conv2D(4, 3, padding="same")(image)
    x = layers.ReLU()(layers.Add()([x, layers.SeparableConv2D(4, 3, padding="same")(x)]))
    x = layers.GlobalAveragePooling2D()(x)
    return Model(image, layers.Dense(2)(layers.Concatenate()([x * 2, layers.Activation("tanh")(x)])), rng=0)


def shared():
    dense, image = layers.Dense(2), Input((6, 6, 2))
    x = layers.Dense(2)(layers.Flatten()(image))
    return Model(image, layers.Dense(2)(dense(dense(x))), rng=0)


def nested():
    inner = sequential()
    image = Input((6, 6, 2))
    return Model(image, layers.Dense(2)(inner(image)), rng=0)


def custom():
    image = Input((6, 6, 2))
    return Model(image, layers.Dense(2)(Block()(Doubled()(layers.Dense(4)(layers.Flatten()(image))))), rng=0)


def subclassed():
    return Subclassed(rng=0)


MODELS = (sequential, sequential_without_input, graph, shared, nested, custom, subclassed)
X, Y = np.random.default_rng(0).standard_normal((7, 6, 6, 2), np.float32), np.ones((7, 2), np.float32) / 2


def compile_and_fit(model, **kwargs):
    model.compile("adam", "mse", metrics=["mae", "accuracy"])
    return model.fit(X, Y, batch_size=3, epochs=2, verbose=0, **kwargs)


def build(model, folder):
    model.build((None, 6, 6, 2))


def call(model, folder):
    model(X)
    model(X, training=True)


def predict(model, folder):
    model.predict(X, batch_size=3)
    model.predict(iter([X, X]))


def fit(model, folder):
    given = [
        callbacks.EarlyStopping("val_loss", restore_best_weights=True),
        callbacks.ModelCheckpoint(folder / "checkpoint.npz"),
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: None),
    ]
    history = compile_and_fit(model, validation_split=0.3, callbacks=given)
    assert history.model is model
    model.evaluate(X, Y, verbose=0)
    model.fit(DataLoader((X, Y), 3), verbose=0)
    model.train_on_batch(X, Y)
    assert model.history.history["loss"]


def clip(model, folder):
    model.compile(optimizers.SGD(0.1, momentum=0.9, global_clipnorm=1.0), lambda y, p: striate.ops.mean((y - p) ** 2, axis=-1))
    model.fit(X, Y, verbose=0)


def python_loss(model, folder):
    class Own(losses.Loss):
        def value_and_gradient(self, y_true, y_pred, sample_weight=None):
            return np.mean((y_true - y_pred) ** 2), 2 * (y_pred - y_true) / y_pred.size

    model.compile("sgd", Own())
    model.fit(X, Y, verbose=0)


def describe(model, folder):
    model.predict(X)
    model.summary(print_fn=lambda text: None, expand_nested=True)
    model.plan(3).measure(1).report(print_fn=lambda text: None)
    model.get_config()


def copies(model, folder):
    compile_and_fit(model)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other.predict(X), model.predict(X))
        other.fit(X, Y, verbose=0)


def save(model, folder):
    compile_and_fit(model)
    model.save_weights(folder / "weights.npz")
    model.load_weights(folder / "weights.npz")
    if type(model) not in (Model, Sequential) or any(isinstance(layer, (Block, Doubled)) for layer in model.layers):
        return
    model.save(folder / "model.npz")
    for lazy in (False, True):
        other = striate.models.load_model(folder / "model.npz", lazy=lazy)
        np.testing.assert_array_equal(other.predict(X), model.predict(X))
        other.fit(X, Y, verbose=0)


def clone(model, folder):
    model.predict(X)
    if isinstance(model, Subclassed):
        return
    other = striate.models.clone_model(model)
    other.set_weights(model.get_weights())
    np.testing.assert_array_equal(other.predict(X), model.predict(X))


def submodels(model, folder):
    model.predict(X)
    if isinstance(model, Subclassed):
        return
    part = Model(model.input, model.layers[-1].input, rng=0)
    part.predict(X)
    head = Sequential(model.layers[-1:], rng=0)
    head.predict(part.predict(X))


def fail(model, folder):
    with pytest.raises(ValueError, match="x has"):
        model.predict(np.ones((0, 6, 6, 2), np.float32))
    model.compile("sgd", "mse")
    with pytest.raises(ZeroDivisionError):
        model.fit(X, Y, verbose=0, callbacks=callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: 1 / 0))


def set_trainable(model, folder):
    compile_and_fit(model)
    model.layers[0].trainable = False
    model.fit(X, Y, verbose=0)


USES = (build, call, predict, fit, clip, python_loss, describe, copies, save, clone, submodels, fail, set_trainable)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_models_and_weights_go_with_the_last_reference(make, use, tmp_path):
    with without_collector():
        model = make()
        use(model, tmp_path)
        kept = [weakref.ref(model), *[weakref.ref(weight.array) for weight in model.weights]]
        del model
        assert not [each for each in kept if each() is not None]


def test_a_part_of_a_model_holds_what_it_needs_alone():
    with without_collector():
        model = sequential()
        part = Model(model.input, model.layers[0].output)
        rest = weakref.ref(model.layers[-1].kernel.array)
        kernel = weakref.ref(model.layers[0].kernel.array)
        del model
        assert rest() is None
        part.predict(X)
        del part
        assert kernel() is None


def test_a_tensor_holds_what_it_is_computed_from():
    image = Input((6, 6, 2))
    y = layers.Dense(2)(layers.Flatten()(layers.Conv2D(4, 3)(image)))
    assert Model(image, y).count_params() == 76 + 130
    assert Model(y.node.inputs.node.layer.input.node.layer.input, y).count_params() == 76 + 130


def test_outputs_without_references_are_made_again():
    image = Input((4,))
    dense = layers.Dense(3)
    model = Model(image, layers.Dense(2)(dense(image)))
    assert dense.output is dense.output
    assert Model(image, dense.output).output_shape == (None, 3)
    left, _ = striate.ops.split(image, 2, axis=1)
    assert Model(image, left).predict(np.ones((1, 4), np.float32)).shape == (1, 2)
    assert model.layers[1].output.shape == (None, 3)


def test_callbacks_do_not_hold_models():
    stopping = callbacks.EarlyStopping("loss")
    with without_collector():
        model = sequential()
        history = compile_and_fit(model, callbacks=[stopping])
        assert stopping.model is model
        gone = weakref.ref(model)
        del model
        assert gone() is None
        assert stopping.model is None
        assert history.model is None
        assert len(history.history["loss"]) == 2
    assert copy.deepcopy(stopping).model is None


@pytest.mark.parametrize("end", ["read to the end", "left"])
def test_data_loaders_and_their_arrays_go_with_the_last_reference(end):
    """Threads keep nothing while they wait; a batch that one is making keeps its arrays until it is made."""
    with without_collector():
        x = np.ones((40, 1000), np.float32)
        loader = DataLoader((x,), 4, workers=2)
        kept = weakref.ref(x), weakref.ref(loader)
        batches = iter(loader)
        next(batches)
        if end == "read to the end":
            assert len(list(batches)) == 9
        del x, loader, batches
        assert soon(lambda: all(each() is None for each in kept), seconds=5 if end == "left" else 0)


def test_optimizers_hold_no_model_but_the_weights_that_they_train():
    with without_collector():
        model = sequential()
        optimizer = optimizers.Adam()
        model.compile(optimizer, "mse")
        model.fit(X, Y, verbose=0)
        gone = weakref.ref(model), weakref.ref(model.layers[0].kernel.array)
        del model
        assert gone[0]() is None
        del optimizer
        assert gone[1]() is None


def test_operations_on_arrays_leave_nothing():
    with without_collector():
        striate.ops.softmax(striate.ops.matmul(np.ones((3, 4)), np.ones((4, 2))))
        striate.functional.conv2d(X, np.ones((3, 3, 2, 4), np.float32))
        striate.activations.get("gelu")(X)
        striate.losses.MeanSquaredError()(Y, Y)
        metric = striate.metrics.MeanAbsoluteError()
        metric.update_state(Y, Y)
        metric.result()


def test_memory_does_not_grow_with_models_that_were_dropped():
    with without_collector():
        arrays = []
        for _ in range(5):
            model = Sequential([Input((50,)), layers.Dense(400), layers.Dense(2)], rng=0)
            model.compile("adam", "mse")
            model.fit(np.ones((8, 50), np.float32), np.ones((8, 2), np.float32), verbose=0)
            arrays += map(weakref.ref, [weight.array for weight in model.weights])
        assert sum(array() is not None for array in arrays) == len(model.weights)
