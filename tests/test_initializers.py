"""Initializers: distributions, names and configurations."""

import math

import numpy as np
import pytest

from striate import initializers

SHAPE = (3, 3, 40, 60)
FAN_IN, FAN_OUT = 9 * 40, 9 * 60


@pytest.mark.parametrize(
    ("name", "variance", "bound"),
    [
        ("glorot_uniform", 2 / (FAN_IN + FAN_OUT), math.sqrt(6 / (FAN_IN + FAN_OUT))),
        ("glorot_normal", 2 / (FAN_IN + FAN_OUT), 2 * math.sqrt(2 / (FAN_IN + FAN_OUT)) / 0.8796),
        ("he_uniform", 2 / FAN_IN, math.sqrt(6 / FAN_IN)),
        ("he_normal", 2 / FAN_IN, 2 * math.sqrt(2 / FAN_IN) / 0.8796),
        ("lecun_uniform", 1 / FAN_IN, math.sqrt(3 / FAN_IN)),
        ("lecun_normal", 1 / FAN_IN, 2 * math.sqrt(1 / FAN_IN) / 0.8796),
        ("random_normal", 0.05**2, 1),
        ("random_uniform", 0.1**2 / 12, 0.05),
    ],
)
def test_random_initializers_have_their_variance(name, variance, bound):
    values = initializers.get(name)(SHAPE, np.dtype(np.float32), np.random.default_rng(0))
    assert values.shape == SHAPE
    assert values.dtype == np.float32
    assert values.var() == pytest.approx(variance, rel=0.03)
    assert abs(values.mean()) < 4 * math.sqrt(variance / values.size)
    assert 0.95 * min(bound, 4 * math.sqrt(variance)) < np.abs(values).max() <= bound


def test_constants():
    for name, value in (("zeros", 0), ("ones", 1)):
        assert (initializers.get(name)((2, 3), np.dtype(np.float64), None) == value).all()
    assert (initializers.Constant(2.5)((4,), np.dtype(np.float32), None) == np.float32(2.5)).all()


def test_the_same_seed_gives_the_same_bits():
    one, two = (initializers.GlorotNormal()(SHAPE, np.dtype(np.float32), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    "initializer",
    [initializers.Zeros(), initializers.Constant(3.0), initializers.HeNormal(), initializers.VarianceScaling(0.5, "fan_out")],
)
def test_configuration_makes_an_equal_initializer(initializer):
    assert initializers.get(initializers.serialize(initializer)) == initializer


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: initializers.get("magic"), ValueError, "initializer='magic' is unknown; expected one of 'constant'"),
        (lambda: initializers.get(3), TypeError, "initializer=3 is no initializer"),
        (lambda: initializers.VarianceScaling(scale=0), ValueError, "scale=0 .* above 0"),
        (lambda: initializers.VarianceScaling(mode="fan"), ValueError, "mode='fan'"),
        (lambda: initializers.RandomUniform(1, 0), ValueError, "maxval=0"),
        (lambda: initializers.serialize(lambda *_: None), TypeError, "cannot be saved"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
