"""The base class of custom computations without weights."""

from .._common.structures import leaves
from ..engine.operators import Operators, current_graph
from .base import Layer
from .call_arguments import takes


class Operation(Layer):
    """Base class of computations without weights, which are written with `striate.ops`.

    A subclass defines `call`. Called on arrays, an operation returns what `call` returns for them; called on symbolic tensors,
    it becomes a part of their graph, as a layer does. `compute_output_spec` may tell the shape and dtype of the output there;
    otherwise they follow from `call`.

    Parameters
    ----------
    name : str, optional
        Name, unique within a model; made from the name of the class if None.

    See Also
    --------
    striate.layers.Layer : The same with weights.
    striate.layers.Operation : A function of `striate.ops` in a graph.

    Examples
    --------
    >>> import numpy as np
    >>> import striate
    >>> from striate import ops
    >>> class Normalized(striate.Operation):
    ...     def call(self, x, axis=-1):
    ...         return x / ops.norm(x, axis=axis, keepdims=True)
    >>> Normalized()(np.array([[3.0, 4.0]]))
    array([[0.6, 0.8]])
    >>> x = striate.Input((2,))
    >>> striate.Model(x, Normalized()(x)).predict(np.array([[3.0, 4.0]]))
    array([[0.6, 0.8]], dtype=float32)
    """

    takes_empty_samples = built_at_once = True

    def __init__(self, name=None):
        super().__init__(name=name)

    def __call__(self, *args, training=None, rng=None, **kwargs):
        """Return the output: what `call` returns for arrays, or symbolic tensors for symbolic tensors.

        See `Layer`; `training` is for a `call` with such an argument.
        """
        if current_graph() is not None or any(isinstance(each, Operators) for each in leaves([args, kwargs])):
            return super().__call__(*args, training=training, rng=rng, **kwargs)
        mode = {"training": training} if takes(type(self), "training") else {}
        return self.call(*args, **kwargs, **mode)

    def symbolic_call(self, *args, **kwargs):
        """Return the output for symbolic tensors."""
        return super().__call__(*args, **kwargs)

    def _dtype_taken(self, x):
        return x.dtype  # Functions have rules for mixed dtypes.

    def get_config(self):
        """Return the name; a subclass whose constructor has other arguments need not define it, as for a layer."""
        return {"name": self.name}
