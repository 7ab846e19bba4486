"""Which operations stay float32: those of layers that are named, and those whose integers change a model's outputs too much."""

import numpy as np

from .._common.checks import shown
from ..engine import Plan, quantize
from ..engine.derived_weights import DerivedWeights
from ..engine.low_precision import able_operations
from ..threads import get_num_threads


def kept_by_name(calibration, quantization, names):
    """Return a quantization in which the operations of some layers, given by name or path, stay float32."""
    able = able_operations(calibration.graph()[0], quantization)
    kept = dict(quantization.kept)
    for name in names:
        found = [index for index, operation in able.items() if f"/{name}/" in f"/{operation.layer}/"]
        if not found:
            layers = sorted({str(operation.layer) for operation in able.values()})
            raise ValueError(f"keep has {shown(name)}, which has no integers to compute with; expected some of {layers}")
        kept |= dict.fromkeys(found, "asked for")
    return quantization._replace(kept=kept)


def kept_for_accuracy(calibration, quantization, tolerance):
    """Return a quantization in which as few operations stay float32 as it takes for outputs to be accurate.

    Operations are ranked by the error of the outputs if they alone are quantized; the first ones of that order stay.

    Parameters
    ----------
    calibration : Calibration
        The model, and its images, of which the first batch is computed.
    quantization : Quantization
        How it is quantized so far.
    tolerance : float
        The largest error of outputs: see `_Errors.of`.
    """
    errors = _Errors(calibration, quantization)
    if errors.of({}) <= tolerance:
        return quantization
    able = [each for each in able_operations(calibration.graph()[0], quantization) if each not in quantization.kept]
    alone = {index: errors.of(dict.fromkeys(set(able) - {index}, "more accurate")) for index in able}
    ranking = sorted(able, key=alone.get, reverse=True)
    too_few, enough = 0, len(ranking)  # numbers of operations to keep; if all are kept, there is no error
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        accurate = errors.of(dict.fromkeys(ranking[:middle], "more accurate")) <= tolerance
        too_few, enough = (too_few, middle) if accurate else (middle, enough)
    return quantization._replace(kept={**quantization.kept, **dict.fromkeys(ranking[:enough], "more accurate")})


class _Errors:
    """The errors of a model's outputs for a batch, by the operations that stay float32."""

    def __init__(self, calibration, quantization):
        self._calibration = calibration
        self._quantization = quantization
        self._arrays = next(calibration.batches())
        self._expected = self._outputs(None)

    def of(self, kept):
        """Return the root mean square of the errors divided by that of the outputs, with these operations kept, too."""
        kept = {**self._quantization.kept, **kept}
        got = self._outputs(self._quantization._replace(kept=kept))
        error = sum(float(np.sum((a - b) ** 2)) for a, b in zip(got, self._expected, strict=True))
        return (error / max(sum(float(np.sum(b**2)) for b in self._expected), np.finfo(np.float64).tiny)) ** 0.5

    def _outputs(self, quantization):
        """Return the outputs, computed in float32 if `quantization` is None."""
        graph, outputs = self._calibration.graph(len(self._arrays[0]))
        if quantization is not None:
            quantize(graph, outputs, quantization)
        computed = Plan(graph, outputs, get_num_threads(), DerivedWeights()).instantiate().compute(self._arrays)
        return [output.astype(np.float64) for output in computed]
