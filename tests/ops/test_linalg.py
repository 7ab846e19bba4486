"""Linear algebra: values against NumPy's, gradients and their gradients against finite differences."""

import numpy as np
import pytest

import striate
from striate import layers, ops
from tests.helpers.function_checks import check_function, check_gradient


def positive(rng, *shape):
    x = rng.standard_normal(shape)
    return x @ x.swapaxes(-1, -2) + np.eye(shape[-1])


def symmetric(x):
    return (x + x.swapaxes(-1, -2)) / 2


def transposed(x):
    return ops.swapaxes(x, -1, -2)


#: By name: a function, NumPy's, the shapes of its arguments, and whether gradients have gradients.
CASES = {
    "inv": (ops.inv, np.linalg.inv, [(2, 3, 3)], True),
    "det": (ops.det, np.linalg.det, [(2, 3, 3)], True),
    "logdet": (ops.logdet, lambda x: np.linalg.slogdet(x)[1], [(2, 3, 3)], True),
    "slogdet": (lambda x: ops.slogdet(x)[1], lambda x: np.linalg.slogdet(x)[1], [(2, 2, 2)], True),
    "solve": (ops.solve, np.linalg.solve, [(2, 3, 3), (2, 3, 2)], True),
    "solve, vectors": (ops.solve, lambda a, b: np.linalg.solve(a, b[..., None])[..., 0], [(2, 3, 3), (2, 3)], True),
    "solve_triangular": (
        ops.solve_triangular,
        lambda a, b: np.linalg.solve(np.triu(a), b),
        [(2, 3, 3), (2, 3, 2)],
        True,
    ),
    "solve_triangular, lower": (
        lambda a, b: ops.solve_triangular(a, b, lower=True),
        lambda a, b: np.linalg.solve(np.tril(a), b[..., None])[..., 0],
        [(2, 3, 3), (2, 3)],
        False,
    ),
    "svd, values": (
        lambda x: ops.svd(x, compute_uv=False),
        lambda x: np.linalg.svd(x, compute_uv=False),
        [(2, 3, 4)],
        True,
    ),
    "qr": (ops.qr, np.linalg.qr, [(2, 4, 3)], True),
    "qr, wide": (ops.qr, np.linalg.qr, [(2, 3, 5)], True),
    "qr, square": (lambda x: ops.qr(x, "complete"), lambda x: np.linalg.qr(x, "complete"), [(2, 3, 3)], False),
    "pinv": (ops.pinv, np.linalg.pinv, [(2, 4, 3)], True),
    "pinv, wide": (ops.pinv, np.linalg.pinv, [(2, 3, 4)], False),
    "matrix_power": (lambda x: ops.matrix_power(x, 5), lambda x: np.linalg.matrix_power(x, 5), [(2, 3, 3)], True),
    "matrix_power, inverse": (lambda x: ops.matrix_power(x, -3), lambda x: np.linalg.matrix_power(x, -3), [(2, 3, 3)], False),
    "matrix_power, 0": (lambda x: ops.matrix_power(x, 0), lambda x: np.linalg.matrix_power(x, 0), [(2, 3, 3)], False),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_functions_match_numpy_and_have_their_gradients(rng, name):
    function, reference, shapes, twice = CASES[name]
    arrays = [rng.uniform(0.3, 1, shape) + (np.eye(shape[-1]) if shape[-1] == shape[-2] else 0) for shape in shapes]
    check_function(function, reference, *arrays, rng=rng, rtol=1e-8, twice=twice)


@pytest.mark.parametrize("upper", [False, True])
def test_cholesky_factors_of_symmetric_matrices(rng, upper):
    x = positive(rng, 2, 3, 3)
    check_function(
        lambda x: ops.cholesky(symmetric_tensor(x), upper=upper),
        lambda x: np.linalg.cholesky(symmetric(x), upper=upper),
        x,
        rng=rng,
        twice=True,
    )
    np.testing.assert_allclose(ops.cholesky_inverse(ops.cholesky(x, upper), upper), np.linalg.inv(x))
    with pytest.raises(ValueError, match="expected positive definite matrices"):
        ops.cholesky(-x)


def symmetric_tensor(x):
    return ops.multiply(ops.add(x, transposed(x)), 0.5)


def test_eigenvalues_and_what_does_not_depend_on_signs_of_eigenvectors(rng):
    x = rng.standard_normal((2, 3, 3))

    def function(x):
        values, vectors = ops.eigh(symmetric_tensor(x))
        return values, ops.square(vectors)

    def reference(x):
        values, vectors = np.linalg.eigh(symmetric(x))
        return values, vectors**2

    check_function(function, reference, x, rng=rng, rtol=1e-8, twice=True)


@pytest.mark.parametrize("shape", [(2, 4, 3), (2, 3, 4), (1, 3, 3)])
def test_singular_vectors(rng, shape):
    x = rng.standard_normal(shape)
    k = min(shape[1:])

    def function(x):
        u, s, vh = ops.svd(x, full_matrices=False)
        return s, ops.square(u), ops.multiply(u[:, :1, :], ops.swapaxes(vh[:, :, 1:2], 1, 2))

    def reference(x):
        u, s, vh = np.linalg.svd(x, full_matrices=False)
        return s, u**2, u[:, :1, :] * vh[:, :, 1:2].swapaxes(1, 2)

    check_function(function, reference, x, rng=rng, rtol=1e-8, twice=shape[1] == shape[2])
    u, s, vh = ops.svd(x)
    assert u.shape == (*shape[:2], shape[1])
    assert vh.shape == (shape[0], shape[2], shape[2])
    np.testing.assert_allclose((u[..., :k] * s[:, np.newaxis]) @ vh[:, :k], x)


def test_a_singular_matrix_has_a_gradient_of_its_determinant(rng):
    x = np.outer([1.0, 2.0, 3.0], [2.0, 0.5, 1.0]) + np.diag([0.0, 0.0, 1.0])
    check_gradient(lambda x: ops.sum(ops.det(x)), [x], 0)


def test_equal_eigenvalues_have_finite_gradients():
    gradient = striate.gradients(lambda x: ops.sum(ops.eigh(x)[0]), np.eye(3))
    np.testing.assert_allclose(gradient, np.eye(3))


@pytest.mark.parametrize("shape", [(4, 4), (4, 3), (2, 3, 4), (2, 2, 3, 3)])
def test_lu_factors_and_pivots(rng, shape):
    x = rng.standard_normal(shape)
    lu, pivots = ops.lu_factor(x)
    m, n = shape[-2:]
    k = min(m, n)
    assert lu.shape == shape
    assert (pivots.shape, pivots.dtype) == ((*shape[:-2], k), np.int32)
    product = (np.tril(lu[..., :k], -1) + np.eye(m, k)) @ np.triu(lu[..., :k, :])
    for index in np.ndindex(shape[:-2]):
        rows = x[index].copy()
        for i, pivot in enumerate(pivots[index]):
            rows[[i, pivot]] = rows[[pivot, i]]
        np.testing.assert_allclose(product[index], rows)
    assert (np.abs(np.tril(lu, -1)) <= 1).all()


def test_the_gradient_of_lu_factors(rng):
    x = rng.standard_normal((2, 3, 3))
    factors = rng.standard_normal((2, 3, 3))
    check_gradient(lambda x: ops.sum(ops.multiply(ops.lu_factor(x)[0], factors)), [x], 0)
    with pytest.raises(TypeError, match="expected square matrices for the gradient"):
        striate.gradients(lambda x: ops.sum(ops.lu_factor(x)[0]), np.ones((2, 3)))


@pytest.mark.parametrize("rcond", [None, 1e-3])
def test_least_squares_as_numpy(rng, rcond):
    for m, n in ((5, 7), (7, 5)):
        a = rng.standard_normal((m, n))
        for b in (rng.standard_normal(m), rng.standard_normal((m, 2))):
            np.testing.assert_allclose(ops.lstsq(a, b, rcond), np.linalg.lstsq(a, b, rcond)[0], rtol=1e-8)
    a, b = (ops.sum(layers.Input(shape), axis=0) for shape in ((5, 7), (5, 4)))
    assert ops.lstsq(a, b).shape == (7, 4)


def test_ranks(rng):
    x = np.stack([np.outer([1.0, 2.0, 3.0], [1.0, 1.0]), [[1, 0], [0, 1], [1, 1]]])
    assert ops.matrix_rank(x).tolist() == [1, 2]
    assert ops.matrix_rank(x).dtype == np.int32
    assert ops.matrix_rank(x, tol=1e6).tolist() == [0, 0]
    assert ops.matrix_rank(layers.Input((3, 2))).shape == (None,)


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_matrices(rng, ord, keepdims):
    x = rng.standard_normal((2, 3, 4))
    for axes in ((1, 2), (-1, 1)):
        check_function(
            lambda x, axes=axes: ops.norm(x, ord, axes, keepdims),
            lambda x, axes=axes: np.linalg.norm(x, ord, axes, keepdims),
            x,
            rng=rng,
        )
    np.testing.assert_allclose(ops.norm(x, ord, (-1, 0), keepdims), np.linalg.norm(x, ord, (-1, 0), keepdims))
    np.testing.assert_allclose(ops.norm(x[0], ord, keepdims=keepdims), np.linalg.norm(x[0], ord, keepdims=keepdims))


def test_eigenvalues_of_arrays_may_be_complex():
    values, vectors = ops.eig(np.array([[0.0, -1.0], [1.0, 0.0]]))
    np.testing.assert_allclose(sorted(values.imag), [-1, 1])
    np.testing.assert_allclose(np.array([[0.0, -1.0], [1.0, 0.0]]) @ vectors, vectors * values)
    with pytest.raises(TypeError, match="is symbolic, and eigenvalues may be complex; expected an array, or eigh"):
        ops.eig(layers.Input((2, 2)))


@pytest.mark.parametrize("name", ["cholesky", "cholesky_inverse", "det", "slogdet", "logdet", "eig", "eigh", "inv"])
def test_matrices_that_are_not_square_are_refused(name):
    for x in (np.ones((2, 3, 4)), layers.Input((3, 4)), layers.Input((None, 4))):
        with pytest.raises(ValueError, match=r"x has shape .*; expected (square )?matrices"):
            getattr(ops, name)(x)
    with pytest.raises(ValueError, match=r"x has shape \(4,\); expected matrices"):
        getattr(ops, name)(np.ones(4))


@pytest.mark.parametrize("b", [(2, 4), (2, 4, 1), (2,), ()])
def test_right_sides_that_do_not_fit_are_refused(b):
    for function in (ops.solve, ops.solve_triangular):
        with pytest.raises(ValueError, match=r"expected \(…, n\) or \(…, n, k\)"):
            function(np.ones((2, 3, 3)), np.ones(b))


@pytest.mark.parametrize("dtype", ["float16", "float32", "int32"])
def test_dtypes(dtype):
    expected = "float16" if dtype == "float16" else "float32"
    x = np.array([[2, 1], [1, 2]], dtype)
    for results in (ops.inv(x), ops.det(x), ops.eigh(x), ops.qr(x), ops.svd(x), ops.solve(x, x), ops.lu_factor(x)[0]):
        assert {each.dtype.name for each in (results if isinstance(results, tuple) else [results])} == {expected}


def test_derivatives_in_a_direction(rng):
    x, y, u, v = (rng.uniform(0.5, 1, shape) for shape in ((2, 3), (3,), (2, 3), (3,)))

    def function(x, pair):
        return {"product": ops.matmul(x, ops.square(pair["y"])), "norm": [ops.norm(x) ** 2]}, x[0]

    result, derivative, aux = ops.jvp(function, (x, {"y": y}), (u, {"y": v}), has_aux=True)
    np.testing.assert_allclose(result["product"], x @ y**2)
    np.testing.assert_allclose(derivative["product"], u @ y**2 + x @ (2 * y * v))
    np.testing.assert_allclose(derivative["norm"][0], 2 * np.sum(x * u))
    np.testing.assert_array_equal(aux, x[0])
    value, slope = ops.jvp(lambda x: x**2 * 0.5, (3.0,), (2.0,))
    assert (float(value), float(slope)) == (4.5, 6.0)
    with pytest.raises(ValueError, match=r"tangents has the shapes \[\(3,\)\]; expected those of primals, \[\(2, 3\)\]"):
        ops.jvp(ops.square, (x,), (v,))
    with pytest.raises(TypeError, match="primals or tangents hold <Tensor"):
        ops.jvp(ops.square, (layers.Input((3,)),), (v,))
