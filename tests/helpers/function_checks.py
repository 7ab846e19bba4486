"""Checks of functions of `striate.ops`: values, gradients and gradients of gradients, and shapes and results in models."""

from functools import partial

import numpy as np

import striate
from striate import layers, ops

from . import bounds


def check_function(function, reference, *arrays, rng, rtol=1e-10, gradient=True, twice=False):
    """Check a function of float64 arrays against NumPy, on arrays and in a model, and its gradients against differences.

    Parameters
    ----------
    function : callable
        Takes arrays or symbolic tensors, and returns one of them, or several.
    reference : callable
        Takes the arrays, and returns what the function should.
    *arrays : ndarray of float64
        Arguments, with samples along the first axis.
    rng : numpy.random.Generator
        Draws the factors with which results are added up.
    rtol : float
        Largest relative error of values.
    gradient : bool or sequence of int
        Whether there are gradients, or indices of the arguments that have one.
    twice : bool
        Whether the gradients have gradients.
    """
    expected = listed(reference(*arrays))
    found = listed(function(*arrays))
    assert len(found) == len(expected)
    for each, truth in zip(found, expected, strict=True):
        np.testing.assert_allclose(each, truth, rtol=rtol, atol=rtol)
        assert np.shape(each) == np.shape(truth)
    check_in_a_model(function, *arrays)
    factors = [rng.standard_normal(np.shape(each)) for each in expected]

    def total(*xs):
        return sum(ops.sum(ops.multiply(each, factor)) for each, factor in zip(listed(function(*xs)), factors, strict=True))

    for index in range(len(arrays)) if gradient is True else gradient or ():
        check_gradient(total, arrays, index)
        if twice:
            times = partial(_gradient_times, total, index, rng.standard_normal(arrays[index].shape))
            check_gradient(times, arrays, index, 1e-4)


def check_in_a_model(function, *arrays):
    """Check that a function gives the same in a model, whose tensors foretell shapes and dtypes."""
    inputs = [layers.Input(array.shape[1:], dtype="float64") for array in arrays]
    tensors = function(*inputs)
    model = striate.Model(inputs, tensors)
    results = listed(model.predict(list(arrays), batch_size=len(arrays[0]), verbose=0))
    for tensor, result, truth in zip(listed(tensors), results, listed(function(*arrays)), strict=True):
        np.testing.assert_array_equal(result, truth)
        assert tensor.dtype == truth.dtype.name
        assert len(tensor.shape) == truth.ndim
        assert all(size in (None, n) for size, n in zip(tensor.shape, truth.shape, strict=True))


def check_gradient(total, arrays, index, rel=1e-5):
    """Check the gradient of a sum with respect to one of the arrays against difference quotients."""
    found = _gradient_times(total, index, None, *arrays)
    copies = [array.copy() for array in arrays]
    for place in np.ndindex(copies[index].shape):
        difference = bounds.difference_quotient(lambda: float(total(*copies)), copies[index], place)
        np.testing.assert_allclose(found[place], difference, rtol=rel, atol=10 * rel * rel**0.5)


def _gradient_times(total, index, weights, *arrays):
    """Return the gradient with respect to one of the arrays, or the sum of its products with weights."""
    with striate.GradientTape() as tape:
        tape.watch([each for each in arrays if isinstance(each, np.ndarray)])
        y = total(*arrays)
    found = tape.gradient(y, arrays[index], unconnected_gradients="zero")
    return found if weights is None else ops.sum(ops.multiply(found, weights))


def listed(results):
    """Return one result, or several, as a list."""
    return list(results) if isinstance(results, (list, tuple)) else [results]
