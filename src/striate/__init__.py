"""striate: train and run convolutional neural networks on CPUs, on plain NumPy arrays."""

import importlib

from . import (
    activations,
    callbacks,
    config,
    constraints,
    data,
    dtype_policies,
    functional,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    random,
    regularizers,
    saving,
    tree,
)
from ._common.names import no_attribute
from ._version import __version__
from .algorithms import get_winograd, set_winograd
from .dtype_policies import DTypePolicy, FloatDTypePolicy
from .engine import GradientTape, Variable, gradients
from .initializers import Initializer
from .layers import Input, InputLayer, InputSpec, Layer
from .layers.custom_operation import Operation
from .layers.symbolic import Tensor as KerasTensor
from .losses import Loss
from .metrics import Metric
from .models import Function, Functional, Model, Sequential
from .optimizers import Optimizer
from .regularizers import Regularizer
from .scopes import RematScope, device, name_scope, remat
from .threads import get_num_threads, num_threads, set_num_threads
from .versions import show_versions

#: Modules that are imported when they are first used, since not every program needs them.
_LATER = {
    "applications",
    "architectures",
    "backend",
    "datasets",
    "detection",
    "distillation",
    "faces",
    "image",
    "interop",
    "io",
    "ocr",
    "ops",
    "preprocessing",
    "quantization",
    "retrieval",
    "sklearn",
    "tracking",
    "utils",
    "video",
    "visualization",
    "visualize",
    "wrappers",
}


def __getattr__(name):
    if name in _LATER:
        return importlib.import_module(f".{name}", __name__)
    raise no_attribute(__name__, name, __dir__())


def __dir__():
    return sorted({*__all__, *_LATER})


def version():
    """Return the version of striate."""
    return __version__


__all__ = [
    "DTypePolicy",
    "FloatDTypePolicy",
    "Function",
    "Functional",
    "GradientTape",
    "Initializer",
    "Input",
    "InputLayer",
    "InputSpec",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Operation",
    "Optimizer",
    "Regularizer",
    "RematScope",
    "Sequential",
    "Variable",
    "__version__",
    "activations",
    "applications",
    "architectures",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "data",
    "datasets",
    "detection",
    "device",
    "distillation",
    "dtype_policies",
    "faces",
    "functional",
    "get_num_threads",
    "get_winograd",
    "gradients",
    "image",
    "initializers",
    "interop",
    "io",
    "layers",
    "losses",
    "metrics",
    "models",
    "name_scope",
    "num_threads",
    "ocr",
    "ops",
    "optimizers",
    "preprocessing",
    "quantization",
    "random",
    "regularizers",
    "remat",
    "retrieval",
    "saving",
    "set_num_threads",
    "set_winograd",
    "show_versions",
    "tracking",
    "tree",
    "utils",
    "version",
    "video",
    "visualization",
    "visualize",
]
