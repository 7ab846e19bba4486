"""Post-training quantization of a model."""

import copy

from .._common.checks import boolean, choice, integer, number, sequence, text
from ..engine import Quantization
from ..engine.derived_weights import DerivedWeights
from ..models.model import check_model
from .bias_correction import correct_biases
from .calibration import Calibration
from .equalization import equalize
from .ranges import METHODS, ranges_of
from .sensitivity import kept_by_name, kept_for_accuracy


def quantize(model, images, *, method="mse", equalization=False, bias_correction=True, keep=(), tolerance=None, batch_size=32):
    """Return a copy of a model that predicts with 8-bit integers instead of float32.

    Convolutions and dense layers multiply unsigned 8-bit inputs by signed 8-bit weights, which have a scale for each filter
    [1]_, and accumulate in 32 bits; pooling and concatenation move such integers. Operations without such a kernel compute in
    float32 as before. Outputs have the same bits on every processor, and with any number of threads, if only integers come
    before them, and `Model.autotune` is off.

    `fit` trains the copy to be accurate with integers: training steps compute in float32, but round weights and results where
    predictions do, with straight-through gradients, and leave the statistics of batch normalization as they are. A few epochs
    with a small learning rate, such as 1e-4, make up for most of what rounding costs. Gradients of a `GradientTape`, as in
    custom training steps, are those of the model without rounding.

    Parameters
    ----------
    model : Model
        The model, built and trained, of dtype float32. It is not changed.
    images : ndarray, shape (samples, ...), or a list or dict of them
        Inputs as `predict` takes them, some hundreds of typical ones. They determine the scales of all intermediate results.
    method : {"mse", "percentile", "range"}
        How the range of a result's 8-bit integers is chosen: for the least mean squared error; so that it covers 99.99 % of
        the values; or so that it covers all values.
    equalization : bool
        Whether channels are scaled so that the weights of consecutive layers have about the same range [2]_. This helps
        networks whose channels differ widely, and no others. Each ReLU6 becomes a ReLU.
    bias_correction : bool
        Whether the mean error that rounded weights cause in each channel is subtracted from its bias [2]_.
    keep : list of str
        Names, or paths, of layers that stay float32.
    tolerance : float, optional
        If given, as few layers stay float32 as it takes for the errors of the outputs for `batch_size` images to have a root
        mean square of at most this fraction of that of the outputs. Layers are ranked by the error if they alone have integers.
    batch_size : int
        Images computed at once.

    Returns
    -------
    Model
        A copy, whose `predict` and `evaluate` compute with integers. It can be saved, loaded and trained further. Its
        `plan(1).report()` tells which layers compute with integers, and why others do not. With `autotune`, layers that are
        faster in float32 on this machine compute in float32, too.

    Raises
    ------
    TypeError, ValueError
        If the model is not built or not float32, if `images` do not fit it, if it computes NaN or infinity for them, or if
        `keep` names a layer that has no integers to compute with.

    References
    ----------
    .. [1] Jacob, B. et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference",
       CVPR 2018.
    .. [2] Nagel, M. et al., "Data-free quantization through weight equalization and bias correction", ICCV 2019.

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
    equalization = boolean("equalization", equalization)
    bias_correction = boolean("bias_correction", bias_correction)
    keep = [text("keep", name) for name in sequence("keep", keep, "names of layers")]
    tolerance = None if tolerance is None else number("tolerance", tolerance, 0)
    batch_size = integer("batch_size", batch_size, 1)
    check_model(model)._require_built()
    if model.dtype != "float32":
        raise ValueError(f"model has dtype {model.dtype}; expected float32, the only one that can be quantized")
    arrays = model._check_inputs(images)
    if len(arrays[0]) == 0:
        raise ValueError("images has no samples; expected some to compute scales from")

    result = copy.deepcopy(model)
    result.quantization, result.dtype_policy = None, result.dtype
    calibration = Calibration(result, arrays, batch_size)
    if equalization:
        equalize(calibration)
    quantization = Quantization(ranges_of(calibration, method), {})
    quantization = kept_by_name(calibration, quantization, keep)
    if tolerance is not None:
        quantization = kept_for_accuracy(calibration, quantization, tolerance)
    if bias_correction:
        correct_biases(calibration, quantization)
    result.quantization = quantization
    result._programs.clear()
    result._derived_weights = DerivedWeights()  # The old ones were for calibration, in float32.
    return result
