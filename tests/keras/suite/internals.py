"""What Keras' tests use of Keras beside its public names, by the name of its definition: helpers, written anew for striate."""

import hashlib
import os
import shutil
import sys
import types
from pathlib import Path

import absl.logging
import pytest

import striate
from striate._common import registry
from striate.models.training import Trainable
from striate.ops import convert_to_numpy

from . import testing, transposed
from .symbolic import KerasTensor, standardize_shape

BACKENDS = ("tensorflow", "jax", "torch", "numpy", "openvino")


def skip_if_backend(name, reason):
    """Return the mark with which a test is left out with a backend; it has no effect here."""
    return pytest.mark.skipif(name not in BACKENDS, reason=reason)


def any_symbolic_tensors(args=(), kwargs=None):
    """Return whether an argument is a symbolic tensor."""
    return any(isinstance(each, striate.KerasTensor) for each in (*args, *(kwargs or {}).values()))


def canonicalize_axis(axis, rank):
    """Return an axis as a non-negative number."""
    return axis % rank


def backend():
    """Return the name of the backend, one of Keras' own to the tests of trainers, which choose a class by it on import."""
    caller = sys._getframe(1)
    imports = caller.f_code.co_name == "<module>" and caller.f_globals["__name__"].endswith("trainer_test")
    return "numpy" if imports else striate.backend.backend()


class _Initialized(striate.Layer):
    """What ends the chain of constructors for a layer that is initialized already."""

    def __init__(self, **kwargs):
        if "_own_weights" not in vars(self):
            super().__init__(**kwargs)


class Trainer(Trainable, _Initialized):
    """What makes a model of a layer, as in `class Model(Trainer, layers.Dense)`."""

    def __init__(self):
        super().__init__()
        self.built = False

    def _build(self, input_shape, rng):
        super()._build(input_shape, rng)
        self._structure_changed()


def hash_file(fpath, algorithm="sha256"):
    """Return the hash of a file's content."""
    return hashlib.new(algorithm, Path(fpath).read_bytes()).hexdigest()


CONFTEST = types.ModuleType("conftest")
CONFTEST.skip_if_backend = skip_if_backend

OBJECTS = {
    "keras.src.testing.test_case.TestCase": testing.TestCase,
    **{
        f"keras.src.testing.test_case.{library}_uses_{device}": bool
        for library in ("jax", "tensorflow", "torch")
        for device in ("gpu", "tpu")
    },
    "keras.src.testing.test_case.uses_gpu": bool,
    "keras.src.testing.test_case.uses_tpu": bool,
    "keras.src.backend.config.backend": backend,
    "keras.src.backend.numpy.trainer.NumpyTrainer": Trainer,
    "keras.src.models.functional.Functional": striate.Model,
    "keras.src.backend.common.keras_tensor.KerasTensor": KerasTensor,
    "keras.src.backend.common.keras_tensor.any_symbolic_tensors": any_symbolic_tensors,
    "keras.src.backend.common.variables.standardize_shape": standardize_shape,
    "keras.src.backend.common.backend_utils.canonicalize_axis": canonicalize_axis,
    "keras.src.backend.common.backend_utils.compute_conv_transpose_output_shape": transposed.output_shape,
    "keras.src.backend.common.backend_utils.compute_conv_transpose_padding_args_for_jax": transposed.paddings,
    "keras.src.backend.config.standardize_data_format": lambda data_format: data_format or striate.config.image_data_format(),
    "keras.src.backend.numpy.core.convert_to_numpy": convert_to_numpy,
    "keras.src.backend.numpy.core.SUPPORTS_COMPLEX_DTYPES": True,
    "keras.src.backend.numpy.core.SUPPORTS_RAGGED_TENSORS": False,
    "keras.src.backend.numpy.core.SUPPORTS_SPARSE_TENSORS": False,
    "keras.src.backend.numpy.core.IS_THREAD_SAFE": True,
    "keras.src.backend.numpy.core.Variable": striate.Variable,
    "keras.src.backend.numpy.core.random_seed_dtype": lambda: "uint32",
    "keras.src.backend.common.dtypes.FLOAT_TYPES": ("float16", "float32", "float64"),
    "keras.src.backend.common.dtypes.INT_TYPES": ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
    "keras.src.backend.common.dtypes.FLOAT8_TYPES": (),
    "keras.src.backend.common.dtypes.BOOL_TYPES": ("bool",),
    "keras.src.backend.common.dtypes.COMPLEX_TYPES": ("complex64", "complex128"),
    "keras.src.backend.common.dtypes.ALLOWED_DTYPES": (
        *("float16", "float32", "float64", "complex64", "complex128", "bool", "string"),
        *("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
    ),  # without bfloat16
}

#: Functions that public ones of the same name call, and do alike: tests of either are tests of the public ones.
OBJECTS |= {
    "keras.src.saving.saving_lib.load_model": striate.saving.load_model,
    "keras.src.saving.saving_lib.save_model": striate.saving.save_model,
    "keras.src.saving.saving_lib.load_weights_only": lambda model, *args, **kwargs: model.load_weights(*args, **kwargs),
    "keras.src.saving.saving_lib.save_weights_only": lambda model, *args, **kwargs: model.save_weights(*args, **kwargs),
}
#: Functions of Keras' implementations of `tree` are such, too.
OBJECTS |= {
    f"keras.src.tree.optree_impl.{name}": getattr(striate.tree, name) for name in striate.tree.__all__ if name != "MAP_TO_NONE"
}
#: Files and messages, by which tests look at what was done; the tests of these functions are among `exclusions.PATTERNS`.
OBJECTS |= {
    "keras.src.utils.file_utils.exists": os.path.exists,
    "keras.src.utils.file_utils.hash_file": hash_file,
    "keras.src.utils.file_utils.join": os.path.join,
    "keras.src.utils.file_utils.listdir": os.listdir,
    "keras.src.utils.file_utils.makedirs": os.makedirs,
    "keras.src.utils.file_utils.rmtree": shutil.rmtree,
    "keras.src.utils.io_utils.set_logging_verbosity": absl.logging.set_verbosity,
}
OBJECTS |= {
    "keras.src.utils.module_utils.optree": types.SimpleNamespace(available=True),
    "keras.src.utils.module_utils.dmtree": types.SimpleNamespace(available=False),
    "keras.src.saving.object_registration.GLOBAL_CUSTOM_NAMES": registry.NAMES,
    "keras.src.saving.object_registration.GLOBAL_CUSTOM_OBJECTS": registry.REGISTERED,
}
