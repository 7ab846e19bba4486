"""The table of activations: each has a row in the tests, which its values and gradients match, and is exported everywhere."""

import ast
import functools
import inspect
import pickle
import re

import numpy as np
import pytest

from striate import activations, layers, ops
from striate import functional as F
from striate.activations import functions
from striate.activations.table import FUNCTIONS
from striate.functional.activation_table import ALIASES, KERNELS
from striate.kernels import bindings
from tests.helpers.activation_rows import ROWS, WITH_KERNELS
from tests.helpers.layer_gradients import gradients

#: Activations that `striate.ops` has with another signature, or not at all, as in Keras.
NOT_OF_OPS = {"linear", "exponential", "gelu", "gelu_tanh"}
each_activation = pytest.mark.parametrize("name", ROWS)
each_with_kernel = pytest.mark.parametrize("name", [name for name in WITH_KERNELS if name != "gelu_tanh"])


def test_every_activation_has_a_row_and_its_names():
    assert set(ROWS) == set(activations.NAMES) == set(FUNCTIONS)
    assert set(KERNELS) == set(bindings.ACTIVATIONS) == {"linear", *WITH_KERNELS}
    assert set(functions.__all__) == set(FUNCTIONS) - NOT_OF_OPS | set(ALIASES)
    assert set(functions.__all__) <= set(ops.__all__)
    assert set(activations.__all__) == set(FUNCTIONS) | set(ALIASES) | {"get", "serialize", "deserialize"}
    on_arrays = set(KERNELS) - {"linear", "gelu_tanh"}
    assert set(F.activations.__all__) == on_arrays | {f"{name}_backward_input" for name in on_arrays}


@pytest.mark.parametrize("module", [functions, F.activations])
def test_type_checkers_find_what_is_exported(module):
    listed, bound = None, set()
    for each in ast.parse(inspect.getsource(module)).body:
        if isinstance(each, ast.FunctionDef):
            bound.add(each.name)
        elif isinstance(each, ast.Assign) and each.targets[0].id == "__all__":
            listed = ast.literal_eval(each.value)  # This raises an error for a list that is computed.
        elif isinstance(each, ast.Assign):
            bound.add(each.targets[0].id)
    assert listed == module.__all__
    assert set(listed) <= bound


@each_activation
def test_activations_match_numpy(rng, dtype, name):
    x = (4 * rng.standard_normal((6, 10))).astype(dtype)
    want = ROWS[name].reference(x.astype(np.float64))
    got = activations.get(name)(x)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, want, rtol=32 * np.finfo(dtype).eps, atol=16 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(layers.Activation(name, dtype=dtype.name)(x), got)


@each_activation
def test_gradients_match_finite_differences_of_numpy(rng, name):
    x = rng.uniform(-2, 2, (3, 4))
    reference = ROWS[name].reference
    dy = rng.standard_normal(reference(x).shape)
    _, dx = gradients(layers.Activation(name, dtype="float64"), x, dy)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-6
        want = np.vdot(dy, reference(x + step) - reference(x - step)) / 2e-6
        assert dx[index] == pytest.approx(want, rel=1e-7, abs=1e-8)


@each_activation
def test_functions_can_be_pickled(name):
    function = activations.get(name)
    assert pickle.loads(pickle.dumps(function)) is function is getattr(activations, name)
    assert inspect.getdoc(function).startswith("Return ")
    assert next(iter(inspect.signature(function).parameters)) == "x"


@pytest.mark.parametrize("alias", ALIASES)
def test_other_names_are_the_same_activation(alias):
    assert getattr(activations, alias) is activations.get(alias) is getattr(activations, ALIASES[alias])
    x = np.linspace(-3, 3, 12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(F.dense(x, np.eye(4, dtype=np.float32), activation=alias), getattr(F, ALIASES[alias])(x))


def sections(function):
    """Return the sections of a docstring by their titles."""
    parts = re.split(r"\n\n(\w+)\n-+\n", inspect.getdoc(function))
    return dict(zip(["Summary", *parts[1::2]], parts[::2], strict=True))


@each_with_kernel
def test_docstrings_of_functions_on_arrays_are_complete(name):
    for function in (getattr(F, name), getattr(F, f"{name}_backward_input")):
        found = sections(function)
        forward = function.__name__ == name
        assert list(found)[:3] == ["Summary", "Parameters", "Returns"]
        assert list(found)[3:] in (
            [["Raises", "Examples"], ["Raises", "References", "Examples"]] if forward else [["Examples"]]
        )
        assert re.findall(r"^(\w+) :", found["Parameters"], re.MULTILINE) == list(inspect.signature(function).parameters)
        assert "{" not in inspect.getdoc(function)
        assert all(line == line.rstrip() and len(line) <= 130 for line in inspect.getdoc(function).splitlines())


def test_a_function_that_wraps_an_activation_is_a_custom_function():
    @functools.wraps(activations.relu)
    def doubled(x):
        return 2 * activations.relu(x)

    x = np.ones((2, 3), np.float32)
    layer = layers.Activation(doubled)
    np.testing.assert_array_equal(layer(x), 2 * x)
    assert activations.get(doubled) is doubled


def test_functions_of_ops_can_be_pickled():
    for name in ops.__all__:
        function = getattr(ops, name)
        if callable(function):
            assert pickle.loads(pickle.dumps(function)) is function, name
