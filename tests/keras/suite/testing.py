"""The base class of test cases: comparisons of arrays, and checks of a layer that hold for any."""

import json
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from absl.testing import parameterized

import striate
from striate import ops
from striate.backend import standardize_dtype

from .symbolic import symbolic_tensor

#: Called with Keras' pattern and striate's message when an error has the expected class, but other words.
on_other_words = None


class TestCase(parameterized.TestCase):
    """A test case with the methods that Keras' tests call."""

    maxDiff = None

    def setUp(self):
        striate.utils.clear_session()

    def get_temp_dir(self):
        """Return a new folder, which is removed after the test."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def convert_to_numpy(self, x):
        """Return an array, variable or list as an array."""
        return x.numpy() if isinstance(x, striate.Variable) else np.asarray(x)

    # ---------------------------------------------------------------------------------------------------------- comparisons

    def assertAllClose(self, actual, desired, atol=1e-6, rtol=1e-6, tpu_atol=None, tpu_rtol=None, msg=None):
        """Check that shapes are equal and elements close."""
        actual, desired = self.convert_to_numpy(actual), self.convert_to_numpy(desired)
        np.testing.assert_allclose(actual, desired, atol=atol, rtol=rtol, err_msg=msg or "")

    def assertNotAllClose(self, x1, x2, atol=1e-6, rtol=1e-6, msg=None):
        """Check that some elements are not close."""
        x1, x2 = self.convert_to_numpy(x1), self.convert_to_numpy(x2)
        if x1.shape == x2.shape and np.allclose(x1, x2, atol=atol, rtol=rtol):
            self.fail(msg or f"all elements are close: {x1}")

    def assertAlmostEqual(self, actual, desired, decimal=3, tpu_decimal=None, msg=None):
        """Check that elements are equal to some decimal places."""
        actual, desired = self.convert_to_numpy(actual), self.convert_to_numpy(desired)
        np.testing.assert_almost_equal(actual, desired, decimal=decimal, err_msg=msg or "")

    def assertAllEqual(self, actual, desired, msg=None):
        """Check that shapes and elements are equal."""
        np.testing.assert_array_equal(self.convert_to_numpy(actual), self.convert_to_numpy(desired), err_msg=msg or "")

    def assertLen(self, container, expected_len, msg=None):
        """Check the length of a container."""
        assert len(container) == expected_len, msg

    def assertDType(self, x, dtype, msg=None):
        """Check the dtype of an array, tensor or number."""
        assert standardize_dtype(getattr(x, "dtype", type(x))) == standardize_dtype(dtype), msg

    def assertSparse(self, x, sparse=True):
        """Leave the test out if it expects a sparse tensor."""
        if sparse:
            pytest.skip("sparse: a sparse tensor is expected")

    def assertRagged(self, x, ragged=True):
        """Leave the test out if it expects a ragged tensor."""
        if ragged:
            pytest.skip("ragged: a ragged tensor is expected")

    def assertFileExists(self, path):
        """Check that a file exists."""
        assert Path(path).is_file(), f"no file {path}"

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        """Check the class of an error alone: its words are striate's own."""
        if args:
            with _Raises(self, expected_exception, expected_regex):
                args[0](*args[1:], **kwargs)
            return None
        return _Raises(self, expected_exception, expected_regex)

    # --------------------------------------------------------------------------------------------------------- serialization

    def run_class_serialization_test(self, instance, custom_objects=None):
        """Check that an object made again from its configuration has the same configuration; return it."""
        saving = striate.saving
        kind = type(instance)
        if not kind.__module__.startswith("striate."):  # Keras finds it by the name of its module.
            custom_objects = {kind.__name__: kind, **(custom_objects or {})}
        config = instance.get_config()
        with saving.custom_object_scope(custom_objects or {}):
            again = kind.from_config(config)
        assert _as_json(again.get_config()) == _as_json(config)
        if not hasattr(saving, "serialize_keras_object"):
            return again
        serialized = json.loads(_as_json(saving.serialize_keras_object(instance)), object_hook=_tuples)
        with saving.custom_object_scope(custom_objects or {}):
            revived = saving.deserialize_keras_object(serialized)
        assert _as_json(revived.get_config()) == _as_json(config)
        for other in (again, revived):
            assert type(other) is kind
            assert {name for name in dir(other) if name[0] != "_"} == {name for name in dir(instance) if name[0] != "_"}
        return revived

    # ---------------------------------------------------------------------------------------------------------------- layers

    def run_layer_test(
        self,
        layer_cls,
        init_kwargs,
        input_shape=None,
        input_dtype=None,
        input_sparse=False,
        input_ragged=False,
        input_data=None,
        call_kwargs=None,
        expected_output_shape=None,
        expected_output_dtype=None,
        expected_output_sparse=False,
        expected_output_ragged=False,
        expected_output=None,
        expected_num_trainable_weights=None,
        expected_num_non_trainable_weights=None,
        expected_num_non_trainable_variables=None,
        expected_num_seed_generators=None,
        expected_num_losses=None,
        supports_masking=None,
        expected_mask_shape=None,
        custom_objects=None,
        run_training_check=True,
        run_mixed_precision_check=True,
        assert_built_after_instantiation=False,
        tpu_atol=None,
        tpu_rtol=None,
    ):
        """Check a layer's configuration, its weights, and its outputs on symbolic tensors, on arrays and in training.

        Arguments are those of Keras' method. Those about masks, seed generators and mixed precision are not checked.
        """
        for kind, given in (
            ("sparse", input_sparse or expected_output_sparse),
            ("ragged", input_ragged or expected_output_ragged),
            ("masking", expected_mask_shape is not None),
        ):
            if given:
                pytest.skip(f"{kind}: argument of run_layer_test")
        init_kwargs, call_kwargs = init_kwargs or {}, call_kwargs or {}

        def made():
            return layer_cls(**init_kwargs)

        def called(layer, inputs):
            return layer(**inputs, **call_kwargs) if isinstance(inputs, dict) else layer(inputs, **call_kwargs)

        def check_weights(layer):
            assert layer.built
            for weights, count in (
                ("trainable_weights", expected_num_trainable_weights),
                ("non_trainable_weights", expected_num_non_trainable_weights),
            ):
                if count is not None:
                    self.assertLen(getattr(layer, weights), count, f"unexpected number of {weights}")

        def check_output(output):
            if expected_output_shape is not None:
                _map_shapes(_check_shape, expected_output_shape, output)
            if expected_output_dtype is not None:
                dtypes = _leaves(expected_output_dtype)
                assert [standardize_dtype(y.dtype) for y in _leaves(output)] == dtypes

        self.run_class_serialization_test(made(), custom_objects)
        if input_shape is None and input_data is None:
            return

        if input_data is None:
            dtypes = input_dtype if input_dtype is not None else _map_shapes(lambda shape: "float32", input_shape)
            rng = np.random.default_rng(1337)
            input_data = _map_shapes(lambda shape, dtype: (3 * rng.random(shape)).astype(dtype), input_shape, dtypes)
        shapes = input_shape if input_shape is not None else _map(lambda x: tuple(x.shape), input_data)
        if isinstance(input_data, dict):
            input_data = {name.removesuffix("_shape"): value for name, value in input_data.items()}

        layer = made()
        if isinstance(shapes, dict):
            layer.build(**shapes)
        else:
            layer.build(shapes)
        check_weights(layer)

        layer = made()
        symbolic = _map(lambda x: symbolic_tensor(x.shape, x.dtype), input_data)
        output = called(layer, symbolic)
        check_weights(layer)
        check_output(output)
        if assert_built_after_instantiation:
            assert made().built, f"{layer_cls.__name__} has no weights; expected it to be built at once"

        layer = made()
        output = called(layer, input_data)
        check_weights(layer)
        check_output(output)
        if expected_output is not None:
            for y, expected in zip(_leaves(output), _leaves(expected_output), strict=True):
                self.assertAllClose(y, expected)
        if expected_num_losses is not None:
            self.assertLen(layer.losses, expected_num_losses)
        if run_training_check:
            _train(layer, input_data, output)


class _Raises:
    """The context of `assertRaisesRegex`."""

    def __init__(self, case, expected, pattern):
        self._case, self._expected, self._pattern = case, expected, pattern

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self._case.fail(f"{self._expected} not raised")
        if not issubclass(kind, self._expected):
            return False
        self.exception = error
        if on_other_words and not re.search(self._pattern, str(error)):
            on_other_words(getattr(self._pattern, "pattern", self._pattern), str(error))
        return True


class _SumOfOutputs(striate.Loss):
    def call(self, y_true, y_pred):
        return ops.sum(ops.reshape(y_pred, (-1, 1)), axis=-1)


def _train(layer, x, y):
    """Train a model of a layer for a step, with the sum of its output as the loss."""

    class Network(striate.Model):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def call(self, x, training=False):
            return self.layer(x, training=training)

    model = Network()
    model.compile(optimizer="sgd", loss=_SumOfOutputs(reduction="sum"), jit_compile="auto")
    model.fit(iter(lambda: (x, y), None), steps_per_epoch=1, verbose=0)


# ------------------------------------------------------------------------------------------------------------------- structures


def _is_shape(value):
    return isinstance(value, (tuple, list)) and all(size is None or isinstance(size, (int, np.integer)) for size in value)


def _map_shapes(function, shapes, *others):
    """Call a function with each shape of a structure, and what is at its place in others; return the results' structure."""
    if _is_shape(shapes):
        return function(tuple(shapes), *others)
    if isinstance(shapes, dict):
        return {name: _map_shapes(function, shape, *(other[name] for other in others)) for name, shape in shapes.items()}
    return type(shapes)(_map_shapes(function, *each) for each in zip(shapes, *others, strict=True))


def _map(function, structure):
    """Call a function with each array of a structure; return the results' structure."""
    if isinstance(structure, dict):
        return {name: _map(function, value) for name, value in structure.items()}
    return (
        type(structure)(_map(function, each) for each in structure)
        if isinstance(structure, (tuple, list))
        else function(structure)
    )


def _leaves(structure):
    """Return the arrays of a structure."""
    if isinstance(structure, dict):
        structure = [structure[name] for name in sorted(structure)]
    return [leaf for each in structure for leaf in _leaves(each)] if isinstance(structure, (tuple, list)) else [structure]


def _check_shape(expected, y):
    """Check that an array has the expected shape, of which None is any size."""
    fits = len(y.shape) == len(expected) and all(want in (None, have) for have, want in zip(y.shape, expected, strict=True))
    assert fits, f"output has shape {y.shape}; expected {expected}"


def _as_json(value):
    def with_tuples(value):
        if isinstance(value, tuple):
            return {"tuple": [with_tuples(each) for each in value]}
        if isinstance(value, list):
            return [with_tuples(each) for each in value]
        return {key: with_tuples(each) for key, each in value.items()} if isinstance(value, dict) else value

    return json.dumps(with_tuples(value), sort_keys=True, indent=1)


def _tuples(value):
    return tuple(value["tuple"]) if set(value) == {"tuple"} else value
