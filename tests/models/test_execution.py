"""Programs of models: they follow what changes, are shared by threads, and do not pile up in memory."""

import copy
import gc
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from striate import Model, Sequential, layers, losses, optimizers
from striate.models.graphs import inference
from tests.helpers.forking import fork, join, needs_fork
from tests.helpers.small_models import images, residual_network


def test_weights_that_change_reach_every_program():
    x, _ = images()
    model = residual_network()
    before = model.predict(x)
    for weight in model.weights:
        weight.assign(weight.value * 0.5)
    after = model.predict(x)
    assert not np.allclose(before, after)
    np.testing.assert_array_equal(after, Model(model.input, model.output).predict(x))


def test_weights_changed_by_a_step_that_breaks_off_reach_predictions():
    class Broken(losses.Loss):
        def prepare(self, y_true, output_shape, dtype):
            return np.asarray(y_true, dtype)

        def value_and_gradient(self, y_true, y_pred):
            raise RuntimeError("broken off")

    model = Sequential([layers.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization(momentum=0.1)], rng=0)
    x, _ = images()
    before = model.predict(x)
    model.compile("sgd", Broken())
    with pytest.raises(RuntimeError, match="broken off"):
        model.train_on_batch(x, np.zeros((12, 6, 6, 4)))
    after = model.predict(x)
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, model.layers[1](model.layers[0](x)), rtol=1e-4, atol=1e-5)


def test_a_plan_lent_before_a_change_is_not_used_after_it():
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    x = np.ones((4, 3), np.float32)
    model.predict(x)
    with model._lend(inference, 4, []):
        model.add(layers.Dense(7))
    assert model.predict(x).shape == (4, 7)


def test_results_are_the_users_own():
    x, _ = images()
    model = residual_network()
    first = model.predict(x)
    kept = first.copy()
    model.predict(x * 2)
    np.testing.assert_array_equal(first, kept)
    with pytest.raises(ValueError, match="read-only"):
        model.weights[0].value[...] = 0


def test_memory_of_many_batch_sizes_is_bounded():
    model = residual_network()
    for size in range(1, 60):
        model.predict(images(size)[0], batch_size=size)
    assert 1 < len(model._programs) <= 16


def test_idle_programs_of_many_threads_are_limited():
    model = residual_network()
    loans = [model._lend(inference, 2, []) for _ in range(20)]
    for loan in loans:
        loan.__exit__()
    assert sum(len(kept.idle) for kept in model._programs._kept.values()) == 16


def test_programs_are_freed_with_their_batch_size():
    model = residual_network()
    model.predict(images(3)[0])
    with model._lend(inference, 3, []) as executable:
        memory = weakref.ref(executable._memory.base if executable._memory.base is not None else executable._memory)
    del executable
    model._programs.clear()
    gc.collect()
    assert memory() is None


def test_threads_may_predict_while_others_do():
    model = residual_network()
    x, _ = images(50)
    expected = model.predict(x, batch_size=5)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: model.predict(x, batch_size=5), range(6)))
    for result in results:
        np.testing.assert_array_equal(result, expected)


@needs_fork
def test_a_forked_child_can_predict_and_train():
    model = residual_network()
    x, y = images(64, size=8)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.train_on_batch(x, y)
    expected = model.predict(x, batch_size=64)

    def work():
        np.testing.assert_array_equal(model.predict(x, batch_size=64), expected)
        model.train_on_batch(x, y)

    join(fork(work))


def test_models_can_be_pickled_and_copied():
    model = residual_network()
    x, y = images()
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0)
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        np.testing.assert_array_equal(again.predict(x), model.predict(x))
        again.fit(x, y, verbose=0)
        assert not np.array_equal(again.predict(x), model.predict(x))
