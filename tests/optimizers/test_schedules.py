"""Learning rate schedules: values of the published formulas at some steps, and optimizers that follow schedules."""

import inspect
import math

import numpy as np
import pytest

from striate import Model, Sequential, layers, optimizers
from striate.optimizers import schedules

#: Schedules, and their learning rates at some steps.
CASES = [
    (schedules.ExponentialDecay(0.1, 10, 0.5), {0: 0.1, 5: 0.1 * math.sqrt(0.5), 10: 0.05, 30: 0.0125}),
    (schedules.ExponentialDecay(0.1, 10, 0.5, staircase=True), {9: 0.1, 10: 0.05, 19: 0.05, 20: 0.025}),
    (schedules.InverseTimeDecay(0.1, 10, 2.0), {0: 0.1, 5: 0.05, 10: 0.1 / 3}),
    (schedules.InverseTimeDecay(0.1, 10, 2.0, staircase=True), {9: 0.1, 10: 0.1 / 3}),
    (schedules.PiecewiseConstantDecay([3, 5], [1.0, 0.5, 0.1]), {0: 1, 3: 1, 4: 0.5, 5: 0.5, 6: 0.1, 99: 0.1}),
    (schedules.PolynomialDecay(1.0, 10, 0.2), {0: 1, 5: 0.6, 10: 0.2, 99: 0.2}),
    (schedules.PolynomialDecay(1.0, 10, 0.2, power=2.0), {5: 0.4}),
    (schedules.PolynomialDecay(1.0, 10, 0.2, cycle=True), {10: 0.2, 15: 0.4, 20: 0.2}),
    (schedules.PolynomialDecay(1.0, 10, end_learning_rate=0.0), {0: 1, 5: 0.5, 10: 0, 99: 0}),
    (schedules.ExponentialDecay(0.1, 1000.0, 0.9), {0: 0.1, 1000: 0.09, 2000: 0.081}),
    (schedules.InverseTimeDecay(0.0, 2.5, 0.9), {0: 0, 5: 0}),
    (schedules.PiecewiseConstantDecay([1.5], [1.0, 0.0]), {0: 1, 1: 1, 2: 0}),
    (schedules.CosineDecay(1.0, 10), {0: 1, 5: 0.5, 10: 0, 20: 0}),
    (schedules.CosineDecay(0.0, 10, 0.1, warmup_target=1.0, warmup_steps=4), {0: 0, 1: 0.25, 4: 1, 9: 0.55, 14: 0.1}),
    (schedules.CosineDecayRestarts(1.0, 4, t_mul=2.0, m_mul=0.5), {0: 1, 2: 0.5, 4: 0.5, 8: 0.25, 12: 0.25}),
    (schedules.OneCycle(1.0, 11, warmup=0.3), {0: 1 / 25, 3: 1, 10: 1e-4}),
]


@pytest.mark.parametrize(("schedule", "expected"), CASES)
def test_schedules_have_the_published_values(schedule, expected):
    for step, value in expected.items():
        assert schedule(step) == pytest.approx(value, abs=1e-12)
    again = schedules.get({"class_name": type(schedule).__name__, "config": schedule.get_config()})
    assert [again(step) for step in range(40)] == [schedule(step) for step in range(40)]
    assert schedules.deserialize(schedules.serialize(schedule)).get_config() == schedule.get_config()
    assert type(schedule).from_config(schedule.get_config()).get_config() == schedule.get_config()


@pytest.mark.parametrize("schedule", [s for s, _ in CASES if not isinstance(s, schedules.OneCycle)])
def test_values_and_arguments_are_those_of_keras(schedule):
    keras = pytest.importorskip("keras")
    cls = type(schedule)
    other = getattr(keras.optimizers.schedules, cls.__name__)
    ours, theirs = (inspect.signature(each).parameters.values() for each in (cls, other))
    assert [(each.name, each.default) for each in ours] == [(each.name, each.default) for each in theirs]
    reference = other(**schedule.get_config())
    assert schedules.deserialize(keras.optimizers.schedules.serialize(reference)).get_config() == schedule.get_config()
    for step in range(40):
        assert schedule(step) == pytest.approx(float(reference(step)), rel=1e-5, abs=1e-6)


class Halving(schedules.LearningRateSchedule):
    """Custom schedule."""

    def __call__(self, step):
        """Return the learning rate of a step."""
        return 0.5**step


@pytest.mark.parametrize("optimizer", [optimizers.SGD, optimizers.Adam, optimizers.RMSprop])
def test_steps_follow_a_schedule(optimizer):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((4, 3)).astype(np.float32), rng.standard_normal((4, 2))
    results = []
    for scheduled in (True, False):
        model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
        model.compile(optimizer(Halving() if scheduled else 1.0), "mse")
        for step in range(4):
            if not scheduled:
                model.optimizer.learning_rate = 0.5**step
            model.train_on_batch(x, y)
            assert model.optimizer.learning_rate == 0.5**step
        results.append(model.get_weights()[0])
    np.testing.assert_array_equal(*results)


def test_schedules_are_saved_with_the_model(tmp_path):
    model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile(optimizers.SGD(schedules.ExponentialDecay(0.1, 2, 0.5)), "mse")
    x, y = np.ones((4, 3), np.float32), np.ones((4, 2))
    model.fit(x, y, batch_size=1, verbose=0)
    model.save(tmp_path / "m.npz")
    again = Model.load(tmp_path / "m.npz")
    assert again.optimizer.learning_rate == model.optimizer.learning_rate == pytest.approx(0.1 * 0.5**1.5)
    for each in (model, again):
        each.fit(x, y, verbose=0)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: schedules.ExponentialDecay(0.1, 0, 0.5), ValueError, "decay_steps=0 is too small"),
        (lambda: schedules.PiecewiseConstantDecay([1, 2], [1.0]), ValueError, "values has 1 elements; expected one more"),
        (lambda: schedules.PiecewiseConstantDecay([2, 1], [1.0, 2.0, 3.0]), ValueError, "do not increase"),
        (lambda: schedules.CosineDecay(0.1, 10, alpha=2), ValueError, "alpha=2 is out of range"),
        (lambda: schedules.LearningRateSchedule()(0), TypeError, "does not define __call__"),
        (lambda: optimizers.SGD("fast"), TypeError, "learning_rate='fast'"),
        (lambda: schedules.ExponentialDecay(0.1, 0.0, 0.5), ValueError, "decay_steps=0.0 is out of range; .* above 0"),
        (lambda: schedules.PolynomialDecay(-0.1, 10), ValueError, "initial_learning_rate=-0.1 is out of range"),
        (
            lambda: schedules.deserialize({"class_name": "Own", "config": {}}),
            ValueError,
            "class_name of schedule='Own' is unknown; expected",
        ),
        (
            lambda: optimizers.SGD({"class_name": "Own", "config": {}}),
            ValueError,
            "class_name of schedule='Own' is unknown; expected",
        ),
        (lambda: schedules.serialize(lambda step: 0.1), TypeError, "cannot be saved; expected a number, or a subclass"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
