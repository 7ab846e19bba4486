"""Functions made of a graph of symbolic tensors."""

from ..layers.custom_operation import Operation
from .model import Model


class Function(Operation):
    """The computation that leads from some symbolic tensors to others, to be applied to other tensors or to arrays.

    It has no weights of its own: layers on the way keep theirs. A `Model` of the same tensors is one that can be trained.

    Parameters
    ----------
    inputs, outputs : Tensor, or a structure of Tensor
        Tensors, and others that are computed from them.
    name : str, optional
        Name of the function.

    Raises
    ------
    ValueError
        If an output does not depend on the inputs alone.

    Examples
    --------
    >>> import numpy as np
    >>> import striate
    >>> x, y = striate.KerasTensor((None, 2)), striate.KerasTensor((None, 2))
    >>> function = striate.Function([x, y], striate.ops.relu(x - y))
    >>> function([np.array([[3.0, 4.0]]), np.array([[1.0, 5.0]])])
    array([[2., 0.]], dtype=float32)
    """

    takes_lists = takes_dicts = True

    def __init__(self, inputs, outputs, name=None):
        super().__init__(name=name)
        self._model = Model(inputs, outputs)

    @property
    def inputs(self):
        """The input tensors, as a list."""
        return self._model.inputs

    @property
    def outputs(self):
        """The output tensors, as a list."""
        return self._model.outputs

    @property
    def operations(self):
        """The layers and functions on the way from inputs to outputs."""
        return self._model.operations

    def __call__(self, inputs, *, training=None, rng=None):
        """Return the outputs for arrays, or for symbolic tensors, in the structure of the inputs; see `Layer`."""
        return self._model(inputs, training=training, rng=rng)

    def call(self, inputs):
        """Return the outputs."""
        return self._model(inputs)

    def compute_output_shape(self, input_shape):
        """Return the shape of the output, or a structure of them."""
        return self._model.compute_output_shape(input_shape)

    def compute_output_spec(self, inputs):
        """Return symbolic tensors of the shapes and dtypes of the outputs."""
        return self._model.compute_output_spec(inputs)

    def get_config(self):
        """Return the layers and their connections, as for a `Model`."""
        return self._model.get_config() | {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """Make a function, with new layers, from what `get_config` returned."""
        model = Model.from_config(config)
        return cls(model.input, model.output, name=model.name)
