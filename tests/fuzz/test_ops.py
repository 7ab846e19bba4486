"""Every function of `striate.ops`, for all dtypes and axes: at once on arrays, in a graph, as a model, against NumPy and Keras.

Results must be the same bits on arrays and in a graph, of the same dtype and shape, and the tensors of a graph of layers must
foretell both. NumPy's results in float64 are the truth for the values; Keras', where it is installed, for dtypes and shapes.
"""

import zlib

import numpy as np
import pytest

import striate
from striate import layers, ops
from striate.engine import Graph, Plan

from .budget import FACTOR, generator, rounds
from .ops_case import DTYPES
from .ops_cases import ACTIVATIONS, CASES
from .ops_cases_beyond_numpy import LINEAR_ALGEBRA, MATHEMATICS, NETWORKS

try:
    import keras
except ImportError:
    keras = None

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras' and PyTorch's
#: What makes arrays, or tells of them, and rooms.
ELSEWHERE = {
    "arange", "array", "associative_scan", "bartlett", "blackman", "cond", "convert_to_numpy", "convert_to_tensor",
    "custom_gradient", "dtype", "eig", "empty", "eye", "fori_loop", "full", "hamming", "hanning", "identity", "image",
    "is_tensor", "jvp", "kaiser", "linalg", "map", "ndim", "nn", "nonzero", "numpy", "ones", "polar", "scan", "shape", "size",
    "switch", "tri", "vectorize", "vectorized_map", "view_as_complex", "view_as_real", "while_loop", "zeros",
}  # fmt: skip
#: Where Keras' dtype is another one: of booleans, of float16 beside a number, and with PyTorch of indices and unsigned sums.
OTHER_DTYPES = {"arctan2", "floor_divide", "logaddexp", "logaddexp2", "power", "sum", "top_k"}


def test_no_function_is_left_out():
    assert set(ops.__all__) == set(CASES) | ELSEWHERE
    assert not set(CASES) & ELSEWHERE


def in_a_graph(call, arrays):
    graph = Graph()
    y = call(ops, *[graph.input(array.shape, array.dtype) for array in arrays])
    (result,) = Plan(graph, [y], striate.get_num_threads()).instantiate().compute(arrays)
    assert (result.shape, result.dtype) == (y.shape, y.dtype)
    return result


def in_a_model(call, arrays, constants):
    """Return the tensor that a function of inputs, and of constants behind them, returns, and the result for arrays."""
    inputs = [layers.Input(array.shape[1:], dtype="float64" if array.dtype.itemsize == 8 else "float32") for array in arrays]
    y = call(ops, *[ops.cast(each, array.dtype) for each, array in zip(inputs, arrays, strict=True)], *constants)
    model = striate.Model(inputs, y)
    graph = Graph()
    values = [graph.input(array.shape, each.dtype) for each, array in zip(inputs, arrays, strict=True)]
    found = model.call(values if len(values) > 1 else values[0])
    (result,) = Plan(graph, [found], striate.get_num_threads()).instantiate().compute(arrays)
    return y, result


def as_keras(call, arrays):
    with np.errstate(all="ignore"):
        result = call(keras.ops, *[keras.ops.convert_to_tensor(array) for array in arrays])
    return keras.ops.convert_to_numpy(result)


def same_bits(a, b):
    np.testing.assert_array_equal(a, b, strict=True)


def close(result, truth, rtol):
    eps = max(
        (np.finfo(each.dtype).eps for each in (result, truth) if each.dtype.kind == "f" and result.dtype.kind == "f"), default=0
    )
    scale = np.maximum(np.abs(truth.astype(np.float64)), 1)
    assert result.shape == truth.shape
    np.testing.assert_array_less(np.abs(result.astype(np.float64) - truth.astype(np.float64)), rtol * eps * scale + 1e-30)


def samples_of(name):
    """Yield cases of a function and arrays for each."""
    rng = generator(21, zlib.crc32(name.encode()))
    for i, case in enumerate(CASES[name]):
        dtypes = [dtype for dtype in DTYPES if np.dtype(dtype).kind in case.kinds]
        if FACTOR is None and len(CASES[name]) > 12:  # each case has some dtypes, each dtype some cases
            dtypes = [dtypes[i % len(dtypes)], dtypes[-2]]
        for dtype in dtypes:
            for _ in range(rounds(1)):
                yield case, case.arrays(rng, dtype)


@pytest.mark.parametrize("name", sorted(CASES))
def test_ops_give_the_same_on_arrays_in_graphs_and_in_models(name):
    for case, arrays in samples_of(name):
        check(case, arrays)


@pytest.mark.skipif(keras is None, reason="needs Keras")
@pytest.mark.parametrize("name", sorted(name for name, cases in CASES.items() if any(case.like_keras for case in cases)))
def test_ops_agree_with_keras(name):
    for case, arrays in samples_of(name):
        if case.like_keras:
            check_against_keras(name, case, arrays)


def check(case, arrays):
    at_once = np.asarray(case.call(ops, *arrays))
    same_bits(in_a_graph(case.call, arrays), at_once)
    if case.reference is not None:
        given = arrays if case.exact else [array.astype(np.float64) for array in arrays]
        close(at_once, np.asarray(case.reference(*given)), case.rtol)
    inputs, constants = case.parts(arrays)
    if modelled(inputs):
        tensor, result = in_a_model(case.call, inputs, constants)
        same_bits(result, at_once)
        assert tensor.dtype == at_once.dtype.name
        assert len(tensor.shape) == at_once.ndim
        assert all(size in (None, n) for size, n in zip(tensor.shape, at_once.shape, strict=True))


def check_against_keras(name, case, arrays):
    at_once, expected = np.asarray(case.call(ops, *arrays)), as_keras(case.call, arrays)
    wide = any(array.dtype.itemsize == 8 for array in arrays)  # Keras computes some of these in 32 bits
    close(at_once, expected.astype(np.float32) if wide and expected.dtype.kind == "f" else expected, 4 * max(case.rtol, 8))
    if not wide and name not in OTHER_DTYPES:
        assert at_once.dtype == expected.dtype, (name, [array.dtype for array in arrays], at_once.dtype, expected.dtype)
    inputs, constants = case.parts(arrays)
    if modelled(inputs):
        tensor, _ = in_a_model(case.call, inputs, constants)
        tensors = [keras.KerasTensor((None, *each.shape[1:]), each.dtype.name) for each in inputs]
        symbolic = case.call(keras.ops, *tensors, *map(keras.ops.convert_to_tensor, constants))
        assert tensor.shape == tuple(symbolic.shape), (name, [array.shape for array in arrays])


def modelled(inputs):
    """Return whether arrays can be the inputs of a model."""
    return all(array.ndim > 1 for array in inputs)


SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0)
#: Whose references above are wrong at infinities, refuse them, forget a NaN (as `numpy.dot` does for a factor of 0), or have no
#: bound for probabilities and lengths. `tests/layers/test_activation_limits.py` and `tests/losses/` have such values for most.
ORDINARY_ONLY = {
    *ACTIVATIONS, "average", "bincount", "binary_crossentropy", "categorical_crossentropy", "correlate", "dot", "geomspace",
    "histogram", "median", "nanmedian", "nanpercentile", "nanquantile", "normalize", "percentile", "quantile",
    "sparse_categorical_crossentropy", "sparsemax",
    *LINEAR_ALGEBRA, *MATHEMATICS, *NETWORKS, "fold", "saturate_cast", "scatter", "slice_update",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(CASES) - ORDINARY_ONLY))
@np.errstate(all="ignore")
def test_ops_give_special_values_as_numpy_does(name):
    """NaN and infinities come out as in NumPy, and leave other elements alone."""
    rng = generator(22, zlib.crc32(name.encode()))
    for case in CASES[name]:
        if case.reference is None or "f" not in case.kinds:
            continue
        for dtype in ("float32", "float64"):
            for _ in range(rounds(2)):
                arrays = [with_special_values(rng, array) for array in case.arrays(rng, dtype)]
                at_once = np.asarray(case.call(ops, *arrays))
                same_bits(in_a_graph(case.call, arrays), at_once)
                given = arrays if case.exact else [array.astype(np.float64) for array in arrays]
                truth = np.asarray(case.reference(*given))
                assert at_once.shape == truth.shape
                eps = max(np.finfo(each.dtype).eps for each in (at_once, *arrays) if each.dtype.kind == "f")
                np.testing.assert_allclose(
                    at_once.astype(np.float64),
                    truth.astype(np.float64),
                    2 * case.rtol * eps,
                    2 * case.rtol * eps,
                    True,
                    str(arrays),
                )


def with_special_values(rng, array):
    """Return an array some of whose elements are special."""
    chosen = rng.random(array.shape) < rng.choice([0.1, 0.5, 1.0])
    return np.where(chosen, rng.choice(SPECIAL, array.shape), array).astype(array.dtype)
