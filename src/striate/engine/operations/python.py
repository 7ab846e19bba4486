"""Operations written in Python: custom layers and losses. They need the GIL; the rest of the program runs without it."""

import numpy as np

from ..._common.arrays import read_only
from .base import GraphOperation
from .losses import Loss


class PythonLayer(GraphOperation):
    """A layer with its own `forward` and `backward` on arrays.

    Parameters
    ----------
    x : Value
        Input.
    layer : Layer
        The layer.
    shape : tuple of int
        Of the output.
    training : bool
        Passed to `forward`.
    """

    reads = None  # x, then the layer's weights

    def __init__(self, x, layer, shape, training):
        super().__init__((x, *layer.weights), shape)
        self.owner = layer
        self.training = training

    def gradient(self, dy, wanted):
        """Return the gradients of x and the weights."""
        input_gradient, *_ = wanted
        gradients = PythonLayerGradient(dy, self, input_gradient).outputs
        dx = gradients[:1] if input_gradient else (None,)
        weights = gradients[1:] if input_gradient else gradients
        return [gradient if each else None for each, gradient in zip(wanted, (*dx, *weights), strict=True)]

    def lower(self, lowering):
        """Append a call of Python."""
        first, *_ = self.inputs
        x, y = read_only(lowering.array(first)), lowering.array(self.y)
        run = lowering.run

        def forward():
            result, run.saved[self] = self.owner.forward(x, training=self.training, rng=run.rng)
            _copy(y, result, f"forward of layer {self.owner.name!r}")

        lowering.program.call(forward)


class PythonFunction(GraphOperation):
    """A function of arrays, of numbers or strings, that has no gradient.

    Parameters
    ----------
    inputs : sequence of Value
        Its arguments.
    function : callable
        Takes their arrays, read-only and valid until it returns, and returns an array.
    shape : tuple of int
        Of the result.
    dtype : dtype
        Of the result.
    """

    reads = None  # any number
    any_dtype = takes_strings = True

    def __init__(self, inputs, function, shape, dtype):
        super().__init__(tuple(inputs), shape, dtype=dtype)
        self.function = function

    def gradient(self, dy, wanted):
        """Return no gradients, which mean zero."""
        return [None] * len(self.inputs)

    def lower(self, lowering):
        """Append a call of Python."""
        arrays, y = [read_only(lowering.array(value)) for value in self.inputs], lowering.array(self.y)
        lowering.program.call(lambda: _copy(y, self.function(*arrays), f"a function of layer {self.layer!r}"))


class PythonLayerGradient(GraphOperation):
    """Gradients of the input, if it is wanted, and of the weights of a layer with its own `backward`."""

    reads = None  # dy, then the inputs of the layer
    pins_inputs = True  # `forward` may have saved views of its input.

    def __init__(self, dy, forward, input_gradient):
        shapes = [value.shape for value in forward.inputs]
        super().__init__((dy, *forward.inputs), *shapes[0 if input_gradient else 1 :])
        self.forward = forward
        self.input_gradient = input_gradient

    def lower(self, lowering):
        """Append a call of Python."""
        first, *_ = self.inputs
        dy, outputs = read_only(lowering.array(first)), [lowering.array(value) for value in self.outputs]
        owner, run = self.forward.owner, lowering.run

        def backward():
            dx, gradients = owner.backward(dy, run.saved.pop(self.forward), input_gradient=self.input_gradient)
            results = [dx, *gradients] if self.input_gradient else list(gradients)
            if len(results) != len(outputs):
                raise ValueError(
                    f"backward of layer {owner.name!r} returned {len(gradients)} gradients of weights; expected "
                    f"{len(owner.weights)}"
                )
            for output, result in zip(outputs, results, strict=True):
                _copy(output, result, f"backward of layer {owner.name!r}")

        lowering.program.call(backward)


class PythonLoss(Loss):
    """A loss with its own `value_and_gradient` on arrays.

    Parameters
    ----------
    y_true, y_pred : Value
        Targets and predictions.
    loss : Loss
        The loss.
    weight : float
        Factor of value and gradient.
    sample_weight : Value, optional
        Weights of the samples.
    """

    def __init__(self, y_true, y_pred, loss, weight, sample_weight=None):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.loss = loss

    def lower(self, lowering):
        """Append a call of Python."""
        y_pred, y_true, *sample_weight = (read_only(lowering.array(value)) for value in self.inputs if value is not None)
        gradient, value = map(lowering.array, self.outputs)

        def value_and_gradient():
            number, result = self.loss.value_and_gradient(y_true, y_pred, *sample_weight)
            _copy(gradient, result, f"value_and_gradient of {type(self.loss).__name__}")
            value[0] = self.weight * number
            np.multiply(gradient, self.weight, out=gradient)

        lowering.program.call(value_and_gradient)


def _copy(target, result, what):
    """Copy the result of a user's function to an array of the program; errors call it `what`."""
    result = np.asarray(result)
    if result.shape != target.shape:
        raise ValueError(f"{what} returned an array of shape {result.shape}; expected {target.shape}")
    target[...] = result
