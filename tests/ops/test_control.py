"""Choices, loops, custom gradients, and parts of arrays at computed places: on arrays and in models."""

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.function_checks import check_function


def test_a_known_condition_chooses_one_function():
    def never():
        raise AssertionError("was called")

    assert ops.cond(True, lambda: 1, never) == 1
    assert ops.cond(np.array([0]), never, lambda: None) is None
    assert ops.cond(striate.Variable(1.0), lambda: 2, never) == 2
    with pytest.raises(TypeError, match="true_fn=3 cannot be called"):
        ops.cond(True, 3, never)


def test_a_symbolic_condition_selects_elements_of_both(rng):
    x = rng.standard_normal((5, 3))

    def function(x):
        large = ops.greater(ops.sum(x), 0)
        return ops.cond(large, lambda: (x, ops.square(x)), lambda: (ops.negative(x), ops.exp(x)))

    def reference(x):
        return (x, x * x) if x.sum() > 0 else (-x, np.exp(x))

    check_function(function, reference, x, rng=rng, twice=True)
    check_function(function, reference, -x, rng=rng)
    inputs = layers.Input((3,))
    with pytest.raises(ValueError, match=r"branches return arrays of shapes and dtypes .*; expected the same of both"):
        ops.cond(inputs[0, 0] > 0, lambda: np.ones(3), lambda: np.ones(4))


def test_switches(rng):
    branches = [ops.square, ops.negative, lambda x: ops.multiply(x, 3.0)]
    references = [np.square, np.negative, lambda x: x * 3.0]
    x = rng.uniform(1, 2, (4, 3))
    for index in (-1, 0, 1, 2, 7):
        np.testing.assert_array_equal(ops.switch(index, branches, x), references[min(max(index, 0), 2)](x))
    inputs, index = layers.Input((3,), dtype="float64"), layers.Input((1,))
    model = striate.Model([inputs, index], ops.switch(ops.cast(index[0, 0], "int32"), branches, inputs))
    for i in (-1, 0, 1, 2, 7):
        result = model.predict([x, np.full((4, 1), i, np.float32)], batch_size=4, verbose=0)
        np.testing.assert_array_equal(result, references[min(max(i, 0), 2)](x))
    with pytest.raises(ValueError, match="branches is empty"):
        ops.switch(0, [])


def test_maps_are_unrolled(rng):
    x = rng.standard_normal((2, 3, 4))

    def function(x):
        y = ops.map(lambda each: (ops.sum(each, 1), ops.exp(each)), ops.swapaxes(x, 0, 1))
        return ops.swapaxes(y[0], 0, 1), ops.swapaxes(y[1], 0, 1)

    check_function(function, lambda x: (x.sum(2), np.exp(x)), x, rng=rng, twice=True)
    pairs = ops.vectorized_map(lambda each: each[0] * each["b"] if isinstance(each, dict) else each[0] + each[1], [x, x])
    np.testing.assert_array_equal(pairs, 2 * x)
    with pytest.raises(
        ValueError, match=r"xs=.* has the shapes .*; expected the same, known size of axis 0, as loops are unrolled"
    ):
        ops.map(ops.exp, layers.Input((3,)))
    with pytest.raises(ValueError, match="nothing to stack"):
        ops.map(ops.exp, np.ones((0, 3)))


def test_scans(rng):
    x = rng.standard_normal((2, 4, 3))

    def function(x, reverse=False):
        rows = ops.swapaxes(x, 0, 1)
        carry, ys = ops.scan(lambda c, r: (ops.add(c, r), ops.multiply(c, r)), ops.zeros_like(x[:, 0]), rows, reverse=reverse)
        return carry, ops.swapaxes(ys, 0, 1)

    check_function(function, scanned, x, rng=rng)
    _, backwards = function(x, True)
    np.testing.assert_allclose(backwards, scanned(x[:, ::-1])[1][:, ::-1])
    carry, ys = ops.scan(lambda c, _: (c * 2, None), ops.array(1), length=5)
    assert (int(carry), ys) == (32, None)
    with pytest.raises(ValueError, match="xs=None and length=None"):
        ops.scan(lambda c, x: (c, x), 0)


def scanned(x):
    before = np.cumsum(np.pad(x, ((0, 0), (1, 0), (0, 0))), 1)[:, :-1]
    return x.sum(1), before * x


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_associative_scans(rng, size, reverse):
    x = rng.standard_normal((2, size, 3))
    order = slice(None, None, -1 if reverse else 1)
    y = ops.associative_scan(ops.add, x, reverse, axis=1)
    np.testing.assert_allclose(y, np.cumsum(x[:, order], 1)[:, order])
    pairs = ops.associative_scan(lambda a, b: (a[0] + b[0], a[1] * b[1]), (x, x), reverse, axis=-2)
    np.testing.assert_allclose(pairs[1], np.cumprod(x[:, order], 1)[:, order])
    if size == 5:
        check_function(
            lambda x: ops.associative_scan(ops.multiply, x, reverse, axis=1),
            lambda x: np.cumprod(x[:, order], 1)[:, order],
            x,
            rng=rng,
        )


def test_loops():
    assert ops.fori_loop(1, 5, lambda i, x: x * i, 1) == 24
    x = np.ones((2, 3), np.float32)
    inputs = layers.Input((3,))
    model = striate.Model(inputs, ops.fori_loop(0, 3, lambda i, x: x * 2 + i, inputs))
    np.testing.assert_array_equal(model.predict(x, verbose=0), x * 8 + 0 * 4 + 1 * 2 + 2)
    i, total = ops.while_loop(lambda i, total: i < 5, lambda i, total: (i + 1, total + i), [0, ops.array(0)])
    assert (int(i), int(total)) == (5, 10)
    assert int(ops.while_loop(lambda i: True, lambda i: i + 1, 0, maximum_iterations=3)) == 3
    with pytest.raises(
        TypeError, match=r"cond returned .*, which is only known when the model runs; expected fori_loop or scan"
    ):
        ops.while_loop(lambda x: ops.sum(x) < 5, lambda x: x + 1, inputs)
    with pytest.raises(TypeError, match=r"upper=.* is symbolic; expected an integer"):
        ops.fori_loop(0, inputs[0, 0], lambda i, x: x, 1)


@ops.custom_gradient
def product(x, y):
    z = ops.exp(x)

    def gradient(upstream):
        return ops.multiply(upstream, ops.multiply(z, 10.0)), None

    return ops.multiply(z, y), gradient


def test_custom_gradients(rng):
    x, y = rng.standard_normal((2, 3, 4))
    np.testing.assert_array_equal(product(x, y), np.exp(x) * y)
    gradients = striate.gradients(product, x, y)
    np.testing.assert_allclose(gradients[0], 10 * np.exp(x))
    np.testing.assert_array_equal(gradients[1], 0)
    inputs = layers.Input((4,), dtype="float64")
    dense = layers.Dense(4, dtype="float64")
    model = striate.Model(inputs, product(dense(inputs), np.ones(4)), rng=0)
    kernel, bias = (each.astype(np.float64) for each in dense.get_weights())
    np.testing.assert_allclose(model.predict(x, verbose=0), np.exp(x @ kernel + bias), rtol=1e-12)
    with striate.GradientTape() as tape:
        loss = ops.sum(model(x))
    found = tape.gradient(loss, dense.kernel)
    np.testing.assert_allclose(found, x.T @ (10 * np.exp(x @ kernel + bias)), rtol=1e-10)


def test_custom_gradients_that_do_not_fit_are_refused():
    @ops.custom_gradient
    def wrong(x, y):
        return ops.add(x, y), lambda upstream: upstream

    with pytest.raises(ValueError, match="the gradient of wrong returned 1 arrays; expected 2"):
        striate.gradients(lambda x: wrong(x, 1.0), np.ones(2))
    with pytest.raises(TypeError, match=r"noise returned .*; expected one tensor, computed from the arguments"):
        striate.gradients(ops.custom_gradient(noise), np.ones(2))


def noise(x):
    return np.ones(2), lambda upstream: upstream


#: Indices of updates, of which the first and the last are the same.
PLACES = np.array([[0, 1], [2, -1], [0, 1]])


@pytest.mark.parametrize("how", [None, "add", "max", "min", "mul"])
def test_updates_at_indices(rng, how):
    x, updates = rng.standard_normal((3, 2, 2)), rng.standard_normal((3, 2))
    functions = {"add": np.add, "max": np.maximum, "min": np.minimum, "mul": np.multiply}

    def reference(x, updates):
        y = x.copy()
        if how is None:
            for place, update in zip(PLACES, updates, strict=True):
                y[tuple(place)] = update
        else:
            functions[how].at(y, tuple(PLACES.T), updates)
        return y

    np.testing.assert_allclose(ops.scatter_update(x, PLACES, updates, how), reference(x, updates), rtol=1e-14)
    for index in range(2):
        arrays = [x, updates]
        gradients = striate.gradients(lambda x, u: ops.sum(ops.square(ops.scatter_update(x, PLACES, u, how))), x, updates)
        for place in np.ndindex(arrays[index].shape):
            step = np.zeros(arrays[index].shape)
            step[place] = 1e-6
            above, below = (
                np.sum(reference(*[each + sign * step if i == index else each for i, each in enumerate(arrays)]) ** 2)
                for sign in (1, -1)
            )
            assert gradients[index][place] == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-8)


def test_scattered_values_are_added(rng):
    values = rng.standard_normal((3, 2))
    expected = np.zeros((3, 2, 2))
    np.add.at(expected, tuple(PLACES.T), values)
    np.testing.assert_array_equal(ops.scatter(PLACES, values, (3, 2, 2)), expected)
    found = striate.gradients(lambda v: ops.sum(ops.scatter(PLACES, v, (3, 2, 2)) * expected), values)
    np.testing.assert_array_equal(found, expected[tuple(PLACES.T)])
    with pytest.raises(ValueError, match=r"indices has shape \(3, 2\) for an array of shape \(3,\)"):
        ops.scatter(PLACES, values, (3,))
    with pytest.raises(ValueError, match="reduction='mean' is unknown"):
        ops.scatter_update(values, PLACES, values, "mean")


def test_an_index_beyond_an_axis_is_not_that_of_another_row(rng):
    places, values = np.array([[0, 2], [1, 1]], np.float32), rng.standard_normal(2)
    with pytest.raises(ValueError, match=r"indices holds \[0, 2\]; expected indices within the shape \(2, 2\)"):
        ops.scatter(places, values, (2, 2))
    with pytest.raises(ValueError, match=r"indices holds \[-3\]"):
        ops.scatter_update(values, [[-3]], [1.0])
    scattering = layers.Lambda(lambda x: ops.scatter(x, values.astype(np.float32), (2, 2)))
    np.testing.assert_array_equal(scattering(places), np.float32([[0, 0], [0, values[1]]]))  # as in JAX


def test_parts_at_known_and_symbolic_places(rng):
    x, updates = rng.standard_normal((2, 4, 5)), rng.standard_normal((2, 2, 3))
    np.testing.assert_array_equal(ops.slice(x, (0, 1, 2), (2, 2, -1)), x[:, 1:3, 2:])
    expected = x.copy()
    expected[:, 1:3, 2:5] = updates
    np.testing.assert_array_equal(ops.slice_update(x, (0, 1, 2), updates), expected)
    gradients = striate.gradients(lambda x, u: ops.sum(ops.square(ops.slice_update(x, (0, 1, 2), u))), x, updates)
    outside = 2 * x
    outside[:, 1:3, 2:5] = 0
    np.testing.assert_allclose(gradients[0], outside)
    np.testing.assert_allclose(gradients[1], 2 * updates)
    start = layers.Input((3,))
    model = striate.Model(start, ops.slice(x, ops.cast(start[0], "int32"), (1, 2, 2)))
    result = model.predict(np.float32([[1, 2, 3]]), verbose=0)
    np.testing.assert_array_equal(result, x[1:, 2:4, 3:])
    with pytest.raises(ValueError, match=r"start_indices\[1\]=3 and 2 elements end outside of inputs"):
        ops.slice(x, (0, 3, 0), (1, 2, 1))
    with pytest.raises(ValueError, match="start_indices has 2 elements"):
        ops.slice_update(x, (0, 3), updates)


def test_lists_of_parts(rng):
    x = rng.standard_normal((2, 3, 4))
    check_function(lambda x: ops.unstack(x, axis=1), lambda x: [x[:, i] for i in range(3)], x, rng=rng)
    assert len(ops.unstack(layers.Input((3,)), num=4)) == 4
    with pytest.raises(ValueError, match="num=None and x has shape"):
        ops.unstack(layers.Input((3,)))
    with pytest.raises(ValueError, match="num=2 is not the size of axis 1"):
        ops.unstack(x, 2, 1)


@pytest.mark.parametrize(
    ("pattern", "sizes", "reference"),
    [
        ("b h w c -> b c h w", {}, lambda x: x.transpose(0, 3, 1, 2)),
        ("b h w c -> b (c h w)", {}, lambda x: x.transpose(0, 3, 1, 2).reshape(2, -1)),
        ("b (h k) w c->b h (k w) c", {"k": 2}, lambda x: x.reshape(2, 3, 10, 3)),
        (
            "b (h k) w c -> (b k) h w c",
            {"h": 3},
            lambda x: x.reshape(2, 3, 2, 5, 3).transpose(0, 2, 1, 3, 4).reshape(4, 3, 5, 3),
        ),
    ],
)
def test_rearranged_axes(rng, pattern, sizes, reference):
    x = rng.standard_normal((2, 6, 5, 3))
    check_function(lambda x: ops.rearrange(x, pattern, **sizes), reference, x, rng=rng, gradient=False)
    found = striate.gradients(lambda x: ops.sum(ops.square(ops.rearrange(x, pattern, **sizes))), x)
    np.testing.assert_allclose(found, 2 * x)


def test_patterns_that_do_not_fit_are_refused():
    x = np.ones((4, 6))
    for pattern in ("a b c -> c b a", "a b -> a", "a a -> a", "a b", 3):
        with pytest.raises(ValueError, match="does not rearrange an array of 2 axes"):
            ops.rearrange(x, pattern)
    with pytest.raises(ValueError, match="do not split 4 elements"):
        ops.rearrange(x, "(a k) b -> a k b", k=3)


def test_casts_that_saturate():
    x = np.array([-np.inf, -1e30, -1.5, 0.5, 3e9, np.inf])
    for dtype in ("int32", "uint8", "int64"):
        limits = np.iinfo(dtype)
        y = ops.saturate_cast(x, dtype)
        assert y.dtype == dtype
        assert y[0] == y[1] == limits.min
        assert limits.max * 0.999 <= float(y[-1]) <= limits.max
    assert ops.saturate_cast(x, "float16").tolist()[-2:] == [65504.0, 65504.0]
    assert ops.dtype(ops.saturate_cast(layers.Input((3,)), "uint8")) == "uint8"
