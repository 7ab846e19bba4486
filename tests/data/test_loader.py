"""Batches made in the background."""

import threading
import time

import numpy as np
import pytest

import striate
from striate import layers
from striate.data import DataLoader
from tests.helpers.waiting import soon

X, Y = np.arange(46.0).reshape(23, 2), np.arange(23)


def numbers(loader):
    return [batch[1].tolist() for batch in loader]


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_are_the_arrays_in_order(workers):
    loader = DataLoader((X, Y), batch_size=5, workers=workers)
    assert len(loader) == 5
    assert numbers(loader) == [list(range(i, min(i + 5, 23))) for i in range(0, 23, 5)]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in loader]), X)
    assert [len(y) for _, y in DataLoader((X, Y), batch_size=5, drop_last=True)] == [5, 5, 5, 5]


def test_order_depends_on_seed_and_epoch_alone():
    epochs = {}
    for workers in (1, 2, 4):
        loader = DataLoader((X, Y), batch_size=4, shuffle=True, workers=workers, prefetch=3, rng=7)
        epochs[workers] = [numbers(loader) for _ in range(3)]
    assert epochs[1] == epochs[2] == epochs[4]
    assert epochs[1][0] != epochs[1][1]
    assert sorted(i for batch in epochs[1][2] for i in batch) == list(range(23))
    later = DataLoader((X, Y), batch_size=4, shuffle=True, rng=7)
    later.epoch = 2
    assert numbers(later) == epochs[1][2]


def test_transforms_draw_the_same_whatever_the_workers():
    def noisy(batch, rng):
        time.sleep(0.001 * rng.random())
        return batch[0] + rng.standard_normal(batch[0].shape), batch[1]

    results = [
        np.concatenate([x for x, _ in DataLoader((X, Y), 4, True, transform=noisy, workers=workers, rng=1)])
        for workers in (1, 4)
    ]
    np.testing.assert_array_equal(*results)


def test_samples_of_a_dataset_are_stacked():
    class Squares:
        def __len__(self):
            return 7

        def __getitem__(self, i):
            return np.full((2, 2), i), i * i

    batches = list(DataLoader(Squares(), batch_size=3))
    assert [x.shape for x, _ in batches] == [(3, 2, 2), (3, 2, 2), (1, 2, 2)]
    assert np.concatenate([y for _, y in batches]).tolist() == [i * i for i in range(7)]


def test_errors_are_raised_where_batches_are_read_and_threads_end():
    def failing(batch, rng):
        if 11 in batch[1]:
            raise RuntimeError("sample 11 is bad")
        return batch

    before = threading.active_count()
    loader = DataLoader((X, Y), batch_size=5, transform=failing, workers=2)
    seen = []
    with pytest.raises(RuntimeError, match="sample 11 is bad"):
        seen.extend(y.tolist() for _, y in loader)
    assert len(seen) == 2
    for _ in DataLoader((X, Y), batch_size=2, workers=3):
        break
    end = time.monotonic() + 20
    while threading.active_count() > before and time.monotonic() < end:  # those of a loader that is gone end by themselves
        time.sleep(0.01)
    iterator = iter(DataLoader((X, Y), batch_size=2, workers=3))
    next(iterator)
    iterator.close()
    assert soon(lambda: threading.active_count() == before)


def test_batches_are_made_ahead_but_not_all_of_them():
    made = []

    def note(batch, rng):
        made.append(len(batch[1]))
        return batch

    iterator = iter(DataLoader((X, Y), batch_size=1, transform=note, prefetch=3))
    next(iterator)
    time.sleep(0.2)
    assert 3 <= len(made) <= 6
    iterator.close()


def test_network_trains_on_it():
    model = striate.Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    loader = DataLoader((X / 46, X[:, 0] / 46), batch_size=4, shuffle=True, rng=0)
    history = model.fit(loader, epochs=5, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]


class _Samples:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.y["sum"])

    def __getitem__(self, index):
        return {name: array[index] for name, array in self.x.items()}, {name: array[index] for name, array in self.y.items()}


@pytest.mark.parametrize("make", [lambda x, y: (x, y), _Samples])
def test_batches_of_dicts(make):
    rng = np.random.default_rng(0)
    x = {"b": rng.random((7, 2), np.float32), "a": rng.random((7, 3), np.float32)}
    y = {"sum": x["a"].sum(1, keepdims=True)}
    loader = DataLoader(make(x, y), batch_size=3, workers=2)
    assert len(loader) == 3
    batches = list(loader)
    assert [sorted(inputs) for inputs, _ in batches] == [["a", "b"]] * 3
    np.testing.assert_array_equal(np.concatenate([inputs["b"] for inputs, _ in batches]), x["b"])
    np.testing.assert_array_equal(np.concatenate([targets["sum"] for _, targets in batches]), y["sum"])
    inputs = {name: layers.Input((size,)) for name, size in (("a", 3), ("b", 2))}
    outputs = {"sum": layers.Dense(1)(layers.Concatenate()([inputs["a"], inputs["b"]]))}
    model = striate.Model(inputs, outputs, rng=0)
    model.compile("adam", {"sum": "mse"})
    again = striate.models.clone_model(model)
    again.set_weights(model.get_weights())
    again.compile("adam", {"sum": "mse"})
    model.fit(x, y, batch_size=3, shuffle=False, verbose=0)
    again.fit(loader.unbatch().batch(3), verbose=0)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((X, Y[:5]),), ValueError, "dataset has 2 arrays of"),
        ((3,), TypeError, "dataset=3 is of type int"),
        (((X,), 0), ValueError, "batch_size=0"),
        (((X[:0],),), ValueError, "dataset has 0 samples"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        DataLoader(*arguments)


def test_a_dataset_that_raises_stop_iteration_does_not_end_the_epoch():
    class Short:
        def __len__(self):
            return 8

        def __getitem__(self, i):
            if i > 3:
                raise StopIteration
            return (np.zeros(2),)

    with pytest.raises(RuntimeError, match="raised StopIteration; expected a batch"):
        list(DataLoader(Short(), 2))


def test_batches_are_made_no_further_ahead_than_asked_for():
    made = []

    def note(batch, rng):
        made.append(int(batch[1][0]))
        return batch

    batches = iter(DataLoader((X, Y), 1, transform=note, workers=2, prefetch=3))
    next(batches)
    assert soon(lambda: len(made) == 6)
    time.sleep(0.05)
    assert sorted(made) == list(range(6))  # the one that is used, and as many as workers and prefetch
    batches.close()
    assert list(batches) == []


def test_batches_of_a_dropped_epoch_are_not_made():
    made, begun, dropped, before = [], threading.Event(), threading.Event(), threading.active_count()

    def wait(batch, rng):
        made.append(int(batch[1][0]))
        if made[-1]:
            begun.set()
            assert dropped.wait(5)
        return batch

    batches = iter(DataLoader((X, Y), 1, transform=wait, prefetch=3))
    next(batches)
    assert begun.wait(5)
    del batches
    dropped.set()
    assert soon(lambda: threading.active_count() == before)
    assert made == [0, 1]
