"""Quantization of a trained model, with no more training."""

import copy

from .._checks import choice, integer
from ..models.graphs import emit_all
from ..models.model import check_model
from ..threads import get_num_threads
from .ranges import METHODS, ranges_of


def quantize(model, images, *, method="mse", batch_size=32):
    """Return a model that predicts with 8-bit integers what another computes with real numbers.

    Convolutions and dense layers multiply unsigned 8-bit inputs with signed 8-bit weights, which have a scale for each filter
    (Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", 2018), and
    sum up in 32 bits; pooling and concatenation move such integers; whatever has no such kernel computes with real numbers
    as before. Outputs are the same bits on every processor and with any number of threads wherever integers alone are between.

    Parameters
    ----------
    model : Model
        Built and trained, of dtype float32. It stays as it is.
    images : ndarray, shape (samples, ...), or a list or dict of them
        Inputs as `predict` takes them, some hundreds that are like those to come. The scales of all results follow from them.
    method : {"mse", "percentile", "range"}
        How the bounds of a result's values become those of its 8-bit integers: where the mean square error is least; where
        99.99 % of the values lie; or where all do.
    batch_size : int
        Images computed at once.

    Returns
    -------
    Model
        A copy, whose `predict` and `evaluate` compute with integers. It may be saved and loaded, and trained on: training
        computes with real numbers, and new weights become integers when they are next needed.

    Raises
    ------
    TypeError, ValueError
        If the model is not built or not of float32, if `images` do not fit it, or if it computes NaN or infinity for them.

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
        raise ValueError(f"model is of dtype {model.dtype}; expected float32, which is what can be quantized")
    arrays = model._check_inputs(images)
    if len(arrays[0]) == 0:
        raise ValueError("images has no samples; expected some to compute scales from")

    def emit(size):
        graph, _ = emit_all(result, size, [array.shape[1:] for array in arrays], training=False)
        return graph, result._derived_weights, get_num_threads()

    result = copy.deepcopy(model)
    result.quantization, result.dtype_policy = None, result.dtype
    batches = ([array[i : i + batch_size] for array in arrays] for i in range(0, len(arrays[0]), batch_size))
    result.quantization = ranges_of(emit, batches, method)
    result._programs.clear()
    return result
