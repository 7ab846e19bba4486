"""How the shape and dtype of a layer's output are found out: by its `compute_output_shape`, or by calling `call` on trial."""

import copy

import numpy as np

from ..engine import Graph
from ..engine.shapes import with_numbers, without_any_sizes
from .shape_checks import naming
from .sizes import SOME_BATCHES, common, has_unknown_sizes
from .symbolic import Trial, dtypes_of, flat_shapes, shapes_of, tensors_of


class InfersShapes:
    """A base class of layers for the shape and dtype of their output."""

    def _trial_copy(self):
        """Return a layer like this one, that is built to find out a shape."""
        return copy.deepcopy(self)

    def _shape_follows_from_call(self):
        """Return whether the output's shape can only be inferred by calling `call`."""
        return not self._defines("compute_output_shape") and self._defines("call")

    def _knows_dtype(self):
        """Return whether the dtype of what `call` returns is known, and need not be the layer's."""
        return self.passes_dtype_on or self._shape_follows_from_call()

    def _output_shape_for(self, input_shape):
        """Return the output's shape, with None where it depends on a None in the input's; errors name the layer."""
        return self._output_for(input_shape)[0]

    def _output_for(self, input_shape, dtypes=None):
        """Return shape and dtype of the output for inputs of a shape, and of dtypes; None for the layer's dtype."""
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        if not self.takes_empty_samples and any(0 in shape[1:] for shape in shapes):
            raise ValueError(f"layer {self.name!r} got input of shape {input_shape}; expected samples with sizes of at least 1")
        try:
            if self._shape_follows_from_call():
                return self._outcome_of_call(input_shape, dtypes)
            return self.compute_output_shape(input_shape), dtypes[0] if self.passes_dtype_on and dtypes else None
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None

    def _output_in_trial(self, sizes, dtypes):
        """Return shape and dtype of the output for inputs of a shape, both with `AnySize` for what is not known."""
        shape, dtype = self._output_for(without_any_sizes(sizes), dtypes)
        return with_numbers(shape, self._output_shape_for, sizes), dtype

    def _outcome_of_call(self, input_shape, dtypes=None):
        """Return shape and dtype of what `call` returns for inputs of a shape and of dtypes; lists of both for several."""
        if not self._defines("build"):
            x = tensors_of(input_shape, self, Trial(None), dtypes)
            y = self._call_bare(x if isinstance(input_shape, list) else x[0], None)
            return shapes_of(y), dtypes_of(y)
        rng = np.random.default_rng(0)
        layer = self if self.built else self._trial_copy()  # `call` needs the weights
        if not layer.built:
            layer._build(input_shape, rng)
        first, second = (layer._call_on_trial(input_shape, rng, dtypes, batch) for batch in SOME_BATCHES)
        return common(shapes_of(first), shapes_of(second)), dtypes_of(first)

    def _call_on_trial(self, input_shape, rng, dtypes=None, batch=1):
        """Return what `call` returns for inputs of a shape, having built the layers within this one."""
        graph = Graph(rng=rng)
        with graph.within(self.name, None):
            if has_unknown_sizes(input_shape):
                x = tensors_of(input_shape, self, Trial(rng), dtypes)
            else:
                shapes = flat_shapes(input_shape)
                dtypes = [self.dtype] * len(shapes) if dtypes is None else dtypes
                x = [graph.input((batch, *shape[1:]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
            return self._call_bare(x if isinstance(input_shape, list) else x[0], False)
