"""Recurrent layers: a reference that takes a step at a time, finite differences, shapes of all kinds, and threads."""

import numpy as np
import pytest

from striate import functional as F
from striate import threads
from tests.helpers import recurrence
from tests.helpers.bounds import difference_quotient

CELLS = ("lstm", "gru", "simple_rnn")
#: (batch, steps, features, units): tiles, vectors and panels that are full, and that are not
SHAPES = [(1, 1, 1, 1), (7, 3, 2, 5), (6, 4, 3, 16), (13, 2, 5, 17), (3, 9, 1, 70), (25, 1, 4, 33), (2, 5, 0, 3)]


def forward(cell, arguments, **settings):
    return getattr(F, cell)(**arguments, **settings)


def backward(cell, dy, arguments, **settings):
    return getattr(F, f"{cell}_backward")(dy, **arguments, **settings)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("bias", "initial_state", "go_backwards"), [(True, True, False), (False, False, True)])
def test_the_steps_are_those_of_a_loop(rng, dtype, cell, shape, bias, initial_state, go_backwards):
    arguments = recurrence.arguments(rng, cell, *shape, dtype, bias, initial_state)
    found = forward(cell, arguments, go_backwards=go_backwards)
    expected = recurrence.run(cell, **arguments, go_backwards=go_backwards)
    assert len(found) == 1 + recurrence.STATES[cell]
    for got, want in zip(found, expected, strict=True):
        assert got.dtype == dtype
        # Each step adds an error of a few ulp of its sums, which are of the order of 1; the gates make states forget it.
        np.testing.assert_allclose(got, want, rtol=0, atol=16 * np.finfo(dtype).eps * (1 + np.abs(want).max()))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("initial_state", "go_backwards"), [(True, False), (False, True)])
def test_gradients_are_difference_quotients(rng, cell, initial_state, go_backwards):
    arguments = recurrence.arguments(rng, cell, 7, 3, 2, 5, initial_state=initial_state)
    dy = rng.standard_normal((7, 3, 5))
    found = backward(cell, dy, arguments, go_backwards=go_backwards)
    initial = arguments.get("initial_state") or [np.zeros((7, 5)) for _ in range(recurrence.STATES[cell])]
    given = {**arguments, "initial_state": initial}
    arrays = [given[name] for name in ("x", "kernel", "recurrent_kernel", "bias")] + initial

    def objective():
        return float((dy * recurrence.run(cell, **given, go_backwards=go_backwards)[0]).sum())

    assert len(found) == len(arrays)
    for gradient, array in zip(found, arrays, strict=True):
        assert gradient.shape == array.shape
        for index in rng.integers(0, array.size, 12):
            place = np.unravel_index(index, array.shape)
            assert gradient[place] == pytest.approx(difference_quotient(objective, array, place), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_in_float32_are_those_in_float64(rng, cell):
    arguments = recurrence.arguments(rng, cell, 20, 6, 9, 40, np.float32, initial_state=True)
    dy = rng.standard_normal((20, 6, 40)).astype(np.float32)
    widened = {
        name: [each.astype(np.float64) for each in value] if isinstance(value, list) else value.astype(np.float64)
        for name, value in arguments.items()
    }
    for got, want in zip(backward(cell, dy, arguments), backward(cell, dy.astype(np.float64), widened), strict=True):
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, want, rtol=0, atol=32 * np.finfo(np.float32).eps * np.abs(want).max())


@pytest.mark.parametrize("cell", CELLS)
def test_threads_change_no_bit(rng, dtype, cell):
    arguments = recurrence.arguments(rng, cell, 50, 20, 8, 48, dtype, initial_state=True)
    dy = rng.standard_normal((50, 20, 48)).astype(dtype)
    results = []
    for count in (1, 2, 3):
        with threads.num_threads(count):
            results.append([*forward(cell, arguments), *backward(cell, dy, arguments)])
    for other in results[1:]:
        for first, second in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("cell", CELLS)
def test_a_sequence_does_not_depend_on_others(rng, cell):
    arguments = recurrence.arguments(rng, cell, 9, 4, 3, 20, np.float32)
    whole = forward(cell, arguments)
    for row in range(9):
        alone = forward(cell, {**arguments, "x": arguments["x"][row : row + 1]})
        for one, all_of_them in zip(alone, whole, strict=True):
            np.testing.assert_allclose(one[0], all_of_them[row], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_an_empty_batch_has_gradients_of_zero(rng, cell):
    arguments = recurrence.arguments(rng, cell, 0, 4, 3, 2)
    y, *states = forward(cell, arguments)
    assert y.shape == (0, 4, 2)
    assert {state.shape for state in states} == {(0, 2)}
    dx, dkernel, drecurrent, dbias, *_ = backward(cell, y, arguments)
    assert dx.shape == (0, 4, 3)
    for gradient in (dkernel, drecurrent, dbias):
        assert gradient.size
        np.testing.assert_array_equal(gradient, 0)


@pytest.mark.parametrize("cell", CELLS)
def test_large_arguments_saturate(cell):
    units = 3
    columns = recurrence.GATES[cell] * units
    x = np.array([[[1e30], [-1e30]]], np.float32)
    kernels = {"kernel": np.ones((1, columns), np.float32), "recurrent_kernel": np.ones((units, columns), np.float32)}
    y, *_ = forward(cell, {"x": x, **kernels})
    assert np.isfinite(y).all()
    assert np.abs(y).max() <= 1


@pytest.mark.parametrize("cell", CELLS)
def test_nan_stays_in_its_sequence(rng, cell):
    arguments = recurrence.arguments(rng, cell, 8, 4, 3, 6)
    arguments["x"][2, 1, 0] = np.nan
    y, *_ = forward(cell, arguments)
    assert np.isnan(y[2, 1:]).all()
    assert np.isfinite(np.delete(y, 2, 0)).all()
    assert np.isfinite(y[2, 0]).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"x": np.zeros((2, 3))}, r"x has 2 dimensions, shape \(2, 3\); expected 3: \(batch, steps, features\)"),
        ({"x": np.zeros((2, 0, 4))}, r"x has shape \(2, 0, 4\); expected at least one step"),
        ({"kernel": np.zeros((3, 8))}, r"kernel has shape \(3, 8\); expected \(4, 8\) for x with 4 features"),
        ({"recurrent_kernel": np.zeros((2, 7))}, r"recurrent_kernel has shape \(2, 7\); expected \(units, 4 \* units\)"),
        ({"recurrent_kernel": np.zeros((0, 0))}, "with at least one unit"),
        ({"bias": np.zeros(7)}, r"bias has shape \(7,\); expected \(8,\)"),
        ({"initial_state": [np.zeros((2, 2))]}, "initial_state has 1 elements; expected 2 for lstm"),
        (
            {"initial_state": [np.zeros((2, 2)), np.zeros((1, 2))]},
            r"initial_state\[1\] has shape \(1, 2\); expected",
        ),
        ({"kernel": np.zeros((4, 8), np.float32)}, "kernel has dtype float32 but x has float64; expected the same"),
        ({"go_backwards": 2}, "go_backwards=2"),
    ],
)
def test_bad_arguments_are_named(changed, message):
    arguments = {"x": np.zeros((2, 3, 4)), "kernel": np.zeros((4, 8)), "recurrent_kernel": np.zeros((2, 8))}
    with pytest.raises((TypeError, ValueError), match=message):
        F.lstm(**{**arguments, **changed})


def test_the_gradient_of_the_output_must_fit():
    arguments = np.zeros((2, 3, 4)), np.zeros((4, 2)), np.zeros((2, 2))
    with pytest.raises(
        ValueError, match=r"dy has shape \(2, 3, 1\); expected the shape of the states after each step, \(2, 3, 2\)"
    ):
        F.simple_rnn_backward(np.zeros((2, 3, 1)), *arguments)
