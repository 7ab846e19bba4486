"""Data sets made of loaders by the methods of `tf.data`."""

import threading

import numpy as np
import pytest

from striate import Sequential, layers
from striate.data import DataLoader

X, Y = np.arange(46.0, dtype="float32").reshape(23, 2), np.arange(23)


def loader(**settings):
    return DataLoader((X, Y), batch_size=5, **settings)


def labels(data):
    return np.concatenate([np.atleast_1d(y) for _, y in data]).tolist()


def test_functions_run_in_the_threads_of_the_loader():
    threads = set()

    def doubled(x, y):
        threads.add(threading.current_thread())
        return 2 * x, y

    data = loader(workers=2).map(doubled, num_parallel_calls=3).map(lambda x, y: {"x": x + 1, "y": y})
    assert len(data) == data.cardinality() == 5
    np.testing.assert_array_equal(np.concatenate([each["x"] for each in data]), 2 * X + 1)
    assert threading.main_thread() not in threads
    assert labels(loader()) == Y.tolist()


def test_batches_are_divided_and_made_again():
    samples = loader().unbatch()
    assert len(samples) == 23
    assert [x.shape for x, _ in samples] == [(2,)] * 23
    batches = samples.batch(4)
    assert [len(y) for _, y in batches] == [4, 4, 4, 4, 4, 3]
    assert len(batches) == 6
    assert labels(batches) == Y.tolist()
    assert labels(samples.batch(4, drop_remainder=True)) == list(range(20))
    assert len(samples.batch(4, drop_remainder=True)) == 5


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda data: data.take(2), range(10)),
        (lambda data: data.take(-1), range(23)),
        (lambda data: data.skip(3), range(15, 23)),
        (lambda data: data.skip(9), ()),
        (lambda data: data.repeat(2), [*range(23), *range(23)]),
        (lambda data: data.repeat().skip(4).take(2), [20, 21, 22, *range(5)]),
        (lambda data: data.prefetch(-1), range(23)),
        (lambda data: data.prefetch(1).take(2), range(10)),
        (lambda data: data.cache(), range(23)),
        (lambda data: data.unbatch().filter(lambda x, y: y > 20), (21, 22)),
    ],
)
def test_elements_in_order(make, expected):
    data = make(loader())
    for _ in range(2):  # Each pass gives the same.
        assert ([*labels(data)] if len(list(data)) else []) == list(expected)


def test_lengths_that_are_not_known():
    endless = loader().repeat()
    assert endless.cardinality() == -1
    with pytest.raises(TypeError, match=r"no end; expected take\(count\)"):
        len(endless)
    filtered = loader().filter(lambda x, y: True)
    assert filtered.cardinality() == -2
    with pytest.raises(TypeError, match="unknown length"):
        len(filtered)
    assert len(endless.take(7)) == 7


def test_shuffling():
    data = loader().unbatch().shuffle(100, seed=1)
    first, second = labels(data), labels(data)
    assert sorted(first) == sorted(second) == Y.tolist()
    assert first not in (second, Y.tolist())
    assert first == labels(loader().unbatch().shuffle(100, seed=1))
    fixed = loader().unbatch().shuffle(4, seed=1, reshuffle_each_iteration=False)
    assert labels(fixed) == labels(fixed)
    assert all(y < place + 4 for place, y in enumerate(labels(fixed)))  # At most 4 elements wait.


def test_what_is_cached_is_read_once():
    read = []

    def noted(x, y):
        read.append(len(y))
        return x, y

    data = loader().map(noted).cache()
    assert labels(data) == labels(data) == Y.tolist()
    assert sum(read) == 23
    with pytest.raises(ValueError, match="filename='x' is not supported"):
        loader().cache("x")


def test_threads_of_prefetching_end():
    before = threading.active_count()
    for _ in loader().prefetch(2).repeat():
        break
    list(loader().prefetch(2))
    assert threading.active_count() <= before


def test_models_learn_from_them():
    data = loader().map(lambda x, y: (x / 46, y / 23)).cache().shuffle(3, seed=0).prefetch(2)
    model = Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    model.compile("adam", "mse")
    losses = model.fit(data, epochs=3, verbose=0).history["loss"]
    assert losses[2] < losses[0]
    assert len(model.fit(data.repeat(), steps_per_epoch=7, verbose=0).history["loss"]) == 1
    assert model.evaluate(data.unbatch().batch(23)) == pytest.approx(model.evaluate(X / 46, Y / 23), rel=1e-5)
    assert model.predict(loader().map(lambda x, y: x)).shape == (23, 1)
