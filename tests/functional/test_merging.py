"""Merging of arrays and its gradients, compared with the reference, finite differences and PyTorch."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference

NAMES = ["add", "subtract", "multiply", "average", "maximum", "minimum"]
each_name = pytest.mark.parametrize("name", NAMES)
each_extreme = pytest.mark.parametrize("name", ["maximum", "minimum"])
each_count = pytest.mark.parametrize("count", [1, 2, 3, 7])
each_shape = pytest.mark.parametrize("shape", [(), (1,), (3, 5), (2, 9, 7, 5), (4, 16), (67,), (0, 4), (3, 41, 100)])


def draw(rng, name, count, shape, dtype):
    """Return random arrays with ties; two for "subtract", which takes no other number."""
    count = 2 if name == "subtract" else count
    return [np.asarray(np.round(4 * rng.standard_normal(shape)) / 3, dtype) for _ in range(count)]


def merge_backward(name, dy, arrays):
    """Return the gradients, computed from the shapes of the arrays or from the arrays themselves."""
    function = getattr(F, f"{name}_backward")
    if name in ("add", "average", "subtract"):
        return function(dy, [array.shape for array in arrays])
    return function(dy, arrays)


@each_name
@each_count
@each_shape
def test_merging_matches_numpy(rng, dtype, name, count, shape):
    arrays = draw(rng, name, count, shape, dtype)
    got = getattr(F, name)(arrays)
    want = reference.merge(name, arrays)
    scale = reference.merge({"subtract": "add"}.get(name, name), [abs(array) for array in arrays])
    bounds.assert_within(got, want, 0 if name in ("maximum", "minimum") else scale, bounds.SUM, dtype)
    for i, array in enumerate(arrays):
        copies = [array.copy() for array in arrays]
        assert getattr(F, name)(copies, out=copies[i]) is copies[i]
        np.testing.assert_array_equal(copies[i], got)
        np.testing.assert_array_equal(arrays[i], array)


@each_name
@each_count
@each_shape
def test_merging_gradients_match_numpy(rng, dtype, name, count, shape):
    arrays = draw(rng, name, count, shape, dtype)
    dy = np.asarray(rng.standard_normal(shape), dtype)
    for got, want in zip(merge_backward(name, dy, arrays), reference.merge_backward(name, dy, arrays), strict=True):
        bounds.assert_within(got, want, abs(want), bounds.SUM, dtype)


@each_name
@each_count
def test_gradients_match_finite_differences(rng, name, count):
    arrays = [rng.standard_normal((3, 7)) for _ in range(2 if name == "subtract" else count)]
    dy = rng.standard_normal((3, 7))
    for array, gradient in zip(arrays, merge_backward(name, dy, arrays), strict=True):
        index = tuple(rng.integers(array.shape))
        slope = bounds.difference_quotient(lambda: np.sum(dy * getattr(F, name)(arrays)), array, index)
        assert gradient[index] == pytest.approx(slope, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "relu6", "tanh", "softmax"])
def test_activation_argument_of_add_applies_the_activation(rng, dtype, activation):
    arrays = draw(rng, "add", 3, (2, 5, 37), dtype)
    got = F.add(arrays, activation=activation)
    np.testing.assert_array_equal(got, getattr(F, activation)(F.add(arrays)))


@each_extreme
@pytest.mark.parametrize("columns", [3, 16, 45])
def test_nan_counts_as_the_extreme(rng, dtype, name, columns):
    arrays = draw(rng, name, 3, (2, columns), dtype)
    arrays[0][0, :2] = arrays[1][1, 1:] = arrays[2][0, 1] = np.nan
    np.testing.assert_array_equal(getattr(F, name)(arrays), reference.merge(name, arrays))
    dy = rng.standard_normal((2, columns)).astype(dtype)
    got = merge_backward(name, dy, arrays)
    for each, want in zip(got, reference.merge_backward(name, dy, arrays), strict=True):
        np.testing.assert_allclose(each, want, rtol=bounds.SUM * np.finfo(dtype).eps)
    assert got[0][0, 1] == got[2][0, 1] == dy[0, 1] / 2


@each_extreme
def test_ties_share_the_gradient_equally(name):
    ones, dy = np.ones(3, np.float32), np.full(3, 6, np.float32)
    worse = ones - 1 if name == "maximum" else ones + 1
    got = merge_backward(name, dy, [ones, worse, ones, ones])
    np.testing.assert_array_equal(got, np.float32([[2] * 3, [0] * 3, [2] * 3, [2] * 3]))


def test_gradients_of_products_with_zeros_are_exact(dtype):
    arrays = [np.array(values, dtype) for values in ([0, 0, 2], [3, 0, 0], [4, 5, 6])]
    got = F.multiply_backward(np.ones(3, dtype), arrays)
    np.testing.assert_array_equal(got, np.array([[12, 0, 0], [0, 0, 12], [0, 0, 0]], dtype))


@each_name
@pytest.mark.parametrize("shapes", [[(2, 5, 3), (2, 1, 3)], [(4,), (3, 1)], [(), (2, 3)], [(1, 1), (5, 1)], [(0, 3), (1, 3)]])
def test_arrays_are_broadcast(rng, dtype, name, shapes):
    arrays = [np.asarray(rng.standard_normal(shape), dtype) for shape in shapes]
    whole = [np.array(array) for array in np.broadcast_arrays(*arrays)]
    got = getattr(F, name)(arrays)
    np.testing.assert_array_equal(got, getattr(F, name)(whole))
    dy = np.asarray(rng.standard_normal(got.shape), dtype)
    for array, each, gradient in zip(merge_backward(name, dy, whole), arrays, merge_backward(name, dy, arrays), strict=True):
        repeated = [i for i in range(dy.ndim) if ((1,) * (dy.ndim - each.ndim) + each.shape)[i] != dy.shape[i]]
        want = np.sum(array.astype(np.float64), axis=tuple(repeated)).reshape(each.shape)
        scale = np.sum(abs(array.astype(np.float64)), axis=tuple(repeated)).reshape(each.shape)
        assert gradient.shape == each.shape
        assert gradient.dtype == dtype
        bounds.assert_within(gradient, want, scale, bounds.SUM, dtype)


def test_gradients_of_broadcast_arrays_are_written_to_out(rng, dtype):
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in ((3, 4), (4,))]
    out = [np.empty_like(array) for array in arrays]
    dy = rng.standard_normal((3, 4)).astype(dtype)
    assert all(a is b for a, b in zip(F.multiply_backward(dy, arrays, out=out), out, strict=True))
    for got, want in zip(out, F.multiply_backward(dy, arrays), strict=True):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(
    ("shape", "sizes", "axis"),
    [
        ((2, 3, 4, 0), (5, 6), -1),
        ((2, 3, 4, 0), (1, 2, 3, 16, 33), 3),
        ((2, 3, 0, 4), (1, 2), 2),
        ((0, 3, 5), (4, 1, 2), 0),
        ((2, 0, 5), (4, 0, 2), -2),
        ((2, 0), (3,), 1),
        ((0,), (5, 9000, 1), 0),
        ((3, 0), (4100, 20, 4096), 1),
        ((0, 5, 5), (0, 0), 0),
        ((0, 5, 0, 3), (1, 2), 0),
    ],
)
def test_concatenate_and_its_gradient_match_numpy(rng, dtype, shape, sizes, axis):
    shapes = [tuple(size if i == axis % len(shape) else n for i, n in enumerate(shape)) for size in sizes]
    arrays = [rng.standard_normal(each).astype(dtype) for each in shapes]
    want = np.concatenate(arrays, axis)
    got = F.concatenate(arrays, axis)
    np.testing.assert_array_equal(got, want)
    assert got.dtype == dtype
    out = np.empty_like(want)
    assert F.concatenate(tuple(arrays), axis, out=out) is out
    np.testing.assert_array_equal(out, want)
    for into in (None, [np.empty_like(array) for array in arrays]):
        parts = F.concatenate_backward(want, sizes, axis, out=into)
        for part, array in zip(parts, arrays, strict=True):
            np.testing.assert_array_equal(part, array)
            assert part.flags.c_contiguous


@each_name
def test_merging_takes_any_memory_layout(rng, dtype, form, name):
    arrays = draw(rng, name, 2, (4, 5, 6), dtype)
    others = [form(array) for array in arrays]
    np.testing.assert_array_equal(getattr(F, name)(others), getattr(F, name)(arrays))
    for got, want in zip(merge_backward(name, others[0], others), merge_backward(name, arrays[0], arrays), strict=True):
        np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(F.concatenate(others), np.concatenate(arrays, -1))
    for got, want in zip(F.concatenate_backward(others[0], [2, 4]), np.split(arrays[0], [2], -1), strict=True):
        np.testing.assert_array_equal(got, want)


@each_name
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, name):
    arrays = draw(rng, name, 3, (7, 50000), dtype)
    assert arrays[0].size * 3 > 1e6  # These are enough elements to run on several threads.
    for_any_threads(lambda: getattr(F, name)(arrays))
    for_any_threads(lambda: np.stack(merge_backward(name, arrays[0], arrays)))
    for axis in (0, 1):
        for_any_threads(lambda axis=axis: F.concatenate(arrays, axis))
        for_any_threads(lambda axis=axis: F.concatenate_backward(arrays[0], [1, arrays[0].shape[axis] - 1], axis)[1])


def test_gradients_are_written_to_out(rng, dtype):
    arrays = draw(rng, "multiply", 3, (4, 19), dtype)
    dy = rng.standard_normal((4, 19)).astype(dtype)
    for name in ("multiply", "maximum", "minimum"):
        out = [np.empty_like(dy) for _ in arrays]
        got = getattr(F, f"{name}_backward")(dy, arrays, out=out)
        assert all(a is b for a, b in zip(got, out, strict=True))
        np.testing.assert_array_equal(got, merge_backward(name, dy, arrays))


A, B = np.ones((2, 3), np.float32), np.ones((2, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.add(A), TypeError, r"arrays=.* is of type ndarray; expected a list or tuple of arrays"),
        (lambda: F.add([]), ValueError, r"arrays is empty"),
        (lambda: F.add([A, B]), ValueError, r"arrays has the shapes \(2, 3\), \(2, 4\); expected shapes that broadcast"),
        (lambda: F.add([A, A.astype(float)]), TypeError, r"arrays\[1\] has dtype float64 but arrays\[0\] has float32"),
        (lambda: F.add([A.astype(int)]), TypeError, r"arrays\[0\] has dtype int64; expected float32 or float64"),
        (lambda: F.add([A], activation="relu7"), ValueError, r"activation='relu7' is unknown"),
        (lambda: F.add([A, A], out=B), ValueError, r"out has shape \(2, 4\)"),
        (lambda: F.add([A.ravel()[1:], A.ravel()[1:]], out=A.ravel()[:-1]), ValueError, r"out overlaps an input"),
        (lambda: F.subtract([A]), ValueError, r"arrays has 1 elements; expected two"),
        (lambda: F.subtract([A, A, A]), ValueError, r"arrays has 3 elements; expected two"),
        (lambda: F.add_backward(A, []), ValueError, r"shapes is empty"),
        (lambda: F.add_backward(A, 2), TypeError, r"shapes=2 is of type int; expected a list or tuple of shapes"),
        (
            lambda: F.average_backward(A, (2, 3)),
            TypeError,
            r"shapes\[0\]=2 is of type int; expected a list or tuple of integers",
        ),
        (lambda: F.average_backward(A, [(2, -3)]), ValueError, r"shapes\[0\]\[1\]=-3 is too small"),
        (lambda: F.add_backward(A, [(2, 4), (2, 1)]), ValueError, r"dy has shape \(2, 3\); expected .*, \(2, 4\)"),
        (lambda: F.add_backward(A, [(2, 4), (2, 3)]), ValueError, r"shapes has the shapes .*; expected shapes that broadcast"),
        (lambda: F.subtract_backward(A, [(2, 3)]), ValueError, r"shapes has 1 elements; expected two"),
        (lambda: F.multiply_backward(B, [A, A]), ValueError, r"dy has shape \(2, 4\); expected .*, \(2, 3\)"),
        (lambda: F.maximum_backward(A.astype(float), [A]), TypeError, r"arrays\[0\] has dtype float32 but dy has float64"),
        (
            lambda: F.maximum_backward(A, [A, A], out=[A.copy()]),
            ValueError,
            r"out=.* is not one array for each gradient; expected a list or tuple of 2",
        ),
        (lambda: F.maximum_backward(A, [A], out=[None]), TypeError, r"out holds None"),
        (lambda: F.maximum_backward(A, [A], out=[A]), ValueError, r"out overlaps an input"),
        (lambda: F.concatenate([A, B], 0), ValueError, r"arrays\[1\] has shape \(2, 4\) and arrays\[0\] has \(2, 3\)"),
        (lambda: F.concatenate([A, A[0]]), ValueError, r"arrays\[1\] has shape \(3,\)"),
        (lambda: F.concatenate([A], 2), ValueError, r"axis=2 is out of range; expected an axis of arrays\[0\]"),
        (lambda: F.concatenate([np.float32(1)]), ValueError, r"axis=-1 is out of range"),
        (lambda: F.concatenate([A], 0.0), TypeError, r"axis=0.0"),
        (lambda: F.concatenate([A], out=A), ValueError, r"out overlaps an input"),
        (lambda: F.concatenate_backward(B, [1, 2]), ValueError, r"sizes=\(1, 2\) add up to 3; expected dy's size .*, 4"),
        (lambda: F.concatenate_backward(B, [5, -1]), ValueError, r"sizes\[1\]=-1 is too small"),
        (lambda: F.concatenate_backward(B, 4), TypeError, r"sizes=4 is of type int"),
        (lambda: F.concatenate_backward(B, [4], 2), ValueError, r"axis=2 is out of range; expected an axis of dy"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@each_name
def test_merging_agrees_with_pytorch(rng, name):
    torch = pytest.importorskip("torch")
    arrays = draw(rng, name, 2, (5, 7), np.float64)
    tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    function = {"average": lambda a, b: (a + b) / 2}.get(name) or getattr(torch, name)
    want = function(*tensors)
    np.testing.assert_allclose(getattr(F, name)(arrays), want.detach().numpy(), rtol=1e-14)
    dy = rng.standard_normal((5, 7))
    want.backward(torch.from_numpy(dy))
    for got, tensor in zip(merge_backward(name, dy, arrays), tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad.numpy(), rtol=1e-14)
