"""Optimizers: steps compared with the formulas in NumPy, state, configurations, and bad arguments."""

import inspect
import json

import numpy as np
import pytest

import striate
from striate import layers, optimizers
from striate.layers import Variable


def sgd(weights, gradients, lr, momentum=0.0, nesterov=False):
    velocity = np.zeros_like(weights)
    for g in gradients:
        velocity = momentum * velocity - lr * g
        weights = weights + (momentum * velocity - lr * g if nesterov else velocity)
    return weights


def adam(weights, gradients, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = v = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        weights = weights - lr * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(v) + epsilon)
    return weights


def amsgrad(weights, gradients, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = v = most = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        most = np.maximum(most, v)
        weights = weights - lr * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(most) + epsilon)
    return weights


def rmsprop(weights, gradients, lr=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    v = m = u = np.zeros_like(weights)
    for g in gradients:
        v, m = rho * v + (1 - rho) * g**2, rho * m + (1 - rho) * g
        u = momentum * u + lr * g / np.sqrt(v - centered * m**2 + epsilon)
        weights = weights - u
    return weights


def decayed(weights, gradients, lr, decay):
    for g in gradients:
        weights = weights * (1 - lr * decay) - lr * g
    return weights


def clipped(weights, gradients, lr, norm=None, value=None):
    for g in gradients:
        if norm is not None:
            g = g * norm / max(norm, np.linalg.norm(g))
        weights = weights - lr * (g if value is None else np.clip(g, -value, value))
    return weights


def adamw(weights, gradients, lr=0.001, decay=0.004):
    w = weights
    for t in range(1, len(gradients) + 1):  # Adam's step does not depend on the weights.
        w = w * (1 - lr * decay) + adam(weights, gradients[:t], lr) - adam(weights, gradients[: t - 1], lr)
    return w


def adadelta(weights, gradients, lr=0.001, rho=0.95, epsilon=1e-7):
    v = u = np.zeros_like(weights)
    for g in gradients:
        v = rho * v + (1 - rho) * g**2
        step = g * np.sqrt(u + epsilon) / np.sqrt(v + epsilon)
        u = rho * u + (1 - rho) * step**2
        weights = weights - lr * step
    return weights


def adamax(weights, gradients, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    for t in range(1, len(gradients) + 1):
        m = sum((1 - beta_1) * beta_1 ** (t - i) * gradients[i - 1] for i in range(1, t + 1))
        most = np.max([beta_2 ** (t - i) * abs(gradients[i - 1]) for i in range(1, t + 1)], axis=0)
        weights = weights - lr / (1 - beta_1**t) * m / (most + epsilon)
    return weights


def nadam(weights, gradients, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    mu = [beta_1 * (1 - 0.5 * 0.96**t) for t in range(1, len(gradients) + 2)]
    m = v = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        ahead = mu[t] * m / (1 - np.prod(mu[: t + 1])) + (1 - mu[t - 1]) * g / (1 - np.prod(mu[:t]))
        weights = weights - lr * ahead / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
    return weights


def lamb(weights, gradients, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = v = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
        step = m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
        weights = weights - lr * np.linalg.norm(weights) / np.linalg.norm(step) * step
    return weights


def ftrl(weights, gradients, lr=0.001, l1=0.0, l2=0.0, shrinkage=0.0, beta=0.0):
    """The minimum of the sum of gradients times weights, sigma/2 |w - w_t|² for each step, and the penalties."""
    n, sums, pull = np.full_like(weights, 0.1), np.zeros_like(weights), np.zeros_like(weights)
    for g in gradients:
        sigma = (np.sqrt(n + g**2) - np.sqrt(n)) / lr
        n = n + g**2
        sums, pull = sums + g + 2 * shrinkage * weights, pull + sigma * weights
        z = sums - pull
        weights = np.where(abs(z) <= l1, 0, (np.sign(z) * l1 - z) / (np.sqrt(n) / lr + 2 * l2 + beta / lr))
    return weights


def schedule_free_adamw(weights, gradients, lr=0.0025, beta_1=0.9, beta_2=0.999, epsilon=1e-8, warmup=0):
    z = x = weights
    v = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        v = beta_2 * v + (1 - beta_2) * g**2
        z = z - lr * min(1, t / warmup if warmup else 1) * g / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
        x = (1 - 1 / t) * x + z / t
        weights = (1 - beta_1) * z + beta_1 * x
    return weights


def adafactor(weights, gradients, lr=0.001, decay=-0.8, smallest=1e-3, threshold=1.0):
    v = np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        rest = t**decay
        v = (1 - rest) * v + rest * (g**2 + 1e-30)
        step = g / np.sqrt(v)
        step = step / max(1, np.sqrt(np.mean(step**2)) / threshold)
        weights = weights - max(smallest, np.sqrt(np.mean(weights**2))) * min(lr, t**-0.5) * step
    return weights


CASES = [
    (optimizers.Adadelta, {"learning_rate": 1.0, "rho": 0.9}, adadelta, {"lr": 1.0, "rho": 0.9}),
    (optimizers.Adamax, {"beta_2": 0.9}, adamax, {"beta_2": 0.9}),
    (optimizers.Nadam, {"beta_1": 0.8, "epsilon": 1e-3}, nadam, {"beta_1": 0.8, "epsilon": 1e-3}),
    (optimizers.Lamb, {"learning_rate": 0.01}, lamb, {"lr": 0.01}),
    (
        optimizers.Ftrl,
        {
            "learning_rate": 0.1,
            "l1_regularization_strength": 0.5,
            "l2_regularization_strength": 0.2,
            "l2_shrinkage_regularization_strength": 0.05,
            "beta": 0.3,
        },
        ftrl,
        {"lr": 0.1, "l1": 0.5, "l2": 0.2, "shrinkage": 0.05, "beta": 0.3},
    ),
    (optimizers.Adafactor, {"learning_rate": 0.5, "clip_threshold": 0.4}, adafactor, {"lr": 0.5, "threshold": 0.4}),
    (optimizers.SGD, {"learning_rate": 0.1}, sgd, {"lr": 0.1}),
    (optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9}, sgd, {"lr": 0.1, "momentum": 0.9}),
    (
        optimizers.SGD,
        {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True},
        sgd,
        {"lr": 0.1, "momentum": 0.8, "nesterov": True},
    ),
    (optimizers.Adam, {}, adam, {}),
    (optimizers.Adam, {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}, adam,
     {"lr": 0.02, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}),
    (optimizers.Adam, {"amsgrad": True, "beta_2": 0.5}, amsgrad, {"beta_2": 0.5}),
    (optimizers.AdamW, {}, adamw, {}),
    (optimizers.ScheduleFreeAdamW, {}, schedule_free_adamw, {}),
    (optimizers.ScheduleFreeAdamW, {"learning_rate": 0.02, "beta_1": 0.8, "warmup_steps": 3}, schedule_free_adamw,
     {"lr": 0.02, "beta_1": 0.8, "warmup": 3}),
    (optimizers.RMSprop, {}, rmsprop, {}),
    (optimizers.RMSprop, {"rho": 0.8, "momentum": 0.5, "epsilon": 1e-3}, rmsprop,
     {"rho": 0.8, "momentum": 0.5, "epsilon": 1e-3}),
    (optimizers.RMSprop, {"centered": True, "momentum": 0.2, "epsilon": 1e-2}, rmsprop,
     {"centered": True, "momentum": 0.2, "epsilon": 1e-2}),
    (optimizers.SGD, {"learning_rate": 0.1, "weight_decay": 0.5}, decayed, {"lr": 0.1, "decay": 0.5}),
    (optimizers.SGD, {"learning_rate": 0.1, "clipnorm": 0.7}, clipped, {"lr": 0.1, "norm": 0.7}),
    (optimizers.SGD, {"learning_rate": 0.1, "global_clipnorm": 1e6}, clipped, {"lr": 0.1}),
    (optimizers.SGD, {"learning_rate": 0.1, "clipvalue": 0.7}, clipped, {"lr": 0.1, "value": 0.7}),
]  # fmt: skip


@pytest.mark.parametrize(("cls", "arguments", "reference", "reference_arguments"), CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1, 5, 5000])
def test_steps_follow_the_formulas(cls, arguments, reference, reference_arguments, dtype, size):
    rng = np.random.default_rng(size)
    start = rng.standard_normal(size)
    gradients = [rng.standard_normal(size) for _ in range(5)]
    weight = Variable(start.astype(dtype), "w")
    optimizer = cls(**arguments)
    for gradient in gradients:
        optimizer.apply([gradient.astype(dtype)], [weight])
    expected = reference(start, gradients, **reference_arguments)
    np.testing.assert_allclose(weight.value, expected, rtol=0, atol=40 * np.finfo(dtype).eps)
    assert optimizer.iterations == 5


@pytest.mark.parametrize(
    "make",
    [lambda: optimizers.SGD(0.1, 0.9), optimizers.Adam, optimizers.RMSprop, lambda: optimizers.AdamW(clipnorm=0.1)],
)
def test_bits_do_not_depend_on_threads(make):
    rng = np.random.default_rng(0)
    start, gradient = rng.standard_normal((2, 2_000_000)).astype(np.float32)
    results = []
    for threads in (1, 2, 3):
        weight = Variable(start.copy(), "w")
        optimizer = make()
        with striate.num_threads(threads):
            for _ in range(2):
                optimizer.apply([gradient], [weight])
        results.append(weight.value)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_training_continues_from_a_restored_state():
    rng = np.random.default_rng(0)
    gradients = rng.standard_normal((4, 7))
    one, two = Variable(np.zeros(7), "w"), Variable(np.zeros(7), "w")
    optimizer = optimizers.Adam()
    for g in gradients[:2]:
        optimizer.apply([g], [one])
    two.assign(one.value)
    again = optimizers.get({"class_name": "Adam", "config": optimizer.get_config()})
    again.set_state(optimizer.iterations, optimizer.get_state(), [two])
    for g in gradients[2:]:
        optimizer.apply([g], [one])
        again.apply([g], [two])
    np.testing.assert_array_equal(one.value, two.value)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: optimizers.SGD(-0.1), ValueError, r"learning_rate=-0.1 .* of at least 0"),
        (lambda: optimizers.SGD(float("nan")), ValueError, "learning_rate=nan"),
        (lambda: optimizers.SGD(momentum=1), ValueError, "momentum=1 .* below 1"),
        (lambda: optimizers.Lion(beta_1=0.0), ValueError, "beta_1=0.0 .* above 0"),
        (lambda: optimizers.AdamW(weight_decay=None), ValueError, "weight_decay=None .* expected a number, or Adam"),
        (lambda: optimizers.Adam("fast"), TypeError, "learning_rate='fast'"),
        (lambda: optimizers.Adam(beta_2=1.5), ValueError, "beta_2=1.5"),
        (lambda: optimizers.Adam(weight_decay=-1), ValueError, "weight_decay=-1"),
        (lambda: optimizers.SGD(clipnorm=0), ValueError, "clipnorm=0 .* above 0"),
        (lambda: optimizers.SGD(clipnorm=1, clipvalue=2), ValueError, "clipnorm=1, clipvalue=2 exclude each other"),
        (lambda: optimizers.RMSprop(rho=1), ValueError, "rho=1"),
        (
            lambda: optimizers.get("newton"),
            ValueError,
            "optimizer='newton' is unknown; expected one of 'adadelta', 'adafactor'",
        ),
        (lambda: optimizers.get(3), TypeError, "optimizer=3"),
        (lambda: optimizers.Adam(loss_scale_factor=2.0), TypeError, "loss_scale_factor=2.0 is not supported; expected None"),
        (lambda: optimizers.Lion(gradient_accumulation_steps=1), ValueError, "gradient_accumulation_steps=1 is too small"),
        (
            lambda: optimizers.Lion(gradient_accumulation_steps=2, global_clipnorm=1.0),
            ValueError,
            "global_clipnorm=1.0 and gradient_accumulation_steps=2 exclude each other",
        ),
        (lambda: optimizers.SGD(lambda: -1.0).learning_rate, ValueError, r"learning_rate\(\)=-1.0 is out of range"),
        (lambda: optimizers.SGD(lambda: 1.0).get_config(), TypeError, "learning_rate_schedule=<function .* cannot be saved"),
        (
            lambda: optimizers.SGD().apply_gradients([np.ones(3)]),
            ValueError,
            r"grads_and_vars\[0\] is of type ndarray; expected a pair of a gradient and its weight",
        ),
        (lambda: optimizers.deserialize({"class_name": "Newton"}), ValueError, "class_name of optimizer='Newton' is unknown"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_an_optimizer_refuses_other_weights():
    optimizer = optimizers.Adam()
    optimizer.apply([np.ones(3)], [Variable(np.ones(3), "a")])
    with pytest.raises(ValueError, match="weights differ from those of earlier steps"):
        optimizer.apply([np.ones(4)], [Variable(np.ones(4), "b")])
    with pytest.raises(ValueError, match="grads has 2 elements; expected 1"):
        optimizer.apply([np.ones(3)] * 2, [Variable(np.ones(3), "a")])


def test_global_clipping_scales_all_gradients_together():
    rng = np.random.default_rng(0)
    gradients = [rng.standard_normal(size) for size in (3, 70_000, 5)]
    weights = [Variable(np.zeros(g.size), "w") for g in gradients]
    optimizers.SGD(1.0, global_clipnorm=2.0).apply(gradients, weights)
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    for weight, gradient in zip(weights, gradients, strict=True):
        np.testing.assert_allclose(weight.value, -gradient * 2 / norm, rtol=1e-12)


SETTINGS = [{}, {"weight_decay": 0.1}, {"clipnorm": 0.01}, {"clipvalue": 1e-3}, {"global_clipnorm": 0.01}]


@pytest.mark.parametrize("cls", [optimizers.SGD, optimizers.Adam, optimizers.AdamW, optimizers.RMSprop, optimizers.Nadam])
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_model_takes_the_same_steps_as_apply(cls, settings):
    def network():
        return striate.Sequential([layers.Input((6,)), layers.Dense(5, activation="tanh"), layers.Dense(2)], rng=0)

    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 8, 6)).astype(np.float32)
    y = y[:, :2]
    one, two, probe = network(), network(), network()
    one.compile(cls(0.01, **settings), "mse")
    probe.compile(optimizers.SGD(1.0), "mse")
    optimizer = cls(0.01, **settings)
    for step in range(3):
        probe.set_weights(two.get_weights())
        probe.train_on_batch(x, y)
        optimizer.apply([a - b.value for a, b in zip(two.get_weights(), probe.weights, strict=True)], two.weights)
        if step == 2:
            one.optimizer.learning_rate = 0.01  # This is the same value, which programs read again.
        one.train_on_batch(x, y)
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=2e-5)


def test_learning_rate_changes_reach_a_running_model():
    x = np.ones((4, 3), np.float32)
    model = striate.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.1), "mse")
    model.train_on_batch(x, x[:, :1])
    before = model.get_weights()[0]
    model.optimizer.learning_rate = 1e-30
    model.train_on_batch(x, x[:, :1])
    np.testing.assert_array_equal(model.get_weights()[0], before)


def regression(optimizer, rng=0):
    """Return a compiled model, samples and targets."""
    x = np.random.default_rng(7).standard_normal((4, 3)).astype(np.float32)
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(1)], rng=rng)
    model.compile(optimizer, "mse")
    return model, x, x[:, :1]


@pytest.mark.parametrize("cls", [optimizers.SGD, optimizers.Adam, optimizers.RMSprop, optimizers.Adagrad, optimizers.Lion])
def test_a_learning_rate_of_zero_does_not_change_the_weights(cls):
    model, x, y = regression(cls(0))
    before = model.get_weights()
    model.train_on_batch(x, y)
    for a, b in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    history = model.fit(x, y, epochs=3, verbose=0, callbacks=[striate.callbacks.LearningRateScheduler(lambda e: 1e-3 * e / 5)])
    np.testing.assert_allclose(history.history["learning_rate"], [0, 2e-4, 4e-4])


def test_a_learning_rate_may_be_a_function():
    rates = iter([0.5, 0.25, 0.125])
    rate = [1.0]
    models = [regression(optimizers.SGD(lambda: rate[0])), regression(optimizers.SGD(1.0))]
    for each in rates:
        rate[0] = models[1][0].optimizer.learning_rate = each
        for model, x, y in models:
            model.train_on_batch(x, y)
    assert models[0][0].optimizer.learning_rate == 0.125
    np.testing.assert_equal(models[0][0].get_weights(), models[1][0].get_weights())


@pytest.mark.parametrize("limit", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_limits_in_numpy_dtypes_can_be_saved(limit):
    optimizer = optimizers.SGD(np.float32(0.5), **{limit: np.float32(1)})
    assert json.loads(json.dumps(optimizer.get_config()))[limit] == 1


ALL = [
    optimizers.SGD,
    optimizers.Adadelta,
    optimizers.Adafactor,
    optimizers.Adagrad,
    optimizers.Adam,
    optimizers.AdamW,
    optimizers.Adamax,
    optimizers.Ftrl,
    optimizers.Lamb,
    optimizers.Lion,
    optimizers.Muon,
    optimizers.Nadam,
    optimizers.RMSprop,
    optimizers.ScheduleFreeAdamW,
]


@pytest.mark.parametrize("settings", [{}, {"learning_rate": 0.01, "weight_decay": 0.5}, {"clipnorm": 0.5}], ids=str)
@pytest.mark.parametrize(
    "cls",
    # With PyTorch, Keras' ScheduleFreeAdamW reads its average after it has changed it in place.
    [cls for cls in ALL if cls is not optimizers.ScheduleFreeAdamW],
)
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras causes the warning.
def test_steps_are_those_of_keras(cls, settings):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(0)
    starts = [rng.standard_normal(shape).astype("float32") for shape in ((5,), (4, 3), (2, 3, 4, 5))]
    weights, others = [Variable(start.copy(), "w") for start in starts], [keras.Variable(start) for start in starts]
    optimizer, other = cls(**settings), getattr(keras.optimizers, cls.__name__)(**settings)
    for _ in range(5):
        gradients = [rng.standard_normal(start.shape).astype("float32") for start in starts]
        optimizer.apply(gradients, weights)
        other.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], others)
    for weight, expected in zip(weights, others, strict=True):
        np.testing.assert_allclose(weight.value, keras.ops.convert_to_numpy(expected), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("cls", ALL)
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras causes the warning.
def test_positional_arguments_are_those_of_keras(cls):
    keras = pytest.importorskip("keras")
    other = getattr(keras.optimizers, cls.__name__)
    names = [name for name in inspect.signature(other).parameters if name != "kwargs"]
    given = {
        "clipnorm": 1.5,
        "weight_decay": 0.25,
        "use_ema": True,
        "ema_momentum": 0.75,
        "ema_overwrite_frequency": 7,
        "name": "a",
    }
    optimizer = cls(*[given.get(name, inspect.signature(other).parameters[name].default) for name in names])
    assert {name: optimizer.get_config()[name] for name in given} == given
    config = {key: value for key, value in other(**given).get_config().items() if key in optimizer.get_config()}
    again = cls.from_config(other(**given).get_config())
    for found in (optimizer.get_config(), again.get_config()):
        assert {**found, "exclude_layers": None} == pytest.approx(
            {**config, "exclude_layers": None}
        )  # A list has no tolerance.


@pytest.mark.parametrize("cls", ALL)
def test_accumulated_gradients_give_the_steps_of_their_means(cls, rng):
    starts = [rng.standard_normal(shape).astype("float32") for shape in ((5,), (4, 3))]
    settings = {"learning_rate": 0.01, "weight_decay": 0.1, "clipnorm": 0.8}
    one, three = cls(**settings), cls(**settings, gradient_accumulation_steps=3)
    weights, others = ([Variable(start.copy(), "w") for start in starts] for _ in range(2))
    for step in range(2):
        gradients = [[rng.standard_normal(start.shape).astype("float32") for start in starts] for _ in range(3)]
        one.apply([np.mean(each, 0, dtype=np.float32) for each in zip(*gradients, strict=True)], weights)
        for i, each in enumerate(gradients):
            three.apply(each, others)
            assert three.iterations == step + (i == 2)
    for weight, other in zip(weights, others, strict=True):
        np.testing.assert_allclose(weight.value, other.value, rtol=1e-5, atol=1e-6)
    assert three.get_config()["gradient_accumulation_steps"] == 3


def test_models_accumulate_gradients_of_batches():
    x = np.random.default_rng(1).standard_normal((8, 3)).astype("float32")
    models = []
    for settings, size in (({}, 8), ({"gradient_accumulation_steps": 2}, 4)):
        model = striate.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(1)], rng=0)
        model.compile(optimizers.Adam(0.1, **settings), "mse")
        model.fit(x, x[:, :1], batch_size=size, epochs=3, shuffle=False, verbose=0)
        models.append(model)
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    assert [model.optimizer.iterations for model in models] == [3, 3]


@pytest.mark.parametrize("cls", [optimizers.SGD, optimizers.Adafactor, optimizers.Muon])  # with and without a kernel
def test_weights_may_be_excluded_from_weight_decay(cls):
    weights = [Variable(np.ones((2, 2), "float32"), name) for name in ("kernel", "gamma", "beta")]
    optimizer = cls(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay([weights[1]], ["^be"])
    optimizer.apply([np.zeros((2, 2), "float32")] * 3, weights)
    for weight, expected in zip(weights, (0.95, 1.0, 1.0), strict=True):
        np.testing.assert_allclose(weight.value, np.full((2, 2), expected), rtol=1e-6)


def test_gradients_are_cast_to_the_dtype_of_their_weights():
    weight = Variable(np.ones(2, "float32"), "w")
    optimizers.SGD(0.5).apply([np.ones(2)], [weight])
    np.testing.assert_array_equal(weight.value, [0.5, 0.5])


def test_variables_can_be_set():
    one, other = (optimizers.Adam(0.1) for _ in range(2))
    weights = [Variable(np.ones(3, "float32"), "w") for _ in range(2)]
    one.apply([np.full(3, 2.0, "float32")], weights[:1])
    other.build(weights[1:])
    other.set_weights([each.numpy() for each in one.variables])
    assert other.iterations == 1
    np.testing.assert_array_equal(other.get_state(), one.get_state())
    with pytest.raises(ValueError, match="weights has 1 elements; expected 4"):
        other.set_weights([1])


def test_muon_makes_singular_values_nearly_equal(rng):
    for shape in ((4, 3), (3, 4)):
        x = rng.standard_normal(shape).astype("float32")
        u, _, vt = np.linalg.svd(x, full_matrices=False)
        y = optimizers.Muon().zeropower_via_newtonschulz5(x, 5)
        singular = np.diag(u.T @ y @ vt.T)
        np.testing.assert_allclose(u @ np.diag(singular) @ vt, y, atol=1e-4)
        assert ((singular > 0.5) & (singular < 1.3)).all()


def test_muon_follows_adam_for_what_is_no_matrix_or_excluded(rng):
    names = {"bias": (3,), "head": (3, 2), "embeddings": (4, 2), "kernel": (3, 2)}
    weights = [Variable(rng.standard_normal(shape).astype("float32"), name) for name, shape in names.items()]
    others = [Variable(weight.numpy(), weight.name) for weight in weights]
    muon, adam = optimizers.Muon(0.1, exclude_layers=["^he"], adam_weight_decay=0.25), optimizers.AdamW(0.1, 0.25)
    for _ in range(3):
        gradients = [rng.standard_normal(weight.shape).astype("float32") for weight in weights]
        muon.apply(gradients, weights)
        adam.apply(gradients, others)
    equal = [np.allclose(weight.value, other.value, rtol=1e-5) for weight, other in zip(weights, others, strict=True)]
    assert equal == [True, True, True, False]


def test_names_of_optimizers_are_kept():
    assert optimizers.Adam().name == "adam"
    assert optimizers.deserialize(optimizers.serialize(optimizers.Adam(name="mine"))).name == "mine"


class Plain(optimizers.Optimizer):
    """Custom optimizer."""

    def update(self, weight, gradient, state):
        """Take a step."""
        weight -= self.learning_rate * gradient


class Halving(optimizers.schedules.LearningRateSchedule):
    """Custom schedule."""

    def __call__(self, step):
        """Return the learning rate of a step."""
        return 0.5**step


@pytest.mark.parametrize("rate", [0.25, optimizers.schedules.ExponentialDecay(0.1, 10, 0.5), Halving()])
@pytest.mark.parametrize("cls", [optimizers.SGD, Plain])
def test_descriptions_make_equal_optimizers(cls, rate):
    optimizer = cls(rate, clipvalue=0.5)
    custom = {"Plain": Plain, "Halving": Halving}
    description = json.loads(json.dumps(optimizers.serialize(optimizer)))
    for again in (optimizers.deserialize(description, custom), cls.from_config(description["config"], custom)):
        assert type(again) is cls
        assert again.get_config() == optimizer.get_config()
        assert again.learning_rate == optimizer.learning_rate


def test_variables_are_what_training_changes():
    model, x, y = regression(optimizers.Adam(0.1, use_ema=True))
    assert [variable.name for variable in model.optimizer.variables] == ["iteration", "learning_rate"]
    for _ in range(2):
        model.train_on_batch(x, y)
    variables = model.optimizer.variables
    assert [variable.numpy() for variable in variables[:2]] == [2, 0.1]
    assert len(variables) == 2 + 3 * 4
    np.testing.assert_array_equal([variables[4].numpy()], [model.optimizer.average_of(model.weights[0]).numpy()])

    other, _, _ = regression(optimizers.Adam(0.5, use_ema=True), rng=1)
    other.train_on_batch(x, y)
    other.set_weights(model.get_weights())
    for mine, theirs in zip(other.optimizer.variables, variables, strict=True):
        mine.assign(theirs.numpy())
    assert (other.optimizer.iterations, other.optimizer.learning_rate) == (2, 0.1)
    model.train_on_batch(x, y)
    other.train_on_batch(x, y)
    np.testing.assert_equal(model.get_weights(), other.get_weights())
    assert [each.name for each in optimizers.SGD(Halving()).variables] == ["iteration"]


def test_an_optimizer_trains_one_model_and_parts_of_it():
    optimizer = optimizers.Adam(0.1)
    model, x, y = regression(optimizer)
    model.layers[0].trainable = False
    model.compile(optimizer, "mse")
    model.train_on_batch(x, y)
    model.layers[0].trainable = True
    model.train_on_batch(x, y)
    part = striate.Sequential(model.layers[:1])
    part.compile(optimizer, "mse")
    part.train_on_batch(x, np.zeros((4, 2)))
    other, x, y = regression(optimizer)
    with pytest.raises(ValueError, match="weights differ from those of earlier steps; expected one optimizer for each set"):
        other.fit(x, y, verbose=0)


@pytest.mark.parametrize("deserialize", [optimizers.deserialize, optimizers.schedules.deserialize])
@pytest.mark.parametrize("config", ["text", None, 3, ["Adam"]])
def test_invalid_configurations_are_refused(deserialize, config):
    with pytest.raises(TypeError, match=r"config=.* describes nothing; expected a dict"):
        deserialize(config)
