"""Random arrays: their distributions and seeds, and new numbers in each run of a layer that draws some."""

import numpy as np
import pytest

import striate
from striate import layers, ops, random

SHAPE = (100, 200)

# For each function: a function of the seed that calls it, and the mean and variance of the numbers.
DISTRIBUTIONS = {
    "normal": (lambda seed: random.normal(SHAPE, 1.0, 2.0, seed=seed), 1, 4),
    "truncated_normal": (lambda seed: random.truncated_normal(SHAPE, 1.0, 2.0, seed=seed), 1, 4 * 0.87962566**2),
    "uniform": (lambda seed: random.uniform(SHAPE, -1, 3, seed=seed), 1, 16 / 12),
    "randint": (lambda seed: random.randint(SHAPE, 2, 5, seed=seed), 3, 2 / 3),
    "gamma": (lambda seed: random.gamma(SHAPE, 3.0, seed=seed), 3, 3),
    "beta": (lambda seed: random.beta(SHAPE, 1.0, 3.0, seed=seed), 1 / 4, 3 / 80),
    "binomial": (lambda seed: random.binomial(SHAPE, 10, 0.3, seed=seed), 3, 2.1),
    "dropout": (lambda seed: random.dropout(np.ones(SHAPE), 0.75, seed=seed), 1, 3),
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_distributions_have_their_moments(name):
    draw, mean, variance = DISTRIBUTIONS[name]
    x = draw(0)
    assert x.shape == SHAPE
    assert x.dtype == {"randint": np.int32, "dropout": np.float64}.get(name, np.float32)
    assert x.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / x.size))
    assert x.var() == pytest.approx(variance, rel=0.05)
    np.testing.assert_array_equal(draw(0), x)
    generator = random.SeedGenerator(0)
    np.testing.assert_array_equal(draw(generator), x)
    assert not np.array_equal(draw(generator), x)


def test_truncated_normal_numbers_lie_within_two_deviations():
    assert np.abs(random.truncated_normal((10000,), seed=1)).max() <= 2


def test_categorical_draws_with_the_probabilities_of_the_logits():
    p = np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]])
    with np.errstate(divide="ignore"):
        drawn = random.categorical(np.log(p), 20000, seed=0)
    assert drawn.dtype == np.int32
    found = np.stack([np.mean(drawn == i, axis=1) for i in range(3)], -1)
    np.testing.assert_allclose(found, p, atol=0.015)


def test_dropout_drops_whole_channels():
    y = random.dropout(np.ones((50, 7, 8), np.float32), 0.5, noise_shape=(None, 1, None), seed=0)
    assert set(np.unique(y)) == {0, 2}
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1], y.shape))
    np.testing.assert_array_equal(random.dropout(np.ones(5), 1.0), 0)
    np.testing.assert_array_equal(random.dropout(np.ones(5), 0), 1)


def test_seed_generators_repeat_their_seeds():
    one, two = random.SeedGenerator(3), random.SeedGenerator(3)
    first = one.next()
    np.testing.assert_array_equal(two.next(), first)
    assert not np.array_equal(one.next(), first)
    np.testing.assert_array_equal(random.normal((3,), seed=first), random.normal((3,), seed=first))


class Sampling(layers.Layer):
    """A sample from the normal distribution that the encoder of a variational autoencoder describes."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed

    def call(self, inputs):
        mean, log_variance = inputs
        batch, size = ops.shape(mean)
        return mean + ops.exp(0.5 * log_variance) * random.normal((batch, size), seed=self.seed)


@pytest.mark.parametrize("seed", [None, random.SeedGenerator(1)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layers_draw_new_numbers_in_each_run(seed, dtype):
    a, b = layers.Input((500,), dtype=dtype), layers.Input((500,), dtype=dtype)
    model = striate.Model([a, b], Sampling(seed, dtype=dtype)([a, b]))
    x = [np.full((20, 500), 3.0, dtype), np.full((20, 500), np.log(4.0), dtype)]
    one, two = model.predict(x), model.predict(x)
    for y in (one, two):
        assert y.dtype == dtype
        assert y.mean() == pytest.approx(3, abs=0.1)
        assert y.std() == pytest.approx(2, rel=0.05)
    assert not np.array_equal(one, two)
    assert not np.array_equal(one[:10], one[10:])


def test_an_integer_seed_draws_the_same_numbers_in_each_run():
    layer = Sampling(7)
    x = [np.zeros((2, 5), np.float32)] * 2
    np.testing.assert_array_equal(layer(x), layer(x))
    np.testing.assert_allclose(layer(x), random.normal((2, 5), seed=7), rtol=1e-6)


class Dropping(layers.Layer):
    """Dropout that is active in prediction, too."""

    def call(self, x):
        return random.dropout(x, 0.5, noise_shape=(None, 1))


def test_dropout_in_a_layer_drops_and_scales():
    inputs = layers.Input((5,))
    y = striate.Model(inputs, Dropping()(inputs)).predict(np.ones((100, 5), np.float32))
    assert set(np.unique(y)) == {0, 2}
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1], y.shape))
    with pytest.raises(TypeError, match=r"shape\[0\]=None"):
        random.dropout(inputs, 0.5)


def test_initializers_may_draw_in_a_call():
    class Lazy(layers.Layer):
        def call(self, x):
            return layers.Dense(3, kernel_initializer=lambda shape, dtype=None: random.normal(shape, dtype=dtype, seed=0))(x)

    x = np.ones((1, 4), np.float32)
    np.testing.assert_allclose(Lazy()(x), x @ random.normal((4, 3), seed=0), rtol=1e-6)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="stddev=-1"):
        random.normal((3,), stddev=-1)
    with pytest.raises(TypeError, match=r"shape\[0\]=None"):
        random.normal(ops.shape(layers.Input((3,))))
    with pytest.raises(ValueError, match="rate=2"):
        random.dropout(np.ones(3), 2)


def test_seed_generators_are_made_again_from_their_configuration():
    generator = random.SeedGenerator(42, name="noise")
    first = random.normal((3,), seed=generator)
    assert generator.get_config() == {"seed": 42, "name": "noise"}
    np.testing.assert_array_equal(random.normal((3,), seed=random.SeedGenerator.from_config(generator.get_config())), first)


def test_numbers_need_a_dtype_that_holds_them():
    for draw in (random.normal, random.truncated_normal, random.uniform):
        with pytest.raises(ValueError, match="dtype='int64' is not supported; expected a dtype of floats"):
            draw((3,), dtype="int64")
    with pytest.raises(ValueError, match="dtype='float32' is not supported; expected a dtype of integers"):
        random.randint((3,), 0, 4, dtype="float32")
