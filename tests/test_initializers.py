"""Initializers: distributions, names and configurations."""

import json
import math

import numpy as np
import pytest

from striate import Sequential, initializers, layers, random

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


def test_constant_initializers_fill_with_their_value():
    for name, value in (("zeros", 0), ("ones", 1)):
        assert (initializers.get(name)((2, 3), np.dtype(np.float64), None) == value).all()
    assert (initializers.Constant(2.5)((4,), np.dtype(np.float32), None) == np.float32(2.5)).all()


def test_generators_of_the_same_seed_give_the_same_bits():
    one, two = (initializers.GlorotNormal()(SHAPE, np.dtype(np.float32), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    "initializer",
    [initializers.Zeros(), initializers.Constant(3.0), initializers.HeNormal(), initializers.VarianceScaling(0.5, "fan_out")],
)
def test_a_description_makes_an_equal_initializer(initializer):
    assert initializers.get(initializers.serialize(initializer)) == initializer


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: initializers.get("magic"), ValueError, "initializer='magic' is unknown; expected one of 'constant'"),
        (lambda: initializers.get(3), TypeError, "initializer=3 is not a valid initializer"),
        (lambda: initializers.VarianceScaling(scale=0), ValueError, "scale=0 .* above 0"),
        (lambda: initializers.VarianceScaling(mode="fan"), ValueError, "mode='fan'"),
        (lambda: initializers.RandomUniform(1, 0), ValueError, "maxval=0"),
        (lambda: initializers.serialize(lambda *_: None), TypeError, "cannot be saved"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("shape", [(8, 8), (3, 2, 4, 6), (3, 20)])
def test_orthogonal_kernels_have_orthogonal_rows_or_columns(shape):
    values = initializers.Orthogonal(2.0)(shape, np.dtype(np.float64), np.random.default_rng(0)).reshape(-1, shape[-1])
    product = values.T @ values if len(values) >= shape[-1] else values @ values.T
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)
    with pytest.raises(ValueError, match=r"shape \(3,\); expected at least two axes"):
        initializers.Orthogonal()((3,), np.dtype(np.float32), np.random.default_rng(0))


def test_truncated_normal_and_identity_fill_as_documented():
    values = initializers.get("truncated_normal")((200, 200), np.dtype(np.float32), np.random.default_rng(0))
    assert np.abs(values).max() <= 0.1
    assert values.std() == pytest.approx(0.05 * 0.8796, rel=0.02)
    np.testing.assert_array_equal(initializers.Identity(3.0)((2, 3), np.dtype(np.float32), None), [[3, 0, 0], [0, 3, 0]])
    with pytest.raises(ValueError, match="expected the shape of a matrix"):
        initializers.Identity()((2, 2, 2), np.dtype(np.float32), None)


@pytest.mark.parametrize(
    "cls", [initializers.GlorotUniform, initializers.HeNormal, initializers.RandomNormal, initializers.Orthogonal]
)
def test_the_same_seed_draws_the_same_numbers(cls):
    dtype = np.dtype(np.float32)
    a, b = (cls(seed=5)((4, 4), dtype, np.random.default_rng(i)) for i in range(2))
    np.testing.assert_array_equal(a, b)
    c, d = (cls()((4, 4), dtype, np.random.default_rng(i)) for i in range(2))
    assert not np.array_equal(c, d)
    assert cls(**cls(seed=5).get_config()) == cls(seed=5)
    assert cls(seed=5) != cls()


@pytest.mark.parametrize(
    ("identifier", "cls"),
    [
        ("HeNormal", initializers.HeNormal),
        ("he_normal", initializers.HeNormal),
        ("normal", initializers.RandomNormal),
        ("uniform", initializers.RandomUniform),
        ("zero", initializers.Zeros),
        ("one", initializers.Ones),
        ("Zeros", initializers.Zeros),
        ("OrthogonalInitializer", initializers.Orthogonal),
        ("IdentityInitializer", initializers.Identity),
        ("VarianceScaling", initializers.VarianceScaling),
        (initializers.LecunUniform, initializers.LecunUniform),
        (initializers.he_normal(), initializers.HeNormal),
        (initializers.constant(2.0), initializers.Constant),
    ],
)
def test_initializers_are_found_by_name_and_class(identifier, cls):
    assert type(initializers.get(identifier)) is cls


def test_initializers_are_called_and_saved_as_in_keras():
    for initializer in (initializers.HeNormal(), initializers.Zeros(), initializers.Orthogonal(), initializers.Constant(3)):
        assert initializer((4, 6)).dtype == np.float32
        assert initializer([4, 6], dtype="float64").dtype == np.float64
    assert initializers.HeNormal.from_config({"seed": 3}) == initializers.HeNormal(seed=3)
    saved = initializers.serialize(initializers.RandomNormal(1.0, 0.5))
    assert initializers.deserialize(saved) == initializers.RandomNormal(1.0, 0.5)
    np.testing.assert_array_equal(initializers.HeNormal(seed=3)((4, 6)), initializers.HeNormal(seed=3)((4, 6)))


class Halves(initializers.Initializer):
    """Custom initializer, written as for Keras."""

    def __init__(self, scale=1.0):
        self.scale = scale

    def __call__(self, shape, dtype=None, **kwargs):
        return self.scale * 0.5 * np.ones(shape, dtype)


class Smaller(initializers.HeNormal):
    """Custom subclass of an initializer, whose numbers it scales."""

    def __call__(self, shape, dtype=None):
        return 0.01 * super().__call__(shape, dtype)


@pytest.mark.parametrize(
    ("initializer", "value"),
    [
        (lambda shape, dtype=None: np.full(shape, 0.5, dtype), 0.5),
        (lambda shape, dtype=None, partition_info=None: np.full(shape, 0.5 if partition_info is None else 0.0, dtype), 0.5),
        (lambda shape, dtype, rng: np.full(shape, rng.integers(7, 8), dtype), 7),
        (lambda s, d, generator: np.full(s, generator.integers(7, 8), d), 7),
        (lambda shape, dtype=None, rng=None: np.full(shape, rng.integers(7, 8), dtype), 7),
        (Halves, 0.5),
        (Halves(3.0), 1.5),
        (np.full((3, 2), 4.0), 4),
        (initializers.Constant([[1.0, 1.0]]), 1),
    ],
)
def test_custom_initializers_are_used(initializer, value):
    layer = layers.Dense(2, kernel_initializer=initializer)
    layer(np.ones((1, 3), np.float32), rng=0)
    np.testing.assert_array_equal(layer.get_weights()[0], np.full((3, 2), value, np.float32))


def test_call_of_a_custom_subclass_is_used():
    layer = layers.Dense(50, kernel_initializer=Smaller())
    layer(np.ones((1, 30), np.float32), rng=0)
    assert 0 < np.abs(layer.get_weights()[0]).max() < 0.02


def test_configurations_of_arrays_and_custom_initializers_are_kept():
    constant = initializers.Constant(np.eye(2))
    assert initializers.get(initializers.serialize(constant)) == constant
    assert initializers.deserialize({"class_name": "Halves", "config": {"scale": 2.0}}, {"Halves": Halves}) == Halves(2.0)


@pytest.mark.parametrize(("mode", "fan"), [("fan_in", 100), ("fan_out", 50 * 20), ("fan_avg", (100 + 50 * 20) / 2)])
def test_fans_follow_the_axes(mode, fan):
    scaling = initializers.VarianceScaling(3.0, mode, "uniform", seed=0, input_axes=[0], output_axes=(1, -1))
    weights = scaling((100, 50, 20))
    assert weights.var() == pytest.approx(3 / fan, rel=0.02)
    assert initializers.get(initializers.serialize(scaling)) == scaling
    normal = initializers.HeNormal(seed=0, input_axes=[0], output_axes=[1, 2])
    assert normal((100, 50, 20)).var() == pytest.approx(2 / 100, rel=0.02)
    assert initializers.get(initializers.serialize(normal)) == normal
    with pytest.raises(ValueError, match=r"output_axes=\[1, -1\] are not axes of shape \(100,\)"):
        scaling((100,))
    with pytest.raises(ValueError, match=r"input_axes=\[0\] and output_axes=None are not both given"):
        initializers.VarianceScaling(input_axes=[0])


def test_seed_generators_give_new_arrays():
    normal = initializers.RandomNormal(seed=random.SeedGenerator(3))
    first, second = normal((4, 5)), normal((4, 5))
    assert not np.array_equal(first, second)
    again = initializers.get(json.loads(json.dumps(initializers.serialize(normal))))
    np.testing.assert_array_equal(again((4, 5)), first)
    np.testing.assert_array_equal(again((4, 5)), second)
    model = Sequential([layers.Input((3,)), layers.Dense(2, kernel_initializer=normal)], rng=0)
    assert np.isfinite(model.get_weights()[0]).all()


def test_kernels_of_einsum_dense_scale_with_the_axes_that_the_output_lacks():
    layer = layers.EinsumDense("abc,cde->abde", (None, 8, 16), kernel_initializer="lecun_normal")
    layer.build((None, 10, 32))
    assert np.std(layer.kernel.numpy()) == pytest.approx(np.sqrt(1 / 32), rel=0.1)
    fixed = initializers.LecunNormal(input_axes=[0, 1], output_axes=[2])
    layer = layers.EinsumDense("abc,cde->abde", (None, 8, 16), kernel_initializer=fixed)
    layer.build((None, 10, 32))
    assert np.std(layer.kernel.numpy()) == pytest.approx(np.sqrt(1 / 256), rel=0.1)
    assert layer.get_config()["kernel_initializer"]["config"]["input_axes"] == [0, 1]
