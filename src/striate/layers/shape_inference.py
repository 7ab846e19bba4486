"""Inference of the shape and dtype of a layer's output: by `compute_output_shape`, or by tracing `call`.

Tracing calls `call` with symbolic tensors, or with the values of a graph that is never run.
"""

import contextlib
import copy

import numpy as np

from .._common.contexts import setting
from .._common.structures import OF_SHAPES, flat_shapes, structure_of_shapes, structured
from ..engine import Graph
from ..engine.operators import inferring_shapes, nothing_emitted
from ..engine.shapes import TRACED_SIZES, with_numbers, without_any_sizes
from .call_arguments import call_with, call_with_shapes
from .shape_checks import naming
from .sizes import TRACED_BATCH_SIZES, common_sizes, has_unknown_sizes, with_batch_size
from .symbolic import Trace, dtypes_of, shapes_of, tensors_of


class InfersShapes:
    """A base class of layers that infers the shape and dtype of their output."""

    def _copy_to_trace(self):
        """Return a copy of the layer, which is built to trace `call`."""
        return copy.deepcopy(self)

    def _shape_follows_from_call(self):
        """Return whether the output's shape can only be inferred by tracing `call`."""
        return not self._defines("compute_output_shape") and self._defines("call")

    def _knows_dtype(self):
        """Return whether the output has the dtype of what `call` returns, not necessarily the layer's."""
        return self.passes_dtype_on or self._shape_follows_from_call()

    def _output_shape_for(self, input_shape):
        """Return the output's shape, with None for sizes that depend on unknown ones; errors name the layer."""
        return self._output_for(input_shape)[0]

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output for the shape and dtypes of the input; a dtype of None is the layer's."""
        shapes = flat_shapes(input_shape)
        if not self.takes_empty_samples and any(0 in shape[1:] for shape in shapes):
            raise ValueError(f"layer {self.name!r} got input of shape {input_shape}; expected samples with sizes of at least 1")
        try:
            if self._defines("compute_output_spec"):
                with contextlib.suppress(NotImplementedError):  # Otherwise, the call tells.
                    y = call_with(self, tensors_of(input_shape, self, None, dtypes), "compute_output_spec")
                    return shapes_of(y), dtypes_of(y)
            if self._shape_follows_from_call():
                return self._infer_by_tracing(input_shape, dtypes)
            shape = structure_of_shapes(call_with_shapes(self, "compute_output_shape", input_shape))
            if not (self.passes_dtype_on and dtypes):
                return shape, None
            return shape, dtypes if isinstance(shape, OF_SHAPES) else dtypes[0]
        except (TypeError, ValueError) as error:
            raise naming(self, error) from None

    def _output_in_trace(self, sizes, dtypes):
        """Return the shape and dtype of the output for the shape of the input, both shapes with `AnySize` for unknown sizes."""
        shape, dtype = self._output_for(without_any_sizes(sizes), dtypes)
        return with_numbers(shape, self._output_shape_for, sizes), dtype

    def _infer_by_tracing(self, input_shape, dtypes=None):
        """Return the shape and dtype of what `call` returns for the shape and dtypes of the input, or structures of both."""
        if not self._defines("build"):
            first = self._trace_symbolically(input_shape, dtypes, TRACED_SIZES[0])
            shape = shapes_of(first)
            if any(None in each for each in flat_shapes(input_shape)):
                second = self._trace_symbolically(input_shape, dtypes, TRACED_SIZES[1])
                shape = common_sizes(shape, shapes_of(second))
            return shape, dtypes_of(first)
        rng = np.random.default_rng(0)
        layer = self if self._built else self._copy_to_trace()  # `call` needs the weights.
        if not layer._built:
            layer._build(input_shape, rng)
        pairs = zip(TRACED_BATCH_SIZES, TRACED_SIZES, strict=True)
        first, second = (layer._trace_call(input_shape, rng, dtypes, *pair) for pair in pairs)
        return with_batch_size(common_sizes(shapes_of(first), shapes_of(second)), input_shape), dtypes_of(first)

    def _trace_symbolically(self, input_shape, dtypes, sizes):
        """Return what `call` returns for symbolic tensors, with a pair of `TRACED_SIZES` in place of unknown sizes."""
        x = tensors_of(input_shape, self, Trace(None, sizes), dtypes)
        # Values of the graph that is being made do not go together with symbolic tensors.
        with setting(inferring_shapes, True), nothing_emitted():
            return self._call_bare(x, None)

    def _trace_call(self, input_shape, rng, dtypes=None, batch_size=1, sizes=TRACED_SIZES[0]):
        """Return what `call` returns for inputs of a shape; this also builds the layers that it calls."""
        graph = Graph(rng=rng, traced=True)
        with graph.within(self.name, None):
            if has_unknown_sizes(input_shape):
                x = tensors_of(input_shape, self, Trace(rng, sizes), dtypes)
            else:
                shapes = flat_shapes(input_shape)
                dtypes = [self.dtype] * len(shapes) if dtypes is None else dtypes
                values = [graph.input((batch_size, *shape[1:]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
                x = structured(input_shape, values)
            return self._call_bare(x, False)
