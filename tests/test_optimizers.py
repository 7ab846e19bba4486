"""Optimizers: against the formulas in plain NumPy, and bad arguments."""

import numpy as np
import pytest

import striate
from striate import optimizers
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


CASES = [
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


@pytest.mark.parametrize("make", [lambda: optimizers.SGD(0.1, 0.9), optimizers.Adam])
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


def test_state_moves_out_and_in():
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
        (lambda: optimizers.SGD(0), ValueError, r"learning_rate=0 .* above 0"),
        (lambda: optimizers.SGD(float("nan")), ValueError, "learning_rate=nan"),
        (lambda: optimizers.SGD(momentum=1), ValueError, "momentum=1 .* below 1"),
        (lambda: optimizers.SGD(nesterov=True), ValueError, "nesterov=True has no effect"),
        (lambda: optimizers.Adam("fast"), TypeError, "learning_rate='fast'"),
        (lambda: optimizers.Adam(beta_2=1.5), ValueError, "beta_2=1.5"),
        (lambda: optimizers.get("newton"), ValueError, "optimizer='newton' is unknown; expected one of 'adam', 'sgd'"),
        (lambda: optimizers.get(3), TypeError, "optimizer=3"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_one_optimizer_serves_one_set_of_weights():
    optimizer = optimizers.Adam()
    optimizer.apply([np.ones(3)], [Variable(np.ones(3), "a")])
    with pytest.raises(ValueError, match="weights differ from those of earlier steps"):
        optimizer.apply([np.ones(4)], [Variable(np.ones(4), "b")])
    with pytest.raises(ValueError, match="gradients has 2 arrays; expected 1"):
        optimizer.apply([np.ones(3)] * 2, [Variable(np.ones(3), "a")])
