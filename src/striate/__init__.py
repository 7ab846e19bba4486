"""striate: train and run convolutional neural networks on CPUs, on plain NumPy arrays."""

from . import (
    activations,
    applications,
    architectures,
    backend,
    callbacks,
    config,
    constraints,
    data,
    datasets,
    functional,
    initializers,
    interop,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    random,
    regularizers,
    saving,
    utils,
)
from ._version import __version__
from .engine import Variable
from .functional._algorithms import get_winograd, set_winograd
from .initializers import Initializer
from .layers import Input, InputLayer, Layer
from .layers.symbolic import Tensor as KerasTensor
from .losses import Loss
from .metrics import Metric
from .models import Functional, Model, Sequential
from .optimizers import Optimizer
from .regularizers import Regularizer
from .threads import get_num_threads, num_threads, set_num_threads
from .versions import show_versions


def version():
    """Return the version."""
    return __version__


__all__ = [
    "Functional",
    "Initializer",
    "Input",
    "InputLayer",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Regularizer",
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
    "functional",
    "get_num_threads",
    "get_winograd",
    "initializers",
    "interop",
    "layers",
    "losses",
    "metrics",
    "models",
    "num_threads",
    "ops",
    "optimizers",
    "random",
    "regularizers",
    "saving",
    "set_num_threads",
    "set_winograd",
    "show_versions",
    "utils",
    "version",
]
