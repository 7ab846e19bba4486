"""Post-training quantization of a model."""

import copy

from .._common.checks import choice, integer
from ..models.arrays import parts
from ..models.graphs import emit_all
from ..models.model import check_model
from ..threads import get_num_threads
from .ranges import METHODS, ranges_of


def quantize(model, images, *, method="mse", batch_size=32):
    """Return a copy of a model that predicts with 8-bit integers instead of float32.

    Convolutions and dense layers multiply unsigned 8-bit inputs by signed 8-bit weights, which have a scale for each filter
    (Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", 2018), and
    accumulate in 32 bits; pooling and concatenation move such integers. Operations without such a kernel compute in float32 as
    before. Outputs have the same bits on every processor, and with any number of threads, if only integers come before them.

    Parameters
    ----------
    model : Model
        The model, built and trained, of dtype float32. It is not changed.
    images : ndarray, shape (samples, ...), or a list or dict of them
        Inputs as `predict` takes them, some hundreds of typical ones. They determine the scales of all intermediate results.
    method : {"mse", "percentile", "range"}
        How the range of a result's 8-bit integers is chosen: for the least mean squared error; so that it covers 99.99 % of
        the values; or so that it covers all values.
    batch_size : int
        Images computed at once.

    Returns
    -------
    Model
        A copy, whose `predict` and `evaluate` compute with integers. It can be saved, loaded, and trained further: training
        computes in float32, and changed weights are quantized again when they are next needed.

    Raises
    ------
    TypeError, ValueError
        If the model is not built or not float32, if `images` do not fit it, or if it computes NaN or infinity for them.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers
    >>> from striate.quantization import quantize
    >>> images = np.random.default_rng(0).random((64, 8, 8, 3), np.float32)
    >>> model = Sequential([layers.Input((8, 8, 3)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(2)], rng=0)
    >>> small = quantize(model, images)
    >>> bool(abs(small.predict(images) - model.predict(images)).max() < 0.05)
    True
    """
    method = choice("method", method, tuple(METHODS))
    batch_size = integer("batch_size", batch_size, 1)
    check_model(model)._require_built()
    if model.dtype != "float32":
        raise ValueError(f"model has dtype {model.dtype}; expected float32, the only one that can be quantized")
    arrays = model._check_inputs(images)
    if len(arrays[0]) == 0:
        raise ValueError("images has no samples; expected some to compute scales from")

    def emit(size):
        graph, _ = emit_all(result, size, [array.shape[1:] for array in arrays], training=False)
        return graph, result._derived_weights, get_num_threads()

    result = copy.deepcopy(model)
    result.quantization, result.dtype_policy = None, result.dtype
    batches = ([array[part] for array in arrays] for part in parts(len(arrays[0]), batch_size))
    result.quantization = ranges_of(emit, batches, method)
    result._programs.clear()
    return result
