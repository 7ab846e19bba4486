"""Slices of a batch: the first operations of a plan run for a few samples at a time, and give the same bits."""

import numpy as np
import pytest
from striate.kernels.tasks import get_finest

from striate import Input, Model, Sequential, layers, num_threads, ops
from striate.engine import slices
from striate.quantization import quantize

SHAPE = (12, 10, 4)


def residual(x):
    y = layers.Conv2D(4, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    return layers.GlobalAveragePooling2D()(layers.ReLU()(layers.Add()([x, y])))


def branches(x):
    a, b = layers.Conv2D(3, 3, padding="same", activation="relu")(x), layers.MaxPooling2D(3, 1, padding="same")(x)
    y = layers.Concatenate()([a, b, layers.DepthwiseConv2D(3, padding="same")(x)])
    return layers.Dense(5)(layers.Flatten()(layers.AveragePooling2D(2)(y)))


def up_and_down(x):
    y = layers.Conv2DTranspose(4, 2, strides=2, activation="leaky_relu")(layers.AveragePooling2D(2)(x))
    return layers.Softmax()(layers.Conv2D(3, 1)(layers.Concatenate()([x, y])))


def excitation(x):
    y = layers.Conv2D(8, 3, activation="silu")(x)
    scale = layers.Dense(8, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(y))
    return layers.LocalResponseNormalization()(layers.Multiply()([y, scale]))


def mixed_samples(x):
    """Samples depend on the mean of a batch, which is no work for slices."""
    y = layers.Conv2D(4, 3, padding="same")(x)
    return y - ops.mean(y, axis=0, keepdims=True)


def several_outputs(x):
    y = layers.Conv2D(6, 3, activation="relu")(x)
    return [layers.Flatten()(y), layers.Reshape((-1, 2))(layers.MaxPooling2D(2)(y)), x]


without_finest_tasks = pytest.mark.skipif(get_finest(), reason="programs have no branches then")

BODIES = [residual, branches, up_and_down, excitation, mixed_samples, several_outputs]


@pytest.fixture(params=[1, 3])
def sliced(request, monkeypatch):
    """Return a function that lets plans have slices of one or three samples, however small these are, or no slices."""
    monkeypatch.setattr(slices, "_fewest_samples", lambda threads: request.param)
    monkeypatch.setattr(slices, "_SLICE", 0)
    return lambda on: monkeypatch.setattr(slices, "_LARGE", 0 if on else 1 << 60)


def model_of(body):
    x = Input(SHAPE)
    return Model(x, body(x), rng=0)


def outputs_of(make, sliced, x):
    """Return the plans of a new model without and with slices, and the outputs of both."""
    found = []
    for on in (False, True):
        sliced(on)
        model = make()
        outputs = model(x)
        found.append((model.plan(len(x)), outputs if isinstance(outputs, list) else [outputs]))
    return zip(*found, strict=True)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("body", BODIES)
def test_slices_give_the_same_bits(body, threads, sliced, rng):
    x = rng.standard_normal((7, *SHAPE), np.float32)
    with num_threads(threads):
        (whole, parts), (expected, got) = outputs_of(lambda: model_of(body), sliced, x)
    assert whole.slices is None
    assert parts.slices.operations > 0
    for a, b in zip(expected, got, strict=True):
        np.testing.assert_array_equal(a, b)


@without_finest_tasks
@pytest.mark.parametrize(("batch", "threads"), [(2, 2), (8, 2), (8, 3), (7, 7), (9, 4)])
@pytest.mark.parametrize("body", BODIES)
def test_threads_take_shares_of_the_batch_and_give_the_same_bits(body, batch, threads, sliced, rng):
    x = rng.standard_normal((batch, *SHAPE), np.float32)
    sliced(False)
    model = model_of(body)
    with num_threads(1):
        expected = model(x)
    sliced(True)
    with num_threads(threads):
        got, plan = model(x), model.plan(batch)
    shares = 1 if (batch, threads) == (9, 4) else threads  # One of four would have three of nine samples.
    assert plan.slices.shares == shares
    for a, b in zip(*[each if isinstance(each, list) else [each] for each in (expected, got)], strict=True):
        np.testing.assert_array_equal(a, b)


@without_finest_tasks
def test_shares_need_memory_for_their_own_samples(sliced, monkeypatch):
    sliced(True)
    monkeypatch.setattr(slices, "_SLICE", 1 << 30)
    model = Sequential([Input((16, 16, 16)), *(layers.Conv2D(16, 3, padding="same") for _ in range(4))], rng=0)
    with num_threads(1):
        whole = model.plan(8).nbytes
    for threads in (2, 4, 8):
        with num_threads(threads):
            plan = model.plan(8)
        assert plan.slices.shares == threads
        assert plan.nbytes <= 2 * whole  # The slices of all threads are a batch, and need no more than that does.


def test_every_share_has_all_of_its_samples():
    for batch in range(1, 12):
        for shares in range(1, batch + 1):
            for samples in (1, 2, 5):
                parts = slices.Slices(3, samples, shares).of(batch)
                assert len(parts) == shares
                assert [i for part in parts for each in part for i in range(batch)[each]] == list(range(batch))
                sizes = [sum(each.stop - each.start for each in part) for part in parts]
                assert max(sizes) - min(sizes) <= 1
                assert max(each.stop - each.start for part in parts for each in part) <= samples


@pytest.mark.parametrize("precision", ["int8", "bfloat16"])
@pytest.mark.parametrize("body", [residual, branches])
def test_slices_in_low_precision(body, precision, sliced, rng):
    x = rng.standard_normal((7, *SHAPE), np.float32)

    def make():
        model = model_of(body)
        if precision == "int8":
            return quantize(model, x)
        model.dtype_policy = "bfloat16"
        return model

    (whole, parts), (expected, got) = outputs_of(make, sliced, x)
    assert whole.slices is None
    assert parts.slices.operations > 0
    np.testing.assert_array_equal(expected[0], got[0])


class ActivatedWeight(layers.Layer):
    """A convolution, then a product with an activated weight, whose rows are as many as the samples of a batch of four."""

    def __init__(self):
        super().__init__()
        self.convolution = layers.Conv2D(4, 3)

    def build(self, shape):
        self.mixing = self.add_weight(shape=(4, 4))

    def call(self, x):
        mixing = ops.relu(self.mixing)
        return ops.matmul(self.convolution(x), mixing)


def test_weights_with_as_many_rows_as_samples_are_not_sliced(sliced, rng):
    x = rng.standard_normal((4, *SHAPE), np.float32)
    (_, parts), (expected, got) = outputs_of(lambda: Sequential([ActivatedWeight()], rng=0), sliced, x)
    assert parts.slices is None
    np.testing.assert_array_equal(expected[0], got[0])


def test_slices_need_less_memory(sliced, rng):
    x = rng.standard_normal((64, *SHAPE), np.float32)
    (whole, parts), _ = outputs_of(lambda: model_of(residual), sliced, x)
    assert parts.nbytes < whole.nbytes * 0.6  # Half of it is the input.


def test_operations_with_more_weights_than_values_run_for_the_whole_batch(sliced):
    sliced(True)
    model = Sequential([Input(SHAPE), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(1000), layers.Dense(1000)], rng=0)
    assert model.plan(8).slices.operations == 2


def test_small_values_are_not_sliced():
    model = Sequential([Input((28, 28, 1)), layers.Conv2D(6, 5), layers.MaxPooling2D(2)], rng=0)
    assert model.plan(32).slices is None
    assert model.plan(1024).slices.operations > 0


def test_programs_that_change_weights_are_not_sliced(sliced, rng):
    sliced(True)
    x, y = rng.standard_normal((8, *SHAPE), np.float32), rng.standard_normal((8, 4), np.float32)
    model = model_of(residual)
    model.compile("sgd", "mse")
    first = model.train_on_batch(x, y)
    assert model.train_on_batch(x, y) < first


@pytest.mark.parametrize("threads", [1, 2])
def test_plans_with_slices_are_measured(sliced, threads):
    sliced(True)
    with num_threads(threads):
        plan = model_of(branches).plan(8).measure(2)
    lines = []
    plan.report(lines.append)
    assert len(plan.seconds) == len(plan.operations)
    assert all(seconds > 0 for seconds, operation in zip(plan.seconds, plan.operations, strict=True) if not operation.view)
    assert "samples at a time" in lines[0]
    assert ("each thread takes its own samples" in lines[0]) == (threads == 2 and not get_finest())
