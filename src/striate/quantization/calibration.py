"""What a model computes in float32 for the images that it is calibrated with."""

from ..engine import Plan
from ..engine.low_precision import value_indices
from ..models.arrays import parts
from ..models.graphs import emit_fused
from ..threads import get_num_threads


class Calibration:
    """A model, and the images that determine its scales.

    Parameters
    ----------
    model : Model
        The model, whose weights may change later.
    arrays : list of ndarray
        The images, as checked inputs of the model.
    batch_size : int
        Images computed at once.
    """

    def __init__(self, model, arrays, batch_size):
        self.model = model
        self.arrays = arrays
        self.batch_size = batch_size

    def graph(self, size=1):
        """Return a new graph of the prediction of a batch, with fused operations, before it is quantized, and its outputs."""
        return emit_fused(self.model, size, [array.shape[1:] for array in self.arrays])

    def batches(self):
        """Yield the inputs of each batch, as a list of arrays."""
        for part in parts(len(self.arrays[0]), self.batch_size):
            yield [array[part] for array in self.arrays]

    def values(self, indices=None):
        """Yield the values of each batch as a dict of arrays by index: see `striate.engine.low_precision.value_indices`.

        Parameters
        ----------
        indices : collection of int, optional
            Indices of the values; all if None.
        """
        plans = {}
        for arrays in self.batches():
            size = len(arrays[0])
            if size not in plans:
                graph, _ = self.graph(size)
                values = {index: value for value, index in value_indices(graph).items() if indices is None or index in indices}
                computed = [index for index in values if index >= 0]
                plan = Plan(graph, [values[index] for index in computed], get_num_threads(), self.model._derived_weights)
                plans[size] = plan.instantiate(), computed, [-1 - index for index in values if index < 0]
            executable, computed, inputs = plans[size]
            given = {-1 - i: arrays[i] for i in inputs}
            yield given | dict(zip(computed, executable.compute(arrays), strict=True))
