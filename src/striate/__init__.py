"""striate: train and run convolutional neural networks on CPUs, on plain NumPy arrays."""

from . import (
    activations,
    architectures,
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
from .functional._algorithms import get_winograd, set_winograd
from .layers import Input
from .models import Model, Sequential
from .threads import get_num_threads, num_threads, set_num_threads
from .versions import show_versions

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "__version__",
    "activations",
    "architectures",
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
]
